/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* For the tests of what writes files alone: a folder in which names can be made, but not made to
 * last, since it may not be read. Root may read everything: its tests are somebody else meanwhile,
 * whose the folder is, and the one above it. */
#pragma once
#include <assert.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static inline void give_to_nobody(const char *path)
{
    bool given = getuid() != 0 || chown(path, NOBODY, (gid_t)-1) == 0;
    assert(given);
    (void)given;
}

static inline void folder_forget_names(const char *above, const char *folder)
{
    give_to_nobody(above);
    give_to_nobody(folder);
    bool closed = chmod(folder, 0300) == 0 && (getuid() != 0 || seteuid(NOBODY) == 0);
    assert(closed);
    (void)closed;
}

static inline void folder_keep_names(const char *folder)
{
    bool opened = seteuid(getuid()) == 0 && chmod(folder, 0700) == 0;
    assert(opened);
    (void)opened;
}
