/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Finds the addresses in a mail, so that a test or a person can follow them without reading HTML.
 * It reads mails that this program wrote: an address is ASCII, and an href stands in double quotes.
 * It never decides whether a link is safe. */
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"
#include "features/mailbox/mailbox_local.h"
#include "web/view.h"

struct links {
    struct mem *mem;
    const struct view_text *first;
    const struct view_text **last;
    int count;
};

static bool is_web_address(const char *text)
{
    return strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;
}

static void links_add(struct links *links, const char *address)
{
    for (const struct view_text *link = links->first; link; link = link->next)
        if (str_equal(link->text, address))
            return;
    if (links->count == MAILBOX_LINKS_MAX)
        return;
    struct view_text *link = MEM_NEW(links->mem, struct view_text);
    link->text = address;
    *links->last = link;
    links->last = &link->next;
    links->count++;
}

/* How long the address at the start of `text` is: the sentence's own marks behind it are not of it.
 */
static size_t address_length(const char *text)
{
    size_t length = 0;
    while (text[length] > ' ' && text[length] < 0x7f && !strchr("<>\"", text[length]))
        length++;
    bool has_bracket = memchr(text, '(', length) != NULL;
    while (length && strchr(has_bracket ? ".,;:!?'" : ".,;:!?')", text[length - 1]))
        length--;
    return length;
}

static void add_from_text(struct links *links, const char *text)
{
    while (*text) {
        if (!is_web_address(text)) {
            text++;
            continue;
        }
        size_t length = address_length(text);
        links_add(links, mem_strndup(links->mem, text, length));
        text += length;
    }
}

/* An attribute's value without its escapes. */
static const char *unescape(struct mem *mem, const char *value, size_t count)
{
    static const struct {
        const char *name;
        char c;
    } escapes[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    char *plain = mem_strndup(mem, value, count);
    char *out = plain;
    for (const char *in = plain; *in; out++) {
        size_t taken = 1;
        char c = *in;
        for (size_t i = 0; c == '&' && i < sizeof escapes / sizeof escapes[0]; i++) {
            if (!str_starts(in, escapes[i].name))
                continue;
            taken = strlen(escapes[i].name);
            c = escapes[i].c;
        }
        *out = c;
        in += taken;
    }
    *out = '\0';
    return plain;
}

static void add_from_html(struct links *links, const char *html)
{
    const char *at = html;
    while ((at = strstr(at, " href=\""))) {
        at += strlen(" href=\"");
        size_t count = strcspn(at, "\"");
        const char *address = unescape(links->mem, at, count);
        if (is_web_address(address))
            links_add(links, address);
        at += count;
    }
}

const struct view_text *mailbox_links(struct mem *mem, const char *text, const char *html)
{
    struct links links = {.mem = mem};
    links.last = &links.first;
    if (text)
        add_from_text(&links, text);
    if (html)
        add_from_html(&links, html);
    return links.first;
}

const char *mailbox_html_framed(struct mem *mem, const char *html)
{
    static const char head[] = "<head>";
    const char *begin = strstr(html, head);
    if (!begin)
        return html;
    const char *end = begin + strlen(head);
    return mem_printf(mem, "%.*s<base target=\"_blank\">%s", (int)(end - html), html, end);
}
