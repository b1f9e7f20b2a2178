/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The writer. Group commit: what waits is run in one transaction, one fsync for all, and answers
 * leave only after it.
 *
 * Nearly every task is kept, and a savepoint for each is a fifth of what a sign-up costs. So a
 * batch is run without them; when something that a task wrote has to be undone, the whole batch is,
 * and runs once more, each task in its own savepoint, as the next ones do.
 *
 * When a batch breaks (disk full, an I/O error, no memory, a task that ran out of its time inside a
 * write, or a COMMIT that failed) nothing of it was kept, the released savepoints included: then
 * each task runs again, alone, once, with its memory rewound; who fails again is told so. The task
 * that ran out of its time is not run again, nor is anything of which nobody knows whether it was
 * committed. Nothing is run while another program keeps the database, or while it is not there. */
#include "web/writer_local.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/db.h"
#include "sys/nice.h"
#include "web/commits.h"
#include "web/metrics.h"

static const int64_t batch_bounds[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 0};
static const int64_t commit_bounds_us[] = {250,   500,    1000,   2500,   5000,    10000, 25000,
                                           50000, 100000, 250000, 500000, 1000000, 0};

struct writer {
    struct db *db;
    const struct commits *told; /* NULL: nobody else is told anything */
    bool threaded;
    int64_t batch_ms; /* how long one takes at most */
    pthread_t thread;
    pthread_mutex_t lock; /* guards the queue and `stopping` */
    pthread_cond_t arrived;
    struct writer_task *first[LANES];
    struct writer_task *last[LANES];
    int waiting[LANES];
    bool stopping;
    atomic_bool failing; /* the last commit with something to write did not work */
    struct histogram batches;
    struct histogram commits; /* in microseconds */
    bool closed;              /* the database could not be opened again: the next batch tries */
    int careful;              /* so many batches to come have savepoints */
};

/* The tasks of one batch, in the order they ran. */
struct batch {
    int count;
    struct writer_task *tasks[WRITER_BATCH_REQUESTS_MAX];
};

static int waiting_count(const struct writer *writer)
{
    return writer->waiting[LANE_URGENT] + writer->waiting[LANE_BULK];
}

static void queue_put(struct writer *writer, struct writer_task *task)
{
    task->next = NULL;
    if (writer->last[task->lane])
        writer->last[task->lane]->next = task;
    else
        writer->first[task->lane] = task;
    writer->last[task->lane] = task;
    writer->waiting[task->lane]++;
}

/* The next task, the urgent lane first; NULL: nothing waits. Waits for one when `wait`, until the
 * writer stops. */
static struct writer_task *queue_take(struct writer *writer, bool wait)
{
    struct writer_task *task = NULL;
    pthread_mutex_lock(&writer->lock);
    while (wait && waiting_count(writer) == 0 && !writer->stopping)
        pthread_cond_wait(&writer->arrived, &writer->lock);
    for (int lane = 0; lane < LANES && !task; lane++) {
        task = writer->first[lane];
        if (!task)
            continue;
        writer->first[lane] = task->next;
        if (!task->next)
            writer->last[lane] = NULL;
        writer->waiting[lane]--;
    }
    pthread_mutex_unlock(&writer->lock);
    return task;
}

/* Runs one task as a step and notes how it ended, as far as that is known before the commit. */
static void task_run(struct writer_task *task, struct tx *tx)
{
    tx_step_begin(tx, task->mem, task->ms_max ? task->ms_max : WRITER_REQUEST_MS_MAX);
    bool keep = task->run(task, tx);
    enum tx_fault fault = tx_fault(tx);
    if (fault == TX_FAULT_TIME)
        task->end = WRITER_TOO_LONG;
    else if (fault != TX_FINE)
        task->end = WRITER_FAULT;
    else
        task->end = keep ? WRITER_KEPT : WRITER_UNDONE;
    tx_step_end(tx, task->end == WRITER_KEPT);
}

/* Opens the database again when it is lost; the log says once when it is gone, and when it is back.
 */
static void look_after_database(struct writer *writer)
{
    bool was_closed = writer->closed;
    writer->closed = db_wants_reopen(writer->db) && !db_reopen(writer->db);
    if (writer->closed && !was_closed)
        log_event(LOG_ERROR, "database_lost", log_text("action", "nothing is written any more"));
    else if (was_closed && !writer->closed)
        log_event(LOG_INFO, "database_back", log_text("action", "what comes is written again"));
}

/* Notes how a commit ended; one that had nothing to write proves nothing. */
static void note_commit(struct writer *writer, bool worked, bool has_written)
{
    if (!worked || has_written)
        atomic_store(&writer->failing, !worked);
    if (!worked)
        look_after_database(writer);
}

