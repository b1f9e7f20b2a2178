/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* For the test of live.c alone. */
#pragma once

struct app;
struct live;

/* As live_start, with `event: alive` each `alive_ms` and at most so many viewers. */
struct live *live_start_with(struct app *app, int alive_ms, int viewers_max);

/* How many viewers there may be in a process that may open so many files: connections have the
 * other half (http_start), and some are left for the database and all else. */
int live_viewers_max(int files);
