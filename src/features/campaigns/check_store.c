/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What does not add up of campaigns that move by themselves: a state that its dates or counters do
 * not allow, and a next date that nothing waits for. Reads everything, which only `essaim check`
 * and the tests ask for. */
#include "base/mem.h"
#include "features/campaigns/campaigns_local.h"
#include "sys/db.h"
#include "web/work.h"

/* A state may be late, until its job has run; it cannot be early. */
static const char *early_check(struct work *work)
{
    const struct db_row *row = tx_one(work->tx,
                                      "SELECT slug, state FROM campaign"
                                      " WHERE (state IN ('open', 'reached') AND opens_at > ?1)"
                                      " OR (state IN ('under_way', 'reported') AND closes_at > ?1)"
                                      " LIMIT 1",
                                      work->now);
    return row ? mem_printf(work->mem, "Campaign %s is %s before its date.", row_text(row, 0),
                            row_text(row, 1))
               : NULL;
}

/* Whoever makes it enough makes it reached, in the same transaction. */
static const char *enough_check(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT slug FROM campaign WHERE state = 'open' AND minimum > 0 AND"
                         " CASE WHEN goal_unit = 'hours' THEN minutes >= minimum * 60"
                         " ELSE people >= minimum END LIMIT 1");
    return row ? mem_printf(work->mem, "Campaign %s has its minimum, and is not reached.",
                            row_text(row, 0))
               : NULL;
}

/* One that failed is tried later, and one that is parked is shown to administrators. */
static const char *settling_check(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT c.slug FROM campaign c WHERE c.state IN ('scheduled', 'open', 'reached')"
               " AND NOT EXISTS (SELECT 1 FROM job j WHERE j.kind = ?1 AND j.object_id = c.id"
               " AND (j.attempts > 0 OR j.parked_at > 0 OR j.due_at <= CASE"
               " WHEN c.state = 'scheduled' THEN c.opens_at"
               " WHEN c.state = 'reached' AND c.acts_from > c.closes_at THEN c.acts_from"
               " ELSE c.closes_at END)) LIMIT 1",
               campaign_settle_kind);
    return row ? mem_printf(work->mem, "Nothing waits for the next date of campaign %s.",
                            row_text(row, 0))
               : NULL;
}

const char *campaign_states_check(struct work *work)
{
    const char *sentence = early_check(work);
    if (!sentence)
        sentence = enough_check(work);
    return sentence ? sentence : settling_check(work);
}
