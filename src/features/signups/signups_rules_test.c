/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules of sign-ups by direct call: how long a place is kept, what overlaps, what ends. */
#include "features/signups/signups_local.h"

/* clang-format off: cmocka wants these first */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include "base/str.h"

enum { LONG = SIGN_UP_HOLD_SECONDS, SHORT = SIGN_UP_HOLD_SHORT_SECONDS };

static int64_t hold(int64_t capacity, int64_t taken, int64_t pending)
{
    return sign_up_hold_seconds(
        &(struct session){.capacity = capacity, .taken = taken, .pending = pending});
}

static void places_are_scarce_when_fewer_than_a_fifth_is_left(void **state)
{
    (void)state;
    assert_int_equal(hold(10, 8, 0), LONG);
    assert_int_equal(hold(10, 9, 0), SHORT);
    assert_int_equal(hold(10, 10, 0), SHORT);
    assert_int_equal(hold(1000, 800, 0), LONG);
    assert_int_equal(hold(1000, 801, 0), SHORT);
    assert_int_equal(hold(3, 2, 0), LONG); /* a third */
    assert_int_equal(hold(1, 1, 1), SHORT);
}

static void places_are_scarce_when_over_a_quarter_waits(void **state)
{
    (void)state;
    assert_int_equal(hold(20, 5, 5), LONG);
    assert_int_equal(hold(20, 6, 6), SHORT);
    assert_int_equal(hold(1000, 250, 250), LONG);
    assert_int_equal(hold(1000, 251, 251), SHORT);
}

static void places_without_limit_are_never_scarce(void **state)
{
    (void)state;
    assert_int_equal(hold(SESSION_UNLIMITED, 1000000, 1000000), LONG);
}

static bool overlap(int64_t a_from, int64_t a_until, int64_t b_from, int64_t b_until)
{
    const struct session a = {.starts_at = a_from, .ends_at = a_until};
    const struct session b = {.starts_at = b_from, .ends_at = b_until};
    assert_int_equal(sessions_overlap(&a, &b), sessions_overlap(&b, &a));
    return sessions_overlap(&a, &b);
}

static void sessions_overlap_when_they_share_a_second(void **state)
{
    (void)state;
    assert_true(overlap(100, 200, 199, 300));
    assert_true(overlap(100, 200, 120, 130));
    assert_true(overlap(100, 200, 100, 200));
    assert_false(overlap(100, 200, 200, 300)); /* one begins as the other ends */
    assert_false(overlap(100, 200, 250, 300));
}

static void what_has_no_hour_overlaps_nothing(void **state)
{
    (void)state;
    assert_false(overlap(0, 0, 100, 200));
    assert_false(overlap(0, 0, 0, 0));
}

/* One person in the first of two sessions at the same time. */
static const struct session second = {.id = {2}, .starts_at = 150, .ends_at = 250};
static const struct session first = {&second, .id = {1}, .starts_at = 100, .ends_at = 200};

static bool stands_in_the_way(enum sign_up_state state, const struct session *asked, bool allowed)
{
    const struct sign_up own = {.session_id = {1}, .state = state};
    const struct campaign campaign = {.allows_overlap = allowed};
    return sign_up_clash(&campaign, &first, &own, asked);
}

static void only_a_session_that_one_is_in_stands_in_the_way_of_another(void **state)
{
    (void)state;
    assert_true(stands_in_the_way(SIGN_UP_CONFIRMED, &second, false));
    assert_true(stands_in_the_way(SIGN_UP_ATTENDED, &second, false));
    assert_false(stands_in_the_way(SIGN_UP_CONFIRMED, &first, false)); /* the same one */
    assert_false(stands_in_the_way(SIGN_UP_CONFIRMED, &second, true));
    assert_false(stands_in_the_way(SIGN_UP_PENDING, &second, false));
    assert_false(stands_in_the_way(SIGN_UP_EXPIRED, &second, false));
    assert_false(stands_in_the_way(SIGN_UP_CANCELLED, &second, false));
    assert_false(stands_in_the_way(SIGN_UP_RELEASED, &second, false));
}

static void states_hold_places_or_have_ended_and_never_both(void **state)
{
    (void)state;
    for (int i = SIGN_UP_PENDING; i <= SIGN_UP_ABSENT; i++) {
        const struct sign_up sign_up = {.state = (enum sign_up_state)i};
        assert_false(sign_up_holds_seat(&sign_up) && sign_up_has_ended(&sign_up));
        if (sign_up_is_in(&sign_up))
            assert_true(sign_up_holds_seat(&sign_up));
    }
}

static void every_state_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = SIGN_UP_PENDING; i <= SIGN_UP_ABSENT; i++)
        for (int k = SIGN_UP_PENDING; k < i; k++)
            assert_false(str_equal(sign_up_state_name((enum sign_up_state)i),
                                   sign_up_state_name((enum sign_up_state)k)));
}

static void a_sign_up_is_over_with_its_session_or_with_its_campaign(void **state)
{
    (void)state;
    const struct campaign open = {.state = CAMPAIGN_OPEN};
    const struct campaign under_way = {.state = CAMPAIGN_UNDER_WAY};
    const struct campaign missed = {.state = CAMPAIGN_MISSED};
    const struct campaign reported = {.state = CAMPAIGN_REPORTED};
    const struct session timeless = {.id = {3}};
    assert_false(sign_up_is_over(&open, &first, 199));
    assert_true(sign_up_is_over(&open, &first, 200));
    assert_false(sign_up_is_over(&under_way, &timeless, 1000));
    assert_true(sign_up_is_over(&missed, &timeless, 1000));
    assert_true(sign_up_is_over(&reported, &first, 100));
}

static void minutes_come_from_the_session_or_from_what_was_said(void **state)
{
    (void)state;
    const struct session two_hours = {.starts_at = 3600, .ends_at = 3 * 3600};
    const struct session timeless = {.id = {3}};
    const struct campaign plain = {.minutes_each = 30};
    const struct campaign asking = {.minutes_each = 30, .asks_hours = true};
    assert_int_equal(sign_up_minutes(&plain, &two_hours, 0), 120);
    assert_int_equal(sign_up_minutes(&plain, &timeless, 5), 30);
    assert_int_equal(sign_up_minutes(&asking, &timeless, 5), 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_scarce_when_fewer_than_a_fifth_is_left),
        cmocka_unit_test(places_are_scarce_when_over_a_quarter_waits),
        cmocka_unit_test(places_without_limit_are_never_scarce),
        cmocka_unit_test(sessions_overlap_when_they_share_a_second),
        cmocka_unit_test(what_has_no_hour_overlaps_nothing),
        cmocka_unit_test(only_a_session_that_one_is_in_stands_in_the_way_of_another),
        cmocka_unit_test(states_hold_places_or_have_ended_and_never_both),
        cmocka_unit_test(every_state_has_a_name_of_its_own),
        cmocka_unit_test(a_sign_up_is_over_with_its_session_or_with_its_campaign),
        cmocka_unit_test(minutes_come_from_the_session_or_from_what_was_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
