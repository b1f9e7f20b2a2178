/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reports of mails that did not arrive, as servers write them, and all that is none. */
#include "sys/mail_report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"

static int set_up(void **state)
{
    *state = mem_new(256 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    mem_free(*state);
    return 0;
}

static const char ours[] = "bounce+abc@essaim.fr";

/* As Postfix writes it. `head` goes before, `fields` are those of the recipient. */
static const char *report_with(struct mem *mem, const char *head, const char *fields)
{
    return mem_printf(mem,
                      "%sFrom: MAILER-DAEMON@mx.example (Mail Delivery System)\r\n"
                      "Subject: Undelivered Mail Returned to Sender\r\n"
                      "To: %s\r\n"
                      "Auto-Submitted: auto-replied\r\n"
                      "MIME-Version: 1.0\r\n"
                      "Content-Type: multipart/report; report-type=delivery-status;\r\n"
                      "\tboundary=\"x/y\"\r\n\r\n"
                      "This is a MIME-encapsulated message.\r\n\r\n"
                      "--x/y\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you\r\n"
                      "--x/y\r\nContent-Description: Delivery report\r\n"
                      "Content-Type: message/delivery-status\r\n\r\n"
                      "Reporting-MTA: dns; mx.example\r\n"
                      "Arrival-Date: Sat, 21 Nov 2026 09:00:00 +0100 (CET)\r\n\r\n"
                      "Final-Recipient: rfc822; anne@a.fr\r\n%s\r\n"
                      "--x/y\r\nContent-Type: message/rfc822\r\n\r\n"
                      "From: Essaim <no-reply@essaim.fr>\r\nSubject: Bonjour\r\n\r\nBonjour\r\n"
                      "--x/y--\r\n",
                      head, ours, fields);
}

static const struct mail_report *read_text(struct mem *mem, const char *text)
{
    return mail_report_read(mem, text, strlen(text));
}

static const struct mail_report *read_fields(void **state, const char *fields)
{
    return read_text(*state, report_with(*state, "", fields));
}

static void a_mailbox_that_is_not_there_is_for_good(void **state)
{
    const struct mail_report *report =
        read_fields(state, "Action: failed\r\nStatus: 5.1.1\r\n"
                           "Diagnostic-Code: smtp; 550 5.1.1 <anne@a.fr>:\r\n"
                           "    Recipient address rejected\r\n");
    assert_non_null(report);
    assert_true(report->is_for_good);
    assert_string_equal(report->to, ours);
    assert_string_equal(report->words, "550 5.1.1 <anne@a.fr>: Recipient address rejected");
}

static void what_may_work_another_time_is_not(void **state)
{
    static const char *const statuses[] = {"4.4.1", "4.2.2", "5.2.2", "5.7.1", "", "junk"};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        const struct mail_report *report =
            read_fields(state, mem_printf(*state, "ACTION: Failed\r\nStatus: %s\r\n", statuses[i]));
        assert_non_null(report);
        assert_false(report->is_for_good);
        assert_string_equal(report->words, statuses[i]);
    }
}

static void the_recipient_that_failed_counts(void **state)
{
    const struct mail_report *report =
        read_fields(state, "Action: relayed\r\nStatus: 2.0.0\r\n\r\n"
                           "Final-Recipient: rfc822; b@a.fr\r\nAction: failed\r\n"
                           "Status: 5.1.10\r\nDiagnostic-Code: X-Postfix; no host\r\n\r\n"
                           "Final-Recipient: rfc822; c@a.fr\r\nAction: delayed\r\n");
    assert_non_null(report);
    assert_true(report->is_for_good);
    assert_string_equal(report->words, "no host");
}

static void a_delay_or_a_success_is_no_failure(void **state)
{
    assert_null(read_fields(state, "Action: delayed\r\nStatus: 4.4.1\r\n"));
    assert_null(read_fields(state, "Action: delivered\r\nStatus: 2.0.0\r\n"));
    assert_null(read_fields(state, "Status: 5.1.1\r\n"));
    assert_null(read_fields(state, ""));
}

