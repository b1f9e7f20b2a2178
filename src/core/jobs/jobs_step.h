/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One step of a job: something done in a transaction of the writer's, and waited for. */
#pragma once
#include <stdbool.h>

#include "base/limits.h"
#include "core/jobs/jobs_local.h"

struct app;
struct mem;
struct work;

struct jobs_step {
    const struct app *app;
    struct mem *mem; /* the work's; what a kept step put there is the caller's afterwards */
    struct job_claim claim;
    char fault[DB_ERROR_BYTES_MAX]; /* after a step that was not kept: why, as far as is known */
};

/* Runs `act` in the writer's bulk lane and waits for its commit; what it touched has been published
 * then. `act` may run twice. False: nothing of it was kept, in the memory neither. That is also so
 * when it took more memory than it may. */
bool jobs_step_run(struct jobs_step *step, void (*act)(struct jobs_step *step, struct work *work));
