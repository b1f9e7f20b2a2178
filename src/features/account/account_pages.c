/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Signing in and out: the form, the page for the code, the link of the mail, the install's first
 * link. A GET never signs in: mail scanners follow links. One's own page is in account_own_pages.c;
 * the feature's routes and card are here. */
#include <jansson.h>
#include <stddef.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/logins/logins.h"
#include "core/people/people.h"
#include "features/account/account.html.h"
#include "features/account/account_local.h"
#include "features/account/account_pages_local.h"
#include "migrations.h"
#include "sys/lang.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

/* Which sign-in this browser asked for. */
#define SIGN_IN_COOKIE "sign_in"

struct sign_in_form {
    const char *email;
    const char *next;
};
static const struct form sign_in_form = {"sign-in", sizeof(struct sign_in_form),
                                         (const struct field[]){
                                             {.name = "email",
                                              .label = N_("Your e-mail address"),
                                              .kind = FIELD_EMAIL,
                                              .required = true,
                                              .autocomplete = "email",
                                              .offset = offsetof(struct sign_in_form, email)},
                                             {.name = "next",
                                              .label = N_("Back to"),
                                              .kind = FIELD_PATH,
                                              .offset = offsetof(struct sign_in_form, next)},
                                             {.name = NULL},
                                         }};

struct sign_in_code_form {
    const char *code;
};
static const struct form sign_in_code_form = {
    "sign-in-code", sizeof(struct sign_in_code_form),
    (const struct field[]){
        {.name = "code",
         .label = N_("Or type the code from the e-mail here"),
         .kind = FIELD_CODE,
         .required = true,
         .hint = N_("Six digits. Handy when your e-mail is on another device."),
         .offset = offsetof(struct sign_in_code_form, code)},
        {.name = NULL},
    }};

struct first_link_form {
    const char *name;
    const char *email;
};
static const struct form first_link_form = {
    "first", sizeof(struct first_link_form),
    (const struct field[]){
        {.name = "name",
         .label = N_("Your name"),
         .kind = FIELD_LINE,
         .required = true,
         .min = 1,
         .max = NAME_CHARS_MAX,
         .autocomplete = "name",
         .hint = N_("As people know you: it stands on what you publish."),
         .offset = offsetof(struct first_link_form, name)},
        {.name = "email",
         .label = N_("Your e-mail address"),
         .kind = FIELD_EMAIL,
         .required = true,
         .autocomplete = "email",
         .hint = N_("You will sign in with it. Please look twice: nothing else leads back in."),
         .offset = offsetof(struct first_link_form, email)},
        {.name = NULL},
    }};

struct sign_in_answer {
    const char *url;
};
static const struct view_field answer_fields[] = {
    {"url", VIEW_TEXT, offsetof(struct sign_in_answer, url)},
    {.name = NULL},
};
static const struct view answer_view = {"sign_in_answer", answer_fields};

/* The answer leads on; scripts get the address. */
static void reply_go_on(struct request *rq, const char *path)
{
    if (rq->wants_json)
        reply_json(rq, &answer_view, &(struct sign_in_answer){work_url(&rq->work, path)});
    else
        reply_see_other(rq, path);
}

/* Asking. */

static const struct refusal *sign_in_show(struct request *rq)
{
    const struct sign_in_form *typed = rq->input.parsed;
    const char *asked = typed ? typed->next : request_query(rq, "next");
    const char *next = path_is_local(asked) ? asked : "";
    if (rq->work.login && !rq->refusal) {
        reply_see_other(rq, *next ? next : "/account");
        return NULL;
    }
    const struct sign_in_page view = {
        .errors = form_summary(rq, &sign_in_form),
        .email = form_input_view(rq, &sign_in_form, "email", ""),
        .next = next,
    };
    struct html *h = page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("Sign in"))});
    sign_in_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

static const struct refusal *sign_in_handle(struct request *rq)
{
    const struct sign_in_form *form = rq->input.parsed;
    struct sign_in_secrets secrets;
    const struct refusal *refusal =
        sign_in_ask(&rq->work, form->email, form->next, rq->lang, &secrets);
    if (refusal)
        return refusal;
    reply_go_on(rq, "/sign-in/code");
    reply_cookie(rq, SIGN_IN_COOKIE, secrets.browser, SIGN_IN_SECONDS);
    return NULL;
}

/* The code. */

