/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How mails leave: in which order, how often, and what each end of an attempt means. */
#include "core/outbox/outbox_send_fixture.h"

static void a_code_overtakes_what_goes_to_everyone(void **state)
{
    struct stage *stage = *state;
    write_mail(stage, "all@a.fr", OUTBOX_BULK);
    write_mail(stage, "soon@a.fr", OUTBOX_SOON);
    write_mail(stage, "code@a.fr", OUTBOX_AT_ONCE);
    write_mail(stage, "test@a.fr", OUTBOX_TEST);
    struct outbox_status status = status_of(stage);
    assert_int_equal(status.waiting_at_once, 2);
    assert_int_equal(status.waiting_soon, 1);
    assert_int_equal(status.waiting_bulk, 1);
    assert_int_equal(send_due(stage), 4);
    static const char *const order[] = {"test@a.fr", "code@a.fr", "soon@a.fr", "all@a.fr"};
    for (int i = 0; i < 4; i++)
        assert_string_equal(stage->server.recipients[i], order[i]);
    assert_int_equal(in_state(stage, "sent"), 4);
    assert_int_equal(status_of(stage).well_at, CORE_NOW);
}

static void an_attempt_is_noted_before_the_mail_is_handed_over(void **state)
{
    struct stage *stage = *state;
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    send_due(stage);
    assert_int_equal(stage->server.noted, 1);
    assert_int_equal(send_due(stage), 0);
}

static void what_was_written_for_the_mailbox_is_never_sent(void **state)
{
    struct stage *stage = *state;
    stage->core.config.mailbox = true;
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    stage->core.config.mailbox = false;
    assert_int_equal(send_due(stage), 0);
    assert_int_equal(in_state(stage, "kept"), 1);
}

static void domains_that_are_nobodys_get_nothing(void **state)
{
    struct stage *stage = *state;
    static const char *const reserved[] = {"a@example.org", "a@sub.Example.COM", "a@example.net",
                                           "a@here.test",   "a@x.invalid",       "a@localhost",
                                           "a@x.example"};
    static const char *const usual[] = {"a@anexample.org", "a@test.fr", "a@example.fr",
                                        "test@invalid.com"};
    enum { RESERVED = sizeof reserved / sizeof *reserved, USUAL = sizeof usual / sizeof *usual };
    for (size_t i = 0; i < RESERVED; i++)
        write_mail(stage, reserved[i], OUTBOX_SOON);
    for (size_t i = 0; i < USUAL; i++)
        write_mail(stage, usual[i], OUTBOX_SOON);
    assert_int_equal(send_due(stage), USUAL);
    assert_int_equal(in_state(stage, "reserved"), RESERVED);
    assert_int_equal(in_state(stage, "sent"), USUAL);
}

/* More, and longer ones, than one commit has memory for. */
static void however_many_there_are(void **state)
{
    enum { MAILS = 120, TEXT_BYTES = 60 * 1024 };
    struct stage *stage = *state;
    char *text = mem_alloc(stage->core.mem, TEXT_BYTES + 1);
    memset(text, 'x', TEXT_BYTES);
    for (int i = 0; i < MAILS; i++) {
        outbox_add(core_begin(&stage->core), &(struct outbox_mail){
                                                 .reason = "test",
                                                 .to_address = "a@example.org",
                                                 .subject = "Bonjour",
                                                 .text = text,
                                                 .html = text,
                                                 .lang = lang_get(stage->core.app.langs, "fr"),
                                             });
        core_commit(&stage->core);
    }
    assert_int_equal(send_due(stage), 0);
    assert_int_equal(send_due(stage), 0);
    assert_int_equal(in_state(stage, "reserved"), MAILS);
}

static void a_mail_refused_for_now_comes_back_with_growing_pauses(void **state)
{
    struct stage *stage = *state;
    answer_with(stage, SMTP_REFUSED_FOR_NOW, 451, "451 4.7.1 Greylisted");
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    assert_int_equal(send_due(stage), 1);
    static const int minutes[] = {1, 3, 9, 27};
    for (size_t i = 0; i < sizeof minutes / sizeof *minutes; i++) {
        wait_seconds(stage, minutes[i] * MINUTE_SECONDS - 1);
        assert_int_equal(send_due(stage), 0);
        wait_seconds(stage, 1);
        assert_int_equal(send_due(stage), 1);
    }
    assert_int_equal(in_state(stage, "waiting"), 1);
    answer_with(stage, SMTP_ACCEPTED, 250, "250 ok");
    wait_seconds(stage, DAY_SECONDS);
    assert_int_equal(send_due(stage), 1);
    assert_int_equal(in_state(stage, "sent"), 1);
    for (int i = 1; i < stage->server.count; i++)
        assert_string_equal(stage->server.messages[i], stage->server.messages[0]);
    assert_int_equal(address_of(stage, "zoe@a.fr").reach, OUTBOX_REACHED);
}

