/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of the administrator's page about sending. The mail server is played. */
#include "story/make_sign_ups.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/time.h"
#include "core/outbox/outbox.h"
#include "main/program.h"
#include "sys/mail.h"
#include "sys/smtp.h"
#include "web/app.h"
#include "web/login.h"
#include "web/work.h"

static const char page[] = "/administration/mail";
static const struct smtp_server server = {.host = "mail.essaim.fr", .port = 587};

struct played {
    struct mailer mailer; /* first */
    struct smtp_answer answer;
};

static void play(struct mailer *mailer, const struct smtp_mail *mail,
                 struct smtp_answer *ret_answer)
{
    (void)mail;
    *ret_answer = ((struct played *)mailer)->answer;
}

/* All that is due is sent to a server that answers so. */
static void send_due(struct story *story, enum smtp_end end, const char *words)
{
    struct played played = {.mailer = {.send = play}, .answer = {.end = end, .code = 550}};
    snprintf(played.answer.words, SMTP_WORDS_BYTES_MAX, "%s", words);
    played.answer.is_about_recipient = end == SMTP_REFUSED;
    outbox_send_due(&story->program->app, &played.mailer);
}

/* The story's settings are its own. */
static struct config *settings(struct story *story)
{
    return (struct config *)story->program->app.config;
}

static void begin(struct story *story)
{
    log_set_level(LOG_ERROR);
    settings(story)->mailbox = false;
    settings(story)->smtp = &server;
    settings(story)->smtp_rate = 600;
    story_sign_in_as(story, "admin@essaim.fr", ROLE_ADMINISTRATOR);
}

/* The page of the test that was sent. */
static const char *send_test(struct story *story, const char *email)
{
    struct answer answer = story_post(story, page, mem_printf(story->mem, "email=%s", email));
    assert_int_equal(answer.status, 303);
    assert_non_null(strstr(answer.location, "/administration/mail?test="));
    return answer.location;
}

static void a_test_waits_and_then_says_what_the_server_said(void **state)
{
    struct story *story = *state;
    begin(story);
    const char *test = send_test(story, "anne%40essaim.fr");
    struct answer answer = story_get(story, test);
    assert_true(answer_says(answer, "Il attend son tour."));
    assert_true(answer_says(answer, "À anne@essaim.fr."));
    assert_true(answer_says(answer, "Regarder de nouveau"));
    send_due(story, SMTP_ACCEPTED, "250 2.0.0 Ok: queued as 4F3B");
    answer = story_get(story, test);
    assert_true(answer_says(answer, "Le serveur l’a accepté."));
    assert_true(answer_says(answer, "250 2.0.0 Ok: queued as 4F3B"));
    assert_false(answer_says(answer, "Regarder de nouveau"));
}

static void each_end_of_a_test_is_told(void **state)
{
    struct story *story = *state;
    static const struct {
        enum smtp_end end;
        const char *words;
    } ends[] = {
        {SMTP_REFUSED, "550 5.1.1 <b>No such user</b>"},
        {SMTP_REFUSED_FOR_NOW, "451 4.7.1 Greylisted"},
        {SMTP_NO_ANSWER, "Timeout was reached"},
        {SMTP_AWAY, "535 5.7.8 Authentication failed"},
    };
    begin(story);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *test = send_test(story, "anne%40essaim.fr");
        send_due(story, ends[i].end, ends[i].words);
        struct answer answer = story_get(story, test);
        assert_true(answer_says(answer, "Il n’a pas été envoyé."));
        assert_true(answer_says(answer, i ? ends[i].words : "&lt;b&gt;No such user&lt;/b&gt;"));
    }
    const char *test = send_test(story, "anne%40essaim.fr");
    send_due(story, SMTP_UNSURE, "Connection reset");
    assert_true(answer_says(story_get(story, test), "Personne ne sait s’il est arrivé"));
    test = send_test(story, "anne%40example.org");
    send_due(story, SMTP_ACCEPTED, "250 ok");
    assert_true(
        answer_says(story_get(story, test), "le domaine de cette adresse n’est à personne"));
}

static void the_page_says_what_waits_and_why(void **state)
{
    struct story *story = *state;
    begin(story);
    make_hedge(story, SESSION_UNLIMITED);
    guest_asks(story, "haie", "anne@essaim.fr", "");
    struct answer answer = story_get(story, page);
    assert_true(answer_says(answer, "Les e‑mails sont envoyés par mail.essaim.fr."));
    assert_true(answer_says(answer, "<dt>Codes et confirmations</dt><dd>1</dd>"));
    assert_false(answer_says(answer, "Le serveur d’e‑mails ne les accepte pas"));
    send_due(story, SMTP_AWAY, "454 4.7.0 TLS not available");
    answer = story_get(story, page);
    assert_true(answer_says(answer, "Le serveur d’e‑mails ne les accepte pas"));
    assert_true(answer_says(answer, "454 4.7.0 TLS not available"));
    send_due(story, SMTP_ACCEPTED, "250 ok");
    answer = story_get(story, page);
    assert_false(answer_says(answer, "454 4.7.0"));
    assert_true(answer_says(answer, "Dernière réponse du serveur"));
    assert_true(answer_says(answer, "Aucun e‑mail n’attend."));
}

