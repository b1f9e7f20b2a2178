/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the parts of this folder ask of each other. A claim is a job that this process holds until
 * its lease ends; `attempts` and `leased_until` together tell it from any other claim of the same
 * row, so that a runner that was too slow changes nothing any more. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "core/jobs/jobs.h"
#include "web/feature.h"

struct app;
struct work;

struct job_claim {
    int64_t id;           /* 0: nothing is claimed */
    int64_t community_id; /* 0: of the whole install */
    int64_t attempts;     /* this one included */
    int64_t leased_until;
    struct job job;
};

/* Adds the job of that kind about no object, due now, unless there is one. */
void job_insert_missing(struct work *work, const char *kind);

/* Claims the job that has been due longest and that nobody holds at `system_now`; false when there
 * is none. */
bool job_claim(struct work *work, int64_t system_now, struct job_claim *ret_claim);
bool job_is_held(struct work *work, const struct job_claim *claim);
void job_finish(struct work *work, const struct job_claim *claim);
/* Frees it, to go on at `again_at` from that cursor, as if it had never failed. */
void job_go_on(struct work *work, const struct job_claim *claim, const struct job *job);
/* Frees it after a failure, to be tried again at `due_at`. */
void job_try_again(struct work *work, const struct job_claim *claim, int64_t due_at,
                   const char *fault);
void job_park(struct work *work, const struct job_claim *claim, const char *fault);
/* As jobs_parked_count and jobs_due_count, but of the whole install. */
int64_t jobs_parked_everywhere(struct work *work);
int64_t jobs_due_everywhere(struct work *work);
void job_delete_parked(struct work *work, int64_t id);
/* Ends every lease. */
void jobs_free_all(struct work *work);

/* Writes a row as it is. */
void job_write_anything(struct work *work);

/* Claims one job and runs it, to its end or to its failure. False: none is due, or the writer
 * cannot say. */
bool jobs_run_one(const struct app *app);
/* When a process begins: adds the rows of the kinds with `always`, and frees what the one before it
 * held when it died, where the data folder's lock says that nobody else is there; on a database
 * that others share, leases end by themselves. False: try again later. */
bool jobs_begin(const struct app *app);
