/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A move from SQLite to PostgreSQL: all values arrive as they were, or nothing arrives and it is
 * said why. */
#include "sys/move.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/mem.h"
#include "sys/crypt.h"
#include "sys/db_testing.h"
#include "sys/migrate.h"

enum { ROWS = 300, LONG_BYTES = 200 * 1024, INDEXED_BYTES = 8000 };

/* Table `a_leaf` comes before its parents by its name; `tree` points to itself. */
static const struct db_migration trees[] = {
    {"trees", 1, "001_trees.sql",
     "CREATE TABLE tree (id BIGINT PRIMARY KEY, grown_from BIGINT REFERENCES tree (id), "
     "name TEXT, tall SMALLINT, bark BYTEA);"
     "CREATE INDEX tree_by_name ON tree (name);"
     "INSERT INTO tree (id, name) VALUES (1, 'the first');"
     "CREATE TABLE a_leaf (id BIGINT PRIMARY KEY, tree_id BIGINT NOT NULL REFERENCES tree (id));"
     "INSERT INTO a_leaf VALUES (1, 1);"},
    {.sql = NULL},
};
static const struct db_migration *const features[] = {trees, NULL};

struct garden {
    char folder[32];
    struct mem *mem;
    const char *file;
    const char *where; /* the PostgreSQL database; NULL on SQLite alone */
    struct db *from;
    struct db *to;
};

static int set_up(void **state)
{
    struct mem *mem = mem_new(64 * 1024 * 1024);
    struct garden *garden = MEM_NEW(mem, struct garden);
    garden->mem = mem;
    *state = garden;
    if (!database_server())
        return 0;
    snprintf(garden->folder, sizeof garden->folder, "/tmp/essaim-move-XXXXXX");
    if (!mkdtemp(garden->folder))
        return -1;
    garden->file = mem_printf(mem, "%s/essaim.db", garden->folder);
    garden->where = database_new(mem, garden->folder);
    garden->from = db_open(garden->file, DB_WRITE);
    garden->to = db_open(garden->where, DB_WRITE);
    return garden->from && garden->to && migrate(garden->from, garden->file, features) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct garden *garden = *state;
    int code = 0;
    db_close(garden->from);
    db_close(garden->to);
    if (garden->where) {
        database_drop(garden->mem, garden->where);
        database_drop(garden->mem, garden->file);
        code = rmdir(garden->folder);
    }
    mem_free(garden->mem);
    return code;
}

static int group_set_up(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR + 1);
    return crypt_init() ? 0 : -1;
}

static void plant(struct garden *garden, int id, struct db_value name)
{
    struct tx *tx = db_begin(garden->from, garden->mem);
    tx_do(tx, "INSERT INTO tree (id, name) VALUES (?1, ?2)", id, name);
    assert_true(tx_commit(tx));
}

static const char *move_as(struct garden *garden, const struct db_migration *feature,
                           const struct moved **ret_moved)
{
    const struct db_migration *const there[] = {feature, NULL};
    struct db *from = db_open(garden->file, DB_READ);
    assert_non_null(from);
    const char *wrong = move_tables(garden->mem, from, garden->to, there, ret_moved);
    db_close(from);
    return wrong;
}

static void moves(struct garden *garden, const struct moved **ret_moved)
{
    const char *wrong = move_as(garden, trees, ret_moved);
    if (wrong)
        fail_msg("%s", wrong);
}

/* It is told in these words, and nothing is left. */
static void stays(struct garden *garden, const struct db_migration *feature, const char *words)
{
    const struct moved *moved = NULL;
    const char *wrong = move_as(garden, feature, &moved);
    if (!wrong || !strstr(wrong, words))
        fail_msg("not “%s”: %s", words, wrong ? wrong : "it was moved");
    assert_null(moved);
    assert_true(move_is_empty(garden->to));
}

static const struct db_row *all_trees(struct garden *garden, struct db *db)
{
    struct tx *tx = db_begin(db, garden->mem);
    const struct db_row *rows =
        tx_rows(tx, "SELECT id, grown_from, name, tall, bark FROM tree ORDER BY id");
    assert_int_equal(tx_fault(tx), TX_FINE);
    tx_rollback(tx);
    return rows;
}

