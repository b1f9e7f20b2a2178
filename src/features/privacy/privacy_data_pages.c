/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages of one's own data: asking for the link, what it opens, taking along, erasing; and the
 * routes and the card of the feature. */
#include <jansson.h>
#include <stddef.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/outbox/outbox.h"
#include "core/people/people.h"
#include "features/privacy/privacy.html.h"
#include "features/privacy/privacy_local.h"
#include "features/signups/signups.h"
#include "migrations.h"
#include "sys/lang.h"
#include "web/login.h"
#include "web/page.h"
#include "web/request.h"

struct ask {
    const char *email;
    const char *from; /* the token of one's own sign-up, or of the page of one's e-mails */
};
struct erasing {
    bool sure;
};

/* clang-format off */
static const struct form data_ask_form = {"my-data", sizeof(struct ask), (const struct field[]){
    {.name = "email", .label = N_("Your e-mail address"), .kind = FIELD_EMAIL,
     .autocomplete = "email", .hint = N_("The one that you gave here."),
     .offset = offsetof(struct ask, email)},
    {.name = "from", .label = N_("From"), .kind = FIELD_HANDLE_OR_NONE, .min = 1, .max = 200,
     .offset = offsetof(struct ask, from)},
    {.name = NULL},
}};
static const struct form data_erase_form = {"erase", sizeof(struct erasing), (const struct field[]){
    {.name = "sure", .label = N_("Yes, erase all of it. It cannot be undone."), .kind = FIELD_BOOL,
     .offset = offsetof(struct erasing, sure)},
    {.name = NULL},
}};
/* clang-format on */

/* Asking. */

static const struct refusal *data_ask_show(struct request *rq)
{
    const struct login *login = rq->work.login;
    const struct data_ask_page view = {
        .errors = form_summary(rq, &data_ask_form),
        .email = form_input_view(rq, &data_ask_form, "email", login ? login->email : ""),
    };
    struct html *h = page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("My data"))});
    data_ask_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

/* Whose data is asked for: of an address that was typed, of the page one comes from, or of who is
 * signed in. NULL: nobody's. */
static const char *asked_email(struct request *rq, const struct ask *form)
{
    if (!str_is_empty(form->email))
        return form->email;
    if (!str_is_empty(form->from)) {
        const struct sign_up *sign_up = sign_up_get_by_token(&rq->work, form->from);
        return sign_up ? sign_up->email : outbox_address_by_token(&rq->work, form->from);
    }
    return rq->work.login ? rq->work.login->email : NULL;
}

static const struct refusal *data_ask_handle(struct request *rq)
{
    const char *email = asked_email(rq, rq->input.parsed);
    if (!email) {
        form_error_add(rq->work.mem, &rq->input, "email", N_("Please give your e-mail address."),
                       0);
        return &refusal_fields;
    }
    const struct refusal *refusal = data_ask(&rq->work, email, rq->lang);
    if (!refusal)
        reply_see_other(rq, "/my-data/sent");
    return refusal;
}

static const struct refusal *data_sent_show(struct request *rq)
{
    struct html *h =
        page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("Check your e-mail"))});
    data_sent_page(h);
    page_end(rq, h, 200);
    return NULL;
}

/* What the link opens. */

static const char *const kinds[][2] = {
    {"account", N_("Your account")},
    {"offers", N_("Roles that were offered to you")},
    {"logins", N_("Browsers in which you are signed in")},
    {"sign_ins", N_("Sign-ins that were asked for")},
    {"acts", N_("What you did as an organiser or administrator")},
    {"mails", N_("E-mails to you: when, and why")},
    {"mails_switched_off", N_("E-mails that you switched off")},
    {"campaigns", N_("Campaigns that you lead")},
    {"sign_ups", N_("Sign-ups")},
    {"invitations", N_("Invitations to lead a campaign")},
    {"messages", N_("Messages that you wrote to participants")},
    {"reports", N_("Numbers and words that you told")},
    {"flags", N_("What you said was wrong with a page")},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static const struct data_count *counts_of(struct request *rq, const char *email)
{
    const struct data_count *first = NULL;
    json_t *object = data_export(&rq->work, email);
    const char *name;
    json_t *part;
    for (int i = KINDS - 1; i >= 0; i--) {
        name = kinds[i][0];
        part = json_object_get(object, name);
        int64_t count = json_is_object(part) ? 1 : json_integer_value(part);
        if (json_is_array(part))
            count = (int64_t)json_array_size(part);
        if (count == 0)
            continue;
        struct data_count *line = MEM_NEW(rq->work.mem, struct data_count);
        *line = (struct data_count){first, lang_text(rq->lang, kinds[i][1]), count};
        first = line;
    }
    json_decref(object);
    return first;
}

static const char *link_path(struct request *rq, const char *verb)
{
    return path_make(rq->work.mem, "/my-data/%s/%s", rq->params[0], verb);
}

static const struct refusal *data_show(struct request *rq)
{
    const char *email = data_of_token(&rq->work, rq->params[0]);
    if (!email)
        return &refusal_not_found;
    const struct refusal *stays = data_refuses_erasing(&rq->work, email);
    const struct data_page view = {
        .email = email,
        .counts = counts_of(rq, email),
        .json_path = link_path(rq, "data.json"),
        .csv_path = link_path(rq, "data.csv"),
        .erase_path = link_path(rq, "erase"),
        .refusal = stays ? lang_text(rq->lang, stays->sentence) : NULL,
        .errors = form_summary(rq, &data_erase_form),
        .sure = form_input_view(rq, &data_erase_form, "sure", ""),
    };
    struct html *h = page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("My data"))});
    data_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

