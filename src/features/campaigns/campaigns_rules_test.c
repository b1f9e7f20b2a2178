/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules of campaigns by direct call: every step between states and every second at which one
 * happens, how far it is to the goal, and what cannot be a campaign. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/time.h"
#include "features/campaigns/campaigns_local.h"
#include "sys/zone.h"

enum { OPENS = 1000000, CLOSES = 2000000, FIRST = 2500000, LAST = 2600000, NEVER = 9000000 };

/* 60 people wanted, without sessions. */
static struct campaign campaign_in(enum campaign_state state, int64_t people)
{
    return (struct campaign){
        .slug = "deux-heures",
        .title = "Deux heures",
        .summary = "",
        .story = "",
        .organiser_name = "Nadia",
        .quantity_unit = "",
        .state = state,
        .opens_at = OPENS,
        .closes_at = CLOSES,
        .minimum = 60,
        .party_max = 5,
        .people = people,
        .reached_at = state == CAMPAIGN_REACHED ? OPENS + 1 : 0,
    };
}

static struct campaign with_sessions(struct campaign campaign, int64_t from, int64_t until)
{
    campaign.acts_from = from;
    campaign.acts_until = until;
    return campaign;
}

static void assert_next(struct campaign campaign, int64_t now, enum campaign_state expected)
{
    assert_int_equal(campaign_next_state(&campaign, now), expected);
}

static void a_scheduled_campaign_opens_in_its_second(void **state)
{
    (void)state;
    assert_next(campaign_in(CAMPAIGN_SCHEDULED, 0), OPENS - 1, CAMPAIGN_SCHEDULED);
    assert_next(campaign_in(CAMPAIGN_SCHEDULED, 0), OPENS, CAMPAIGN_OPEN);
}

static void an_open_campaign_is_reached_by_its_sixtieth_person(void **state)
{
    (void)state;
    assert_next(campaign_in(CAMPAIGN_OPEN, 59), OPENS, CAMPAIGN_OPEN);
    assert_next(campaign_in(CAMPAIGN_OPEN, 60), OPENS, CAMPAIGN_REACHED);
}

static void an_open_campaign_is_missed_in_the_second_of_its_deadline(void **state)
{
    (void)state;
    assert_next(campaign_in(CAMPAIGN_OPEN, 59), CLOSES - 1, CAMPAIGN_OPEN);
    assert_next(campaign_in(CAMPAIGN_OPEN, 59), CLOSES, CAMPAIGN_MISSED);
    assert_next(campaign_in(CAMPAIGN_OPEN, 60), CLOSES, CAMPAIGN_REACHED);
}

static void hours_are_counted_whole_for_a_goal_in_hours(void **state)
{
    (void)state;
    struct campaign campaign = campaign_in(CAMPAIGN_OPEN, 100);
    campaign.goal_unit = GOAL_HOURS;
    campaign.minutes = 60 * 60 - 1;
    assert_next(campaign, OPENS, CAMPAIGN_OPEN);
    campaign.minutes = 60 * 60;
    assert_next(campaign, OPENS, CAMPAIGN_REACHED);
}

static void a_goal_in_a_quantity_tips_by_people_and_is_never_missed_for_its_target(void **state)
{
    (void)state;
    struct campaign campaign = campaign_in(CAMPAIGN_OPEN, 59);
    campaign.goal_unit = GOAL_QUANTITY;
    campaign.quantity_unit = "e-mails";
    campaign.target = 1000;
    campaign.quantity = 5000;
    assert_next(campaign, OPENS, CAMPAIGN_OPEN);
    campaign.people = 60;
    campaign.quantity = 0;
    assert_next(campaign, OPENS, CAMPAIGN_REACHED);
    campaign.state = CAMPAIGN_REACHED;
    assert_next(campaign, CLOSES, CAMPAIGN_UNDER_WAY);
}

static void a_reached_campaign_stays_reached_when_people_leave(void **state)
{
    (void)state;
    assert_next(campaign_in(CAMPAIGN_REACHED, 3), CLOSES - 1, CAMPAIGN_REACHED);
    assert_next(campaign_in(CAMPAIGN_REACHED, 3), CLOSES, CAMPAIGN_UNDER_WAY);
}

