/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A stack of idle connections under a mutex. The one given back last is taken first, since its
 * pages and statements are the warmest. A connection on which the disk failed is closed instead of
 * kept; the next taker opens a new one. */
#include "sys/db_readers.h"

#include <assert.h>
#include <pthread.h>

#include "base/mem.h"
#include "sys/db.h"

enum { POOL_BYTES_MAX = 64 * 1024 };

struct db_readers {
    struct mem *mem;
    const char *path;
    pthread_mutex_t lock;
    pthread_cond_t given; /* back, or closed */
    struct db **idle;
    int idle_count;
    int open_count; /* idle ones and those that are out */
    int open_max;
};

struct db_readers *db_readers_new(const char *path, int readers_max)
{
    assert(readers_max > 0);
    struct mem *mem = mem_new(POOL_BYTES_MAX);
    struct db_readers *readers = MEM_NEW(mem, struct db_readers);
    readers->mem = mem;
    readers->path = mem_strdup(mem, path);
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

/* One place less is taken: somebody who waits may have it. */
static void forget_one(struct db_readers *readers)
{
    pthread_mutex_lock(&readers->lock);
    readers->open_count--;
    pthread_cond_signal(&readers->given);
    pthread_mutex_unlock(&readers->lock);
}

/* An idle reader, or NULL: the caller has the place of one and opens it. */
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

struct db *db_readers_take(struct db_readers *readers)
{
    struct db *db = take_idle(readers);
    if (db)
        return db;
    db = db_open(readers->path, DB_READ);
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
