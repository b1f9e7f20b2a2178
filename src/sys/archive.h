/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A few files in one tar file, with the SHA-256 of each in its last member, SHA256SUMS: what `tar`
 * and `sha256sum -c` of any machine can read as well. By libarchive. */
#pragma once
#include <stdbool.h>

struct mem;

/* The name in the tar file, and where the file is on this machine. Lists end with name NULL. */
struct archived {
    const char *name;
    const char *path;
};

enum { ARCHIVED_MAX = 8 };

/* Makes the tar file, which only its owner may read: written beside `path`, made durable, and only
 * then called so. False with `ret_error`, and nothing left behind: there is such a file already,
 * one of `files` cannot be read, the disk is full. */
bool archive_make(struct mem *mem, const char *path, const struct archived *files,
                  const char **ret_error);

/* Takes out the files of these names, to paths at which nothing may be yet, durable, readable by
 * their owner alone. False with `ret_error`, and nothing left behind: it is no such tar file, one
 * is missing, twice there, or not what its sum says, or something else is in it. */
bool archive_take(struct mem *mem, const char *path, const struct archived *files,
                  const char **ret_error);
