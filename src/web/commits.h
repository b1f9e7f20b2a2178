/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Commit numbers: which objects changed last, and when. A page made from a snapshot opened at
 * number s is still true if none of the objects it read has a later number. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "web/work.h"

struct app;
struct commits;
struct mem;
struct tx;

/* `process` tells this process from others on the same database. */
struct commits *commits_new(struct mem *mem, int64_t process);

/* After a COMMIT, before any of its answers leaves: gives what was touched a new number and wakes
 * the live pages that follow it. */
void commits_publish(const struct app *app, const struct notes *touched);

/* Several processes on one database: the writer says in the transaction itself what its tasks
 * touched, so that others hear of it once it is committed, and not before. Does nothing when they
 * touched nothing. */
void commits_tell(const struct commits *commits, struct tx *tx, const struct notes *const touched[],
                  int count);
/* What was told on the database: another process's commits are published here as well, our own were
 * already. What cannot be read counts as everything. */
void commits_hear(const struct app *app, const char *words);
/* Others write and are not heard, or from now on they are: then everything counts as touched, since
 * it may have been. Who is not heard proves nothing of what was made before: it is told to nobody
 * while it can be made anew (web/visitor.h). */
void commits_set_deaf(const struct app *app, bool is_deaf);
bool commits_is_deaf(const struct commits *commits);

/* The last number given; and the last one that touched the object, or one that shares its slot:
 * never too low. */
int64_t commits_last(const struct commits *commits);
int64_t commits_of(const struct commits *commits, struct object object);
