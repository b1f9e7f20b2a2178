/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Mails as bytes (RFC 5322), composed, and read with GMime. Sending is not here. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mem;

struct mail {
    const char *from_name;
    const char *from_address;
    const char *reply_to_name; /* NULL: none */
    const char *reply_to;      /* NULL: none */
    const char *to_name;       /* NULL: none */
    const char *to_address;
    const char *subject;
    const char *message_id; /* without angle brackets */
    int64_t date_at;
    const char *text;
    const char *html;
    const char *calendar; /* an iCalendar object attached as invite.ics; NULL: none */
    const char *lang;     /* Content-Language */
    /* Where one is taken off the list (RFC 8058, by POST alone when it is https); NULL: it is on no
     * list. */
    const char *unsubscribe_url;
};

/* The whole message, in ASCII with CRLF line ends: multipart/alternative of text and HTML, in a
 * multipart/mixed when there is a calendar; Auto-Submitted: auto-generated. The same mail gives the
 * same bytes. Names and subject may hold anything but are encoded; line breaks in them are turned
 * into spaces. Addresses must be valid by mail_address_is_valid. NULL: it is longer than
 * MAIL_BYTES_MAX. */
const char *mail_compose(struct mem *mem, const struct mail *mail);

struct mail_attachment {
    const struct mail_attachment *next;
    const char *name;
    const char *type;
    const char *content; /* text; NULL when it is not */
};

/* Texts are valid UTF-8 with line feeds, NULL when there is none; a calendar keeps its line ends.
 */
struct mail_read {
    const char *subject;
    const char *from;
    const char *to;
    const char *text;
    const char *html;
    const struct mail_attachment *attachments;
};
/* Reads a message that mail_compose made, or any other. NULL when it is no message, or passes a
 * maximum: MAIL_BYTES_MAX, 64 parts, 8 deep. */
const struct mail_read *mail_parse(struct mem *mem, const char *bytes, size_t count);

/* A plausible address for a mailbox: one '@', a dotted or any host, within EMAIL_BYTES_MAX, ASCII
 * local part without spaces, quotes or control characters (RFC 5321 dot-string); the host may be an
 * internationalised name. */
bool mail_address_is_valid(const char *address);
/* The form under which an address is compared: host in lower case, local part in lower case, no
 * spaces at the ends. */
const char *mail_address_normal(struct mem *mem, const char *address);
/* Its host is nobody's, and never will be: example.org, anything.test (RFC 2606). */
bool mail_address_is_reserved(const char *address);
