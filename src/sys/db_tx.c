/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Connections and transactions, as far as they are the same for every engine: which engine it is,
 * that a fault sticks, what a step is, that time ends, that tests make calls fail. It runs no SQL
 * of its own. */
#include "sys/db.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/clock.h"
#include "sys/db_local.h"

enum { CONNECTION_BYTES_MAX = 1024 * 1024 };

void db_set_error(struct db *db, const char *words)
{
    snprintf(db->error, sizeof db->error, "%s", words);
}

bool db_is_postgres(const char *where)
{
    return str_starts(where, "postgresql://") || str_starts(where, "postgres://");
}

struct db *db_open(const char *where, enum db_mode mode)
{
    const struct db_engine *engine = db_is_postgres(where) ? &db_postgres : &db_sqlite;
    struct mem *mem = mem_new(CONNECTION_BYTES_MAX);
    struct db *db = mem_alloc(mem, engine->size);
    db->engine = engine;
    db->mem = mem;
    db->where = mem_strdup(mem, where);
    db->mode = mode;
    db->tx.db = db;
    if (engine->open(db))
        return db;
    /* An address may hold a password. */
    log_event(LOG_ERROR, "database_not_opened",
              log_text("path", db_is_postgres(where) ? "PostgreSQL" : where),
              log_text("why", db->error));
    db_close(db);
    return NULL;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    db->engine->close(db);
    habits_free(db->habits);
    mem_free(db->mem);
}

bool db_is_far(const struct db *db)
{
    return db->engine->ask != NULL;
}

bool pause_is_over(const struct pause *pause)
{
    return clock_monotonic_ms() >= pause->until_ms;
}

void pause_begin(struct pause *pause)
{
    int64_t longer_ms = pause->ms ? 2 * pause->ms : DB_PAUSE_MS_MIN;
    pause->ms = longer_ms < DB_PAUSE_MS_MAX ? longer_ms : DB_PAUSE_MS_MAX;
    pause->until_ms = clock_monotonic_ms() + pause->ms;
}

bool db_reopen(struct db *db)
{
    assert(!db->tx.is_open);
    if (!pause_is_over(&db->pause))
        return false;
    db->wants_reopen = !db->engine->reopen(db);
    if (db->wants_reopen)
        pause_begin(&db->pause);
    else
        db->pause = (struct pause){0};
    return !db->wants_reopen;
}

bool db_is_there(struct db *db)
{
    assert(!db->tx.is_open);
    return !db->wants_reopen && db->engine->is_there(db);
}

bool db_wants_reopen(const struct db *db)
{
    return db->wants_reopen;
}

bool db_is_sound(struct db *db)
{
    assert(!db->tx.is_open);
    return db->engine->is_sound(db);
}

bool db_copy(struct db *db, const char *path, const char **ret_error)
{
    assert(!db->tx.is_open);
    *ret_error = db->error;
    return db->engine->copy(db, path);
}

bool db_script(struct db *db, const char *sql, const char **ret_error)
{
    assert(!db->tx.is_open);
    *ret_error = db->error;
    return db->engine->script(db, sql);
}

void db_fail(struct db *db, struct db_failure *failure)
{
    db->failure = failure;
}

/* The thread's own clock is a system call, the monotonic one is none; and a thread computes no
 * longer than time goes by. */
