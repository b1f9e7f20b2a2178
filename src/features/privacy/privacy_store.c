/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of links, settings, ends of campaigns and idle accounts: one function for each statement. */
#include "base/limits.h"
#include "base/mem.h"
#include "features/privacy/privacy_local.h"
#include "features/signups/signups.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/work.h"

void data_link_insert(struct work *work, const char *hash, const char *email)
{
    tx_do(work->tx,
          "INSERT INTO data_link (id, token_hash, email, created_at, expires_at)"
          " VALUES (?1, ?2, ?3, ?4, ?5)",
          work_new_id(work), hash, email, work->now, work->now + DATA_LINK_SECONDS);
}

const char *data_link_email(struct work *work, const char *hash)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT email FROM data_link WHERE token_hash = ?1 AND expires_at > ?2",
               hash, work->now);
    return row ? row_text(row, 0) : NULL;
}

int64_t data_links_count(struct work *work, const char *email, int64_t since)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT COUNT(*) FROM data_link WHERE email = ?1 AND created_at > ?2",
               email, since);
    return row ? row_int(row, 0) : 0;
}

void data_links_delete(struct work *work, const char *email)
{
    tx_do(work->tx, "DELETE FROM data_link WHERE email = ?1", email);
}

int data_links_forget(struct work *work, int64_t until)
{
    return rows_count(tx_rows(work->tx,
                              "DELETE FROM data_link WHERE id IN (SELECT id FROM data_link"
                              " WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)"
                              " RETURNING id",
                              until, JOB_PAGE_ROWS));
}

const struct privacy_setting *privacy_setting_list(struct work *work)
{
    const struct privacy_setting *first = NULL;
    work_reads(work, OBJECT_COMMUNITY, work->community->id.n);
    const struct db_row *row =
        tx_rows(work->tx,
                "SELECT name, value, set_at FROM privacy_setting WHERE community_id = ?1 LIMIT ?2",
                work->community->id.n, PRIVACY_SETTINGS_MAX);
    for (; row; row = row->next) {
        struct privacy_setting *setting = MEM_NEW(work->mem, struct privacy_setting);
        *setting =
            (struct privacy_setting){first, row_text(row, 0), row_text(row, 1), row_int(row, 2)};
        first = setting;
    }
    return first;
}

void privacy_setting_write(struct work *work, const char *name, const char *value)
{
    tx_do(work->tx,
          "INSERT INTO privacy_setting (community_id, name, value, set_at)"
          " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (community_id, name) DO UPDATE SET"
          " value = excluded.value, set_at = excluded.set_at",
          work->community->id.n, name, value, work->now);
    work_touches(work, OBJECT_COMMUNITY, work->community->id.n);
}

void campaign_end_write(struct work *work, struct campaign_id id, int64_t ended_at)
{
    tx_do(work->tx,
          "INSERT INTO campaign_end (campaign_id, ended_at, erased_at) VALUES (?1, ?2, 0)"
          " ON CONFLICT (campaign_id) DO UPDATE SET ended_at = excluded.ended_at, erased_at = 0",
          id.n, ended_at);
}

void campaign_end_drop(struct work *work, struct campaign_id id)
{
    tx_do(work->tx, "DELETE FROM campaign_end WHERE campaign_id = ?1", id.n);
}

void campaign_end_erased(struct work *work, struct campaign_id id)
{
    tx_do(work->tx, "UPDATE campaign_end SET erased_at = ?2 WHERE campaign_id = ?1", id.n,
          work->now);
}

const struct campaign_ended *campaign_end_list(struct work *work, int64_t from, int64_t until)
{
    const struct campaign_ended *first = NULL;
    const struct campaign_ended **end = &first;
    const struct db_row *row = tx_rows(work->tx,
                                       "SELECT campaign_id, ended_at FROM campaign_end"
                                       " WHERE erased_at = 0 AND ended_at <= ?2"
                                       " AND campaign_id >= ?1 ORDER BY campaign_id LIMIT ?3",
                                       from, until, CAMPAIGN_ENDS_PAGE);
    for (; row; row = row->next) {
        struct campaign_ended *ended = MEM_NEW(work->mem, struct campaign_ended);
        ended->id.n = row_int(row, 0);
        ended->ended_at = row_int(row, 1);
        *end = ended;
        end = &ended->next;
    }
    return first;
}

