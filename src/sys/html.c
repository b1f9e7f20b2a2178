/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What compiled templates call. Which of these functions a hole needs is decided by tools/tplc;
 * here each makes any text harmless for its one place. Nothing here makes markup of its own, and a
 * translation is text like any other: it is escaped after its holes are filled. */
#include "sys/html.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/str.h"
#include "sys/lang.h"

void html_markup(struct html *h, const char *markup, size_t count)
{
    buf_add(h->out, markup, count);
}

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return "&#39;";
    }
}

/* One escape for text and for double-quoted attributes: each character that could end either. */
static void put_escaped(struct html *h, const char *text)
{
    while (text && *text) {
        size_t plain = strcspn(text, "&<>\"'");
        buf_add(h->out, text, plain);
        text += plain;
        if (*text)
            buf_put(h->out, entity(*text++));
    }
}

void html_text_string(struct html *h, const char *text)
{
    put_escaped(h, text);
}

void html_text_number(struct html *h, int64_t n)
{
    put_escaped(h, lang_number(h->lang, h->mem, n));
}

void html_text_safe(struct html *h, struct safe_html safe)
{
    if (safe.markup)
        buf_put(h->out, safe.markup);
}

void html_attribute_string(struct html *h, const char *text)
{
    put_escaped(h, text);
}

void html_attribute_number(struct html *h, int64_t n)
{
    buf_put_int(h->out, n);
}

void html_plain_string(struct html *h, const char *text)
{
    if (text)
        buf_put(h->out, text);
}

void html_plain_number(struct html *h, int64_t n)
{
    buf_put(h->out, lang_number(h->lang, h->mem, n));
}

static bool starts_nocase(const char *text, const char *start)
{
    return strncasecmp(text, start, strlen(start)) == 0;
}

/* Browsers drop tabs and line ends inside an address and read '\' as '/': "/\t/host" and "/\host"
 * would both leave this site. Source: https://url.spec.whatwg.org/#concept-basic-url-parser */
static bool has_odd_byte(const char *address)
{
    while ((unsigned char)*address >= ' ' && *address != '\\' && *address != 0x7F)
        address++;
    return *address != '\0';
}

static bool address_is_safe(const char *address)
{
    if (str_is_empty(address) || has_odd_byte(address))
        return false;
    if (address[0] == '/')
        return address[1] != '/';
    return address[0] == '#' || address[0] == '?' || starts_nocase(address, "https://") ||
           starts_nocase(address, "http://") || starts_nocase(address, "mailto:");
}

void html_url(struct html *h, const char *address)
{
    put_escaped(h, address_is_safe(address) ? address : "#");
}

const char *html_hole_string(struct html *h, const char *text)
{
    (void)h;
    return text ? text : "";
}

const char *html_hole_number(struct html *h, int64_t n)
{
    return lang_number(h->lang, h->mem, n);
}

/* The holes as sys/lang.h has them: how many. */
static int convert(const struct html_hole *holes, struct lang_hole *ret_holes)
{
    int count = 0;
    for (; holes && holes[count].name; count++) {
        assert(count < HTML_HOLES_MAX);
        ret_holes[count] = (struct lang_hole){holes[count].name, holes[count].value};
    }
    return count;
}

const char *html_message(struct html *h, const char *msgid, const struct html_hole *holes)
{
    const char *text = lang_text(h->lang, msgid);
    struct lang_hole filled[HTML_HOLES_MAX];
    int count = convert(holes, filled);
    return count ? lang_fill(h->mem, text, filled, count) : text;
}

const char *html_message_plural(struct html *h, const char *one, const char *many, int64_t n,
                                const struct html_hole *holes)
{
    struct lang_hole filled[HTML_HOLES_MAX + 1];
    int count = convert(holes, filled);
    filled[count++] = (struct lang_hole){"n", lang_number(h->lang, h->mem, n)};
    return lang_fill(h->mem, lang_plural(h->lang, one, many, n), filled, count);
}
