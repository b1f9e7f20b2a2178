/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Values, rows, readers and files: what the database gives when all goes well, and what it refuses
 * to open. Faults have db_fault_test.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "sys/db_fixture.h"

static void each_type_is_bound_and_comes_back(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    char text[] = "été";
    bool yes = true;
    const struct db_row *row = tx_one(tx, "SELECT ?1, ?2, ?3, ?4, ?5, ?6", INT64_MIN, yes, text, "",
                                      db_blob("a\0b", 3), db_null());
    assert_non_null(row);
    assert_int_equal(row->columns, 6);
    assert_true(row_int(row, 0) == INT64_MIN);
    assert_true(row_bool(row, 1));
    assert_string_equal(row_text(row, 2), "été");
    assert_string_equal(row_text(row, 3), "");
    assert_false(row_is_null(row, 3));
    assert_int_equal(row_value(row, 4)->type, DB_BLOB);
    assert_int_equal(row_value(row, 4)->count, 3);
    assert_memory_equal(row_value(row, 4)->bytes, "a\0b", 3);
    assert_true(row_is_null(row, 5));
    tx_rollback(tx);
}

static void what_is_bound_is_of_its_type_there_as_well(void **state)
{
    struct place *place = *state;
    const char *sql = "SELECT typeof(?1), typeof(?2), typeof(?3)";
    if (database_server())
        sql = "SELECT CAST(pg_typeof(?1) AS TEXT), CAST(pg_typeof(?2) AS TEXT), "
              "CAST(pg_typeof(?3) AS TEXT)";
    const struct db_value values[] = {db_int(1), db_text(""), db_blob("", 0)};
    struct tx *tx = db_begin(place->db, place->mem);
    const struct db_row *row = tx_one_values(tx, sql, values, 3);
    assert_string_equal(row_text(row, 0), database_server() ? "bigint" : "integer");
    assert_string_equal(row_text(row, 1), "text");
    assert_string_equal(row_text(row, 2), database_server() ? "bytea" : "blob");
    tx_rollback(tx);
}

static void a_value_may_be_nothing_now_and_something_later(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    for (int i = 0; i < 3; i++)
        tx_do(tx, "INSERT INTO thing (id, parent_id) VALUES (?1, ?2)", i,
              i == 1 ? db_int(0) : db_null());
    const struct db_row *row =
        tx_one(tx, "SELECT COUNT(*), COUNT(parent_id), ?1 = 'a?' FROM thing", "a?");
    assert_int_equal(row_int(row, 0), 3);
    assert_int_equal(row_int(row, 1), 1);
    assert_true(row_bool(row, 2));
    tx_rollback(tx);
}

static void nothing_is_null_and_reads_as_zero_and_empty(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    const char *none = NULL;
    const struct db_row *row = tx_one(tx, "SELECT ?1", none);
    assert_true(row_is_null(row, 0));
    assert_int_equal(row_int(row, 0), 0);
    assert_false(row_bool(row, 0));
    assert_string_equal(row_text(row, 0), "");
    tx_rollback(tx);
}

static void rows_outlive_their_statement_and_their_transaction(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    insert(tx, 1, "one");
    insert(tx, 2, "two");
    const struct db_row *rows = tx_rows(tx, "SELECT id, name FROM thing ORDER BY id LIMIT 10");
    tx_do(tx, "DELETE FROM thing");
    tx_rows(tx, "SELECT id, name FROM thing ORDER BY id LIMIT 10");
    assert_true(tx_commit(tx));
    assert_string_equal(row_text(rows, 1), "one");
    assert_string_equal(row_text(rows->next, 1), "two");
    assert_null(rows->next->next);
    assert_int_equal(rows_count(rows), 2);
}

static void no_row_is_null_and_one_row_is_the_first(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    assert_null(tx_one(tx, "SELECT id FROM thing"));
    assert_null(tx_rows(tx, "SELECT id FROM thing LIMIT 10"));
    assert_int_equal(rows_count(NULL), 0);
    insert(tx, 2, "two");
    insert(tx, 1, "one");
    const struct db_row *row = tx_one(tx, "SELECT id FROM thing ORDER BY id");
    assert_int_equal(row_int(row, 0), 1);
    assert_null(row->next);
    assert_int_equal(tx_fault(tx), TX_FINE);
    tx_rollback(tx);
}

static void returning_writes_all_rows_and_gives_the_first(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    const struct db_row *row =
        tx_one(tx, "INSERT INTO thing (id) VALUES (1), (2), (3) RETURNING id");
    assert_int_equal(row_int(row, 0), 1);
    assert_null(
        tx_one(tx, "INSERT INTO thing (id) VALUES (1) ON CONFLICT DO NOTHING RETURNING id"));
    assert_true(tx_commit(tx));
    assert_int_equal(count_things(place), 3);
}

