/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Faults stick; steps are undone alone; some errors take the whole batch with them; time is
 * bounded. None of it is simulated where the database can be made to do it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>

#include "base/limits.h"
#include "sys/clock.h"
#include "sys/db_fixture.h"

enum { LONG_MS = 60000 };

static void a_list_without_a_bound_is_a_fault(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    int at_most = DB_ROWS_MAX;
    static const char count[] = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                                "WHERE i < ?1) SELECT i FROM n";
    assert_non_null(tx_rows(tx, count, at_most));
    assert_int_equal(tx_fault(tx), TX_FINE);
    assert_null(tx_rows(tx, count, at_most + 1));
    assert_int_equal(tx_fault(tx), TX_FAULT);
    tx_rollback(tx);
}

static void an_answer_beyond_the_request_s_memory_is_a_fault(void **state)
{
    struct place *place = *state;
    struct mem *small = mem_new(4096);
    struct tx *tx = db_begin(place->db, small);
    assert_null(tx_rows(tx, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                            "WHERE i < 500) SELECT 'some twenty bytes ...' FROM n"));
    assert_int_equal(tx_fault(tx), TX_FAULT);
    assert_non_null(strstr(tx_error(tx), "too large"));
    tx_rollback(tx);
    mem_free(small);
}

static void a_floating_point_number_is_a_fault(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    assert_null(tx_one(tx, "SELECT 1.5"));
    assert_int_equal(tx_fault(tx), TX_FAULT);
    tx_rollback(tx);
}

static void a_fault_sticks_and_nothing_is_done_any_more(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    insert(tx, 1, "secret name");
    insert(tx, 2, "secret name");
    assert_int_equal(tx_fault(tx), TX_FAULT);
    assert_non_null(strcasestr(tx_error(tx), "unique"));
    assert_non_null(strstr(tx_error(tx), "INSERT INTO thing"));
    assert_null(strstr(tx_error(tx), "secret"));
    insert(tx, 3, "three");
    assert_null(tx_one(tx, "SELECT 1"));
    assert_null(tx_rows(tx, "SELECT 1 LIMIT 1"));
    assert_false(tx_is_lost(tx));
    assert_false(tx_commit(tx));
    assert_int_equal(count_things(place), 0);
}

static void wrong_sql_is_a_fault(void **state)
{
    struct place *place = *state;
    static const char *const wrong[] = {"SELEC 1", "SELECT nothing FROM thing",
                                        "SELECT \"not a column\""};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct tx *tx = db_begin(place->db, place->mem);
        tx_do(tx, wrong[i]);
        assert_int_equal(tx_fault(tx), TX_FAULT);
        assert_false(tx_commit(tx));
    }
}

static void foreign_keys_are_enforced(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    tx_do(tx, "INSERT INTO thing (id, parent_id) VALUES (1, 99)");
    assert_int_equal(tx_fault(tx), TX_FAULT);
    tx_rollback(tx);
}

static void a_step_that_faults_is_undone_alone(void **state)
{
    struct place *place = *state;
    struct mem *mem = mem_new(1 << 20);
    struct tx *tx = db_begin(place->db, place->mem);
    tx_step_begin(tx, mem, LONG_MS);
    assert_ptr_equal(tx_mem(tx), mem);
    insert(tx, 1, "one");
    tx_step_end(tx, true);
    assert_ptr_equal(tx_mem(tx), place->mem);

    tx_step_begin(tx, mem, LONG_MS);
    insert(tx, 2, "two");
    insert(tx, 1, "again");
    assert_int_equal(tx_fault(tx), TX_FAULT);
    tx_step_end(tx, true);
    assert_int_equal(tx_fault(tx), TX_FINE);

    tx_step_begin(tx, mem, LONG_MS);
    assert_string_equal(tx_error(tx), "");
    insert(tx, 3, "three");
    tx_step_end(tx, true);
    assert_true(tx_commit(tx));
    mem_free(mem);
    tx = db_begin(place->db, place->mem);
    const struct db_row *rows = tx_rows(tx, "SELECT id FROM thing ORDER BY id LIMIT 10");
    assert_int_equal(row_int(rows, 0), 1);
    assert_int_equal(row_int(rows->next, 0), 3);
    assert_null(rows->next->next);
    tx_rollback(tx);
}

