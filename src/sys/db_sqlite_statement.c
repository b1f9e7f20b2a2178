/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Prepared statements of a SQLite connection: kept by their text, bound, read. Preparing costs more
 * than most statements cost to run, and the program has a few hundred of them in all: they are
 * kept, and when there are too many, as never happens with texts that stand in sources, all go and
 * are made anew. No fault is decided here. */
#include "sys/db_sqlite_local.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/mem.h"

enum { SLOTS = 2 * DB_STATEMENTS_MAX }; /* a power of two; half of them stay empty */

struct statement {
    uint64_t hash;
    sqlite3_stmt *handle; /* NULL: the slot is empty */
};

/* FNV-1a. */
static uint64_t text_hash(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *p = text; *p; p++)
        hash = (hash ^ (unsigned char)*p) * UINT64_C(1099511628211);
    return hash;
}

/* The slot of that text, or the empty one where it belongs. */
static struct statement *find_slot(const struct db *db, uint64_t hash, const char *sql)
{
    for (uint64_t i = hash;; i++) {
        struct statement *slot = &db->statements[i & (SLOTS - 1)];
        if (!slot->handle || (slot->hash == hash && strcmp(sqlite3_sql(slot->handle), sql) == 0))
            return slot;
    }
}

void statements_drop(struct db *db)
{
    for (int i = 0; db->statements && i < SLOTS; i++) {
        sqlite3_finalize(db->statements[i].handle);
        db->statements[i].handle = NULL;
    }
    db->statements_count = 0;
}

sqlite3_stmt *statement_get(struct db *db, const char *sql)
{
    if (!db->statements)
        db->statements = MEM_ARRAY(db->mem, struct statement, SLOTS);
    uint64_t hash = text_hash(sql);
    struct statement *slot = find_slot(db, hash, sql);
    if (slot->handle)
        return slot->handle;
    if (db->statements_count == DB_STATEMENTS_MAX) {
        statements_drop(db);
        slot = find_slot(db, hash, sql);
    }
    sqlite3_stmt *handle = NULL;
    const char *rest = "";
    sqlite3_prepare_v3(db->connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, &rest);
    if (!handle)
        return NULL;
    assert(*rest == '\0'); /* one statement in each call */
    *slot = (struct statement){.hash = hash, .handle = handle};
    db->statements_count++;
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

static struct db_value copy_bytes(sqlite3_stmt *statement, int column, struct mem *mem)
{
    bool is_text = sqlite3_column_type(statement, column) == SQLITE_TEXT;
    const void *bytes = sqlite3_column_blob(statement, column); /* of a text: as it is, in UTF-8 */
    size_t count = (size_t)sqlite3_column_bytes(statement, column);
    return (struct db_value){
        .type = is_text ? DB_TEXT : DB_BLOB,
        .bytes = mem_strndup(mem, bytes, count),
        .count = count,
    };
}

struct db_row *statement_row(sqlite3_stmt *statement, struct mem *mem)
{
    struct db_row *row = row_new(mem, sqlite3_column_count(statement));
    for (int i = 0; i < row->columns; i++) {
        switch (sqlite3_column_type(statement, i)) {
        case SQLITE_INTEGER:
            row->values[i] = db_int(sqlite3_column_int64(statement, i));
            break;
        case SQLITE_TEXT:
        case SQLITE_BLOB:
            row->values[i] = copy_bytes(statement, i, mem);
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
