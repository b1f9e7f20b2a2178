/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lists of sign-ups for organisers: one function for each statement, each a walk along one index,
 * so that a page costs the same with fifty people and with two hundred thousand. Who brought them
 * and whether their mails come back is joined to each row by its key: a question of their own for
 * each line would be a hundred. */
#include "base/mem.h"
#include "base/str.h"
#include "features/signups/signups_organise.h"
#include "sys/db.h"
#include "web/work.h"

/* What follows every text that begins with a prefix, in the order of code points. */
#define LAST_LETTER "\xf4\x8f\xbf\xbf"

#define COLUMNS                                                                                    \
    "s.id, s.handle, s.first_name, s.email, s.party, s.session_id, s.state, s.created_at, "        \
    "s.confirmed_at, b.first_name, b.handle, m.reach, s.name_key, s.note, s.to_call, "             \
    "s.minutes_each, s.to_tell, s.again "
#define JOINS                                                                                      \
    "LEFT JOIN sign_up b ON b.id = s.brought_by LEFT JOIN mail_address m ON m.address = s.email "
#define FROM "FROM sign_up s " JOINS
#define NO_DECOYS "AND s.email NOT LIKE '%@" SIGN_UP_DECOY_HOST "' "

static const char *text_or_null(const struct db_row *row, int column)
{
    return row_is_null(row, column) ? NULL : row_text(row, column);
}

static const struct participant *participants_from(struct mem *mem, const struct db_row *row)
{
    const struct participant *first = NULL;
    const struct participant **end = &first;
    for (; row; row = row->next) {
        struct participant *p = MEM_NEW(mem, struct participant);
        const char *email = row_text(row, 3);
        p->id.n = row_int(row, 0);
        p->handle = row_text(row, 1);
        p->first_name = row_text(row, 2);
        p->email = sign_up_has_mailbox(&(struct sign_up){.email = email}) ? email : NULL;
        p->party = row_int(row, 4);
        p->session_id.n = row_int(row, 5);
        p->state = sign_up_state_from(row_text(row, 6));
        p->created_at = row_int(row, 7);
        p->confirmed_at = row_int(row, 8);
        p->brought_by = text_or_null(row, 9);
        p->brought_by_handle = text_or_null(row, 10);
        p->bounced = str_equal(text_or_null(row, 11), "bounced");
        p->name_key = row_text(row, 12);
        p->note = row_text(row, 13);
        p->to_call = row_bool(row, 14);
        p->minutes_each = row_int(row, 15);
        p->to_tell = row_int(row, 16);
        p->again = row_text(row, 17);
        *end = p;
        end = &p->next;
    }
    return first;
}

static const struct db_row *rows_of_all(struct work *work, const struct participant_query *q)
{
    return tx_rows(work->tx,
                   "SELECT " COLUMNS FROM "WHERE s.campaign_id = ?1 AND s.id < ?2 " NO_DECOYS
                   "ORDER BY s.id DESC LIMIT ?3",
                   q->campaign.n, q->before, q->count);
}

static const struct db_row *rows_of_state(struct work *work, const struct participant_query *q)
{
    return tx_rows(work->tx,
                   "SELECT " COLUMNS FROM
                   "WHERE s.campaign_id = ?1 AND s.state = ?2 AND s.id < ?3 " NO_DECOYS
                   "ORDER BY s.id DESC LIMIT ?4",
                   q->campaign.n, sign_up_state_name(q->state), q->before, q->count);
}

static const struct db_row *rows_of_session(struct work *work, const struct participant_query *q)
{
    return tx_rows(work->tx,
                   "SELECT " COLUMNS FROM "WHERE s.session_id = ?1 AND s.id < ?2 " NO_DECOYS
                   "ORDER BY s.id DESC LIMIT ?3",
                   q->session.n, q->before, q->count);
}

static const struct db_row *rows_of_session_state(struct work *work,
                                                  const struct participant_query *q)
{
    return tx_rows(work->tx,
                   "SELECT " COLUMNS FROM
                   "WHERE s.session_id = ?1 AND s.state = ?2 AND s.id < ?3 " NO_DECOYS
                   "ORDER BY s.id DESC LIMIT ?4",
                   q->session.n, sign_up_state_name(q->state), q->before, q->count);
}

/* Once a date has begun nobody is called about it, but for a message, until it is over: 8 is
 * TELL_MESSAGE. Nor is anybody called once the campaign is closed. As line_fill_call has it. */
_Static_assert(TELL_MESSAGE == 8, "it stands in SQL");
#define TO_CALL                                                                                    \
    "s.campaign_id = ?1 AND (s.to_call = 1 OR s.to_tell > 0) AND s.id < ?2 "                       \
    "AND EXISTS (SELECT 1 FROM session d JOIN campaign c ON c.id = d.campaign_id "                 \
    "WHERE d.id = s.session_id AND c.state <> 'reported' AND (d.starts_at = 0 "                    \
    "OR d.starts_at > ?3 OR (s.to_tell >= 8 AND d.ends_at > ?3))) "

static const struct db_row *rows_to_call(struct work *work, const struct participant_query *q)
{
    return tx_rows(work->tx,
                   "SELECT " COLUMNS FROM "WHERE " TO_CALL "AND (?4 = 0 OR s.session_id = ?4) "
                   "ORDER BY s.id DESC LIMIT ?5",
                   q->campaign.n, q->before, work->now, q->session.n, q->count);
}

