/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sending statements to PostgreSQL and reading its answers. A round trip costs more than most
 * statements: what nobody reads is only put into the line, and travels with the next statement that
 * is read, or with the COMMIT. In return an error may be told later than it happened; it is then
 * the fault of the step that caused it, while that one is under way, or else of the whole batch,
 * whose tasks the writer runs again, each alone. Nothing waits for ever: who runs out of time
 * cancels, and a server that does not even answer to that is given up.
 * Source: https://www.postgresql.org/docs/15/libpq-pipeline-mode.html */
#include "sys/db_postgres_local.h"

#include <arpa/inet.h>
#include <assert.h>
#include <endian.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "sys/clock.h"

enum {
    VALUES_MAX = 32,
    NUMBER_BYTES_MAX = 24,
    NAME_BYTES_MAX = 24,
    CANCEL_BYTES_MAX = 256,
    PIPE_SPARE = 16,
    FORMAT_TEXT = 0,
    FORMAT_BINARY = 1,
    /* Types' numbers, from PostgreSQL's pg_type.dat: they never change. */
    TYPE_UNKNOWN = 0,
    TYPE_BOOL = 16,
    TYPE_BYTEA = 17,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25,
};

/* The values of one statement, as libpq wants them. */
struct bound {
    Oid types[VALUES_MAX];
    const char *bytes[VALUES_MAX];
    int lengths[VALUES_MAX];
    int formats[VALUES_MAX];
    char numbers[VALUES_MAX][NUMBER_BYTES_MAX];
};

/* Numbers go as text, so that they fit whatever width the server took them to have when the
 * statement was first prepared with a NULL. */
static void bind_one(struct bound *bound, int i, const struct db_value *value)
{
    bound->bytes[i] = value->bytes;
    bound->lengths[i] = (int)value->count;
    bound->formats[i] = FORMAT_BINARY;
    switch (value->type) {
    case DB_NULL:
        bound->types[i] = TYPE_UNKNOWN;
        bound->bytes[i] = NULL;
        return;
    case DB_INT:
        snprintf(bound->numbers[i], NUMBER_BYTES_MAX, "%lld", (long long)value->number);
        bound->types[i] = TYPE_INT8;
        bound->bytes[i] = bound->numbers[i];
        bound->formats[i] = FORMAT_TEXT;
        return;
    case DB_TEXT:
        bound->types[i] = TYPE_TEXT;
        return;
    case DB_BLOB:
        bound->types[i] = TYPE_BYTEA;
        return;
    }
}

/* ?1 becomes $1, outside of quotes. */
static const char *sql_of(struct mem *mem, const char *sql)
{
    char *copy = mem_strdup(mem, sql);
    bool quoted = false;
    for (char *c = copy; *c; c++) {
        if (*c == '\'')
            quoted = !quoted;
        if (*c == '?' && !quoted)
            *c = '$';
    }
    return copy;
}

void pipe_break(struct db_postgres *postgres)
{
    postgres->sent_count = 0;
    postgres->db.wants_reopen = true;
}

static void note_sent(struct db_postgres *postgres, enum sent_kind kind, const char *sql)
{
    assert(postgres->sent_count < PIPE_SENT_MAX);
    postgres->sent[postgres->sent_count++] = (struct sent){
        .kind = kind, .sql = sql, .step = postgres->step, .ends_ms = postgres->db.tx.ends_ms};
}

/* There is no connection any more: nothing that was written is kept. */
static bool fail_broken(struct tx *tx, const char *sql)
{
    pipe_break(postgres_of(tx->db));
    if (!tx->fault)
        tx_set_fault(tx, TX_FAULT_BATCH, "the connection is lost", sql);
    else if (tx->fault == TX_FAULT)
        tx->fault = TX_FAULT_BATCH; /* the server said why */
    return false;
}

/* Room for one more, what it brings along, and what ends the transaction. */
static bool make_room(struct tx *tx)
{
    if (postgres_of(tx->db)->sent_count > PIPE_SENT_MAX - PIPE_SPARE)
        pipe_settle(tx, NULL);
    return !tx->fault;
}

static void name_of(char name[NAME_BYTES_MAX], intptr_t number)
{
    snprintf(name, NAME_BYTES_MAX, "s%lld", (long long)number);
}

