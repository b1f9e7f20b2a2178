/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The template compiler: that it refuses each place where no escape is certain, with the line and
 * the reason; that tplc_test/page.html becomes exactly the C beside it; and that this very C,
 * compiled into this program with all warnings, writes the page that it should. After a wanted
 * change of the output: tplc tools/tplc_test/page.html tools/tplc_test/page.html.{c,h}.expected (in
 * the project's folder) */
#include "tplc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/html.h"
#include "sys/lang.h"
#include "tplc_test/page.html.c.expected"

enum { FILE_BYTES_MAX = 64 * 1024 };

static int set_up(void **state)
{
    *state = mem_new(TPLC_MEMORY_BYTES_MAX);
    return 0;
}

static int tear_down(void **state)
{
    mem_free(*state);
    return 0;
}

/* A template file and what is said about it. */
struct wrong {
    const char *text;
    int line;
    const char *sentence; /* how it begins */
};

#define IN_PAGE(html) "{{ template page(const char *x) }}\n" html "\n{{ end }}\n"

static void expect_refusals(struct mem *mem, const struct wrong *wrong, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct tplc_output output;
        bool fits = tplc_compile(mem, "x.html", wrong[i].text, strlen(wrong[i].text), &output);
        bool told =
            !fits && output.line == wrong[i].line && str_starts(output.sentence, wrong[i].sentence);
        if (!told)
            fail_msg("%s\n is said to be %s, line %d\n instead of %s, line %d", wrong[i].text,
                     fits ? "fine" : output.sentence, output.line, wrong[i].sentence,
                     wrong[i].line);
    }
}

#define EXPECT_REFUSALS(wrong) expect_refusals(*state, (wrong), sizeof(wrong) / sizeof((wrong)[0]))

static void no_value_stands_where_no_escape_makes_it_harmless(void **state)
{
    static const struct wrong wrong[] = {
        {IN_PAGE("<script>{{ x }}</script>"), 2, "a <script> needs src"},
        {IN_PAGE("<script src=\"/a.js\" type=\"module\">{{ x }}</script>"), 2,
         "nothing may stand in <script>"},
        {IN_PAGE("<script src=\"/a.js\" type=\"module\">a()</script>"), 2,
         "nothing may stand in <script>"},
        {IN_PAGE("<script src=\"/a.js\"></script>"), 2, "a <script> needs src"},
        {IN_PAGE("<script type=\"module\"></script>"), 2, "a <script> needs src"},
        {IN_PAGE("<script src=\"/a.js\" type=\"{{ x }}module\"></script>"), 2,
         "a <script> needs src"},
        {IN_PAGE("<SCRIPT>a()</SCRIPT>"), 2, "a <script> needs src"},
        {IN_PAGE("<svg><script href=\"/a.js\"/></svg>"), 2, "<script/> does not close itself"},
        {IN_PAGE("<style>{{ x }}</style>"), 2, "<style> is not allowed"},
        {IN_PAGE("<svg><set to=\"{{ x }}\"/></svg>"), 2, "<set> is not allowed"},
        {IN_PAGE("<iframe src=\"/x\">{{ x }}</iframe>"), 2, "nothing may stand in <iframe>"},
        {IN_PAGE("\n<!-- {{ x }} -->"), 3, "a comment is not closed, or has a {{ }}"},
        {IN_PAGE("<!--> {{ x }} -->"), 2, "a comment cannot begin with >"},
        {IN_PAGE("<!-- --!> -->"), 2, "a comment cannot begin with >"},
        {IN_PAGE("<!DOCTYPE {{ x }}>"), 2, "only <!-- … -->"},
        {IN_PAGE("<{{ x }}>"), 2, "a < in text is written &lt;"},
        {IN_PAGE("</{{ x }}>"), 2, "the end tag </> is not closed"},
        {IN_PAGE("<h{{ x }}>"), 2, "no value may stand in the tag <h>"},
        {IN_PAGE("<p {{ x }}>"), 2, "no value may stand in the tag <p>"},
        {IN_PAGE("<p {{ t \"x\" }}>"), 2, "no value may stand in the tag <p>"},
        {IN_PAGE("<p {{ call x() }}>"), 2, "no value may stand in the tag <p>"},
        {IN_PAGE("<p data-{{ x }}=\"1\">"), 2, "no value may stand in the tag <p>"},
        {IN_PAGE("<p data-{{ if x }}a{{ end }}=\"1\">"), 2, "white space is missing"},
        {IN_PAGE("<p class={{ x }}>"), 2, "the value of class must stand in double quotes"},
        {IN_PAGE("<p class=x>"), 2, "the value of class must stand in double quotes"},
        {IN_PAGE("<p\nclass='{{ x }}'>"), 3, "the value of class must stand in double quotes"},
        {IN_PAGE("<p class = \"{{ x }}\">"), 2, "an attribute of <p> must begin with a letter"},
        {IN_PAGE("<p onclick=\"{{ x }}\">"), 2, "the attribute onclick is not allowed"},
        {IN_PAGE("<p ONCLICK=\"a()\">"), 2, "the attribute onclick is not allowed"},
        {IN_PAGE("<p style=\"color: red\">"), 2, "the attribute style is not allowed"},
        {IN_PAGE("<iframe srcdoc=\"{{ x }}\"></iframe>"), 2, "the attribute srcdoc is not allow"},
        {IN_PAGE("<meta http-equiv=\"refresh\" content=\"{{ x }}\">"), 2,
         "no value may stand in the content of http-equiv"},
        {IN_PAGE("<title><b>{{ x }}</b></title>"), 2, "a < in <title> is written &lt;"},
        {IN_PAGE("<textarea>{{ call card(x) }}</textarea>"), 2, "{{ call … }} cannot stand in <te"},
    };
    EXPECT_REFUSALS(wrong);
}

