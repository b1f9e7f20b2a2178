/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How a language writes dates and numbers. The patterns, names and signs are CLDR's, read from ICU
 * once, at the start; what writes with them is ours, since ICU's formatters are not shared between
 * threads and its time zones are years old (a wall clock comes in, from sys/zone). A pattern with a
 * letter that is not known here stops the start, so that no page meets one. */
#include "sys/lang_local.h"

#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"

enum { UNITS_MAX = 128, TEXT_BYTES_MAX = UNITS_MAX * 3 + 1 };

/* In the order of enum lang_date_style. */
static const char *const skeletons[LANG_PATTERNS] = {"EEEEdMMMMy", "dMMM", "jmm", "EEEEdMMMMyjmm"};

/* From ICU's UTF-16 to a new UTF-8 string. */
static const char *text_copy(struct mem *mem, const UChar *units, UErrorCode *error)
{
    char text[TEXT_BYTES_MAX];
    u_strToUTF8(text, sizeof(text), NULL, units, -1, error);
    return U_SUCCESS(*error) ? mem_strdup(mem, text) : "";
}

static void symbols_load(struct mem *mem, const UDateFormat *source, struct lang_format *format,
                         UErrorCode *error)
{
    UChar units[UNITS_MAX];
    for (int i = 0; i < 12; i++) {
        udat_getSymbols(source, UDAT_MONTHS, i, units, UNITS_MAX, error);
        format->months[i] = text_copy(mem, units, error);
        udat_getSymbols(source, UDAT_SHORT_MONTHS, i, units, UNITS_MAX, error);
        format->months_short[i] = text_copy(mem, units, error);
    }
    for (int i = 0; i < 7; i++) {
        udat_getSymbols(source, UDAT_WEEKDAYS, i + 1, units, UNITS_MAX, error); /* 0 is empty */
        format->weekdays[i] = text_copy(mem, units, error);
    }
}

static void dates_load(struct mem *mem, const char *locale, struct lang_format *format,
                       UErrorCode *error)
{
    UDateFormat *source = udat_open(UDAT_FULL, UDAT_FULL, locale, NULL, 0, NULL, 0, error);
    /* An unknown locale is no error to ICU, which goes on in another language. */
    const char *actual = udat_getLocaleByType(source, ULOC_ACTUAL_LOCALE, error);
    if (U_SUCCESS(*error) && !str_starts(locale, actual))
        *error = U_MISSING_RESOURCE_ERROR;
    if (U_SUCCESS(*error))
        symbols_load(mem, source, format, error);
    udat_close(source);

    UDateTimePatternGenerator *generator = udatpg_open(locale, error);
    for (int i = 0; i < LANG_PATTERNS; i++) {
        UChar skeleton[UNITS_MAX];
        UChar pattern[UNITS_MAX];
        u_uastrcpy(skeleton, skeletons[i]);
        udatpg_getBestPattern(generator, skeleton, -1, pattern, UNITS_MAX, error);
        format->patterns[i] = text_copy(mem, pattern, error);
    }
    udatpg_close(generator);
}

static void numbers_load(struct mem *mem, const char *locale, struct lang_format *format,
                         UErrorCode *error)
{
    UNumberFormat *source = unum_open(UNUM_DECIMAL, NULL, 0, locale, NULL, error);
    UChar units[UNITS_MAX];
    unum_getSymbol(source, UNUM_GROUPING_SEPARATOR_SYMBOL, units, UNITS_MAX, error);
    format->group = text_copy(mem, units, error);
    unum_getSymbol(source, UNUM_MINUS_SIGN_SYMBOL, units, UNITS_MAX, error);
    format->minus = text_copy(mem, units, error);
    unum_getSymbol(source, UNUM_DECIMAL_SEPARATOR_SYMBOL, units, UNITS_MAX, error);
    format->decimal = text_copy(mem, units, error);
    unum_close(source);
}

static bool patterns_are_known(struct mem *mem, const struct lang_format *format)
{
    const struct wall wall = {.year = 2026, .month = 11, .day = 21};
    struct buf *unread = buf_new(mem, LANG_PATTERNS * TEXT_BYTES_MAX);
    for (int i = 0; i < LANG_PATTERNS; i++)
        if (!lang_format_date(format, unread, format->patterns[i], &wall))
            return false;
    return true;
}

bool lang_format_load(struct mem *mem, const char *locale, struct lang_format *ret_format)
{
    UErrorCode error = U_ZERO_ERROR;
    dates_load(mem, locale, ret_format, &error);
    numbers_load(mem, locale, ret_format, &error);
    return U_SUCCESS(error) && patterns_are_known(mem, ret_format);
}

/* Adds one field of a pattern, such as MMMM: four times the letter 'M'. */
static bool field_add(const struct lang_format *format, struct buf *buf, const char *field,
                      const struct wall *wall)
{
    if (str_equal(field, "EEEE"))
        buf_put(buf, format->weekdays[wall->weekday]);
    else if (str_equal(field, "d") && wall->day == 1 && format->first_day)
        buf_put(buf, format->first_day);
    else if (str_equal(field, "d"))
        buf_put_int(buf, wall->day);
    else if (str_equal(field, "MMMM"))
        buf_put(buf, format->months[wall->month - 1]);
    else if (str_equal(field, "MMM"))
        buf_put(buf, format->months_short[wall->month - 1]);
    else if (str_equal(field, "y"))
        buf_put_int(buf, wall->year);
    else if (str_equal(field, "HH"))
        buf_put_digits(buf, (uint64_t)wall->hour, 2);
    else if (str_equal(field, "mm"))
        buf_put_digits(buf, (uint64_t)wall->minute, 2);
    else
        return false;
    return true;
}

/* Adds a text between quotes, and gives where it ends: 'de' is "de", and '' is a quote. */
static const char *quoted_add(struct buf *buf, const char *text)
{
    const char *end = strchrnul(text + 1, '\'');
    if (end == text + 1)
        buf_put_char(buf, '\'');
    else
        buf_add(buf, text + 1, (size_t)(end - text - 1));
    return *end ? end + 1 : end;
}

bool lang_format_date(const struct lang_format *format, struct buf *buf, const char *pattern,
                      const struct wall *wall)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    while (*pattern) {
        if (*pattern == '\'') {
            pattern = quoted_add(buf, pattern);
            continue;
        }
        if (!strchr(letters, *pattern)) {
            buf_put_char(buf, *pattern++);
            continue;
        }
        char field[5] = {0};
        size_t count = strspn(pattern, (const char[]){*pattern, '\0'});
        if (count >= sizeof(field))
            return false;
        memcpy(field, pattern, count);
        if (!field_add(format, buf, field, wall))
            return false;
        pattern += count;
    }
    return true;
}

/* All groups but the first have three digits. */
static void put_groups(const struct lang_format *format, struct buf *buf, uint64_t n)
{
    if (n < 1000) {
        buf_put_digits(buf, n, 1);
        return;
    }
    put_groups(format, buf, n / 1000);
    buf_put(buf, format->group);
    buf_put_digits(buf, n % 1000, 3);
}

void lang_format_number(const struct lang_format *format, struct buf *buf, int64_t n)
{
    if (n < 0)
        buf_put(buf, format->minus);
    put_groups(format, buf, n < 0 ? -(uint64_t)n : (uint64_t)n);
}
