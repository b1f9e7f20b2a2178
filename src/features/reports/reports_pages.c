/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where participants say how much they did: a form on their own sign-up's page; and what all of
 * them said, as a part of the campaign's result page. */
#include <jansson.h>
#include <stddef.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "base/time.h"
#include "core/keys/keys.h"
#include "features/campaigns/campaigns.h"
#include "features/reports/reports.h"
#include "features/reports/reports.html.h"
#include "features/reports/reports_local.h"
#include "features/reports/reports_organise.html.h"
#include "features/reports/reports_pages_local.h"
#include "features/signups/signups.h"
#include "migrations.h"
#include "sys/lang.h"
#include "sys/markdown.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/login.h"
#include "web/request.h"
#include "web/view.h"

#define WISH(member) offsetof(struct report_wish, member)

static const struct form report_form = {
    "report", sizeof(struct report_wish),
    (const struct field[]){
        {.name = "replaces",
         .label = N_("What this number is"),
         .kind = FIELD_HANDLE_OR_NONE,
         .min = 1,
         .max = 32,
         .offset = WISH(replaces)},
        {.name = "quantity",
         .label = N_("Your number"),
         .kind = FIELD_INT,
         .required = true,
         .min = 1,
         .max = REPORT_QUANTITY_MAX,
         .offset = WISH(quantity)},
        {.name = "note",
         .label = N_("A word, if you like"),
         .hint = N_("It will be shown on the result page, without your name."),
         .kind = FIELD_TEXT,
         .max = REPORT_NOTE_BYTES_MAX,
         .offset = WISH(note)},
        {.name = "token",
         .label = N_("Key of your sign-up"),
         .kind = FIELD_HANDLE_OR_NONE,
         .min = 1,
         .max = REPORT_TOKEN_CHARS_MAX,
         .offset = WISH(token)},
        {.name = "key",
         .label = N_("Key"),
         .kind = FIELD_HANDLE,
         .min = 1,
         .max = 64,
         .offset = WISH(key)},
        {.name = NULL},
    },
    .has_trap = true};

static const struct refusal report_of_nobody = {
    .status = 401,
    .name = "report_of_nobody",
    .sentence = N_("To tell us what you did, please open the link in one of our e-mails, or sign "
                   "in.")};

/* The sign-up of whoever is signed in; NULL: they take no part. */
static const struct sign_up *sign_up_of_login(struct work *work, const struct campaign *campaign)
{
    const struct sign_up *sign_up =
        work->login ? sign_up_list_by_email(work, campaign->id, work->login->email) : NULL;
    while (sign_up && !sign_up_is_in(sign_up))
        sign_up = sign_up->next;
    return sign_up;
}

/* The sign-up that a report is for: of the token that came with it, else of whoever is signed in.
 * NULL with a refusal: whoever asks is nobody, or takes no part here. */
static const struct sign_up *who_reports(struct request *rq, const struct campaign *campaign,
                                         const struct refusal **ret_refusal)
{
    struct work *work = &rq->work;
    const struct report_wish *wish = rq->input.parsed;
    bool has_token = wish && !str_is_empty(wish->token);
    const struct sign_up *sign_up =
        has_token ? sign_up_get_by_token(work, wish->token) : sign_up_of_login(work, campaign);
    if (sign_up && sign_up->campaign_id.n == campaign->id.n)
        return sign_up;
    *ret_refusal = has_token     ? &refusal_not_found
                   : work->login ? &report_not_in
                                 : &report_of_nobody;
    return NULL;
}

/* The form. */

static const char *day_of(struct request *rq, int64_t at)
{
    return lang_date(rq->lang, rq->work.mem, LANG_DATE_SHORT, at, rq->work.community->zone);
}

/* What the organiser made of it, and why; an earlier word of the participant's own is no news. */
static void fill_correction(struct request *rq, const struct report *report,
                            struct report_option *option)
{
    const struct report_correction *last =
        report->checked_at ? report_corrections(&rq->work, report->id) : NULL;
    if (!last || !last->person.n || str_is_empty(last->reason))
        return;
    option->was = lang_number(rq->lang, rq->work.mem, last->quantity);
    option->why = last->reason;
}

