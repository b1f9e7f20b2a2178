/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Markdown as plain text, for the part of a mail that has no HTML: the marks go, the words, lines,
 * lists and addresses stay. What is written is text and nothing else, so nothing is cleaned. */
#include <assert.h>
#include <cmark.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "sys/markdown.h"

struct writing {
    struct buf *out;
    size_t link_at; /* where the words of the link begin */
};

/* A blank line before each block but the first, and but the first of an item, which stands behind
 * the item's mark. */
static void block_begin(struct writing *w, cmark_node *node)
{
    cmark_node *above = cmark_node_parent(node);
    bool is_in_item = above && cmark_node_get_type(above) == CMARK_NODE_ITEM;
    if (w->out->length > 0 && !(is_in_item && !cmark_node_previous(node)))
        buf_put_char(w->out, '\n');
}

static void item_begin(struct writing *w, cmark_node *item)
{
    cmark_node *list = cmark_node_parent(item);
    bool is_first = !cmark_node_previous(item);
    if (is_first && w->out->length > 0 && w->out->bytes[w->out->length - 1] == '\n')
        buf_put_char(w->out, '\n');
    if (cmark_node_get_list_type(list) != CMARK_ORDERED_LIST) {
        buf_put(w->out, "- ");
        return;
    }
    int number = cmark_node_get_list_start(list);
    for (cmark_node *before = item; (before = cmark_node_previous(before));)
        number++;
    buf_printf(w->out, "%d. ", number);
}

static void enter(struct writing *w, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_CODE_BLOCK:
    case CMARK_NODE_HTML_BLOCK:
        block_begin(w, node);
        buf_put(w->out, cmark_node_get_literal(node));
        return;
    case CMARK_NODE_THEMATIC_BREAK:
        block_begin(w, node);
        buf_put(w->out, "* * *\n");
        return;
    case CMARK_NODE_PARAGRAPH:
    case CMARK_NODE_HEADING:
        block_begin(w, node);
        return;
    case CMARK_NODE_ITEM:
        item_begin(w, node);
        return;
    case CMARK_NODE_LINK:
        w->link_at = w->out->length;
        return;
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK:
        buf_put_char(w->out, '\n');
        return;
    case CMARK_NODE_TEXT:
    case CMARK_NODE_CODE:
    case CMARK_NODE_HTML_INLINE:
        buf_put(w->out, cmark_node_get_literal(node));
        return;
    default:
        return;
    }
}

/* A link's address stands behind its words, where it is not the same. */
static void leave(struct writing *w, cmark_node *node)
{
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING)
        buf_put_char(w->out, '\n');
    if (type != CMARK_NODE_LINK)
        return;
    const char *address = cmark_node_get_url(node);
    const char *words = w->out->bytes + w->link_at;
    if (!str_equal(words, address) && !(str_starts(address, "mailto:") && strchr(words, '@')))
        buf_printf(w->out, " (%s)", address);
}

const char *markdown_text(struct mem *mem, const char *text)
{
    assert(text);
    size_t count = strlen(text);
    if (count > MARKDOWN_BYTES_MAX)
        return NULL;
    struct writing w = {.out = buf_new(mem, MARKDOWN_HTML_BYTES_MAX)};
    cmark_node *document = cmark_parse_document(text, count, CMARK_OPT_DEFAULT);
    cmark_iter *iterator = cmark_iter_new(document);
    cmark_event_type event;
    while ((event = cmark_iter_next(iterator)) != CMARK_EVENT_DONE) {
        if (event == CMARK_EVENT_ENTER)
            enter(&w, cmark_iter_get_node(iterator));
        else
            leave(&w, cmark_iter_get_node(iterator));
    }
    cmark_iter_free(iterator);
    cmark_node_free(document);
    return w.out->over ? NULL : w.out->bytes;
}
