/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* COPY: many rows into one table, several times as fast as by statements. It knows no pipeline:
 * that is left while rows go out. Nothing here waits for a bounded time, since it is for commands
 * alone; a server that is gone is told of by TCP. */
#include "sys/db_postgres_local.h"

#include <assert.h>
#include <limits.h>

static bool is_fine(struct tx *tx)
{
    assert(tx->is_open && tx->is_write && tx->db->engine == &db_postgres);
    return !tx->fault;
}

/* The server's words, without those that name a value. */
static void fail(struct tx *tx, const PGresult *result, const char *sql)
{
    struct db_postgres *postgres = postgres_of(tx->db);
    const char *words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    tx_set_fault(tx, TX_FAULT, words ? words : "the connection is lost", sql);
    if (PQstatus(postgres->connection) != CONNECTION_OK)
        pipe_break(postgres);
}

static void enter_pipeline(struct db_postgres *postgres)
{
    PQenterPipelineMode(postgres->connection);
    PQsetnonblocking(postgres->connection, 1);
}

void tx_copy_begin(struct tx *tx, const char *sql)
{
    if (!is_fine(tx))
        return;
    struct db_postgres *postgres = postgres_of(tx->db);
    tx->memos = NULL;
    if (postgres->sent_count > 0)
        pipe_settle(tx, NULL);
    if (tx->fault)
        return;
    PQsetnonblocking(postgres->connection, 0);
    PQexitPipelineMode(postgres->connection);
    PGresult *result = PQexec(postgres->connection, sql);
    if (PQresultStatus(result) != PGRES_COPY_IN) {
        fail(tx, result, sql);
        enter_pipeline(postgres);
    }
    PQclear(result);
}

void tx_copy_lines(struct tx *tx, const char *bytes, size_t count)
{
    if (!is_fine(tx))
        return;
    assert(count <= INT_MAX);
    /* What goes wrong here is told at the end, with the server's words. */
    PQputCopyData(postgres_of(tx->db)->connection, bytes, (int)count);
}

void tx_copy_end(struct tx *tx, const char *sql)
{
    if (!is_fine(tx))
        return;
    struct db_postgres *postgres = postgres_of(tx->db);
    PQputCopyEnd(postgres->connection, NULL);
    for (PGresult *result; (result = PQgetResult(postgres->connection)); PQclear(result))
        if (PQresultStatus(result) != PGRES_COMMAND_OK && !tx->fault)
            fail(tx, result, sql);
    if (!tx->fault && PQstatus(postgres->connection) != CONNECTION_OK)
        fail(tx, NULL, sql);
    postgres->has_written = true;
    enter_pipeline(postgres);
}
