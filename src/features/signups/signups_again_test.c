/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of what changes while people are in: told in one mail for each gathering, and, where a
 * session moves or grows, asked again, with two days to answer. */
#include "story/make_sign_ups.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "core/jobs/jobs.h"
#include "core/people/people.h"
#include "features/campaigns/campaigns.h"
#include "features/signups/signups_again.h"
#include "main/program.h"
#include "story/make_campaigns.h"
#include "sys/mail.h"
#include "web/work.h"

#define NADIA "nadia@example.org" /* who leads it */
#define ANNE "anne@example.org"
#define PAUL "paul@example.org"
#define EDIT "/campaigns/haie/edit"
#define HALF_AN_HOUR (30 * MINUTE_SECONDS)
#define ASKED "pouvez-vous toujours venir"

static void lead(struct work *work, void *context)
{
    const struct campaign_id *id = context;
    campaign_add_organiser(work, *id, person_add(work, NADIA, "Nadia", "fr"));
}

/* A session on Saturday the 28th from two to four, with 20 places; Anne is in with two. */
static const char *anne_is_in_one_of(struct story *story, int64_t minimum)
{
    struct session session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 20);
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.sessions = &session;
    draft.campaign.minimum = minimum;
    struct campaign_id id = make_campaign(story, &draft);
    story_write(story, lead, &id);
    story_sign_in(story, NADIA);
    story->sweeps = false;
    const char *link = guest_comes(story, "haie", ANNE, "party=2");
    story->sweeps = true;
    return link;
}

static const char *anne_is_in(struct story *story)
{
    return anne_is_in_one_of(story, 60);
}

static struct answer move(struct story *story, const char *starts, const char *ends,
                          const char *more)
{
    const char *session = session_handle(story, "haie", 0);
    return story_post(
        story, mem_printf(story->mem, EDIT "/sessions/%s", session),
        mem_printf(story->mem, "starts=%s&ends=%s&time_zone=Europe/Paris&capacity=20&sure=true&%s",
                   starts, ends, more));
}

static void moved(struct story *story, const char *starts, const char *ends)
{
    struct answer answer = move(story, starts, ends, "");
    if (answer.status != 303)
        fail_msg("%d %s", answer.status, answer.body);
}

static void renamed(struct story *story, const char *title)
{
    struct answer was = story_get_json(story, EDIT);
    struct answer answer = story_post(
        story, EDIT,
        mem_printf(story->mem,
                   "title=%s&summary=Soixante+personnes.&story=Le+verger.&language=fr"
                   "&organiser_name=Nadia&organiser_email=nadia%%40example.org&place=Crest"
                   "&goal=people&minimum=60&opens=%s&closes=%s&time_zone=Europe/Paris&party_max=5",
                   title, answer_text(was, "opens"), answer_text(was, "closes")));
    if (answer.status != 303)
        fail_msg("%d %s", answer.status, answer.body);
}

static const char *state_of(struct story *story, const char *link)
{
    return answer_text(story_get_json(story, link), "state");
}

static void who_says_yes_again_or_changes_something_reads_that_it_was_kept(void **state)
{
    struct story *story = *state;
    const char *anne = anne_is_in(story);
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    story_wait(story, HALF_AN_HOUR);
    struct answer answer = story_post(story, mem_printf(story->mem, "%s/confirm", anne), "");
    assert_int_equal(answer.status, 303);
    const char *told = answer.location;
    assert_true(answer_says(story_get(story, told), "C’est noté"));
    assert_false(answer_says(story_get(story, anne), "C’est noté"));
    answer = story_post(story, mem_printf(story->mem, "%s/change", anne), "party=2");
    assert_int_equal(answer.status, 303);
    assert_true(answer_says(story_get(story, answer.location), "C’est enregistré."));
    moved(story, "2026-11-28T10:00", "2026-11-28T12:00");
    story_wait(story, HALF_AN_HOUR);
    assert_false(answer_says(story_get(story, told), "C’est noté"));
}

