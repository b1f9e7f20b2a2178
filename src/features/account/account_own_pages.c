/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One's own page: what other features keep for a person (their panels), how they are called, in
 * which language they are written to, and where they are signed in. */
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
#include "sys/lang.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

struct own_page_form {
    const char *name;
};
const struct form own_page_form = {"account", sizeof(struct own_page_form),
                                   (const struct field[]){
                                       {.name = "name",
                                        .label = N_("Your name"),
                                        .kind = FIELD_LINE,
                                        .required = true,
                                        .min = 1,
                                        .max = NAME_CHARS_MAX,
                                        .autocomplete = "name",
                                        .hint = N_("As people know you: it stands on what you "
                                                   "publish."),
                                        .offset = offsetof(struct own_page_form, name)},
                                       {.name = NULL},
                                   }};

struct own_language_form {
    const char *language;
};
static const struct field_option languages[] = {
    {"fr", N_("In French"), NULL}, {"en", N_("In English"), NULL}, {.value = NULL}};
const struct form own_language_form = {
    "account-language", sizeof(struct own_language_form),
    (const struct field[]){
        {.name = "language",
         .label = N_("We write to you"),
         .kind = FIELD_CHOICE,
         .required = true,
         .options = languages,
         .hint = N_("E-mails about a sign-up come in the language in which it was made."),
         .offset = offsetof(struct own_language_form, language)},
        {.name = NULL},
    }};

struct account_json {
    const char *email;
    const char *name;
    const char *language;
    const char *role;
};
static const struct view_field account_fields[] = {
    {"email", VIEW_TEXT, offsetof(struct account_json, email)},
    {"name", VIEW_TEXT, offsetof(struct account_json, name)},
    {"language", VIEW_TEXT, offsetof(struct account_json, language)},
    {"role", VIEW_TEXT, offsetof(struct account_json, role), .words = role_names},
    {.name = NULL},
};
const struct view account_view = {"account", account_fields};

static const struct login_view *logins_of(struct request *rq)
{
    struct work *work = &rq->work;
    const struct login_view *first = NULL;
    const struct login_view **end = &first;
    for (const struct login_row *row = login_list(work, work->login->person); row;
         row = row->next) {
        struct login_view *view = MEM_NEW(work->mem, struct login_view);
        view->agent = row->agent;
        view->seen =
            lang_date(rq->lang, work->mem, LANG_DATE_SHORT, row->seen_at, work->community->zone);
        view->end_path = path_make(work->mem, "/account/logins/%s/end", row->handle);
        view->is_this = row->id.n == work->login->id.n;
        *end = view;
        end = &view->next;
    }
    return first;
}

/* What they are: nobody is something because an address says so. */
static const char *new_role_words(struct request *rq)
{
    const char *words = NULL;
    if (rq->work.login->role == ROLE_FACILITATOR)
        words =
            N_("You are now a facilitator of {community}: you can help with every campaign, and "
               "approve those that wait.");
    if (rq->work.login->role == ROLE_ADMINISTRATOR)
        words = N_("You are now an administrator of {community}: its settings and its people are "
                   "in your care.");
    const struct lang_hole hole = {"community", rq->work.community->name};
    return words ? lang_fill(rq->work.mem, lang_text(rq->lang, words), &hole, 1) : NULL;
}

const struct refusal *own_page_show(struct request *rq)
{
    const struct login *login = rq->work.login;
    const struct person *person = person_get(&rq->work, login->person);
    const char *language = person ? person->language : "";
    if (rq->wants_json) {
        reply_json(
            rq, &account_view,
            &(struct account_json){login->email, login->name, language, role_name(login->role)});
        return NULL;
    }
    const char *next = request_query(rq, "next");
    const char *new = request_query(rq, "new");
    const struct login_view *logins = logins_of(rq);
    const struct account_page view = {
        .email = login->email,
        .greeting = login->name,
        .errors = form_summary(rq, &own_page_form),
        .name = form_input_view(rq, &own_page_form, "name", login->name),
        .language_errors = form_summary(rq, &own_language_form),
        .language = form_input_view(rq, &own_language_form, "language", language),
        .has_new_language = !rq->refusal && str_equal(new, "language"),
        .logins = logins,
        .has_others = logins && logins->next,
        .new_role = str_equal(new, "role") ? new_role_words(rq) : NULL,
        .next = path_is_local(next) ? next : "",
        .is_administrator = login->role == ROLE_ADMINISTRATOR,
        .panels = page_panels(rq, PANEL_ACCOUNT, login->person.n),
    };
    struct html *h = page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("My page"))});
    account_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

const struct refusal *own_page_handle(struct request *rq)
{
    const struct own_page_form *form = rq->input.parsed;
    person_rename(&rq->work, rq->work.login->person, form->name);
    reply_see_other(rq, "/account");
    return NULL;
}

const struct refusal *own_language_handle(struct request *rq)
{
    const struct own_language_form *form = rq->input.parsed;
    person_set_language(&rq->work, rq->work.login->person, form->language);
    reply_see_other(rq, "/account?new=language#language");
    return NULL;
}

const struct refusal *own_login_end_handle(struct request *rq)
{
    if (!login_end_by_handle(&rq->work, rq->work.login->person, rq->params[0]))
        return &refusal_not_found;
    reply_see_other(rq, "/account");
    return NULL;
}

const struct refusal *own_logins_end_handle(struct request *rq)
{
    login_end_all(&rq->work, rq->work.login->person, rq->work.login->id);
    reply_see_other(rq, "/account");
    return NULL;
}
