/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A folder in which one process leaves whole pieces for another: what is in it is there durably and
 * complete, and stays until it is dropped. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct mem;

enum {
    SPOOL_PIECES_MAX = 1000, /* waiting; then no more are taken */
    SPOOL_BAD_MAX = 100,     /* put aside */
};

/* Writes `head` and what can be read from `file`, but no more than `bytes_max` of that, the rest is
 * read and left out; the folder is made where it is missing. NULL once it is on the disk, or why it
 * is not; then nothing is left of it. */
const char *spool_put(struct mem *mem, const char *folder, const char *head, int file,
                      size_t bytes_max);

struct spool_piece {
    const char *path;
    const char *bytes;
    size_t count;
};
/* The piece that came first, on `mem`; false: there is none. One that cannot be read is put aside
 * as
 * `<its name>.bad`, with a line in the log, for whoever looks after the machine; where there are
 * SPOOL_BAD_MAX of them it is dropped. */
bool spool_take(struct mem *mem, const char *folder, size_t bytes_max,
                struct spool_piece *ret_piece);
void spool_drop(const struct spool_piece *piece);