static void a_session_that_moves_asks_its_people_again(void **state)
{
    struct story *story = *state;
    const char *anne = anne_is_in(story);
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    assert_int_equal(story_mail_count_about(story, ANNE, ASKED), 0); /* there may be more */
    story_wait(story, HALF_AN_HOUR);
    assert_int_equal(story_mail_count_about(story, ANNE, ASKED), 1);
    const char *text = story_mail(story, ANNE)->text;
    assert_non_null(strstr(text, "14:00"));
    assert_non_null(strstr(text, "09:00"));
    assert_string_equal(guest_link(story, ANNE), anne);
    assert_string_equal(state_of(story, anne), "confirmed"); /* and in, until then */
    assert_int_equal(people_of(story, "haie"), 2);
    assert_true(answer_says(story_get(story, anne), "Je peux toujours venir"));
    struct answer answer = story_get_json(story, "/campaigns/haie/organise");
    assert_true(answer_says(answer, "2 personnes n’ont pas encore dit"));
}

static void who_can_still_come_says_so_with_one_click(void **state)
{
    struct story *story = *state;
    const char *anne = anne_is_in(story);
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    story_wait(story, HALF_AN_HOUR);
    assert_false(answer_is_null(story_get_json(story, anne), "answer_by"));
    struct answer answer = guest_sends(story, anne, "confirm", "");
    assert_string_equal(answer_text(answer, "state"), "confirmed");
    assert_true(answer_is_null(answer, "answer_by"));
    assert_false(answer_says(story_get(story, anne), "Je peux toujours venir"));
    int mails = story_mail_count(story, ANNE);
    story_wait(story, 3 * DAY_SECONDS);
    assert_string_equal(state_of(story, anne), "confirmed");
    assert_int_equal(story_mail_count(story, ANNE), mails);
}

static void who_does_not_answer_is_reminded_then_gives_the_place_back(void **state)
{
    struct story *story = *state;
    const char *anne = anne_is_in(story);
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    story_wait(story, HALF_AN_HOUR);
    story_wait(story, 36 * HOUR_SECONDS - 1);
    assert_int_equal(story_mail_count_about(story, ANNE, "dites-le"), 0);
    story_wait(story, 1);
    assert_int_equal(story_mail_count_about(story, ANNE, "dites-le"), 1);
    story_wait(story, 12 * HOUR_SECONDS - 1);
    assert_string_equal(state_of(story, anne), "confirmed");
    story_wait(story, 1);
    assert_string_equal(state_of(story, anne), "expired");
    assert_int_equal(people_of(story, "haie"), 0);
    assert_int_equal(session_left_of(story, "haie", 0), 20);
    assert_int_equal(story_mail_count_about(story, ANNE, "dites-le"), 1);
    assert_int_equal(story_mail_count_about(story, ANNE, "rendue"), 1);
    assert_true(answer_says(story_get(story, anne), "La date a changé"));
    guest_sends(story, anne, "confirm", ""); /* if a place is left, it is theirs */
    assert_string_equal(state_of(story, anne), "confirmed");
    assert_int_equal(people_of(story, "haie"), 2);
}

static void once_sign_ups_are_closed_no_place_is_promised(void **state)
{
    struct story *story = *state;
    const char *anne = anne_is_in_one_of(story, 2);
    story_wait(story, 6 * DAY_SECONDS);
    moved(story, "2026-12-05T14:00", "2026-12-05T16:00"); /* the deadline is tomorrow */
    story_wait(story, HALF_AN_HOUR);
    story_wait(story, 2 * DAY_SECONDS);
    assert_string_equal(state_of(story, anne), "expired");
    assert_non_null(strstr(story_mail(story, ANNE)->text, "encore vous ajouter"));
    assert_true(answer_says(story_get(story, anne), "encore vous ajouter"));
    assert_int_equal(guest_sends(story, anne, "confirm", "").status, 409);
}

static void who_cannot_come_any_more_leaves(void **state)
{
    struct story *story = *state;
    const char *anne = anne_is_in(story);
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    story_wait(story, HALF_AN_HOUR);
    guest_sends(story, anne, "cancel", "");
    int mails = story_mail_count(story, ANNE);
    story_wait(story, 3 * DAY_SECONDS);
    assert_string_equal(state_of(story, anne), "cancelled");
    assert_int_equal(story_mail_count(story, ANNE), mails);
}

static void one_that_grows_asks_and_one_that_shrinks_only_tells(void **state)
{
    struct story *story = *state;
    const char *anne = anne_is_in(story);
    moved(story, "2026-11-28T14:30", "2026-11-28T15:30");
    story_wait(story, HALF_AN_HOUR);
    assert_int_equal(story_mail_count_about(story, ANNE, "a changé"), 1);
    assert_int_equal(story_mail_count_about(story, ANNE, ASKED), 0);
    assert_true(answer_is_null(story_get_json(story, anne), "answer_by"));
    moved(story, "2026-11-28T14:30", "2026-11-28T16:30");
    story_wait(story, HALF_AN_HOUR);
    assert_int_equal(story_mail_count_about(story, ANNE, ASKED), 1);
}

