/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of campaign_day: what each day of a campaign brought, added to in the transaction that
 * counts it, so that a curve costs the same with ten people and with a million. */
#include "base/mem.h"
#include "features/campaigns/campaigns_local.h"
#include "sys/db.h"
#include "sys/zone.h"
#include "web/community.h"
#include "web/work.h"

int64_t calendar_day(const struct zone *zone, int64_t at)
{
    struct wall wall = zone_wall(zone, at);
    return wall_to_seconds(&wall) / DAY_SECONDS;
}

void campaign_day_count(struct work *work, struct campaign_id id, int64_t at,
                        const struct campaign_day *day)
{
    tx_do(work->tx,
          "INSERT INTO campaign_day (campaign_id, day, people, minutes, quantity)"
          " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (campaign_id, day) DO UPDATE SET"
          " people = campaign_day.people + ?3, minutes = campaign_day.minutes + ?4,"
          " quantity = campaign_day.quantity + ?5",
          id.n, calendar_day(work->community->zone, at), day->people, day->minutes, day->quantity);
}

/* The newest first, as the bound wants it; what comes out is in the order of the calendar. */
const struct campaign_day *campaign_days(struct work *work, struct campaign_id id)
{
    work_reads(work, OBJECT_CAMPAIGN, id.n);
    const struct db_row *row = tx_rows(work->tx,
                                       "SELECT day, people, minutes, quantity FROM campaign_day"
                                       " WHERE campaign_id = ?1 ORDER BY day DESC LIMIT ?2",
                                       id.n, CAMPAIGN_DAYS_MAX);
    const struct campaign_day *first = NULL;
    for (; row; row = row->next) {
        struct campaign_day *day = MEM_NEW(work->mem, struct campaign_day);
        day->next = first;
        day->day = row_int(row, 0);
        day->people = row_int(row, 1);
        day->minutes = row_int(row, 2);
        day->quantity = row_int(row, 3);
        first = day;
    }
    return first;
}

const char *campaign_days_check(struct work *work)
{
    const struct db_row *row = tx_one(
        work->tx,
        "SELECT c.slug FROM campaign c LEFT JOIN (SELECT campaign_id,"
        " CAST(SUM(people) AS BIGINT) AS people, CAST(SUM(minutes) AS BIGINT) AS minutes,"
        " CAST(SUM(quantity) AS BIGINT) AS quantity FROM campaign_day GROUP BY campaign_id) d"
        " ON d.campaign_id = c.id WHERE c.people <> COALESCE(d.people, 0)"
        " OR c.minutes <> COALESCE(d.minutes, 0) OR c.quantity <> COALESCE(d.quantity, 0)"
        " LIMIT 1");
    if (!row)
        return NULL;
    return mem_printf(work->mem, "The days of campaign %s do not add up to its counters.",
                      row_text(row, 0));
}
