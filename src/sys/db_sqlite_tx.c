/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Transactions on SQLite: batches, their steps, and the calls that features make. Some errors take
 * the whole transaction with them, released savepoints included: after each error SQLite is asked
 * whether the transaction is still there, and what it says, not what the error's name suggests,
 * decides what is lost. Faults are kept, with their words, and never logged here. Source:
 * https://www.sqlite.org/lang_transaction.html, section 3. */
#include "sys/db_sqlite_local.h"

#include <assert.h>
#include <stddef.h>

/* The error's class, as far as its code tells. */
static enum tx_fault fault_of(int code)
{
    switch (code & 0xFF) {
    case SQLITE_INTERRUPT:
        return TX_FAULT_TIME;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return TX_FAULT_BATCH;
    default:
        return TX_FAULT;
    }
}

/* Takes in the connection's last error. */
static void tx_fail(struct tx *tx, const char *sql)
{
    sqlite3 *connection = sqlite_of(tx->db)->connection;
    int code = sqlite3_errcode(connection);
    tx_set_fault(tx, fault_of(code), sqlite3_errmsg(connection), sql);
    int class = code & 0xFF;
    if (class == SQLITE_IOERR || class == SQLITE_CORRUPT || class == SQLITE_NOTADB)
        tx->db->wants_reopen = true;
    if (tx->fault == TX_FAULT_BATCH || sqlite3_get_autocommit(connection))
        tx_lose(tx);
}

/* A statement that moves the transaction itself: BEGIN, COMMIT, SAVEPOINT ... */
static bool sqlite_move(struct tx *tx, const char *sql)
{
    sqlite3_stmt *statement = statement_get(sqlite_of(tx->db), sql);
    bool moved = statement && sqlite3_step(statement) == SQLITE_DONE;
    if (!moved)
        tx_fail(tx, sql);
    if (statement)
        statement_end(statement);
    return moved;
}

bool sqlite_begin(struct tx *tx)
{
    struct db_sqlite *sqlite = sqlite_of(tx->db);
    const char *begin = tx->is_write ? "BEGIN IMMEDIATE" : "BEGIN";
    if (!sqlite->connection) {
        tx_set_fault(tx, TX_FAULT_BATCH, "the database is closed", begin);
        return false;
    }
    bool begun = sqlite_move(tx, begin);
    sqlite->changes = sqlite3_total_changes64(sqlite->connection);
    return begun;
}

bool sqlite_step(struct tx *tx, const char *sql)
{
    struct db_sqlite *sqlite = sqlite_of(tx->db);
    if (!tx->is_light)
        return sqlite_move(tx, sql);
    sqlite->step_changes = sqlite3_total_changes64(sqlite->connection);
    return true;
}

bool sqlite_must_undo(struct tx *tx)
{
    const struct db_sqlite *sqlite = sqlite_of(tx->db);
    return sqlite3_total_changes64(sqlite->connection) != sqlite->step_changes;
}

bool sqlite_has_written(const struct tx *tx)
{
    const struct db_sqlite *sqlite = sqlite_of(tx->db);
    return sqlite->connection && sqlite3_total_changes64(sqlite->connection) != sqlite->changes;
}

void sqlite_rollback(struct tx *tx)
{
    struct db_sqlite *sqlite = sqlite_of(tx->db);
    if (!sqlite->connection || sqlite3_get_autocommit(sqlite->connection))
        return;
    sqlite3_stmt *rollback = statement_get(sqlite, "ROLLBACK");
    if (!rollback)
        return; /* no memory: the next BEGIN fails, and rolls back first */
    sqlite3_step(rollback);
    statement_end(rollback);
}

bool sqlite_commit(struct tx *tx)
{
    return sqlite_move(tx, "COMMIT");
}

/* Steps to the end, since an INSERT ... RETURNING is complete only then; a query whose rows are not
 * wanted any more is left. */
static const struct db_row *run_steps(struct tx *tx, const struct call *call,
                                      sqlite3_stmt *statement)
{
    struct answer answer = {0};
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (answer.count < call->rows_max || call->more_is_bad) {
            if (!answer_add(&answer, tx, call, statement_row(statement, tx->mem)))
                break;
        } else if (sqlite3_stmt_readonly(statement)) {
            break;
        }
    }
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        tx_fail(tx, call->sql);
    return answer.first;
}

const struct db_row *sqlite_run(struct tx *tx, const struct call *call)
{
    sqlite3_stmt *statement = statement_get(sqlite_of(tx->db), call->sql);
    if (!statement) {
        tx_fail(tx, call->sql);
        return NULL;
    }
    const struct db_row *rows = NULL;
    if (statement_bind(statement, call->values, call->count) == SQLITE_OK)
        rows = run_steps(tx, call, statement);
    else
        tx_fail(tx, call->sql);
    statement_end(statement);
    return rows;
}

void sqlite_run_script(struct tx *tx, const char *sql)
{
    sqlite3 *connection = sqlite_of(tx->db)->connection;
    if (sqlite3_exec(connection, sql, NULL, NULL, NULL) != SQLITE_OK) {
        tx_fail(tx, sql);
    } else if (sqlite3_get_autocommit(connection)) {
        tx_set_fault(tx, TX_FAULT_BATCH, "the script ended its transaction", sql);
        tx->is_lost = true;
    }
}
