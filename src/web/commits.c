/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Commit numbers in a fixed table of slots, without locks: an object's slot is a hash of it, and
 * objects that share a slot share its number, which is then too high for one of them: a page is
 * made anew once too often, never kept too long. */
#include "web/commits.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/db.h"
#include "web/app.h"
#include "web/live.h"

enum { SLOTS = 1 << 14 };

/* "commits 5077 3:812 1:9": who tells, and kind and id of each object; "commits 5077 *": of more
 * than there is room for. */
#define TELLS "commits "
#define EVERYTHING " *"
enum {
    TOLD_MAX = 256,     /* objects of one batch */
    TOLD_BYTES_MAX = 28 /* of one: kind, id and what stands between */
};
static_assert(sizeof TELLS + TOLD_BYTES_MAX * (TOLD_MAX + 1) < DB_NOTICE_BYTES_MAX, "it fits");

struct commits {
    int64_t process;
    atomic_bool is_deaf;
    atomic_int_fast64_t last;
    atomic_int_fast64_t everything; /* the last that touched more than its notes could hold */
    atomic_int_fast64_t slots[SLOTS];
};

struct commits *commits_new(struct mem *mem, int64_t process)
{
    struct commits *commits = MEM_NEW(mem, struct commits);
    commits->process = process;
    return commits;
}

static unsigned slot_of(struct object object)
{
    uint64_t hash = ((uint64_t)object.id ^ ((uint64_t)object.kind << 56)) * 0x9E3779B97F4A7C15u;
    return (unsigned)(hash >> 50) % SLOTS;
}

/* The writer's thread and the one that listens may be here at once: the later number stays. */
static void raise_to(atomic_int_fast64_t *slot, int_fast64_t number)
{
    int_fast64_t before = atomic_load(slot);
    while (before < number && !atomic_compare_exchange_weak(slot, &before, number))
        continue;
}

void commits_publish(const struct app *app, const struct notes *touched)
{
    struct commits *commits = app->commits;
    int_fast64_t number = atomic_fetch_add(&commits->last, 1) + 1;
    if (touched->over)
        raise_to(&commits->everything, number);
    for (int i = 0; i < touched->count; i++)
        raise_to(&commits->slots[slot_of(touched->objects[i])], number);
    if (app->live)
        live_wake(app->live, touched);
}

/* What a batch touched, each object once. */
struct told {
    int count;
    struct object objects[TOLD_MAX];
    bool over;
};

static void told_add(struct told *told, struct object object)
{
    for (int i = 0; i < told->count; i++)
        if (told->objects[i].kind == object.kind && told->objects[i].id == object.id)
            return;
    if (told->count == TOLD_MAX)
        told->over = true;
    else
        told->objects[told->count++] = object;
}

static const char *words_of(struct mem *mem, int64_t process, const struct told *told)
{
    struct buf *words = buf_new(mem, DB_NOTICE_BYTES_MAX);
    buf_put(words, TELLS);
    buf_put_int(words, process);
    if (told->over)
        buf_put(words, EVERYTHING);
    for (int i = 0; i < told->count && !told->over; i++) {
        buf_put_char(words, ' ');
        buf_put_int(words, told->objects[i].kind);
        buf_put_char(words, ':');
        buf_put_int(words, told->objects[i].id);
    }
    return words->bytes;
}

void commits_tell(const struct commits *commits, struct tx *tx, const struct notes *const touched[],
                  int count)
{
    struct told told = {0};
    if (!tx_can_tell(tx))
        return;
    for (int i = 0; i < count; i++) {
        told.over = told.over || touched[i]->over;
        for (int j = 0; j < touched[i]->count; j++)
            told_add(&told, touched[i]->objects[j]);
    }
    if (told.count > 0 || told.over)
        tx_tell(tx, words_of(tx_mem(tx), commits->process, &told));
}

/* A number at `at`, which then stands behind it. False: there is none. */
static bool number_read(const char **at, int64_t *ret_number)
{
    char *end;
    errno = 0;
    long long number = strtoll(*at, &end, 10);
    if (end == *at || errno)
        return false;
    *at = end;
    *ret_number = number;
    return true;
}

/* " 3:812" at `at`. */
static bool object_read(const char **at, struct object *ret_object)
{
    int64_t kind;
    int64_t id;
    if (**at != ' ')
        return false;
    ++*at;
    if (!number_read(at, &kind) || kind < 0 || kind > OBJECT_KIND_LAST || **at != ':')
        return false;
    ++*at;
    if (!number_read(at, &id))
        return false;
    *ret_object = (struct object){(enum object_kind)kind, id};
    return true;
}

static void publish_everything(const struct app *app)
{
    commits_publish(app, &(struct notes){.over = true});
}

/* The objects after the process's number, as many at a time as notes hold. */
static void publish_told(const struct app *app, const char *at)
{
    struct notes notes = {0};
    while (*at) {
        if (notes.count == NOTES_MAX) {
            commits_publish(app, &notes);
            notes.count = 0;
        }
        if (!object_read(&at, &notes.objects[notes.count])) {
            publish_everything(app);
            return;
        }
        notes.count++;
    }
    commits_publish(app, &notes);
}

void commits_hear(const struct app *app, const char *words)
{
    const char *at = str_starts(words, TELLS) ? words + strlen(TELLS) : "";
    int64_t process;
    if (!number_read(&at, &process))
        publish_everything(app);
    else if (process != app->commits->process)
        publish_told(app, at);
}

/* In this order: no page of before is held for true in between. */
void commits_set_deaf(const struct app *app, bool is_deaf)
{
    if (!is_deaf)
        publish_everything(app);
    else if (app->live)
        live_wake(app->live, &(struct notes){.over = true});
    atomic_store(&app->commits->is_deaf, is_deaf);
}

bool commits_is_deaf(const struct commits *commits)
{
    return atomic_load(&commits->is_deaf);
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
