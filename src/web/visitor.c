/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A visitor's request is answered from the cache before anything is asked of the database. What was
 * made for all goes out as what is kept of it, so that the first answer has the ETag of the others.
 */
#include "web/visitor.h"

#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/time.h"
#include "sys/http.h"
#include "sys/lang.h"
#include "web/accept.h"
#include "web/app.h"
#include "web/cache.h"
#include "web/commits.h"
#include "web/reply.h"
#include "web/request.h"

enum {
    KEY_BYTES_MAX = 2 * HTTP_HEAD_BYTES_MAX,
    KEPT_SECONDS = 2, /* `essaim admin` beside the server: its commits are not seen here */
};

/* A link that asks for a language is remembered, by a cookie: that answer is one person's. */
static bool is_of_visitor(struct request *rq)
{
    return rq->route->flags & ROUTE_CACHED && rq->work.app->cache &&
           !form_value_get(rq->query, "lang") && !*request_cookie(rq, LOGIN_COOKIE);
}

/* Each part says how long it is, or cannot hold a line's end: no two requests have one key. */
static const char *key_of(struct request *rq)
{
    struct buf *key = buf_new(rq->work.mem, KEY_BYTES_MAX);
    const char *host = http_header(rq->http, "Host");
    const struct lang *lang = request_lang(rq);
    const char *parts[] = {host ? host : "", rq->http->path, lang ? lang_code(lang) : "",
                           rq->wants_json ? "json" : ""};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        buf_put(key, parts[i]);
        buf_put_char(key, '\n');
    }
    const struct query *query = rq->route->queries;
    for (int i = 0; i < ROUTE_QUERIES_MAX && query[i].name; i++) {
        const char *value = request_query(rq, query[i].name);
        buf_put_int(key, (int64_t)strlen(value));
        buf_put_char(key, ':');
        buf_put(key, value);
    }
    return key->over ? NULL : key->bytes;
}

/* Who has it already needs no more than to hear so. */
static void reply_unchanged(struct request *rq, const struct http_reply *kept, const char *tag)
{
    rq->reply = (struct http_reply){.status = 304};
    for (int i = 0; i < kept->headers_count; i++)
        if (!str_starts(kept->headers[i].name, "Content-T") &&
            !str_starts(kept->headers[i].name, "Content-E") &&
            !str_equal(kept->headers[i].name, "ETag"))
            http_reply_header(&rq->reply, mem_strdup(rq->work.mem, kept->headers[i].name),
                              mem_strdup(rq->work.mem, kept->headers[i].value));
    http_reply_header(&rq->reply, "ETag", tag);
    if (rq->exchange)
        http_answer(rq->exchange, &rq->reply);
}

/* In process the answer outlives what is kept. */
static void reply_copied(struct request *rq, const struct http_reply *kept)
{
    struct mem *mem = rq->work.mem;
    rq->reply = *kept;
    rq->reply.body = mem_strndup(mem, kept->body, kept->body_count);
    for (int i = 0; i < kept->headers_count; i++) {
        rq->reply.headers[i].name = mem_strdup(mem, kept->headers[i].name);
        rq->reply.headers[i].value = mem_strdup(mem, kept->headers[i].value);
    }
}

static void answer_kept(struct request *rq, struct http_kept *kept)
{
    const struct http_reply *reply = http_kept_reply(kept);
    const char *known = http_header(rq->http, "If-None-Match");
    const char *tag = known ? cache_tag_named(rq->work.mem, kept, known) : NULL;
    rq->reply.status = reply->status;
    if (tag)
        reply_unchanged(rq, reply, tag);
    else if (rq->exchange)
        http_answer_kept(rq->exchange, kept);
    else
        reply_copied(rq, reply);
    http_kept_give(kept);
}

static struct cache_wish wish_of(struct request *rq, const char *key)
{
    return (struct cache_wish){
        .key = key,
        .gzip = accept_takes_coding(http_header(rq->http, "Accept-Encoding"), "gzip"),
        .now = rq->work.now,
    };
}

/* Who hears of no commits makes each page anew, and keeps it for when the database is away. */
bool visitor_find(struct request *rq)
{
    const struct app *app = rq->work.app;
    const char *key = is_of_visitor(rq) ? key_of(rq) : NULL;
    if (!key)
        return false;
    const struct cache_wish wish = wish_of(rq, key);
    if (commits_is_deaf(app->commits)) {
        cache_begin(app->cache, &wish, &rq->place);
        rq->has_place = true;
        return false;
    }
    struct http_kept *kept = cache_get(app->cache, app->commits, &wish, &rq->place, &rq->has_place);
    if (kept)
        answer_kept(rq, kept);
    return kept != NULL;
}

bool visitor_find_away(struct request *rq)
{
    const struct app *app = rq->work.app;
    if (!rq->place.key)
        return false;
    const struct cache_wish wish = wish_of(rq, rq->place.key);
    struct http_kept *kept = cache_get_away(app->cache, app->commits, &wish);
    if (!kept)
        return false;
    if (rq->has_place)
        cache_leave(app->cache, &rq->place);
    rq->has_place = false;
    answer_kept(rq, kept);
    return true;
}

static bool may_be_kept(const struct request *rq)
{
    return rq->reply.status == 200 && !rq->fault && !rq->reply.next && !rq->work.read.over &&
           !*reply_header(rq, "Set-Cookie") &&
           str_equal(reply_header(rq, "Cache-Control"), "no-cache");
}

/* Its own moment counts for either. */
static int64_t ends_at(const struct request *rq, int64_t until)
{
    return rq->work.true_until && rq->work.true_until < until ? rq->work.true_until : until;
}

/* The end of its minute; and sooner, since another program may write to the database as well. */
static int64_t lasts_until(int64_t now)
{
    int64_t end_of_minute = now - now % MINUTE_SECONDS + MINUTE_SECONDS;
    int64_t looked_again = now + KEPT_SECONDS;
    return looked_again < end_of_minute ? looked_again : end_of_minute;
}

bool visitor_keep(struct request *rq)
{
    struct cache *cache = rq->work.app->cache;
    const struct cache_page page = {
        .reply = &rq->reply,
        .read = &rq->work.read,
        .since = rq->since,
        .now = rq->work.now,
        .until = ends_at(rq, lasts_until(rq->work.now)),
        .away_until = ends_at(rq, rq->work.now + CACHE_AWAY_SECONDS_MAX),
    };
    rq->has_place = false;
    if (!may_be_kept(rq)) {
        cache_leave(cache, &rq->place);
        return false;
    }
    struct http_kept *kept = cache_put(cache, &rq->place, &page);
    if (kept)
        answer_kept(rq, kept);
    return kept != NULL;
}
