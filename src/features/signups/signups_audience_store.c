/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who is written to, in pages, and how many that are. */
#include "base/limits.h"
#include "core/outbox/outbox.h"
#include "features/signups/signups_local.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/work.h"

#define IS_KNOWN "AND s.email NOT LIKE '%@" SIGN_UP_FORGOTTEN_HOST "' "
#define HAS_MAILBOX IS_KNOWN "AND s.email NOT LIKE '%@" SIGN_UP_NO_ADDRESS_HOST "' "
/* The two states that an audience is in. */
#define FIRST_STATE "confirmed"
#define OTHER_STATE(a) ((a)->was_released ? "released" : "attended")

static const struct db_row *rows_of_campaign(struct work *work, const struct sign_up_audience *a,
                                             int64_t after)
{
    return tx_rows(work->tx,
                   "SELECT " SIGN_UP_COLUMNS "FROM sign_up s WHERE s.campaign_id = ?1 "
                   "AND s.id > ?2 AND s.confirmed_at <= ?3 AND s.state IN (?5, ?6) " IS_KNOWN
                   "ORDER BY s.id LIMIT ?4",
                   a->campaign.n, after, a->until, JOB_PAGE_ROWS, FIRST_STATE, OTHER_STATE(a));
}

static const struct db_row *rows_of_session(struct work *work, const struct sign_up_audience *a,
                                            int64_t after)
{
    return tx_rows(work->tx,
                   "SELECT " SIGN_UP_COLUMNS "FROM sign_up s WHERE s.session_id = ?1 "
                   "AND s.id > ?2 AND s.confirmed_at <= ?3 AND s.state IN (?5, ?6) " IS_KNOWN
                   "ORDER BY s.id LIMIT ?4",
                   a->session.n, after, a->until, JOB_PAGE_ROWS, FIRST_STATE, OTHER_STATE(a));
}

const struct sign_up *sign_up_list_audience(struct work *work,
                                            const struct sign_up_audience *audience, int64_t after)
{
    return sign_ups_from_rows(work->mem, audience->session.n
                                             ? rows_of_session(work, audience, after)
                                             : rows_of_campaign(work, audience, after));
}

/* Each address once, and whether its news are unwanted or come back. */
#define ROWS_FROM "WITH found AS (SELECT s.email AS email, s.party AS party FROM sign_up s WHERE "
#define ROWS_WANTED "AND s.state IN (?5, ?6) AND s.confirmed_at <= ?4 " HAS_MAILBOX "LIMIT ?7), "
#define COUNT_BY_WISH                                                                              \
    "a AS (SELECT email, MAX(party) AS people FROM found GROUP BY email), "                        \
    "b AS (SELECT people, CASE WHEN EXISTS (SELECT 1 FROM mail_choice c WHERE c.address = email "  \
    "AND c.kind = ?2 AND c.community_id = ?3) OR EXISTS (SELECT 1 FROM mail_address m "            \
    "WHERE m.address = email AND m.reach = 'bounced') THEN 1 ELSE 0 END AS silent FROM a) "        \
    "SELECT COUNT(*), CAST(COALESCE(SUM(silent), 0) AS BIGINT), "                                  \
    "CAST(COALESCE(SUM(CASE WHEN silent = 0 THEN people ELSE 0 END), 0) AS BIGINT), "              \
    "(SELECT COUNT(*) FROM found) FROM b"

static const struct db_row *count_of_campaign(struct work *work, const struct sign_up_audience *a,
                                              const char *kind)
{
    return tx_one(work->tx, ROWS_FROM "s.campaign_id = ?1 " ROWS_WANTED COUNT_BY_WISH,
                  a->campaign.n, kind, work->community->id.n, a->until, FIRST_STATE, OTHER_STATE(a),
                  SIGN_UP_REACH_MAX + 1);
}

static const struct db_row *count_of_session(struct work *work, const struct sign_up_audience *a,
                                             const char *kind)
{
    return tx_one(work->tx, ROWS_FROM "s.session_id = ?1 " ROWS_WANTED COUNT_BY_WISH, a->session.n,
                  kind, work->community->id.n, a->until, FIRST_STATE, OTHER_STATE(a),
                  SIGN_UP_REACH_MAX + 1);
}

/* Of the first SIGN_UP_REACH_MAX: by the index of those alone. Nobody is called about what is over
 * (TO_CALL). */
static int64_t count_without_address(struct work *work, const struct sign_up_audience *a)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT COUNT(*) FROM (SELECT s.session_id, s.state, s.confirmed_at FROM sign_up s "
               "WHERE s.campaign_id = ?1 AND s.email LIKE '%@" SIGN_UP_NO_ADDRESS_HOST "' "
               "ORDER BY s.id LIMIT ?6) AS listed WHERE (?2 = 0 OR session_id = ?2) "
               "AND state IN (?3, ?4) AND confirmed_at <= ?5 "
               "AND EXISTS (SELECT 1 FROM session d JOIN campaign c ON c.id = d.campaign_id "
               "WHERE d.id = listed.session_id AND c.state <> 'reported' "
               "AND (d.starts_at = 0 OR d.ends_at > ?7))",
               a->campaign.n, a->session.n, FIRST_STATE, OTHER_STATE(a), a->until,
               SIGN_UP_REACH_MAX, work->now);
    return row ? row_int(row, 0) : 0;
}

static struct sign_up_reach reach_of_row(const struct db_row *row)
{
    return (struct sign_up_reach){
        .readers = row_int(row, 0) - row_int(row, 1),
        .people = row_int(row, 2),
        .silent = row_int(row, 1),
        .has_more = row_int(row, 3) > SIGN_UP_REACH_MAX,
    };
}

struct sign_up_reach sign_up_count_audience(struct work *work,
                                            const struct sign_up_audience *audience)
{
    const char *kind = outbox_kind_name(OUTBOX_CAMPAIGN_NEWS);
    const struct db_row *row = audience->session.n ? count_of_session(work, audience, kind)
                                                   : count_of_campaign(work, audience, kind);
    if (!row)
        return (struct sign_up_reach){0};
    struct sign_up_reach reach = reach_of_row(row);
    reach.to_call = count_without_address(work, audience);
    return reach;
}
