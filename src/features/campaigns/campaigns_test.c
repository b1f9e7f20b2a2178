/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of campaigns: what a visitor finds, and how dates and people move a campaign from state
 * to state. */
#include "story/story.h"

#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/time.h"
#include "features/campaigns/campaigns.h"
#include "main/program.h"
#include "story/make_campaigns.h"
#include "sys/clock.h"
#include "sys/db.h"
#include "web/feature.h"
#include "web/work.h"

#define DAYS(n) ((int64_t)(n)*DAY_SECONDS)

static void assert_state(struct story *story, const char *slug, const char *state)
{
    struct answer answer = story_get_json(story, mem_printf(story->mem, "/campaigns/%s", slug));
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer_text(answer, "state"), state);
}

/* The time moves on, and no job runs. */
static void time_passes_alone(struct story *story, int64_t seconds)
{
    clock_set(story->program->app.clock, story_now(story) + seconds);
}

static void home_shows_the_community_and_its_open_campaigns(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("une-haie", "Une haie ensemble");
    make_campaign(story, &draft);
    struct answer page = story_get(story, "/");
    assert_int_equal(page.status, 200);
    assert_true(answer_says(page, "Un peu de temps chacun."));
    assert_true(answer_says(page, "href=\"/campaigns/une-haie\""));
    struct answer json = story_get_json(story, "/");
    assert_string_equal(answer_text(json, "name"), "Fullmobs");
    assert_string_equal(answer_text(json, "open.items.0.slug"), "une-haie");
}

static void home_without_campaigns_says_so_kindly(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    assert_true(answer_says(story_get(story, "/"), "No campaign is open right now."));
}

static void a_campaign_shows_its_story_its_goal_and_who_asks(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    struct session session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 20);
    struct campaign_draft draft = make_draft("une-haie", "Une haie <ensemble>");
    draft.sessions = &session;
    make_campaign(story, &draft);
    struct answer page = story_get(story, "/campaigns/une-haie");
    assert_int_equal(page.status, 200);
    assert_true(answer_says(page, "Une haie &lt;ensemble&gt;"));
    assert_true(answer_says(page, "<strong>cinq ans</strong>"));
    assert_true(answer_says(page, "Nadia"));
    assert_true(answer_says(page, "data-live=\"/campaigns/une-haie/live\""));
    assert_true(answer_says(page, "60 people to go"));
    assert_true(answer_says(page, "7 days left"));
    assert_true(answer_says(page, "Saturday, 28 November 2026"));
    assert_true(answer_says(page, "href=\"#sign-up\""));
}

static void a_campaign_in_json_has_the_promised_fields(void **state)
{
    struct story *story = *state;
    struct session session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 20);
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    draft.sessions = &session;
    draft.campaign.target = 100;
    make_campaign(story, &draft);
    struct answer answer = story_get_json(story, "/campaigns/une-haie");
    assert_string_equal(answer_text(answer, "state"), "open");
    assert_string_equal(answer_text(answer, "community"), "fullmobs");
    assert_string_equal(answer_text(answer, "opens_at"), "2026-11-21T08:00:00Z");
    assert_string_equal(answer_text(answer, "closes_at"), "2026-11-28T08:00:00Z");
    assert_string_equal(answer_text(answer, "url"), "http://127.0.0.1:8080/campaigns/une-haie");
    assert_string_equal(answer_text(answer, "goal.unit"), "people");
    assert_int_equal(answer_int(answer, "goal.minimum"), 60);
    assert_int_equal(answer_int(answer, "goal.target"), 100);
    assert_true(answer_is_null(answer, "goal.quantity_unit"));
    assert_int_equal(answer_int(answer, "progress.people"), 0);
    assert_int_equal(answer_int(answer, "progress.percent"), 0);
    assert_int_equal(answer_int(answer, "progress.version"), 1);
    assert_string_equal(answer_text(answer, "sessions.0.starts_at"), "2026-11-28T13:00:00Z");
    assert_int_equal(answer_int(answer, "sessions.0.left"), 20);
    assert_true(strlen(answer_text(answer, "sessions.0.id")) >= 10);
    assert_null(strstr(answer.body, "nadia@example.org"));
}

