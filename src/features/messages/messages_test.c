/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of writing to all: how it looks, who gets it and who does not, once each; one at a time,
 * a few in a day; and what is refused. */
#include "features/messages/messages.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "core/outbox/outbox.h"
#include "features/messages/messages_local.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "features/signups/signups.h"
#include "story/make_sign_ups.h"
#include "sys/db.h"
#include "sys/mail.h"
#include "web/feature.h"
#include "web/work.h"

#define ANNE "anne@example.org"
#define PAUL "paul@example.org"
#define NOUR "nour@example.org"
#define PAGE "/campaigns/haie/organise/message"
#define WORDS                                                                                      \
    "subject=Apportez+des+gants&body=Voir+https%3A%2F%2Fexample.org%2Fplan.%0A%0AMerci+**"         \
    "beaucoup**"

/* Writes it, and gives the handle to send it by. */
static const char *written(struct story *story, const char *page, const char *form)
{
    assert_int_equal(story_post(story, page, form).status, 303);
    return answer_text(story_get_json(story, mem_printf(story->mem, "%s/preview", page)), "id");
}

static struct answer sends(struct story *story, const char *page, const char *handle)
{
    return story_post_json(story, mem_printf(story->mem, "%s/send", page),
                           mem_printf(story->mem, "{\"message\":\"%s\"}", handle));
}

static void assert_refused(struct answer answer, int status, const char *code)
{
    assert_int_equal(answer.status, status);
    assert_string_equal(answer_text(answer, "code"), code);
}

static void it_is_shown_as_it_will_arrive_with_how_many_get_it(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", ANNE, "party=3");
    guest_comes(story, "haie", PAUL, "");
    guest_asks_json(story, "haie", NOUR, ""); /* not confirmed */
    struct answer answer = story_post(story, PAGE, WORDS);
    assert_string_equal(answer.location, PAGE "/preview");
    answer = story_get(story, PAGE "/preview");
    assert_true(answer_says(answer, "<a href=\"https://example.org/plan\""));
    assert_true(answer_says(answer, "<strong>beaucoup</strong>"));
    assert_true(answer_says(answer, "2 e‑mails partiront, un par adresse."));
    assert_true(answer_says(answer, "Pour 4 personnes, accompagnants compris."));
    struct answer preview = story_get_json(story, PAGE "/preview");
    assert_int_equal(answer_int(preview, "readers"), 2);
    assert_int_equal(answer_int(preview, "people"), 4);
    assert_true(answer_says(story_get(story, PAGE), "Apportez des gants")); /* to change it */
}

/* What the preview shows is what arrives: from whom, under which subject, with what below. */
static void the_preview_is_the_mail_itself(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", ANNE, "");
    const char *handle = written(story, PAGE, WORDS);
    struct answer preview = story_get(story, PAGE "/preview");
    sends(story, PAGE, handle);
    story_run_jobs(story);
    const struct mail_read *mail = story_mail(story, ANNE);
    assert_non_null(strstr(mail->subject, "Apportez des gants – "));
    assert_true(answer_says(preview, mail->subject));
    assert_true(answer_says(preview, "&lt;no-reply@"));
    assert_true(answer_says(preview, "nadia@example.org"));
    const char *const below[] = {"vous participez", "Choisir les e‑mails que vous recevez",
                                 "Voir, changer ou annuler", "a écrit ce message aux personnes"};
    for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
        assert_true(answer_says(preview, below[i]));
        assert_non_null(strstr(mail->html, below[i]));
    }
    assert_non_null(strstr(mail->html, "/sign-ups/"));
    assert_false(answer_says(preview, "/sign-ups/")); /* each reader's own */
}

static void many_come(struct work *work, void *context)
{
    const int *count = context;
    tx_do(work->tx,
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) "
          "INSERT INTO sign_up (id, community_id, campaign_id, session_id, handle, generation, "
          "ref, brought_by, email, first_name, language, party, minutes_each, show_name, state, "
          "rank, created_at, confirmed_at, expires_at, asked) SELECT s.id + i, s.community_id, "
          "s.campaign_id, s.session_id, 'h' || i, 1, 'r' || i, 0, i || '@example.org', 'P', 'fr', "
          "2, 0, 0, 'confirmed', i, s.created_at, s.confirmed_at, 0, 1 FROM sign_up s, n",
          *count);
    tx_do(work->tx, "UPDATE campaign SET people = people + 2 * ?1", *count);
}

static void they_leave(struct work *work, void *context)
{
    const int *count = context;
    tx_do(work->tx, "DELETE FROM sign_up WHERE first_name = 'P'");
    tx_do(work->tx, "UPDATE campaign SET people = people - 2 * ?1", *count);
}

