/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The hours of all sign-ups of a session at once: one function for each statement. */
#include "features/signups/signups_local.h"
#include "sys/db.h"
#include "web/work.h"

int64_t sign_up_minutes_missing(struct work *work, struct session_id session, int64_t minutes_each)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT CAST(COALESCE(SUM(party * (?2 - minutes_each)), 0) AS BIGINT) FROM sign_up"
               " WHERE session_id = ?1 AND state IN ('confirmed', 'attended', 'released')",
               session.n, minutes_each);
    return row ? row_int(row, 0) : 0;
}

void sign_up_set_minutes(struct work *work, struct session_id session, int64_t minutes_each)
{
    tx_do(work->tx,
          "UPDATE sign_up SET minutes_each = ?2 WHERE session_id = ?1"
          " AND minutes_each <> ?2",
          session.n, minutes_each);
}