static void a_campaign_without_sessions_lists_one_only_when_it_limits_the_places(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("sans-limite", "Sans limite");
    make_campaign(story, &draft);
    draft = make_draft("avec-limite", "Avec limite");
    draft.capacity = 30;
    make_campaign(story, &draft);
    assert_true(answer_says(story_get_json(story, "/campaigns/sans-limite"), "\"sessions\":[]"));
    struct answer limited = story_get_json(story, "/campaigns/avec-limite");
    assert_int_equal(answer_int(limited, "sessions.0.left"), 30);
    assert_true(answer_is_null(limited, "sessions.0.starts_at"));
}

static void the_wall_clock_of_a_session_holds_across_summer_time(void **state)
{
    struct story *story = *state;
    struct session summer = make_session("2027-04-03T14:00:00", "2027-04-03T16:00:00", 20);
    struct session winter = make_session("2026-12-05T14:00:00", "2026-12-05T16:00:00", 20);
    winter.next = &summer;
    struct campaign_draft draft = make_draft("deux-saisons", "Deux saisons");
    draft.sessions = &winter;
    make_campaign(story, &draft);
    struct answer answer = story_get_json(story, "/campaigns/deux-saisons");
    assert_string_equal(answer_text(answer, "sessions.0.starts_at"), "2026-12-05T13:00:00Z");
    assert_string_equal(answer_text(answer, "sessions.1.starts_at"), "2027-04-03T12:00:00Z");
}

static void a_draft_is_found_by_nobody(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("secret", "Secret");
    make_unpublished(story, &draft);
    assert_int_equal(story_get(story, "/campaigns/secret").status, 404);
    assert_int_equal(story_get(story, "/campaigns/secret/live").status, 404);
    assert_int_equal(story_get(story, "/campaigns/secret/screen").status, 404);
    assert_int_equal(story_get(story, "/campaigns/secret/result").status, 404);
    assert_false(answer_says(story_get(story, "/campaigns"), "Secret"));
    assert_false(answer_says(story_get(story, "/"), "Secret"));
}

static void the_big_screen_has_the_count_and_a_code_to_scan(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    make_campaign(story, &draft);
    struct answer page = story_get(story, "/campaigns/une-haie/screen");
    assert_int_equal(page.status, 200);
    assert_true(answer_says(page, "class=\"screen night\""));
    assert_true(answer_says(page, "data-live=\"/campaigns/une-haie/live\""));
    assert_true(answer_says(page, "role=\"img\""));
    assert_int_equal(story_get_json(story, "/campaigns/une-haie/screen").status, 200);
}

static void the_result_so_far_says_how_each_figure_is_known(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("du-balai", "Du balai");
    draft.campaign.quantity_unit = "e-mails";
    make_campaign(story, &draft);
    struct answer page = story_get(story, "/campaigns/du-balai/result");
    assert_int_equal(page.status, 200);
    assert_true(answer_says(page, "data-proof=\"declared\""));
    struct answer json = story_get_json(story, "/campaigns/du-balai/result");
    assert_int_equal(answer_int(json, "people"), 0);
    assert_string_equal(answer_text(json, "quantity_unit"), "e-mails");
}

static void what_is_to_go_of_a_quantity_is_told_with_its_unit(void **state)
{
    static const char *const pages[] = {"/campaigns/balai", "/campaigns/balai/screen", "/campaigns",
                                        "/"};
    struct story *story = *state;
    struct campaign_draft draft = make_draft("balai", "Du balai");
    draft.campaign.minimum = 2;
    draft.campaign.goal_unit = GOAL_QUANTITY;
    draft.campaign.target = 40;
    draft.campaign.quantity_unit = "arbres";
    make_campaign(story, &draft);
    make_participants(story, "balai", "anne@example.org", 2);
    assert_state(story, "balai", "reached");
    for (size_t i = 0; i < 4; i++) {
        story->accept_language = "en";
        assert_true(answer_says(story_get(story, pages[i]), "40 arbres to go"));
        story->accept_language = "fr";
        assert_true(answer_says(story_get(story, pages[i]), "Encore 40\u00a0arbres"));
    }
}

