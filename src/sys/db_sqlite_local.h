/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A connection to SQLite, shared by the files that know SQLite: db_sqlite.c opens it,
 * db_sqlite_tx.c runs transactions, db_sqlite_statement.c prepares, binds and reads,
 * db_sqlite_checkpoint.c keeps the log short. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include "sys/db_local.h"

struct db_sqlite {
    struct db db;        /* first */
    sqlite3 *connection; /* NULL after a reopen that failed */
    struct statements *statements;
    struct checkpointer *checkpointer; /* NULL: it only reads */
    int64_t changes;                   /* of rows, by the connection until its transaction began */
    int64_t step_changes;              /* until its step did */
};

static inline struct db_sqlite *sqlite_of(struct db *db)
{
    return (struct db_sqlite *)db;
}

/* The prepared statement of that text, made on its first use and kept; NULL: it cannot be prepared.
 */
sqlite3_stmt *statement_get(struct db_sqlite *sqlite, const char *sql);
/* Ends one, as void *, before the connection is closed. */
void statement_finalize(void *handle);

/* Binds ?1 and up. The bytes must live until statement_end. */
int statement_bind(sqlite3_stmt *statement, const struct db_value *values, int count);
/* A copy of the row at which the statement stands; NULL when a column holds what the house does not
 * use. */
struct db_row *statement_row(sqlite3_stmt *statement, struct mem *mem);
/* Ready for the next use; forgets the values that were bound. */
void statement_end(sqlite3_stmt *statement);

/* Takes over what the log holds while the writer goes on: see db_sqlite_checkpoint.c. */
struct checkpointer *checkpointer_new(struct mem *mem, const char *path);
/* Looks after the log from now on, after each commit on that connection, the writer's. */
void checkpointer_watch(struct checkpointer *checkpointer, sqlite3 *connection);
/* Before that connection closes: ends the thread, until it is needed again. */
void checkpointer_leave(struct checkpointer *checkpointer, sqlite3 *connection);
void checkpointer_free(struct checkpointer *checkpointer);

/* The part of db_sqlite that is about transactions: see struct db_engine. */
bool sqlite_begin(struct tx *tx);
bool sqlite_step(struct tx *tx, const char *sql);
bool sqlite_must_undo(struct tx *tx);
bool sqlite_has_written(const struct tx *tx);
bool sqlite_commit(struct tx *tx);
void sqlite_rollback(struct tx *tx);
const struct db_row *sqlite_run(struct tx *tx, const struct call *call);
void sqlite_run_script(struct tx *tx, const char *sql);
