/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What `serve` may reach, as its settings say: sys/sandbox.h. */
#pragma once
#include <stdbool.h>

struct mem;
struct settings;

/* Makes the data folder where it is missing, and enters the sandbox, unless `no-sandbox` is set;
 * `ret_reach` says for the log how far that goes. False after one log line. Called before any
 * thread is started. */
bool confine(struct mem *mem, const struct settings *settings, const char **ret_reach);
