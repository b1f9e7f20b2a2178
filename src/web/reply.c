/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers: their bodies and headers. The security headers stand here, once, for every answer. */
#include "web/reply.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/json.h"
#include "sys/lang.h"
#include "web/app.h"
#include "web/request.h"
#include "web/view.h"

enum { LANG_COOKIE_SECONDS = 365 * 24 * 3600 };

#define POLICY_BASE                                                                                \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "   \
    "connect-src 'self'; form-action 'self'; base-uri 'none'; "

static const char policy_page[] = POLICY_BASE "frame-ancestors 'none'";
static const char policy_frames[] = POLICY_BASE "frame-src 'self'; frame-ancestors 'none'";
static const char policy_framed[] =
    "default-src 'none'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox";

static const char *policy_of(const struct route *route)
{
    if (route && route->flags & ROUTE_FRAMED)
        return policy_framed;
    if (route && route->flags & ROUTE_FRAMES)
        return policy_frames;
    return policy_page;
}

static bool is_https(const struct request *rq)
{
    return str_starts(rq->work.app->config->base_url, "https:");
}

const char *reply_header(const struct request *rq, const char *name)
{
    for (int i = 0; i < rq->reply.headers_count; i++)
        if (str_equal(rq->reply.headers[i].name, name))
            return rq->reply.headers[i].value;
    return "";
}

void reply_finish(struct request *rq)
{
    struct http_reply *reply = &rq->reply;
    assert(reply->status); /* every handler answers or refuses */
    http_reply_header(reply, "Content-Security-Policy", policy_of(rq->route));
    http_reply_header(reply, "X-Content-Type-Options", "nosniff");
    http_reply_header(reply, "Referrer-Policy", "same-origin");
    http_reply_header(reply, "Cross-Origin-Opener-Policy", "same-origin");
    http_reply_header(reply, "Cross-Origin-Resource-Policy", "same-origin");
    http_reply_header(reply, "X-Robots-Tag", route_may_be_kept(rq->route) ? "all" : "noindex");
    if (is_https(rq))
        http_reply_header(reply, "Strict-Transport-Security", "max-age=31536000");
    if (reply->status == 503)
        http_reply_header(reply, "Retry-After", "5");
    if (reply->status == 429)
        http_reply_header(reply, "Retry-After",
                          mem_printf(rq->work.mem, "%lld", (long long)rq->retry_seconds));
    if (reply->status == 405)
        http_reply_header(reply, "Allow", rq->allow);
    if (*reply_header(rq, "Cache-Control"))
        return;
    const char *kept = rq->work.login ? "private, no-cache" : "no-cache";
    http_reply_header(reply, "Cache-Control", route_may_be_kept(rq->route) ? kept : "no-store");
    http_reply_header(reply, "Vary", "Accept, Accept-Language, Accept-Encoding, Cookie");
}

/* Begins the answer anew: what an earlier one (a refused form, a broken batch) had set is gone. */
static void reply_start(struct request *rq, int status)
{
    rq->reply = (struct http_reply){.status = status};
}

void reply_body(struct request *rq, int status, const char *type, const char *bytes, size_t count)
{
    reply_start(rq, status);
    http_reply_header(&rq->reply, "Content-Type", type);
    rq->reply.body = bytes;
    rq->reply.body_count = count;
}

void reply_text(struct request *rq, int status, const char *type, const char *text)
{
    reply_body(rq, status, type, text, strlen(text));
}

/* Takes the object over. */
static void reply_object(struct request *rq, int status, const char *type, json_t *object)
{
    struct buf *out = buf_new(rq->work.mem, REPLY_BYTES_MAX);
    buf_put_json(out, object, JSON_COMPACT);
    json_decref(object);
    if (out->over)
        rq->fault = "the answer is too large";
    reply_body(rq, status, type, out->bytes, out->length);
}

static void reply_view(struct request *rq, json_t *object)
{
    int status = rq->route->json_status;
    reply_object(rq, status ? status : 200, "application/json", object);
}

void reply_json(struct request *rq, const struct view *view, const void *data)
{
    assert(view == rq->route->json && !view->panels); /* what is documented is what is written */
    reply_view(rq, view_object(rq->work.mem, view, data));
}

void reply_json_panels(struct request *rq, const struct view *view, const void *data,
                       int64_t object_id)
{
    assert(view == rq->route->json && view->panels);
    struct json_t *object = view_object(rq->work.mem, view, data);
    feature_panels_json(&rq->work, object, view->panels, object_id);
    reply_view(rq, object);
}

void reply_see_other(struct request *rq, const char *path)
{
    assert(path_is_local(path));
    reply_text(rq, 303, "text/plain; charset=utf-8", "");
    http_reply_header(&rq->reply, "Location", path);
}

static const char *cookie_name(struct request *rq, const char *name)
{
    return is_https(rq) ? mem_printf(rq->work.mem, "__Host-%s", name) : name;
}

void reply_cookie(struct request *rq, const char *name, const char *value, int64_t seconds)
{
    http_reply_header(&rq->reply, "Set-Cookie",
                      mem_printf(rq->work.mem,
                                 "%s=%s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Lax%s",
                                 cookie_name(rq, name), value, (long long)seconds,
                                 is_https(rq) ? "; Secure" : ""));
}

const char *request_cookie(struct request *rq, const char *name)
{
    const char *at = http_header(rq->http, "Cookie");
    if (!at)
        return "";
    const char *wanted = cookie_name(rq, name);
    size_t count = strlen(wanted);
    while (*at) {
        at += strspn(at, "; ");
        size_t length = strcspn(at, ";");
        if (length > count && at[count] == '=' && memcmp(at, wanted, count) == 0)
            return mem_strndup(rq->work.mem, at + count + 1, length - count - 1);
        at += length;
    }
    return "";
}

void reply_language(struct request *rq, const struct lang *lang)
{
    reply_cookie(rq, "lang", lang_code(lang), LANG_COOKIE_SECONDS);
}

void reply_live(struct request *rq, enum object_kind kind, int64_t id, live_data *data)
{
    rq->live = (struct object){kind, id};
    rq->live_data = data;
    reply_text(rq, 200, "text/event-stream",
               mem_printf(rq->work.mem, "event: progress\ndata: %s\n\n", data(&rq->work, id)));
}

static json_t *errors_json(struct request *rq)
{
    json_t *errors = json_object();
    for (const struct form_error *error = rq->input.errors; error; error = error->next)
        json_object_set_new(
            errors, error->field,
            json_string(form_error_words(rq->work.mem, rq->lang, &rq->input, error->field)));
    return errors;
}

void reply_problem(struct request *rq, const struct refusal *refusal)
{
    const char *words = lang_text(rq->lang, refusal->sentence);
    json_t *problem =
        json_pack("{s:s, s:s, s:i, s:s, s:s}", "type", "about:blank", "title", words, "status",
                  refusal->status, "code", refusal->name, "request", request_id(rq));
    if (rq->input.errors)
        json_object_set_new(problem, "errors", errors_json(rq));
    reply_object(rq, refusal->status, "application/problem+json", problem);
}
