/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Live streams: server-sent events on duplicated sockets, one thread for all of them. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "web/work.h"

struct app;
struct live;

typedef const char *live_data(struct work *work, int64_t object_id);

/* Starts the thread, with a read connection of its own. NULL after one log line. */
struct live *live_start(struct app *app, const char *database_path);
void live_stop(struct live *live);

/* Takes over `socket`, on which the response head has not been written: writes it and the present state, then one event after each
 * change, at most one each LIVE_EVENT_MS_MIN for each object, and `event: alive`. False: too many viewers (the socket is closed). */
bool live_follow(struct live *live, int socket, struct object object, const struct community *community, live_data *data);

/* These objects changed (after COMMIT, from the writer). */
void live_wake(struct live *live, const struct notes *touched);
int live_viewers(const struct live *live);
