/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of who holds the link and thinks again: more or fewer people, another date, the name
 * shown or not, and leaving. Places and counts follow in the same moment. */
#include "story/make_sign_ups.h"

#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/time.h"
#include "features/signups/signups_local.h"
#include "story/make_campaigns.h"

#define ANNE "anne@example.org"
#define PAUL "paul@example.org"

static void assert_tells(struct answer answer, const char *text)
{
    if (!answer_says(answer, text))
        fail_msg("no \"%s\" in: %s", text, answer.body);
}

static void assert_refused(struct answer answer, int status, const char *code)
{
    assert_int_equal(answer.status, status);
    assert_string_equal(answer_text(answer, "code"), code);
}

static void assert_seats(struct story *story, const char *slug, int64_t left, int64_t people)
{
    assert_int_equal(session_left_of(story, slug, 0), left);
    assert_int_equal(people_of(story, slug), people);
}

static void a_party_grows_by_the_places_that_are_left(void **state)
{
    struct story *story = *state;
    make_hedge(story, 5);
    const char *link = guest_comes(story, "haie", ANNE, "party=2");
    struct answer answer = guest_sends(story, link, "change", "party=5");
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer_int(answer, "party"), 5);
    assert_seats(story, "haie", 0, 5);
}

static void a_party_does_not_grow_beyond_them_and_keeps_what_it_has(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_hedge(story, 5);
    guest_comes(story, "haie", PAUL, "party=2");
    const char *link = guest_comes(story, "haie", ANNE, "party=2");
    assert_refused(guest_sends(story, link, "change", "party=4"), 409, "session_full");
    assert_seats(story, "haie", 1, 4);
    struct answer page = story_post(story, mem_printf(story->mem, "%s/change", link), "party=4");
    assert_int_equal(page.status, 409);
    assert_tells(page, "There are not enough places left here for all of you.");
    assert_int_equal(answer_int(story_get_json(story, link), "party"), 2);
}

static void a_smaller_party_gives_places_back(void **state)
{
    struct story *story = *state;
    make_hedge(story, 5);
    const char *link = guest_comes(story, "haie", ANNE, "party=3");
    assert_int_equal(guest_sends(story, link, "change", "party=2").status, 200);
    assert_seats(story, "haie", 3, 2);
    guest_comes(story, "haie", PAUL, "party=3");
}

static void a_party_stays_within_what_the_campaign_takes(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *link = guest_comes(story, "haie", ANNE, "party=2");
    struct answer answer = guest_sends(story, link, "change", "party=6");
    assert_refused(answer, 422, "fields");
    assert_true(strlen(answer_text(answer, "errors.party")) > 0);
    assert_refused(guest_sends(story, link, "change", "party=0"), 422, "fields");
    assert_refused(guest_sends(story, link, "change", ""), 422, "fields");
    struct answer page = story_post(story, mem_printf(story->mem, "%s/change", link), "party=6");
    assert_int_equal(page.status, 422);
    assert_tells(page, "id=\"change-party-error\">");
    assert_seats(story, "haie", 18, 2);
}

static void another_date_takes_its_places_and_frees_the_old_ones(void **state)
{
    struct story *story = *state;
    make_dates(story);
    const char *link = guest_comes(story, "dates", ANNE, on_date(story, MORNING, "party=2"));
    struct answer answer = guest_sends(story, link, "change", on_date(story, AFTERNOON, "party=3"));
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer_text(answer, "session"), session_handle(story, "dates", AFTERNOON));
    assert_int_equal(session_left_of(story, "dates", MORNING), 10);
    assert_int_equal(session_left_of(story, "dates", AFTERNOON), 7);
    assert_int_equal(people_of(story, "dates"), 3);
}

static void a_date_that_overlaps_only_the_one_that_is_left_is_free_to_choose(void **state)
{
    struct story *story = *state;
    make_dates(story);
    const char *link = guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    assert_int_equal(
        guest_sends(story, link, "change", on_date(story, LATE_MORNING, "party=1")).status, 200);
    assert_int_equal(session_left_of(story, "dates", MORNING), 10);
}

