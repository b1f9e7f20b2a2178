/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The organiser's list of a campaign's reports, in pages, the newest or the largest first; the page
 * of one of them, where it is corrected, verified or set aside; and the form for one that was told
 * on the telephone or on paper. */
#include <stddef.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/people/people.h"
#include "features/campaigns/campaigns.h"
#include "features/reports/reports_local.h"
#include "features/reports/reports_organise.html.h"
#include "features/reports/reports_pages_local.h"
#include "sys/lang.h"
#include "web/community.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

#define TOLD(member) offsetof(struct report_told, member)
#define RULING(member) offsetof(struct report_ruling, member)

const struct form report_told_form = {
    "told", sizeof(struct report_told),
    (const struct field[]){
        {.name = "quantity",
         .label = N_("Their number"),
         .kind = FIELD_INT,
         .required = true,
         .min = 1,
         .max = REPORT_QUANTITY_MAX,
         .offset = TOLD(quantity)},
        {.name = "note",
         .label = N_("A word of theirs, if they like"),
         .hint = N_("It will be shown on the result page, without their name."),
         .kind = FIELD_TEXT,
         .max = REPORT_NOTE_BYTES_MAX,
         .offset = TOLD(note)},
        {.name = "verified",
         .label = N_("I have checked this number"),
         .kind = FIELD_BOOL,
         .offset = TOLD(verified)},
        {.name = NULL},
    }};

const struct form report_ruling_form = {
    "ruling", sizeof(struct report_ruling),
    (const struct field[]){
        {.name = "quantity",
         .label = N_("The right number"),
         .kind = FIELD_INT,
         .required = true,
         .min = 1,
         .max = REPORT_QUANTITY_MAX,
         .offset = RULING(quantity)},
        {.name = "verified",
         .label = N_("I have checked this number"),
         .kind = FIELD_BOOL,
         .offset = RULING(verified)},
        {.name = "set_aside",
         .label = N_("Set it aside: it does not count and is not shown"),
         .kind = FIELD_BOOL,
         .offset = RULING(set_aside)},
        {.name = "hides_note",
         .label = N_("Do not show its words on the result page"),
         .kind = FIELD_BOOL,
         .offset = RULING(hides_note)},
        {.name = "reason",
         .label = N_("Why"),
         .hint = N_("Wanted where the result changes. It stays beside the number."),
         .kind = FIELD_LINE,
         .max = REPORT_REASON_CHARS_MAX,
         .offset = RULING(reason)},
        {.name = "was",
         .label = N_("What it was"),
         .kind = FIELD_INT,
         .min = 1,
         .max = REPORT_QUANTITY_MAX,
         .offset = RULING(was)},
        {.name = NULL},
    }};

struct report_item {
    const struct report_item *next;
    const char *handle, *who, *note, *how;
    int64_t quantity, created_at;
    bool set_aside;
};
#define ITEM(member) offsetof(struct report_item, member)
static const struct view_field item_fields[] = {
    {"id", VIEW_TEXT, ITEM(handle), NULL},
    {"first_name", VIEW_TEXT_OR_NULL, ITEM(who), NULL},
    {"quantity", VIEW_INT, ITEM(quantity), NULL},
    {"note", VIEW_TEXT, ITEM(note), NULL},
    {"how", VIEW_TEXT, ITEM(how), .words = report_how_names},
    {"set_aside", VIEW_BOOL, ITEM(set_aside), NULL},
    {"created_at", VIEW_TIME, ITEM(created_at), NULL},
    {.name = NULL},
};
static const struct view item_json = {"organiser_report", item_fields};

struct item_list {
    const struct report_item *items;
    const char *next;
};
static const struct view_field item_list_fields[] = {
    {"items", VIEW_LIST, offsetof(struct item_list, items), &item_json},
    {"next", VIEW_TEXT_OR_NULL, offsetof(struct item_list, next), NULL},
    {.name = NULL},
};
const struct view reports_organise_json = {"organiser_reports", item_list_fields};

/* Of a page of the list: the reports that are shown, and whether others follow. */
struct list {
    const struct campaign *campaign;
    enum report_order order;
    const struct report *first;
    const char *next; /* NULL: this was the last page */
};

