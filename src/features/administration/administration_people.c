/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The people of a community: who they are, what they may do, and inviting others. Whoever is not of
 * this community is not found here, whatever they are elsewhere. */
#include <stddef.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/audit/audit.h"
#include "core/logins/logins.h"
#include "core/outbox/outbox.h"
#include "core/people/people.h"
#include "features/administration/administration.html.h"
#include "features/administration/administration_local.h"
#include "features/administration/administration_mail.html.h"
#include "sys/lang.h"
#include "sys/mail.h"
#include "web/app.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

#define PEOPLE "/administration/people"

enum { PEOPLE_PAGE = 50 };

static const struct field_option roles[] = {
    {"member", N_("Member"), N_("Writes campaigns.")},
    {"facilitator", N_("Facilitator"), N_("Approves campaigns, and helps to lead every one.")},
    {"administrator", N_("Administrator"), N_("Settings, people, everything.")},
    {.value = NULL}};

const char *role_words(const struct lang *lang, const char *role)
{
    for (const struct field_option *option = roles; option->value; option++)
        if (str_equal(option->value, role))
            return lang_text(lang, option->label);
    return role;
}

struct invite {
    const char *email;
    const char *role;
};
const struct form invite_form = {
    "invite", sizeof(struct invite),
    (const struct field[]){
        {.name = "email",
         .label = N_("E-mail address"),
         .kind = FIELD_EMAIL,
         .required = true,
         .hint = N_("They get an e-mail that tells them how to come in."),
         .offset = offsetof(struct invite, email)},
        {.name = "role",
         .label = N_("Role"),
         .kind = FIELD_CHOICE,
         .required = true,
         .options = roles,
         .offset = offsetof(struct invite, role)},
        {.name = NULL},
    }};

struct role_change {
    const char *role;
    bool sure;
};
const struct form role_form = {
    "role", sizeof(struct role_change),
    (const struct field[]){
        {.name = "role",
         .label = N_("Role"),
         .kind = FIELD_CHOICE,
         .required = true,
         .options = roles,
         .offset = offsetof(struct role_change, role)},
        {.name = "sure",
         .label = N_("I know that this is my own account, and that I lose rights."),
         .kind = FIELD_BOOL,
         .offset = offsetof(struct role_change, sure)},
        {.name = NULL},
    }};

/* The list. */

struct people_list_view {
    const struct member_view *items;
    const struct offer_view *offers;
    const char *next;
};
static const struct view_field offer_fields[] = {
    {"id", VIEW_TEXT, offsetof(struct offer_view, handle)},
    {"email", VIEW_TEXT, offsetof(struct offer_view, email)},
    {"role", VIEW_TEXT, offsetof(struct offer_view, role), .words = role_names},
    {.name = NULL},
};
static const struct view offer_json = {"offer", offer_fields};
static const struct view_field member_fields[] = {
    {"id", VIEW_TEXT, offsetof(struct member_view, handle)},
    {"email", VIEW_TEXT, offsetof(struct member_view, email)},
    {"name", VIEW_TEXT, offsetof(struct member_view, name)},
    {"role", VIEW_TEXT, offsetof(struct member_view, role), .words = role_names},
    {"suspended", VIEW_BOOL, offsetof(struct member_view, is_suspended)},
    {.name = NULL},
};
const struct view member_json = {"member", member_fields};
static const struct view_field people_fields[] = {
    {"items", VIEW_LIST, offsetof(struct people_list_view, items), &member_json},
    {"offers", VIEW_LIST, offsetof(struct people_list_view, offers), &offer_json},
    {"next", VIEW_TEXT_OR_NULL, offsetof(struct people_list_view, next)},
    {.name = NULL},
};
const struct view members_json = {"members", people_fields};

static struct member_view *member_of(struct request *rq, const struct person *person)
{
    struct mem *mem = rq->work.mem;
    struct member_view *view = MEM_NEW(mem, struct member_view);
    *view = (struct member_view){
        .handle = person->handle,
        .path = path_make(mem, PEOPLE "/%s", person->handle),
        .name = *person->name ? person->name : person->email,
        .email = person->email,
        .role = role_name(person->role),
        .role_words = role_words(rq->lang, role_name(person->role)),
        .since = lang_date(rq->lang, mem, LANG_DATE, person->created_at, rq->work.community->zone),
        .is_suspended = !person_may_come_in(person),
        .is_barred = person->barred_at != 0,
    };
    return view;
}

