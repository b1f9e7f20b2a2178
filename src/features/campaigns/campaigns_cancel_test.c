/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of cancelling with a word to all, of extending once, and of what those who lead hear by
 * themselves: it is on, it is missed, people have left again. */
#include "features/campaigns/campaigns.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "core/people/people.h"
#include "main/program.h"
#include "story/make_campaigns.h"
#include "story/make_sign_ups.h"
#include "sys/mail.h"
#include "web/work.h"

#define NADIA "nadia@example.org" /* who leads it */
#define ANNE "anne@example.org"
#define PAUL "paul@example.org"
#define CANCEL "/campaigns/haie/cancel"
#define EXTEND "/campaigns/haie/extend"

static void lead(struct work *work, void *context)
{
    const struct campaign_id *id = context;
    campaign_add_organiser(work, *id, person_add(work, NADIA, "Nadia", "fr"));
}

/* Open for seven days, with 20 places on the day after; Nadia leads it, and is signed in. */
static void nadia_leads(struct story *story, int64_t minimum)
{
    struct session session = make_session("2026-11-29T14:00:00", "2026-11-29T16:00:00", 20);
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.sessions = &session;
    draft.campaign.minimum = minimum;
    struct campaign_id id = make_campaign(story, &draft);
    story_write(story, lead, &id);
    story_sign_in(story, NADIA);
}

static const char *state_of(struct story *story)
{
    return answer_text(story_get_json(story, "/campaigns/haie"), "state");
}

static const char *state_of_link(struct story *story, const char *link)
{
    return answer_text(story_get_json(story, link), "state");
}

static void cancelled_everyone_gets_the_word_and_is_free(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 10);
    const char *anne = guest_comes(story, "haie", ANNE, "party=3");
    guest_asks_json(story, "haie", PAUL, "party=2");
    const char *paul = guest_link(story, PAUL);
    struct answer page = story_get_json(story, CANCEL);
    assert_int_equal(answer_int(page, "people"), 3);
    assert_int_equal(answer_int(page, "pending"), 2);
    struct answer answer = story_post(story, CANCEL, "reason=L%E2%80%99orage+arrive.");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, "/campaigns/haie");
    story_run_jobs(story);
    assert_string_equal(state_of(story), "cancelled");
    assert_string_equal(state_of_link(story, anne), "released");
    assert_string_equal(state_of_link(story, paul), "expired");
    const char *told = story_mail(story, ANNE)->text;
    assert_non_null(strstr(told, "L’orage arrive."));
    assert_non_null(strstr(told, "Vous pouvez répondre à cet e‑mail."));
    assert_int_equal(story_mail_count(story, PAUL), 1); /* its link to confirm: no more */
    assert_int_equal(session_left_of(story, "haie", 0), 20);
    assert_true(answer_says(story_get(story, "/campaigns/haie"), "L’orage arrive."));
    assert_true(answer_says(story_get(story, anne), "L’orage arrive."));
}

/* Answers to the mail go to the organiser, else to the community: where neither has an address, the
 * mail asks for none. */
/* Before the job that frees those who were in has run. */
static void cancelled_its_page_shows_nobody_at_once(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 10);
    guest_comes(story, "haie", ANNE, "party=3&show_name=true");
    struct answer page = story_get(story, "/campaigns/haie");
    assert_true(answer_says(page, "id=\"sign-up\"") && answer_says(page, "id=\"people-title\""));
    assert_true(answer_says(page, "personnes confirmées"));
    story_post(story, CANCEL, "reason=Vent");
    page = story_get(story, "/campaigns/haie");
    assert_true(answer_says(page, "Cette campagne est annulée."));
    assert_false(answer_says(page, "id=\"sign-up\"") || answer_says(page, "Je participe"));
    assert_false(answer_says(page, "id=\"people-title\"") || answer_says(page, "Anne"));
    assert_false(answer_says(page, "confirmées"));
}

