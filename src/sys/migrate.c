/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Brings a database to the present schema. It looks before it leaps: what was applied is compared
 * with what this program knows, and only then is anything written. A database that a newer program
 * wrote, or whose released migrations were edited since, is not touched: guessing there would cost
 * somebody their data. */
#include "sys/migrate.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/time.h"
#include "sys/clock.h"
#include "sys/crypt.h"
#include "sys/db.h"

enum { MIGRATE_BYTES_MAX = 4 * 1024 * 1024, COPIES_A_SECOND_MAX = 16 };

struct migrating {
    struct db *db;
    const char *where;
    struct mem *mem;
    const struct db_migration *const *features;
    const struct db_row *applied; /* feature, number, sha256 */
};

/* Commits, or logs the fault that forbids it. */
static bool commit(struct tx *tx, const char *what)
{
    if (tx_commit(tx))
        return true;
    log_event(LOG_ERROR, "migration_failed", log_text("migration", what),
              log_text("why", tx_error(tx)));
    return false;
}

static void make_table(struct tx *tx)
{
    tx_do(tx, "CREATE TABLE IF NOT EXISTS migration ("
              "feature TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, "
              "sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL, "
              "PRIMARY KEY (feature, number))");
}

static void read_applied(struct migrating *m, struct tx *tx)
{
    m->applied = tx_rows(tx, "SELECT feature, number, sha256 FROM migration "
                             "ORDER BY feature, number LIMIT 1000");
}

/* Reads what was applied; makes the table that says so in a database that has none. */
static bool load_applied(struct migrating *m)
{
    struct tx *tx = db_begin(m->db, m->mem);
    make_table(tx);
    read_applied(m, tx);
    return commit(tx, "table of migrations");
}

static const struct db_row *applied_get(const struct migrating *m, const struct db_migration *one)
{
    for (const struct db_row *row = m->applied; row; row = row->next) {
        if (str_equal(row_text(row, 0), one->feature) && row_int(row, 1) == one->number)
            return row;
    }
    return NULL;
}

static bool is_known(const struct migrating *m, const struct db_row *row)
{
    for (int i = 0; m->features[i]; i++) {
        for (const struct db_migration *one = m->features[i]; one->sql; one++) {
            if (str_equal(row_text(row, 0), one->feature) && row_int(row, 1) == one->number)
                return true;
        }
    }
    return false;
}

/* Every applied migration is known to this program. */
static bool check_not_newer(const struct migrating *m)
{
    for (const struct db_row *row = m->applied; row; row = row->next) {
        if (is_known(m, row))
            continue;
        log_event(LOG_ERROR, "database_is_newer", log_text("feature", row_text(row, 0)),
                  log_int("number", row_int(row, 1)));
        return false;
    }
    return true;
}

static const char *sha256_of(const struct migrating *m, const struct db_migration *one)
{
    return crypt_sha256(m->mem, one->sql, strlen(one->sql));
}

/* What was applied is what the program carries. Counts what is missing. */
static bool check_unchanged(const struct migrating *m, int *ret_missing)
{
    int missing = 0;
    for (int i = 0; m->features[i]; i++) {
        for (const struct db_migration *one = m->features[i]; one->sql; one++) {
            assert(one == m->features[i] || one[-1].number < one->number);
            const struct db_row *row = applied_get(m, one);
            if (!row) {
                missing++;
            } else if (!str_equal(row_text(row, 2), sha256_of(m, one))) {
                log_event(LOG_ERROR, "migration_was_edited", log_text("feature", one->feature),
                          log_text("migration", one->name));
                return false;
            }
        }
    }
    *ret_missing = missing;
    return true;
}

/* The n-th of this second: of several programs that begin at once, each makes its own. */
static const char *copy_path(const struct migrating *m, int n)
{
    struct wall now = wall_from_seconds(clock_system_seconds());
    return mem_printf(m->mem, "%s.before-%04d%02d%02dT%02d%02d%02dZ%s", m->where, now.year,
                      now.month, now.day, now.hour, now.minute, now.second,
                      n > 1 ? mem_printf(m->mem, "-%d", n) : "");
}

