/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The frame: one request from its route to its answer. A GET runs in a read-only snapshot on the
 * event thread; everything else waits for the writer. What handlers return is a refusal or none;
 * what the database failed is a fault, logged here once. */
#include "web/request.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/clock.h"
#include "sys/db.h"
#include "sys/db_readers.h"
#include "sys/lang.h"
#include "web/accept.h"
#include "web/access.h"
#include "web/app.h"
#include "web/assets.h"
#include "web/commits.h"
#include "web/community.h"
#include "web/layout.html.h"
#include "web/live.h"
#include "web/login.h"
#include "web/metrics.h"
#include "web/page.h"
#include "web/query.h"
#include "web/reply.h"
#include "web/visitor.h"

const struct refusal refusal_not_found = {404, "not_found",
                                          N_("There is nothing at this address.")};
const struct refusal refusal_bad_request = {400, "bad_request",
                                            N_("This request could not be read.")};
const struct refusal refusal_fields = {
    422, "fields", N_("Something is missing or not right yet. Please look at the marked fields.")};
static const struct refusal method_unknown = {405, "method",
                                              N_("This cannot be done at this address.")};
static const struct refusal too_often = {
    429, "too_often",
    N_("This was done very often from your network within the last minutes. Please try again in a "
       "little while.")};
static const struct refusal fault = {
    503, "fault",
    N_("Something went wrong on our side. Nothing is lost: please try again in a moment.")};
static const struct refusal busy = {
    503, "busy", N_("Many people are here right now. Please try again in a few seconds.")};

const char *request_id(struct request *rq)
{
    if (!*rq->id) /* in the request itself: its memory is rewound when a batch runs again */
        snprintf(rq->id, sizeof rq->id, "%s",
                 random_handle(rq->work.app->random, rq->work.mem, REQUEST_ID_CHARS));
    return rq->id;
}

bool request_reads_only(const struct request *rq)
{
    return str_equal(rq->http->method, "GET") || str_equal(rq->http->method, "HEAD");
}

const char *request_query(const struct request *rq, const char *name)
{
    const struct query *query = rq->route->queries;
    for (int i = 0; i < ROUTE_QUERIES_MAX && query[i].name; i++)
        if (str_equal(query[i].name, name)) {
            const char *value = form_value_get(rq->query, name);
            return value && query_fits(query[i].kind, value) ? value : "";
        }
    assert(false && "the route declares the query fields that its handler reads");
    return "";
}

/* Asked for, or sent by who does not say what they would like back. */
static bool asks_for_json(const struct http_request *http)
{
    const char *accept = http_header(http, "Accept");
    if (!accept || str_equal(accept, "*/*"))
        return form_is_json(http);
    return accept_prefers_json(accept);
}

const struct lang *request_lang(struct request *rq)
{
    const struct langs *langs = rq->work.app->langs;
    const char *asked = form_value_get(rq->query, "lang");
    const struct lang *lang = asked ? lang_get(langs, asked) : NULL;
    if (!lang)
        lang = lang_get(langs, request_cookie(rq, "lang"));
    return lang ? lang : lang_accept(langs, http_header(rq->http, "Accept-Language"));
}

/* The one that is asked for, or the community's own. */
static const struct lang *lang_of(struct request *rq)
{
    const struct langs *langs = rq->work.app->langs;
    const struct lang *lang = request_lang(rq);
    if (!lang && rq->work.community)
        lang = lang_get(langs, rq->work.community->language);
    return lang ? lang : lang_at(langs, 0);
}

/* What the page reads of the query, and `lang`, which is for every page. What others add to links
 * that go round is theirs. */
static const struct refusal *query_read(struct request *rq)
{
    const char *names[ROUTE_QUERIES_MAX + 2] = {"lang"};
    for (int i = 0; rq->route && i < ROUTE_QUERIES_MAX && rq->route->queries[i].name; i++)
        names[i + 1] = rq->route->queries[i].name;
    return form_pairs_named(rq->work.mem, rq->http->query, names, &rq->query);
}

/* Route, access, origin, query and form: all that can be refused before the database is asked. The
 * route comes first: what it says of secrets holds for refusals too. */
