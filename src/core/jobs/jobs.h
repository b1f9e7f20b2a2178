/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is to be done later: rows of table `job`, written in the transaction that wants them, run by
 * the jobs' thread through the writer. A job is unique by kind and object. It is leased before it
 * runs, retried with growing pauses after a fault, and parked, visibly, after JOB_ATTEMPTS_MAX. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct app;
struct feature;
struct job;
struct jobs;
struct work;

extern const struct feature jobs_feature;

/* Asks for a job at `due_at` (product time). Where the job exists already, it becomes due at the
 * earlier of the two times, and a parked one is taken up again. */
void job_add(struct work *work, const char *kind, int64_t object_id, int64_t due_at);
/* Takes a job back that has not run. */
void job_drop(struct work *work, const char *kind, int64_t object_id);

/* A job that has stopped: it failed JOB_ATTEMPTS_MAX times. */
struct job_parked {
    const struct job_parked *next;
    const char *handle;
    int64_t id;
    const char *kind;
    int64_t object_id; /* 0: none */
    int64_t parked_at;
    int64_t attempts;
    const char *fault; /* what the last failure was; "" when it took the process with it */
};
enum { JOBS_PARKED_MAX = 100 };
/* Those of the community of the work, and in the first one those of the whole install: the longest
 * first, at most `count`. */
const struct job_parked *jobs_parked(struct work *work, int count);
int64_t jobs_parked_count(struct work *work);
/* Those that are due and wait for their turn. */
int64_t jobs_due_count(struct work *work);
/* What stands for a job in addresses. */
const char *job_handle(struct work *work, int64_t id);
/* NULL: none of the first JOBS_PARKED_MAX is called so. */
const struct job_parked *job_parked_get(struct work *work, const char *handle);
/* Runs it again at once, as if it had never failed; or gives it up for good. */
void job_unpark(struct work *work, int64_t id);
void job_give_up(struct work *work, const struct job_parked *job);

/* The run has held the writer for JOB_PAGE_MS: after the row it is at, it ends the page, and goes
 * on from there at once in its next run. */
bool job_page_is_over(const struct job *job);

/* Runs all jobs that are due, page after page, until none is left; returns how many runs there
 * were. For stories and the demonstration: the thread does the same by itself. Rows of kinds with
 * `always` are added first where they are missing. */
int jobs_run_due(const struct app *app);

/* Starts the thread; NULL after one log line. Stop it before the writer. */
struct jobs *jobs_start(const struct app *app);
void jobs_stop(struct jobs *jobs);