/* The transaction itself tells other processes what is not true any more. */
static void tell_others(const struct writer *writer, const struct batch *batch, struct tx *tx)
{
    const struct notes *touched[WRITER_BATCH_REQUESTS_MAX];
    int count = 0;
    for (int i = 0; i < batch->count; i++)
        if (batch->tasks[i]->end == WRITER_KEPT && batch->tasks[i]->touched)
            touched[count++] = batch->tasks[i]->touched;
    if (writer->told)
        commits_tell(writer->told, tx, touched, count);
}

/* False: nothing of the transaction was kept. */
static bool commit(struct writer *writer, const struct batch *batch, struct tx *tx)
{
    tell_others(writer, batch, tx);
    bool has_written = tx_has_written(tx);
    int64_t began_us = clock_monotonic_us();
    bool worked = tx_commit(tx);
    if (tx_was_too_light(tx))
        return false; /* which says nothing of the disk */
    if (has_written)
        histogram_note(&writer->commits, clock_monotonic_us() - began_us);
    note_commit(writer, worked, has_written);
    return worked;
}

/* How a task ends whose commit did not work. */
static enum writer_end end_of_unkept(enum writer_end end, struct tx *tx)
{
    return end == WRITER_KEPT && tx_fault(tx) == TX_FAULT_UNSURE ? WRITER_UNSURE : WRITER_FAULT;
}

/* One task in a transaction of its own. */
static void run_alone(struct writer *writer, struct writer_task *task)
{
    mem_rewind(task->mem, task->start);
    struct tx *tx = db_begin(writer->db, task->mem);
    task_run(task, tx);
    bool worked = commit(writer, &(struct batch){1, {task}}, tx);
    if (!worked && (task->end == WRITER_KEPT || task->end == WRITER_UNDONE))
        task->end = end_of_unkept(task->end, tx);
}

/* The broken batch's tasks, one after the other. Once the file cannot be opened none of them can be
 * saved, and looking at it for each would hold everybody up. */
static void rerun_alone(struct writer *writer, const struct batch *batch)
{
    for (int i = 0; i < batch->count; i++) {
        struct writer_task *task = batch->tasks[i];
        if (writer->closed && task->end != WRITER_TOO_LONG)
            task->end = WRITER_FAULT;
        else if (task->end != WRITER_TOO_LONG)
            run_alone(writer, task);
    }
}

static void batch_finish(const struct batch *batch)
{
    for (int i = 0; i < batch->count; i++)
        batch->tasks[i]->done(batch->tasks[i], batch->tasks[i]->end);
}

/* The database is another program's now, or not there, and the transaction could not begin: to wait
 * for it once more for each task would hold everybody up. */
static void batch_give_up(struct writer *writer, struct batch *batch, struct tx *tx)
{
    note_commit(writer, tx_commit(tx), false);
    for (int i = 0; i < batch->count; i++)
        if (batch->tasks[i]->end != WRITER_TOO_LONG)
            batch->tasks[i]->end = WRITER_FAULT;
    if (!writer->closed)
        log_event(LOG_WARNING, "database_busy", log_int("tasks", batch->count));
}

/* All that waits, as one batch that is not run. */
static void batch_refuse(struct writer *writer, struct writer_task *task, struct tx *tx)
{
    struct batch batch = {0};
    while (task) {
        task->end = WRITER_FAULT;
        batch.tasks[batch.count++] = task;
        task = batch.count < WRITER_BATCH_REQUESTS_MAX ? queue_take(writer, false) : NULL;
    }
    batch_give_up(writer, &batch, tx);
    batch_finish(&batch);
}

/* Begins a batch's transaction, once more when it was found then that the database is lost. */
static struct tx *batch_begin(struct writer *writer, struct mem *mem)
{
    struct tx *tx = db_begin(writer->db, mem);
    if (!tx_is_lost(tx) || !db_wants_reopen(writer->db))
        return tx;
    tx_rollback(tx);
    look_after_database(writer);
    return db_begin(writer->db, mem);
}

/* The whole batch once more, with savepoints, but for what ran out of its time. False: it broke. */
static bool rerun_carefully(struct writer *writer, struct batch *batch, struct mem *mem)
{
    struct tx *tx = batch_begin(writer, mem);
    if (tx_is_lost(tx)) {
        batch_give_up(writer, batch, tx);
        return true;
    }
    for (int i = 0; i < batch->count && !tx_is_lost(tx); i++) {
        struct writer_task *task = batch->tasks[i];
        if (task->end == WRITER_TOO_LONG)
            continue;
        mem_rewind(task->mem, task->start);
        task_run(task, tx);
    }
    return commit(writer, batch, tx);
}