const struct participant *participant_list(struct work *work, const struct participant_query *query)
{
    const struct db_row *row;
    if (query->to_call)
        row = rows_to_call(work, query);
    else if (query->session.n)
        row = query->has_state ? rows_of_session_state(work, query) : rows_of_session(work, query);
    else
        row = query->has_state ? rows_of_state(work, query) : rows_of_all(work, query);
    return participants_from(work->mem, row);
}

const struct participant *participant_list_after(struct work *work, struct campaign_id campaign,
                                                 int64_t after, int count)
{
    return participants_from(work->mem, tx_rows(work->tx,
                                                "SELECT " COLUMNS FROM
                                                "WHERE s.campaign_id = ?1 AND s.id > ?2 " NO_DECOYS
                                                "ORDER BY s.id LIMIT ?3",
                                                campaign.n, after, count));
}

const struct participant *participant_find_name(struct work *work, struct campaign_id campaign,
                                                const char *start, int count)
{
    return participants_from(
        work->mem,
        tx_rows(work->tx,
                "SELECT " COLUMNS FROM
                "WHERE s.campaign_id = ?1 AND s.name_key >= ?2 AND s.name_key < ?3 " NO_DECOYS
                "ORDER BY s.name_key, s.id LIMIT ?4",
                campaign.n, start, mem_printf(work->mem, "%s" LAST_LETTER, start), count));
}

const struct participant *participant_find_email(struct work *work, struct campaign_id campaign,
                                                 const char *start, int count)
{
    return participants_from(
        work->mem,
        tx_rows(work->tx,
                "SELECT " COLUMNS FROM
                "WHERE s.campaign_id = ?1 AND s.email >= ?2 AND s.email < ?3 " NO_DECOYS
                "ORDER BY s.email, s.id LIMIT ?4",
                campaign.n, start, mem_printf(work->mem, "%s" LAST_LETTER, start), count));
}

/* From the addresses, which are few, to the people, in that order: a CROSS JOIN is not turned
 * round. Each is looked up by its own index, see sign_up_get_by_ref. */
const struct participant *participant_list_bounced(struct work *work, struct campaign_id campaign,
                                                   int count)
{
    return participants_from(
        work->mem,
        tx_rows(work->tx,
                "SELECT " COLUMNS "FROM mail_address m "
                "CROSS JOIN sign_up s "
                "LEFT JOIN sign_up b ON b.id = s.brought_by "
                "WHERE m.bounced_at > 0 AND m.reach = 'bounced' "
                "AND s.email = m.address AND s.campaign_id + 0 = ?1 "
                "AND s.state IN ('pending', 'confirmed', 'waiting', 'offered', 'attended') "
                "ORDER BY m.bounced_at DESC LIMIT ?2",
                campaign.n, count));
}

const struct participant *participant_list_for_the_day(struct work *work, struct session_id session,
                                                       const struct participant *after, int count)
{
    return participants_from(
        work->mem, tx_rows(work->tx,
                           "SELECT " COLUMNS FROM "WHERE s.session_id = ?1 "
                           "AND s.state IN ('confirmed', 'attended') "
                           "AND (s.name_key, s.id) > (?2, ?3) ORDER BY s.name_key, s.id LIMIT ?4",
                           session.n, after->name_key, after->id.n, count));
}

/* With a sum for PostgreSQL, see sign_up_get_by_ref. */
const struct participant *participant_get(struct work *work, struct campaign_id campaign,
                                          const char *handle)
{
    return participants_from(
        work->mem, tx_rows(work->tx,
                           "SELECT " COLUMNS FROM
                           "WHERE s.handle = ?1 AND s.campaign_id + 0 = ?2 " NO_DECOYS "LIMIT 1",
                           handle, campaign.n));
}

int64_t participant_count_to_call(struct work *work, struct campaign_id campaign)
{
    const struct db_row *row = tx_one(
        work->tx,
        "SELECT COUNT(*) FROM (SELECT s.id FROM sign_up s WHERE " TO_CALL "LIMIT ?4) AS listed",
        campaign.n, INT64_MAX, work->now, PARTICIPANTS_COUNT_MAX);
    return row ? row_int(row, 0) : 0;
}

int64_t participant_count_expired(struct work *work, struct campaign_id campaign, const char *again)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT COUNT(*) FROM (SELECT s.id FROM sign_up s WHERE s.campaign_id = ?1 "
               "AND s.state = 'expired' AND s.again = ?2 AND s.to_call = 0 " NO_DECOYS
               "LIMIT ?3) AS listed",
               campaign.n, again, PARTICIPANTS_COUNT_MAX);
    return row ? row_int(row, 0) : 0;
}

int64_t participant_count_bounced(struct work *work, struct campaign_id campaign)
{
    const struct db_row *row = tx_one(
        work->tx,
        "SELECT COUNT(*) FROM (SELECT s.id FROM mail_address m "
        "CROSS JOIN sign_up s "
        "WHERE m.bounced_at > 0 AND m.reach = 'bounced' "
        "AND s.email = m.address AND s.campaign_id + 0 = ?1 "
        "AND s.state IN ('pending', 'confirmed', 'waiting', 'offered', 'attended') LIMIT ?2) "
        "AS listed",
        campaign.n, PARTICIPANTS_COUNT_MAX);
    return row ? row_int(row, 0) : 0;
}
