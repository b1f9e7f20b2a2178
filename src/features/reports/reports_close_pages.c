/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Closing a campaign, in two steps: the words of thanks are kept, and shown as they will go out,
 * with how many get them and what else closing does; the button below that closes it. What was kept
 * but not sent is shown to nobody else. */
#include <stddef.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/audit/audit.h"
#include "core/outbox/outbox.h"
#include "features/campaigns/campaigns.h"
#include "features/reports/reports_local.h"
#include "features/reports/reports_organise.html.h"
#include "features/reports/reports_pages_local.h"
#include "features/signups/signups.h"
#include "sys/lang.h"
#include "web/app.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

struct done_form {
    const char *thanks;
    bool sure; /* what it says and does was looked at */
};
const struct form done_form = {
    "done", sizeof(struct done_form),
    (const struct field[]){
        {.name = "thanks",
         .label = N_("Your words of thanks"),
         .hint = N_("They go to everybody who took part, and stand on the result page."),
         .kind = FIELD_TEXT,
         .max = THANKS_BYTES_MAX,
         .offset = offsetof(struct done_form, thanks)},
        {.name = "sure",
         .label = N_("Close it now"),
         .kind = FIELD_BOOL,
         .offset = offsetof(struct done_form, sure)},
        {.name = NULL},
    }};

static const char *path_of(struct request *rq, const struct campaign *campaign, const char *part)
{
    return mem_printf(rq->work.mem, "%s/%s", campaign_path(&rq->work, campaign), part);
}

static void count_readers(struct work *work, const struct campaign *campaign,
                          struct close_page *view)
{
    const struct sign_up_audience all = {.campaign = campaign->id, .until = work->now};
    const struct sign_up_reach reach = sign_up_count_audience(work, &all);
    view->readers = reach.readers;
    view->people = reach.people;
    view->silent = reach.silent;
    view->has_more = reach.has_more;
}

const struct refusal *close_show(struct request *rq)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    const char *back = path_of(rq, campaign, "organise/result");
    if (campaign->state != CAMPAIGN_UNDER_WAY) {
        reply_see_other(rq, back);
        return NULL;
    }
    const char *thanks = campaign_result_get(work, campaign->id).thanks;
    struct html *mail = outbox_part(work, lang_get(work->app->langs, campaign->language));
    sign_up_thanks_show(work, mail, campaign, thanks);
    struct close_page view = {
        .title = campaign->title,
        .organise_path = path_of(rq, campaign, "organise"),
        .language = campaign->language,
        .back = mem_printf(work->mem, "%s#done", back),
        .action = path_of(rq, campaign, "organise/done"),
        .subject = sign_up_thanks_subject(work, campaign),
        .from = outbox_from(work),
        .mail = {outbox_part_text(mail)},
        .thanks = thanks,
        .has_quantity = !str_is_empty(campaign->quantity_unit),
    };
    count_readers(work, campaign, &view);
    const char *title = lang_text(rq->lang, N_("What closing it does"));
    struct html *h = page_begin(rq, &(struct page){.title = title, .noindex = true});
    close_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

const struct refusal *done_handle(struct request *rq)
{
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    const struct done_form *form = rq->input.parsed;
    if (!campaign)
        return &refusal_not_found;
    if (campaign->state != CAMPAIGN_UNDER_WAY)
        return &refusal_campaign_not_done;
    campaign_result_thank(&rq->work, campaign->id, form->thanks);
    if (!form->sure) {
        reply_see_other(rq, path_of(rq, campaign, "organise/done"));
        return NULL;
    }
    const struct refusal *refusal = campaign_report(&rq->work, campaign->id);
    if (refusal)
        return refusal;
    campaign_audit(&rq->work, campaign, AUDIT_CAMPAIGN_CLOSE, "");
    reply_see_other(rq, path_of(rq, campaign, "result"));
    return NULL;
}
