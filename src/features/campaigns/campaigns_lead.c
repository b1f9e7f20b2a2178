/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Publishing: what a campaign needs before it opens, and, where its community wants that, who
 * approves it first. Source: docs/decisions/0010-leading.md */
#include "features/campaigns/campaigns_lead.h"

#include <assert.h>

#include "base/refusal.h"
#include "base/str.h"
#include "core/audit/audit.h"
#include "core/communities/communities.h"
#include "features/campaigns/campaigns_local.h"
#include "web/form.h"
#include "web/login.h"
#include "web/request.h"
#include "web/work.h"

static const struct refusal refusal_campaign_no_story = {
    .status = 409,
    .name = "campaign_no_story",
    .sentence = N_("The story is still empty. Please say what it is about, and why people are "
                   "needed.")};
const struct refusal refusal_campaign_sessions_over = {
    .status = 409,
    .name = "campaign_sessions_over",
    .sentence = N_("All its sessions are over. Please give it a date that is still to come.")};
static const struct refusal refusal_campaign_no_place = {
    .status = 409,
    .name = "campaign_no_place",
    .sentence = N_("Nobody can see yet where it takes place. Please give a place, or say that it "
                   "can be done online: for the whole campaign, or for each session.")};
static const struct refusal refusal_campaign_closes_late = {
    .status = 409,
    .name = "campaign_closes_late",
    .sentence = N_("Its deadline lies after the end of the last session. Please choose an earlier "
                   "one.")};
static const struct refusal refusal_campaign_not_submitted = {
    .status = 409,
    .name = "campaign_not_submitted",
    .sentence = N_("This campaign does not wait for an approval any more.")};

static const struct refusal refusal_campaign_sent_in_anew = {
    .status = 409,
    .name = "campaign_sent_in_anew",
    .sentence = N_("It was changed and sent in anew since you opened this page. Please read it "
                   "once more.")};

bool sessions_are_over(const struct campaign *campaign, int64_t now)
{
    return campaign->acts_until && now >= campaign->acts_until;
}

int campaign_lacks(const struct campaign *campaign, const struct session *sessions, int64_t now,
                   const struct refusal *ret_lacks[CAMPAIGN_LACKS_MAX])
{
    int count = 0;
    if (str_is_empty(campaign->story))
        ret_lacks[count++] = &refusal_campaign_no_story;
    if (now >= campaign->closes_at)
        ret_lacks[count++] = &refusal_campaign_too_late;
    if (sessions_are_over(campaign, now))
        ret_lacks[count++] = &refusal_campaign_sessions_over;
    else if (campaign_closes_late(campaign))
        ret_lacks[count++] = &refusal_campaign_closes_late;
    if (campaign_is_nowhere(campaign, sessions))
        ret_lacks[count++] = &refusal_campaign_no_place;
    assert(count <= CAMPAIGN_LACKS_MAX);
    return count;
}

static const struct refusal *refuses_opening(struct work *work, const struct campaign *campaign)
{
    const struct refusal *lacks[CAMPAIGN_LACKS_MAX];
    const struct session *sessions = campaign_sessions(work, campaign->id);
    return campaign_lacks(campaign, sessions, work->now, lacks) ? lacks[0] : NULL;
}

bool campaign_wants_approval(struct work *work)
{
    const struct login *login = work->login;
    enum approval approval = community_approval(work);
    if (login->role >= ROLE_FACILITATOR || approval == APPROVAL_NEVER)
        return false;
    return approval == APPROVAL_ALWAYS || !person_has_published(work, login->person);
}

/* Writes when it opens; what cannot be is an error beside `opens`. */
static void set_opening(struct work *work, const struct campaign *campaign,
                        const struct publish_wish *wish, struct form_input *input)
{
    struct campaign dated = *campaign;
    bool later = str_equal(wish->when, "later");
    dated.opens_local = later ? wish->opens : "";
    dated.opens_at = work->now;
    if (later && str_is_empty(wish->opens)) {
        form_error_add(work->mem, input, "opens", N_("Please say when it opens."), 0);
        return;
    }
    if (!campaign_derive_dates(work, &dated) || dated.opens_at == 0)
        form_error_add(work->mem, input, "opens", N_("This day cannot be."), 0);
    else if (later && dated.opens_at <= work->now)
        form_error_add(work->mem, input, "opens",
                       N_("This moment has passed. Please choose a later one."), 0);
    else if (dated.opens_at >= dated.closes_at)
        form_error_add(work->mem, input, "opens",
                       N_("It would open after its deadline. Please choose an earlier moment."), 0);
    if (!input->errors)
        campaign_set_dates(work, &dated);
}

