/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What audit.c asks of its store. */
#pragma once
#include "core/audit/audit.h"

void audit_insert(struct work *work, const char *action, const struct audit_object *object,
                  const char *detail);
/* The latest lines by that person, in every community. */
const struct audit *audit_list_by_actor(struct work *work, struct person_id actor, int count);
/* Drops a page of those from before; how many there were. */
int audit_forget(struct work *work, int64_t until);
