/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Taking over into the file what its log holds. SQLite would do it inside of the COMMIT that makes
 * the log long, and a hundred requests would wait for thousands of pages and two fsyncs. Here a
 * thread does it beside the writer, on a connection of its own. The writer goes on meanwhile, so
 * that something is left each time; once that is little the writer takes it over itself, and then
 * its next transaction begins the log anew.
 *
 * A page that could not be written is tried again, since SQLite counts no page as taken over then.
 * An fsync of the file that fails is another matter: pages that count already may be lost, the
 * kernel says so only once, and SQLite would not write them again. From then on the log is held: it
 * is not taken over any more, nor removed when the program ends, but as a whole by its next start,
 * when SQLite reads it from the beginning. Source: https://www.sqlite.org/wal.html, section 3;
 * walCheckpoint in its wal.c. */
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
    bool is_alone; /* there is no thread to be had, or no connection for it */
    bool is_held;
    bool is_failing;
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

void checkpointer_free(struct checkpointer *checkpointer)
{
    pthread_cond_destroy(&checkpointer->changed);
    pthread_mutex_destroy(&checkpointer->lock);
}

static int file_sync(sqlite3 *connection)
{
    sqlite3_file *file = NULL;
    int code = sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (code == SQLITE_OK && file && file->pMethods)
        code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
    return code;
}

/* Notes how it ended, and says once when it fails, or works again. */
static void note_end(struct checkpointer *checkpointer, int code)
{
    const char *why = sqlite3_errstr(code);
    pthread_mutex_lock(&checkpointer->lock);
    bool was_failing = checkpointer->is_failing;
    bool was_held = checkpointer->is_held;
    if (code == SQLITE_IOERR_FSYNC)
        checkpointer->is_held = true;
    if (code != SQLITE_BUSY) /* another program is at it */
        checkpointer->is_failing = code != SQLITE_OK;
    bool is_failing = checkpointer->is_failing;
    bool is_held = checkpointer->is_held;
    pthread_mutex_unlock(&checkpointer->lock);
    if (is_held && !was_held)
        log_event(LOG_ERROR, "log_held", log_text("why", why),
                  log_text("action", "look after the disk, then start anew"));
    else if (is_failing && !was_failing)
        log_event(LOG_WARNING, "checkpoint_failed", log_text("why", why));
    else if (was_failing && !is_failing)
        log_event(LOG_INFO, "checkpoint_works", log_text("action", "the log becomes shorter"));
}

/* How many frames of the log the file has then; 0: it failed, or who reads is in the way. SQLite
 * itself calls fsync only when it came to the end of the log. */
static int take_over(struct checkpointer *checkpointer, sqlite3 *connection)
{
    int frames = 0;
    int taken = 0;
    int code =
        sqlite3_wal_checkpoint_v2(connection, NULL, SQLITE_CHECKPOINT_PASSIVE, &frames, &taken);
    if (code == SQLITE_OK && taken < frames)
        code = file_sync(connection);
    note_end(checkpointer, code);
    return code == SQLITE_OK ? taken : 0;
}

static void *checkpointer_thread(void *context)
{
    struct checkpointer *checkpointer = context;
    struct db *db = db_open(checkpointer->path, DB_WRITE);
    pthread_mutex_lock(&checkpointer->lock);
    checkpointer->is_alone = !db;
    while (!checkpointer->is_ending) {
        if (!checkpointer->is_asked || !db) {
            checkpointer->is_asked = false;
            pthread_cond_broadcast(&checkpointer->changed);
            pthread_cond_wait(&checkpointer->changed, &checkpointer->lock);
            continue;
        }
        pthread_mutex_unlock(&checkpointer->lock);
        int taken = take_over(checkpointer, sqlite_of(db)->connection);
        pthread_mutex_lock(&checkpointer->lock);
        checkpointer->taken = taken;
        checkpointer->is_asked = false;
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
    checkpointer->is_alone = !checkpointer->has_thread;
    checkpointer->is_asked = checkpointer->has_thread;
    pthread_cond_broadcast(&checkpointer->changed);
    return checkpointer->is_asked;
}

/* Whether the writer is to take over what is left, after a commit that made the log that long. */
static bool is_for_the_writer(struct checkpointer *checkpointer, int frames)
{
    bool is_its = false;
    pthread_mutex_lock(&checkpointer->lock);
    bool is_little = checkpointer->taken > 0 && frames - checkpointer->taken <= FRAMES_FEW;
    if (frames < FRAMES_MANY)
        checkpointer->taken = 0;
    else if (!checkpointer->is_held && !checkpointer->is_asked)
        is_its = checkpointer->is_alone || is_little || !ask(checkpointer);
    while (checkpointer->is_asked && frames >= FRAMES_MAX)
        pthread_cond_wait(&checkpointer->changed, &checkpointer->lock);
    pthread_mutex_unlock(&checkpointer->lock);
    return is_its;
}

/* SQLite calls it after each commit, in the thread that commits. */
static int after_commit(void *context, sqlite3 *connection, const char *name, int frames)
{
    struct checkpointer *checkpointer = context;
    (void)name;
    if (!is_for_the_writer(checkpointer, frames))
        return SQLITE_OK;
    int taken = take_over(checkpointer, connection);
    pthread_mutex_lock(&checkpointer->lock);
    checkpointer->taken = taken;
    pthread_mutex_unlock(&checkpointer->lock);
    return SQLITE_OK;
}

void checkpointer_watch(struct checkpointer *checkpointer, sqlite3 *connection)
{
    sqlite3_wal_hook(connection, after_commit, checkpointer);
}

void checkpointer_leave(struct checkpointer *checkpointer, sqlite3 *connection)
{
    pthread_mutex_lock(&checkpointer->lock);
    checkpointer->is_ending = true;
    pthread_cond_broadcast(&checkpointer->changed);
    pthread_mutex_unlock(&checkpointer->lock);
    if (checkpointer->has_thread)
        pthread_join(checkpointer->thread, NULL);
    checkpointer->has_thread = checkpointer->is_alone = false;
    checkpointer->is_asked = checkpointer->is_ending = false;
    checkpointer->taken = 0;
    if (checkpointer->is_held && connection)
        sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}
