/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Follows the HTML of a template from text to text, so that each hole's place is known. It is
 * stricter than a browser: whatever two browsers might read in different ways is refused, and so is
 * every place where no escape makes a value harmless (scripts, styles, comments, names, event
 * attributes). That also finds most mistakes in nesting. It never corrects and never guesses. */
#include "tplc_local.h"

#include <string.h>

struct reader {
    struct tplc *c;
    const char *at;
    const char *end;
    int line;
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
    return is_name_start(c) && c != '_';
}

static bool at_end(const struct reader *r)
{
    return r->at == r->end || r->c->sentence;
}

static bool at_text(const struct reader *r, const char *what)
{
    size_t length = strlen(what);
    return (size_t)(r->end - r->at) >= length && memcmp(r->at, what, length) == 0;
}

static void skip(struct reader *r, size_t count)
{
    for (; count > 0; count--)
        r->line += *r->at++ == '\n';
}

static void skip_space(struct reader *r)
{
    while (!at_end(r) && is_space(*r->at))
        skip(r, 1);
}

/* Reads a name in lower case. Refuses one that is too long to be one. */
static void read_name(struct reader *r, char *ret_name)
{
    size_t length = 0;
    while (!at_end(r) && (is_name_char(*r->at) || strchr("-:.", *r->at))) {
        if (length == TPLC_NAME_BYTES_MAX - 1) {
            tplc_fail(r->c, r->line, "a name of HTML is at most %d bytes long",
                      TPLC_NAME_BYTES_MAX - 1);
            break;
        }
        ret_name[length++] = lower(*r->at);
        skip(r, 1);
    }
    ret_name[length] = '\0';
}

static const struct element *element_top(const struct context *context)
{
    return context->spot.depth > 0 ? &context->elements[context->spot.depth - 1] : NULL;
}

static bool is_open(const struct context *context, const char *name)
{
    for (int i = 0; i < context->spot.depth; i++) {
        if (strcmp(context->elements[i].name, name) == 0)
            return true;
    }
    return false;
}

static bool is_in_raw(const struct context *context)
{
    const struct element *top = element_top(context);
    return top && element_is_raw(top->name);
}

static void check_nesting(struct tplc *c, const struct start_tag *tag)
{
    if (element_is_refused(tag->name))
        tplc_fail(c, tag->line, "<%s> is not allowed", tag->name);
    else if (element_ends_p(tag->name) && is_open(&c->context, "p"))
        tplc_fail(c, tag->line, "<%s> cannot stand inside <p>", tag->name);
    else if (element_is_unnested(tag->name) && is_open(&c->context, tag->name))
        tplc_fail(c, tag->line, "<%s> cannot stand inside <%s>", tag->name, tag->name);
}

static void begin_tag(struct reader *r)
{
    struct context *context = &r->c->context;
    context->tag = (struct start_tag){.line = r->line};
    skip(r, 1);
    read_name(r, context->tag.name);
    context->spot.place = PLACE_TAG;
    context->spot.spaced = false;
    context->spot.tag = ++context->serial;
    check_nesting(r->c, &context->tag);
}

/* <script> and <iframe> end at once. */
static void read_empty_element(struct reader *r)
{
    const struct start_tag *tag = &r->c->context.tag;
    if (strcmp(tag->name, "script") == 0 && !(tag->has_src && tag->is_module))
        tplc_fail(r->c, tag->line, "a <script> needs src=\"…\" and type=\"module\"");
    size_t length = strlen(tag->name);
    bool closed = at_text(r, "</") && (size_t)(r->end - r->at) > length + 2 &&
                  memcmp(r->at + 2, tag->name, length) == 0 && r->at[length + 2] == '>';
    if (!closed)
        tplc_fail(r->c, tag->line, "nothing may stand in <%s>: </%s> must follow at once",
                  tag->name, tag->name);
    else
        skip(r, length + 3);
}

