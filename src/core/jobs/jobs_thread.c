/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The jobs' thread: looks for due jobs every 200 ms, more or less, and runs them one after the
 * other. It stops between two jobs, and at once while it sleeps; the writer must still be there
 * then. */
#include "core/jobs/jobs.h"

#include "base/log.h"
#include "base/mem.h"
#include "core/jobs/jobs_local.h"
#include "sys/crypt.h"
#include "sys/nice.h"
#include "sys/rounds.h"
#include "web/app.h"

enum { JOBS_LOOK_MS = 200 };

struct jobs {
    const struct app *app;
    struct rounds *rounds;
};

/* Never at the same moments as another process that looks: some of what a job does is about its own
 * process, who was seen there (core/logins), so that each must run it now and then. */
static int64_t look_ms(const struct app *app)
{
    return JOBS_LOOK_MS / 2 + random_below(app->random, JOBS_LOOK_MS);
}

static void *run(void *context)
{
    struct jobs *jobs = context;
    bool begun = false;
    nice_thread(NICE_WRITES);
    while (rounds_go_on(jobs->rounds)) {
        if (!begun)
            begun = jobs_begin(jobs->app);
        while (rounds_go_on(jobs->rounds) && jobs_run_one(jobs->app))
            continue;
        rounds_sleep(jobs->rounds, look_ms(jobs->app));
    }
    return NULL;
}

struct jobs *jobs_start(const struct app *app)
{
    struct jobs *jobs = MEM_NEW(app->mem, struct jobs);
    *jobs = (struct jobs){app, rounds_new(app->mem)};
    const char *why = rounds_start(jobs->rounds, run, jobs);
    if (!why)
        return jobs;
    log_event(LOG_ERROR, "jobs_not_started", log_text("why", why));
    return NULL;
}

void jobs_stop(struct jobs *jobs)
{
    rounds_stop(jobs->rounds);
}