static void a_step_that_is_not_kept_is_undone(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    tx_step_begin(tx, place->mem, LONG_MS);
    insert(tx, 1, "one");
    tx_step_end(tx, false);
    assert_int_equal(tx_fault(tx), TX_FINE);
    assert_true(tx_commit(tx));
    assert_int_equal(count_things(place), 0);
}

static void a_step_goes_on_after_what_it_wrote_is_undone(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    insert(tx, 1, "of the batch");
    tx_step_begin(tx, place->mem, LONG_MS);
    insert(tx, 2, "undone");
    tx_step_undo(tx);
    assert_null(tx_one(tx, "SELECT id FROM thing WHERE id = 2"));
    insert(tx, 3, "kept");
    tx_step_end(tx, true);
    assert_true(tx_commit(tx));
    assert_int_equal(count_things(place), 2);
}

static void a_fault_before_a_step_is_not_forgiven_by_it(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    tx_do(tx, "SELEC");
    assert_int_equal(tx_fault(tx), TX_FAULT);
    tx_step_begin(tx, place->mem, LONG_MS);
    insert(tx, 1, "one");
    tx_step_end(tx, true);
    assert_int_equal(tx_fault(tx), TX_FAULT);
    assert_false(tx_commit(tx));
    assert_int_equal(count_things(place), 0);
}

/* As the disk would: max_page_count makes SQLite itself say SQLITE_FULL. */
static void a_full_disk_takes_released_steps_with_it(void **state)
{
    sqlite_only();
    struct place *place = *state;
    const char *error = NULL;
    assert_true(db_script(place->db, "PRAGMA max_page_count = 8", &error));
    struct tx *tx = db_begin(place->db, place->mem);
    tx_step_begin(tx, place->mem, LONG_MS);
    insert(tx, 1, "one");
    tx_step_end(tx, true);
    tx_step_begin(tx, place->mem, LONG_MS);
    tx_do(tx, "INSERT INTO thing (id, bytes) VALUES (2, zeroblob(1000000))");
    assert_int_equal(tx_fault(tx), TX_FAULT_BATCH);
    assert_true(tx_is_lost(tx));
    tx_step_end(tx, true);
    assert_int_equal(tx_fault(tx), TX_FAULT_BATCH);
    tx_step_begin(tx, place->mem, LONG_MS);
    insert(tx, 3, "three");
    tx_step_end(tx, true);
    assert_false(tx_commit(tx));
    assert_false(db_wants_reopen(place->db));
    assert_int_equal(count_things(place), 0);

    tx = db_begin(place->db, place->mem);
    insert(tx, 4, "there is room for a little one");
    assert_true(tx_commit(tx));
    assert_int_equal(count_things(place), 1);
}

static void the_ordered_failure_strikes_once_at_its_turn(void **state)
{
    struct place *place = *state;
    struct db_failure failure = {.countdown = 2};
    db_fail(place->db, &failure);
    struct tx *tx = db_begin(place->db, place->mem);
    insert(tx, 1, "one");
    assert_false(failure.reached);
    tx_step_begin(tx, place->mem, LONG_MS);
    insert(tx, 2, "two");
    assert_true(failure.reached);
    assert_int_equal(tx_fault(tx), TX_FAULT);
    tx_step_end(tx, true);
    insert(tx, 3, "three");
    assert_true(tx_commit(tx));
    db_fail(place->db, NULL);
    assert_int_equal(count_things(place), 2);
}

