/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of who leads a campaign: one function for each statement. */
#include "base/mem.h"
#include "features/campaigns/campaigns_local.h"
#include "sys/db.h"
#include "web/work.h"

bool campaign_is_organised_by(struct work *work, struct campaign_id id, struct person_id person)
{
    work_reads(work, OBJECT_CAMPAIGN, id.n);
    return tx_one(work->tx,
                  "SELECT 1 FROM campaign_organiser WHERE campaign_id = ?1 AND person_id = ?2",
                  id.n, person.n) != NULL;
}

/* Of organiser o, person p: neither barred nor suspended in the campaign's community. */
#define MAY_COME_IN                                                                                \
    "p.suspended_at = 0 AND NOT EXISTS (SELECT 1 FROM membership m JOIN campaign c ON"             \
    " c.community_id = m.community_id WHERE c.id = o.campaign_id AND m.person_id = p.id"           \
    " AND m.suspended_at > 0)"

void campaign_add_organiser(struct work *work, struct campaign_id id, struct person_id person)
{
    tx_do(work->tx,
          "INSERT INTO campaign_organiser (campaign_id, person_id, since) VALUES (?1, ?2, ?3)"
          " ON CONFLICT (campaign_id, person_id) DO NOTHING",
          id.n, person.n, work->now);
    work_touches(work, OBJECT_CAMPAIGN, id.n);
}

bool campaign_remove_organiser(struct work *work, struct campaign_id id, struct person_id person)
{
    work_touches(work, OBJECT_CAMPAIGN, id.n);
    return tx_one(work->tx,
                  "DELETE FROM campaign_organiser WHERE campaign_id = ?1 AND person_id = ?2"
                  " AND EXISTS (SELECT 1 FROM campaign_organiser o JOIN person p"
                  " ON p.id = o.person_id WHERE o.campaign_id = ?1 AND o.person_id <> ?2"
                  " AND " MAY_COME_IN ") RETURNING person_id",
                  id.n, person.n) != NULL;
}

bool campaign_is_led_alone(struct work *work, struct person_id person)
{
    return tx_one(work->tx,
                  "SELECT 1 FROM campaign_organiser mine JOIN campaign led ON led.id ="
                  " mine.campaign_id WHERE mine.person_id = ?1 AND led.state IN ('submitted',"
                  " 'scheduled', 'open', 'reached', 'under_way') AND NOT EXISTS (SELECT 1 FROM"
                  " campaign_organiser o JOIN person p ON p.id = o.person_id"
                  " WHERE o.campaign_id = led.id AND o.person_id <> ?1 AND " MAY_COME_IN
                  ") LIMIT 1",
                  person.n) != NULL;
}

int64_t campaign_count_organised(struct work *work, struct person_id person, int64_t since)
{
    const struct db_row *row = tx_one(work->tx,
                                      "SELECT COUNT(*) FROM campaign_organiser"
                                      " WHERE person_id = ?1 AND since > ?2",
                                      person.n, since);
    return row ? row_int(row, 0) : 0;
}

const struct campaign_organiser *campaign_organisers(struct work *work, struct campaign_id id)
{
    const struct campaign_organiser *first = NULL;
    const struct campaign_organiser **end = &first;
    work_reads(work, OBJECT_CAMPAIGN, id.n);
    const struct db_row *row =
        tx_rows(work->tx,
                "SELECT p.id, p.name, p.email, p.language FROM campaign_organiser o"
                " JOIN person p ON p.id = o.person_id WHERE o.campaign_id = ?1"
                " AND " MAY_COME_IN " ORDER BY o.since, p.id LIMIT ?2",
                id.n, CAMPAIGN_ORGANISERS_MAX);
    for (; row; row = row->next) {
        struct campaign_organiser *organiser = MEM_NEW(work->mem, struct campaign_organiser);
        organiser->person.n = row_int(row, 0);
        organiser->name = row_text(row, 1);
        organiser->email = row_text(row, 2);
        organiser->language = row_text(row, 3);
        *end = organiser;
        end = &organiser->next;
    }
    return first;
}

int64_t campaign_count_organisers(struct work *work, struct campaign_id id)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT COUNT(*) FROM campaign_organiser WHERE campaign_id = ?1", id.n);
    return row ? row_int(row, 0) : 0;
}

void campaign_organisers_forget(struct work *work, struct person_id person)
{
    tx_do(work->tx, "DELETE FROM campaign_organiser WHERE person_id = ?1", person.n);
}
