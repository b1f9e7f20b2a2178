/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Mails as they leave: what each header says, that nobody's text can add one, and that what was
 * composed is read back as it was. */
#include "sys/mail.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"

enum { TEST_BYTES_MAX = 1 << 24 };

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

static struct mail confirmation(void)
{
    return (struct mail){
        .from_name = "Essaim",
        .from_address = "essaim@example.org",
        .to_address = "zoe@example.net",
        .subject = "You are in",
        .message_id = "4k9z.1@essaim.example.org",
        .date_at = 1795266000,
        .text = "See you on Saturday.\n",
        .html = "<p>See you on Saturday.</p>\n",
        .lang = "en",
    };
}

static const char *composed(void **state, const struct mail *mail)
{
    const char *bytes = mail_compose(*state, mail);
    assert_non_null(bytes);
    return bytes;
}

static const struct mail_read *read_back(void **state, const struct mail *mail)
{
    const char *bytes = composed(state, mail);
    const struct mail_read *read = mail_parse(*state, bytes, strlen(bytes));
    assert_non_null(read);
    return read;
}

/* The headers with their folds undone, each line with CRLF before and after it. */
static const char *headers_of(void **state, const struct mail *mail)
{
    const char *bytes = composed(state, mail);
    const char *end = strstr(bytes, "\r\n\r\n");
    assert_non_null(end);
    struct buf *out = buf_new(*state, TEST_BYTES_MAX / 8);
    buf_put(out, "\r\n");
    for (; bytes < end; bytes++) {
        if (str_starts(bytes, "\r\n ") || str_starts(bytes, "\r\n\t"))
            bytes += 1;
        else
            buf_put_char(out, *bytes);
    }
    buf_put(out, "\r\n");
    return out->bytes;
}

static void assert_header(void **state, const struct mail *mail, const char *line)
{
    const char *headers = headers_of(state, mail);
    if (!strstr(headers, mem_printf(*state, "\r\n%s\r\n", line)))
        fail_msg("%s is not in %s", line, headers);
}

static int header_count(const char *headers)
{
    int count = 0;
    for (const char *line = headers; (line = strstr(line, "\r\n")) && line[2]; line += 2)
        count++;
    return count;
}

/* RFC 8058. Its line is written as it is, whatever its length. */
static void one_click_takes_one_off_a_list_by_https_alone(void **state)
{
    struct mail mail = confirmation();
    assert_null(strstr(headers_of(state, &mail), "List-Unsubscribe"));
    mail.unsubscribe_url = "https://essaim.example.org/mail/"
                           "6g3pz3fryrenw4yw6avyqkc7tndfv9f2cg7f54axb853rd/off/campaign-news";
    assert_header(state, &mail, mem_printf(*state, "List-Unsubscribe: <%s>", mail.unsubscribe_url));
    assert_header(state, &mail, "List-Unsubscribe-Post: List-Unsubscribe=One-Click");
    mail.unsubscribe_url = "http://127.0.0.1/mail/x/off/campaign-news";
    assert_header(state, &mail, "List-Unsubscribe: <http://127.0.0.1/mail/x/off/campaign-news>");
    assert_null(strstr(headers_of(state, &mail), "List-Unsubscribe-Post"));
}

static void the_headers_say_who_when_and_what(void **state)
{
    struct mail mail = confirmation();
    assert_header(state, &mail, "From: Essaim <essaim@example.org>");
    assert_header(state, &mail, "To: zoe@example.net");
    assert_header(state, &mail, "Subject: You are in");
    assert_header(state, &mail, "Date: Sat, 21 Nov 2026 13:00:00 +0000");
    assert_header(state, &mail, "Message-Id: <4k9z.1@essaim.example.org>");
    assert_header(state, &mail, "Auto-Submitted: auto-generated");
    assert_header(state, &mail, "Content-Language: en");
    assert_header(state, &mail, "MIME-Version: 1.0");
    assert_null(strstr(headers_of(state, &mail), "Reply-To"));
}

