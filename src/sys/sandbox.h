/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Keeps this process to the files and ports that it needs, by Landlock, the kernel's own means for
 * programs that trust themselves less than their neighbours. */
#pragma once
#include <stdbool.h>

enum { SANDBOX_PATHS_MAX = 40, SANDBOX_PORTS_MAX = 16 };

/* All lists end with NULL, or 0. A path that is not there is left out. */
struct sandbox {
    const char *writes[SANDBOX_PATHS_MAX];   /* folders: anything in them, but running it */
    const char *reads[SANDBOX_PATHS_MAX];    /* folders and files */
    const char *programs[SANDBOX_PATHS_MAX]; /* folders whose libraries may be loaded as well */
    int listens_on;                          /* the one TCP port; 0: any free one */
    int connects_to[SANDBOX_PORTS_MAX];      /* TCP ports, on any host */
};

/* From now on this thread, and every one that it starts, reaches nothing else, for ever: files from
 * Linux 5.13 on, TCP ports from 6.7 (ABI 4), signals and abstract sockets to others from 6.12 (ABI
 * 6). `ret_reach` says for the log how far it goes here, which may be nowhere. False after one log
 * line: the kernel has Landlock, and refused. Source: Linux, Documentation/userspace-api/
 * landlock.rst. */
bool sandbox_enter(const struct sandbox *sandbox, const char **ret_reach);
