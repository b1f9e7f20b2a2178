/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Taking over into the file what its log holds. SQLite would do it inside of the COMMIT that makes
 * the log long, and a hundred requests would wait for thousands of pages and two fsyncs. Here a
 * thread does it beside the writer, on a connection of its own. The writer goes on meanwhile, so
 * that something is left each time; once that is little the writer takes it over itself, and then
 * its next transaction begins the log anew.
 *
 * What fails here is tried again later: the log still holds all of it, and each page is written
 * again before the next fsync. Source: https://www.sqlite.org/wal.html, section 3. */
#include "sys/db_sqlite_local.h"

#include <pthread.h>

#include "base/log.h"
#include "base/mem.h"

enum {
    FRAMES_MANY = 8000, /* pages in the log, 32 MB: time to take them over */
    FRAMES_FEW = 800,   /* that the writer itself may be held up by */
    FRAMES_MAX = 32000  /* then it waits for the thread */
};

struct checkpointer {
    const char *path;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    pthread_t thread;
    bool has_thread;
    bool is_asked;
    bool is_ending;
    int taken; /* frames of this log that the file has; 0: the thread has not run yet, or failed */
};

struct checkpointer *checkpointer_new(struct mem *mem, const char *path)
{
    struct checkpointer *checkpointer = MEM_NEW(mem, struct checkpointer);
    checkpointer->path = path;
    pthread_mutex_init(&checkpointer->lock, NULL);
    pthread_cond_init(&checkpointer->changed, NULL);
    return checkpointer;
}

/* How many frames of the log the file has by now; 0: it failed, or who reads is in the way. */
static int take_over(sqlite3 *connection)
{
    int taken = 0;
    bool worked = sqlite3_wal_checkpoint_v2(connection, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
                                            &taken) == SQLITE_OK;
    return worked ? taken : 0;
}

/* The same by the thread, which says once that it fails, and once that it works again. */
static int take_over_and_say(struct db *db, bool *is_failing)
{
    sqlite3 *connection = sqlite_of(db)->connection;
    int taken = take_over(connection);
    int code = sqlite3_errcode(connection);
    bool failed = code != SQLITE_OK && code != SQLITE_BUSY; /* another program is at it */
    if (failed && !*is_failing)
        log_event(LOG_WARNING, "checkpoint_failed", log_text("why", sqlite3_errstr(code)));
    if (!failed && *is_failing)
        log_event(LOG_INFO, "checkpoint_works", log_text("action", "the log becomes shorter"));
    *is_failing = failed;
    return taken;
}

static void *checkpointer_thread(void *context)
{
    struct checkpointer *checkpointer = context;
    struct db *db = NULL;
    bool is_failing = false;
    pthread_mutex_lock(&checkpointer->lock);
    for (;;) {
        while (!checkpointer->is_asked && !checkpointer->is_ending)
            pthread_cond_wait(&checkpointer->changed, &checkpointer->lock);
        if (checkpointer->is_ending)
            break;
        pthread_mutex_unlock(&checkpointer->lock);
        if (!db)
            db = db_open(checkpointer->path, DB_WRITE);
        int taken = db ? take_over_and_say(db, &is_failing) : 0;
        pthread_mutex_lock(&checkpointer->lock);
        checkpointer->taken = taken;
        checkpointer->is_asked = false;
        pthread_cond_broadcast(&checkpointer->changed);
    }
    pthread_mutex_unlock(&checkpointer->lock);
    db_close(db);
    return NULL;
}

/* False: there is no thread to be had. */
static bool ask(struct checkpointer *checkpointer)
{
    if (!checkpointer->has_thread)
        checkpointer->has_thread =
            pthread_create(&checkpointer->thread, NULL, checkpointer_thread, checkpointer) == 0;
    checkpointer->is_asked = checkpointer->has_thread;
    pthread_cond_broadcast(&checkpointer->changed);
    return checkpointer->is_asked;
}

/* Whether the writer is to take over what is left, after a commit that made the log that long. */
static bool is_for_the_writer(struct checkpointer *checkpointer, int frames)
{
    bool is_its = false;
    pthread_mutex_lock(&checkpointer->lock);
    if (frames < FRAMES_MANY)
        checkpointer->taken = 0;
    else if (!checkpointer->is_asked && checkpointer->taken > 0 &&
             frames - checkpointer->taken <= FRAMES_FEW)
        is_its = true;
    else if (!checkpointer->is_asked)
        is_its = !ask(checkpointer);
    while (checkpointer->is_asked && frames >= FRAMES_MAX)
        pthread_cond_wait(&checkpointer->changed, &checkpointer->lock);
    pthread_mutex_unlock(&checkpointer->lock);
    return is_its;
}

/* SQLite calls it after each commit, in the thread that commits. */
static int after_commit(void *context, sqlite3 *connection, const char *name, int frames)
{
    (void)name;
    if (is_for_the_writer(context, frames))
        take_over(connection);
    return SQLITE_OK;
}

void checkpointer_watch(struct checkpointer *checkpointer, sqlite3 *connection)
{
    sqlite3_wal_hook(connection, after_commit, checkpointer);
}

void checkpointer_end(struct checkpointer *checkpointer)
{
    if (!checkpointer->has_thread)
        return;
    pthread_mutex_lock(&checkpointer->lock);
    checkpointer->is_ending = true;
    pthread_cond_broadcast(&checkpointer->changed);
    pthread_mutex_unlock(&checkpointer->lock);
    pthread_join(checkpointer->thread, NULL);
    checkpointer->has_thread = checkpointer->is_asked = checkpointer->is_ending = false;
    checkpointer->taken = 0;
}
