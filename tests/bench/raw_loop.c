/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The reference of sign-ups: a loop that writes the same rows as the program does for one, by
 * SQLite alone, so many to a commit, synchronous=FULL. What those rows are it sees from two
 * databases, one of before a sign-up and one of after it: a row that is new is inserted again and
 * again, with other values where they must be unique; a row that changed is counted up. Prints
 * sign-ups a second.
 *
 *   raw_loop BEFORE.db AFTER.db PER_COMMIT SECONDS          AFTER.db is written to */
#include <assert.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WRITES_MAX = 64, COLUMNS_MAX = 64, SQL_BYTES = 8192, TEXT_BYTES = 8192 };

/* A row that is written for each sign-up. */
struct row_write {
    sqlite3_stmt *statement;
    int columns; /* to bind; 0: a row that is counted up */
    sqlite3_value *values[COLUMNS_MAX];
    bool is_unique[COLUMNS_MAX];
};

struct loop {
    sqlite3 *db;
    int count;
    struct row_write writes[WRITES_MAX];
};

static void check(struct loop *loop, int status)
{
    if (status == SQLITE_OK || status == SQLITE_ROW || status == SQLITE_DONE)
        return;
    fprintf(stderr, "%s\n", sqlite3_errmsg(loop->db));
    exit(1);
}

static void run(struct loop *loop, const char *sql)
{
    check(loop, sqlite3_exec(loop->db, sql, NULL, NULL, NULL));
}

static sqlite3_stmt *prepare(struct loop *loop, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    check(loop, sqlite3_prepare_v2(loop->db, sql, -1, &statement, NULL));
    return statement;
}

static const char *text(sqlite3_stmt *statement, int column)
{
    return (const char *)sqlite3_column_text(statement, column);
}

/* Whether another value must stand there: in a unique index with a text, only the text changes, so
 * that all of them stay with one campaign. */
static bool must_differ(struct loop *loop, const char *table, const char *column, bool is_text)
{
    char sql[SQL_BYTES];
    snprintf(
        sql, sizeof sql,
        "SELECT MAX(t.type = 'TEXT') FROM pragma_index_list('%s') l, pragma_index_info(l.name) i"
        " JOIN pragma_table_info('%s') t ON t.cid = i.cid WHERE l.\"unique\" GROUP BY l.name"
        " HAVING SUM(t.name = '%s') > 0",
        table, table, column);
    sqlite3_stmt *indexes = prepare(loop, sql);
    bool found = false;
    while (sqlite3_step(indexes) == SQLITE_ROW)
        found = found || (sqlite3_column_int(indexes, 0) != 0) == is_text;
    sqlite3_finalize(indexes);
    return found;
}

static void add_insert(struct loop *loop, const char *table, sqlite3_stmt *row)
{
    struct row_write *write = &loop->writes[loop->count++];
    char sql[SQL_BYTES];
    write->columns = sqlite3_column_count(row);
    assert(loop->count < WRITES_MAX && write->columns <= COLUMNS_MAX);
    int length = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", table);
    for (int i = 1; i < write->columns; i++)
        length += snprintf(sql + length, sizeof sql - (size_t)length, ", ?");
    snprintf(sql + length, sizeof sql - (size_t)length, ")");
    write->statement = prepare(loop, sql);
    for (int i = 0; i < write->columns; i++) {
        write->values[i] = sqlite3_value_dup(sqlite3_column_value(row, i));
        write->is_unique[i] = must_differ(loop, table, sqlite3_column_name(row, i),
                                          sqlite3_column_type(row, i) == SQLITE_TEXT);
    }
    printf("inserts into %s\n", table);
}

