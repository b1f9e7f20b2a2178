/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Mails that come back: what a report does to the mail and to the address, and that nobody else can
 * say so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/log.h"
#include "core/core_fixture.h"
#include "core/outbox/outbox_local.h"

static int set_up(void **state)
{
    struct core *core = test_calloc(1, sizeof *core);
    log_set_level(LOG_ERROR);
    core_new(core, NULL);
    core->config.data = core->folder;
    core->config.bounce_address = "bounce@essaim.fr";
    *state = core;
    return 0;
}

static int tear_down(void **state)
{
    struct core *core = *state;
    rmdir(mem_printf(core->mem, "%s/mail-in", core->folder));
    core_free(core);
    test_free(core);
    return 0;
}

/* A mail of that kind to Zoé; the address to which it comes back. */
static const char *write_mail(struct core *core)
{
    struct work *work = core_begin(core);
    assert_true(outbox_add(work, &(struct outbox_mail){
                                     .reason = "test",
                                     .to_address = "zoe@a.fr",
                                     .subject = "Bonjour",
                                     .text = "Bonjour",
                                     .html = "<p>Bonjour</p>",
                                     .lang = lang_get(core->app.langs, "fr"),
                                 }));
    const char *handle = outbox_list(work, "", "", 1)->handle;
    core_commit(core);
    return outbox_envelope_sender(core->mem, &core->app, handle);
}

/* What a mail server pipes to the command. */
static void pipe_in(struct core *core, const char *recipient, const char *text)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
    close(ends[1]);
    const struct outbox_envelope envelope = {.recipient = recipient, .sender = ""};
    assert_null(outbox_mail_in(core->mem, core->folder, &envelope, ends[0]));
    close(ends[0]);
}

static const char *report(struct core *core, const char *status)
{
    return mem_printf(core->mem,
                      "To: bounce@essaim.fr\n"
                      "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n"
                      "--x\nContent-Type: message/delivery-status\n\n"
                      "Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; zoe@a.fr\n"
                      "Action: failed\nStatus: %s\nDiagnostic-Code: smtp; 550 %s No\n--x--\n",
                      status, status);
}

static struct outbox_address zoe(struct core *core)
{
    struct work *work = core_begin(core);
    struct outbox_address known = outbox_address_state(work, "zoe@a.fr");
    tx_rollback(work->tx);
    return known;
}

static int64_t returned(struct core *core)
{
    return core_number(core, "SELECT COUNT(*) FROM mail WHERE state = 'returned'");
}

static void a_mail_that_came_back_is_marked_and_its_address_too(void **state)
{
    struct core *core = *state;
    const char *address = write_mail(core);
    pipe_in(core, address, report(core, "5.1.1"));
    assert_int_equal(outbox_take_in(&core->app), 1);
    assert_int_equal(returned(core), 1);
    assert_int_equal(zoe(core).reach, OUTBOX_BOUNCED);
    assert_string_equal(zoe(core).words, "550 5.1.1 No");
    assert_int_equal(outbox_take_in(&core->app), 0);
}

static void what_may_arrive_another_time_is_not_condemned(void **state)
{
    struct core *core = *state;
    pipe_in(core, write_mail(core), report(core, "4.2.2"));
    assert_int_equal(outbox_take_in(&core->app), 1);
    assert_int_equal(returned(core), 1);
    assert_int_equal(zoe(core).reach, OUTBOX_UNSTEADY);
}

/* Servers say so twice, and so does a program that is run again after a crash. */
static void one_mail_comes_back_once(void **state)
{
    struct core *core = *state;
    const char *address = write_mail(core);
    for (int i = 0; i < 6; i++)
        pipe_in(core, address, report(core, "4.2.2"));
    assert_int_equal(outbox_take_in(&core->app), 6);
    assert_int_equal(zoe(core).reach, OUTBOX_UNSTEADY);
    assert_int_equal(core_number(core, "SELECT bounces FROM mail_address"), 1);
}

static void the_header_names_the_mail_where_the_server_does_not(void **state)
{
    struct core *core = *state;
    const char *address = write_mail(core);
    pipe_in(core, NULL,
            mem_printf(core->mem, "Delivered-To: %s\n%s", address, report(core, "5.1.1")));
    assert_int_equal(outbox_take_in(&core->app), 1);
    assert_int_equal(returned(core), 1);
}

static void who_never_saw_the_mail_cannot_say_that_it_came_back(void **state)
{
    struct core *core = *state;
    write_mail(core);
    struct work *work = core_begin(core);
    const char *handle = outbox_list(work, "", "", 1)->handle;
    tx_rollback(work->tx);
    const char *const addresses[] = {
        "bounce@essaim.fr", "", mem_printf(core->mem, "bounce+%s@essaim.fr", handle),
        mem_printf(core->mem, "bounce+%s0123456789abcdef@essaim.fr", handle)};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
        pipe_in(core, addresses[i], report(core, "5.1.1"));
    assert_int_equal(outbox_take_in(&core->app), 4);
    assert_int_equal(returned(core), 0);
    assert_int_equal(zoe(core).reach, OUTBOX_REACHED);
}

/* A recipient that is no address begins no header. */
static void junk_is_taken_and_dropped(void **state)
{
    struct core *core = *state;
    const char *address = write_mail(core);
    pipe_in(core, address, "");
    pipe_in(core, address, "\xff\xfe not a mail");
    pipe_in(core, mem_printf(core->mem, "x\nX-Original-To: %s", address), report(core, "5.1.1"));
    assert_int_equal(outbox_take_in(&core->app), 3);
    assert_int_equal(returned(core), 0);
    assert_int_equal(zoe(core).reach, OUTBOX_REACHED);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_mail_that_came_back_is_marked_and_its_address_too),
        TEST(what_may_arrive_another_time_is_not_condemned),
        TEST(one_mail_comes_back_once),
        TEST(the_header_names_the_mail_where_the_server_does_not),
        TEST(who_never_saw_the_mail_cannot_say_that_it_came_back),
        TEST(junk_is_taken_and_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