static void sessions_after_the_deadline_begin_the_acting(void **state)
{
    (void)state;
    struct campaign campaign = with_sessions(campaign_in(CAMPAIGN_REACHED, 60), FIRST, LAST);
    assert_next(campaign, CLOSES, CAMPAIGN_REACHED);
    assert_next(campaign, FIRST - 1, CAMPAIGN_REACHED);
    assert_next(campaign, FIRST, CAMPAIGN_UNDER_WAY);
}

static void sessions_before_the_deadline_do_not_end_the_signing_up(void **state)
{
    (void)state;
    struct campaign campaign =
        with_sessions(campaign_in(CAMPAIGN_REACHED, 60), OPENS + 10, OPENS + 20);
    assert_next(campaign, CLOSES - 1, CAMPAIGN_REACHED);
    assert_next(campaign, CLOSES, CAMPAIGN_UNDER_WAY);
}

static void other_states_wait_for_people(void **state)
{
    (void)state;
    const enum campaign_state states[] = {CAMPAIGN_DRAFT,    CAMPAIGN_SUBMITTED,
                                          CAMPAIGN_MISSED,   CAMPAIGN_UNDER_WAY,
                                          CAMPAIGN_REPORTED, CAMPAIGN_CANCELLED};
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        struct campaign campaign = campaign_in(states[i], 100);
        assert_next(campaign, NEVER, states[i]);
        assert_int_equal(campaign_next_date(&campaign), 0);
    }
}

static void steps_that_were_slept_through_are_all_taken(void **state)
{
    (void)state;
    struct campaign campaign = campaign_in(CAMPAIGN_SCHEDULED, 0);
    assert_int_equal(campaign_state_at(&campaign, CLOSES), CAMPAIGN_MISSED);
    struct campaign full = campaign_in(CAMPAIGN_OPEN, 60);
    assert_int_equal(campaign_state_at(&full, CLOSES), CAMPAIGN_UNDER_WAY);
}

static void the_next_date_is_that_of_the_state(void **state)
{
    (void)state;
    struct campaign campaign = with_sessions(campaign_in(CAMPAIGN_SCHEDULED, 0), FIRST, LAST);
    assert_int_equal(campaign_next_date(&campaign), OPENS);
    campaign.state = CAMPAIGN_OPEN;
    assert_int_equal(campaign_next_date(&campaign), CLOSES);
    campaign.state = CAMPAIGN_REACHED;
    assert_int_equal(campaign_next_date(&campaign), FIRST);
}

static void assert_refusal(struct campaign campaign, int64_t now, const struct refusal *expected)
{
    assert_ptr_equal(campaign_refuses_sign_ups(&campaign, now), expected);
}

static void sign_ups_are_taken_from_the_opening_to_the_second_before_the_deadline(void **state)
{
    (void)state;
    assert_refusal(campaign_in(CAMPAIGN_SCHEDULED, 0), OPENS - 1, &refusal_campaign_not_open_yet);
    assert_refusal(campaign_in(CAMPAIGN_SCHEDULED, 0), OPENS, NULL);
    assert_refusal(campaign_in(CAMPAIGN_OPEN, 0), CLOSES - 1, NULL);
    assert_refusal(campaign_in(CAMPAIGN_OPEN, 0), CLOSES, &refusal_campaign_closed);
    assert_refusal(campaign_in(CAMPAIGN_REACHED, 60), CLOSES - 1, NULL);
    assert_refusal(campaign_in(CAMPAIGN_REACHED, 60), CLOSES, &refusal_campaign_closed);
}

static void a_reached_campaign_whose_sessions_come_later_is_closed_all_the_same(void **state)
{
    (void)state;
    struct campaign campaign = with_sessions(campaign_in(CAMPAIGN_REACHED, 60), FIRST, LAST);
    assert_refusal(campaign, CLOSES, &refusal_campaign_closed);
}