static void mails_that_came_back_are_listed_with_the_words(void **state)
{
    struct story *story = *state;
    begin(story);
    make_hedge(story, SESSION_UNLIMITED);
    assert_true(answer_says(story_get(story, page), "Aucun."));
    guest_asks(story, "haie", "anne@essaim.fr", "");
    send_due(story, SMTP_REFUSED, "550 5.1.1 Nobody here");
    struct answer answer = story_get(story, page);
    assert_true(answer_says(answer, "anne@essaim.fr"));
    assert_true(answer_says(answer, "550 5.1.1 Nobody here"));
    assert_true(answer_says(answer, "Cette boîte n’existe pas"));
}

static void a_script_reads_the_same(void **state)
{
    struct story *story = *state;
    begin(story);
    make_hedge(story, SESSION_UNLIMITED);
    guest_asks(story, "haie", "anne@essaim.fr", "");
    const char *test = send_test(story, "leo%40essaim.fr");
    assert_string_equal(answer_text(story_get_json(story, test), "test"), "waiting");
    struct answer answer = story_get_json(story, page);
    assert_int_equal(answer_int(answer, "waiting_at_once"), 2);
    assert_true(answer_is_null(answer, "trouble"));
    assert_true(answer_is_null(answer, "test"));
    send_due(story, SMTP_REFUSED, "550 5.1.1 Nobody");
    answer = story_get_json(story, test);
    assert_string_equal(answer_text(answer, "test"), "refused");
    assert_string_equal(answer_text(answer, "test_words"), "550 5.1.1 Nobody");
    assert_string_equal(answer_text(answer, "bounced.1.words"), "550 5.1.1 Nobody");
}

/* What waits for the administrator, and only then. */
static void the_first_page_of_administration_says_when_mails_do_not_leave(void **state)
{
    static const char notice[] = "Le serveur d’e‑mails n’accepte pas les e‑mails";
    struct story *story = *state;
    begin(story);
    make_hedge(story, SESSION_UNLIMITED);
    assert_false(answer_says(story_get(story, "/administration"), notice));
    guest_asks(story, "haie", "anne@essaim.fr", "");
    send_due(story, SMTP_AWAY, "Timeout was reached");
    assert_true(answer_says(story_get(story, "/administration"), notice));
    send_due(story, SMTP_ACCEPTED, "250 ok");
    assert_false(answer_says(story_get(story, "/administration"), notice));
    settings(story)->smtp = NULL;
    assert_true(answer_says(story_get(story, "/administration"), "Les e‑mails attendent"));
}

static void without_a_server_the_page_says_that_mails_wait(void **state)
{
    struct story *story = *state;
    begin(story);
    settings(story)->smtp = NULL;
    assert_true(answer_says(story_get(story, page), "Les e‑mails attendent"));
    settings(story)->mailbox = true;
    assert_true(answer_says(story_get(story, page), "dans la boîte de cette machine"));
    assert_true(answer_says(story_get(story, send_test(story, "anne%40essaim.fr")),
                            "Il est montré dans la boîte"));
    assert_string_equal(story_mail(story, "anne@essaim.fr")->subject, "Ça marche");
}

static void a_test_to_no_address_is_shown_again(void **state)
{
    struct story *story = *state;
    begin(story);
    struct answer answer = story_post(story, page, "email=anne");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "value=\"anne\""));
    assert_true(answer_says(answer, "L’envoi des e‑mails"));
    assert_true(answer_says(story_get(story, page), "value=\"admin@essaim.fr\""));
}

static void nobody_reads_here_what_became_of_other_mails(void **state)
{
    struct story *story = *state;
    begin(story);
    make_hedge(story, SESSION_UNLIMITED);
    guest_asks(story, "haie", "anne@example.org", "");
    const char *handle = story_newest_mail(story);
    struct answer answer =
        story_get(story, mem_printf(story->mem, "/administration/mail?test=%s", handle));
    assert_int_equal(answer.status, 200);
    assert_false(answer_says(answer, "anne@example.org"));
    assert_int_equal(story_get(story, "/administration/mail?test=x").status, 200);
}

static void the_page_is_for_administrators_alone(void **state)
{
    struct story *story = *state;
    begin(story);
    story_sign_in_as(story, "zoe@essaim.fr", ROLE_FACILITATOR);
    assert_int_equal(story_get(story, page).status, 404);
    assert_int_equal(story_post(story, page, "email=zoe%40essaim.fr").status, 404);
    story_sign_out(story);
    assert_int_equal(story_get(story, page).status, 303);
    assert_int_equal(story_post(story, page, "email=zoe%40essaim.fr").status, 401);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(a_test_waits_and_then_says_what_the_server_said),
        story_test(each_end_of_a_test_is_told),
        story_test(the_page_says_what_waits_and_why),
        story_test(mails_that_came_back_are_listed_with_the_words),
        story_test(a_script_reads_the_same),
        story_test(the_first_page_of_administration_says_when_mails_do_not_leave),
        story_test(without_a_server_the_page_says_that_mails_wait),
        story_test(a_test_to_no_address_is_shown_again),
        story_test(nobody_reads_here_what_became_of_other_mails),
        story_test(the_page_is_for_administrators_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
