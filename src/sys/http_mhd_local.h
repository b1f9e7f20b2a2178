/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files that know libmicrohttpd share. */
#pragma once
#include <stdbool.h>

struct MHD_Connection;
struct MHD_Daemon;
struct MHD_Response;
struct http_kept;
struct http_loops;
struct http_reply;
struct mem;

/* A response for one request, on whose `mem` it is made; NULL: a header of it cannot be sent, or
 * all of them have no room. `close` ends the connection after it. */
struct MHD_Response *http_response_new(struct mem *mem, int socket, const struct http_reply *reply,
                                       bool close);
/* The holder's, as long as it holds the answer; to be called once for each time that it is sent.
 * `ret_filed`: head and body will leave by two system calls. */
struct MHD_Response *http_kept_response(struct http_kept *kept, bool *ret_filed);

/* The event threads of these daemons, one for each. They must be in their place before any of them
 * runs, since what a handler suspends is resumed by them. */
struct http_loops *http_loops_new(struct mem *mem, struct MHD_Daemon *const *daemons, int count);
/* False: too few threads or files could be had, and none runs: they are stopped. */
bool http_loops_start(struct http_loops *loops);
/* After that the daemons may be stopped. */
void http_loops_stop(struct http_loops *loops);
/* Ends the suspension of a connection of theirs, from any thread. */
void http_loops_resume(struct http_loops *loops, struct MHD_Connection *connection);