static void another_place_asks_as_well(void **state)
{
    struct story *story = *state;
    anne_is_in(story);
    assert_int_equal(move(story, "2026-11-28T14:00", "2026-11-28T16:00", "place=Valence").status,
                     303);
    story_wait(story, HALF_AN_HOUR);
    assert_int_equal(story_mail_count_about(story, ANNE, ASKED), 1);
    assert_non_null(strstr(story_mail(story, ANNE)->text, "Crest → Valence"));
}

static void five_edits_make_one_mail(void **state)
{
    struct story *story = *state;
    anne_is_in(story);
    story->sweeps = false;
    renamed(story, "Une+haie");
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    story_wait(story, 10 * MINUTE_SECONDS);
    renamed(story, "Une+grande+haie");
    moved(story, "2026-11-28T10:00", "2026-11-28T12:00");
    story_wait(story, 10 * MINUTE_SECONDS);
    renamed(story, "Une+tr%C3%A8s+grande+haie");
    int mails = story_mail_count(story, ANNE);
    story_wait(story, HALF_AN_HOUR);
    assert_int_equal(story_mail_count(story, ANNE), mails + 1);
    const char *text = story_mail(story, ANNE)->text;
    assert_non_null(strstr(text, "Une haie ensemble → Une très grande haie"));
    assert_null(strstr(text, "09:00"));
    assert_non_null(strstr(text, "10:00"));
    story_wait(story, HALF_AN_HOUR);
    assert_int_equal(story_mail_count(story, ANNE), mails + 1);
}

static void what_is_changed_there_and_back_is_not_told(void **state)
{
    struct story *story = *state;
    const char *anne = anne_is_in(story);
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    moved(story, "2026-11-28T14:00", "2026-11-28T16:00");
    int mails = story_mail_count(story, ANNE);
    story_wait(story, 2 * HALF_AN_HOUR);
    assert_int_equal(story_mail_count(story, ANNE), mails);
    assert_true(answer_is_null(story_get_json(story, anne), "answer_by"));
}

static void who_comes_after_the_move_said_yes_to_it_already(void **state)
{
    struct story *story = *state;
    anne_is_in(story);
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    story_wait(story, MINUTE_SECONDS);
    const char *paul = guest_comes(story, "haie", PAUL, "");
    story_wait(story, HALF_AN_HOUR);
    assert_true(answer_is_null(story_get_json(story, paul), "answer_by"));
    assert_int_equal(story_mail_count_about(story, PAUL, ASKED), 0);
}

static void who_is_in_another_session_hears_only_of_the_campaign(void **state)
{
    struct story *story = *state;
    struct campaign_id id = make_dates(story);
    story_write(story, lead, &id);
    story_sign_in(story, NADIA);
    guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    guest_comes(story, "dates", PAUL, on_date(story, AFTERNOON, ""));
    const char *session = session_handle(story, "dates", MORNING);
    struct answer answer =
        story_post(story, mem_printf(story->mem, "/campaigns/dates/edit/sessions/%s", session),
                   "starts=2026-11-28T08:00&ends=2026-11-28T10:00&time_zone=Europe/Paris"
                   "&capacity=10&sure=true");
    assert_int_equal(answer.status, 303);
    int mails = story_mail_count(story, PAUL);
    story_wait(story, HALF_AN_HOUR);
    assert_int_equal(story_mail_count_about(story, ANNE, ASKED), 1);
    assert_int_equal(story_mail_count(story, PAUL), mails);
}

static void who_has_no_address_cannot_be_asked_and_keeps_the_place(void **state)
{
    struct story *story = *state;
    anne_is_in(story);
    story->sweeps = false;
    struct answer added =
        story_post(story, "/campaigns/haie/organise/people", "first_name=Odile&email=&party=3");
    assert_int_equal(added.status, 303);
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    story_wait(story, HALF_AN_HOUR);
    story_wait(story, 2 * DAY_SECONDS);
    assert_int_equal(people_of(story, "haie"), 3); /* Anne, who did not answer, is out */
}

