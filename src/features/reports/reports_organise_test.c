/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of the organiser and the numbers: going through them, page by page; correcting one, with
 * what stood there before beside it; adding one that was told on paper; and that none of it is
 * anybody else's. */
#include "story/make_sign_ups.h"

#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/time.h"
#include "features/campaigns/campaigns.h"
#include "features/reports/reports.h"
#include "features/reports/reports_local.h"
#include "core/people/people.h"
#include "main/program.h"
#include "story/make_campaigns.h"
#include "sys/clock.h"
#include "web/work.h"

#define ANNE "anne@example.org"
#define PAUL "paul@example.org"
#define NADIA "nadia@example.org" /* who organises */

#define LIST "/campaigns/balai/organise/reports"

static void lead(struct work *work, void *context)
{
    const struct campaign_id *id = context;
    campaign_add_organiser(work, *id, person_add(work, NADIA, "Nadia", "fr"));
}

static struct campaign_id make_digital(struct story *story)
{
    struct campaign_draft draft = make_draft("balai", "Du balai");
    draft.campaign.goal_unit = GOAL_QUANTITY;
    draft.campaign.quantity_unit = "e-mails supprimés";
    draft.campaign.target = 10000;
    struct campaign_id id = make_campaign(story, &draft);
    story_write(story, lead, &id);
    story->accept_language = "en";
    return id;
}

/* Somebody takes part and tells a number; its handle. */
static const char *told_by(struct story *story, const char *email, int64_t quantity)
{
    bool sweeps = story->sweeps;
    story->sweeps = false;
    const char *token = guest_comes(story, "balai", email, "") + strlen("/sign-ups/");
    static const char *const headers[] = {"Accept: application/json",
                                          "Content-Type: application/x-www-form-urlencoded", NULL};
    const char *form =
        mem_printf(story->mem, "token=%s&quantity=%lld&note=Ouf", token, (long long)quantity);
    struct answer answer = story_send(story, "POST", "/campaigns/balai/reports", headers, form);
    assert_int_equal(answer.status, 201);
    story->sweeps = sweeps;
    return answer_text(answer, "id");
}

static const char *path_of(struct story *story, const char *handle)
{
    return mem_printf(story->mem, LIST "/%s", handle);
}

static int64_t quantity_of(struct story *story)
{
    return answer_int(story_get_json(story, "/campaigns/balai"), "progress.quantity");
}

static void the_organiser_sees_who_told_what(void **state)
{
    struct story *story = *state;
    make_digital(story);
    told_by(story, ANNE, 1360);
    story_sign_in(story, NADIA);
    struct answer page = story_get(story, LIST);
    assert_int_equal(page.status, 200);
    assert_true(answer_says(page, "1 number counts"));
    assert_true(answer_says(page, "Anne"));
    assert_true(answer_says(page, "<strong>1,360</strong>"));
    assert_true(answer_says(page, "“Ouf”"));
    struct answer json = story_get_json(story, LIST);
    assert_string_equal(answer_text(json, "items.0.first_name"), "Anne");
    assert_int_equal(answer_int(json, "items.0.quantity"), 1360);
    assert_true(answer_is_null(json, "next"));
}

static void while_nobody_has_told_a_number_none_is_counted(void **state)
{
    struct story *story = *state;
    make_digital(story);
    story_sign_in(story, NADIA);
    struct answer page = story_get(story, LIST);
    assert_true(answer_says(page, "No number counts yet"));
    assert_true(answer_says(page, "Nobody has told a number yet."));
    assert_false(answer_says(page, "0 numbers") || answer_says(page, "The largest first"));
    assert_true(answer_says(page, "<a href=\"/campaigns/balai/organise\""));
    page = story_get(story, "/campaigns/balai/organise/result");
    assert_false(answer_says(page, "0 numbers"));
    assert_true(answer_says(page, "<a href=\"/campaigns/balai/organise\""));
}

static void nobody_else_sees_or_changes_them(void **state)
{
    struct story *story = *state;
    make_digital(story);
    const char *path = path_of(story, told_by(story, ANNE, 1360));
    assert_int_equal(story_get_json(story, LIST).status, 401);
    assert_int_equal(story_post(story, path, "quantity=1&reason=non").status, 401);
    story_sign_in(story, PAUL);
    assert_int_equal(story_get(story, LIST).status, 404);
    assert_int_equal(story_get(story, path).status, 404);
    assert_int_equal(story_post(story, path, "quantity=1&reason=non").status, 404);
    assert_int_equal(story_post(story, LIST, "quantity=1").status, 404);
    story_sign_in_as(story, "fatou@example.org", ROLE_FACILITATOR);
    assert_int_equal(story_get(story, path).status, 200);
    assert_int_equal(quantity_of(story), 1360);
}

static void a_number_of_another_campaign_is_not_found(void **state)
{
    struct story *story = *state;
    make_digital(story);
    struct campaign_draft draft = make_draft("autre", "Une autre");
    struct campaign_id other = make_campaign(story, &draft);
    story_write(story, lead, &other);
    const char *handle = told_by(story, ANNE, 1360);
    const char *path = mem_printf(story->mem, "/campaigns/autre/organise/reports/%s", handle);
    story_sign_in(story, NADIA);
    assert_int_equal(story_get(story, path).status, 404);
    assert_int_equal(story_post(story, path, "quantity=1&reason=non").status, 404);
    assert_int_equal(quantity_of(story), 1360);
}