static void an_address_is_one_whole_url(void **state)
{
    static const struct wrong wrong[] = {
        {IN_PAGE("<a href=\"{{ x }}\">"), 2, "href is an address and needs {{ url … }}"},
        {IN_PAGE("<img srcset=\"{{ x }}\">"), 2, "srcset is an address"},
        {IN_PAGE("<button formaction=\"{{ x }}\">"), 2, "formaction is an address"},
        {IN_PAGE("<svg><use xlink:href=\"{{ x }}\"/></svg>"), 2, "xlink:href is an address"},
        {IN_PAGE("<a href=\"{{ t \"/x\" }}\">"), 2, "href is an address and needs {{ url … }}"},
        {IN_PAGE("<a href=\"{{ tn 1 \"/x\" \"/y\" }}\">"), 2, "href is an address"},
        {IN_PAGE("<a href=\"/a/{{ url x }}\">"), 2, "{{ url … }} must be the whole value"},
        {IN_PAGE("<a href=\"{{ url x }}/b\">"), 2, "{{ url … }} must be the whole value"},
        {IN_PAGE("<a href=\"{{ url x }}{{ url x }}\">"), 2, "{{ url … }} must be the whole"},
        {IN_PAGE("<a href=\"{{ if x }}{{ url x }}{{ end }}\">"), 2, "href is an address: make"},
        {IN_PAGE("<p title=\"{{ url x }}\">"), 2, "title is no address"},
        {IN_PAGE("{{ url x }}"), 2, "{{ url … }} stands in attributes that are addresses"},
        {IN_PAGE("<a href=\"javascript:a()\">"), 2, "javascript: is not allowed"},
        {IN_PAGE("<a href=\" JaVa\nScRiPt:a()\">"), 3, "javascript: is not allowed"},
        {IN_PAGE("<p title=\"{{ call card(x) }}\">"), 2, "{{ call … }} stands in text"},
        {"{{ text mail(void) }}{{ url x }}{{ end }}", 1, "{{ url … }} has no place in plain"},
    };
    EXPECT_REFUSALS(wrong);
}

static void both_ends_of_a_branch_stand_in_one_place(void **state)
{
    static const struct wrong wrong[] = {
        {IN_PAGE("{{ if x }}\n<p>\n{{ end }}"), 4, "<p> of line 3 is still open"},
        {IN_PAGE("{{ if x }}\n<p>\n{{ else }}<p>{{ end }}"), 4, "<p> of line 3 is still open"},
        {IN_PAGE("<p>{{ if x }}</p>{{ end }}"), 2, "</p> closes nothing that was opened in this"},
        {IN_PAGE("<p>{{ if x }}</p><p>{{ end }}"), 2, "</p> closes nothing"},
        {IN_PAGE("{{ for s in x }}<p class=\"{{ end }}\">"), 2, "this branch ends in another"},
        {IN_PAGE("<p {{ if x }}class=\"{{ end }}\">"), 2, "this branch ends in another place"},
        {IN_PAGE("<p {{ if x }}class=\"a\">{{ end }}>"), 2, "<p> of line 2 is still open"},
        {IN_PAGE("<br {{ if x }}><hr {{ end }}>"), 2, "this branch ends in another place"},
        {IN_PAGE("<p class=\"{{ if x }}\" id=\"{{ end }}\">"), 2, "this branch ends in another"},
        {IN_PAGE("<p {{ for s in x }}class=\"a\"{{ end }}>"), 2, "no {{ for … }} may stand in"},
        {IN_PAGE("<p {{ if x }}a{{ end }}{{ if x }}b{{ end }}>"), 2, "white space is missing"},
        {IN_PAGE("<p {{ if x }}a {{ else }}b{{ end }}c>"), 2, "white space is missing"},
    };
    EXPECT_REFUSALS(wrong);
}

