/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A request on its way: what a handler may touch. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/refusal.h"
#include "sys/http.h"
#include "web/cache.h"
#include "web/form.h"
#include "web/live.h"
#include "web/route.h"
#include "web/url.h"
#include "web/work.h"
#include "web/writer.h"

struct buf;
struct html;
struct lang;
struct page;
struct view;

enum { REQUEST_ID_CHARS = 10 };

struct request {
    struct work work; /* first: rules and stores get &rq->work */
    const struct http_request *http;
    const struct route *route;
    const struct lang *lang;
    bool wants_json;
    char id[REQUEST_ID_CHARS + 1];       /* see request_id */
    const char *params[PATH_PARAMS_MAX]; /* decoded, in the order of the path */
    const struct form_value *query;
    const char *allow;             /* of a 405: the methods that the path has */
    struct form_input input;       /* of a POST with a form */
    struct form_input sent;        /* as it was read, for a second run, see writer.h */
    const struct refusal *refusal; /* while `show` runs: why; templates put it on the page */
    int64_t retry_seconds;         /* of a refusal with 429 */
    struct http_reply reply;
    struct object live; /* set by reply_live */
    live_data *live_data;
    struct http_exchange *exchange; /* NULL: in process */
    const struct page *page;        /* since page_begin */
    int64_t began_us;               /* when all of it was there, monotonic */
    struct writer_task task;        /* of a POST: how it waits for the writer */
    const char *fault;              /* what the database said, for the log */
    struct cache_place place;       /* of a visitor's page; its key is NULL for what is none */
    bool has_place;                 /* while it is made for others as well, or to be kept */
    int64_t since;                  /* the last commit before the snapshot that it reads */
};

/* GET or HEAD: it asks for nothing to be written. */
bool request_reads_only(const struct request *rq);

/* The name of this request in the log and on error pages, made when it is asked for. */
const char *request_id(struct request *rq);

/* A query field that the route declares; "" when it is missing, or nothing of its kind. */
const char *request_query(const struct request *rq, const char *name);

/* Pages: begin gives the place to write the page's content to; end puts the layout around it and
 * makes it the answer with that status (or the refusal's, while a refused form is shown again). */
struct html *page_begin(struct request *rq, const struct page *page);
void page_end(struct request *rq, struct html *content, int status);

/* JSON: the view's table of fields writes it. It is the view that the route declares, with its
 * status. */
void reply_json(struct request *rq, const struct view *view, const void *data);
/* The same of a view with panels, about that object. */
void reply_json_panels(struct request *rq, const struct view *view, const void *data,
                       int64_t object_id);
void reply_text(struct request *rq, int status, const char *type, const char *text);
void reply_body(struct request *rq, int status, const char *type, const char *bytes, size_t count);
/* The next piece of a long answer: writes it to `out` (up to STREAM_PIECE_BYTES_MAX), in a read
 * transaction of its own. False: that was the last one. What it keeps from piece to piece stands in
 * `state`; memory of `work` ends with the piece. */
typedef bool stream_piece(struct work *work, void *state, struct buf *out);
/* The answer is made piece by piece while it goes out, in the memory of one piece, however long it
 * is. `state` is on rq->work.mem. A fault on the way cuts the connection. */
void reply_stream(struct request *rq, const char *type, stream_piece *piece, void *state);
/* 303 to a path of this site. */
void reply_see_other(struct request *rq, const char *path);
/* A cookie that lives `seconds`; HttpOnly, SameSite=Lax, and __Host- with Secure when the base URL
 * is https. */
void reply_cookie(struct request *rq, const char *name, const char *value, int64_t seconds);
/* The cookie of who is signed in: a login's token. */
#define LOGIN_COOKIE "login"
const char *request_cookie(struct request *rq, const char *name); /* "" when missing */
/* The answer is a stream of events about this object. `data` gives the JSON of `event: progress`,
 * run in read transactions of the stream's own; NULL from it ends the stream. */
void reply_live(struct request *rq, enum object_kind kind, int64_t id, live_data *data);

extern const struct refusal refusal_not_found;   /* 404: also where one may not look */
extern const struct refusal refusal_bad_request; /* 400 */
extern const struct refusal refusal_fields;      /* 422: input.errors says what */

/* The frame: takes the request from its route to its answer. A POST without a writer of its own
 * thread is answered when this returns; else by that thread. */
void request_serve(struct request *rq);
/* A request on `mem`, which lives until the answer has left; `exchange` NULL: in process, the
 * answer stays in rq->reply. */
struct request *request_new(const struct app *app, struct mem *mem, const struct http_request *http,
                            struct http_exchange *exchange);
/* For http_config.handle: `context` is the app. */
void request_handle(void *context, struct http_exchange *exchange);
