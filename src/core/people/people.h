/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* People with an account, and what each is in a community. A person is known by their e-mail
 * address: what a guest did with the same address is theirs. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "web/login.h"

struct feature;
struct refusal;
struct work;

extern const struct feature people_feature;

struct person {
    const struct person *next;
    struct person_id id;
    const char *handle; /* in the addresses of administrators */
    const char *email;  /* in its normal form */
    const char *name;
    const char *language; /* "fr" */
    int64_t created_at;
    int64_t suspended_at; /* 0: may sign in */
    enum role role;       /* in the community of the work; ROLE_NONE where it has none */
};

/* NULL: there is none. The e-mail is in its normal form. */
const struct person *person_get(struct work *work, struct person_id id);
const struct person *person_get_by_email(struct work *work, const char *email);
const struct person *person_get_by_handle(struct work *work, const char *handle);
/* Adds one with that address (in its normal form), or gives the one that is there. */
struct person_id person_add(struct work *work, const char *email, const char *name,
                            const char *language);
void person_rename(struct work *work, struct person_id id, const char *name);
/* Whoever is suspended is nobody for the frame from the next request on. */
void person_suspend(struct work *work, struct person_id id, bool suspended);

/* Makes the person at least that in the community of the work, or exactly that; ROLE_NONE takes
 * them out. */
void membership_raise(struct work *work, struct person_id id, enum role role);
void membership_set(struct work *work, struct person_id id, enum role role);
const char *role_name(enum role role); /* "facilitator"; "none" */
/* False, and untouched, for a name that is no role's. */
bool role_read(const char *name, enum role *ret_role);

/* What an administrator does to somebody of the community. Refuses: people_last_administrator,
 * people_oneself, people_leads_elsewhere (409). Whoever is shut out is nobody from the next
 * request on. */
const struct refusal *person_give_role(struct work *work, const struct person *person,
                                       enum role role);
const struct refusal *person_shut_out(struct work *work, const struct person *person);

/* Somebody who is not suspended administrates some community of this install. */
bool people_have_administrator(struct work *work);
/* People of the community, at least in that role, with an id above `after`, by id, at most
 * `count` (up to PEOPLE_LIST_MAX). */
enum { PEOPLE_LIST_MAX = 500 };
const struct person *people_list(struct work *work, enum role least, struct person_id after,
                                 int count);
/* The same, all of them, the newest first: with an id below `before` (0: from the newest on). */
const struct person *people_newest(struct work *work, struct person_id before, int count);
/* People of the community whose address or name begins so, by address, at most `count`. */
const struct person *people_search(struct work *work, const char *start, int count);
