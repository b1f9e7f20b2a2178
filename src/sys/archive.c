/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tar files by libarchive; sums in one pass over the bytes. Files go by in pieces, so
 * that memory does not depend on their size. */
#include "sys/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/crypt.h"
#include "sys/files.h"

#define SUMS "SHA256SUMS"
enum { PIECE_BYTES = 64 * 1024, SUMS_BYTES_MAX = 4096, PRIVATE_MODE = 0600 };

/* Both directions: what is at hand, the sums so far, and the first thing that went wrong. */
struct archiving {
    struct mem *mem;
    struct archive *tar;
    struct buf *sums;
    char *piece;
    const char *error;
};

static bool fails(struct archiving *a, const char *what, const char *why)
{
    if (!a->error)
        a->error = mem_printf(a->mem, "%s: %s", what, why);
    return false;
}

static bool fails_errno(struct archiving *a, const char *path)
{
    return fails(a, path, strerror(errno));
}

static bool tar_fails(struct archiving *a)
{
    const char *why = archive_error_string(a->tar);
    return fails(a, "tar", why ? why : "it cannot be used");
}

/* Writing. */

static bool write_head(struct archiving *a, const char *name, const struct stat *like)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, like->st_size);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, PRIVATE_MODE);
    archive_entry_set_mtime(entry, like->st_mtime, 0);
    bool written = archive_write_header(a->tar, entry) == ARCHIVE_OK;
    archive_entry_free(entry);
    return written || tar_fails(a);
}

/* Of a file that changes meanwhile libarchive would fill up the rest, or cut it off. */
static bool write_content(struct archiving *a, const struct archived *file, int from, int64_t count)
{
    struct sha256 *sha256 = sha256_new(a->mem);
    int64_t left = count;
    for (ssize_t n; (n = read(from, a->piece, PIECE_BYTES)) != 0; left -= n) {
        if (n < 0)
            return fails_errno(a, file->path);
        sha256_add(sha256, a->piece, (size_t)n);
        if (archive_write_data(a->tar, a->piece, (size_t)n) != n)
            return tar_fails(a);
    }
    buf_printf(a->sums, "%s  %s\n", sha256_end(a->mem, sha256), file->name);
    return left == 0 || fails(a, file->path, "it changed while it was read");
}

static bool write_file(struct archiving *a, const struct archived *file)
{
    struct stat like;
    int from = open(file->path, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return fails_errno(a, file->path);
    bool written = (fstat(from, &like) == 0 || fails_errno(a, file->path)) &&
                   write_head(a, file->name, &like) && write_content(a, file, from, like.st_size);
    close(from);
    return written;
}

static bool write_sums(struct archiving *a)
{
    const struct stat like = {.st_size = (off_t)a->sums->length};
    return write_head(a, SUMS, &like) &&
           (archive_write_data(a->tar, a->sums->bytes, a->sums->length) ==
                (la_ssize_t)a->sums->length ||
            tar_fails(a));
}

static bool write_all(struct archiving *a, int to, const struct archived *files)
{
    a->tar = archive_write_new();
    archive_write_set_format_pax_restricted(a->tar);
    bool written = archive_write_open_fd(a->tar, to) == ARCHIVE_OK || tar_fails(a);
    for (; written && files->name; files++)
        written = write_file(a, files);
    written =
        written && write_sums(a) && (archive_write_close(a->tar) == ARCHIVE_OK || tar_fails(a));
    archive_write_free(a->tar);
    return written;
}

bool archive_make(struct mem *mem, const char *path, const struct archived *files,
                  const char **ret_error)
{
    struct archiving a = {.mem = mem,
                          .sums = buf_new(mem, SUMS_BYTES_MAX),
                          .piece = MEM_ARRAY(mem, char, PIECE_BYTES)};
    const char *part = mem_printf(mem, "%s.part", path);
    int to = open(part, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, PRIVATE_MODE);
    bool made = to >= 0 || fails_errno(&a, part);
    if (to >= 0) {
        made = write_all(&a, to, files) && (fsync(to) == 0 || fails_errno(&a, part));
        close(to);
        /* link, since rename would put it over a file that is there. */
        made = made && (link(part, path) == 0 || fails_errno(&a, path));
        unlink(part);
    }
    made = made && (file_sync_name(path) || fails_errno(&a, path));
    *ret_error = a.error;
    return made;
}

/* Reading. */

static bool copy_out(struct archiving *a, const struct archived *file, int to)
{
    struct sha256 *sha256 = sha256_new(a->mem);
    la_ssize_t n;
    while ((n = archive_read_data(a->tar, a->piece, PIECE_BYTES)) > 0) {
        sha256_add(sha256, a->piece, (size_t)n);
        if (!file_write(to, a->piece, (size_t)n))
            return fails_errno(a, file->path);
    }
    buf_printf(a->sums, "%s  %s\n", sha256_end(a->mem, sha256), file->name);
    return n == 0 ? fsync(to) == 0 || fails_errno(a, file->path) : tar_fails(a);
}

static bool take_file(struct archiving *a, const struct archived *file, bool *ret_made)
{
    int to = open(file->path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, PRIVATE_MODE);
    if (to < 0)
        return fails_errno(a, file->path);
    *ret_made = true;
    bool taken = copy_out(a, file, to);
    close(to);
    return taken;
}

/* The last member is what we counted ourselves, to the letter: files stand in it in their order. */
static bool sums_agree(struct archiving *a)
{
    char *found = MEM_ARRAY(a->mem, char, SUMS_BYTES_MAX + 1);
    la_ssize_t n = archive_read_data(a->tar, found, SUMS_BYTES_MAX);
    return (n >= 0 && str_equal(found, a->sums->bytes)) ||
           fails(a, SUMS, "a file is not what it was when the copy was made");
}

static bool next_is(struct archiving *a, const char *name)
{
    struct archive_entry *entry;
    int status = archive_read_next_header(a->tar, &entry);
    if (status != ARCHIVE_OK)
        return status == ARCHIVE_EOF ? fails(a, name, "it is missing") : tar_fails(a);
    return str_equal(archive_entry_pathname(entry), name) ||
           fails(a, name, "something else is in its place");
}

/* `made` says of each file whether it was begun. */
static bool take_all(struct archiving *a, const char *path, const struct archived *files,
                     bool made[ARCHIVED_MAX])
{
    a->tar = archive_read_new();
    archive_read_support_format_tar(a->tar);
    bool taken =
        archive_read_open_filename(a->tar, path, PIECE_BYTES) == ARCHIVE_OK || tar_fails(a);
    for (int i = 0; taken && files[i].name; i++) {
        assert(i < ARCHIVED_MAX);
        taken = next_is(a, files[i].name) && take_file(a, &files[i], &made[i]);
    }
    taken = taken && next_is(a, SUMS) && sums_agree(a);
    archive_read_free(a->tar);
    return taken;
}

bool archive_take(struct mem *mem, const char *path, const struct archived *files,
                  const char **ret_error)
{
    struct archiving a = {.mem = mem,
                          .sums = buf_new(mem, SUMS_BYTES_MAX),
                          .piece = MEM_ARRAY(mem, char, PIECE_BYTES)};
    bool made[ARCHIVED_MAX] = {false};
    bool taken = take_all(&a, path, files, made);
    for (int i = 0; taken && files[i].name; i++)
        taken = file_sync_name(files[i].path) || fails_errno(&a, files[i].path);
    for (int i = 0; !taken && files[i].name; i++)
        if (made[i])
            unlink(files[i].path);
    *ret_error = a.error;
    return taken;
}
