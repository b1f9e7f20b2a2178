/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Arithmetic of the Gregorian calendar. Days are counted from 1 March of the year 0, so that the
 * leap day is the last of its year and months need no table: from March on, their lengths repeat
 * every five (153 days). No zone and no clock here. */
#include "base/time.h"

#include <stddef.h>

#include "base/mem.h"

enum {
    YEAR_FIRST = 1970,
    YEAR_LAST = 9999,
    YEAR_DAYS = 365,
    CENTURIES_DAYS = 146097,  /* of four centuries */
    DAYS_BEFORE_1970 = 719468 /* from 0000-03-01 */
};

static const int64_t seconds_last = INT64_C(253402300799); /* 9999-12-31T23:59:59 */

static int64_t day_number(int year, int month, int day)
{
    int march_year = month > 2 ? year : year - 1;
    int march_month = month > 2 ? month - 3 : month + 9;
    int leap_days = march_year / 4 - march_year / 100 + march_year / 400;
    int day_of_year = (153 * march_month + 2) / 5 + day - 1;
    return (int64_t)march_year * YEAR_DAYS + leap_days + day_of_year - DAYS_BEFORE_1970;
}

static void set_date(struct wall *wall, int day_since_1970)
{
    int days = day_since_1970 + DAYS_BEFORE_1970;
    int era = days / CENTURIES_DAYS;
    int day_of_era = days % CENTURIES_DAYS;
    /* Takes out the leap days of 4, 100 and 400 years; what is left divides by 365. */
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (YEAR_DAYS * year_of_era + year_of_era / 4 - year_of_era / 100);
    int march_month = (5 * day_of_year + 2) / 153;
    wall->day = day_of_year - (153 * march_month + 2) / 5 + 1;
    wall->month = march_month < 10 ? march_month + 3 : march_month - 9;
    wall->year = era * 400 + year_of_era + (wall->month <= 2);
    wall->weekday = (day_since_1970 + 4) % 7; /* 1970-01-01 was a Thursday */
}

struct wall wall_from_seconds(int64_t seconds)
{
    if (seconds < 0)
        seconds = 0;
    if (seconds > seconds_last)
        seconds = seconds_last;
    int rest = (int)(seconds % DAY_SECONDS);
    struct wall wall = {
        .hour = rest / HOUR_SECONDS,
        .minute = rest / MINUTE_SECONDS % 60,
        .second = rest % 60,
    };
    set_date(&wall, (int)(seconds / DAY_SECONDS));
    return wall;
}

int64_t wall_to_seconds(const struct wall *wall)
{
    return day_number(wall->year, wall->month, wall->day) * DAY_SECONDS +
           wall->hour * HOUR_SECONDS + wall->minute * MINUTE_SECONDS + wall->second;
}

static int month_days(int year, int month)
{
    int64_t first = day_number(year, month, 1);
    int64_t next = month == 12 ? day_number(year + 1, 1, 1) : day_number(year, month + 1, 1);
    return (int)(next - first);
}

static bool is_within(int n, int least, int most)
{
    return n >= least && n <= most;
}

bool wall_is_valid(const struct wall *wall)
{
    return is_within(wall->year, YEAR_FIRST, YEAR_LAST) && is_within(wall->month, 1, 12) &&
           is_within(wall->day, 1, month_days(wall->year, wall->month)) &&
           is_within(wall->hour, 0, 23) && is_within(wall->minute, 0, 59) &&
           is_within(wall->second, 0, 59);
}

const char *time_rfc3339(struct mem *mem, int64_t at)
{
    struct wall wall = wall_from_seconds(at);
    return mem_printf(mem, "%04d-%02d-%02dT%02d:%02d:%02dZ", wall.year, wall.month, wall.day,
                      wall.hour, wall.minute, wall.second);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads exactly `digits` digits and moves past them. */
static bool read_number(const char **p, int digits, int *ret_n)
{
    int n = 0;
    for (int i = 0; i < digits; i++) {
        if (!is_digit((*p)[i]))
            return false;
        n = n * 10 + ((*p)[i] - '0');
    }
    *p += digits;
    *ret_n = n;
    return true;
}

static bool read_one_of(const char **p, const char *choices)
{
    for (const char *c = choices; *c; c++) {
        if (**p == *c) {
            (*p)++;
            return true;
        }
    }
    return false;
}

static bool read_fraction(const char **p)
{
    if (**p != '.')
        return true;
    (*p)++;
    if (!is_digit(**p))
        return false;
    while (is_digit(**p))
        (*p)++;
    return true;
}

/* `Z`, or the seconds by which that wall clock is ahead of UTC. */
static bool read_offset(const char **p, int *ret_seconds)
{
    *ret_seconds = 0;
    if (read_one_of(p, "Zz"))
        return true;
    int sign = **p == '-' ? -1 : 1;
    int hours = 0;
    int minutes = 0;
    if (!read_one_of(p, "+-") || !read_number(p, 2, &hours) || !read_one_of(p, ":") ||
        !read_number(p, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret_seconds = sign * (hours * HOUR_SECONDS + minutes * MINUTE_SECONDS);
    return true;
}

bool time_from_rfc3339(const char *text, int64_t *ret_at)
{
    const char *p = text;
    struct wall wall = {0};
    int offset = 0;
    bool is_read =
        read_number(&p, 4, &wall.year) && read_one_of(&p, "-") && read_number(&p, 2, &wall.month) &&
        read_one_of(&p, "-") && read_number(&p, 2, &wall.day) && read_one_of(&p, "Tt") &&
        read_number(&p, 2, &wall.hour) && read_one_of(&p, ":") &&
        read_number(&p, 2, &wall.minute) && read_one_of(&p, ":") &&
        read_number(&p, 2, &wall.second) && read_fraction(&p) && read_offset(&p, &offset);
    if (!is_read || *p || !wall_is_valid(&wall))
        return false;
    int64_t at = wall_to_seconds(&wall) - offset;
    if (at < 0 || at > seconds_last)
        return false;
    *ret_at = at;
    return true;
}
