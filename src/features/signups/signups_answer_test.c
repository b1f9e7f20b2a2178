/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of who is asked whether they still come and cannot say so themselves: without an e-mail
 * address, after a session moved or a campaign went on. Their organiser is told whom to call, and
 * says for them that they come, or do not; and each refusal of it. */
#include "features/signups/signups_organise.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "core/jobs/jobs.h"
#include "core/people/people.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "story/make_sign_ups.h"
#include "sys/mail.h"
#include "web/work.h"

#define ANNE "anne@example.org"
#define PEOPLE "/campaigns/haie/organise/people"
#define TO_CALL PEOPLE "?state=to-call"
#define HALF_AN_HOUR (30 * MINUTE_SECONDS)

/* A session on Sunday the 29th from two to four; Nadia leads it. */
static struct campaign_id nadia_leads_one(struct story *story, int64_t places, int64_t minimum)
{
    struct session session = make_session("2026-11-29T14:00:00", "2026-11-29T16:00:00", places);
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.sessions = &session;
    draft.campaign.minimum = minimum;
    struct campaign_id id = make_campaign(story, &draft);
    nadia_leads(story, id);
    return id;
}

/* Somebody without an address, who is in with that many; their page's address. */
static const char *added(struct story *story, const char *name, int party)
{
    struct answer answer = story_post_json(
        story, PEOPLE, mem_printf(story->mem, "{\"first_name\":\"%s\",\"party\":%d}", name, party));
    assert_int_equal(answer.status, 201);
    return mem_printf(story->mem, PEOPLE "/%s", answer_text(answer, "handle"));
}

static const char *page_of(struct story *story, const char *name)
{
    struct answer answer = story_get_json(story, mem_printf(story->mem, PEOPLE "?q=%s", name));
    return mem_printf(story->mem, PEOPLE "/%s", answer_text(answer, "items.0.handle"));
}

static const char *confirm_of(struct story *story, const char *page)
{
    return mem_printf(story->mem, "%s/confirm", page);
}

static const char *state_of(struct story *story, const char *page)
{
    return answer_text(story_get_json(story, page), "state");
}

/* It moves to that Sunday's morning, and that is told. */
static void moved_and_told(struct story *story)
{
    struct answer answer = story_post(
        story,
        mem_printf(story->mem, "/campaigns/haie/edit/sessions/%s",
                   session_handle(story, "haie", 0)),
        "starts=2026-11-29T09:00&ends=2026-11-29T11:00&time_zone=Europe/Paris&capacity=20"
        "&sure=true");
    if (answer.status != 303)
        fail_msg("%d %s", answer.status, answer.body);
    story_wait(story, HALF_AN_HOUR);
}

static void assert_refused(struct answer answer, int status, const char *code)
{
    assert_int_equal(answer.status, status);
    assert_string_equal(answer_text(answer, "code"), code);
}

static void who_has_no_address_is_somebody_to_call(void **state)
{
    struct story *story = *state;
    nadia_leads_one(story, 20, 60);
    const char *odile = added(story, "Odile", 3);
    assert_false(answer_says(story_get(story, "/campaigns/haie/organise"), "appeler"));
    moved_and_told(story);
    assert_true(answer_says(story_get(story, "/campaigns/haie/organise"), "1 personne sans"));
    assert_true(answer_says(story_get(story, TO_CALL), "Odile"));
    assert_true(answer_says(story_get_json(story, TO_CALL), "\"to_call\":true"));
    assert_true(answer_says(story_get(story, odile), "toujours venir"));
    story_wait(story, 3 * DAY_SECONDS); /* nothing is taken from who was not asked */
    assert_string_equal(state_of(story, odile), "confirmed");
    assert_int_equal(people_of(story, "haie"), 3);
}

