/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The routes that belong to the frame itself: assets, language, robots.txt, health, metrics, the
 * OpenAPI document. */
#include "web/site.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/lang.h"
#include "web/accept.h"
#include "web/app.h"
#include "web/assets.h"
#include "web/feature.h"
#include "web/metrics.h"
#include "web/openapi.h"
#include "web/reply.h"
#include "web/request.h"

static const struct refusal not_well = {503, "not_well",
                                        N_("The server cannot write at the moment.")};

/* The variant that the browser takes: brotli, else gzip, else as it is. */
static void reply_asset(struct request *rq, const struct asset *asset)
{
    const char *accept = http_header(rq->http, "Accept-Encoding");
    bool brotli = asset->brotli && accept_takes_coding(accept, "br");
    bool gzip = !brotli && asset->gzip && accept_takes_coding(accept, "gzip");
    const unsigned char *bytes = brotli ? asset->brotli : gzip ? asset->gzip : asset->bytes;
    size_t count = brotli ? asset->brotli_count : gzip ? asset->gzip_count : asset->count;
    reply_body(rq, 200, asset->type, (const char *)bytes, count);
    rq->reply.is_static = true;
    if (brotli || gzip)
        http_reply_header(&rq->reply, "Content-Encoding", brotli ? "br" : "gzip");
    http_reply_header(&rq->reply, "Vary", "Accept-Encoding");
}

static const struct refusal *asset_handle(struct request *rq)
{
    const struct asset *asset = asset_by_url(rq->http->path);
    if (!asset)
        return &refusal_not_found;
    reply_asset(rq, asset);
    http_reply_header(&rq->reply, "Cache-Control", "public, max-age=31536000, immutable");
    return NULL;
}

/* Browsers ask for it by this name whatever the page says. */
static const struct refusal *favicon_handle(struct request *rq)
{
    reply_asset(rq, asset_by_url(asset_url("icon.svg")));
    http_reply_header(&rq->reply, "Cache-Control", "public, max-age=86400");
    return NULL;
}

static const struct refusal *robots_handle(struct request *rq)
{
    reply_text(rq, 200, "text/plain; charset=utf-8",
               "User-agent: *\nDisallow: /sign-ups/\nDisallow: /mailbox\n");
    return NULL;
}

static const struct refusal *healthz_handle(struct request *rq)
{
    if (!writer_is_well(rq->work.app->writer))
        return &not_well;
    reply_text(rq, 200, "text/plain; charset=utf-8", "ok\n");
    return NULL;
}

/* Of the whole process and install, whatever the community is that the address names. */
static const struct refusal *metrics_handle(struct request *rq)
{
    struct buf *out = buf_new(rq->work.mem, REPLY_BYTES_MAX);
    metrics_write(rq->work.app, out);
    for (const struct feature *const *f = rq->work.app->features; *f; f++)
        if ((*f)->measure)
            (*f)->measure(&rq->work, out);
    reply_body(rq, 200, "text/plain; version=0.0.4; charset=utf-8", out->bytes, out->length);
    return NULL;
}

struct language_form {
    const char *lang;
    const char *next;
};

static const struct form language_form = {"language", sizeof(struct language_form),
                                          (const struct field[]){
                                              {.name = "lang",
                                               .label = N_("Language"),
                                               .kind = FIELD_HANDLE,
                                               .required = true,
                                               .min = 2,
                                               .max = 8,
                                               .offset = offsetof(struct language_form, lang)},
                                              {.name = "next",
                                               .label = N_("Back to"),
                                               .kind = FIELD_PATH,
                                               .offset = offsetof(struct language_form, next)},
                                              {.name = NULL},
                                          }};

static const struct refusal *language_handle(struct request *rq)
{
    const struct language_form *form = rq->input.parsed;
    const struct lang *lang = lang_get(rq->work.app->langs, form->lang);
    if (!lang) {
        form_error_add(rq->work.mem, &rq->input, "lang",
                       N_("Please choose one of the offered answers."), 0);
        return &refusal_fields;
    }
    reply_see_other(rq, str_is_empty(form->next) ? "/" : form->next);
    reply_language(rq, lang);
    return NULL;
}

const struct feature site_feature = {
    .name = "site",
    .routes =
        (const struct route[]){
            {"GET", "/assets/:file", ACCESS_ANYONE, .flags = ROUTE_NO_DATABASE,
             .handle = asset_handle, .type = "*/*"},
            {"GET", "/favicon.ico", ACCESS_ANYONE, .flags = ROUTE_NO_DATABASE,
             .handle = favicon_handle, .type = "image/svg+xml"},
            {"GET", "/robots.txt", ACCESS_ANYONE, .flags = ROUTE_NO_DATABASE,
             .handle = robots_handle, .type = "text/plain"},
            {"GET", "/healthz", ACCESS_ANYONE, .flags = ROUTE_NO_STORE, .handle = healthz_handle,
             .type = "text/plain"},
            {"GET", "/api/openapi.json", ACCESS_ANYONE, .flags = ROUTE_NO_DATABASE | ROUTE_TAGGED,
             .handle = openapi_handle, .type = "application/json"},
            {"GET", "/metrics", ACCESS_LOOPBACK, .flags = ROUTE_NO_STORE, .handle = metrics_handle,
             .type = "text/plain"},
            {"POST", "/language", ACCESS_ANYONE, .form = &language_form, .handle = language_handle},
            {.method = NULL},
        },
    .export_person = feature_keeps_no_person,
    .forget_person = feature_forgets_no_person,
};
