/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lines for the operator. A line is made on the stack and written with one write(2): no lock, no
 * allocation, hence usable from any thread and in any state. A long value is cut, a field that does
 * not fit is left out, and the line says so; a line break in a value is escaped, so that nobody can
 * write lines of their own. */
#include "base/log.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"

enum { LINE_BYTES_MAX = 2048, VALUE_BYTES_MAX = 1000 };

/* Not in `struct app`, since a line must be possible where there is none yet. Nothing else of the
 * program lives outside of it but the marks of libraries that are started once (sys/mail.c,
 * sys/smtp.c). */
static _Atomic enum log_level level_min = LOG_INFO;

struct line {
    size_t length;
    bool cut;
    char bytes[LINE_BYTES_MAX];
};

static const char cut_mark[] = " cut=yes\n"; /* room for it is kept */

static void line_add(struct line *line, const char *bytes, size_t count)
{
    if (line->cut || count > LINE_BYTES_MAX - sizeof cut_mark - line->length) {
        line->cut = true;
        return;
    }
    memcpy(line->bytes + line->length, bytes, count);
    line->length += count;
}

static void line_put(struct line *line, const char *text)
{
    line_add(line, text, strlen(text));
}

static bool needs_quotes(const char *text)
{
    if (!*text)
        return true;
    for (const char *p = text; *p; p++) {
        if ((unsigned char)*p <= ' ' || *p == '"' || *p == '\\' || *p == '=' || *p == 0x7F)
            return true;
    }
    return false;
}

static void line_put_escaped(struct line *line, char c)
{
    char text[8];
    if (c == '"' || c == '\\')
        snprintf(text, sizeof text, "\\%c", c);
    else if (c == '\n')
        snprintf(text, sizeof text, "\\n");
    else if ((unsigned char)c < ' ' || c == 0x7F)
        snprintf(text, sizeof text, "\\x%02x", (unsigned)c);
    else
        snprintf(text, sizeof text, "%c", c);
    line_put(line, text);
}

static void line_put_text(struct line *line, const char *text)
{
    size_t count = strnlen(text, VALUE_BYTES_MAX);
    while (count > 0 && ((unsigned char)text[count] & 0xC0) == 0x80)
        count--; /* not inside a letter */
    const char *quote = needs_quotes(text) ? "\"" : "";
    line_put(line, quote);
    for (size_t i = 0; i < count; i++)
        line_put_escaped(line, text[i]);
    line_put(line, text[count] ? "…" : "");
    line_put(line, quote);
}

static void line_put_value(struct line *line, const struct log_field *field)
{
    line_put(line, " ");
    line_put(line, field->key);
    line_put(line, "=");
    if (field->text) {
        line_put_text(line, field->text);
        return;
    }
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, field->number);
    line_put(line, digits);
}

/* The whole field or nothing, so that no quote stays open. */
static void line_put_field(struct line *line, const struct log_field *field)
{
    size_t length = line->length;
    line_put_value(line, field);
    if (line->cut)
        line->length = length;
}

static void line_put_head(struct line *line, enum log_level level)
{
    static const char *const names[] = {"debug", "info", "warning", "error"};
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct wall wall = wall_from_seconds(now.tv_sec);
    char head[80];
    snprintf(head, sizeof head, "time=%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ level=%s", wall.year,
             wall.month, wall.day, wall.hour, wall.minute, wall.second, now.tv_nsec / 1000000,
             names[level]);
    line_put(line, head);
}

void log_set_level(enum log_level level)
{
    level_min = level;
}

void log_write(enum log_level level, const char *event, const struct log_field *fields,
               size_t count)
{
    if (level < level_min)
        return;
    struct line line = {.length = 0};
    line_put_head(&line, level);
    struct log_field name = log_text("event", event);
    line_put_field(&line, &name);
    for (size_t i = 0; i < count; i++)
        line_put_field(&line, &fields[i]);
    const char *end = line.cut ? cut_mark : "\n";
    memcpy(line.bytes + line.length, end, strlen(end));
    line.length += strlen(end);
    /* When standard error cannot be written there is nobody left to tell. */
    ssize_t written = write(STDERR_FILENO, line.bytes, line.length);
    (void)written;
}