static const char *day_of(struct request *rq, int64_t at)
{
    return lang_date(rq->lang, rq->work.mem, LANG_DATE_SHORT, at, rq->work.community->zone);
}

static const struct refusal *list_read(struct request *rq, struct list *list)
{
    struct work *work = &rq->work;
    bool reads = str_equal(rq->http->method, "GET");
    const char *key = reads ? request_query(rq, "after") : "";
    const char *order = reads ? request_query(rq, "order") : "";
    *list = (struct list){.campaign = campaign_get_by_slug(work, rq->params[0])};
    if (!list->campaign)
        return &refusal_not_found;
    if (str_is_empty(list->campaign->quantity_unit))
        return &refusal_report_not_asked;
    list->order = str_equal(order, "largest") ? REPORTS_LARGEST : REPORTS_NEWEST;
    const struct report *after = *key ? report_get_by_handle(work, list->campaign->id, key) : NULL;
    if (*key && !after)
        return &refusal_not_found;
    list->first = report_list(work, list->campaign->id, list->order, after, PAGE_ITEMS + 1);
    const struct report *last = NULL;
    int count = 0;
    for (const struct report *report = list->first; report; report = report->next)
        if (++count == PAGE_ITEMS)
            last = report;
    list->next = last && count > PAGE_ITEMS ? last->handle : NULL;
    return NULL;
}

static void reply_items(struct request *rq, const struct list *list)
{
    struct item_list view = {.next = list->next};
    const struct report_item **end = &view.items;
    int count = 0;
    for (const struct report *r = list->first; r && count < PAGE_ITEMS; r = r->next, count++) {
        struct report_item *item = MEM_NEW(rq->work.mem, struct report_item);
        *item = (struct report_item){NULL,   r->handle,   r->first_name, r->note,
                                     r->how, r->quantity, r->created_at, r->set_aside};
        *end = item;
        end = &item->next;
    }
    reply_json(rq, &reports_organise_json, &view);
}

static const char *list_path(struct request *rq)
{
    return path_make(rq->work.mem, "/campaigns/%s/organise/reports", rq->params[0]);
}

static struct report_line *line_of(struct request *rq, const struct report *report)
{
    struct report_line *line = MEM_NEW(rq->work.mem, struct report_line);
    line->path = mem_printf(rq->work.mem, "%s/%s", list_path(rq), report->handle);
    line->who = report->first_name;
    line->is_told = report->sign_up_id.n == 0;
    line->quantity = report->quantity;
    line->note = report->shows_note ? report->note : "";
    line->date = day_of(rq, report->created_at);
    line->is_verified = str_equal(report->how, "verified");
    line->is_set_aside = report->set_aside;
    line->is_corrected = report->corrected;
    line->is_replaced = report->replaced;
    return line;
}

static const struct report_line *lines_of(struct request *rq, const struct list *list)
{
    const struct report_line *first = NULL;
    const struct report_line **end = &first;
    int count = 0;
    for (const struct report *r = list->first; r && count < PAGE_ITEMS; r = r->next, count++) {
        struct report_line *line = line_of(rq, r);
        *end = line;
        end = &line->next;
    }
    return first;
}

static const char *more_url(struct request *rq, const struct list *list)
{
    if (!list->next)
        return NULL;
    return mem_printf(rq->work.mem, "%s?%safter=%s", list_path(rq),
                      list->order == REPORTS_LARGEST ? "order=largest&" : "", list->next);
}

static const char *refusal_words(struct request *rq)
{
    bool beside_fields = rq->refusal && rq->refusal->status == 422;
    return rq->refusal && !beside_fields ? lang_text(rq->lang, rq->refusal->sentence) : NULL;
}