static const struct refusal *request_read(struct request *rq)
{
    struct mem *mem = rq->work.mem;
    const struct http_request *http = rq->http;
    struct route_match match = route_find(rq->work.app->routes, mem, http->method, http->path);
    rq->route = match.route;
    rq->allow = match.allow;
    memcpy(rq->params, match.params, sizeof rq->params);
    const struct refusal *refusal = query_read(rq);
    if (!rq->route)
        return match.allow ? &method_unknown : &refusal_not_found;
    if (refusal || (refusal = access_check(rq)) || (refusal = origin_check(rq)))
        return refusal;
    return rq->route->form ? form_read(mem, rq->route->form, http, &rq->input) : NULL;
}

/* The refusal as JSON, or as a page of its own. */
static void reply_refusal(struct request *rq, const struct refusal *refusal)
{
    if (rq->wants_json) {
        reply_problem(rq, refusal);
        return;
    }
    const struct page page = {.title = lang_text(rq->lang, N_("Sorry")), .noindex = true};
    struct html *h = page_begin(rq, &page);
    refusal_page(h, lang_text(rq->lang, refusal->sentence), refusal->status);
    page_end(rq, h, refusal->status);
}

/* An answer for which nothing may be read any more. */
static void reply_fault(struct request *rq, const struct refusal *refusal)
{
    metrics_note_fault(rq->work.app->metrics);
    if (rq->fault)
        log_event(LOG_ERROR, "fault", log_text("request", request_id(rq)),
                  log_text("route", rq->route ? rq->route->path : ""),
                  log_text("error", rq->fault));
    if (rq->wants_json) {
        reply_problem(rq, refusal);
    } else {
        struct html h = {
            .out = buf_new(rq->work.mem, REPLY_BYTES_MAX), .lang = rq->lang, .mem = rq->work.mem};
        fault_page(&h, lang_text(rq->lang, refusal->sentence), request_id(rq),
                   asset_url("app.css"));
        reply_body(rq, refusal->status, "text/html; charset=utf-8", h.out->bytes, h.out->length);
    }
    http_reply_header(&rq->reply, "Cache-Control", "no-store");
}

/* The refused form's page again, with what was typed, when the route has one. The handler's writes
 * are undone first. After a fault the refusal means nothing: a row that could not be read looks
 * like one that is not there. */
static void request_refuse(struct request *rq, const struct refusal *refusal)
{
    struct tx *tx = rq->work.tx;
    if (tx_fault(tx))
        return;
    if (tx_is_write(tx) && !refusal->keeps)
        tx_step_undo(tx);
    if (tx_fault(tx))
        return; /* all of it is run again */
    rq->retry_seconds =
        refusal == &too_often ? rate_pause_seconds(rq->route->rate) : refusal->retry_seconds;
    assert(refusal->status != 429 || rq->retry_seconds > 0);
    if (rq->route && rq->route->show && !rq->wants_json) {
        rq->refusal = refusal;
        refusal = rq->route->show(rq);
        rq->refusal = NULL;
    }
    if (refusal) /* which no page has told yet */
        reply_refusal(rq, refusal);
}

/* Fields are wrong, and the handler has no errors of its own to add to those. */
static bool has_errors(const struct request *rq)
{
    return rq->input.errors && !(rq->route->flags & ROUTE_ADDS_ERRORS);
}

/* Who is signed in; a guest has no such cookie, and asks nothing of the database. */
static const struct login *login_of(struct request *rq)
{
    const char *token = request_cookie(rq, LOGIN_COOKIE);
    return *token ? rq->work.app->find_login(&rq->work, token) : NULL;
}

/* A page that one must be signed in for leads there, and back. */
static void reply_sign_in(struct request *rq)
{
    const char *here = *rq->http->query
                           ? mem_printf(rq->work.mem, "%s?%s", rq->http->path, rq->http->query)
                           : rq->http->path;
    const char *path = path_make(rq->work.mem, "/sign-in?next=%s", here);
    reply_see_other(rq, path_is_local(here) && path_is_local(path) ? path : "/sign-in");
}