static void a_template_ends_what_it_begins(void **state)
{
    static const struct wrong wrong[] = {
        {IN_PAGE("<p"), 3, "the tag <p> of line 2 is not closed"},
        {IN_PAGE("<p class=\"a"), 3, "the quotes of class, line 2, are not closed"},
        {IN_PAGE("<p class=\"a>\n<b>x</b>"), 2, "the value of class is not closed"},
        {IN_PAGE("<!-- a"), 2, "a comment is not closed"},
        {IN_PAGE("<p>\n<b>x</b>"), 4, "<p> of line 2 is not closed"},
        {IN_PAGE("<p>\n<b>x</p></b>"), 3, "</p> stands where </b> is expected, of line 3"},
        {IN_PAGE("</p>"), 2, "</p> closes nothing that was opened here"},
        {IN_PAGE("<ul><li>a<li>b</ul>"), 2, "</ul> stands where </li> is expected"},
        {IN_PAGE("<br></br>"), 2, "</br> closes nothing"},
        {IN_PAGE("<div/>"), 2, "<div/> does not close itself"},
        {IN_PAGE("<p><div></div></p>"), 2, "<div> cannot stand inside <p>"},
        {IN_PAGE("<a href=\"/\"><b><a href=\"/\">"), 2, "<a> cannot stand inside <a>"},
        {"{{ template page(void) }}\n{{ if x }}\n{{ end }}", 1, "{{ end }} is missing"},
        {"{{ template page(void) }}\n{{ if x }}\n", 2, "{{ end }} is missing"},
        {"{{ template a(void) }}\n{{ template b(void) }}", 2, "the template of line 1 has no"},
    };
    EXPECT_REFUSALS(wrong);
}

static void directives_are_known_and_whole(void **state)
{
    static const struct wrong wrong[] = {
        {IN_PAGE("{{ foreach x }}"), 2, "`foreach` is not a directive"},
        {IN_PAGE("{{ elseif x }}"), 2, "`elseif` is not a directive"},
        {IN_PAGE("{{ else }}"), 2, "else without if"},
        {IN_PAGE("{{ if x }}{{ else }}{{ else }}{{ end }}"), 2, "else without if"},
        {IN_PAGE("{{ if x }}{{ else y }}{{ end }}"), 2, "else or else if is expected"},
        {IN_PAGE("{{ if }}{{ end }}"), 2, "an expression is missing"},
        {IN_PAGE("{{ for x }}{{ end }}"), 2, "for NAME in EXPRESSION is expected"},
        {IN_PAGE("{{ if x }}{{ end if }}"), 2, "end takes nothing"},
        {"{{ end }}", 1, "end without a beginning"},
        {IN_PAGE("{{ include \"a.h\" }}"), 2, "include stands before the templates"},
        {"{{ include <a.h> }}", 1, "the file of an include stands in double quotes"},
        {"\n\nHello\n", 3, "text stands outside of a template"},
        {"{{ x }}", 1, "this stands outside of a template"},
        {"{{ template page }}{{ end }}", 1, "name(…) is expected"},
        {"{{ template a(int x) b(int y) }}{{ end }}", 1, "brackets do not match"},
        {"{{ template page(enum kind k) }}{{ end }}", 1, "C cannot declare an enum ahead"},
        {IN_PAGE("{{ call card }}"), 2, "name(…) is expected"},
        {IN_PAGE("{{ call f(a)(b) }}"), 2, "brackets do not match"},
        {IN_PAGE("a }} b"), 2, "}} without {{"},
        {"{{ template page(void) }}\n{{ x ", 2, "this {{ is not closed"},
        {IN_PAGE("a\x01"), 2, "a control character stands in this line"},
        {IN_PAGE("a\r"), 2, "a control character stands in this line"},
        {IN_PAGE("a\xFF"), 2, "this line is not UTF-8"},
    };
    EXPECT_REFUSALS(wrong);
}

