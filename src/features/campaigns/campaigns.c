/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules of campaigns, as decisions on structs: what state the dates and counters make, who may
 * sign up when, and how far it is to the goal. Nothing here reads or writes anything;
 * docs/states.md shows the states as a diagram. */
#include "features/campaigns/campaigns.h"

#include <assert.h>

#include "base/refusal.h"
#include "base/str.h"
#include "base/time.h"
#include "features/campaigns/campaigns_local.h"

const struct refusal refusal_campaign_not_open_yet = {
    .status = 409,
    .name = "campaign_not_open_yet",
    .sentence = N_("Sign-ups have not opened yet. Please come back a little later.")};
const struct refusal refusal_campaign_closed = {
    .status = 409,
    .name = "campaign_closed",
    .sentence = N_("Sign-ups are closed: the deadline of this campaign has passed.")};
const struct refusal refusal_campaign_cancelled = {
    .status = 409,
    .name = "campaign_cancelled",
    .sentence = N_("This campaign has been cancelled, so nobody can sign up any more.")};
const struct refusal refusal_campaign_hidden = {
    .status = 409,
    .name = "campaign_hidden",
    .sentence = N_("The people who look after this site have taken this campaign’s page away for "
                   "the moment: nothing can be done about it until it is back.")};
const struct refusal refusal_session_full = {
    .status = 409,
    .name = "session_full",
    .sentence = N_("There are not enough places left here for all of you. If you have just signed "
                   "up, look at your e-mail: your places may be kept already.")};
const struct refusal refusal_session_over = {
    .status = 409,
    .name = "session_over",
    .sentence = N_("This session is over. Please choose another one.")};
const struct refusal refusal_campaign_fields = {
    .status = 422,
    .name = "campaign_fields",
    .sentence = N_("Something in this campaign does not fit together. Please check its dates, its "
                   "goal and its "
                   "sessions.")};

const char *const campaign_state_names[] = {
    [CAMPAIGN_DRAFT] = "draft",         [CAMPAIGN_SUBMITTED] = "submitted",
    [CAMPAIGN_SCHEDULED] = "scheduled", [CAMPAIGN_OPEN] = "open",
    [CAMPAIGN_REACHED] = "reached",     [CAMPAIGN_MISSED] = "missed",
    [CAMPAIGN_UNDER_WAY] = "under_way", [CAMPAIGN_REPORTED] = "reported",
    [CAMPAIGN_CANCELLED] = "cancelled", NULL,
};

const char *const goal_unit_names[] = {
    [GOAL_PEOPLE] = "people",
    [GOAL_HOURS] = "hours",
    [GOAL_QUANTITY] = "quantity",
    NULL,
};

/* Every step there is. docs/states.md draws them; tools/states.py compares the two. */
static const struct {
    enum campaign_state from;
    enum campaign_state to;
} campaign_steps[] = {
    {CAMPAIGN_DRAFT, CAMPAIGN_SUBMITTED},     {CAMPAIGN_DRAFT, CAMPAIGN_SCHEDULED},
    {CAMPAIGN_DRAFT, CAMPAIGN_OPEN},          {CAMPAIGN_SUBMITTED, CAMPAIGN_DRAFT},
    {CAMPAIGN_SUBMITTED, CAMPAIGN_SCHEDULED}, {CAMPAIGN_SUBMITTED, CAMPAIGN_OPEN},
    {CAMPAIGN_SCHEDULED, CAMPAIGN_OPEN},      {CAMPAIGN_SCHEDULED, CAMPAIGN_CANCELLED},
    {CAMPAIGN_OPEN, CAMPAIGN_REACHED},        {CAMPAIGN_OPEN, CAMPAIGN_MISSED},
    {CAMPAIGN_OPEN, CAMPAIGN_CANCELLED},      {CAMPAIGN_REACHED, CAMPAIGN_UNDER_WAY},
    {CAMPAIGN_REACHED, CAMPAIGN_CANCELLED},   {CAMPAIGN_UNDER_WAY, CAMPAIGN_REPORTED},
    {CAMPAIGN_UNDER_WAY, CAMPAIGN_CANCELLED}, {CAMPAIGN_MISSED, CAMPAIGN_OPEN},
};

enum { MINUTES_OF_HOUR = 60 };

const char *campaign_state_name(enum campaign_state state)
{
    return campaign_state_names[state];
}

bool campaign_state_read(const char *name, enum campaign_state *ret_state)
{
    int i = str_index(name, campaign_state_names);
    if (i >= 0)
        *ret_state = (enum campaign_state)i;
    return i >= 0;
}

