/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is easily done by half with files: writing all of something, and making a name last. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Writes all of it, whatever signals come. False: errno. */
bool file_write(int file, const void *bytes, size_t count);

/* Makes it durable that `path` is there, or is there no more: that stands in its folder, not in the
 * file. False: errno. */
bool file_sync_name(const char *path);
