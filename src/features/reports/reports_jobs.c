/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What happens by itself around a campaign's end: fourteen days after it is over the program
 * proposes to its organiser to close it; once that is done, everybody who was in is thanked. */
#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "base/time.h"
#include "core/communities/communities.h"
#include "core/jobs/jobs.h"
#include "core/outbox/outbox.h"
#include "features/campaigns/campaigns.h"
#include "features/reports/reports_local.h"
#include "features/reports/reports_mail.html.h"
#include "features/signups/signups.h"
#include "sys/lang.h"
#include "web/app.h"
#include "web/feature.h"
#include "web/work.h"

const char report_propose_kind[] = "reports.propose";
const char report_thank_kind[] = "reports.thank";

/* The campaign, with its community entered: the job may serve several. NULL after a fault. */
static const struct campaign *campaign_enter(struct work *work, const struct job *job)
{
    const struct campaign *campaign = campaign_get(work, (struct campaign_id){job->object_id});
    work->community = campaign ? community_get(work, campaign->community_id) : NULL;
    return work->community ? campaign : NULL;
}

static int64_t proposed_at(const struct campaign *campaign)
{
    int64_t over_at =
        campaign->acts_until > campaign->closes_at ? campaign->acts_until : campaign->closes_at;
    return over_at + CLOSING_PROPOSED_DAYS * (int64_t)DAY_SECONDS;
}

/* To one of those who lead it. */
static void propose(struct work *work, const struct campaign *campaign,
                    const struct campaign_organiser *organiser)
{
    const struct lang *lang = lang_get(work->app->langs, organiser->language);
    const char *path = mem_printf(work->mem, "%s/organise/result", campaign_path(work, campaign));
    const struct closing_mail view = {
        .campaign = campaign->title,
        .url = work_url(work, path),
    };
    struct html *html = outbox_part(work, lang);
    struct html *text = outbox_part(work, lang);
    closing_mail(html, &view);
    closing_mail_text(text, &view);
    outbox_add(work, &(struct outbox_mail){
                         .reason = "campaign_closing",
                         .kind = OUTBOX_ORGANISING,
                         .unique_key = mem_printf(work->mem, "campaign_closing:%lld:%s",
                                                  (long long)campaign->id.n, organiser->email),
                         .to_name = organiser->name,
                         .to_address = organiser->email,
                         .subject = mem_printf(work->mem, "%s – %s",
                                               lang_text(lang, N_("Is it done?")), campaign->title),
                         .html = outbox_part_text(html),
                         .text = outbox_part_text(text),
                         .lang = lang,
                     });
}

/* To all of them; where nobody with an account does, to the address on its page. */
static void propose_to_all(struct work *work, const struct campaign *campaign)
{
    const struct campaign_organiser *organiser = campaign_organisers(work, campaign->id);
    if (!organiser && !str_is_empty(campaign->organiser_email))
        propose(work, campaign,
                &(struct campaign_organiser){.name = campaign->organiser_name,
                                             .email = campaign->organiser_email,
                                             .language = campaign->language});
    for (; organiser; organiser = organiser->next)
        propose(work, campaign, organiser);
}

void report_propose_run(struct work *work, struct job *job)
{
    const struct campaign *campaign = campaign_enter(work, job);
    if (!campaign || campaign->state != CAMPAIGN_UNDER_WAY)
        return;
    int64_t due_at = proposed_at(campaign);
    if (work->now < due_at) /* its dates were moved */
        job->again_at = due_at;
    else
        propose_to_all(work, campaign);
}

void report_thank_run(struct work *work, struct job *job)
{
    const struct campaign *campaign = campaign_enter(work, job);
    if (!campaign)
        return;
    const struct campaign_result result = campaign_result_get(work, campaign->id);
    sign_up_thank_page(work, job, campaign, result.thanks);
}

void report_heard_under_way(struct work *work, int64_t campaign_id)
{
    const struct campaign *campaign = campaign_get(work, (struct campaign_id){campaign_id});
    if (campaign)
        job_add(work, report_propose_kind, campaign_id, proposed_at(campaign));
}

void report_heard_reported(struct work *work, int64_t campaign_id)
{
    job_drop(work, report_propose_kind, campaign_id);
    job_add(work, report_thank_kind, campaign_id, work->now);
}
