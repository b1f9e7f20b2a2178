/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* For the tests of this floor alone: an app of the test's own features over a fresh database with
 * one table, one community, a clock that stands still, and a writer without a thread. Requests are
 * made in process; their memory ends before the answer is looked at. */
#pragma once
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/clock.h"
#include "sys/crypt.h"
#include "sys/db.h"
#include "sys/db_readers.h"
#include "sys/lang.h"
#include "sys/zone.h"
#include "web/app.h"
#include "web/commits.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/request.h"

enum { WEB_NOW = 1795000000, WEB_HEADERS_MAX = 12, WEB_BYTES_MAX = 256 * 1024 * 1024 };

struct web {
    struct app app; /* first: handlers find their test behind work->app */
    struct config config;
    struct random random;
    struct id_source ids;
    struct mem *mem;
    struct db *db;
    bool is_founded; /* there is a community */
    int runs;        /* of handlers, for them to count */
    char folder[32];
    const char *path;
};

static inline struct web *web_of(const struct request *rq)
{
    return (struct web *)(void *)(uintptr_t)rq->work.app;
}

/* Asks the database, as the real one does. */
static inline const struct community *web_find_community(struct work *work, const char *host)
{
    static const struct community community = {.slug = "riviere",
                                               .name = "Les Amis de la rivière",
                                               .description = "Un peu de temps.",
                                               .language = "fr",
                                               .time_zone = "Europe/Paris"};
    (void)host;
    const struct web *web = (const struct web *)(const void *)work->app;
    bool answered = tx_one(work->tx, "SELECT COUNT(*) FROM thing") != NULL;
    return answered && web->is_founded ? &community : NULL;
}

static inline void web_open(struct web *web)
{
    const char *error = NULL;
    snprintf(web->folder, sizeof web->folder, "/tmp/essaim-web-XXXXXX");
    const char *folder = mkdtemp(web->folder);
    assert(folder);
    (void)folder;
    web->path = mem_printf(web->mem, "%s/essaim.db", web->folder);
    web->db = db_open(web->path, DB_WRITE);
    bool made =
        web->db &&
        db_script(web->db, "CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT)", &error);
    assert(made);
    (void)made;
}

/* Faults are made on purpose: nothing is logged. */
static inline struct web *web_new(const struct feature *const *features, bool threaded)
{
    bool random_is_there = crypt_init();
    assert(random_is_there);
    (void)random_is_there;
    log_set_level(LOG_ERROR + 1);
    struct mem *mem = mem_new(WEB_BYTES_MAX);
    struct web *web = MEM_NEW(mem, struct web);
    web->mem = mem;
    web->is_founded = true;
    web->config = (struct config){.base_url = "http://127.0.0.1:8080"};
    web_open(web);
    web->app = (struct app){
        .mem = mem,
        .config = &web->config,
        .features = features,
        .routes = route_table_new(mem, features),
        .clock = clock_new_still(mem, WEB_NOW),
        .random = &web->random,
        .ids = &web->ids,
        .zones = zones_new(mem),
        .langs = langs_new(mem),
        .readers = db_readers_new(web->path, 4),
        .writer = writer_start(mem, web->db, threaded),
        .commits = commits_new(mem),
        .find_community = web_find_community,
    };
    return web;
}

static inline void web_free(struct web *web)
{
    writer_stop(web->app.writer);
    db_readers_free(web->app.readers);
    db_close(web->db);
    zones_free(web->app.zones);
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        unlink(mem_printf(web->mem, "%s%s", web->path, ends[i]));
    rmdir(web->folder);
    mem_free(web->mem);
}

/* The request that these lines make: "Name: value", NULL-ended; without a Host line the address of
 * the test's own site is it. */
static inline const struct http_request *web_request(struct mem *mem, const char *method,
                                                     const char *target, const char *const lines[],
                                                     const char *body)
{
    struct http_header *headers = MEM_ARRAY(mem, struct http_header, WEB_HEADERS_MAX);
    struct http_request *http = MEM_NEW(mem, struct http_request);
    const char *question = strchr(target, '?');
    *http = (struct http_request){
        .method = method,
        .path = question ? mem_strndup(mem, target, (size_t)(question - target)) : target,
        .query = question ? question + 1 : "",
        .headers = headers,
        .body = body,
        .body_count = body ? strlen(body) : 0,
        .address = "127.0.0.1",
    };
    for (int i = 0; lines && lines[i]; i++) {
        const char *colon = strstr(lines[i], ": ");
        assert(colon && i < WEB_HEADERS_MAX - 1);
        headers[http->headers_count++] =
            (struct http_header){mem_strndup(mem, lines[i], (size_t)(colon - lines[i])), colon + 2};
    }
    if (!http_header(http, "Host"))
        headers[http->headers_count++] = (struct http_header){"Host", "127.0.0.1:8080"};
    return http;
}

/* An answer, on web->mem. */
static inline struct http_reply web_send(struct web *web, const char *method, const char *target,
                                         const char *const lines[], const char *body)
{
    struct mem *mem = mem_new(REQUEST_BYTES_MAX);
    struct request *rq =
        request_new(&web->app, mem, web_request(web->mem, method, target, lines, body), NULL);
    request_serve(rq);
    struct http_reply reply = rq->reply;
    if (reply.body)
        reply.body = mem_strndup(web->mem, reply.body, reply.body_count);
    for (int i = 0; i < reply.headers_count; i++)
        reply.headers[i] = (struct http_header){mem_strdup(web->mem, reply.headers[i].name),
                                                mem_strdup(web->mem, reply.headers[i].value)};
    mem_free(mem);
    return reply;
}

static inline struct http_reply web_get(struct web *web, const char *target)
{
    return web_send(web, "GET", target, (const char *const[]){"Accept: text/html", NULL}, NULL);
}

/* As a browser sends a form of the site's own page. */
static inline struct http_reply web_post(struct web *web, const char *target, const char *form)
{
    static const char *const lines[] = {"Accept: text/html", "Sec-Fetch-Site: same-origin",
                                        "Content-Type: application/x-www-form-urlencoded", NULL};
    return web_send(web, "POST", target, lines, form);
}

/* A header of the answer; "" when it is missing. One that is there twice is a bug. */
static inline const char *reply_header_get(const struct http_reply *reply, const char *name)
{
    const char *found = NULL;
    for (int i = 0; i < reply->headers_count; i++) {
        if (!str_equal_nocase(reply->headers[i].name, name))
            continue;
        assert(!found);
        found = reply->headers[i].value;
    }
    return found ? found : "";
}

static inline bool reply_says(const struct http_reply *reply, const char *text)
{
    return reply->body && strstr(reply->body, text);
}

/* How many things there are. */
static inline int64_t web_things(struct web *web)
{
    struct tx *tx = db_begin(web->db, web->mem);
    int64_t count = row_int(tx_one(tx, "SELECT COUNT(*) FROM thing"), 0);
    tx_rollback(tx);
    return count;
}
