/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A growing piece of text, born with a maximum. Past it, nothing more is added and `over` stays
 * true: whoever uses the text checks once, at the end. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct mem;

struct buf {
    struct mem *mem;
    char *bytes; /* always NUL-ended, never NULL */
    size_t length;
    size_t capacity;
    size_t bytes_max;
    bool over;
};

/* A new empty buffer on `mem` that never holds more than `bytes_max` bytes. */
struct buf *buf_new(struct mem *mem, size_t bytes_max);
/* The same, with room at once for nearly `bytes_usual` (not 0), so that it seldom has to grow. */
struct buf *buf_new_sized(struct mem *mem, size_t bytes_max, size_t bytes_usual);

/* Whether there is room for `count` bytes and the ending NUL, made now if need be. False: they do
 * not fit below the maximum. A page asks a thousand times: one comparison answers nearly all, where
 * it is asked. */
bool buf_make_room(struct buf *buf, size_t count);
static inline bool buf_has_room(struct buf *buf, size_t count)
{
    return count < buf->capacity - buf->length || buf_make_room(buf, count);
}

static inline void buf_add(struct buf *buf, const void *bytes, size_t count)
{
    if (!buf_has_room(buf, count) || count == 0)
        return;
    memcpy(buf->bytes + buf->length, bytes, count);
    buf->length += count;
    buf->bytes[buf->length] = '\0';
}

void buf_put(struct buf *buf, const char *text);
void buf_put_char(struct buf *buf, char c);
void buf_put_int(struct buf *buf, int64_t n);
/* With zeros in front, where it has fewer digits than that (0..20): 7 and 2 as "07". */
void buf_put_digits(struct buf *buf, uint64_t n, int digits_min);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
