/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The text of metrics, number by number: how a histogram sorts what it is told, and how seconds are
 * written. That a server's whole answer is sound is tests/wire/metrics.test.mjs. */
#include "web/metrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"

static int set_up(void **state)
{
    struct mem *mem = mem_new(1024 * 1024);
    *state = buf_new(mem, 4096);
    return 0;
}

static void a_histogram_is_cumulative_and_counts_what_lies_above_it(void **state)
{
    static const int64_t bounds[] = {1, 2, 4, 0};
    struct histogram histogram = {.bounds = bounds};
    const int64_t values[] = {0, 1, 2, 3, 4, 5, 1000};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        histogram_note(&histogram, values[i]);
    metrics_histogram(*state, "a", "", &histogram, 1);
    assert_string_equal(((struct buf *)*state)->bytes,
                        "a_bucket{le=\"1\"} 2\na_bucket{le=\"2\"} 3\na_bucket{le=\"4\"} 5\n"
                        "a_bucket{le=\"+Inf\"} 7\na_sum 1015\na_count 7\n");
}

static void microseconds_are_told_as_seconds(void **state)
{
    static const int64_t bounds[] = {500, 1000000, 0};
    struct histogram histogram = {.bounds = bounds};
    histogram_note(&histogram, 1000001);
    histogram_note(&histogram, 999);
    metrics_histogram(*state, "a_seconds", "kind=\"read\"", &histogram, 1000000);
    assert_string_equal(((struct buf *)*state)->bytes,
                        "a_seconds_bucket{kind=\"read\",le=\"0.0005\"} 0\n"
                        "a_seconds_bucket{kind=\"read\",le=\"1\"} 1\n"
                        "a_seconds_bucket{kind=\"read\",le=\"+Inf\"} 2\n"
                        "a_seconds_sum{kind=\"read\"} 1.001\na_seconds_count{kind=\"read\"} 2\n");
}

static void a_head_says_what_a_line_is(void **state)
{
    metrics_head(*state, "a_total", "counter", "Things.");
    metrics_line(*state, "a_total", "", 3);
    metrics_line(*state, "a_total", "kind=\"b\"", 4);
    assert_string_equal(((struct buf *)*state)->bytes,
                        "# HELP a_total Things.\n# TYPE a_total counter\na_total 3\n"
                        "a_total{kind=\"b\"} 4\n");
}

static void where_nobody_counts_nothing_happens(void **state)
{
    (void)state;
    metrics_note_request(NULL, NULL, 200, 1);
    metrics_note_fault(NULL);
    metrics_note_mail(NULL, METRICS_MAIL_ACCEPTED);
}

static int tear_down(void **state)
{
    mem_free(((struct buf *)*state)->mem);
    return 0;
}

#define test_of(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_of(a_histogram_is_cumulative_and_counts_what_lies_above_it),
        test_of(microseconds_are_told_as_seconds),
        test_of(a_head_says_what_a_line_is),
        test_of(where_nobody_counts_nothing_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
