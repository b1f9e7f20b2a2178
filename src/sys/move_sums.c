/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What each column comes to: how many values there are that are not NULL, and the sum of its
 * numbers or of the lengths of its texts. The same statement asks it on both sides. */
#include "sys/move_local.h"

#include "base/mem.h"
#include "sys/db.h"

/* Where the three results of a column stand: count, lower sum (or lengths), upper sum. */
static int place_of(int column)
{
    return 1 + 3 * column;
}

void move_sum(struct move *move, struct move_table *table)
{
    table->sums = tx_one_values(move->from, table->sums_sql, NULL, 0);
}

static void compare_column(struct move *move, const struct move_table *table, int column,
                           const struct db_row *there)
{
    int place = place_of(column);
    bool same = true;
    for (int i = place; i < place + 3; i++)
        same = same && row_int(table->sums, i) == row_int(there, i);
    if (!same)
        move_note(move, "Column %s of table %s does not have the same sum on both sides.",
                  table->columns[column].name, table->name);
}

void move_compare(struct move *move, const struct move_table *table)
{
    const struct db_row *there = tx_one_values(move->to, table->sums_sql, NULL, 0);
    if (!there || !table->sums)
        return; /* a fault, which is told of */
    if (row_int(there, 0) != row_int(table->sums, 0))
        move_note(move, "Table %s has %lld rows here and %lld there.", table->name,
                  (long long)row_int(table->sums, 0), (long long)row_int(there, 0));
    for (int i = 0; i < table->columns_count; i++)
        compare_column(move, table, i, there);
}

struct moved *move_told(struct mem *mem, const struct move_table *table)
{
    struct moved *moved = MEM_NEW(mem, struct moved);
    moved->table = mem_strdup(mem, table->name);
    moved->rows = row_int(table->sums, 0);
    for (int i = 0; i < table->columns_count; i++) {
        int place = place_of(i);
        uint64_t sum = (uint64_t)row_int(table->sums, place + 1);
        if (table->columns[i].kind == MOVE_TEXT || table->columns[i].kind == MOVE_BYTES)
            moved->characters += (int64_t)sum;
        else
            moved->numbers += sum + ((uint64_t)row_int(table->sums, place + 2) << 32);
    }
    return moved;
}
