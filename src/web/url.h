/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Percent-encoding (RFC 3986), in both directions. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct mem;

/* A part of an address that is not NUL-ended. */
struct url_part {
    const char *text;
    size_t count;
};

/* The decoded text, on `mem`; `plus` turns '+' into a space (forms and queries). NULL: a bad
 * escape, or not well-formed UTF-8, or a NUL. */
const char *url_decode(struct mem *mem, const char *text, size_t count, bool plus);

/* `text` with all but unreserved characters escaped. */
const char *url_encode(struct mem *mem, const char *text);

/* "/campaigns/%s" with each %s percent-encoded; no other conversion is known. */
const char *path_make(struct mem *mem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A path of this site, safe to redirect to: one '/' at its start, no '\', no control characters,
 * no more than LOCAL_PATH_BYTES_MAX. */
bool path_is_local(const char *path);
