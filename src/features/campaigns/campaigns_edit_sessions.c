/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sessions of a campaign that is there already: added, changed, copied, removed. A campaign without
 * dates has one timeless session that holds its seats; the first date takes its place, and it comes
 * back when the last date goes, while nobody has signed up to what is replaced. */
#include "base/refusal.h"
#include "core/audit/audit.h"
#include "features/campaigns/campaigns_changes.h"
#include "features/campaigns/campaigns_fields.h"
#include "features/campaigns/campaigns_lead.h"
#include "features/campaigns/campaigns_local.h"
#include "sys/zone.h"
#include "web/app.h"
#include "web/feature.h"
#include "web/form.h"
#include "web/request.h"
#include "web/work.h"

static const struct refusal refusal_session_used = {
    .status = 409,
    .name = "session_used",
    .sentence = N_("People have signed up to this session, so it cannot be removed. You can give "
                   "it another date.")};
static const struct refusal refusal_campaign_without_dates = {
    .status = 409,
    .name = "campaign_without_dates",
    .sentence = N_("People have signed up to this campaign without a date already, so it stays "
                   "without dates.")};
static const struct refusal refusal_sessions_fixed = {
    .status = 409,
    .name = "sessions_fixed",
    .sentence = N_("The sessions of this campaign cannot change any more.")};

static const struct refusal refusal_session_last = {
    .status = 409,
    .name = "session_last",
    .sentence = N_("Without this session the others would end before the deadline to sign up. "
                   "Please choose an earlier deadline first.")};

enum { WEEK_SECONDS = 7 * DAY_SECONDS };

static bool sessions_may_change(const struct campaign *campaign)
{
    return campaign_field_may_change(campaign, "sessions");
}

bool sessions_may_grow(const struct campaign *campaign)
{
    return sessions_may_change(campaign) && campaign->state != CAMPAIGN_UNDER_WAY;
}

/* UTC of what was written; what is wrong goes to `list`, also where its zone is not known. */
static void derive(struct work *work, struct session *session, struct complaints *list,
                   struct form_input *input)
{
    const struct zone *zone = zone_named(work, session->time_zone);
    if (!zone_get(work->app->zones, session->time_zone))
        form_error_add(work->mem, input, "time_zone", zone_unknown_words, 0);
    session->starts_at = campaign_utc(work, zone, session->starts_local);
    session->ends_at = campaign_utc(work, zone, session->ends_local);
    session_complaints(session, list);
}

/* Dates, states and mails follow. */
static void follow(struct work *work, const struct campaign *campaign)
{
    campaign_acts_recount(work, campaign->id);
    campaign_take_back(work, campaign);
    if (!campaign_state_is_public(campaign->state))
        return;
    campaign_audit(work, campaign, AUDIT_CAMPAIGN_EDIT, "sessions");
    campaign_plan(work, campaign->id);
}

static int count_of(const struct session *session)
{
    int count = 0;
    for (; session; session = session->next)
        count++;
    return count;
}

/* Room for that many more; the timeless session gives way to the first date. */
static const struct refusal *make_room(struct work *work, const struct campaign *campaign,
                                       int64_t times, struct form_input *input)
{
    const struct session *sessions = campaign_sessions(work, campaign->id);
    bool is_timeless = sessions && session_is_timeless(sessions);
    if (!sessions_may_grow(campaign))
        return &refusal_sessions_fixed;
    if (is_timeless && !session_delete(work, sessions->id))
        return &refusal_campaign_without_dates;
    if (is_timeless)
        campaign_hours_by_sessions(work, campaign->id);
    if (!is_timeless && count_of(sessions) + times > SESSIONS_MAX) {
        form_error_add(work->mem, input, "starts", N_("A campaign has at most {n} sessions."),
                       SESSIONS_MAX);
        return &refusal_fields;
    }
    return NULL;
}

