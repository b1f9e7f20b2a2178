/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who gets JSON: those who name it, and like it best. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/accept.h"

static void who_names_json_gets_it(void **state)
{
    (void)state;
    assert_true(accept_prefers_json("application/json"));
    assert_true(accept_prefers_json("APPLICATION/JSON; charset=utf-8"));
    assert_true(accept_prefers_json("text/plain, application/json;q=0.5"));
    assert_true(accept_prefers_json("application/json, text/html"));
    assert_true(accept_prefers_json("text/html;q=0.8, application/json;q=0.85"));
}

static void a_page_goes_to_all_others(void **state)
{
    (void)state;
    assert_false(accept_prefers_json(""));
    assert_false(accept_prefers_json("*/*"));
    assert_false(accept_prefers_json("text/html,application/xhtml+xml,*/*;q=0.8"));
    assert_false(accept_prefers_json("text/html, application/json"));
    assert_false(accept_prefers_json("application/json;q=0.1, text/html"));
    assert_false(accept_prefers_json("application/json;q=0"));
    assert_false(accept_prefers_json("application/json;q=0.000"));
    assert_false(accept_prefers_json("application/ld+json"));
    assert_false(accept_prefers_json("application/jsonx"));
    assert_false(accept_prefers_json(",;,q=,"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_names_json_gets_it),
        cmocka_unit_test(a_page_goes_to_all_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
