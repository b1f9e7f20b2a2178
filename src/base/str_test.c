/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Small questions about text, and the strictness of the UTF-8 decoder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>

#include "base/mem.h"
#include "base/str.h"

static int open_mem(void **state)
{
    *state = mem_new(1 << 20);
    return 0;
}

static int close_mem(void **state)
{
    mem_free(*state);
    return 0;
}

static void texts_are_compared(void **state)
{
    (void)state;
    assert_true(str_equal("a", "a"));
    assert_false(str_equal("a", "A"));
    assert_true(str_equal(NULL, NULL));
    assert_false(str_equal(NULL, ""));
    assert_true(str_equal_nocase("Content-Type", "content-type"));
    assert_false(str_equal_nocase("Content-Type", "content-typ"));
    assert_false(str_equal_nocase("a", "ab"));
    assert_false(str_equal_nocase("é", "É"));
    assert_true(str_equal_nocase(NULL, NULL));
    assert_false(str_equal_nocase("", NULL));
    assert_true(str_starts("abc", "ab"));
    assert_true(str_starts("abc", ""));
    assert_false(str_starts("a", "ab"));
    assert_true(str_is_empty(NULL));
    assert_true(str_is_empty(""));
    assert_false(str_is_empty(" "));
}

static void whole_numbers_are_read(void **state)
{
    (void)state;
    int64_t n = 0;
    assert_true(str_to_int("0", &n) && n == 0);
    assert_true(str_to_int("-12", &n) && n == -12);
    assert_true(str_to_int("007", &n) && n == 7);
    assert_true(str_to_int("999999999999999999", &n) && n == INT64_C(999999999999999999));
}

static void what_is_not_a_number_leaves_the_result_alone(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",    "-",    "+1",  " 1",  "1 ",
                                        "1.5", "0x10", "1e3", "--1", "1000000000000000000"};
    int64_t n = 42;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(str_to_int(wrong[i], &n));
        assert_int_equal(n, 42);
    }
}

static void trimming_takes_white_space_of_all_kinds(void **state)
{
    struct mem *mem = *state;
    assert_string_equal(str_trim(mem, "  a \t\n b  "), "a b");
    assert_string_equal(str_trim(mem, "\xC2\xA0\xE2\x80\x8B a\xE2\x80\xAF\xEF\xBB\xBF"), "a");
    assert_string_equal(str_trim(mem, ""), "");
    assert_string_equal(str_trim(mem, " \xE2\x80\x8D \xE2\x80\x8B "), "");
    assert_string_equal(str_trim(mem, "Jean\xE3\x80\x80Paul"), "Jean Paul");
    assert_string_equal(str_trim(mem, "été"), "été");
}

static void trimming_keeps_the_joiners_inside(void **state)
{
    static const char family[] = "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7";
    assert_string_equal(str_trim(*state, family), family);
}

static void lower_case_is_of_ascii_only(void **state)
{
    assert_string_equal(str_lower(*state, "ABC-Éz@[`{"), "abc-Éz@[`{");
}

static void well_formed_utf8_is_accepted(void **state)
{
    (void)state;
    static const char *const right[] = {"",
                                        "plain",
                                        "\x7F",
                                        "\xC2\x80",
                                        "\xDF\xBF",
                                        "\xE0\xA0\x80",
                                        "\xED\x9F\xBF",
                                        "\xEE\x80\x80",
                                        "\xEF\xBF\xBF",
                                        "\xF0\x90\x80\x80",
                                        "\xF4\x8F\xBF\xBF"};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        assert_true(utf8_is_valid(right[i], strlen(right[i])));
}