static void a_correction_changes_the_sum_and_keeps_what_stood_there(void **state)
{
    struct story *story = *state;
    make_digital(story);
    const char *path = path_of(story, told_by(story, ANNE, 13600));
    story_sign_in(story, NADIA);
    struct answer answer = story_post(story, path, "quantity=1360&reason=Un+z%C3%A9ro+de+trop");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, path);
    struct answer page = story_get(story, path);
    assert_true(answer_says(page, "<strong>13,600</strong>"));
    assert_true(answer_says(page, "Un zéro de trop"));
    assert_true(answer_says(page, "Changed by Nadia on 21 Nov"));
    assert_int_equal(quantity_of(story), 1360);
    assert_true(answer_says(story_get(story, LIST), "changed since"));
}

static void a_correction_weeks_later_belongs_to_the_day_of_the_report(void **state)
{
    struct story *story = *state;
    make_digital(story);
    const char *path = path_of(story, told_by(story, ANNE, 13600));
    story_wait(story, 3 * DAY_SECONDS);
    story_sign_in(story, NADIA);
    story_post(story, path, "quantity=1360&reason=Un+z%C3%A9ro+de+trop");
    struct answer json = story_get_json(story, "/campaigns/balai/result");
    assert_int_equal(answer_int(json, "curve.0.quantity"), 1360);
    assert_int_equal(answer_int(json, "curve.3.quantity"), 1360);
}

static void of_two_who_correct_at_once_one_is_told_to_look_again(void **state)
{
    struct story *story = *state;
    make_digital(story);
    const char *path = path_of(story, told_by(story, ANNE, 13600));
    story_sign_in(story, NADIA);
    assert_true(answer_says(story_get(story, path), "name=\"was\" value=\"13600\""));
    assert_int_equal(story_post(story, path, "was=13600&quantity=1360&reason=oui").status, 303);
    struct answer page = story_post(story, path, "was=13600&quantity=136&reason=oui");
    assert_int_equal(page.status, 409);
    assert_true(answer_says(page, "name=\"was\" value=\"1360\""));
    assert_int_equal(quantity_of(story), 1360);
}

static void of_people_alone_there_is_no_list(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("seuls", "Des personnes");
    struct campaign_id id = make_campaign(story, &draft);
    story_write(story, lead, &id);
    story_sign_in(story, NADIA);
    assert_int_equal(story_get(story, "/campaigns/seuls/organise/reports").status, 409);
    assert_int_equal(story_get(story, "/campaigns/seuls/organise/result").status, 200);
}

static void without_a_reason_the_sum_is_not_changed(void **state)
{
    struct story *story = *state;
    make_digital(story);
    const char *path = path_of(story, told_by(story, ANNE, 13600));
    story_sign_in(story, NADIA);
    struct answer page = story_post(story, path, "quantity=1360");
    assert_int_equal(page.status, 422);
    assert_true(answer_says(page, "id=\"ruling-reason-error\""));
    assert_true(answer_says(page, "value=\"1360\""));
    assert_int_equal(story_post(story, path, "quantity=13600&set_aside=true").status, 422);
    assert_int_equal(story_post(story, path, "quantity=0&reason=non").status, 422);
    assert_int_equal(quantity_of(story), 13600);
}

static void a_number_that_is_set_aside_counts_for_nothing_until_it_is_taken_back(void **state)
{
    struct story *story = *state;
    make_digital(story);
    const char *path = path_of(story, told_by(story, ANNE, 100));
    told_by(story, PAUL, 5);
    story_sign_in(story, NADIA);
    story_post(story, path, "quantity=100&set_aside=true&reason=Un+essai");
    assert_int_equal(quantity_of(story), 5);
    struct answer json = story_get_json(story, "/campaigns/balai/result");
    assert_int_equal(answer_int(json, "reports"), 1);
    assert_true(answer_says(story_get(story, LIST), "set aside"));
    story_post(story, path, "quantity=100&reason=Finalement+non");
    assert_int_equal(quantity_of(story), 105);
}

static void looking_at_a_number_leaves_no_trace_on_it(void **state)
{
    struct story *story = *state;
    make_digital(story);
    const char *path = path_of(story, told_by(story, ANNE, 100));
    story_sign_in(story, NADIA);
    assert_int_equal(story_post(story, path, "quantity=100").status, 303);
    assert_false(answer_says(story_get(story, path), "Changed by"));
    assert_false(answer_says(story_get(story, LIST), "changed since"));
    assert_int_equal(quantity_of(story), 100);
}

static void what_was_told_on_paper_is_verified_from_the_start(void **state)
{
    struct story *story = *state;
    make_digital(story);
    story_sign_in(story, NADIA);
    assert_int_equal(story_post(story, LIST, "quantity=200&note=Odile&verified=true").status, 303);
    struct answer page = story_get(story, LIST);
    assert_true(answer_says(page, "verified"));
    assert_false(answer_says(page, "changed since"));
    assert_int_equal(quantity_of(story), 200);
}