/* The number of the prepared statement of that text, which is made on its first use; 0: not. */
static intptr_t statement_of(struct tx *tx, const struct call *call, const struct bound *bound)
{
    struct db_postgres *postgres = postgres_of(tx->db);
    intptr_t number = (intptr_t)statements_get(postgres->statements, call->sql);
    if (number)
        return number;
    number = ++postgres->statements_made;
    if (statements_put(postgres->statements, call->sql, (void *)number) &&
        !pipe_move(tx, "DEALLOCATE ALL"))
        return 0;
    char name[NAME_BYTES_MAX];
    name_of(name, number);
    note_sent(postgres, SENT_PREPARE, call->sql);
    bool sent = PQsendPrepare(postgres->connection, name, sql_of(tx->batch_mem, call->sql),
                              call->count, bound->types);
    return sent ? number : 0;
}

bool pipe_send(struct tx *tx, const struct call *call)
{
    struct db_postgres *postgres = postgres_of(tx->db);
    struct bound bound;
    char name[NAME_BYTES_MAX];
    assert(call->count <= VALUES_MAX);
    if (!make_room(tx))
        return false;
    for (int i = 0; i < call->count; i++)
        bind_one(&bound, i, &call->values[i]);
    intptr_t number = statement_of(tx, call, &bound);
    name_of(name, number);
    note_sent(postgres, SENT_STATEMENT, call->sql);
    postgres->may_have |= strncmp(call->sql, "SELECT", 6) != 0;
    return (number && PQsendQueryPrepared(postgres->connection, name, call->count, bound.bytes,
                                          bound.lengths, bound.formats, FORMAT_BINARY)) ||
           fail_broken(tx, call->sql);
}

void pipe_ask(struct tx *tx, struct memo *memo)
{
    struct db_postgres *postgres = postgres_of(tx->db);
    if (!pipe_send(tx, &memo->call))
        return;
    struct sent *sent = &postgres->sent[postgres->sent_count - 1];
    sent->memo = memo;
    sent->rewinds = mem_rewinds(tx->mem);
}

void pipe_forget(struct db_postgres *postgres)
{
    for (int i = 0; i < postgres->sent_count; i++)
        postgres->sent[i].memo = NULL;
}

/* What ends a transaction that has a fault needs no answer to what came before: it has the room
 * that everything else left. */
bool pipe_move(struct tx *tx, const char *sql)
{
    struct db_postgres *postgres = postgres_of(tx->db);
    if (!tx->fault && !make_room(tx))
        return false;
    note_sent(postgres, SENT_STATEMENT, sql);
    return PQsendQueryParams(postgres->connection, sql, 0, NULL, NULL, NULL, NULL, FORMAT_BINARY) ||
           fail_broken(tx, sql);
}

void pipe_part(struct db_postgres *postgres)
{
    if (!PQsendFlushRequest(postgres->connection))
        pipe_break(postgres);
}

void pipe_push(struct db_postgres *postgres)
{
    note_sent(postgres, SENT_SYNC, "");
    if (!PQpipelineSync(postgres->connection) || PQflush(postgres->connection) < 0)
        pipe_break(postgres);
}

static void *cancel_thread(void *context)
{
    PGcancel *how = context;
    char words[CANCEL_BYTES_MAX];
    PQcancel(how, words, sizeof words);
    PQfreeCancel(how);
    return NULL;
}

static struct timespec monotonic_at(int64_t ms)
{
    return (struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
}

/* Asks the server to end what it does, on a connection of its own, and waits until it has heard
 * that: else it might end what comes next. libpq knows no bound for it, neither for a network that
 * is gone nor for a server that hangs: then the thread stays behind, until libpq gives up. False:
 * it was not heard in time. */
static bool cancel(struct db_postgres *postgres)
{
    pthread_t thread;
    const struct timespec ends = monotonic_at(clock_monotonic_ms() + DB_CANCEL_MS_MAX);
    PGcancel *how = PQgetCancel(postgres->connection);
    if (!how || pthread_create(&thread, NULL, cancel_thread, how) != 0) {
        PQfreeCancel(how);
        return false;
    }
    if (pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &ends) == 0)
        return true;
    pthread_detach(thread);
    return false;
}

