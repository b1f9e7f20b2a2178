/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What composing and reading mails share. */
#pragma once
#include <stddef.h>

struct _GMimeMessage;

/* Makes GMime ready, once for the process and from any thread. */
void mail_library_start(void);
/* The bytes as GMime reads them, for the caller to unref. NULL: they are no message, or more than
 * MAIL_BYTES_MAX. */
struct _GMimeMessage *mail_message_new(const char *bytes, size_t count);