/* What was not kept: all of it is run again, unless it may have been kept all the same. */
static void batch_mend(struct writer *writer, struct batch *batch, struct tx *tx, struct mem *mem)
{
    if (tx_was_too_light(tx)) {
        writer->careful = WRITER_CAREFUL_BATCHES;
        if (rerun_carefully(writer, batch, mem))
            return;
    }
    log_event(LOG_WARNING, "batch_broken", log_int("tasks", batch->count),
              log_text("why", tx_error(tx)));
    if (tx_fault(tx) != TX_FAULT_UNSURE) {
        rerun_alone(writer, batch);
        return;
    }
    for (int i = 0; i < batch->count; i++)
        batch->tasks[i]->end = end_of_unkept(batch->tasks[i]->end, tx);
}

/* One batch, beginning with `task`, up to its bounds. */
static void batch_run(struct writer *writer, struct writer_task *task)
{
    struct batch batch = {0};
    struct mem *mem = mem_new(REQUEST_BYTES_MAX);
    int64_t ends_ms = clock_monotonic_ms() + writer->batch_ms;
    struct tx *tx = batch_begin(writer, mem);
    if (tx_is_lost(tx)) {
        batch_refuse(writer, task, tx);
        mem_free(mem);
        return;
    }
    if (writer->careful > 0)
        writer->careful--;
    else
        tx_lighten(tx);
    while (task) {
        batch.tasks[batch.count++] = task;
        task->start = mem_mark(task->mem);
        task_run(task, tx);
        bool more = batch.count < WRITER_BATCH_REQUESTS_MAX && !tx_is_lost(tx) &&
                    clock_monotonic_ms() < ends_ms;
        task = more ? queue_take(writer, false) : NULL;
    }
    histogram_note(&writer->batches, batch.count);
    if (!commit(writer, &batch, tx))
        batch_mend(writer, &batch, tx, mem);
    mem_free(mem);
    batch_finish(&batch);
}

static void *writer_thread(void *context)
{
    struct writer *writer = context;
    struct writer_task *task;
    nice_thread(NICE_WRITES);
    while ((task = queue_take(writer, true)))
        batch_run(writer, task);
    return NULL;
}

struct writer *writer_start(struct mem *mem, struct db *db, const struct commits *commits,
                            bool threaded)
{
    int64_t batch_ms = db_is_far(db) ? WRITER_BATCH_FAR_MS_MAX : WRITER_BATCH_MS_MAX;
    return writer_start_with(mem, db, commits, threaded, batch_ms);
}

struct writer *writer_start_with(struct mem *mem, struct db *db, const struct commits *commits,
                                 bool threaded, int64_t batch_ms)
{
    struct writer *writer = MEM_NEW(mem, struct writer);
    writer->db = db;
    writer->told = commits;
    writer->threaded = threaded;
    writer->batch_ms = batch_ms;
    writer->batches.bounds = batch_bounds;
    writer->commits.bounds = commit_bounds_us;
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->arrived, NULL);
    if (threaded && pthread_create(&writer->thread, NULL, writer_thread, writer) != 0)
        return NULL;
    return writer;
}

void writer_stop(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    writer->stopping = true;
    pthread_cond_broadcast(&writer->arrived);
    pthread_mutex_unlock(&writer->lock);
    if (writer->threaded)
        pthread_join(writer->thread, NULL);
    pthread_cond_destroy(&writer->arrived);
    pthread_mutex_destroy(&writer->lock);
}

bool writer_submit(struct writer *writer, struct writer_task *task)
{
    assert(task->lane >= 0 && task->lane < LANES);
    if (!writer->threaded) {
        batch_run(writer, task);
        return true;
    }
    pthread_mutex_lock(&writer->lock);
    bool room = waiting_count(writer) < WRITER_QUEUE_MAX && !writer->stopping;
    if (room) {
        queue_put(writer, task);
        pthread_cond_signal(&writer->arrived);
    }
    pthread_mutex_unlock(&writer->lock);
    return room;
}

struct writer_figures writer_figures(struct writer *writer)
{
    struct writer_figures figures = {.batches = &writer->batches, .commits = &writer->commits};
    pthread_mutex_lock(&writer->lock);
    memcpy(figures.waiting, writer->waiting, sizeof figures.waiting);
    pthread_mutex_unlock(&writer->lock);
    return figures;
}

bool writer_is_well(const struct writer *writer)
{
    return !atomic_load(&writer->failing);
}
