/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reads what mail servers report about a mail that did not arrive (RFC 3464). */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/limits.h"

struct mem;

struct mail_report {
    const char *to;    /* the address it came to, which names the mail; "" */
    bool is_for_good;  /* there is no such mailbox; else it may work another time */
    const char *words; /* the server's; valid UTF-8, one line, at most SMTP_WORDS_BYTES_MAX */
};

/* NULL: it is no report of a failure (an answer, somebody's holiday, a delay, anything at all), or
 * passes a maximum: MAIL_BYTES_MAX, 64 parts. */
const struct mail_report *mail_report_read(struct mem *mem, const char *bytes, size_t count);