bool campaign_may_become(enum campaign_state from, enum campaign_state to)
{
    for (size_t i = 0; i < sizeof campaign_steps / sizeof *campaign_steps; i++)
        if (campaign_steps[i].from == from && campaign_steps[i].to == to)
            return true;
    return false;
}

bool campaign_state_is_public(enum campaign_state state)
{
    return state != CAMPAIGN_DRAFT && state != CAMPAIGN_SUBMITTED;
}

bool campaign_is_public(const struct campaign *campaign)
{
    return campaign_state_is_public(campaign->state) && !campaign->hidden;
}

const char *goal_unit_name(enum goal_unit unit)
{
    return goal_unit_names[unit];
}

bool goal_unit_read(const char *name, enum goal_unit *ret_unit)
{
    int i = str_index(name, goal_unit_names);
    if (i >= 0)
        *ret_unit = (enum goal_unit)i;
    return i >= 0;
}

bool campaign_has_sessions(const struct campaign *campaign)
{
    return campaign->acts_from != 0;
}

/* A goal in a quantity tips by its people. */
enum goal_unit campaign_minimum_unit(const struct campaign *campaign)
{
    return campaign->goal_unit == GOAL_HOURS ? GOAL_HOURS : GOAL_PEOPLE;
}

/* How much there is of that unit, and of how much, both in the same fine measure: minutes for
 * hours. */
static int64_t counted(const struct campaign *campaign, enum goal_unit unit)
{
    switch (unit) {
    case GOAL_PEOPLE:
        return campaign->people;
    case GOAL_HOURS:
        return campaign->minutes;
    case GOAL_QUANTITY:
        return campaign->quantity;
    }
    assert(false);
    return 0;
}

static int64_t measure(int64_t wanted, enum goal_unit unit)
{
    return unit == GOAL_HOURS ? wanted * MINUTES_OF_HOUR : wanted;
}

bool campaign_is_enough(const struct campaign *campaign)
{
    enum goal_unit unit = campaign_minimum_unit(campaign);
    return counted(campaign, unit) >= measure(campaign->minimum, unit);
}

int64_t campaign_counted(const struct campaign *campaign, enum goal_unit unit)
{
    int64_t n = counted(campaign, unit);
    return unit == GOAL_HOURS ? n / MINUTES_OF_HOUR : n;
}

int64_t campaign_percent(const struct campaign *campaign)
{
    enum goal_unit unit = campaign->target ? campaign->goal_unit : campaign_minimum_unit(campaign);
    int64_t wanted = campaign->target ? campaign->target : campaign->minimum;
    return counted(campaign, unit) * 100 / measure(wanted, unit);
}

int64_t campaign_to_go(const struct campaign *campaign, enum goal_unit *ret_unit)
{
    bool to_minimum = campaign->reached_at == 0;
    enum goal_unit unit = to_minimum ? campaign_minimum_unit(campaign) : campaign->goal_unit;
    int64_t wanted = to_minimum ? campaign->minimum : campaign->target;
    int64_t missing = measure(wanted, unit) - counted(campaign, unit);
    *ret_unit = unit;
    if (missing <= 0)
        return 0;
    return unit == GOAL_HOURS ? (missing + MINUTES_OF_HOUR - 1) / MINUTES_OF_HOUR : missing;
}

int64_t campaign_days_left(const struct campaign *campaign, const struct zone *zone, int64_t now)
{
    int64_t days = calendar_day(zone, campaign->closes_at - 1) - calendar_day(zone, now);
    return days > 0 ? days : 0;
}

/* When acting begins: not before the deadline, until which people still come. */
static int64_t under_way_at(const struct campaign *campaign)
{
    return campaign->acts_from > campaign->closes_at ? campaign->acts_from : campaign->closes_at;
}

static enum campaign_state next_of_open(const struct campaign *campaign, int64_t now)
{
    if (campaign_is_enough(campaign))
        return CAMPAIGN_REACHED;
    return now >= campaign->closes_at ? CAMPAIGN_MISSED : CAMPAIGN_OPEN;
}

