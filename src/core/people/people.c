/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules of people: an account is one for all communities, a role is of one community. Rows are
 * read anew for each request and never kept, so that who loses a right loses it at once. */
#include "core/people/people.h"

#include <assert.h>
#include <jansson.h>

#include "base/limits.h"
#include "base/refusal.h"
#include "base/str.h"
#include "base/time.h"
#include "core/people/people_local.h"
#include "migrations.h"
#include "sys/words.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/work.h"

const char *const role_names[] = {
    [ROLE_NONE] = "none",
    [ROLE_MEMBER] = "member",
    [ROLE_FACILITATOR] = "facilitator",
    [ROLE_ADMINISTRATOR] = "administrator",
    NULL,
};
enum { PERSON_HANDLE_CHARS = 12 };

static const struct refusal people_last_administrator = {
    409, "last_administrator",
    N_("A community needs an administrator. Please make somebody else one first.")};
static const struct refusal people_oneself = {
    409, "oneself", N_("This is your own account: another administrator would have to do that.")};

const char *role_name(enum role role)
{
    return role_names[role];
}

bool role_read(const char *name, enum role *ret_role)
{
    int i = str_index(name, role_names);
    if (i >= 0)
        *ret_role = (enum role)i;
    return i >= 0;
}

struct person_id person_add(struct work *work, const char *email, const char *name,
                            const char *language)
{
    const struct person added = {.id = {work_new_id(work)},
                                 .handle = work_new_handle(work, PERSON_HANDLE_CHARS),
                                 .email = email,
                                 .name = name,
                                 .language = language};
    if (person_insert(work, &added, words_fold(work->mem, name)))
        return added.id;
    const struct person *known = person_get_by_email(work, email);
    return known ? known->id : (struct person_id){0};
}

void person_rename(struct work *work, struct person_id id, const char *name)
{
    person_set_name(work, id, name, words_fold(work->mem, name));
}

const struct person *people_search(struct work *work, const char *start, int count)
{
    return people_starting(work, str_lower(work->mem, start), words_fold(work->mem, start), count);
}

void membership_set(struct work *work, struct person_id id, enum role role)
{
    assert(work->community);
    role_offer_drop(work, id);
    if (role == ROLE_NONE)
        membership_delete(work, id);
    else
        membership_write(work, id, role);
}

void membership_raise(struct work *work, struct person_id id, enum role role)
{
    const struct person *person = person_get(work, id);
    if (person && person->role < role)
        membership_set(work, id, role);
}

const struct refusal *person_give_role(struct work *work, const struct person *person,
                                       enum role role)
{
    bool loses = person->role == ROLE_ADMINISTRATOR && role != ROLE_ADMINISTRATOR;
    if (loses && person_may_come_in(person) && administrators_count(work) == 1)
        return &people_last_administrator;
    membership_set(work, person->id, role);
    return NULL;
}

const struct refusal *person_shut_out(struct work *work, const struct person *person)
{
    if (work->login && work->login->person.n == person->id.n)
        return &people_oneself;
    membership_suspend(work, person->id, true);
    return NULL;
}

bool person_may_come_in(const struct person *person)
{
    return !person->barred_at && !person->suspended_at;
}

void role_offer(struct work *work, const char *email, enum role role)
{
    const struct role_offer offer = {
        .email = email,
        .handle = work_new_handle(work, PERSON_HANDLE_CHARS),
        .role = role,
        .by = work->login ? work->login->person : (struct person_id){0},
        .created_at = work->now,
    };
    role_offer_write(work, &offer);
}

const struct role_offer *role_offers(struct work *work)
{
    return role_offer_list(work, work->now - OFFER_SECONDS);
}

enum role membership_begin(struct work *work, const struct person *person)
{
    enum role offered = role_offer_get(work, person->email, work->now - OFFER_SECONDS);
    role_offer_drop(work, person->id);
    membership_raise(work, person->id, ROLE_MEMBER);
    if (offered > ROLE_MEMBER)
        membership_raise(work, person->id, offered);
    return offered;
}

/* Offers that nobody took. */
static void forget_run(struct work *work, struct job *job)
{
    bool more = role_offers_forget(work, work->now - OFFER_SECONDS, JOB_PAGE_ROWS) == JOB_PAGE_ROWS;
    job->again_at = work->now + (more ? 0 : DAY_SECONDS);
}

static json_t *memberships_json(struct work *work, const struct membership_row *row)
{
    json_t *list = json_array();
    for (; row; row = row->next)
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s}", "community", row->community, "role",
                                        row->role, "since", time_rfc3339(work->mem, row->since)));
    return list;
}

static void export_person(struct work *work, const char *email, struct json_t *object)
{
    const struct person *person = person_get_by_email(work, email);
    json_object_set_new(object, "offers", memberships_json(work, role_offers_to(work, email)));
    if (!person)
        return;
    json_object_set_new(object, "account",
                        json_pack("{s:s, s:s, s:s, s:s, s:o}", "email", person->email, "name",
                                  person->name, "language", person->language, "created_at",
                                  time_rfc3339(work->mem, person->created_at), "communities",
                                  memberships_json(work, memberships_list(work, person->id))));
}

static const struct refusal people_needs_administrator = {
    409, "last_administrator_erased",
    N_("You are the only administrator of a community. Please make somebody else one first, on "
       "its page of people; then your data can be erased.")};

static const struct refusal *needs_person(struct work *work, const char *email)
{
    const struct person *person = person_get_by_email(work, email);
    bool is_needed = person && person_administrates_alone(work, person->id);
    return is_needed ? &people_needs_administrator : NULL;
}

static void forget_person(struct work *work, const char *email)
{
    const struct person *person = person_get_by_email(work, email);
    role_offers_delete(work, email);
    if (!person)
        return;
    memberships_delete(work, person->id);
    person_delete(work, person->id);
}

const struct feature people_feature = {
    .name = "people",
    .migrations = people_migrations,
    .jobs =
        (const struct job_kind[]){{"people.forget", forget_run, .always = true}, {.name = NULL}},
    .export_person = export_person,
    .forget_person = forget_person,
    .needs_person = needs_person,
};