/* Whether they may, as far as it depends on who is signed in. True: the handler may be asked. */
static bool request_may(struct request *rq)
{
    const struct refusal *refusal = access_check_login(rq);
    if (refusal == &access_signed_out && request_reads_only(rq) && !rq->wants_json)
        reply_sign_in(rq);
    else if (refusal)
        reply_refusal(rq, refusal);
    return !refusal;
}

/* By the handler, unless too much came from that network. */
static const struct refusal *handle(struct request *rq)
{
    const struct route *route = rq->route;
    if (route->rate && !work_rate(&rq->work, route->rate))
        return &too_often;
    const struct refusal *refusal = route->handle(rq);
    if (route->rate && !refusal && rate_is_of_refused(route->rate))
        work_rate_give_back(&rq->work, route->rate);
    return refusal;
}

/* Community, who is signed in, language, handler; `refusal` is what request_read found: then no
 * handler is asked, nor any page shown that is not the frame's. True: the handler accepted, and
 * what it wrote is to be kept. After a fault there is no answer yet. */
static bool request_run(struct request *rq, const struct refusal *refusal)
{
    struct work *work = &rq->work;
    const char *host = http_header(rq->http, "Host");
    work->community = work->app->find_community(work, host ? host : "");
    work->login = work->community ? login_of(rq) : NULL;
    rq->lang = lang_of(rq);
    bool accepted = false;
    if (!work->community) {
        rq->fault = "there is no community yet";
    } else if (refusal) {
        reply_refusal(rq, refusal);
    } else if (request_may(rq)) {
        refusal = has_errors(rq) ? &refusal_fields : handle(rq);
        if (!refusal && rq->input.errors)
            refusal = &refusal_fields; /* what is wrong is never accepted, whoever forgot it */
        if (refusal)
            request_refuse(rq, refusal);
        accepted = !refusal || refusal->keeps;
    }
    if (tx_fault(work->tx))
        rq->fault = mem_strdup(work->mem, tx_error(work->tx));
    else if (mem_is_over(work->mem))
        rq->fault = "memory";
    return accepted && !rq->fault;
}

/* Requests for the same, about which much the same is asked. */
static void say_about(struct request *rq)
{
    const struct http_request *http = rq->http;
    const char *host = http_header(http, "Host");
    if (!host)
        host = "";
    const char *subject =
        mem_join(rq->work.mem, http->method, " ", host, http->path, "?", http->query);
    tx_about(rq->work.tx, subject);
}

static void request_note(const struct request *rq)
{
    metrics_note_request(rq->work.app->metrics, rq->route, rq->reply.status,
                         clock_monotonic_us() - rq->began_us);
}

static void request_answer(struct request *rq)
{
    if (!rq->exchange && !reply_collect(rq))
        reply_fault(rq, &fault);
    reply_finish(rq);
    bool is_sent = rq->has_place && visitor_keep(rq);
    request_note(rq);
    if (rq->exchange && !is_sent)
        http_answer(rq->exchange, &rq->reply);
}

/* Hands the connection over to the live streams. */
static void request_follow(struct request *rq)
{
    int socket = http_take_socket(rq->exchange);
    if (socket < 0) {
        reply_fault(rq, &busy);
        request_answer(rq);
        return;
    }
    request_note(rq);
    live_follow(rq->work.app->live, socket, rq->live, rq->work.community, rq->live_data);
}

/* A link that asks for a language is remembered, so that it works without any script: see
 * docs/decisions/0004-language-link-remembers.md. */
static void remember_language(struct request *rq)
{
    const char *asked = form_value_get(rq->query, "lang");
    const struct lang *lang = asked ? lang_get(rq->work.app->langs, asked) : NULL;
    if (lang && !rq->wants_json && !str_equal(request_cookie(rq, "lang"), lang_code(lang)))
        reply_language(rq, lang);
}

