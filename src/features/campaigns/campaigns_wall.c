/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Wall clocks as they are kept: "2026-11-28T14:00:00", in the zone beside them. They are the truth;
 * UTC follows from them, so that a session copied to a day beyond the change to summer time still
 * begins at two in the afternoon. */
#include "base/mem.h"
#include "base/time.h"
#include "features/campaigns/campaigns_local.h"
#include "sys/zone.h"
#include "web/app.h"
#include "web/community.h"
#include "web/work.h"

/* What the wall clock shows, as if it were UTC; false when it is none. */
static bool wall_read(struct mem *mem, const char *local, int64_t *ret_shown)
{
    return time_from_rfc3339(mem_printf(mem, "%sZ", local), ret_shown);
}

int64_t campaign_utc(struct work *work, const struct zone *zone, const char *local)
{
    int64_t shown = 0;
    if (!wall_read(work->mem, local, &shown))
        return 0;
    struct wall wall = wall_from_seconds(shown);
    return zone_utc(zone, &wall);
}

const char *wall_text(struct mem *mem, const struct wall *wall)
{
    return mem_printf(mem, "%04d-%02d-%02dT%02d:%02d:%02d", wall->year, wall->month, wall->day,
                      wall->hour, wall->minute, wall->second);
}

int64_t wall_between(struct mem *mem, const char *from, const char *until)
{
    int64_t a = 0;
    int64_t b = 0;
    return wall_read(mem, from, &a) && wall_read(mem, until, &b) ? b - a : 0;
}

const char *wall_shift(struct mem *mem, const char *local, int64_t seconds)
{
    int64_t shown = 0;
    if (!wall_read(mem, local, &shown))
        return "";
    struct wall wall = wall_from_seconds(shown + seconds);
    return wall_text(mem, &wall);
}

const struct zone *zone_named(struct work *work, const char *name)
{
    const struct zone *zone = zone_get(work->app->zones, name);
    return zone ? zone : work->community->zone;
}
