/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A connection to SQLite, shared by the files that know SQLite: db_sqlite.c opens it,
 * db_sqlite_tx.c runs transactions, db_sqlite_statement.c prepares, binds and reads. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include "sys/db_local.h"

struct statement;

struct db {
    struct mem *mem;
    const char *path;
    enum db_mode mode;
    sqlite3 *connection; /* NULL after a db_reopen that failed */
    bool wants_reopen;
    struct db_failure *failure;
    struct statement *statements; /* a hash table by the SQL's text */
    int statements_count;
    struct tx tx;
    char error[DB_ERROR_BYTES_MAX];
};

/* The prepared statement of that text, made on its first use and kept; NULL: it cannot be prepared.
 */
sqlite3_stmt *statement_get(struct db *db, const char *sql);
/* Ends them all, before the connection is closed. */
void statements_drop(struct db *db);

/* Binds ?1 and up. The bytes must live until statement_end. */
int statement_bind(sqlite3_stmt *statement, const struct db_value *values, int count);
/* A copy of the row at which the statement stands; NULL when a column holds what the house does not
 * use. */
struct db_row *statement_row(sqlite3_stmt *statement, struct mem *mem);
/* Ready for the next use; forgets the values that were bound. */
void statement_end(sqlite3_stmt *statement);

/* Whether the transaction, as void *, has outrun its time; SQLite asks it while a statement runs.
 */
int tx_is_late(void *context);
