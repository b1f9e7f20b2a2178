/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Hearing what transactions of any process tell (tx_tell), on a PostgreSQL database. */
#pragma once
#include <stdbool.h>

struct db_listener;
struct mem;

/* Who is told, by the listener's own thread. */
struct db_hearer {
    void *context;
    /* What a committed transaction told, in the order of commits; this process's own as well. */
    void (*heard)(void *context, const char *words);
    /* True: all that is committed from now on will be heard; what was before may have been missed.
     * False: the connection is lost, or the server does not answer: nothing is heard. In turns, and
     * nothing is heard before the first. */
    void (*listens)(void *context, bool listens);
};

/* Starts a thread that listens on a connection of its own, and opens it again when it is lost.
 * `where` is a postgresql:// address. NULL after one log line: no thread could be had. */
struct db_listener *db_listen(struct mem *mem, const char *where, const struct db_hearer *hearer);
/* Ends the thread; nobody is told anything afterwards, not even that nothing is heard. */
void db_listener_stop(struct db_listener *listener);
