/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The dots of the swarm: where they are, and how many of them are here. */
#include "features/campaigns/campaigns_views.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/buf.h"
#include "base/mem.h"

enum { DOTS_MAX = 100, TEST_BYTES_MAX = 1 << 20 };

static int set_up(void **state)
{
    *state = mem_new(TEST_BYTES_MAX);
    return 0;
}

static int tear_down(void **state)
{
    mem_free(*state);
    return 0;
}

/* The first dots of the spiral, computed. */
static const char *spiral(struct mem *mem, int count)
{
    const double golden_angle = 2.399963;
    struct buf *path = buf_new(mem, TEST_BYTES_MAX);
    for (int i = 0; i < count; i++) {
        double radius = 10 * sqrt(i + 0.5);
        buf_printf(path, "M%ld %ldh0", lround(radius * cos(i * golden_angle)),
                   lround(radius * sin(i * golden_angle)));
    }
    return path->bytes;
}

static void the_dots_are_the_seeds_of_a_sunflower(void **state)
{
    for (int count = 1; count <= DOTS_MAX; count++) {
        struct swarm_view swarm = swarm_view(*state, count, count);
        assert_string_equal(swarm.here, spiral(*state, count));
        assert_string_equal(swarm.free, "");
    }
}

static void here_and_free_are_all_dots_in_one_row(void **state)
{
    for (int here = 0; here <= 60; here++) {
        struct swarm_view swarm = swarm_view(*state, here, 60);
        assert_string_equal(swarm.here, spiral(*state, here));
        assert_string_equal(mem_printf(*state, "%s%s", swarm.here, swarm.free), spiral(*state, 60));
    }
}

static void a_hundred_dots_stand_for_more_people(void **state)
{
    struct swarm_view swarm = swarm_view(*state, 4999, 5000);
    assert_string_equal(swarm.here, spiral(*state, 99));
    assert_int_equal(swarm.target, 5000);
    swarm = swarm_view(*state, 6000, 5000);
    assert_string_equal(swarm.here, spiral(*state, DOTS_MAX));
    assert_string_equal(swarm.free, "");
    assert_string_equal(swarm.view_box, "-108 -108 216 216");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_dots_are_the_seeds_of_a_sunflower),
        TEST(here_and_free_are_all_dots_in_one_row),
        TEST(a_hundred_dots_stand_for_more_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
