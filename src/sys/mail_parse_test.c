/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Mails of strangers: other charsets and encodings, no MIME at all, too large, too deep, broken.
 * What mail_compose makes is read back in mail_test.c. */
#include "sys/mail.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"

enum { TEST_BYTES_MAX = 1 << 24, NESTED_MAX = 8 };

static int set_up(void **state)
{
    *state = mem_new(TEST_BYTES_MAX);
    return 0;
}

static int tear_down(void **state)
{
    mem_free(*state);
    return 0;
}

static const struct mail_read *parsed(void **state, const char *bytes)
{
    return mail_parse(*state, bytes, strlen(bytes));
}

static void a_mail_without_mime_is_its_text(void **state)
{
    const struct mail_read *read = parsed(state, "From: a@example.org\n"
                                                 "To: Anne <anne@example.org>, b@example.org\n"
                                                 "Subject: Hens\n\nTwo hens.\n");
    assert_non_null(read);
    assert_string_equal(read->subject, "Hens");
    assert_string_equal(read->from, "a@example.org");
    assert_string_equal(read->to, "Anne <anne@example.org>, b@example.org");
    assert_string_equal(read->text, "Two hens.\n");
    assert_null(read->html);
    assert_null(read->attachments);
}

static void other_charsets_and_encodings_are_read(void **state)
{
    const struct mail_read *read =
        parsed(state, "Subject: =?iso-8859-1?q?=E9t=E9?=\r\nMIME-Version: 1.0\r\n"
                      "Content-Type: text/html; charset=iso-8859-15\r\n"
                      "Content-Transfer-Encoding: base64\r\n\r\nPHA+pCDpPC9wPg0K\r\n");
    assert_non_null(read);
    assert_string_equal(read->subject, "\u00e9t\u00e9");
    assert_string_equal(read->html, "<p>\u20ac \u00e9</p>\n");
    assert_null(read->text);
}

static void what_is_no_text_is_an_attachment_without_content(void **state)
{
    const struct mail_read *read =
        parsed(state, "Subject: x\nMIME-Version: 1.0\n"
                      "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
                      "Content-Type: text/plain\nContent-Disposition: attachment; "
                      "filename=\"../a.txt\"\n\nattached\n--b\n"
                      "Content-Type: image/png; name=hen.png\nContent-Transfer-Encoding: base64\n\n"
                      "iVBORw0KGgo=\n--b\nContent-Type: text/plain\n\nown\n--b--\n");
    assert_non_null(read);
    assert_string_equal(read->text, "own");
    const struct mail_attachment *first = read->attachments;
    assert_non_null(first);
    assert_string_equal(first->name, "../a.txt");
    assert_string_equal(first->content, "attached");
    assert_non_null(first->next);
    assert_string_equal(first->next->name, "hen.png");
    assert_string_equal(first->next->type, "image/png");
    assert_null(first->next->content);
    assert_null(first->next->next);
}

static void bytes_that_are_no_text_become_some(void **state)
{
    const struct mail_read *read = parsed(state, "Subject: a\xff z\nMIME-Version: 1.0\n"
                                                 "Content-Type: text/plain; charset=utf-8\n\n"
                                                 "b\xff\xc3\n");
    assert_non_null(read);
    assert_true(utf8_is_valid(read->subject, strlen(read->subject)));
    assert_true(utf8_is_valid(read->text, strlen(read->text)));
}

static void a_mail_that_is_too_large_or_empty_is_not_read(void **state)
{
    char *bytes = mem_alloc(*state, MAIL_BYTES_MAX + 2);
    memset(bytes, 'a', MAIL_BYTES_MAX + 1);
    memcpy(bytes, "Subject: x\n\n", 12);
    assert_non_null(mail_parse(*state, bytes, MAIL_BYTES_MAX));
    assert_null(mail_parse(*state, bytes, MAIL_BYTES_MAX + 1));
    assert_null(mail_parse(*state, bytes, 0));
}

/* A text below so many multiparts. */
static const char *nested(void **state, int depth)
{
    char *bytes = mem_alloc(*state, (size_t)depth * 64 + 256);
    char *end = stpcpy(bytes, "Subject: x\nMIME-Version: 1.0\n");
    for (int i = 0; i < depth; i++)
        end += snprintf(end, 64, "Content-Type: multipart/mixed; boundary=%d\n\n--%d\n", i, i);
    stpcpy(end, "Content-Type: text/plain\n\nfound\n");
    return bytes;
}

static void parts_lie_only_so_deep(void **state)
{
    const struct mail_read *read = parsed(state, nested(state, NESTED_MAX));
    assert_non_null(read);
    assert_string_equal(read->text, "found\n");
    assert_null(parsed(state, nested(state, NESTED_MAX + 1)));
    assert_null(parsed(state, nested(state, 8000)));
}

static const char *with_parts(void **state, int count)
{
    char *bytes = mem_alloc(*state, (size_t)count * 32 + 256);
    char *end = stpcpy(bytes, "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n");
    for (int i = 0; i < count; i++)
        end = stpcpy(end, "--b\n\na\n");
    stpcpy(end, "--b--\n");
    return bytes;
}

static void there_are_only_so_many_parts(void **state)
{
    assert_non_null(parsed(state, with_parts(state, 63))); /* the multipart is one */
    assert_null(parsed(state, with_parts(state, 64)));
    assert_null(parsed(state, with_parts(state, 30000)));
}

static void a_mail_cut_anywhere_gives_text_or_nothing(void **state)
{
    const struct mail mail = {
        .from_address = "a@example.org",
        .to_address = "b@example.org",
        .subject = "\u00e9t\u00e9",
        .message_id = "a@example.org",
        .text = "text",
        .html = "<p>html</p>",
        .calendar = "BEGIN:VCALENDAR\r\n",
    };
    const char *bytes = mail_compose(*state, &mail);
    for (size_t count = 1; count < strlen(bytes); count++) {
        struct mem_mark mark = mem_mark(*state);
        const char *cut = mem_copy(*state, bytes, count);
        const struct mail_read *read = mail_parse(*state, cut, count);
        if (read && read->text)
            assert_true(utf8_is_valid(read->text, strlen(read->text)));
        if (read && read->subject)
            assert_true(utf8_is_valid(read->subject, strlen(read->subject)));
        mem_rewind(*state, mark);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_mail_without_mime_is_its_text),
        TEST(other_charsets_and_encodings_are_read),
        TEST(what_is_no_text_is_an_attachment_without_content),
        TEST(bytes_that_are_no_text_become_some),
        TEST(a_mail_that_is_too_large_or_empty_is_not_read),
        TEST(parts_lie_only_so_deep),
        TEST(there_are_only_so_many_parts),
        TEST(a_mail_cut_anywhere_gives_text_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
