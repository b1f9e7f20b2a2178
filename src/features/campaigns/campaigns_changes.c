/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How things were before each change. Of a gathering, everybody is told the first one since they
 * agreed against how it is now: so five edits are told as one, and what is changed there and back
 * is not told, but to who agreed in between. */
#include "features/campaigns/campaigns_changes.h"

#include "base/str.h"
#include "features/campaigns/campaigns_local.h"
#include "web/feature.h"
#include "web/work.h"

static void note(struct work *work, struct campaign_id id, struct campaign_change change)
{
    change.at = work->now;
    change.text = change.text ? change.text : "";
    campaign_change_insert(work, id, &change);
    feature_announce(work, ANNOUNCE_CAMPAIGN_CHANGED, id.n);
}

/* Without dates each gives these minutes, unless they say themselves how long they give. */
static bool lasts_otherwise(const struct campaign *before, const struct campaign *after)
{
    return !campaign_has_sessions(after) && !after->asks_hours &&
           before->minutes_each != after->minutes_each;
}

void campaign_note_change(struct work *work, const struct campaign *before,
                          const struct campaign *after)
{
    if (!campaign_state_is_public(before->state))
        return;
    if (!str_equal(before->title, after->title))
        note(work, before->id, (struct campaign_change){.of = CHANGE_TITLE, .text = before->title});
    if (before->closes_at != after->closes_at)
        note(work, before->id,
             (struct campaign_change){.of = CHANGE_DEADLINE, .from = before->closes_at});
    if (lasts_otherwise(before, after))
        note(work, before->id,
             (struct campaign_change){.of = CHANGE_MINUTES, .from = before->minutes_each});
}

static bool is_elsewhere(struct whereabouts before, struct whereabouts after)
{
    return before.online != after.online || !str_equal(before.place, after.place);
}

void session_note_change(struct work *work, struct standing before, struct standing after)
{
    const struct session *was = before.session;
    struct whereabouts where = session_whereabouts(before.campaign, was);
    if (was->taken == 0)
        return;
    if (was->starts_at != after.session->starts_at || was->ends_at != after.session->ends_at)
        note(work, was->campaign_id,
             (struct campaign_change){.session_id = was->id,
                                      .of = CHANGE_TIME,
                                      .from = was->starts_at,
                                      .until = was->ends_at});
    if (is_elsewhere(where, session_whereabouts(after.campaign, after.session)))
        note(work, was->campaign_id,
             (struct campaign_change){.session_id = was->id,
                                      .of = CHANGE_PLACE,
                                      .text = where.place,
                                      .online = where.online});
}

bool campaign_change_is_undone(const struct campaign_change *change,
                               const struct campaign *campaign, const struct session *session)
{
    switch (change->of) {
    case CHANGE_TITLE:
        return str_equal(change->text, campaign->title);
    case CHANGE_DEADLINE:
        return change->from == campaign->closes_at;
    case CHANGE_MINUTES:
        return change->from == campaign->minutes_each;
    case CHANGE_TIME:
        return !session ||
               (change->from == session->starts_at && change->until == session->ends_at);
    case CHANGE_PLACE:
        break;
    }
    return !session || !is_elsewhere((struct whereabouts){change->text, change->online},
                                     session_whereabouts(campaign, session));
}

const struct campaign_change *campaign_changes_take(struct work *work, struct campaign_id id,
                                                    bool anew)
{
    if (anew)
        campaign_changes_mark(work, id);
    return campaign_changes_get(work, id, true);
}

const struct campaign_change *campaign_changes_noted(struct work *work, struct campaign_id id)
{
    return campaign_changes_get(work, id, false);
}

int64_t campaign_changes_done(struct work *work, struct campaign_id id)
{
    campaign_changes_delete(work, id);
    return campaign_changes_first(work, id);
}

void campaign_changes_drop(struct work *work, struct campaign_id id)
{
    campaign_changes_mark(work, id);
    campaign_changes_delete(work, id);
}

bool campaign_change_asks(const struct campaign_change *change, const struct session *session,
                          int64_t now)
{
    if (change->session_id.n != session->id.n || session->starts_at <= now)
        return false; /* without dates nobody is bound to be anywhere at a time: they are told */
    return change->of == CHANGE_PLACE || session->starts_at < change->from ||
           session->ends_at > change->until;
}

int64_t session_asks(struct standing before, struct standing after, int64_t now)
{
    const struct session *was = before.session;
    const struct session *is = after.session;
    bool asks = is_elsewhere(session_whereabouts(before.campaign, was),
                             session_whereabouts(after.campaign, is)) ||
                is->starts_at < was->starts_at || is->ends_at > was->ends_at;
    return asks && is->starts_at > now ? was->taken - was->pending : 0;
}
