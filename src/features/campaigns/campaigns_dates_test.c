/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of sessions as their organiser writes them, and of clocks: across the change to summer
 * time, in an hour that does not exist, over midnight, and in other zones. */
#include "story/story.h"

#include "base/mem.h"
#include "base/time.h"
#include "features/campaigns/campaigns.h"
#include "features/campaigns/campaigns_local.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "story/make_sign_ups.h"
#include "sys/db.h"
#include "web/work.h"

#define SESSIONS "/campaigns/une-haie/edit/sessions"
#define PAGE "/campaigns/une-haie"
#define ANNE "anne@example.org"
#define PAUL "paul@example.org"

/* Led by Nadia, who is signed in. */
static void make_led(struct story *story, const struct session *sessions, bool published)
{
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    draft.sessions = sessions;
    nadia_leads(story, published ? make_campaign(story, &draft) : make_unpublished(story, &draft));
}

static void make_with_date(struct story *story)
{
    struct session session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 20);
    make_led(story, &session, true);
}

static struct answer add(struct story *story, const char *starts, const char *ends,
                         const char *more)
{
    return story_post(
        story, SESSIONS,
        mem_printf(story->mem, "%sstarts=%s&ends=%s&time_zone=Europe/Paris", more, starts, ends));
}

/* Of the which-th session, as the organiser's JSON has it. */
static const char *text_of(struct story *story, int which, const char *field)
{
    return answer_text(story_get_json(story, SESSIONS),
                       mem_printf(story->mem, "items.%d.%s", which, field));
}

static const char *path_of(struct story *story, int which)
{
    return mem_printf(story->mem, SESSIONS "/%s", text_of(story, which, "id"));
}

static struct answer change(struct story *story, const char *form)
{
    return story_post(story, path_of(story, 0), form);
}

static void assert_page_says(struct story *story, const char *french, const char *english)
{
    story->accept_language = "fr";
    if (!answer_says(story_get(story, PAGE), french))
        fail_msg("the page does not say: %s", french);
    story->accept_language = "en";
    if (!answer_says(story_get(story, PAGE), english))
        fail_msg("the page does not say: %s", english);
    story->accept_language = "fr";
}

/* Sessions. */

static void a_first_date_takes_the_place_of_whenever_you_like(void **state)
{
    struct story *story = *state;
    make_led(story, NULL, false);
    struct answer answer = add(story, "2026-12-05T14:00", "2026-12-05T16:00", "capacity=12&");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, SESSIONS);
    struct answer json = story_get_json(story, PAGE);
    assert_string_equal(answer_text(json, "sessions.0.starts_at"), "2026-12-05T13:00:00Z");
    assert_int_equal(answer_int(json, "sessions.0.capacity"), 12);
    assert_false(answer_says(json, "\"starts_at\":null"));
    assert_true(answer_says(story_get(story, SESSIONS), "samedi 5 décembre 2026"));
}

static void the_last_date_that_goes_leaves_it_without_dates(void **state)
{
    struct story *story = *state;
    struct session session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 20);
    make_led(story, &session, false);
    const char *remove = mem_printf(story->mem, "%s/remove", path_of(story, 0));
    assert_int_equal(story_post(story, remove, "").status, 303);
    assert_true(answer_says(story_get_json(story, SESSIONS), "\"items\":[]"));
    assert_int_equal(answer_int(story_get_json(story, "/campaigns/une-haie/edit"), "capacity"), 20);
    assert_int_equal(story_post(story, remove, "").status, 404);
}

#define TOO_EARLY "The last session would end before the deadline to sign up."

