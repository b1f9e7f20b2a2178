/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of who leads a campaign: one function for each statement. */
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

void campaign_add_organiser(struct work *work, struct campaign_id id, struct person_id person)
{
    tx_do(work->tx,
          "INSERT INTO campaign_organiser (campaign_id, person_id, since) VALUES (?1, ?2, ?3)"
          " ON CONFLICT (campaign_id, person_id) DO NOTHING",
          id.n, person.n, work->now);
    work_touches(work, OBJECT_CAMPAIGN, id.n);
}

void campaign_organisers_forget(struct work *work, struct person_id person)
{
    tx_do(work->tx, "DELETE FROM campaign_organiser WHERE person_id = ?1", person.n);
}
