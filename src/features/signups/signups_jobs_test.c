/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of what happens by itself: how long a place is kept and that it comes free, "it is on!"
 * to everybody once, and a missed campaign that lets everybody go. */
#include "story/make_sign_ups.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "core/jobs/jobs.h"
#include "main/program.h"
#include "story/make_campaigns.h"
#include "sys/db.h"
#include "sys/mail.h"
#include "web/work.h"

#define ANNE "anne@example.org"
#define PAUL "paul@example.org"
#define NOUR "nour@example.org"

static const char half_an_hour[] = "2026-11-21T08:30:00Z";
static const char ten_minutes[] = "2026-11-21T08:10:00Z";

static const char *kept_until(struct story *story, const char *email, const char *fields)
{
    return answer_text(guest_asks_json(story, "haie", email, fields), "expires_at");
}

static void assert_state(struct story *story, const char *link, const char *state)
{
    assert_string_equal(answer_text(story_get_json(story, link), "state"), state);
}

static void a_place_is_kept_for_half_an_hour(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    assert_string_equal(kept_until(story, ANNE, "party=5"), half_an_hour);
}

static void ten_minutes_when_fewer_than_a_fifth_of_the_places_are_left(void **state)
{
    struct story *story = *state;
    make_hedge(story, 10);
    guest_comes(story, "haie", PAUL, "party=5");
    guest_comes(story, "haie", NOUR, "party=2");
    assert_string_equal(kept_until(story, ANNE, "party=1"), half_an_hour); /* two are left */
    assert_string_equal(kept_until(story, "ali@example.org", "party=1"), ten_minutes);
}

static void ten_minutes_when_over_a_quarter_of_the_places_waits_for_a_mail(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    assert_string_equal(kept_until(story, PAUL, "party=5"), half_an_hour); /* just a quarter */
    assert_string_equal(kept_until(story, ANNE, "party=1"), ten_minutes);
    guest_sends(story, guest_link(story, PAUL), "confirm", "");
    assert_string_equal(kept_until(story, NOUR, "party=1"), half_an_hour);
}

static void places_without_a_limit_are_never_scarce(void **state)
{
    struct story *story = *state;
    make_hedge(story, SESSION_UNLIMITED);
    assert_string_equal(kept_until(story, PAUL, "party=5"), half_an_hour);
    assert_string_equal(kept_until(story, ANNE, "party=5"), half_an_hour);
}

static void a_place_that_nobody_confirms_comes_free_at_its_second(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_asks(story, "haie", ANNE, "party=3");
    const char *link = guest_link(story, ANNE);
    story_wait(story, 30 * 60 - 1);
    assert_state(story, link, "pending");
    story_wait(story, 1);
    assert_state(story, link, "expired");
    assert_int_equal(session_left_of(story, "haie", 0), 20);
    assert_true(answer_is_null(story_get_json(story, link), "expires_at"));
    assert_int_equal(story_mail_count(story, ANNE), 1); /* nobody is bothered about it */
}

static void places_lapse_each_at_its_own_time(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    story_run_jobs(story); /* the job stands there before anybody has come */
    guest_asks(story, "haie", ANNE, "party=5");
    guest_asks(story, "haie", PAUL, "party=2"); /* ten minutes: over a quarter waits */
    story_wait(story, 5 * 60);
    guest_comes(story, "haie", NOUR, "");
    story_wait(story, 5 * 60);
    assert_int_equal(session_left_of(story, "haie", 0), 14);
    story_wait(story, 20 * 60);
    assert_int_equal(session_left_of(story, "haie", 0), 19);
    assert_int_equal(people_of(story, "haie"), 1);
}

static void a_place_that_came_free_is_somebody_elses(void **state)
{
    struct story *story = *state;
    make_hedge(story, 2);
    guest_asks(story, "haie", ANNE, "party=2");
    assert_int_equal(guest_asks_json(story, "haie", PAUL, "").status, 409);
    story_wait(story, 10 * 60);
    guest_comes(story, "haie", PAUL, "party=2");
}

/* Three people are enough. */
static struct campaign_id make_small(struct story *story)
{
    struct session second = make_session("2026-12-05T14:00:00", "2026-12-05T16:00:00", 20);
    struct session first = make_session("2026-12-05T10:00:00", "2026-12-05T12:00:00", 20);
    first.next = &second;
    struct campaign_draft draft = make_draft("dates", "Deux dates");
    draft.sessions = &first;
    draft.campaign.minimum = 3;
    return make_campaign(story, &draft);
}

