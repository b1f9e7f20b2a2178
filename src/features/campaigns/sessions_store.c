/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of sessions, and their seats. Seats are taken and given back by single conditional updates:
 * that, and nothing read before, is what keeps a session from getting one person too many. */
#include "features/campaigns/campaigns.h"

#include <assert.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "features/campaigns/campaigns_local.h"
#include "sys/db.h"
#include "web/work.h"

/* In the order in which session_of reads them. */
#define SESSION_COLUMNS                                                                            \
    "s.id, s.campaign_id, s.handle, s.title, s.starts_local, s.ends_local, s.time_zone, "          \
    "s.starts_at, s.ends_at, s.place, s.online, s.capacity, s.taken, s.pending, s.waiting, s.used"

static struct session *session_of(struct work *work, const struct db_row *row)
{
    struct session *session = MEM_NEW(work->mem, struct session);
    int i = 0;
    session->id.n = row_int(row, i++);
    session->campaign_id.n = row_int(row, i++);
    session->handle = row_text(row, i++);
    session->title = row_text(row, i++);
    session->starts_local = row_text(row, i++);
    session->ends_local = row_text(row, i++);
    session->time_zone = row_text(row, i++);
    session->starts_at = row_int(row, i++);
    session->ends_at = row_int(row, i++);
    session->place = row_text(row, i++);
    session->online = row_bool(row, i++);
    session->capacity = row_is_null(row, i) ? SESSION_UNLIMITED : row_int(row, i);
    i++;
    session->taken = row_int(row, i++);
    session->pending = row_int(row, i++);
    session->waiting = row_int(row, i++);
    session->used = row_bool(row, i++);
    assert(i == row->columns);
    work_true_until(work, session->starts_at);
    work_true_until(work, session->ends_at);
    return session;
}

const struct session *campaign_sessions(struct work *work, struct campaign_id id)
{
    work_reads(work, OBJECT_CAMPAIGN, id.n);
    const struct session *first = NULL;
    const struct session **end = &first;
    const struct db_row *row = tx_rows(work->tx,
                                       "SELECT " SESSION_COLUMNS " FROM session s"
                                       " WHERE s.campaign_id = ?1"
                                       " ORDER BY s.starts_at, s.id LIMIT ?2",
                                       id.n, SESSIONS_MAX);
    for (; row; row = row->next) {
        struct session *session = session_of(work, row);
        *end = session;
        end = &session->next;
    }
    return first;
}

static const struct session_group *groups_of(struct work *work, const struct db_row *row)
{
    const struct session_group *first = NULL;
    const struct session_group **end = &first;
    struct session_group *group = NULL;
    const struct session **end_of_group = NULL;
    for (; row; row = row->next) {
        struct session *session = session_of(work, row);
        if (!group || group->campaign_id.n != session->campaign_id.n) {
            group = MEM_NEW(work->mem, struct session_group);
            group->campaign_id = session->campaign_id;
            *end = group;
            end = &group->next;
            end_of_group = &group->first;
        }
        *end_of_group = session;
        end_of_group = &session->next;
    }
    return first;
}

const struct session_group *session_groups(struct work *work,
                                           const struct campaign_id ids[CAMPAIGN_LIST_MAX])
{
    const struct campaign_id *c = ids;
    if (c[0].n == 0)
        return NULL;
    for (int i = 0; i < CAMPAIGN_LIST_MAX && c[i].n; i++)
        work_reads(work, OBJECT_CAMPAIGN, c[i].n);
    return groups_of(work,
                     tx_rows(work->tx,
                             "SELECT " SESSION_COLUMNS " FROM session s"
                             " WHERE s.campaign_id IN (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
                             " ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)"
                             " ORDER BY s.campaign_id, s.starts_at, s.id LIMIT ?21",
                             c[0].n, c[1].n, c[2].n, c[3].n, c[4].n, c[5].n, c[6].n, c[7].n, c[8].n,
                             c[9].n, c[10].n, c[11].n, c[12].n, c[13].n, c[14].n, c[15].n, c[16].n,
                             c[17].n, c[18].n, c[19].n, CAMPAIGN_LIST_MAX * SESSIONS_MAX));
}

