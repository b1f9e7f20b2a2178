/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What does not add up: counters against the sums of their rows, states against what belongs to
 * them, what waits without a job that ends it, and mails of what did not happen. Reads everything,
 * which only `essaim check` and the tests ask for. */
#include "base/mem.h"
#include "features/signups/signups_again.h"
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

static const char *rows_check(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT u.handle, u.state FROM sign_up u"
                         " JOIN session s ON s.id = u.session_id"
                         " WHERE s.campaign_id <> u.campaign_id"
                         " OR (u.state = 'pending' AND u.expires_at = 0)"
                         " OR (u.state = 'confirmed' AND u.confirmed_at = 0)"
                         " OR (u.state <> 'confirmed' AND u.again_by > 0) LIMIT 1");
    return row ? mem_printf(work->mem, "Sign-up %s cannot be %s as it stands.", row_text(row, 0),
                            row_text(row, 1))
               : NULL;
}

static const char *lapse_check(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT u.handle FROM sign_up u WHERE u.state = 'pending' AND NOT EXISTS"
               " (SELECT 1 FROM job j WHERE j.kind = ?1 AND j.object_id = 0"
               " AND (j.attempts > 0 OR j.parked_at > 0 OR j.due_at <= u.expires_at)) LIMIT 1",
               JOB_LAPSE);
    return row ? mem_printf(work->mem, "Sign-up %s is pending, and nothing waits to end it.",
                            row_text(row, 0))
               : NULL;
}

static const char *release_check(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT c.slug FROM campaign c WHERE c.state IN ('missed', 'cancelled')"
               " AND EXISTS (SELECT 1 FROM sign_up u WHERE u.campaign_id = c.id"
               " AND u.state IN ('pending', 'confirmed')) AND NOT EXISTS"
               " (SELECT 1 FROM job j WHERE j.kind = ?1 AND j.object_id = c.id) LIMIT 1",
               JOB_RELEASE);
    return row ? mem_printf(work->mem, "Campaign %s is off, and nothing releases who is in.",
                            row_text(row, 0))
               : NULL;
}

/* It was extended after it was missed, and opens once everybody is asked. */
static const char *extended_check(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT c.slug FROM campaign c JOIN campaign_leading l ON l.campaign_id = c.id"
               " WHERE c.state = 'missed' AND c.closes_at > ?2 AND l.extended_at > 0"
               " AND NOT EXISTS (SELECT 1 FROM job j WHERE j.kind = ?1 AND j.object_id = c.id)"
               " LIMIT 1",
               JOB_EXTENDED, work->now);
    return row ? mem_printf(work->mem, "Campaign %s is extended, and nothing opens it again.",
                            row_text(row, 0))
               : NULL;
}

static const char *answers_check(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT u.handle FROM sign_up u JOIN campaign c ON c.id = u.campaign_id"
               " WHERE u.again_by > 0 AND c.state IN ('open', 'reached') AND NOT EXISTS"
               " (SELECT 1 FROM job j WHERE j.kind = ?1 AND j.object_id = u.campaign_id) LIMIT 1",
               JOB_ANSWERS);
    return row ? mem_printf(work->mem,
                            "Sign-up %s is asked again, and nothing waits for its answer.",
                            row_text(row, 0))
               : NULL;
}

static const char *changes_check(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT c.slug FROM campaign_changed g JOIN campaign c ON c.id = g.campaign_id"
               " WHERE NOT EXISTS (SELECT 1 FROM job j WHERE j.kind = ?1"
               " AND j.object_id = g.campaign_id) LIMIT 1",
               JOB_CHANGES);
    return row ? mem_printf(work->mem, "Campaign %s has changed, and nothing tells of it.",
                            row_text(row, 0))
               : NULL;
}

/* The keys of mails to all begin with why and the campaign; ';' follows ':'. */
static const char *mails_check(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT c.slug, m.reason FROM campaign c"
                         " JOIN mail m ON (c.reached_at = 0"
                         " AND m.unique_key > 'campaign_reached:' || c.id || ':'"
                         " AND m.unique_key < 'campaign_reached:' || c.id || ';')"
                         " OR (c.state <> 'cancelled'"
                         " AND m.unique_key > 'campaign_cancelled:' || c.id || ':'"
                         " AND m.unique_key < 'campaign_cancelled:' || c.id || ';') LIMIT 1");
    return row ? mem_printf(work->mem, "Campaign %s has told people that it is %s, and is not.",
                            row_text(row, 0), row_text(row, 1))
               : NULL;
}

static const char *(*const checks[])(struct work *) = {seats_check,   people_check,  rows_check,
                                                       lapse_check,   release_check, extended_check,
                                                       answers_check, changes_check, mails_check};

const char *sign_up_check(struct work *work)
{
    const char *sentence = NULL;
    for (size_t i = 0; i < sizeof checks / sizeof *checks && !sentence; i++)
        sentence = checks[i](work);
    return sentence;
}
