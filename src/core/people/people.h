/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* People with an account, and what each is in a community. A person is known by their e-mail
 * address: what a guest did with the same address is theirs. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/time.h"
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
    int64_t barred_at;    /* from the whole install, by its command line; 0: is not */
    int64_t suspended_at; /* in the community of the work, by its administrators; 0: is not */
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
void person_set_language(struct work *work, struct person_id id, const char *language);
/* Whoever is barred, or suspended in a community, is nobody for the frame from the next request on:
 * everywhere, or in that one. */
void person_bar(struct work *work, struct person_id id, bool barred);
void membership_suspend(struct work *work, struct person_id id, bool suspended);
bool person_may_come_in(const struct person *person);

/* Makes the person at least that in the community of the work, or exactly that; ROLE_NONE takes
 * them out. */
void membership_raise(struct work *work, struct person_id id, enum role role);
void membership_set(struct work *work, struct person_id id, enum role role);
const char *role_name(enum role role); /* "facilitator"; "none" */
extern const char *const role_names[]; /* NULL-ended */
/* False, and untouched, for a name that is no role's. */
bool role_read(const char *name, enum role *ret_role);

/* What an administrator does to somebody of the community. Refuses: people_last_administrator,
 * people_oneself (409). */
const struct refusal *person_give_role(struct work *work, const struct person *person,
                                       enum role role);
const struct refusal *person_shut_out(struct work *work, const struct person *person);

/* A role for whoever signs in with that address (in its normal form) within OFFER_SECONDS: whether
 * it has an account, of another community perhaps, is nobody's business until then. A new offer
 * replaces the one before. */
enum { OFFER_SECONDS = 30 * DAY_SECONDS };
struct role_offer {
    const struct role_offer *next;
    const char *email;
    const char *handle;
    enum role role;
    struct person_id by; /* an offer holds as long as they administrate; {0}: the program */
    int64_t created_at;
};
/* By work->login. */
void role_offer(struct work *work, const char *email, enum role role);
/* Those that hold, the newest first, at most PEOPLE_LIST_MAX. */
const struct role_offer *role_offers(struct work *work);
/* False: there is none with that handle. */
bool role_offer_withdraw(struct work *work, const char *handle);
/* Who signs in is a member, or what they were offered: that role; ROLE_NONE: nothing was. Whoever
 * is given a role, or loses one, has no offer left. */
enum role membership_begin(struct work *work, const struct person *person);

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