/* The first PEOPLE_PAGE; `ret_last` is the handle of the last of them when there are more. */
static const struct member_view *members_of(struct request *rq, const struct person *person,
                                            const char **ret_last)
{
    const struct member_view *first = NULL;
    const struct member_view **end = &first;
    int count = 0;
    for (; person && count < PEOPLE_PAGE; person = person->next, count++) {
        struct member_view *view = member_of(rq, person);
        *ret_last = view->handle;
        *end = view;
        end = &view->next;
    }
    if (!person)
        *ret_last = NULL;
    return first;
}

/* The roles that wait for somebody. */
static const struct offer_view *offers_of(struct request *rq)
{
    const struct offer_view *first = NULL;
    const struct offer_view **end = &first;
    for (const struct role_offer *offer = role_offers(&rq->work); offer; offer = offer->next) {
        struct offer_view *view = MEM_NEW(rq->work.mem, struct offer_view);
        *view = (struct offer_view){
            .handle = offer->handle,
            .email = offer->email,
            .role = role_name(offer->role),
            .role_words = role_words(rq->lang, role_name(offer->role)),
            .until = lang_date(rq->lang, rq->work.mem, LANG_DATE, offer->created_at + OFFER_SECONDS,
                               rq->work.community->zone),
            .withdraw_path = path_make(rq->work.mem, PEOPLE "/offers/%s/withdraw", offer->handle),
        };
        *end = view;
        end = &view->next;
    }
    return first;
}

const struct refusal *members_show(struct request *rq)
{
    struct work *work = &rq->work;
    const char *query = request_query(rq, "q");
    const char *after = request_query(rq, "after");
    const struct person *last = *after ? person_get_by_handle(work, after) : NULL;
    const char *next = NULL;
    if (*after && !last)
        return &refusal_not_found;
    const struct person *people =
        *query ? people_search(work, query, PEOPLE_PAGE + 1)
               : people_newest(work, last ? last->id : (struct person_id){0}, PEOPLE_PAGE + 1);
    const struct member_view *members = members_of(rq, people, &next);
    const struct offer_view *offers = *query || *after ? NULL : offers_of(rq);
    if (rq->wants_json) {
        reply_json(rq, &members_json,
                   &(struct people_list_view){members, offers, *query ? NULL : next});
        return NULL;
    }
    const struct members_page view = {
        .query = query,
        .people = members,
        .offers = offers,
        .next_path = next && !*query ? path_make(work->mem, PEOPLE "?after=%s", next) : NULL,
        .is_cut = next && *query,
        .errors = form_summary(rq, &invite_form),
        .email = form_input_view(rq, &invite_form, "email", ""),
        .role = form_input_view(rq, &invite_form, "role", "member"),
        .is_invited = !rq->refusal && *request_query(rq, "invited"),
    };
    struct html *h = page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("People"))});
    members_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

/* Inviting: the role is theirs once they have come in, which is up to them. */

static void mail_invited(struct request *rq, const char *email, const char *role)
{
    struct work *work = &rq->work;
    const struct lang *lang = rq->lang;
    const struct invite_mail view = {
        .community = work->community->name,
        .role = role_words(lang, role),
        .by = *work->login->name ? work->login->name : work->login->email,
        .url = work_url(work, "/sign-in"),
    };
    struct html *html = outbox_part(work, lang);
    struct html *text = outbox_part(work, lang);
    invited_mail_html(html, &view);
    invited_mail_text(text, &view);
    outbox_add(work,
               &(struct outbox_mail){
                   .reason = "person_invite",
                   .kind = OUTBOX_ORGANISING,
                   .to_address = email,
                   .subject = lang_fill(work->mem, lang_text(lang, N_("Your place in {community}")),
                                        &(struct lang_hole){"community", view.community}, 1),
                   .text = outbox_part_text(text),
                   .html = outbox_part_text(html),
                   .lang = lang,
               });
}

static void note(struct work *work, enum audit_action action, struct person_id person,
                 const char *detail)
{
    audit_add(work, action, &(struct audit_object){.person = person}, detail);
}

const struct refusal *members_handle(struct request *rq)
{
    struct work *work = &rq->work;
    const struct invite *form = rq->input.parsed;
    const char *email = mail_address_normal(work->mem, form->email);
    const struct person *known = person_get_by_email(work, email);
    enum role role = ROLE_MEMBER;
    role_read(form->role, &role);
    if (known && known->role != ROLE_NONE) {
        form_error_add(work->mem, &rq->input, "email",
                       N_("This person is here already: their role is changed on their own page."),
                       0);
        return &refusal_fields;
    }
    role_offer(work, email, role);
    mail_invited(rq, email, form->role);
    note(work, AUDIT_PERSON_INVITE, (struct person_id){0}, form->role);
    reply_see_other(rq, PEOPLE "?invited=1");
    return NULL;
}

