/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A move from beginning to end. Everything on the side of PostgreSQL is one transaction, tables
 * included: whatever goes wrong, and whenever the program is killed, it leaves the database as
 * empty as it was, and can be tried again. */
#include "sys/move.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/mem.h"
#include "sys/db.h"
#include "sys/migrate.h"
#include "sys/move_local.h"

/* For what is asked of PostgreSQL. */
enum { MOVE_MS_MAX = 24 * 60 * 60 * 1000 };

void move_note(struct move *move, const char *format, ...)
{
    if (++move->wrong_count > MOVE_WRONG_MAX)
        return;
    va_list values;
    va_start(values, format);
    const char *sentence = mem_vprintf(move->mem, format, values);
    va_end(values);
    move->wrong = move->wrong ? mem_printf(move->mem, "%s\n%s", move->wrong, sentence) : sentence;
}

bool move_is_empty(struct db *to)
{
    struct mem *mem = mem_new(64 * 1024);
    struct tx *tx = db_begin(to, mem);
    /* What opening it to write leaves is db_batch. */
    const struct db_row *row = tx_one(
        tx, "SELECT COUNT(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = current_schema() AND relkind <> 'i' AND relname <> 'db_batch'");
    bool is_empty = row && row_int(row, 0) == 0;
    tx_rollback(tx);
    mem_free(mem);
    return is_empty;
}

/* What migrations brought along is copied with everything else, as it is on the other side. */
static void empty_tables(struct move *move, const struct move_table *table)
{
    if (!table)
        return;
    empty_tables(move, table->next); /* those that point to it first */
    tx_do_values(move->to, mem_printf(move->mem, "DELETE FROM \"%s\"", table->name), NULL, 0);
}

/* So that its first questions are answered by good plans. */
static void analyze(struct move *move, const struct move_table *table)
{
    tx_do_values(move->to, mem_printf(move->mem, "ANALYZE \"%s\"", table->name), NULL, 0);
}

static void note_faults(struct move *move)
{
    if (tx_fault(move->from))
        move_note(move, "The file cannot be read: %s.", tx_error(move->from));
    if (tx_fault(move->to))
        move_note(move, "PostgreSQL does not take it: %s.", tx_error(move->to));
}

static bool is_well(struct move *move)
{
    if (!move->wrong)
        note_faults(move);
    return !move->wrong;
}

static void fill(struct move *move, const struct db_migration *const *features)
{
    migrate_bare(move->to, features);
    empty_tables(move, move->tables);
    if (!is_well(move))
        return;
    for (const struct move_table *table = move->tables; table; table = table->next)
        move_rows(move, table);
    for (const struct move_table *table = move->tables; table && is_well(move);
         table = table->next) {
        move_compare(move, table);
        analyze(move, table);
    }
}

static void run(struct move *move, struct db *to, const struct db_migration *const *features)
{
    move_read_schema(move);
    for (struct move_table *table = move->tables; table && !move->wrong; table = table->next)
        move_sum(move, table);
    if (move->wrong)
        return;
    move->to = db_begin(to, move->mem);
    if (!tx_fault(move->to))
        tx_limit(move->to, MOVE_MS_MAX);
    fill(move, features);
    if (!is_well(move))
        tx_rollback(move->to);
    else if (!tx_commit(move->to))
        move_note(move, "PostgreSQL does not keep it: %s.", tx_error(move->to));
}

static const struct moved *tell(struct mem *mem, const struct move *move)
{
    const struct moved *first = NULL;
    const struct moved **end = &first;
    for (const struct move_table *table = move->tables; table; table = table->next) {
        struct moved *moved = move_told(mem, table);
        *end = moved;
        end = &moved->next;
    }
    return first;
}

const char *move_tables(struct mem *mem, struct db *from, struct db *to,
                        const struct db_migration *const *features, const struct moved **ret_moved)
{
    struct mem *pieces = mem_new(MOVE_PIECE_BYTES_MAX);
    struct move move = {.mem = mem, .from = db_begin(from, pieces)};
    run(&move, to, features);
    if (!move.wrong)
        *ret_moved = tell(mem, &move);
    else if (move.wrong_count > MOVE_WRONG_MAX)
        move.wrong = mem_printf(mem, "%s\nAnd %lld more.", move.wrong,
                                (long long)(move.wrong_count - MOVE_WRONG_MAX));
    tx_rollback(move.from);
    mem_free(pieces);
    return move.wrong;
}
