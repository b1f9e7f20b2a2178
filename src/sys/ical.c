/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One event as an iCalendar object, for mails and downloads. Writing is ours, since it is little
 * and must not let a title or a place begin a line of its own; reading others' calendars is not
 * done here. Source: RFC 5545, sections 3.1 (lines), 3.3.5 (times) and 3.3.11 (texts). */
#include "sys/ical.h"

#include <assert.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/time.h"

enum { LINE_OCTETS_MAX = 75, CALENDAR_BYTES_MAX = MARKDOWN_BYTES_MAX * 4, UTF8_TAIL_MAX = 3 };

/* Adds one line, folded: what follows the first 75 octets goes on in lines that begin with a space.
 * A character is never cut, although the RFC allows it: old readers unfold after decoding. */
static void line_add(struct buf *out, const char *line)
{
    size_t room = LINE_OCTETS_MAX;
    size_t left = strlen(line);
    while (left > room) {
        size_t count = room;
        while (count > room - UTF8_TAIL_MAX && ((unsigned char)line[count] & 0xc0) == 0x80)
            count--;
        buf_add(out, line, count);
        buf_put(out, "\r\n ");
        line += count;
        left -= count;
        room = LINE_OCTETS_MAX - 1;
    }
    buf_put(out, line);
    buf_put(out, "\r\n");
}

static bool is_control(char c)
{
    return ((unsigned char)c < ' ' && c != '\t') || c == 0x7f;
}

/* An address or an id: as it is, but for controls, which could end the line. */
static void plain_add(struct mem *mem, struct buf *out, const char *name, const char *value)
{
    if (!value)
        return;
    struct buf *line = buf_new(mem, CALENDAR_BYTES_MAX);
    const char *all = mem_printf(mem, "%s:%s", name, value);
    for (; *all; all++)
        if (!is_control(*all))
            buf_put_char(line, *all);
    line_add(out, line->bytes);
}

/* Text of people: its line ends are kept as \n, and what separates values is escaped. */
static void text_add(struct mem *mem, struct buf *out, const char *name, const char *value)
{
    if (!value)
        return;
    struct buf *escaped = buf_new(mem, CALENDAR_BYTES_MAX);
    for (; *value; value++) {
        if (*value == '\n')
            buf_put(escaped, "\\n");
        else if (strchr("\\;,", *value))
            buf_printf(escaped, "\\%c", *value);
        else
            buf_put_char(escaped, *value);
    }
    plain_add(mem, out, name, escaped->bytes);
}

static void organiser_add(struct mem *mem, struct buf *out, const struct ical_event *event)
{
    if (!event->organiser_address)
        return;
    struct buf *name = buf_new(mem, CALENDAR_BYTES_MAX);
    for (const char *c = event->organiser_name ? event->organiser_name : ""; *c; c++)
        buf_put_char(name, *c == '"' ? '\'' : *c); /* a quoted value knows no escapes */
    plain_add(mem, out, mem_printf(mem, "ORGANIZER;CN=\"%s\"", name->bytes),
              mem_printf(mem, "mailto:%s", event->organiser_address));
}

static void time_add(struct mem *mem, struct buf *out, const char *name, int64_t at)
{
    struct wall wall = wall_from_seconds(at);
    const char *value = mem_printf(mem, "%04d%02d%02dT%02d%02d%02dZ", wall.year, wall.month,
                                   wall.day, wall.hour, wall.minute, wall.second);
    plain_add(mem, out, name, value);
}

const char *ical_calendar(struct mem *mem, const struct ical_event *event)
{
    assert(event && event->uid);
    struct buf *out = buf_new(mem, CALENDAR_BYTES_MAX);
    line_add(out, "BEGIN:VCALENDAR");
    line_add(out, "VERSION:2.0");
    line_add(out, "PRODID:-//Essaim//Essaim//FR");
    line_add(out, event->is_off && event->is_message ? "METHOD:CANCEL" : "METHOD:PUBLISH");
    line_add(out, "BEGIN:VEVENT");
    plain_add(mem, out, "UID", event->uid);
    plain_add(mem, out, "SEQUENCE", mem_printf(mem, "%lld", (long long)event->sequence));
    time_add(mem, out, "DTSTAMP", event->stamp_at);
    time_add(mem, out, "DTSTART", event->starts_at);
    time_add(mem, out, "DTEND", event->ends_at);
    organiser_add(mem, out, event);
    text_add(mem, out, "SUMMARY", event->summary);
    text_add(mem, out, "DESCRIPTION", event->description);
    text_add(mem, out, "LOCATION", event->location);
    plain_add(mem, out, "URL", event->url);
    line_add(out, event->is_off ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
    line_add(out, "END:VEVENT");
    line_add(out, "END:VCALENDAR");
    return out->over ? NULL : out->bytes;
}
