/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Two invisible characters do it: a space of fixed place instead of a space, and a word joiner
 * after a hyphen. A style sheet cannot: it knows neither the signs nor the words. */
#include "sys/typeset.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

#define NO_BREAK_SPACE "\u00a0"
#define WORD_JOINER "\u2060"
#define OPENING_QUOTE "«"
#define CLOSING_QUOTE "»"

/* Each byte can become four. */
enum { TYPESET_GROWTH = 4 };

/* A space before these belongs to the word before it. */
static bool stands_behind(const char *sign)
{
    return (*sign && strchr("!?:;%", *sign)) || str_starts(sign, CLOSING_QUOTE);
}

static bool holds(const char *title, const char *space)
{
    const size_t quote = strlen(OPENING_QUOTE);
    bool opened = (size_t)(space - title) >= quote && str_starts(space - quote, OPENING_QUOTE);
    return opened || stands_behind(space + 1);
}

/* The hyphen after a letter that stands alone: "e-mail", "t-shirt", but "Saint-Étienne" may break.
 */
static bool joins(const char *title, const char *hyphen)
{
    if (hyphen == title || !isalpha((unsigned char)hyphen[-1]))
        return false;
    return hyphen - 1 == title || hyphen[-2] == ' ' || hyphen[-2] == '\'';
}

const char *typeset_title(struct mem *mem, const char *title)
{
    struct buf *set = buf_new(mem, strlen(title) * TYPESET_GROWTH + 1);
    for (const char *c = title; *c; c++) {
        if (*c == ' ' && holds(title, c))
            buf_put(set, NO_BREAK_SPACE);
        else
            buf_put_char(set, *c);
        if (*c == '-' && joins(title, c))
            buf_put(set, WORD_JOINER);
    }
    return set->bytes;
}
