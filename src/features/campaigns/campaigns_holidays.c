/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Days on which nobody should be asked to come without having been thought of: the public holidays
 * of France, and the days around Christmas and New Year. Only what a first draft proposes keeps off
 * them; whoever writes may choose any day. Source: Code du travail, art. L3133-1. */
#include "base/time.h"
#include "features/campaigns/campaigns_local.h"

struct month_day {
    int month, day;
};
static const struct month_day fixed[] = {
    {1, 1},  {1, 2},   {5, 1},   {5, 8},   {7, 14},  {8, 15},
    {11, 1}, {11, 11}, {12, 24}, {12, 25}, {12, 26}, {12, 31},
};
enum { FIXED = sizeof(fixed) / sizeof(fixed[0]) };

/* From Easter Sunday: Easter itself and its Monday, Ascension, Whit Sunday and its Monday. */
static const int from_easter[] = {0, 1, 39, 49, 50};
enum { FROM_EASTER = sizeof(from_easter) / sizeof(from_easter[0]) };

/* Source: Jean Meeus, Astronomical Algorithms, chapter 8 (the anonymous Gregorian computus). */
static struct wall easter(int year)
{
    int a = year % 19;
    int century = year / 100;
    int leap = century / 4;
    int moon = (19 * a + century - leap - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    int week = (32 + 2 * (century % 4) + 2 * (year % 100 / 4) - moon - year % 100 % 4) % 7;
    int late = (a + 11 * moon + 22 * week) / 451;
    int days = moon + week - 7 * late + 114;
    return (struct wall){.year = year, .month = days / 31, .day = days % 31 + 1};
}

bool day_is_holiday(const struct wall *wall)
{
    for (int i = 0; i < FIXED; i++)
        if (fixed[i].month == wall->month && fixed[i].day == wall->day)
            return true;
    const struct wall sunday = easter(wall->year);
    const struct wall midnight = {.year = wall->year, .month = wall->month, .day = wall->day};
    int64_t days = (wall_to_seconds(&midnight) - wall_to_seconds(&sunday)) / DAY_SECONDS;
    for (int i = 0; i < FROM_EASTER; i++)
        if (from_easter[i] == days)
            return true;
    return false;
}
