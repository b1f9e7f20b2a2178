/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The OpenAPI 3.1 document, made from what routes, forms and views declare anyway: whoever adds a
 * route has documented it. See docs/decisions/0021-openapi.md. */
#pragma once
#include <stdbool.h>

struct app;
struct feature;
struct mem;
struct refusal;
struct request;
struct route;

/* One way in which a route answers. */
struct route_answer {
    int status;
    const char *type; /* media type without parameters; "" where there is nothing to read */
};
enum { ROUTE_ANSWERS_MAX = 32 };

/* All the ways in which a route that is declared like this may answer, in the order of statuses;
 * gives their count. */
int route_answers(const struct route *route, struct route_answer ret_answers[ROUTE_ANSWERS_MAX]);
/* That answer is one of them. `type` may have parameters. */
bool route_may_answer(const struct route *route, int status, const char *type);

/* The document of all routes of `features`, whose addresses begin with `base_url`. */
const char *openapi_text(struct mem *mem, const struct feature *const *features,
                         const char *base_url);

/* The same, made when it is first asked for, and kept. */
struct openapi;
struct openapi *openapi_new(struct mem *mem, const struct feature *const *features,
                            const char *base_url);
void openapi_free(struct openapi *openapi);
const struct refusal *openapi_handle(struct request *rq);
