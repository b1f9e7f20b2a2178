/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Transactions on PostgreSQL. There is one writer at a time, behind an advisory lock: READ
 * COMMITTED is enough, nothing can deadlock, nothing has to be tried again, and many requests still
 * share one fsync. Readers have a snapshot. Each batch writes its number beside what it did, so
 * that the outcome of a COMMIT whose answer was lost can be asked for. */
#include "sys/db_postgres_local.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "sys/clock.h"

static const char begin_read[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
static const char begin_write[] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

/* A batch that changed nothing leaves no number: the server itself knows whether it did. */
static const char note_batch[] =
    "INSERT INTO db_batch (writer, number, written_at) SELECT ?1, ?2, ?3 "
    "WHERE pg_current_xact_id_if_assigned() IS NOT NULL "
    "ON CONFLICT (writer) DO UPDATE SET number = excluded.number, written_at = excluded.written_at";

/* A writer waits for its lock here, before any of its tasks runs; a reader's BEGIN travels with its
 * first statement. The server itself gives up the lock after DB_BUSY_MS_MAX: one that says nothing
 * for twice as long hangs. */
bool postgres_begin(struct tx *tx)
{
    struct db_postgres *postgres = postgres_of(tx->db);
    postgres->step = postgres->steps = postgres->written_step = 0;
    postgres->has_written = postgres->may_have = false;
    if (!postgres->connection || tx->db->wants_reopen) {
        tx_set_fault(tx, TX_FAULT_BATCH, "the connection is lost", begin_write);
        return false;
    }
    postgres->is_begun = pipe_move(tx, tx->is_write ? begin_write : begin_read);
    if (!tx->is_write)
        return postgres->is_begun;
    tx->ends_ms = clock_monotonic_ms() + 2 * DB_BUSY_MS_MAX;
    if (pipe_move(tx, POSTGRES_LOCK))
        pipe_settle(tx, NULL);
    tx->ends_ms = 0;
    return !tx->fault;
}

bool postgres_step(struct tx *tx, const char *sql)
{
    struct db_postgres *postgres = postgres_of(tx->db);
    pipe_forget(postgres);
    bool sent = tx->is_light || pipe_move(tx, sql);
    if (strncmp(sql, "SAVEPOINT", 9) == 0)
        postgres->step = ++postgres->steps;
    else if (strncmp(sql, "RELEASE", 7) == 0)
        postgres->step = 0;
    return sent;
}

bool postgres_must_undo(struct tx *tx)
{
    struct db_postgres *postgres = postgres_of(tx->db);
    pipe_forget(postgres); /* the step's memory may be another one's by now */
    if (postgres->may_have)
        postgres_settle(tx);
    return !tx->is_lost && (tx->was_too_light || postgres->written_step == postgres->step);
}

bool postgres_has_written(const struct tx *tx)
{
    const struct db_postgres *postgres = postgres_of(tx->db);
    return postgres->has_written || postgres->may_have;
}

/* The answer is read when the connection is used next. */
void postgres_rollback(struct tx *tx)
{
    struct db_postgres *postgres = postgres_of(tx->db);
    bool is_begun = postgres->is_begun;
    pipe_forget(postgres);
    postgres->is_begun = false;
    postgres->step = 0;
    if (is_begun && !tx->db->wants_reopen && pipe_move(tx, "ROLLBACK"))
        pipe_push(postgres);
}

/* Whether it was kept, though nobody said so. */
static bool was_kept(struct tx *tx)
{
    struct db_postgres *postgres = postgres_of(tx->db);
    switch (postgres_look_up(postgres, postgres->batch)) {
    case BATCH_KEPT:
        return true;
    case BATCH_NOT_KEPT:
        return false;
    case BATCH_UNKNOWN:
        tx_set_fault(tx, TX_FAULT_UNSURE, "the connection was lost, and is not found again",
                     "COMMIT");
    }
    return false;
}

static bool commit_write(struct tx *tx)
{
    struct db_postgres *postgres = postgres_of(tx->db);
    const struct db_value batch[] = {db_int(postgres->writer), db_int(++postgres->batch),
                                     db_int(clock_system_seconds())};
    const struct call note = {.sql = note_batch, .values = batch, .count = 3};
    if (tx->is_light)
        pipe_part(postgres); /* a COMMIT has more time than what a step left under way */
    if (!pipe_send(tx, &note) || !pipe_move(tx, "COMMIT"))
        return false;
    pipe_settle(tx, NULL);
    postgres->is_begun = tx->fault && !tx->db->wants_reopen; /* then it is to be rolled back */
    return tx->db->wants_reopen ? was_kept(tx) : !tx->fault;
}

bool postgres_commit(struct tx *tx)
{
    if (tx->is_write)
        return commit_write(tx);
    postgres_rollback(tx);
    return !tx->db->wants_reopen;
}

/* What the whole batch is at fault for, or was lost with the connection, cannot be saved. */
static void lose_what_is_lost(struct tx *tx)
{
    if (tx->fault == TX_FAULT_BATCH || tx->db->wants_reopen)
        tx_lose(tx);
}

const struct db_row *postgres_run(struct tx *tx, const struct call *call)
{
    const struct db_row *rows = NULL;
    bool sent = pipe_send(tx, call);
    if (sent && call->rows_max > 0)
        rows = pipe_settle(tx, call);
    lose_what_is_lost(tx);
    return rows;
}

void postgres_ask(struct tx *tx, struct memo *memo)
{
    pipe_ask(tx, memo);
    lose_what_is_lost(tx);
}

void postgres_settle(struct tx *tx)
{
    if (postgres_of(tx->db)->sent_count > 0)
        pipe_settle(tx, NULL);
    lose_what_is_lost(tx);
}

/* Several statements at once go by the simple protocol, outside of the pipeline. */
void postgres_run_script(struct tx *tx, const char *sql)
{
    struct db_postgres *postgres = postgres_of(tx->db);
    pipe_settle(tx, NULL);
    if (tx->fault)
        return;
    const char *words = postgres_exec(postgres, sql);
    postgres->has_written = true;
    if (words)
        tx_set_fault(tx, TX_FAULT, words, sql);
    if (PQtransactionStatus(postgres->connection) == PQTRANS_IDLE) {
        tx_set_fault(tx, TX_FAULT_BATCH, "the script ended its transaction", sql);
        postgres->is_begun = false;
        tx->is_lost = true;
    }
}
