/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One line for each event on standard error: `key=value` pairs, quoted where they need it. Never a
 * secret, an e-mail address, or a path with a token. */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

struct log_field {
    const char *key;
    const char *text; /* NULL: the number counts */
    int64_t number;
};

static inline struct log_field log_text(const char *key, const char *text)
{
    return (struct log_field){.key = key, .text = text ? text : ""};
}

static inline struct log_field log_int(const char *key, int64_t number)
{
    return (struct log_field){.key = key, .number = number};
}

/* Writes `time=… level=… event=… key=value …` with one write(2), so that lines of threads never
 * mix. log_event(LOG_INFO, "listening", log_text("address", address), log_int("port", port)); */
#define log_event(level, event, ...)                                                               \
    log_write((level), (event), (const struct log_field[]){__VA_ARGS__},                           \
              sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))

void log_write(enum log_level level, const char *event, const struct log_field *fields,
               size_t count);

/* Lines below `level` are dropped; LOG_INFO and above are written else. For tests, which make
 * faults on purpose. */
void log_set_level(enum log_level level);