static void another_date_that_is_full_is_refused_and_the_old_one_kept(void **state)
{
    struct story *story = *state;
    make_dates(story);
    guest_comes(story, "dates", "p@example.org", on_date(story, AFTERNOON, "party=5"));
    guest_comes(story, "dates", "q@example.org", on_date(story, AFTERNOON, "party=4"));
    const char *link = guest_comes(story, "dates", ANNE, on_date(story, MORNING, "party=2"));
    assert_refused(guest_sends(story, link, "change", on_date(story, AFTERNOON, "party=2")), 409,
                   "session_full");
    assert_int_equal(session_left_of(story, "dates", MORNING), 8);
    assert_int_equal(session_left_of(story, "dates", AFTERNOON), 1);
}

static void a_date_at_the_same_time_as_ones_other_one_is_refused(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_dates(story);
    guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    const char *link = guest_comes(story, "dates", ANNE, on_date(story, AFTERNOON, ""));
    const char *fields = on_date(story, LATE_MORNING, "party=1");
    assert_refused(guest_sends(story, link, "change", fields), 409, "sign_up_overlaps");
    struct answer page = story_post(story, mem_printf(story->mem, "%s/change", link), fields);
    assert_int_equal(page.status, 409);
    assert_tells(page, sign_up_overlaps.sentence);
}

static void a_date_that_one_has_already_is_refused_also_while_it_waits(void **state)
{
    struct story *story = *state;
    make_dates(story);
    const char *morning = guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    guest_asks(story, "dates", ANNE, on_date(story, AFTERNOON, ""));
    const char *afternoon = guest_link(story, ANNE);
    const char *fields = on_date(story, AFTERNOON, "party=1");
    assert_refused(guest_sends(story, morning, "change", fields), 409, "sign_up_already_in");
    guest_sends(story, afternoon, "confirm", "");
    assert_refused(guest_sends(story, morning, "change", fields), 409, "sign_up_already_in");
    assert_int_equal(people_of(story, "dates"), 2);
}

static void a_date_of_another_campaign_is_refused_beside_the_field(void **state)
{
    struct story *story = *state;
    make_dates(story);
    make_hedge(story, 20);
    const char *link = guest_comes(story, "haie", ANNE, "");
    struct answer answer = guest_sends(story, link, "change", on_date(story, MORNING, "party=1"));
    assert_refused(answer, 422, "fields");
    assert_true(strlen(answer_text(answer, "errors.session")) > 0);
}

static void who_still_waits_may_change_too(void **state)
{
    struct story *story = *state;
    make_dates(story);
    guest_asks(story, "dates", ANNE, on_date(story, MORNING, "party=2"));
    const char *link = guest_link(story, ANNE);
    struct answer answer = guest_sends(story, link, "change", on_date(story, AFTERNOON, "party=4"));
    assert_string_equal(answer_text(answer, "state"), "pending");
    assert_int_equal(session_left_of(story, "dates", MORNING), 10);
    assert_int_equal(session_left_of(story, "dates", AFTERNOON), 6);
    story_wait(story, 30 * 60);
    assert_int_equal(session_left_of(story, "dates", AFTERNOON), 10);
}

static void the_name_is_shown_and_hidden_again_at_will(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *link = guest_comes(story, "haie", ANNE, "");
    assert_false(answer_says(story_get(story, "/campaigns/haie"), "<li>Anne</li>"));
    guest_sends(story, link, "change", "party=1&show_name=true");
    assert_tells(story_get(story, "/campaigns/haie"), "<li>Anne</li>");
    guest_sends(story, link, "change", "party=1");
    assert_false(answer_says(story_get(story, "/campaigns/haie"), "<li>Anne</li>"));
}

static void hours_are_changed_where_the_campaign_asks_for_them(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("heures", "Vingt heures");
    draft.campaign.asks_hours = true;
    draft.campaign.goal_unit = GOAL_HOURS;
    make_campaign(story, &draft);
    const char *link = guest_comes(story, "heures", ANNE, "party=2&hours=3");
    guest_sends(story, link, "change", "party=2&hours=5");
    assert_int_equal(answer_int(story_get_json(story, "/campaigns/heures"), "progress.hours"), 10);
    guest_sends(story, link, "change", "party=1"); /* without hours: those that were said */
    assert_int_equal(answer_int(story_get_json(story, "/campaigns/heures"), "progress.hours"), 5);
}

