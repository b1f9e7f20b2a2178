/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Ids rise, whatever the clock does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/id.h"

static const int64_t now_ms = INT64_C(1795000000000);

static void an_id_is_positive_and_follows_time(void **state)
{
    (void)state;
    struct id_source source = {0};
    int64_t first = id_next(&source, now_ms, UINT32_MAX);
    int64_t second = id_next(&source, now_ms + 1, 0);
    assert_true(first > 0);
    assert_true(second > first);
    assert_int_equal(first >> 21, now_ms - INT64_C(1704067200000));
    assert_int_equal(second >> 21, (first >> 21) + 1);
}

static void ids_of_one_millisecond_rise(void **state)
{
    (void)state;
    struct id_source source = {0};
    int64_t last = 0;
    for (uint32_t i = 0; i < 5000; i++) {
        int64_t id = id_next(&source, now_ms, 4096 - i);
        assert_true(id > last);
        last = id;
    }
}

static void ids_rise_when_the_clock_steps_back(void **state)
{
    (void)state;
    struct id_source source = {0};
    int64_t before = id_next(&source, now_ms, 7);
    assert_int_equal(id_next(&source, now_ms - 60000, 9), before + 1);
    assert_true(id_next(&source, 0, 0) > before);
}

static void two_processes_do_not_begin_alike(void **state)
{
    (void)state;
    struct id_source one = {0};
    struct id_source other = {0};
    assert_true(id_next(&one, now_ms, 1) != id_next(&other, now_ms, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_positive_and_follows_time),
        cmocka_unit_test(ids_of_one_millisecond_rise),
        cmocka_unit_test(ids_rise_when_the_clock_steps_back),
        cmocka_unit_test(two_processes_do_not_begin_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