/* An event thread counts them: no more than a maximum, however many there are. */
static void of_very_many_some_are_counted(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, SESSION_UNLIMITED));
    guest_comes(story, "haie", ANNE, "");
    written(story, PAGE, WORDS);
    for (int more = -1; more < 2; more++) {
        int count = SIGN_UP_REACH_MAX + more;
        story_write(story, many_come, &count);
        struct answer preview = story_get_json(story, PAGE "/preview");
        assert_int_equal(answer_int(preview, "readers"), SIGN_UP_REACH_MAX + (more >= 0));
        assert_int_equal(answer_int(preview, "people"), 1 + 2 * count);
        bool says_more = answer_says(story_get(story, PAGE "/preview"), "Au moins");
        assert_int_equal(says_more, more >= 0);
        story_write(story, they_leave, &count);
    }
}

/* It does not take place: a word that it is on another day is welcome, for a month. */
static void who_was_released_is_still_written_to(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", ANNE, "party=3");
    guest_sends(story, guest_comes(story, "haie", PAUL, ""), "cancel", "");
    story_post(story, "/campaigns/haie/cancel", "reason=Vent");
    story_run_jobs(story);
    assert_true(answer_says(story_get(story, "/campaigns/haie/organise"), PAGE));
    const char *handle = written(story, PAGE, WORDS);
    struct answer preview = story_get_json(story, PAGE "/preview");
    assert_int_equal(answer_int(preview, "readers"), 1);
    assert_int_equal(answer_int(preview, "people"), 3);
    assert_int_equal(sends(story, PAGE, handle).status, 202);
    story_run_jobs(story);
    assert_int_equal(story_mail_count_about(story, ANNE, "gants"), 1);
    assert_int_equal(story_mail_count_about(story, PAUL, "gants"), 0);

    handle = written(story, PAGE, WORDS);
    story_wait(story, 90 * DAY_SECONDS); /* long after it would have been */
    story_sign_in(story, "nadia@example.org");
    assert_refused(sends(story, PAGE, handle), 409, "message_too_late");
    assert_refused(story_post_json(story, PAGE, "{\"subject\":\"a\",\"body\":\"b\"}"), 409,
                   "message_too_late");
    struct answer page = story_get(story, PAGE);
    assert_false(answer_says(page, "name=\"body\""));
    assert_true(answer_says(page, "Apportez des gants")); /* what was sent */
    assert_int_equal(story_get(story, PAGE "/preview").status, 303);
    assert_true(answer_says(story_get(story, "/campaigns/haie/organise"), "Voir ce qui est parti"));
}

static void to_draft(struct work *work, void *context)
{
    (void)context;
    tx_do(work->tx, "UPDATE campaign SET state = 'draft'");
}

static void before_it_is_open_nobody_is_written_to(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    story_write(story, to_draft, NULL);
    assert_false(answer_says(story_get(story, "/campaigns/haie/organise"), PAGE));
    assert_false(answer_says(story_get(story, PAGE), "name=\"body\""));
    assert_refused(story_post_json(story, PAGE, "{\"subject\":\"a\",\"body\":\"b\"}"), 409,
                   "message_too_early");
}

static void everybody_who_is_in_gets_it_once_and_answers_reach_the_organiser(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", ANNE, "party=3");
    guest_comes(story, "haie", PAUL, "");
    guest_sends(story, guest_comes(story, "haie", NOUR, ""), "cancel", "");
    struct answer answer = sends(story, PAGE, written(story, PAGE, WORDS));
    assert_int_equal(answer.status, 202);
    assert_string_equal(answer_text(answer, "state"), "sending");
    story_run_jobs(story);
    assert_int_equal(story_mail_count_about(story, ANNE, "gants"), 1);
    assert_int_equal(story_mail_count_about(story, PAUL, "gants"), 1);
    assert_int_equal(story_mail_count_about(story, NOUR, "gants"), 0);
    const struct mail_read *mail = story_mail(story, ANNE);
    assert_non_null(strstr(mail->html, "<strong>beaucoup</strong>"));
    assert_non_null(strstr(mail->text, "Merci beaucoup\n"));
    assert_non_null(strstr(mail->text, "nadia"));
    assert_non_null(strstr(mail->text, guest_link(story, ANNE)));
    answer = story_get_json(story, mem_printf(story->mem, PAGE "/%s", answer_text(answer, "id")));
    assert_string_equal(answer_text(answer, "state"), "sent");
    assert_int_equal(answer_int(answer, "mails"), 2);
    assert_true(answer_says(story_get(story, PAGE), "2 e‑mails"));
    assert_true(answer_says(story_get(story, "/campaigns/haie/organise"), "Apportez des gants"));
}

