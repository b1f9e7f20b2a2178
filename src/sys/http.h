/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* HTTP/1.1 behind a few functions and plain structs, so that the engine can be changed in one file
 * and requests can be made in process by tests.
 *
 * The handler is called on an event thread once head and body are complete and vetted. It either
 * answers at once with http_answer, or calls http_suspend and lets another thread call http_answer
 * later. */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"

struct http_server;
struct http_exchange; /* one request and its answer, owned by the engine */
struct mem;

struct http_header {
    const char *name;
    const char *value;
};

struct http_request {
    const char *method; /* as sent: "GET" */
    const char *path;   /* as sent, not decoded, without the query; starts with '/' */
    const char *query;  /* as sent, without '?'; "" when none */
    const struct http_header *headers;
    int headers_count;
    const char *body; /* NUL-ended for convenience; NULL when none */
    size_t body_count;
    const char *address; /* of the peer: "127.0.0.1" */
};

enum { HTTP_REPLY_HEADERS_MAX = 24 };

/* The next piece of a body that is made while it goes out, whenever the one before is on its way;
 * on the exchange's event thread. It lives until the next call; of 0 bytes: that was all. False:
 * the body cannot be finished, and the connection is cut, so that nobody takes a part for the
 * whole. */
typedef bool http_next_piece(void *context, const char **ret_bytes, size_t *ret_count);

struct http_reply {
    int status;
    struct http_header headers[HTTP_REPLY_HEADERS_MAX];
    int headers_count;
    const char *body; /* must live until http_answer returns; when `is_static`, for ever */
    size_t body_count;
    bool is_static;        /* not copied */
    http_next_piece *next; /* instead of `body`; NULL: there is a body */
    void *next_context;    /* lives as long as http_mem of the exchange */
    bool close;
};

/* A header's value, names compared without case; NULL when it is missing. */
const char *http_header(const struct http_request *request, const char *name);
void http_reply_header(struct http_reply *reply, const char *name, const char *value);

struct http_config {
    const char *address; /* "127.0.0.1" or "::1" or "0.0.0.0" */
    int port;            /* 0: any free one */
    int threads;
    void (*handle)(void *context, struct http_exchange *exchange);
    void *context;
    /* Deadlines in milliseconds; 0: those of base/limits.h. */
    int head_ms; /* from the connection, or the request line, to the end of the head */
    int body_ms; /* from the end of the head to the end of the body */
    int idle_ms; /* from an answer to the next request line */
    int stop_ms; /* for the answers that http_stop waits for */
};

enum { HTTP_FILES_WANTED = 5 * HTTP_CONNECTIONS_MAX / 2 };
/* Lets this process open HTTP_FILES_WANTED files, or as many as the system grants; the number it
 * may open now. */
int http_files_raise(void);
/* Two in five of so many files are for connections, HTTP_CONNECTIONS_MAX at most; the others for
 * live streams, kept pages, the database and the process itself. */
int http_connections_of(int files);

/* Starts event threads. NULL after one log line that says why. */
struct http_server *http_start(const struct http_config *config);
int http_port(const struct http_server *server);

/* Stops accepting, lets accepted requests be answered (HTTP_STOP_SECONDS_MAX), closes. Exchanges
 * that are suspended must be answered by their owner meanwhile: when some are not, http_stop logs
 * that and gives false. Then nothing was closed or freed, event threads still run, and the caller
 * must end the process without freeing what the handler uses. */
void http_stop_accepting(struct http_server *server);
bool http_stop(struct http_server *server);

const struct http_request *http_request(const struct http_exchange *exchange);
/* Memory of the exchange: lives until the answer has been handed over, and all its pieces are out.
 */
struct mem *http_mem(struct http_exchange *exchange);

void http_suspend(struct http_exchange *exchange);
/* From any thread when suspended, else from the handler. The exchange must not be used afterwards.
 */
void http_answer(struct http_exchange *exchange, const struct http_reply *reply);

/* An answer that is kept to be sent many times, by any thread. http_keep copies the whole of it,
 * and its caller holds it first; NULL: a header cannot be sent. It ends with the last who holds it,
 * and with the last connection on which it is on its way. A large one that is sent often gets a
 * file in memory with its body, which the kernel sends without copying it, while `files_left` is
 * above zero: how many more may have one, counted for all that are made with it. NULL: none. */
struct http_kept;
struct http_kept *http_keep(const struct http_reply *reply, atomic_int *files_left);
struct http_kept *http_kept_take(struct http_kept *kept); /* one more holds it */
void http_kept_give(struct http_kept *kept);              /* one less; NULL does nothing */
const struct http_reply *http_kept_reply(const struct http_kept *kept);
size_t http_kept_bytes(const struct http_kept *kept); /* about what it takes, with its file */
/* Answers with it, from the handler; the caller still holds it. */
void http_answer_kept(struct http_exchange *exchange, struct http_kept *kept);

/* Takes the connection away from the engine: a socket of our own (non-blocking, to be closed by the
 * caller), or -1 where that cannot be had. Called instead of http_answer, from the handler; nothing
 * was written. */
int http_take_socket(struct http_exchange *exchange);