static void of_two_sign_ups_of_a_person_the_one_that_moved_brings_the_mail(void **state)
{
    struct story *story = *state;
    struct campaign_id id = make_dates(story);
    story_write(story, lead, &id);
    story_sign_in(story, NADIA);
    story->sweeps = false;
    guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    guest_comes(story, "dates", ANNE, on_date(story, AFTERNOON, ""));
    const char *session = session_handle(story, "dates", MORNING);
    const char *path = mem_printf(story->mem, "/campaigns/dates/edit/sessions/%s", session);
    story_post(story, path,
               "starts=2026-11-28T08:00&ends=2026-11-28T10:00&time_zone=Europe/Paris"
               "&capacity=10&sure=true");
    struct answer was = story_get_json(story, "/campaigns/dates/edit");
    story_post(story, "/campaigns/dates/edit",
               mem_printf(story->mem,
                          "title=Dates&summary=Trois.&story=Le+verger.&language=fr"
                          "&organiser_name=Nadia&organiser_email=nadia%%40example.org&place=Crest"
                          "&goal=people&minimum=60&opens=%s&closes=%s&time_zone=Europe/Paris"
                          "&party_max=5",
                          answer_text(was, "opens"), answer_text(was, "closes")));
    int mails = story_mail_count(story, ANNE);
    story_wait(story, HALF_AN_HOUR);
    assert_int_equal(story_mail_count(story, ANNE), mails + 1);
    assert_non_null(strstr(story_mail(story, ANNE)->text, "Trois dates → Dates"));
}

static void one_that_begins_sooner_waits_for_answers_until_then_and_takes_nobody_off(void **state)
{
    struct story *story = *state;
    const char *anne = anne_is_in_one_of(story, 2);
    story_wait(story, 6 * DAY_SECONDS); /* it begins tomorrow at two, and then at noon */
    moved(story, "2026-11-28T12:00", "2026-11-28T14:00");
    story_wait(story, HALF_AN_HOUR);
    struct answer answer = story_get_json(story, anne);
    assert_string_equal(answer_text(answer, "answer_by"), "2026-11-28T11:00:00Z");
    story_wait(story, DAY_SECONDS + 3 * HOUR_SECONDS);
    assert_string_equal(state_of(story, anne), "confirmed");
    assert_true(answer_is_null(story_get_json(story, anne), "answer_by"));
}

static void a_campaign_that_is_cancelled_asks_nobody_any_more(void **state)
{
    struct story *story = *state;
    const char *anne = anne_is_in(story);
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    story_wait(story, HALF_AN_HOUR);
    story_post(story, "/campaigns/haie/cancel", "reason=Vent");
    story_run_jobs(story);
    int mails = story_mail_count(story, ANNE);
    story_wait(story, 3 * DAY_SECONDS);
    assert_string_equal(state_of(story, anne), "released");
    assert_int_equal(story_mail_count(story, ANNE), mails);
}

static void a_deadline_that_is_extended_is_told(void **state)
{
    struct story *story = *state;
    anne_is_in(story);
    story_post(story, "/campaigns/haie/extend", "closes=2026-11-28T12:00");
    story_wait(story, HALF_AN_HOUR);
    assert_int_equal(story_mail_count_about(story, ANNE, "a changé"), 1);
    assert_non_null(strstr(story_mail(story, ANNE)->text, "12:00"));
}

/* What is new is told against what each has said yes to. */

static void who_says_yes_between_two_moves_is_asked_about_the_second(void **state)
{
    struct story *story = *state;
    anne_is_in(story);
    story->sweeps = false;
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    story_wait(story, MINUTE_SECONDS);
    const char *paul = guest_comes(story, "haie", PAUL, "");
    story_wait(story, MINUTE_SECONDS);
    moved(story, "2026-11-28T10:00", "2026-11-28T12:00");
    story_wait(story, HALF_AN_HOUR);
    assert_int_equal(story_mail_count_about(story, PAUL, ASKED), 1);
    assert_false(answer_is_null(story_get_json(story, paul), "answer_by"));
    const char *text = story_mail(story, PAUL)->text;
    assert_non_null(strstr(text, "09:00"));
    assert_null(strstr(text, "14:00")); /* he never saw that */
    text = story_mail(story, ANNE)->text;
    assert_non_null(strstr(text, "14:00"));
    assert_null(strstr(text, "09:00"));
}

