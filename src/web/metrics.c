/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The process's own figures: requests by route and status class, how long they took, faults, mails
 * handed over; and the text of them all. Additions are relaxed: each number is right, though two of
 * them may be a request apart. */
#include "web/metrics.h"

#include <assert.h>
#include <stdio.h>
#include <sys/resource.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "web/app.h"
#include "web/cache.h"
#include "web/live.h"
#include "web/route.h"
#include "web/writer.h"

enum { STATUS_CLASSES = 5, MICRO = METRICS_MICROS };

/* Half a millisecond to five seconds. */
static const int64_t took_bounds_us[] = {500,    1000,   2500,   5000,    10000,   25000,   50000,
                                         100000, 250000, 500000, 1000000, 2500000, 5000000, 0};

struct metrics {
    const struct route_table *routes;
    int routes_count;
    struct histogram reads;
    struct histogram writes;
    _Atomic int64_t faults;
    _Atomic int64_t mails[METRICS_MAILS];
    _Atomic int64_t requests[]; /* by route, and behind them those without one; by status class */
};

static void note(_Atomic int64_t *number)
{
    atomic_fetch_add_explicit(number, 1, memory_order_relaxed);
}

static int64_t read_of(const _Atomic int64_t *number)
{
    return atomic_load_explicit(number, memory_order_relaxed);
}

void histogram_note(struct histogram *histogram, int64_t value)
{
    int i = 0;
    while (histogram->bounds[i] && value > histogram->bounds[i])
        i++;
    assert(i < HISTOGRAM_BOUNDS_MAX);
    note(&histogram->counts[i]);
    atomic_fetch_add_explicit(&histogram->sum, value, memory_order_relaxed);
}

struct metrics *metrics_new(struct mem *mem, const struct route_table *routes)
{
    int count = route_index(routes, NULL);
    size_t numbers = (size_t)(count + 1) * STATUS_CLASSES;
    struct metrics *metrics = mem_alloc(mem, sizeof *metrics + numbers * sizeof(int64_t));
    metrics->routes = routes;
    metrics->routes_count = count;
    metrics->reads.bounds = metrics->writes.bounds = took_bounds_us;
    return metrics;
}

void metrics_note_request(struct metrics *metrics, const struct route *route, int status,
                          int64_t took_us)
{
    if (!metrics)
        return;
    assert(status >= 100 && status < 600);
    int row = route_index(metrics->routes, route);
    bool reads = !route || str_equal(route->method, "GET");
    note(&metrics->requests[row * STATUS_CLASSES + status / 100 - 1]);
    histogram_note(reads ? &metrics->reads : &metrics->writes, took_us);
}

void metrics_note_fault(struct metrics *metrics)
{
    if (metrics)
        note(&metrics->faults);
}

void metrics_note_mail(struct metrics *metrics, enum metrics_mail end)
{
    if (metrics)
        note(&metrics->mails[end]);
}

/* The text. */

