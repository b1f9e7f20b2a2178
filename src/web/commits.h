/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Commit numbers: which objects changed last, and when. A page made from a snapshot opened at
 * number s is still true if none of the objects it read has a later number. */
#pragma once
#include <stdint.h>

#include "web/work.h"

struct app;
struct commits;
struct mem;

struct commits *commits_new(struct mem *mem);

/* After a COMMIT, before any of its answers leaves: gives what was touched a new number and wakes
 * the live pages that follow it. */
void commits_publish(const struct app *app, const struct notes *touched);

/* The last number given; and the last one that touched the object, or one that shares its slot:
 * never too low. */
int64_t commits_last(const struct commits *commits);
int64_t commits_of(const struct commits *commits, struct object object);
