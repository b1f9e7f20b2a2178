/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The writer, on a real database: in which order it runs what waits, what a batch keeps, and what
 * becomes of it when it breaks. */
#include "web/writer_fixture.h"

/* Without a thread. */

static void a_task_alone_is_done_when_submit_returns(void **state)
{
    struct world *world = *state;
    assert_ended(submit(world, 1), WRITER_KEPT, 1);
    assert_true(has_row(world, 1));
    assert_true(writer_is_well(world->writer));
    writer_stop(world->writer);
}

static struct piece *submit_refused(struct world *world, int id)
{
    struct piece *piece = piece_new(world, id);
    piece->is_refused = true;
    assert_true(writer_submit(world->writer, &piece->task));
    return piece;
}

/* The first one that has to undo what it wrote is run again, with a savepoint. */
static void a_refusal_keeps_nothing(void **state)
{
    struct world *world = *state;
    assert_ended(submit_refused(world, 1), WRITER_UNDONE, 2);
    assert_false(has_row(world, 1));
    assert_true(writer_is_well(world->writer));
    writer_stop(world->writer);
}

static void savepoints_are_there_for_a_while_after_they_were_missed(void **state)
{
    struct world *world = *state;
    submit_refused(world, 1);
    for (int i = 0; i < WRITER_CAREFUL_BATCHES; i++)
        assert_ended(submit_refused(world, 2), WRITER_UNDONE, 1);
    assert_ended(submit_refused(world, 2), WRITER_UNDONE, 2);
    writer_stop(world->writer);
}

static bool act_wrong(struct piece *piece, struct tx *tx)
{
    (void)piece;
    tx_do(tx, "INSERT INTO thing (id) VALUES (500)");
    tx_do(tx, "INSERT INTO nowhere (id) VALUES (1)");
    return true;
}

static void a_statement_that_fails_is_a_fault(void **state)
{
    struct world *world = *state;
    assert_ended(submit_acting(world, 1, act_wrong), WRITER_FAULT, 2);
    assert_true(writer_is_well(world->writer));
    assert_false(has_row(world, 1));
    assert_false(has_row(world, 500));
    assert_ended(submit(world, 2), WRITER_KEPT, 1);
    writer_stop(world->writer);
}

static void a_commit_that_fails_once_is_tried_again(void **state)
{
    struct world *world = *state;
    world->failure = (struct db_failure){.countdown = 2}; /* the row, COMMIT */
    db_fail(world->place->db, &world->failure);
    assert_ended(submit(world, 1), WRITER_KEPT, 2);
    assert_true(world->failure.reached);
    assert_true(has_row(world, 1));
    assert_true(writer_is_well(world->writer));
    writer_stop(world->writer);
}

static void a_commit_that_fails_twice_is_a_fault(void **state)
{
    struct world *world = *state;
    world->failure = (struct db_failure){.countdown = 2, .lasting = true};
    db_fail(world->place->db, &world->failure);
    assert_ended(submit(world, 1), WRITER_FAULT, 2);
    assert_false(writer_is_well(world->writer));
    db_fail(world->place->db, NULL);
    assert_false(has_row(world, 1));
    assert_ended(submit(world, 3), WRITER_KEPT, 1);
    assert_true(writer_is_well(world->writer));
    writer_stop(world->writer);
}

static bool act_read_for_ever(struct piece *piece, struct tx *tx)
{
    (void)piece;
    tx_one(tx, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
               "SELECT COUNT(*) FROM n");
    return true;
}

static bool act_write_for_ever(struct piece *piece, struct tx *tx)
{
    (void)piece;
    tx_do(tx, "INSERT INTO thing (id) WITH RECURSIVE n (i) AS "
              "(SELECT 10000 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n");
    return true;
}

static void a_task_out_of_time_is_not_run_again(void **state)
{
    struct world *world = *state;
    struct piece *reads = piece_new(world, 1);
    struct piece *writes = piece_new(world, 2);
    reads->act = act_read_for_ever;
    writes->act = act_write_for_ever;
    reads->task.ms_max = writes->task.ms_max = SHORT_MS;
    writer_submit(world->writer, &reads->task);
    writer_submit(world->writer, &writes->task);
    assert_ended(reads, WRITER_TOO_LONG, 1);
    assert_ended(writes, WRITER_TOO_LONG, 1);
    assert_int_equal(count_things(world->place), 0);
    writer_stop(world->writer);
}