static bool may_close_itself(const struct context *context)
{
    const char *name = context->tag.name;
    if (element_is_raw(name) || element_is_empty(name))
        return false;
    return is_open(context, "svg") || strcmp(name, "svg") == 0;
}

static void finish_tag(struct reader *r, bool slash)
{
    struct context *context = &r->c->context;
    const struct start_tag *tag = &context->tag;
    if (tag->has_http_equiv && tag->has_content_hole)
        tplc_fail(r->c, tag->line, "no value may stand in the content of http-equiv");
    context->spot.place = PLACE_TEXT;
    if (element_is_void(tag->name))
        return;
    if (slash && may_close_itself(context))
        return;
    if (slash) {
        tplc_fail(r->c, tag->line, "<%s/> does not close itself in HTML", tag->name);
        return;
    }
    if (element_is_empty(tag->name)) {
        read_empty_element(r);
        return;
    }
    if (context->spot.depth == TPLC_ELEMENTS_MAX) {
        tplc_fail(r->c, tag->line, "more than %d elements are open", TPLC_ELEMENTS_MAX);
        return;
    }
    struct element *element = &context->elements[context->spot.depth++];
    memcpy(element->name, tag->name, sizeof element->name);
    element->line = tag->line;
}

static void begin_attribute(struct reader *r)
{
    struct context *context = &r->c->context;
    struct start_tag *tag = &context->tag;
    if (!context->spot.spaced)
        tplc_fail(r->c, r->line, "white space is missing before an attribute of <%s>", tag->name);
    tag->attribute_line = r->line;
    read_name(r, tag->attribute);
    context->spot.spaced = false;
    context->spot.attribute = ++context->serial;
    if (attribute_is_refused(tag->attribute))
        tplc_fail(r->c, tag->attribute_line, "the attribute %s is not allowed", tag->attribute);
    tag->has_src = tag->has_src || strcmp(tag->attribute, "src") == 0;
    tag->has_http_equiv = tag->has_http_equiv || strcmp(tag->attribute, "http-equiv") == 0;
    if (at_end(r) || *r->at != '=')
        return;
    skip(r, 1);
    if (at_end(r) || *r->at != '"') {
        tplc_fail(r->c, tag->attribute_line, "the value of %s must stand in double quotes",
                  tag->attribute);
        return;
    }
    skip(r, 1);
    context->spot.place = PLACE_VALUE;
    context->spot.value = VALUE_EMPTY;
}

static void read_tag(struct reader *r)
{
    struct spot *spot = &r->c->context.spot;
    if (is_space(*r->at)) {
        skip_space(r);
        spot->spaced = true;
    } else if (*r->at == '>') {
        skip(r, 1);
        finish_tag(r, false);
    } else if (at_text(r, "/>")) {
        skip(r, 2);
        finish_tag(r, true);
    } else if (is_letter(*r->at)) {
        begin_attribute(r);
    } else {
        tplc_fail(r->c, r->line, "an attribute of <%s> must begin with a letter",
                  r->c->context.tag.name);
    }
}

/* Without regard to case and to what browsers skip. */
static bool has_javascript(const char *text, size_t length)
{
    static const char scheme[] = "javascript:";
    size_t found = 0;
    for (size_t i = 0; i < length && scheme[found]; i++) {
        if (is_space(text[i]))
            continue;
        if (lower(text[i]) != scheme[found])
            found = 0;
        if (lower(text[i]) == scheme[found])
            found++;
    }
    return scheme[found] == '\0';
}

