/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Steps without savepoints, on either engine: what is kept is kept as always; what has to be undone
 * takes the whole transaction with it, and that says why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sys/db_fixture.h"

enum { LONG_MS = 60000, SHORT_MS = 20 };

/* With a step that wrote a row and is kept. */
static struct tx *begin_light(struct place *place)
{
    struct tx *tx = db_begin(place->db, place->mem);
    tx_lighten(tx);
    tx_step_begin(tx, place->mem, LONG_MS);
    insert(tx, 1, "one");
    tx_step_end(tx, true);
    return tx;
}

static void assert_too_light(struct place *place, struct tx *tx)
{
    assert_false(tx_commit(tx));
    assert_true(tx_was_too_light(tx));
    assert_false(db_wants_reopen(place->db));
    assert_int_equal(count_things(place), 0);
}

static void what_is_kept_is_kept(void **state)
{
    struct place *place = *state;
    struct tx *tx = begin_light(place);
    tx_step_begin(tx, place->mem, LONG_MS);
    insert(tx, 2, "two");
    tx_step_end(tx, true);
    assert_true(tx_commit(tx));
    assert_false(tx_was_too_light(tx));
    assert_int_equal(count_things(place), 2);
}

static void a_step_that_wrote_and_is_not_kept_takes_all_with_it(void **state)
{
    struct place *place = *state;
    struct tx *tx = begin_light(place);
    tx_step_begin(tx, place->mem, LONG_MS);
    insert(tx, 2, "two");
    tx_step_end(tx, false);
    assert_true(tx_is_lost(tx));
    assert_too_light(place, tx);
}

static void a_step_that_undoes_what_it_wrote_takes_all_with_it(void **state)
{
    struct place *place = *state;
    struct tx *tx = begin_light(place);
    tx_step_begin(tx, place->mem, LONG_MS);
    insert(tx, 2, "two");
    tx_step_undo(tx);
    assert_int_equal(tx_fault(tx), TX_FAULT_BATCH); /* whatever it does now is in vain */
    tx_step_end(tx, true);
    assert_too_light(place, tx);
}

static void a_step_that_wrote_nothing_may_be_undone(void **state)
{
    struct place *place = *state;
    struct tx *tx = begin_light(place);
    tx_step_begin(tx, place->mem, LONG_MS);
    assert_non_null(tx_one(tx, "SELECT name FROM thing"));
    tx_do(tx, "UPDATE thing SET name = 'nobody' WHERE id = 7");
    tx_step_undo(tx);
    assert_non_null(tx_one(tx, "SELECT name FROM thing"));
    tx_step_end(tx, false);
    assert_false(tx_is_lost(tx));
    assert_true(tx_commit(tx));
    assert_int_equal(count_things(place), 1);
}

static void a_statement_that_fails_after_a_write_takes_all_with_it(void **state)
{
    struct place *place = *state;
    struct tx *tx = begin_light(place);
    tx_step_begin(tx, place->mem, LONG_MS);
    insert(tx, 2, "two");
    insert(tx, 1, "again");
    tx_step_end(tx, true);
    assert_too_light(place, tx);
}

static void a_fault_that_was_not_heard_of_before_the_commit_fails_it(void **state)
{
    struct place *place = *state;
    struct tx *tx = begin_light(place);
    tx_step_begin(tx, place->mem, LONG_MS);
    insert(tx, 1, "again");
    if (!database_server()) {
        assert_int_equal(tx_fault(tx), TX_FAULT); /* there it is heard of at once */
        insert(tx, 2, "two");
        tx_step_end(tx, true);
        assert_true(tx_commit(tx)); /* and there was nothing to undo */
        assert_int_equal(count_things(place), 1);
        return;
    }
    assert_int_equal(tx_fault(tx), TX_FINE);
    tx_step_end(tx, true);
    assert_false(tx_is_lost(tx));
    assert_too_light(place, tx);
}

static void a_step_out_of_time_takes_all_with_it(void **state)
{
    struct place *place = *state;
    struct tx *tx = begin_light(place);
    tx_step_begin(tx, place->mem, SHORT_MS);
    insert(tx, 2, "two");
    assert_null(tx_one(tx, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                           "SELECT COUNT(*) FROM n"));
    assert_int_equal(tx_fault(tx), TX_FAULT_TIME);
    tx_step_end(tx, true);
    assert_too_light(place, tx);
}

