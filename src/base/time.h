/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Arithmetic of dates, without zones and without the system's clock (sys/clock.h, sys/zone.h).
 * Times are UTC seconds since 1970 in int64_t, and their names end in `_at`. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct mem;

enum { MINUTE_SECONDS = 60, HOUR_SECONDS = 3600, DAY_SECONDS = 86400 };

/* A wall clock: what people read on it, in whatever zone. */
struct wall {
    int year;    /* 1970..9999 */
    int month;   /* 1..12 */
    int day;     /* 1..31 */
    int hour;    /* 0..23 */
    int minute;  /* 0..59 */
    int second;  /* 0..59 */
    int weekday; /* 0 Sunday..6; set by wall_from_seconds, ignored by wall_to_seconds */
};

/* Between a wall clock and the seconds it shows since 1970-01-01T00:00:00, as if it were UTC.
 * Seconds outside of the years 1970..9999 give the nearest wall clock inside. */
struct wall wall_from_seconds(int64_t seconds);
int64_t wall_to_seconds(const struct wall *wall);
bool wall_is_valid(const struct wall *wall);

/* RFC 3339 in UTC: `2026-11-21T08:30:00Z`. Reading takes any offset and drops fractions;
 * false and untouched for anything else. */
const char *time_rfc3339(struct mem *mem, int64_t at);
bool time_from_rfc3339(const char *text, int64_t *ret_at);
