/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What people may write, and what nobody gets through: the list of attacks, and the inputs that
 * make Markdown slow or its result huge. */
#include "sys/markdown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/mem.h"

enum { TEST_BYTES_MAX = 1 << 24 };

#define REL " rel=\"nofollow ugc noopener\""

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

static void assert_shown(void **state, const char *text, const char *expected)
{
    const char *html = markdown_html(*state, text);
    assert_non_null(html);
    assert_string_equal(html, expected);
}

static void words_lists_and_quotes_are_marked_up(void **state)
{
    assert_shown(state, "Come *all*, **please**.",
                 "<p>Come <em>all</em>, <strong>please</strong>.</p>\n");
    assert_shown(state, "- gloves\n- boots\n", "<ul>\n<li>gloves</li>\n<li>boots</li>\n</ul>\n");
    assert_shown(state, "> so be it", "<blockquote>\n<p>so be it</p>\n</blockquote>\n");
    assert_shown(state, "", "");
}

static void a_line_break_stays_one(void **state)
{
    assert_shown(state, "12 rue du Pont\nPlouha", "<p>12 rue du Pont<br />\nPlouha</p>\n");
}

static void the_outermost_headings_stand_just_below_the_pages_own(void **state)
{
    assert_shown(state, "# a\n## b\n# c\n", "<h2>a</h2>\n<h3>b</h3>\n<h2>c</h2>\n");
    assert_shown(state, "## a\n### b\n## c\n", "<h2>a</h2>\n<h3>b</h3>\n<h2>c</h2>\n");
    assert_shown(state, "###### a\n", "<h2>a</h2>\n");
    assert_shown(state, "a\n===\nb\n---\n", "<h2>a</h2>\n<h3>b</h3>\n");
}

static void headings_follow_one_another_without_a_gap(void **state)
{
    assert_shown(state, "# a\n### b\n### c\n", "<h2>a</h2>\n<h3>b</h3>\n<h3>c</h3>\n");
    assert_shown(state, "### a\n# b\n### c\n", "<h2>a</h2>\n<h2>b</h2>\n<h3>c</h3>\n");
    assert_shown(state, "# a\n#### b\n## c\n", "<h2>a</h2>\n<h3>b</h3>\n<h3>c</h3>\n");
    assert_shown(state, "> ## a\n\n### b\n",
                 "<blockquote>\n<h2>a</h2>\n</blockquote>\n<h3>b</h3>\n");
}

static void no_heading_is_deeper_than_html_knows(void **state)
{
    assert_shown(state, "# a\n## b\n### c\n#### d\n##### e\n###### f\n",
                 "<h2>a</h2>\n<h3>b</h3>\n<h4>c</h4>\n<h5>d</h5>\n<h6>e</h6>\n<h6>f</h6>\n");
}

static void links_to_the_web_mail_and_this_site_stay(void **state)
{
    assert_shown(state, "[a](https://example.org/?x=1&y=2)",
                 "<p><a href=\"https://example.org/?x=1&amp;y=2\"" REL ">a</a></p>\n");
    assert_shown(state, "<HTTP://example.org/>",
                 "<p><a href=\"HTTP://example.org/\"" REL ">HTTP://example.org/</a></p>\n");
    assert_shown(state, "<anne@example.org>",
                 "<p><a href=\"mailto:anne@example.org\"" REL ">anne@example.org</a></p>\n");
    assert_shown(state, "[*a*](/c/plouha \"title\")",
                 "<p><a href=\"/c/plouha\"" REL "><em>a</em></a></p>\n");
    assert_shown(state, "[a](#below) [b](?page=2)",
                 "<p><a href=\"#below\"" REL ">a</a> <a href=\"?page=2\"" REL ">b</a></p>\n");
    assert_shown(state, "[a]\n\n[a]: /x", "<p><a href=\"/x\"" REL ">a</a></p>\n");
}

static void an_address_that_stands_bare_in_a_text_is_a_link(void **state)
{
#define A(address) "<a href=\"" address "\" rel=\"nofollow ugc noopener\">" address "</a>"
    assert_shown(state, "https://a.org/b_c_d", "<p>" A("https://a.org/b_c_d") "</p>\n");
    assert_shown(state, "See http://a.org/b?c=d, (https://a.org).",
                 "<p>See " A("http://a.org/b?c=d") ", (" A("https://a.org") ").</p>\n");
    assert_shown(state, "**https://a.org**", "<p><strong>" A("https://a.org") "</strong></p>\n");
    assert_shown(state, "xhttps://a.org `https://a.org`",
                 "<p>xhttps://a.org <code>https://a.org</code></p>\n");
    assert_shown(
        state, "[https://b.org](https://a.org)",
        "<p><a href=\"https://a.org\" rel=\"nofollow ugc noopener\">https://b.org</a></p>\n");
    assert_shown(state, "http:// and http", "<p>" A("http://") " and http</p>\n");
#undef A
}