static void hours_that_were_too_few_are_told_as_hours(void **state)
{
    static const char *const pages[] = {"/campaigns/haie", "/campaigns/haie/screen",
                                        "/campaigns?state=missed"};
    struct story *story = *state;
    struct campaign_draft draft = make_draft("haie", "Une haie");
    draft.campaign.goal_unit = GOAL_HOURS;
    draft.campaign.minutes_each = 90;
    make_campaign(story, &draft);
    make_participants(story, "haie", "anne@example.org", 4);
    story_wait(story, DAYS(8));
    assert_state(story, "haie", "missed");
    for (size_t i = 0; i < 3; i++) {
        story->accept_language = "en";
        assert_true(answer_says(story_get(story, pages[i]), "<strong>6</strong> of 60 hours"));
        story->accept_language = "fr";
        assert_true(
            answer_says(story_get(story, pages[i]), "<strong>6</strong> sur\u00a060\u00a0heures"));
    }
}

static void a_scheduled_campaign_is_public_without_its_form_and_opens_by_itself(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("plus-tard", "Plus tard");
    draft.campaign.opens_at = STORY_STARTS_AT + DAYS(2);
    make_campaign(story, &draft);
    assert_state(story, "plus-tard", "scheduled");
    assert_false(answer_says(story_get(story, "/campaigns/plus-tard"), "href=\"#sign-up\""));
    story_wait(story, DAYS(2));
    assert_state(story, "plus-tard", "open");
    assert_true(answer_says(story_get(story, "/campaigns/plus-tard"), "href=\"#sign-up\""));
}

static void a_page_is_right_between_the_deadline_and_the_job(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    make_campaign(story, &draft);
    time_passes_alone(story, DAYS(7) - 1);
    assert_true(answer_says(story_get(story, "/campaigns/une-haie"), "href=\"#sign-up\""));
    time_passes_alone(story, 1);
    assert_false(answer_says(story_get(story, "/campaigns/une-haie"), "href=\"#sign-up\""));
    assert_state(story, "une-haie", "missed");
    assert_false(answer_says(story_get(story, "/campaigns?state=open"), "une-haie"));
}

static int64_t activities(struct story *story, struct campaign_id id, const char *detail);

static void a_missed_campaign_claims_no_work(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("une-haie", "Une haie ensemble");
    draft.campaign.minutes_each = 120;
    make_campaign(story, &draft);
    make_participants(story, "une-haie", "anne@example.org", 3);
    story_wait(story, DAYS(8));
    assert_state(story, "une-haie", "missed");
    assert_false(answer_says(story_get(story, "/campaigns/une-haie"), "/une-haie/result"));
    struct answer result = story_get(story, "/campaigns/une-haie/result");
    assert_true(answer_says(result, "Nous n’avons pas été assez nombreux"));
    assert_false(answer_says(result, "Heures"));
}

static void a_campaign_without_enough_people_is_missed_once(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    struct campaign_id id = make_campaign(story, &draft);
    story_wait(story, DAYS(7));
    assert_state(story, "une-haie", "missed");
    story_wait(story, DAYS(30));
    assert_state(story, "une-haie", "missed");
    assert_int_equal(activities(story, id, "missed"), 1);
}

static void the_last_one_who_was_missing_tips_the_campaign_once(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    draft.campaign.minimum = 3;
    struct campaign_id id = make_campaign(story, &draft);
    make_participants(story, "une-haie", "anne@example.org", 2);
    assert_state(story, "une-haie", "open");
    make_participants(story, "une-haie", "paul@example.org", 1);
    assert_state(story, "une-haie", "reached");
    make_participants(story, "une-haie", "nour@example.org", 1);
    assert_int_equal(activities(story, id, "reached"), 1);
    struct answer answer = story_get_json(story, "/campaigns/une-haie");
    assert_int_equal(answer_int(answer, "progress.people"), 4);
    assert_int_equal(answer_int(answer, "progress.percent"), 133);
    assert_true(answer_int(answer, "progress.version") >= 4);
    story_wait(story, DAYS(7));
    assert_state(story, "une-haie", "under_way");
}

