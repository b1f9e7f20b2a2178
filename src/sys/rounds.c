/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A flag under a lock, and a condition that wakes the sleeper. Sleeping is by the monotonic clock:
 * whoever sets the machine's clock neither wakes a thread nor lets it oversleep. */
#include "sys/rounds.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"

struct rounds {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stop_asked;
    bool is_stopping; /* under the lock */
};

struct rounds *rounds_new(struct mem *mem)
{
    struct rounds *rounds = MEM_NEW(mem, struct rounds);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&rounds->stop_asked, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&rounds->lock, NULL);
    return rounds;
}

static void rounds_end(struct rounds *rounds)
{
    pthread_cond_destroy(&rounds->stop_asked);
    pthread_mutex_destroy(&rounds->lock);
}

const char *rounds_start(struct rounds *rounds, void *(*run)(void *context), void *context)
{
    int error = pthread_create(&rounds->thread, NULL, run, context);
    if (!error)
        return NULL;
    rounds_end(rounds);
    return strerrordesc_np(error);
}

bool rounds_go_on(struct rounds *rounds)
{
    pthread_mutex_lock(&rounds->lock);
    bool goes_on = !rounds->is_stopping;
    pthread_mutex_unlock(&rounds->lock);
    return goes_on;
}

static struct timespec after_ms(int64_t ms)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_nsec += ms * 1000000;
    at.tv_sec += at.tv_nsec / 1000000000;
    at.tv_nsec %= 1000000000;
    return at;
}

void rounds_sleep(struct rounds *rounds, int64_t ms)
{
    struct timespec until = after_ms(ms);
    int error = 0;
    pthread_mutex_lock(&rounds->lock);
    while (!rounds->is_stopping && error != ETIMEDOUT)
        error = pthread_cond_timedwait(&rounds->stop_asked, &rounds->lock, &until);
    pthread_mutex_unlock(&rounds->lock);
}

void rounds_ask_stop(struct rounds *rounds)
{
    pthread_mutex_lock(&rounds->lock);
    rounds->is_stopping = true;
    pthread_cond_signal(&rounds->stop_asked);
    pthread_mutex_unlock(&rounds->lock);
}

void rounds_stop(struct rounds *rounds)
{
    rounds_ask_stop(rounds);
    pthread_join(rounds->thread, NULL);
    rounds_end(rounds);
}