static void their_organiser_says_that_they_still_come(void **state)
{
    struct story *story = *state;
    nadia_leads_one(story, 20, 60);
    const char *odile = added(story, "Odile", 3);
    moved_and_told(story);
    assert_int_equal(story_post(story, confirm_of(story, odile), "").status, 303);
    assert_string_equal(state_of(story, odile), "confirmed");
    assert_true(answer_says(story_get_json(story, TO_CALL), "\"items\":[]"));
    assert_false(answer_says(story_get(story, odile), "toujours venir"));
    assert_int_equal(people_of(story, "haie"), 3);
    assert_int_equal(session_left_of(story, "haie", 0), 17);
    assert_int_equal(story_get(story, confirm_of(story, odile)).status, 303);
    assert_int_equal(story_post(story, confirm_of(story, odile), "").status, 303); /* again */
    story_sign_in_as(story, "chef@example.org", ROLE_ADMINISTRATOR);
    struct answer log = story_get_json(story, "/administration/audit?action=sign_up.confirm");
    assert_string_equal(answer_text(log, "items.0.action"), "sign_up.confirm");
}

static void or_that_they_do_not(void **state)
{
    struct story *story = *state;
    nadia_leads_one(story, 20, 60);
    const char *odile = added(story, "Odile", 3);
    moved_and_told(story);
    assert_int_equal(story_post(story, mem_printf(story->mem, "%s/remove", odile), "").status, 303);
    assert_string_equal(state_of(story, odile), "cancelled");
    assert_true(answer_says(story_get_json(story, TO_CALL), "\"items\":[]"));
    assert_int_equal(people_of(story, "haie"), 0);
    assert_int_equal(session_left_of(story, "haie", 0), 20);
}

static void once_the_session_has_begun_nobody_is_called(void **state)
{
    struct story *story = *state;
    nadia_leads_one(story, 20, 3);
    const char *odile = added(story, "Odile", 3);
    moved_and_told(story);
    story_wait(story, 8 * DAY_SECONDS + 22 * HOUR_SECONDS);
    assert_string_equal(answer_text(story_get_json(story, "/campaigns/haie"), "state"),
                        "under_way");
    assert_true(answer_says(story_get_json(story, TO_CALL), "\"items\":[]"));
    assert_true(answer_says(story_get_json(story, odile), "\"to_call\":false"));
    assert_refused(story_post_json(story, confirm_of(story, odile), "{}"), 409, "session_over");
}

static void who_was_asked_by_mail_may_answer_by_telephone(void **state)
{
    struct story *story = *state;
    nadia_leads_one(story, 20, 60);
    const char *own = guest_comes(story, "haie", ANNE, "party=2");
    moved_and_told(story);
    const char *anne = page_of(story, "anne");
    assert_true(answer_says(story_get(story, anne), "n’a pas répondu"));
    assert_int_equal(story_post_json(story, confirm_of(story, anne), "{}").status, 200);
    assert_true(answer_is_null(story_get_json(story, own), "answer_by"));
    int mails = story_mail_count(story, ANNE);
    story_wait(story, 3 * DAY_SECONDS);
    assert_string_equal(state_of(story, anne), "confirmed");
    assert_int_equal(story_mail_count(story, ANNE), mails);
}

static void whose_place_was_given_back_is_taken_back_after_the_deadline_too(void **state)
{
    struct story *story = *state;
    nadia_leads_one(story, 20, 2);
    const char *own = guest_comes(story, "haie", ANNE, "party=2");
    const char *anne = page_of(story, "anne");
    story_wait(story, 5 * DAY_SECONDS);
    moved_and_told(story);
    story_wait(story, 2 * DAY_SECONDS + HOUR_SECONDS);
    assert_string_equal(state_of(story, anne), "expired");
    assert_int_equal(guest_sends(story, own, "confirm", "").status, 409);
    int mails = story_mail_count(story, ANNE);
    assert_int_equal(story_post_json(story, confirm_of(story, anne), "{}").status, 200);
    assert_string_equal(state_of(story, anne), "confirmed");
    assert_int_equal(people_of(story, "haie"), 2);
    assert_int_equal(session_left_of(story, "haie", 0), 18);
    assert_int_equal(story_mail_count(story, ANNE), mails + 1);
    assert_non_null(strstr(story_mail(story, ANNE)->text, "nadia vous a inscrit"));
}