/* Taking along. */

static const struct refusal *reply_data(struct request *rq, const char *email, bool as_table)
{
    if (!email)
        return &refusal_not_found;
    data_file_reply(rq, email, as_table);
    return NULL;
}

static const struct refusal *data_json_handle(struct request *rq)
{
    return reply_data(rq, data_of_token(&rq->work, rq->params[0]), false);
}

static const struct refusal *data_csv_handle(struct request *rq)
{
    return reply_data(rq, data_of_token(&rq->work, rq->params[0]), true);
}

static const struct refusal *own_data_json_handle(struct request *rq)
{
    return reply_data(rq, rq->work.login->email, false);
}

static const struct refusal *own_data_csv_handle(struct request *rq)
{
    return reply_data(rq, rq->work.login->email, true);
}

/* Erasing. */

static const struct refusal *data_erase_handle(struct request *rq)
{
    struct work *work = &rq->work;
    const struct erasing *form = rq->input.parsed;
    const char *email = data_of_token(work, rq->params[0]);
    if (!email)
        return &refusal_not_found;
    if (!form->sure) {
        form_error_add(work->mem, &rq->input, "sure",
                       N_("Please say that you are sure: it cannot be undone."), 0);
        return &refusal_fields;
    }
    bool is_own = work->login && str_equal(work->login->email, email);
    const struct refusal *refusal = data_erase(work, email, rq->lang);
    if (refusal)
        return refusal;
    reply_see_other(rq, "/my-data/gone");
    if (is_own)
        reply_cookie(rq, LOGIN_COOKIE, "", 0);
    return NULL;
}

static const struct refusal *data_gone_show(struct request *rq)
{
    struct html *h =
        page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("Your data is erased"))});
    data_gone_page(h);
    page_end(rq, h, 200);
    return NULL;
}

/* Opened again after a refusal. */
static const struct refusal *erase_again_handle(struct request *rq)
{
    reply_see_other(rq, path_make(rq->work.mem, "/my-data/%s", rq->params[0]));
    return NULL;
}

/* The card. */

static void account_panel(struct request *rq, struct html *h, int64_t person_id)
{
    (void)rq, (void)person_id; /* the page is one's own */
    data_account(h);
}

static void sign_up_panel(struct request *rq, struct html *h, int64_t sign_up_id)
{
    const struct sign_up *sign_up = sign_up_get(&rq->work, (struct sign_up_id){sign_up_id});
    if (sign_up)
        data_ask_button(h, sign_up_token(&rq->work, sign_up));
}

static void mails_panel(struct request *rq, struct html *h, int64_t object_id)
{
    (void)object_id; /* an address has none: the path holds its token */
    data_ask_button(h, rq->params[0]);
}

static void administration_panel(struct request *rq, struct html *h, int64_t community_id)
{
    (void)community_id;
    const struct privacy_settings settings = privacy_settings_get(&rq->work);
    const char *missing = privacy_missing(rq, &settings);
    if (missing)
        legal_missing(h, missing);
}

static void export_person(struct work *work, const char *email, json_t *object)
{
    json_object_set_new(object, "data_links",
                        json_integer(data_links_count(work, email, work->now - DAY_SECONDS)));
}

static void forget_person(struct work *work, const char *email)
{
    const struct person *person = person_get_by_email(work, email);
    data_links_delete(work, email);
    erasings_delete(work, email);
    if (person)
        idle_drop(work, person->id);
}

