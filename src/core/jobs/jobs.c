/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What becomes of a job: claimed, run, and then done, or to go on, or to be tried again, or parked.
 * Each is a task of its own for the writer, so that a crash between two of them leaves a row that
 * says where it stands: a lease that ends by itself, or with the next start. What a run writes and
 * the end of its job are one commit. Knows no kind of job: kinds are in the cards. */
#include "core/jobs/jobs.h"

#include <assert.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/time.h"
#include "core/communities/communities.h"
#include "core/jobs/jobs_local.h"
#include "migrations.h"
#include "sys/clock.h"
#include "web/app.h"
#include "web/feature.h"
#include "web/metrics.h"
#include "web/step.h"
#include "web/work.h"
#include "web/writer.h"

enum {
    JOB_RUNS_MAX =
        10000, /* of one call: a job that always wants to go on does not hold up its caller */
    JOB_BYTES_MAX = 64 * 1024 * 1024, /* a page of JOB_PAGE_ROWS mails */
    JOB_HANDLE_CHARS = 16,
    JOB_PAUSE_SECONDS_MAX = 6 * HOUR_SECONDS,
};

/* Something done about a job in a transaction of the writer's. */
struct jobs_step {
    struct step step; /* the app, the memory, and why it was not kept */
    struct job_claim claim;
    char claim_fault[DB_ERROR_BYTES_MAX]; /* what the claimed job failed of */
    void (*act)(struct jobs_step *step, struct work *work);
};

bool job_page_is_over(const struct job *job)
{
    return clock_monotonic_ms() >= job->page_ends_ms;
}

const char *job_handle(struct work *work, int64_t id)
{
    const char *mac = work_mac(work, "job.handle", mem_printf(work->mem, "%lld", (long long)id));
    return mem_strndup(work->mem, mac, JOB_HANDLE_CHARS);
}

const struct job_parked *job_parked_get(struct work *work, const char *handle)
{
    const struct job_parked *job = jobs_parked(work, JOBS_PARKED_MAX);
    while (job && !str_equal(job->handle, handle))
        job = job->next;
    return job;
}

static const struct job_kind *find_kind(const struct app *app, const char *name)
{
    for (const struct feature *const *f = app->features; *f; f++)
        for (const struct job_kind *kind = (*f)->jobs; kind && kind->name; kind++)
            if (str_equal(kind->name, name))
                return kind;
    return NULL;
}

void job_give_up(struct work *work, const struct job_parked *job)
{
    const struct job_kind *kind = find_kind(work->app, job->kind);
    job_delete_parked(work, job->id);
    if (kind && kind->given_up)
        kind->given_up(work, job->object_id);
}

/* 1, 4, 16, ... minutes after the first, second, third failure. */
static int64_t pause_seconds(int64_t attempts)
{
    int64_t seconds = MINUTE_SECONDS;
    for (int64_t i = 1; i < attempts && seconds < JOB_PAUSE_SECONDS_MAX; i++)
        seconds *= 4;
    return seconds < JOB_PAUSE_SECONDS_MAX ? seconds : JOB_PAUSE_SECONDS_MAX;
}

static void add_missing(struct jobs_step *step, struct work *work)
{
    (void)step;
    for (const struct feature *const *f = work->app->features; *f; f++)
        for (const struct job_kind *kind = (*f)->jobs; kind && kind->name; kind++)
            if (kind->always)
                job_insert_missing(work, kind->name);
}

static void begin(struct jobs_step *step, struct work *work)
{
    if (!app_shares_database(work->app))
        jobs_free_all(work);
    add_missing(step, work);
}

static void claim_one(struct jobs_step *step, struct work *work)
{
    step->claim = (struct job_claim){.id = 0};
    bool claimed = job_claim(work, clock_system_seconds(), &step->claim);
    if (!claimed && !writer_is_well(work->app->writer))
        job_write_anything(work); /* so that it is known when the disk takes something again */
}