static void no_change_of_a_session_leaves_none_until_the_deadline(void **state)
{
    struct story *story = *state;
    struct session early = make_session("2026-11-27T14:00:00", "2026-11-27T16:00:00", 20);
    struct session late = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 20);
    early.next = &late;
    story->accept_language = "en";
    make_led(story, &early, false); /* people sign up until the 28th, at nine */
    const char *second = path_of(story, 1);
    struct answer answer = story_post(story, second,
                                      "starts=2026-11-26T14:00&ends=2026-11-28T08:59"
                                      "&time_zone=Europe/Paris&title=Tri");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, TOO_EARLY));
    assert_true(answer_says(answer, "href=\"#session-ends\""));
    assert_true(answer_says(answer, "value=\"2026-11-28T08:59"));
    assert_true(answer_says(answer, "value=\"Tri\""));
    answer = story_post(story, mem_printf(story->mem, "%s/remove", second), "");
    assert_int_equal(answer.status, 409);
    assert_true(answer_says(answer, "Please choose an earlier deadline first."));
    answer = story_post(story, second,
                        "starts=2026-11-28T08:00&ends=2026-11-28T09:00&time_zone=Europe/Paris");
    assert_int_equal(answer.status, 303);
    const char *first = mem_printf(story->mem, "%s/remove", path_of(story, 0));
    assert_int_equal(story_post(story, first, "").status, 303);
}

static void a_first_date_before_the_deadline_wants_an_earlier_deadline(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_led(story, NULL, false);
    struct answer answer = add(story, "2026-11-27T14:00", "2026-11-27T16:00", "");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, TOO_EARLY));
    assert_true(answer_says(story_get_json(story, SESSIONS), "\"items\":[]"));
}

static void a_public_campaign_says_where_each_session_is(void **state)
{
    struct story *story = *state;
    struct session session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 20);
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    session.place = "Salle des fêtes";
    draft.sessions = &session;
    draft.campaign.place = "";
    story->accept_language = "en";
    nadia_leads(story, make_campaign(story, &draft));
    struct answer answer = change(
        story, "starts=2026-11-28T14:00&ends=2026-11-28T16:00&time_zone=Europe/Paris&place=");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "Please say where it takes place"));
    answer = add(story, "2026-12-05T14:00", "2026-12-05T16:00", "");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "href=\"#session-place\""));
    answer = add(story, "2026-12-05T14:00", "2026-12-05T16:00", "online=true&");
    assert_int_equal(answer.status, 303);
}

static void a_campaign_that_people_are_in_without_a_date_stays_so(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_led(story, NULL, true);
    make_participants(story, "une-haie", ANNE, 2);
    struct answer answer = add(story, "2026-12-05T14:00", "2026-12-05T16:00", "");
    assert_int_equal(answer.status, 409);
    assert_true(answer_says(answer, "so it stays without dates"));
}

static void a_session_that_was_signed_up_to_is_not_removed(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_with_date(story);
    const char *link = guest_comes(story, "une-haie", ANNE, "party=2");
    guest_sends(story, link, "cancel", "");
    const char *path = path_of(story, 0);
    struct answer answer = story_post(story, mem_printf(story->mem, "%s/remove", path), "");
    assert_int_equal(answer.status, 409);
    assert_true(answer_says(answer, "so it cannot be removed"));
    assert_false(answer_says(story_get(story, path), "Remove this session"));
}

static void every_wrong_field_of_a_session_is_told_beside_it(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_with_date(story);
    static const char *const rows[][3] = {
        {"", "2026-12-05T16:00", "Please fill this in."},
        {"tomorrow", "2026-12-05T16:00", "Please give a day and a time"},
        {"2026-12-05T14:00", "2026-12-05T14:00", "The end must be later than the start."},
        {"2026-12-05T14:00", "2027-02-05T14:00", "A session lasts at most 31 days."},
        {"2026-11-20T14:00", "2026-11-20T16:00", "This moment has passed."},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct answer answer = add(story, rows[i][0], rows[i][1], "title=Matin&");
        assert_int_equal(answer.status, 422);
        assert_true(answer_says(answer, rows[i][2]));
        assert_true(answer_says(answer, "value=\"Matin\"")); /* what was typed is kept */
    }
    assert_true(answer_says(add(story, "2026-12-05T14:00", "2026-12-05T16:00", "capacity=0&"),
                            "The smallest possible number is 1."));
    struct answer answer = story_post(
        story, SESSIONS, "starts=2026-12-05T14:00&ends=2026-12-05T16:00&time_zone=Paris");
    assert_true(answer_says(answer, "This time zone is not known."));
    answer = story_post(story, SESSIONS,
                        "starts=2026-12-05T14:00&ends=2026-12-05T12:00&time_zone=Paris");
    assert_true(answer_says(answer, "This time zone is not known."));
    assert_true(answer_says(answer, "The end must be later than the start."));
}