static void a_reply_goes_where_it_is_told_to(void **state)
{
    struct mail mail = confirmation();
    mail.reply_to = "anne@example.org";
    assert_header(state, &mail, "Reply-To: anne@example.org");
    mail.reply_to_name = "Anne";
    assert_header(state, &mail, "Reply-To: Anne <anne@example.org>");
}

static void text_and_html_come_back_as_they_were(void **state)
{
    struct mail mail = confirmation();
    mail.text = "Bonjour Zo\u00e9,\n\n.\n.. \nFrom here = there\n\U0001f41d\n";
    mail.html = "<p title=\"x\">Zo\u00e9 &amp; Max</p>\n";
    const struct mail_read *read = read_back(state, &mail);
    assert_string_equal(read->text, mail.text);
    assert_string_equal(read->html, mail.html);
    assert_string_equal(read->from, "Essaim <essaim@example.org>");
    assert_string_equal(read->to, "zoe@example.net");
    assert_null(read->attachments);
}

static void names_and_subjects_of_any_language_come_back(void **state)
{
    const char *const texts[] = {
        "C\u2019est parti\u00a0! Nettoyage de la plage \u00e0 Plouha, le samedi 21 novembre 2026",
        "\u6d77\u8fb9\u6e05\u6d01\u65e5 \U0001f41d \u0434\u0435\u043d\u044c",
        "a, \"b\" <c@example.org>; (d) \\e: f",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct mail mail = confirmation();
        mail.subject = texts[i];
        assert_string_equal(read_back(state, &mail)->subject, texts[i]);
    }
    struct mail mail = confirmation();
    mail.to_name = "Zo\u00e9 de l\u2019\u00cele";
    assert_string_equal(read_back(state, &mail)->to,
                        "Zo\u00e9 de l\u2019\u00cele <zoe@example.net>");
}

static void no_text_can_add_a_header_or_a_recipient(void **state)
{
    struct mail mail = confirmation();
    mail.to_name = "plain";
    mail.reply_to = "anne@example.org";
    mail.reply_to_name = "plain";
    int headers = header_count(headers_of(state, &mail));
    const char *const attacks[] = {
        "a\r\nBcc: b@example.org",  "a\nBcc: b@example.org\n\nbody", "a\rBcc: b@example.org",
        "a\r\n\r\n<script>",        "a\x0b\x0c\x01\x7f b",           "a>, <b@example.org>, \"c",
        "\"a\" <b@example.org>, c", "\u00e9\r\nBcc: b@example.org",
    };
    for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
        mail.subject = mail.from_name = mail.to_name = mail.reply_to_name = attacks[i];
        mail.message_id = mail.lang = "a\r\nBcc: b@example.org";
        const char *all = headers_of(state, &mail);
        assert_int_equal(header_count(all), headers);
        assert_null(strstr(all, "\r\nBcc"));
        assert_null(strstr(all, "\x0b"));
        const char *to = strstr(all, "\r\nTo: ");
        assert_non_null(to);
        size_t length = strcspn(to + 2, "\r");
        assert_string_equal(to + 2 + length - strlen(" <zoe@example.net>"),
                            strstr(to, " <zoe@example.net>\r\n"));
        const struct mail_read *read = read_back(state, &mail);
        assert_string_equal(read->text, mail.text);
        assert_non_null(strstr(read->to, "<zoe@example.net>"));
    }
}

/* Printable ASCII in lines of at most 998 bytes, all ended by CRLF. Source: RFC 5322, 2.1.1. */
static void assert_passes_any_server(const char *bytes)
{
    for (const char *line = bytes; *line;) {
        size_t length = strcspn(line, "\r\n");
        assert_in_range(length, 0, 998);
        for (size_t i = 0; i < length; i++)
            assert_true(line[i] == '\t' || (line[i] >= ' ' && line[i] <= '~'));
        line += length;
        assert_true(str_starts(line, "\r\n"));
        line += 2;
    }
}