static void assert_same(struct garden *garden)
{
    const struct db_row *here = all_trees(garden, garden->from);
    const struct db_row *there = all_trees(garden, garden->to);
    assert_int_equal(rows_count(here), rows_count(there));
    for (; here; here = here->next, there = there->next)
        for (int i = 0; i < here->columns; i++) {
            const struct db_value *a = row_value(here, i);
            const struct db_value *b = row_value(there, i);
            assert_int_equal(a->type, b->type);
            assert_int_equal(a->number, b->number);
            assert_int_equal(a->count, b->count);
            if (a->count > 0)
                assert_memory_equal(a->bytes, b->bytes, a->count);
        }
}

static void all_values_arrive_as_they_were(void **state)
{
    postgres_only();
    static const char *const names[] = {
        "",     "\\N",         "\\.",   "a\tb\nc\rd\\e",   "\b\f\v\x01\x7f", "l’été 🌳 «\u202f»",
        "NULL", "'\"$1 ?1 %s", "\\x41", "\xf4\x8f\xbf\xbf"};
    struct garden *garden = *state;
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++)
        plant(garden, 10 + i, db_text(names[i]));
    plant(garden, 100, db_null());
    struct tx *tx = db_begin(garden->from, garden->mem);
    tx_do(tx, "INSERT INTO tree (id, tall, bark) VALUES (?1, ?2, ?3)", INT64_MAX, 32767,
          db_blob("", 0));
    tx_do(tx, "INSERT INTO tree (id, grown_from, tall, bark) VALUES (?1, ?2, ?3, ?4)", INT64_MIN,
          INT64_MAX, -32768, db_blob("\0\\x\n\xff", 5));
    tx_do(tx, "UPDATE tree SET name = 'not as it came' WHERE id = 1");
    tx_do(tx, "DELETE FROM a_leaf");
    tx_do(tx, "INSERT INTO a_leaf (id, tree_id) VALUES (?1, ?2)", 5, INT64_MIN);
    assert_true(tx_commit(tx));
    const struct moved *moved = NULL;
    moves(garden, &moved);
    assert_same(garden);
    assert_int_equal(migrate_look(garden->to, features), MIGRATE_DONE);
}

static void it_tells_what_was_moved(void **state)
{
    postgres_only();
    struct garden *garden = *state;
    plant(garden, -3, db_text("l’été"));
    const struct moved *moved = NULL;
    moves(garden, &moved);
    assert_string_equal(moved->table, "migration");
    assert_string_equal(moved->next->table, "tree");
    assert_int_equal(moved->next->rows, 2);
    assert_true(moved->next->numbers == (uint64_t)-2);
    assert_int_equal(moved->next->characters, 9 + 5);
    assert_string_equal(moved->next->next->table, "a_leaf"); /* behind what it points to */
    assert_null(moved->next->next->next);
}

static void many_rows_and_long_ones_arrive(void **state)
{
    postgres_only();
    struct garden *garden = *state;
    char *name = mem_alloc(garden->mem, LONG_BYTES + 1);
    struct tx *tx = db_begin(garden->from, garden->mem);
    memset(name, '\\', LONG_BYTES);
    for (int i = 0; i < ROWS; i++)
        tx_do(tx, "INSERT INTO tree (id, bark) VALUES (?1, ?2)", 10 + i,
              db_blob(name, i % 50 ? 10 : LONG_BYTES));
    tx_do(tx, "INSERT INTO tree (id, name) VALUES (?1, ?2)", 10 + ROWS, name);
    tx_do(tx, "DELETE FROM tree WHERE id > 20 AND id < 150");
    assert_true(tx_commit(tx));
    const struct moved *moved = NULL;
    moves(garden, &moved);
    assert_same(garden);
}

