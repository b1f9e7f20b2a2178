/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages of signing up: the form on the campaign's page and "look at your mail"; then the
 * feature's routes and card. One's own sign-up is in signups_own_pages.c. */
#include "base/mem.h"
#include "base/str.h"
#include "core/jobs/jobs.h"
#include "core/keys/keys.h"
#include "features/signups/signups.html.h"
#include "features/signups/signups_again.h"
#include "features/signups/signups_local.h"
#include "features/signups/signups_organise.h"
#include "features/signups/signups_organise_views.h"
#include "features/signups/signups_pages_local.h"
#include "features/signups/signups_views.h"
#include "migrations.h"
#include "sys/html.h"
#include "sys/lang.h"
#include "sys/mail.h"
#include "web/app.h"
#include "web/feature.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

#define WISH(member) offsetof(struct sign_up_wish, member)

static const struct form sign_up_form = {
    "sign-up", sizeof(struct sign_up_wish),
    (const struct field[]){
        {.name = "session",
         .label = N_("When will you come?"),
         .kind = FIELD_HANDLE,
         .min = 1,
         .max = 32,
         .offset = WISH(session)},
        {.name = "first_name",
         .label = N_("Your first name"),
         .kind = FIELD_LINE,
         .required = true,
         .min = 1,
         .max = NAME_CHARS_MAX,
         .autocomplete = "given-name",
         .offset = WISH(first_name)},
        {.name = "email",
         .label = N_("Your e-mail address"),
         .kind = FIELD_EMAIL,
         .required = true,
         .autocomplete = "email",
         .hint = N_("To confirm, and to tell you what you must know. Never any advertising."),
         .offset = WISH(email)},
        {.name = "party",
         .label = N_("How many will you be?"),
         .kind = FIELD_INT,
         .required = true,
         .min = 1,
         .max = SIGN_UP_PARTY_MAX,
         .offset = WISH(party)},
        {.name = "hours",
         .label = N_("How many hours will each of you give?"),
         .kind = FIELD_INT,
         .min = 1,
         .max = SIGN_UP_HOURS_MAX,
         .offset = WISH(hours)},
        {.name = "show_name",
         .label = N_("Show my first name among those who take part"),
         .kind = FIELD_BOOL,
         .offset = WISH(show_name)},
        {.name = "ref",
         .label = N_("Who brought you"),
         .kind = FIELD_HANDLE_OR_NONE,
         .min = 1,
         .max = 32,
         .offset = WISH(ref)},
        {.name = "key",
         .label = N_("Key"),
         .kind = FIELD_HANDLE,
         .min = 1,
         .max = 64,
         .offset = WISH(key)},
        {.name = NULL},
    },
    .has_trap = true};

struct code_form {
    const char *h;
    const char *code;
};

static const struct form code_form = {
    "sent", sizeof(struct code_form),
    (const struct field[]){
        {.name = "h",
         .label = N_("Handle"),
         .kind = FIELD_HANDLE,
         .required = true,
         .min = 1,
         .max = 64,
         .offset = offsetof(struct code_form, h)},
        {.name = "code",
         .label = N_("Or type the code from the e-mail here"),
         .kind = FIELD_CODE,
         .required = true,
         .hint = N_("Six digits. Handy when your e-mail is on another device."),
         .offset = offsetof(struct code_form, code)},
        {.name = NULL},
    }};

/* The form on the campaign's page. */

/* Why there is no form; NULL: there is one. */
static const char *panel_closed(struct request *rq, const struct campaign *campaign,
                                const struct session *sessions)
{
    const struct refusal *closed = campaign_refuses_sign_ups(campaign, rq->work.now);
    if (closed)
        return lang_text(rq->lang, closed->sentence);
    if (sessions_have_places(sessions, rq->work.now))
        return NULL;
    return lang_text(rq->lang, N_("All places are taken. Sometimes one comes free again: have "
                                  "another look later."));
}