static void what_is_committed_is_there_when_the_file_is_opened_again(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    assert_true(tx_is_write(tx));
    insert(tx, 1, "one");
    assert_true(tx_commit(tx));
    tx = db_begin(place->db, place->mem);
    insert(tx, 2, "two");
    tx_rollback(tx);
    assert_true(db_reopen(place->db));
    assert_int_equal(count_things(place), 1);
}

static void a_reader_cannot_write(void **state)
{
    struct place *place = *state;
    struct db *reader = db_open(place->path, DB_READ);
    assert_non_null(reader);
    struct tx *tx = db_begin(reader, place->mem);
    assert_false(tx_is_write(tx));
    insert(tx, 1, "one");
    assert_int_equal(tx_fault(tx), TX_FAULT);
    assert_false(tx_commit(tx));
    db_close(reader);
    assert_int_equal(count_things(place), 0);
}

static void a_reader_sees_one_snapshot_until_it_ends(void **state)
{
    struct place *place = *state;
    struct db *reader = db_open(place->path, DB_READ);
    struct tx *reading = db_begin(reader, place->mem);
    assert_null(tx_one(reading, "SELECT id FROM thing"));
    struct tx *writing = db_begin(place->db, place->mem);
    insert(writing, 1, "one");
    assert_true(tx_commit(writing));
    assert_null(tx_one(reading, "SELECT id FROM thing"));
    assert_true(tx_commit(reading));
    reading = db_begin(reader, place->mem);
    assert_non_null(tx_one(reading, "SELECT id FROM thing"));
    tx_rollback(reading);
    db_close(reader);
}

static const struct db_row *named(struct tx *tx, const char *name)
{
    return tx_one(tx, "SELECT id FROM thing WHERE name = ?1", name);
}

static void what_a_snapshot_was_asked_before_is_not_asked_again(void **state)
{
    struct place *place = *state;
    struct tx *writing = db_begin(place->db, place->mem);
    assert_null(named(writing, "one"));
    insert(writing, 1, "one");
    assert_non_null(named(writing, "one")); /* who writes asks each time */
    assert_true(tx_commit(writing));
    struct db *reader = db_open(place->path, DB_READ);
    struct tx *tx = db_begin(reader, place->mem);
    char name[] = "one";
    const struct db_row *row = named(tx, name);
    assert_non_null(row);
    assert_ptr_equal(named(tx, "one"), row);
    name[0] = 'a'; /* the answer was to "one", whatever becomes of those bytes */
    assert_null(named(tx, name));
    assert_ptr_equal(named(tx, "one"), row);
    struct mem_mark mark = mem_mark(place->mem);
    row = named(tx, "two");
    mem_rewind(place->mem, mark);
    mem_alloc(place->mem, 10000); /* where that answer was */
    assert_int_equal(row_int(named(tx, "one"), 0), 1);
    tx_rollback(tx);
    tx = db_begin(reader, place->mem);
    assert_ptr_not_equal(named(tx, "one"), row);
    tx_rollback(tx);
    db_close(reader);
}

static void a_file_that_is_not_there_has_no_reader(void **state)
{
    struct place *place = *state;
    assert_null(db_open(mem_printf(place->mem, "%s/none.db", place->folder), DB_READ));
    assert_null(db_open(mem_printf(place->mem, "%s/no/folder.db", place->folder), DB_WRITE));
}

static void a_file_that_is_damaged_is_not_written_again(void **state)
{
    sqlite_only();
    struct place *place = *state;
    const char *error = NULL;
    assert_true(db_script(place->db, "PRAGMA wal_checkpoint(TRUNCATE)", &error));
    FILE *file = fopen(place->path, "r+");
    assert_non_null(file);
    fputs("this is no database any more", file);
    fclose(file);
    assert_false(db_reopen(place->db));
    assert_true(db_wants_reopen(place->db));
    struct tx *tx = db_begin(place->db, place->mem);
    assert_int_equal(tx_fault(tx), TX_FAULT_BATCH);
    insert(tx, 1, "one");
    assert_false(tx_commit(tx));
}