static void a_lasting_failure_strikes_the_rerun_too(void **state)
{
    struct place *place = *state;
    struct db_failure failure = {.countdown = 1, .lasting = true};
    db_fail(place->db, &failure);
    for (int i = 0; i < 2; i++) {
        struct tx *tx = db_begin(place->db, place->mem);
        insert(tx, 1, "one");
        assert_int_equal(tx_fault(tx), TX_FAULT);
        assert_false(tx_commit(tx));
    }
    failure.countdown = 0;
    assert_int_equal(count_things(place), 0);
}

static void an_ordered_failure_can_take_the_batch(void **state)
{
    struct place *place = *state;
    struct db_failure failure = {.countdown = 2, .batch = true};
    db_fail(place->db, &failure);
    struct tx *tx = db_begin(place->db, place->mem);
    tx_step_begin(tx, place->mem, LONG_MS);
    insert(tx, 1, "one");
    tx_step_end(tx, true);
    tx_step_begin(tx, place->mem, LONG_MS);
    insert(tx, 2, "two");
    tx_step_end(tx, true);
    assert_int_equal(tx_fault(tx), TX_FAULT_BATCH);
    assert_true(tx_is_lost(tx));
    assert_false(tx_commit(tx));
    assert_int_equal(count_things(place), 0);
}

static void a_commit_that_fails_keeps_nothing(void **state)
{
    struct place *place = *state;
    struct db_failure failure = {.countdown = 2};
    db_fail(place->db, &failure);
    struct tx *tx = db_begin(place->db, place->mem);
    insert(tx, 1, "one");
    assert_false(tx_commit(tx));
    assert_true(failure.reached);
    assert_true(tx_is_lost(tx));
    assert_int_not_equal(tx_fault(tx), TX_FINE);
    assert_int_equal(count_things(place), 0);
}

static const char endless_read[] =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT COUNT(*) FROM n";

static void a_read_that_takes_too_long_ends_its_step_alone(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    tx_step_begin(tx, place->mem, LONG_MS);
    insert(tx, 1, "one");
    tx_step_end(tx, true);
    int64_t began_ms = clock_monotonic_ms();
    tx_step_begin(tx, place->mem, 20);
    insert(tx, 2, "two");
    assert_null(tx_one(tx, endless_read));
    assert_int_equal(tx_fault(tx), TX_FAULT_TIME);
    assert_false(tx_is_lost(tx));
    tx_step_end(tx, true);
    assert_in_range(clock_monotonic_ms() - began_ms, 20, 5000);
    assert_true(tx_commit(tx));
    assert_int_equal(count_things(place), 1);
}

static void a_write_that_takes_too_long_takes_the_batch_with_it(void **state)
{
    sqlite_only();
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    insert(tx, 1, "one");
    tx_step_begin(tx, place->mem, 20);
    tx_do(tx, "INSERT INTO thing (id) WITH RECURSIVE n (i) AS "
              "(SELECT 10 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n");
    assert_int_equal(tx_fault(tx), TX_FAULT_TIME);
    assert_true(tx_is_lost(tx));
    tx_step_end(tx, true);
    assert_int_equal(tx_fault(tx), TX_FAULT_TIME);
    assert_false(tx_commit(tx));
    assert_int_equal(count_things(place), 0);
}

static void many_short_statements_run_out_of_time_as_well(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    tx_step_begin(tx, place->mem, 10);
    int calls = 0;
    while (!tx_fault(tx) && calls++ < 100000000)
        tx_do(tx, "UPDATE thing SET name = NULL WHERE id = 1");
    assert_int_equal(tx_fault(tx), TX_FAULT_TIME);
    tx_step_end(tx, true);
    tx_rollback(tx);
}

static void a_reader_s_step_is_bound_in_time(void **state)
{
    struct place *place = *state;
    struct db *reader = db_open(place->path, DB_READ);
    struct tx *tx = db_begin(reader, place->mem);
    tx_step_begin(tx, place->mem, 20);
    assert_null(tx_one(tx, endless_read));
    assert_int_equal(tx_fault(tx), TX_FAULT_TIME);
    tx_step_end(tx, true);
    assert_non_null(tx_one(tx, "SELECT 1"));
    assert_true(tx_commit(tx));
    db_close(reader);
}

