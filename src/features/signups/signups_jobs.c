/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What happens to sign-ups by themselves: pending ones lapse, "it is on!" goes to everyone once, a
 * missed campaign releases everyone. Each job works in pages, and is safe to run twice. */
#include "features/signups/signups_local.h"

#include "core/communities/communities.h"
#include "core/jobs/jobs.h"
#include "sys/markdown.h"
#include "web/feature.h"
#include "web/work.h"

enum { LAPSE_LOOK_SECONDS = 3600 };

const struct campaign *sign_up_enter_campaign(struct work *work, struct campaign_id id)
{
    const struct campaign *campaign = campaign_get(work, id);
    work->community = campaign ? community_get(work, campaign->community_id) : NULL;
    return work->community ? campaign : NULL;
}

void sign_up_lapse_run(struct work *work, struct job *job)
{
    for (const struct sign_up *sign_up = sign_up_list_lapsed(work); sign_up;
         sign_up = sign_up->next) {
        if (sign_up_enter_campaign(work, sign_up->campaign_id))
            sign_up_end(work, sign_up, SIGN_UP_EXPIRED);
        if (job_page_is_over(job))
            break;
    }
    bool more = sign_up_codes_forget(work);
    int64_t next = sign_up_next_lapse(work);
    if (more || next == 0)
        next = more ? work->now : work->now + LAPSE_LOOK_SECONDS;
    job->again_at = next;
}

/* The page ended at `last`; where there was one, another may follow. */
static void page_done(struct work *work, struct job *job, const struct sign_up *last)
{
    if (!last)
        return;
    job->cursor = last->id.n;
    job->again_at = work->now;
}

void sign_up_reached_run(struct work *work, struct job *job)
{
    const struct campaign *campaign =
        sign_up_enter_campaign(work, (struct campaign_id){job->object_id});
    /* It may have been cancelled since. */
    bool is_on =
        campaign && (campaign->state == CAMPAIGN_REACHED || campaign->state == CAMPAIGN_UNDER_WAY);
    if (!is_on)
        return;
    const struct sign_up *last = NULL;
    const struct sign_up *page =
        sign_up_list_confirmed(work, campaign->id, job->cursor, campaign->reached_at);
    for (; page; page = page->next) {
        sign_up_mail_reached(work, campaign, page);
        last = page;
        if (job_page_is_over(job))
            break;
    }
    page_done(work, job, last);
}

void sign_up_release_run(struct work *work, struct job *job)
{
    const struct campaign *campaign =
        sign_up_enter_campaign(work, (struct campaign_id){job->object_id});
    /* One that was extended since is open again: then there is nobody to release. */
    bool is_off =
        campaign && (campaign->state == CAMPAIGN_MISSED || campaign->state == CAMPAIGN_CANCELLED);
    if (!is_off)
        return;
    const char *reason = campaign_cancelled_because(work, campaign->id);
    int64_t opening = campaign_opened_again_at(work, campaign->id);
    bool is_missed = campaign->state == CAMPAIGN_MISSED;
    const struct sign_up *last = NULL;
    for (const struct sign_up *page = sign_up_list_holding(work, campaign->id, job->cursor); page;
         page = page->next) {
        if (page->state == SIGN_UP_PENDING) {
            sign_up_end(work, page, SIGN_UP_EXPIRED);
        } else {
            sign_up_end(work, page, SIGN_UP_RELEASED);
            sign_up_must_hear(work, page, is_missed ? TELL_MISSED : TELL_CANCELLED);
            if (is_missed)
                sign_up_mail_missed(work, campaign, page, opening);
            else
                sign_up_mail_cancelled(work, campaign, page, reason);
        }
        last = page;
        if (job_page_is_over(job))
            break;
    }
    sign_ups_call_no_more(work, campaign->id);
    page_done(work, job, last);
}

void sign_up_thank_page(struct work *work, struct job *job, const struct campaign *campaign,
                        const char *thanks)
{
    const struct sign_up *last = NULL;
    const struct sign_up_thanks both = {markdown_html(work->mem, thanks),
                                        markdown_text(work->mem, thanks)};
    for (const struct sign_up *page = sign_up_list_in(work, campaign->id, job->cursor); page;
         page = page->next) {
        sign_up_mail_thanks(work, campaign, page, &both);
        last = page;
        if (job_page_is_over(job))
            break;
    }
    page_done(work, job, last);
}