static int mails_of_it_is_on(struct story *story, const char *email)
{
    return story_mail_count_about(story, email, "It is on!");
}

static void at_the_minimum_everybody_hears_that_it_is_on_and_nobody_before(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_small(story);
    const char *link = guest_comes(story, "dates", ANNE, on_date(story, 0, "party=2"));
    story_run_jobs(story);
    assert_int_equal(mails_of_it_is_on(story, ANNE), 0);
    guest_comes(story, "dates", PAUL, on_date(story, 1, ""));
    assert_string_equal(answer_text(story_get_json(story, "/campaigns/dates"), "state"), "reached");
    story_run_jobs(story);
    assert_int_equal(mails_of_it_is_on(story, ANNE), 1);
    assert_int_equal(mails_of_it_is_on(story, PAUL), 1);
    assert_string_equal(guest_link(story, ANNE), link);
}

static void each_hears_it_in_their_own_language(void **state)
{
    struct story *story = *state;
    make_small(story);
    guest_comes(story, "dates", ANNE, on_date(story, 0, "party=2"));
    story->accept_language = "en";
    guest_comes(story, "dates", PAUL, on_date(story, 0, ""));
    story_run_jobs(story);
    assert_int_equal(mails_of_it_is_on(story, ANNE), 0);
    assert_int_equal(story_mail_count(story, ANNE), 3);
    assert_int_equal(mails_of_it_is_on(story, PAUL), 1);
}

static void a_person_in_two_sessions_hears_it_once(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_small(story);
    guest_comes(story, "dates", ANNE, on_date(story, 0, "party=2"));
    guest_comes(story, "dates", ANNE, on_date(story, 1, "party=2"));
    story_run_jobs(story);
    assert_int_equal(mails_of_it_is_on(story, ANNE), 1);
}

static void who_confirms_later_learns_it_from_that_mail_alone(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_small(story);
    guest_comes(story, "dates", ANNE, on_date(story, 0, "party=3"));
    time_passes_alone(story, 1); /* the job comes late */
    guest_comes(story, "dates", PAUL, on_date(story, 0, ""));
    story_wait(story, HOUR_SECONDS);
    assert_int_equal(mails_of_it_is_on(story, ANNE), 1);
    assert_int_equal(mails_of_it_is_on(story, PAUL), 0);
    assert_non_null(strstr(story_mail(story, PAUL)->text, "It is on!"));
}

static void it_tips_once_whatever_people_do_afterwards(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_small(story);
    const char *anne = guest_comes(story, "dates", ANNE, on_date(story, 0, "party=2"));
    guest_comes(story, "dates", PAUL, on_date(story, 0, ""));
    story_wait(story, 60);
    guest_sends(story, anne, "cancel", "");
    guest_comes(story, "dates", NOUR, on_date(story, 0, "party=2"));
    guest_sends(story, anne, "confirm", "");
    story_wait(story, DAY_SECONDS);
    assert_int_equal(mails_of_it_is_on(story, ANNE), 1);
    assert_int_equal(mails_of_it_is_on(story, PAUL), 1);
    assert_int_equal(mails_of_it_is_on(story, NOUR), 0);
}

static void who_has_left_before_hears_nothing(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_small(story);
    const char *anne = guest_comes(story, "dates", ANNE, on_date(story, 0, "party=2"));
    guest_asks(story, "dates", NOUR, on_date(story, 0, "")); /* and never confirms */
    guest_sends(story, anne, "cancel", "");
    guest_comes(story, "dates", PAUL, on_date(story, 0, "party=3"));
    story_run_jobs(story);
    assert_int_equal(mails_of_it_is_on(story, ANNE), 0);
    assert_int_equal(mails_of_it_is_on(story, NOUR), 0);
    assert_int_equal(mails_of_it_is_on(story, PAUL), 1);
}

static void a_party_that_grows_may_be_what_tips_it(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_small(story);
    const char *anne = guest_comes(story, "dates", ANNE, on_date(story, 0, "party=2"));
    guest_sends(story, anne, "change", "party=3");
    story_run_jobs(story);
    assert_int_equal(mails_of_it_is_on(story, ANNE), 1);
}

