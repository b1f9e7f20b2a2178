/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Migrations: applied once and in order, never after they were edited, never on a database from the
 * future, and not before a copy was made of what people already have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <glob.h>
#include <pthread.h>

#include "base/time.h"
#include "sys/clock.h"
#include "sys/crypt.h"
#include "sys/db_fixture.h"
#include "sys/migrate.h"

static const struct db_migration ponds_one[] = {
    {"ponds", 1, "001_ponds.sql",
     "CREATE TABLE pond (id BIGINT PRIMARY KEY); INSERT INTO pond VALUES (7);"},
    {.sql = NULL},
};
static const struct db_migration ponds_two[] = {
    {"ponds", 1, "001_ponds.sql",
     "CREATE TABLE pond (id BIGINT PRIMARY KEY); INSERT INTO pond VALUES (7);"},
    {"ponds", 2, "002_depth.sql", "ALTER TABLE pond ADD COLUMN depth BIGINT"},
    {.sql = NULL},
};
static const struct db_migration ponds_edited[] = {
    {"ponds", 1, "001_ponds.sql", "CREATE TABLE pond (id BIGINT PRIMARY KEY)"},
    {.sql = NULL},
};
static const struct db_migration ponds_broken[] = {
    {"ponds", 1, "001_ponds.sql",
     "CREATE TABLE pond (id BIGINT PRIMARY KEY); INSERT INTO pond VALUES (7);"},
    {"ponds", 2, "002_broken.sql", "CREATE TABLE half (id BIGINT); CREATE TABLE pond (id BIGINT)"},
    {.sql = NULL},
};
static const struct db_migration ponds_escaping[] = {
    {"ponds", 1, "001_escaping.sql",
     "CREATE TABLE half (id BIGINT); COMMIT; CREATE TABLE more (id BIGINT)"},
    {.sql = NULL},
};
/* Needs the table of the feature before it. */
static const struct db_migration frogs[] = {
    {"frogs", 1, "001_frogs.sql",
     "CREATE TABLE frog (id BIGINT PRIMARY KEY, pond_id BIGINT REFERENCES pond (id)); "
     "INSERT INTO frog SELECT 1, id FROM pond;"},
    {.sql = NULL},
};

static int group_set_up(void **state)
{
    (void)state;
    return crypt_init() ? 0 : -1;
}

static bool migrate_one(struct place *place, const struct db_migration *feature)
{
    return migrate(place->db, place->path, (const struct db_migration *const[]){feature, NULL});
}

static int64_t ask(struct db *db, struct mem *mem, const char *sql)
{
    struct tx *tx = db_begin(db, mem);
    const struct db_row *row = tx_one(tx, sql);
    assert_non_null(row);
    int64_t answer = row_int(row, 0);
    tx_rollback(tx);
    return answer;
}

static bool has_table(struct place *place, const char *name)
{
    struct tx *tx = db_begin(place->db, place->mem);
    bool has = database_server()
                   ? tx_one(tx, "SELECT 1 FROM pg_class WHERE oid = to_regclass(?1)", name) != NULL
                   : tx_one(tx, "SELECT 1 FROM sqlite_schema WHERE name = ?1", name) != NULL;
    tx_rollback(tx);
    return has;
}

static int64_t pond_columns(struct db *db, struct mem *mem)
{
    return ask(db, mem,
               database_server() ? "SELECT COUNT(*) FROM pg_attribute WHERE attnum > 0 AND "
                                   "attrelid = to_regclass('pond')"
                                 : "SELECT COUNT(*) FROM pragma_table_info('pond')");
}

/* A copy was made, of a file. */
static void assert_copies(int copies, int expected)
{
    assert_int_equal(copies, database_server() ? 0 : expected);
}

/* Counts the copies beside the database, and the columns of `pond` in the first, which the older
 * program takes as its own; removes them. */
static int take_copies(struct place *place, int64_t *ret_columns)
{
    glob_t found;
    if (glob(mem_printf(place->mem, "%s.before-*", place->path), 0, NULL, &found) != 0)
        return 0;
    int count = (int)found.gl_pathc;
    struct db *copy = db_open(found.gl_pathv[0], DB_WRITE);
    assert_non_null(copy);
    const struct db_migration *const older[] = {ponds_one, NULL};
    assert_true(migrate(copy, found.gl_pathv[0], older));
    *ret_columns = pond_columns(copy, place->mem);
    db_close(copy);
    for (int i = 0; i < count; i++)
        unlink(found.gl_pathv[i]);
    globfree(&found);
    return count;
}

