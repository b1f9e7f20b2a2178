/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Plural rules as catalogues of the world have them, and headers that are no rules. */
#include "sys/lang_local.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/mem.h"

static struct plural_rule rule_of(const char *header)
{
    struct plural_rule rule;
    if (!plural_rule_parse(header, &rule))
        fail_msg("no rule: %s", header);
    return rule;
}

/* `forms` has the expected form of 0, 1, 2, … as digits. */
static void assert_forms(const char *header, const char *forms)
{
    struct plural_rule rule = rule_of(header);
    for (unsigned n = 0; forms[n]; n++)
        if (plural_rule_form(&rule, n) != forms[n] - '0')
            fail_msg("%s: form %d of %u", header, plural_rule_form(&rule, n), n);
}

static int value_of(void **state, const char *expression)
{
    (void)state;
    struct mem *mem = mem_new(4096);
    struct plural_rule rule = rule_of(mem_printf(mem, "nplurals=6; plural=%s;", expression));
    mem_free(mem);
    return plural_rule_form(&rule, 7);
}

static void english_has_one_and_many(void **state)
{
    (void)state;
    assert_forms("nplurals=2; plural=(n != 1);\n", "1011111");
}

static void french_counts_nought_as_one_and_has_a_form_for_millions(void **state)
{
    (void)state;
    const char *french = "nplurals=3; plural=n == 0 || n == 1 ? 0 : n % 1000000 == 0 ? 1 : 2;";
    assert_forms(french, "0022222");
    struct plural_rule rule = rule_of(french);
    assert_int_equal(plural_rule_form(&rule, 1000000), 1);
    assert_int_equal(plural_rule_form(&rule, 6800000), 2);
    assert_int_equal(plural_rule_form(&rule, 7000000), 1);
}

static void polish_arabic_and_japanese_are_understood(void **state)
{
    (void)state;
    assert_forms("nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1"
                 " : 2);\n",
                 "2011122222222222222222111222");
    assert_forms("nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3"
                 " : n%100>=11 ? 4 : 5;\n",
                 "0123333333344444");
    assert_forms("nplurals=1; plural=0;", "0000");
}

static void operators_bind_as_in_c(void **state)
{
    assert_int_equal(value_of(state, "1 + 2 * 2"), 5);
    assert_int_equal(value_of(state, "(1 + 1) * 2"), 4);
    assert_int_equal(value_of(state, "9 - 4 - 3"), 2);
    assert_int_equal(value_of(state, "n / 2 % 2"), 1);
    assert_int_equal(value_of(state, "1 || 0 && 0"), 1);
    assert_int_equal(value_of(state, "3 < 2 == 0"), 1);
    assert_int_equal(value_of(state, "!n + 2"), 2);
    assert_int_equal(value_of(state, "!!n"), 1);
    assert_int_equal(value_of(state, "0 ? 1 : 0 ? 2 : 3"), 3);
    assert_int_equal(value_of(state, "1 ? 0 ? 1 : 2 : 3"), 2);
    assert_int_equal(value_of(state, "n >= 7 && n <= 7 && n != 8"), 1);
}

static void a_division_by_nought_is_nought(void **state)
{
    assert_int_equal(value_of(state, "1 / (n - 7)"), 0);
    assert_int_equal(value_of(state, "1 % (n - 7)"), 0);
}

static void a_form_that_is_not_there_is_the_first(void **state)
{
    assert_int_equal(value_of(state, "6"), 0);
    assert_int_equal(value_of(state, "0 - 1"), 0);
}

static void what_is_no_rule_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    const char *const headers[] = {
        "",
        "nplurals=2",
        "nplurals=2;",
        "nplurals=2; plural=",
        "nplurals=2; plural=;",
        "nplurals=0; plural=0;",
        "nplurals=7; plural=0;",
        "nplurals=x; plural=0;",
        "nplurals=2; plural=n n;",
        "nplurals=2; plural=n >;",
        "nplurals=2; plural=(n;",
        "nplurals=2; plural=n);",
        "nplurals=2; plural=n ? 1;",
        "nplurals=2; plural=n ? 1 :;",
        "nplurals=2; plural=m;",
        "nplurals=2; plural=n = 1;",
        "nplurals=2; plural=1111111111111111111;",
        "nplurals=2; plural=exit(1);",
    };
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        struct plural_rule rule = {.forms = 42};
        if (plural_rule_parse(headers[i], &rule))
            fail_msg("a rule: %s", headers[i]);
        assert_int_equal(rule.forms, 42);
    }
}

/* A header whose expression is `unit` many times over. */
static bool repeated_is_a_rule(const char *unit, int times)
{
    struct mem *mem = mem_new(1 << 20);
    char *header = mem_alloc(mem, 64 + strlen(unit) * (size_t)times);
    char *end = stpcpy(header, "nplurals=2; plural=");
    for (int i = 0; i < times; i++)
        end = stpcpy(end, unit);
    stpcpy(end, "n");
    struct plural_rule rule;
    bool parsed = plural_rule_parse(header, &rule);
    mem_free(mem);
    return parsed;
}

static void an_expression_has_a_maximum(void **state)
{
    (void)state;
    assert_true(repeated_is_a_rule("n+", 60));
    assert_false(repeated_is_a_rule("n+", 70));
    assert_true(repeated_is_a_rule("!", 100));
    assert_false(repeated_is_a_rule("!", 100000));
    assert_false(repeated_is_a_rule("(", 100000));
    assert_false(repeated_is_a_rule("n?n:", 100000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(english_has_one_and_many),
        cmocka_unit_test(french_counts_nought_as_one_and_has_a_form_for_millions),
        cmocka_unit_test(polish_arabic_and_japanese_are_understood),
        cmocka_unit_test(operators_bind_as_in_c),
        cmocka_unit_test(a_division_by_nought_is_nought),
        cmocka_unit_test(a_form_that_is_not_there_is_the_first),
        cmocka_unit_test(what_is_no_rule_is_refused_and_changes_nothing),
        cmocka_unit_test(an_expression_has_a_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