static void there_must_be_a_place_for_them(void **state)
{
    struct story *story = *state;
    nadia_leads_one(story, 20, 60);
    guest_comes(story, "haie", ANNE, "party=2");
    moved_and_told(story);
    story_wait(story, 2 * DAY_SECONDS);
    story->sweeps = false;
    for (int i = 0; i < 4; i++)
        added(story, "Odile", 5);
    story->sweeps = true;
    const char *anne = page_of(story, "anne");
    assert_refused(story_post_json(story, confirm_of(story, anne), "{}"), 409, "session_full");
    assert_string_equal(state_of(story, anne), "expired");
    struct answer page = story_post(story, confirm_of(story, anne), "");
    assert_int_equal(page.status, 409);
    assert_true(answer_says(page, "role=\"alert\""));
}

static void nor_may_they_be_elsewhere_at_that_time(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_dates(story));
    guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    story->sweeps = false;
    story_post(story,
               mem_printf(story->mem, "/campaigns/dates/edit/sessions/%s",
                          session_handle(story, "dates", MORNING)),
               "starts=2026-11-28T11:00&ends=2026-11-28T13:00&time_zone=Europe/Paris&capacity=10"
               "&sure=true");
    story_wait(story, HALF_AN_HOUR);
    story_wait(story, 2 * DAY_SECONDS);
    guest_comes(story, "dates", ANNE, on_date(story, LATE_MORNING, ""));
    struct answer list = story_get_json(story, "/campaigns/dates/organise/people?state=expired");
    const char *path = mem_printf(story->mem, "/campaigns/dates/organise/people/%s/confirm",
                                  answer_text(list, "items.0.handle"));
    assert_refused(story_post_json(story, path, "{}"), 409, "participant_overlaps");
}

static void who_was_not_asked_is_not_confirmed(void **state)
{
    struct story *story = *state;
    nadia_leads_one(story, 20, 60);
    guest_asks(story, "haie", ANNE, "");
    const char *anne = page_of(story, "anne");
    assert_refused(story_post_json(story, confirm_of(story, anne), "{}"), 409,
                   "participant_not_asked");
    story_wait(story, HOUR_SECONDS);
    assert_refused(story_post_json(story, confirm_of(story, anne), "{}"), 409,
                   "participant_not_asked");
    assert_string_equal(state_of(story, anne), "expired");
}

static void nor_when_it_is_cancelled(void **state)
{
    struct story *story = *state;
    nadia_leads_one(story, 20, 60);
    const char *odile = added(story, "Odile", 3);
    moved_and_told(story);
    story_post(story, "/campaigns/haie/cancel", "reason=Vent");
    story_run_jobs(story);
    assert_refused(story_post_json(story, confirm_of(story, odile), "{}"), 409,
                   "campaign_cancelled");
    assert_false(answer_says(story_get(story, odile), "toujours venir"));
}

/* It was missed, and goes on. */

static void extended(struct story *story)
{
    story_wait(story, 7 * DAY_SECONDS + HOUR_SECONDS);
    assert_int_equal(story_post(story, "/campaigns/haie/extend", "closes=2026-11-29T10:00").status,
                     303);
    story_run_jobs(story);
}

static void when_it_goes_on_they_are_called_and_counted_again(void **state)
{
    struct story *story = *state;
    nadia_leads_one(story, 20, 60);
    const char *odile = added(story, "Odile", 3);
    const char *marc = added(story, "Marc", 2);
    guest_comes(story, "haie", ANNE, "");
    extended(story);
    assert_string_equal(state_of(story, odile), "expired");
    struct answer page = story_get(story, "/campaigns/haie/organise");
    assert_true(answer_says(page, "2 personnes sans"));
    assert_true(answer_says(page, "1 personne avait dit oui"));
    assert_false(answer_says(page, "sans confirmer"));
    assert_true(answer_says(story_get(story, odile), "en est toujours"));
    story_post(story, confirm_of(story, odile), "");
    assert_string_equal(state_of(story, odile), "confirmed");
    assert_int_equal(people_of(story, "haie"), 3);
    assert_int_equal(session_left_of(story, "haie", 0), 17);
    story_post(story, mem_printf(story->mem, "%s/remove", marc), "");
    assert_string_equal(state_of(story, marc), "cancelled");
    assert_int_equal(people_of(story, "haie"), 3);
    assert_true(answer_says(story_get_json(story, TO_CALL), "\"items\":[]"));
}

