/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Asking ahead: what was asked makes no round trip when it is asked again, what was written
 * meanwhile is asked anew, and what is asked about the same each time is asked ahead by itself. On
 * SQLite the answers are the same, and nothing is counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/log.h"
#include "sys/db_fixture.h"
#include "sys/db_postgres_local.h"

enum { LONG_MS = 60000 };

static int group_set_up(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR + 1);
    return 0;
}

static struct tx *step_begin(struct place *place)
{
    struct tx *tx = db_begin(place->db, place->mem);
    tx_step_begin(tx, place->mem, LONG_MS);
    return tx;
}

static void step_end(struct tx *tx)
{
    assert_int_equal(tx_fault(tx), TX_FINE);
    tx_step_end(tx, true);
    assert_true(tx_commit(tx));
}

static int64_t trips(struct place *place)
{
    return database_server() ? postgres_of(place->db)->round_trips : 0;
}

/* On SQLite no round trip is one. */
static void assert_trips(struct place *place, int64_t before, int64_t count)
{
    assert_int_equal(trips(place) - before, database_server() ? count : 0);
}

static const char *name_of(struct tx *tx, int id)
{
    const struct db_row *row = tx_one(tx, "SELECT name FROM thing WHERE id = ?1", id);
    return row ? row_text(row, 0) : "none";
}

static int64_t count_bytes(struct tx *tx)
{
    const struct db_row *row = tx_one(tx, "SELECT COUNT(bytes) FROM thing");
    return row ? row_int(row, 0) : -1;
}

/* Asks for both ahead. */
static void ask(struct tx *tx)
{
    if (!tx_ahead_begin(tx))
        return;
    assert_string_equal(name_of(tx, 1), "none");
    assert_string_equal(name_of(tx, 2), "none");
    tx_ahead_end(tx);
}

static void make_two(struct place *place)
{
    struct tx *tx = db_begin(place->db, place->mem);
    insert(tx, 1, "one");
    insert(tx, 2, "two");
    assert_true(tx_commit(tx));
}

static void what_is_asked_ahead_makes_one_round_trip(void **state)
{
    struct place *place = *state;
    make_two(place);
    struct tx *tx = step_begin(place);
    int64_t before = trips(place);
    ask(tx);
    assert_trips(place, before, 0);
    assert_string_equal(name_of(tx, 2), "two");
    assert_string_equal(name_of(tx, 1), "one");
    assert_trips(place, before, 1);
    assert_int_equal(count_bytes(tx), 0); /* which nobody asked ahead */
    assert_trips(place, before, 2);
    step_end(tx);
}

static void what_was_written_meanwhile_is_asked_anew(void **state)
{
    struct place *place = *state;
    static const char *const writes[] = {
        "UPDATE thing SET name = 'new' WHERE id = 1",
        "INSERT INTO thing (id, name) VALUES (1, '') ON CONFLICT (id) DO UPDATE SET name = 'new'",
        "DELETE FROM thing WHERE id = 1",
        "WITH a AS (SELECT 1 AS id) UPDATE thing SET name = 'new' WHERE id = (SELECT id FROM a)",
    };
    make_two(place);
    for (int i = 0; i < 4; i++) {
        struct tx *tx = step_begin(place);
        ask(tx);
        tx_do(tx, writes[i]);
        assert_string_equal(name_of(tx, 1), i == 2 ? "none" : "new");
        tx_step_undo(tx);
        assert_string_equal(name_of(tx, 1), "one");
        step_end(tx);
    }
}

static void a_write_to_another_table_leaves_the_answers(void **state)
{
    struct place *place = *state;
    const char *error;
    assert_true(db_script(place->db,
                          "CREATE TABLE thing_of (id BIGINT);"
                          "CREATE TABLE thin (id BIGINT);",
                          &error));
    make_two(place);
    struct tx *tx = step_begin(place);
    ask(tx);
    tx_do(tx, "INSERT INTO thing_of (id) VALUES (1)");
    tx_do(tx, "UPDATE thin SET id = 2");
    int64_t before = trips(place);
    assert_string_equal(name_of(tx, 1), "one");
    assert_string_equal(name_of(tx, 2), "two");
    assert_trips(place, before, 1);
    step_end(tx);
    assert_true(db_script(place->db, "DROP TABLE thing_of; DROP TABLE thin;", &error));
}

