/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What compiled templates call: nothing that a value holds may leave its place, and no address may
 * lead to a script or, looking like a path, to another site. */
#include "sys/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "sys/lang.h"

enum { TEST_BYTES_MAX = 1 << 22, PAGE_BYTES_MAX = 4096 };

static int set_up(void **state)
{
    struct mem *mem = mem_new(TEST_BYTES_MAX);
    struct html *h = MEM_NEW(mem, struct html);
    struct langs *langs = langs_new(mem);
    *h = (struct html){
        .out = buf_new(mem, PAGE_BYTES_MAX),
        .lang = langs ? lang_get(langs, "en") : NULL,
        .mem = mem,
    };
    *state = h;
    return h->lang ? 0 : -1;
}

static int tear_down(void **state)
{
    struct html *h = *state;
    mem_free(h->mem);
    return 0;
}

/* What was written since the last look. */
static const char *written(struct html *h)
{
    const char *text = h->out->bytes;
    h->out = buf_new(h->mem, PAGE_BYTES_MAX);
    return text;
}

static void text_and_attributes_are_escaped(void **state)
{
    struct html *h = *state;
    html_text(h, "<a b=\"c\">'d' & é</a>");
    assert_string_equal(written(h), "&lt;a b=&quot;c&quot;&gt;&#39;d&#39; &amp; é&lt;/a&gt;");
    html_attribute(h, "\"'<>&");
    assert_string_equal(written(h), "&quot;&#39;&lt;&gt;&amp;");
}

static void nothing_is_written_for_no_text(void **state)
{
    struct html *h = *state;
    const char *none = NULL;
    html_text(h, none);
    html_attribute(h, none);
    html_plain(h, none);
    html_text(h, (struct safe_html){NULL});
    assert_string_equal(written(h), "");
}

static void only_safe_html_is_markup(void **state)
{
    struct html *h = *state;
    const struct safe_html story = {"<p>a & b</p>"};
    html_text(h, story);
    assert_string_equal(written(h), "<p>a & b</p>");
}

static void numbers_are_for_people_in_text_and_for_machines_in_attributes(void **state)
{
    struct html *h = *state;
    const int64_t n = 6800000;
    html_text(h, n);
    assert_string_equal(written(h), "6,800,000");
    html_attribute(h, n);
    assert_string_equal(written(h), "6800000");
    html_plain(h, 1200);
    assert_string_equal(written(h), "1,200");
}

static void plain_text_stays_as_it_is(void **state)
{
    struct html *h = *state;
    html_plain(h, "<Tom's> & \"co\"");
    assert_string_equal(written(h), "<Tom's> & \"co\"");
}

static void addresses_of_this_site_and_of_the_web_pass(void **state)
{
    struct html *h = *state;
    static const char *const addresses[] = {
        "/",
        "/campaigns/a-b?c=d#e",
        "#top",
        "?page=2",
        "https://a.example/b",
        "http://a.example",
        "HTTPS://a.example",
        "mailto:a@b.example",
        "/a:b",
    };
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        html_url(h, addresses[i]);
        assert_string_equal(written(h), addresses[i]);
    }
    html_url(h, "/a?b=\"c\"&d");
    assert_string_equal(written(h), "/a?b=&quot;c&quot;&amp;d");
}

static void other_addresses_lead_nowhere(void **state)
{
    struct html *h = *state;
    static const char *const addresses[] = {
        "",
        "javascript:a()",
        " javascript:a()",
        "JAVASCRIPT:a()",
        "java\nscript:a()",
        "data:text/html,a",
        "vbscript:a",
        "//host.example/a",
        "/\\host.example/a",
        "/\t/host.example/a",
        "\t//host.example/a",
        "/a\nb",
        "http:host.example",
        "https:\\\\host.example",
        "campaigns/a",
        "ftp://host.example",
    };
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        html_url(h, addresses[i]);
        assert_string_equal(written(h), "#");
    }
    html_url(h, NULL);
    assert_string_equal(written(h), "#");
}

static void a_message_fills_its_holes(void **state)
{
    struct html *h = *state;
    const struct html_hole holes[] = {
        {"who", html_hole(h, "<A>")}, {"n", html_hole(h, 1200)}, {NULL, NULL}};
    const char *message = html_message(h, "{who} wrote {n} times in a test.", holes);
    assert_string_equal(message, "<A> wrote 1,200 times in a test.");
    html_text(h, message);
    assert_string_equal(written(h), "&lt;A&gt; wrote 1,200 times in a test.");
    assert_string_equal(html_message(h, "A message of a test.", NULL), "A message of a test.");
}

static void a_plural_fills_its_number_by_itself(void **state)
{
    struct html *h = *state;
    const char *one = "{n} test of {who}";
    const char *many = "{n} tests of {who}";
    const char *none = NULL;
    const struct html_hole holes[] = {{"who", html_hole(h, "A")}, {NULL, NULL}};
    assert_string_equal(html_message_plural(h, one, many, 1, holes), "1 test of A");
    assert_string_equal(html_message_plural(h, one, many, 2000, holes), "2,000 tests of A");
    assert_string_equal(html_hole(h, none), "");
}

static void a_page_that_is_full_says_so(void **state)
{
    struct html *h = *state;
    for (int i = 0; i < PAGE_BYTES_MAX; i++)
        html_text(h, "&");
    assert_true(h->out->over);
    assert_true(h->out->length <= PAGE_BYTES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(text_and_attributes_are_escaped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_written_for_no_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_safe_html_is_markup, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            numbers_are_for_people_in_text_and_for_machines_in_attributes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(plain_text_stays_as_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(addresses_of_this_site_and_of_the_web_pass, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(other_addresses_lead_nowhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_message_fills_its_holes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_plural_fills_its_number_by_itself, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_page_that_is_full_says_so, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