static void a_request_s_time_is_the_usual_one(void **state)
{
    struct world *world = *state;
    int64_t began_ms = clock_monotonic_ms();
    struct piece *piece = piece_new(world, 1);
    piece->act = act_read_for_ever;
    piece->task.ms_max = 0;
    writer_submit(world->writer, &piece->task);
    assert_ended(piece, WRITER_TOO_LONG, 1);
    assert_in_range(clock_monotonic_ms() - began_ms, WRITER_REQUEST_MS_MAX, LONG_MS / 2);
    writer_stop(world->writer);
}

/* With the thread. */

enum { BUSY_MS = 200, WAITING = 20 };

/* As if somebody had left a transaction open in another program. */
static void while_another_program_keeps_the_file_all_that_waits_is_told_so_at_once(void **state)
{
    struct world *world = *state;
    struct piece *pieces[WAITING];
    const char *error = NULL;
    struct db *other = db_open(world->place->path, DB_WRITE);
    struct tx *kept = db_begin(other, world->place->mem);
    assert_true(db_script(
        world->place->db,
        mem_printf(world->place->mem,
                   database_server() ? "SET lock_timeout = %d" : "PRAGMA busy_timeout = %d",
                   BUSY_MS),
        &error));
    int64_t began_ms = clock_monotonic_ms();
    for (int i = 0; i < WAITING; i++)
        pieces[i] = submit(world, i);
    while (atomic_load(&world->done) < WAITING)
        pause_ms(1);
    assert_in_range(clock_monotonic_ms() - began_ms, 0, WAITING * BUSY_MS / 2);
    assert_false(writer_is_well(world->writer));
    tx_rollback(kept);
    struct piece *later = submit(world, 100);
    let_go_and_stop(world);
    for (int i = 0; i < WAITING; i++)
        assert_ended(pieces[i], WRITER_FAULT, 0);
    assert_ended(later, WRITER_KEPT, 1);
    assert_true(writer_is_well(world->writer));
    db_close(other);
}

static void what_waits_is_one_batch(void **state)
{
    struct world *world = *state;
    struct piece *pieces[10];
    hold_up(world);
    for (int i = 0; i < 10; i++)
        pieces[i] = submit(world, i);
    let_go_and_stop(world);
    for (int i = 0; i < 10; i++) {
        assert_ended(pieces[i], WRITER_KEPT, 1);
        assert_ptr_equal(world->order[1 + i], pieces[i]);
        assert_int_equal(pieces[i]->done_before, 0); /* nobody is answered before the commit */
    }
    assert_int_equal(count_things(world->place), 11);
}

static void what_is_urgent_goes_first(void **state)
{
    struct world *world = *state;
    struct piece *pieces[6];
    hold_up(world);
    for (int i = 0; i < 6; i++) {
        pieces[i] = piece_new(world, i);
        pieces[i]->task.lane = i >= 4 ? LANE_URGENT : LANE_BULK;
        assert_true(writer_submit(world->writer, &pieces[i]->task));
    }
    let_go_and_stop(world);
    static const int expected[] = {4, 5, 0, 1, 2, 3};
    for (int i = 0; i < 6; i++)
        assert_ptr_equal(world->order[1 + i], pieces[expected[i]]);
}

static void a_batch_has_a_most_of_tasks(void **state)
{
    enum { MANY = WRITER_BATCH_REQUESTS_MAX + 44 };
    struct world *world = *state;
    hold_up(world);
    for (int i = 1; i < MANY; i++)
        submit(world, i);
    let_go_and_stop(world);
    for (int i = 0; i < MANY; i++) {
        bool first = i < WRITER_BATCH_REQUESTS_MAX;
        assert_int_equal(world->order[i]->done_before, first ? 0 : WRITER_BATCH_REQUESTS_MAX);
        assert_ended(world->order[i], WRITER_KEPT, 1);
    }
}

/* With the usual time of a batch. */
static int start_usual(void **state)
{
    return start_with(state, true, WRITER_BATCH_MS_MAX);
}

static bool act_half_a_batch(struct piece *piece, struct tx *tx)
{
    (void)piece, (void)tx;
    pause_ms(WRITER_BATCH_MS_MAX / 2 + 1);
    return true;
}

