/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cells as a spreadsheet gets them: separated, quoted, and never a formula. */
#include "base/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"

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

/* One cell alone. */
static const char *cell(void **state, const char *text)
{
    struct csv csv = {.out = buf_new(*state, 4096)};
    csv_text(&csv, text);
    return csv.out->bytes;
}

static void a_file_begins_with_its_mark_and_rows_end_with_crlf(void **state)
{
    struct csv csv = {.out = buf_new(*state, 4096)};
    csv_begin(&csv);
    csv_text(&csv, "Prénom");
    csv_text(&csv, NULL);
    csv_int(&csv, -3);
    csv_end_row(&csv);
    csv_text(&csv, "Léa");
    csv_end_row(&csv);
    assert_string_equal(csv.out->bytes, "\xef\xbb\xbfPrénom;;-3\r\nLéa\r\n");
}

static void what_could_end_a_cell_stands_in_quotes(void **state)
{
    assert_string_equal(cell(state, "a;b"), "\"a;b\"");
    assert_string_equal(cell(state, "a,b"), "\"a,b\"");
    assert_string_equal(cell(state, "a\tb"), "\"a\tb\"");
    assert_string_equal(cell(state, "a\r\nb"), "\"a\r\nb\"");
    assert_string_equal(cell(state, "dit \"Jo\""), "\"dit \"\"Jo\"\"\"");
    assert_string_equal(cell(state, " a"), "\" a\"");
    assert_string_equal(cell(state, "a b"), "a b");
    assert_string_equal(cell(state, ""), "");
}

static void nothing_that_people_wrote_is_a_formula(void **state)
{
    assert_string_equal(cell(state, "=1+1"), "'=1+1");
    assert_string_equal(cell(state, "+33 6"), "'+33 6");
    assert_string_equal(cell(state, "-2"), "'-2");
    assert_string_equal(cell(state, "@SUM(A1)"), "'@SUM(A1)");
    assert_string_equal(cell(state, "\t=1"), "\"'\t=1\"");
    assert_string_equal(cell(state, "\r=1"), "\"'\r=1\"");
    assert_string_equal(cell(state, "\n=1"), "\"'\n=1\"");
    assert_string_equal(cell(state, " =1"), "\"' =1\"");
    assert_string_equal(cell(state, "\xef\xbc\x9d"
                                    "1"),
                        "'\xef\xbc\x9d"
                        "1");
    assert_string_equal(cell(state, "=a;b"), "\"'=a;b\"");
    assert_string_equal(cell(state, "a=b"), "a=b");
    assert_string_equal(cell(state, "anne@example.org"), "anne@example.org");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_begins_with_its_mark_and_rows_end_with_crlf),
        cmocka_unit_test(what_could_end_a_cell_stands_in_quotes),
        cmocka_unit_test(nothing_that_people_wrote_is_a_formula),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