static void after_four_days_it_is_given_up(void **state)
{
    struct stage *stage = *state;
    answer_with(stage, SMTP_REFUSED_FOR_NOW, 452, "452 4.2.2 Mailbox full");
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    for (int hours = 0; hours < 4 * 24 + 7 && in_state(stage, "waiting"); hours++) {
        send_due(stage);
        wait_seconds(stage, HOUR_SECONDS);
    }
    assert_int_equal(in_state(stage, "given-up"), 1);
    assert_in_range(stage->server.count, 10, 30);
    struct outbox_address address = address_of(stage, "zoe@a.fr");
    assert_int_equal(address.reach, OUTBOX_UNSTEADY);
    assert_string_equal(address.words, "452 4.2.2 Mailbox full");
}

static void what_waited_too_long_for_a_server_is_not_sent_any_more(void **state)
{
    struct stage *stage = *state;
    write_mail(stage, "zoe@a.fr", OUTBOX_AT_ONCE);
    wait_seconds(stage, 4 * DAY_SECONDS);
    write_mail(stage, "anne@a.fr", OUTBOX_AT_ONCE);
    assert_int_equal(send_due(stage), 1);
    assert_string_equal(stage->server.recipients[0], "anne@a.fr");
    assert_int_equal(in_state(stage, "given-up"), 1);
}

static void a_mailbox_that_is_not_there_is_marked_on_mail_and_address(void **state)
{
    struct stage *stage = *state;
    refuse_recipient(stage, "550 5.1.1 No such user");
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    assert_int_equal(send_due(stage), 1);
    assert_int_equal(in_state(stage, "refused"), 1);
    struct outbox_address address = address_of(stage, "zoe@a.fr");
    assert_int_equal(address.reach, OUTBOX_BOUNCED);
    assert_int_equal(address.bounced_at, CORE_NOW);
    assert_string_equal(address.words, "550 5.1.1 No such user");
    wait_seconds(stage, DAY_SECONDS);
    assert_int_equal(send_due(stage), 0);
    assert_int_equal(status_of(stage).trouble_at, 0);
}

static void a_refusal_that_is_about_us_does_not_condemn_the_address(void **state)
{
    struct stage *stage = *state;
    refuse_recipient(stage, "550 5.7.1 Your network is not welcome");
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    send_due(stage);
    answer_with(stage, SMTP_REFUSED, 554, "554 Looks like spam");
    write_mail(stage, "anne@a.fr", OUTBOX_SOON);
    send_due(stage);
    assert_int_equal(in_state(stage, "refused"), 2);
    assert_int_equal(address_of(stage, "zoe@a.fr").reach, OUTBOX_UNSTEADY);
    assert_int_equal(address_of(stage, "anne@a.fr").reach, OUTBOX_UNSTEADY);
}

static void five_failures_in_a_row_are_as_good_as_no_mailbox(void **state)
{
    struct stage *stage = *state;
    answer_with(stage, SMTP_REFUSED, 554, "554 No");
    for (int i = 0; i < 5; i++) {
        assert_int_equal(address_of(stage, "zoe@a.fr").reach, i ? OUTBOX_UNSTEADY : OUTBOX_REACHED);
        write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
        send_due(stage);
        wait_seconds(stage, 7 * DAY_SECONDS);
    }
    assert_int_equal(address_of(stage, "zoe@a.fr").reach, OUTBOX_BOUNCED);
}

static void failures_far_apart_are_no_row(void **state)
{
    struct stage *stage = *state;
    answer_with(stage, SMTP_REFUSED, 554, "554 No");
    for (int i = 0; i < 6; i++) {
        write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
        send_due(stage);
        wait_seconds(stage, 31 * DAY_SECONDS);
    }
    assert_int_equal(address_of(stage, "zoe@a.fr").reach, OUTBOX_UNSTEADY);
}

/* Links and codes stand in it. */
static void a_text_is_kept_until_its_mail_has_ended(void **state)
{
    static const struct {
        enum smtp_end end;
        int64_t left;
    } cases[] = {{SMTP_ACCEPTED, 0}, {SMTP_REFUSED, 0}, {SMTP_REFUSED_FOR_NOW, 1}};
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        answer_with(stage, cases[i].end, 0, "so it is");
        write_mail(stage, "zoe@a.fr", OUTBOX_AT_ONCE);
        assert_int_equal(with_text(stage), 1);
        assert_int_equal(send_due(stage), 1);
        assert_int_equal(with_text(stage), cases[i].left);
    }
}

static void a_test_is_tried_once_and_says_what_the_server_said(void **state)
{
    struct stage *stage = *state;
    answer_with(stage, SMTP_REFUSED_FOR_NOW, 450, "450 Come back later");
    write_mail(stage, "admin@a.fr", OUTBOX_TEST);
    send_due(stage);
    struct work *work = core_begin(&stage->core);
    struct outbox_fate fate;
    assert_true(outbox_fate_get(work, outbox_list(work, "", "", 1)->handle, &fate));
    assert_false(outbox_fate_get(work, "no-such-mail", &fate));
    tx_rollback(work->tx);
    assert_int_equal(fate.state, OUTBOX_REFUSED);
    assert_string_equal(fate.words, "450 Come back later");
    assert_int_equal(fate.attempts, 1);
}

