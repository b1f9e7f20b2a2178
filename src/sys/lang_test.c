/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* French and English as the program speaks them: which one a browser gets, messages and their
 * holes, numbers, ordinals, dates and spans. It reads the real catalogues, but only messages of
 * sys/lang.c. */
#include "sys/lang.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/time.h"
#include "sys/lang_local.h"
#include "sys/zone.h"

enum { TEST_BYTES_MAX = 1 << 22 };

struct fixture {
    struct mem *mem;
    struct langs *langs;
    struct zones *zones;
    const struct lang *french;
    const struct lang *english;
    const struct zone *paris;
};

static int set_up(void **state)
{
    struct mem *mem = mem_new(TEST_BYTES_MAX);
    struct fixture *fixture = MEM_NEW(mem, struct fixture);
    struct langs *langs = langs_new(mem);
    struct zones *zones = zones_new(mem);
    *fixture = (struct fixture){
        .mem = mem,
        .langs = langs,
        .zones = zones,
        .french = langs ? lang_get(langs, "fr") : NULL,
        .english = langs ? lang_get(langs, "en") : NULL,
        .paris = zone_get(zones, "Europe/Paris"),
    };
    *state = fixture;
    return fixture->french && fixture->english && fixture->paris ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    zones_free(fixture->zones);
    mem_free(fixture->mem);
    return 0;
}

static int64_t utc(const char *text)
{
    int64_t at = 0;
    assert_true(time_from_rfc3339(text, &at));
    return at;
}

static void french_comes_first_then_english(void **state)
{
    struct fixture *fixture = *state;
    assert_ptr_equal(lang_at(fixture->langs, 0), fixture->french);
    assert_ptr_equal(lang_at(fixture->langs, 1), fixture->english);
    assert_null(lang_at(fixture->langs, -1));
    assert_null(lang_get(fixture->langs, "de"));
    assert_null(lang_get(fixture->langs, ""));
}

static void each_language_says_its_own_name(void **state)
{
    struct fixture *fixture = *state;
    assert_string_equal(lang_own_name(fixture->french), "Français");
    assert_string_equal(lang_own_name(fixture->english), "English");
    assert_string_equal(lang_code(fixture->french), "fr");
}

static void assert_accepted(void **state, const char *header, const char *code)
{
    struct fixture *fixture = *state;
    const struct lang *lang = lang_accept(fixture->langs, header);
    const char *found = lang ? lang_code(lang) : "none";
    if (strcmp(found, code) != 0)
        fail_msg("%s: %s", header, found);
}

static void a_browser_gets_the_language_it_likes_most(void **state)
{
    assert_accepted(state, "fr", "fr");
    assert_accepted(state, "en-GB,en;q=0.9,fr;q=0.8", "en");
    assert_accepted(state, "de, fr-CH;q=0.7, en;q=0.8", "en");
    assert_accepted(state, "EN-us", "en");
    assert_accepted(state, "en;q=0.5, fr;q=0.5", "en");
    assert_accepted(state, "en;q=0.123 ,\tfr;q=0.124", "fr");
    assert_accepted(state, "fr;q=0, en;q=0.001", "en");
    assert_accepted(state, "en;Q=0.2,fr;q=1.000", "fr");
    assert_accepted(state, ",, fr ,", "fr");
}

static void a_browser_that_likes_neither_gets_none(void **state)
{
    assert_accepted(state, "", "none");
    assert_accepted(state, NULL, "none");
    assert_accepted(state, "de, es;q=0.5", "none");
    assert_accepted(state, "*", "none");
    assert_accepted(state, "fr;q=0", "none");
    assert_accepted(state, "french", "none");
    assert_accepted(state, "frfrfrfrfrfrfrfrfrfrfrfrfrfrfrfrfr", "none");
}

static void a_weight_that_is_none_is_passed_over(void **state)
{
    assert_accepted(state, "fr;q=2, en;q=0.1", "en");
    assert_accepted(state, "fr;q=1.5, en;q=0.1", "en");
    assert_accepted(state, "fr;q=0.5x, en;q=0.1", "en");
    assert_accepted(state, "fr;q=, en;q=0.1", "en");
    assert_accepted(state, "fr;x=1, en;q=0.1", "en");
    assert_accepted(state, "fr;q=0.1234, en;q=0.1", "en");
}