enum campaign_state campaign_next_state(const struct campaign *campaign, int64_t now)
{
    switch (campaign->state) {
    case CAMPAIGN_SCHEDULED:
        return now >= campaign->opens_at ? CAMPAIGN_OPEN : CAMPAIGN_SCHEDULED;
    case CAMPAIGN_OPEN:
        return next_of_open(campaign, now);
    case CAMPAIGN_REACHED:
        return now >= under_way_at(campaign) ? CAMPAIGN_UNDER_WAY : CAMPAIGN_REACHED;
    case CAMPAIGN_DRAFT:
    case CAMPAIGN_SUBMITTED:
    case CAMPAIGN_MISSED:
    case CAMPAIGN_UNDER_WAY:
    case CAMPAIGN_REPORTED:
    case CAMPAIGN_CANCELLED:
        break;
    }
    return campaign->state;
}

enum campaign_state campaign_state_at(const struct campaign *campaign, int64_t now)
{
    struct campaign settled = *campaign;
    for (;;) {
        enum campaign_state next = campaign_next_state(&settled, now);
        if (next == settled.state)
            return next;
        settled.state = next;
    }
}

int64_t campaign_next_date(const struct campaign *campaign)
{
    switch (campaign->state) {
    case CAMPAIGN_SCHEDULED:
        return campaign->opens_at;
    case CAMPAIGN_OPEN:
        return campaign->closes_at;
    case CAMPAIGN_REACHED:
        return under_way_at(campaign);
    case CAMPAIGN_DRAFT:
    case CAMPAIGN_SUBMITTED:
    case CAMPAIGN_MISSED:
    case CAMPAIGN_UNDER_WAY:
    case CAMPAIGN_REPORTED:
    case CAMPAIGN_CANCELLED:
        break;
    }
    return 0;
}

const struct refusal *campaign_refuses_sign_ups(const struct campaign *campaign, int64_t now)
{
    if (campaign->hidden)
        return &refusal_campaign_hidden;
    switch (campaign_state_at(campaign, now)) {
    case CAMPAIGN_DRAFT:
    case CAMPAIGN_SUBMITTED:
    case CAMPAIGN_SCHEDULED:
        return &refusal_campaign_not_open_yet;
    case CAMPAIGN_OPEN:
    case CAMPAIGN_REACHED:
        return now >= campaign->closes_at ? &refusal_campaign_closed : NULL;
    case CAMPAIGN_MISSED:
    case CAMPAIGN_UNDER_WAY:
    case CAMPAIGN_REPORTED:
        return &refusal_campaign_closed;
    case CAMPAIGN_CANCELLED:
        return &refusal_campaign_cancelled;
    }
    assert(false);
    return &refusal_campaign_closed;
}

bool session_is_timeless(const struct session *session)
{
    return session->starts_at == 0;
}

const struct refusal *session_refuses_sign_ups(const struct session *session, int64_t now)
{
    bool is_over = !session_is_timeless(session) && now >= session->ends_at;
    return is_over ? &refusal_session_over : NULL;
}

bool campaign_closes_late(const struct campaign *campaign)
{
    return campaign->acts_until && campaign->closes_at > campaign->acts_until;
}

int64_t sessions_end(const struct session *sessions, struct session_id but)
{
    int64_t end = 0;
    for (; sessions; sessions = sessions->next)
        if ((!but.n || sessions->id.n != but.n) && sessions->ends_at > end)
            end = sessions->ends_at;
    return end;
}

struct whereabouts session_whereabouts(const struct campaign *campaign,
                                       const struct session *session)
{
    bool says_so = session->online || !str_is_empty(session->place);
    return says_so ? (struct whereabouts){session->place, session->online}
                   : (struct whereabouts){campaign->place, campaign->online};
}

bool session_is_nowhere(const struct campaign *campaign, const struct session *session)
{
    return !session_is_timeless(session) && !session->online && !campaign->online &&
           str_is_empty(session->place) && str_is_empty(campaign->place);
}

bool campaign_is_nowhere(const struct campaign *campaign, const struct session *sessions)
{
    for (; sessions; sessions = sessions->next)
        if (session_is_nowhere(campaign, sessions))
            return true;
    return false;
}

int64_t session_left(const struct session *session)
{
    if (session->capacity == SESSION_UNLIMITED)
        return SESSION_UNLIMITED;
    return session->capacity > session->taken ? session->capacity - session->taken : 0;
}

bool sessions_have_places(const struct session *sessions, int64_t now)
{
    for (const struct session *session = sessions; session; session = session->next)
        if (session_left(session) > 0 && !session_refuses_sign_ups(session, now))
            return true;
    return false;
}

int64_t session_minutes_each(const struct campaign *campaign, const struct session *session)
{
    if (session_is_timeless(session))
        return campaign->minutes_each;
    return (session->ends_at - session->starts_at) / MINUTE_SECONDS;
}
