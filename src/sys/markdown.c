/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Markdown by cmark, which parses; what comes of it is decided here, on the tree and before
 * anything is rendered: links lose every address that html_url refuses and get our rel, pictures
 * become their description, HTML is shown as the text that was typed, headings go on from the
 * page's own without a gap. cmark renders in its safe mode besides. Nothing here searches in HTML
 * that is already made. Why cmark: md4c lets javascript: links through, and cmark-gfm is no longer
 * repaired in Debian. */
#include "sys/markdown.h"

#include <assert.h>
#include <cmark.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/html.h"

enum { HEADING_FIRST = 2, HEADING_LAST = 6 };

/* The headings that the text is under at one place, from the outermost in, by the levels that were
 * written: each deeper than the one before. */
struct outline {
    int levels[HEADING_LAST];
    int depth;
};

/* Letters of an address that stand for themselves (RFC 3986), and '%', since what is encoded
 * already stays as it is. */
static const char address_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    "-._~:/?#[]@!$&'()*+,;=%";

/* A new string: the address with every other byte as %XX, also line ends and '\', which browsers
 * read in their own way. */
static const char *address_encoded(struct mem *mem, const char *address)
{
    struct buf *out = buf_new(mem, MARKDOWN_HTML_BYTES_MAX);
    for (; *address; address++) {
        if (strchr(address_letters, *address))
            buf_put_char(out, *address);
        else
            buf_printf(out, "%%%02X", (unsigned char)*address);
    }
    return out->bytes;
}

/* The markup that begins a link, or NULL when its address is refused. */
static const char *link_start(struct mem *mem, const char *address)
{
    struct buf *href = buf_new(mem, MARKDOWN_HTML_BYTES_MAX);
    struct html html = {.out = href, .mem = mem};
    html_url(&html, address_encoded(mem, address));
    if (href->over || str_equal(href->bytes, "#"))
        return NULL;
    return mem_printf(mem, "<a href=\"%s\" rel=\"nofollow ugc noopener\">", href->bytes);
}

/* Puts the node's children in its place. */
static void node_dissolve(cmark_node *node)
{
    cmark_node *child;
    while ((child = cmark_node_first_child(node)))
        cmark_node_insert_before(node, child);
    cmark_node_free(node);
}

/* cmark lets <https://…> stand in the text of a link; HTML has no link in a link. */
static bool is_in_link(cmark_node *node)
{
    cmark_node *above = cmark_node_parent(node);
    while (above && cmark_node_get_type(above) != CMARK_NODE_LINK)
        above = cmark_node_parent(above);
    return above;
}

static void link_replace(struct mem *mem, cmark_node *link)
{
    const char *start = is_in_link(link) ? NULL : link_start(mem, cmark_node_get_url(link));
    if (start) {
        cmark_node *safe = cmark_node_new(CMARK_NODE_CUSTOM_INLINE);
        cmark_node_set_on_enter(safe, start);
        cmark_node_set_on_exit(safe, "</a>");
        cmark_node_insert_before(link, safe);
        cmark_node *child;
        while ((child = cmark_node_first_child(link)))
            cmark_node_append_child(safe, child);
    }
    node_dissolve(link);
}

static void html_show_as_text(struct mem *mem, cmark_node *node)
{
    bool is_block = cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK;
    const char *literal = cmark_node_get_literal(node);
    size_t count = strlen(literal);
    if (is_block && count > 0 && literal[count - 1] == '\n')
        count--;
    cmark_node *shown = cmark_node_new(CMARK_NODE_TEXT);
    cmark_node_set_literal(shown, mem_strndup(mem, literal, count));
    if (is_block) {
        cmark_node *paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH);
        cmark_node_append_child(paragraph, shown);
        shown = paragraph;
    }
    cmark_node_replace(node, shown);
    cmark_node_free(node);
}

/* One level below the heading that it stands under, however deep it was written: people begin with
 * `##`, or go from `#` to `###`, and somebody who listens to the page must not miss a level. */
static void heading_place(struct outline *outline, cmark_node *heading)
{
    int written = cmark_node_get_heading_level(heading);
    while (outline->depth > 0 && outline->levels[outline->depth - 1] >= written)
        outline->depth--;
    int level = HEADING_FIRST + outline->depth;
    outline->levels[outline->depth++] = written;
    cmark_node_set_heading_level(heading, level < HEADING_LAST ? level : HEADING_LAST);
}

