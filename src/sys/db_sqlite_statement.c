/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Prepared statements of a SQLite connection: made on their first use and kept, bound, read. No
 * fault is decided here. */
#include "sys/db_sqlite_local.h"

#include <assert.h>
#include <stddef.h>

#include "base/mem.h"

void statement_finalize(void *handle)
{
    sqlite3_finalize(handle);
}

sqlite3_stmt *statement_get(struct db_sqlite *sqlite, const char *sql)
{
    sqlite3_stmt *handle = statements_get(sqlite->statements, sql);
    if (handle)
        return handle;
    const char *rest = "";
    sqlite3_prepare_v3(sqlite->connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, &rest);
    if (!handle)
        return NULL;
    assert(*rest == '\0'); /* one statement in each call */
    statements_put(sqlite->statements, sql, handle);
    return handle;
}

static int bind_one(sqlite3_stmt *statement, int place, const struct db_value *value)
{
    switch (value->type) {
    case DB_NULL:
        return sqlite3_bind_null(statement, place);
    case DB_INT:
        return sqlite3_bind_int64(statement, place, value->number);
    case DB_TEXT:
        return sqlite3_bind_text64(statement, place, value->bytes, value->count, SQLITE_STATIC,
                                   SQLITE_UTF8);
    case DB_BLOB:
        return sqlite3_bind_blob64(statement, place, value->bytes, value->count, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

int statement_bind(sqlite3_stmt *statement, const struct db_value *values, int count)
{
    assert(sqlite3_bind_parameter_count(statement) == count);
    int code = SQLITE_OK;
    for (int i = 0; i < count && code == SQLITE_OK; i++)
        code = bind_one(statement, i + 1, &values[i]);
    return code;
}

static struct db_value copy_bytes(sqlite3_value *value, enum db_type type, struct mem *mem)
{
    const void *bytes = sqlite3_value_blob(value); /* of a text: as it is, in UTF-8 */
    size_t count = (size_t)sqlite3_value_bytes(value);
    return (struct db_value){
        .type = type,
        .bytes = mem_strndup(mem, bytes, count),
        .count = count,
    };
}

/* Each value is asked for once and read then: a connection is one thread's, so that this is as safe
 * as the functions for columns, which take the connection's lock each time. */
struct db_row *statement_row(sqlite3_stmt *statement, struct mem *mem)
{
    struct db_row *row = row_new(mem, sqlite3_column_count(statement));
    for (int i = 0; i < row->columns; i++) {
        sqlite3_value *value = sqlite3_column_value(statement, i);
        switch (sqlite3_value_type(value)) {
        case SQLITE_INTEGER:
            row->values[i] = db_int(sqlite3_value_int64(value));
            break;
        case SQLITE_TEXT:
            row->values[i] = copy_bytes(value, DB_TEXT, mem);
            break;
        case SQLITE_BLOB:
            row->values[i] = copy_bytes(value, DB_BLOB, mem);
            break;
        case SQLITE_NULL:
            break;
        default: /* a floating-point number: no sum, no mean, no amount may be one */
            return NULL;
        }
    }
    return row;
}

void statement_end(sqlite3_stmt *statement)
{
    sqlite3_reset(statement); /* repeats the error of the last step, which was dealt with */
    sqlite3_clear_bindings(statement);
}
