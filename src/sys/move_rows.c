/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Carries the rows of one table over: read from SQLite in pieces, so that memory does not grow with
 * the table, looked at value by value, written as COPY's text format wants them. SQLite takes
 * values that PostgreSQL does not; each of them is named, by its row's rowid, which SQLite finds
 * again, and not by what it says. */
#include "sys/move_local.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/db.h"

enum {
    LINES_BYTES = 64 * 1024,                 /* that go out together, or one longer line */
    LINE_BYTES_MAX = 16 * REQUEST_BYTES_MAX, /* sixteen of the largest values, each byte escaped */
};

/* NULL, or what PostgreSQL does not take. */
static const char *value_refuse(const struct move_column *column, const struct db_value *value)
{
    if (value->type == DB_NULL)
        return NULL;
    switch (column->kind) {
    case MOVE_NUMBER:
    case MOVE_SMALL_NUMBER:
        if (value->type != DB_INT)
            return "is no whole number";
        if (column->kind == MOVE_SMALL_NUMBER && (int16_t)value->number != value->number)
            return "is a larger number than the column takes";
        return NULL;
    case MOVE_TEXT:
        if (value->type != DB_TEXT)
            return "is no text";
        if (memchr(value->bytes, '\0', value->count))
            return "is a text with U+0000 in it";
        return utf8_is_valid(value->bytes, value->count) ? NULL : "is a text that is not UTF-8";
    case MOVE_BYTES:
        return value->type == DB_BLOB ? NULL : "is not made of bytes";
    }
    return NULL;
}

static void row_look(struct move *move, const struct move_table *table, const struct db_row *row)
{
    for (int i = 0; i < table->columns_count; i++) {
        const char *wrong = value_refuse(&table->columns[i], row_value(row, i + 1));
        if (wrong)
            move_note(move, "Table %s, column %s, rowid %lld: this %s, which PostgreSQL refuses.",
                      table->name, table->columns[i].name, (long long)row_int(row, 0), wrong);
    }
}

/* Escaped: what would end the value, the line, or begin an escape. */
static void put_text(struct buf *lines, const char *bytes, size_t count)
{
    const char *end = bytes + count;
    while (bytes < end) {
        size_t plain = strcspn(bytes, "\\\n\r\t"); /* ends at the NUL behind it at the latest */
        buf_add(lines, bytes, plain);
        bytes += plain;
        if (bytes < end) {
            const char *letter = strchr("\\\\\nn\rr\tt", *bytes++);
            buf_put_char(lines, '\\');
            buf_put_char(lines, letter[1]);
        }
    }
}

static void put_bytes(struct buf *lines, const char *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    buf_put(lines, "\\\\x");
    for (size_t i = 0; i < count; i++) {
        buf_put_char(lines, digits[(unsigned char)bytes[i] >> 4]);
        buf_put_char(lines, digits[(unsigned char)bytes[i] & 15]);
    }
}

static void put_value(struct buf *lines, const struct db_value *value)
{
    switch (value->type) {
    case DB_NULL:
        buf_put(lines, "\\N");
        return;
    case DB_INT:
        buf_put_int(lines, value->number);
        return;
    case DB_TEXT:
        put_text(lines, value->bytes, value->count);
        return;
    case DB_BLOB:
        put_bytes(lines, value->bytes, value->count);
        return;
    }
}

static void put_row(struct buf *lines, const struct db_row *row)
{
    for (int i = 1; i < row->columns; i++) { /* behind its rowid */
        if (i > 1)
            buf_put_char(lines, '\t');
        put_value(lines, row_value(row, i));
    }
    buf_put_char(lines, '\n');
}

static void send(struct move *move, struct buf *lines)
{
    tx_copy_lines(move->to, lines->bytes, lines->length);
    lines->length = 0;
}

/* One piece; gives the rowid of its last row, or `after` when there are no more. */
static int64_t piece(struct move *move, const struct move_table *table, struct buf *lines,
                     int64_t after)
{
    const struct db_row *row = tx_rows(move->from, table->read_sql, after, MOVE_PIECE_ROWS);
    for (; row; row = row->next) {
        after = row_int(row, 0);
        row_look(move, table, row);
        if (move->wrong)
            continue;
        put_row(lines, row);
        if (lines->over)
            move_note(move, "Table %s, rowid %lld: this row is too large.", table->name,
                      (long long)after);
        if (lines->length > LINES_BYTES)
            send(move, lines);
    }
    return after;
}

static void copy(struct move *move, const struct move_table *table, struct buf *lines)
{
    struct mem_mark start = mem_mark(tx_mem(move->from));
    int64_t before = 0;
    int64_t after = INT64_MIN;
    do {
        before = after;
        after = piece(move, table, lines, before);
        mem_rewind(tx_mem(move->from), start);
    } while (after != before && !tx_fault(move->from));
    send(move, lines);
}

void move_rows(struct move *move, const struct move_table *table)
{
    struct mem *mem = mem_new(LINE_BYTES_MAX);
    struct buf *lines = buf_new(mem, LINE_BYTES_MAX / 2);
    tx_copy_begin(move->to, table->copy_sql);
    copy(move, table, lines);
    tx_copy_end(move->to, table->copy_sql);
    mem_free(mem);
}
