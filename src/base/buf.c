/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Growing text on an arena. It doubles, and leaves its old bytes to the root: all that was ever
 * taken for one text is below twice its capacity, and ends with the root. An addition goes in whole
 * or not at all, so that no reader meets half a character. */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

enum { CAPACITY_FIRST = 256, DIGITS_MAX = 20 };

struct buf *buf_new(struct mem *mem, size_t bytes_max)
{
    return buf_new_sized(mem, bytes_max, CAPACITY_FIRST);
}

struct buf *buf_new_sized(struct mem *mem, size_t bytes_max, size_t bytes_usual)
{
    struct buf *buf = MEM_NEW(mem, struct buf);
    buf->mem = mem;
    buf->bytes_max = bytes_max;
    buf->capacity = bytes_max < bytes_usual ? bytes_max + 1 : bytes_usual;
    buf->bytes = mem_alloc_raw(mem, buf->capacity);
    buf->bytes[0] = '\0';
    return buf;
}

static void grow(struct buf *buf, size_t capacity_min)
{
    size_t capacity = buf->capacity * 2;
    if (capacity < capacity_min)
        capacity = capacity_min;
    if (capacity > buf->bytes_max + 1)
        capacity = buf->bytes_max + 1;
    char *bytes = mem_alloc_raw(buf->mem, capacity);
    memcpy(bytes, buf->bytes, buf->length + 1);
    buf->bytes = bytes;
    buf->capacity = capacity;
}

bool buf_make_room(struct buf *buf, size_t count)
{
    if (buf->over || count > buf->bytes_max - buf->length) {
        buf->over = true;
        buf->capacity = buf->length + 1; /* whatever comes now has no room */
        return false;
    }
    grow(buf, buf->length + count + 1);
    return true;
}

void buf_put(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_put_char(struct buf *buf, char c)
{
    if (!buf_has_room(buf, 1))
        return;
    buf->bytes[buf->length++] = c;
    buf->bytes[buf->length] = '\0';
}

void buf_put_digits(struct buf *buf, uint64_t n, int digits_min)
{
    char digits[DIGITS_MAX];
    char *first = digits + DIGITS_MAX;
    assert(digits_min <= DIGITS_MAX);
    for (int count = 0; n || count < digits_min; count++) {
        *--first = (char)('0' + n % 10);
        n /= 10;
    }
    buf_add(buf, first, (size_t)(digits + DIGITS_MAX - first));
}

void buf_put_int(struct buf *buf, int64_t n)
{
    if (n < 0)
        buf_put_char(buf, '-');
    buf_put_digits(buf, n < 0 ? -(uint64_t)n : (uint64_t)n, 1);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    va_list again;
    va_copy(again, values);
    int count = vsnprintf(NULL, 0, format, values);
    if (count >= 0 && buf_has_room(buf, (size_t)count)) {
        vsnprintf(buf->bytes + buf->length, (size_t)count + 1, format, again);
        buf->length += (size_t)count;
    }
    va_end(again);
    va_end(values);
}