static struct report_option *option_of(struct request *rq, const struct report *report,
                                       const char *chosen)
{
    struct report_option *option = MEM_NEW(rq->work.mem, struct report_option);
    option->handle = report->handle;
    option->quantity = report->quantity;
    option->date = day_of(rq, report->created_at);
    option->chosen = str_equal(report->handle, chosen);
    option->is_set_aside = report->set_aside;
    fill_correction(rq, report, option);
    return option;
}

/* What they have said; with `open_only` what they may still correct. */
static const struct report_option *options_of(struct request *rq, const struct report *report,
                                              const char *chosen, bool open_only)
{
    const struct report_option *first = NULL;
    const struct report_option **end = &first;
    for (; report; report = report->next) {
        if (open_only && !report_is_theirs(report))
            continue;
        struct report_option *option = option_of(rq, report, chosen);
        *end = option;
        end = &option->next;
    }
    return first;
}

/* A form that adds, or corrects one of several; or that corrects the only one there may be. */
static void fill_form(struct request *rq, const struct report *own, bool many,
                      struct report_panel *panel)
{
    bool corrects = own && !many;
    bool beside_fields = rq->refusal && rq->refusal->status == 422; /* else the page says it */
    const char *number = corrects ? mem_printf(rq->work.mem, "%lld", (long long)own->quantity) : "";
    panel->is_correction = corrects;
    panel->is_checked = corrects && !report_is_theirs(own);
    panel->takes = !panel->is_checked;
    panel->errors = beside_fields || !*panel->token ? form_summary(rq, &report_form) : NULL;
    panel->quantity = form_input_view(rq, &report_form, "quantity", number);
    panel->note = form_input_view(rq, &report_form, "note", corrects ? own->note : "");
    panel->replaces = form_input_view(rq, &report_form, "replaces", "");
    if (many)
        panel->options = options_of(rq, own, panel->replaces->value, true);
}

static void show_form(struct request *rq, struct html *h, const struct sign_up *sign_up,
                      const char *token)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get(work, sign_up->campaign_id);
    if (!campaign || str_is_empty(campaign->quantity_unit))
        return;
    const struct report *own = report_list_by_sign_up(work, sign_up->id);
    const struct campaign_result result = campaign_result_get(work, campaign->id);
    const char *path = campaign_path(work, campaign);
    struct report_panel panel = {
        .action = mem_printf(work->mem, "%s/reports", path),
        .token = token,
        .unit = campaign->quantity_unit,
        .language = campaign->language,
        .result_path = mem_printf(work->mem, "%s/result", path),
        .own = options_of(rq, own, NULL, false),
    };
    if (!report_refusal(campaign, 1, work->now))
        fill_form(rq, own, campaign_takes_many(campaign, &result), &panel);
    if (panel.takes || panel.own)
        report_panel(h, &panel);
}

static void show_on_sign_up(struct request *rq, struct html *h, int64_t sign_up_id)
{
    const struct sign_up *sign_up = sign_up_get(&rq->work, (struct sign_up_id){sign_up_id});
    if (sign_up)
        show_form(rq, h, sign_up, sign_up_token(&rq->work, sign_up));
}

/* On the campaign's page, for who is signed in and takes part. */
static void show_on_campaign(struct request *rq, struct html *h, int64_t campaign_id)
{
    const struct campaign *campaign = campaign_get(&rq->work, (struct campaign_id){campaign_id});
    const struct sign_up *sign_up = campaign ? sign_up_of_login(&rq->work, campaign) : NULL;
    if (sign_up)
        show_form(rq, h, sign_up, "");
}

/* A report that was sent. */

struct report_json {
    const char *handle, *note, *how;
    int64_t quantity, created_at;
};
static const struct view_field report_fields[] = {
    {"id", VIEW_TEXT, offsetof(struct report_json, handle), NULL},
    {"quantity", VIEW_INT, offsetof(struct report_json, quantity), NULL},
    {"note", VIEW_TEXT, offsetof(struct report_json, note), NULL},
    {"how", VIEW_TEXT, offsetof(struct report_json, how), .words = report_how_names},
    {"created_at", VIEW_TIME, offsetof(struct report_json, created_at), NULL},
    {.name = NULL},
};
static const struct view report_view = {"report", report_fields};

