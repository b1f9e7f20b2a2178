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

/* The run has held the writer for JOB_PAGE_MS: after the row it is at, it ends the page, and goes
 * on from there at once in its next run. */
bool job_page_is_over(const struct job *job);

/* Runs all jobs that are due, page after page, until none is left; returns how many runs there
 * were. The jobs' thread calls it every 200 ms; stories and the demonstration call it themselves.
 * Rows of kinds with `always` are added first where they are missing. */
int jobs_run_due(struct app *app);

/* Starts the thread; NULL after one log line. Stop it before the writer. */
struct jobs *jobs_start(struct app *app);
void jobs_stop(struct jobs *jobs);
