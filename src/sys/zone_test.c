/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Zones at the hours where they are difficult: the hour that is missing in spring, the one that
 * comes twice in autumn, the other hemisphere, a day that never was. */
#include "sys/zone.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/mem.h"

enum { TEST_BYTES_MAX = 1 << 20 };

struct fixture {
    struct mem *mem;
    struct zones *zones;
};

static int set_up(void **state)
{
    struct mem *mem = mem_new(TEST_BYTES_MAX);
    struct fixture *fixture = MEM_NEW(mem, struct fixture);
    *fixture = (struct fixture){mem, zones_new(mem)};
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    zones_free(fixture->zones);
    mem_free(fixture->mem);
    return 0;
}

static const struct zone *zone_of(void **state, const char *name)
{
    struct fixture *fixture = *state;
    const struct zone *zone = zone_get(fixture->zones, name);
    assert_non_null(zone);
    return zone;
}

static int64_t utc(const char *text)
{
    int64_t at = 0;
    assert_true(time_from_rfc3339(text, &at));
    return at;
}

/* What the wall clock of that zone, written as if it were UTC, is in UTC. */
static void assert_wall_is(void **state, const char *name, const char *wall, const char *expected)
{
    struct fixture *fixture = *state;
    struct wall shown = wall_from_seconds(utc(wall));
    int64_t at = zone_utc(zone_of(state, name), &shown);
    assert_string_equal(time_rfc3339(fixture->mem, at), expected);
}

static void paris_is_an_hour_ahead_in_winter_and_two_in_summer(void **state)
{
    assert_wall_is(state, "Europe/Paris", "2026-11-21T14:00:00Z", "2026-11-21T13:00:00Z");
    assert_wall_is(state, "Europe/Paris", "2027-07-01T14:00:00Z", "2027-07-01T12:00:00Z");
    const struct zone *paris = zone_of(state, "Europe/Paris");
    assert_int_equal(zone_wall(paris, utc("2026-11-21T13:00:00Z")).hour, 14);
    assert_int_equal(zone_wall(paris, utc("2027-07-01T12:00:00Z")).hour, 14);
}

static void the_wall_clock_of_paris_shows_its_date_and_weekday(void **state)
{
    struct wall wall = zone_wall(zone_of(state, "Europe/Paris"), utc("2026-11-20T23:30:15Z"));
    assert_int_equal(wall.year, 2026);
    assert_int_equal(wall.month, 11);
    assert_int_equal(wall.day, 21);
    assert_int_equal(wall.hour, 0);
    assert_int_equal(wall.minute, 30);
    assert_int_equal(wall.second, 15);
    assert_int_equal(wall.weekday, 6);
}

static void the_missing_hour_of_spring_is_moved_forward(void **state)
{
    assert_wall_is(state, "Europe/Paris", "2027-03-28T01:59:59Z", "2027-03-28T00:59:59Z");
    assert_wall_is(state, "Europe/Paris", "2027-03-28T02:00:00Z", "2027-03-28T01:00:00Z");
    assert_wall_is(state, "Europe/Paris", "2027-03-28T02:30:00Z", "2027-03-28T01:30:00Z");
    assert_wall_is(state, "Europe/Paris", "2027-03-28T03:00:00Z", "2027-03-28T01:00:00Z");
    struct wall wall = zone_wall(zone_of(state, "Europe/Paris"), utc("2027-03-28T01:30:00Z"));
    assert_int_equal(wall.hour, 3);
    assert_int_equal(wall.minute, 30);
}

