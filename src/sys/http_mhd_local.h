/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the two files that know libmicrohttpd share. */
#pragma once
#include <stdbool.h>

struct MHD_Response;
struct http_kept;
struct http_reply;
struct mem;

/* A response for one request, on whose `mem` it is made; NULL: a header of it cannot be sent, or
 * all of them have no room. `close` ends the connection after it. */
struct MHD_Response *http_response_new(struct mem *mem, int socket, const struct http_reply *reply,
                                       bool close);
/* The holder's, as long as it holds the answer; to be called once for each time that it is sent.
 * `ret_filed`: head and body will leave by two system calls. */
struct MHD_Response *http_kept_response(struct http_kept *kept, bool *ret_filed);