static void the_envelope_weighs_more_than_the_header(void **state)
{
    static const char fields[] = "Action: failed\r\nStatus: 5.1.1\r\n";
    const char *text =
        report_with(*state, "X-Original-To: bounce+first@essaim.fr\nReturn-Path: <>\n", fields);
    assert_string_equal(read_text(*state, text)->to, "bounce+first@essaim.fr");
    text = report_with(*state, "Delivered-To: bounce+second@essaim.fr\n", fields);
    assert_string_equal(read_text(*state, text)->to, "bounce+second@essaim.fr");
}

/* Whoever wants an answer is no mail server that reports. */
static void a_report_with_a_sender_is_none(void **state)
{
    static const char fields[] = "Action: failed\r\nStatus: 5.1.1\r\n";
    assert_null(read_text(*state, report_with(*state, "Return-Path: <somebody@b.fr>\n", fields)));
    assert_null(read_text(*state, report_with(*state, "Return-Path: <root@mx.fr>\n", fields)));
    assert_non_null(read_text(*state, report_with(*state, "Return-Path: <>\n", fields)));
    /* Postfix's pipe(8) calls nobody so. */
    static const char nobody[] = "Return-Path: <MAILER-DAEMON>\n";
    assert_non_null(read_text(*state, report_with(*state, nobody, fields)));
}

static void what_people_and_their_programs_write_is_none(void **state)
{
    static const char *const texts[] = {
        "",
        "\n",
        "x",
        "Subject: hello\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n",
        "Subject: Absent\r\nAuto-Submitted: auto-replied\r\n\r\nI am on holiday.\r\n",
        "Content-Type: multipart/report; boundary=x\r\n\r\n",
        "Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n\r\n--x--\r\n",
        "Content-Type: multipart/report\r\n\r\nAction: failed\r\n",
        ("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
         "Content-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: "
         "5.1.1\r\n--x--\r\n"),
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_null(read_text(*state, texts[i]));
}

static void long_words_are_cut_between_letters(void **state)
{
    struct mem *mem = *state;
    char *word = mem_alloc(mem, 2001);
    for (int i = 0; i < 2000; i += 2)
        memcpy(word + i, "é", 2);
    const struct mail_report *report = read_fields(
        state,
        mem_printf(mem, "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp;x%s\r\n", word));
    assert_non_null(report);
    assert_in_range(strlen(report->words), 300, SMTP_WORDS_BYTES_MAX - 1);
    assert_true(utf8_is_valid(report->words, strlen(report->words)));
}

/* Cut at each byte, and with each byte changed: whatever it says, it is read, or it is not. */
static void junk_is_borne(void **state)
{
    struct mem *mem = *state;
    const char *whole = report_with(mem, "Return-Path: <>\n",
                                    "Action: failed\r\nStatus: 5.1.1\r\n"
                                    "Diagnostic-Code: smtp; 550 5.1.1 no\r\n");
    size_t count = strlen(whole);
    static const char junk[] = {'\0', '\n', (char)0xff, '"', ';', '<', ' '};
    for (size_t i = 0; i < count; i++) {
        struct mem_mark mark = mem_mark(mem);
        mail_report_read(mem, whole, i);
        char *changed = mem_copy(mem, whole, count);
        changed[i] = junk[i % sizeof junk];
        const struct mail_report *report = mail_report_read(mem, changed, count);
        if (report)
            assert_true(utf8_is_valid(report->words, strlen(report->words)));
        mem_rewind(mem, mark);
    }
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_mailbox_that_is_not_there_is_for_good),
        TEST(what_may_work_another_time_is_not),
        TEST(the_recipient_that_failed_counts),
        TEST(a_delay_or_a_success_is_no_failure),
        TEST(the_envelope_weighs_more_than_the_header),
        TEST(a_report_with_a_sender_is_none),
        TEST(what_people_and_their_programs_write_is_none),
        TEST(long_words_are_cut_between_letters),
        TEST(junk_is_borne),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
