/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A day and a time from what was typed. Browsers have a control for it and send ISO 8601; where
 * they have none, people write it as they do on paper: the day first, with dots or strokes, and an
 * "h" for the hour. Never the month first: nobody could tell it from the day. */
#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/time.h"
#include "web/form.h"

enum { NUMBER_DIGITS_MAX = 4, YEAR_DIGITS = 4 };

/* What is left to read. */
struct reader {
    const char *at;
};

/* A number of that many digits at most; false: there is none here, or it is longer. */
static bool read_number(struct reader *reader, int digits_max, int *ret_n, int *ret_digits)
{
    int n = 0;
    int digits = 0;
    for (; isdigit((unsigned char)*reader->at); reader->at++, digits++) {
        if (digits == digits_max)
            return false;
        n = n * 10 + (*reader->at - '0');
    }
    *ret_n = n;
    *ret_digits = digits;
    return digits > 0;
}

static bool read_sign(struct reader *reader, const char *signs)
{
    if (!*reader->at || !strchr(signs, *reader->at))
        return false;
    reader->at++;
    return true;
}

/* Year first with '-', or day first with '/', '.' or '-'. */
static bool read_day(struct reader *reader, struct wall *wall)
{
    int parts[3];
    int digits[3];
    for (int i = 0; i < 3; i++)
        if ((i > 0 && !read_sign(reader, "-/.")) ||
            !read_number(reader, NUMBER_DIGITS_MAX, &parts[i], &digits[i]))
            return false;
    bool year_first = digits[0] == YEAR_DIGITS;
    if (!year_first && digits[2] != YEAR_DIGITS)
        return false;
    wall->year = year_first ? parts[0] : parts[2];
    wall->month = parts[1];
    wall->day = year_first ? parts[2] : parts[0];
    return true;
}

/* "T", a space, or what people write between a day and a time. */
static bool read_between(struct reader *reader)
{
    static const char *const words[] = {"T", ", à ", " à ", ", at ", " at ", ", ", " "};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (str_starts(reader->at, words[i])) {
            reader->at += strlen(words[i]);
            return true;
        }
    return false;
}

/* "14:30", "14:30:00", "14h30", "14 h 30", "14h". */
static bool read_time(struct reader *reader, struct wall *wall)
{
    int digits = 0;
    if (!read_number(reader, 2, &wall->hour, &digits))
        return false;
    read_sign(reader, " ");
    if (!read_sign(reader, ":hH"))
        return false;
    bool is_word = reader->at[-1] != ':';
    read_sign(reader, " ");
    if (is_word && !*reader->at)
        return true;
    if (!read_number(reader, 2, &wall->minute, &digits) || digits != 2)
        return false;
    if (!read_sign(reader, ":"))
        return true;
    return read_number(reader, 2, &wall->second, &digits) && digits == 2;
}

const char *form_wall_read(struct mem *mem, const char *typed)
{
    struct reader reader = {str_trim(mem, typed)};
    struct wall wall = {0};
    if (!read_day(&reader, &wall) || !read_between(&reader) || !read_time(&reader, &wall) ||
        *reader.at || !wall_is_valid(&wall))
        return NULL;
    return mem_printf(mem, "%04d-%02d-%02dT%02d:%02d:%02d", wall.year, wall.month, wall.day,
                      wall.hour, wall.minute, wall.second);
}
