/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Writing iCalendar (RFC 5545): CRLF, lines folded at 75 octets, texts escaped. Times are written
 * in UTC. */
#pragma once
#include <stdint.h>

struct mem;

struct ical_event {
    const char *uid;
    int sequence;
    int64_t stamp_at;
    int64_t starts_at;
    int64_t ends_at;
    const char *summary;
    const char *description; /* NULL: none, as for the next two */
    const char *location;
    const char *url;
};

/* A VCALENDAR with that event (METHOD:PUBLISH). Texts are as people wrote them, valid UTF-8; `uid`
 * and `url` lose control characters. NULL when the texts together are too long (128 KB). */
const char *ical_calendar(struct mem *mem, const struct ical_event *event);
