/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What people write: whatever it is, what comes out is harmless HTML. */
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "fuzz/fuzz.h"
#include "sys/markdown.h"

const char fuzz_known_bad[] = "<p>known</p>\n";

/* What may stand behind a '<'. */
static const char *const tags[] = {
    "p>",          "/p>",
    "br />",       "hr />",
    "h2>",         "/h2>",
    "h3>",         "/h3>",
    "h4>",         "/h4>",
    "h5>",         "/h5>",
    "h6>",         "/h6>",
    "ul>",         "/ul>",
    "ol>",         "/ol>",
    "li>",         "/li>",
    "em>",         "/em>",
    "strong>",     "/strong>",
    "code>",       "/code>",
    "pre>",        "/pre>",
    "blockquote>", "/blockquote>",
    "a href=\"",   "/a>",
    "ol start=\"", "code class=\"language-",
    NULL,
};

static bool is_tag(const char *text)
{
    for (const char *const *tag = tags; *tag; tag++)
        if (str_starts(text, *tag))
            return true;
    return false;
}

static void check_link(const char *address)
{
    static const char *const starts[] = {"http:", "https:", "mailto:", "/", "#", "?", NULL};
    bool fine = false;
    for (const char *const *start = starts; *start; start++)
        fine = fine || strncasecmp(address, *start, strlen(*start)) == 0;
    fuzz_check(fine, "a link leads to http, https, mailto or a place of this site");
}

void fuzz_one(struct mem *mem, const char *bytes, size_t count)
{
    if (!utf8_is_valid(bytes, count))
        return;
    const char *html = markdown_html(mem, bytes);
    if (!html)
        return;
    fuzz_check(utf8_is_valid(html, strlen(html)), "HTML is UTF-8");
    for (const char *at = strchr(html, '<'); at; at = strchr(at + 1, '<')) {
        fuzz_check(is_tag(at + 1), "no other tag than those of Markdown");
        if (str_starts(at, "<a href=\""))
            check_link(at + strlen("<a href=\""));
    }
    fuzz_seen(mem, html);
}