static void an_empty_database_gets_all_in_order_without_a_copy(void **state)
{
    struct place *place = *state;
    const struct db_migration *const features[] = {ponds_two, frogs, NULL};
    assert_true(migrate(place->db, place->path, features));
    assert_int_equal(ask(place->db, place->mem, "SELECT pond_id FROM frog"), 7);
    assert_int_equal(ask(place->db, place->mem, "SELECT COUNT(*) FROM migration"), 3);
    int64_t columns = 0;
    assert_int_equal(take_copies(place, &columns), 0);
}

static void a_second_run_does_nothing(void **state)
{
    struct place *place = *state;
    assert_true(migrate_one(place, ponds_one));
    assert_true(migrate_one(place, ponds_one));
    assert_int_equal(ask(place->db, place->mem, "SELECT COUNT(*) FROM pond"), 1);
    assert_int_equal(ask(place->db, place->mem, "SELECT COUNT(*) FROM migration"), 1);
    int64_t columns = 0;
    assert_int_equal(take_copies(place, &columns), 0);
}

static void what_is_there_is_copied_before_it_is_changed(void **state)
{
    struct place *place = *state;
    assert_true(migrate_one(place, ponds_one));
    assert_true(migrate_one(place, ponds_two));
    assert_int_equal(pond_columns(place->db, place->mem), 2);
    int64_t columns = 1;
    assert_copies(take_copies(place, &columns), 1);
    assert_int_equal(columns, 1); /* it shows what was there before */
}

static void an_edited_migration_stops_the_start(void **state)
{
    struct place *place = *state;
    assert_true(migrate_one(place, ponds_one));
    const struct db_migration *const features[] = {ponds_edited, frogs, NULL};
    assert_false(migrate(place->db, place->path, features));
    assert_false(has_table(place, "frog"));
}

static void a_database_from_a_newer_program_is_left_alone(void **state)
{
    struct place *place = *state;
    assert_true(migrate_one(place, ponds_two));
    const struct db_migration *const features[] = {ponds_one, frogs, NULL};
    assert_false(migrate(place->db, place->path, features));
    assert_false(has_table(place, "frog"));
}

static void it_is_told_how_it_stands_and_nothing_is_written(void **state)
{
    struct place *place = *state;
    const struct db_migration *const one[] = {ponds_one, NULL};
    const struct db_migration *const two[] = {ponds_two, NULL};
    const struct db_migration *const edited[] = {ponds_edited, NULL};
    assert_int_equal(migrate_look(place->db, one), MIGRATE_UNREAD);
    assert_false(has_table(place, "migration"));
    assert_true(migrate_one(place, ponds_one));
    assert_int_equal(migrate_look(place->db, one), MIGRATE_DONE);
    assert_int_equal(migrate_look(place->db, two), MIGRATE_OLDER);
    assert_int_equal(migrate_look(place->db, edited), MIGRATE_EDITED);
    assert_true(migrate_one(place, ponds_two));
    assert_int_equal(migrate_look(place->db, two), MIGRATE_DONE);
    assert_int_equal(migrate_look(place->db, one), MIGRATE_NEWER);
    int64_t columns = 0;
    take_copies(place, &columns);
}

/* Its key would be made anew, if it were. */
static void what_cannot_be_asked_is_not_taken_for_new(void **state)
{
    struct place *place = *state;
    assert_false(migrate_is_begun(place->db));
    assert_true(migrate_one(place, ponds_one));
    assert_true(migrate_is_begun(place->db));
    struct db_failure failure = {.countdown = 1, .batch = true};
    db_fail(place->db, &failure);
    assert_true(migrate_is_begun(place->db));
    assert_true(failure.reached);
}

static void a_migration_that_fails_leaves_nothing_of_itself(void **state)
{
    struct place *place = *state;
    assert_false(migrate_one(place, ponds_broken));
    assert_true(has_table(place, "pond"));
    assert_false(has_table(place, "half"));
    assert_int_equal(ask(place->db, place->mem, "SELECT COUNT(*) FROM migration"), 1);
    assert_true(migrate_one(place, ponds_two));
    int64_t columns = 0;
    assert_copies(take_copies(place, &columns), 1);
}

