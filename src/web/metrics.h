/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the process counts about itself, for GET /metrics. Noting something is one or two additions
 * to a number of its own: no lock, no memory, from any thread. What the database knows is not
 * counted here; the cards of features tell it (`measure`, web/feature.h). Source:
 * https://prometheus.io/docs/instrumenting/exposition_formats/ and …/practices/naming/ */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct app;
struct buf;
struct mem;
struct metrics;
struct route;
struct route_table;

/* How often a value was at most each bound: the last one, 0, is for those above all others. */
enum { HISTOGRAM_BOUNDS_MAX = 16 };
struct histogram {
    const int64_t *bounds; /* ascending, ended by 0 */
    _Atomic int64_t counts[HISTOGRAM_BOUNDS_MAX];
    _Atomic int64_t sum;
};
void histogram_note(struct histogram *histogram, int64_t value);

struct metrics *metrics_new(struct mem *mem, const struct route_table *routes);

/* A request was answered with that status, so many microseconds after it was complete; `route`
 * NULL: it led nowhere. `metrics` NULL, here and below: nobody counts (commands, tests). */
void metrics_note_request(struct metrics *metrics, const struct route *route, int status,
                          int64_t took_us);
/* A request was answered 503 since the database, or the memory it may have, failed it. */
void metrics_note_fault(struct metrics *metrics);
/* How a mail server took a mail. */
enum metrics_mail {
    METRICS_MAIL_ACCEPTED,
    METRICS_MAIL_REFUSED,
    METRICS_MAIL_LATER,
    METRICS_MAILS
};
void metrics_note_mail(struct metrics *metrics, enum metrics_mail end);

/* All that is counted here and in the writer and the streams of `app`, as text. */
void metrics_write(const struct app *app, struct buf *out);

/* Parts of that text. Names begin with essaim_, in base units; a counter's ends with _total. The
 * head comes before the lines of its name. `labels` is `lane="bulk"`, or "". */
void metrics_head(struct buf *out, const char *name, const char *type, const char *help);
void metrics_line(struct buf *out, const char *name, const char *labels, int64_t value);
/* The lines of a histogram. Its values and bounds are of that many parts of what is written:
 * METRICS_MICROS of microseconds told as seconds, 1 of numbers of things. */
enum { METRICS_MICROS = 1000000 };
void metrics_histogram(struct buf *out, const char *name, const char *labels,
                       const struct histogram *histogram, int64_t unit);
