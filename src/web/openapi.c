/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The document: an operation for each route, its parameters, body and answers; and what they refer
 * to. It is made once, when it is first asked for: no start and no other request pays for it. */
#include "web/openapi.h"

#include <ctype.h>
#include <jansson.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/crypt.h"
#include "sys/json.h"
#include "web/app.h"
#include "web/feature.h"
#include "web/form.h"
#include "web/openapi_local.h"
#include "web/query.h"
#include "web/request.h"
#include "web/view.h"

enum { OPENAPI_BYTES_MAX = 2 * 1024 * 1024, OPENAPI_MEMORY_MAX = 16 * 1024 * 1024 };

static const char about[] =
    "Each page of Essaim answers JSON under its own address when `Accept: application/json` is "
    "sent, and each form takes JSON under the same names. Times are RFC 3339 in UTC. Errors are "
    "problem details (RFC 9457); `errors` says what is wrong beside which field. A request that "
    "changes something and carries a cookie must come from this site: browsers say so by "
    "`Sec-Fetch-Site`, others send `Origin`.";

static const struct {
    int status;
    const char *name;
    const char *about;
} statuses[] = {
    {200, "ok", "What was asked for."},
    {201, "made", "It is made."},
    {202, "taken", "It is taken on, and done in the background."},
    {303, "leads_on", "It goes on at the address in `Location`."},
    {304, "not_changed", "The one with that ETag is still the present one."},
    {400, "bad_request", "The query or the body could not be read."},
    {401, "sign_in", "One must be signed in."},
    {403, "cross_site", "It came from another site."},
    {404, "not_found", "There is nothing here, or nothing that one may see."},
    {409, "conflict", "As things stand, it cannot be done."},
    {413, "too_long", "The body is too long."},
    {415, "body_type", "The body is of a type that is not read here."},
    {422, "fields", "Something in the fields is missing or wrong: see `errors`."},
    {429, "too_often", "It was done too often; see `Retry-After`."},
    {503, "fault", "Too many at once, or a fault: nothing was changed. See `Retry-After`."},
};
enum { STATUSES = sizeof statuses / sizeof *statuses };

/* The document being written. */
struct writing {
    struct mem *mem;
    const struct feature *const *features;
    json_t *paths;
    json_t *schemas;
};

static int row_of_status(int status)
{
    int i = 0;
    while (i < STATUSES - 1 && statuses[i].status != status)
        i++;
    return i;
}

/* "/campaigns/:slug" as "/campaigns/{slug}". */
static const char *path_template(struct mem *mem, const char *path)
{
    struct buf *out = buf_new(mem, PATH_PARAM_BYTES_MAX);
    for (const char *at = path; *at;) {
        size_t count = strcspn(at + 1, "/") + 1;
        if (at[1] == ':')
            buf_printf(out, "/{%.*s}", (int)count - 2, at + 2);
        else
            buf_add(out, at, count);
        at += count;
    }
    return out->bytes;
}

/* "get_campaigns_by_slug": no two routes have the same method and path. */
static const char *operation_id(struct mem *mem, const struct route *route)
{
    struct buf *out = buf_new(mem, PATH_PARAM_BYTES_MAX);
    for (const char *c = route->method; *c; c++)
        buf_put_char(out, (char)tolower((unsigned char)*c));
    for (const char *c = route->path; *c; c++)
        if (*c == ':')
            buf_put(out, "by_");
        else if (isalnum((unsigned char)*c))
            buf_put_char(out, *c);
        else
            buf_put_char(out, '_');
    return out->bytes;
}

static const char *summary_of(struct mem *mem, const struct route *route)
{
    const char *verb = str_equal(route->method, "GET") ? "Reads" : "Posts to";
    return mem_printf(mem, "%s %s", verb, path_template(mem, route->path));
}

static const char *access_words(enum access access)
{
    switch (access) {
    case ACCESS_UNSTATED:
    case ACCESS_ANYONE:
        return "For everybody.";
    case ACCESS_LINK:
        return "For whoever holds the secret that stands in the address, from a mail.";
    case ACCESS_SIGNED_IN:
        return "For who is signed in.";
    case ACCESS_ORGANISER:
        return "For who leads the campaign: its organisers, and the community's facilitators.";
    case ACCESS_FACILITATOR:
        return "For the community's facilitators.";
    case ACCESS_ADMINISTRATOR:
        return "For the community's administrators.";
    case ACCESS_LOOPBACK:
        return "From the server's own machine only.";
    }
    return "";
}

static json_t *parameter(const char *name, const char *in, const char *words, json_t *schema)
{
    return json_pack("{s:s, s:s, s:b, s:s, s:o}", "name", name, "in", in, "required",
                     str_equal(in, "path"), "description", words, "schema", schema);
}

/* The rest of an address is letters, digits, '-' and '_': slugs, handles and tokens; but for files.
 */
