/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Markdown of people's texts to HTML that may be shown: rendered once, when it is written. */
#pragma once

struct mem;

/* CommonMark in cmark's safe mode; headings from h3 down, only http, https, mailto and relative links (rel="nofollow
 * ugc noopener"), no images, no raw HTML. `text` is at most MARKDOWN_BYTES_MAX (a form's bound). NULL when the result would pass
 * MARKDOWN_HTML_BYTES_MAX. */
const char *markdown_html(struct mem *mem, const char *text);
