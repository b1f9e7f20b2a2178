/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The event threads: each waits for one daemon of the library, which has no thread of its own, and
 * lets it run when there is something to do.
 *
 * The library's own threads read the kernel's events until there are fewer than 128, and only then
 * look at them: when there were exactly 128 they wait for the next one before that, for as long as
 * half a minute (MHD_epoll of 0.9.75). Asked to run, a daemon waits for nothing. It has no bell
 * then, and gets ours. */
#include "sys/http_mhd_local.h"

#include <limits.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"

struct http_loop {
    struct MHD_Daemon *daemon;
    const atomic_bool *ending;
    int bell; /* rung when a connection was resumed, and at the end */
    pthread_t thread;
};

struct http_loops {
    atomic_bool ending;
    atomic_int ringing; /* threads in http_loops_resume */
    int count;
    int started;
    struct http_loop *each;
};

/* In milliseconds; -1: until something happens. */
static int time_left(struct MHD_Daemon *daemon)
{
    MHD_UNSIGNED_LONG_LONG ms = 0;
    if (MHD_get_timeout(daemon, &ms) != MHD_YES)
        return -1;
    return ms < INT_MAX ? (int)ms : INT_MAX;
}

static void loop_wait(const struct http_loop *loop, int events)
{
    struct pollfd files[] = {{.fd = events, .events = POLLIN},
                             {.fd = loop->bell, .events = POLLIN}};
    int ms = time_left(loop->daemon);
    if (ms == 0 || poll(files, sizeof files / sizeof *files, ms) <= 0)
        return;
    eventfd_t rung;
    if (files[1].revents)
        eventfd_read(loop->bell, &rung);
}

static unsigned connections(struct MHD_Daemon *daemon)
{
    return MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS)->num_connections;
}

/* One that was full looks at the listening socket only from the run after that which closed some. */
static void daemon_run(struct MHD_Daemon *daemon)
{
    unsigned before;
    do {
        before = connections(daemon);
        MHD_run(daemon);
    } while (connections(daemon) < before);
}

static void *loop_run(void *context)
{
    const struct http_loop *loop = context;
    sigset_t pipes; /* a client that has left is no reason to end */
    sigemptyset(&pipes);
    sigaddset(&pipes, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipes, NULL);
    int events = MHD_get_daemon_info(loop->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    while (!atomic_load(loop->ending)) {
        loop_wait(loop, events);
        daemon_run(loop->daemon);
    }
    return NULL;
}

struct http_loops *http_loops_new(struct mem *mem, struct MHD_Daemon *const *daemons, int count)
{
    struct http_loops *loops = MEM_NEW(mem, struct http_loops);
    loops->each = MEM_ARRAY(mem, struct http_loop, count);
    loops->count = count;
    for (int i = 0; i < count; i++)
        loops->each[i] = (struct http_loop){.daemon = daemons[i],
                                            .ending = &loops->ending,
                                            .bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    return loops;
}

bool http_loops_start(struct http_loops *loops)
{
    for (; loops->started < loops->count; loops->started++) {
        struct http_loop *loop = &loops->each[loops->started];
        if (loop->bell < 0 || pthread_create(&loop->thread, NULL, loop_run, loop) != 0) {
            http_loops_stop(loops);
            return false;
        }
    }
    return true;
}

void http_loops_stop(struct http_loops *loops)
{
    atomic_store(&loops->ending, true);
    for (int i = 0; i < loops->started; i++) {
        eventfd_write(loops->each[i].bell, 1);
        pthread_join(loops->each[i].thread, NULL);
    }
    while (atomic_load(&loops->ringing) > 0)
        sched_yield();
    for (int i = 0; i < loops->count; i++)
        if (loops->each[i].bell >= 0)
            close(loops->each[i].bell);
}

/* Once it is resumed, the connection may be gone. */
void http_loops_resume(struct http_loops *loops, struct MHD_Connection *connection)
{
    struct MHD_Daemon *daemon =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_DAEMON)->daemon;
    atomic_fetch_add(&loops->ringing, 1);
    MHD_resume_connection(connection);
    for (int i = 0; i < loops->count; i++)
        if (loops->each[i].daemon == daemon)
            eventfd_write(loops->each[i].bell, 1);
    atomic_fetch_sub(&loops->ringing, 1);
}
