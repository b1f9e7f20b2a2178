/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of what organisers say of their campaign's result: their thanks, their claims, and how often
 * each participant is asked. */
#include "base/mem.h"
#include "features/reports/reports_local.h"
#include "sys/db.h"
#include "web/work.h"

void campaign_result_ask(struct work *work, struct campaign_id id, const char *each)
{
    tx_do(work->tx,
          "INSERT INTO campaign_result (campaign_id, reports_each, reports, verified)"
          " VALUES (?1, ?2, 0, 0) ON CONFLICT (campaign_id) DO UPDATE SET reports_each = ?2",
          id.n, each);
    work_touches(work, OBJECT_CAMPAIGN, id.n);
}

void campaign_result_thank(struct work *work, struct campaign_id id, const char *thanks)
{
    tx_do(work->tx,
          "INSERT INTO campaign_result (campaign_id, reports_each, reports, verified, thanks)"
          " VALUES (?1, '', 0, 0, ?2) ON CONFLICT (campaign_id) DO UPDATE SET thanks = ?2",
          id.n, thanks);
    work_touches(work, OBJECT_CAMPAIGN, id.n);
}

const struct claim *claim_list(struct work *work, struct campaign_id id)
{
    work_reads(work, OBJECT_CAMPAIGN, id.n);
    const struct claim *first = NULL;
    const struct claim **end = &first;
    const struct db_row *row = tx_rows(work->tx,
                                       "SELECT handle, claim, source FROM campaign_claim"
                                       " WHERE campaign_id = ?1 ORDER BY id LIMIT ?2",
                                       id.n, CLAIMS_MAX);
    for (; row; row = row->next) {
        struct claim *claim = MEM_NEW(work->mem, struct claim);
        claim->handle = row_text(row, 0);
        claim->claim = row_text(row, 1);
        claim->source = row_text(row, 2);
        *end = claim;
        end = &claim->next;
    }
    return first;
}

void claim_insert(struct work *work, struct campaign_id id, const struct claim *claim)
{
    tx_do(work->tx,
          "INSERT INTO campaign_claim (id, campaign_id, handle, claim, source, created_at)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
          work_new_id(work), id.n, claim->handle, claim->claim, claim->source, work->now);
    work_touches(work, OBJECT_CAMPAIGN, id.n);
}

bool claim_delete(struct work *work, struct campaign_id id, const char *handle)
{
    const struct db_row *row = tx_one(work->tx,
                                      "DELETE FROM campaign_claim"
                                      " WHERE campaign_id = ?1 AND handle = ?2 RETURNING id",
                                      id.n, handle);
    work_touches(work, OBJECT_CAMPAIGN, id.n);
    return row != NULL;
}
