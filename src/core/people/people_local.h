/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What people.c asks of its store. */
#pragma once
#include "core/people/people.h"

/* False: the address is taken. */
bool person_insert(struct work *work, const struct person *person, const char *name_key);
/* They administrate a community that nobody else could. */
bool person_administrates_alone(struct work *work, struct person_id id);
/* Each of their communities: its slug, their role, since when; linked by next. */
struct membership_row {
    const struct membership_row *next;
    const char *community;
    const char *role;
    int64_t since;
};
const struct membership_row *memberships_list(struct work *work, struct person_id id);
/* The roles offered to an address, in the same form. */
const struct membership_row *role_offers_to(struct work *work, const char *email);
void person_delete(struct work *work, struct person_id id);
/* With how names are searched. */
void person_set_name(struct work *work, struct person_id id, const char *name,
                     const char *name_key);
/* Those who administrate this community and may come in. */
int64_t administrators_count(struct work *work);
/* Offers: one for each address. Those that are older than `since`, or of who does not administrate
 * any more, are not found. */
void role_offer_write(struct work *work, const struct role_offer *offer);
const struct role_offer *role_offer_list(struct work *work, int64_t since);
enum role role_offer_get(struct work *work, const char *email, int64_t since); /* or ROLE_NONE */
void role_offer_drop(struct work *work, struct person_id person);
/* Takes away those that are too old, at most `count`; how many there were. */
int role_offers_forget(struct work *work, int64_t until, int count);
void role_offers_delete(struct work *work, const char *email);
/* Adds the membership, or changes its role. */
void membership_write(struct work *work, struct person_id id, enum role role);
void membership_delete(struct work *work, struct person_id id);
/* Takes a person out of every community. */
void memberships_delete(struct work *work, struct person_id id);
const struct person *people_starting(struct work *work, const char *start, const char *key,
                                     int count);
