/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A connection to PostgreSQL, shared by the files that know libpq: db_postgres.c connects,
 * db_postgres_pipe.c sends and reads answers, db_postgres_tx.c runs transactions. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include <libpq-fe.h>

#include "sys/db_local.h"

enum { PIPE_SENT_MAX = 256 };

/* What was sent, and is not answered yet. */
struct sent {
    enum sent_kind { SENT_STATEMENT, SENT_PREPARE, SENT_SYNC } kind;
    const char *sql;   /* which stands in the sources */
    int step;          /* 0: outside of any */
    int64_t ends_ms;   /* of that step, 0: never */
    struct memo *memo; /* for its rows, of what was asked ahead; or NULL */
    int64_t rewinds;   /* of its memory, when it was asked */
};

struct db_postgres {
    struct db db;       /* first */
    PGconn *connection; /* NULL while there is none */
    struct statements *statements;
    intptr_t statements_made; /* on this connection: they are called s1, s2, … */
    struct sent sent[PIPE_SENT_MAX];
    int sent_count;
    int64_t round_trips; /* how often an answer was waited for, so far */
    int step;            /* the present one's number; 0: none */
    int steps;           /* of this transaction */
    bool is_begun;
    bool has_written; /* as far as is answered */
    bool may_have;    /* by what is not */
    int written_step; /* the last one that has written, as far as is answered; 0: none */
    int64_t writer;   /* its row in table db_batch, of a connection that writes */
    int64_t batch;    /* the number of its last one */
};

static inline struct db_postgres *postgres_of(struct db *db)
{
    return (struct db_postgres *)db;
}

/* Sends a statement, or one of the transaction's own, which has no values and is not kept prepared.
 * False: a fault. What is answered is known after pipe_settle. */
bool pipe_send(struct tx *tx, const struct call *call);
bool pipe_move(struct tx *tx, const char *sql);
/* Sends what is asked ahead. */
void pipe_ask(struct tx *tx, struct memo *memo);
/* Nobody wants the answers to what was asked ahead any more: their memory goes. */
void pipe_forget(struct db_postgres *postgres);
/* What was sent so far is answered before what comes then has been done. */
void pipe_part(struct db_postgres *postgres);
/* Asks for what was sent to be done, without waiting for it. */
void pipe_push(struct db_postgres *postgres);
/* Waits until all that was sent is answered. Gives the rows of the last statement, as far as
 * `wanted`, which may be NULL, wants them. The first error is the transaction's fault: of the step
 * that sent it, or, when that one has ended, of the whole batch. */
const struct db_row *pipe_settle(struct tx *tx, const struct call *wanted);
/* The connection broke: nothing that was sent is answered any more. */
void pipe_break(struct db_postgres *postgres);

/* The part of db_postgres that is about transactions: see struct db_engine. */
bool postgres_begin(struct tx *tx);
bool postgres_step(struct tx *tx, const char *sql);
bool postgres_must_undo(struct tx *tx);
bool postgres_has_written(const struct tx *tx);
bool postgres_commit(struct tx *tx);
void postgres_rollback(struct tx *tx);
const struct db_row *postgres_run(struct tx *tx, const struct call *call);
void postgres_ask(struct tx *tx, struct memo *memo);
void postgres_settle(struct tx *tx);
void postgres_run_script(struct tx *tx, const char *sql);

/* A new connection to that address, whatever came of it: see PQstatus. */
PGconn *postgres_reach(const char *where);
/* Connects, with the house's settings. False: db->error says why not. */
bool postgres_connect(struct db_postgres *postgres);
void postgres_disconnect(struct db_postgres *postgres);
/* Runs several statements at once; nothing that was sent is without an answer. NULL, or the
 * server's words, for a moment. */
const char *postgres_exec(struct db_postgres *postgres, const char *sql);
/* Whether the batch of that number was kept, asked on a new connection, once nobody else writes. */
enum batch_end { BATCH_KEPT, BATCH_NOT_KEPT, BATCH_UNKNOWN };
enum batch_end postgres_look_up(struct db_postgres *postgres, int64_t batch);

/* Where processes that share a schema tell each other something: a text, of which LISTEN wants a
 * name. Other schemas of the database have channels of their own. */
#define POSTGRES_CHANNEL "'essaim_' || md5(current_schema())"

/* One writer at a time, in all processes that share a schema. */
#define POSTGRES_LOCK "SELECT pg_advisory_xact_lock(7354, hashtext(current_schema()))"
