/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules of people: an account is one for all communities, a role is of one community. Rows are
 * read anew for each request and never kept, so that who loses a right loses it at once. */
#include "core/people/people.h"

#include <assert.h>
#include <jansson.h>

#include "base/str.h"
#include "base/time.h"
#include "core/people/people_local.h"
#include "migrations.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/work.h"

static const char *const role_names[] = {
    [ROLE_NONE] = "none",
    [ROLE_MEMBER] = "member",
    [ROLE_FACILITATOR] = "facilitator",
    [ROLE_ADMINISTRATOR] = "administrator",
};
enum { ROLES = sizeof role_names / sizeof *role_names };

const char *role_name(enum role role)
{
    return role_names[role];
}

bool role_read(const char *name, enum role *ret_role)
{
    for (int i = 0; i < ROLES; i++)
        if (str_equal(role_names[i], name)) {
            *ret_role = (enum role)i;
            return true;
        }
    return false;
}

struct person_id person_add(struct work *work, const char *email, const char *name,
                            const char *language)
{
    const struct person added = {
        .id = {work_new_id(work)}, .email = email, .name = name, .language = language};
    if (person_insert(work, &added))
        return added.id;
    const struct person *known = person_get_by_email(work, email);
    return known ? known->id : (struct person_id){0};
}

void membership_set(struct work *work, struct person_id id, enum role role)
{
    assert(work->community);
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

static void export_person(struct work *work, const char *email, struct json_t *object)
{
    const struct person *person = person_get_by_email(work, email);
    if (!person)
        return;
    json_object_set_new(object, "account",
                        json_pack("{s:s, s:s, s:s, s:s, s:s}", "email", person->email, "name",
                                  person->name, "language", person->language, "created_at",
                                  time_rfc3339(work->mem, person->created_at), "role",
                                  role_name(person->role)));
}

static void forget_person(struct work *work, const char *email)
{
    const struct person *person = person_get_by_email(work, email);
    if (!person)
        return;
    memberships_delete(work, person->id);
    person_delete(work, person->id);
}

const struct feature people_feature = {
    .name = "people",
    .migrations = people_migrations,
    .export_person = export_person,
    .forget_person = forget_person,
};
