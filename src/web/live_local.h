/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* For the test of live.c alone. */
#pragma once

struct app;
struct live;

/* As live_start, with `event: alive` each `alive_ms`. */
struct live *live_start_with(struct app *app, int alive_ms);
