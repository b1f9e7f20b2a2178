/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a page has asked of its snapshot already. Several parts of a page want the same rows, and
 * know nothing of each other; within a snapshot the same question has the same answer, and on
 * PostgreSQL each one asked is a round trip. A transaction that writes remembers only what it asked
 * ahead, as long as nothing is written that may change it. */
#include "sys/db_local.h"

#include <string.h>

#include "base/mem.h"

enum { MEMOS_MAX = 32, NAME_BYTES_MAX = 64 };

static bool is_same_value(const struct db_value *a, const struct db_value *b)
{
    return a->type == b->type && a->number == b->number && a->count == b->count &&
           (a->count == 0 || memcmp(a->bytes, b->bytes, a->count) == 0);
}

/* Texts stand in the sources, each once: their address tells them apart. */
bool call_is_same(const struct call *a, const struct call *b)
{
    if (a->sql != b->sql || a->count != b->count || a->rows_max != b->rows_max)
        return false;
    for (int i = 0; i < a->count; i++)
        if (!is_same_value(&a->values[i], &b->values[i]))
            return false;
    return true;
}

struct call call_copy(struct mem *mem, const struct call *call)
{
    struct call copy = *call;
    struct db_value *values = MEM_ARRAY(mem, struct db_value, call->count + 1);
    for (int i = 0; i < call->count; i++) {
        values[i] = call->values[i];
        if (values[i].bytes)
            values[i].bytes = values[i].type == DB_TEXT
                                  ? mem_strndup(mem, values[i].bytes, values[i].count)
                                  : mem_copy(mem, values[i].bytes, values[i].count);
    }
    copy.values = values;
    return copy;
}

bool call_is_question(const struct call *call)
{
    return call->rows_max > 0 && strncmp(call->sql, "SELECT ", 7) == 0;
}

static struct memo *memo_find(struct tx *tx, const struct call *call)
{
    if (tx->memos_rewinds != mem_rewinds(tx->mem))
        tx->memos = NULL; /* they may be gone, and their rows */
    tx->memos_rewinds = mem_rewinds(tx->mem);
    struct memo *memo = tx->memos;
    while (memo && !call_is_same(&memo->call, call))
        memo = memo->next;
    return memo;
}

static struct memo *memo_new(struct tx *tx, const struct call *call)
{
    struct memo *memo = MEM_NEW(tx->mem, struct memo);
    *memo = (struct memo){.next = tx->memos, .call = call_copy(tx->mem, call)};
    memo->number = tx->memos ? tx->memos->number + 1 : 0;
    tx->memos = memo;
    return memo;
}

static bool is_full(const struct tx *tx)
{
    return tx->memos && tx->memos->number == MEMOS_MAX - 1;
}

bool memo_get(struct tx *tx, const struct call *call, const struct db_row **ret_rows)
{
    struct memo *memo = memo_find(tx, call);
    if (!memo)
        return false;
    if (memo->is_waiting)
        tx->db->engine->settle(tx);
    *ret_rows = memo->rows;
    return true;
}

void memo_put(struct tx *tx, const struct call *call, const struct db_row *rows)
{
    if (!tx->is_write && !tx->in_step && !is_full(tx))
        memo_new(tx, call)->rows = rows;
}

void memo_ask(struct tx *tx, const struct call *call)
{
    if (tx->fault || !call_is_question(call) || is_full(tx) || memo_find(tx, call))
        return;
    struct memo *memo = memo_new(tx, call);
    memo->is_waiting = true;
    tx->db->engine->ask(tx, memo);
}

/* The table that an INSERT or UPDATE is about. "": any may be changed, as by a DELETE, which others
 * may follow. */
static void table_of(char name[NAME_BYTES_MAX], const char *sql)
{
    static const char *const begins[] = {"INSERT INTO ", "UPDATE "};
    *name = '\0';
    for (int i = 0; i < 2; i++) {
        size_t skip = strlen(begins[i]);
        if (strncmp(sql, begins[i], skip) == 0) {
            size_t count = strcspn(sql + skip, " (");
            if (count < NAME_BYTES_MAX) {
                memcpy(name, sql + skip, count);
                name[count] = '\0';
            }
        }
    }
}

static bool is_of_name(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* As a word of its own: `session` is no part of `session_id`. */
static bool names(const char *sql, const char *name)
{
    size_t count = strlen(name);
    for (const char *at = sql; (at = strstr(at, name)); at++)
        if (count == 0 || !((at > sql && is_of_name(at[-1])) || is_of_name(at[count])))
            return true;
    return false;
}

/* A question whose text does not name the table is not about it: there are no views. */
void memo_forget(struct tx *tx, const char *sql)
{
    char name[NAME_BYTES_MAX];
    if (!tx->is_write || !tx->memos)
        return;
    table_of(name, sql);
    struct memo **at = &tx->memos;
    while (*at)
        if (names((*at)->call.sql, name))
            *at = (*at)->next;
        else
            at = &(*at)->next;
}