static void malformed_utf8_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "\x80",             /* a continuation alone */
        "\xC0\x80",         /* overlong NUL */
        "\xC1\xBF",         /* overlong */
        "\xC3",             /* cut */
        "\xC3(",            /* no continuation */
        "\xE0\x9F\xBF",     /* overlong */
        "\xE2\x82",         /* cut */
        "\xED\xA0\x80",     /* a surrogate */
        "\xF0\x8F\xBF\xBF", /* overlong */
        "\xF0\x9F\x98",     /* cut */
        "\xF4\x90\x80\x80", /* above U+10FFFF */
        "\xF5\x80\x80\x80",
        "\xFF",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(utf8_is_valid(wrong[i], strlen(wrong[i])));
    assert_false(utf8_is_valid("a\0b", 3));
}

static void the_check_of_utf8_stays_within_its_count(void **state)
{
    struct mem *mem = *state;
    char *exact = mem_copy(mem, "\xF0\x9F\x98", 3);
    assert_false(utf8_is_valid(exact, 3));
    assert_true(utf8_is_valid("aé", 1));
}

static void length_counts_code_points(void **state)
{
    (void)state;
    assert_int_equal(utf8_length(""), 0);
    assert_int_equal(utf8_length("été"), 3);
    assert_int_equal(utf8_length("\xF0\x9F\x98\x80!"), 2);
}

static void control_characters_are_found(void **state)
{
    (void)state;
    static const char *const wrong[] = {"a\x01",        "\x1B[0m",       "\x7F",
                                        "\xC2\x85",     "a\xE2\x80\xAE", "\xE2\x81\xA6",
                                        "\xE2\x80\xA8", "\xE2\x80\xA9"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_true(utf8_has_control(wrong[i], false));
        assert_true(utf8_has_control(wrong[i], true));
    }
    assert_true(utf8_has_control("a\nb", false));
    assert_false(utf8_has_control("a\r\n\tb", true));
    assert_false(utf8_has_control("été \xF0\x9F\x98\x80 \xE2\x80\x8D", false));
}

static void what_a_stranger_says_is_one_line_of_text(void **state)
{
    char line[12];
    (void)state;
    str_line(line, sizeof line, "a\r\nb\tc");
    assert_string_equal(line, "a  b c");
    str_line(line, sizeof line, "\xc2\x96x\xe2\x80\xaey"); /* U+0096, and right-to-left */
    assert_string_equal(line, " x y");
    str_line(line, sizeof line, "\xff\xc3");
    assert_string_equal(line, "??");
    str_line(line, sizeof line, "1234567890\xc3\xa9");
    assert_string_equal(line, "1234567890"); /* no half of a letter */
    str_line(line, sizeof line, "123456789\xc3\xa9z");
    assert_string_equal(line, "123456789\xc3\xa9");
}

static void a_word_is_found_among_others_by_its_place(void **state)
{
    (void)state;
    static const char *const words[] = {"un", "deux", "trois", NULL};
    assert_int_equal(str_index("un", words), 0);
    assert_int_equal(str_index("trois", words), 2);
    assert_int_equal(str_index("quatre", words), -1);
    assert_int_equal(str_index("", words), -1);
    assert_int_equal(str_index(NULL, words), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_is_found_among_others_by_its_place),
        cmocka_unit_test(texts_are_compared),
        cmocka_unit_test(whole_numbers_are_read),
        cmocka_unit_test(what_is_not_a_number_leaves_the_result_alone),
        cmocka_unit_test_setup_teardown(trimming_takes_white_space_of_all_kinds, open_mem,
                                        close_mem),
        cmocka_unit_test_setup_teardown(trimming_keeps_the_joiners_inside, open_mem, close_mem),
        cmocka_unit_test_setup_teardown(lower_case_is_of_ascii_only, open_mem, close_mem),
        cmocka_unit_test(well_formed_utf8_is_accepted),
        cmocka_unit_test(malformed_utf8_is_refused),
        cmocka_unit_test_setup_teardown(the_check_of_utf8_stays_within_its_count, open_mem,
                                        close_mem),
        cmocka_unit_test(length_counts_code_points),
        cmocka_unit_test(control_characters_are_found),
        cmocka_unit_test(what_a_stranger_says_is_one_line_of_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
