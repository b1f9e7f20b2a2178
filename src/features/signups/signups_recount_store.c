/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The hours of a page of sign-ups of a session at once: one function for each statement. */
#include "base/limits.h"
#include "features/signups/signups_local.h"
#include "sys/db.h"
#include "web/work.h"

int64_t sign_up_page_end(struct work *work, struct session_id session, int64_t after)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT CAST(COALESCE(MAX(id), 0) AS BIGINT) FROM (SELECT id FROM sign_up"
               " WHERE session_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3) AS page",
               session.n, after, JOB_PAGE_ROWS);
    return row ? row_int(row, 0) : 0;
}

int64_t sign_up_minutes_missing(struct work *work, const struct sign_up_span *span,
                                int64_t minutes_each)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT CAST(COALESCE(SUM(party * (?4 - minutes_each)), 0) AS BIGINT) FROM sign_up"
               " WHERE session_id = ?1 AND id > ?2 AND id <= ?3"
               " AND state IN ('confirmed', 'attended', 'released')",
               span->session.n, span->after, span->last, minutes_each);
    return row ? row_int(row, 0) : 0;
}

void sign_up_set_minutes(struct work *work, const struct sign_up_span *span, int64_t minutes_each)
{
    tx_do(work->tx,
          "UPDATE sign_up SET minutes_each = ?4 WHERE session_id = ?1 AND id > ?2 AND id <= ?3"
          " AND minutes_each <> ?4",
          span->session.n, span->after, span->last, minutes_each);
}
