/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A mail and a list of them, as pages and JSON show them. */
#pragma once
#include <stdint.h>

struct mail_attachment;
struct mem;
struct view_text;

struct mailbox_mail {
    const struct mailbox_mail *next;
    const char *id; /* the outbox's handle */
    const char *from;
    const char *to;       /* address in its normal form */
    const char *to_shown; /* with the name */
    const char *subject;
    const char *text;
    const char *html;
    const struct mail_attachment *attachments;
    const struct view_text *links;
    int64_t created_at;
    const char *created_words;
    const char *path;
    const char *html_path;
};

struct mailbox_list {
    const struct mailbox_mail *items;
    const char *next; /* key of the following page; NULL: this is the last */
    const char *next_path;
    const char *to; /* the address asked for, as typed; "" for all */
};

/* The http and https addresses in a mail's text and in the links of its HTML: each once, in their
 * order, at most MAILBOX_LINKS_MAX. */
enum { MAILBOX_LINKS_MAX = 200 };
const struct view_text *mailbox_links(struct mem *mem, const char *text, const char *html);

/* The mail's HTML, changed so that its links open outside of the frame that shows it: the pages of
 * this site do not let themselves be framed. */
const char *mailbox_html_framed(struct mem *mem, const char *html);