static void what_postgres_does_not_take_is_named(void **state)
{
    postgres_only();
    static const struct {
        const char *spoil, *words;
    } spoilt[] = {
        {"name = CAST(x'610062' AS TEXT)", "column name, rowid 1: this is a text with U+0000"},
        {"name = CAST(x'ff' AS TEXT)", "column name, rowid 1: this is a text that is not UTF-8"},
        {"name = x'61'", "column name, rowid 1: this is no text"},
        {"id = 1.5", "column id, rowid 1: this is no whole number"},
        {"grown_from = 'oak'", "column grown_from, rowid 1: this is no whole number"},
        {"tall = 32768", "column tall, rowid 1: this is a larger number than"},
        {"bark = 'oak'", "column bark, rowid 1: this is not made of bytes"},
        {"bark = 7", "column bark, rowid 1: this is not made of bytes"},
    };
    struct garden *garden = *state;
    const char *error = NULL;
    assert_true(db_script(garden->from, "DELETE FROM a_leaf; PRAGMA foreign_keys = OFF", &error));
    for (size_t i = 0; i < sizeof spoilt / sizeof *spoilt; i++) {
        struct tx *tx = db_begin(garden->from, garden->mem);
        tx_script(tx, "DELETE FROM tree; INSERT INTO tree (id) VALUES (1);");
        tx_script(tx, mem_printf(garden->mem, "UPDATE tree SET %s", spoilt[i].spoil));
        assert_true(tx_commit(tx));
        stays(garden, trees, spoilt[i].words);
    }
}

static void of_many_the_first_are_named_and_all_are_counted(void **state)
{
    postgres_only();
    struct garden *garden = *state;
    for (int i = 0; i < 30; i++)
        plant(garden, 10 + i, (struct db_value){.type = DB_TEXT, .bytes = "\xc3", .count = 1});
    stays(garden, trees,
          "rowid 21: this is a text that is not UTF-8, which PostgreSQL refuses.\n"
          "And 10 more.");
}

/* What is indexed may be shorter there than here, and no compression helps this one. */
static void what_only_postgres_knows_is_told_in_its_words(void **state)
{
    postgres_only();
    struct garden *garden = *state;
    char *name = mem_alloc(garden->mem, INDEXED_BYTES + 1);
    random_fill(&(struct random){.fill = NULL}, name, INDEXED_BYTES);
    for (int i = 0; i < INDEXED_BYTES; i++)
        name[i] = (char)('0' + (name[i] & 63));
    plant(garden, 10, db_text(name));
    stays(garden, trees, "index row");
    plant(garden, 11, db_null());
    stays(garden, trees, "COPY \"tree\"");
}

static void a_table_that_is_none_of_ours_is_told_of(void **state)
{
    postgres_only();
    struct garden *garden = *state;
    const char *error = NULL;
    assert_true(db_script(garden->from, "CREATE TABLE guest (id BIGINT)", &error));
    stays(garden, trees, "\"guest\" does not exist");
    assert_true(db_script(garden->from,
                          "DROP TABLE guest; CREATE TABLE \"a\"\"; DROP\" (id BIGINT)", &error));
    stays(garden, trees, "is none of this program's");
    assert_true(db_script(garden->from,
                          "DROP TABLE \"a\"\"; DROP\"; ALTER TABLE tree ADD COLUMN age NUMERIC",
                          &error));
    stays(garden, trees, "Column age of table tree is none of this program's");
}

/* Of the same name, which does something else with what comes. */
static const struct db_migration loses_rows[] = {
    {"trees", 1, "001_trees.sql",
     "CREATE TABLE tree (id BIGINT, grown_from BIGINT, name TEXT, tall SMALLINT, bark BYTEA);"
     "CREATE TABLE a_leaf (id BIGINT, tree_id BIGINT);"
     "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
     "CREATE TRIGGER lose BEFORE INSERT ON a_leaf FOR EACH ROW EXECUTE FUNCTION lose();"},
    {.sql = NULL},
};
static const struct db_migration changes_rows[] = {
    {"trees", 1, "001_trees.sql",
     "CREATE TABLE tree (id BIGINT, grown_from BIGINT, name TEXT, tall SMALLINT, bark BYTEA);"
     "CREATE TABLE a_leaf (id BIGINT, tree_id BIGINT);"
     "CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS "
     "'BEGIN NEW.name = NEW.name || NEW.name; NEW.grown_from = NULL; NEW.id = NEW.id + 1; "
     "RETURN NEW; END';"
     "CREATE TRIGGER change BEFORE INSERT ON tree FOR EACH ROW EXECUTE FUNCTION change();"},
    {.sql = NULL},
};