static void a_batch_ends_when_its_time_is_over(void **state)
{
    struct world *world = *state;
    struct piece *pieces[6];
    hold_up(world);
    for (int i = 0; i < 6; i++)
        pieces[i] = submit_acting(world, i, act_half_a_batch);
    let_go_and_stop(world);
    for (int i = 2; i < 6; i++)
        assert_int_not_equal(pieces[i]->done_before, pieces[i - 2]->done_before);
}

/* A batch that is there already has savepoints, or gets them and is run again. */
static void a_refusal_inside_a_batch_undoes_itself_alone(void **state)
{
    struct world *world = *state;
    hold_up(world);
    struct piece *first = submit(world, 1);
    struct piece *refused = submit_refused(world, 2);
    struct piece *wrong = submit_acting(world, 3, act_wrong);
    struct piece *last = submit(world, 4);
    let_go_and_stop(world);
    assert_ended(first, WRITER_KEPT, 2);
    assert_ended(refused, WRITER_UNDONE, 2);
    assert_ended(wrong, WRITER_FAULT, 1);
    assert_ended(last, WRITER_KEPT, 1);
    assert_true(has_row(world, 1) && has_row(world, 4));
    assert_int_equal(count_things(world->place), 3);
}

static bool act_refuse(struct piece *piece, struct tx *tx)
{
    (void)piece;
    tx_one(tx, "SELECT 1 FROM thing");
    return false;
}

static void a_refusal_that_wrote_nothing_has_nothing_run_again(void **state)
{
    struct world *world = *state;
    hold_up(world);
    struct piece *first = submit(world, 1);
    struct piece *refused = submit_acting(world, 2, act_refuse);
    struct piece *last = submit(world, 3);
    let_go_and_stop(world);
    assert_ended(first, WRITER_KEPT, 1);
    assert_ended(refused, WRITER_UNDONE, 1);
    assert_ended(last, WRITER_KEPT, 1);
    assert_int_equal(last->done_before, first->done_before);
}

static bool act_break_the_batch(struct piece *piece, struct tx *tx)
{
    (void)tx;
    struct world *world = piece->world;
    world->failure = (struct db_failure){.countdown = piece->runs == 1, .batch = true};
    db_fail(world->place->db, &world->failure);
    return true;
}

static void a_broken_batch_is_run_again_one_by_one(void **state)
{
    struct world *world = *state;
    struct piece *pieces[5];
    hold_up(world);
    for (int i = 0; i < 5; i++)
        pieces[i] = submit_acting(world, i, i == 2 ? act_break_the_batch : NULL);
    let_go_and_stop(world);
    for (int i = 0; i < 5; i++)
        assert_ended(pieces[i], WRITER_KEPT, i <= 2 ? 2 : 1);
    for (int i = 0; i < 3; i++)
        assert_ptr_equal(world->order[5 + i], pieces[i]); /* after it that held up */
    assert_int_equal(count_things(world->place), 6);
    assert_true(writer_is_well(world->writer));
}

static bool act_break_every_time(struct piece *piece, struct tx *tx)
{
    act_break_the_batch(piece, tx);
    piece->world->failure.countdown = 1;
    return true;
}

static void who_breaks_it_again_is_told_so_and_the_others_are_kept(void **state)
{
    struct world *world = *state;
    struct piece *refused = piece_new(world, 2);
    refused->is_refused = true;
    hold_up(world);
    struct piece *first = submit(world, 1);
    writer_submit(world->writer, &refused->task);
    struct piece *breaks = submit_acting(world, 3, act_break_every_time);
    struct piece *later = submit(world, 4);
    let_go_and_stop(world);
    assert_ended(first, WRITER_KEPT, 2);
    assert_ended(refused, WRITER_UNDONE, 2);
    assert_ended(breaks, WRITER_FAULT, 2);
    assert_ended(later, WRITER_KEPT, 1);
    assert_int_equal(count_things(world->place), 3);
}

/* Once it is known to be. */
static void one_out_of_time_is_not_run_again_whatever_becomes_of_its_batch(void **state)
{
    struct world *world = *state;
    hold_up(world);
    struct piece *first = submit(world, 1);
    struct piece *slow = piece_new(world, 2);
    slow->act = act_write_for_ever;
    slow->task.ms_max = SHORT_MS;
    writer_submit(world->writer, &slow->task);
    struct piece *later = submit(world, 3);
    let_go_and_stop(world);
    assert_ended(first, WRITER_KEPT, 2);
    assert_ended(slow, WRITER_TOO_LONG, database_server() ? 2 : 1); /* it tells when asked */
    assert_ended(later, WRITER_KEPT, database_server() ? 2 : 1);
    assert_int_equal(count_things(world->place), 3);
}