static void memory_that_is_rewound_takes_the_answers_along(void **state)
{
    struct place *place = *state;
    make_two(place);
    struct tx *tx = step_begin(place);
    struct mem_mark mark = mem_mark(place->mem);
    ask(tx);
    mem_rewind(place->mem, mark);
    memset(mem_alloc_raw(place->mem, 4096), 'x', 4096);
    assert_string_equal(name_of(tx, 1), "one");
    assert_string_equal(name_of(tx, 2), "two");
    step_end(tx);
}

static void an_error_of_what_is_asked_ahead_is_a_fault_of_its_step(void **state)
{
    struct place *place = *state;
    make_two(place);
    struct tx *tx = db_begin(place->db, place->mem);
    for (int i = 0; i < 2; i++) {
        tx_step_begin(tx, place->mem, LONG_MS);
        insert(tx, 10 + i, NULL);
        if (i == 0 && tx_ahead_begin(tx)) {
            assert_null(tx_one(tx, "SELECT 1 / (COUNT(*) - COUNT(*)) FROM thing"));
            tx_ahead_end(tx);
            assert_string_equal(name_of(tx, 1), "none");
            assert_int_equal(tx_fault(tx), TX_FAULT);
        }
        tx_step_end(tx, true);
    }
    assert_true(tx_commit(tx));
    assert_int_equal(count_things(place), database_server() ? 3 : 4);
}

/* One request after the other about the same; the round trips of each. */
static int64_t read_about(struct place *place, const char *subject, int id)
{
    struct tx *tx = step_begin(place);
    int64_t before = trips(place);
    tx_about(tx, subject);
    assert_string_equal(name_of(tx, 1), "one");
    assert_string_equal(name_of(tx, id), id == 2 ? "two" : "none");
    assert_int_equal(count_bytes(tx), 0);
    int64_t count = trips(place) - before;
    step_end(tx);
    return count;
}

static void what_is_asked_about_the_same_twice_is_asked_ahead(void **state)
{
    postgres_only();
    struct place *place = *state;
    make_two(place);
    assert_int_equal(read_about(place, "this", 2), 3);
    assert_int_equal(read_about(place, "this", 2), 3);
    assert_int_equal(read_about(place, "this", 2), 1);
    assert_int_equal(read_about(place, "this", 2), 1);
    assert_int_equal(read_about(place, "that", 2), 3);
    /* What is other each time is asked when it is known, all else ahead. */
    for (int id = 10; id < 20; id++)
        assert_int_equal(read_about(place, "this", id), 2);
}

static void a_habit_holds_no_answers(void **state)
{
    struct place *place = *state;
    make_two(place);
    for (int i = 0; i < 6; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%d", i);
        struct tx *tx = step_begin(place);
        tx_about(tx, "this");
        tx_do(tx, "UPDATE thing SET name = ?1 WHERE id = 1", name);
        assert_string_equal(name_of(tx, 1), name);
        step_end(tx);
        tx = step_begin(place);
        tx_about(tx, "other");
        assert_string_equal(name_of(tx, 1), name);
        step_end(tx);
    }
}

static void many_subjects_and_questions_are_bounded(void **state)
{
    struct place *place = *state;
    make_two(place);
    for (int i = 0; i < 300; i++) {
        char subject[24];
        snprintf(subject, sizeof subject, "s%d", i % 150);
        struct tx *tx = step_begin(place);
        tx_about(tx, subject);
        for (int id = 1; id < 50; id++)
            assert_string_equal(name_of(tx, id), id == 1 ? "one" : id == 2 ? "two" : "none");
        step_end(tx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(what_is_asked_ahead_makes_one_round_trip),
        PLACE_TEST(what_was_written_meanwhile_is_asked_anew),
        PLACE_TEST(a_write_to_another_table_leaves_the_answers),
        PLACE_TEST(memory_that_is_rewound_takes_the_answers_along),
        PLACE_TEST(an_error_of_what_is_asked_ahead_is_a_fault_of_its_step),
        PLACE_TEST(what_is_asked_about_the_same_twice_is_asked_ahead),
        PLACE_TEST(a_habit_holds_no_answers),
        PLACE_TEST(many_subjects_and_questions_are_bounded),
    };
    return cmocka_run_group_tests(tests, group_set_up, NULL);
}