static void verified_and_declared_stand_apart(void **state)
{
    struct story *story = *state;
    make_digital(story);
    const char *path = path_of(story, told_by(story, ANNE, 100));
    told_by(story, PAUL, 5);
    story_sign_in(story, NADIA);
    assert_int_equal(story_post(story, path, "quantity=100&verified=true").status, 303);
    struct answer json = story_get_json(story, "/campaigns/balai/result");
    assert_int_equal(answer_int(json, "quantity"), 105);
    assert_int_equal(answer_int(json, "quantity_verified"), 100);
    assert_int_equal(answer_int(json, "quantity_declared"), 5);
    struct answer page = story_get(story, "/campaigns/balai/result");
    assert_true(answer_says(page, "<dd class=\"count\">100</dd>"));
    assert_true(answer_says(page, "<dd class=\"count\">5</dd>"));
    assert_false(answer_says(page, "<dd class=\"count\">105</dd>"));
}

static void words_that_are_hidden_are_on_no_page_though_the_number_counts(void **state)
{
    struct story *story = *state;
    make_digital(story);
    const char *path = path_of(story, told_by(story, ANNE, 100));
    assert_true(answer_says(story_get(story, "/campaigns/balai/result"), "Ouf"));
    story_sign_in(story, NADIA);
    story_post(story, path, "quantity=100&hides_note=true");
    assert_false(answer_says(story_get(story, "/campaigns/balai/result"), "Ouf"));
    assert_int_equal(quantity_of(story), 100);
}

static void what_was_told_on_the_telephone_is_added(void **state)
{
    struct story *story = *state;
    make_digital(story);
    story_sign_in(story, NADIA);
    assert_int_equal(story_post(story, LIST, "quantity=40&note=Mamie").status, 303);
    assert_int_equal(story_post(story, LIST, "quantity=2&verified=true").status, 303);
    assert_int_equal(story_post(story, LIST, "quantity=").status, 422);
    assert_int_equal(quantity_of(story), 42);
    struct answer page = story_get(story, LIST);
    assert_true(answer_says(page, "Told to the organiser"));
    struct answer json = story_get_json(story, "/campaigns/balai/result");
    assert_int_equal(answer_int(json, "quantity_verified"), 2);
    story_wait(story, 8 * DAY_SECONDS); /* it is missed */
    assert_int_equal(story_post(story, LIST, "quantity=40").status, 409);
}

static void the_list_comes_in_pages_by_key_newest_or_largest_first(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    make_digital(story);
    for (int i = 0; i < PAGE_ITEMS + 3; i++) {
        clock_set(story->program->app.clock, story_now(story) + 1);
        const char *email = mem_printf(story->mem, "p%d@example.org", i);
        told_by(story, email, (i * 7) % 30 + 1);
    }
    story_sign_in(story, NADIA);
    static const char *const orders[] = {"order=newest", "order=largest"};
    for (int o = 0; o < 2; o++) {
        const char *path = mem_printf(story->mem, LIST "?%s", orders[o]);
        struct answer first = story_get_json(story, path);
        const char *next = answer_text(first, "next");
        assert_true(answer_says(story_get(story, path), next));
        struct answer second =
            story_get_json(story, mem_printf(story->mem, "%s&after=%s", path, next));
        assert_true(answer_is_null(second, "next"));
        assert_true(answer_int(second, "items.2.quantity") > 0);
        int64_t before = INT64_MAX;
        for (int i = 0; o == 1 && i < PAGE_ITEMS; i++) {
            const char *at = mem_printf(story->mem, "items.%d.quantity", i);
            int64_t quantity = answer_int(first, at);
            assert_true(quantity <= before);
            before = quantity;
        }
        assert_true(o == 0 || answer_int(second, "items.0.quantity") <= before);
    }
    assert_int_equal(story_get(story, LIST "?after=nothing").status, 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(the_organiser_sees_who_told_what),
        story_test(while_nobody_has_told_a_number_none_is_counted),
        story_test(nobody_else_sees_or_changes_them),
        story_test(a_number_of_another_campaign_is_not_found),
        story_test(a_correction_changes_the_sum_and_keeps_what_stood_there),
        story_test(a_correction_weeks_later_belongs_to_the_day_of_the_report),
        story_test(of_two_who_correct_at_once_one_is_told_to_look_again),
        story_test(of_people_alone_there_is_no_list),
        story_test(without_a_reason_the_sum_is_not_changed),
        story_test(a_number_that_is_set_aside_counts_for_nothing_until_it_is_taken_back),
        story_test(looking_at_a_number_leaves_no_trace_on_it),
        story_test(what_was_told_on_paper_is_verified_from_the_start),
        story_test(verified_and_declared_stand_apart),
        story_test(words_that_are_hidden_are_on_no_page_though_the_number_counts),
        story_test(what_was_told_on_the_telephone_is_added),
        story_test(the_list_comes_in_pages_by_key_newest_or_largest_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
