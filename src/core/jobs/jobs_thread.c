/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The jobs' thread: looks for due jobs every 200 ms and runs them one after the other. It stops
 * between two jobs, and at once while it sleeps; the writer must still be there then. */
#include "core/jobs/jobs.h"

#include <errno.h>
#include <pthread.h>

#include "base/log.h"
#include "base/mem.h"
#include "core/jobs/jobs_local.h"
#include "web/app.h"

enum { JOBS_LOOK_MS = 200 };

struct jobs {
    const struct app *app;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stop_asked;
    bool is_stopping;
};

static bool is_stopping(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    bool stopping = jobs->is_stopping;
    pthread_mutex_unlock(&jobs->lock);
    return stopping;
}

static struct timespec next_look(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_nsec += JOBS_LOOK_MS * 1000000L;
    if (at.tv_nsec >= 1000000000L) {
        at.tv_nsec -= 1000000000L;
        at.tv_sec++;
    }
    return at;
}

static void sleep_unless_stopping(struct jobs *jobs)
{
    struct timespec until = next_look();
    int error = 0;
    pthread_mutex_lock(&jobs->lock);
    while (!jobs->is_stopping && error != ETIMEDOUT)
        error = pthread_cond_timedwait(&jobs->stop_asked, &jobs->lock, &until);
    pthread_mutex_unlock(&jobs->lock);
}

static void *run(void *context)
{
    struct jobs *jobs = context;
    bool begun = false;
    while (!is_stopping(jobs)) {
        if (!begun)
            begun = jobs_begin(jobs->app);
        while (!is_stopping(jobs) && jobs_run_one(jobs->app))
            continue;
        sleep_unless_stopping(jobs);
    }
    return NULL;
}

struct jobs *jobs_start(struct app *app)
{
    struct jobs *jobs = MEM_NEW(app->mem, struct jobs);
    jobs->app = app;
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&jobs->stop_asked, &monotonic);
    pthread_condattr_destroy(&monotonic);
    int error = pthread_create(&jobs->thread, NULL, run, jobs);
    if (!error)
        return jobs;
    log_event(LOG_ERROR, "jobs_not_started", log_text("why", strerror(error)));
    return NULL;
}

void jobs_stop(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    jobs->is_stopping = true;
    pthread_cond_signal(&jobs->stop_asked);
    pthread_mutex_unlock(&jobs->lock);
    pthread_join(jobs->thread, NULL);
    pthread_cond_destroy(&jobs->stop_asked);
    pthread_mutex_destroy(&jobs->lock);
}