static void every_mail_is_ascii_in_short_lines(void **state)
{
    const char *const units[] = {"a", "a ", "\u00e9", "\U0001f41d", "=", ".", " ", "\n", "\t"};
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        char *text = mem_alloc(*state, 20000);
        char *end = text;
        while (end + 8 < text + 20000)
            end = stpcpy(end, units[i]);
        struct mail mail = confirmation();
        mail.text = mail.html = mail.subject = mail.to_name = mail.from_name = text;
        assert_passes_any_server(composed(state, &mail));
    }
}

/* Source: RFC 2045, 6.7: 76 characters; RFC 2047, 2: 75 for a word, 76 for a line with one. */
static void assert_short_lines(const char *bytes)
{
    for (const char *line = bytes; *line; line += strcspn(line, "\n") + 1) {
        size_t length = strcspn(line, "\r");
        const char *word = strstr(line, "=?utf-8?q?");
        assert_in_range(length, 0, 76);
        if (word && word < line + length)
            assert_in_range(strstr(word + strlen("=?utf-8?q?"), "?=") + 2 - word, 0, 75);
    }
}

static void lines_of_texts_names_and_subjects_have_76_characters_at_most(void **state)
{
    enum { COPIES = 90 };
    const char *const units[] = {"a", "\u00e9", "\U0001f41d", "= ", "word ", "\ta"};
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        struct buf *text = buf_new(*state, 1000);
        struct mail mail = confirmation();
        for (int copies = 0; copies < COPIES; copies++) {
            struct mem_mark mark = mem_mark(*state);
            mail.text = mail.subject = mail.to_name = mem_strdup(*state, text->bytes);
            assert_short_lines(composed(state, &mail));
            mem_rewind(*state, mark);
            buf_put(text, units[i]);
        }
        mail.text = mail.subject = mail.to_name = text->bytes;
        assert_string_equal(read_back(state, &mail)->text, text->bytes);
    }
}

/* RFC 2047, 5: each word is whole letters by itself. */
static void no_letter_is_cut_between_two_words(void **state)
{
    struct mail mail = confirmation();
    for (int before = 0; before < 12; before++) {
        mail.subject = mem_printf(*state, "%.*s%s", before, "aaaaaaaaaaaa",
                                  "\U0001f41d\u00e9\u6d77\U0001f41d\u00e9\u6d77\U0001f41d");
        const char *headers = headers_of(state, &mail);
        const char *word = strstr(headers, "Subject: ") + strlen("Subject: ");
        int words = 0;
        for (; str_starts(word, "=?utf-8?q?"); words++) {
            word += strlen("=?utf-8?q?");
            const char *encoded = mem_strndup(*state, word, strcspn(word, "?"));
            size_t bytes = 0;
            char letters[80];
            for (const char *c = encoded; *c; c += *c == '=' ? 3 : 1)
                letters[bytes++] =
                    (char)(*c == '=' ? strtol((char[]){c[1], c[2], 0}, NULL, 16) : *c);
            assert_true(utf8_is_valid(letters, bytes));
            word += strlen(encoded) + strlen("?=");
            word += *word == ' ';
        }
        assert_true(words > 1);
        assert_string_equal(read_back(state, &mail)->subject, mail.subject);
    }
}

static void short_and_plain_names_and_subjects_stand_as_they_are(void **state)
{
    struct mail mail = confirmation();
    mail.to_name = "Zoe O'Neil-Smith";
    mail.subject = "Please confirm: 2 hours (or 3)?";
    assert_header(state, &mail, "To: Zoe O'Neil-Smith <zoe@example.net>");
    assert_header(state, &mail, "Subject: Please confirm: 2 hours (or 3)?");
    mail.to_name = "Zo\u00e9";
    mail.subject = "=?utf-8?q?no?=";
    assert_header(state, &mail, "To: =?utf-8?q?Zo=C3=A9?= <zoe@example.net>");
    assert_header(state, &mail, "Subject: =?utf-8?q?=3D=3Futf-8=3Fq=3Fno=3F=3D?=");
    assert_string_equal(read_back(state, &mail)->subject, mail.subject);
    mail.subject = "";
    assert_string_equal(read_back(state, &mail)->subject, "");
    mail.subject = " two  spaces ";
    assert_header(state, &mail, "Subject: =?utf-8?q?_two__spaces_?=");
    mail.to_name = "";
    assert_header(state, &mail, "To: zoe@example.net");
}

