/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Percent-encoding: what comes in is refused rather than repaired. */
#include "web/url.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

const char *url_decode(struct mem *mem, const char *text, size_t count, bool plus)
{
    if (!memchr(text, '%', count) && !(plus && memchr(text, '+', count)))
        return utf8_is_valid(text, count) ? mem_strndup(mem, text, count) : NULL;
    char *out = mem_alloc(mem, count + 1);
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        char c = text[i];
        if (c == '%') {
            int high = i + 2 < count ? hex_value(text[i + 1]) : -1;
            int low = high >= 0 ? hex_value(text[i + 2]) : -1;
            if (low < 0)
                return NULL;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        out[length++] = c;
    }
    return utf8_is_valid(out, length) ? out : NULL;
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

static void encode_into(struct buf *out, const char *text)
{
    while (*text) {
        const char *plain = text;
        while (is_unreserved(*text))
            text++;
        buf_add(out, plain, (size_t)(text - plain));
        if (*text)
            buf_printf(out, "%%%02X", (unsigned char)*text++);
    }
}

const char *url_encode(struct mem *mem, const char *text)
{
    struct buf *out = buf_new(mem, 3 * strlen(text) + 1);
    encode_into(out, text);
    return out->bytes;
}

const char *path_make(struct mem *mem, const char *format, ...)
{
    struct buf *out = buf_new(mem, HTTP_HEAD_BYTES_MAX);
    va_list values;
    va_start(values, format);
    for (;;) {
        const char *hole = strchrnul(format, '%');
        buf_add(out, format, (size_t)(hole - format));
        if (!*hole)
            break;
        assert(hole[1] == 's');
        encode_into(out, va_arg(values, const char *));
        format = hole + 2;
    }
    va_end(values);
    return out->bytes;
}

bool path_is_local(const char *path)
{
    return path[0] == '/' && path[1] != '/' && !strchr(path, '\\') &&
           strlen(path) <= LOCAL_PATH_BYTES_MAX && !utf8_has_control(path, false);
}