static void sign_ups_are_refused_in_every_other_state(void **state)
{
    (void)state;
    assert_refusal(campaign_in(CAMPAIGN_DRAFT, 0), OPENS, &refusal_campaign_not_open_yet);
    assert_refusal(campaign_in(CAMPAIGN_SUBMITTED, 0), OPENS, &refusal_campaign_not_open_yet);
    assert_refusal(campaign_in(CAMPAIGN_MISSED, 0), OPENS, &refusal_campaign_closed);
    assert_refusal(campaign_in(CAMPAIGN_UNDER_WAY, 0), OPENS, &refusal_campaign_closed);
    assert_refusal(campaign_in(CAMPAIGN_REPORTED, 0), OPENS, &refusal_campaign_closed);
    assert_refusal(campaign_in(CAMPAIGN_CANCELLED, 0), OPENS, &refusal_campaign_cancelled);
}

static void a_session_is_over_in_the_second_of_its_end(void **state)
{
    (void)state;
    struct session session = {.starts_at = FIRST, .ends_at = LAST};
    assert_null(session_refuses_sign_ups(&session, LAST - 1));
    assert_ptr_equal(session_refuses_sign_ups(&session, LAST), &refusal_session_over);
    struct session timeless = {0};
    assert_null(session_refuses_sign_ups(&timeless, NEVER));
}

static void places_left_never_fall_below_none(void **state)
{
    (void)state;
    assert_int_equal(session_left(&(struct session){.capacity = 20, .taken = 18}), 2);
    assert_int_equal(session_left(&(struct session){.capacity = 20, .taken = 23}), 0);
    assert_int_equal(session_left(&(struct session){.capacity = SESSION_UNLIMITED, .taken = 5}),
                     SESSION_UNLIMITED);
}

static void percent_is_of_the_target_or_of_the_minimum_without_one(void **state)
{
    (void)state;
    struct campaign campaign = campaign_in(CAMPAIGN_OPEN, 37);
    assert_int_equal(campaign_percent(&campaign), 61);
    campaign.target = 100;
    assert_int_equal(campaign_percent(&campaign), 37);
    campaign.people = 250;
    assert_int_equal(campaign_percent(&campaign), 250);
}

static void percent_of_hours_counts_minutes(void **state)
{
    (void)state;
    struct campaign campaign = campaign_in(CAMPAIGN_OPEN, 1);
    campaign.goal_unit = GOAL_HOURS;
    campaign.minutes = 90;
    campaign.minimum = 2;
    assert_int_equal(campaign_percent(&campaign), 75);
}

static void to_go_counts_to_the_minimum_until_it_is_reached_then_to_the_target(void **state)
{
    (void)state;
    enum goal_unit unit = GOAL_PEOPLE;
    struct campaign campaign = campaign_in(CAMPAIGN_OPEN, 37);
    campaign.goal_unit = GOAL_QUANTITY;
    campaign.target = 1000;
    campaign.quantity = 400;
    assert_int_equal(campaign_to_go(&campaign, &unit), 23);
    assert_int_equal(unit, GOAL_PEOPLE);
    campaign.reached_at = OPENS;
    assert_int_equal(campaign_to_go(&campaign, &unit), 600);
    assert_int_equal(unit, GOAL_QUANTITY);
    campaign.quantity = 1001;
    assert_int_equal(campaign_to_go(&campaign, &unit), 0);
}

static void a_begun_hour_is_still_to_go(void **state)
{
    (void)state;
    enum goal_unit unit = GOAL_PEOPLE;
    struct campaign campaign = campaign_in(CAMPAIGN_OPEN, 1);
    campaign.goal_unit = GOAL_HOURS;
    campaign.minutes = 90;
    assert_int_equal(campaign_to_go(&campaign, &unit), 59);
    assert_int_equal(unit, GOAL_HOURS);
}

