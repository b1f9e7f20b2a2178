/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of sign-ups that are asked once more: one function for each statement. */
#include "features/signups/signups_local.h"
#include "sys/db.h"
#include "web/work.h"

void sign_up_set_again(struct work *work, struct sign_up_id id,
                       const struct sign_up_asking_again *asking)
{
    tx_do(work->tx,
          "UPDATE sign_up SET again = ?2, again_by = ?3, remind_at = ?4, to_call = ?5"
          " WHERE id = ?1",
          id.n, asking->again, asking->by, asking->remind_at, asking->to_call);
}

void sign_up_agree(struct work *work, struct sign_up_id id)
{
    tx_do(work->tx,
          "UPDATE sign_up SET agreed_at = ?2, again = '', again_by = 0, remind_at = 0, to_call = 0,"
          " to_tell = to_tell & ?3"
          " WHERE id = ?1",
          id.n, work->now, (int64_t)TELL_MESSAGE);
}

void sign_up_set_to_tell(struct work *work, struct sign_up_id id, int64_t to_tell)
{
    tx_do(work->tx, "UPDATE sign_up SET to_tell = ?2 WHERE id = ?1", id.n, to_tell);
}

void sign_ups_call_no_more(struct work *work, struct campaign_id campaign)
{
    tx_do(work->tx,
          "UPDATE sign_up SET to_call = 0 WHERE campaign_id = ?1 AND to_call = 1"
          " AND (to_call = 1 OR to_tell > 0)",
          campaign.n);
}

int64_t sign_up_next_answer(struct work *work, struct campaign_id campaign)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT CAST(COALESCE(MIN(CASE WHEN remind_at > 0 THEN remind_at ELSE again_by END),"
               " 0) AS BIGINT) FROM sign_up WHERE campaign_id = ?1 AND again_by > 0",
               campaign.n);
    return row ? row_int(row, 0) : 0;
}

int64_t sign_up_count_unanswered(struct work *work, struct campaign_id campaign)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT CAST(COALESCE(SUM(party), 0) AS BIGINT) FROM sign_up"
               " WHERE campaign_id = ?1 AND again_by > 0 AND state = 'confirmed'",
               campaign.n);
    return row ? row_int(row, 0) : 0;
}