static void a_missed_campaign_lets_everybody_go_kindly(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_hedge(story, 20);
    const char *anne = guest_comes(story, "haie", ANNE, "party=3");
    const char *paul = guest_comes(story, "haie", PAUL, "");
    guest_sends(story, paul, "cancel", "");
    story_wait(story, 7 * DAY_SECONDS);
    assert_state(story, anne, "released");
    assert_state(story, paul, "cancelled");
    assert_int_equal(story_mail_count_about(story, ANNE, "Not this time"), 1);
    assert_int_equal(story_mail_count_about(story, PAUL, "Not this time"), 0);
    assert_int_equal(session_left_of(story, "haie", 0), 20);
    assert_int_equal(people_of(story, "haie"), 3); /* so many had come together */
    assert_true(answer_says(story_get(story, anne), "You are free"));
    assert_int_equal(guest_sends(story, anne, "confirm", "").status, 409);
}

static void who_waits_when_a_campaign_is_missed_just_expires(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    story_wait(story, 7 * DAY_SECONDS - 60);
    guest_asks(story, "haie", ANNE, "party=2");
    story_wait(story, 60);
    assert_state(story, guest_link(story, ANNE), "expired");
    assert_int_equal(story_mail_count(story, ANNE), 1);
    assert_int_equal(session_left_of(story, "haie", 0), 20);
}

static void a_person_in_two_sessions_is_let_go_in_one_mail(void **state)
{
    struct story *story = *state;
    make_small(story);
    guest_comes(story, "dates", ANNE, on_date(story, 0, ""));
    guest_comes(story, "dates", ANNE, on_date(story, 1, ""));
    int before = story_mail_count(story, ANNE);
    story_wait(story, 7 * DAY_SECONDS);
    assert_int_equal(story_mail_count(story, ANNE), before + 1);
}

/* The n-th database call from now on fails, once, while what is due is done. */
static bool jobs_fail_once(struct story *story, int n)
{
    struct db_failure failure = {.countdown = n};
    db_fail(story->program->db, &failure);
    story_run_jobs(story);
    db_fail(story->program->db, NULL);
    return failure.reached;
}

static void ask_again(struct work *work, void *context)
{
    job_add(work, "signups.reached", ((struct campaign_id *)context)->n, work->now);
}

static void a_job_that_faults_anywhere_is_done_later_and_writes_to_nobody_twice(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    story->sweeps = false;
    struct campaign_id id = make_small(story);
    guest_comes(story, "dates", ANNE, on_date(story, 0, "party=2"));
    guest_comes(story, "dates", PAUL, on_date(story, 0, "party=2"));
    int n = 1;
    while (jobs_fail_once(story, n++)) {
        story_wait(story, DAY_SECONDS / 8); /* it is tried again */
        story_write(story, ask_again, &id); /* and asked for again */
    }
    assert_true(n > 10);
    assert_int_equal(mails_of_it_is_on(story, ANNE), 1);
    assert_int_equal(mails_of_it_is_on(story, PAUL), 1);
}

static void a_fault_while_places_lapse_loses_none_of_them(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    make_hedge(story, 20);
    bool failed = true;
    for (int n = 1; failed; n++) {
        guest_asks(story, "haie", ANNE, "party=2");
        time_passes_alone(story, 30 * 60);
        failed = jobs_fail_once(story, n);
        story_wait(story, HOUR_SECONDS);
        assert_int_equal(session_left_of(story, "haie", 0), 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(a_place_is_kept_for_half_an_hour),
        story_test(ten_minutes_when_fewer_than_a_fifth_of_the_places_are_left),
        story_test(ten_minutes_when_over_a_quarter_of_the_places_waits_for_a_mail),
        story_test(places_without_a_limit_are_never_scarce),
        story_test(a_place_that_nobody_confirms_comes_free_at_its_second),
        story_test(places_lapse_each_at_its_own_time),
        story_test(a_place_that_came_free_is_somebody_elses),
        story_test(at_the_minimum_everybody_hears_that_it_is_on_and_nobody_before),
        story_test(each_hears_it_in_their_own_language),
        story_test(a_person_in_two_sessions_hears_it_once),
        story_test(who_confirms_later_learns_it_from_that_mail_alone),
        story_test(it_tips_once_whatever_people_do_afterwards),
        story_test(who_has_left_before_hears_nothing),
        story_test(a_party_that_grows_may_be_what_tips_it),
        story_test(a_missed_campaign_lets_everybody_go_kindly),
        story_test(who_waits_when_a_campaign_is_missed_just_expires),
        story_test(a_person_in_two_sessions_is_let_go_in_one_mail),
        story_test(a_job_that_faults_anywhere_is_done_later_and_writes_to_nobody_twice),
        story_test(a_fault_while_places_lapse_loses_none_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