static void an_expression_ends_where_it_should(void **state)
{
    static const struct wrong wrong[] = {
        {IN_PAGE("{{ }}"), 2, "an expression is missing"},
        {IN_PAGE("{{ \"x }}"), 2, "this {{ is not closed, or a quote in it is not"},
        {IN_PAGE("{{ x); puts(x }}"), 2, "brackets do not match"},
        {IN_PAGE("{{ (x; y) }}"), 2, "an expression has no ; { } or \\"},
        {IN_PAGE("{{ f(x] }}"), 2, "brackets do not match"},
        {IN_PAGE("{{ f(x }}"), 2, "brackets do not match"},
        {IN_PAGE("{{ x, y }}"), 2, "an expression has no comma"},
        {IN_PAGE("{{ x // y }}"), 2, "an expression has no comment"},
        {IN_PAGE("{{ x /* y }}"), 2, "an expression has no comment"},
        {IN_PAGE("{{ \"?\?/\" }}"), 2, "an expression has no trigraph"},
        {IN_PAGE("{{ x \\ y }}"), 2, "an expression has no ; { } or \\"},
        {IN_PAGE("{{ ({ x; }) }}"), 2, "an expression has no ; { } or \\"},
    };
    EXPECT_REFUSALS(wrong);
}

static void a_message_names_the_holes_that_it_is_given(void **state)
{
    static const struct wrong wrong[] = {
        {IN_PAGE("{{ t x }}"), 2, "a message in double quotes is expected"},
        {IN_PAGE("{{ t \"\" }}"), 2, "a message is empty"},
        {IN_PAGE("{{ t \"a\\x\" }}"), 2, "a message knows"},
        {IN_PAGE("{{ t \"a {b}\" }}"), 2, "{b} is not given"},
        {IN_PAGE("{{ t \"a {b}\" c=x }}"), 2, "{b} is not given"},
        {IN_PAGE("{{ t \"a {b}\" b=x c=x }}"), 2, "{c} is given but not in the message"},
        {IN_PAGE("{{ t \"a {b}\" b=x b=x }}"), 2, "{b} is given twice"},
        {IN_PAGE("{{ t \"a {b\" b=x }}"), 2, "a brace in a message"},
        {IN_PAGE("{{ t \"a }\" }}"), 2, "a brace in a message"},
        {IN_PAGE("{{ t \"{n}\" }}"), 2, "{n} is not given"},
        {IN_PAGE("{{ t \"a\" \"b\" }}"), 2, "name=expression is expected"},
        {IN_PAGE("{{ t \"a {b}\" b= }}"), 2, "an expression is missing"},
        {IN_PAGE("{{ tn \"a\" \"b\" }}"), 2, "an expression is missing"},
        {IN_PAGE("{{ tn 1 \"a\" }}"), 2, "a message in double quotes is expected"},
        {IN_PAGE("{{ tn 1 \"a\" \"b {c}\" }}"), 2, "{c} is not given"},
        {IN_PAGE("{{ tn 1 \"{n}\" \"{n}\" n=2 }}"), 2, "{n} is given twice"},
    };
    EXPECT_REFUSALS(wrong);
}

static void what_grows_has_a_bound(void **state)
{
    struct buf *text = buf_new(*state, TPLC_INPUT_BYTES_MAX + 1);
    buf_put(text, "{{ template page(void) }}\n");
    for (int i = 0; i < 65; i++)
        buf_put(text, "<b>");
    struct tplc_output output;
    assert_false(tplc_compile(*state, "x.html", text->bytes, text->length, &output));
    assert_string_equal(output.sentence, "more than 64 elements are open");
    while (!text->over)
        buf_put_char(text, '\n');
    assert_false(tplc_compile(*state, "x.html", text->bytes, text->length, &output));
    assert_string_equal(output.sentence, "a template file has at most 262144 bytes");
}

