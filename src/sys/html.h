/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What compiled templates call: text goes out escaped by its type and its place. Handlers do not
 * write HTML. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct lang;
struct mem;

/* Text that is HTML already: what templates wrote, Markdown as sys/markdown.c made it, QR codes.
 * Never made from what people typed. */
struct safe_html {
    const char *markup;
};

struct html {
    struct buf *out;
    const struct lang *lang;
    struct mem *mem; /* for strings made on the way */
};

enum { HTML_HOLES_MAX = 8 }; /* of one message; tools/tplc refuses more */

/* One named hole of a message in a template. */
struct html_hole {
    const char *name;
    const char *value;
};

void html_markup(struct html *h, const char *markup, size_t count); /* a template's own text */

void html_text_string(struct html *h, const char *text);
void html_text_number(struct html *h, int64_t n); /* as the language writes it */
void html_text_safe(struct html *h, struct safe_html safe);
void html_attribute_string(struct html *h, const char *text);
void html_attribute_number(struct html *h, int64_t n); /* plain digits */
/* A link's address: passes paths that start with one '/', '#…', '?…', and http, https, mailto;
 * anything else becomes "#". */
void html_url(struct html *h, const char *address);
void html_plain_string(struct html *h, const char *text); /* in `text` templates: not escaped */
void html_plain_number(struct html *h, int64_t n);

#define html_text(h, x)                                                                            \
    _Generic((x), struct safe_html: html_text_safe, const char *: html_text_string,                  \
             char *: html_text_string, int: html_text_number, int64_t: html_text_number)((h), (x))
#define html_attribute(h, x)                                                                       \
    _Generic((x), const char *: html_attribute_string, char *: html_attribute_string,                \
             int: html_attribute_number, int64_t: html_attribute_number)((h), (x))
#define html_plain(h, x)                                                                           \
    _Generic((x), const char *: html_plain_string, char *: html_plain_string,                        \
             int: html_plain_number, int64_t: html_plain_number)((h), (x))

/* A hole's value as a string: numbers as the language writes them. */
const char *html_hole_string(struct html *h, const char *text);
const char *html_hole_number(struct html *h, int64_t n);
#define html_hole(h, x)                                                                            \
    _Generic((x), const char *: html_hole_string, char *: html_hole_string, int: html_hole_number,   \
             int64_t: html_hole_number)((h), (x))

/* Translations: {{ t "…" name=expr }} and {{ tn n "one" "many" name=expr }}; {n} is filled by
 * itself. `holes` ends with name NULL; NULL: there are none. The generated C carries the msgids as
 * literals in these two calls: that is where xgettext reads them. */
const char *html_message(struct html *h, const char *msgid, const struct html_hole *holes);
const char *html_message_plural(struct html *h, const char *one, const char *many, int64_t n,
                                const struct html_hole *holes);