static void a_session_that_people_are_in_moves_only_when_that_is_known(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_with_date(story);
    guest_comes(story, "une-haie", ANNE, "party=2");
    guest_comes(story, "une-haie", PAUL, "party=3");
    const char *form = "starts=2026-11-29T14:00&ends=2026-11-29T17:00&time_zone=Europe/Paris"
                       "&capacity=20";
    assert_true(answer_says(story_get(story, path_of(story, 0)), "5 people have said yes to it."));
    struct answer answer = change(story, form);
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "People who have said yes to it as it was: 5."));
    assert_string_equal(text_of(story, 0, "starts"), "2026-11-28T14:00:00");
    answer = change(story, mem_printf(story->mem, "%s&sure=true", form));
    assert_int_equal(answer.status, 303);
    assert_string_equal(text_of(story, 0, "starts"), "2026-11-29T14:00:00");
    story_run_jobs(story);
    /* five people, three hours each instead of two */
    assert_int_equal(answer_int(story_get_json(story, PAGE), "progress.hours"), 15);
}

static void another_name_or_more_places_ask_nobody(void **state)
{
    struct story *story = *state;
    make_with_date(story);
    guest_comes(story, "une-haie", ANNE, "party=2");
    struct answer answer = change(story, "starts=2026-11-28T14:00&ends=2026-11-28T16:00"
                                         "&time_zone=Europe/Paris&title=Les+tardifs&capacity=30");
    assert_int_equal(answer.status, 303);
    assert_string_equal(text_of(story, 0, "title"), "Les tardifs");
}

static void a_session_has_never_fewer_places_than_are_taken(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_with_date(story);
    guest_comes(story, "une-haie", ANNE, "party=2");
    struct answer answer = change(story, "starts=2026-11-28T14:00&ends=2026-11-28T16:00"
                                         "&time_zone=Europe/Paris&capacity=1");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "2 places are taken already"));
}

static void sessions_of_a_campaign_that_is_over_stay(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    struct session session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 20);
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    draft.sessions = &session;
    nadia_leads(story, make_campaign(story, &draft));
    const char *path = path_of(story, 0);
    story_wait(story, 8 * DAY_SECONDS); /* missed */
    static const char form[] = "starts=2026-12-05T14:00&ends=2026-12-05T16:00"
                               "&time_zone=Europe/Paris&times=1";
    assert_int_equal(story_post(story, path, form).status, 409);
    assert_int_equal(story_post(story, SESSIONS, form).status, 409);
    assert_int_equal(story_post(story, mem_printf(story->mem, "%s/copies", path), form).status,
                     409);
    struct answer answer = story_post(story, mem_printf(story->mem, "%s/remove", path), "");
    assert_int_equal(answer.status, 409);
    assert_true(answer_says(answer, "The sessions of this campaign cannot change any more."));
}

static void there_are_a_hundred_sessions_at_most(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    story->sweeps = false;
    make_with_date(story);
    const char *copies = mem_printf(story->mem, "%s/copies", path_of(story, 0));
    const char *form = "starts=2026-12-05T14:00&times=26";
    for (int i = 0; i < 3; i++)
        assert_int_equal(story_post(story, copies, form).status, 303);
    struct answer answer = story_post(story, copies, form);
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "A campaign has at most 100 sessions."));
    assert_int_equal(story_post(story, copies, "starts=2026-12-05T14:00&times=27").status, 422);
}

