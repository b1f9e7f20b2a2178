/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A stack of idle connections under a mutex. The one given back last is taken first, since its
 * pages and statements are the warmest. A connection that is lost, or on which the disk failed, is
 * closed instead of kept; the next taker opens a new one. Where that fails, nobody tries again for
 * a while, and then one alone: whoever waited for it would be held up for nothing. */
#include "sys/db_readers.h"

#include <assert.h>
#include <pthread.h>

#include "base/mem.h"
#include "sys/db_local.h"

enum { POOL_BYTES_MAX = 64 * 1024 };

struct db_readers {
    struct mem *mem;
    const char *where;
    pthread_mutex_t lock;
    pthread_cond_t given; /* back, or closed */
    struct db **idle;
    int idle_count;
    int open_count; /* idle ones and those that are out */
    int open_max;
    struct pause pause; /* after one could not be opened */
    bool is_tried;      /* somebody tries after it */
    int hurries;        /* how often it was ended before its time */
};

struct db_readers *db_readers_new(const char *where, int readers_max)
{
    assert(readers_max > 0);
    struct mem *mem = mem_new(POOL_BYTES_MAX);
    struct db_readers *readers = MEM_NEW(mem, struct db_readers);
    readers->mem = mem;
    readers->where = mem_strdup(mem, where);
    readers->idle = MEM_ARRAY(mem, struct db *, readers_max);
    readers->open_max = readers_max;
    pthread_mutex_init(&readers->lock, NULL);
    pthread_cond_init(&readers->given, NULL);
    return readers;
}

void db_readers_free(struct db_readers *readers)
{
    if (!readers)
        return;
    assert(readers->idle_count == readers->open_count);
    for (int i = 0; i < readers->idle_count; i++)
        db_close(readers->idle[i]);
    pthread_cond_destroy(&readers->given);
    pthread_mutex_destroy(&readers->lock);
    mem_free(readers->mem);
}

/* An idle reader; NULL: the caller has the place of one, to open it or to forget it. */
static struct db *take_idle(struct db_readers *readers)
{
    struct db *db = NULL;
    pthread_mutex_lock(&readers->lock);
    while (readers->idle_count == 0 && readers->open_count == readers->open_max)
        pthread_cond_wait(&readers->given, &readers->lock);
    if (readers->idle_count > 0)
        db = readers->idle[--readers->idle_count];
    else
        readers->open_count++;
    pthread_mutex_unlock(&readers->lock);
    return db;
}

/* One place less is taken: somebody who waits may have it. */
static void forget_one(struct db_readers *readers)
{
    pthread_mutex_lock(&readers->lock);
    readers->open_count--;
    pthread_cond_signal(&readers->given);
    pthread_mutex_unlock(&readers->lock);
}

/* Whether it is the caller's turn to try, and which one that is. */
static bool may_try(struct db_readers *readers, int *ret_hurries)
{
    pthread_mutex_lock(&readers->lock);
    bool may = pause_is_over(&readers->pause) && !readers->is_tried;
    if (may)
        readers->is_tried = readers->pause.ms > 0;
    *ret_hurries = readers->hurries;
    pthread_mutex_unlock(&readers->lock);
    return may;
}

static void note_try(struct db_readers *readers, bool opened, int hurries)
{
    pthread_mutex_lock(&readers->lock);
    if (opened)
        readers->pause = (struct pause){0};
    else if (readers->hurries == hurries)
        pause_begin(&readers->pause);
    readers->is_tried = false;
    pthread_mutex_unlock(&readers->lock);
}

/* A try that began before somebody reached the database, and failed, says nothing. */
static struct db *open_one(struct db_readers *readers)
{
    struct db *db = NULL;
    int hurries;
    while (!db && may_try(readers, &hurries)) {
        db = db_open(readers->where, DB_READ);
        note_try(readers, db != NULL, hurries);
    }
    return db;
}

struct db *db_readers_take(struct db_readers *readers)
{
    struct db *db = take_idle(readers);
    if (db && db_is_there(db))
        return db;
    db_close(db);
    db = open_one(readers);
    if (!db)
        forget_one(readers);
    return db;
}

void db_readers_hurry(struct db_readers *readers)
{
    pthread_mutex_lock(&readers->lock);
    readers->pause = (struct pause){0};
    readers->is_tried = false;
    readers->hurries++;
    pthread_mutex_unlock(&readers->lock);
}

void db_readers_give(struct db_readers *readers, struct db *db)
{
    if (db_wants_reopen(db)) {
        db_close(db);
        forget_one(readers);
        return;
    }
    pthread_mutex_lock(&readers->lock);
    assert(readers->idle_count < readers->open_count);
    readers->idle[readers->idle_count++] = db;
    pthread_cond_signal(&readers->given);
    pthread_mutex_unlock(&readers->lock);
}
