/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The three clocks. Two tests wait for the clock's own 200 ms; none asserts how long it took. */
#include "sys/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/time.h"

enum { TEST_BYTES_MAX = 1 << 20, LOOK_MS = 250, PATIENCE_MS = 10000 };

struct fixture {
    struct mem *mem;
    char path[32];
};

static int set_up(void **state)
{
    struct mem *mem = mem_new(TEST_BYTES_MAX);
    struct fixture *fixture = MEM_NEW(mem, struct fixture);
    *fixture = (struct fixture){.mem = mem, .path = "/tmp/clock_test.XXXXXX"};
    int file = mkstemp(fixture->path);
    *state = fixture;
    return file < 0 ? -1 : close(file);
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    unlink(fixture->path);
    mem_free(fixture->mem);
    return 0;
}

static void file_write(const struct fixture *fixture, const char *text)
{
    FILE *file = fopen(fixture->path, "we");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int64_t utc(const char *text)
{
    int64_t at = 0;
    assert_true(time_from_rfc3339(text, &at));
    return at;
}

static void without_a_file_it_is_the_systems_time(void **state)
{
    struct fixture *fixture = *state;
    struct clock *clock = clock_new(fixture->mem, NULL);
    int64_t before = clock_system_seconds();
    int64_t now = clock_now(clock);
    int64_t now_ms = clock_now_ms(clock);
    int64_t after = clock_system_seconds();
    assert_in_range(now, before, after);
    assert_in_range(now_ms / 1000, before, after);
    assert_in_range(before, utc("2026-01-01T00:00:00Z"), utc("2200-01-01T00:00:00Z"));
}

static void a_still_clock_moves_only_when_it_is_set(void **state)
{
    struct fixture *fixture = *state;
    struct clock *clock = clock_new_still(fixture->mem, 1000);
    assert_int_equal(clock_now(clock), 1000);
    assert_int_equal(clock_now_ms(clock), 1000000);
    clock_set(clock, 2000);
    assert_int_equal(clock_now(clock), 2000);
}

static void a_still_clock_does_not_stop_the_real_time(void **state)
{
    struct fixture *fixture = *state;
    clock_new_still(fixture->mem, 1000);
    assert_true(clock_system_seconds() > 1000);
}

static void the_file_says_what_time_it_is(void **state)
{
    struct fixture *fixture = *state;
    file_write(fixture, "2026-11-21T08:30:00Z\n");
    struct clock *clock = clock_new(fixture->mem, fixture->path);
    assert_non_null(clock);
    assert_int_equal(clock_now(clock), utc("2026-11-21T08:30:00Z"));
}

static void a_file_that_is_not_there_or_says_no_time_stops_the_start(void **state)
{
    struct fixture *fixture = *state;
    assert_null(clock_new(fixture->mem, "/nowhere/clock"));
    file_write(fixture, "");
    assert_null(clock_new(fixture->mem, fixture->path));
    file_write(fixture, "half past eight");
    assert_null(clock_new(fixture->mem, fixture->path));
}

static void a_changed_file_is_seen_soon(void **state)
{
    struct fixture *fixture = *state;
    file_write(fixture, "2026-11-21T08:30:00Z");
    struct clock *clock = clock_new(fixture->mem, fixture->path);
    file_write(fixture, "2026-11-28T08:30:00Z");
    int64_t give_up_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (clock_now(clock) != utc("2026-11-28T08:30:00Z")) {
        assert_true(clock_monotonic_ms() < give_up_ms);
        usleep(10000);
    }
}

static void a_file_that_turns_bad_leaves_the_last_good_time(void **state)
{
    struct fixture *fixture = *state;
    file_write(fixture, "2026-11-21T08:30:00Z");
    struct clock *clock = clock_new(fixture->mem, fixture->path);
    const char *const bad[] = {"2026-11-2", "", "2026-13-21T08:30:00Z"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        file_write(fixture, bad[i]);
        usleep(LOOK_MS * 1000);
        assert_int_equal(clock_now(clock), utc("2026-11-21T08:30:00Z"));
    }
    unlink(fixture->path);
    usleep(LOOK_MS * 1000);
    assert_int_equal(clock_now(clock), utc("2026-11-21T08:30:00Z"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_a_file_it_is_the_systems_time),
        TEST(a_still_clock_moves_only_when_it_is_set),
        TEST(a_still_clock_does_not_stop_the_real_time),
        TEST(the_file_says_what_time_it_is),
        TEST(a_file_that_is_not_there_or_says_no_time_stops_the_start),
        TEST(a_changed_file_is_seen_soon),
        TEST(a_file_that_turns_bad_leaves_the_last_good_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