static void who_has_nobody_to_answer_is_not_asked_to(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.campaign.minimum = 10;
    draft.campaign.organiser_email = "";
    struct campaign_id id = make_campaign(story, &draft);
    guest_comes(story, "haie", ANNE, "party=3");
    story_write(story, lead, &id);
    story_sign_in(story, NADIA);
    assert_int_equal(story_post(story, CANCEL, "reason=Orage").status, 303);
    story_run_jobs(story);
    const struct mail_read *mail = story_mail(story, ANNE);
    assert_non_null(strstr(mail->text, "Merci d’avoir voulu venir."));
    assert_null(strstr(mail->text, "répondre"));
}

static void without_a_word_nothing_is_cancelled(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 10);
    guest_comes(story, "haie", ANNE, "party=3");
    struct answer answer = story_post(story, CANCEL, "reason=+");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "aria-invalid"));
    assert_true(answer_says(answer, "3 personnes sont inscrites"));
    assert_string_equal(state_of(story), "open");
}

static void one_that_is_on_or_under_way_can_be_cancelled_too(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 2);
    guest_comes(story, "haie", ANNE, "party=3");
    assert_string_equal(state_of(story), "reached");
    assert_true(
        answer_says(story_get(story, CANCEL), "à toutes celles qui ont laissé une adresse"));
    assert_int_equal(story_post(story, CANCEL, "reason=Vent").status, 303);
    story_run_jobs(story);
    assert_int_equal(story_mail_count_about(story, ANNE, "annulée"), 1);
}

static void one_under_way_as_well(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 2);
    const char *anne = guest_comes(story, "haie", ANNE, "party=3");
    story_wait(story, 8 * DAY_SECONDS + 6 * HOUR_SECONDS);
    assert_string_equal(state_of(story), "under_way");
    assert_int_equal(story_post(story, CANCEL, "reason=Vent").status, 303);
    story_run_jobs(story);
    assert_string_equal(state_of_link(story, anne), "released");
}

static void one_that_has_not_opened_yet_as_well(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.campaign.opens_at += DAY_SECONDS;
    struct campaign_id id = make_campaign(story, &draft);
    story_write(story, lead, &id);
    story_sign_in(story, NADIA);
    assert_int_equal(story_post(story, CANCEL, "reason=Vent").status, 303);
    assert_string_equal(state_of(story), "cancelled");
    story_wait(story, 2 * DAY_SECONDS);
    assert_string_equal(state_of(story), "cancelled");
}

static void what_is_over_or_a_draft_is_not_cancelled(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 10);
    story_wait(story, 8 * DAY_SECONDS);
    assert_string_equal(state_of(story), "missed");
    assert_int_equal(story_post(story, CANCEL, "reason=Vent").status, 409);
    assert_true(answer_says(story_get(story, CANCEL), "ne peut pas être annulée"));
    struct campaign_draft draft = make_draft("verger", "Un verger");
    struct campaign_id id = make_unpublished(story, &draft);
    story_write(story, lead, &id);
    assert_int_equal(story_post(story, "/campaigns/verger/cancel", "reason=Vent").status, 409);
}

static void it_is_cancelled_once(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 10);
    story_post(story, CANCEL, "reason=Vent");
    assert_int_equal(story_post(story, CANCEL, "reason=Pluie").status, 409);
    assert_true(answer_says(story_get(story, "/campaigns/haie"), "Vent"));
}

static void to_others_there_is_nothing_to_cancel_or_extend(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 10);
    story_sign_in(story, PAUL);
    assert_int_equal(story_get(story, CANCEL).status, 404);
    assert_int_equal(story_post(story, CANCEL, "reason=Vent").status, 404);
    assert_int_equal(story_get(story, EXTEND).status, 404);
    assert_int_equal(story_post(story, EXTEND, "closes=2026-11-28T12:00").status, 404);
}

/* Extending. */

