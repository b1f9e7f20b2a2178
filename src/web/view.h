/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A view struct has one const table of its fields: it writes the page's JSON, and that JSON's
 * schema in the OpenAPI document. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "web/feature.h"

struct json_t;
struct mem;

enum view_kind {
    VIEW_TEXT,         /* const char *, never NULL */
    VIEW_TEXT_OR_NULL, /* const char *; NULL gives null */
    VIEW_INT,          /* int64_t */
    VIEW_INT_OR_NULL,  /* int64_t; VIEW_NONE gives null */
    VIEW_REAL,         /* double */
    VIEW_BOOL,         /* bool */
    VIEW_TIME,         /* int64_t UTC seconds, never 0; RFC 3339 */
    VIEW_TIME_OR_NULL, /* the same; 0 gives null */
    VIEW_HOURS,        /* int64_t minutes, written as hours: 90 is 1.5 */
    VIEW_OBJECT,       /* const struct … *, never NULL */
    VIEW_LIST,         /* const struct … *, linked by `next` (its first member) */
    VIEW_TEXTS,        /* const struct view_text *, a list of strings */
};

#define VIEW_NONE INT64_MIN

struct view;

struct view_field {
    const char *name;
    enum view_kind kind;
    size_t offset;
    const struct view *of;    /* of VIEW_OBJECT and VIEW_LIST */
    const char *const *words; /* of a text: what it may be, NULL-ended; NULL: any text */
};

struct view {
    const char *name;                /* unlike that of any other view: the schema's */
    const struct view_field *fields; /* ends with name NULL */
    enum panel_place panels;         /* to which other features add theirs; 0: none do */
};

struct view_text {
    const struct view_text *next;
    const char *text;
};

/* The lines of a text, in their order; NULL for "". */
const struct view_text *view_lines(struct mem *mem, const char *text);

/* The JSON of `data` (a struct that `view` describes): an object for the caller to release; or
 * added to one that is there. */
struct json_t *view_object(struct mem *mem, const struct view *view, const void *data);
void view_add(struct mem *mem, struct json_t *object, const struct view *view, const void *data);

/* The same as text, on `mem`, of a view without lists: it stays far below REPLY_BYTES_MAX. */
const char *view_json(struct mem *mem, const struct view *view, const void *data);
