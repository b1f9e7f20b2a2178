/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The inside of a transaction: what every engine keeps of it. For sys/db*.c alone. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "sys/db.h"

struct tx {
    struct db *db;
    struct mem *mem;       /* where rows go now */
    struct mem *batch_mem; /* where they go outside of steps */
    enum tx_fault fault;
    bool is_write;
    bool is_open;
    bool is_lost;
    bool in_step;
    bool step_is_void;   /* begun after a fault: there is nothing to undo or to forgive */
    int64_t deadline_ms; /* on the thread's own clock; 0: none */
    int64_t ends_ms;     /* on the monotonic clock; 0: never */
    int64_t changes;     /* of rows, by the connection until it began */
    char error[DB_ERROR_BYTES_MAX];
};

/* Sets the fault and its words. The statement is named by its text, which holds no values. */
void tx_set_fault(struct tx *tx, enum tx_fault fault, const char *words, const char *sql);

/* A new row whose values are all NULL. */
struct db_row *row_new(struct mem *mem, int columns);