/* clang-format off */
enum { SECRET = ROUTE_SECRET_PATH };
static const struct route privacy_routes[] = {
    {"GET", "/my-data", ACCESS_ANYONE, .flags = ROUTE_NO_STORE, .handle = data_ask_show},
    {"POST", "/my-data", ACCESS_ANYONE, .flags = ROUTE_NO_STORE, .form = &data_ask_form,
     .rate = RATE_MAIL, .handle = data_ask_handle, .show = data_ask_show},
    {"GET", "/my-data/sent", ACCESS_ANYONE, .flags = ROUTE_NO_STORE, .handle = data_sent_show},
    {"GET", "/my-data/gone", ACCESS_ANYONE, .flags = ROUTE_NO_STORE, .handle = data_gone_show},
    {"GET", "/my-data/:token", ACCESS_LINK, .flags = SECRET, .handle = data_show},
    {"GET", "/my-data/:token/data.json", ACCESS_LINK, .flags = SECRET, .handle = data_json_handle,
     .type = "application/json"},
    {"GET", "/my-data/:token/data.csv", ACCESS_LINK, .flags = SECRET, .handle = data_csv_handle,
     .type = "text/csv"},
    {"GET", "/my-data/:token/erase", ACCESS_LINK, .flags = SECRET, .handle = erase_again_handle,
     .type = ROUTE_LEADS_ON},
    {"POST", "/my-data/:token/erase", ACCESS_LINK, .flags = SECRET, .form = &data_erase_form,
     .handle = data_erase_handle, .show = data_show},
    {"GET", "/account/data.json", ACCESS_SIGNED_IN, .handle = own_data_json_handle,
     .type = "application/json"},
    {"GET", "/account/data.csv", ACCESS_SIGNED_IN, .handle = own_data_csv_handle,
     .type = "text/csv"},
    {"GET", "/legal", ACCESS_ANYONE, .flags = ROUTE_CACHED, .handle = legal_show},
    {"GET", "/privacy", ACCESS_ANYONE, .flags = ROUTE_CACHED, .handle = privacy_show},
    {"GET", "/terms", ACCESS_ANYONE, .flags = ROUTE_CACHED, .handle = terms_show},
    {"GET", "/accessibility", ACCESS_ANYONE, .flags = ROUTE_CACHED, .handle = accessibility_show},
    {"GET", "/.well-known/security.txt", ACCESS_ANYONE, .flags = ROUTE_NO_STORE,
     .handle = security_txt_handle, .type = "text/plain"},
    {"GET", "/administration/legal", ACCESS_ADMINISTRATOR, .queries = {{"saved", QUERY_NAMES}},
     .handle = privacy_settings_show},
    {"POST", "/administration/legal", ACCESS_ADMINISTRATOR, .queries = {{"saved", QUERY_NAMES}},
     .form = &privacy_form, .handle = privacy_settings_handle, .show = privacy_settings_show},
    {.method = NULL},
};
/* clang-format on */

const struct feature privacy_feature = {
    .name = "privacy",
    .migrations = privacy_migrations,
    .routes = privacy_routes,
    .jobs =
        (const struct job_kind[]){{JOB_FAREWELL, privacy_farewell_run},
                                  {JOB_ERASE, privacy_erase_run},
                                  {"privacy.links", privacy_links_run, .always = true},
                                  {"privacy.names", privacy_names_run, .always = true},
                                  {"privacy.unconfirmed", privacy_unconfirmed_run, .always = true},
                                  {"privacy.idle", privacy_idle_run, .always = true},
                                  {.name = NULL}},
    .panels = (const struct panel[]){{PANEL_ACCOUNT, account_panel},
                                     {PANEL_OWN, sign_up_panel},
                                     {PANEL_MAILS, mails_panel},
                                     {PANEL_ADMINISTRATION, administration_panel},
                                     {.show = NULL}},
    .hooks = (const struct hook[]){{ANNOUNCE_CAMPAIGN_REPORTED, privacy_heard_end},
                                   {ANNOUNCE_CAMPAIGN_MISSED, privacy_heard_end},
                                   {ANNOUNCE_CAMPAIGN_CANCELLED, privacy_heard_end},
                                   {ANNOUNCE_CAMPAIGN_UNDER_WAY, privacy_heard_under_way},
                                   {ANNOUNCE_CAMPAIGN_OPENED, privacy_heard_opened},
                                   {.heard = NULL}},
    .export_person = export_person,
    .forget_person = forget_person,
    .check = privacy_check,
};
