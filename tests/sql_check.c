/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Prepares every SQL statement of the stores against the present schema, and fails on those that
 * read a whole table. A statement's bytecode is read rather than its query plan, since the plan
 * names aliases where the bytecode opens tables: a cursor that is rewound was not sought by any
 * index. Source: https://www.sqlite.org/opcode.html */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/log.h"
#include "base/mem.h"
#include "main/features.h"
#include "sql_statements.h"
#include "sys/crypt.h"
#include "sys/db.h"
#include "sys/migrate.h"

/* They stay small, whatever an install grows to. */
static const char *const small_tables[] = {"community", "job", "migration"};

enum { CURSORS_MAX = 64, NAME_BYTES_MAX = 64 };

struct check {
    char folder[32];
    struct mem *mem;
    const char *path;
    sqlite3 *connection;
};

static int set_up(void **state)
{
    log_set_level(LOG_WARNING);
    struct mem *mem = mem_new(1 << 20);
    struct check *check = MEM_NEW(mem, struct check);
    check->mem = mem;
    snprintf(check->folder, sizeof check->folder, "/tmp/essaim-sql-XXXXXX");
    if (!crypt_init() || !mkdtemp(check->folder))
        return -1;
    check->path = mem_printf(mem, "%s/essaim.db", check->folder);
    struct db *db = db_open(check->path, DB_WRITE);
    const char *error = NULL;
    bool made = db && migrate(db, check->path, all_migrations(mem)) &&
                db_script(db, "CREATE TABLE planted (id BIGINT PRIMARY KEY, name TEXT)", &error);
    db_close(db);
    if (!made || sqlite3_open(check->path, &check->connection) != SQLITE_OK)
        return -1;
    sqlite3_db_config(check->connection, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    *state = check;
    return 0;
}

static int tear_down(void **state)
{
    struct check *check = *state;
    sqlite3_close(check->connection);
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        unlink(mem_printf(check->mem, "%s%s", check->path, ends[i]));
    int code = rmdir(check->folder);
    mem_free(check->mem);
    return code;
}

/* The table, not an index, whose rows begin at that page; false: none. */
static bool table_at(sqlite3 *connection, int root, char ret_name[NAME_BYTES_MAX])
{
    sqlite3_stmt *query = NULL;
    sqlite3_prepare_v2(connection,
                       "SELECT tbl_name FROM sqlite_schema WHERE rootpage = ?1 AND type = 'table'",
                       -1, &query, NULL);
    sqlite3_bind_int(query, 1, root);
    bool found = sqlite3_step(query) == SQLITE_ROW;
    if (found)
        snprintf(ret_name, NAME_BYTES_MAX, "%s", (const char *)sqlite3_column_text(query, 0));
    sqlite3_finalize(query);
    return found;
}

static bool is_small(const char *table)
{
    for (size_t i = 0; i < sizeof small_tables / sizeof *small_tables; i++) {
        if (strcmp(table, small_tables[i]) == 0)
            return true;
    }
    return false;
}

/* The first big table that the statement reads whole; false: there is none. */
static bool reads_whole_table(sqlite3 *connection, const char *sql, char ret_table[NAME_BYTES_MAX])
{
    int roots[CURSORS_MAX] = {0};
    bool found = false;
    sqlite3_stmt *steps = NULL;
    char *explain = sqlite3_mprintf("EXPLAIN %s", sql);
    sqlite3_prepare_v2(connection, explain, -1, &steps, NULL);
    sqlite3_free(explain);
    while (!found && sqlite3_step(steps) == SQLITE_ROW) {
        const char *opcode = (const char *)sqlite3_column_text(steps, 1);
        int cursor = sqlite3_column_int(steps, 2);
        if (strcmp(opcode, "OpenRead") == 0 || strcmp(opcode, "OpenWrite") == 0) {
            assert_in_range(cursor, 0, CURSORS_MAX - 1);
            roots[cursor] = sqlite3_column_int(steps, 3);
        } else if (strcmp(opcode, "Rewind") == 0 || strcmp(opcode, "Last") == 0) {
            found = cursor >= 0 && cursor < CURSORS_MAX && roots[cursor] != 0 &&
                    table_at(connection, roots[cursor], ret_table) && !is_small(ret_table);
        }
    }
    sqlite3_finalize(steps);
    return found;
}

/* The functions called x_check serve `essaim check`, which looks at everything, when it is asked
 * to. */
static bool may_read_all(const struct sql_statement *one)
{
    size_t length = strlen(one->function);
    return length > 6 && strcmp(one->function + length - 6, "_check") == 0;
}

/* Prepares it and says what is wrong with it. */
static bool is_fine(sqlite3 *connection, const struct sql_statement *one)
{
    sqlite3_stmt *statement = NULL;
    char table[NAME_BYTES_MAX] = "";
    bool fine = false;
    if (sqlite3_prepare_v2(connection, one->sql, -1, &statement, NULL) != SQLITE_OK)
        print_error("%s:%d: %s\n", one->file, one->line, sqlite3_errmsg(connection));
    else if (sqlite3_bind_parameter_count(statement) != one->values)
        print_error("%s:%d: wants %d values and is given %d\n", one->file, one->line,
                    sqlite3_bind_parameter_count(statement), one->values);
    else if (!may_read_all(one) && reads_whole_table(connection, one->sql, table))
        print_error("%s:%d: reads the whole of %s:\n  %s\n", one->file, one->line, table, one->sql);
    else
        fine = true;
    sqlite3_finalize(statement);
    return fine;
}

static void every_statement_prepares_and_goes_by_an_index(void **state)
{
    struct check *check = *state;
    int wrong = 0;
    for (const struct sql_statement *one = sql_statements; one->sql; one++) {
        if (!is_fine(check->connection, one))
            wrong++;
    }
    assert_int_equal(wrong, 0);
}

/* Lists of people come in pages by a key, of any length: what sorts them first reads them all. */
static bool is_a_page_of_people(const struct sql_statement *one)
{
    static const char *const stores[] = {"signups_organise_store.c", "signups_audience_store.c"};
    for (size_t i = 0; i < sizeof stores / sizeof *stores; i++) {
        if (strstr(one->file, stores[i]) && strstr(one->sql, "ORDER BY"))
            return true;
    }
    return false;
}

/* A line of the statement's plan has these words. */
static bool plan_has(sqlite3 *connection, const char *sql, const char *words)
{
    bool found = false;
    sqlite3_stmt *steps = NULL;
    char *explain = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
    sqlite3_prepare_v2(connection, explain, -1, &steps, NULL);
    sqlite3_free(explain);
    while (!found && sqlite3_step(steps) == SQLITE_ROW)
        found = strstr((const char *)sqlite3_column_text(steps, 3), words) != NULL;
    sqlite3_finalize(steps);
    return found;
}

/* Of these the plan is said: another index is sought as well, and reads all of a large campaign, or
 * all words of every campaign. */
static const struct {
    const char *function;
    const char *plan;
} sought[] = {
    {"participant_count_bounced", "sign_up_by_person (email=?)"},
    {"sign_up_list_named", "sign_up_named (campaign_id=? AND state=? AND show_name=?)"},
    {"rows_to_come", "campaign_word_1 (campaign_id=? AND word>? AND word<?)"},
    {"rows_past", "campaign_word_1 (campaign_id=? AND word>? AND word<?)"},
};

static void what_could_be_sought_in_two_ways_goes_the_short_one(void **state)
{
    struct check *check = *state;
    for (size_t i = 0; i < sizeof sought / sizeof *sought; i++) {
        const struct sql_statement *one = sql_statements;
        while (one->sql && strcmp(one->function, sought[i].function) != 0)
            one++;
        assert_non_null(one->sql);
        if (!plan_has(check->connection, one->sql, sought[i].plan))
            fail_msg("%s:%d: is not sought by %s", one->file, one->line, sought[i].plan);
    }
}

static void pages_of_people_walk_along_an_index_and_sort_nothing(void **state)
{
    struct check *check = *state;
    int wrong = 0;
    int pages = 0;
    for (const struct sql_statement *one = sql_statements; one->sql; one++) {
        if (!is_a_page_of_people(one))
            continue;
        pages++;
        if (plan_has(check->connection, one->sql, "TEMP B-TREE")) {
            print_error("%s:%d: sorts what it finds:\n  %s\n", one->file, one->line, one->sql);
            wrong++;
        }
    }
    assert_in_range(pages, 10, 100);
    assert_int_equal(wrong, 0);
    assert_true(
        plan_has(check->connection, "SELECT id FROM planted ORDER BY name LIMIT 5", "TEMP B-TREE"));
}

static void a_planted_full_scan_is_found_behind_its_alias(void **state)
{
    struct check *check = *state;
    static const char *const scans[] = {
        "SELECT p.id FROM planted p WHERE p.name = ?1 LIMIT 1",
        "UPDATE planted SET name = ?1 WHERE name IS NULL",
        "DELETE FROM planted WHERE name = ?1",
        "WITH named AS (SELECT name FROM planted ORDER BY name LIMIT 5) SELECT name FROM named",
        "SELECT c.id FROM community c JOIN planted p ON p.name = c.slug WHERE c.id = ?1 LIMIT 9",
    };
    char table[NAME_BYTES_MAX] = "";
    for (size_t i = 0; i < sizeof scans / sizeof *scans; i++) {
        assert_true(reads_whole_table(check->connection, scans[i], table));
        assert_string_equal(table, "planted");
    }
}

static void what_goes_by_an_index_or_is_small_passes(void **state)
{
    struct check *check = *state;
    static const char *const fine[] = {
        "SELECT p.name FROM planted p WHERE p.id = ?1",
        "SELECT id FROM planted ORDER BY id LIMIT 5",
        "INSERT INTO planted (id, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING RETURNING id",
        "SELECT c.id FROM community c WHERE c.name = ?1",
    };
    char table[NAME_BYTES_MAX] = "";
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
        assert_false(reads_whole_table(check->connection, fine[i], table));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_statement_prepares_and_goes_by_an_index, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_could_be_sought_in_two_ways_goes_the_short_one, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(pages_of_people_walk_along_an_index_and_sort_nothing,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_planted_full_scan_is_found_behind_its_alias, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_goes_by_an_index_or_is_small_passes, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
