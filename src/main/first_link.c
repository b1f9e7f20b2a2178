/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How the first administrator comes in: each start, until there is one, writes a link that works
 * once and for a day to a file that only the owner of the data folder can read. On a terminal it is
 * printed as well; the log has the file's name alone. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "features/account/account.h"
#include "main/program.h"
#include "web/work.h"

enum { FIRST_LINK_BYTES_MAX = 256 };

static void make(struct work *work, void *context)
{
    const char *path = first_link(work);
    snprintf(context, FIRST_LINK_BYTES_MAX, "%s", path ? work_url(work, path) : "");
}

static bool write_file(const char *file, const char *line)
{
    unlink(file);
    int fd = open(file, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool written = dprintf(fd, "%s\n", line) > 0;
    return close(fd) == 0 && written;
}

bool program_first_link(struct program *program)
{
    const char *file = mem_printf(program->mem, "%s/" DATA_FIRST_LINK, program->app.config->data);
    char url[FIRST_LINK_BYTES_MAX] = "";
    if (!program_write(program, make, url))
        return false;
    if (!*url) {
        unlink(file);
        return true;
    }
    if (!write_file(file, url)) {
        log_event(LOG_ERROR, "first_link", log_text("path", file),
                  log_text("why", strerror(errno)));
        return false;
    }
    log_event(LOG_INFO, "first_link", log_text("path", file));
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "Nobody administrates this site yet. To begin, open %s\n", url);
    return true;
}
