/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Connections to PostgreSQL: where the server is stands in a postgresql:// address and in the usual
 * PG… variables, all settings of the house stand here. A connection that was lost is opened again
 * by db_reopen; nothing here tries more often than db.c allows. */
#include "sys/db_postgres_local.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "sys/clock.h"
#include "sys/crypt.h"

enum {
    VERSION_MIN = 150000,
    LOOK_UP_MS_MAX = 5000, /* for a server to come back and say whether a batch was kept */
    LOOK_UP_PAUSE_MS = 50,
    SQL_BYTES_MAX = 512
};

/* A transaction that its client left open would hold up all others, and so would a long statement
 * whose program was killed: the server looks each second whether it is still there. A server that
 * was told to answer before a COMMIT is durable is told otherwise. Without JIT, which costs more
 * than it gives on statements as short as these. */
static const char settings[] = "SET lock_timeout = 5000;"
                               "SET idle_in_transaction_session_timeout = 60000;"
                               "SET client_connection_check_interval = 1000;"
                               "SET jit = off;"
                               "SELECT set_config('synchronous_commit', 'on', false) "
                               "WHERE current_setting('synchronous_commit') = 'off';";
static const char reader_settings[] = "SET default_transaction_read_only = on;";

/* One row for each writer. Those of writers that ended badly go after a week. */
static const char writer_settings[] =
    "BEGIN;" POSTGRES_LOCK ";"
    "CREATE TABLE IF NOT EXISTS db_batch ("
    "writer BIGINT PRIMARY KEY, number BIGINT NOT NULL, written_at BIGINT NOT NULL);"
    "DELETE FROM db_batch WHERE written_at < EXTRACT(EPOCH FROM now()) - 604800;"
    "COMMIT;";

static void hear_notice(void *context, const PGresult *result)
{
    (void)context, (void)result; /* "relation exists already, skipping" */
}

/* The first line: the rest names values. */
static void set_error_line(struct db *db, const char *words)
{
    db_set_error(db, words);
    db->error[strcspn(db->error, "\n")] = '\0';
}

/* By the simple protocol, which takes several statements at once, and knows no pipeline. */
static PGresult *exec_simply(struct db_postgres *postgres, const char *sql)
{
    if (postgres->sent_count > 0)
        pipe_settle(&postgres->db.tx, NULL);
    PQsetnonblocking(postgres->connection, 0);
    PQexitPipelineMode(postgres->connection);
    PGresult *result = PQexec(postgres->connection, sql);
    PQenterPipelineMode(postgres->connection);
    PQsetnonblocking(postgres->connection, 1);
    if (PQstatus(postgres->connection) != CONNECTION_OK)
        pipe_break(postgres);
    return result;
}

const char *postgres_exec(struct db_postgres *postgres, const char *sql)
{
    PGresult *result = exec_simply(postgres, sql);
    ExecStatusType status = PQresultStatus(result);
    bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    const char *words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (!done)
        set_error_line(&postgres->db, words ? words : PQerrorMessage(postgres->connection));
    PQclear(result);
    return done ? NULL : postgres->db.error;
}

/* The only row's only column of a query is this text. */
static bool answers(struct db_postgres *postgres, const char *sql, const char *expected)
{
    PGresult *result = exec_simply(postgres, sql);
    bool is_expected = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1 &&
                       strcmp(PQgetvalue(result, 0, 0), expected) == 0;
    PQclear(result);
    return is_expected;
}

/* NULL, or why this database is none of ours. Texts sort by their bytes, as everywhere in the
 * house: searches walk along an index from a word's beginning to its end. */
static const char *look_at_server(struct db_postgres *postgres)
{
    if (PQserverVersion(postgres->connection) < VERSION_MIN)
        return "PostgreSQL 15 or newer is needed";
    if (!answers(postgres, "SHOW server_encoding", "UTF8"))
        return "the database's encoding is not UTF8";
    if (!answers(postgres, "SELECT 'a' > 'B' AND U&'\\00e9' > 'z'", "t"))
        return "the database sorts by a language: make it with createdb --template=template0 "
               "--encoding=UTF8 --locale=C";
    return NULL;
}

static bool set_up(struct db_postgres *postgres)
{
    struct db *db = &postgres->db;
    const char *wrong = look_at_server(postgres);
    if (!wrong)
        wrong = postgres_exec(postgres, settings);
    if (!wrong)
        wrong = postgres_exec(postgres, db->mode == DB_READ ? reader_settings : writer_settings);
    if (wrong)
        db_set_error(db, wrong);
    return !wrong;
}

PGconn *postgres_reach(const char *where)
{
    static const char *const names[] = {
        "connect_timeout", "tcp_user_timeout", "fallback_application_name",
        "client_encoding", "dbname",           NULL};
    const char *const values[] = {"2", "30000", "essaim", "UTF8", where, NULL};
    PGconn *connection = PQconnectdbParams(names, values, 1);
    PQsetNoticeReceiver(connection, hear_notice, NULL);
    return connection;
}

