/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Writing iCalendar (RFC 5545): CRLF, lines folded at 75 octets, texts escaped. Times are written
 * in UTC. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct mem;

struct ical_event {
    const char *uid;
    int64_t sequence; /* a higher one replaces what a calendar has of that uid */
    bool is_off;      /* STATUS:CANCELLED: it does not take place, or not for whoever gets this */
    bool is_message;  /* it travels by mail: then one that is off is METHOD:CANCEL, and takes the
                         entry out of the calendar; in a file calendars expect METHOD:PUBLISH */
    const char *organiser_name;
    const char *organiser_address; /* who publishes it: the mail's sender; NULL: not said */
    int64_t stamp_at;
    int64_t starts_at;
    int64_t ends_at;
    const char *summary;
    const char *description; /* NULL: none, as for the next two */
    const char *location;
    const char *url;
};

/* A VCALENDAR with that event. Source: RFC 5546, sections 3.2.1 and 3.2.5. Texts are as people
 * wrote them, valid UTF-8; `uid`, `url` and the organiser lose control characters. NULL when the
 * texts together are too long (128 KB). */
const char *ical_calendar(struct mem *mem, const struct ical_event *event);