/* One at a time: the next has to wait for its part of the minute. */
static void the_rate_is_kept_but_for_tests(void **state)
{
    struct stage *stage = *state;
    stage->core.config.smtp_rate = 1;
    struct sending sending = {.app = &stage->core.app, .mailer = &stage->server.mailer};
    write_mail(stage, "one@a.fr", OUTBOX_SOON);
    write_mail(stage, "two@a.fr", OUTBOX_AT_ONCE);
    for (int i = 0; i < 5; i++)
        sending_turn(&sending);
    assert_int_equal(stage->server.count, 1);
    assert_in_range(sending_pause_ms(&sending, 100000), 50000, 60000);
    assert_int_equal(sending_pause_ms(&sending, 200), 200);
    write_mail(stage, "test@a.fr", OUTBOX_TEST);
    sending_turn(&sending);
    assert_int_equal(stage->server.count, 2);
    sending_end(&sending);
    assert_int_equal(in_state(stage, "sending"), 0);
}

static void who_is_forgotten_while_a_mail_is_under_way_stays_so(void **state)
{
    struct stage *stage = *state;
    struct sending sending = {.app = &stage->core.app, .mailer = &stage->server.mailer};
    refuse_recipient(stage, "550 no");
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    sending_turn(&sending);
    outbox_feature.forget_person(core_begin(&stage->core), "zoe@a.fr");
    core_commit(&stage->core);
    sending_end(&sending);
    assert_int_equal(number(stage, "SELECT COUNT(*) FROM mail"), 0);
    assert_int_equal(number(stage, "SELECT COUNT(*) FROM mail_address"), 0);
}

/* Forgets the newest mail if it has ended; that is so. */
static bool forgets_newest(struct stage *stage)
{
    struct work *work = core_begin(&stage->core);
    bool is_gone = outbox_forget_ended(work, outbox_last_id(work));
    core_commit(&stage->core);
    return is_gone;
}

static void a_last_mail_goes_with_its_address_once_it_was_sent_and_not_before(void **state)
{
    struct stage *stage = *state;
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    assert_false(forgets_newest(stage));
    assert_int_equal(number(stage, "SELECT COUNT(*) FROM mail"), 1);
    send_due(stage);
    assert_int_equal(stage->server.count, 1);
    assert_true(forgets_newest(stage));
    assert_int_equal(number(stage, "SELECT COUNT(*) FROM mail"), 0);
    assert_int_equal(number(stage, "SELECT COUNT(*) FROM mail_address"), 0);
    assert_true(forgets_newest(stage)); /* again */
}

static void a_mail_comes_back_to_an_address_that_names_it(void **state)
{
    struct stage *stage = *state;
    struct mem *mem = stage->core.mem;
    const struct app *app = &stage->core.app;
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    stage->core.config.mail_from = "bonjour@essaim.fr";
    send_due(stage);
    assert_string_equal(stage->server.senders[0], "bonjour@essaim.fr");
    stage->core.config.bounce_address = "retours@essaim.fr";
    write_mail(stage, "zoe@a.fr", OUTBOX_SOON);
    send_due(stage);
    const char *sender = stage->server.senders[1];
    assert_true(mail_address_is_valid(sender));
    assert_non_null(strstr(stage->server.messages[1], "<bonjour@essaim.fr>"));
    const char *handle = outbox_bounce_handle(mem, app, sender);
    assert_non_null(handle);
    assert_non_null(strstr(stage->server.messages[1], handle)); /* its Message-ID */
    char *forged = mem_strdup(mem, sender);
    char *last = strchr(forged, '@') - 1;
    *last = *last == '0' ? '1' : '0';
    assert_null(outbox_bounce_handle(mem, app, forged));
    assert_null(outbox_bounce_handle(mem, app, "retours@essaim.fr"));
    assert_null(outbox_bounce_handle(mem, app, "retours+x@essaim.fr"));
    assert_null(outbox_bounce_handle(mem, app, ""));
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_code_overtakes_what_goes_to_everyone),
        TEST(a_last_mail_goes_with_its_address_once_it_was_sent_and_not_before),
        TEST(an_attempt_is_noted_before_the_mail_is_handed_over),
        TEST(what_was_written_for_the_mailbox_is_never_sent),
        TEST(domains_that_are_nobodys_get_nothing),
        TEST(however_many_there_are),
        TEST(a_mail_refused_for_now_comes_back_with_growing_pauses),
        TEST(after_four_days_it_is_given_up),
        TEST(what_waited_too_long_for_a_server_is_not_sent_any_more),
        TEST(a_mailbox_that_is_not_there_is_marked_on_mail_and_address),
        TEST(a_refusal_that_is_about_us_does_not_condemn_the_address),
        TEST(five_failures_in_a_row_are_as_good_as_no_mailbox),
        TEST(failures_far_apart_are_no_row),
        TEST(a_text_is_kept_until_its_mail_has_ended),
        TEST(a_test_is_tried_once_and_says_what_the_server_said),
        TEST(the_rate_is_kept_but_for_tests),
        TEST(who_is_forgotten_while_a_mail_is_under_way_stays_so),
        TEST(a_mail_comes_back_to_an_address_that_names_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