static void what_differs_at_the_end_is_told_and_undone(void **state)
{
    postgres_only();
    struct garden *garden = *state;
    const char *error = NULL;
    assert_true(db_script(garden->from, "UPDATE tree SET grown_from = 1", &error));
    stays(garden, loses_rows, "Table a_leaf has 1 rows here and 0 there.");
    for (int i = 0; i < 3; i++) {
        static const char *const columns[] = {"id", "grown_from", "name"};
        stays(garden, changes_rows,
              mem_printf(garden->mem, "Column %s of table tree does not have the same sum",
                         columns[i]));
    }
}

static void only_what_holds_nothing_is_empty(void **state)
{
    postgres_only();
    struct garden *garden = *state;
    const char *error = NULL;
    assert_true(move_is_empty(garden->to));
    assert_true(db_script(garden->to, "CREATE VIEW one AS SELECT 1", &error));
    assert_false(move_is_empty(garden->to));
    assert_true(db_script(garden->to, "DROP VIEW one; CREATE TABLE one (id BIGINT)", &error));
    assert_false(move_is_empty(garden->to));
}

/* A name that has to be quoted where SQL names it. */
static void a_schema_may_have_any_name(void **state)
{
    postgres_only();
    struct garden *garden = *state;
    const char *schema = mem_printf(garden->mem, "Club-%d", getpid());
    const char *where = mem_printf(garden->mem, "%s&options=-csearch_path%%3D%%22%s%%22",
                                   database_server(), schema);
    assert_true(database_exec(mem_printf(garden->mem, "CREATE SCHEMA \"%s\"", schema)));
    struct db *there = db_open(where, DB_READ);
    assert_non_null(there);
    assert_true(move_is_empty(there));
    assert_true(database_exec(mem_printf(garden->mem, "CREATE TABLE \"%s\".one ()", schema)));
    assert_false(move_is_empty(there));
    db_close(there);
    assert_true(database_exec(mem_printf(garden->mem, "DROP SCHEMA \"%s\" CASCADE", schema)));
}

/* One after the other, on either side, until there is none left to fail. */
static void when_any_call_fails_nothing_is_left(void **state)
{
    postgres_only();
    struct garden *garden = *state;
    const struct moved *moved = NULL;
    int calls = 0;
    for (bool here = true, done = false; !done;) {
        struct db_failure failure = {.countdown = ++calls};
        db_fail(here ? garden->from : garden->to, &failure);
        const char *wrong = move_tables(garden->mem, garden->from, garden->to, features, &moved);
        db_fail(here ? garden->from : garden->to, NULL);
        assert_true((wrong != NULL) == failure.reached);
        assert_true(move_is_empty(garden->to) == failure.reached);
        done = !failure.reached && !here;
        if (!failure.reached && here) {
            assert_true(calls > 10);
            db_close(garden->to);
            database_drop(garden->mem, garden->where);
            garden->where = database_new(garden->mem, garden->folder);
            garden->to = db_open(garden->where, DB_WRITE);
            here = false;
            calls = 0;
        }
    }
    assert_true(calls > 10);
    assert_same(garden);
}

#define GARDEN_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GARDEN_TEST(all_values_arrive_as_they_were),
        GARDEN_TEST(it_tells_what_was_moved),
        GARDEN_TEST(many_rows_and_long_ones_arrive),
        GARDEN_TEST(what_postgres_does_not_take_is_named),
        GARDEN_TEST(of_many_the_first_are_named_and_all_are_counted),
        GARDEN_TEST(what_only_postgres_knows_is_told_in_its_words),
        GARDEN_TEST(a_table_that_is_none_of_ours_is_told_of),
        GARDEN_TEST(what_differs_at_the_end_is_told_and_undone),
        GARDEN_TEST(only_what_holds_nothing_is_empty),
        GARDEN_TEST(a_schema_may_have_any_name),
        GARDEN_TEST(when_any_call_fails_nothing_is_left),
    };
    return cmocka_run_group_tests(tests, group_set_up, NULL);
}