const struct sign_up *sign_up_list_unconfirmed(struct work *work)
{
    const struct sign_up *first = NULL;
    const struct sign_up **end = &first;
    const struct db_row *row =
        tx_rows(work->tx,
                "SELECT s.id, s.campaign_id, s.handle FROM sign_up s LEFT JOIN privacy_setting k"
                " ON k.community_id = s.community_id AND k.name = 'unconfirmed_days'"
                " WHERE s.state = 'expired' AND s.confirmed_at = 0 AND s.first_name <> ''"
                " AND s.created_at <= ?1 - ?2 * COALESCE(CAST(k.value AS BIGINT), ?3)"
                " ORDER BY s.created_at LIMIT ?4",
                work->now, DAY_SECONDS, UNCONFIRMED_DAYS, JOB_PAGE_ROWS);
    for (; row; row = row->next) {
        struct sign_up *sign_up = MEM_NEW(work->mem, struct sign_up);
        sign_up->id.n = row_int(row, 0);
        sign_up->campaign_id.n = row_int(row, 1);
        sign_up->handle = row_text(row, 2);
        *end = sign_up;
        end = &sign_up->next;
    }
    return first;
}

/* Logins end a month after they were used last; until then their owner is not idle. */
const struct idle_person *idle_list(struct work *work, int64_t after, int64_t used_after)
{
    const struct idle_person *first = NULL;
    const struct idle_person **end = &first;
    const struct db_row *row =
        tx_rows(work->tx,
                "SELECT p.id, p.email, p.language, COALESCE(i.since, 0), COALESCE(i.warned_at, 0),"
                " CASE WHEN EXISTS (SELECT 1 FROM login l WHERE l.person_id = p.id)"
                " OR EXISTS (SELECT 1 FROM sign_up s WHERE s.email = p.email AND s.created_at > ?2)"
                " THEN 1 ELSE 0 END FROM person p LEFT JOIN idle_person i ON i.person_id = p.id"
                " WHERE p.id > ?1 ORDER BY p.id LIMIT ?3",
                after, used_after, JOB_PAGE_ROWS);
    for (; row; row = row->next) {
        struct idle_person *person = MEM_NEW(work->mem, struct idle_person);
        person->id.n = row_int(row, 0);
        person->email = row_text(row, 1);
        person->language = row_text(row, 2);
        person->since = row_int(row, 3);
        person->warned_at = row_int(row, 4);
        person->is_used = row_int(row, 5) != 0;
        *end = person;
        end = &person->next;
    }
    return first;
}

void idle_write(struct work *work, struct person_id id, int64_t since, int64_t warned_at)
{
    tx_do(work->tx,
          "INSERT INTO idle_person (person_id, since, warned_at) VALUES (?1, ?2, ?3)"
          " ON CONFLICT (person_id) DO UPDATE SET warned_at = excluded.warned_at",
          id.n, since, warned_at);
}

void idle_drop(struct work *work, struct person_id id)
{
    tx_do(work->tx, "DELETE FROM idle_person WHERE person_id = ?1", id.n);
}

static const char *campaign_ends_check(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT c.slug FROM campaign c WHERE c.state IN ('missed', 'cancelled',"
                         " 'under_way', 'reported') AND NOT EXISTS (SELECT 1 FROM campaign_end e"
                         " WHERE e.campaign_id = c.id) LIMIT 1");
    return row ? mem_printf(work->mem,
                            "Nothing says since when campaign %s is over, so its names"
                            " are kept for ever.",
                            row_text(row, 0))
               : NULL;
}

int64_t erasing_insert(struct work *work, const char *email, const char *language)
{
    int64_t id = work_new_id(work);
    tx_do(work->tx, "INSERT INTO erasing (id, email, language) VALUES (?1, ?2, ?3)", id, email,
          language);
    return id;
}

const char *erasing_get(struct work *work, int64_t id, const char **ret_language)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT email, language FROM erasing WHERE id = ?1", id);
    if (!row)
        return NULL;
    *ret_language = row_text(row, 1);
    return row_text(row, 0);
}

void erasings_delete(struct work *work, const char *email)
{
    tx_do(work->tx, "DELETE FROM erasing WHERE email = ?1", email);
}

static const char *erasings_check(struct work *work)
{
    const struct db_row *row = tx_one(work->tx,
                                      "SELECT e.id FROM erasing e WHERE NOT EXISTS (SELECT 1"
                                      " FROM job j WHERE j.kind = ?1 AND j.object_id = e.id)"
                                      " LIMIT 1",
                                      JOB_ERASE);
    return row ? "Somebody is being erased, and nothing goes on with it." : NULL;
}

const char *privacy_check(struct work *work)
{
    const char *sentence = campaign_ends_check(work);
    return sentence ? sentence : erasings_check(work);
}