static void letters_beyond_ascii_are_encoded_in_a_link(void **state)
{
    assert_shown(state, "[a](/caf\u00e9%20x)", "<p><a href=\"/caf%C3%A9%20x\"" REL ">a</a></p>\n");
}

static void a_link_elsewhere_is_only_its_text(void **state)
{
    const char *const addresses[] = {
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "javascript&colon;alert(1)",
        "&#106;avascript:alert(1)",
        "java&#10;script:alert(1)",
        "<java\tscript:alert(1)>",
        "&#1;javascript:alert(1)",
        "%20javascript:alert(1)",
        "vbscript:x",
        "data:text/html,<script>alert(1)</script>",
        "data:image/png;base64,AAAA",
        "file:///etc/passwd",
        "//example.org/",
        "tel:+331",
        "https:example.org",
        "example.org",
        "../x",
    };
    for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
        assert_shown(state, mem_printf(*state, "[x](%s)", addresses[i]), "<p>x</p>\n");
}

static void an_address_cannot_leave_its_attribute(void **state)
{
    assert_shown(state, "[x](</\"onclick=\"alert(1)>)",
                 "<p><a href=\"/%22onclick=%22alert(1)\"" REL ">x</a></p>\n");
    assert_shown(state, "[x](</a'b<c&gt;d`e>)",
                 "<p>[x](&lt;/a'b&lt;c&gt;d`e&gt;)</p>\n"); /* '<' ends such an address */
    assert_shown(state, "[x](/a&quot;&gt;&lt;b)", "<p><a href=\"/a%22%3E%3Cb\"" REL ">x</a></p>\n");
}

static void an_address_cannot_turn_into_another_host(void **state)
{
    assert_shown(state, "[x](</\\example.org>)",
                 "<p><a href=\"/%5Cexample.org\"" REL ">x</a></p>\n");
    assert_shown(state, "[x](/&#9;/example.org)",
                 "<p><a href=\"/%09/example.org\"" REL ">x</a></p>\n");
}

static void html_is_shown_as_it_was_typed(void **state)
{
    assert_shown(state, "a <b onclick=\"x\">b</b>",
                 "<p>a &lt;b onclick=&quot;x&quot;&gt;b&lt;/b&gt;</p>\n");
    assert_shown(state, "<script>alert(1)</script>\n\nb",
                 "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n<p>b</p>\n");
    assert_shown(state, "<!-- --><img src=x onerror=alert(1)>",
                 "<p>&lt;!-- --&gt;&lt;img src=x onerror=alert(1)&gt;</p>\n");
    assert_shown(state, "- <div>\n", "<ul>\n<li>&lt;div&gt;</li>\n</ul>\n");
}

static void a_picture_is_its_description(void **state)
{
    assert_shown(state, "![a *hen*](https://example.org/hen.png)", "<p>a <em>hen</em></p>\n");
    assert_shown(state, "![i](data:text/html,x)", "<p>i</p>\n");
    assert_shown(state, "[![hen](x.png)](/hens)", "<p><a href=\"/hens\"" REL ">hen</a></p>\n");
    assert_shown(state, "![see [it](/hen)](x.png)", "<p>see <a href=\"/hen\"" REL ">it</a></p>\n");
}

static void no_link_stands_in_a_link(void **state)
{
    assert_shown(state, "[*<https://example.org/>*](/b)",
                 "<p><a href=\"/b\"" REL "><em>https://example.org/</em></a></p>\n");
    assert_shown(state, "[a ![b <https://example.org/>](c)](/d)",
                 "<p><a href=\"/d\"" REL ">a b https://example.org/</a></p>\n");
}

static void the_language_of_code_cannot_leave_its_attribute(void **state)
{
    assert_shown(
        state, "```x\"><script>\na < b\n```\n",
        "<pre><code class=\"language-x&quot;&gt;&lt;script&gt;\">a &lt; b\n</code></pre>\n");
}

