/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Calendars as other programs read them: whole, folded, escaped, and with no line that a text made.
 */
#include "sys/ical.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/time.h"

enum { TEST_BYTES_MAX = 1 << 24 };

static int set_up(void **state)
{
    *state = mem_new(TEST_BYTES_MAX);
    return 0;
}

static int tear_down(void **state)
{
    mem_free(*state);
    return 0;
}

static int64_t utc(const char *text)
{
    int64_t at = 0;
    assert_true(time_from_rfc3339(text, &at));
    return at;
}

static struct ical_event clean_up_day(void)
{
    return (struct ical_event){
        .uid = "4k9z@essaim.example.org",
        .sequence = 2,
        .stamp_at = utc("2026-10-01T06:05:04Z"),
        .starts_at = utc("2026-11-21T13:00:00Z"),
        .ends_at = utc("2026-11-21T15:00:00Z"),
        .summary = "Clean-up day",
    };
}

/* The calendar with its folds undone, as a reader sees it. */
static const char *unfolded(struct mem *mem, const char *calendar)
{
    struct buf *out = buf_new(mem, TEST_BYTES_MAX / 8);
    while (*calendar) {
        if (str_starts(calendar, "\r\n "))
            calendar += 3;
        else
            buf_put_char(out, *calendar++);
    }
    return out->bytes;
}

static void assert_line(struct mem *mem, const struct ical_event *event, const char *line)
{
    const char *calendar = unfolded(mem, ical_calendar(mem, event));
    if (!strstr(calendar, mem_printf(mem, "\r\n%s\r\n", line)))
        fail_msg("%s is not in %s", line, calendar);
}

static void an_event_is_written_in_utc(void **state)
{
    struct ical_event event = clean_up_day();
    assert_string_equal(ical_calendar(*state, &event), "BEGIN:VCALENDAR\r\n"
                                                       "VERSION:2.0\r\n"
                                                       "PRODID:-//Essaim//Essaim//FR\r\n"
                                                       "METHOD:PUBLISH\r\n"
                                                       "BEGIN:VEVENT\r\n"
                                                       "UID:4k9z@essaim.example.org\r\n"
                                                       "SEQUENCE:2\r\n"
                                                       "DTSTAMP:20261001T060504Z\r\n"
                                                       "DTSTART:20261121T130000Z\r\n"
                                                       "DTEND:20261121T150000Z\r\n"
                                                       "SUMMARY:Clean-up day\r\n"
                                                       "STATUS:CONFIRMED\r\n"
                                                       "END:VEVENT\r\n"
                                                       "END:VCALENDAR\r\n");
}

static void place_description_and_address_are_there_when_given(void **state)
{
    struct ical_event event = clean_up_day();
    event.location = "Port";
    event.description = "Gloves";
    event.url = "https://essaim.example.org/a?b=1,2;c";
    assert_line(*state, &event, "LOCATION:Port");
    assert_line(*state, &event, "DESCRIPTION:Gloves");
    assert_line(*state, &event, "URL:https://essaim.example.org/a?b=1,2;c");
}

/* By mail it is taken out of the calendar; in a file it is there, and struck out. */
static void what_is_off_says_so(void **state)
{
    struct ical_event event = clean_up_day();
    event.is_off = true;
    assert_line(*state, &event, "METHOD:PUBLISH");
    assert_line(*state, &event, "STATUS:CANCELLED");
    event.is_message = true;
    assert_line(*state, &event, "METHOD:CANCEL");
    assert_line(*state, &event, "STATUS:CANCELLED");
    event.is_off = false;
    assert_line(*state, &event, "METHOD:PUBLISH");
    assert_line(*state, &event, "STATUS:CONFIRMED");
}

static void its_publisher_is_named(void **state)
{
    struct ical_event event = clean_up_day();
    event.organiser_name = "Les \"Amis\";\r\nX:1";
    event.organiser_address = "no-reply@example.org";
    assert_line(*state, &event, "ORGANIZER;CN=\"Les 'Amis';X:1\":mailto:no-reply@example.org");
}