/* The sources have the hyphen of a keyboard, after which a line may break. */
static void in_english_no_line_breaks_within_e_mail(void **state)
{
    const struct fixture *fixture = *state;
    const char *address = lang_text(fixture->english, "Your e-mail address");
    assert_string_equal(address, "Your e\u2011mail address");
    const char *many = lang_plural(fixture->english, "{n} e-mail", "{n} e-mails", 2);
    assert_string_equal(many, "{n} e\u2011mails");
    const char *one = lang_plural(fixture->english, "{n} e-mail", "{n} e-mails", 1);
    assert_string_equal(one, "{n} e\u2011mail");
    const char *others = "Show my first name among those who take part";
    assert_string_equal(lang_text(fixture->english, others), others);
    assert_string_equal(lang_text(fixture->english, "New sign-ups"), "New sign-ups");
}

static void a_message_without_a_translation_is_its_english(void **state)
{
    struct fixture *fixture = *state;
    assert_string_equal(lang_text(fixture->french, "No such message"), "No such message");
    assert_string_equal(lang_text(fixture->french, ""), ""); /* not the catalogue's header */
    assert_string_equal(lang_plural(fixture->french, "a hen", "hens", 1), "a hen");
    assert_string_equal(lang_plural(fixture->french, "a hen", "hens", 0), "hens");
    assert_string_equal(lang_plural(fixture->english, "a hen", "hens", -1), "a hen");
    assert_string_equal(lang_plural(fixture->english, "a hen", "hens", INT64_MIN), "hens");
}

static const char *filled(void **state, const char *pattern)
{
    struct fixture *fixture = *state;
    const struct lang_hole holes[] = {{"name", "Zoé"}, {"n", "3"}, {"tricky", "{n}"}};
    return lang_fill(fixture->mem, pattern, holes, 3);
}

static void holes_are_filled_by_name(void **state)
{
    assert_string_equal(filled(state, "{name} and {n} more"), "Zoé and 3 more");
    assert_string_equal(filled(state, "{n}{n}"), "33");
    assert_string_equal(filled(state, "none"), "none");
    assert_string_equal(filled(state, ""), "");
}

static void a_value_is_never_a_pattern(void **state)
{
    assert_string_equal(filled(state, "{tricky} {n}"), "{n} 3");
}

static void a_hole_without_a_value_stays(void **state)
{
    assert_string_equal(filled(state, "{who} {n"), "{who} {n");
    assert_string_equal(filled(state, "{"), "{");
    assert_string_equal(filled(state, "{}"), "{}");
    assert_string_equal(filled(state, "{{n}}"), "{3}");
    assert_string_equal(filled(state, "{na me}"), "{na me}");
}

static void a_filled_text_has_a_maximum(void **state)
{
    struct fixture *fixture = *state;
    char *value = mem_alloc(fixture->mem, TEMPLATE_TEXT_BYTES_MAX);
    memset(value, 'a', TEMPLATE_TEXT_BYTES_MAX - 1);
    const struct lang_hole hole = {"long", value};
    const char *text = lang_fill(fixture->mem, "{long}b{long}c", &hole, 1);
    assert_int_equal(strlen(text), TEMPLATE_TEXT_BYTES_MAX);
}

static void numbers_are_grouped_by_three(void **state)
{
    struct fixture *fixture = *state;
    struct mem *mem = fixture->mem;
    assert_string_equal(lang_number(fixture->french, mem, 6800000), "6\u202f800\u202f000");
    assert_string_equal(lang_number(fixture->english, mem, 6800000), "6,800,000");
    assert_string_equal(lang_number(fixture->french, mem, 1000), "1\u202f000");
    assert_string_equal(lang_number(fixture->french, mem, 999), "999");
    assert_string_equal(lang_number(fixture->french, mem, 0), "0");
    assert_string_equal(lang_number(fixture->english, mem, -12345), "-12,345");
    assert_string_equal(lang_number(fixture->english, mem, INT64_MIN),
                        "-9,223,372,036,854,775,808");
}

