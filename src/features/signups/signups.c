/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules of sign-ups: decisions on structs, without a database. */
#include "features/signups/signups_local.h"

#include <assert.h>

#include "base/refusal.h"
#include "base/str.h"
#include "web/form.h"
#include "web/work.h"

const struct refusal sign_up_over = {409, "sign_up_over",
                                     N_("This is over: nothing can be changed any more.")};
const struct refusal sign_up_overlaps = {409, "sign_up_overlaps",
                                         N_("You are already signed up for another date at the "
                                            "same time. Please cancel that one first, or choose "
                                            "another date.")};
const struct refusal sign_up_already_in = {409, "sign_up_already_in",
                                           N_("You are already signed up for this date.")};

/* Every step there is so far. docs/states.md draws them; tools/states.py compares the two. */
static const struct {
    enum sign_up_state from;
    enum sign_up_state to;
} sign_up_steps[] = {
    {SIGN_UP_PENDING, SIGN_UP_PENDING},     {SIGN_UP_PENDING, SIGN_UP_CONFIRMED},
    {SIGN_UP_PENDING, SIGN_UP_EXPIRED},     {SIGN_UP_PENDING, SIGN_UP_CANCELLED},
    {SIGN_UP_CONFIRMED, SIGN_UP_CANCELLED}, {SIGN_UP_CONFIRMED, SIGN_UP_EXPIRED},
    {SIGN_UP_CONFIRMED, SIGN_UP_RELEASED},  {SIGN_UP_EXPIRED, SIGN_UP_CONFIRMED},
    {SIGN_UP_EXPIRED, SIGN_UP_PENDING},     {SIGN_UP_EXPIRED, SIGN_UP_CANCELLED},
    {SIGN_UP_CANCELLED, SIGN_UP_CONFIRMED}, {SIGN_UP_CANCELLED, SIGN_UP_PENDING},
    {SIGN_UP_RELEASED, SIGN_UP_EXPIRED},
};

void sign_up_become(struct sign_up *sign_up, enum sign_up_state state)
{
    bool is_step = false;
    for (size_t i = 0; i < sizeof sign_up_steps / sizeof *sign_up_steps; i++)
        is_step |= sign_up_steps[i].from == sign_up->state && sign_up_steps[i].to == state;
    assert(is_step);
    sign_up->state = state;
}

const char *const sign_up_state_names[] = {
    [SIGN_UP_PENDING] = "pending",   [SIGN_UP_CONFIRMED] = "confirmed",
    [SIGN_UP_EXPIRED] = "expired",   [SIGN_UP_WAITING] = "waiting",
    [SIGN_UP_OFFERED] = "offered",   [SIGN_UP_CANCELLED] = "cancelled",
    [SIGN_UP_RELEASED] = "released", [SIGN_UP_ATTENDED] = "attended",
    [SIGN_UP_ABSENT] = "absent",     NULL,
};

const char *sign_up_state_name(enum sign_up_state state)
{
    return sign_up_state_names[state];
}

bool sign_up_is_in(const struct sign_up *sign_up)
{
    return sign_up->state == SIGN_UP_CONFIRMED || sign_up->state == SIGN_UP_ATTENDED;
}

bool sign_up_holds_seat(const struct sign_up *sign_up)
{
    return sign_up_is_in(sign_up) || sign_up->state == SIGN_UP_PENDING ||
           sign_up->state == SIGN_UP_OFFERED;
}

bool sign_up_has_ended(const struct sign_up *sign_up)
{
    return sign_up->state == SIGN_UP_EXPIRED || sign_up->state == SIGN_UP_CANCELLED ||
           sign_up->state == SIGN_UP_RELEASED;
}

bool sign_up_is_over(const struct campaign *campaign, const struct session *session, int64_t now)
{
    switch (campaign->state) {
    case CAMPAIGN_MISSED:
    case CAMPAIGN_REPORTED:
    case CAMPAIGN_CANCELLED:
        return true;
    case CAMPAIGN_DRAFT:
    case CAMPAIGN_SUBMITTED:
    case CAMPAIGN_SCHEDULED:
    case CAMPAIGN_OPEN:
    case CAMPAIGN_REACHED:
    case CAMPAIGN_UNDER_WAY:
        break;
    }
    return session_refuses_sign_ups(session, now);
}

int64_t sign_up_hold_seconds(const struct session *session)
{
    if (session->capacity == SESSION_UNLIMITED)
        return SIGN_UP_HOLD_SECONDS;
    int64_t left = session->capacity - session->taken;
    bool scarce = left * 5 < session->capacity || session->pending * 4 > session->capacity;
    return scarce ? SIGN_UP_HOLD_SHORT_SECONDS : SIGN_UP_HOLD_SECONDS;
}

bool sessions_overlap(const struct session *a, const struct session *b)
{
    if (a->starts_at == 0 || b->starts_at == 0)
        return false;
    return a->starts_at < b->ends_at && b->starts_at < a->ends_at;
}

const struct session *session_among(const struct session *sessions, struct session_id id)
{
    for (const struct session *session = sessions; session; session = session->next)
        if (session->id.n == id.n)
            return session;
    return NULL;
}

const struct session *sign_up_choose(struct work *work, const struct session *sessions,
                                     const char *handle, struct form_input *input)
{
    if (str_is_empty(handle)) {
        if (sessions && !sessions->next)
            return sessions;
        form_error_add(work->mem, input, "session", N_("Please choose a date."), 0);
        return NULL;
    }
    for (const struct session *session = sessions; session; session = session->next)
        if (str_equal(session->handle, handle))
            return session;
    form_error_add(work->mem, input, "session", N_("Please choose one of the offered dates."), 0);
    return NULL;
}

void sign_up_check_bounds(struct work *work, const struct campaign *campaign, int64_t party,
                          int64_t hours, struct form_input *input)
{
    if (party > campaign->party_max)
        form_error_add(
            work->mem, input, "party",
            N_("At most {n} people can come together. Please sign up in several groups."),
            campaign->party_max);
    if (campaign->asks_hours && hours < 1)
        form_error_add(work->mem, input, "hours",
                       N_("Please say how many hours each of you will give."), 0);
}

int64_t sign_up_minutes(const struct campaign *campaign, const struct session *session,
                        int64_t hours)
{
    return campaign->asks_hours ? hours * 60 : session_minutes_each(campaign, session);
}

const struct sign_up *sign_up_clash(const struct campaign *campaign, const struct session *sessions,
                                    const struct sign_up *own, const struct session *session)
{
    if (campaign->allows_overlap)
        return NULL;
    for (const struct sign_up *other = own; other; other = other->next) {
        const struct session *its = session_among(sessions, other->session_id);
        bool elsewhere = other->session_id.n != session->id.n;
        if (sign_up_is_in(other) && elsewhere && its && sessions_overlap(its, session))
            return other;
    }
    return NULL;
}
