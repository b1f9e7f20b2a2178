/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The product's time: the system's, or that of the file of `--test-clock`, or one that a test sets.
 * It governs dates and when jobs are due, never sockets, waits or rate windows: those use
 * clock_monotonic_ms, and what another process must agree on uses clock_system_seconds. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct mem;
struct clock;

/* `file` NULL: the system's clock. Else the file holds now as RFC 3339 and is read again when 200
 * ms have passed since the last time; what is no time in it then is passed over. NULL after one log
 * line when it cannot be read at the start. */
struct clock *clock_new(struct mem *mem, const char *file);
/* A clock that stands still until it is set (tests, the demonstration). */
struct clock *clock_new_still(struct mem *mem, int64_t at);
void clock_set(struct clock *clock, int64_t at);

int64_t clock_now(struct clock *clock);    /* UTC seconds; from any thread */
int64_t clock_now_ms(struct clock *clock); /* UTC milliseconds, for ids */
int64_t clock_monotonic_ms(void);
int64_t clock_monotonic_us(void); /* to say how long something took */
int64_t clock_thread_ms(void);    /* what this thread has computed so far: waiting does not count */
/* The real time, whatever the product's clock says: leases, the names of copies. */
int64_t clock_system_seconds(void);