static void the_file_is_its_owner_s_alone(void **state)
{
    sqlite_only();
    struct place *place = *state;
    struct stat status;
    assert_int_equal(stat(place->path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void a_copy_is_whole_private_and_never_overwrites(void **state)
{
    sqlite_only();
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    insert(tx, 1, "one");
    assert_true(tx_commit(tx));
    const char *path = mem_printf(place->mem, "%s.copy", place->path);
    const char *error = NULL;
    assert_true(db_copy(place->db, path, &error));
    assert_false(db_copy(place->db, path, &error));
    assert_string_equal(error, "File exists");
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);

    struct db *copy = db_open(path, DB_WRITE);
    assert_non_null(copy);
    tx = db_begin(copy, place->mem);
    assert_string_equal(row_text(tx_one(tx, "SELECT name FROM thing"), 0), "one");
    tx_rollback(tx);
    db_close(copy);
}

static void a_script_that_fails_says_why_and_leaves_no_transaction(void **state)
{
    struct place *place = *state;
    const char *error = NULL;
    assert_false(db_script(place->db, "BEGIN; INSERT INTO thing (id) VALUES (1); SELEC", &error));
    assert_non_null(strstr(error, "SELEC"));
    assert_int_equal(count_things(place), 0);
}

static void more_statements_than_are_kept_still_run(void **state)
{
    struct place *place = *state;
    struct tx *tx = db_begin(place->db, place->mem);
    for (int i = 0; i < 2 * DB_STATEMENTS_MAX + 10; i++) {
        const char *sql = mem_printf(place->mem, "SELECT %d", i);
        assert_int_equal(row_int(tx_one(tx, sql), 0), i);
    }
    assert_true(tx_commit(tx));
}

static bool reaches(struct db_reach reach, const char *file)
{
    for (const char *const *at = reach.files; *at; at++)
        if (strcmp(*at, file) == 0)
            return true;
    return false;
}

static void what_a_database_makes_the_program_reach_is_known_before(void **state)
{
    struct place *place = *state;
    setenv("HOME", "/var/lib/essaim", 1);
    setenv("PGPORT", "6000", 1);
    setenv("PGPASSFILE", "/etc/essaim/pass", 1);
    struct db_reach reach = db_reach(place->mem, "postgresql://a:1,b:2/x?sslrootcert=/etc/ca.pem");
    assert_int_equal(reach.ports[0], 1);
    assert_int_equal(reach.ports[1], 2);
    assert_int_equal(reach.ports[2], 0);
    assert_true(reaches(reach, "/etc/ca.pem"));
    assert_true(reaches(reach, "/etc/essaim/pass"));
    assert_true(reaches(reach, "/var/lib/essaim/.postgresql"));
    assert_int_equal(db_reach(place->mem, "postgresql:///x").ports[0], 6000);
    unsetenv("PGPORT");
    unsetenv("PGPASSFILE");
    assert_int_equal(db_reach(place->mem, "postgresql:///x").ports[0], 5432);
    reach = db_reach(place->mem, "data/essaim.db");
    assert_int_equal(reach.ports[0], 0);
    assert_null(reach.files[0]);
}

static void what_a_service_says_is_known_before_as_well(void **state)
{
    struct place *place = *state;
    const char *file = mem_printf(place->mem, "%s/services", place->folder);
    FILE *services = fopen(file, "w");
    fputs("[ours]\nhost=db.example.org\nport=6543\nsslrootcert=/etc/ca.pem\n", services);
    fclose(services);
    setenv("PGSERVICEFILE", file, 1);
    struct db_reach reach = db_reach(place->mem, "postgresql:///x?service=ours");
    assert_int_equal(reach.ports[0], 6543);
    assert_int_equal(reach.ports[1], 0);
    assert_true(reaches(reach, "/etc/ca.pem"));
    assert_true(reaches(reach, file));
    assert_int_equal(db_reach(place->mem, "postgresql://b:1/x?service=ours").ports[0], 1);
    unsetenv("PGSERVICE");
    unsetenv("PGSERVICEFILE");
    unlink(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(each_type_is_bound_and_comes_back),
        PLACE_TEST(what_is_bound_is_of_its_type_there_as_well),
        PLACE_TEST(a_value_may_be_nothing_now_and_something_later),
        PLACE_TEST(nothing_is_null_and_reads_as_zero_and_empty),
        PLACE_TEST(rows_outlive_their_statement_and_their_transaction),
        PLACE_TEST(no_row_is_null_and_one_row_is_the_first),
        PLACE_TEST(returning_writes_all_rows_and_gives_the_first),
        PLACE_TEST(what_is_committed_is_there_when_the_file_is_opened_again),
        PLACE_TEST(a_reader_cannot_write),
        PLACE_TEST(a_reader_sees_one_snapshot_until_it_ends),
        PLACE_TEST(what_a_snapshot_was_asked_before_is_not_asked_again),
        PLACE_TEST(a_file_that_is_not_there_has_no_reader),
        PLACE_TEST(a_file_that_is_damaged_is_not_written_again),
        PLACE_TEST(the_file_is_its_owner_s_alone),
        PLACE_TEST(a_copy_is_whole_private_and_never_overwrites),
        PLACE_TEST(a_script_that_fails_says_why_and_leaves_no_transaction),
        PLACE_TEST(what_a_database_makes_the_program_reach_is_known_before),
        PLACE_TEST(what_a_service_says_is_known_before_as_well),
        PLACE_TEST(more_statements_than_are_kept_still_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