static void after_the_deadline_nobody_promises_more_hours(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("heures", "Deux heures");
    draft.campaign.asks_hours = true;
    draft.campaign.goal_unit = GOAL_HOURS;
    draft.campaign.minimum = 2;
    make_campaign(story, &draft);
    const char *link = guest_comes(story, "heures", ANNE, "hours=3");
    story_wait(story, 7 * DAY_SECONDS);
    assert_refused(guest_sends(story, link, "change", "party=1&hours=4"), 409, "campaign_closed");
    assert_int_equal(guest_sends(story, link, "change", "party=1&hours=2").status, 200);
}

static void after_the_deadline_a_party_may_only_get_smaller(void **state)
{
    struct story *story = *state;
    struct session second = make_session("2026-12-05T14:00:00", "2026-12-05T16:00:00", 20);
    struct session first = make_session("2026-12-05T10:00:00", "2026-12-05T12:00:00", 20);
    first.next = &second;
    struct campaign_draft draft = make_draft("dates", "Deux dates");
    draft.sessions = &first;
    draft.campaign.minimum = 2;
    make_campaign(story, &draft);
    const char *link = guest_comes(story, "dates", ANNE, on_date(story, 0, "party=3"));
    story_wait(story, 7 * DAY_SECONDS);
    assert_refused(guest_sends(story, link, "change", "party=4"), 409, "campaign_closed");
    assert_refused(guest_sends(story, link, "change", on_date(story, 1, "party=2")), 409,
                   "campaign_closed");
    assert_int_equal(guest_sends(story, link, "change", "party=2").status, 200);
    assert_seats(story, "dates", 18, 2);
}

static void once_a_session_has_begun_a_party_may_only_get_smaller(void **state)
{
    struct story *story = *state;
    struct session session = make_session("2026-11-21T10:00:00", "2026-11-21T12:00:00", 20);
    struct campaign_draft draft = make_draft("haie", "Une haie");
    draft.sessions = &session;
    draft.campaign.closes_at = STORY_STARTS_AT + 2 * HOUR_SECONDS;
    make_campaign(story, &draft);
    const char *link = guest_comes(story, "haie", ANNE, "party=3");
    time_passes_alone(story, HOUR_SECONDS);
    assert_refused(guest_sends(story, link, "change", "party=4"), 409, "sign_up_over");
    assert_int_equal(guest_sends(story, link, "change", "party=1").status, 200);
}

static void when_a_session_is_over_nothing_changes_any_more(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    struct session session = make_session("2026-11-21T10:00:00", "2026-11-21T12:00:00", 20);
    struct campaign_draft draft = make_draft("haie", "Une haie");
    draft.sessions = &session;
    draft.campaign.closes_at = STORY_STARTS_AT + 2 * HOUR_SECONDS;
    make_campaign(story, &draft);
    const char *link = guest_comes(story, "haie", ANNE, "party=3");
    time_passes_alone(story, 3 * HOUR_SECONDS);
    assert_refused(guest_sends(story, link, "change", "party=1"), 409, "sign_up_over");
    assert_refused(guest_sends(story, link, "cancel", ""), 409, "sign_up_over");
    assert_false(answer_says(story_get(story, link), "/change\""));
    struct answer page = story_post(story, mem_printf(story->mem, "%s/change", link), "party=1");
    assert_int_equal(page.status, 409);
    assert_tells(page, sign_up_over.sentence);
    assert_seats(story, "haie", 17, 3);
}

static void report(struct work *work, void *context)
{
    assert_null(campaign_report(work, *(struct campaign_id *)context));
}

static void a_campaign_that_was_closed_keeps_its_count(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("balai", "Du balai");
    draft.campaign.minimum = 1;
    struct campaign_id id = make_campaign(story, &draft);
    const char *link = guest_comes(story, "balai", ANNE, "party=3");
    story_wait(story, 7 * DAY_SECONDS);
    story_write(story, report, &id);
    assert_refused(guest_sends(story, link, "cancel", ""), 409, "sign_up_over");
    assert_refused(guest_sends(story, link, "change", "party=1"), 409, "sign_up_over");
    assert_int_equal(people_of(story, "balai"), 3);
}