static void what_separates_values_is_escaped_in_texts(void **state)
{
    struct ical_event event = clean_up_day();
    event.summary = "a, b; c\\d: \"e\"";
    assert_line(*state, &event, "SUMMARY:a\\, b\\; c\\\\d: \"e\"");
}

static void line_ends_of_a_text_are_kept_as_escapes(void **state)
{
    struct ical_event event = clean_up_day();
    event.description = "a\r\nb\nc";
    assert_line(*state, &event, "DESCRIPTION:a\\nb\\nc");
}

static void no_text_can_begin_a_line(void **state)
{
    struct ical_event event = clean_up_day();
    event.summary = "a\r\nATTENDEE:mailto:b@example.org\rX:1\n\x0b\x7fY:2";
    event.location = event.summary;
    event.uid = event.summary;
    event.url = event.summary;
    const char *calendar = unfolded(*state, ical_calendar(*state, &event));
    assert_null(strstr(calendar, "\nATTENDEE"));
    assert_null(strstr(calendar, "\nX:1"));
    assert_null(strstr(calendar, "\nY:2"));
    assert_null(strstr(calendar, "\x0b"));
    for (const char *c = calendar; *c; c++)
        assert_true(*c != '\r' || c[1] == '\n');
    assert_line(*state, &event, "UID:aATTENDEE:mailto:b@example.orgX:1Y:2");
}

/* No line is longer than 75 octets, none is cut inside a character, and nothing is lost. */
static void assert_folded(struct mem *mem, const char *description)
{
    struct ical_event event = clean_up_day();
    event.description = description;
    const char *calendar = ical_calendar(mem, &event);
    for (const char *line = calendar; *line;) {
        size_t length = strcspn(line, "\r");
        assert_in_range(length, 1, 75);
        assert_true(utf8_is_valid(line, length));
        line += length + 2;
    }
    assert_line(mem, &event, mem_printf(mem, "DESCRIPTION:%s", description));
}

static void long_lines_are_folded_between_characters(void **state)
{
    const char *const letters[] = {"a", "\u00e9", "\u20ac", "\U0001f41d"};
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
        char *text = mem_alloc(*state, 4096);
        char *end = text;
        for (int count = 0; count < 300; count++) {
            end = stpcpy(end, letters[i]);
            assert_folded(*state, text);
        }
    }
}

static void a_line_of_exactly_75_octets_is_not_folded(void **state)
{
    char title[75 - 8 + 2] = {0}; /* after "SUMMARY:" */
    memset(title, 'a', 75 - 8);
    struct ical_event event = clean_up_day();
    event.summary = title;
    assert_null(strstr(ical_calendar(*state, &event), "\r\n "));
    title[75 - 8] = 'a';
    assert_non_null(strstr(ical_calendar(*state, &event), "\r\n a\r\n"));
}

static void bytes_that_are_no_text_end_as_well(void **state)
{
    char text[400] = {0};
    memset(text, 0x80, sizeof(text) - 1);
    struct ical_event event = clean_up_day();
    event.summary = text;
    assert_non_null(ical_calendar(*state, &event));
}

static void texts_that_are_too_long_give_no_calendar(void **state)
{
    char *text = mem_alloc(*state, MARKDOWN_BYTES_MAX * 4 + 1);
    memset(text, 'a', MARKDOWN_BYTES_MAX);
    struct ical_event event = clean_up_day();
    event.description = text;
    assert_non_null(ical_calendar(*state, &event));
    memset(text, 'a', MARKDOWN_BYTES_MAX * 4);
    assert_null(ical_calendar(*state, &event));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_event_is_written_in_utc),
        TEST(place_description_and_address_are_there_when_given),
        TEST(what_is_off_says_so),
        TEST(its_publisher_is_named),
        TEST(what_separates_values_is_escaped_in_texts),
        TEST(line_ends_of_a_text_are_kept_as_escapes),
        TEST(no_text_can_begin_a_line),
        TEST(long_lines_are_folded_between_characters),
        TEST(a_line_of_exactly_75_octets_is_not_folded),
        TEST(bytes_that_are_no_text_end_as_well),
        TEST(texts_that_are_too_long_give_no_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
