/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whose turn it is where several threads want one CPU: those who read first, at 0. */
#pragma once
#include <sys/resource.h>
#include <unistd.h>

enum {
    NICE_WRITES = 4, /* the writer, and what works through it: jobs, mails */
    NICE_TELLS = 9,  /* live streams */
};

/* Of the calling thread, and of those that it starts from then on. */
static inline void nice_thread(int nice)
{
    setpriority(PRIO_PROCESS, (id_t)gettid(), nice);
}
