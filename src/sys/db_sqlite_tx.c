/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Transactions on SQLite: batches, their steps, and the calls that features make. Some errors take
 * the whole transaction with them, released savepoints included: after each error SQLite is asked
 * whether the transaction is still there, and what it says, not what the error's name suggests,
 * decides what is lost. Faults are kept, with their words, and never logged here. Source:
 * https://www.sqlite.org/lang_transaction.html, section 3. */
#include "sys/db_sqlite_local.h"

#include <assert.h>
#include <stddef.h>

#include "base/mem.h"
#include "sys/clock.h"

int tx_is_late(void *context)
{
    const struct tx *tx = context;
    return (tx->deadline_ms != 0 && clock_thread_ms() > tx->deadline_ms) ||
           (tx->ends_ms != 0 && clock_monotonic_ms() > tx->ends_ms);
}

/* What ends it may take its time. */
static void tx_unlimit(struct tx *tx)
{
    tx->deadline_ms = 0;
    tx->ends_ms = 0;
}

void tx_limit(struct tx *tx, int64_t ms)
{
    assert(tx->is_open && !tx->in_step);
    tx->ends_ms = clock_monotonic_ms() + ms;
}

/* Gives up the whole transaction. */
static void tx_lose(struct tx *tx)
{
    tx_unlimit(tx);
    if (!sqlite3_get_autocommit(tx->db->connection))
        sqlite3_exec(tx->db->connection, "ROLLBACK", NULL, NULL, NULL);
    tx->is_lost = true;
    if (tx->fault != TX_FAULT_TIME)
        tx->fault = TX_FAULT_BATCH;
}

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
    sqlite3 *connection = tx->db->connection;
    int code = sqlite3_errcode(connection);
    tx_set_fault(tx, fault_of(code), sqlite3_errmsg(connection), sql);
    int class = code & 0xFF;
    if (class == SQLITE_IOERR || class == SQLITE_CORRUPT || class == SQLITE_NOTADB)
        tx->db->wants_reopen = true;
    if (tx->fault == TX_FAULT_BATCH || sqlite3_get_autocommit(connection))
        tx_lose(tx);
}

/* A statement that moves the transaction itself: BEGIN, COMMIT, SAVEPOINT ... */
static bool tx_move(struct tx *tx, const char *sql)
{
    sqlite3_stmt *statement = statement_get(tx->db, sql);
    bool moved = statement && sqlite3_step(statement) == SQLITE_DONE;
    if (!moved)
        tx_fail(tx, sql);
    if (statement)
        statement_end(statement);
    return moved;
}

struct tx *db_begin(struct db *db, struct mem *mem)
{
    assert(!db->tx.is_open);
    bool is_write = db->mode == DB_WRITE;
    db->tx =
        (struct tx){.db = db, .mem = mem, .batch_mem = mem, .is_open = true, .is_write = is_write};
    const char *begin = is_write ? "BEGIN IMMEDIATE" : "BEGIN";
    if (!db->connection) {
        tx_set_fault(&db->tx, TX_FAULT_BATCH, "the database is closed", begin);
        db->tx.is_lost = true;
    } else if (!tx_move(&db->tx, begin) && !db->tx.is_lost) {
        tx_lose(&db->tx);
    }
    if (db->connection)
        db->tx.changes = sqlite3_total_changes64(db->connection);
    return &db->tx;
}

bool tx_has_written(const struct tx *tx)
{
    assert(tx->is_open);
    return tx->db->connection && sqlite3_total_changes64(tx->db->connection) != tx->changes;
}

void tx_rollback(struct tx *tx)
{
    assert(tx->is_open);
    tx_unlimit(tx);
    if (tx->db->connection && !sqlite3_get_autocommit(tx->db->connection))
        sqlite3_exec(tx->db->connection, "ROLLBACK", NULL, NULL, NULL);
    tx->is_open = false;
    tx->in_step = false;
}

/* The failure that a test has ordered, when its turn has come. */
static bool is_made_to_fail(struct tx *tx, const char *sql)
{
    struct db_failure *failure = tx->db->failure;
    if (!failure || failure->countdown == 0 || --failure->countdown > 0)
        return false;
    if (failure->lasting)
        failure->countdown = 1;
    failure->reached = true;
    tx_set_fault(tx, TX_FAULT, "made to fail by a test", sql);
    if (failure->batch)
        tx_lose(tx);
    return true;
}

bool tx_commit(struct tx *tx)
{
    assert(tx->is_open && !tx->in_step);
    if (!tx->fault && !is_made_to_fail(tx, "COMMIT") && tx_move(tx, "COMMIT")) {
        tx->is_open = false;
        return true;
    }
    tx_rollback(tx);
    tx->is_lost = true;
    return false;
}