static void assert_ordinals(void **state, int64_t n, const char *french, const char *english)
{
    struct fixture *fixture = *state;
    assert_string_equal(lang_ordinal(fixture->french, fixture->mem, n), french);
    assert_string_equal(lang_ordinal(fixture->english, fixture->mem, n), english);
}

static void ordinals_follow_the_language(void **state)
{
    assert_ordinals(state, 1, "1re", "1st");
    assert_ordinals(state, 2, "2e", "2nd");
    assert_ordinals(state, 3, "3e", "3rd");
    assert_ordinals(state, 4, "4e", "4th");
    assert_ordinals(state, 11, "11e", "11th");
    assert_ordinals(state, 12, "12e", "12th");
    assert_ordinals(state, 13, "13e", "13th");
    assert_ordinals(state, 21, "21e", "21st");
    assert_ordinals(state, 37, "37e", "37th");
    assert_ordinals(state, 101, "101e", "101st");
    assert_ordinals(state, 111, "111e", "111th");
    assert_ordinals(state, 1002, "1\u202f002e", "1,002nd");
}

static void assert_durations(void **state, int64_t minutes, const char *french, const char *english)
{
    struct fixture *fixture = *state;
    assert_string_equal(lang_duration(fixture->french, fixture->mem, minutes), french);
    assert_string_equal(lang_duration(fixture->english, fixture->mem, minutes), english);
}

static void durations_are_told_as_people_say_them(void **state)
{
    assert_durations(state, 1, "1\u00a0minute", "1 minute");
    assert_durations(state, 59, "59\u00a0minutes", "59 minutes");
    assert_durations(state, 60, "1\u00a0heure", "1 hour");
    assert_durations(state, 65, "1\u00a0h\u00a005", "1 h 05 min");
    assert_durations(state, 150, "2\u00a0h\u00a030", "2 h 30 min");
    assert_durations(state, 240, "4\u00a0heures", "4 hours");
    assert_durations(state, 60030, "1\u202f000\u00a0h\u00a030", "1,000 h 30 min");
}

static void hours_are_counted_with_what_is_left_of_them(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        int64_t minutes;
        const char *french, *english;
    } rows[] = {{0, "0", "0"},        {120, "2", "2"},   {150, "2,5", "2.5"},
                {20, "0,33", "0.33"}, {600, "10", "10"}, {75000, "1\u202f250", "1,250"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_string_equal(lang_hours(fixture->french, fixture->mem, rows[i].minutes),
                            rows[i].french);
        assert_string_equal(lang_hours(fixture->english, fixture->mem, rows[i].minutes),
                            rows[i].english);
    }
}

static void assert_dates(void **state, enum lang_date_style style, const char *french,
                         const char *english)
{
    struct fixture *fixture = *state;
    struct mem *mem = fixture->mem;
    int64_t at = utc("2026-11-21T13:00:00Z");
    assert_string_equal(lang_date(fixture->french, mem, style, at, fixture->paris), french);
    assert_string_equal(lang_date(fixture->english, mem, style, at, fixture->paris), english);
}

static void dates_are_written_as_people_write_them(void **state)
{
    assert_dates(state, LANG_DATE, "samedi 21 novembre 2026", "Saturday, 21 November 2026");
    assert_dates(state, LANG_DATE_SHORT, "21 nov.", "21 Nov");
    assert_dates(state, LANG_TIME, "14:00", "14:00");
    assert_dates(state, LANG_DATE_TIME, "samedi 21 novembre 2026 à 14:00",
                 "Saturday, 21 November 2026 at 14:00");
}

static void a_date_is_the_zones_not_utcs(void **state)
{
    struct fixture *fixture = *state;
    const struct zone *tokyo = zone_get(fixture->zones, "Asia/Tokyo");
    assert_string_equal(lang_date(fixture->french, fixture->mem, LANG_DATE_TIME,
                                  utc("2026-02-07T15:05:00Z"), tokyo),
                        "dimanche 8 février 2026 à 00:05");
}

