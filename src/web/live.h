/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Live streams: server-sent events on duplicated sockets, one thread for all of them. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "web/work.h"

struct app;
struct live;

/* The present state of an object as one line of JSON; NULL: it is not there any more. Runs on the
 * streams' thread in a read-only snapshot. */
typedef const char *live_data(struct work *work, int64_t object_id);

/* Starts the thread, which reads through app->readers. NULL after one log line. */
struct live *live_start(struct app *app);
/* Ends every stream. Nobody may follow or wake any more. */
void live_stop(struct live *live);

/* Takes over `socket`, on which no answer was written: sends the answer's head and the present
 * state as `event: progress`, then one after each change, at most one each LIVE_EVENT_MS_MIN for
 * each object, fewer where more than LIVE_SENDS_MAX would go out in a second, the last change
 * always, and `event: alive` each LIVE_ALIVE_SECONDS. The community is copied: it is that of
 * `data`'s work. When `data` gives NULL the object's streams end. False: LIVE_VIEWERS_MAX, or as
 * many as the limit of files allows, are there already, the socket is closed and the browser will
 * come again. From any thread. */
bool live_follow(struct live *live, int socket, struct object object,
                 const struct community *community, live_data *data);

/* These objects changed: called after COMMIT, from the writer. Never waits for a stream. */
void live_wake(struct live *live, const struct notes *touched);
int live_viewers(const struct live *live);
