/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules of reports: when a campaign takes them and how large one may be. A campaign without
 * sessions is acted on from its opening; one with sessions has nothing to tell before the first of
 * them begins. */
#include "features/reports/reports.h"

#include <assert.h>
#include <string.h>

#include "base/refusal.h"
#include "base/str.h"
#include "core/activity/activity.h"
#include "features/campaigns/campaigns.h"
#include "features/reports/reports_local.h"
#include "web/work.h"

const struct refusal refusal_report_not_asked = {
    .status = 409,
    .name = "report_not_asked",
    .sentence = N_("This campaign counts people only: there is nothing to report.")};
const struct refusal refusal_report_too_early = {
    .status = 409,
    .name = "report_too_early",
    .sentence = N_("It has not begun yet. Please tell us afterwards what you have done.")};
const struct refusal refusal_report_too_late = {.status = 409,
                                                .name = "report_too_late",
                                                .sentence =
                                                    N_("This campaign takes no reports any more.")};
const struct refusal refusal_report_quantity = {
    .status = 422,
    .name = "report_quantity",
    .sentence = N_("Please give a number between 1 and 1,000,000,000.")};

static const struct refusal *refusal_by_state(const struct campaign *campaign, int64_t now)
{
    switch (campaign->state) {
    case CAMPAIGN_DRAFT:
    case CAMPAIGN_SUBMITTED:
    case CAMPAIGN_SCHEDULED:
        return &refusal_report_too_early;
    case CAMPAIGN_OPEN:
    case CAMPAIGN_REACHED:
    case CAMPAIGN_UNDER_WAY:
        return now < campaign->acts_from ? &refusal_report_too_early : NULL;
    case CAMPAIGN_MISSED:
    case CAMPAIGN_REPORTED:
    case CAMPAIGN_CANCELLED:
        return &refusal_report_too_late;
    }
    assert(false);
    return &refusal_report_too_late;
}

const struct refusal *report_refusal(const struct campaign *campaign, int64_t quantity, int64_t now)
{
    if (str_is_empty(campaign->quantity_unit))
        return &refusal_report_not_asked;
    const struct refusal *refusal = refusal_by_state(campaign, now);
    if (refusal)
        return refusal;
    return quantity < 1 || quantity > REPORT_QUANTITY_MAX ? &refusal_report_quantity : NULL;
}

const struct refusal *report_add(struct work *work, const struct campaign *campaign,
                                 struct sign_up_id sign_up, int64_t quantity, const char *note)
{
    assert(strlen(note) <= REPORT_NOTE_BYTES_MAX);
    const struct refusal *refusal = report_refusal(campaign, quantity, work->now);
    if (refusal)
        return refusal;
    const struct report report = {
        .id = work_new_id(work),
        .community_id = campaign->community_id,
        .campaign_id = campaign->id,
        .sign_up_id = sign_up,
        .quantity = quantity,
        .note = note,
        .how = "declared",
    };
    report_insert(work, &report);
    campaign_count_quantity(work, campaign->id, quantity);
    activity_add(work, &(struct activity){
                           .verb = ACTIVITY_ADD,
                           .object = ACTIVITY_REPORT,
                           .object_id = report.id,
                           .campaign_id = campaign->id.n,
                           .actor_id = sign_up.n,
                           .detail = "",
                           .audience = AUDIENCE_PUBLIC,
                       });
    return NULL;
}
