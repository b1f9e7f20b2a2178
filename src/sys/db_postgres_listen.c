/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A connection that listens. PostgreSQL hands a notice on once its transaction is committed and
 * seen by everybody, to who listened before that. A line that is dead without a word (a cable, a
 * machine that is gone) would tell nothing for ever: each second it is told once more that we
 * listen, and has to answer. */
#include <poll.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/db_listen.h"
#include "sys/db_postgres_local.h"
#include "sys/rounds.h"

enum {
    LOOK_MS = 100, /* how soon it sees that it is to end */
    ASK_MS = 1000,
    ANSWER_MS_MAX = 2000,
    AGAIN_MS = 500, /* between tries to connect */
    SQL_BYTES_MAX = 80,
};

struct db_listener {
    const char *where;
    struct db_hearer hearer;
    struct rounds *rounds;
    PGconn *connection;
    char sql[SQL_BYTES_MAX]; /* LISTEN, which takes no expression as the name of a channel */
    int64_t asked_ms;        /* when the query that waits for its answer was sent; 0: none does */
    int64_t answered_ms;     /* when the last answer came */
};

/* False: what is asked was not answered by then. */
static bool await_answer(PGconn *connection, int64_t until_ms)
{
    struct pollfd socket = {.fd = PQsocket(connection), .events = POLLIN};
    while (PQisBusy(connection)) {
        if (clock_monotonic_ms() >= until_ms)
            return false;
        poll(&socket, 1, LOOK_MS);
        if (!PQconsumeInput(connection))
            return false;
    }
    return true;
}

/* The answer; NULL: none came in ANSWER_MS_MAX, as of a server that hangs. */
static PGresult *ask(PGconn *connection, const char *sql)
{
    int64_t until_ms = clock_monotonic_ms() + ANSWER_MS_MAX;
    PGresult *last = NULL;
    bool is_sent = PQsendQuery(connection, sql);
    while (is_sent && await_answer(connection, until_ms)) {
        PGresult *next = PQgetResult(connection);
        if (!next)
            return last;
        PQclear(last);
        last = next;
    }
    PQclear(last);
    return NULL;
}

static bool begin_listening(struct db_listener *listener)
{
    PGresult *sql = ask(listener->connection, "SELECT 'LISTEN ' || " POSTGRES_CHANNEL);
    snprintf(listener->sql, sizeof listener->sql, "%s",
             PQresultStatus(sql) == PGRES_TUPLES_OK ? PQgetvalue(sql, 0, 0) : "");
    PQclear(sql);
    PGresult *done = ask(listener->connection, listener->sql);
    bool listens = PQresultStatus(done) == PGRES_COMMAND_OK;
    PQclear(done);
    return listens;
}

static bool open_line(struct db_listener *listener)
{
    listener->connection = postgres_reach(listener->where);
    listener->asked_ms = 0;
    listener->answered_ms = clock_monotonic_ms();
    return PQstatus(listener->connection) == CONNECTION_OK && begin_listening(listener);
}

static void pass_on(struct db_listener *listener)
{
    PGnotify *notice;
    while ((notice = PQnotifies(listener->connection))) {
        listener->hearer.heard(listener->hearer.context, notice->extra);
        PQfreemem(notice);
    }
}

/* Asks for a sign of life, or looks for it. False: it did not come in time. */
static bool is_alive(struct db_listener *listener)
{
    int64_t now_ms = clock_monotonic_ms();
    if (!listener->asked_ms) {
        if (now_ms - listener->answered_ms < ASK_MS)
            return true;
        listener->asked_ms = now_ms;
        return PQsendQuery(listener->connection, listener->sql);
    }
    if (PQisBusy(listener->connection))
        return now_ms - listener->asked_ms < ANSWER_MS_MAX;
    bool listens = true;
    PGresult *result;
    while ((result = PQgetResult(listener->connection))) {
        listens = listens && PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
    }
    listener->asked_ms = 0;
    listener->answered_ms = now_ms;
    return listens;
}

/* One look. False: the connection is of no use any more. */
static bool hear(struct db_listener *listener)
{
    struct pollfd socket = {.fd = PQsocket(listener->connection), .events = POLLIN};
    poll(&socket, 1, LOOK_MS);
    if (!PQconsumeInput(listener->connection))
        return false;
    pass_on(listener);
    return is_alive(listener) && PQstatus(listener->connection) == CONNECTION_OK;
}

static void *run(void *context)
{
    struct db_listener *listener = context;
    while (rounds_go_on(listener->rounds)) {
        if (open_line(listener)) {
            listener->hearer.listens(listener->hearer.context, true);
            while (rounds_go_on(listener->rounds) && hear(listener))
                continue;
            if (rounds_go_on(listener->rounds)) /* else nobody wants to hear any more */
                listener->hearer.listens(listener->hearer.context, false);
        }
        PQfinish(listener->connection);
        rounds_sleep(listener->rounds, AGAIN_MS);
    }
    return NULL;
}

struct db_listener *db_listen(struct mem *mem, const char *where, const struct db_hearer *hearer)
{
    struct db_listener *listener = MEM_NEW(mem, struct db_listener);
    *listener = (struct db_listener){
        .where = mem_strdup(mem, where), .hearer = *hearer, .rounds = rounds_new(mem)};
    const char *why = rounds_start(listener->rounds, run, listener);
    if (!why)
        return listener;
    log_event(LOG_ERROR, "not_listening", log_text("why", why));
    return NULL;
}

void db_listener_stop(struct db_listener *listener)
{
    rounds_stop(listener->rounds);
}