static void show_panel(struct request *rq, struct html *h, int64_t campaign_id)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get(work, (struct campaign_id){campaign_id});
    if (!campaign || campaign->state == CAMPAIGN_CANCELLED)
        return; /* the page says so, and the job that frees those who were in has just begun */
    const struct session *sessions = campaign_sessions(work, campaign->id);
    const char *ref = str_equal(rq->http->method, "POST") ? "" : request_query(rq, "ref");
    const struct sign_up_panel panel = {
        .action = mem_join(work->mem, campaign_path(work, campaign), "/sign-ups"),
        .closed = panel_closed(rq, campaign, sessions),
        .errors = form_summary(rq, &sign_up_form),
        .session = form_input_view(rq, &sign_up_form, "session", ""),
        .first_name = form_input_view(rq, &sign_up_form, "first_name", ""),
        .email = form_input_view(rq, &sign_up_form, "email", ""),
        .party = form_input_view(rq, &sign_up_form, "party", "1"),
        .hours = campaign->asks_hours ? form_input_view(rq, &sign_up_form, "hours", "") : NULL,
        .show_name = form_input_view(rq, &sign_up_form, "show_name", ""),
        .ref = form_input_view(rq, &sign_up_form, "ref", ref)->value,
        .people = sign_up_list_named(work, campaign->id),
        .is_done = campaign->state == CAMPAIGN_REPORTED,
    };
    struct sign_up_panel full = panel;
    full.choices = session_choices_new(rq, sessions, NULL, panel.session->value);
    full.parties = party_options_new(rq, campaign->party_max, panel.party->value);
    sign_up_panel(h, &full);
}

static const struct view_field answer_fields[] = {
    {"state", VIEW_TEXT, offsetof(struct sign_up_answer, state), .words = sign_up_state_names},
    {"handle", VIEW_TEXT, offsetof(struct sign_up_answer, handle)},
    {"expires_at", VIEW_TIME, offsetof(struct sign_up_answer, expires_at)},
    {.name = NULL},
};
static const struct view answer_view = {"sign_up_answer", answer_fields};

/* The wish, or what the same request with the same key made before. */
static const struct refusal *sign_up_once(struct request *rq, const struct campaign *campaign,
                                          const struct sign_up_wish *wish,
                                          struct sign_up_answer *ret_answer)
{
    struct work *work = &rq->work;
    const char *who = mail_address_normal(work->mem, wish->email);
    int64_t made;
    const struct refusal *refusal = key_find(rq, who, wish->key, &made);
    if (!refusal && made && sign_up_answer_again(work, made, ret_answer))
        return NULL;
    if (!refusal)
        refusal = sign_up_request(work, campaign, wish, &rq->input, ret_answer);
    if (!refusal && !made)
        key_keep(rq, who, wish->key, ret_answer->code_id);
    return refusal;
}