static void leaving_frees_the_places_and_lowers_the_count(void **state)
{
    struct story *story = *state;
    make_hedge(story, 5);
    const char *link = guest_comes(story, "haie", ANNE, "party=3");
    const char *cancel = mem_printf(story->mem, "%s/cancel", link);
    struct answer answer = story_post(story, cancel, "");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, link);
    assert_seats(story, "haie", 5, 0);
    assert_string_equal(answer_text(story_get_json(story, link), "state"), "cancelled");
    assert_int_equal(story_post(story, cancel, "").status, 303); /* again: nothing */
    assert_seats(story, "haie", 5, 0);
}

static void who_still_waits_may_leave_and_who_is_too_late_as_well(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_asks(story, "haie", ANNE, "party=3");
    guest_asks(story, "haie", PAUL, "");
    const char *anne = guest_link(story, ANNE);
    const char *paul = guest_link(story, PAUL);
    assert_string_equal(answer_text(guest_sends(story, anne, "cancel", ""), "state"), "cancelled");
    assert_seats(story, "haie", 19, 0);
    story_wait(story, 30 * 60);
    assert_string_equal(answer_text(guest_sends(story, paul, "cancel", ""), "state"), "cancelled");
    assert_seats(story, "haie", 20, 0);
}

static void who_has_left_changes_nothing_and_is_told_so(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_hedge(story, 20);
    const char *link = guest_comes(story, "haie", ANNE, "");
    guest_sends(story, link, "cancel", "");
    struct answer page = story_post(story, mem_printf(story->mem, "%s/change", link), "party=2");
    assert_int_equal(page.status, 409);
    assert_tells(page, sign_up_over.sentence);
    assert_seats(story, "haie", 20, 0);
}

static void reached_stays_reached_when_people_leave(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("balai", "Du balai");
    draft.campaign.minimum = 3;
    make_campaign(story, &draft);
    const char *link = guest_comes(story, "balai", ANNE, "party=3");
    guest_sends(story, link, "cancel", "");
    struct answer campaign = story_get_json(story, "/campaigns/balai");
    assert_string_equal(answer_text(campaign, "state"), "reached");
    assert_int_equal(answer_int(campaign, "progress.people"), 0);
    story_wait(story, 7 * DAY_SECONDS);
    campaign = story_get_json(story, "/campaigns/balai");
    assert_string_equal(answer_text(campaign, "state"), "under_way");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(a_party_grows_by_the_places_that_are_left),
        story_test(a_party_does_not_grow_beyond_them_and_keeps_what_it_has),
        story_test(a_smaller_party_gives_places_back),
        story_test(a_party_stays_within_what_the_campaign_takes),
        story_test(another_date_takes_its_places_and_frees_the_old_ones),
        story_test(a_date_that_overlaps_only_the_one_that_is_left_is_free_to_choose),
        story_test(another_date_that_is_full_is_refused_and_the_old_one_kept),
        story_test(a_date_at_the_same_time_as_ones_other_one_is_refused),
        story_test(a_date_that_one_has_already_is_refused_also_while_it_waits),
        story_test(a_date_of_another_campaign_is_refused_beside_the_field),
        story_test(who_still_waits_may_change_too),
        story_test(the_name_is_shown_and_hidden_again_at_will),
        story_test(hours_are_changed_where_the_campaign_asks_for_them),
        story_test(after_the_deadline_nobody_promises_more_hours),
        story_test(after_the_deadline_a_party_may_only_get_smaller),
        story_test(once_a_session_has_begun_a_party_may_only_get_smaller),
        story_test(when_a_session_is_over_nothing_changes_any_more),
        story_test(a_campaign_that_was_closed_keeps_its_count),
        story_test(leaving_frees_the_places_and_lowers_the_count),
        story_test(who_still_waits_may_leave_and_who_is_too_late_as_well),
        story_test(who_has_left_changes_nothing_and_is_told_so),
        story_test(reached_stays_reached_when_people_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
