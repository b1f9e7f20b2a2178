/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What people.c asks of its store. */
#pragma once
#include "core/people/people.h"

/* False: the address is taken. */
bool person_insert(struct work *work, const struct person *person, const char *name_key);
void person_delete(struct work *work, struct person_id id);
/* With how names are searched. */
void person_set_name(struct work *work, struct person_id id, const char *name,
                     const char *name_key);
/* Who is not suspended and administrates this community, and does so in another one. */
int64_t administrators_count(struct work *work);
bool person_administrates_elsewhere(struct work *work, struct person_id id);
/* Adds the membership, or changes its role. */
void membership_write(struct work *work, struct person_id id, enum role role);
void membership_delete(struct work *work, struct person_id id);
/* Takes a person out of every community. */
void memberships_delete(struct work *work, struct person_id id);
const struct person *people_starting(struct work *work, const char *start, const char *key,
                                     int count);