static json_t *path_schema(const char *name)
{
    const char *pattern = str_equal(name, "slug")   ? "^[a-z0-9-]+$"
                          : str_equal(name, "file") ? "^[A-Za-z0-9_.-]+$"
                                                    : "^[A-Za-z0-9_-]+$";
    return json_pack("{s:s, s:i, s:i, s:s}", "type", "string", "minLength", 1, "maxLength",
                     PATH_PARAM_BYTES_MAX, "pattern", pattern);
}

static json_t *parameters_of(struct mem *mem, const struct route *route)
{
    json_t *list = json_array();
    for (const char *at = route->path; (at = strstr(at, "/:"));) {
        at += 2;
        const char *name = mem_strndup(mem, at, strcspn(at, "/"));
        bool is_secret = str_equal(name, "token");
        json_array_append_new(list,
                              parameter(name, "path",
                                        is_secret ? "A secret, from a mail: whoever holds it may."
                                                  : "As it stands in the answers that lead here.",
                                        path_schema(name)));
    }
    for (int i = 0; i < ROUTE_QUERIES_MAX && route->queries[i].name; i++) {
        const struct query *query = &route->queries[i];
        json_array_append_new(list,
                              parameter(query->name, "query", query_rule_of(query->kind)->about,
                                        openapi_query_schema(query)));
    }
    json_array_append_new(list, json_pack("{s:s}", "$ref", "#/components/parameters/lang"));
    return list;
}

/* A schema under its name, once. */
static void schema_add(struct writing *w, const char *name, json_t *schema)
{
    if (json_object_get(w->schemas, name))
        json_decref(schema);
    else
        json_object_set_new(w->schemas, name, schema);
}

static void view_schemas_add(struct writing *w, const struct view *view);

static void field_schemas_add(struct writing *w, const struct view *view)
{
    for (const struct view_field *field = view->fields; field->name; field++)
        if (field->of)
            view_schemas_add(w, field->of);
}

/* The view's schema, and those of all that it holds. */
static void view_schemas_add(struct writing *w, const struct view *view)
{
    const struct view *panel;
    if (json_object_get(w->schemas, view->name))
        return;
    schema_add(w, view->name, openapi_view_schema(w->features, view));
    field_schemas_add(w, view);
    for (int i = 0; view->panels && (panel = feature_panel_view(w->features, view->panels, i)); i++)
        field_schemas_add(w, panel);
}

static json_t *body_of(struct writing *w, const struct form *form)
{
    static const char *const types[] = {"application/json", "application/x-www-form-urlencoded",
                                        "multipart/form-data"};
    const char *name = mem_printf(w->mem, "form.%s", form->name);
    json_t *content = json_object();
    bool required = false;
    for (const struct field *field = form->fields; field->name; field++)
        required |= field->required;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        json_object_set_new(
            content, types[i],
            json_pack("{s:{s:s+}}", "schema", "$ref", "#/components/schemas/", name));
    schema_add(w, name, openapi_form_schema(form));
    return json_pack("{s:b, s:o}", "required", required, "content", content);
}

static json_t *content_schema(const struct route *route, const char *type)
{
    if (route->json && str_equal(type, "application/json"))
        return json_pack("{s:s+}", "$ref", "#/components/schemas/", route->json->name);
    return json_pack("{s:s}", "type", strstr(type, "json") ? "object" : "string");
}

static json_t *responses_of(struct writing *w, const struct route *route)
{
    struct route_answer answers[ROUTE_ANSWERS_MAX];
    int count = route_answers(route, answers);
    json_t *responses = json_object();
    for (int i = 0; i < count; i++) {
        const struct route_answer *answer = &answers[i];
        const char *status = mem_printf(w->mem, "%d", answer->status);
        int row = row_of_status(answer->status);
        if (answer->status >= 300) {
            json_object_set_new(
                responses, status,
                json_pack("{s:s+}", "$ref", "#/components/responses/", statuses[row].name));
            continue;
        }
        json_t *response = json_object_get(responses, status);
        if (!response) {
            response = json_pack("{s:s, s:{}}", "description", statuses[row].about, "content");
            json_object_set_new(responses, status, response);
        }
        json_object_set_new(json_object_get(response, "content"), answer->type,
                            json_pack("{s:o}", "schema", content_schema(route, answer->type)));
    }
    return responses;
}

/* Who is signed in may see more also where everybody may look. */
static json_t *security_of(const struct route *route)
{
    return route_wants_login(route) ? json_pack("[{s:[]}]", "login")
                                    : json_pack("[{}, {s:[]}]", "login");
}

static void operation_add(struct writing *w, const struct feature *feature,
                          const struct route *route)
{
    const char *path = path_template(w->mem, route->path);
    const char *method = str_lower(w->mem, route->method);
    json_t *item = json_object_get(w->paths, path);
    json_t *operation = json_pack(
        "{s:s, s:s, s:s, s:[s], s:o, s:o}", "operationId", operation_id(w->mem, route), "summary",
        summary_of(w->mem, route), "description", access_words(route->access), "tags",
        feature->name, "security", security_of(route), "parameters", parameters_of(w->mem, route));
    if (route->form)
        json_object_set_new(operation, "requestBody", body_of(w, route->form));
    json_object_set_new(operation, "responses", responses_of(w, route));
    if (route->json)
        view_schemas_add(w, route->json);
    if (!item) {
        item = json_object();
        json_object_set_new(w->paths, path, item);
    }
    json_object_set_new(item, method, operation);
}

