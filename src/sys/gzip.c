/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One call of zlib for a whole text. Level 6: what more takes would hardly make it shorter. */
#include "sys/gzip.h"

#include <assert.h>
#include <stdbool.h>
#include <zlib.h>

#include "base/mem.h"

enum {
    LEVEL = 6,
    MEMORY_LEVEL = 8,
    GZIP_WINDOW = 15 + 16, /* 16 asks for gzip's head and end instead of zlib's */
};

const char *gzip_bytes(struct mem *mem, const char *bytes, size_t count, size_t *ret_count)
{
    z_stream stream = {0};
    int status =
        deflateInit2(&stream, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL, Z_DEFAULT_STRATEGY);
    if (status != Z_OK)
        return NULL; /* no memory: it goes as it is */
    char *out = mem_alloc(mem, count);
    stream.next_in = (Bytef *)bytes;
    stream.avail_in = (uInt)count;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)count;
    assert(stream.avail_in == count);
    bool is_shorter = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    *ret_count = stream.total_out;
    deflateEnd(&stream);
    return is_shorter ? out : NULL;
}
