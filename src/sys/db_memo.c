/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a page has asked of its snapshot already. Several parts of a page want the same rows, and
 * know nothing of each other; within a snapshot the same question has the same answer, and on
 * PostgreSQL each one asked is a round trip. A transaction that writes remembers nothing. */
#include "sys/db_local.h"

#include <string.h>

#include "base/mem.h"

enum { MEMOS_MAX = 32 };

struct memo {
    const struct memo *next;
    int number; /* of those before it */
    struct call call;
    const struct db_row *rows;
};

static bool is_same_value(const struct db_value *a, const struct db_value *b)
{
    return a->type == b->type && a->number == b->number && a->count == b->count &&
           (a->count == 0 || memcmp(a->bytes, b->bytes, a->count) == 0);
}

/* Texts stand in the sources, each once: their address tells them apart. */
static bool is_same_call(const struct call *a, const struct call *b)
{
    if (a->sql != b->sql || a->count != b->count || a->rows_max != b->rows_max)
        return false;
    for (int i = 0; i < a->count; i++)
        if (!is_same_value(&a->values[i], &b->values[i]))
            return false;
    return true;
}

bool memo_get(struct tx *tx, const struct call *call, const struct db_row **ret_rows)
{
    if (tx->memos_rewinds != mem_rewinds(tx->mem))
        tx->memos = NULL; /* they may be gone, and their rows */
    tx->memos_rewinds = mem_rewinds(tx->mem);
    for (const struct memo *memo = tx->memos; memo; memo = memo->next)
        if (is_same_call(&memo->call, call)) {
            *ret_rows = memo->rows;
            return true;
        }
    return false;
}

void memo_put(struct tx *tx, const struct call *call, const struct db_row *rows)
{
    int number = tx->memos ? tx->memos->number + 1 : 0;
    if (tx->is_write || tx->in_step || number == MEMOS_MAX)
        return;
    struct db_value *values = MEM_ARRAY(tx->mem, struct db_value, call->count + 1);
    for (int i = 0; i < call->count; i++) {
        values[i] = call->values[i];
        if (values[i].bytes)
            values[i].bytes = mem_copy(tx->mem, values[i].bytes, values[i].count);
    }
    struct memo *memo = MEM_NEW(tx->mem, struct memo);
    *memo = (struct memo){.next = tx->memos, .number = number, .call = *call, .rows = rows};
    memo->call.values = values;
    tx->memos = memo;
}