static void read_value(struct reader *r)
{
    struct context *context = &r->c->context;
    struct start_tag *tag = &context->tag;
    bool is_whole = context->spot.value == VALUE_EMPTY;
    const char *start = r->at;
    while (!at_end(r) && *r->at != '"' && *r->at != '<')
        skip(r, 1);
    size_t length = (size_t)(r->at - start);
    if (has_javascript(start, length))
        tplc_fail(r->c, r->line, "javascript: is not allowed");
    if (length > 0 && context->spot.value == VALUE_IS_URL)
        tplc_fail(r->c, r->line, "{{ url … }} must be the whole value of %s", tag->attribute);
    if (length > 0)
        context->spot.value = VALUE_BEGUN;
    if (at_end(r))
        return;
    if (*r->at == '<') {
        tplc_fail(r->c, tag->attribute_line,
                  "the value of %s is not closed, or has a < that should be &lt;", tag->attribute);
        return;
    }
    skip(r, 1);
    if (is_whole && strcmp(tag->attribute, "type") == 0)
        tag->is_module = length == strlen("module") && memcmp(start, "module", length) == 0;
    context->spot.place = PLACE_TAG;
}

/* Ends as the strictest browser ends it: a comment that others would end earlier is refused. */
static void read_comment(struct reader *r)
{
    int line = r->line;
    skip(r, strlen("<!--"));
    bool odd = at_text(r, ">") || at_text(r, "->");
    while (!at_end(r) && !at_text(r, "-->")) {
        odd = odd || at_text(r, "--!>") || at_text(r, "<!--");
        skip(r, 1);
    }
    if (odd)
        tplc_fail(r->c, line, "a comment cannot begin with > nor have --!> or <!-- in it");
    else if (at_end(r))
        tplc_fail(r->c, line, "a comment is not closed, or has a {{ }} in it");
    else
        skip(r, strlen("-->"));
}

static void read_declaration(struct reader *r)
{
    static const char doctype[] = "<!doctype html>";
    if (at_text(r, "<!--"))
        read_comment(r);
    else if (at_text(r, doctype))
        skip(r, strlen(doctype));
    else
        tplc_fail(r->c, r->line, "only <!-- … --> and %s begin with <!", doctype);
}

static void close_element(struct tplc *c, int line, const char *name)
{
    struct context *context = &c->context;
    const struct element *top = element_top(context);
    if (!top || context->spot.depth == context->floor)
        tplc_fail(c, line, "</%s> closes nothing that was opened %s", name,
                  top ? "in this branch" : "here");
    else if (strcmp(top->name, name) != 0)
        tplc_fail(c, line, "</%s> stands where </%s> is expected, of line %d", name, top->name,
                  top->line);
    else
        context->spot.depth--;
}

static void read_end_tag(struct reader *r)
{
    char name[TPLC_NAME_BYTES_MAX];
    int line = r->line;
    skip(r, 2);
    read_name(r, name);
    skip_space(r);
    if (at_end(r) || *r->at != '>') {
        tplc_fail(r->c, line, "the end tag </%s> is not closed, or has something in it", name);
        return;
    }
    skip(r, 1);
    close_element(r->c, line, name);
}

static void read_markup(struct reader *r)
{
    if (is_in_raw(&r->c->context) && !at_text(r, "</"))
        tplc_fail(r->c, r->line, "a < in <%s> is written &lt;", element_top(&r->c->context)->name);
    else if (at_text(r, "</"))
        read_end_tag(r);
    else if (at_text(r, "<!"))
        read_declaration(r);
    else if (r->end - r->at > 1 && is_letter(r->at[1]))
        begin_tag(r);
    else
        tplc_fail(r->c, r->line, "a < in text is written &lt;, and no {{ }} may follow it");
}

void context_begin(struct context *context, bool plain)
{
    *context = (struct context){.plain = plain};
}

void context_read(struct tplc *c, const char *text, size_t length, int line)
{
    if (c->context.plain)
        return;
    struct reader reader = {.c = c, .at = text, .end = text + length, .line = line};
    while (!at_end(&reader)) {
        switch (c->context.spot.place) {
        case PLACE_TEXT:
            if (*reader.at == '<')
                read_markup(&reader);
            else
                skip(&reader, 1);
            break;
        case PLACE_TAG:
            read_tag(&reader);
            break;
        case PLACE_VALUE:
            read_value(&reader);
            break;
        }
    }
}
