/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Small questions about text. UTF-8 is decoded in one function, strictly; what the border has let
 * in is valid, and what is not valid is stepped over a byte at a time rather than trusted. Cases
 * and classes of letters beyond ASCII are ICU's matter (sys/), not this file's. */
#include "base/str.h"

#include <string.h>

#include "base/mem.h"

bool str_equal(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    return strcmp(a, b) == 0;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_equal_nocase(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    for (; *a; a++, b++)
        if (*a != *b && lower(*a) != lower(*b))
            return false;
    return !*b;
}

bool str_starts(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

bool str_is_empty(const char *text)
{
    return !text || !*text;
}

int str_index(const char *text, const char *const words[])
{
    for (int i = 0; words[i]; i++)
        if (str_equal(text, words[i]))
            return i;
    return -1;
}

bool str_to_int(const char *text, int64_t *ret_n)
{
    enum { DIGITS_MAX = 18 };
    bool negative = *text == '-';
    if (negative)
        text++;
    int64_t n = 0;
    int digits = 0;
    for (; text[digits] >= '0' && text[digits] <= '9'; digits++) {
        if (digits == DIGITS_MAX)
            return false;
        n = n * 10 + (text[digits] - '0');
    }
    if (digits == 0 || text[digits])
        return false;
    *ret_n = negative ? -n : n;
    return true;
}

/* Bytes of a sequence, by its first byte; the smallest code point that needs so many. */
static size_t sequence_length(unsigned char first, uint32_t *ret_least)
{
    if (first < 0x80) {
        *ret_least = 1; /* U+0000 ends texts and stands in none */
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        *ret_least = 0x80;
        return 2;
    }
    if ((first & 0xF0) == 0xE0) {
        *ret_least = 0x800;
        return 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        *ret_least = 0x10000;
        return 4;
    }
    return 0;
}

/* Decodes one code point from at most `count` bytes: its length, or 0 when it is not well-formed.
 * Stops at the first byte that does not fit, hence never reads past a NUL. */
static size_t decode(const char *bytes, size_t count, uint32_t *ret_c)
{
    const unsigned char *p = (const unsigned char *)bytes;
    uint32_t least = 0;
    size_t length = count ? sequence_length(p[0], &least) : 0;
    if (length == 0 || length > count)
        return 0;
    uint32_t c = length == 1 ? p[0] : p[0] & (0x7FU >> length);
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3FU);
    }
    if (c < least || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0;
    *ret_c = c;
    return length;
}

/* The code point at `text`, which is not at its end, and its length; a byte that is not UTF-8
 * counts as U+FFFD. */
static size_t decode_any(const char *text, uint32_t *ret_c)
{
    size_t length = decode(text, 4, ret_c);
    if (length)
        return length;
    *ret_c = 0xFFFD;
    return 1;
}

static bool is_space(uint32_t c)
{
    return (c >= 0x09 && c <= 0x0D) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

/* Zero-width characters: dropped at the ends; kept inside, where joiners hold letters and emoji
 * together. */
static bool is_invisible(uint32_t c)
{
    return (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF;
}

const char *str_trim(struct mem *mem, const char *text)
{
    char *trimmed = mem_strdup(mem, text);
    size_t length = 0;
    size_t kept = 0; /* up to the last visible character */
    for (const char *p = text; *p;) {
        uint32_t c = 0;
        size_t count = decode_any(p, &c);
        if (is_space(c)) {
            if (length > 0 && trimmed[length - 1] != ' ')
                trimmed[length++] = ' ';
        } else if (length > 0 || !is_invisible(c)) {
            memcpy(trimmed + length, p, count);
            length += count;
            if (!is_invisible(c))
                kept = length;
        }
        p += count;
    }
    trimmed[kept] = '\0';
    return trimmed;
}

const char *str_lower(struct mem *mem, const char *text)
{
    char *copy = mem_strdup(mem, text);
    for (char *p = copy; *p; p++)
        *p = lower(*p);
    return copy;
}

bool utf8_is_valid(const char *bytes, size_t count)
{
    uint32_t c = 0;
    for (size_t i = 0; i < count;) {
        unsigned char first = (unsigned char)bytes[i];
        bool is_ascii = first > 0 && first < 0x80;
        size_t length = is_ascii ? 1 : decode(bytes + i, count - i, &c);
        if (length == 0)
            return false;
        i += length;
    }
    return true;
}

size_t utf8_length(const char *text)
{
    size_t length = 0;
    for (const char *p = text; *p; p++) {
        if ((*p & 0xC0) != 0x80)
            length++;
    }
    return length;
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029;
}

void str_line(char *to, size_t size, const char *from)
{
    size_t length = 0;
    for (const char *p = from; *p;) {
        uint32_t c = 0;
        size_t count = decode_any(p, &c);
        bool is_kept = !is_control(c) && utf8_is_valid(p, count);
        size_t needed = is_kept ? count : 1;
        if (length + needed >= size)
            break;
        if (is_kept)
            memcpy(to + length, p, count);
        else
            to[length] = is_control(c) ? ' ' : '?';
        length += needed;
        p += count;
    }
    to[length] = '\0';
}

bool utf8_has_control(const char *text, bool many_lines)
{
    for (const char *p = text; *p;) {
        uint32_t c = 0;
        p += decode_any(p, &c);
        bool is_layout = c == '\t' || c == '\n' || c == '\r';
        if (is_control(c) && !(many_lines && is_layout))
            return true;
    }
    return false;
}
