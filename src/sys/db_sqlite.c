/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Connections to a SQLite file: one that writes, whose commits are durable (WAL, synchronous=FULL),
 * and readers, which cannot write. Here stand all the settings; transactions are in db_sqlite_tx.c.
 * What fails on opening is logged, since there is no transaction yet to carry it. */
#include "sys/db_sqlite_local.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

enum {
    VALUE_BYTES_MAX = REQUEST_BYTES_MAX / 2, /* so that one row never bursts a request's memory */
    STEPS_BETWEEN_LOOKS = 1000 /* at the clock: some ten microseconds of a statement */
};

/* The log is reused, not truncated, since overwriting a file syncs faster than growing one: the
 * limit is four times its usual size, see db_sqlite_checkpoint.c. */
static const char writer_settings[] = "PRAGMA journal_mode = WAL;"
                                      "PRAGMA synchronous = FULL;"
                                      "PRAGMA journal_size_limit = 134217728;"
                                      "PRAGMA cache_size = -16000;"
                                      "PRAGMA temp_store = MEMORY;"
                                      "PRAGMA cell_size_check = ON;";
/* A page of a file that is mapped is looked at anew by each statement that comes to it, its cells
 * as well if cell_size_check were on, which is off by default: the writer and `check` look at them.
 */
static const char reader_settings[] = "PRAGMA query_only = ON;"
                                      "PRAGMA mmap_size = 268435456;"
                                      "PRAGMA cache_size = -16000;"
                                      "PRAGMA temp_store = MEMORY;";

/* Refused once SQLite is in use, and then without harm: its defaults are the slower, safer ones. */
static void configure_library(void)
{
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* Makes the file before SQLite does, readable by its owner alone. Never opens one that exists:
 * closing any descriptor of it would drop the locks of this process's other connections. */
static bool make_private_file(const char *path)
{
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return false;
    close(file);
    return true;
}

static void harden(sqlite3 *connection)
{
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    /* Plans do not depend on bound values: else a statement is prepared anew at each binding. */
    sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
    sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX);
}

/* The first column of a statement's first row is this text. */
static bool answers(sqlite3 *connection, const char *sql, const char *expected)
{
    sqlite3_stmt *statement = NULL;
    bool is_expected = false;
    if (sqlite3_prepare_v2(connection, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(statement, 0);
        is_expected = text && strcmp(text, expected) == 0;
    }
    sqlite3_finalize(statement);
    return is_expected;
}

/* SQLite asks it while a statement runs. */
static int is_late(void *tx)
{
    return tx_is_late(tx);
}

static bool connection_open(struct db_sqlite *sqlite)
{
    struct db *db = &sqlite->db;
    bool is_writer = db->mode == DB_WRITE;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= is_writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    if (is_writer)
        make_private_file(db->where);
    int code = sqlite3_open_v2(db->where, &sqlite->connection, flags, NULL);
    if (code == SQLITE_OK) {
        harden(sqlite->connection);
        sqlite3_busy_timeout(sqlite->connection, DB_BUSY_MS_MAX);
        sqlite3_progress_handler(sqlite->connection, STEPS_BETWEEN_LOOKS, is_late, &db->tx);
        code = sqlite3_exec(sqlite->connection, is_writer ? writer_settings : reader_settings, NULL,
                            NULL, NULL);
    }
    if (code == SQLITE_OK && is_writer)
        checkpointer_watch(sqlite->checkpointer, sqlite->connection);
    if (code != SQLITE_OK)
        db_set_error(db, sqlite->connection ? sqlite3_errmsg(sqlite->connection) : "out of memory");
    else if (!answers(sqlite->connection, "PRAGMA journal_mode", "wal"))
        db_set_error(db, "no write-ahead log: a file system without shared memory?");
    else
        return true;
    return false;
}

static void connection_close(struct db *db)
{
    struct db_sqlite *sqlite = sqlite_of(db);
    statements_drop(sqlite->statements);
    if (sqlite->checkpointer)
        checkpointer_leave(sqlite->checkpointer, sqlite->connection);
    int code = sqlite3_close(sqlite->connection);
    assert(code == SQLITE_OK); /* else a statement or a copy is still open */
    sqlite->connection = NULL;
}

static void sqlite_close(struct db *db)
{
    connection_close(db);
    if (sqlite_of(db)->checkpointer)
        checkpointer_free(sqlite_of(db)->checkpointer);
}

static bool sqlite_open(struct db *db)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, configure_library);
    sqlite_of(db)->statements = statements_new(db->mem, statement_finalize);
    if (db->mode == DB_WRITE)
        sqlite_of(db)->checkpointer = checkpointer_new(db->mem, db->where);
    return connection_open(sqlite_of(db));
}

