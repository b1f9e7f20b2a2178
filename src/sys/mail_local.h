/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What composing and reading mails share. */
#pragma once

/* Makes GMime ready, once for the process and from any thread. */
void mail_library_start(void);
