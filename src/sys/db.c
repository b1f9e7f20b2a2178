/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Values, rows and faults: the part of the database interface that is the same for every engine. It
 * runs no SQL. */
#include "sys/db.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "sys/db_local.h"

struct db_value db_int(int64_t n)
{
    return (struct db_value){.type = DB_INT, .number = n};
}

struct db_value db_text(const char *text)
{
    if (!text)
        return db_null();
    return (struct db_value){.type = DB_TEXT, .bytes = text, .count = strlen(text)};
}

struct db_value db_blob(const void *bytes, size_t count)
{
    return (struct db_value){.type = DB_BLOB, .bytes = bytes ? bytes : "", .count = count};
}

struct db_value db_null(void)
{
    return (struct db_value){.type = DB_NULL};
}

struct db_value db_value(struct db_value value)
{
    return value;
}

struct db_row *row_new(struct mem *mem, int columns)
{
    struct db_row *row = mem_alloc(mem, sizeof *row + sizeof(struct db_value) * (size_t)columns);
    row->columns = columns;
    return row;
}

const struct db_value *row_value(const struct db_row *row, int column)
{
    assert(row && column >= 0 && column < row->columns);
    return &row->values[column];
}

int64_t row_int(const struct db_row *row, int column)
{
    const struct db_value *value = row_value(row, column);
    assert(value->type == DB_INT || value->type == DB_NULL);
    return value->number;
}

bool row_bool(const struct db_row *row, int column)
{
    return row_int(row, column) != 0;
}

const char *row_text(const struct db_row *row, int column)
{
    const struct db_value *value = row_value(row, column);
    assert(value->type == DB_TEXT || value->type == DB_NULL);
    return value->bytes ? value->bytes : "";
}

bool row_is_null(const struct db_row *row, int column)
{
    return row_value(row, column)->type == DB_NULL;
}

int rows_count(const struct db_row *row)
{
    int count = 0;
    for (; row; row = row->next)
        count++;
    return count;
}

void tx_set_fault(struct tx *tx, enum tx_fault fault, const char *words, const char *sql)
{
    tx->fault = fault;
    snprintf(tx->error, sizeof tx->error, "%s in: %s", words, sql);
}

void tx_give_up(struct tx *tx, const char *words, const char *where)
{
    if (!tx->fault)
        tx_set_fault(tx, TX_FAULT, words, where);
}

const char *tx_error(const struct tx *tx)
{
    return tx->error;
}

bool tx_is_lost(const struct tx *tx)
{
    return tx->is_lost;
}

bool tx_is_write(const struct tx *tx)
{
    return tx->is_write;
}

struct mem *tx_mem(const struct tx *tx)
{
    return tx->mem;
}
