/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where the stories of one program have their database. On PostgreSQL making one takes longer than
 * most stories: they share a schema, one after the other, which is emptied in between. */
#pragma once

struct mem;

/* A database with nothing in it but what migrations put there, or not even that: a file in
 * `folder`, or an address. */
const char *story_database_take(struct mem *mem, const char *folder);
/* Once it is migrated: what is there now is there again for the next story. */
void story_database_keep(const char *where);
void story_database_give(const char *where);
