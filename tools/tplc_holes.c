/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where the HTML stands decides what a hole may be and how it is escaped, and both ends of a branch
 * must stand in the same place, so that it does not matter which way a page takes. A place for
 * which no rule is written is refused. */
#include "tplc_local.h"

#include <string.h>

static enum escape text_escape(struct tplc *c, int line, enum word word)
{
    const struct context *context = &c->context;
    const struct element *top =
        context->spot.depth > 0 ? &context->elements[context->spot.depth - 1] : NULL;
    bool is_raw = top && element_is_raw(top->name);
    if (word == WORD_URL)
        tplc_fail(c, line, "{{ url … }} stands in attributes that are addresses, such as href");
    if (word == WORD_CALL && is_raw)
        tplc_fail(c, line, "{{ call … }} cannot stand in <%s>", top->name);
    /* Elements cannot stand in <title> and <textarea>: html_attribute takes no safe_html. */
    return is_raw ? ESCAPE_ATTRIBUTE : ESCAPE_TEXT;
}

static enum escape value_escape(struct tplc *c, int line, enum word word)
{
    struct start_tag *tag = &c->context.tag;
    struct spot *spot = &c->context.spot;
    bool is_url = attribute_is_url(tag->attribute);
    if (word == WORD_CALL)
        tplc_fail(c, line, "{{ call … }} stands in text, not in an attribute");
    else if (is_url && word != WORD_URL)
        tplc_fail(c, line, "%s is an address and needs {{ url … }}", tag->attribute);
    else if (!is_url && word == WORD_URL)
        tplc_fail(c, line, "%s is no address: {{ url … }} is not for it", tag->attribute);
    else if (is_url && spot->value != VALUE_EMPTY)
        tplc_fail(c, line, "{{ url … }} must be the whole value of %s", tag->attribute);
    if (strcmp(tag->attribute, "content") == 0)
        tag->has_content_hole = true;
    spot->value = is_url ? VALUE_IS_URL : VALUE_BEGUN;
    return is_url ? ESCAPE_URL : ESCAPE_ATTRIBUTE;
}

enum escape context_escape(struct tplc *c, int line, enum word word)
{
    if (c->context.plain) {
        if (word == WORD_URL)
            tplc_fail(c, line, "{{ url … }} has no place in plain text");
        return ESCAPE_PLAIN;
    }
    switch (c->context.spot.place) {
    case PLACE_TEXT:
        return text_escape(c, line, word);
    case PLACE_TAG:
        tplc_fail(c, line,
                  "no value may stand in the tag <%s> outside of quotes: "
                  "only if, else and end, around whole attributes",
                  c->context.tag.name);
        return ESCAPE_ATTRIBUTE;
    case PLACE_VALUE:
        return value_escape(c, line, word);
    }
    return ESCAPE_ATTRIBUTE;
}

void context_branch_begin(struct tplc *c, struct block *block)
{
    struct context *context = &c->context;
    if (context->spot.place == PLACE_TAG && block->word == WORD_FOR)
        tplc_fail(c, block->line, "no {{ for … }} may stand in a tag");
    if (context->spot.place == PLACE_VALUE && attribute_is_url(context->tag.attribute))
        tplc_fail(c, block->line, "%s is an address: make the choice around the whole attribute",
                  context->tag.attribute);
    block->start = context->spot;
    block->spaced = true;
    block->floor = context->floor;
    context->floor = context->spot.depth;
}

static bool spot_equals(const struct spot *a, const struct spot *b)
{
    if (a->place != b->place || a->depth != b->depth)
        return false;
    switch (a->place) {
    case PLACE_TEXT:
        return true;
    case PLACE_TAG:
        return a->tag == b->tag;
    case PLACE_VALUE:
        return a->attribute == b->attribute;
    }
    return false;
}

void context_branch_end(struct tplc *c, int line, struct block *block)
{
    struct context *context = &c->context;
    if (!spot_equals(&context->spot, &block->start)) {
        if (context->spot.depth > block->start.depth)
            tplc_fail(c, line, "<%s> of line %d is still open at the end of this branch",
                      context->elements[context->spot.depth - 1].name,
                      context->elements[context->spot.depth - 1].line);
        else
            tplc_fail(c, line, "this branch ends in another place of the HTML than it began in");
    }
    block->spaced = block->spaced && context->spot.spaced;
    context->spot = block->start;
}

void context_block_end(struct tplc *c, struct block *block)
{
    bool may_be_skipped = !block->has_else;
    c->context.spot.spaced = block->spaced && (!may_be_skipped || block->start.spaced);
    c->context.floor = block->floor;
}

void context_check_end(struct tplc *c, int line)
{
    const struct context *context = &c->context;
    const struct spot *spot = &context->spot;
    if (spot->place == PLACE_TAG)
        tplc_fail(c, line, "the tag <%s> of line %d is not closed", context->tag.name,
                  context->tag.line);
    else if (spot->place == PLACE_VALUE)
        tplc_fail(c, line, "the quotes of %s, line %d, are not closed", context->tag.attribute,
                  context->tag.attribute_line);
    else if (spot->depth > 0)
        tplc_fail(c, line, "<%s> of line %d is not closed", context->elements[spot->depth - 1].name,
                  context->elements[spot->depth - 1].line);
}