void tx_step_begin(struct tx *tx, struct mem *mem, int64_t time_ms_max)
{
    assert(tx->is_open && !tx->in_step);
    tx->in_step = true;
    tx->mem = mem;
    tx->step_is_void = tx->fault != TX_FINE;
    if (tx->step_is_void)
        return;
    tx->error[0] = '\0';
    if (tx->is_write && !tx_move(tx, "SAVEPOINT step"))
        tx_lose(tx);
    tx->deadline_ms = clock_thread_ms() + time_ms_max;
    tx->ends_ms = clock_monotonic_ms() + time_ms_max * DB_WAIT_FACTOR;
}

void tx_step_undo(struct tx *tx)
{
    assert(tx->in_step);
    if (!tx->fault && tx->is_write && !tx_move(tx, "ROLLBACK TO step"))
        tx_lose(tx);
}

void tx_step_end(struct tx *tx, bool keep)
{
    assert(tx->in_step);
    tx->in_step = false;
    tx->mem = tx->batch_mem;
    tx_unlimit(tx);
    if (tx->step_is_void || tx->is_lost)
        return;
    bool undo = !keep || tx->fault;
    tx->fault = TX_FINE;
    if (!tx->is_write)
        return;
    if ((undo && !tx_move(tx, "ROLLBACK TO step")) || !tx_move(tx, "RELEASE step"))
        tx_lose(tx);
}

struct call {
    const char *sql;
    const struct db_value *values;
    int count;
    int rows_max;     /* kept; 0: nobody reads them */
    bool more_is_bad; /* than that: a list without a bound */
};

struct answer {
    const struct db_row *first;
    struct db_row *last;
    int count;
};

/* Adds the row at which the statement stands. False: it cannot be had, nor any more. */
static bool answer_add(struct answer *answer, struct tx *tx, const char *sql,
                       sqlite3_stmt *statement)
{
    if (mem_is_over(tx->mem)) {
        tx_set_fault(tx, TX_FAULT, "the answer is too large", sql);
        return false;
    }
    struct db_row *row = statement_row(statement, tx->mem);
    if (!row) {
        tx_set_fault(tx, TX_FAULT, "a column is a floating-point number", sql);
        return false;
    }
    if (answer->last)
        answer->last->next = row;
    else
        answer->first = row;
    answer->last = row;
    answer->count++;
    return true;
}

/* Steps to the end, since an INSERT ... RETURNING is complete only then; a query whose rows are not
 * wanted any more is left. */
static const struct db_row *run_steps(struct tx *tx, const struct call *call,
                                      sqlite3_stmt *statement)
{
    struct answer answer = {0};
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (answer.count < call->rows_max) {
            if (!answer_add(&answer, tx, call->sql, statement))
                break;
        } else if (call->more_is_bad) {
            tx_set_fault(tx, TX_FAULT, "more rows than any list may have", call->sql);
            break;
        } else if (sqlite3_stmt_readonly(statement)) {
            break;
        }
    }
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        tx_fail(tx, call->sql);
    return tx->fault ? NULL : answer.first;
}

static bool is_out_of_time(struct tx *tx, const char *sql)
{
    if (!tx_is_late(tx))
        return false;
    tx_set_fault(tx, TX_FAULT_TIME, "out of time", sql);
    return true;
}

static const struct db_row *tx_run(struct tx *tx, const struct call *call)
{
    assert(tx->is_open);
    if (tx->fault || is_made_to_fail(tx, call->sql) || is_out_of_time(tx, call->sql))
        return NULL;
    sqlite3_stmt *statement = statement_get(tx->db, call->sql);
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

void tx_do_values(struct tx *tx, const char *sql, const struct db_value *values, int count)
{
    tx_run(tx, &(struct call){sql, values, count, 0, false});
}

const struct db_row *tx_one_values(struct tx *tx, const char *sql, const struct db_value *values,
                                   int count)
{
    return tx_run(tx, &(struct call){sql, values, count, 1, false});
}

const struct db_row *tx_rows_values(struct tx *tx, const char *sql, const struct db_value *values,
                                    int count)
{
    return tx_run(tx, &(struct call){sql, values, count, DB_ROWS_MAX, true});
}

void tx_script(struct tx *tx, const char *sql)
{
    assert(tx->is_open);
    if (tx->fault || is_made_to_fail(tx, sql))
        return;
    sqlite3 *connection = tx->db->connection;
    if (sqlite3_exec(connection, sql, NULL, NULL, NULL) != SQLITE_OK) {
        tx_fail(tx, sql);
    } else if (sqlite3_get_autocommit(connection)) {
        tx_set_fault(tx, TX_FAULT_BATCH, "the script ended its transaction", sql);
        tx->is_lost = true;
    }
}
