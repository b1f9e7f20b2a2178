/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Two processes on one database, each with mails to send: one sends, the other comes after it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/outbox/outbox_send_fixture.h"
#include "core/outbox/outbox_sending_local.h"

enum { OTHER = 2 };

/* A process that sends, of those that share the stage's database. */
struct process {
    struct app app;
    struct sending sending;
};

static void process_new(struct stage *stage, struct process *process, int64_t number)
{
    stage->core.config.database = "postgresql://shared";
    process->app = stage->core.app;
    process->app.process = number;
    process->sending = (struct sending){.app = &process->app, .mailer = &stage->server.mailer};
    assert_true(sending_begin(&process->sending));
}

static void two_new(struct stage *stage, struct process *one, struct process *other)
{
    process_new(stage, one, 1);
    process_new(stage, other, OTHER);
}

static void write_two(struct stage *stage)
{
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    write_mail(stage, "anne@a.fr", OUTBOX_SOON);
}

static void its_lease_ends(struct stage *stage)
{
    tx_do(core_begin(&stage->core)->tx, "UPDATE mail_server SET sender_until = 1");
    core_commit(&stage->core);
}

static void one_sends_and_the_other_waits(void **state)
{
    struct stage *stage = *state;
    struct process one;
    struct process other;
    two_new(stage, &one, &other);
    write_two(stage);
    assert_true(sending_turn(&one.sending));
    assert_false(sending_turn(&other.sending));
    assert_int_equal(stage->server.count, 1);
    assert_int_equal(in_state(stage, "sending"), 1);
}

static void who_has_no_more_to_send_leaves_its_place(void **state)
{
    struct stage *stage = *state;
    struct process one;
    struct process other;
    two_new(stage, &one, &other);
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    assert_true(sending_turn(&one.sending));
    one.sending.next_ms = 0; /* the pause of the rate is over */
    assert_true(sending_turn(&one.sending));
    assert_int_equal(in_state(stage, "sent"), 1);
    write_mail(stage, "anne@a.fr", OUTBOX_SOON);
    assert_true(sending_turn(&other.sending));
    assert_false(sending_turn(&one.sending));
    assert_int_equal(stage->server.count, 2);
}

/* Else two processes would send at twice the rate. */
static void who_pauses_for_the_rate_keeps_its_place(void **state)
{
    struct stage *stage = *state;
    struct process one;
    struct process other;
    two_new(stage, &one, &other);
    write_two(stage);
    assert_true(sending_turn(&one.sending));
    one.sending.next_ms = INT64_MAX;
    assert_true(sending_turn(&one.sending)); /* notes how it ended */
    assert_int_equal(in_state(stage, "sent"), 1);
    assert_false(sending_turn(&other.sending));
    assert_int_equal(stage->server.count, 1);
}

static void who_ends_in_peace_leaves_its_place(void **state)
{
    struct stage *stage = *state;
    struct process one;
    struct process other;
    two_new(stage, &one, &other);
    write_two(stage);
    assert_true(sending_turn(&one.sending));
    sending_end(&one.sending);
    assert_true(sending_turn(&other.sending));
    assert_int_equal(in_state(stage, "sent"), 1);
    assert_int_equal(in_state(stage, "sending"), 1);
}

static void the_mail_of_one_that_died_goes_once_more_after_its_lease(void **state)
{
    struct stage *stage = *state;
    struct process one;
    struct process other;
    process_new(stage, &one, 1);
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    assert_true(sending_turn(&one.sending)); /* and is never heard of again */
    process_new(stage, &other, OTHER);       /* starts, and takes nothing from anybody */
    assert_false(sending_turn(&other.sending));
    assert_int_equal(in_state(stage, "sending"), 1);
    its_lease_ends(stage);
    assert_true(sending_turn(&other.sending));
    assert_int_equal(stage->server.count, 2);
    sending_end(&other.sending);
    assert_int_equal(in_state(stage, "sent"), 1);
}

static void after_two_deaths_it_does_not_go_a_third_time(void **state)
{
    struct stage *stage = *state;
    struct process processes[3];
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    for (int i = 0; i < 3; i++) {
        process_new(stage, &processes[i], 1 + i);
        assert_int_equal(sending_turn(&processes[i].sending), i < 2);
        its_lease_ends(stage);
    }
    assert_int_equal(stage->server.count, 2);
    assert_int_equal(in_state(stage, "unsure"), 1);
}

/* A machine that was stopped for minutes, and knows nothing of what happened meanwhile. */
static void who_lost_its_place_says_nothing_of_its_mail(void **state)
{
    struct stage *stage = *state;
    struct process one;
    struct process other;
    two_new(stage, &one, &other);
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    answer_with(stage, SMTP_REFUSED_FOR_NOW, 451, "451 later");
    assert_true(sending_turn(&one.sending));
    its_lease_ends(stage);
    answer_with(stage, SMTP_ACCEPTED, 250, "250 ok");
    assert_true(sending_turn(&other.sending));
    sending_end(&one.sending);
    assert_int_equal(in_state(stage, "sending"), 1);
    sending_end(&other.sending);
    assert_int_equal(in_state(stage, "sent"), 1);
}

/* As a file has it whose program died, and that was moved then. */
static void what_was_in_a_hand_without_a_lease_goes_once_more(void **state)
{
    struct stage *stage = *state;
    struct process one;
    struct mail_claim claim;
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    assert_true(mail_claim(core_begin(&stage->core), false, &claim));
    core_commit(&stage->core);
    process_new(stage, &one, 1);
    assert_true(sending_turn(&one.sending));
    sending_end(&one.sending);
    assert_int_equal(in_state(stage, "sent"), 1);
}

#define STAGED(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGED(one_sends_and_the_other_waits),
        STAGED(who_has_no_more_to_send_leaves_its_place),
        STAGED(who_pauses_for_the_rate_keeps_its_place),
        STAGED(who_ends_in_peace_leaves_its_place),
        STAGED(the_mail_of_one_that_died_goes_once_more_after_its_lease),
        STAGED(after_two_deaths_it_does_not_go_a_third_time),
        STAGED(who_lost_its_place_says_nothing_of_its_mail),
        STAGED(what_was_in_a_hand_without_a_lease_goes_once_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