const struct session *session_group_get(const struct session_group *groups, struct campaign_id id)
{
    for (; groups; groups = groups->next)
        if (groups->campaign_id.n == id.n)
            return groups->first;
    return NULL;
}

const struct session *session_get(struct work *work, struct session_id id)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT " SESSION_COLUMNS " FROM session s WHERE s.id = ?1", id.n);
    if (!row)
        return NULL;
    const struct session *session = session_of(work, row);
    work_reads(work, OBJECT_CAMPAIGN, session->campaign_id.n);
    return session;
}

const struct session *session_get_by_handle(struct work *work, struct campaign_id id,
                                            const char *handle)
{
    work_reads(work, OBJECT_CAMPAIGN, id.n);
    const struct db_row *row = tx_one(work->tx,
                                      "SELECT " SESSION_COLUMNS " FROM session s"
                                      " WHERE s.handle = ?2 AND s.campaign_id = ?1",
                                      id.n, handle);
    return row ? session_of(work, row) : NULL;
}

void session_insert(struct work *work, const struct session *session)
{
    bool has_limit = session->capacity != SESSION_UNLIMITED;
    tx_do(work->tx,
          "INSERT INTO session (id, campaign_id, handle, title, starts_local, ends_local,"
          " time_zone, starts_at, ends_at, place, online, capacity, taken, pending, waiting, used)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0, 0, 0, 0)",
          session->id.n, session->campaign_id.n, session->handle, session->title,
          session->starts_local, session->ends_local, session->time_zone, session->starts_at,
          session->ends_at, session->place, session->online,
          has_limit ? db_int(session->capacity) : db_null());
    work_touches(work, OBJECT_CAMPAIGN, session->campaign_id.n);
}

/* What the updates of seats return; the last is how many are left, NULL without a limit. */
#define OBJECTS                                                                                    \
    " RETURNING campaign_id,"                                                                      \
    " (SELECT c.community_id FROM campaign c WHERE c.id = session.campaign_id),"                   \
    " capacity - taken"

/* Seats show on the campaign's page; whether any are left decides of the community's lists. `taken`
 * of them were taken now, or given back when it is below 0. */
static void touch(struct work *work, const struct db_row *row, int64_t taken)
{
    work_touches(work, OBJECT_CAMPAIGN, row_int(row, 0));
    int64_t left = row_int(row, 2);
    bool was_full = left + taken <= 0;
    if (!row_is_null(row, 2) && was_full != (left <= 0))
        work_touches(work, OBJECT_CAMPAIGNS, row_int(row, 1));
}

const struct refusal *session_take(struct work *work, struct session_id id, int64_t places)
{
    assert(places > 0);
    const struct db_row *row =
        tx_one(work->tx,
               "UPDATE session SET taken = taken + ?2, pending = pending + ?2, used = 1"
               " WHERE id = ?1 AND (capacity IS NULL OR taken + ?2 <= capacity)" OBJECTS,
               id.n, places);
    if (!row)
        return &refusal_session_full;
    touch(work, row, places);
    return NULL;
}

void session_settle_pending(struct work *work, struct session_id id, int64_t places)
{
    const struct db_row *row = tx_one(work->tx,
                                      "UPDATE session SET pending = pending - ?2"
                                      " WHERE id = ?1" OBJECTS,
                                      id.n, places);
    if (row)
        touch(work, row, 0);
}

void session_give_back(struct work *work, struct session_id id, int64_t places, bool were_pending)
{
    const struct db_row *row =
        tx_one(work->tx,
               "UPDATE session SET taken = taken - ?2, pending = pending - ?3"
               " WHERE id = ?1" OBJECTS,
               id.n, places, were_pending ? places : (int64_t)0);
    if (row)
        touch(work, row, -places);
}

const char *sessions_check(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT handle FROM session"
                         " WHERE pending > taken OR (capacity IS NOT NULL AND taken > capacity)"
                         " LIMIT 1");
    if (!row)
        return NULL;
    return mem_printf(work->mem, "The places of session %s do not add up.", row_text(row, 0));
}
