/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A campaign that was missed goes on: those who were released are asked whether they are still in.
 * Until each of them says yes again they are not counted, and only once none of them is the
 * campaign opens: so it never tips by people who are free. A job, in pages, safe to run twice. Who
 * has no address is their organiser's to ask. */
#include "base/mem.h"
#include "base/refusal.h"
#include "core/jobs/jobs.h"
#include "features/signups/signups_extended_mail.html.h"
#include "features/signups/signups_local.h"
#include "features/signups/signups_mail.h"
#include "web/feature.h"
#include "web/work.h"

static void sign_up_mail_extended(struct work *work, const struct campaign *campaign,
                                  const struct sign_up *sign_up)
{
    const struct sign_up_news extended = {
        "campaign_extended",    OUTBOX_ASKED_FOR,   N_("It goes on: are you still in?"),
        extended_mail,          extended_mail_text, .until = campaign->closes_at,
        .round = sign_up->id.n, .was_in = true};
    sign_up_tell(work, campaign, sign_up, &extended);
}

static void ask_again(struct work *work, const struct campaign *campaign,
                      const struct sign_up *released)
{
    struct sign_up *row = mem_copy(work->mem, released, sizeof *released);
    sign_up_become(row, SIGN_UP_EXPIRED);
    sign_up_update(work, row);
    const struct sign_up_asking_again asking = {AGAIN_EXTENDED,
                                                .to_call = sign_up_has_no_address(row)};
    sign_up_set_again(work, row->id, &asking);
    campaign_count(work, campaign->id, -row->party, -row->party * row->minutes_each);
    sign_up_mail_extended(work, campaign, row);
}

void sign_up_extended_run(struct work *work, struct job *job)
{
    const struct campaign *campaign =
        sign_up_enter_campaign(work, (struct campaign_id){job->object_id});
    if (!campaign || campaign->state != CAMPAIGN_MISSED)
        return;
    job->again_at = work->now;
    if (sign_up_list_holding(work, campaign->id, 0)) {
        job->again_at = work->now + 1; /* they are only being released */
        return;
    }
    const struct sign_up *page = sign_up_list_released(work, campaign->id);
    if (!page) {
        campaign_open_again(work, campaign->id);
        job->again_at = 0;
    }
    for (; page && !job_page_is_over(job); page = page->next)
        ask_again(work, campaign, page);
}

void sign_up_extended_given_up(struct work *work, int64_t campaign_id)
{
    campaign_extension_failed(work, (struct campaign_id){campaign_id});
}

void sign_up_mail_cancelled(struct work *work, const struct campaign *campaign,
                            const struct sign_up *sign_up, const char *reason)
{
    const struct sign_up_news cancelled = {
        "campaign_cancelled", OUTBOX_ASKED_FOR, N_("It is cancelled"),       cancelled_mail,
        cancelled_mail_text,  .words = reason,  .calendar = NEWS_ENTRY_GONE, .was_in = true};
    sign_up_tell(work, campaign, sign_up, &cancelled);
}
