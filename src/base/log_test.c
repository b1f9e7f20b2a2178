/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What stands on standard error: one whole line for each event, and no way to forge another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

enum { OUTPUT_BYTES_MAX = 4096 };

struct capture {
    int saved;
    int reads;
    char output[OUTPUT_BYTES_MAX];
};

static void capture_begin(struct capture *capture)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    capture->saved = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    capture->reads = ends[0];
}

static void capture_end(struct capture *capture)
{
    dup2(capture->saved, STDERR_FILENO);
    close(capture->saved);
    ssize_t count = read(capture->reads, capture->output, OUTPUT_BYTES_MAX - 1);
    close(capture->reads);
    capture->output[count > 0 ? count : 0] = '\0';
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static void a_line_has_its_fields_quoted_where_they_need_it(void **state)
{
    (void)state;
    struct capture capture;
    capture_begin(&capture);
    log_event(LOG_WARNING, "slow", log_text("route", "/c/:community"), log_int("ms", -7),
              log_text("why", "a \"b\" \\"), log_text("none", NULL));
    capture_end(&capture);
    assert_memory_equal(capture.output, "time=20", 7);
    assert_true(ends_with(capture.output, " level=warning event=slow route=/c/:community ms=-7 "
                                          "why=\"a \\\"b\\\" \\\\\" none=\"\"\n"));
}

static void a_value_cannot_begin_a_line(void **state)
{
    (void)state;
    struct capture capture;
    capture_begin(&capture);
    log_event(LOG_ERROR, "refused", log_text("name", "x\ntime=now\x1B\r"));
    capture_end(&capture);
    assert_true(ends_with(capture.output, " name=\"x\\ntime=now\\x1b\\x0d\"\n"));
    assert_ptr_equal(strchr(capture.output, '\n'), capture.output + strlen(capture.output) - 1);
}

static void what_does_not_fit_is_cut_and_the_line_stays_whole(void **state)
{
    (void)state;
    static char text[1500];
    memset(text, ' ', sizeof text - 1);
    struct capture capture;
    capture_begin(&capture);
    log_event(LOG_ERROR, "long", log_text("a", text), log_text("b", text), log_text("c", text));
    capture_end(&capture);
    assert_non_null(strstr(capture.output, " a=\" "));
    assert_null(strstr(capture.output, " c="));
    assert_true(ends_with(capture.output, " …\" cut=yes\n"));
}

static void a_value_is_not_cut_inside_a_letter(void **state)
{
    (void)state;
    char text[1202] = "n"; /* so that its thousandth byte is in the middle of a letter */
    for (size_t i = 1; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "é", 2);
    struct capture capture;
    capture_begin(&capture);
    log_event(LOG_ERROR, "long", log_text("a", text));
    capture_end(&capture);
    assert_true(ends_with(capture.output, "éé…\n"));
}

static void lines_below_the_level_are_dropped(void **state)
{
    (void)state;
    struct capture capture;
    capture_begin(&capture);
    log_event(LOG_DEBUG, "quiet", log_int("n", 1));
    log_set_level(LOG_ERROR);
    log_event(LOG_WARNING, "quiet", log_int("n", 2));
    log_set_level(LOG_INFO);
    log_event(LOG_INFO, "heard", log_int("n", 3));
    capture_end(&capture);
    assert_null(strstr(capture.output, "quiet"));
    assert_true(ends_with(capture.output, " event=heard n=3\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_its_fields_quoted_where_they_need_it),
        cmocka_unit_test(a_value_cannot_begin_a_line),
        cmocka_unit_test(what_does_not_fit_is_cut_and_the_line_stays_whole),
        cmocka_unit_test(a_value_is_not_cut_inside_a_letter),
        cmocka_unit_test(lines_below_the_level_are_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
