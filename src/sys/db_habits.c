/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is asked about the same subject again and again: the campaign that many sign up to is read
 * by each request, step by step, since its sessions are asked for by its id, and that by the id of
 * the community. A connection keeps what was asked about the last few subjects, with the values;
 * what was asked twice the same is asked ahead the next time, all in one round trip. What is not
 * asked that time is forgotten. A habit holds no answers: nothing here can be out of date, only in
 * vain. */
#include <string.h>

#include "base/mem.h"
#include "sys/db_local.h"

enum {
    HABITS = 64, /* a power of two */
    QUESTIONS_MAX = 12,
    VALUE_BYTES_MAX = 256,
    HABIT_BYTES_MAX = 64 * 1024,
    HABITS_BYTES_MAX = HABITS * HABIT_BYTES_MAX
};

struct asked {
    struct asked *next;
    struct call call;
    bool is_again; /* it was asked the last time as well */
};

struct habit {
    uint64_t subject;
    struct mem *mem; /* NULL: the slot was never used */
    struct mem_mark start;
    struct asked *asked; /* the last one first */
};

struct habits {
    struct mem *mem;
    struct mem *notes; /* of the present transaction or step */
    struct mem_mark start;
    struct habit slots[HABITS];
};

static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return hash ? hash : 1;
}

static struct habit *habit_of(struct tx *tx)
{
    struct db *db = tx->db;
    if (!db->habits) {
        struct mem *mem = mem_new(HABITS_BYTES_MAX);
        db->habits = MEM_NEW(mem, struct habits);
        db->habits->mem = mem;
        db->habits->notes = mem_new(HABIT_BYTES_MAX);
        db->habits->start = mem_mark(db->habits->notes);
    }
    return &db->habits->slots[(tx->about ^ tx->about >> 32) & (HABITS - 1)];
}

void habits_free(struct habits *habits)
{
    if (!habits)
        return;
    for (int i = 0; i < HABITS; i++)
        if (habits->slots[i].mem)
            mem_free(habits->slots[i].mem);
    mem_free(habits->notes);
    mem_free(habits->mem);
}

static const struct asked *asked_find(const struct asked *asked, const struct call *call)
{
    while (asked && !call_is_same(&asked->call, call))
        asked = asked->next;
    return asked;
}

/* In the order in which they were asked. */
static void ask_again(struct tx *tx, const struct asked *asked)
{
    if (!asked)
        return;
    ask_again(tx, asked->next);
    if (asked->is_again)
        memo_ask(tx, &asked->call);
}

void habit_begin(struct tx *tx, const char *subject)
{
    tx->about = hash_of(subject);
    tx->asked = NULL;
    const struct habit *habit = habit_of(tx);
    mem_rewind(tx->db->habits->notes, tx->db->habits->start);
    if (habit->subject == tx->about)
        ask_again(tx, habit->asked);
}

static bool is_small(const struct call *call)
{
    size_t bytes = 0;
    for (int i = 0; i < call->count; i++)
        bytes += call->values[i].count;
    return bytes <= VALUE_BYTES_MAX;
}

static int count_of(const struct asked *asked)
{
    int count = 0;
    for (; asked; asked = asked->next)
        count++;
    return count;
}

/* Copied at once: the values are the caller's. */
void habit_note(struct tx *tx, const struct call *call)
{
    if (!tx->about || !call_is_question(call) || !is_small(call) || asked_find(tx->asked, call) ||
        count_of(tx->asked) == QUESTIONS_MAX)
        return;
    struct mem *mem = tx->db->habits->notes;
    struct asked *asked = MEM_NEW(mem, struct asked);
    *asked = (struct asked){.next = tx->asked, .call = call_copy(mem, call)};
    tx->asked = asked;
}

/* Marks what was asked the last time too. Whether anything is other than it was then. */
static bool compare(struct asked *asked, const struct habit *habit)
{
    bool is_other = count_of(asked) != count_of(habit->asked);
    for (; asked; asked = asked->next) {
        const struct asked *before = asked_find(habit->asked, &asked->call);
        asked->is_again = before != NULL;
        is_other = is_other || !before || !before->is_again;
    }
    return is_other;
}

/* Copies the list, in its order. */
static void keep(struct habit *habit, const struct asked *asked)
{
    struct asked **end = &habit->asked;
    for (; asked; asked = asked->next) {
        struct asked *copy = MEM_NEW(habit->mem, struct asked);
        *copy = (struct asked){.call = call_copy(habit->mem, &asked->call),
                               .is_again = asked->is_again};
        *end = copy;
        end = &copy->next;
    }
}

void habit_end(struct tx *tx)
{
    if (!tx->about)
        return;
    struct habit *habit = habit_of(tx);
    if (habit->subject != tx->about)
        habit->asked = NULL;
    if (!tx->fault && compare(tx->asked, habit)) {
        if (!habit->mem) {
            habit->mem = mem_new(HABIT_BYTES_MAX);
            habit->start = mem_mark(habit->mem);
        }
        mem_rewind(habit->mem, habit->start);
        habit->subject = tx->about;
        habit->asked = NULL;
        keep(habit, tx->asked);
    }
    tx->about = 0;
    tx->asked = NULL;
}