/* C11 promises 4095 bytes of a literal. */
static void a_long_text_becomes_several_literals(void **state)
{
    struct buf *text = buf_new(*state, TPLC_INPUT_BYTES_MAX);
    buf_put(text, "{{ text page(void) }}\nx");
    for (int i = 0; i < 2500; i++)
        buf_put(text, "é");
    buf_put(text, "{{ end }}");
    struct tplc_output output;
    assert_true(tplc_compile(*state, "x.html", text->bytes, text->length, &output));
    const char *first = strstr(output.source, "html_markup(h, \"xé");
    assert_non_null(first);
    assert_non_null(strstr(first, "é\", 3999);\n    html_markup(h, \"é"));
    assert_non_null(strstr(first, "é\", 1002);\n"));
}

/* Tests run in the project's folder, or in a build folder inside it. */
static FILE *open_file(struct mem *mem, const char *name)
{
    FILE *file = fopen(mem_printf(mem, "tools/tplc_test/%s", name), "rb");
    if (!file)
        file = fopen(mem_printf(mem, "../tools/tplc_test/%s", name), "rb");
    return file;
}

static const char *read_file(struct mem *mem, const char *name)
{
    FILE *file = open_file(mem, name);
    assert_non_null(file);
    char *text = mem_alloc(mem, FILE_BYTES_MAX + 1);
    size_t count = fread(text, 1, FILE_BYTES_MAX, file);
    assert_true(count < FILE_BYTES_MAX);
    fclose(file);
    return text;
}

/* The command adds two lines to the C, and one to the header. */
static void expect_ends(const char *whole, const char *end)
{
    assert_true(strlen(whole) > strlen(end));
    assert_string_equal(whole + strlen(whole) - strlen(end), end);
}

static void a_template_becomes_this_c(void **state)
{
    const char *text = read_file(*state, "page.html");
    struct tplc_output output;
    bool fits = tplc_compile(*state, "tools/tplc_test/page.html", text, strlen(text), &output);
    if (!fits)
        fail_msg("line %d: %s", output.line, output.sentence);
    expect_ends(read_file(*state, "page.html.c.expected"), output.source);
    expect_ends(read_file(*state, "page.html.h.expected"), output.header);
}

static struct html new_html(struct mem *mem)
{
    struct langs *langs = langs_new(mem);
    assert_non_null(langs);
    return (struct html){
        .out = buf_new(mem, FILE_BYTES_MAX), .lang = lang_get(langs, "en"), .mem = mem};
}

static void the_c_writes_this_page(void **state)
{
    struct html h = new_html(*state);
    struct seat second = {.name = "B", .address = "javascript:b()"};
    struct seat first = {.next = &second, .name = "\"A\"", .address = "/a?b&c"};
    struct test_page page = {
        .title = "<Tom's>",
        .link = "/app.js",
        .seats = &first,
        .story = {"<p>told</p>"},
        .count = 1200,
        .rank = 3,
        .open = true,
    };
    test_page(&h, &page);
    assert_string_equal(h.out->bytes, read_file(*state, "page.open.expected"));
}

static void the_c_takes_the_other_branches(void **state)
{
    struct html h = new_html(*state);
    struct test_page page = {.title = "T", .link = "//host/app.js", .count = 0, .rank = 1};
    test_page(&h, &page);
    assert_string_equal(h.out->bytes, read_file(*state, "page.closed.expected"));
}

static void plain_text_is_not_escaped(void **state)
{
    struct html h = new_html(*state);
    struct seat seat = {.name = "A & B", .address = "https://a.example/?b&c"};
    struct test_page page = {.title = "Tom's", .seats = &seat, .count = 1, .rank = 2};
    test_mail(&h, &page);
    test_nothing(&h);
    assert_string_equal(h.out->bytes, "Hello <Tom's>,\n"
                                      "\n"
                                      "- A & B: https://a.example/?b&c\n"
                                      "\n"
                                      "1 person & 2\n"
                                      "News of Tom's\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_value_stands_where_no_escape_makes_it_harmless, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_address_is_one_whole_url, set_up, tear_down),
        cmocka_unit_test_setup_teardown(both_ends_of_a_branch_stand_in_one_place, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_template_ends_what_it_begins, set_up, tear_down),
        cmocka_unit_test_setup_teardown(directives_are_known_and_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_expression_ends_where_it_should, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_message_names_the_holes_that_it_is_given, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_grows_has_a_bound, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_long_text_becomes_several_literals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_template_becomes_this_c, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_c_writes_this_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_c_takes_the_other_branches, set_up, tear_down),
        cmocka_unit_test_setup_teardown(plain_text_is_not_escaped, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
