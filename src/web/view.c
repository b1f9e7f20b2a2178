/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Writes a struct as JSON by its table of fields, with jansson. */
#include "web/view.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/time.h"
#include "sys/json.h"

static json_t *object_json(struct mem *mem, const struct view *view, const void *data);

/* The number without decimals where it has none: 2, 1.5. */
static json_t *hours_json(int64_t minutes)
{
    return minutes % 60 == 0 ? json_integer(minutes / 60) : json_real((double)minutes / 60.0);
}

static json_t *text_json(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *list_json(struct mem *mem, const struct view *of, const void *first)
{
    json_t *list = json_array();
    /* `next` is the first member of every struct that stands in a list. */
    for (const void *item = first; item; item = *(const void *const *)item)
        json_array_append_new(list, object_json(mem, of, item));
    return list;
}

static json_t *texts_json(const struct view_text *first)
{
    json_t *list = json_array();
    for (const struct view_text *item = first; item; item = item->next)
        json_array_append_new(list, json_string(item->text));
    return list;
}

static json_t *field_json(struct mem *mem, const struct view_field *field, const char *data)
{
    const void *at = data + field->offset;
    switch (field->kind) {
    case VIEW_TEXT:
    case VIEW_TEXT_OR_NULL:
        return text_json(*(const char *const *)at);
    case VIEW_INT:
        return json_integer(*(const int64_t *)at);
    case VIEW_INT_OR_NULL:
        return *(const int64_t *)at == VIEW_NONE ? json_null() : json_integer(*(const int64_t *)at);
    case VIEW_REAL:
        return json_real(*(const double *)at);
    case VIEW_BOOL:
        return json_boolean(*(const bool *)at);
    case VIEW_TIME:
    case VIEW_TIME_OR_NULL:
        return *(const int64_t *)at ? json_string(time_rfc3339(mem, *(const int64_t *)at))
                                    : json_null();
    case VIEW_HOURS:
        return hours_json(*(const int64_t *)at);
    case VIEW_OBJECT:
        return object_json(mem, field->of, *(const void *const *)at);
    case VIEW_LIST:
        return list_json(mem, field->of, *(const void *const *)at);
    case VIEW_TEXTS:
        return texts_json(*(const struct view_text *const *)at);
    }
    return json_null();
}

static json_t *object_json(struct mem *mem, const struct view *view, const void *data)
{
    if (!data)
        return json_null();
    json_t *object = json_object();
    view_add(mem, object, view, data);
    return object;
}

void view_add(struct mem *mem, struct json_t *object, const struct view *view, const void *data)
{
    for (const struct view_field *field = view->fields; field->name; field++)
        json_object_set_new(object, field->name, field_json(mem, field, data));
}

struct json_t *view_object(struct mem *mem, const struct view *view, const void *data)
{
    return object_json(mem, view, data);
}

const char *view_json(struct mem *mem, const struct view *view, const void *data)
{
    struct buf *out = buf_new(mem, REPLY_BYTES_MAX);
    json_t *object = object_json(mem, view, data);
    buf_put_json(out, object, JSON_COMPACT);
    json_decref(object);
    assert(!out->over);
    return out->bytes;
}

const struct view_text *view_lines(struct mem *mem, const char *text)
{
    const struct view_text *first = NULL;
    const struct view_text **end = &first;
    while (*text) {
        size_t count = strcspn(text, "\r\n");
        struct view_text *line = MEM_NEW(mem, struct view_text);
        line->text = mem_strndup(mem, text, count);
        *end = line;
        end = &line->next;
        text += count;
        text += *text == '\r';
        text += *text == '\n';
    }
    return first;
}
