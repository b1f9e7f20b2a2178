/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* For the tests of the writer alone: tasks that write one row each, do what their test wants before
 * it, and note what became of them. Time plays no part, since a busy machine would: batches and
 * tasks may take as long as they like, and the thread can be held up, so that what is submitted
 * meanwhile is of one batch with what holds it up. */
#pragma once
/* clang-format off: cmocka wants these first */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */
#include <stdatomic.h>
#include <time.h>

#include "base/limits.h"
#include "base/log.h"
#include "sys/clock.h"
#include "sys/db_fixture.h"
#include "web/writer_local.h"

enum { TASKS_MAX = 600, LONG_MS = 60000, SHORT_MS = 20 };

struct world {
    struct place *place;
    struct writer *writer;
    struct db_failure failure;
    atomic_int done; /* tasks that have ended */
    atomic_bool is_held;
    atomic_bool is_let_go;
    int runs;                       /* of the writer's thread alone, as is `order` */
    struct piece *order[TASKS_MAX]; /* the pieces, as they ran */
    struct piece *pieces[TASKS_MAX];
    int pieces_count;
};

/* What one task does, and what became of it. */
struct piece {
    struct writer_task task;
    struct world *world;
    int id; /* of its row */
    bool is_refused;
    bool (*act)(struct piece *piece, struct tx *tx); /* before its row is written; may be NULL */
    int runs;
    int done_before; /* how many had ended when it ran last: the same throughout a batch */
    size_t bytes_before;
    int ends; /* how often `done` was called */
    enum writer_end end;
};

static inline void pause_ms(int ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000L}, NULL);
}

static inline bool piece_run(struct writer_task *task, struct tx *tx)
{
    struct piece *piece = (struct piece *)task;
    struct world *world = piece->world;
    size_t bytes = mem_mark(task->mem).bytes;
    assert_true(piece->runs == 0 || bytes == piece->bytes_before);
    piece->bytes_before = bytes;
    mem_alloc(task->mem, 1000);
    piece->runs++;
    piece->done_before = atomic_load(&world->done);
    world->order[world->runs++ % TASKS_MAX] = piece;
    if (piece->act && !piece->act(piece, tx))
        return false;
    tx_do(tx, "INSERT INTO thing (id) VALUES (?1)", piece->id);
    return !piece->is_refused;
}

static inline void piece_done(struct writer_task *task, enum writer_end end)
{
    struct piece *piece = (struct piece *)task;
    piece->ends++;
    piece->end = end;
    atomic_fetch_add(&piece->world->done, 1);
}

static inline int start_with(void **state, bool threaded, int64_t batch_ms)
{
    if (place_set_up(state) != 0)
        return -1;
    struct place *place = *state;
    struct world *world = MEM_NEW(place->mem, struct world);
    world->place = place;
    world->writer = writer_start_with(place->mem, place->db, NULL, threaded, batch_ms);
    log_set_level(LOG_ERROR + 1);
    *state = world;
    return world->writer ? 0 : -1;
}

static inline int start_alone(void **state)
{
    return start_with(state, false, LONG_MS);
}

static inline int start_threaded(void **state)
{
    return start_with(state, true, LONG_MS);
}

/* The writer finishes what waits; stopping it is each test's own, so that it may look afterwards.
 */
static inline int tear_down(void **state)
{
    struct world *world = *state;
    for (int i = 0; i < world->pieces_count; i++)
        mem_free(world->pieces[i]->task.mem);
    *state = world->place;
    return place_tear_down(state);
}

/* A new piece, which writes row `id`. */
static inline struct piece *piece_new(struct world *world, int id)
{
    assert_true(world->pieces_count < TASKS_MAX);
    struct piece *piece = MEM_NEW(world->place->mem, struct piece);
    *piece = (struct piece){.task = {.lane = LANE_BULK,
                                     .ms_max = LONG_MS,
                                     .mem = mem_new(65536),
                                     .run = piece_run,
                                     .done = piece_done},
                            .world = world,
                            .id = id};
    world->pieces[world->pieces_count++] = piece;
    return piece;
}

static inline struct piece *submit(struct world *world, int id)
{
    struct piece *piece = piece_new(world, id);
    assert_true(writer_submit(world->writer, &piece->task));
    return piece;
}

static inline struct piece *submit_acting(struct world *world, int id,
                                          bool (*act)(struct piece *piece, struct tx *tx))
{
    struct piece *piece = piece_new(world, id);
    piece->act = act;
    assert_true(writer_submit(world->writer, &piece->task));
    return piece;
}

static inline bool act_hold_up(struct piece *piece, struct tx *tx)
{
    (void)tx;
    atomic_store(&piece->world->is_held, true);
    while (!atomic_load(&piece->world->is_let_go))
        pause_ms(1);
    return true;
}

/* Holds the thread up: this piece is the first of the batch that what is submitted now is of. */
static inline struct piece *hold_up(struct world *world)
{
    struct piece *piece = piece_new(world, 1000);
    piece->act = act_hold_up;
    assert_true(writer_submit(world->writer, &piece->task));
    while (!atomic_load(&world->is_held))
        pause_ms(1);
    return piece;
}

static inline void let_go_and_stop(struct world *world)
{
    atomic_store(&world->is_let_go, true);
    writer_stop(world->writer);
}

static inline void assert_ended(const struct piece *piece, enum writer_end end, int runs)
{
    assert_int_equal(piece->ends, 1);
    assert_int_equal(piece->end, end);
    assert_int_equal(piece->runs, runs);
}

static inline bool has_row(struct world *world, int id)
{
    struct tx *tx = db_begin(world->place->db, world->place->mem);
    bool found = tx_one(tx, "SELECT 1 FROM thing WHERE id = ?1", id) != NULL;
    tx_rollback(tx);
    return found;
}

#define ALONE(name) cmocka_unit_test_setup_teardown(name, start_alone, tear_down)
#define THREADED(name) cmocka_unit_test_setup_teardown(name, start_threaded, tear_down)
