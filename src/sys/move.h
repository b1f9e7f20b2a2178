/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Moving all rows of an install from a SQLite file into a PostgreSQL database. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct db;
struct db_migration;
struct mem;

/* A table that was moved, and what its columns come to on both sides. */
struct moved {
    const struct moved *next;
    const char *table;
    int64_t rows;
    uint64_t numbers;   /* the sum of all its numbers, modulo 2^64 */
    int64_t characters; /* of all its texts */
};

/* Whether the schema of a PostgreSQL database holds nothing, but for what opening it may have left.
 * False also when it cannot be asked. */
bool move_is_empty(struct db *to);

/* Copies all tables of `from`, a SQLite file of which migrate_look says MIGRATE_DONE, read as one
 * snapshot, to `to`, a connection that writes to an empty PostgreSQL database, where `features`
 * make the tables. One transaction: it is kept when counts and sums of all columns are the same on
 * both sides, or else leaves nothing. NULL with `ret_moved`, in the order of copying; or why not:
 * sentences on lines of their own, which name the first values that PostgreSQL does not take. Both
 * are on `mem`. */
const char *move_tables(struct mem *mem, struct db *from, struct db *to,
                        const struct db_migration *const *features, const struct moved **ret_moved);
