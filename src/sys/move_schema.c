/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What tables there are to move, asked from SQLite, and the statements that move them: their texts
 * are made of names from the schema alone, and these are refused unless they are of the kind that
 * stands in our migrations. No value ever gets into a text. */
#include "sys/move_local.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/db.h"

enum { SQL_BYTES_MAX = 64 * 1024 };

static bool is_name(const char *name)
{
    return *name && name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

/* False: a type that stands in no migration. */
static bool kind_of(const char *type, enum move_kind *ret_kind)
{
    static const char *const types[] = {"BIGINT", "SMALLINT", "TEXT", "BYTEA", NULL};
    static const enum move_kind kinds[] = {MOVE_NUMBER, MOVE_SMALL_NUMBER, MOVE_TEXT, MOVE_BYTES};
    int at = str_index(type, types);
    if (at >= 0)
        *ret_kind = kinds[at];
    return at >= 0;
}

static void read_columns(struct move *move, struct move_table *table)
{
    const struct db_row *row = tx_rows(
        move->from, "SELECT name, type FROM pragma_table_info(?1) ORDER BY cid", table->name);
    table->columns = MEM_ARRAY(move->mem, struct move_column, rows_count(row));
    for (; row; row = row->next) {
        struct move_column *column = &table->columns[table->columns_count++];
        column->name = row_text(row, 0);
        if (!is_name(column->name) || !kind_of(row_text(row, 1), &column->kind))
            move_note(move, "Column %s of table %s is none of this program's.", column->name,
                      table->name);
    }
}

/* A number that is none, with a point or of letters, is read as a text, so that it can be told of.
 */
static const char *read_sql(const struct move *move, const struct move_table *table)
{
    struct buf *sql = buf_new(move->mem, SQL_BYTES_MAX);
    buf_put(sql, "SELECT rowid");
    for (int i = 0; i < table->columns_count; i++) {
        const char *name = table->columns[i].name;
        if (table->columns[i].kind == MOVE_TEXT)
            buf_printf(sql, ", \"%s\"", name);
        else
            buf_printf(sql, ", CASE typeof(\"%s\") WHEN 'real' THEN 'real' ELSE \"%s\" END", name,
                       name);
    }
    buf_printf(sql, " FROM \"%s\" WHERE rowid > ?1 ORDER BY rowid LIMIT ?2", table->name);
    return sql->bytes;
}

static const char *copy_sql(const struct move *move, const struct move_table *table)
{
    struct buf *sql = buf_new(move->mem, SQL_BYTES_MAX);
    buf_printf(sql, "COPY \"%s\" (", table->name);
    for (int i = 0; i < table->columns_count; i++)
        buf_printf(sql, "%s\"%s\"", i > 0 ? ", " : "", table->columns[i].name);
    buf_put(sql, ") FROM STDIN");
    return sql->bytes;
}

/* Sums of ids are beyond 63 bits: of a number the lower 32 bits are summed by themselves. */
static const char *sums_sql(const struct move *move, const struct move_table *table)
{
    struct buf *sql = buf_new(move->mem, SQL_BYTES_MAX);
    buf_put(sql, "SELECT COUNT(*)");
    for (int i = 0; i < table->columns_count; i++) {
        const char *name = table->columns[i].name;
        buf_printf(sql, ", COUNT(\"%s\")", name);
        if (table->columns[i].kind == MOVE_TEXT || table->columns[i].kind == MOVE_BYTES)
            buf_printf(sql, ", CAST(COALESCE(SUM(LENGTH(\"%s\")), 0) AS BIGINT), 0", name);
        else
            buf_printf(sql,
                       ", CAST(COALESCE(SUM(CAST(\"%s\" AS BIGINT) & 4294967295), 0) AS BIGINT)"
                       ", CAST(COALESCE(SUM(CAST(\"%s\" AS BIGINT) >> 32), 0) AS BIGINT)",
                       name, name);
    }
    buf_printf(sql, " FROM \"%s\"", table->name);
    return sql->bytes;
}

static struct move_table *table_read(struct move *move, const char *name)
{
    struct move_table *table = MEM_NEW(move->mem, struct move_table);
    table->name = name;
    read_columns(move, table);
    table->parents = tx_rows(move->from,
                             "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(?1) "
                             "WHERE \"table\" <> ?1 LIMIT 100",
                             name);
    table->read_sql = read_sql(move, table);
    table->copy_sql = copy_sql(move, table);
    table->sums_sql = sums_sql(move, table);
    return table;
}

static bool is_placed(const struct move_table *tables, const char *name)
{
    for (; tables; tables = tables->next)
        if (str_equal(tables->name, name))
            return tables->is_placed;
    return true; /* what is not there cannot come before it */
}

static bool may_come_next(const struct move_table *tables, const struct move_table *table)
{
    if (table->is_placed)
        return false;
    for (const struct db_row *parent = table->parents; parent; parent = parent->next)
        if (!is_placed(tables, row_text(parent, 0)))
            return false;
    return true;
}

/* The first whose parents are placed; in a circle, whose foreign keys must be deferred ones, the
 * first that is left. */
static struct move_table *next_of(struct move_table *tables)
{
    struct move_table *left = NULL;
    for (struct move_table *table = tables; table; table = table->next) {
        if (may_come_next(tables, table))
            return table;
        if (!table->is_placed && !left)
            left = table;
    }
    return left;
}

/* A new list of copies, so that the old one can be walked meanwhile. */
static struct move_table *placed(struct mem *mem, struct move_table *tables)
{
    struct move_table *first = NULL;
    struct move_table **end = &first;
    for (struct move_table *table; (table = next_of(tables));) {
        table->is_placed = true;
        *end = mem_copy(mem, table, sizeof *table);
        end = &(*end)->next;
        *end = NULL;
    }
    return first;
}

void move_read_schema(struct move *move)
{
    struct move_table *tables = NULL;
    const struct db_row *row =
        tx_rows(move->from, "SELECT name FROM sqlite_schema WHERE type = 'table' AND "
                            "substr(name, 1, 7) <> 'sqlite_' ORDER BY name DESC LIMIT "
                            "1000");
    for (; row; row = row->next) {
        if (!is_name(row_text(row, 0))) {
            move_note(move, "Table %s is none of this program's.", row_text(row, 0));
            continue;
        }
        struct move_table *table = table_read(move, row_text(row, 0));
        table->next = tables;
        tables = table;
    }
    move->tables = placed(move->mem, tables);
}
