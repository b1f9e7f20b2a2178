/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reader connections shared by threads: each is one thread's from take to give. They are opened
 * when first needed, and kept with their prepared statements. */
#pragma once

struct db;
struct db_readers;

/* Readers of the database at `where`, as db_open takes it, at most `readers_max` at a time. Opens
 * nothing yet. */
struct db_readers *db_readers_new(const char *where, int readers_max);
/* Closes them all; they have been given back. */
void db_readers_free(struct db_readers *readers);

/* A reader that is the caller's alone until db_readers_give; waits while all of them are out. NULL:
 * it cannot be opened, as one log line has said now or a moment ago. */
struct db *db_readers_take(struct db_readers *readers);
void db_readers_give(struct db_readers *readers, struct db *db);
/* Somebody else has just reached the database: the next taker tries at once, whatever failed. */
void db_readers_hurry(struct db_readers *readers);