static void days_are_counted_as_on_a_calendar(void **state)
{
    (void)state;
    struct mem *mem = mem_new(1 << 20);
    struct zones *zones = zones_new(mem);
    const struct zone *utc = zone_get(zones, "UTC");
    const struct zone *tokyo = zone_get(zones, "Asia/Tokyo"); /* nine hours on */
    struct campaign campaign = campaign_in(CAMPAIGN_OPEN, 1);
    const int64_t midnight = CLOSES - CLOSES % DAY_SECONDS;
    assert_int_equal(campaign_days_left(&campaign, utc, CLOSES), 0);
    assert_int_equal(campaign_days_left(&campaign, utc, midnight), 0);
    assert_int_equal(campaign_days_left(&campaign, utc, midnight - 1), 1);
    assert_int_equal(campaign_days_left(&campaign, utc, midnight - DAY_SECONDS), 1);
    assert_int_equal(campaign_days_left(&campaign, utc, midnight - 3 * DAY_SECONDS), 3);
    campaign.closes_at = midnight;
    assert_int_equal(campaign_days_left(&campaign, utc, midnight - 1), 0);
    assert_int_equal(campaign_days_left(&campaign, tokyo, midnight - 1), 0);
    assert_int_equal(campaign_days_left(&campaign, tokyo, midnight - 10 * HOUR_SECONDS), 1);
    zones_free(zones);
    mem_free(mem);
}

static void holidays_are_those_of_france_and_the_days_around_christmas(void **state)
{
    (void)state;
    static const struct {
        int year, month, day;
        bool is;
    } days[] = {
        {2026, 4, 5, true},   {2026, 4, 6, true},    {2026, 5, 14, true}, {2026, 5, 25, true},
        {2027, 3, 28, true},  {2027, 5, 6, true},    {2038, 4, 25, true}, {2026, 5, 8, true},
        {2026, 7, 14, true},  {2026, 12, 26, true},  {2027, 1, 2, true},  {2026, 4, 4, false},
        {2026, 5, 13, false}, {2026, 12, 19, false}, {2027, 1, 9, false}, {2027, 5, 5, false},
    };
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        assert_int_equal(
            day_is_holiday(&(struct wall){
                .year = days[i].year, .month = days[i].month, .day = days[i].day, .hour = 14}),
            days[i].is);
}

static void an_hour_in_a_session_is_its_length_and_else_what_the_campaign_says(void **state)
{
    (void)state;
    struct campaign campaign = campaign_in(CAMPAIGN_OPEN, 1);
    campaign.minutes_each = 10;
    struct session session = {.starts_at = FIRST, .ends_at = FIRST + 2 * HOUR_SECONDS};
    assert_int_equal(session_minutes_each(&campaign, &session), 120);
    assert_int_equal(session_minutes_each(&campaign, &(struct session){0}), 10);
}

static void names_of_states_are_read_back(void **state)
{
    (void)state;
    for (int i = CAMPAIGN_DRAFT; i <= CAMPAIGN_CANCELLED; i++) {
        enum campaign_state read = CAMPAIGN_DRAFT;
        assert_true(campaign_state_read(campaign_state_name((enum campaign_state)i), &read));
        assert_int_equal(read, i);
    }
    enum campaign_state untouched = CAMPAIGN_MISSED;
    assert_false(campaign_state_read("opened", &untouched));
    assert_int_equal(untouched, CAMPAIGN_MISSED);
}

static struct campaign_draft good_draft(void)
{
    return (struct campaign_draft){.campaign = campaign_in(CAMPAIGN_DRAFT, 0), .capacity = 20};
}

static void a_good_draft_is_accepted(void **state)
{
    (void)state;
    struct campaign_draft draft = good_draft();
    assert_null(campaign_draft_refusal(&draft));
    draft.capacity = SESSION_UNLIMITED;
    draft.campaign.target = 60;
    assert_null(campaign_draft_refusal(&draft));
    draft.campaign.goal_unit = GOAL_QUANTITY;
    draft.campaign.quantity_unit = "kg";
    draft.campaign.target = 1;
    assert_null(campaign_draft_refusal(&draft));
}

static void assert_refused(struct campaign_draft draft)
{
    assert_ptr_equal(campaign_draft_refusal(&draft), &refusal_campaign_fields);
}

#define DRAFT_WITH(change)                                                                         \
    do {                                                                                           \
        struct campaign_draft draft = good_draft();                                                \
        struct campaign *c = &draft.campaign;                                                      \
        (void)c;                                                                                   \
        change;                                                                                    \
        assert_refused(draft);                                                                     \
    } while (0)