static void a_long_address_has_a_line_of_its_own(void **state)
{
    struct mail mail = confirmation();
    mail.to_name = "A name of some length, as some people have it";
    mail.to_address = "a.rather.long.local.part.of.an.address@a-rather-long-host.example.net";
    const char *bytes = composed(state, &mail);
    assert_non_null(strstr(bytes, mem_printf(*state, "\r\n <%s>\r\n", mail.to_address)));
    assert_string_equal(read_back(state, &mail)->to,
                        mem_printf(*state, "\"%s\" <%s>", mail.to_name, mail.to_address));
}

static void blanks_at_the_ends_of_lines_and_carriage_returns_arrive(void **state)
{
    struct mail mail = confirmation();
    mail.text = "a \nb\t\n \n\n.\nFrom c\rd=\n=e ";
    assert_string_equal(read_back(state, &mail)->text, mail.text);
    mail.text = "a\r\nb\r\n";
    assert_string_equal(read_back(state, &mail)->text, "a\nb\n");
    mail.text = "";
    assert_string_equal(read_back(state, &mail)->text, "");
    mail.text = "--=_alternative--\n--=_mixed\n=_alternative";
    mail.calendar = "BEGIN:VCALENDAR\r\n";
    assert_string_equal(read_back(state, &mail)->text, mail.text);
    assert_string_equal(read_back(state, &mail)->html, mail.html);
}

static void the_same_mail_is_the_same_bytes(void **state)
{
    struct mail mail = confirmation();
    mail.calendar = "BEGIN:VCALENDAR\r\n";
    assert_string_equal(composed(state, &mail), composed(state, &mail));
}

static void one_that_is_too_long_is_not_composed(void **state)
{
    struct mail mail = confirmation();
    char *text = mem_alloc(*state, MAIL_BYTES_MAX + 1);
    mail.text = memset(text, '=', MAIL_BYTES_MAX / 3);
    assert_null(mail_compose(*state, &mail));
}

/* A whole mail as it is written, so that a reader sees one. */
static void a_whole_mail(void **state)
{
    struct mail mail = confirmation();
    mail.to_name = "Zo\u00e9";
    mail.calendar = "BEGIN:VCALENDAR\r\n";
    assert_string_equal(composed(state, &mail),
                        "From: Essaim <essaim@example.org>\r\n"
                        "To: =?utf-8?q?Zo=C3=A9?= <zoe@example.net>\r\n"
                        "Subject: You are in\r\n"
                        "Message-Id: <4k9z.1@essaim.example.org>\r\n"
                        "Date: Sat, 21 Nov 2026 13:00:00 +0000\r\n"
                        "Auto-Submitted: auto-generated\r\n"
                        "Content-Language: en\r\n"
                        "MIME-Version: 1.0\r\n"
                        "Content-Type: multipart/mixed; boundary=\"=_mixed\"\r\n"
                        "\r\n--=_mixed\r\n"
                        "Content-Type: multipart/alternative; boundary=\"=_alternative\"\r\n"
                        "\r\n--=_alternative\r\n"
                        "Content-Type: text/plain; charset=utf-8\r\n"
                        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                        "See you on Saturday.\r\n"
                        "\r\n--=_alternative\r\n"
                        "Content-Type: text/html; charset=utf-8\r\n"
                        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                        "<p>See you on Saturday.</p>\r\n"
                        "\r\n--=_alternative--\r\n"
                        "\r\n--=_mixed\r\n"
                        "Content-Type: text/calendar; charset=utf-8; method=PUBLISH\r\n"
                        "Content-Disposition: attachment; filename=invite.ics\r\n"
                        "Content-Transfer-Encoding: base64\r\n\r\n"
                        "QkVHSU46VkNBTEVOREFSDQo=\r\n"
                        "\r\n--=_mixed--\r\n");
}

