/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pages of cancelling and extending: each says first how many people it touches. */
#include <stddef.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "features/campaigns/campaigns_lead.h"
#include "features/campaigns/campaigns_lead.html.h"
#include "features/campaigns/campaigns_lead_pages.h"
#include "features/campaigns/campaigns_local.h"
#include "features/campaigns/campaigns_views.h"
#include "sys/lang.h"
#include "web/form.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

struct cancel_wish {
    const char *reason;
};
const struct form cancel_form = {
    "cancel", sizeof(struct cancel_wish),
    (const struct field[]){
        {.name = "reason",
         .label = N_("A word to everyone"),
         .hint = N_("Why it is cancelled. It goes into the e-mail and stays on the page."),
         .kind = FIELD_TEXT,
         .required = true,
         .min = 1,
         .max = CAMPAIGN_WORD_BYTES_MAX,
         .offset = offsetof(struct cancel_wish, reason)},
        {.name = NULL},
    }};

struct extend_wish {
    const char *closes;
};
const struct form extend_form = {"extend", sizeof(struct extend_wish),
                                 (const struct field[]){
                                     {.name = "closes",
                                      .label = N_("New deadline"),
                                      .hint = N_("Day and time, in the campaign’s time zone."),
                                      .kind = FIELD_WALL,
                                      .required = true,
                                      .offset = offsetof(struct extend_wish, closes)},
                                     {.name = NULL},
                                 }};

static int64_t pending_of(const struct session *session)
{
    int64_t count = 0;
    for (; session; session = session->next)
        count += session->pending;
    return count;
}

struct touched {
    const char *state;
    int64_t people;
    int64_t pending;
    bool possible;
};
static const struct view_field touched_fields[] = {
    {"state", VIEW_TEXT, offsetof(struct touched, state), .words = campaign_state_names},
    {"people", VIEW_INT, offsetof(struct touched, people), NULL},
    {"pending", VIEW_INT, offsetof(struct touched, pending), NULL},
    {"possible", VIEW_BOOL, offsetof(struct touched, possible), NULL},
    {0},
};
const struct view touched_json = {"touched", touched_fields};

static void reply_touched(struct request *rq, const struct campaign *campaign, bool possible)
{
    const struct touched json = {
        .state = campaign_state_name(campaign->state),
        .people = campaign->people,
        .pending = pending_of(campaign_sessions(&rq->work, campaign->id)),
        .possible = possible,
    };
    reply_json(rq, &touched_json, &json);
}

const struct refusal *cancel_show(struct request *rq)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    bool may_cancel = campaign_may_be_cancelled(campaign);
    if (rq->wants_json) {
        reply_touched(rq, campaign, may_cancel);
        return NULL;
    }
    const struct cancel_page view = {
        .campaign = campaign,
        .page_path = campaign_path(work, campaign),
        .organise_path = lead_page_path(rq, "organise"),
        .action = lead_page_path(rq, "cancel"),
        .refusal = lead_refusal(rq),
        .errors = rq->refusal && !lead_refusal(rq) ? form_summary(rq, &cancel_form) : NULL,
        .may_cancel = may_cancel,
        .people = campaign->people,
        .pending = pending_of(campaign_sessions(work, campaign->id)),
        .reason = form_input_view(rq, &cancel_form, "reason", ""),
    };
    struct html *h = lead_page_begin(rq, N_("Cancel the campaign"));
    cancel_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

const struct refusal *cancel_handle(struct request *rq)
{
    const struct cancel_wish *wish = rq->input.parsed;
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    return lead_done(rq, campaign_cancel(&rq->work, campaign->id, wish->reason),
                     campaign_path(&rq->work, campaign));
}

const struct refusal *extend_show(struct request *rq)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    const struct campaign_leading leading = campaign_leading_get(work, campaign->id);
    const struct refusal *why_not = campaign_refuses_extension(campaign, &leading, work->now);
    if (rq->wants_json) {
        reply_touched(rq, campaign, !why_not);
        return NULL;
    }
    const struct extend_page view = {
        .campaign = campaign,
        .page_path = campaign_path(work, campaign),
        .organise_path = lead_page_path(rq, "organise"),
        .action = lead_page_path(rq, "extend"),
        .refusal = lead_refusal(rq),
        .errors = rq->refusal && !lead_refusal(rq) ? form_summary(rq, &extend_form) : NULL,
        .why_not = why_not ? lang_text(rq->lang, why_not->sentence) : NULL,
        .closes = campaign_deadline(rq, campaign),
        .is_missed = campaign->state == CAMPAIGN_MISSED,
        .people = campaign->people,
        .deadline = form_input_view(rq, &extend_form, "closes", campaign->closes_local),
    };
    struct html *h = lead_page_begin(rq, N_("Extend the campaign"));
    extend_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

const struct refusal *extend_handle(struct request *rq)
{
    const struct extend_wish *wish = rq->input.parsed;
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    return lead_done(rq, campaign_extend(&rq->work, campaign->id, wish->closes, &rq->input),
                     lead_page_path(rq, "organise"));
}