/* Until the server has said something more, or takes more. False: the time is over. */
static bool wait_socket(const struct db_postgres *postgres, bool wants_to_write, int64_t until_ms)
{
    struct pollfd socket = {.fd = PQsocket(postgres->connection),
                            .events = (short)(POLLIN | (wants_to_write ? POLLOUT : 0))};
    int64_t left_ms = until_ms - clock_monotonic_ms();
    return left_ms > 0 && poll(&socket, 1, (int)left_ms) != 0;
}

/* When the answer that is waited for has to be there. */
struct patience {
    int64_t until_ms;
    bool is_cancelled;
};

/* Whether an answer can be read without waiting. False: the connection is given up. */
static bool wait_answer(struct db_postgres *postgres, struct patience *patience)
{
    for (;;) {
        int left = PQflush(postgres->connection);
        if (left < 0)
            return false;
        if (!PQisBusy(postgres->connection))
            return PQstatus(postgres->connection) == CONNECTION_OK;
        if (!wait_socket(postgres, left > 0, patience->until_ms)) {
            if (patience->is_cancelled || !cancel(postgres))
                return false;
            *patience = (struct patience){clock_monotonic_ms() + DB_CANCEL_MS_MAX, true};
        }
        if (!PQconsumeInput(postgres->connection))
            return false;
    }
}

static struct db_value value_of(const PGresult *result, int row, int column, struct mem *mem)
{
    const char *bytes = PQgetvalue(result, row, column);
    size_t count = (size_t)PQgetlength(result, row, column);
    uint16_t two;
    uint32_t four;
    uint64_t eight;
    switch (PQftype(result, column)) {
    case TYPE_BOOL:
        return db_int(*bytes != 0);
    case TYPE_INT2:
        memcpy(&two, bytes, sizeof two);
        return db_int((int16_t)be16toh(two));
    case TYPE_INT4:
        memcpy(&four, bytes, sizeof four);
        return db_int((int32_t)be32toh(four));
    case TYPE_INT8:
        memcpy(&eight, bytes, sizeof eight);
        return db_int((int64_t)be64toh(eight));
    default:
        return (struct db_value){
            .type = PQftype(result, column) == TYPE_BYTEA ? DB_BLOB : DB_TEXT,
            .bytes = mem_strndup(mem, bytes, count),
            .count = count,
        };
    }
}

/* No sum, no mean, no amount is a floating-point number, nor one of any length. */
static bool is_used(Oid type)
{
    return type == TYPE_BOOL || type == TYPE_BYTEA || type == TYPE_INT2 || type == TYPE_INT4 ||
           type == TYPE_INT8 || type == TYPE_TEXT;
}

/* A copy of one row; NULL when a column holds what the house does not use. */
static struct db_row *row_of(const PGresult *result, int at, struct mem *mem)
{
    struct db_row *row = row_new(mem, PQnfields(result));
    for (int i = 0; i < row->columns; i++) {
        if (!is_used(PQftype(result, i)))
            return NULL;
        if (!PQgetisnull(result, at, i))
            row->values[i] = value_of(result, at, i, mem);
    }
    return row;
}

static const struct db_row *rows_of(struct tx *tx, const struct call *call, const PGresult *result)
{
    struct answer answer = {0};
    for (int i = 0; i < PQntuples(result); i++) {
        if (answer.count == call->rows_max && !call->more_is_bad)
            break;
        if (!answer_add(&answer, tx, call, row_of(result, i, tx->mem)))
            break;
    }
    return answer.first;
}

/* Takes in an error. What of the batch it costs follows from who sent the statement, and whether
 * there is a savepoint to go back to: without one the server has given up the whole transaction. */
static void fail(struct tx *tx, const struct sent *sent, const PGresult *result)
{
    const struct db_postgres *postgres = postgres_of(tx->db);
    const char *words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    bool is_late = state && strcmp(state, "57014") == 0; /* query_canceled */
    bool is_innocent = is_late && tx->is_light && clock_monotonic_ms() < sent->ends_ms;
    if (sent->kind == SENT_PREPARE)
        statements_forget(postgres->statements, sent->sql);
    if (tx->fault)
        return; /* the first one counts */
    tx->was_too_light = tx->is_light && sent->step > 0;
    bool is_ours = sent->step == postgres->step && !is_innocent;
    tx_set_fault(tx, is_ours ? is_late ? TX_FAULT_TIME : TX_FAULT : TX_FAULT_BATCH,
                 words ? words : PQresultErrorMessage(result), sent->sql);
}

