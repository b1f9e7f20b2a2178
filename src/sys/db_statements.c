/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Prepared statements of one connection, kept by their text: preparing costs more than most
 * statements cost to run, and the program has a few hundred of them in all. Texts stand in the
 * sources, each once, so that a text is found by its address; it is compared nevertheless, for one
 * that is not. A hash table with open addressing; it knows no engine. */
#include "sys/db_local.h"

#include <string.h>

#include "base/mem.h"

enum {
    SLOTS = 2 * DB_STATEMENTS_MAX, /* a power of two; half of them stay empty */
    TEXTS_BYTES_MAX = 16 * 1024 * 1024
};

struct statement {
    const char *address; /* of the caller's text, which may be gone */
    const char *sql;     /* NULL: the slot is empty */
    void *handle;
};

struct statements {
    struct mem *texts; /* and the slots; NULL while there are none */
    struct statement *slots;
    int count;
    void (*end)(void *handle);
};

/* The slot of that text, or the empty one where it belongs. */
static struct statement *find_slot(const struct statements *statements, const char *sql)
{
    uint64_t hash = (uintptr_t)sql * UINT64_C(0x9E3779B97F4A7C15);
    for (uint64_t i = hash >> 32;; i++) {
        struct statement *slot = &statements->slots[i & (SLOTS - 1)];
        if (!slot->sql || (slot->address == sql && strcmp(slot->sql, sql) == 0))
            return slot;
    }
}

struct statements *statements_new(struct mem *mem, void (*end)(void *handle))
{
    struct statements *statements = MEM_NEW(mem, struct statements);
    statements->end = end;
    return statements;
}

void *statements_get(struct statements *statements, const char *sql)
{
    return statements->slots ? find_slot(statements, sql)->handle : NULL;
}

void statements_drop(struct statements *statements)
{
    for (int i = 0; statements->end && statements->slots && i < SLOTS; i++)
        if (statements->slots[i].sql)
            statements->end(statements->slots[i].handle);
    if (statements->texts)
        mem_free(statements->texts);
    *statements = (struct statements){.end = statements->end};
}

bool statements_put(struct statements *statements, const char *sql, void *handle)
{
    bool dropped = statements->count == DB_STATEMENTS_MAX;
    if (dropped)
        statements_drop(statements);
    if (!statements->texts) {
        statements->texts = mem_new(TEXTS_BYTES_MAX);
        statements->slots = MEM_ARRAY(statements->texts, struct statement, SLOTS);
    }
    struct statement *slot = find_slot(statements, sql);
    if (!slot->sql) {
        *slot = (struct statement){.address = sql, .sql = mem_strdup(statements->texts, sql)};
        statements->count++;
    }
    slot->handle = handle;
    return dropped;
}

void statements_forget(struct statements *statements, const char *sql)
{
    if (statements->slots)
        find_slot(statements, sql)->handle = NULL;
}
