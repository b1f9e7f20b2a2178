/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The parts of the OpenAPI document. */
#pragma once

struct feature;
struct form;
struct json_t;
struct query;
struct view;

/* JSON Schemas: of a form's body, of a query field, and of what a view writes. */
struct json_t *openapi_form_schema(const struct form *form);
struct json_t *openapi_query_schema(const struct query *query);
struct json_t *openapi_view_schema(const struct feature *const *features, const struct view *view);
/* Of an error's body, application/problem+json. */
struct json_t *openapi_problem_schema(void);
