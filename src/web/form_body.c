/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Bodies to named values: urlencoded, multipart/form-data and JSON give the same list. Knows no
 * form: bounds of fields, required ones and their kinds are form.c's. Everything it refuses is a
 * body that no browser sends. */
#include "web/form_local.h"

#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "sys/http.h"
#include "web/request.h"
#include "web/url.h"

static const struct refusal body_type = {
    415, "body_type",
    N_("This kind of data cannot be read here. Please use the form on the page.")};

/* Adds values in order, up to a maximum. */
struct value_list {
    struct mem *mem;
    struct form_value *first;
    struct form_value *last;
    int count;
    int count_max;
};

static bool list_add(struct value_list *list, const char *name, const char *value)
{
    if (list->count == list->count_max)
        return false;
    struct form_value *item = MEM_NEW(list->mem, struct form_value);
    item->name = name;
    item->value = value;
    if (list->last)
        list->last->next = item;
    else
        list->first = item;
    list->last = item;
    list->count++;
    return true;
}

/* Adds the field in the bytes from `at` to `stop`; with `names` only when it is among them. False:
 * it is no text, or one too many. */
static bool pair_add(struct value_list *list, const char *at, const char *stop,
                     const char *const names[])
{
    const char *equals = memchr(at, '=', (size_t)(stop - at));
    const char *name_end = equals ? equals : stop;
    const char *value = equals ? equals + 1 : stop;
    const char *name = url_decode(list->mem, at, (size_t)(name_end - at), true);
    if (names && (!name || str_index(name, names) < 0))
        return true;
    const char *decoded = url_decode(list->mem, value, (size_t)(stop - value), true);
    return name && decoded && list_add(list, name, decoded);
}

static const struct refusal *read_pairs(struct value_list *list, const char *text, size_t count,
                                        const char *const names[])
{
    const char *end = text + count;
    for (const char *at = text; at < end;) {
        const char *stop = memchr(at, '&', (size_t)(end - at));
        stop = stop ? stop : end;
        if (stop > at && !pair_add(list, at, stop, names))
            return &refusal_bad_request;
        at = stop + 1;
    }
    return NULL;
}

static const struct refusal *read_urlencoded(struct mem *mem, const struct http_request *request,
                                             const struct form_value **ret_values)
{
    struct value_list list = {.mem = mem, .count_max = FORM_FIELDS_MAX};
    const struct refusal *refusal = read_pairs(&list, request->body, request->body_count, NULL);
    if (!refusal)
        *ret_values = list.first;
    return refusal;
}

const struct refusal *form_pairs_named(struct mem *mem, const char *text, const char *const names[],
                                       const struct form_value **ret_values)
{
    struct value_list list = {.mem = mem, .count_max = QUERY_FIELDS_MAX};
    const struct refusal *refusal = read_pairs(&list, text, strlen(text), names);
    if (!refusal)
        *ret_values = list.first;
    return refusal;
}