static void a_session_of_another_campaign_is_not_found(void **state)
{
    struct story *story = *state;
    make_dates(story);
    make_with_date(story);
    const char *foreign = session_handle(story, "dates", MORNING);
    const char *path = mem_printf(story->mem, SESSIONS "/%s", foreign);
    assert_int_equal(story_get(story, path).status, 404);
    assert_int_equal(story_post(story, mem_printf(story->mem, "%s/remove", path), "").status, 404);
}

/* Clocks. */

static void a_session_across_the_change_to_summer_time_is_an_hour_shorter(void **state)
{
    struct story *story = *state;
    make_led(story, NULL, false);
    assert_int_equal(add(story, "2027-03-28T01:00", "2027-03-28T05:00", "").status, 303);
    struct answer json = story_get_json(story, PAGE);
    assert_string_equal(answer_text(json, "sessions.0.starts_at"), "2027-03-28T00:00:00Z");
    assert_string_equal(answer_text(json, "sessions.0.ends_at"), "2027-03-28T03:00:00Z");
    assert_page_says(story, "dimanche 28 mars 2027, de\u00a001:00\u00a0à\u00a005:00",
                     "Sunday, 28 March 2027, from 01:00 to 05:00");
}

static void a_deadline_in_the_hour_that_does_not_exist_comes_after_it(void **state)
{
    struct story *story = *state;
    struct session session = make_session("2027-04-03T14:00:00", "2027-04-03T16:00:00", 20);
    make_led(story, &session, false);
    struct answer answer = story_post(
        story, "/campaigns/une-haie/edit",
        "title=Une+haie&language=fr&organiser_name=Nadia&goal=people&minimum=60&party_max=5"
        "&closes=2027-03-28T02:30&time_zone=Europe/Paris");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer_text(story_get_json(story, PAGE), "closes_at"),
                        "2027-03-28T01:30:00Z");
    assert_page_says(story, "dimanche 28 mars 2027 à 03:30", "Sunday, 28 March 2027 at 03:30");
    /* what was written stays what was written */
    assert_string_equal(answer_text(story_get_json(story, "/campaigns/une-haie/edit"), "closes"),
                        "2027-03-28T02:30:00");
}

static void a_session_over_midnight_tells_both_days(void **state)
{
    struct story *story = *state;
    make_led(story, NULL, false);
    assert_int_equal(add(story, "2026-12-05T22:00", "2026-12-06T02:00", "").status, 303);
    assert_page_says(story, "samedi 5 décembre 2026", "Saturday, 5 December 2026");
    assert_page_says(story, "dimanche 6 décembre 2026", "Sunday, 6 December 2026");
    assert_string_equal(answer_text(story_get_json(story, PAGE), "sessions.0.ends_at"),
                        "2026-12-06T01:00:00Z");
}

static void a_session_in_another_zone_tells_its_own_clock(void **state)
{
    struct story *story = *state;
    make_led(story, NULL, false);
    assert_int_equal(story_post(story, SESSIONS,
                                "starts=2026-12-05T18:00&ends=2026-12-05T20:00"
                                "&time_zone=America/Guadeloupe&place=Basse-Terre")
                         .status,
                     303);
    assert_string_equal(answer_text(story_get_json(story, PAGE), "sessions.0.starts_at"),
                        "2026-12-05T22:00:00Z");
    assert_page_says(story, "samedi 5 décembre 2026, de\u00a018:00\u00a0à\u00a020:00",
                     "Saturday, 5 December 2026, from 18:00 to 20:00");
    assert_int_equal(story_post(story, path_of(story, 0),
                                "starts=2026-12-06T09:00&ends=2026-12-06T11:00"
                                "&time_zone=Asia/Tokyo")
                         .status,
                     303);
    assert_string_equal(answer_text(story_get_json(story, PAGE), "sessions.0.starts_at"),
                        "2026-12-06T00:00:00Z");
    assert_page_says(story, "dimanche 6 décembre 2026, de\u00a009:00\u00a0à\u00a011:00",
                     "Sunday, 6 December 2026, from 09:00 to 11:00");
}