static void there_and_back_is_news_to_who_came_in_between(void **state)
{
    struct story *story = *state;
    anne_is_in(story);
    story->sweeps = false;
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    story_wait(story, MINUTE_SECONDS);
    guest_comes(story, "haie", PAUL, "");
    story_wait(story, MINUTE_SECONDS);
    moved(story, "2026-11-28T14:00", "2026-11-28T16:00");
    int mails = story_mail_count(story, ANNE);
    story_wait(story, HALF_AN_HOUR);
    assert_int_equal(story_mail_count(story, ANNE), mails);
    assert_int_equal(story_mail_count_about(story, PAUL, ASKED), 1);
}

static void who_chose_the_new_date_already_is_not_asked_about_it(void **state)
{
    struct story *story = *state;
    const char *anne = anne_is_in(story);
    story->sweeps = false;
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    story_wait(story, MINUTE_SECONDS);
    guest_sends(story, anne, "change", "party=3");
    int mails = story_mail_count(story, ANNE);
    story_wait(story, HALF_AN_HOUR);
    assert_int_equal(story_mail_count(story, ANNE), mails);
    assert_true(answer_is_null(story_get_json(story, anne), "answer_by"));
}

static void who_comes_after_an_edit_hears_nothing_of_it(void **state)
{
    struct story *story = *state;
    anne_is_in(story);
    story->sweeps = false;
    renamed(story, "Une+haie");
    story_wait(story, MINUTE_SECONDS);
    guest_comes(story, "haie", PAUL, "");
    int mails = story_mail_count(story, PAUL);
    story_wait(story, HALF_AN_HOUR);
    assert_int_equal(story_mail_count(story, PAUL), mails);
    assert_int_equal(story_mail_count_about(story, ANNE, "a changé"), 1);
}

static void six_digits_agree_to_what_the_form_showed(void **state)
{
    struct story *story = *state;
    anne_is_in(story);
    story->sweeps = false;
    const char *handle =
        answer_text(guest_asks_json(story, "haie", PAUL, ""), "handle"); /* for two o'clock */
    const char *code = story_mail_code(story, PAUL);
    story_wait(story, MINUTE_SECONDS);
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    story_wait(story, MINUTE_SECONDS);
    assert_int_equal(guest_types(story, "haie", handle, code).status, 200);
    story_wait(story, HALF_AN_HOUR);
    assert_int_equal(story_mail_count_about(story, PAUL, ASKED), 1);
}

static void an_older_question_waits_for_the_newer_move(void **state)
{
    struct story *story = *state;
    const char *anne = anne_is_in(story);
    story->sweeps = false;
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    story_wait(story, HALF_AN_HOUR);
    story_wait(story, 2 * DAY_SECONDS - 10 * MINUTE_SECONDS);
    moved(story, "2026-11-28T14:30", "2026-11-28T16:30");
    story_wait(story, 10 * MINUTE_SECONDS); /* the two days for the first one are over */
    assert_string_equal(state_of(story, anne), "confirmed");
    story_wait(story, 20 * MINUTE_SECONDS);
    assert_int_equal(story_mail_count_about(story, ANNE, ASKED), 2);
    story_wait(story, 2 * DAY_SECONDS - 1);
    assert_string_equal(state_of(story, anne), "confirmed");
    story_wait(story, 1);
    assert_string_equal(state_of(story, anne), "expired");
}

static void an_older_question_is_put_again_when_there_was_nothing_newer_in_the_end(void **state)
{
    struct story *story = *state;
    const char *anne = anne_is_in(story);
    story->sweeps = false;
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    story_wait(story, HALF_AN_HOUR);
    story_wait(story, 2 * DAY_SECONDS - 10 * MINUTE_SECONDS);
    moved(story, "2026-11-28T14:30", "2026-11-28T16:30");
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    story_wait(story, 10 * MINUTE_SECONDS);
    int mails = story_mail_count(story, ANNE);
    story_wait(story, 20 * MINUTE_SECONDS); /* nothing is told */
    story_wait(story, 10 * MINUTE_SECONDS);
    assert_int_equal(story_mail_count(story, ANNE), mails + 1);
    assert_int_equal(story_mail_count_about(story, ANNE, ASKED), 1);
    story_wait(story, 12 * HOUR_SECONDS - 1);
    assert_string_equal(state_of(story, anne), "confirmed");
    story_wait(story, 1);
    assert_string_equal(state_of(story, anne), "expired");
}

static void forget_the_telling(struct work *work, void *context)
{
    const struct campaign *campaign = campaign_get_by_slug(work, context);
    job_drop(work, "signups.changes", campaign->id.n);
    sign_up_changes_given_up(work, campaign->id.n); /* as an administrator does with a parked one */
}

