/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Commit numbers in a fixed table of slots, without locks: an object's slot is a hash of it, and
 * objects that share a slot share its number, which is then too high for one of them: a page is
 * made anew once too often, never kept too long. */
#include "web/commits.h"

#include <stdatomic.h>

#include "base/mem.h"
#include "web/app.h"
#include "web/live.h"

enum { SLOTS = 1 << 14 };

struct commits {
    atomic_int_fast64_t last;
    atomic_int_fast64_t everything; /* the last that touched more than its notes could hold */
    atomic_int_fast64_t slots[SLOTS];
};

struct commits *commits_new(struct mem *mem)
{
    return MEM_NEW(mem, struct commits);
}

static unsigned slot_of(struct object object)
{
    uint64_t hash = ((uint64_t)object.id ^ ((uint64_t)object.kind << 56)) * 0x9E3779B97F4A7C15u;
    return (unsigned)(hash >> 50) % SLOTS;
}

void commits_publish(const struct app *app, const struct notes *touched)
{
    struct commits *commits = app->commits;
    int_fast64_t number = atomic_fetch_add(&commits->last, 1) + 1;
    if (touched->over)
        atomic_store(&commits->everything, number);
    for (int i = 0; i < touched->count; i++)
        atomic_store(&commits->slots[slot_of(touched->objects[i])], number);
    if (app->live)
        live_wake(app->live, touched);
}

int64_t commits_last(const struct commits *commits)
{
    return (int64_t)atomic_load(&commits->last);
}

int64_t commits_of(const struct commits *commits, struct object object)
{
    int_fast64_t number = atomic_load(&commits->slots[slot_of(object)]);
    int_fast64_t everything = atomic_load(&commits->everything);
    return (int64_t)(number > everything ? number : everything);
}
