/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Markdown of people's texts to HTML that may be shown: rendered once, when it is written. */
#pragma once

struct mem;

/* CommonMark by cmark in its safe mode, where a line break stays one; the text's outermost headings
 * are h2, as below the title of a page, and those in them follow without a gap, at most h6; links
 * only to the addresses that html_url passes (rel="nofollow ugc noopener"), others leave their
 * text; web addresses that stand bare in the text are links too; a picture is its description; HTML
 * is shown as it was typed. NULL when `text` is longer than MARKDOWN_BYTES_MAX (a form's bound), or
 * the result would pass MARKDOWN_HTML_BYTES_MAX. */
const char *markdown_html(struct mem *mem, const char *text);

/* The same as plain text: without its marks, a list's items behind "- " or their number, a link's
 * address behind its words. NULL as above. */
const char *markdown_text(struct mem *mem, const char *text);