const struct refusal *reports_organise_show(struct request *rq)
{
    struct work *work = &rq->work;
    struct list list;
    const struct refusal *refusal = list_read(rq, &list);
    if (refusal)
        return refusal;
    if (rq->wants_json) {
        reply_items(rq, &list);
        return NULL;
    }
    const struct campaign *campaign = list.campaign;
    const struct campaign_result result = campaign_result_get(work, campaign->id);
    const struct reports_organise view = {
        .title = campaign->title,
        .organise_path = path_make(work->mem, "/campaigns/%s/organise", campaign->slug),
        .language = campaign->language,
        .result_path = path_make(work->mem, "/campaigns/%s/organise/result", campaign->slug),
        .action = list_path(rq),
        .unit = campaign->quantity_unit,
        .reports = result.reports,
        .declared = campaign->quantity - result.verified,
        .verified = result.verified,
        .lines = lines_of(rq, &list),
        .newest_url = list_path(rq),
        .largest_url = mem_printf(work->mem, "%s?order=largest", list_path(rq)),
        .is_largest = list.order == REPORTS_LARGEST,
        .more_url = more_url(rq, &list),
        .refusal = refusal_words(rq),
        .errors = form_summary(rq, &report_told_form),
        .quantity = form_input_view(rq, &report_told_form, "quantity", ""),
        .note = form_input_view(rq, &report_told_form, "note", ""),
        .verified_box = form_input_view(rq, &report_told_form, "verified", ""),
        .takes = !report_refusal(campaign, 1, work->now),
    };
    struct html *h = page_begin(
        rq, &(struct page){.title = lang_text(rq->lang, N_("What participants have told"))});
    reports_organise_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

const struct refusal *report_told_handle(struct request *rq)
{
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    const struct refusal *refusal = report_add_told(&rq->work, campaign, rq->input.parsed);
    if (!refusal)
        reply_see_other(rq, list_path(rq));
    return refusal;
}

/* One of them. */

static const struct report *report_of(struct request *rq, const struct campaign **ret_campaign)
{
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    if (!campaign)
        return NULL;
    *ret_campaign = campaign;
    return report_get_by_handle(&rq->work, campaign->id, rq->params[1]);
}

static const struct correction_line *corrections_of(struct request *rq, int64_t report_id)
{
    const struct correction_line *first = NULL;
    const struct correction_line **end = &first;
    const struct report_correction *row = report_corrections(&rq->work, report_id);
    for (; row; row = row->next) {
        const struct person *person = row->person.n ? person_get(&rq->work, row->person) : NULL;
        struct correction_line *line = MEM_NEW(rq->work.mem, struct correction_line);
        line->quantity = row->quantity;
        line->who = person ? person->name : row->person.n ? "" : NULL;
        line->date = day_of(rq, row->created_at);
        line->reason = row->reason;
        line->was_verified = str_equal(row->how, "verified");
        line->was_set_aside = row->set_aside;
        *end = line;
        end = &line->next;
    }
    return first;
}

const struct refusal *report_organise_show(struct request *rq)
{
    struct mem *mem = rq->work.mem;
    const struct campaign *campaign = NULL;
    const struct report *report = report_of(rq, &campaign);
    if (!report)
        return &refusal_not_found;
    struct report_line *line = line_of(rq, report);
    line->note = report->note;
    const struct report_organise view = {
        .line = line,
        .title = campaign->title,
        .organise_path = path_make(mem, "/campaigns/%s/organise", campaign->slug),
        .language = campaign->language,
        .unit = campaign->quantity_unit,
        .list_path = list_path(rq),
        .refusal = refusal_words(rq),
        .errors = rq->refusal && !refusal_words(rq) ? form_summary(rq, &report_ruling_form) : NULL,
        .quantity = form_input_view(rq, &report_ruling_form, "quantity",
                                    mem_printf(mem, "%lld", (long long)report->quantity)),
        .verified =
            form_input_view(rq, &report_ruling_form, "verified", line->is_verified ? "true" : ""),
        .set_aside =
            form_input_view(rq, &report_ruling_form, "set_aside", report->set_aside ? "true" : ""),
        .hides_note = form_input_view(rq, &report_ruling_form, "hides_note",
                                      report->shows_note ? "" : "true"),
        .reason = form_input_view(rq, &report_ruling_form, "reason", ""),
        .corrections = corrections_of(rq, report->id),
    };
    struct html *h = page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("One number"))});
    report_organise_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

const struct refusal *report_ruling_handle(struct request *rq)
{
    const struct campaign *campaign = NULL;
    const struct report *report = report_of(rq, &campaign);
    if (!report)
        return &refusal_not_found;
    const struct refusal *refusal = report_rule(&rq->work, report, rq->input.parsed, &rq->input);
    if (!refusal)
        reply_see_other(rq, path_make(rq->work.mem, "/campaigns/%s/organise/reports/%s",
                                      rq->params[0], rq->params[1]));
    return refusal;
}