/* What waits computes nothing: a thread's own clock would never end it. */
static void a_step_that_waits_for_ever_ends_as_well(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    tx_step_begin(tx, place->mem, 5);
    nanosleep(&(struct timespec){.tv_nsec = 6 * DB_WAIT_FACTOR * 1000000L}, NULL);
    insert(tx, 1, "one");
    assert_int_equal(tx_fault(tx), TX_FAULT_TIME);
    tx_step_end(tx, true);
    insert(tx, 2, "two");
    assert_true(tx_commit(tx));
    assert_int_equal(count_things(place), 1);
}

static void a_page_is_bound_in_time(void **state)
{
    struct place *place = *state;
    struct db *reader = db_open(place->path, DB_READ);
    struct tx *tx = db_begin(reader, place->mem);
    tx_limit(tx, 20);
    assert_null(tx_one(tx, endless_read));
    assert_int_equal(tx_fault(tx), TX_FAULT_TIME);
    tx_rollback(tx);
    tx = db_begin(reader, place->mem);
    assert_non_null(tx_one(tx, "SELECT 1"));
    tx_rollback(tx);
    db_close(reader);
}

static void a_script_inside_a_transaction_is_part_of_it(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    tx_script(tx, "INSERT INTO thing (id) VALUES (1); INSERT INTO thing (id) VALUES (2);");
    assert_int_equal(tx_fault(tx), TX_FINE);
    tx_rollback(tx);
    tx = db_begin(place->db, place->mem);
    tx_script(tx, "INSERT INTO thing (id) VALUES (1); SELEC;");
    assert_int_equal(tx_fault(tx), TX_FAULT);
    tx_rollback(tx);
    assert_int_equal(count_things(place), 0);
    tx = db_begin(place->db, place->mem);
    tx_script(tx, "COMMIT; INSERT INTO thing (id) VALUES (1)");
    assert_int_equal(tx_fault(tx), TX_FAULT_BATCH);
    assert_false(tx_commit(tx));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(a_list_without_a_bound_is_a_fault),
        PLACE_TEST(an_answer_beyond_the_request_s_memory_is_a_fault),
        PLACE_TEST(a_floating_point_number_is_a_fault),
        PLACE_TEST(a_fault_sticks_and_nothing_is_done_any_more),
        PLACE_TEST(wrong_sql_is_a_fault),
        PLACE_TEST(foreign_keys_are_enforced),
        PLACE_TEST(a_step_that_faults_is_undone_alone),
        PLACE_TEST(a_step_that_is_not_kept_is_undone),
        PLACE_TEST(a_step_goes_on_after_what_it_wrote_is_undone),
        PLACE_TEST(a_fault_before_a_step_is_not_forgiven_by_it),
        PLACE_TEST(a_full_disk_takes_released_steps_with_it),
        PLACE_TEST(the_ordered_failure_strikes_once_at_its_turn),
        PLACE_TEST(a_lasting_failure_strikes_the_rerun_too),
        PLACE_TEST(an_ordered_failure_can_take_the_batch),
        PLACE_TEST(a_commit_that_fails_keeps_nothing),
        PLACE_TEST(a_read_that_takes_too_long_ends_its_step_alone),
        PLACE_TEST(a_write_that_takes_too_long_takes_the_batch_with_it),
        PLACE_TEST(many_short_statements_run_out_of_time_as_well),
        PLACE_TEST(a_reader_s_step_is_bound_in_time),
        PLACE_TEST(a_step_that_waits_for_ever_ends_as_well),
        PLACE_TEST(a_page_is_bound_in_time),
        PLACE_TEST(a_script_inside_a_transaction_is_part_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