static void a_telling_that_is_given_up_holds_up_no_question(void **state)
{
    struct story *story = *state;
    const char *anne = anne_is_in(story);
    story->sweeps = false;
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    story_wait(story, HALF_AN_HOUR);
    moved(story, "2026-11-28T14:30", "2026-11-28T16:30");
    char haie[] = "haie";
    story_write(story, forget_the_telling, haie);
    story_wait(story, 2 * DAY_SECONDS);
    assert_string_equal(state_of(story, anne), "expired");
}

static void whose_place_was_given_back_and_signs_up_anew_is_asked_nothing_old(void **state)
{
    struct story *story = *state;
    const char *anne = anne_is_in(story);
    moved(story, "2026-11-28T09:00", "2026-11-28T11:00");
    story_wait(story, HALF_AN_HOUR);
    story_wait(story, 2 * DAY_SECONDS);
    assert_true(answer_says(story_get(story, anne), "Je peux toujours venir"));
    guest_asks(story, "haie", ANNE, "");
    assert_false(answer_says(story_get(story, anne), "Je peux toujours venir"));
}

/* "13:05" on a clock so many hours off, of what JSON gives in UTC. */
static const char *clock_words(struct story *story, const char *utc, int hours)
{
    int hour = (int)strtol(utc + strlen("2026-11-28T"), NULL, 10);
    return mem_printf(story->mem, "%02d:%.2s", (hour + 24 + hours) % 24,
                      utc + strlen("2026-11-28T14:"));
}

static void until_when_to_answer_is_said_on_the_session_s_clock(void **state)
{
    struct story *story = *state;
    const char *anne = anne_is_in(story);
    story->sweeps = false;
    const char *session = session_handle(story, "haie", 0);
    struct answer answer =
        story_post(story, mem_printf(story->mem, EDIT "/sessions/%s", session),
                   "starts=2026-11-28T13:00&ends=2026-11-28T15:00&time_zone=America/New_York"
                   "&capacity=20&sure=true");
    assert_int_equal(answer.status, 303);
    story_wait(story, HALF_AN_HOUR);
    const char *utc = answer_text(story_get_json(story, anne), "answer_by");
    const char *there = clock_words(story, utc, -5);
    const char *in_paris = clock_words(story, utc, 1);
    const char *text = story_mail(story, ANNE)->text;
    assert_non_null(strstr(text, there));
    assert_null(strstr(text, in_paris));
    struct answer page = story_get(story, anne);
    assert_true(answer_says(page, there));
    assert_false(answer_says(page, in_paris));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(who_says_yes_again_or_changes_something_reads_that_it_was_kept),
        story_test(a_session_that_moves_asks_its_people_again),
        story_test(who_can_still_come_says_so_with_one_click),
        story_test(who_does_not_answer_is_reminded_then_gives_the_place_back),
        story_test(once_sign_ups_are_closed_no_place_is_promised),
        story_test(who_cannot_come_any_more_leaves),
        story_test(one_that_grows_asks_and_one_that_shrinks_only_tells),
        story_test(another_place_asks_as_well),
        story_test(five_edits_make_one_mail),
        story_test(what_is_changed_there_and_back_is_not_told),
        story_test(who_comes_after_the_move_said_yes_to_it_already),
        story_test(who_is_in_another_session_hears_only_of_the_campaign),
        story_test(who_has_no_address_cannot_be_asked_and_keeps_the_place),
        story_test(of_two_sign_ups_of_a_person_the_one_that_moved_brings_the_mail),
        story_test(one_that_begins_sooner_waits_for_answers_until_then_and_takes_nobody_off),
        story_test(a_campaign_that_is_cancelled_asks_nobody_any_more),
        story_test(a_deadline_that_is_extended_is_told),
        story_test(who_says_yes_between_two_moves_is_asked_about_the_second),
        story_test(there_and_back_is_news_to_who_came_in_between),
        story_test(who_chose_the_new_date_already_is_not_asked_about_it),
        story_test(who_comes_after_an_edit_hears_nothing_of_it),
        story_test(six_digits_agree_to_what_the_form_showed),
        story_test(an_older_question_waits_for_the_newer_move),
        story_test(an_older_question_is_put_again_when_there_was_nothing_newer_in_the_end),
        story_test(a_telling_that_is_given_up_holds_up_no_question),
        story_test(until_when_to_answer_is_said_on_the_session_s_clock),
        story_test(whose_place_was_given_back_and_signs_up_anew_is_asked_nothing_old),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
