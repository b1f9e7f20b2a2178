/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What does not add up: counters against the sums of their rows. Reads everything, which only
 * `essaim check` and the tests ask for. */
#include "base/mem.h"
#include "features/signups/signups_local.h"
#include "sys/db.h"
#include "web/work.h"

static const char *seats_check(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT s.handle, s.taken, s.pending FROM session s WHERE s.taken <> "
               "(SELECT CAST(COALESCE(SUM(u.party), 0) AS BIGINT) FROM sign_up u WHERE "
               "u.session_id = s.id "
               "AND u.state IN ('pending', 'confirmed', 'offered', 'attended')) "
               "OR s.pending <> (SELECT CAST(COALESCE(SUM(u.party), 0) AS BIGINT) FROM sign_up u "
               "WHERE u.session_id = s.id AND u.state = 'pending') LIMIT 1");
    return row ? mem_printf(work->mem,
                            "The places of session %s differ from the sum of its sign-ups: taken "
                            "%lld, pending %lld.",
                            row_text(row, 0), (long long)row_int(row, 1),
                            (long long)row_int(row, 2))
               : NULL;
}

static const char *people_check(struct work *work)
{
    const struct db_row *row = tx_one(
        work->tx,
        "SELECT c.slug, c.people, c.minutes FROM campaign c WHERE c.people <> "
        "(SELECT CAST(COALESCE(SUM(u.party), 0) AS BIGINT) FROM sign_up u WHERE u.campaign_id = "
        "c.id "
        "AND u.state IN ('confirmed', 'attended', 'released')) "
        "OR c.minutes <> (SELECT CAST(COALESCE(SUM(u.party * u.minutes_each), 0) AS BIGINT) FROM "
        "sign_up u "
        "WHERE u.campaign_id = c.id AND u.state IN ('confirmed', 'attended', 'released')) LIMIT 1");
    return row ? mem_printf(work->mem,
                            "The people of campaign %s differ from the sum of its sign-ups: people "
                            "%lld, minutes %lld.",
                            row_text(row, 0), (long long)row_int(row, 1),
                            (long long)row_int(row, 2))
               : NULL;
}

const char *sign_up_check(struct work *work)
{
    const char *sentence = seats_check(work);
    return sentence ? sentence : people_check(work);
}
