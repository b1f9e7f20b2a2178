/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* When a campaign takes reports, and what its result page shows of them. */
#include "story/story.h"

#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/time.h"
#include "features/reports/reports.h"
#include "main/program.h"
#include "story/make_campaigns.h"
#include "sys/clock.h"
#include "sys/db.h"
#include "web/feature.h"
#include "web/work.h"

enum { OPENS = 1000000, CLOSES = 2000000, FIRST = 2500000 };

static struct campaign campaign_in(enum campaign_state state)
{
    return (struct campaign){
        .state = state, .opens_at = OPENS, .closes_at = CLOSES, .quantity_unit = "e-mails"};
}

static void assert_refusal(enum campaign_state state, int64_t now, const struct refusal *expected)
{
    struct campaign campaign = campaign_in(state);
    assert_ptr_equal(report_refusal(&campaign, 10, now), expected);
}

static void reports_are_taken_from_the_opening_until_the_organiser_closes(void **state)
{
    (void)state;
    assert_refusal(CAMPAIGN_DRAFT, OPENS, &refusal_report_too_early);
    assert_refusal(CAMPAIGN_SUBMITTED, OPENS, &refusal_report_too_early);
    assert_refusal(CAMPAIGN_SCHEDULED, OPENS - 1, &refusal_report_too_early);
    assert_refusal(CAMPAIGN_OPEN, OPENS, NULL);
    assert_refusal(CAMPAIGN_REACHED, OPENS, NULL);
    assert_refusal(CAMPAIGN_UNDER_WAY, CLOSES, NULL);
    assert_refusal(CAMPAIGN_REPORTED, CLOSES, &refusal_report_too_late);
    assert_refusal(CAMPAIGN_MISSED, CLOSES, &refusal_report_too_late);
    assert_refusal(CAMPAIGN_CANCELLED, OPENS, &refusal_report_too_late);
}

static void reports_wait_for_the_first_session(void **state)
{
    (void)state;
    struct campaign campaign = campaign_in(CAMPAIGN_REACHED);
    campaign.acts_from = FIRST;
    assert_ptr_equal(report_refusal(&campaign, 10, FIRST - 1), &refusal_report_too_early);
    assert_null(report_refusal(&campaign, 10, FIRST));
}

static void a_report_has_a_number_within_bounds(void **state)
{
    (void)state;
    struct campaign campaign = campaign_in(CAMPAIGN_OPEN);
    assert_ptr_equal(report_refusal(&campaign, 0, OPENS), &refusal_report_quantity);
    assert_ptr_equal(report_refusal(&campaign, -5, OPENS), &refusal_report_quantity);
    assert_null(report_refusal(&campaign, 1, OPENS));
    assert_null(report_refusal(&campaign, REPORT_QUANTITY_MAX, OPENS));
    assert_ptr_equal(report_refusal(&campaign, (int64_t)REPORT_QUANTITY_MAX + 1, OPENS),
                     &refusal_report_quantity);
}

static void a_campaign_that_counts_people_only_takes_no_reports(void **state)
{
    (void)state;
    struct campaign campaign = campaign_in(CAMPAIGN_OPEN);
    campaign.quantity_unit = "";
    assert_ptr_equal(report_refusal(&campaign, 10, OPENS), &refusal_report_not_asked);
}

struct asking {
    struct campaign_id id;
    int64_t quantity;
    const char *note;
};

static void add(struct work *work, void *context)
{
    const struct asking *asking = context;
    assert_null(report_add(work, campaign_get(work, asking->id), (struct sign_up_id){0},
                           asking->quantity, asking->note));
}

static struct campaign_id make_digital(struct story *story)
{
    struct campaign_draft draft = make_draft("du-balai", "Du balai");
    draft.campaign.goal_unit = GOAL_QUANTITY;
    draft.campaign.quantity_unit = "e-mails supprimés";
    draft.campaign.target = 10000;
    return make_campaign(story, &draft);
}

static void a_report_is_added_to_the_quantity_and_shown_as_declared(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    struct asking asking = {make_digital(story), 1360, "Ouf, quel <b>soulagement</b> !"};
    story_write(story, add, &asking);
    asking.quantity = 640;
    asking.note = "";
    story_write(story, add, &asking);
    struct answer json = story_get_json(story, "/campaigns/du-balai");
    assert_int_equal(answer_int(json, "progress.quantity"), 2000);
    assert_int_equal(answer_int(json, "progress.percent"), 20);
    assert_int_equal(answer_int(json, "progress.version"), 3);
    struct answer page = story_get(story, "/campaigns/du-balai/result");
    assert_true(answer_says(page, "<dd class=\"count\">2,000</dd>"));
    assert_true(answer_says(page, "Ouf, quel &lt;b&gt;soulagement&lt;/b&gt; !"));
    assert_true(answer_says(page, "declared by participants"));
}

static void only_the_latest_notes_are_shown(void **state)
{
    struct story *story = *state;
    struct asking asking = {make_digital(story), 1, NULL};
    for (int i = 0; i < 25; i++) {
        asking.note = mem_printf(story->mem, "note %02d.", i);
        clock_set(story->program->app.clock, story_now(story) + 1);
        story_write(story, add, &asking);
    }
    struct answer page = story_get(story, "/campaigns/du-balai/result");
    assert_false(answer_says(page, "note 04."));
    assert_true(answer_says(page, "note 05."));
    const char *latest = strstr(page.body, "note 24.");
    const char *earlier = strstr(page.body, "note 23.");
    assert_true(latest && earlier && latest < earlier);
}

static void spoil(struct work *work, void *context)
{
    const struct asking *asking = context;
    assert_null(reports_feature.check(work));
    tx_do(work->tx, "UPDATE campaign SET quantity = 7 WHERE id = ?1", asking->id.n);
    assert_non_null(strstr(reports_feature.check(work), "du-balai"));
    tx_do(work->tx, "UPDATE campaign SET quantity = 10 WHERE id = ?1", asking->id.n);
}

static void the_check_finds_a_quantity_that_is_not_the_sum(void **state)
{
    struct story *story = *state;
    struct asking asking = {make_digital(story), 10, ""};
    story_write(story, add, &asking);
    story_write(story, spoil, &asking);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_are_taken_from_the_opening_until_the_organiser_closes),
        cmocka_unit_test(reports_wait_for_the_first_session),
        cmocka_unit_test(a_report_has_a_number_within_bounds),
        cmocka_unit_test(a_campaign_that_counts_people_only_takes_no_reports),
        story_test(a_report_is_added_to_the_quantity_and_shown_as_declared),
        story_test(only_the_latest_notes_are_shown),
        story_test(the_check_finds_a_quantity_that_is_not_the_sum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
