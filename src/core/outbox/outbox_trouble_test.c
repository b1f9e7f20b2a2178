/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What becomes of mails when something goes wrong between us and the server: it is away, it hangs,
 * it goes without a word; or we do. */
#include "core/outbox/outbox_send_fixture.h"

/* What is left when the process dies between its note and the server's answer. */
static void die_while_sending(struct stage *stage)
{
    struct mail_claim claim;
    struct work *work = core_begin(&stage->core);
    assert_true(mail_claim(work, false, &claim));
    core_commit(&stage->core);
}

/* The server took all of it and went without a word: it may have arrived, or that server is ill. */
static void what_may_have_arrived_goes_once_more_and_not_a_third_time(void **state)
{
    struct stage *stage = *state;
    answer_with(stage, SMTP_UNSURE, 0, "Connection reset");
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    assert_int_equal(send_due(stage), 1);
    wait_seconds(stage, 10 * MINUTE_SECONDS - 1);
    assert_int_equal(send_due(stage), 0);
    assert_int_equal(in_state(stage, "waiting"), 1);
    wait_seconds(stage, 1);
    assert_int_equal(send_due(stage), 1);
    wait_seconds(stage, DAY_SECONDS);
    assert_int_equal(send_due(stage), 0);
    assert_string_equal(stage->server.messages[0], stage->server.messages[1]);
    assert_int_equal(in_state(stage, "unsure"), 1);
    assert_int_equal(address_of(stage, "zoe@a.fr").reach, OUTBOX_UNSTEADY);
}

static void a_server_that_was_ill_gets_the_mail_when_it_is_well(void **state)
{
    struct stage *stage = *state;
    answer_with(stage, SMTP_UNSURE, 0, "Connection reset");
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    assert_int_equal(send_due(stage), 1);
    answer_with(stage, SMTP_ACCEPTED, 250, "250 ok");
    wait_seconds(stage, HOUR_SECONDS);
    assert_int_equal(send_due(stage), 1);
    assert_int_equal(in_state(stage, "sent"), 1);
}

/* It costs one mail its time, not each of them; and so does one that drops every line. */
static void while_a_server_hangs_the_others_wait(void **state)
{
    static const enum smtp_end ends[] = {SMTP_NO_ANSWER, SMTP_UNSURE};
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct sending sending = {.app = &stage->core.app, .mailer = &stage->server.mailer};
        int before = stage->server.count;
        answer_with(stage, ends[i], 0, "Timeout was reached");
        for (int mails = 0; mails < 3; mails++)
            write_mail(stage, "zoe@a.fr", OUTBOX_BULK);
        for (int turns = 0; turns < 5; turns++)
            sending_turn(&sending);
        assert_int_equal(stage->server.count, before + 1);
        assert_int_equal(sending.away_pause_ms, 2000);
        sending.away_ends_ms = 0; /* that time has passed */
        write_mail(stage, "code@a.fr", OUTBOX_AT_ONCE);
        for (int turns = 0; turns < 5; turns++)
            sending_turn(&sending);
        assert_int_equal(stage->server.count, before + 2);
        assert_string_equal(stage->server.recipients[before + 1], "code@a.fr");
        assert_int_equal(sending.away_pause_ms, 4000);
        sending_end(&sending);
    }
}

/* Its sender is not taken, maybe for something in that mail alone. */
static void a_mail_whose_sender_is_refused_does_not_hold_up_the_others(void **state)
{
    struct stage *stage = *state;
    answer_with(stage, SMTP_SENDER_REFUSED, 451, "451 4.1.8 Not this sender");
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    assert_int_equal(send_due(stage), 1);
    assert_string_equal(status_of(stage).trouble, "451 4.1.8 Not this sender");
    answer_with(stage, SMTP_ACCEPTED, 250, "250 ok");
    write_mail(stage, "anne@a.fr", OUTBOX_SOON);
    assert_int_equal(send_due(stage), 1);
    assert_string_equal(stage->server.recipients[1], "anne@a.fr");
    wait_seconds(stage, 5 * MINUTE_SECONDS);
    assert_int_equal(send_due(stage), 1);
    assert_string_equal(stage->server.recipients[2], "zoe@a.fr");
    assert_int_equal(in_state(stage, "sent"), 2);
    assert_int_equal(address_of(stage, "zoe@a.fr").reach, OUTBOX_REACHED);
}

