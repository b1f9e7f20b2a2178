/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The writer: one thread that runs every waiting piece of work in one transaction, commits once,
 * and only then lets them be answered. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"

struct commits;
struct db;
struct notes;
struct tx;
struct writer;

enum writer_lane { LANE_URGENT, LANE_BULK, LANES };

enum writer_end {
    WRITER_KEPT,     /* durable */
    WRITER_UNDONE,   /* `run` said so: a refusal, nothing of it was kept */
    WRITER_FAULT,    /* the database failed it: 503 */
    WRITER_UNSURE,   /* nobody knows whether it was kept, as it would have been: 503 */
    WRITER_TOO_LONG, /* it ran out of its time: 503 */
};

/* Then pages are made anew, and who watches is told: in vain, at worst. */
static inline bool writer_may_have_kept(enum writer_end end)
{
    return end == WRITER_KEPT || end == WRITER_UNSURE;
}

struct writer_task {
    struct writer_task *next; /* the writer's, as are `start` and `end` */
    struct mem_mark start;
    enum writer_end end;
    enum writer_lane lane;
    int64_t ms_max; /* its time; 0: WRITER_REQUEST_MS_MAX */
    struct mem *mem;
    const struct notes *touched; /* as `run` left them; NULL: it touches nothing */
    /* Runs in the batch's transaction; true: keep what it wrote. May run again, when the batch had
     * to be undone, its memory rewound to where it was: it must set whatever it sets anew. */
    bool (*run)(struct writer_task *task, struct tx *tx);
    /* Called once, after the commit or its failure; from then on the task is its owner's again. */
    void (*done)(struct writer_task *task, enum writer_end end);
};

/* `db` is a DB_WRITE connection that is the writer's until writer_stop; other processes on the same
 * database are told of `commits`, where it is not NULL. With `threaded` false there
 * is no thread: writer_submit runs the task at once, as a batch of one, and calls `done` (stories,
 * the demonstration). NULL: no thread could be had. */
struct writer *writer_start(struct mem *mem, struct db *db, const struct commits *commits,
                            bool threaded);
/* Finishes what waits, then ends. */
void writer_stop(struct writer *writer);
/* False: the queue is full (WRITER_QUEUE_MAX) or the writer stops: 503 with Retry-After. */
bool writer_submit(struct writer *writer, struct writer_task *task);
/* How it fares: how many a batch took, in how many microseconds a commit that had something to
 * write was durable, and what waits now. */
struct histogram;
struct writer_figures {
    const struct histogram *batches;
    const struct histogram *commits;
    int waiting[LANES];
};
struct writer_figures writer_figures(struct writer *writer);
/* The last commit that had something to write worked. */
bool writer_is_well(const struct writer *writer);