/* In a read-only snapshot. False: the database is away; what has a fault of its own is not that. */
static bool read_run(struct request *rq, const struct refusal *refusal)
{
    struct db_readers *readers = rq->work.app->readers;
    struct db *db = db_readers_take(readers);
    rq->since = commits_last(rq->work.app->commits);
    if (!db) {
        rq->fault = "the database cannot be opened";
        return false;
    }
    rq->work.tx = db_begin(db, rq->work.mem);
    tx_limit(rq->work.tx, READ_MS_MAX);
    say_about(rq);
    request_run(rq, refusal);
    tx_rollback(rq->work.tx);
    bool is_there = !rq->fault || !db_wants_reopen(db);
    db_readers_give(readers, db);
    return is_there;
}

/* A GET, or what is refused before it could write: at once. */
static void serve_read(struct request *rq, const struct refusal *refusal)
{
    if (!read_run(rq, refusal) && visitor_find_away(rq)) {
        request_note(rq);
        return;
    }
    if (rq->fault)
        reply_fault(rq, &fault);
    else if (request_reads_only(rq))
        remember_language(rq);
    if (rq->live_data && rq->exchange && !rq->fault && str_equal(rq->http->method, "GET"))
        request_follow(rq);
    else
        request_answer(rq);
}

static struct request *request_of(struct writer_task *task)
{
    return (struct request *)((char *)task - offsetof(struct request, task));
}

static bool task_run(struct writer_task *task, struct tx *tx)
{
    struct request *rq = request_of(task);
    rq->work.tx = tx;
    rq->work.now = clock_now(rq->work.app->clock);
    rq->work.read = rq->work.touched = (struct notes){0};
    rq->input = rq->sent;
    rq->fault = NULL;
    say_about(rq);
    return request_run(rq, NULL);
}

static void task_done(struct writer_task *task, enum writer_end end)
{
    struct request *rq = request_of(task);
    rq->work.tx = NULL;
    if (writer_may_have_kept(end) && rq->work.touched.count)
        commits_publish(rq->work.app, &rq->work.touched);
    if (!rq->fault && (end == WRITER_FAULT || end == WRITER_UNSURE))
        rq->fault = "the commit failed";
    if (!rq->fault && end == WRITER_TOO_LONG)
        rq->fault = "out of time";
    if (rq->fault)
        reply_fault(rq, &fault);
    request_answer(rq);
}

/* Everything else: by the writer, which answers after its commit. */
static void serve_write(struct request *rq)
{
    rq->sent = rq->input;
    rq->task = (struct writer_task){
        .lane = rq->route->flags & ROUTE_URGENT ? LANE_URGENT : LANE_BULK,
        .mem = rq->work.mem,
        .touched = &rq->work.touched,
        .run = task_run,
        .done = task_done,
    };
    if (rq->exchange)
        http_suspend(rq->exchange);
    if (writer_submit(rq->work.app->writer, &rq->task))
        return;
    rq->fault = "the queue is full";
    reply_fault(rq, &busy);
    request_answer(rq);
}

void request_serve(struct request *rq)
{
    const struct refusal *refusal = request_read(rq);
    rq->wants_json = asks_for_json(rq->http);
    if (!refusal && request_reads_only(rq) && visitor_find(rq)) {
        request_note(rq);
        return;
    }
    rq->lang = lang_of(rq);
    if (!refusal && rq->route->flags & ROUTE_NO_DATABASE) {
        refusal = rq->route->handle(rq);
        if (!refusal)
            request_answer(rq);
        else
            serve_read(rq, refusal);
    } else if (refusal || request_reads_only(rq)) {
        serve_read(rq, refusal);
    } else {
        serve_write(rq);
    }
}

struct request *request_new(const struct app *app, struct mem *mem, const struct http_request *http,
                            struct http_exchange *exchange)
{
    struct request *rq = MEM_NEW(mem, struct request);
    rq->work = (struct work){.app = app, .mem = mem, .now = clock_now(app->clock)};
    rq->http = http;
    rq->exchange = exchange;
    rq->work.client = access_client(rq);
    rq->began_us = clock_monotonic_us();
    return rq;
}

void request_handle(void *context, struct http_exchange *exchange)
{
    struct request *rq = request_new(context, http_mem(exchange), http_request(exchange), exchange);
    request_serve(rq);
}
