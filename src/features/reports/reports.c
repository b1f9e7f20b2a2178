/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules of reports: when a campaign takes them and how large one may be. A campaign without
 * sessions is acted on from its opening; one with sessions has nothing to tell before the first of
 * them begins. */
#include "features/reports/reports.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/activity/activity.h"
#include "features/campaigns/campaigns.h"
#include "features/reports/reports_local.h"
#include "features/signups/signups.h"
#include "web/request.h"
#include "web/work.h"

const char *const report_how_names[] = {"declared", "verified", NULL};

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

const struct refusal report_not_in = {
    .status = 409,
    .name = "report_not_in",
    .sentence = N_("Only people who take part can tell what they did. Please confirm your sign-up "
                   "first.")};
static const struct refusal report_checked = {
    .status = 409,
    .name = "report_checked",
    .sentence = N_("The organiser has verified this number or set it aside: it can no longer be "
                   "changed here. Answer any of our e-mails, and it will be put right.")};
static const struct refusal report_enough = {
    .status = 409,
    .name = "report_enough",
    .sentence = N_("You have told us as often as we can keep. Please correct one of your earlier "
                   "numbers instead.")};

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

int64_t report_counts(const struct report *report)
{
    return report->set_aside ? 0 : report->quantity;
}

/* What this report adds to what is verified of its campaign's quantity. */
static int64_t report_verifies(const struct report *report)
{
    return str_equal(report->how, "verified") ? report_counts(report) : 0;
}

bool report_is_theirs(const struct report *report)
{
    return !report->set_aside && str_equal(report->how, "declared");
}

bool campaign_takes_many(const struct campaign *campaign, const struct campaign_result *result)
{
    if (str_is_empty(result->reports_each))
        return !campaign_has_sessions(campaign);
    return str_equal(result->reports_each, "many");
}

static void tell(struct work *work, const struct report *report, enum activity_verb verb)
{
    activity_add(work, &(struct activity){
                           .verb = verb,
                           .object = ACTIVITY_REPORT,
                           .object_id = report->id,
                           .campaign_id = report->campaign_id.n,
                           .actor_id = report->sign_up_id.n,
                           .detail = "",
                           .audience = AUDIENCE_PUBLIC,
                       });
}

const struct report *report_new(struct work *work, const struct campaign *campaign,
                                struct sign_up_id sign_up, int64_t quantity, const char *note)
{
    struct report *report = MEM_NEW(work->mem, struct report);
    report->id = work_new_id(work);
    report->community_id = campaign->community_id;
    report->campaign_id = campaign->id;
    report->sign_up_id = sign_up;
    report->handle = work_new_handle(work, REPORT_HANDLE_CHARS);
    report->quantity = quantity;
    report->note = note;
    report->how = "declared";
    report->shows_note = true;
    report->created_at = work->now;
    report_insert(work, report);
    campaign_count_quantity(work, campaign->id, quantity, work->now);
    campaign_result_count(work, campaign->id, 1, 0);
    tell(work, report, ACTIVITY_ADD);
    return report;
}

const struct refusal *report_add(struct work *work, const struct campaign *campaign,
                                 struct sign_up_id sign_up, int64_t quantity, const char *note)
{
    assert(strlen(note) <= REPORT_NOTE_BYTES_MAX);
    const struct refusal *refusal = report_refusal(campaign, quantity, work->now);
    if (!refusal)
        report_new(work, campaign, sign_up, quantity, note);
    return refusal;
}

bool report_change(struct work *work, const struct report_change *change)
{
    const struct report *from = change->from;
    const struct report *to = change->to;
    if (!report_update(work, from, to))
        return false;
    if (change->reason)
        report_correction_insert(work, change);
    campaign_count_quantity(work, to->campaign_id, report_counts(to) - report_counts(from),
                            from->created_at);
    campaign_result_count(work, to->campaign_id, from->set_aside - to->set_aside,
                          report_verifies(to) - report_verifies(from));
    tell(work, to, ACTIVITY_UPDATE);
    return true;
}

static const struct report *among(const struct report *own, const char *handle)
{
    while (own && !str_equal(own->handle, handle))
        own = own->next;
    return own;
}

/* They say that their earlier number was not right. */
static const struct refusal *correct(struct work *work, const struct report *from,
                                     const struct report_wish *wish,
                                     const struct report **ret_report)
{
    struct report *to = mem_copy(work->mem, from, sizeof *from);
    to->quantity = wish->quantity;
    to->note = wish->note;
    to->replaced = from->checked_at != 0 || from->replaced;
    to->checked_at = 0;
    const struct report_change change = {.from = from, .to = to, .reason = ""};
    if (!report_is_theirs(from) || !report_change(work, &change))
        return &report_checked;
    *ret_report = to;
    return NULL;
}

static int count(const struct report *own)
{
    int n = 0;
    for (; own; own = own->next)
        n++;
    return n;
}

const struct refusal *report_give(struct work *work, const struct campaign *campaign,
                                  const struct sign_up *sign_up, const struct report_wish *wish,
                                  const struct report **ret_report)
{
    const struct refusal *refusal = report_refusal(campaign, wish->quantity, work->now);
    if (!sign_up_is_in(sign_up))
        refusal = &report_not_in;
    if (refusal)
        return refusal;
    const struct campaign_result result = campaign_result_get(work, campaign->id);
    const struct report *own = report_list_by_sign_up(work, sign_up->id);
    const struct report *earlier = NULL;
    if (!str_is_empty(wish->replaces)) {
        earlier = among(own, wish->replaces);
        if (!earlier)
            return &refusal_not_found;
    } else if (!campaign_takes_many(campaign, &result)) {
        earlier = own;
    }
    if (earlier)
        return correct(work, earlier, wish, ret_report);
    if (count(own) >= REPORTS_PER_SIGN_UP_MAX)
        return &report_enough;
    *ret_report = report_new(work, campaign, sign_up->id, wish->quantity, wish->note);
    return NULL;
}
