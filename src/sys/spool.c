/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pieces are written under a name of their own and renamed once they are on the disk, as in a
 * maildir: a name with the ending is a whole piece. What a process left half written when it was
 * killed is cleared away by the next that takes. */
#include "sys/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/files.h"

enum { SPOOL_BLOCK_BYTES = 64 * 1024, SPOOL_DRAFT_SECONDS_MAX = 3600 };

static const char draft_start[] = "draft.";
static const char ending[] = ".piece";
static const char bad_ending[] = ".bad";

static bool ends_with(const char *name, const char *end)
{
    size_t length = strlen(name);
    return length > strlen(end) && str_equal(name + length - strlen(end), end);
}

static bool is_piece(const char *name)
{
    return ends_with(name, ending);
}

/* Reads to the end, whatever is kept: the other side has not done when it cannot write. */
static bool copy(struct mem *mem, int from, int to, size_t bytes_max)
{
    char *block = mem_alloc(mem, SPOOL_BLOCK_BYTES);
    size_t kept = 0;
    for (;;) {
        ssize_t count = read(from, block, SPOOL_BLOCK_BYTES);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return count == 0;
        size_t wanted = (size_t)count < bytes_max - kept ? (size_t)count : bytes_max - kept;
        if (!file_write(to, block, wanted))
            return false;
        kept += wanted;
    }
}

static int count_of(const char *folder, const char *end)
{
    DIR *dir = opendir(folder);
    int count = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        count += ends_with(entry->d_name, end);
    if (dir)
        closedir(dir);
    return count;
}

/* A name that sorts by the time it came. */
static const char *piece_path(struct mem *mem, const char *folder)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return mem_printf(mem, "%s/%lld.%09ld.%d%s", folder, (long long)now.tv_sec, now.tv_nsec,
                      (int)getpid(), ending);
}

const char *spool_put(struct mem *mem, const char *folder, const char *head, int file,
                      size_t bytes_max)
{
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return strerrordesc_np(errno);
    if (count_of(folder, ending) >= SPOOL_PIECES_MAX)
        return "too many wait already";
    char *draft = mem_printf(mem, "%s/%sXXXXXX", folder, draft_start);
    int to = mkostemp(draft, O_CLOEXEC); /* 0600 */
    if (to < 0)
        return strerrordesc_np(errno);
    bool written =
        file_write(to, head, strlen(head)) && copy(mem, file, to, bytes_max) && fsync(to) == 0;
    int error = errno;
    close(to);
    const char *piece = piece_path(mem, folder);
    if (written && rename(draft, piece) == 0 && file_sync_name(piece))
        return NULL;
    error = written ? errno : error;
    unlink(draft);
    unlink(piece); /* whoever is told that it is not there must not find it taken in */
    return strerrordesc_np(error);
}

static void clear_old_draft(struct mem *mem, const char *folder, const char *name)
{
    const char *path = mem_printf(mem, "%s/%s", folder, name);
    struct stat status;
    if (stat(path, &status) == 0 && status.st_mtime + SPOOL_DRAFT_SECONDS_MAX < time(NULL))
        unlink(path);
}

/* The name that sorts first; NULL: there is none. */
static const char *first_piece(struct mem *mem, const char *folder)
{
    DIR *dir = opendir(folder);
    const char *first = NULL;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (str_starts(entry->d_name, draft_start))
            clear_old_draft(mem, folder, entry->d_name);
        else if (is_piece(entry->d_name) && (!first || strcmp(entry->d_name, first) < 0))
            first = mem_strdup(mem, entry->d_name);
    }
    if (dir)
        closedir(dir);
    return first;
}

/* False, with errno: it cannot be read. */
static bool piece_read(const char *path, char *bytes, size_t bytes_max, size_t *ret_count)
{
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return false;
    size_t count = 0;
    ssize_t got = 1;
    while (got > 0 && count < bytes_max) {
        got = read(file, bytes + count, bytes_max - count);
        count += got > 0 ? (size_t)got : 0;
    }
    int error = errno;
    close(file);
    errno = error;
    *ret_count = count;
    return got >= 0;
}

/* False: it stays in the way; or it is not its fault: another time. */
static bool put_aside(struct mem *mem, const char *folder, const char *path)
{
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
        return false;
    log_event(LOG_WARNING, "spool_piece_unreadable", log_text("path", path),
              log_text("why", strerrordesc_np(errno)));
    if (count_of(folder, bad_ending) >= SPOOL_BAD_MAX)
        return remove(path) == 0;
    return rename(path, mem_printf(mem, "%s%s", path, bad_ending)) == 0;
}

bool spool_take(struct mem *mem, const char *folder, size_t bytes_max,
                struct spool_piece *ret_piece)
{
    char *bytes = mem_alloc(mem, bytes_max + 1);
    for (const char *name; (name = first_piece(mem, folder));) {
        const char *path = mem_printf(mem, "%s/%s", folder, name);
        size_t count;
        if (piece_read(path, bytes, bytes_max, &count)) {
            *ret_piece = (struct spool_piece){.path = path, .bytes = bytes, .count = count};
            return true;
        }
        if (!put_aside(mem, folder, path))
            return false;
    }
    return false;
}

void spool_drop(const struct spool_piece *piece)
{
    unlink(piece->path);
}