/* `before` and `after` are the same row, by its first column. */
static void add_update(struct loop *loop, const char *table, sqlite3_stmt *before,
                       sqlite3_stmt *after)
{
    char sql[SQL_BYTES];
    int length = snprintf(sql, sizeof sql, "UPDATE %s SET", table);
    const char *comma = " ";
    for (int i = 1; i < sqlite3_column_count(after); i++) {
        const char *name = sqlite3_column_name(after, i);
        if (sqlite3_column_type(after, i) != SQLITE_INTEGER ||
            sqlite3_column_int64(after, i) == sqlite3_column_int64(before, i))
            continue;
        length +=
            snprintf(sql + length, sizeof sql - (size_t)length, "%s%s = %s + 1", comma, name, name);
        comma = ", ";
    }
    if (*comma == ' ')
        return; /* no counter of it moved */
    snprintf(sql + length, sizeof sql - (size_t)length, " WHERE %s = %lld",
             sqlite3_column_name(after, 0), (long long)sqlite3_column_int64(after, 0));
    loop->writes[loop->count++] = (struct row_write){.statement = prepare(loop, sql)};
    printf("%s\n", sql);
}

static void add_writes(struct loop *loop, const char *table)
{
    char sql[SQL_BYTES];
    snprintf(sql, sizeof sql, "SELECT * FROM main.%s EXCEPT SELECT * FROM before.%s", table, table);
    sqlite3_stmt *after = prepare(loop, sql);
    while (sqlite3_step(after) == SQLITE_ROW) {
        snprintf(sql, sizeof sql, "SELECT * FROM before.%s WHERE %s = ?1", table,
                 sqlite3_column_name(after, 0));
        sqlite3_stmt *before = prepare(loop, sql);
        sqlite3_bind_value(before, 1, sqlite3_column_value(after, 0));
        if (sqlite3_step(before) == SQLITE_ROW)
            add_update(loop, table, before, after);
        else
            add_insert(loop, table, after);
        sqlite3_finalize(before);
    }
    sqlite3_finalize(after);
}

static void bind(const struct row_write *write, int i, long long n)
{
    sqlite3_value *value = write->values[i];
    int type = sqlite3_value_type(value);
    char other[TEXT_BYTES];
    if (!write->is_unique[i] || type == SQLITE_NULL) {
        sqlite3_bind_value(write->statement, i + 1, value);
    } else if (type == SQLITE_INTEGER) {
        sqlite3_bind_int64(write->statement, i + 1, sqlite3_value_int64(value) + n);
    } else {
        snprintf(other, sizeof other, "%lld%s", n, (const char *)sqlite3_value_text(value));
        sqlite3_bind_text(write->statement, i + 1, other, -1, SQLITE_TRANSIENT);
    }
}

static void sign_up(struct loop *loop, long long n)
{
    for (int i = 0; i < loop->count; i++) {
        struct row_write *write = &loop->writes[i];
        for (int column = 0; column < write->columns; column++)
            bind(write, column, n);
        check(loop, sqlite3_step(write->statement));
        check(loop, sqlite3_reset(write->statement));
    }
}

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void open_both(struct loop *loop, const char *before, const char *after)
{
    char sql[SQL_BYTES];
    check(loop, sqlite3_open(after, &loop->db));
    run(loop, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
              " PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000");
    snprintf(sql, sizeof sql, "ATTACH '%s' AS before", before);
    run(loop, sql);
    sqlite3_stmt *tables = prepare(loop, "SELECT name FROM main.sqlite_schema WHERE type = 'table'"
                                         " AND name NOT LIKE 'sqlite_%' ORDER BY name");
    while (sqlite3_step(tables) == SQLITE_ROW)
        add_writes(loop, text(tables, 0));
    sqlite3_finalize(tables);
    run(loop, "DETACH before");
}

int main(int argc, char *argv[])
{
    struct loop loop = {0};
    if (argc != 5)
        return 2;
    open_both(&loop, argv[1], argv[2]);
    int per_commit = (int)strtol(argv[3], NULL, 10);
    double seconds = strtod(argv[4], NULL);
    double began = now();
    long long n = 1;
    while (now() < began + seconds) {
        run(&loop, "BEGIN IMMEDIATE");
        for (int i = 0; i < per_commit; i++)
            sign_up(&loop, n++);
        run(&loop, "COMMIT");
    }
    printf("%.0f a second\n", (double)(n - 1) / (now() - began));
    return 0;
}