static void run_claimed(struct jobs_step *step, struct work *work)
{
    const struct job_claim *claim = &step->claim;
    if (!job_is_held(work, claim))
        return;
    if (claim->community_id) {
        work->community = community_get(work, (struct community_id){claim->community_id});
        if (!work->community)
            return; /* a fault, which ends the step; no community is ever removed */
    }
    struct job job = claim->job;
    job.page_ends_ms = clock_monotonic_ms() + JOB_PAGE_MS;
    const struct job_kind *kind = find_kind(work->app, job.kind);
    assert(kind); /* a kind that nobody knows is parked before it comes here */
    kind->run(work, &job);
    assert(job.again_at || !kind->always); /* else it would be added and run for ever */
    if (job.again_at)
        job_go_on(work, claim, &job);
    else
        job_finish(work, claim);
}

static void free_claimed(struct jobs_step *step, struct work *work)
{
    job_try_again(work, &step->claim, work->now + pause_seconds(step->claim.attempts),
                  step->claim_fault);
}

static void park_claimed(struct jobs_step *step, struct work *work)
{
    job_park(work, &step->claim, step->claim_fault);
}

static void act_on(struct work *work, void *context)
{
    struct jobs_step *step = context;
    step->act(step, work);
}

/* See step_run. */
static bool jobs_step_run(struct jobs_step *step,
                          void (*act)(struct jobs_step *step, struct work *work))
{
    step->act = act;
    return step_run(&step->step, act_on, step);
}

static void log_job(enum log_level level, const char *event, const struct jobs_step *step)
{
    log_event(level, event, log_text("kind", step->claim.job.kind),
              log_int("object", step->claim.job.object_id),
              log_int("attempts", step->claim.attempts), log_text("error", step->step.fault));
}

static void park(struct jobs_step *step)
{
    if (jobs_step_run(step, park_claimed))
        log_job(LOG_ERROR, "job_parked", step);
}

/* A job with more attempts than the maximum took the process with it at its last one: its lease
 * ended without a word. */
static void settle_claimed(struct jobs_step *step)
{
    if (!find_kind(step->step.app, step->claim.job.kind) ||
        step->claim.attempts > JOB_ATTEMPTS_MAX) {
        park(step);
        return;
    }
    if (jobs_step_run(step, run_claimed))
        return;
    snprintf(step->claim_fault, sizeof step->claim_fault, "%s", step->step.fault);
    log_job(LOG_WARNING, "job_failed", step);
    if (step->claim.attempts == JOB_ATTEMPTS_MAX)
        park(step);
    else
        jobs_step_run(step, free_claimed);
}

bool jobs_run_one(const struct app *app)
{
    struct jobs_step step = {.step = {.app = app, .mem = mem_new(JOB_BYTES_MAX)}};
    bool claimed = jobs_step_run(&step, claim_one) && step.claim.id;
    if (claimed)
        settle_claimed(&step);
    mem_free(step.step.mem);
    return claimed;
}

/* One step about no job. */
static bool run_step(const struct app *app, void (*act)(struct jobs_step *, struct work *))
{
    struct jobs_step step = {.step = {.app = app, .mem = mem_new(JOB_BYTES_MAX)}};
    bool kept = jobs_step_run(&step, act);
    mem_free(step.step.mem);
    return kept;
}

bool jobs_begin(const struct app *app)
{
    return run_step(app, begin);
}

int jobs_run_due(const struct app *app)
{
    run_step(app, add_missing);
    int runs = 0;
    while (runs < JOB_RUNS_MAX && jobs_run_one(app))
        runs++;
    return runs;
}

static void measure(struct work *work, struct buf *out)
{
    metrics_head(out, "essaim_jobs_due", "gauge", "Jobs whose time has come.");
    metrics_line(out, "essaim_jobs_due", "", jobs_due_everywhere(work));
    metrics_head(out, "essaim_jobs_parked", "gauge",
                 "Jobs that failed too often and wait for you.");
    metrics_line(out, "essaim_jobs_parked", "", jobs_parked_everywhere(work));
}

const struct feature jobs_feature = {
    .name = "jobs",
    .migrations = jobs_migrations,
    .measure = measure,
    .export_person = feature_keeps_no_person,
    .forget_person = feature_forgets_no_person,
};
