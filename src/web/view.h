/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A view struct has one const table of its fields: it writes the page's JSON, and (later) that
 * JSON's schema. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_t;
struct mem;

enum view_kind {
    VIEW_TEXT,        /* const char *; NULL gives null */
    VIEW_INT,         /* int64_t */
    VIEW_INT_OR_NULL, /* int64_t; VIEW_NONE gives null */
    VIEW_BOOL,        /* bool */
    VIEW_TIME,        /* int64_t UTC seconds; 0 gives null, else RFC 3339 */
    VIEW_HOURS,       /* int64_t minutes, written as hours: 90 is 1.5 */
    VIEW_OBJECT,      /* const struct … *; NULL gives null */
    VIEW_LIST,        /* const struct … *, linked by `next` (its first member) */
    VIEW_TEXTS,       /* const struct view_text *, a list of strings */
};

#define VIEW_NONE INT64_MIN

struct view;

struct view_field {
    const char *name;
    enum view_kind kind;
    size_t offset;
    const struct view *of; /* of VIEW_OBJECT and VIEW_LIST */
};

struct view {
    const char *name;
    const struct view_field *fields; /* ends with name NULL */
};

struct view_text {
    const struct view_text *next;
    const char *text;
};

/* The lines of a text, in their order; NULL for "". */
const struct view_text *view_lines(struct mem *mem, const char *text);

/* The JSON of `data` (a struct that `view` describes), on `mem`. */
const char *view_json(struct mem *mem, const struct view *view, const void *data);

/* The same in two steps, to add to it between: an object that view_object_text releases. */
struct json_t *view_object(struct mem *mem, const struct view *view, const void *data);
const char *view_object_text(struct mem *mem, struct json_t *object);
