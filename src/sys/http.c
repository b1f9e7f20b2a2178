/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The plain structs of HTTP: looking a header up, adding one to a reply. No engine, no sockets:
 * requests made in process by tests use this as well. */
#include "sys/http.h"

#include <assert.h>

#include "base/str.h"

/* A letter and its capital differ in one bit: nearly all other names are passed over by it. */
static bool may_be(const char *a, const char *b)
{
    return ((*a ^ *b) & ~0x20) == 0;
}

const char *http_header(const struct http_request *request, const char *name)
{
    for (int i = 0; i < request->headers_count; i++)
        if (may_be(request->headers[i].name, name) &&
            str_equal_nocase(request->headers[i].name, name))
            return request->headers[i].value;
    return NULL;
}

void http_reply_header(struct http_reply *reply, const char *name, const char *value)
{
    assert(reply->headers_count < HTTP_REPLY_HEADERS_MAX);
    reply->headers[reply->headers_count++] = (struct http_header){.name = name, .value = value};
}
