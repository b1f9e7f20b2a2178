/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Limits of one network address: how often, how they come back, and that nobody is kept out by
 * others. */
#include "web/rate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sys/crypt.h"

enum { BYTES_MAX = 4 * 1024 * 1024, CROWD = 3000 };

#define HALL "192.0.2.7"
#define OTHER "192.0.2.8"

struct place {
    struct mem *mem;
    struct rates *rates;
};

static int set_up(void **state)
{
    struct mem *mem = mem_new(BYTES_MAX);
    struct place *place = MEM_NEW(mem, struct place);
    place->mem = mem;
    place->rates = rates_new(mem, MEM_NEW(mem, struct random));
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    mem_free(((struct place *)*state)->mem);
    return 0;
}

/* How many of `times` at that moment are within the limit. */
static int taken(struct place *place, const char *address, int times, int64_t now_ms)
{
    int count = 0;
    for (int i = 0; i < times; i++)
        count += rate_take(place->rates, RATE_SIGN_UP, address, now_ms);
    return count;
}

static void as_often_as_the_limit_says_and_no_more(void **state)
{
    assert_int_equal(taken(*state, HALL, 100, 1000), rate_times(RATE_SIGN_UP));
    assert_int_equal(taken(*state, HALL, 100, 1000), 0);
}

static void others_are_not_concerned(void **state)
{
    taken(*state, HALL, 100, 1000);
    assert_int_equal(taken(*state, OTHER, 10, 1000), 10);
    assert_true(rate_take(((struct place *)*state)->rates, RATE_MAIL, HALL, 1000));
}

static void it_comes_back_evenly(void **state)
{
    taken(*state, HALL, 100, 1000);
    assert_int_equal(taken(*state, HALL, 100, 1000 + 10 * 1000), 10); /* sixty a minute */
    assert_int_equal(taken(*state, HALL, 100, 1000 + 3600 * 1000), rate_times(RATE_SIGN_UP));
}

static void what_went_well_is_given_back_and_no_more_than_that(void **state)
{
    struct place *place = *state;
    for (int i = 0; i < 3 * rate_times(RATE_CODE); i++) {
        assert_true(rate_take(place->rates, RATE_CODE, HALL, 1000));
        rate_give_back(place->rates, RATE_CODE, HALL, 1000);
    }
    rate_give_back(place->rates, RATE_CODE, HALL, 1000);
    for (int i = 0; i < rate_times(RATE_CODE); i++)
        assert_true(rate_take(place->rates, RATE_CODE, HALL, 1000));
    assert_false(rate_take(place->rates, RATE_CODE, HALL, 1000));
    int64_t later = 1000 + rate_pause_seconds(RATE_CODE) * 1000;
    assert_true(rate_take(place->rates, RATE_CODE, HALL, later));
    rate_give_back(place->rates, RATE_CODE, "unix:", later);
}

static void a_home_is_one_network_and_an_address_in_other_clothes_the_same(void **state)
{
    taken(*state, "2001:db8:1:2::1", 100, 1000);
    assert_int_equal(taken(*state, "2001:db8:1:2:ffff::9", 1, 1000), 0);
    assert_int_equal(taken(*state, "2001:db8:1:3::1", 1, 1000), 1);
    taken(*state, HALL, 100, 1000);
    assert_int_equal(taken(*state, "::ffff:" HALL, 1, 1000), 0);
}

static void what_is_no_address_is_not_counted(void **state)
{
    assert_int_equal(taken(*state, NULL, 100, 1000), 100);
    assert_int_equal(taken(*state, "unix:", 100, 1000), 100);
}

static void a_crowd_of_networks_keeps_nobody_out(void **state)
{
    struct place *place = *state;
    for (int i = 0; i < CROWD; i++) {
        const char *address = mem_printf(place->mem, "10.0.%d.%d", i / 250, i % 250);
        assert_int_equal(taken(place, address, 2, 1000 + i), 2);
    }
    assert_int_equal(taken(place, HALL, 1, 1000 + CROWD), 1);
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(as_often_as_the_limit_says_and_no_more),
        FRESH(others_are_not_concerned),
        FRESH(it_comes_back_evenly),
        FRESH(what_went_well_is_given_back_and_no_more_than_that),
        FRESH(a_home_is_one_network_and_an_address_in_other_clothes_the_same),
        FRESH(what_is_no_address_is_not_counted),
        FRESH(a_crowd_of_networks_keeps_nobody_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
