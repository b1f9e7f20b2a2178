/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The reaper: one thread that ends connections which take too long over what they do. The library's
 * own timer starts anew with each byte, so a client that sends one byte a second would stay for
 * ever.
 *
 * The deadlines stand in an array by socket number, so that setting one is one store and nothing is
 * allocated. The lock is held while a socket is shut down and while one is forgotten: without it
 * the number could be closed and opened again, for somebody else, between the look and the
 * shutdown. */
#include "sys/http_local.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>

#include "base/mem.h"
#include "sys/rounds.h"

enum { TICK_MS = 200 };

struct http_reaper {
    struct rounds *rounds;
    pthread_mutex_t lock;
    int sockets_max;
    _Atomic int64_t *deadlines; /* by now_ms; 0: none */
};

/* Each request asks three times: the kernel's tick is exact enough, and costs no look at the
 * counter. */
static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void reap(struct http_reaper *reaper)
{
    int64_t now = now_ms();
    for (int socket = 0; socket < reaper->sockets_max; socket++) {
        int64_t deadline = atomic_load_explicit(&reaper->deadlines[socket], memory_order_relaxed);
        if (deadline == 0 || now < deadline)
            continue;
        atomic_store(&reaper->deadlines[socket], 0);
        shutdown(socket, SHUT_RDWR);
    }
}

static void *reaper_run(void *context)
{
    struct http_reaper *reaper = context;
    while (rounds_go_on(reaper->rounds)) {
        rounds_sleep(reaper->rounds, TICK_MS);
        pthread_mutex_lock(&reaper->lock);
        reap(reaper);
        pthread_mutex_unlock(&reaper->lock);
    }
    return NULL;
}

struct http_reaper *http_reaper_start(struct mem *mem, int sockets_max)
{
    struct http_reaper *reaper = MEM_NEW(mem, struct http_reaper);
    reaper->rounds = rounds_new(mem);
    reaper->sockets_max = sockets_max;
    reaper->deadlines = mem_alloc(mem, sizeof *reaper->deadlines * (size_t)sockets_max);
    pthread_mutex_init(&reaper->lock, NULL);
    return rounds_start(reaper->rounds, reaper_run, reaper) ? NULL : reaper;
}

void http_reaper_stop(struct http_reaper *reaper)
{
    rounds_stop(reaper->rounds);
    pthread_mutex_destroy(&reaper->lock);
}

bool http_reaper_set(struct http_reaper *reaper, int socket, int ms)
{
    if (socket < 0 || socket >= reaper->sockets_max)
        return false;
    int64_t deadline = ms == 0 ? 0 : now_ms() + ms;
    atomic_store_explicit(&reaper->deadlines[socket], deadline, memory_order_relaxed);
    return true;
}

void http_reaper_forget(struct http_reaper *reaper, int socket)
{
    pthread_mutex_lock(&reaper->lock);
    http_reaper_set(reaper, socket, 0);
    pthread_mutex_unlock(&reaper->lock);
}