static const struct refusal *read_json(struct mem *mem, const char *body, size_t count,
                                       const struct form_value **ret_values)
{
    struct value_list list = {.mem = mem, .count_max = FORM_FIELDS_MAX};
    json_t *root = json_loadb(body, count, JSON_REJECT_DUPLICATES, NULL);
    bool fine = json_is_object(root);
    const char *name;
    json_t *value;
    json_object_foreach(root, name, value)
    {
        const char *text = NULL;
        if (json_is_string(value))
            text = mem_strdup(mem, json_string_value(value));
        else if (json_is_integer(value))
            text = mem_printf(mem, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        else if (json_is_real(value))
            text = mem_printf(mem, "%.17g", json_real_value(value));
        else if (json_is_boolean(value))
            text = json_is_true(value) ? "true" : "false";
        else if (!json_is_null(value))
            fine = false;
        if (text && !list_add(&list, mem_strdup(mem, name), text))
            fine = false;
    }
    json_decref(root);
    *ret_values = list.first;
    return fine ? NULL : &refusal_bad_request;
}

/* multipart/form-data, RFC 7578: each part is "--boundary CRLF headers CRLF CRLF value CRLF". Files
 * are not taken. */
struct part_reader {
    const char *at;
    const char *end;
    const char *delimiter; /* CRLF "--" boundary */
    size_t delimiter_count;
};

/* The boundary of a Content-Type, quoted or not; NULL: none, or longer than RFC 2046 allows. */
static const char *boundary_of(struct mem *mem, const char *type)
{
    const char *found = strcasestr(type, "boundary=");
    if (!found)
        return NULL;
    found += strlen("boundary=");
    bool quoted = *found == '"';
    found += quoted;
    size_t count = strcspn(found, quoted ? "\"" : "; \t");
    return count >= 1 && count <= 70 ? mem_strndup(mem, found, count) : NULL;
}

/* The value of `name="…"` in a part's Content-Disposition; NULL: none, or a file's. */
static const char *part_name(struct mem *mem, const char *head, size_t count)
{
    const char *text = mem_strndup(mem, head, count);
    const char *line = strcasestr(text, "content-disposition:");
    const char *found = line ? strstr(line, "; name=\"") : NULL;
    if (!found || strcasestr(line, "; filename"))
        return NULL;
    found += strlen("; name=\"");
    const char *stop = strchr(found, '"');
    return stop ? mem_strndup(mem, found, (size_t)(stop - found)) : NULL;
}

/* Reads the next part into `list`. False: the body is not sound. */
static bool read_part(struct part_reader *reader, struct value_list *list)
{
    const char *head = reader->at;
    const char *head_end = memmem(head, (size_t)(reader->end - head), "\r\n\r\n", 4);
    if (!head_end)
        return false;
    const char *value = head_end + 4;
    const char *stop =
        memmem(value, (size_t)(reader->end - value), reader->delimiter, reader->delimiter_count);
    const char *name = stop ? part_name(list->mem, head, (size_t)(head_end - head)) : NULL;
    if (!name || !utf8_is_valid(name, strlen(name)) ||
        !utf8_is_valid(value, (size_t)(stop - value)))
        return false;
    reader->at = stop + reader->delimiter_count;
    return list_add(list, name, mem_strndup(list->mem, value, (size_t)(stop - value)));
}

static const struct refusal *read_multipart(struct mem *mem, const struct http_request *request,
                                            const char *type, const struct form_value **ret_values)
{
    struct value_list list = {.mem = mem, .count_max = FORM_FIELDS_MAX};
    const char *boundary = boundary_of(mem, type);
    if (!boundary)
        return &refusal_bad_request;
    const char *delimiter = mem_printf(mem, "\r\n--%s", boundary);
    struct part_reader reader = {
        .at = request->body,
        .end = request->body + request->body_count,
        .delimiter = delimiter,
        .delimiter_count = strlen(delimiter),
    };
    size_t first = reader.delimiter_count - 2; /* the first one needs no line before it */
    if (request->body_count < first || memcmp(reader.at, delimiter + 2, first) != 0)
        return &refusal_bad_request;
    reader.at += first;
    while (reader.end - reader.at >= 2 && memcmp(reader.at, "\r\n", 2) == 0)
        if (!read_part(&reader, &list))
            return &refusal_bad_request;
    if (reader.end - reader.at < 2 || memcmp(reader.at, "--", 2) != 0)
        return &refusal_bad_request;
    *ret_values = list.first;
    return NULL;
}

/* `header` is of that media type, whatever its parameters. */
static bool type_is(const char *header, const char *type)
{
    size_t count = strlen(type);
    return header && strncasecmp(header, type, count) == 0 &&
           (header[count] == '\0' || strchr("; \t", header[count]));
}

bool form_is_json(const struct http_request *request)
{
    return type_is(http_header(request, "Content-Type"), "application/json");
}

const struct refusal *form_body_read(struct mem *mem, const struct http_request *request,
                                     const struct form_value **ret_values)
{
    const char *type = http_header(request, "Content-Type");
    *ret_values = NULL;
    if (request->body_count == 0)
        return NULL;
    if (type_is(type, "application/x-www-form-urlencoded"))
        return read_urlencoded(mem, request, ret_values);
    if (form_is_json(request))
        return read_json(mem, request->body, request->body_count, ret_values);
    if (type_is(type, "multipart/form-data"))
        return read_multipart(mem, request, type, ret_values);
    return &body_type;
}