/* The last word of a process that ends. It may stand behind the answer to a COMMIT, where the one
 * about the sync is due. */
static bool is_farewell(const PGresult *result)
{
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    return severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0);
}

static void note_written(struct db_postgres *postgres, const struct sent *sent, PGresult *result)
{
    const char *command = PQcmdStatus(result);
    bool writes = strncmp(command, "INSERT", 6) == 0 || strncmp(command, "UPDATE", 6) == 0 ||
                  strncmp(command, "DELETE", 6) == 0;
    if (!writes || strcmp(PQcmdTuples(result), "0") == 0)
        return;
    postgres->has_written = true;
    postgres->written_step = sent->step;
}

/* Its memory may be gone by now. */
static void take_ahead(struct tx *tx, const struct sent *sent, const PGresult *result)
{
    if (!sent->memo || sent->rewinds != mem_rewinds(tx->mem))
        return;
    sent->memo->rows = rows_of(tx, &sent->memo->call, result);
    sent->memo->is_waiting = false;
}

/* One answer. False: the connection is given up. */
static bool take_answer(struct tx *tx, const struct sent *sent, struct patience *patience,
                        const struct call *wanted, const struct db_row **ret_rows)
{
    struct db_postgres *postgres = postgres_of(tx->db);
    if (!wait_answer(postgres, patience))
        return false;
    PGresult *result = PQgetResult(postgres->connection);
    bool is_over = is_farewell(result);
    switch (PQresultStatus(result)) {
    case PGRES_TUPLES_OK:
        if (wanted)
            *ret_rows = rows_of(tx, wanted, result);
        else
            take_ahead(tx, sent, result);
        note_written(postgres, sent, result);
        break;
    case PGRES_COMMAND_OK:
        note_written(postgres, sent, result);
        break;
    case PGRES_PIPELINE_SYNC:
        PQclear(result);
        return true; /* the one answer after which none is missing */
    case PGRES_PIPELINE_ABORTED:
        if (sent->kind == SENT_PREPARE)
            statements_forget(postgres->statements, sent->sql);
        break;
    default:
        fail(tx, sent, result);
    }
    PQclear(result);
    if (is_over || PQstatus(postgres->connection) != CONNECTION_OK ||
        !wait_answer(postgres, patience))
        return false;
    result = PQgetResult(postgres->connection); /* the end of this answer: nothing */
    PQclear(result);
    return result == NULL;
}

/* When the next answer has to be there; `next` is the first one that is missing. A job's step has
 * more time than any answer may take; who set a limit themselves (tx_limit) knows that one may take
 * long, as a sum over a whole table does. What a light step that has ended left under way has no
 * more time than it had; nobody can tell which of all that is under way it is that takes long. */
static int64_t answer_ends_ms(const struct tx *tx, int next)
{
    const struct db_postgres *postgres = postgres_of(tx->db);
    int64_t ends_ms = clock_monotonic_ms() + DB_ANSWER_MS_MAX;
    if (tx->ends_ms != 0 && (!tx->in_step || tx->ends_ms < ends_ms))
        ends_ms = tx->ends_ms;
    for (int i = next; tx->is_light && i < postgres->sent_count; i++)
        if (postgres->sent[i].step > 0 && postgres->sent[i].ends_ms < ends_ms)
            ends_ms = postgres->sent[i].ends_ms;
    return ends_ms;
}

const struct db_row *pipe_settle(struct tx *tx, const struct call *wanted)
{
    struct db_postgres *postgres = postgres_of(tx->db);
    const struct db_row *rows = NULL;
    struct patience patience = {0};
    pipe_push(postgres);
    if (postgres->db.wants_reopen) {
        fail_broken(tx, "SYNC");
        return NULL;
    }
    int last = postgres->sent_count - 2; /* before the sync */
    for (int i = 0; i < postgres->sent_count; i++) {
        const struct sent *sent = &postgres->sent[i];
        if (!patience.is_cancelled)
            patience.until_ms = answer_ends_ms(tx, i);
        if (!take_answer(tx, sent, &patience, i == last ? wanted : NULL, &rows)) {
            fail_broken(tx, sent->sql);
            return NULL;
        }
    }
    postgres->sent_count = 0;
    postgres->may_have = false;
    postgres->round_trips++;
    return rows;
}