static void of_the_hour_that_comes_twice_the_first_counts(void **state)
{
    assert_wall_is(state, "Europe/Paris", "2026-10-25T01:59:59Z", "2026-10-24T23:59:59Z");
    assert_wall_is(state, "Europe/Paris", "2026-10-25T02:00:00Z", "2026-10-25T00:00:00Z");
    assert_wall_is(state, "Europe/Paris", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z");
    assert_wall_is(state, "Europe/Paris", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z");
    const struct zone *paris = zone_of(state, "Europe/Paris");
    assert_int_equal(zone_wall(paris, utc("2026-10-25T00:30:00Z")).hour, 2);
    assert_int_equal(zone_wall(paris, utc("2026-10-25T01:30:00Z")).hour, 2);
}

static void in_the_south_the_seasons_are_turned_round(void **state)
{
    assert_wall_is(state, "Australia/Sydney", "2026-07-01T12:00:00Z", "2026-07-01T02:00:00Z");
    assert_wall_is(state, "Australia/Sydney", "2026-12-24T12:00:00Z", "2026-12-24T01:00:00Z");
    assert_wall_is(state, "Australia/Sydney", "2026-10-04T02:30:00Z", "2026-10-03T16:30:00Z");
    assert_wall_is(state, "Australia/Sydney", "2027-04-04T02:30:00Z", "2027-04-03T15:30:00Z");
}

static void a_gap_can_last_half_an_hour_or_a_day(void **state)
{
    assert_wall_is(state, "Australia/Lord_Howe", "2026-10-04T02:15:00Z", "2026-10-03T15:45:00Z");
    /* Samoa went over the date line and had no 30 December 2011. */
    assert_wall_is(state, "Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-30T22:00:00Z");
}

static void utc_is_what_its_clock_shows(void **state)
{
    assert_wall_is(state, "UTC", "2027-03-28T02:30:00Z", "2027-03-28T02:30:00Z");
    assert_wall_is(state, "Etc/UTC", "2026-10-25T02:30:00Z", "2026-10-25T02:30:00Z");
}

/* More times than are kept, the hours of three years, and each of them again. */
static void a_time_that_is_asked_for_again_has_the_same_clock(void **state)
{
    enum { HOURS = 3 * 366 * 24 };
    const struct zone *paris = zone_of(state, "Europe/Paris");
    const int64_t from = utc("2026-01-01T00:00:00Z");
    int summer_hours = 0;
    for (int i = 0; i < HOURS; i++) {
        int64_t at = from + (int64_t)i * HOUR_SECONDS;
        struct wall first = zone_wall(paris, at);
        struct wall again = zone_wall(paris, at);
        int64_t ahead = wall_to_seconds(&first) - at;
        assert_int_equal(wall_to_seconds(&again), wall_to_seconds(&first));
        assert_true(ahead == HOUR_SECONDS || ahead == 2 * HOUR_SECONDS);
        summer_hours += ahead == 2 * HOUR_SECONDS;
    }
    assert_int_equal(summer_hours, (30 + 31 + 31) * 7 * 24); /* in weeks: 2026, 2027, 2028 */
}

static void the_rules_go_on_after_the_last_year_of_the_table(void **state)
{
    assert_wall_is(state, "Europe/Paris", "2099-07-01T14:00:00Z", "2099-07-01T12:00:00Z");
    assert_wall_is(state, "Europe/Paris", "2099-12-01T14:00:00Z", "2099-12-01T13:00:00Z");
}

static void every_second_of_a_year_comes_back_but_for_the_doubled_hour(void **state)
{
    const struct zone *paris = zone_of(state, "Europe/Paris");
    int64_t second_time_at = utc("2026-10-25T01:00:00Z");
    for (int64_t at = utc("2026-06-01T00:10:00Z"); at < utc("2027-06-01T00:00:00Z"); at += 1800) {
        struct wall wall = zone_wall(paris, at);
        bool doubled = at >= second_time_at && at < second_time_at + HOUR_SECONDS;
        assert_int_equal(zone_utc(paris, &wall), doubled ? at - HOUR_SECONDS : at);
    }
}

static void a_name_that_is_no_place_is_no_zone(void **state)
{
    struct fixture *fixture = *state;
    const char *const names[] = {
        "",
        "Europe",
        "Europe/Nowhere",
        "europe/paris",
        "+01:00",
        "-3",
        "01",
        "Z",
        "EST5EDT",
        "A/B5,M3.2.0/2,M11.1.0/2",
        "/etc/passwd",
        "Europe/../Europe/Paris",
        "Europe//Paris",
        "Europe/",
        "/Europe/Paris",
        "right/Europe/Paris",
        "posix/Europe/Paris",
        "Europe/Paris ",
        "Europe/Paris\n",
        "Longer/Than_the_name_of_any_place_in_the_database_of_the_time_zones_is",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (zone_get(fixture->zones, names[i]))
            fail_msg("%s is a zone", names[i]);
}

static void a_zone_is_loaded_once(void **state)
{
    const struct zone *first = zone_of(state, "America/Argentina/Ushuaia");
    zone_of(state, "Etc/GMT+5");
    assert_ptr_equal(zone_of(state, "America/Argentina/Ushuaia"), first);
}

static void *get_many(void *zones)
{
    static const char *const names[] = {"Europe/Paris", "Asia/Tokyo", "Africa/Dakar", "UTC"};
    const struct zone *zone = NULL;
    for (int i = 0; i < 400; i++)
        zone = zone_get(zones, names[i % 4]);
    return (void *)(uintptr_t)zone;
}

static void threads_get_the_same_zones(void **state)
{
    struct fixture *fixture = *state;
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, get_many, fixture->zones), 0);
    for (int i = 0; i < 4; i++) {
        void *last;
        pthread_join(threads[i], &last);
        assert_ptr_equal(last, zone_of(state, "UTC"));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(paris_is_an_hour_ahead_in_winter_and_two_in_summer),
        TEST(the_wall_clock_of_paris_shows_its_date_and_weekday),
        TEST(the_missing_hour_of_spring_is_moved_forward),
        TEST(of_the_hour_that_comes_twice_the_first_counts),
        TEST(in_the_south_the_seasons_are_turned_round),
        TEST(a_gap_can_last_half_an_hour_or_a_day),
        TEST(utc_is_what_its_clock_shows),
        TEST(a_time_that_is_asked_for_again_has_the_same_clock),
        TEST(the_rules_go_on_after_the_last_year_of_the_table),
        TEST(every_second_of_a_year_comes_back_but_for_the_doubled_hour),
        TEST(a_name_that_is_no_place_is_no_zone),
        TEST(a_zone_is_loaded_once),
        TEST(threads_get_the_same_zones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
