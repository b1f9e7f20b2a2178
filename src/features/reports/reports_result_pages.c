/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The organiser's page about the result: the words of thanks, what the numbers come from and amount
 * to, and what the organisers themselves say of it. */
#include <stddef.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "features/campaigns/campaigns.h"
#include "features/reports/reports_local.h"
#include "features/reports/reports_organise.html.h"
#include "features/reports/reports_pages_local.h"
#include "sys/lang.h"
#include "web/feature.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

const struct form claim_form = {
    "claim", sizeof(struct claim),
    (const struct field[]){
        {.name = "claim",
         .label = N_("What it amounts to, in your words"),
         .hint = N_("It is shown as your statement, apart from what was counted."),
         .kind = FIELD_LINE,
         .required = true,
         .min = 3,
         .max = CLAIM_CHARS_MAX,
         .offset = offsetof(struct claim, claim)},
        {.name = "source",
         .label = N_("Where that is from"),
         .hint = N_("A document, a web address, a calculation of yours."),
         .kind = FIELD_LINE,
         .required = true,
         .min = 3,
         .max = CLAIM_CHARS_MAX,
         .offset = offsetof(struct claim, source)},
        {.name = NULL},
    }};

struct claim_drop_form {
    const char *id;
};
const struct form claim_drop_form = {"claim-drop", sizeof(struct claim_drop_form),
                                     (const struct field[]){
                                         {.name = "id",
                                          .label = N_("Which one"),
                                          .kind = FIELD_HANDLE,
                                          .required = true,
                                          .min = 1,
                                          .max = 32,
                                          .offset = offsetof(struct claim_drop_form, id)},
                                         {.name = NULL},
                                     }};

struct each_form {
    const char *each;
};
const struct form each_form = {"each", sizeof(struct each_form),
                               (const struct field[]){
                                   {.name = "each",
                                    .label = N_("Each participant gives"),
                                    .kind = FIELD_HANDLE,
                                    .required = true,
                                    .min = 4,
                                    .max = 4,
                                    .offset = offsetof(struct each_form, each)},
                                   {.name = NULL},
                               }};

/* The page. */

static const char *path_of(struct request *rq, const struct campaign *campaign, const char *part)
{
    return mem_printf(rq->work.mem, "%s/%s", campaign_path(&rq->work, campaign), part);
}

static void fill_forms(struct request *rq, const char *thanks, struct result_organise *view)
{
    view->done_errors = form_summary(rq, &done_form);
    view->thanks = form_input_view(rq, &done_form, "thanks", thanks);
    view->claim_errors = form_summary(rq, &claim_form);
    view->claim = form_input_view(rq, &claim_form, "claim", "");
    view->source = form_input_view(rq, &claim_form, "source", "");
}

const struct refusal *result_organise_show(struct request *rq)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    const struct campaign_result result = campaign_result_get(work, campaign->id);
    struct result_organise view = {
        .title = campaign->title,
        .organise_path = path_of(rq, campaign, "organise"),
        .language = campaign->language,
        .campaign_path = campaign_path(work, campaign),
        .result_path = path_of(rq, campaign, "result"),
        .reports_path = path_of(rq, campaign, "organise/reports"),
        .done_action = path_of(rq, campaign, "organise/done"),
        .claim_action = path_of(rq, campaign, "organise/claims"),
        .claim_drop_action = path_of(rq, campaign, "organise/claims/drop"),
        .each_action = path_of(rq, campaign, "organise/reports-each"),
        .can_close = campaign->state == CAMPAIGN_UNDER_WAY,
        .is_off = campaign->state == CAMPAIGN_MISSED || campaign->state == CAMPAIGN_CANCELLED,
        .is_closed = campaign->state == CAMPAIGN_REPORTED,
        .has_quantity = !str_is_empty(campaign->quantity_unit),
        .takes_many = campaign_takes_many(campaign, &result),
        .reports = result.reports,
        .declared = campaign->quantity - result.verified,
        .verified = result.verified,
        .unit = campaign->quantity_unit,
        .claims = claim_list(work, campaign->id),
        .refusal = rq->refusal && rq->refusal->status != 422
                       ? lang_text(rq->lang, rq->refusal->sentence)
                       : NULL,
        .panels = page_panels(rq, PANEL_ORGANISE_RESULT, campaign->id.n),
    };
    fill_forms(rq, result.thanks, &view);
    struct html *h = page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("The result"))});
    result_organise_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

/* What participants have put in the place of a correction wants looking at. */
static void replaced_todo(struct request *rq, const struct campaign *campaign,
                          struct todo_list *list)
{
    const struct report *first = report_list_replaced(&rq->work, campaign->id);
    int64_t n = 0;
    for (const struct report *report = first; report; report = report->next)
        n++;
    if (n == 0)
        return;
    struct lang_hole hole = {"n", lang_number(rq->lang, rq->work.mem, n)};
    const char *words = lang_plural(rq->lang, "{n} number was given anew since you looked at it.",
                                    "{n} numbers were given anew since you looked at them.", n);
    todo_add(list,
             &(struct todo){
                 .urgency = TODO_SOON,
                 .words = lang_fill(rq->work.mem, words, &hole, 1),
                 .action = lang_text(rq->lang, N_("Look at it")),
                 .path = path_of(rq, campaign,
                                 mem_printf(rq->work.mem, "organise/reports/%s", first->handle)),
             });
}

/* Once it is over, closing it is what remains. */
void report_todos(struct request *rq, int64_t campaign_id, struct todo_list *list)
{
    const struct campaign *campaign = campaign_get(&rq->work, (struct campaign_id){campaign_id});
    if (campaign)
        replaced_todo(rq, campaign, list);
    bool is_over =
        campaign && campaign->state == CAMPAIGN_UNDER_WAY && rq->work.now >= campaign->acts_until;
    if (!is_over)
        return;
    todo_add(list, &(struct todo){
                       .urgency = TODO_SOON,
                       .words = lang_text(rq->lang, N_("It is over. Once you have the numbers, "
                                                       "close it: everybody who took part gets "
                                                       "your thanks and the result.")),
                       .action = lang_text(rq->lang, N_("Close it and thank everybody")),
                       .path = path_of(rq, campaign, "organise/result"),
                   });
}

/* What is sent. */

static void reply_back(struct request *rq, const char *part)
{
    const char *campaign = path_make(rq->work.mem, "/campaigns/%s", rq->params[0]);
    reply_see_other(rq, mem_printf(rq->work.mem, "%s/%s", campaign, part));
}

const struct refusal *claim_handle(struct request *rq)
{
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    const struct refusal *refusal = claim_add(&rq->work, campaign, rq->input.parsed);
    if (!refusal)
        reply_back(rq, "organise/result");
    return refusal;
}

const struct refusal *claim_drop_handle(struct request *rq)
{
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    const struct claim_drop_form *form = rq->input.parsed;
    if (!campaign || !claim_delete(&rq->work, campaign->id, form->id))
        return &refusal_not_found;
    reply_back(rq, "organise/result");
    return NULL;
}

const struct refusal *each_handle(struct request *rq)
{
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    const struct each_form *form = rq->input.parsed;
    if (!campaign)
        return &refusal_not_found;
    if (!str_equal(form->each, "once") && !str_equal(form->each, "many"))
        return &refusal_bad_request;
    campaign_result_ask(&rq->work, campaign->id, form->each);
    reply_back(rq, "organise/result");
    return NULL;
}

/* An act's address opened as a page. */
const struct refusal *result_organise_again_handle(struct request *rq)
{
    reply_back(rq, "organise/result");
    return NULL;
}
