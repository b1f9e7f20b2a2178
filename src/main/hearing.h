/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a serving process hears of the others on its database. */
#pragma once
#include <stdbool.h>

struct program;

/* Begins to listen, on a thread of its own, where the database is one that others may write to as
 * well: until then nothing is kept for visitors. When a newer program changes the tables, this
 * process gets a SIGTERM, with program->is_outdated set. False after one log line. */
bool hearing_start(struct program *program);
/* Nothing is heard any more. Before the writer and the streams end. */
void hearing_stop(struct program *program);