static void a_calendar_is_attached_byte_for_byte(void **state)
{
    struct mail mail = confirmation();
    mail.calendar = "BEGIN:VCALENDAR\r\nSUMMARY:\u00e9\r\nEND:VCALENDAR\r\n";
    assert_passes_any_server(composed(state, &mail));
    const struct mail_read *read = read_back(state, &mail);
    assert_string_equal(read->text, mail.text);
    assert_string_equal(read->html, mail.html);
    assert_non_null(read->attachments);
    assert_string_equal(read->attachments->name, "invite.ics");
    assert_string_equal(read->attachments->type, "text/calendar");
    assert_string_equal(read->attachments->content, mail.calendar);
    assert_null(read->attachments->next);
}

static void text_is_the_first_and_html_the_better_alternative(void **state)
{
    struct mail mail = confirmation();
    const char *bytes = composed(state, &mail);
    const char *alternative = strstr(bytes, "multipart/alternative");
    const char *plain = strstr(bytes, "text/plain; charset=utf-8");
    const char *html = strstr(bytes, "text/html; charset=utf-8");
    assert_true(alternative && plain && html);
    assert_true(alternative < plain && plain < html);
    mail.calendar = "BEGIN:VCALENDAR\r\n";
    bytes = composed(state, &mail);
    assert_true(strstr(bytes, "multipart/mixed") < strstr(bytes, "multipart/alternative"));
    assert_non_null(strstr(bytes, "method=PUBLISH"));
    mail.calendar = "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\n";
    assert_non_null(strstr(composed(state, &mail), "method=CANCEL"));
}

static void a_host_of_another_script_is_written_in_ascii(void **state)
{
    struct mail mail = confirmation();
    mail.to_address = "zoe@caf\u00e9.example";
    assert_header(state, &mail, "To: zoe@xn--caf-dma.example");
}

static void a_site_of_another_script_is_named_in_ascii(void **state)
{
    struct mail mail = confirmation();
    mail.message_id = "4k9z.1@caf\u00e9.example";
    mail.unsubscribe_url = "https://caf\u00e9.example/off";
    assert_passes_any_server(composed(state, &mail));
    assert_header(state, &mail, "Message-Id: <4k9z.1@caf%C3%A9.example>");
    assert_header(state, &mail, "List-Unsubscribe: <https://caf%C3%A9.example/off>");
}

static void *compose_many(void *unused)
{
    struct mem *mem = mem_new(TEST_BYTES_MAX);
    struct mail mail = confirmation();
    const char *wrong = NULL;
    for (int i = 0; i < 50; i++) {
        const char *bytes = mail_compose(mem, &mail);
        const struct mail_read *read = mail_parse(mem, bytes, strlen(bytes));
        if (!read || !str_equal(read->text, mail.text))
            wrong = "a mail";
    }
    mem_free(mem);
    (void)unused;
    return (void *)(uintptr_t)wrong;
}

static void threads_compose_at_the_same_time(void **state)
{
    (void)state;
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, compose_many, NULL), 0);
    for (int i = 0; i < 4; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_compose_at_the_same_time),
        TEST(one_click_takes_one_off_a_list_by_https_alone),
        TEST(the_headers_say_who_when_and_what),
        TEST(a_reply_goes_where_it_is_told_to),
        TEST(text_and_html_come_back_as_they_were),
        TEST(names_and_subjects_of_any_language_come_back),
        TEST(no_text_can_add_a_header_or_a_recipient),
        TEST(every_mail_is_ascii_in_short_lines),
        TEST(a_whole_mail),
        TEST(lines_of_texts_names_and_subjects_have_76_characters_at_most),
        TEST(no_letter_is_cut_between_two_words),
        TEST(short_and_plain_names_and_subjects_stand_as_they_are),
        TEST(a_long_address_has_a_line_of_its_own),
        TEST(blanks_at_the_ends_of_lines_and_carriage_returns_arrive),
        TEST(the_same_mail_is_the_same_bytes),
        TEST(one_that_is_too_long_is_not_composed),
        TEST(a_calendar_is_attached_byte_for_byte),
        TEST(text_is_the_first_and_html_the_better_alternative),
        TEST(a_host_of_another_script_is_written_in_ascii),
        TEST(a_site_of_another_script_is_named_in_ascii),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
