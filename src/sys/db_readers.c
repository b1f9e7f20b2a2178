/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A stack of idle connections under a mutex. The one given back last is taken first, since its
 * pages and statements are the warmest. A connection that is lost, or on which the disk failed, is
 * closed instead of kept; the next taker opens a new one. Where that fails, nobody tries again for
 * a while: whoever waited for it would be held up for nothing. */
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
static struct db *take_idle(struct db_readers *readers, bool *ret_may_open)
{
    struct db *db = NULL;
    pthread_mutex_lock(&readers->lock);
    while (readers->idle_count == 0 && readers->open_count == readers->open_max)
        pthread_cond_wait(&readers->given, &readers->lock);
    if (readers->idle_count > 0)
        db = readers->idle[--readers->idle_count];
    else
        readers->open_count++;
    *ret_may_open = pause_is_over(&readers->pause);
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

static struct db *open_one(struct db_readers *readers)
{
    struct db *db = db_open(readers->where, DB_READ);
    pthread_mutex_lock(&readers->lock);
    if (db)
        readers->pause = (struct pause){0};
    else
        pause_begin(&readers->pause);
    pthread_mutex_unlock(&readers->lock);
    return db;
}

struct db *db_readers_take(struct db_readers *readers)
{
    bool may_open;
    struct db *db = take_idle(readers, &may_open);
    if (db && db_is_there(db))
        return db;
    db_close(db);
    db = may_open ? open_one(readers) : NULL;
    if (!db)
        forget_one(readers);
    return db;
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