static void extended_while_open_everyone_stays_in(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 10);
    const char *anne = guest_comes(story, "haie", ANNE, "party=3");
    assert_int_equal(story_post(story, EXTEND, "closes=2026-11-29T12:00").status, 303);
    struct answer answer = story_get_json(story, "/campaigns/haie");
    assert_string_equal(answer_text(answer, "closes_at"), "2026-11-29T11:00:00Z");
    story_wait(story, 7 * DAY_SECONDS + HOUR_SECONDS);
    assert_string_equal(state_of(story), "open");
    assert_string_equal(state_of_link(story, anne), "confirmed");
    story_wait(story, DAY_SECONDS + 6 * HOUR_SECONDS);
    assert_string_equal(state_of(story), "missed");
}

static void a_missed_one_opens_again_and_its_people_say_yes_again(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 4);
    const char *anne = guest_comes(story, "haie", ANNE, "party=3");
    story_wait(story, 7 * DAY_SECONDS + HOUR_SECONDS);
    assert_string_equal(state_of(story), "missed");
    assert_int_equal(people_of(story, "haie"), 3);
    assert_true(answer_says(story_get(story, EXTEND), "3 personnes avaient dit oui"));
    struct answer answer = story_post(story, EXTEND, "closes=2026-11-29T10:00");
    assert_int_equal(answer.status, 303);
    assert_true(answer_says(story_get(story, answer.location), "rouvre"));
    story_run_jobs(story);
    assert_string_equal(state_of(story), "open");
    assert_int_equal(people_of(story, "haie"), 0);
    assert_int_equal(story_mail_count_about(story, ANNE, "prolongée"), 1);
    assert_string_equal(guest_link(story, ANNE), anne);
    assert_true(answer_says(story_get(story, anne), "J’en suis toujours"));
    assert_string_equal(answer_text(guest_sends(story, anne, "confirm", ""), "state"), "confirmed");
    assert_int_equal(people_of(story, "haie"), 3);
    guest_comes(story, "haie", PAUL, "");
    assert_string_equal(state_of(story), "reached");
}

static void who_does_not_say_yes_again_is_not_counted_when_it_is_missed_again(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 10);
    guest_comes(story, "haie", ANNE, "party=3");
    const char *paul = guest_comes(story, "haie", PAUL, "party=2");
    story_wait(story, 7 * DAY_SECONDS + HOUR_SECONDS);
    story_post(story, EXTEND, "closes=2026-11-29T10:00");
    story_run_jobs(story);
    guest_sends(story, paul, "confirm", "");
    story_wait(story, DAY_SECONDS + HOUR_SECONDS);
    assert_string_equal(state_of(story), "missed");
    assert_int_equal(people_of(story, "haie"), 2);
    assert_int_equal(session_left_of(story, "haie", 0), 20);
}

static void it_is_extended_once(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 10);
    story_post(story, EXTEND, "closes=2026-11-29T10:00");
    struct answer answer = story_post(story, EXTEND, "closes=2026-11-29T12:00");
    assert_int_equal(answer.status, 409);
    assert_true(answer_says(answer, "déjà été prolongée"));
}

static void a_week_after_it_was_missed_it_is_too_late(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 10);
    struct session session = make_session("2026-12-29T14:00:00", "2026-12-29T16:00:00", 20);
    struct campaign_draft draft = make_draft("verger", "Un verger");
    draft.sessions = &session;
    draft.campaign.minimum = 10;
    struct campaign_id id = make_campaign(story, &draft);
    story_write(story, lead, &id);
    story_wait(story, 14 * DAY_SECONDS);
    const char *path = "/campaigns/verger/extend";
    struct answer answer = story_post(story, path, "closes=2026-12-20T12:00");
    assert_int_equal(answer.status, 409);
    assert_true(answer_says(answer, "il y a plus d’une semaine"));
    assert_true(answer_says(story_get(story, path), "il y a plus d’une semaine"));
}

static void it_is_not_extended_beyond_its_last_session(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 10);
    struct answer answer = story_post(story, EXTEND, "closes=2027-01-20T12:00");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "après la fin du dernier créneau"));
    assert_true(answer_says(answer, "value=\"2027-01-20T12:00"));
    assert_true(answer_says(answer, "href=\"#extend-closes\""));
}

static void what_is_on_is_not_extended(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 2);
    guest_comes(story, "haie", ANNE, "party=3");
    assert_int_equal(story_post(story, EXTEND, "closes=2026-11-29T12:00").status, 409);
}