/* The wish, or what the same request with the same key did before. */
static const struct refusal *give_once(struct request *rq, const struct campaign *campaign,
                                       const struct sign_up *sign_up,
                                       const struct report **ret_report)
{
    const struct report_wish *wish = rq->input.parsed;
    int64_t made;
    const struct refusal *refusal = key_find(rq, sign_up->handle, wish->key, &made);
    if (refusal)
        return refusal;
    const struct report *earlier = made ? report_get(&rq->work, made) : NULL;
    if (earlier) {
        *ret_report = earlier;
        return NULL;
    }
    refusal = report_give(&rq->work, campaign, sign_up, wish, ret_report);
    if (!refusal)
        key_keep(rq, sign_up->handle, wish->key, (*ret_report)->id);
    return refusal;
}

static bool came_with_token(const struct request *rq)
{
    const struct report_wish *wish = rq->input.parsed;
    return wish && !str_is_empty(wish->token);
}

/* The page that the form stands on: one's own sign-up's, or the campaign's for who is signed in. */
static const char *back_path(struct request *rq, const struct campaign *campaign,
                             const struct sign_up *sign_up)
{
    return came_with_token(rq) ? sign_up_path(&rq->work, sign_up)
                               : campaign_path(&rq->work, campaign);
}

static const struct refusal *report_handle(struct request *rq)
{
    struct work *work = &rq->work;
    const struct refusal *refusal = NULL;
    const struct report *report = NULL;
    const struct campaign *campaign = campaign_get_public(work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    const struct sign_up *sign_up = who_reports(rq, campaign, &refusal);
    if (sign_up && !rq->input.is_trapped)
        refusal = give_once(rq, campaign, sign_up, &report);
    if (refusal)
        return refusal;
    if (report && rq->wants_json)
        reply_json(rq, &report_view,
                   &(struct report_json){report->handle, report->note, report->how,
                                         report->quantity, report->created_at});
    else
        reply_see_other(rq, mem_printf(work->mem, "%s#report", back_path(rq, campaign, sign_up)));
    return NULL;
}

static const struct refusal *report_show(struct request *rq)
{
    const struct refusal *refusal = NULL;
    const struct campaign *campaign = campaign_get_public(&rq->work, rq->params[0]);
    const struct sign_up *sign_up = campaign ? who_reports(rq, campaign, &refusal) : NULL;
    if (!sign_up)
        return rq->refusal;
    return came_with_token(rq) ? sign_up_page_show(rq, sign_up) : campaign_page_handle(rq);
}

/* The form's address opened again: to the campaign, which knows nobody's secret. */
static const struct refusal *report_again_handle(struct request *rq)
{
    reply_see_other(rq, path_make(rq->work.mem, "/campaigns/%s", rq->params[0]));
    return NULL;
}

/* On the result page. */

/* False: this campaign has no quantity. */
static bool result_read(struct work *work, int64_t campaign_id, struct reports_view *ret_view)
{
    const struct campaign *campaign = campaign_get(work, (struct campaign_id){campaign_id});
    if (!campaign || str_is_empty(campaign->quantity_unit))
        return false;
    const struct campaign_result result = campaign_result_get(work, campaign->id);
    *ret_view = (struct reports_view){
        .count = result.reports,
        .declared = campaign->quantity - result.verified,
        .verified = result.verified,
        .unit = campaign->quantity_unit,
        .language = campaign->language,
    };
    return true;
}

static void show_figures(struct request *rq, struct html *h, int64_t campaign_id)
{
    struct reports_view view;
    if (result_read(&rq->work, campaign_id, &view))
        report_figures(h, &view);
}

static void show_words(struct request *rq, struct html *h, int64_t campaign_id)
{
    struct work *work = &rq->work;
    struct reports_view view;
    const struct campaign *campaign = campaign_get(work, (struct campaign_id){campaign_id});
    const struct claim *claims = campaign ? claim_list(work, campaign->id) : NULL;
    if (claims)
        claims_panel(h, claims, campaign->language);
    if (!result_read(work, campaign_id, &view))
        return;
    view.notes = report_notes(work, (struct campaign_id){campaign_id});
    if (view.notes)
        reports_panel(h, &view);
}

static void show_thanks(struct request *rq, struct html *h, int64_t campaign_id)
{
    const struct campaign *campaign = campaign_get(&rq->work, (struct campaign_id){campaign_id});
    if (!campaign || campaign->state != CAMPAIGN_REPORTED)
        return;
    const struct campaign_result result = campaign_result_get(&rq->work, campaign->id);
    if (!str_is_empty(result.thanks))
        thanks_panel(h, &(struct thanks_view){{markdown_html(rq->work.mem, result.thanks)},
                                              campaign->organiser_name,
                                              campaign->language});
}

static const struct view_field claim_fields[] = {
    {"claim", VIEW_TEXT, offsetof(struct claim, claim)},
    {"source", VIEW_TEXT, offsetof(struct claim, source)},
    {.name = NULL},
};
static const struct view claim_json = {"claim", claim_fields};

/* What a result's JSON has from here: of numbers, none where the campaign asks for none. */
struct figures {
    const struct claim *claims;
    int64_t reports, declared, verified;
};
static const struct view_field figures_fields[] = {
    {"claims", VIEW_LIST, offsetof(struct figures, claims), &claim_json},
    {"reports", VIEW_INT_OR_NULL, offsetof(struct figures, reports)},
    {"quantity_declared", VIEW_INT_OR_NULL, offsetof(struct figures, declared)},
    {"quantity_verified", VIEW_INT_OR_NULL, offsetof(struct figures, verified)},
    {.name = NULL},
};
static const struct view figures_json = {"figures", figures_fields};

static const void *figures_data(struct work *work, int64_t campaign_id)
{
    struct reports_view view = {.count = VIEW_NONE, .declared = VIEW_NONE, .verified = VIEW_NONE};
    struct figures *figures = MEM_NEW(work->mem, struct figures);
    result_read(work, campaign_id, &view);
    figures->claims = claim_list(work, (struct campaign_id){campaign_id});
    figures->reports = view.count;
    figures->declared = view.declared;
    figures->verified = view.verified;
    return figures;
}

/* A person's own. */

static json_t *report_export(struct work *work, const struct report_kept *kept)
{
    return json_pack("{s:s, s:s, s:I, s:s, s:s, s:b, s:s}", "campaign", kept->campaign, "id",
                     kept->handle, "quantity", (json_int_t)kept->quantity, "note", kept->note,
                     "how", kept->how, "set_aside", kept->set_aside, "created_at",
                     time_rfc3339(work->mem, kept->created_at));
}

static void reports_export_person(struct work *work, const char *email, json_t *object)
{
    json_t *list = json_array();
    int64_t after = 0;
    const struct report_kept *page;
    while ((page = report_list_kept(work, email, after)))
        for (; page; page = page->next) {
            json_array_append_new(list, report_export(work, page));
            after = page->id;
        }
    json_object_set_new(object, "reports", list);
}

static void heard_forgotten(struct work *work, int64_t sign_up_id)
{
    report_notes_forget(work, (struct sign_up_id){sign_up_id});
}

/* The card. */

static const struct route routes[] = {
    {"POST", "/campaigns/:slug/reports", ACCESS_ANYONE, .flags = ROUTE_NO_STORE,
     .form = &report_form, .rate = RATE_REPORT, .handle = report_handle, .show = report_show,
     .json = &report_view, .json_status = 201},
    {"GET", "/campaigns/:slug/reports", ACCESS_ANYONE, .handle = report_again_handle,
     .type = ROUTE_LEADS_ON},
    {"GET", "/campaigns/:slug/organise/result", ACCESS_ORGANISER, .handle = result_organise_show},
    {"POST", "/campaigns/:slug/organise/done", ACCESS_ORGANISER, .form = &done_form,
     .handle = done_handle, .show = result_organise_show},
    {"GET", "/campaigns/:slug/organise/done", ACCESS_ORGANISER, .handle = close_show},
    {"POST", "/campaigns/:slug/organise/claims", ACCESS_ORGANISER, .form = &claim_form,
     .handle = claim_handle, .show = result_organise_show},
    {"GET", "/campaigns/:slug/organise/claims", ACCESS_ORGANISER,
     .handle = result_organise_again_handle, .type = ROUTE_LEADS_ON},
    {"POST", "/campaigns/:slug/organise/claims/drop", ACCESS_ORGANISER, .form = &claim_drop_form,
     .handle = claim_drop_handle},
    {"POST", "/campaigns/:slug/organise/reports-each", ACCESS_ORGANISER, .form = &each_form,
     .handle = each_handle},
    {"GET", "/campaigns/:slug/organise/reports", ACCESS_ORGANISER,
     .queries = {{"order", QUERY_NAMES}, {"after", QUERY_KEY}}, .handle = reports_organise_show,
     .json = &reports_organise_json},
    {"POST", "/campaigns/:slug/organise/reports", ACCESS_ORGANISER, .form = &report_told_form,
     .handle = report_told_handle, .show = reports_organise_show},
    {"GET", "/campaigns/:slug/organise/reports/:report", ACCESS_ORGANISER,
     .handle = report_organise_show},
    {"POST", "/campaigns/:slug/organise/reports/:report", ACCESS_ORGANISER,
     .flags = ROUTE_ADDS_ERRORS, .form = &report_ruling_form, .handle = report_ruling_handle,
     .show = report_organise_show},
    {.method = NULL},
};

static const struct job_kind jobs[] = {
    {report_propose_kind, report_propose_run},
    {report_thank_kind, report_thank_run},
    {.name = NULL},
};

static const struct hook hooks[] = {
    {ANNOUNCE_SIGN_UP_FORGOTTEN, heard_forgotten},
    {ANNOUNCE_CAMPAIGN_UNDER_WAY, report_heard_under_way},
    {ANNOUNCE_CAMPAIGN_REPORTED, report_heard_reported},
    {.heard = NULL},
};

/* On the organiser's page: the way to the result, and to the numbers; not before it is under way,
 * or numbers are taken, or stand there. */
static void show_on_organise(struct request *rq, struct html *h, int64_t campaign_id)
{
    struct mem *mem = rq->work.mem;
    const struct campaign *campaign = campaign_get(&rq->work, (struct campaign_id){campaign_id});
    if (!campaign)
        return;
    bool takes_place = campaign->state != CAMPAIGN_MISSED && campaign->state != CAMPAIGN_CANCELLED;
    bool has_begun = campaign->state == CAMPAIGN_UNDER_WAY ||
                     campaign->state == CAMPAIGN_REPORTED ||
                     (campaign->reached_at && !report_refusal(campaign, 1, rq->work.now));
    if (campaign->quantity == 0 && !has_begun)
        return;
    const char *path = campaign_path(&rq->work, campaign);
    struct reports_view view = {.language = campaign->language};
    bool has_quantity = result_read(&rq->work, campaign_id, &view);
    const struct organise_panel panel = {
        .sums = has_quantity ? &view : NULL,
        .can_close = campaign->state == CAMPAIGN_UNDER_WAY,
        .is_closed = campaign->state == CAMPAIGN_REPORTED,
        .result_path = takes_place ? mem_printf(mem, "%s/organise/result", path) : NULL,
        .reports_path = mem_printf(mem, "%s/organise/reports", path),
    };
    organise_panel(h, &panel);
}

static const struct panel panels[] = {
    {PANEL_ORGANISE, show_on_organise},
    {PANEL_CAMPAIGN, show_on_campaign},
    {PANEL_RESULT_FIGURES, show_figures},
    {PANEL_CAMPAIGN_RESULT, show_thanks, &figures_json, figures_data},
    {PANEL_RESULT_WORDS, show_words},
    {PANEL_SIGN_UP, show_on_sign_up},
    {.show = NULL},
};

/* A report is a sign-up's. What its person wrote goes when the sign-up's name and address go, and
 * is given out with it; the number stays, as the number of somebody. */
const struct feature reports_feature = {
    .name = "reports",
    .migrations = reports_migrations,
    .routes = routes,
    .panels = panels,
    .jobs = jobs,
    .hooks = hooks,
    .todos = report_todos,
    .export_person = reports_export_person,
    .forget_person = feature_forgets_no_person,
    .check = reports_check,
};
