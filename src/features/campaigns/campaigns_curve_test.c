/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The curve of a campaign: of which days, how many points, which picture; and, in stories, that
 * each day has what it brought. */
#include "story/make_sign_ups.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "features/campaigns/campaigns_local.h"
#include "features/campaigns/campaigns_views.h"
#include "story/make_campaigns.h"
#include "sys/db.h"
#include "web/feature.h"
#include "web/work.h"

#define ANNE "anne@example.org"
#define PAUL "paul@example.org"

static struct mem *mem;

static int set_up(void **state)
{
    (void)state;
    mem = mem_new(1 << 22);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mem_free(mem);
    return 0;
}

static void a_curve_has_a_point_for_each_day_of_its_span(void **state)
{
    (void)state;
    const struct campaign_day third = {.day = 103, .people = 4, .quantity = 40};
    const struct campaign_day first = {.next = &third, .day = 101, .people = 2, .quantity = 5};
    const struct curve *curve = curve_new(mem, &first, &(struct curve_span){100, 104, 6, 45});
    const int64_t people[] = {0, 2, 2, 6, 6};
    assert_int_equal(curve->count, 5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(curve->points[i].day, 100 + i);
        assert_int_equal(curve->points[i].people, people[i]);
    }
    assert_int_equal(curve->points[4].quantity, 45);
}

static void what_happened_outside_of_the_span_widens_it(void **state)
{
    (void)state;
    const struct campaign_day late = {.day = 110, .people = 1};
    const struct campaign_day early = {.next = &late, .day = 95, .people = 1};
    const struct curve *curve = curve_new(mem, &early, &(struct curve_span){100, 104, 2, 0});
    assert_int_equal(curve->points[0].day, 95);
    assert_int_equal(curve->points[curve->count - 1].day, 110);
}

static void a_curve_of_one_day_is_two_points(void **state)
{
    (void)state;
    const struct curve *curve = curve_new(mem, NULL, &(struct curve_span){100, 100, 0, 0});
    assert_int_equal(curve->count, 2);
    assert_int_equal(curve->points[1].day, 101);
}

/* Whatever the span, there are few points, and the last one has everything. */
static void a_long_campaign_has_few_points_and_none_is_lost(void **state)
{
    (void)state;
    const int64_t spans[] = {60, 61, 62, 63, 122, 123, 124, 1000, 36500};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        const struct campaign_day last = {.day = spans[i], .people = 7};
        const struct curve *curve = curve_new(mem, &last, &(struct curve_span){0, spans[i], 7, 0});
        assert_true(curve->count <= CURVE_POINTS_MAX);
        assert_int_equal(curve->points[curve->count - 1].day, spans[i]);
        assert_int_equal(curve->points[curve->count - 1].people, 7);
        assert_int_equal(curve->points[curve->count - 2].people, 0);
    }
}

static void what_came_before_the_days_that_are_kept_in_view_is_there_from_the_start(void **state)
{
    (void)state;
    const struct campaign_day day = {.day = 10, .people = 3};
    const struct curve *curve = curve_new(mem, &day, &(struct curve_span){9, 10, 100, 0});
    assert_int_equal(curve->points[0].people, 97);
    assert_int_equal(curve->points[1].people, 100);
}

static void a_picture_goes_from_its_left_to_its_right_and_has_round_marks(void **state)
{
    (void)state;
    const struct campaign_day day = {.day = 11, .people = 37};
    const struct curve *curve = curve_new(mem, &day, &(struct curve_span){10, 12, 37, 0});
    struct chart_view chart = chart_view(mem, curve, false, 60);
    assert_string_equal(chart.line, "M0 2000L3000 1075L6000 1075");
    assert_string_equal(chart.area, "M0 2000L3000 1075L6000 1075V2000H0Z");
    assert_string_equal(chart.end, "M6000 1075h0");
    assert_string_equal(chart.wanted_line, "M0 500H6000");
    assert_int_equal(chart.marks->value, 80);
    assert_int_equal(chart.marks->next->value, 60);
    struct chart_view plain = chart_view(mem, curve, true, 0);
    assert_null(plain.wanted_line);
    assert_string_equal(plain.line, "M0 2000L3000 2000L6000 2000");
}