void metrics_head(struct buf *out, const char *name, const char *type, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void metrics_line(struct buf *out, const char *name, const char *labels, int64_t value)
{
    buf_put(out, name);
    if (*labels)
        buf_printf(out, "{%s}", labels);
    buf_printf(out, " %lld\n", (long long)value);
}

/* Of microseconds 2500 is "0.0025". */
static void put_parts(struct buf *out, int64_t value, int64_t unit)
{
    char text[40];
    if (unit == 1) {
        buf_put_int(out, value);
        return;
    }
    int count = snprintf(text, sizeof text, "%lld.%06lld", (long long)(value / MICRO),
                         (long long)(value % MICRO));
    while (text[count - 1] == '0')
        count--;
    buf_add(out, text, (size_t)(text[count - 1] == '.' ? count - 1 : count));
}

void metrics_histogram(struct buf *out, const char *name, const char *labels,
                       const struct histogram *histogram, int64_t unit)
{
    const char *comma = *labels ? "," : "";
    int64_t count = 0;
    for (int i = 0; histogram->bounds[i]; i++) {
        count += read_of(&histogram->counts[i]);
        buf_printf(out, "%s_bucket{%s%sle=\"", name, labels, comma);
        put_parts(out, histogram->bounds[i], unit);
        buf_printf(out, "\"} %lld\n", (long long)count);
    }
    int last = 0;
    while (histogram->bounds[last])
        last++;
    count += read_of(&histogram->counts[last]);
    const char *open = *labels ? "{" : "";
    const char *close = *labels ? "}" : "";
    buf_printf(out, "%s_bucket{%s%sle=\"+Inf\"} %lld\n", name, labels, comma, (long long)count);
    buf_printf(out, "%s_sum%s%s%s ", name, open, labels, close);
    put_parts(out, read_of(&histogram->sum), unit);
    buf_printf(out, "\n%s_count%s%s%s %lld\n", name, open, labels, close, (long long)count);
}

static void write_requests(const struct metrics *metrics, struct buf *out)
{
    static const char name[] = "essaim_http_requests_total";
    metrics_head(out, name, "counter", "Requests answered, by route and class of status.");
    for (int row = 0; row <= metrics->routes_count; row++)
        for (int class = 0; class < STATUS_CLASSES; class ++) {
            const struct route *route = route_at(metrics->routes, row);
            int64_t count = read_of(&metrics->requests[row * STATUS_CLASSES + class]);
            if (count)
                buf_printf(out, "%s{method=\"%s\",route=\"%s\",status=\"%dxx\"} %lld\n", name,
                           route ? route->method : "", route ? route->path : "", class + 1,
                           (long long)count);
        }
}

static void write_own(const struct metrics *metrics, struct buf *out)
{
    static const char took[] = "essaim_http_request_duration_seconds";
    static const char mails[] = "essaim_mails_handed_over_total";
    write_requests(metrics, out);
    metrics_head(out, took, "histogram",
                 "From a complete request to its answer; writes wait for their commit.");
    metrics_histogram(out, took, "kind=\"read\"", &metrics->reads, MICRO);
    metrics_histogram(out, took, "kind=\"write\"", &metrics->writes, MICRO);
    metrics_head(out, "essaim_faults_total", "counter",
                 "Requests that the database or their memory failed.");
    metrics_line(out, "essaim_faults_total", "", read_of(&metrics->faults));
    metrics_head(out, mails, "counter", "Mails handed to the mail server, by its answer.");
    metrics_line(out, mails, "answer=\"accepted\"",
                 read_of(&metrics->mails[METRICS_MAIL_ACCEPTED]));
    metrics_line(out, mails, "answer=\"refused\"", read_of(&metrics->mails[METRICS_MAIL_REFUSED]));
    metrics_line(out, mails, "answer=\"later\"", read_of(&metrics->mails[METRICS_MAIL_LATER]));
}

static void write_writer(struct writer *writer, struct buf *out)
{
    const struct writer_figures figures = writer_figures(writer);
    static const char batch[] = "essaim_writer_batch_requests";
    static const char commit[] = "essaim_writer_commit_duration_seconds";
    static const char queue[] = "essaim_writer_queue_length";
    metrics_head(out, batch, "histogram", "Requests and jobs that one transaction took.");
    metrics_histogram(out, batch, "", figures.batches, 1);
    metrics_head(out, commit, "histogram", "How long a transaction took to become durable.");
    metrics_histogram(out, commit, "", figures.commits, MICRO);
    metrics_head(out, queue, "gauge", "What waits for the writer now.");
    metrics_line(out, queue, "lane=\"urgent\"", figures.waiting[LANE_URGENT]);
    metrics_line(out, queue, "lane=\"bulk\"", figures.waiting[LANE_BULK]);
    metrics_head(out, "essaim_writer_well", "gauge", "1 while the last commit worked.");
    metrics_line(out, "essaim_writer_well", "", writer_is_well(writer));
}

static void write_cache(struct cache *cache, struct buf *out)
{
    static const char answers[] = "essaim_cache_requests_total";
    const struct cache_figures figures = cache_figures(cache);
    metrics_head(out, answers, "counter", "Visitors' pages asked of the cache.");
    metrics_line(out, answers, "answer=\"hit\"", figures.hits);
    metrics_line(out, answers, "answer=\"miss\"", figures.misses);
    metrics_head(out, "essaim_cache_away_total", "counter",
                 "Pages told as they last were, since the database was away.");
    metrics_line(out, "essaim_cache_away_total", "", figures.aways);
    metrics_head(out, "essaim_cache_waits_total", "counter",
                 "Requests that waited for who made the same page.");
    metrics_line(out, "essaim_cache_waits_total", "", figures.waits);
    metrics_head(out, "essaim_cache_dropped_total", "counter", "Pages that made room for others.");
    metrics_line(out, "essaim_cache_dropped_total", "", figures.dropped);
    metrics_head(out, "essaim_cache_pages", "gauge", "Pages that are kept.");
    metrics_line(out, "essaim_cache_pages", "", figures.pages);
    metrics_head(out, "essaim_cache_bytes", "gauge", "Memory that they take.");
    metrics_line(out, "essaim_cache_bytes", "", figures.bytes);
}

static int64_t micros(struct timeval time)
{
    return (int64_t)time.tv_sec * MICRO + time.tv_usec;
}

static void write_process(struct buf *out)
{
    static const char faults[] = "process_page_faults_total";
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    metrics_head(out, "process_cpu_seconds_total", "counter", "Time that was computed.");
    buf_put(out, "process_cpu_seconds_total ");
    put_parts(out, micros(usage.ru_utime) + micros(usage.ru_stime), MICRO);
    buf_put_char(out, '\n');
    metrics_head(out, faults, "counter", "Pages of memory that were not there; major: on disk.");
    metrics_line(out, faults, "kind=\"major\"", usage.ru_majflt);
    metrics_line(out, faults, "kind=\"minor\"", usage.ru_minflt);
}

void metrics_write(const struct app *app, struct buf *out)
{
    if (app->metrics)
        write_own(app->metrics, out);
    write_writer(app->writer, out);
    if (app->cache)
        write_cache(app->cache, out);
    metrics_head(out, "essaim_live_viewers", "gauge", "Open streams of live pages.");
    metrics_line(out, "essaim_live_viewers", "", app->live ? live_viewers(app->live) : 0);
    write_process(out);
}
