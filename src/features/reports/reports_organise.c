/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an organiser does with the reports of a campaign: goes through one, adds one that was told
 * on the telephone or on paper, and says what it amounts to. */
#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "base/time.h"
#include "core/audit/audit.h"
#include "features/campaigns/campaigns.h"
#include "features/reports/reports_local.h"
#include "web/form.h"
#include "web/login.h"
#include "web/request.h"

static const struct refusal report_was_changed = {
    .status = 409,
    .name = "report_was_changed",
    .sentence = N_("Somebody has just changed this number. Please look at it again.")};
static const struct refusal report_corrected_enough = {
    .status = 409,
    .name = "report_corrected_enough",
    .sentence = N_("This number was corrected several times today, and whoever gave it got an "
                   "e-mail each time. Please come back to it tomorrow.")};
static const struct refusal claims_enough = {
    .status = 409,
    .name = "claims_enough",
    .sentence = N_("There are as many statements here as there is room for. Please take one away "
                   "first.")};

static void audit(struct work *work, struct campaign_id id, const struct report *report)
{
    const char *detail = mem_printf(work->mem, "%lld", (long long)report_counts(report));
    const struct campaign *campaign = campaign_get(work, id);
    if (campaign)
        campaign_audit(work, campaign, AUDIT_REPORT_CORRECT, detail);
}

static bool is_corrected_enough(struct work *work, int64_t report_id)
{
    int today = 0;
    const struct report_correction *one = report_corrections(work, report_id);
    for (; one; one = one->next)
        today += one->person.n && one->created_at > work->now - DAY_SECONDS;
    return today >= REPORT_CORRECTIONS_DAY_MAX;
}

/* It was only looked at: nothing to leave a trace of. */
static bool is_the_same(const struct report *a, const struct report *b)
{
    return a->quantity == b->quantity && str_equal(a->how, b->how) &&
           a->set_aside == b->set_aside && a->shows_note == b->shows_note;
}

const struct refusal *report_rule(struct work *work, const struct report *from,
                                  const struct report_ruling *ruling, struct form_input *input)
{
    struct report *to = mem_copy(work->mem, from, sizeof *from);
    if (ruling->was && ruling->was != from->quantity)
        return &report_was_changed;
    to->quantity = ruling->quantity;
    to->how = ruling->verified ? "verified" : "declared";
    to->set_aside = ruling->set_aside;
    to->shows_note = !ruling->hides_note;
    to->checked_at = work->now;
    to->replaced = false;
    bool changes_result = report_counts(to) != report_counts(from);
    if (changes_result && str_is_empty(ruling->reason))
        form_error_add(work->mem, input, "reason",
                       N_("Please say why, in a few words: it stays beside the number."), 0);
    if (input->errors)
        return &refusal_fields;
    if (is_the_same(from, to))
        return report_change(work, &(struct report_change){.from = from, .to = to})
                   ? NULL
                   : &report_was_changed;
    if (is_corrected_enough(work, from->id))
        return &report_corrected_enough;
    const struct report_change change = {
        .from = from,
        .to = to,
        .person_id = work->login ? work->login->person.n : 0,
        .reason = ruling->reason,
    };
    if (!report_change(work, &change))
        return &report_was_changed;
    audit(work, from->campaign_id, to);
    if (changes_result)
        report_mail_corrected(work, &change);
    return NULL;
}

const struct refusal *report_add_told(struct work *work, const struct campaign *campaign,
                                      const struct report_told *told)
{
    const struct refusal *refusal = report_refusal(campaign, told->quantity, work->now);
    if (refusal)
        return refusal;
    const struct report *report =
        report_new(work, campaign, (struct sign_up_id){0}, told->quantity, told->note);
    if (!told->verified)
        return NULL;
    struct report *verified = mem_copy(work->mem, report, sizeof *report);
    verified->how = "verified";
    verified->checked_at = work->now;
    return report_change(work, &(struct report_change){.from = report, .to = verified})
               ? NULL
               : &report_was_changed;
}

const struct refusal *claim_add(struct work *work, const struct campaign *campaign,
                                const struct claim *wish)
{
    int count = 0;
    for (const struct claim *claim = claim_list(work, campaign->id); claim; claim = claim->next)
        count++;
    if (count >= CLAIMS_MAX)
        return &claims_enough;
    const struct claim claim = {
        .handle = work_new_handle(work, REPORT_HANDLE_CHARS),
        .claim = wish->claim,
        .source = wish->source,
    };
    claim_insert(work, campaign->id, &claim);
    return NULL;
}