static void a_migration_may_not_end_its_transaction(void **state)
{
    struct place *place = *state;
    assert_false(migrate_one(place, ponds_escaping));
    assert_int_equal(ask(place->db, place->mem, "SELECT COUNT(*) FROM migration"), 0);
}

static void when_any_call_fails_it_says_so_and_can_be_run_again(void **state)
{
    struct place *place = *state;
    struct db_failure failure = {.countdown = 0};
    db_fail(place->db, &failure);
    int calls = 0;
    for (;;) {
        failure = (struct db_failure){.countdown = ++calls};
        bool done = migrate_one(place, ponds_two);
        assert_true(done != failure.reached);
        if (done)
            break;
    }
    assert_true(calls > 5);
    failure.countdown = 0;
    assert_int_equal(ask(place->db, place->mem, "SELECT COUNT(*) FROM migration"), 2);
    int64_t columns = 0;
    take_copies(place, &columns);
}

/* Another program's, which began in the same second. */
static void plant_copy(struct place *place, int64_t at)
{
    struct wall wall = wall_from_seconds(at);
    FILE *file =
        fopen(mem_printf(place->mem, "%s.before-%04d%02d%02dT%02d%02d%02dZ", place->path, wall.year,
                         wall.month, wall.day, wall.hour, wall.minute, wall.second),
              "wx");
    assert_non_null(file);
    fclose(file);
}

static void a_copy_of_the_same_second_stays_and_another_one_is_made(void **state)
{
    enum { SECONDS = 5 };
    struct place *place = *state;
    if (database_server())
        return; /* which is not copied */
    assert_true(migrate_one(place, ponds_one));
    for (int i = 0; i < SECONDS; i++)
        plant_copy(place, clock_system_seconds() + i);
    assert_true(migrate_one(place, ponds_two));
    glob_t copies;
    assert_int_equal(glob(mem_printf(place->mem, "%s.before-*", place->path), 0, NULL, &copies), 0);
    assert_int_equal(copies.gl_pathc, SECONDS + 1);
    for (size_t i = 0; i < copies.gl_pathc; i++)
        unlink(copies.gl_pathv[i]);
    globfree(&copies);
}

static void *migrate_beside(void *context)
{
    struct place *place = context;
    struct db *db = db_open(place->path, DB_WRITE);
    const struct db_migration *const features[] = {ponds_two, frogs, NULL};
    bool done = db && migrate(db, place->path, features);
    db_close(db);
    return done ? place : NULL;
}

static void several_that_start_at_once_apply_each_one_once(void **state)
{
    enum { PROGRAMS = 4 };
    struct place *place = *state;
    pthread_t threads[PROGRAMS];
    for (int i = 0; i < PROGRAMS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, migrate_beside, place), 0);
    for (int i = 0; i < PROGRAMS; i++) {
        void *done = NULL;
        pthread_join(threads[i], &done);
        assert_ptr_equal(done, place);
    }
    assert_int_equal(ask(place->db, place->mem, "SELECT COUNT(*) FROM pond"), 1);
    assert_int_equal(ask(place->db, place->mem, "SELECT COUNT(*) FROM migration"), 3);
    glob_t copies; /* made by who came when the first was half done */
    if (glob(mem_printf(place->mem, "%s.before-*", place->path), 0, NULL, &copies) == 0)
        for (size_t i = 0; i < copies.gl_pathc; i++)
            unlink(copies.gl_pathv[i]);
    globfree(&copies);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(an_empty_database_gets_all_in_order_without_a_copy),
        PLACE_TEST(a_second_run_does_nothing),
        PLACE_TEST(what_is_there_is_copied_before_it_is_changed),
        PLACE_TEST(an_edited_migration_stops_the_start),
        PLACE_TEST(a_database_from_a_newer_program_is_left_alone),
        PLACE_TEST(it_is_told_how_it_stands_and_nothing_is_written),
        PLACE_TEST(what_cannot_be_asked_is_not_taken_for_new),
        PLACE_TEST(a_migration_that_fails_leaves_nothing_of_itself),
        PLACE_TEST(a_migration_may_not_end_its_transaction),
        PLACE_TEST(a_copy_of_the_same_second_stays_and_another_one_is_made),
        PLACE_TEST(several_that_start_at_once_apply_each_one_once),
        PLACE_TEST(when_any_call_fails_it_says_so_and_can_be_run_again),
    };
    return cmocka_run_group_tests(tests, group_set_up, NULL);
}