static void insert(struct work *work, const struct campaign *campaign,
                   const struct session *written)
{
    struct session session = *written;
    session.id.n = work_new_id(work);
    session.campaign_id = campaign->id;
    session.handle = work_new_handle(work, SESSION_HANDLE_CHARS);
    session_insert(work, &session);
}

const struct refusal *session_add(struct work *work, const struct campaign *campaign,
                                  const struct session *written, struct form_input *input)
{
    struct session session = *written;
    struct complaints list = {0};
    derive(work, &session, &list, input);
    session_change_complaints(&(struct session){0}, &session, work->now, &list);
    session_frame_complaints(campaign, campaign_sessions(work, campaign->id), &session, &list);
    complaints_tell(work->mem, &list, input);
    if (input->errors)
        return &refusal_fields;
    const struct refusal *refusal = make_room(work, campaign, 1, input);
    if (refusal)
        return refusal;
    insert(work, campaign, &session);
    follow(work, campaign);
    return NULL;
}

static bool lasts_otherwise(const struct session *before, const struct session *after)
{
    return before->ends_at - before->starts_at != after->ends_at - after->starts_at;
}

const struct refusal *session_change(struct work *work, const struct session *before,
                                     const struct session_wish *wish, struct form_input *input)
{
    const struct campaign *campaign = campaign_get(work, before->campaign_id);
    struct session after = wish->session;
    struct complaints list = {0};
    if (!campaign || !sessions_may_change(campaign))
        return &refusal_sessions_fixed;
    after.id = before->id;
    after.campaign_id = before->campaign_id;
    derive(work, &after, &list, input);
    session_change_complaints(before, &after, work->now, &list);
    session_frame_complaints(campaign, campaign_sessions(work, campaign->id), &after, &list);
    complaints_tell(work->mem, &list, input);
    const struct standing was = {campaign, before};
    const struct standing will_be = {campaign, &after};
    complain_of_asking(work->mem, session_asks(was, will_be, work->now), wish->sure, input);
    if (input->errors || !session_update(work, &after))
        return &refusal_fields;
    if (lasts_otherwise(before, &after))
        feature_announce(work, ANNOUNCE_SESSION_MINUTES, after.id.n);
    session_note_change(work, was, will_be);
    follow(work, campaign);
    return NULL;
}

const struct refusal *session_copy(struct work *work, const struct session *session,
                                   const struct session_copies *copies, struct form_input *input)
{
    const struct campaign *campaign = campaign_get(work, session->campaign_id);
    int64_t lasts = wall_between(work->mem, session->starts_local, session->ends_local);
    struct complaints list = {0};
    struct session copy = *session;
    if (!campaign)
        return &refusal_not_found;
    const struct refusal *refusal = make_room(work, campaign, copies->times, input);
    for (int64_t i = 0; i < copies->times && !refusal; i++) {
        copy.starts_local = wall_shift(work->mem, copies->starts_local, i * WEEK_SECONDS);
        copy.ends_local = wall_shift(work->mem, copy.starts_local, lasts);
        derive(work, &copy, &list, input);
        session_change_complaints(&(struct session){0}, &copy, work->now, &list);
        if (list.count > 0)
            form_error_add(work->mem, input, "starts", list.items[0].sentence,
                           list.items[0].number);
        if (input->errors)
            return &refusal_fields;
        insert(work, campaign, &copy);
    }
    if (!refusal)
        follow(work, campaign);
    return refusal;
}

const struct refusal *session_remove(struct work *work, const struct session *session)
{
    const struct campaign *campaign = campaign_get(work, session->campaign_id);
    if (!campaign || !sessions_may_change(campaign))
        return &refusal_sessions_fixed;
    int64_t end = sessions_end(campaign_sessions(work, campaign->id), session->id);
    if (end && end < campaign->closes_at)
        return &refusal_session_last;
    if (!session_delete(work, session->id))
        return &refusal_session_used;
    if (!campaign_sessions(work, campaign->id))
        session_insert_timeless(work, campaign, session->capacity);
    follow(work, campaign);
    return NULL;
}