/* `unit` as often as it fits. */
static const char *full_of(void **state, const char *unit)
{
    char *text = mem_alloc(*state, MARKDOWN_BYTES_MAX + 1);
    char *end = text;
    while (end + strlen(unit) <= text + MARKDOWN_BYTES_MAX)
        end = stpcpy(end, unit);
    return markdown_html(*state, text);
}

static void a_text_of_the_greatest_length_is_shown(void **state)
{
    const char *const units[] = {"a ", "[a](/b) ", "*", "[", "![", "`", "<a ", "- a\n", "**a *a "};
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (!full_of(state, units[i]))
            fail_msg("%s", units[i]);
}

static void a_result_that_is_too_long_is_refused(void **state)
{
    assert_null(full_of(state, "> "));
    assert_null(full_of(state, "[](/)"));
}

static void a_text_that_is_too_long_is_refused(void **state)
{
    char *text = mem_alloc(*state, MARKDOWN_BYTES_MAX + 2);
    memset(text, 'a', MARKDOWN_BYTES_MAX + 1);
    assert_null(markdown_html(*state, text));
}

static void references_do_not_multiply_a_long_address(void **state)
{
    char *text = mem_alloc(*state, MARKDOWN_BYTES_MAX + 1);
    char *end = stpcpy(text, "[a]: /");
    memset(end, 'b', 20000);
    end = stpcpy(end + 20000, "\n\n");
    while (end + 3 <= text + MARKDOWN_BYTES_MAX)
        end = stpcpy(end, "[a]");
    const char *html = markdown_html(*state, text);
    assert_true(!html || strlen(html) <= MARKDOWN_HTML_BYTES_MAX);
}

static void assert_plain(void **state, const char *text, const char *expected)
{
    const char *plain = markdown_text(*state, text);
    assert_non_null(plain);
    assert_string_equal(plain, expected);
}

static void as_plain_text_its_marks_are_gone_and_nothing_else(void **state)
{
    assert_plain(state, "Come *all*, **please**.\nOr `not`.", "Come all, please.\nOr not.\n");
    assert_plain(state, "# a\nb\n\nc", "a\n\nb\n\nc\n");
    assert_plain(state, "Bring:\n- gloves\n- boots\n\nThen",
                 "Bring:\n\n- gloves\n- boots\n\nThen\n");
    assert_plain(state, "3. a\n4. b", "3. a\n4. b\n");
    assert_plain(state, "- a\n  - b\n- c", "- a\n\n- b\n- c\n");
    assert_plain(state, "> so be it\n***\n<b>", "so be it\n\n* * *\n\n<b>\n");
    assert_plain(state, "[here](https://a.example/b) or <https://a.example>, <a@b.example>",
                 "here (https://a.example/b) or https://a.example, a@b.example\n");
    assert_plain(state, "", "");
}

static void as_plain_text_too_it_has_a_bound(void **state)
{
    char *text = mem_alloc(*state, MARKDOWN_BYTES_MAX + 2);
    memset(text, 'a', MARKDOWN_BYTES_MAX + 1);
    assert_null(markdown_text(*state, text));
    text[MARKDOWN_BYTES_MAX] = '\0';
    assert_non_null(markdown_text(*state, text));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(words_lists_and_quotes_are_marked_up),
        TEST(a_line_break_stays_one),
        TEST(the_outermost_headings_stand_just_below_the_pages_own),
        TEST(headings_follow_one_another_without_a_gap),
        TEST(no_heading_is_deeper_than_html_knows),
        TEST(links_to_the_web_mail_and_this_site_stay),
        TEST(an_address_that_stands_bare_in_a_text_is_a_link),
        TEST(letters_beyond_ascii_are_encoded_in_a_link),
        TEST(a_link_elsewhere_is_only_its_text),
        TEST(an_address_cannot_leave_its_attribute),
        TEST(an_address_cannot_turn_into_another_host),
        TEST(html_is_shown_as_it_was_typed),
        TEST(a_picture_is_its_description),
        TEST(no_link_stands_in_a_link),
        TEST(the_language_of_code_cannot_leave_its_attribute),
        TEST(a_text_of_the_greatest_length_is_shown),
        TEST(a_result_that_is_too_long_is_refused),
        TEST(a_text_that_is_too_long_is_refused),
        TEST(references_do_not_multiply_a_long_address),
        TEST(as_plain_text_its_marks_are_gone_and_nothing_else),
        TEST(as_plain_text_too_it_has_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
