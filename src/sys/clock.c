/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The product's time, from one of three places: the system, a file that a test outside the process
 * writes, or a value that a test inside it sets. The file is read anew rather than asked whether it
 * changed: it holds twenty bytes, and two writes within one tick of the file system look the same.
 * What is no time in it is passed over, since a test may be just writing it. */
#include "sys/clock.h"

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/time.h"

enum { CLOCK_LOOK_MS = 200, CLOCK_FILE_BYTES_MAX = 64, SECOND_MS = 1000 };

struct clock {
    bool is_still; /* shows `at`; else the system's time */
    _Atomic int64_t at;
    const char *file; /* where `at` comes from, or NULL */
    pthread_mutex_t look;
    int64_t looked_ms; /* under `look` */
};

static int64_t read_ms(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * SECOND_MS + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

int64_t clock_monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_thread_ms(void)
{
    return read_ms(CLOCK_THREAD_CPUTIME_ID);
}

int64_t clock_system_seconds(void)
{
    return read_ms(CLOCK_REALTIME) / SECOND_MS;
}

/* The time that stands in the file, with white space after it or not. */
static bool file_read(const char *path, int64_t *ret_at)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    char text[CLOCK_FILE_BYTES_MAX];
    ssize_t count = read(file, text, sizeof(text) - 1);
    close(file);
    if (count < 0)
        return false;
    text[count] = '\0';
    text[strcspn(text, " \t\r\n")] = '\0';
    return time_from_rfc3339(text, ret_at);
}

struct clock *clock_new(struct mem *mem, const char *file)
{
    struct clock *clock = MEM_NEW(mem, struct clock);
    pthread_mutex_init(&clock->look, NULL);
    if (!file)
        return clock;
    int64_t at;
    if (!file_read(file, &at)) {
        log_event(LOG_ERROR, "test_clock_unreadable", log_text("path", file));
        return NULL;
    }
    clock->is_still = true;
    clock->at = at;
    clock->file = mem_strdup(mem, file);
    clock->looked_ms = clock_monotonic_ms();
    return clock;
}

struct clock *clock_new_still(struct mem *mem, int64_t at)
{
    struct clock *clock = clock_new(mem, NULL);
    clock->is_still = true;
    clock->at = at;
    return clock;
}

void clock_set(struct clock *clock, int64_t at)
{
    assert(clock->is_still && !clock->file);
    clock->at = at;
}

/* Reads the file again when it is due. Who finds another thread at it takes the time as it was. */
static void clock_look(struct clock *clock)
{
    if (pthread_mutex_trylock(&clock->look) != 0)
        return;
    int64_t now_ms = clock_monotonic_ms();
    int64_t at;
    if (now_ms - clock->looked_ms >= CLOCK_LOOK_MS) {
        clock->looked_ms = now_ms;
        if (file_read(clock->file, &at))
            clock->at = at;
    }
    pthread_mutex_unlock(&clock->look);
}

int64_t clock_now_ms(struct clock *clock)
{
    assert(clock);
    if (!clock->is_still)
        return read_ms(CLOCK_REALTIME);
    if (clock->file)
        clock_look(clock);
    return clock->at * SECOND_MS;
}

int64_t clock_now(struct clock *clock)
{
    return clock_now_ms(clock) / SECOND_MS;
}
