/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What people.c asks of its store. */
#pragma once
#include "core/people/people.h"

/* False: the address is taken. */
bool person_insert(struct work *work, const struct person *person);
void person_delete(struct work *work, struct person_id id);
/* Adds the membership, or changes its role. */
void membership_write(struct work *work, struct person_id id, enum role role);
void membership_delete(struct work *work, struct person_id id);
/* Takes a person out of every community. */
void memberships_delete(struct work *work, struct person_id id);