static void marks_hold_whatever_there_is(void **state)
{
    (void)state;
    for (int64_t people = 1; people < 1000000000000000000; people = people * 2 + 1) {
        const struct campaign_day day = {.day = 1, .people = people};
        const struct curve *curve = curve_new(mem, &day, &(struct curve_span){0, 1, people, 0});
        struct chart_view chart = chart_view(mem, curve, false, 0);
        int64_t top = chart.marks->value;
        assert_true(top >= people && top / 5 < people + 4);
        assert_true(strstr(chart.line, "L6000 ") && !strchr(chart.line, '-'));
    }
}

static const char *curve_text(struct story *story, const char *path)
{
    return answer_text(story_get_json(story, "/campaigns/balai/result"), path);
}

static int64_t curve_int(struct story *story, const char *path)
{
    return answer_int(story_get_json(story, "/campaigns/balai/result"), path);
}

static void each_day_of_the_community_has_what_it_brought(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("balai", "Du balai");
    make_campaign(story, &draft);
    guest_comes(story, "balai", ANNE, "party=3");
    time_passes_alone(story, 15 * HOUR_SECONDS - 1); /* a second before midnight in Paris */
    const char *paul = guest_comes(story, "balai", PAUL, "party=2");
    time_passes_alone(story, 1);
    guest_comes(story, "balai", "nour@example.org", "");
    assert_string_equal(curve_text(story, "curve.0.day"), "2026-11-21");
    assert_int_equal(curve_int(story, "curve.0.people"), 5);
    assert_string_equal(curve_text(story, "curve.1.day"), "2026-11-22");
    assert_int_equal(curve_int(story, "curve.1.people"), 6);
    guest_sends(story, paul, "cancel", "");
    assert_int_equal(curve_int(story, "curve.0.people"), 5);
    assert_int_equal(curve_int(story, "curve.1.people"), 4);
}

static void the_result_page_has_the_curve_and_the_same_in_numbers(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    struct campaign_draft draft = make_draft("balai", "Du balai");
    make_campaign(story, &draft);
    assert_false(answer_says(story_get(story, "/campaigns/balai/result"), "Day by day"));
    guest_comes(story, "balai", ANNE, "party=3");
    story_wait(story, DAY_SECONDS);
    guest_comes(story, "balai", PAUL, "");
    struct answer page = story_get(story, "/campaigns/balai/result");
    assert_true(answer_says(page, "60 were needed"));
    assert_true(answer_says(page, "<th scope=\"row\">21 Nov</th><td>3</td>"));
    assert_true(answer_says(page, "<th scope=\"row\">22 Nov</th><td>4</td>"));
    assert_false(answer_says(page, "style="));
}

static void spoil(struct work *work, void *context)
{
    (void)context;
    assert_null(campaigns_feature.check(work));
    tx_do(work->tx, "UPDATE campaign_day SET people = people + 1");
    assert_non_null(strstr(campaigns_feature.check(work), "balai"));
    tx_do(work->tx, "UPDATE campaign_day SET people = people - 1");
}

static void the_check_finds_days_that_do_not_add_up(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("balai", "Du balai");
    make_campaign(story, &draft);
    guest_comes(story, "balai", ANNE, "");
    story_write(story, spoil, NULL);
}

#define rule_test(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        rule_test(a_curve_has_a_point_for_each_day_of_its_span),
        rule_test(what_happened_outside_of_the_span_widens_it),
        rule_test(a_curve_of_one_day_is_two_points),
        rule_test(a_long_campaign_has_few_points_and_none_is_lost),
        rule_test(what_came_before_the_days_that_are_kept_in_view_is_there_from_the_start),
        rule_test(a_picture_goes_from_its_left_to_its_right_and_has_round_marks),
        rule_test(marks_hold_whatever_there_is),
        story_test(each_day_of_the_community_has_what_it_brought),
        story_test(the_result_page_has_the_curve_and_the_same_in_numbers),
        story_test(the_check_finds_days_that_do_not_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