static void give_up(struct work *work, void *context)
{
    const struct campaign *campaign = campaign_get_by_slug(work, context);
    job_drop(work, JOB_EXTENDED, campaign->id.n);
    sign_up_extended_given_up(work,
                              campaign->id.n); /* as an administrator does with a parked one */
}

static void an_extension_that_was_given_up_can_be_made_anew(void **state)
{
    struct story *story = *state;
    nadia_leads_one(story, 20, 60);
    const char *anne = guest_comes(story, "haie", ANNE, "party=3");
    story_wait(story, 7 * DAY_SECONDS + HOUR_SECONDS);
    static const char form[] = "closes=2026-11-29T10:00";
    assert_int_equal(story_post(story, "/campaigns/haie/extend", form).status, 303);
    char haie[] = "haie";
    story_write(story, give_up, haie);
    story_run_jobs(story);
    assert_string_equal(answer_text(story_get_json(story, "/campaigns/haie"), "state"), "missed");
    assert_false(answer_says(story_get(story, "/campaigns/haie/organise"), "rouvre"));
    assert_int_equal(story_post(story, "/campaigns/haie/extend", form).status, 303);
    story_run_jobs(story);
    assert_string_equal(answer_text(story_get_json(story, "/campaigns/haie"), "state"), "open");
    guest_sends(story, anne, "confirm", "");
    assert_int_equal(people_of(story, "haie"), 3);
}

static void missed_twice_is_told_twice_however_soon_it_was_extended(void **state)
{
    struct story *story = *state;
    nadia_leads_one(story, 20, 60);
    const char *anne = guest_comes(story, "haie", ANNE, "party=3");
    story->sweeps = false;
    time_passes_alone(story, 7 * DAY_SECONDS + HOUR_SECONDS); /* nobody is released yet */
    assert_int_equal(story_post(story, "/campaigns/haie/extend", "closes=2026-11-29T10:00").status,
                     303);
    story_run_jobs(story);
    story_wait(story, 2);
    assert_int_equal(story_mail_count_about(story, ANNE, "Pas cette fois"), 1);
    guest_sends(story, anne, "confirm", "");
    story_wait(story, 2 * DAY_SECONDS);
    assert_int_equal(story_mail_count_about(story, ANNE, "Pas cette fois"), 2);
}

static void what_is_cancelled_meanwhile_is_not_said_to_be_on(void **state)
{
    struct story *story = *state;
    nadia_leads_one(story, 20, 3);
    guest_comes(story, "haie", ANNE, "party=3");
    int mails = story_mail_count_about(story, ANNE, "C’est parti");
    story_post(story, "/campaigns/haie/cancel", "reason=Vent"); /* before its job has run */
    story_run_jobs(story);
    assert_int_equal(story_mail_count_about(story, ANNE, "C’est parti"), mails);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(who_has_no_address_is_somebody_to_call),
        story_test(their_organiser_says_that_they_still_come),
        story_test(or_that_they_do_not),
        story_test(once_the_session_has_begun_nobody_is_called),
        story_test(who_was_asked_by_mail_may_answer_by_telephone),
        story_test(whose_place_was_given_back_is_taken_back_after_the_deadline_too),
        story_test(there_must_be_a_place_for_them),
        story_test(nor_may_they_be_elsewhere_at_that_time),
        story_test(who_was_not_asked_is_not_confirmed),
        story_test(nor_when_it_is_cancelled),
        story_test(when_it_goes_on_they_are_called_and_counted_again),
        story_test(an_extension_that_was_given_up_can_be_made_anew),
        story_test(missed_twice_is_told_twice_however_soon_it_was_extended),
        story_test(what_is_cancelled_meanwhile_is_not_said_to_be_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