bool tx_is_late(const struct tx *tx)
{
    if (tx->ends_ms == 0)
        return false;
    int64_t now_ms = clock_monotonic_ms();
    return now_ms > tx->ends_ms ||
           (tx->deadline_ms != 0 && now_ms >= tx->looks_ms && clock_thread_ms() > tx->deadline_ms);
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

void tx_lose(struct tx *tx)
{
    tx_unlimit(tx);
    tx->db->engine->rollback(tx);
    tx->is_lost = true;
    if (tx->fault != TX_FAULT_TIME)
        tx->fault = TX_FAULT_BATCH;
}

enum tx_fault tx_fault(struct tx *tx)
{
    if (tx->is_open && !tx->fault && !tx->is_light)
        tx->db->engine->settle(tx);
    return tx->fault;
}

void tx_lighten(struct tx *tx)
{
    assert(tx->is_open && !tx->in_step);
    tx->is_light = true;
}

bool tx_was_too_light(const struct tx *tx)
{
    return tx->was_too_light;
}

/* Gives it up because savepoints would have saved it. */
static void tx_lose_light(struct tx *tx)
{
    tx->was_too_light = true;
    if (!tx->fault)
        tx_set_fault(tx, TX_FAULT_BATCH, "a step without a savepoint is to be undone", "");
    tx_lose(tx);
}

struct tx *db_begin(struct db *db, struct mem *mem)
{
    assert(!db->tx.is_open);
    bool is_write = db->mode == DB_WRITE;
    db->tx =
        (struct tx){.db = db, .mem = mem, .batch_mem = mem, .is_open = true, .is_write = is_write};
    if (!db->engine->begin(&db->tx) && !db->tx.is_lost)
        tx_lose(&db->tx);
    return &db->tx;
}

bool tx_has_written(const struct tx *tx)
{
    assert(tx->is_open);
    return tx->db->engine->has_written(tx);
}

void tx_rollback(struct tx *tx)
{
    assert(tx->is_open);
    habit_end(tx);
    tx_unlimit(tx);
    tx->db->engine->rollback(tx);
    tx->is_open = false;
    tx->in_step = false;
}

/* Whether it is the turn of the failure that a test has ordered. */
static bool failure_is_due(struct db_failure *failure, const char *sql)
{
    failure->calls++;
    if (failure->at_commit)
        return str_equal(sql, "COMMIT");
    if (failure->countdown == 0 || --failure->countdown > 0)
        return false;
    if (failure->lasting)
        failure->countdown = 1;
    return true;
}

static bool is_made_to_fail(struct tx *tx, const char *sql)
{
    struct db_failure *failure = tx->db->failure;
    if (!failure || !failure_is_due(failure, sql))
        return false;
    if (!failure->reached)
        failure->reached_at = failure->calls;
    failure->reached = true;
    tx_set_fault(tx, TX_FAULT, "made to fail by a test", sql);
    if (failure->batch)
        tx_lose(tx);
    return true;
}

bool tx_commit(struct tx *tx)
{
    assert(tx->is_open && !tx->in_step);
    if (!tx->fault && !is_made_to_fail(tx, "COMMIT") && tx->db->engine->commit(tx)) {
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
    tx->memos = NULL;
    tx->step_is_void = tx->fault != TX_FINE;
    if (tx->step_is_void)
        return;
    tx->error[0] = '\0';
    if (!tx->db->engine->step(tx, "SAVEPOINT step"))
        tx_lose(tx);
    tx->deadline_ms = clock_thread_ms() + time_ms_max;
    int64_t now_ms = clock_monotonic_ms();
    tx->looks_ms = now_ms + time_ms_max;
    tx->ends_ms = now_ms + time_ms_max * DB_WAIT_FACTOR;
}

/* Undoes what it wrote; what is lost with it is lost. */
static void step_undo(struct tx *tx)
{
    const struct db_engine *engine = tx->db->engine;
    if (!tx->is_light && !engine->step(tx, "ROLLBACK TO step"))
        tx_lose(tx);
    else if (tx->is_light && engine->must_undo(tx))
        tx_lose_light(tx);
}

void tx_step_undo(struct tx *tx)
{
    assert(tx->in_step);
    tx->memos = NULL;
    if (!tx->fault)
        step_undo(tx);
}

void tx_step_end(struct tx *tx, bool keep)
{
    assert(tx->in_step);
    habit_end(tx);
    tx->in_step = false;
    tx->memos = NULL;
    tx->mem = tx->batch_mem;
    tx_unlimit(tx);
    if (tx->step_is_void || tx->is_lost)
        return;
    bool undo = !keep || tx->fault;
    tx->fault = TX_FINE;
    if (undo)
        step_undo(tx);
    if (!tx->is_lost && !tx->db->engine->step(tx, "RELEASE step"))
        tx_lose(tx);
}

bool answer_add(struct answer *answer, struct tx *tx, const struct call *call, struct db_row *row)
{
    if (!row) {
        tx_set_fault(tx, TX_FAULT, "a column is of a type that the house does not use", call->sql);
    } else if (mem_is_over(tx->mem)) {
        tx_set_fault(tx, TX_FAULT, "the answer is too large", call->sql);
    } else if (answer->count < call->rows_max) {
        if (answer->last)
            answer->last->next = row;
        else
            answer->first = row;
        answer->last = row;
        answer->count++;
        return true;
    } else {
        tx_set_fault(tx, TX_FAULT, "more rows than any list may have", call->sql);
    }
    return false;
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
    if (tx->is_ahead) {
        memo_ask(tx, call);
        return NULL;
    }
    if (tx->fault || is_made_to_fail(tx, call->sql) || is_out_of_time(tx, call->sql))
        return NULL;
    habit_note(tx, call);
    if (!call_is_question(call))
        memo_forget(tx, call->sql);
    const struct db_row *rows = NULL;
    if (memo_get(tx, call, &rows))
        return tx->fault ? NULL : rows;
    rows = tx->db->engine->run(tx, call);
    if (tx->fault)
        return NULL;
    memo_put(tx, call, rows);
    return rows;
}

void tx_do_values(struct tx *tx, const char *sql, const struct db_value *values, int count)
{
    tx_run(tx, &(struct call){sql, values, count, 0, false});
}

bool tx_ahead_begin(struct tx *tx)
{
    assert(tx->is_open && !tx->is_ahead);
    tx->is_ahead = db_is_far(tx->db);
    return tx->is_ahead;
}

void tx_ahead_end(struct tx *tx)
{
    assert(tx->is_ahead);
    tx->is_ahead = false;
}

void tx_about(struct tx *tx, const char *subject)
{
    assert(tx->is_open && tx->in_step == tx->is_write);
    if (db_is_far(tx->db))
        habit_begin(tx, subject);
}

bool tx_can_tell(const struct tx *tx)
{
    return tx->db->engine->tell != NULL;
}

void tx_tell(struct tx *tx, const char *words)
{
    assert(strlen(words) <= DB_NOTICE_BYTES_MAX);
    const struct db_value value = db_text(words);
    if (tx_can_tell(tx))
        tx_do_values(tx, tx->db->engine->tell, &value, 1);
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
    tx->memos = NULL;
    if (!tx->fault && !is_made_to_fail(tx, sql))
        tx->db->engine->run_script(tx, sql);
}
