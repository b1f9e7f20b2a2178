/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a route may answer with, as far as its row says so. The OpenAPI document writes it down;
 * every story of the tests holds every answer against it. */
#include "web/openapi.h"

#include <assert.h>
#include <string.h>

#include "base/str.h"
#include "web/route.h"

#define JSON "application/json"
#define PROBLEM "application/problem+json"
#define HTML "text/html"

static bool posts(const struct route *route)
{
    return str_equal(route->method, "POST");
}

static bool leads_on(const struct route *route)
{
    return route->type && str_equal(route->type, ROUTE_LEADS_ON);
}

/* A page; what a POST has to say is said by the page that it leads to. */
static bool has_page(const struct route *route)
{
    return !posts(route) && !route->type;
}

/* Its own way on, or that of who must sign in first. A POST that gives a file alone stays. */
static bool may_lead_on(const struct route *route)
{
    if (posts(route))
        return !route->type || route->json || leads_on(route);
    return !route->type || leads_on(route) || route_wants_login(route);
}

static bool always(const struct route *route)
{
    (void)route;
    return true;
}

/* What a form does for who is signed in, or for who holds a secret that comes in it. */
static bool may_want_login(const struct route *route)
{
    return route_wants_login(route) || posts(route);
}

static bool crosses_sites(const struct route *route)
{
    return posts(route) && !(route->flags & ROUTE_FROM_ANYWHERE);
}

/* Something stands in its path, or not everybody may see it, or not every community has it. */
static bool may_be_missing(const struct route *route)
{
    return strstr(route->path, "/:") || str_starts(route->path, "/.well-known/") ||
           route->access != ACCESS_ANYONE;
}

static bool reads_form(const struct route *route)
{
    return route->form;
}

/* How it is refused: by the frame, by the form, or by a rule of its feature. */
static const struct {
    int status;
    bool (*may)(const struct route *route);
} refusals[] = {
    {400, always},         /* a query or a body that cannot be read */
    {401, may_want_login}, /* nobody is signed in */
    {403, crosses_sites},  /* another site sent it */
    {404, may_be_missing}, /* also where one may not look */
    {409, always},         /* as things stand, it cannot be */
    {413, posts},          /* the body is too long */
    {415, reads_form},     /* the body is of a type that no form has */
    {422, posts},          /* a field is wrong */
    {429, posts},          /* too often */
    {503, always},         /* too many at once, or a fault */
};
enum { REFUSALS = sizeof refusals / sizeof *refusals };

static void answer_add(struct route_answer *answers, int *count, int status, const char *type)
{
    assert(*count < ROUTE_ANSWERS_MAX);
    answers[(*count)++] = (struct route_answer){status, type};
}

int route_answers(const struct route *route, struct route_answer ret_answers[ROUTE_ANSWERS_MAX])
{
    int count = 0;
    bool has_file = route->type && !leads_on(route);
    if (has_file)
        answer_add(ret_answers, &count, 200, route->type);
    if (has_page(route))
        answer_add(ret_answers, &count, 200, HTML);
    if (route->json)
        answer_add(ret_answers, &count, route->json_status ? route->json_status : 200, JSON);
    if (may_lead_on(route))
        answer_add(ret_answers, &count, 303, "");
    if (route->flags & (ROUTE_TAGGED | ROUTE_CACHED))
        answer_add(ret_answers, &count, 304, "");
    for (int i = 0; i < REFUSALS; i++)
        if (refusals[i].may(route)) {
            answer_add(ret_answers, &count, refusals[i].status, PROBLEM);
            answer_add(ret_answers, &count, refusals[i].status, HTML);
        }
    return count;
}

/* "text/html; charset=utf-8" is text/html. */
static bool is_of_type(const char *type, const char *wanted)
{
    size_t count = strlen(wanted);
    return str_equal(wanted, "*/*") ||
           (strncmp(type, wanted, count) == 0 && (type[count] == '\0' || type[count] == ';'));
}

bool route_may_answer(const struct route *route, int status, const char *type)
{
    struct route_answer answers[ROUTE_ANSWERS_MAX];
    int count = route_answers(route, answers);
    for (int i = 0; i < count; i++)
        if (answers[i].status == status && (!*answers[i].type || is_of_type(type, answers[i].type)))
            return true;
    return false;
}
