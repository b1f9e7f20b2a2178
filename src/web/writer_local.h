/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* For the tests of writer.c alone. */
#pragma once
#include "web/writer.h"

/* As writer_start, with batches of at most `batch_ms`. */
struct writer *writer_start_with(struct mem *mem, struct db *db, const struct commits *commits,
                                 bool threaded, int64_t batch_ms);