const struct refusal *offer_withdraw_handle(struct request *rq)
{
    if (!role_offer_withdraw(&rq->work, rq->params[0]))
        return &refusal_not_found;
    note(&rq->work, AUDIT_PERSON_UNINVITE, (struct person_id){0}, "");
    reply_see_other(rq, PEOPLE);
    return NULL;
}

/* One person. */

/* NULL: nobody of this community is called so. */
static const struct person *person_of_path(struct request *rq)
{
    const struct person *person = person_get_by_handle(&rq->work, rq->params[0]);
    return person && person->role != ROLE_NONE ? person : NULL;
}

static const char *part_path(struct request *rq, const char *part)
{
    return mem_printf(rq->work.mem, "%s/%s", path_make(rq->work.mem, PEOPLE "/%s", rq->params[0]),
                      part);
}

const struct refusal *member_show(struct request *rq)
{
    const struct person *person = person_of_path(rq);
    if (!person)
        return &refusal_not_found;
    const struct member_view *member = member_of(rq, person);
    if (rq->wants_json) {
        reply_json(rq, &member_json, member);
        return NULL;
    }
    const struct form_summary *errors = form_summary(rq, &role_form);
    const struct member_page view = {
        .person = member,
        .is_oneself = person->id.n == rq->work.login->person.n,
        .refusal = rq->refusal && !errors ? lang_text(rq->lang, rq->refusal->sentence) : NULL,
        .errors = errors,
        .role = form_input_view(rq, &role_form, "role", member->role),
        .sure = form_input_view(rq, &role_form, "sure", ""),
        .role_path = part_path(rq, "role"),
        .suspend_path = part_path(rq, "suspend"),
        .lift_path = part_path(rq, "lift"),
        .sign_out_path = part_path(rq, "sign-out"),
    };
    struct html *h = page_begin(rq, &(struct page){.title = member->name});
    member_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

const struct refusal *member_again_handle(struct request *rq)
{
    reply_see_other(rq, path_make(rq->work.mem, PEOPLE "/%s", rq->params[0]));
    return NULL;
}

const struct refusal *member_role_handle(struct request *rq)
{
    struct work *work = &rq->work;
    const struct role_change *form = rq->input.parsed;
    const struct person *person = person_of_path(rq);
    enum role role = ROLE_MEMBER;
    if (!person)
        return &refusal_not_found;
    role_read(form->role, &role);
    bool is_oneself = person->id.n == work->login->person.n;
    if (is_oneself && role != person->role && !form->sure) {
        form_error_add(work->mem, &rq->input, "sure",
                       N_("Please tick this box if you really want to."), 0);
        return &refusal_fields;
    }
    const struct refusal *refusal = person_give_role(work, person, role);
    if (refusal)
        return refusal;
    if (role != person->role)
        note(work, AUDIT_PERSON_ROLE, person->id, form->role);
    if (is_oneself && role != ROLE_ADMINISTRATOR)
        reply_see_other(rq, "/account");
    else
        member_again_handle(rq);
    return NULL;
}

const struct refusal *member_suspend_handle(struct request *rq)
{
    const struct person *person = person_of_path(rq);
    if (!person)
        return &refusal_not_found;
    const struct refusal *refusal = person_shut_out(&rq->work, person);
    if (refusal)
        return refusal;
    login_end_here(&rq->work, person->id, (struct login_id){0});
    note(&rq->work, AUDIT_PERSON_SUSPEND, person->id, "");
    return member_again_handle(rq);
}

const struct refusal *member_lift_handle(struct request *rq)
{
    const struct person *person = person_of_path(rq);
    if (!person)
        return &refusal_not_found;
    membership_suspend(&rq->work, person->id, false);
    note(&rq->work, AUDIT_PERSON_LIFT, person->id, "");
    return member_again_handle(rq);
}

const struct refusal *member_sign_out_handle(struct request *rq)
{
    const struct person *person = person_of_path(rq);
    if (!person)
        return &refusal_not_found;
    bool is_oneself = person->id.n == rq->work.login->person.n;
    login_end_here(&rq->work, person->id, is_oneself ? rq->work.login->id : (struct login_id){0});
    note(&rq->work, AUDIT_PERSON_SIGN_OUT, person->id, "");
    return member_again_handle(rq);
}