bool postgres_connect(struct db_postgres *postgres)
{
    postgres_disconnect(postgres);
    postgres->connection = postgres_reach(postgres->db.where);
    postgres->db.wants_reopen = false;
    if (PQstatus(postgres->connection) != CONNECTION_OK)
        set_error_line(&postgres->db, PQerrorMessage(postgres->connection));
    else if (set_up(postgres))
        return true;
    postgres_disconnect(postgres);
    return false;
}

void postgres_disconnect(struct db_postgres *postgres)
{
    PQfinish(postgres->connection);
    postgres->connection = NULL;
    postgres->db.wants_reopen = true;
    postgres->sent_count = 0;
    postgres->statements_made = 0;
    statements_drop(postgres->statements);
}

static bool postgres_open(struct db *db)
{
    struct db_postgres *postgres = postgres_of(db);
    postgres->statements = statements_new(db->mem, NULL);
    random_fill(&(struct random){.fill = NULL}, &postgres->writer, sizeof postgres->writer);
    return postgres_connect(postgres);
}

/* Takes its row along, unless the server is gone. */
static void postgres_close(struct db *db)
{
    struct db_postgres *postgres = postgres_of(db);
    char sql[SQL_BYTES_MAX];
    snprintf(sql, sizeof sql, "DELETE FROM db_batch WHERE writer = %lld",
             (long long)postgres->writer);
    if (postgres->connection && !db->wants_reopen && postgres->batch > 0)
        postgres_exec(postgres, sql);
    postgres_disconnect(postgres);
}

static bool postgres_reopen(struct db *db)
{
    return postgres_connect(postgres_of(db));
}

/* Reads what is there, without waiting: answers, a farewell, or the end. */
static bool postgres_is_there(struct db *db)
{
    PGconn *connection = postgres_of(db)->connection;
    struct pollfd socket = {.fd = PQsocket(connection), .events = POLLIN};
    while (poll(&socket, 1, 0) > 0)
        if (!PQconsumeInput(connection))
            return false;
    return PQstatus(connection) == CONNECTION_OK;
}

/* The server sees to that itself, and stops at a damaged page. */
static bool postgres_is_sound(struct db *db)
{
    return !db->wants_reopen;
}

static bool postgres_copy(struct db *db, const char *path)
{
    (void)path;
    db_set_error(db, "a PostgreSQL database is copied with pg_dump");
    return false;
}

static bool postgres_script(struct db *db, const char *sql)
{
    struct db_postgres *postgres = postgres_of(db);
    assert(postgres->connection);
    if (!postgres_exec(postgres, sql))
        return true;
    if (!db->wants_reopen && PQtransactionStatus(postgres->connection) != PQTRANS_IDLE) {
        char words[DB_ERROR_BYTES_MAX];
        snprintf(words, sizeof words, "%s", db->error);
        postgres_exec(postgres, "ROLLBACK");
        db_set_error(db, words);
    }
    return false;
}

enum batch_end postgres_look_up(struct db_postgres *postgres, int64_t batch)
{
    const struct timespec pause = {.tv_nsec = LOOK_UP_PAUSE_MS * 1000000L};
    int64_t until_ms = clock_monotonic_ms() + LOOK_UP_MS_MAX;
    char sql[SQL_BYTES_MAX];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM db_batch WHERE writer = %lld AND number = %lld",
             (long long)postgres->writer, (long long)batch);
    while (!postgres_connect(postgres) && clock_monotonic_ms() < until_ms)
        nanosleep(&pause, NULL);
    /* The old connection holds the lock as long as its transaction may still be kept. */
    if (!postgres->connection || postgres_exec(postgres, "BEGIN;" POSTGRES_LOCK))
        return BATCH_UNKNOWN;
    bool is_kept = answers(postgres, sql, "1");
    bool is_not = !is_kept && answers(postgres, sql, "0");
    postgres_exec(postgres, "ROLLBACK");
    return is_kept ? BATCH_KEPT : is_not ? BATCH_NOT_KEPT : BATCH_UNKNOWN;
}

const struct db_engine db_postgres = {
    .size = sizeof(struct db_postgres),
    .tell = "SELECT pg_notify(" POSTGRES_CHANNEL ", ?1)",
    .open = postgres_open,
    .close = postgres_close,
    .reopen = postgres_reopen,
    .is_there = postgres_is_there,
    .is_sound = postgres_is_sound,
    .copy = postgres_copy,
    .script = postgres_script,
    .begin = postgres_begin,
    .step = postgres_step,
    .must_undo = postgres_must_undo,
    .has_written = postgres_has_written,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .run = postgres_run,
    .ask = postgres_ask,
    .settle = postgres_settle,
    .run_script = postgres_run_script,
};
