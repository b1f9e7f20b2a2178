/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The calendar's arithmetic, checked against the C library's, and RFC 3339. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <time.h>

#include "base/mem.h"
#include "base/time.h"

static const int64_t seconds_last = INT64_C(253402300799);

static void the_calendar_agrees_with_the_c_library(void **state)
{
    (void)state;
    const int64_t step = DAY_SECONDS - 7 * MINUTE_SECONDS - 11; /* odd, to meet all hours */
    for (int64_t at = 0; at <= seconds_last; at += step) {
        time_t seconds = (time_t)at;
        struct tm tm;
        gmtime_r(&seconds, &tm);
        struct wall wall = wall_from_seconds(at);
        if (wall.year != tm.tm_year + 1900 || wall.month != tm.tm_mon + 1 ||
            wall.day != tm.tm_mday || wall.hour != tm.tm_hour || wall.minute != tm.tm_min ||
            wall.second != tm.tm_sec || wall.weekday != tm.tm_wday || !wall_is_valid(&wall) ||
            wall_to_seconds(&wall) != at)
            fail_msg("differs at %lld", (long long)at);
    }
}

static void times_outside_are_brought_inside(void **state)
{
    (void)state;
    struct wall early = wall_from_seconds(-1);
    assert_int_equal(wall_to_seconds(&early), 0);
    struct wall late = wall_from_seconds(INT64_MAX);
    assert_int_equal(wall_to_seconds(&late), seconds_last);
}

static void days_that_do_not_exist_are_not_valid(void **state)
{
    (void)state;
    assert_true(wall_is_valid(&(struct wall){2024, 2, 29, 0, 0, 0, 0}));
    assert_true(wall_is_valid(&(struct wall){2000, 2, 29, 23, 59, 59, 0}));
    assert_true(wall_is_valid(&(struct wall){9999, 12, 31, 23, 59, 59, 0}));
    const struct wall wrong[] = {
        {2023, 2, 29, 0, 0, 0, 0}, {2100, 2, 29, 0, 0, 0, 0},  {2024, 4, 31, 0, 0, 0, 0},
        {2024, 13, 1, 0, 0, 0, 0}, {2024, 0, 1, 0, 0, 0, 0},   {2024, 1, 0, 0, 0, 0, 0},
        {2024, 1, 32, 0, 0, 0, 0}, {2024, 1, 1, 24, 0, 0, 0},  {2024, 1, 1, 0, 60, 0, 0},
        {2024, 1, 1, 0, 0, 60, 0}, {1969, 12, 31, 0, 0, 0, 0}, {10000, 1, 1, 0, 0, 0, 0},
        {2024, 1, 1, -1, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(wall_is_valid(&wrong[i]));
}

static void rfc3339_is_written_and_read_back(void **state)
{
    (void)state;
    struct mem *mem = mem_new(1 << 16);
    int64_t at = 0;
    assert_string_equal(time_rfc3339(mem, 1795249800), "2026-11-21T08:30:00Z");
    assert_true(time_from_rfc3339("2026-11-21T08:30:00Z", &at));
    assert_int_equal(at, 1795249800);
    assert_string_equal(time_rfc3339(mem, seconds_last), "9999-12-31T23:59:59Z");
    mem_free(mem);
}

static void rfc3339_is_read_with_any_offset_and_fraction(void **state)
{
    (void)state;
    static const char *const same[] = {"2026-11-21T09:30:00+01:00", "2026-11-21T00:00:00.999-08:30",
                                       "2026-11-21t08:30:00z", "2026-11-21T08:30:00.123456789Z",
                                       "2026-11-22T08:29:00+23:59"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        int64_t at = 0;
        assert_true(time_from_rfc3339(same[i], &at));
        assert_int_equal(at, 1795249800);
    }
}

static void what_is_not_rfc3339_leaves_the_result_alone(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "2026-11-21",
                                        "2026-11-21T08:30:00",
                                        "2026-11-21 08:30:00Z",
                                        "2026-11-21T08:30Z",
                                        "2026-11-21T08:30:00.Z",
                                        "2026-11-21T08:30:00Z ",
                                        "2026-11-21T08:30:00+0100",
                                        "2026-11-21T08:30:00+24:00",
                                        "2026-11-21T08:30:00+01:60",
                                        "2026-02-29T08:30:00Z",
                                        "2026-11-21T24:00:00Z",
                                        "1970-01-01T00:00:00+01:00",
                                        "9999-12-31T23:59:59-01:00",
                                        "+026-11-21T08:30:00Z"};
    int64_t at = 42;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(time_from_rfc3339(wrong[i], &at));
        assert_int_equal(at, 42);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_calendar_agrees_with_the_c_library),
        cmocka_unit_test(times_outside_are_brought_inside),
        cmocka_unit_test(days_that_do_not_exist_are_not_valid),
        cmocka_unit_test(rfc3339_is_written_and_read_back),
        cmocka_unit_test(rfc3339_is_read_with_any_offset_and_fraction),
        cmocka_unit_test(what_is_not_rfc3339_leaves_the_result_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