/* Copying a PostgreSQL database is its administrator's, who does so every day. */
static bool copy_first(const struct migrating *m)
{
    if (db_is_postgres(m->where)) {
        log_event(
            LOG_INFO, "database_not_copied",
            log_text("to_go_back", "stop, take the older program and your own copy (pg_dump)"));
        return true;
    }
    const char *copy = NULL;
    const char *error = NULL;
    for (int n = 1; n <= COPIES_A_SECOND_MAX; n++) {
        copy = copy_path(m, n);
        if (db_copy(m->db, copy, &error)) {
            log_event(LOG_INFO, "database_copied", log_text("path", copy),
                      log_text("to_go_back", "stop, take the older program, rename this file to "
                                             "essaim.db and remove essaim.db-wal and -shm"));
            return true;
        }
        if (access(copy, F_OK) != 0)
            break; /* it is not that there is one */
    }
    log_event(LOG_ERROR, "database_not_copied", log_text("path", copy), log_text("why", error));
    return false;
}

static bool is_applied(struct tx *tx, const struct db_migration *one)
{
    return tx_one(tx, "SELECT 1 FROM migration WHERE feature = ?1 AND number = ?2", one->feature,
                  one->number) != NULL;
}

static bool apply(const struct migrating *m, const struct db_migration *one)
{
    struct tx *tx = db_begin(m->db, m->mem);
    if (is_applied(tx, one)) {
        tx_rollback(tx); /* another process that starts as well was faster */
        return true;
    }
    tx_script(tx, one->sql);
    tx_do(tx,
          "INSERT INTO migration (feature, number, name, sha256, applied_at) "
          "VALUES (?1, ?2, ?3, ?4, ?5)",
          one->feature, one->number, one->name, sha256_of(m, one), clock_system_seconds());
    tx_tell(tx, MIGRATE_TOLD);
    if (!commit(tx, one->name))
        return false;
    log_event(LOG_INFO, "migrated", log_text("feature", one->feature),
              log_text("migration", one->name));
    return true;
}

static bool apply_missing(const struct migrating *m)
{
    for (int i = 0; m->features[i]; i++) {
        for (const struct db_migration *one = m->features[i]; one->sql; one++) {
            if (!applied_get(m, one) && !apply(m, one))
                return false;
        }
    }
    return true;
}

static bool run(struct migrating *m)
{
    int missing = 0;
    if (!load_applied(m) || !check_not_newer(m) || !check_unchanged(m, &missing))
        return false;
    if (missing == 0)
        return true;
    if (m->applied && !copy_first(m))
        return false;
    return apply_missing(m);
}

bool migrate(struct db *db, const char *where, const struct db_migration *const *features)
{
    struct migrating m = {
        .db = db, .where = where, .mem = mem_new(MIGRATE_BYTES_MAX), .features = features};
    bool done = run(&m);
    mem_free(m.mem);
    return done;
}

void migrate_bare(struct tx *tx, const struct db_migration *const *features)
{
    make_table(tx);
    for (int i = 0; features[i]; i++)
        for (const struct db_migration *one = features[i]; one->sql; one++)
            tx_script(tx, one->sql);
}

/* What was applied, without a table being made for it. */
static bool look_at_applied(struct migrating *m)
{
    struct tx *tx = db_begin(m->db, m->mem);
    read_applied(m, tx);
    bool read = tx_fault(tx) == TX_FINE;
    if (!read)
        log_event(LOG_ERROR, "database_not_read", log_text("why", tx_error(tx)));
    tx_rollback(tx);
    return read;
}

static enum migrate_state look(struct migrating *m)
{
    int missing = 0;
    if (!look_at_applied(m))
        return MIGRATE_UNREAD;
    if (!check_not_newer(m))
        return MIGRATE_NEWER;
    if (!check_unchanged(m, &missing))
        return MIGRATE_EDITED;
    if (missing == 0)
        return MIGRATE_DONE;
    log_event(LOG_ERROR, "database_is_older", log_int("missing", missing),
              log_text("why", "start the server once, or run essaim migrate, then try again"));
    return MIGRATE_OLDER;
}

enum migrate_state migrate_look(struct db *db, const struct db_migration *const *features)
{
    struct migrating m = {.db = db, .mem = mem_new(MIGRATE_BYTES_MAX), .features = features};
    enum migrate_state state = look(&m);
    mem_free(m.mem);
    return state;
}

bool migrate_is_begun(struct db *db)
{
    struct mem *mem = mem_new(MIGRATE_BYTES_MAX);
    struct tx *tx = db_begin(db, mem);
    bool begun = tx_one(tx, "SELECT 1 FROM migration") != NULL; /* without that table: a fault */
    begun = begun || tx_is_lost(tx);                            /* who knows what is in it */
    tx_rollback(tx);
    mem_free(mem);
    return begun;
}