static void where_all_sessions_are_over_there_is_nothing_to_extend(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 10);
    story_wait(story, 9 * DAY_SECONDS);
    struct answer answer = story_post(story, EXTEND, "closes=2026-12-20T12:00");
    assert_int_equal(answer.status, 409);
    assert_true(answer_says(answer, "plus rien à prolonger"));
}

static void a_new_deadline_that_cannot_be_is_told_beside_it(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 10);
    assert_true(
        answer_says(story_post(story, EXTEND, "closes=2026-11-25T12:00"), "après l’ancienne"));
    assert_true(answer_says(story_post(story, EXTEND, "closes=2028-11-25T12:00"), "plus d’un an"));
    assert_int_equal(story_post(story, EXTEND, "closes=demain").status, 422);
    assert_int_equal(story_post(story, EXTEND, "").status, 422);
    assert_string_equal(state_of(story), "open");
}

/* What those who lead hear. */

static void who_leads_hears_that_it_is_on(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 3);
    guest_comes(story, "haie", ANNE, "party=3");
    assert_int_equal(story_mail_count(story, NADIA), 1);
    assert_non_null(strstr(story_mail(story, NADIA)->text, "3"));
    story_mail_path(story, NADIA, "/campaigns/haie/organise");
}

static void who_leads_hears_that_it_was_missed_and_can_be_extended(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 10);
    story_wait(story, 8 * DAY_SECONDS);
    assert_int_equal(story_mail_count(story, NADIA), 1);
    story_mail_path(story, NADIA, EXTEND);
}

static void who_leads_is_warned_once_when_people_leave_again(void **state)
{
    struct story *story = *state;
    nadia_leads(story, 3);
    const char *anne = guest_comes(story, "haie", ANNE, "party=3");
    const char *paul = guest_comes(story, "haie", PAUL, "");
    guest_sends(story, paul, "cancel", "");
    assert_int_equal(story_mail_count(story, NADIA), 1); /* there are still enough */
    guest_sends(story, anne, "change", "party=2");
    assert_int_equal(story_mail_count_about(story, NADIA, "moins de monde"), 1);
    guest_sends(story, anne, "change", "party=1");
    assert_int_equal(story_mail_count_about(story, NADIA, "moins de monde"), 1);
    guest_sends(story, anne, "change", "party=3");
    story_wait(story, 2 * HOUR_SECONDS);
    guest_sends(story, anne, "cancel", ""); /* a second fall */
    assert_int_equal(story_mail_count_about(story, NADIA, "moins de monde"), 2);
    assert_string_equal(state_of(story), "reached");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(cancelled_everyone_gets_the_word_and_is_free),
        story_test(cancelled_its_page_shows_nobody_at_once),
        story_test(who_has_nobody_to_answer_is_not_asked_to),
        story_test(without_a_word_nothing_is_cancelled),
        story_test(one_that_is_on_or_under_way_can_be_cancelled_too),
        story_test(one_under_way_as_well),
        story_test(one_that_has_not_opened_yet_as_well),
        story_test(what_is_over_or_a_draft_is_not_cancelled),
        story_test(it_is_cancelled_once),
        story_test(to_others_there_is_nothing_to_cancel_or_extend),
        story_test(extended_while_open_everyone_stays_in),
        story_test(a_missed_one_opens_again_and_its_people_say_yes_again),
        story_test(who_does_not_say_yes_again_is_not_counted_when_it_is_missed_again),
        story_test(it_is_extended_once),
        story_test(a_week_after_it_was_missed_it_is_too_late),
        story_test(it_is_not_extended_beyond_its_last_session),
        story_test(what_is_on_is_not_extended),
        story_test(where_all_sessions_are_over_there_is_nothing_to_extend),
        story_test(a_new_deadline_that_cannot_be_is_told_beside_it),
        story_test(who_leads_hears_that_it_is_on),
        story_test(who_leads_hears_that_it_was_missed_and_can_be_extended),
        story_test(who_leads_is_warned_once_when_people_leave_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
