/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Finding the addresses in a mail, and letting its links out of the frame. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "features/mailbox/mailbox_local.h"
#include "web/view.h"

static int set_up(void **state)
{
    *state = mem_new(1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    mem_free(*state);
    return 0;
}

/* The links, each followed by a line's end. */
static const char *links(struct mem *mem, const char *text, const char *html)
{
    struct buf *out = buf_new(mem, 64 * 1024);
    for (const struct view_text *link = mailbox_links(mem, text, html); link; link = link->next)
        buf_printf(out, "%s\n", link->text);
    return out->bytes;
}

static void addresses_of_a_text_end_where_the_sentence_goes_on(void **state)
{
    assert_string_equal(
        links(*state,
              "See https://a.example/x?y=1&z=2, or (http://b.example/c). "
              "<https://c.example/>\nHTTPS://D.example/é no: ftp://e.example mailto:f@g",
              NULL),
        "https://a.example/x?y=1&z=2\nhttp://b.example/c\nhttps://c.example/\n"
        "HTTPS://D.example/\n");
}

static void brackets_that_belong_to_an_address_stay(void **state)
{
    assert_string_equal(links(*state, "https://a.example/Swarm_(bees).", NULL),
                        "https://a.example/Swarm_(bees)\n");
}

static void links_of_html_lose_their_escapes(void **state)
{
    assert_string_equal(
        links(*state, NULL,
              "<a href=\"https://a.example/?b=1&amp;c=&#39;2&quot;\">x</a>"
              "<a class=\"b\" href=\"/local\">y</a><a href=\"mailto:a@b.example\">z</a>"),
        "https://a.example/?b=1&c='2\"\n");
}

static void each_address_is_listed_once_in_its_order(void **state)
{
    assert_string_equal(
        links(*state, "https://b.example/ https://a.example/ https://b.example/",
              "<a href=\"https://a.example/\">a</a><a href=\"https://c.example/\">c</a>"),
        "https://b.example/\nhttps://a.example/\nhttps://c.example/\n");
}

static void a_mail_without_parts_has_no_links(void **state)
{
    assert_null(mailbox_links(*state, NULL, NULL));
    assert_null(mailbox_links(*state, "https", "<a href=\"\"></a><a href=\"https"));
}

static void there_are_never_more_than_the_maximum(void **state)
{
    struct buf *text = buf_new(*state, 64 * 1024);
    for (int i = 0; i < MAILBOX_LINKS_MAX + 10; i++)
        buf_printf(text, "https://a.example/%d ", i);
    int count = 0;
    for (const struct view_text *link = mailbox_links(*state, text->bytes, NULL); link;
         link = link->next)
        count++;
    assert_int_equal(count, MAILBOX_LINKS_MAX);
}

static void links_open_outside_of_the_frame(void **state)
{
    assert_string_equal(mailbox_html_framed(*state, "<!doctype html><head><title>%s</title>"),
                        "<!doctype html><head><base target=\"_blank\"><title>%s</title>");
    assert_string_equal(mailbox_html_framed(*state, "<p>No head.</p>"), "<p>No head.</p>");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(addresses_of_a_text_end_where_the_sentence_goes_on),
        TEST(brackets_that_belong_to_an_address_stay),
        TEST(links_of_html_lose_their_escapes),
        TEST(each_address_is_listed_once_in_its_order),
        TEST(a_mail_without_parts_has_no_links),
        TEST(there_are_never_more_than_the_maximum),
        TEST(links_open_outside_of_the_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