static const struct refusal *code_show(struct request *rq)
{
    struct work *work = &rq->work;
    const struct sign_in *sign_in = sign_in_by_browser(work, request_cookie(rq, SIGN_IN_COOKIE));
    if (!sign_in && !rq->refusal) {
        reply_see_other(rq, work->login ? "/account" : "/sign-in");
        return NULL;
    }
    int64_t until = sign_in ? sign_in->expires_at : work->now;
    const struct sign_in_code_page view = {
        .errors = form_summary(rq, &sign_in_code_form),
        .code = form_input_view(rq, &sign_in_code_form, "code", ""),
        .valid_until = lang_date(rq->lang, work->mem, LANG_TIME, until, work->community->zone),
    };
    struct html *h =
        page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("Check your e-mail"))});
    sign_in_code_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

/* Signs in with what was confirmed, and goes where one wanted to; who is something else from now on
 * reads that first. */
static const struct refusal *sign_in_end(struct request *rq, const struct sign_in *sign_in)
{
    struct sign_in_outcome outcome;
    const struct refusal *refusal = sign_in_use(&rq->work, sign_in, &outcome);
    if (refusal)
        return refusal;
    const char *next = *sign_in->next ? sign_in->next : "/account";
    if (outcome.has_new_role)
        next = path_make(rq->work.mem, "/account?new=role&next=%s", sign_in->next);
    reply_go_on(rq, next);
    reply_cookie(rq, SIGN_IN_COOKIE, "", 0);
    login_begin(rq, outcome.person);
    return NULL;
}

static const struct refusal *code_handle(struct request *rq)
{
    const struct sign_in_code_form *form = rq->input.parsed;
    const struct sign_in *sign_in = NULL;
    const struct refusal *refusal =
        sign_in_check_code(&rq->work, request_cookie(rq, SIGN_IN_COOKIE), form->code, &sign_in);
    if (refusal)
        form_error_add(rq->work.mem, &rq->input, "code", refusal->sentence, 0);
    return refusal ? refusal : sign_in_end(rq, sign_in);
}

/* The link. */

static const struct refusal *gone_show(struct request *rq, bool is_first)
{
    const struct page page = {.title = lang_text(rq->lang, N_("This link is no longer valid"))};
    struct html *h = page_begin(rq, &page);
    sign_in_gone_page(h, is_first);
    page_end(rq, h, 404);
    return NULL;
}

/* The sign-in of the path, NULL when it is gone; the first link is another address's. */
static const struct sign_in *sign_in_of_path(struct request *rq, bool is_first)
{
    const struct sign_in *sign_in = sign_in_by_link(&rq->work, rq->params[0]);
    return sign_in && str_is_empty(sign_in->email) == is_first ? sign_in : NULL;
}

static const struct refusal *link_show(struct request *rq)
{
    const struct sign_in *sign_in = sign_in_of_path(rq, false);
    if (!sign_in)
        return rq->wants_json ? &refusal_not_found : gone_show(rq, false);
    const struct person *person = person_get_by_email(&rq->work, sign_in->email);
    bool is_shut_out = person && !person_may_come_in(person);
    const struct refusal *refusal = is_shut_out ? &account_suspended : rq->refusal;
    const struct sign_in_link_page view = {
        .refusal = refusal ? lang_text(rq->lang, refusal->sentence) : NULL,
        .action = is_shut_out ? NULL : path_make(rq->work.mem, "/sign-in/link/%s", rq->params[0]),
        .email = sign_in->email,
    };
    struct html *h = page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("Sign in"))});
    sign_in_link_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

static const struct refusal *link_handle(struct request *rq)
{
    const struct sign_in *sign_in = sign_in_of_path(rq, false);
    return sign_in ? sign_in_end(rq, sign_in) : &refusal_not_found;
}

/* The first link. */

static const struct refusal *first_show(struct request *rq)
{
    if (!sign_in_of_path(rq, true))
        return rq->wants_json ? &refusal_not_found : gone_show(rq, true);
    const struct first_link_page view = {
        .errors = form_summary(rq, &first_link_form),
        .name = form_input_view(rq, &first_link_form, "name", ""),
        .email = form_input_view(rq, &first_link_form, "email", ""),
        .action = path_make(rq->work.mem, "/first/%s", rq->params[0]),
    };
    struct html *h = page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("Welcome"))});
    first_link_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