static json_t *response_of_status(int row)
{
    json_t *content =
        json_pack("{s:{s:{s:s}}, s:{s:{s:s}}}", "application/problem+json", "schema", "$ref",
                  "#/components/schemas/problem", "text/html", "schema", "type", "string");
    json_t *response = json_pack("{s:s}", "description", statuses[row].about);
    if (statuses[row].status >= 400)
        json_object_set(response, "content", content);
    json_decref(content);
    if (statuses[row].status == 303)
        json_object_set_new(response, "headers",
                            json_pack("{s:{s:s, s:{s:s}}}", "Location", "description",
                                      "Where it goes on.", "schema", "type", "string"));
    return response;
}

static json_t *components_of(struct writing *w)
{
    json_t *responses = json_object();
    for (int i = 0; i < STATUSES; i++)
        if (statuses[i].status >= 300)
            json_object_set_new(responses, statuses[i].name, response_of_status(i));
    json_t *language =
        parameter("lang", "query", "The language of the answer, before any other wish.",
                  json_pack("{s:s, s:i}", "type", "string", "maxLength", QUERY_NAMES_CHARS_MAX));
    json_t *login =
        json_pack("{s:s, s:s, s:s, s:s}", "type", "apiKey", "in", "cookie", "name", LOGIN_COOKIE,
                  "description",
                  "Set by signing in. Where the site is https, it is __Host-" LOGIN_COOKIE ".");
    schema_add(w, "problem", openapi_problem_schema());
    return json_pack("{s:o, s:o, s:{s:o}, s:{s:o}}", "schemas", w->schemas, "responses", responses,
                     "parameters", "lang", language, "securitySchemes", "login", login);
}

const char *openapi_text(struct mem *mem, const struct feature *const *features,
                         const char *base_url)
{
    struct writing w = {mem, features, json_object(), json_object()};
    json_t *tags = json_array();
    for (const struct feature *const *f = features; *f; f++) {
        for (const struct route *route = (*f)->routes; route && route->method; route++)
            operation_add(&w, *f, route);
        if ((*f)->routes)
            json_array_append_new(tags, json_pack("{s:s, s:s+}", "name", (*f)->name, "description",
                                                  "Of the feature ", (*f)->name));
    }
    json_t *components = components_of(&w);
    json_t *document = json_pack(
        "{s:s, s:{s:s, s:s, s:s, s:{s:s, s:s}, s:{s:s, s:s}}, s:[{s:s}], s:o, s:o, s:o}", //
        "openapi", "3.1.0", "info",                                                       //
        "title", "Essaim", "version", ESSAIM_VERSION, "description", about,               //
        "contact", "name", "Essaim", "url", base_url,                                     //
        "license", "name", "AGPL-3.0-or-later", "identifier", "AGPL-3.0-or-later",        //
        "servers", "url", base_url, "tags", tags, "paths", w.paths, "components", components);
    struct buf *out = buf_new(mem, OPENAPI_BYTES_MAX);
    buf_put_json(out, document, JSON_INDENT(1));
    buf_put_char(out, '\n');
    json_decref(document);
    return out->bytes;
}

struct openapi {
    const struct feature *const *features;
    const char *base_url;
    pthread_mutex_t lock; /* of what follows */
    struct mem *mem;
    const char *text; /* NULL: nobody asked yet */
    const char *tag;
};

struct openapi *openapi_new(struct mem *mem, const struct feature *const *features,
                            const char *base_url)
{
    struct openapi *openapi = MEM_NEW(mem, struct openapi);
    *openapi = (struct openapi){.features = features, .base_url = base_url};
    pthread_mutex_init(&openapi->lock, NULL);
    return openapi;
}

void openapi_free(struct openapi *openapi)
{
    if (openapi->mem)
        mem_free(openapi->mem);
    pthread_mutex_destroy(&openapi->lock);
}

static void openapi_make(struct openapi *openapi)
{
    struct mem *mem = mem_new(OPENAPI_MEMORY_MAX);
    const char *text = openapi_text(mem, openapi->features, openapi->base_url);
    openapi->tag = mem_printf(mem, "\"%s\"", crypt_sha256(mem, text, strlen(text)));
    openapi->text = text;
    openapi->mem = mem;
}

const struct refusal *openapi_handle(struct request *rq)
{
    struct openapi *openapi = rq->work.app->openapi;
    pthread_mutex_lock(&openapi->lock);
    if (!openapi->text)
        openapi_make(openapi);
    pthread_mutex_unlock(&openapi->lock);
    const char *has = http_header(rq->http, "If-None-Match");
    bool is_known = has && strstr(has, openapi->tag);
    reply_text(rq, is_known ? 304 : 200, "application/json", is_known ? "" : openapi->text);
    rq->reply.is_static = true;
    http_reply_header(&rq->reply, "ETag", openapi->tag);
    http_reply_header(&rq->reply, "Cache-Control", "public, no-cache");
    return NULL;
}
