/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files by the system's own calls. Nothing is logged or undone here: whoever calls knows what was
 * to be written, and what becomes of it when it could not be. */
#include "sys/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool file_write(int file, const void *bytes, size_t count)
{
    const char *rest = bytes;
    while (count > 0) {
        ssize_t written = write(file, rest, count);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        rest += written;
        count -= (size_t)written;
    }
    return true;
}

bool file_sync_name(const char *path)
{
    char folder[PATH_MAX] = ".";
    const char *slash = strrchr(path, '/');
    int length = slash == path ? 1 : slash ? (int)(slash - path) : 0;
    if (slash && snprintf(folder, sizeof folder, "%.*s", length, path) >= (int)sizeof folder) {
        errno = ENAMETOOLONG;
        return false;
    }
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        return false;
    bool synced = fsync(file) == 0;
    int error = errno;
    close(file);
    errno = error;
    return synced;
}
