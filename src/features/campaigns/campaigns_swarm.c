/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The swarm: the people of a campaign as dots, like the seeds of a sunflower. Each dot lies a
 * golden angle (2.399963) further than the one before and 10 * sqrt(i + 0.5) from the middle, so
 * that all have the same room. They are the same for every campaign and stand here written out: to
 * compute them took an eighth of a page's time. campaigns_swarm_test.c computes them. */
#include "features/campaigns/campaigns_views.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

enum {
    DOTS_MAX = 100,
    DOT_SPACE = 10, /* units of the picture */
    DOT_MARGIN = 8,
};

/* Each dot is a stroke without length, `M`, where it is, and `h0`. */
static const char sunflower[] =
    "M7 0h0M-9 8h0M1 -16h0M11 15h0M-21 -4h0M20 -13h0M-7 25h0M-13 -24h0M27 10h0M-28 12h0"
    "M14 -29h0M10 32h0M-31 -18h0M36 -8h0M-22 31h0M-5 -39h0M31 26h0M-42 2h0M30 -30h0M-2 44h0"
    "M-29 -35h0M46 6h0M-39 27h0M11 -47h0M25 43h0M-48 -15h0M47 -22h0M-20 48h0M-18 -50h0M48 25h0"
    "M-53 14h0M30 -47h0M10 56h0M-46 -35h0M59 -5h0M-40 44h0M0 -60h0M41 45h0M-62 -6h0M50 -38h0"
    "M-11 63h0M-34 -55h0M63 17h0M-59 30h0M23 -63h0M25 62h0M-62 -29h0M66 -20h0M-35 60h0"
    "M-15 -69h0M58 41h0M-71 9h0M47 -55h0M3 73h0M-52 -53h0M74 4h0M-58 48h0M10 -75h0M43 63h0"
    "M-75 -17h0M68 -38h0M-24 75h0M-33 -72h0M73 31h0M-76 27h0M38 -71h0M20 79h0M-69 -45h0"
    "M82 -14h0M-51 66h0M-7 -84h0M62 58h0M-85 -1h0M64 -57h0M-8 86h0M-52 -69h0M86 16h0M-75 47h0"
    "M24 -85h0M40 80h0M-84 -32h0M84 -34h0M-39 82h0M-26 -87h0M79 47h0M-90 19h0M54 -76h0M11 93h0"
    "M-71 -61h0M95 -3h0M-68 66h0M5 -96h0M61 74h0M-96 -14h0M80 -55h0M-22 95h0M-48 -86h0M94 31h0"
    "M-90 41h0M39 -92h0";

/* The next `count` dots; then `at` is behind them. */
static const char *dots(struct mem *mem, const char **at, int count)
{
    const char *first = *at;
    for (; count > 0; count--)
        *at = strchrnul(*at + 1, 'M');
    return mem_strndup(mem, first, (size_t)(*at - first));
}

struct swarm_view swarm_view(struct mem *mem, int64_t here, int64_t target)
{
    int all = (int)(target < DOTS_MAX ? target : DOTS_MAX);
    int there = here >= target ? all : (int)(here * all / target);
    int reach = (int)ceil(DOT_SPACE * sqrt(all)) + DOT_MARGIN;
    const char *at = sunflower;
    const char *taken = dots(mem, &at, there);
    return (struct swarm_view){
        .view_box = mem_printf(mem, "%d %d %d %d", -reach, -reach, 2 * reach, 2 * reach),
        .here = taken,
        .free = dots(mem, &at, all - there),
        .target = target,
    };
}