static void copies_keep_the_clock_across_the_change_and_their_night(void **state)
{
    struct story *story = *state;
    make_led(story, NULL, false);
    assert_int_equal(
        add(story, "2027-03-20T22:00", "2027-03-21T03:30", "title=Nuit&capacity=9&").status, 303);
    const char *copies = mem_printf(story->mem, "%s/copies", path_of(story, 0));
    assert_int_equal(story_post(story, copies, "starts=2027-03-27T22:00&times=2").status, 303);
    assert_string_equal(text_of(story, 1, "starts"), "2027-03-27T22:00:00");
    assert_string_equal(text_of(story, 1, "ends"), "2027-03-28T03:30:00");
    assert_string_equal(text_of(story, 1, "starts_at"), "2027-03-27T21:00:00Z");
    assert_string_equal(text_of(story, 1, "ends_at"), "2027-03-28T01:30:00Z"); /* an hour less */
    assert_string_equal(text_of(story, 2, "starts"), "2027-04-03T22:00:00");
    assert_string_equal(text_of(story, 2, "starts_at"), "2027-04-03T20:00:00Z");
    assert_string_equal(text_of(story, 2, "title"), "Nuit");
    assert_int_equal(answer_int(story_get_json(story, SESSIONS), "items.2.capacity"), 9);
}

static void copies_are_never_in_the_past(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_with_date(story);
    const char *copies = mem_printf(story->mem, "%s/copies", path_of(story, 0));
    struct answer answer = story_post(story, copies, "starts=2026-11-14T14:00&times=1");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "This moment has passed."));
}

static void spoil(struct work *work, void *context)
{
    (void)context;
    tx_do(work->tx, "UPDATE campaign SET acts_until = acts_until + 1");
}

static void mend(struct work *work, void *context)
{
    (void)context;
    tx_do(work->tx, "UPDATE campaign SET acts_until = acts_until - 1");
}

static void check(struct work *work, void *context)
{
    *(const char **)context = campaigns_check(work);
}

static void the_check_finds_days_that_are_not_the_sessions(void **state)
{
    struct story *story = *state;
    const char *sentence = NULL;
    make_with_date(story);
    story_write(story, spoil, NULL);
    story_write(story, check, &sentence);
    assert_non_null(sentence);
    story_write(story, mend, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(a_first_date_takes_the_place_of_whenever_you_like),
        story_test(the_last_date_that_goes_leaves_it_without_dates),
        story_test(no_change_of_a_session_leaves_none_until_the_deadline),
        story_test(a_first_date_before_the_deadline_wants_an_earlier_deadline),
        story_test(a_public_campaign_says_where_each_session_is),
        story_test(a_campaign_that_people_are_in_without_a_date_stays_so),
        story_test(a_session_that_was_signed_up_to_is_not_removed),
        story_test(every_wrong_field_of_a_session_is_told_beside_it),
        story_test(a_session_that_people_are_in_moves_only_when_that_is_known),
        story_test(another_name_or_more_places_ask_nobody),
        story_test(a_session_has_never_fewer_places_than_are_taken),
        story_test(sessions_of_a_campaign_that_is_over_stay),
        story_test(there_are_a_hundred_sessions_at_most),
        story_test(a_session_of_another_campaign_is_not_found),
        story_test(a_session_across_the_change_to_summer_time_is_an_hour_shorter),
        story_test(a_deadline_in_the_hour_that_does_not_exist_comes_after_it),
        story_test(a_session_over_midnight_tells_both_days),
        story_test(a_session_in_another_zone_tells_its_own_clock),
        story_test(copies_keep_the_clock_across_the_change_and_their_night),
        story_test(copies_are_never_in_the_past),
        story_test(the_check_finds_days_that_are_not_the_sessions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
