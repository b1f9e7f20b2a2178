/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Prepares every SQL statement of the stores on PostgreSQL as well, against the present schema:
 * first as the server understands it, then with whole numbers as wide as the program sends them.
 * Fails on those that cannot go by an index: scans of whole tables are made too dear to be chosen
 * where there is any other way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "main/features.h"
#include "sql_statements.h"
#include "sys/crypt.h"
#include "sys/db_testing.h"
#include "sys/migrate.h"

/* They stay small, whatever an install grows to. */
static const char *const small_tables[] = {"community", "job", "migration"};

enum {
    SQL_BYTES_MAX = 16384,
    CHECK_BYTES_MAX = 32 * 1024 * 1024,
    AT_ONCE = DB_STATEMENTS_MAX / 8, /* a connection that has prepared too many forgets them all */
};

struct check {
    struct mem *mem;
    const char *where;
    struct db *db;
};

/* A new connection that takes no scan of a whole table where there is another way. */
static bool connect_anew(struct check *check)
{
    const char *error = NULL;
    db_close(check->db);
    check->db = db_open(check->where, DB_WRITE);
    return check->db &&
           db_script(check->db,
                     "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan", &error);
}

static int set_up(void **state)
{
    log_set_level(LOG_WARNING);
    struct mem *mem = mem_new(CHECK_BYTES_MAX);
    struct check *check = MEM_NEW(mem, struct check);
    *check = (struct check){.mem = mem};
    *state = check;
    if (!database_server())
        return 0;
    const char *error = NULL;
    check->where = crypt_init() ? database_new(mem, "") : "";
    check->db = db_open(check->where, DB_WRITE);
    return check->db && migrate(check->db, check->where, all_migrations(mem)) &&
                   db_script(check->db, "CREATE TABLE planted (id BIGINT PRIMARY KEY, name TEXT)",
                             &error) &&
                   connect_anew(check)
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    struct check *check = *state;
    db_close(check->db);
    if (check->where)
        database_drop(check->mem, check->where);
    mem_free(check->mem);
    return 0;
}

/* PREPARE probe (types) AS …, with $1 for ?1. */
static const char *prepare_of(struct mem *mem, const char *types, const char *sql)
{
    char *text = mem_printf(mem, "PREPARE probe%s AS %s", types, sql);
    bool quoted = false;
    for (char *c = text; *c; c++) {
        quoted ^= *c == '\'';
        if (*c == '?' && !quoted)
            *c = '$';
    }
    return text;
}

/* EXECUTE probe (NULL, …), or with `(bigint, unknown, …)` by what the server took its values to be.
 */
static const char *list_of(struct mem *mem, const char *before, const struct db_row *types)
{
    struct buf *out = buf_new(mem, SQL_BYTES_MAX);
    for (const struct db_row *row = types; row; row = row->next) {
        bool is_number = str_starts(row_text(row, 0), "int") ||
                         strstr(row_text(row, 0), "bigint") || strstr(row_text(row, 0), "smallint");
        const char *type = is_number ? "bigint" : "unknown";
        buf_printf(out, "%s%s", row == types ? "(" : ", ", before ? "NULL" : type);
    }
    return mem_printf(mem, "%s%s%s", before ? before : "", out->bytes, types ? ")" : "");
}

static bool is_small(const char *line)
{
    for (size_t i = 0; i < sizeof small_tables / sizeof *small_tables; i++) {
        const char *at = strstr(line, small_tables[i]);
        if (at && strchr(" ", at[strlen(small_tables[i])]) && at[-1] == ' ')
            return true;
    }
    return false;
}

/* The line of its plan that reads a whole big table; NULL: there is none. */
static const char *scan_of(struct tx *tx, const struct db_row *types)
{
    const char *sql = list_of(tx_mem(tx), "EXPLAIN EXECUTE probe", types);
    for (const struct db_row *row = tx_rows_values(tx, sql, NULL, 0); row; row = row->next)
        if (strstr(row_text(row, 0), "Seq Scan on ") && !is_small(row_text(row, 0)))
            return row_text(row, 0);
    return NULL;
}

/* What is wrong with it; NULL: nothing. `ret_values` is how many the server wants. */
static const char *probe(struct tx *tx, const char *sql, bool may_read_all, int *ret_values)
{
    static const char ask_types[] =
        "SELECT CAST(u.type AS TEXT) FROM pg_prepared_statements p "
        "CROSS JOIN LATERAL unnest(p.parameter_types) WITH ORDINALITY AS u (type, place) "
        "WHERE p.name = 'probe' ORDER BY u.place LIMIT 100";
    struct mem *mem = tx_mem(tx);
    tx_do_values(tx, prepare_of(mem, "", sql), NULL, 0);
    const struct db_row *types = tx_rows_values(tx, ask_types, NULL, 0);
    *ret_values = 0;
    for (const struct db_row *row = types; row; row = row->next)
        ++*ret_values;
    tx_do_values(tx, "DEALLOCATE probe", NULL, 0);
    tx_do_values(tx, prepare_of(mem, list_of(mem, NULL, types), sql), NULL, 0);
    const char *scan = scan_of(tx, types);
    tx_do_values(tx, "DEALLOCATE probe", NULL, 0);
    if (tx_fault(tx))
        return tx_error(tx);
    return may_read_all ? NULL : scan;
}

/* The functions called x_check look at everything, when they are asked to; what empties a table
 * says so. */
static bool may_read_all(const struct sql_statement *one)
{
    size_t length = strlen(one->function);
    if (str_starts(one->sql, "DELETE FROM ") && !strstr(one->sql, "WHERE"))
        return true;
    return length > 6 && strcmp(one->function + length - 6, "_check") == 0;
}

static bool is_fine(struct check *check, const struct sql_statement *one)
{
    struct mem *mem = mem_new(CHECK_BYTES_MAX);
    struct tx *tx = db_begin(check->db, mem);
    int values = 0;
    const char *wrong = probe(tx, one->sql, may_read_all(one), &values);
    if (!wrong && values != one->values)
        wrong = "wants another number of values than it is given";
    if (wrong)
        print_error("%s:%d: %s:\n  %s\n", one->file, one->line, wrong, one->sql);
    tx_rollback(tx);
    mem_free(mem);
    return !wrong;
}

static void every_statement_prepares_and_goes_by_an_index(void **state)
{
    postgres_only();
    int wrong = 0;
    for (int i = 0; sql_statements[i].sql; i++) {
        assert_true(i % AT_ONCE || connect_anew(*state));
        wrong += !is_fine(*state, &sql_statements[i]);
    }
    assert_int_equal(wrong, 0);
}

static void what_is_planted_is_found(void **state)
{
    postgres_only();
    static const char *const bad[] = {
        "SELECT p.id FROM planted p WHERE p.name = ?1 LIMIT 1",
        "DELETE FROM planted WHERE name = ?1",
        "SELECT name FROM nowhere",
        "SELECT id FROM planted WHERE substr(name, ?1) = '' AND id = ?2",
    };
    static const char *const good[] = {
        "SELECT p.name FROM planted p WHERE p.id = ?1",
        "SELECT c.id FROM community c WHERE c.name = ?1 AND c.description = 'what?'",
    };
    struct check *check = *state;
    int values = 0;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct tx *tx = db_begin(check->db, check->mem);
        assert_non_null(probe(tx, bad[i], false, &values));
        tx_rollback(tx);
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct tx *tx = db_begin(check->db, check->mem);
        assert_null(probe(tx, good[i], false, &values));
        assert_int_equal(values, 1);
        tx_rollback(tx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_statement_prepares_and_goes_by_an_index, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_planted_is_found, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