static const struct refusal *sign_up_handle(struct request *rq)
{
    struct work *work = &rq->work;
    struct sign_up_answer answer;
    const struct campaign *campaign = campaign_get_public(work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    if (rq->input.is_trapped) {
        reply_see_other(rq, mem_printf(work->mem, "%s/sent", campaign_path(work, campaign)));
        return NULL;
    }
    struct sign_up_wish *wish = rq->input.parsed;
    wish->lang = rq->lang;
    const struct refusal *refusal = sign_up_once(rq, campaign, wish, &answer);
    if (refusal)
        return refusal;
    if (rq->wants_json)
        reply_json(rq, &answer_view, &answer);
    else
        reply_see_other(rq, mem_printf(work->mem, "%s/sent?h=%s", campaign_path(work, campaign),
                                       answer.handle));
    return NULL;
}

/* The form's address opened again (a tab restored, a bookmark): back to the campaign. */
static const struct refusal *sign_up_again_handle(struct request *rq)
{
    reply_see_other(rq, path_make(rq->work.mem, "/campaigns/%s", rq->params[0]));
    return NULL;
}

/* "Look at your mail." */

/* The page alone, where there is no handle: what programs come to that filled in the trap. */
static struct sent_page sent_page_of(struct request *rq, const struct campaign *campaign,
                                     const struct sign_up_code *code)
{
    struct work *work = &rq->work;
    struct sent_page page = {
        .action = mem_printf(work->mem, "%s/sent", campaign_path(work, campaign)),
        .again = mem_printf(work->mem, "%s#sign-up", campaign_path(work, campaign)),
    };
    if (!code)
        return page;
    page.handle = code->handle;
    page.held_until =
        lang_date(rq->lang, work->mem, LANG_TIME, code->held_until, campaign_zone(work, campaign));
    page.errors = form_summary(rq, &code_form);
    page.code = form_input_view(rq, &code_form, "code", "");
    return page;
}

static const struct refusal *sent_show(struct request *rq)
{
    struct work *work = &rq->work;
    const struct code_form *typed = rq->input.parsed;
    const char *handle = typed ? typed->h : request_query(rq, "h");
    const struct campaign *campaign = campaign_get_public(work, rq->params[0]);
    const struct sign_up_code *code =
        campaign ? sign_up_code_get(work, campaign->id, handle) : NULL;
    bool is_bare = campaign && !rq->wants_json && !typed && str_is_empty(handle);
    if (!code && !is_bare)
        return &refusal_not_found;
    if (rq->wants_json) {
        reply_json(rq, &answer_view,
                   &(struct sign_up_answer){sign_up_state_name(SIGN_UP_PENDING), handle,
                                            code->held_until});
        return NULL;
    }
    const struct sent_page view = sent_page_of(rq, campaign, code);
    const struct page page = {.title = lang_text(rq->lang, "Check your e-mail"), .noindex = true};
    struct html *h = page_begin(rq, &page);
    sent_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

struct code_answer {
    const char *url;
};
static const struct view_field code_answer_fields[] = {
    {"url", VIEW_TEXT, offsetof(struct code_answer, url)},
    {.name = NULL},
};
static const struct view code_answer_view = {"code_answer", code_answer_fields};

static const struct refusal *code_handle(struct request *rq)
{
    struct work *work = &rq->work;
    const struct code_form *form = rq->input.parsed;
    struct sign_up_id id;
    const struct campaign *campaign = campaign_get_public(work, rq->params[0]);
    if (!campaign || !sign_up_code_get(work, campaign->id, form->h))
        return &refusal_not_found;
    const struct refusal *refusal = sign_up_code_use(work, form->h, form->code, &id);
    if (refusal && refusal->status == 422)
        form_error_add(work->mem, &rq->input, "code", refusal->sentence, 0);
    if (refusal)
        return refusal;
    const struct sign_up *sign_up = sign_up_get(work, id);
    if (!sign_up)
        return &refusal_not_found;
    const char *path = sign_up_path(work, sign_up);
    if (rq->wants_json)
        reply_json(rq, &code_answer_view, &(struct code_answer){work_url(work, path)});
    else
        reply_see_other(rq, path);
    return NULL;
}

/* Hooks: what happens to a campaign happens to those in it, by jobs. */

static void heard_reached(struct work *work, int64_t campaign_id)
{
    job_add(work, JOB_REACHED, campaign_id, work->now);
}

static void heard_over(struct work *work, int64_t campaign_id)
{
    job_add(work, JOB_RELEASE, campaign_id, work->now);
}

static void heard_reported(struct work *work, int64_t campaign_id)
{
    sign_ups_call_no_more(work, (struct campaign_id){campaign_id});
}

static void heard_extended(struct work *work, int64_t campaign_id)
{
    job_add(work, JOB_EXTENDED, campaign_id, work->now);
}

static const struct job_kind signup_jobs[] = {
    {JOB_LAPSE, sign_up_lapse_run, .always = true},
    {JOB_REACHED, sign_up_reached_run},
    {JOB_RELEASE, sign_up_release_run},
    {JOB_EXTENDED, sign_up_extended_run, .given_up = sign_up_extended_given_up},
    {JOB_CHANGES, sign_up_changes_run, .given_up = sign_up_changes_given_up},
    {JOB_ANSWERS, sign_up_answers_run},
    {JOB_MINUTES, sign_up_minutes_run},
    {.name = NULL},
};

#define LED ACCESS_ORGANISER, .flags = ROUTE_NO_STORE
#define OWN_FLAGS (ROUTE_SECRET_PATH | ROUTE_URGENT)

static const struct route signup_routes[] = {
    {"POST", "/campaigns/:slug/sign-ups", ACCESS_ANYONE, .flags = ROUTE_ADDS_ERRORS,
     .form = &sign_up_form, .handle = sign_up_handle, .show = campaign_page_handle,
     .json = &answer_view, .json_status = 201},
    {"GET", "/campaigns/:slug/sign-ups", ACCESS_ANYONE, .handle = sign_up_again_handle,
     .type = ROUTE_LEADS_ON},
    {"GET", "/campaigns/:slug/sent", ACCESS_LINK, .flags = ROUTE_NO_STORE,
     .queries = {{"h", QUERY_HANDLE}}, .handle = sent_show, .json = &answer_view},
    {"POST", "/campaigns/:slug/sent", ACCESS_LINK, .flags = ROUTE_NO_STORE | ROUTE_URGENT,
     .form = &code_form, .rate = RATE_CODE, .handle = code_handle, .show = sent_show,
     .json = &code_answer_view},
    {"GET", "/sign-ups/:token", ACCESS_LINK, .queries = {{"saved", QUERY_NAMES}},
     .flags = OWN_FLAGS, .handle = own_show, .json = &own_view},
    {"GET", "/sign-ups/:token/calendar.ics", ACCESS_LINK, .flags = OWN_FLAGS,
     .handle = own_calendar_handle, .type = "text/calendar"},
    {"GET", "/sign-ups/:token/confirm", ACCESS_LINK, .flags = OWN_FLAGS, .handle = own_again_handle,
     .type = ROUTE_LEADS_ON},
    {"GET", "/sign-ups/:token/change", ACCESS_LINK, .flags = OWN_FLAGS, .handle = own_again_handle,
     .type = ROUTE_LEADS_ON},
    {"GET", "/sign-ups/:token/cancel", ACCESS_LINK, .flags = OWN_FLAGS, .handle = own_again_handle,
     .type = ROUTE_LEADS_ON},
    {"POST", "/sign-ups/:token/confirm", ACCESS_LINK, .flags = OWN_FLAGS,
     .handle = own_confirm_handle, .show = own_show, .json = &own_view},
    {"POST", "/sign-ups/:token/change", ACCESS_LINK, .flags = OWN_FLAGS | ROUTE_ADDS_ERRORS,
     .form = &own_change_form, .handle = own_change_handle, .show = own_show, .json = &own_view},
    {"POST", "/sign-ups/:token/cancel", ACCESS_LINK, .flags = OWN_FLAGS,
     .handle = own_cancel_handle, .show = own_show, .json = &own_view},
    {"GET", "/campaigns/:slug/organise/people", LED,
     .queries = {{"state", QUERY_NAMES},
                 {"session", QUERY_HANDLE},
                 {"q", QUERY_WORDS},
                 {"mails", QUERY_NAMES},
                 {"after", QUERY_KEY}},
     .handle = people_show, .json = &participants_json},
    {"POST", "/campaigns/:slug/organise/people", LED, .form = &participant_add_form,
     .handle = people_add_handle, .show = people_new_show, .json = &participant_added_json,
     .json_status = 201},
    {"GET", "/campaigns/:slug/organise/people/new", LED, .handle = people_new_show},
    {"GET", "/campaigns/:slug/organise/people/:handle", LED, .handle = participant_show,
     .json = &participant_json},
    {"POST", "/campaigns/:slug/organise/people/:handle", LED, .form = &participant_change_form,
     .handle = participant_change_handle, .show = participant_show, .json = &participant_json},
    {"GET", "/campaigns/:slug/organise/people/:handle/remove", LED,
     .handle = participant_again_handle, .type = ROUTE_LEADS_ON},
    {"POST", "/campaigns/:slug/organise/people/:handle/remove", LED,
     .form = &participant_remove_form, .handle = participant_remove_handle,
     .show = participant_show, .json = &participant_json},
    {"GET", "/campaigns/:slug/organise/people/:handle/confirm", LED,
     .handle = participant_again_handle, .type = ROUTE_LEADS_ON},
    {"POST", "/campaigns/:slug/organise/people/:handle/confirm", LED,
     .handle = participant_confirm_handle, .show = participant_show, .json = &participant_json},
    {"GET", "/campaigns/:slug/organise/people/:handle/told", LED,
     .handle = participant_again_handle, .type = ROUTE_LEADS_ON},
    {"POST", "/campaigns/:slug/organise/people/:handle/told", LED,
     .handle = participant_told_handle, .show = participant_show, .json = &participant_json},
    {"GET", "/campaigns/:slug/organise/people.csv", LED, .handle = people_csv_again_handle,
     .type = ROUTE_LEADS_ON},
    {"POST", "/campaigns/:slug/organise/people.csv", LED, .handle = people_csv_handle,
     .type = "text/csv"},
    {"GET", "/campaigns/:slug/organise/list", LED,
     .queries = {{"session", QUERY_HANDLE}, {"after", QUERY_KEY}}, .handle = people_day_show},
    {.method = NULL},
};

const struct feature signups_feature = {
    .name = "signups",
    .migrations = signups_migrations,
    .routes = signup_routes,
    .jobs = signup_jobs,
    .panels = (const struct panel[]){{PANEL_CAMPAIGN, show_panel},
                                     {PANEL_ORGANISE, people_panel},
                                     {PANEL_ACCOUNT, sign_up_account_panel},
                                     {PANEL_SIGN_UP, sign_up_again_panel},
                                     {.show = NULL}},
    .hooks = (const struct hook[]){{ANNOUNCE_CAMPAIGN_REACHED, heard_reached},
                                   {ANNOUNCE_CAMPAIGN_MISSED, heard_over},
                                   {ANNOUNCE_CAMPAIGN_CANCELLED, heard_over},
                                   {ANNOUNCE_CAMPAIGN_EXTENDED, heard_extended},
                                   {ANNOUNCE_CAMPAIGN_REPORTED, heard_reported},
                                   {ANNOUNCE_CAMPAIGN_CHANGED, sign_up_heard_change},
                                   {ANNOUNCE_PERSON_ADDED, sign_up_heard_person},
                                   {ANNOUNCE_SESSION_MINUTES, sign_up_heard_minutes},
                                   {.heard = NULL}},
    .todos = people_todos,
    .export_person = sign_up_export_person,
    .forget_person = sign_up_forget_person,
    .check = sign_up_check,
};