static const struct refusal *first_handle(struct request *rq)
{
    const struct first_link_form *form = rq->input.parsed;
    const struct sign_in *sign_in = sign_in_of_path(rq, true);
    struct person_id person;
    if (!sign_in)
        return &refusal_not_found;
    const struct first_person first = {form->name, form->email, lang_code(rq->lang)};
    const struct refusal *refusal = first_link_use(&rq->work, sign_in, &first, &person);
    if (refusal)
        return refusal;
    reply_go_on(rq, "/administration");
    login_begin(rq, person);
    return NULL;
}

static const struct refusal *sign_out_handle(struct request *rq)
{
    reply_go_on(rq, "/");
    login_end(rq);
    return NULL;
}

/* The card. */

static void forget_run(struct work *work, struct job *job)
{
    bool more = sign_ins_forget(work, work->now) == JOB_PAGE_ROWS;
    job->again_at = work->now + (more ? 0 : HOUR_SECONDS);
}

static void export_person(struct work *work, const char *email, json_t *object)
{
    json_t *list = json_array();
    for (const struct sign_in_times *times = sign_ins_list(work, email); times; times = times->next)
        json_array_append_new(list, json_pack("{s:s, s:b}", "created_at",
                                              time_rfc3339(work->mem, times->created_at), "used",
                                              times->used_at > 0));
    json_object_set_new(object, "sign_ins", list);
}

static void forget_person(struct work *work, const char *email)
{
    sign_ins_delete(work, email);
}

#define OWN_QUERIES                                                                                \
    {                                                                                              \
        {"new", QUERY_NAMES},                                                                      \
        {                                                                                          \
            "next", QUERY_PATH                                                                     \
        }                                                                                          \
    }
#define OPEN (ROUTE_NO_STORE | ROUTE_URGENT)
#define SECRET (ROUTE_SECRET_PATH | ROUTE_URGENT)

static const struct route account_routes[] = {
    {"GET", "/sign-in", ACCESS_ANYONE, .flags = ROUTE_NO_STORE, .queries = {{"next", QUERY_PATH}},
     .handle = sign_in_show},
    {"POST", "/sign-in", ACCESS_ANYONE, .flags = OPEN, .form = &sign_in_form, .rate = RATE_MAIL,
     .handle = sign_in_handle, .show = sign_in_show, .json = &answer_view},
    {"GET", "/sign-in/code", ACCESS_ANYONE, .flags = ROUTE_NO_STORE, .handle = code_show},
    {"POST", "/sign-in/code", ACCESS_ANYONE, .flags = OPEN, .form = &sign_in_code_form,
     .rate = RATE_CODE, .handle = code_handle, .show = code_show, .json = &answer_view},
    {"GET", "/sign-in/link/:token", ACCESS_LINK, .flags = SECRET, .handle = link_show},
    {"POST", "/sign-in/link/:token", ACCESS_LINK, .flags = SECRET, .handle = link_handle,
     .show = link_show, .json = &answer_view},
    {"GET", "/first/:token", ACCESS_LINK, .flags = SECRET, .handle = first_show},
    {"POST", "/first/:token", ACCESS_LINK, .flags = SECRET, .form = &first_link_form,
     .handle = first_handle, .show = first_show, .json = &answer_view},
    {"POST", "/sign-out", ACCESS_ANYONE, .flags = OPEN, .handle = sign_out_handle,
     .json = &answer_view},
    {"GET", "/account", ACCESS_SIGNED_IN, .queries = OWN_QUERIES, .handle = own_page_show,
     .json = &account_view},
    {"POST", "/account", ACCESS_SIGNED_IN, .queries = OWN_QUERIES, .form = &own_page_form,
     .handle = own_page_handle, .show = own_page_show},
    {"POST", "/account/language", ACCESS_SIGNED_IN, .queries = OWN_QUERIES,
     .form = &own_language_form, .handle = own_language_handle, .show = own_page_show},
    {"POST", "/account/logins/end", ACCESS_SIGNED_IN, .handle = own_logins_end_handle},
    {"POST", "/account/logins/:handle/end", ACCESS_SIGNED_IN, .handle = own_login_end_handle},
    {.method = NULL},
};

const struct feature account_feature = {
    .name = "account",
    .migrations = account_migrations,
    .routes = account_routes,
    .jobs =
        (const struct job_kind[]){{"account.forget", forget_run, .always = true}, {.name = NULL}},
    .export_person = export_person,
    .forget_person = forget_person,
};