/* The new connection opens before the old one closes. Were it the other way round, and nobody read
 * just then, the next to open the file would take over all that stands whole in its log: also the
 * transaction whose fsync failed, of which everybody has been told that it was not kept. */
static bool sqlite_reopen(struct db *db)
{
    struct db_sqlite *sqlite = sqlite_of(db);
    sqlite3 *old = sqlite->connection;
    statements_drop(sqlite->statements);
    sqlite->connection = NULL;
    bool is_sound =
        connection_open(sqlite) && answers(sqlite->connection, "PRAGMA quick_check(1)", "ok");
    if (sqlite->checkpointer)
        checkpointer_leave(sqlite->checkpointer, old); /* its own one is of before as well */
    int code = sqlite3_close(old);
    assert(code == SQLITE_OK);
    if (!is_sound)
        connection_close(db);
    return is_sound;
}

static bool sqlite_is_there(struct db *db)
{
    return sqlite_of(db)->connection;
}

static bool sqlite_script(struct db *db, const char *sql)
{
    sqlite3 *connection = sqlite_of(db)->connection;
    assert(connection);
    if (sqlite3_exec(connection, sql, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    db_set_error(db, sqlite3_errmsg(connection));
    if (!sqlite3_get_autocommit(connection))
        sqlite3_exec(connection, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

static bool copy_pages(struct db *db, sqlite3 *copy)
{
    sqlite3_backup *backup = sqlite3_backup_init(copy, "main", sqlite_of(db)->connection, "main");
    if (backup) {
        sqlite3_backup_step(backup, -1);
        sqlite3_backup_finish(backup); /* leaves its error, if any, on `copy` */
    }
    if (sqlite3_errcode(copy) == SQLITE_OK)
        return true;
    db_set_error(db, sqlite3_errmsg(copy));
    return false;
}

static bool sqlite_copy(struct db *db, const char *path)
{
    assert(sqlite_of(db)->connection);
    if (!make_private_file(path)) {
        db_set_error(db, strerrordesc_np(errno));
        return false;
    }
    sqlite3 *copy = NULL;
    bool copied = false;
    if (sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
        SQLITE_OK)
        copied = copy_pages(db, copy);
    else
        db_set_error(db, "the copy cannot be opened");
    sqlite3_close(copy);
    if (!copied)
        unlink(path);
    return copied;
}

static bool sqlite_is_sound(struct db *db)
{
    return answers(sqlite_of(db)->connection, "PRAGMA integrity_check(1)", "ok");
}

/* Everything is done at once. */
static void sqlite_settle(struct tx *tx)
{
    (void)tx;
}

const struct db_engine db_sqlite = {
    .size = sizeof(struct db_sqlite),
    .open = sqlite_open,
    .close = sqlite_close,
    .reopen = sqlite_reopen,
    .is_there = sqlite_is_there,
    .is_sound = sqlite_is_sound,
    .copy = sqlite_copy,
    .script = sqlite_script,
    .begin = sqlite_begin,
    .step = sqlite_step,
    .must_undo = sqlite_must_undo,
    .has_written = sqlite_has_written,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .run = sqlite_run,
    .settle = sqlite_settle,
    .run_script = sqlite_run_script,
};