static void who_has_two_dates_gets_one_mail_and_one_date_can_be_written_to(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_dates(story));
    guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    guest_comes(story, "dates", ANNE, on_date(story, AFTERNOON, ""));
    guest_comes(story, "dates", PAUL, on_date(story, AFTERNOON, ""));
#define DATES "/campaigns/dates/organise/message"
    sends(story, DATES, written(story, DATES, WORDS));
    story_run_jobs(story);
    assert_int_equal(story_mail_count_about(story, ANNE, "gants"), 1);
    const char *to_one = mem_printf(story->mem, "subject=Matin&body=Tôt&session=%s",
                                    session_handle(story, "dates", MORNING));
    const char *handle = written(story, DATES, to_one);
    assert_int_equal(answer_int(story_get_json(story, DATES "/preview"), "readers"), 1);
    sends(story, DATES, handle);
    story_run_jobs(story);
    assert_int_equal(story_mail_count_about(story, ANNE, "Matin"), 1);
    assert_int_equal(story_mail_count_about(story, PAUL, "Matin"), 0);
}

static void switch_off(struct work *work, void *context)
{
    outbox_kind_switch(work, context, OUTBOX_CAMPAIGN_NEWS, false);
}

static void who_switched_them_off_is_not_counted_and_gets_none(void **state)
{
    struct story *story = *state;
    char paul[] = PAUL;
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", ANNE, "");
    guest_comes(story, "haie", PAUL, "");
    story_post_json(story, "/campaigns/haie/organise/people",
                    "{\"first_name\":\"Ali\",\"party\":1}"); /* without an address */
    story_write(story, switch_off, paul);
    const char *handle = written(story, PAGE, WORDS);
    struct answer preview = story_get_json(story, PAGE "/preview");
    assert_int_equal(answer_int(preview, "readers"), 1);
    assert_int_equal(answer_int(preview, "silent"), 1);
    sends(story, PAGE, handle);
    story_run_jobs(story);
    assert_int_equal(story_mail_count_about(story, PAUL, "gants"), 0);
    assert_int_equal(
        answer_int(story_get_json(story, mem_printf(story->mem, PAGE "/%s", handle)), "mails"), 1);
}

static void to_nobody_nothing_is_offered_to_be_sent(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    written(story, PAGE, WORDS);
    struct answer answer = story_get(story, PAGE "/preview");
    assert_true(answer_says(answer, "data-kind=\"warning\""));
    assert_false(answer_says(answer, "<button class=\"button\">"));
}

static void who_comes_after_it_was_sent_does_not_get_it(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", ANNE, "");
    sends(story, PAGE, written(story, PAGE, WORDS));
    time_passes_alone(story, 1);
    guest_comes(story, "haie", PAUL, "");
    story_run_jobs(story);
    assert_int_equal(story_mail_count_about(story, ANNE, "gants"), 1);
    assert_int_equal(story_mail_count_about(story, PAUL, "gants"), 0);
}

/* Refusals. */

static void what_is_wrong_stands_beside_its_field(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    struct answer answer = story_post(story, PAGE, "subject=&body=Bonjour");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "message-subject-error"));
    assert_true(answer_says(answer, "Bonjour"));
    answer = story_post_json(story, PAGE,
                             "{\"subject\":\"a\",\"body\":\"b\",\"session\":\"elsewhere\"}");
    assert_refused(answer, 422, "fields");
    assert_true(strlen(answer_text(answer, "errors.session")) > 0);
}

/* A few thousand signs, and hundreds of kilobytes once they are quotes in quotes. */
static void what_grows_too_long_as_a_mail_is_told_and_kept(void **state)
{
    enum { QUOTES = 4000 };
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    char *body = mem_alloc(story->mem, QUOTES * 3 + 1);
    for (int i = 0; i < QUOTES; i++)
        memcpy(body + (ptrdiff_t)i * 3, "%3E", 3);
    const char *form = mem_printf(story->mem, "subject=Gants&body=Bonjour%%0A%%0A%sfin", body);
    struct answer answer = story_post(story, PAGE, form);
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "message-body-error"));
    assert_true(answer_says(answer, "Gants"));
    assert_true(answer_says(answer, "&gt;&gt;&gt;fin"));
}

static void what_was_written_anew_is_looked_at_anew(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", ANNE, "");
    const char *handle = written(story, PAGE, WORDS);
    written(story, PAGE, "subject=Autre&body=Autre");
    assert_refused(sends(story, PAGE, handle), 409, "message_changed");
    struct answer answer =
        story_post(story, PAGE "/send", mem_printf(story->mem, "message=%s", handle));
    assert_int_equal(answer.status, 409);
    assert_true(answer_says(answer, PAGE "/preview")); /* the way to look again */
    assert_int_equal(story_get(story, PAGE "/send").status, 303);
}