static void sessions_after_the_deadline_keep_a_campaign_reached_until_they_begin(void **state)
{
    struct story *story = *state;
    struct session session = make_session("2026-12-05T14:00:00", "2026-12-05T16:00:00", 20);
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    draft.sessions = &session;
    draft.campaign.minimum = 1;
    make_campaign(story, &draft);
    make_participants(story, "une-haie", "anne@example.org", 1);
    story_wait(story, DAYS(7));
    assert_state(story, "une-haie", "reached");
    story_wait(story, DAYS(7) + 5 * HOUR_SECONDS - 1); /* 13:00 UTC, less one second */
    assert_state(story, "une-haie", "reached");
    story_wait(story, 1);
    assert_state(story, "une-haie", "under_way");
    story_wait(story, DAYS(60));
    assert_state(story, "une-haie", "under_way");
}

/* What a story wants of a rule, run in a write transaction. */
struct asking {
    struct campaign_id id;
    struct campaign_draft draft;
    const struct refusal *refusal;
    int64_t count;
    const char *text;
};

static void ask_report(struct work *work, void *context)
{
    struct asking *asking = context;
    asking->refusal = campaign_report(work, asking->id);
}

static void ask_publish(struct work *work, void *context)
{
    struct asking *asking = context;
    asking->refusal = campaign_publish(work, asking->id);
}

static void ask_create(struct work *work, void *context)
{
    struct asking *asking = context;
    asking->refusal = campaign_create(work, &asking->draft, &asking->id);
}

static const struct refusal *create(struct story *story, struct campaign_draft draft)
{
    struct asking asking = {.draft = draft};
    story_write(story, ask_create, &asking);
    return asking.refusal;
}

static void count_activities(struct work *work, void *context)
{
    struct asking *asking = context;
    asking->count = row_int(
        tx_one(work->tx, "SELECT COUNT(*) FROM activity WHERE campaign_id = ?1 AND detail = ?2",
               asking->id.n, asking->text),
        0);
}

static int64_t activities(struct story *story, struct campaign_id id, const char *detail)
{
    struct asking asking = {.id = id, .text = detail};
    story_write(story, count_activities, &asking);
    return asking.count;
}

static void an_organiser_closes_a_campaign_once_it_is_under_way(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    draft.campaign.minimum = 1;
    struct asking asking = {.id = make_campaign(story, &draft)};
    make_participants(story, "une-haie", "anne@example.org", 1);
    story_write(story, ask_report, &asking);
    assert_ptr_equal(asking.refusal, &refusal_campaign_not_done);
    time_passes_alone(story, DAYS(7));
    story_write(story, ask_report, &asking);
    assert_null(asking.refusal);
    assert_state(story, "une-haie", "reported");
    story_write(story, ask_report, &asking);
    assert_ptr_equal(asking.refusal, &refusal_campaign_not_done);
    assert_true(answer_says(story_get(story, "/"), "/campaigns/une-haie"));
}

static void what_is_published_is_not_published_again(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    struct asking asking = {.id = make_campaign(story, &draft)};
    story_write(story, ask_publish, &asking);
    assert_ptr_equal(asking.refusal, &refusal_campaign_not_draft);
}

static void a_draft_whose_deadline_has_passed_is_not_published(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    struct asking asking = {.id = make_unpublished(story, &draft)};
    time_passes_alone(story, DAYS(7));
    story_write(story, ask_publish, &asking);
    assert_ptr_equal(asking.refusal, &refusal_campaign_too_late);
}

static void two_campaigns_do_not_share_an_address(void **state)
{
    struct story *story = *state;
    assert_null(create(story, make_draft("", "Du balai, les vieux e-mails !")));
    assert_ptr_equal(create(story, make_draft("du-balai-les-vieux-e-mails", "Autre")),
                     &refusal_campaign_slug_taken);
}

static void a_campaign_in_no_known_zone_is_refused(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    draft.campaign.time_zone = "Europe/Crest";
    assert_ptr_equal(create(story, draft), &refusal_campaign_fields);
}

