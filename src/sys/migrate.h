/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Migrations: numbered for each feature, forward only, never edited once released. */
#pragma once
#include <stdbool.h>

struct db;
struct tx;

struct db_migration {
    const char *feature; /* folder's name */
    int number;
    const char *name; /* file's name */
    const char *sql;
};

/* Brings the database at `where`, as db_open takes it, to the present schema. `features` are the
 * migrations of each feature, in the order of the list of features; each ends with a row whose sql
 * is NULL; the last pointer is NULL. Applied ones are kept in table `migration` with their SHA-256:
 * a changed file stops the start. An existing file that lacks some is first copied to
 * `<where>.before-<time>`. Each migration runs in its own transaction. False after one log line
 * that says why. */
bool migrate(struct db *db, const char *where, const struct db_migration *const *features);
/* What each migration tells on the database, see tx_tell. */
#define MIGRATE_TOLD "migrated"
/* How a database stands to these migrations. */
enum migrate_state {
    MIGRATE_DONE,   /* it has exactly these */
    MIGRATE_OLDER,  /* it lacks some */
    MIGRATE_NEWER,  /* it has one that is not among them */
    MIGRATE_EDITED, /* one of them has been changed since it was applied */
    MIGRATE_UNREAD  /* it cannot be told */
};
/* Looks, and writes nothing. What is not MIGRATE_DONE is given after one log line that says why. */
enum migrate_state migrate_look(struct db *db, const struct db_migration *const *features);
/* Makes the tables of the present schema inside `tx`, in a database that has none, for rows that
 * are copied from another: the rows of table `migration` are not written. */
void migrate_bare(struct tx *tx, const struct db_migration *const *features);
/* Whether any migration was ever applied to it: else it is new, and holds nothing. True also when
 * it cannot be asked. */
bool migrate_is_begun(struct db *db);
