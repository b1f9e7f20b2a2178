/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Changes of state: by a date, by the count, by the organiser. Each is one conditional update of
 * the state it leaves, so that of two who see the same moment come only one makes the step and
 * tells of it. One job for each campaign waits for its next date; running it twice, or late, or not
 * at all while nobody is there, changes nothing. */
#include "features/campaigns/campaigns.h"

#include "base/refusal.h"
#include "core/activity/activity.h"
#include "core/communities/communities.h"
#include "core/jobs/jobs.h"
#include "features/campaigns/campaigns_lead.h"
#include "features/campaigns/campaigns_local.h"
#include "web/feature.h"
#include "web/request.h"
#include "web/work.h"

const struct refusal refusal_campaign_not_draft = {
    .status = 409,
    .name = "campaign_not_draft",
    .sentence = N_("This campaign has been published already.")};
const struct refusal refusal_campaign_too_late = {
    .status = 409,
    .name = "campaign_too_late",
    .sentence = N_("The deadline of this campaign has passed. Please choose a later one first.")};
const struct refusal refusal_campaign_not_done = {
    .status = 409,
    .name = "campaign_not_done",
    .sentence = N_(
        "This campaign can be closed once it is under way: after its deadline, and once its first "
        "session has begun.")};

const char campaign_settle_kind[] = "campaigns.settle";

void campaign_tell_state(struct work *work, struct campaign_id id, enum campaign_state state)
{
    bool opens = state == CAMPAIGN_OPEN;
    activity_add(work, &(struct activity){
                           .verb = opens ? ACTIVITY_ANNOUNCE : ACTIVITY_UPDATE,
                           .object = ACTIVITY_CAMPAIGN,
                           .object_id = id.n,
                           .campaign_id = id.n,
                           .detail = campaign_state_name(state),
                           .audience = AUDIENCE_PUBLIC,
                       });
    if (opens)
        feature_announce(work, ANNOUNCE_CAMPAIGN_OPENED, id.n);
    if (state == CAMPAIGN_REACHED)
        feature_announce(work, ANNOUNCE_CAMPAIGN_REACHED, id.n);
    if (state == CAMPAIGN_MISSED)
        feature_announce(work, ANNOUNCE_CAMPAIGN_MISSED, id.n);
    if (state == CAMPAIGN_UNDER_WAY)
        feature_announce(work, ANNOUNCE_CAMPAIGN_UNDER_WAY, id.n);
    if (state == CAMPAIGN_REPORTED)
        feature_announce(work, ANNOUNCE_CAMPAIGN_REPORTED, id.n);
    if (state == CAMPAIGN_CANCELLED)
        feature_announce(work, ANNOUNCE_CAMPAIGN_CANCELLED, id.n);
    if (state == CAMPAIGN_REACHED || state == CAMPAIGN_MISSED || state == CAMPAIGN_UNDER_WAY)
        campaign_tell_settled(work, id, state);
}

int64_t campaign_settle(struct work *work, struct campaign_id id)
{
    const struct campaign *stored = campaign_get_stored(work, id);
    if (!stored)
        return 0;
    struct campaign campaign = *stored;
    for (;;) {
        enum campaign_state next = campaign_next_state(&campaign, work->now);
        if (next == campaign.state || !campaign_set_state(work, id, campaign.state, next))
            return campaign_next_date(&campaign);
        campaign.state = next;
        campaign_tell_state(work, id, next);
    }
}

void campaign_settle_job(struct work *work, struct job *job)
{
    struct campaign_id id = {job->object_id};
    const struct campaign *campaign = campaign_get_stored(work, id);
    if (!campaign)
        return;
    work->community = community_get(work, campaign->community_id);
    job->again_at = campaign_settle(work, id);
}

const struct refusal *campaign_go_public(struct work *work, struct campaign_id id,
                                         enum campaign_state from)
{
    const struct campaign *stored = campaign_get_stored(work, id);
    if (!stored)
        return &refusal_not_found;
    if (work->now >= stored->closes_at)
        return &refusal_campaign_too_late;
    struct campaign campaign = *stored;
    campaign.state = work->now >= stored->opens_at ? CAMPAIGN_OPEN : CAMPAIGN_SCHEDULED;
    if (!campaign_set_state(work, id, from, campaign.state))
        return &refusal_campaign_not_draft;
    campaign_tell_state(work, id, campaign.state);
    job_add(work, campaign_settle_kind, id.n, campaign_next_date(&campaign));
    return NULL;
}

const struct refusal *campaign_publish(struct work *work, struct campaign_id id)
{
    return campaign_go_public(work, id, CAMPAIGN_DRAFT);
}

const struct refusal *campaign_report(struct work *work, struct campaign_id id)
{
    if (!campaign_get_stored(work, id))
        return &refusal_not_found;
    campaign_settle(work, id);
    if (!campaign_set_state(work, id, CAMPAIGN_UNDER_WAY, CAMPAIGN_REPORTED))
        return &refusal_campaign_not_done;
    campaign_tell_state(work, id, CAMPAIGN_REPORTED);
    return NULL;
}

/* There were enough, and with these who left there are not any more. */
static bool falls(const struct campaign *campaign, int64_t people, int64_t minutes)
{
    struct campaign before = *campaign;
    before.people -= people;
    before.minutes -= minutes;
    return campaign->state == CAMPAIGN_REACHED && campaign_is_enough(&before) &&
           !campaign_is_enough(campaign);
}

void campaign_count(struct work *work, struct campaign_id id, int64_t people, int64_t minutes)
{
    const struct campaign *campaign = campaign_add_people(work, id, people, minutes);
    if (!campaign)
        return;
    campaign_day_count(work, id, work->now,
                       &(struct campaign_day){.people = people, .minutes = minutes});
    if (falls(campaign, people, minutes))
        campaign_tell_fall(work, id);
    if (campaign->state != CAMPAIGN_OPEN || !campaign_is_enough(campaign))
        return;
    if (campaign_set_state(work, id, CAMPAIGN_OPEN, CAMPAIGN_REACHED))
        campaign_tell_state(work, id, CAMPAIGN_REACHED);
}

void campaign_count_quantity(struct work *work, struct campaign_id id, int64_t quantity, int64_t at)
{
    campaign_add_quantity(work, id, quantity);
    if (quantity != 0)
        campaign_day_count(work, id, at, &(struct campaign_day){.quantity = quantity});
}