static void a_session_whose_wall_clock_cannot_be_read_is_refused(void **state)
{
    struct story *story = *state;
    struct session session = make_session("28 novembre", "2026-11-28T16:00:00", 20);
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    draft.sessions = &session;
    assert_ptr_equal(create(story, draft), &refusal_campaign_fields);
    session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 20);
    session.time_zone = "Mars/Olympus";
    assert_ptr_equal(create(story, draft), &refusal_campaign_fields);
}

static void take_seats(struct work *work, void *context)
{
    struct asking *asking = context;
    struct session_id id = campaign_sessions(work, asking->id)->id;
    assert_null(session_take(work, id, 3));
    assert_ptr_equal(session_take(work, id, 3), &refusal_session_full);
    assert_null(session_take(work, id, 2));
    assert_ptr_equal(session_take(work, id, 1), &refusal_session_full);
    assert_int_equal(session_get(work, id)->taken, 5);
    assert_int_equal(session_get(work, id)->pending, 5);
    session_settle_pending(work, id, 3);
    assert_int_equal(session_get(work, id)->pending, 2);
    session_give_back(work, id, 2, true);
    session_give_back(work, id, 1, false);
    assert_int_equal(session_get(work, id)->taken, 2);
    assert_int_equal(session_get(work, id)->pending, 0);
    session_give_back(work, id, 2, false);
}

static void a_party_takes_all_of_its_seats_or_none(void **state)
{
    struct story *story = *state;
    struct session session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 5);
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    draft.sessions = &session;
    struct asking asking = {.id = make_campaign(story, &draft)};
    story_write(story, take_seats, &asking);
}

static void spoil_seats(struct work *work, void *context)
{
    struct asking *asking = context;
    assert_null(campaigns_feature.check(work));
    tx_do(work->tx, "UPDATE session SET pending = 1 WHERE campaign_id = ?1", asking->id.n);
    assert_non_null(strstr(campaigns_feature.check(work), "do not add up"));
    tx_do(work->tx, "UPDATE session SET pending = 0 WHERE campaign_id = ?1", asking->id.n);
    tx_do(work->tx, "UPDATE campaign SET state = 'reached' WHERE id = ?1", asking->id.n);
    assert_non_null(strstr(campaigns_feature.check(work), "une-haie"));
    tx_do(work->tx, "UPDATE campaign SET state = 'open' WHERE id = ?1", asking->id.n);
}

static void the_check_finds_counters_that_cannot_be(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    struct asking asking = {.id = make_campaign(story, &draft)};
    story_write(story, spoil_seats, &asking);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(home_shows_the_community_and_its_open_campaigns),
        story_test(home_without_campaigns_says_so_kindly),
        story_test(a_campaign_shows_its_story_its_goal_and_who_asks),
        story_test(a_campaign_in_json_has_the_promised_fields),
        story_test(a_campaign_without_sessions_lists_one_only_when_it_limits_the_places),
        story_test(the_wall_clock_of_a_session_holds_across_summer_time),
        story_test(a_draft_is_found_by_nobody),
        story_test(the_big_screen_has_the_count_and_a_code_to_scan),
        story_test(the_result_so_far_says_how_each_figure_is_known),
        story_test(what_is_to_go_of_a_quantity_is_told_with_its_unit),
        story_test(hours_that_were_too_few_are_told_as_hours),
        story_test(a_scheduled_campaign_is_public_without_its_form_and_opens_by_itself),
        story_test(a_page_is_right_between_the_deadline_and_the_job),
        story_test(a_missed_campaign_claims_no_work),
        story_test(a_campaign_without_enough_people_is_missed_once),
        story_test(the_last_one_who_was_missing_tips_the_campaign_once),
        story_test(sessions_after_the_deadline_keep_a_campaign_reached_until_they_begin),
        story_test(an_organiser_closes_a_campaign_once_it_is_under_way),
        story_test(what_is_published_is_not_published_again),
        story_test(a_draft_whose_deadline_has_passed_is_not_published),
        story_test(two_campaigns_do_not_share_an_address),
        story_test(a_campaign_in_no_known_zone_is_refused),
        story_test(a_session_whose_wall_clock_cannot_be_read_is_refused),
        story_test(a_party_takes_all_of_its_seats_or_none),
        story_test(the_check_finds_counters_that_cannot_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
