/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The part of the settings that is about mails. */
#pragma once

struct mem;
struct settings;

/* Makes config.smtp of what was said about the server, and looks at the addresses. NULL, or one
 * sentence that stops the start; it never quotes a password. */
const char *settings_mail(struct mem *mem, struct settings *settings);