static void the_first_of_a_month_is_an_ordinal_in_french(void **state)
{
    struct fixture *fixture = *state;
    struct mem *mem = fixture->mem;
    int64_t at = utc("2026-12-01T09:07:00Z");
    assert_string_equal(lang_date(fixture->french, mem, LANG_DATE, at, fixture->paris),
                        "mardi 1er décembre 2026");
    assert_string_equal(lang_date(fixture->french, mem, LANG_DATE_SHORT, at, fixture->paris),
                        "1er déc.");
    assert_string_equal(lang_date(fixture->english, mem, LANG_DATE_SHORT, at, fixture->paris),
                        "1 Dec");
    assert_string_equal(lang_date(fixture->french, mem, LANG_TIME, at, fixture->paris), "10:07");
}

static void assert_spans(void **state, const char *end, const char *french, const char *english)
{
    struct fixture *fixture = *state;
    struct mem *mem = fixture->mem;
    int64_t start = utc("2026-11-21T13:00:00Z");
    assert_string_equal(lang_span(fixture->french, mem, start, utc(end), fixture->paris), french);
    assert_string_equal(lang_span(fixture->english, mem, start, utc(end), fixture->paris), english);
}

static void a_span_names_its_day_once(void **state)
{
    assert_spans(state, "2026-11-21T15:00:00Z",
                 "samedi 21 novembre 2026, de\u00a014:00\u00a0à\u00a016:00",
                 "Saturday, 21 November 2026, from 14:00 to 16:00");
}

static void a_span_over_midnight_names_both_days(void **state)
{
    assert_spans(state, "2026-11-22T01:30:00Z",
                 "du samedi 21 novembre 2026 à 14:00 au dimanche 22 novembre 2026 à 02:30",
                 "from Saturday, 21 November 2026 at 14:00 to Sunday, 22 November 2026 at 02:30");
}

static void an_unknown_locale_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct lang_format format;
    assert_false(lang_format_load(fixture->mem, "xx_XX", &format));
    assert_true(lang_format_load(fixture->mem, "de_DE", &format));
}

static void a_locale_whose_patterns_are_not_known_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct lang_format format;
    assert_false(lang_format_load(fixture->mem, "en_US", &format)); /* h:mm a */
}

static void *write_many(void *state)
{
    struct fixture *fixture = state;
    struct mem *mem = mem_new(TEST_BYTES_MAX);
    const char *wrong = NULL;
    for (int i = 0; i < 200; i++) {
        const char *date = lang_date(fixture->french, mem, LANG_DATE_TIME,
                                     utc("2026-11-21T13:00:00Z"), fixture->paris);
        if (strcmp(date, "samedi 21 novembre 2026 à 14:00") != 0)
            wrong = "a date";
        if (strcmp(lang_number(fixture->english, mem, 12345), "12,345") != 0)
            wrong = "a number";
    }
    mem_free(mem);
    return (void *)(uintptr_t)wrong;
}

static void threads_write_at_the_same_time(void **state)
{
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_many, *state), 0);
    for (int i = 0; i < 4; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(french_comes_first_then_english),
        TEST(each_language_says_its_own_name),
        TEST(a_browser_gets_the_language_it_likes_most),
        TEST(a_browser_that_likes_neither_gets_none),
        TEST(a_weight_that_is_none_is_passed_over),
        TEST(in_english_no_line_breaks_within_e_mail),
        TEST(a_message_without_a_translation_is_its_english),
        TEST(holes_are_filled_by_name),
        TEST(a_value_is_never_a_pattern),
        TEST(a_hole_without_a_value_stays),
        TEST(a_filled_text_has_a_maximum),
        TEST(numbers_are_grouped_by_three),
        TEST(ordinals_follow_the_language),
        TEST(durations_are_told_as_people_say_them),
        TEST(hours_are_counted_with_what_is_left_of_them),
        TEST(dates_are_written_as_people_write_them),
        TEST(a_date_is_the_zones_not_utcs),
        TEST(the_first_of_a_month_is_an_ordinal_in_french),
        TEST(a_span_names_its_day_once),
        TEST(a_span_over_midnight_names_both_days),
        TEST(an_unknown_locale_is_refused),
        TEST(a_locale_whose_patterns_are_not_known_is_refused),
        TEST(threads_write_at_the_same_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