static void a_sender_that_is_never_taken_condemns_no_address(void **state)
{
    struct stage *stage = *state;
    answer_with(stage, SMTP_SENDER_REFUSED, 550, "550 Not this sender");
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    for (int days = 0; days < 5; days++) {
        send_due(stage);
        wait_seconds(stage, DAY_SECONDS);
    }
    assert_int_equal(in_state(stage, "given-up"), 1);
    assert_int_equal(address_of(stage, "zoe@a.fr").reach, OUTBOX_REACHED);
}

static void after_a_crash_a_mail_goes_once_more(void **state)
{
    struct stage *stage = *state;
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    die_while_sending(stage);
    assert_int_equal(send_due(stage), 1);
    assert_int_equal(in_state(stage, "sent"), 1);
    assert_int_equal(send_due(stage), 0);
}

/* Its commit is said to have failed, and has taken the mail all the same. */
static void what_a_turn_took_that_seemed_to_fail_goes_with_the_next(void **state)
{
    struct stage *stage = *state;
    struct sending sending = {.app = &stage->core.app, .mailer = &stage->server.mailer};
    struct db_failure failure = {.at_commit = true};
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    db_fail(stage->core.db, &failure);
    assert_false(sending_turn(&sending));
    assert_true(failure.reached);
    db_fail(stage->core.db, NULL);
    die_while_sending(stage);
    assert_true(sending_turn(&sending));
    assert_int_equal(stage->server.count, 1);
    sending_end(&sending);
    assert_int_equal(in_state(stage, "sent"), 1);
}

static void after_two_crashes_it_does_not_go_a_third_time(void **state)
{
    struct stage *stage = *state;
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    die_while_sending(stage);
    struct sending sending = {.app = &stage->core.app};
    assert_true(sending_begin(&sending));
    die_while_sending(stage);
    assert_int_equal(send_due(stage), 0);
    assert_int_equal(in_state(stage, "unsure"), 1);
    assert_int_equal(with_text(stage), 0);
}

static void refusals_between_do_not_use_up_what_a_crash_may(void **state)
{
    struct stage *stage = *state;
    answer_with(stage, SMTP_REFUSED_FOR_NOW, 451, "451 later");
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    for (int i = 0; i < 3; i++) {
        send_due(stage);
        wait_seconds(stage, HOUR_SECONDS);
    }
    die_while_sending(stage);
    answer_with(stage, SMTP_ACCEPTED, 250, "250 ok");
    assert_int_equal(send_due(stage), 1);
    assert_int_equal(in_state(stage, "sent"), 1);
}

static void while_the_server_is_away_mails_keep_their_place(void **state)
{
    struct stage *stage = *state;
    answer_with(stage, SMTP_AWAY, 535, "535 5.7.8 Authentication failed");
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    write_mail(stage, "anne@a.fr", OUTBOX_SOON);
    assert_int_equal(send_due(stage), 1);
    struct outbox_status status = status_of(stage);
    assert_string_equal(status.trouble, "535 5.7.8 Authentication failed");
    wait_seconds(stage, 60);
    assert_int_equal(send_due(stage), 1);
    status = status_of(stage);
    assert_int_equal(status.trouble_at, CORE_NOW); /* since when, not when last */
    assert_int_equal(status.waiting_soon, 2);
    assert_int_equal(number(stage, "SELECT CAST(SUM(attempts + unsure) AS BIGINT) FROM mail"), 0);
    assert_int_equal(address_of(stage, "zoe@a.fr").reach, OUTBOX_REACHED);
    answer_with(stage, SMTP_ACCEPTED, 250, "250 ok");
    assert_int_equal(send_due(stage), 2);
    assert_string_equal(status_of(stage).trouble, "");
}