static const struct refusal *submit(struct work *work, const struct campaign *campaign)
{
    if (!campaign_set_state(work, campaign->id, CAMPAIGN_DRAFT, CAMPAIGN_SUBMITTED))
        return &refusal_campaign_not_draft;
    struct campaign_leading leading = campaign_leading_get(work, campaign->id);
    leading.submitted_at = work->now;
    leading.word = "";
    campaign_leading_set(work, campaign->id, &leading);
    campaign_audit(work, campaign, AUDIT_CAMPAIGN_SUBMIT, "");
    campaign_tell_approvers(work, campaign);
    return NULL;
}

bool campaign_take_back(struct work *work, const struct campaign *campaign)
{
    if (campaign->state != CAMPAIGN_SUBMITTED ||
        !campaign_set_state(work, campaign->id, CAMPAIGN_SUBMITTED, CAMPAIGN_DRAFT))
        return false;
    campaign_audit(work, campaign, AUDIT_CAMPAIGN_TAKE_BACK, "");
    return true;
}

const struct refusal *campaign_send_out(struct work *work, const struct campaign *campaign,
                                        const struct publish_wish *wish, struct form_input *input)
{
    assert(work->login);
    if (campaign->state != CAMPAIGN_DRAFT)
        return &refusal_campaign_not_draft;
    const struct refusal *refusal = refuses_opening(work, campaign);
    if (refusal)
        return refusal;
    set_opening(work, campaign, wish, input);
    if (input->errors)
        return &refusal_fields;
    if (campaign_wants_approval(work))
        return submit(work, campaign);
    refusal = campaign_go_public(work, campaign->id, CAMPAIGN_DRAFT);
    if (!refusal)
        campaign_audit(work, campaign, AUDIT_CAMPAIGN_PUBLISH, "");
    return refusal;
}

const struct refusal *campaign_approve(struct work *work, const struct campaign *campaign,
                                       const struct approve_wish *wish)
{
    if (campaign->state != CAMPAIGN_SUBMITTED)
        return &refusal_campaign_not_submitted;
    if (wish->sent_in && wish->sent_in != campaign_leading_get(work, campaign->id).submitted_at)
        return &refusal_campaign_sent_in_anew;
    const struct refusal *refusal = refuses_opening(work, campaign);
    if (!refusal)
        refusal = campaign_go_public(work, campaign->id, CAMPAIGN_SUBMITTED);
    if (refusal)
        return refusal;
    campaign_audit(work, campaign, AUDIT_CAMPAIGN_APPROVE, "");
    bool waits = work->now < campaign->opens_at;
    campaign_tell_organisers(
        work, campaign,
        &(struct lead_news){
            .reason = "campaign_approved",
            .headline = N_("Your campaign is approved"),
            .sentence = waits ? N_("It opens by itself at the time that you have set.")
                              : N_("It is open: people can sign up now. Share its page first with "
                                   "those who know you."),
            .quote = wish->word,
            .action = N_("See the campaign"),
            .path = campaign_path(work, campaign),
        });
    return NULL;
}

const struct refusal *campaign_send_back(struct work *work, const struct campaign *campaign,
                                         const char *word)
{
    if (campaign->state != CAMPAIGN_SUBMITTED ||
        !campaign_set_state(work, campaign->id, CAMPAIGN_SUBMITTED, CAMPAIGN_DRAFT))
        return &refusal_campaign_not_submitted;
    struct campaign_leading leading = campaign_leading_get(work, campaign->id);
    leading.word = word;
    campaign_leading_set(work, campaign->id, &leading);
    campaign_audit(work, campaign, AUDIT_CAMPAIGN_SEND_BACK, "");
    campaign_tell_organisers(
        work, campaign,
        &(struct lead_news){
            .reason = "campaign_sent_back",
            .headline = N_("One more thing before your campaign opens"),
            .sentence = N_("It is a draft again. Change what is asked for below, then send it in "
                           "once more."),
            .quote = word,
            .action = N_("Go on with the draft"),
            .path = path_make(work->mem, "/campaigns/%s/publish", campaign->slug),
        });
    return NULL;
}