/* Each node as it is left: what the iterator visits next lies outside it by then. HTML has no
 * inside and is only entered. */
static void tree_clean(struct mem *mem, cmark_node *document)
{
    cmark_iter *iterator = cmark_iter_new(document);
    cmark_event_type event;
    struct outline outline = {0};
    while ((event = cmark_iter_next(iterator)) != CMARK_EVENT_DONE) {
        struct mem_mark mark = mem_mark(mem);
        cmark_node *node = cmark_iter_get_node(iterator);
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE)
            html_show_as_text(mem, node);
        else if (event == CMARK_EVENT_EXIT && type == CMARK_NODE_LINK)
            link_replace(mem, node);
        else if (event == CMARK_EVENT_EXIT && type == CMARK_NODE_IMAGE)
            node_dissolve(node);
        else if (event == CMARK_EVENT_EXIT && type == CMARK_NODE_HEADING)
            heading_place(&outline, node);
        mem_rewind(mem, mark); /* cmark has its copies */
    }
    cmark_iter_free(iterator);
}

/* Where a bare web address begins in a text, or NULL: at its start, or behind a space or a bracket.
 */
static const char *address_start(const char *text)
{
    for (const char *at = text; (at = strstr(at, "http")); at++) {
        bool is_apart = at == text || strchr(" \t\n([", at[-1]);
        if (is_apart && (str_starts(at, "https://") || str_starts(at, "http://")))
            return at;
    }
    return NULL;
}

/* The sentence's own signs behind an address are not of it. */
static size_t address_length(const char *address)
{
    size_t count = strcspn(address, " \t\n<>\"()[]");
    while (count > 0 && strchr(".,;:!?'", address[count - 1]))
        count--;
    return count;
}

static cmark_node *text_node(const char *text)
{
    cmark_node *node = cmark_node_new(CMARK_NODE_TEXT);
    cmark_node_set_literal(node, text);
    return node;
}

/* Bare web addresses in a text become links: people paste them as they are. What is inserted stands
 * before the node, which keeps what is left. */
static void addresses_link(struct mem *mem, cmark_node *node)
{
    const char *text = mem_strdup(mem, cmark_node_get_literal(node));
    const char *start;
    while ((start = address_start(text))) {
        const char *address = mem_strndup(mem, start, address_length(start));
        cmark_node *link = cmark_node_new(CMARK_NODE_LINK);
        cmark_node_set_url(link, address);
        cmark_node_append_child(link, text_node(address));
        cmark_node_insert_before(node, text_node(mem_strndup(mem, text, (size_t)(start - text))));
        cmark_node_insert_before(node, link);
        text = start + strlen(address);
    }
    cmark_node_set_literal(node, text);
}

static void tree_link(struct mem *mem, cmark_node *document)
{
    cmark_consolidate_text_nodes(document);
    cmark_iter *iterator = cmark_iter_new(document);
    while (cmark_iter_next(iterator) != CMARK_EVENT_DONE) {
        struct mem_mark mark = mem_mark(mem);
        cmark_node *node = cmark_iter_get_node(iterator);
        if (cmark_node_get_type(node) == CMARK_NODE_TEXT && !is_in_link(node))
            addresses_link(mem, node);
        mem_rewind(mem, mark); /* cmark has its copies */
    }
    cmark_iter_free(iterator);
}

const char *markdown_html(struct mem *mem, const char *text)
{
    assert(text);
    size_t count = strlen(text);
    if (count > MARKDOWN_BYTES_MAX)
        return NULL;
    cmark_node *document = cmark_parse_document(text, count, CMARK_OPT_DEFAULT);
    tree_link(mem, document);
    tree_clean(mem, document);
    char *markup = cmark_render_html(document, CMARK_OPT_HARDBREAKS);
    cmark_node_free(document);

    const char *result = NULL;
    if (strlen(markup) <= MARKDOWN_HTML_BYTES_MAX)
        result = mem_strdup(mem, markup);
    (cmark_get_default_mem_allocator()->free)(markup); /* it is the library's memory */
    return result;
}