static void a_thread_tries_tests_alone_while_the_server_is_away(void **state)
{
    struct stage *stage = *state;
    struct sending sending = {.app = &stage->core.app, .mailer = &stage->server.mailer};
    answer_with(stage, SMTP_AWAY, 0, "Could not connect");
    write_mail(stage, "zoe@a.fr", OUTBOX_AT_ONCE);
    assert_true(sending_turn(&sending));
    assert_true(sending_turn(&sending)); /* notes it */
    assert_false(sending_turn(&sending));
    write_mail(stage, "admin@a.fr", OUTBOX_TEST);
    assert_true(sending_turn(&sending));
    sending_end(&sending);
    assert_int_equal(stage->server.count, 2);
    assert_string_equal(stage->server.recipients[1], "admin@a.fr");
    assert_int_equal(in_state(stage, "refused"), 1);
    assert_int_equal(in_state(stage, "waiting"), 1);
}

/* Each call of the commit that notes an attempt fails in turn: nothing is handed over then. */
static void what_cannot_be_noted_is_not_handed_over(void **state)
{
    struct stage *stage = *state;
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    bool failed = true;
    for (int n = 1; failed; n++) {
        struct sending sending = {.app = &stage->core.app, .mailer = &stage->server.mailer};
        struct db_failure failure = {.countdown = n, .lasting = true};
        db_fail(stage->core.db, &failure);
        sending_turn(&sending);
        db_fail(stage->core.db, NULL);
        failed = failure.reached;
        if (failed) {
            assert_int_equal(stage->server.count, 0);
            assert_int_equal(in_state(stage, "waiting"), 1);
        }
        sending_end(&sending);
    }
    assert_int_equal(stage->server.count, 1);
    assert_int_equal(in_state(stage, "sent"), 1);
}

/* The disk fills up while a mail is under way: nothing else leaves before its end is noted. */
static void an_end_that_cannot_be_noted_holds_up_the_next(void **state)
{
    struct stage *stage = *state;
    struct sending sending = {.app = &stage->core.app, .mailer = &stage->server.mailer};
    write_mail(stage, "one@a.fr", OUTBOX_SOON);
    write_mail(stage, "two@a.fr", OUTBOX_SOON);
    assert_true(sending_turn(&sending));
    struct db_failure failure = {.countdown = 1, .lasting = true};
    db_fail(stage->core.db, &failure);
    for (int i = 0; i < 3; i++)
        assert_false(sending_turn(&sending));
    assert_true(failure.reached);
    assert_int_equal(stage->server.count, 1);
    db_fail(stage->core.db, NULL);
    for (int i = 0; i < 3; i++) {
        sending.next_ms = 0; /* whatever the rate */
        sending_turn(&sending);
    }
    assert_int_equal(stage->server.count, 2);
    assert_int_equal(in_state(stage, "sent"), 2);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_may_have_arrived_goes_once_more_and_not_a_third_time),
        TEST(a_server_that_was_ill_gets_the_mail_when_it_is_well),
        TEST(while_a_server_hangs_the_others_wait),
        TEST(a_mail_whose_sender_is_refused_does_not_hold_up_the_others),
        TEST(a_sender_that_is_never_taken_condemns_no_address),
        TEST(after_a_crash_a_mail_goes_once_more),
        TEST(what_a_turn_took_that_seemed_to_fail_goes_with_the_next),
        TEST(after_two_crashes_it_does_not_go_a_third_time),
        TEST(refusals_between_do_not_use_up_what_a_crash_may),
        TEST(while_the_server_is_away_mails_keep_their_place),
        TEST(a_thread_tries_tests_alone_while_the_server_is_away),
        TEST(what_cannot_be_noted_is_not_handed_over),
        TEST(an_end_that_cannot_be_noted_holds_up_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
