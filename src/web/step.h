/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What somebody beside requests (jobs, sending, a command) wants written: done in a transaction of
 * the writer's, and waited for. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"

struct app;
struct mem;
struct work;

struct step {
    const struct app *app;
    struct mem *mem; /* the work's; what a kept step put there is the caller's afterwards */
    int64_t ms_max;  /* its time; 0: JOB_MS_MAX */
    char fault[DB_ERROR_BYTES_MAX]; /* after a step that was not kept: why, as far as is known */
};

/* Runs `act` in the writer's bulk lane and waits for its commit; what it touched has been published
 * then. `act` may run twice. False: nothing of it was kept, in the memory neither. That is also so
 * when it took more memory than it may. */
bool step_run(struct step *step, void (*act)(struct work *work, void *context), void *context);
