/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Two acts of an organiser that touch everyone who is in: cancelling, with a word to all, and
 * extending, once. What becomes of the people is told and done by the features that know them.
 * Source: docs/decisions/0010-leading.md */
#include "features/campaigns/campaigns_lead.h"

#include "base/refusal.h"
#include "base/time.h"
#include "core/audit/audit.h"
#include "core/jobs/jobs.h"
#include "features/campaigns/campaigns_changes.h"
#include "features/campaigns/campaigns_fields.h"
#include "features/campaigns/campaigns_local.h"
#include "web/feature.h"
#include "web/form.h"
#include "web/request.h"
#include "web/work.h"

static const struct refusal refusal_campaign_over = {
    .status = 409,
    .name = "campaign_over",
    .sentence = N_("This campaign cannot be cancelled: it is not public, or it is over.")};
static const struct refusal refusal_campaign_extended = {
    .status = 409,
    .name = "campaign_extended",
    .sentence = N_("This campaign has been extended already. That can be done once.")};
static const struct refusal refusal_campaign_begin_anew = {
    .status = 409,
    .name = "campaign_begin_anew",
    .sentence =
        N_("Its dates have passed with the deadline, so there is nothing left to extend. You "
           "can begin a new campaign from this one: its texts are kept.")};
static const struct refusal refusal_campaign_not_extended = {
    .status = 409,
    .name = "campaign_not_extended",
    .sentence = N_("A campaign can be extended while it is open, and for a week after it was "
                   "missed.")};
static const struct refusal refusal_campaign_extend_late = {
    .status = 409,
    .name = "campaign_extend_late",
    .sentence = N_("It was missed more than a week ago, so it is too late to extend it. You can "
                   "begin a new campaign from this one: its texts are kept.")};

static const struct refusal refusal_campaign_closes_last = {
    .status = 409,
    .name = "campaign_closes_last",
    .sentence = N_("People can sign up until its last session ends already. Move that session or "
                   "add another one first, then extend the campaign.")};

bool campaign_may_be_cancelled(const struct campaign *campaign)
{
    return campaign_may_become(campaign->state, CAMPAIGN_CANCELLED);
}

const struct refusal *campaign_cancel(struct work *work, struct campaign_id id, const char *reason)
{
    campaign_settle(work, id);
    const struct campaign *campaign = campaign_get_stored(work, id);
    if (!campaign)
        return &refusal_not_found;
    if (!campaign_may_be_cancelled(campaign) ||
        !campaign_set_state(work, id, campaign->state, CAMPAIGN_CANCELLED))
        return &refusal_campaign_over;
    struct campaign_leading leading = campaign_leading_get(work, id);
    leading.cancelled_because = reason;
    campaign_leading_set(work, id, &leading);
    job_drop(work, campaign_settle_kind, id.n);
    campaign_audit(work, campaign, AUDIT_CAMPAIGN_CANCEL, "");
    campaign_tell_state(work, id, CAMPAIGN_CANCELLED);
    return NULL;
}

const char *campaign_cancelled_because(struct work *work, struct campaign_id id)
{
    return campaign_leading_get(work, id).cancelled_because;
}

const struct refusal *campaign_refuses_extension(const struct campaign *campaign,
                                                 const struct campaign_leading *leading,
                                                 int64_t now)
{
    bool is_late = now >= campaign->closes_at + (int64_t)EXTEND_DAYS * DAY_SECONDS;
    bool is_missed = campaign->state == CAMPAIGN_MISSED;
    if (leading->extended_at)
        return &refusal_campaign_extended;
    if (campaign->state != CAMPAIGN_OPEN && !is_missed)
        return &refusal_campaign_not_extended;
    if (sessions_are_over(campaign, now))
        return is_missed ? &refusal_campaign_begin_anew : &refusal_campaign_sessions_over;
    if (is_missed && is_late)
        return &refusal_campaign_extend_late;
    return campaign->acts_until && campaign->closes_at >= campaign->acts_until
               ? &refusal_campaign_closes_last
               : NULL;
}

/* The new deadline, or an error beside it. */
static struct campaign dated(struct work *work, const struct campaign *campaign, const char *closes,
                             struct form_input *input)
{
    struct campaign after = *campaign;
    after.closes_local = closes;
    int64_t earliest = campaign->state == CAMPAIGN_MISSED ? work->now : campaign->closes_at;
    if (!campaign_derive_dates(work, &after) || after.closes_at == 0)
        form_error_add(work->mem, input, "closes", N_("This day cannot be."), 0);
    else if (after.closes_at <= earliest)
        form_error_add(work->mem, input, "closes",
                       N_("The new deadline must be later than the old one, and still to come."),
                       0);
    else if (after.closes_at > work->now + EXTEND_SECONDS_MAX)
        form_error_add(work->mem, input, "closes", N_("That is more than a year from now."), 0);
    else if (campaign_closes_late(&after))
        form_error_add(work->mem, input, "closes", closes_late_words, 0);
    return after;
}

/* Its settling waits for the new deadline. */
static void plan(struct work *work, const struct campaign *campaign)
{
    job_drop(work, campaign_settle_kind, campaign->id.n);
    job_add(work, campaign_settle_kind, campaign->id.n, campaign_next_date(campaign));
}

const struct refusal *campaign_extend(struct work *work, struct campaign_id id, const char *closes,
                                      struct form_input *input)
{
    campaign_settle(work, id);
    const struct campaign *campaign = campaign_get_stored(work, id);
    if (!campaign)
        return &refusal_not_found;
    struct campaign_leading leading = campaign_leading_get(work, id);
    const struct refusal *refusal = campaign_refuses_extension(campaign, &leading, work->now);
    if (refusal)
        return refusal;
    const struct campaign after = dated(work, campaign, closes, input);
    if (input->errors)
        return &refusal_fields;
    campaign_set_dates(work, &after);
    leading.extended_at = work->now;
    campaign_leading_set(work, id, &leading);
    campaign_audit(work, campaign, AUDIT_CAMPAIGN_EXTEND, "");
    if (campaign->state == CAMPAIGN_MISSED) {
        feature_announce(work, ANNOUNCE_CAMPAIGN_EXTENDED, id.n);
        return NULL;
    }
    plan(work, &after);
    campaign_note_change(work, campaign, &after);
    return NULL;
}

void campaign_open_again(struct work *work, struct campaign_id id)
{
    const struct campaign *stored = campaign_get_stored(work, id);
    if (!stored || !campaign_set_state(work, id, CAMPAIGN_MISSED, CAMPAIGN_OPEN))
        return;
    struct campaign_leading leading = campaign_leading_get(work, id);
    leading.opened_again_at = work->now;
    campaign_leading_set(work, id, &leading);
    struct campaign campaign = *stored;
    campaign.state = CAMPAIGN_OPEN;
    campaign_tell_state(work, id, CAMPAIGN_OPEN);
    plan(work, &campaign);
}

int64_t campaign_opened_again_at(struct work *work, struct campaign_id id)
{
    return campaign_leading_get(work, id).opened_again_at;
}

void campaign_extension_failed(struct work *work, struct campaign_id id)
{
    const struct campaign *campaign = campaign_get_stored(work, id);
    if (!campaign || campaign->state != CAMPAIGN_MISSED)
        return;
    struct campaign_leading leading = campaign_leading_get(work, id);
    leading.extended_at = 0;
    campaign_leading_set(work, id, &leading);
}