static void what_cannot_be_a_campaign_is_refused(void **state)
{
    (void)state;
    DRAFT_WITH(c->title = "");
    DRAFT_WITH(c->slug = "");
    DRAFT_WITH(c->organiser_name = "");
    DRAFT_WITH(c->organiser_email = "nadia");
    DRAFT_WITH(c->organiser_email = "nadia@example.org\r\nBcc: b@example.org");
    DRAFT_WITH(c->closes_at = c->opens_at);
    DRAFT_WITH(c->opens_at = 0);
    DRAFT_WITH(c->minimum = 0);
    DRAFT_WITH(c->minimum = GOAL_MAX + 1);
    DRAFT_WITH(c->target = 59);
    DRAFT_WITH(c->target = -1);
    DRAFT_WITH(c->party_max = 0);
    DRAFT_WITH(c->party_max = PARTY_MAX_MAX + 1);
    DRAFT_WITH(c->minutes_each = -1);
    DRAFT_WITH(c->goal_unit = GOAL_QUANTITY);
    DRAFT_WITH(draft.capacity = 0);
    DRAFT_WITH(draft.capacity = CAPACITY_MAX + 1);
}

static void what_cannot_be_a_session_is_refused(void **state)
{
    (void)state;
    struct session session = {.starts_at = FIRST, .ends_at = LAST, .capacity = 20};
    struct campaign_draft draft = good_draft();
    draft.sessions = &session;
    assert_null(campaign_draft_refusal(&draft));
    draft.campaign.asks_hours = true;
    assert_refused(draft);
    draft.campaign.asks_hours = false;
    session.ends_at = FIRST;
    assert_refused(draft);
    session.ends_at = LAST;
    draft.campaign.closes_at = LAST + 1; /* nobody could come any more */
    assert_refused(draft);
    draft.campaign.closes_at = LAST;
    assert_null(campaign_draft_refusal(&draft));
    session.capacity = 0;
    assert_refused(draft);
    session.capacity = 20;
    session.starts_at = 0; /* a wall clock that could not be read */
    assert_refused(draft);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scheduled_campaign_opens_in_its_second),
        cmocka_unit_test(an_open_campaign_is_reached_by_its_sixtieth_person),
        cmocka_unit_test(an_open_campaign_is_missed_in_the_second_of_its_deadline),
        cmocka_unit_test(hours_are_counted_whole_for_a_goal_in_hours),
        cmocka_unit_test(a_goal_in_a_quantity_tips_by_people_and_is_never_missed_for_its_target),
        cmocka_unit_test(a_reached_campaign_stays_reached_when_people_leave),
        cmocka_unit_test(sessions_after_the_deadline_begin_the_acting),
        cmocka_unit_test(sessions_before_the_deadline_do_not_end_the_signing_up),
        cmocka_unit_test(other_states_wait_for_people),
        cmocka_unit_test(steps_that_were_slept_through_are_all_taken),
        cmocka_unit_test(the_next_date_is_that_of_the_state),
        cmocka_unit_test(sign_ups_are_taken_from_the_opening_to_the_second_before_the_deadline),
        cmocka_unit_test(a_reached_campaign_whose_sessions_come_later_is_closed_all_the_same),
        cmocka_unit_test(sign_ups_are_refused_in_every_other_state),
        cmocka_unit_test(a_session_is_over_in_the_second_of_its_end),
        cmocka_unit_test(places_left_never_fall_below_none),
        cmocka_unit_test(percent_is_of_the_target_or_of_the_minimum_without_one),
        cmocka_unit_test(percent_of_hours_counts_minutes),
        cmocka_unit_test(to_go_counts_to_the_minimum_until_it_is_reached_then_to_the_target),
        cmocka_unit_test(a_begun_hour_is_still_to_go),
        cmocka_unit_test(days_are_counted_as_on_a_calendar),
        cmocka_unit_test(holidays_are_those_of_france_and_the_days_around_christmas),
        cmocka_unit_test(an_hour_in_a_session_is_its_length_and_else_what_the_campaign_says),
        cmocka_unit_test(names_of_states_are_read_back),
        cmocka_unit_test(a_good_draft_is_accepted),
        cmocka_unit_test(what_cannot_be_a_campaign_is_refused),
        cmocka_unit_test(what_cannot_be_a_session_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