static bool quick_run(struct writer_task *task, struct tx *tx)
{
    (void)task, (void)tx;
    return true;
}

static void quick_done(struct writer_task *task, enum writer_end end)
{
    struct piece *piece = (struct piece *)task;
    assert_int_equal(end, WRITER_KEPT);
    atomic_fetch_add(&piece->world->done, 1);
}

static void a_queue_that_is_full_takes_no_more(void **state)
{
    struct world *world = *state;
    struct piece *held = hold_up(world);
    struct mem *mem = mem_new(8 * 1024 * 1024);
    struct mem *marks = mem_new(8 * 1024 * 1024); /* the writer's thread's */
    struct piece *quick = MEM_ARRAY(mem, struct piece, WRITER_QUEUE_MAX + 2);
    int taken = 0;
    for (int i = 0; i < WRITER_QUEUE_MAX + 2; i++) {
        quick[i].world = world;
        quick[i].task = (struct writer_task){
            .lane = LANE_BULK, .mem = marks, .run = quick_run, .done = quick_done};
        taken += writer_submit(world->writer, &quick[i].task);
    }
    let_go_and_stop(world);
    assert_int_equal(taken, WRITER_QUEUE_MAX);
    assert_int_equal(atomic_load(&world->done), 1 + taken);
    assert_int_equal(held->end, WRITER_KEPT);
    mem_free(mem);
    mem_free(marks);
}

/* Submits more until the writer, which is being stopped, takes no more. */
static bool act_submit_until_refused(struct piece *piece, struct tx *tx)
{
    (void)tx;
    struct world *world = piece->world;
    for (int i = 0; i < TASKS_MAX - 10; i++) {
        if (!writer_submit(world->writer, &piece_new(world, 2 + i)->task)) {
            world->pieces[world->pieces_count - 1]->id = 0;
            return true;
        }
        pause_ms(5);
    }
    return false;
}

static void stopping_takes_nothing_new_and_finishes_what_waits(void **state)
{
    struct world *world = *state;
    struct piece *piece = piece_new(world, 1);
    piece->act = act_submit_until_refused;
    assert_true(writer_submit(world->writer, &piece->task));
    writer_stop(world->writer);
    int last = world->pieces_count - 1;
    assert_int_equal(world->pieces[last]->id, 0);
    assert_int_equal(world->pieces[last]->runs, 0);
    for (int i = 0; i < last; i++)
        assert_ended(world->pieces[i], WRITER_KEPT, 1);
    assert_int_equal(count_things(world->place), last);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ALONE(a_task_alone_is_done_when_submit_returns),
        ALONE(a_refusal_keeps_nothing),
        ALONE(savepoints_are_there_for_a_while_after_they_were_missed),
        ALONE(a_statement_that_fails_is_a_fault),
        ALONE(a_commit_that_fails_once_is_tried_again),
        ALONE(a_commit_that_fails_twice_is_a_fault),
        ALONE(a_task_out_of_time_is_not_run_again),
        ALONE(a_request_s_time_is_the_usual_one),
        THREADED(while_another_program_keeps_the_file_all_that_waits_is_told_so_at_once),
        THREADED(what_waits_is_one_batch),
        THREADED(what_is_urgent_goes_first),
        THREADED(a_batch_has_a_most_of_tasks),
        cmocka_unit_test_setup_teardown(a_batch_ends_when_its_time_is_over, start_usual, tear_down),
        THREADED(a_refusal_inside_a_batch_undoes_itself_alone),
        THREADED(a_refusal_that_wrote_nothing_has_nothing_run_again),
        THREADED(a_broken_batch_is_run_again_one_by_one),
        THREADED(who_breaks_it_again_is_told_so_and_the_others_are_kept),
        THREADED(one_out_of_time_is_not_run_again_whatever_becomes_of_its_batch),
        THREADED(a_queue_that_is_full_takes_no_more),
        THREADED(stopping_takes_nothing_new_and_finishes_what_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