static void savepoints_are_there_again_in_the_next_transaction(void **state)
{
    struct place *place = *state;
    tx_rollback(begin_light(place));
    struct tx *tx = db_begin(place->db, place->mem);
    insert(tx, 1, "one");
    tx_step_begin(tx, place->mem, LONG_MS);
    insert(tx, 2, "two");
    tx_step_end(tx, false);
    assert_true(tx_commit(tx));
    assert_int_equal(count_things(place), 1);
}

static void who_waits_for_what_another_step_left_is_not_the_one_that_is_late(void **state)
{
    struct place *place = *state;
    if (!database_server())
        skip(); /* a file leaves nothing under way */
    struct tx *tx = db_begin(place->db, place->mem);
    tx_lighten(tx);
    tx_step_begin(tx, place->mem, SHORT_MS);
    insert(tx, 1, "one");
    tx_step_end(tx, true);
    tx_step_begin(tx, place->mem, LONG_MS);
    tx_one(tx, "SELECT 1 FROM pg_sleep(1)");
    assert_int_equal(tx_fault(tx), TX_FAULT_BATCH);
    tx_step_end(tx, true);
    assert_too_light(place, tx);
}

/* A trigger that waits for the COMMIT, and then takes longer than the step had. */
static void a_commit_may_take_longer_than_its_steps(void **state)
{
    struct place *place = *state;
    const char *error = NULL;
    if (!database_server())
        skip();
    assert_true(db_script(
        place->db,
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN PERFORM pg_sleep(0.7); RETURN NULL; END';"
        "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON thing DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION slow()",
        &error));
    struct tx *tx = db_begin(place->db, place->mem);
    tx_lighten(tx);
    tx_step_begin(tx, place->mem, SHORT_MS);
    insert(tx, 1, "one");
    tx_step_end(tx, true);
    assert_true(tx_commit(tx));
    assert_int_equal(count_things(place), 1);
}

static void what_was_asked_ahead_in_vain_is_forgotten_with_the_step(void **state)
{
    struct place *place = *state;
    struct mem *batch = mem_new(1024 * 1024);
    struct tx *tx = db_begin(place->db, batch);
    tx_lighten(tx);
    tx_step_begin(tx, place->mem, LONG_MS);
    struct mem_mark mark = mem_mark(place->mem);
    if (tx_ahead_begin(tx)) {
        tx_one(tx, "SELECT 1");
        tx_ahead_end(tx);
    }
    tx_step_undo(tx);
    mem_rewind(place->mem, mark);
    insert(tx, 1, "one");
    tx_step_end(tx, false);
    assert_too_light(place, tx);
    mem_free(batch);
}

/* What no savepoint would have saved. */
static void a_lost_connection_is_not_what_savepoints_are_for(void **state)
{
    struct place *place = *state;
    const char *error = NULL;
    if (!database_server())
        skip(); /* a file has none */
    struct tx *tx = begin_light(place);
    const struct db_row *backend = tx_one(tx, "SELECT pg_backend_pid()::bigint");
    struct db *other = db_open(place->path, DB_READ);
    assert_true(db_script(
        other,
        mem_printf(place->mem, "SELECT pg_terminate_backend(%lld)", (long long)row_int(backend, 0)),
        &error));
    db_close(other);
    assert_false(tx_commit(tx));
    assert_false(tx_was_too_light(tx));
    assert_true(db_reopen(place->db) || !db_wants_reopen(place->db));
    assert_int_equal(count_things(place), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(what_is_kept_is_kept),
        PLACE_TEST(a_step_that_wrote_and_is_not_kept_takes_all_with_it),
        PLACE_TEST(a_step_that_undoes_what_it_wrote_takes_all_with_it),
        PLACE_TEST(a_step_that_wrote_nothing_may_be_undone),
        PLACE_TEST(a_statement_that_fails_after_a_write_takes_all_with_it),
        PLACE_TEST(a_fault_that_was_not_heard_of_before_the_commit_fails_it),
        PLACE_TEST(a_step_out_of_time_takes_all_with_it),
        PLACE_TEST(who_waits_for_what_another_step_left_is_not_the_one_that_is_late),
        PLACE_TEST(a_commit_may_take_longer_than_its_steps),
        PLACE_TEST(what_was_asked_ahead_in_vain_is_forgotten_with_the_step),
        PLACE_TEST(savepoints_are_there_again_in_the_next_transaction),
        PLACE_TEST(a_lost_connection_is_not_what_savepoints_are_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
