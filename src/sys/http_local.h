/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the parts of the HTTP engine share: the listening socket, the vet, the reaper. Nobody
 * outside of sys/http*.c includes it, and none of these parts knows the library behind http_mhd.c.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct http_corks;
struct http_header;
struct http_reaper;
struct mem;

/* A request's head as it came, before anybody believes it. */
struct http_head {
    const char *method;
    const char *target; /* raw, with the query; NULL when the request line has none */
    const char *version;
    const struct http_header *headers;
    int headers_count;
};

enum { HTTP_BODY_CHUNKED = -1 };

/* Decides whether a head is one that every proxy before us reads as we do. 0: it is, and
 * `ret_body_bytes` is its Content-Length, 0 without one, or HTTP_BODY_CHUNKED. Else the status to
 * refuse it with: 400, or 413 for a body above HTTP_BODY_BYTES_MAX, or 431 for more than
 * HTTP_HEADERS_MAX headers. Source: RFC 9112, sections 3.2, 5.1, 6.1 to 6.3; what libmicrohttpd
 * 0.9.75 lets through. */
int http_vet(const struct http_head *head, int64_t *ret_body_bytes);

/* A listening socket on `address` (numeric), non-blocking; -1 after one log line that says why.
 * Port 0 takes any free one; `ret_port` is the one taken. */
int http_listen(const char *address, int port, int *ret_port);

/* A thread that ends connections whose deadline has passed, for sockets below `sockets_max`. NULL:
 * no thread could be had. */
struct http_reaper *http_reaper_start(struct mem *mem, int sockets_max);
void http_reaper_stop(struct http_reaper *reaper);
/* The socket must be done with what it does within `ms` from now; 0: no deadline. From any thread.
 * False: the socket's number is out of bounds and nobody watches it. */
bool http_reaper_set(struct http_reaper *reaper, int socket, int ms);
/* Must be called before the socket is closed: its number may be another's a moment later. */
void http_reaper_forget(struct http_reaper *reaper, int socket);

/* Which sockets below `sockets_max` are corked: what is written to them waits for more. */
struct http_corks *http_corks_new(struct mem *mem, int sockets_max);
/* From the socket's own event thread, as all of these. */
void http_cork(struct http_corks *corks, int socket, bool on);
/* Sends what waits, if the socket is corked; it stays so. */
void http_cork_push(struct http_corks *corks, int socket);