static void without_a_draft_there_is_nothing_to_send(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    assert_refused(sends(story, PAGE, "abcdefghijkl"), 404, "not_found");
    assert_int_equal(story_get(story, PAGE "/preview").status, 303);
    assert_refused(story_get_json(story, PAGE "/preview"), 409, "message_not_written");
    assert_int_equal(story_get(story, PAGE "/abcdefghijkl").status, 404);
}

static void one_at_a_time(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", ANNE, "");
    assert_int_equal(sends(story, PAGE, written(story, PAGE, WORDS)).status, 202);
    const char *second = written(story, PAGE, "subject=Deux&body=Deux");
    assert_refused(sends(story, PAGE, second), 409, "message_going_out");
    story_run_jobs(story);
    assert_int_equal(sends(story, PAGE, second).status, 202);
}

static void park(struct work *work, void *context)
{
    (void)context;
    tx_do(work->tx, "UPDATE job SET parked_at = ?1, attempts = 8 WHERE kind = 'messages.send'",
          work->now);
}

static void one_that_was_given_up_does_not_hold_up_the_next(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", ANNE, "");
    const char *nadia = story->cookie;
    assert_int_equal(sends(story, PAGE, written(story, PAGE, WORDS)).status, 202);
    story_write(story, park, NULL);
    story_sign_in_as(story, "chef@example.org", ROLE_ADMINISTRATOR);
    const char *page = story_get(story, "/administration/jobs").body;
    const char *end = strstr(page, "/drop\"");
    assert_non_null(end);
    const char *start = end;
    while (*start != '"')
        start--;
    const char *drop =
        mem_strndup(story->mem, start + 1, (size_t)(end - start - 1) + strlen("/drop"));
    assert_int_equal(story_post(story, drop, "").status, 303);
    story->cookie = nadia;
    assert_int_equal(sends(story, PAGE, written(story, PAGE, WORDS)).status, 202);
}

static void three_in_a_day(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", ANNE, "");
    for (int i = 0; i < MESSAGES_PER_DAY_MAX; i++) {
        assert_int_equal(sends(story, PAGE, written(story, PAGE, WORDS)).status, 202);
        story_run_jobs(story);
    }
    const char *fourth = written(story, PAGE, WORDS);
    assert_refused(sends(story, PAGE, fourth), 429, "message_enough");
    assert_true(answer_says(story_get(story, PAGE), "data-kind=\"warning\""));
    story_wait(story, DAY_SECONDS);
    assert_int_equal(sends(story, PAGE, fourth).status, 202);
}

static void only_who_leads_it_writes(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    story_sign_in(story, PAUL);
    assert_int_equal(story_get(story, PAGE).status, 404);
    assert_int_equal(story_post(story, PAGE, WORDS).status, 404);
    assert_int_equal(sends(story, PAGE, "abcdefghijkl").status, 404);
}

static void forget_nadia(struct work *work, void *context)
{
    (void)context;
    feature_forget_person(work, "nadia@example.org");
}

static void whoever_wrote_it_is_forgotten_and_the_message_stays(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", ANNE, "");
    const char *handle = written(story, PAGE, WORDS);
    sends(story, PAGE, handle);
    story_run_jobs(story);
    story_write(story, forget_nadia, NULL);
    story_sign_in_as(story, "chef@example.org", ROLE_FACILITATOR);
    struct answer answer = story_get_json(story, mem_printf(story->mem, PAGE "/%s", handle));
    assert_string_equal(answer_text(answer, "author"), "");
    assert_string_equal(answer_text(answer, "subject"), "Apportez des gants");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(it_is_shown_as_it_will_arrive_with_how_many_get_it),
        story_test(the_preview_is_the_mail_itself),
        story_test(of_very_many_some_are_counted),
        story_test(who_was_released_is_still_written_to),
        story_test(before_it_is_open_nobody_is_written_to),
        story_test(everybody_who_is_in_gets_it_once_and_answers_reach_the_organiser),
        story_test(who_has_two_dates_gets_one_mail_and_one_date_can_be_written_to),
        story_test(who_switched_them_off_is_not_counted_and_gets_none),
        story_test(to_nobody_nothing_is_offered_to_be_sent),
        story_test(who_comes_after_it_was_sent_does_not_get_it),
        story_test(what_is_wrong_stands_beside_its_field),
        story_test(what_grows_too_long_as_a_mail_is_told_and_kept),
        story_test(what_was_written_anew_is_looked_at_anew),
        story_test(without_a_draft_there_is_nothing_to_send),
        story_test(one_at_a_time),
        story_test(one_that_was_given_up_does_not_hold_up_the_next),
        story_test(three_in_a_day),
        story_test(only_who_leads_it_writes),
        story_test(whoever_wrote_it_is_forgotten_and_the_message_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
