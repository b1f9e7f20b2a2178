/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How any text becomes printable ASCII in short lines, so that no server on the way changes it.
 * Source: RFC 2045, sections 6.7 and 6.8; RFC 2047. */
#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "sys/mail_local.h"

enum {
    LINE_CHARS_MAX = 76,
    WORD_CHARS_MAX = 75, /* of an encoded word, its frame included */
    LETTER_BYTES_MAX = 4,
    LETTER_CHARS_MAX = 3 * LETTER_BYTES_MAX,
    BASE64_LINE_BYTES = LINE_CHARS_MAX / 4 * 3,
};

static const char hex[] = "0123456789ABCDEF";
static const char word_begin[] = "=?utf-8?q?";
static const char word_end[] = "?=";

/* "=C3"; the end of it. */
static char *hex_put(char *to, unsigned char byte)
{
    *to++ = '=';
    *to++ = hex[byte >> 4];
    *to++ = hex[byte & 0xf];
    return to;
}

/* Bytes of the letter that begins there, 1 to 4. */
static int letter_bytes(const char *letter)
{
    int count = 1;
    while (count < LETTER_BYTES_MAX && ((unsigned char)letter[count] & 0xc0) == 0x80)
        count++;
    return count;
}

/* What stands for itself in an encoded word, in a name too. */
static bool is_plain_in_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c && strchr("!*+-/", c));
}

/* The letter as it stands in an encoded word; controls are spaces there. Gives the end of it. */
static char *word_letter_put(char *to, const char *letter, int bytes)
{
    if (is_plain_in_word(*letter)) {
        *to++ = *letter;
    } else if ((unsigned char)*letter <= ' ' || *letter == 0x7f) {
        *to++ = '_';
    } else {
        for (int i = 0; i < bytes; i++)
            to = hex_put(to, (unsigned char)letter[i]);
    }
    return to;
}

void mail_words_put(struct buf *out, const char *text, size_t column)
{
    char letter[LETTER_CHARS_MAX];
    const size_t frame = sizeof word_begin - 1 + sizeof word_end - 1;
    size_t length = frame + column; /* of the line, once the word has ended */
    buf_put(out, word_begin);
    while (*text) {
        int bytes = letter_bytes(text);
        size_t chars = (size_t)(word_letter_put(letter, text, bytes) - letter);
        if (length + chars > WORD_CHARS_MAX) {
            buf_put(out, "?=\r\n ");
            buf_put(out, word_begin);
            length = frame + 1;
        }
        buf_add(out, letter, chars);
        length += chars;
        text += bytes;
    }
    buf_put(out, word_end);
}

/* Whether the byte always stands for itself in quoted-printable; white space does, but at the end
 * of a line. */
static bool is_plain_in_line(char c)
{
    return c > ' ' && c <= '~' && c != '=';
}

static bool is_line_end(const char *text)
{
    return *text == '\n' || (*text == '\r' && text[1] == '\n');
}

/* Adds what fits in one line of quoted-printable, and gives where the next one goes on. The last
 * place of a line that goes on is for the '=' that says so. */
static const char *quoted_line_put(struct buf *out, const char *text)
{
    char line[LINE_CHARS_MAX + 3];
    char *to = line;
    for (;;) {
        while (is_plain_in_line(*text) && to < line + LINE_CHARS_MAX - 1)
            *to++ = *text++;
        if (!*text || is_line_end(text))
            break;
        bool is_last = !text[1] || is_line_end(text + 1);
        bool is_blank = *text == ' ' || *text == '\t';
        bool is_plain = is_plain_in_line(*text) || (is_blank && !is_last);
        if (to - line + (is_plain ? 1 : 3) > LINE_CHARS_MAX - !is_last) {
            *to++ = '=';
            break;
        }
        if (is_plain)
            *to++ = *text;
        else
            to = hex_put(to, (unsigned char)*text);
        text++;
    }
    bool goes_on = *text && !is_line_end(text);
    buf_add(out, line, (size_t)(to - line));
    if (!*text)
        return text;
    buf_put(out, "\r\n");
    return goes_on ? text : text + (*text == '\r' ? 2 : 1);
}

void mail_quoted_put(struct buf *out, const char *text)
{
    while (*text)
        text = quoted_line_put(out, text);
}

void mail_base64_put(struct buf *out, const char *bytes, size_t count)
{
    char line[LINE_CHARS_MAX + 1];
    while (count > 0) {
        size_t now = count < BASE64_LINE_BYTES ? count : BASE64_LINE_BYTES;
        sodium_bin2base64(line, sizeof line, (const unsigned char *)bytes, now,
                          sodium_base64_VARIANT_ORIGINAL);
        buf_put(out, line);
        buf_put(out, "\r\n");
        bytes += now;
        count -= now;
    }
}
