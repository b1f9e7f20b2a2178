/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Taking a campaign's page away, and putting it back: what facilitators may do about a page that
 * should not be as it is. Its state goes on: nothing is lost, and those who are in keep their own
 * pages. */
#include "base/mem.h"
#include "base/refusal.h"
#include "features/campaigns/campaigns_lead.h"
#include "features/campaigns/campaigns_local.h"
#include "web/work.h"

static void tell_organisers(struct work *work, const struct campaign *campaign, bool hidden,
                            const char *word)
{
    const struct lead_news gone = {
        .reason = "campaign_hidden",
        .headline = N_("Your campaign’s page was taken away"),
        .sentence = N_("The people who look after this site have taken it away: nobody finds it, "
                       "and nobody can sign up. Please put it right, then answer them."),
        .quote = word,
        .action = N_("See what it says"),
        .path = mem_printf(work->mem, "%s/edit", campaign_path(work, campaign)),
    };
    const struct lead_news back = {
        .reason = "campaign_shown",
        .headline = N_("Your campaign’s page is back"),
        .sentence = N_("Everybody finds it again, and people can sign up as before."),
        .action = N_("See the campaign"),
        .path = campaign_path(work, campaign),
    };
    campaign_tell_organisers(work, campaign, hidden ? &gone : &back);
}

void campaign_hide(struct work *work, const struct campaign *campaign, bool hidden,
                   const char *word)
{
    if (hidden == campaign->hidden)
        return;
    campaign_set_hidden(work, campaign->id, hidden ? work->now : 0, hidden ? word : "");
    campaign_audit(work, campaign, hidden ? AUDIT_CAMPAIGN_HIDE : AUDIT_CAMPAIGN_SHOW, "");
    tell_organisers(work, campaign, hidden, word);
}
