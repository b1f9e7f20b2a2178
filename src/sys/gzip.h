/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Compression for answers, by zlib. */
#pragma once
#include <stddef.h>

struct mem;

/* `bytes` as gzip (RFC 1952), on `mem`, always the same for the same bytes; NULL: it would not be
 * shorter. */
const char *gzip_bytes(struct mem *mem, const char *bytes, size_t count, size_t *ret_count);
