/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the organiser's pages write: rows of campaigns and sessions with other values. One function
 * for each statement; the rules are in campaigns_edit.c. */
#include <assert.h>

#include "features/campaigns/campaigns_local.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/work.h"

static void touch(struct work *work, struct campaign_id id)
{
    work_touches(work, OBJECT_CAMPAIGN, id.n);
    work_touches(work, OBJECT_CAMPAIGNS, work->community->id.n);
}

void campaign_update(struct work *work, const struct campaign *campaign)
{
    const struct campaign *c = campaign;
    tx_do(work->tx,
          "UPDATE campaign SET title = ?2, summary = ?3, story = ?4, story_html = ?5,"
          " language = ?6, organiser_name = ?7, organiser_email = ?8, place = ?9, online = ?10,"
          " goal_unit = ?11, minimum = ?12, target = ?13, quantity_unit = ?14, party_max = ?15,"
          " asks_hours = ?16, minutes_each = ?17, allows_overlap = ?18, version = version + 1"
          " WHERE id = ?1",
          c->id.n, c->title, c->summary, c->story, c->story_html, c->language, c->organiser_name,
          c->organiser_email, c->place, c->online, goal_unit_name(c->goal_unit), c->minimum,
          c->target, c->quantity_unit, c->party_max, c->asks_hours, c->minutes_each,
          c->allows_overlap);
    campaign_set_dates(work, c);
}

void campaign_set_dates(struct work *work, const struct campaign *campaign)
{
    const struct campaign *c = campaign;
    tx_do(work->tx,
          "UPDATE campaign SET time_zone = ?2, opens_local = ?3, closes_local = ?4, opens_at = ?5,"
          " closes_at = ?6, unlisted = ?7 WHERE id = ?1",
          c->id.n, c->time_zone, c->opens_local, c->closes_local, c->opens_at, c->closes_at,
          c->unlisted);
    touch(work, c->id);
}

bool campaign_address_take(struct work *work, struct campaign_id id, const char *slug)
{
    return tx_one(work->tx,
                  "INSERT INTO campaign_address (community_id, slug, campaign_id)"
                  " VALUES (?1, ?2, ?3) ON CONFLICT (community_id, slug) DO UPDATE"
                  " SET campaign_id = ?3 WHERE campaign_address.campaign_id = ?3"
                  " RETURNING campaign_id",
                  work->community->id.n, slug, id.n) != NULL;
}

int64_t campaign_count_addresses(struct work *work, struct campaign_id id)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT COUNT(*) FROM campaign_address WHERE campaign_id = ?1", id.n);
    return row ? row_int(row, 0) : 0;
}

void campaign_set_slug(struct work *work, struct campaign_id id, const char *slug)
{
    tx_do(work->tx, "UPDATE campaign SET slug = ?2 WHERE id = ?1", id.n, slug);
    touch(work, id);
}

void campaign_words_delete(struct work *work, struct campaign_id id)
{
    tx_do(work->tx, "DELETE FROM campaign_word WHERE campaign_id = ?1", id.n);
}

void campaign_acts_recount(struct work *work, struct campaign_id id)
{
    tx_do(work->tx,
          "UPDATE campaign SET acts_from = (SELECT COALESCE(MIN(s.starts_at), 0) FROM session s"
          " WHERE s.campaign_id = ?1), acts_until = (SELECT COALESCE(MAX(s.ends_at), 0)"
          " FROM session s WHERE s.campaign_id = ?1) WHERE id = ?1",
          id.n);
    touch(work, id);
}

void campaign_hours_by_sessions(struct work *work, struct campaign_id id)
{
    tx_do(work->tx, "UPDATE campaign SET asks_hours = 0 WHERE id = ?1", id.n);
    touch(work, id);
}

bool session_update(struct work *work, const struct session *session)
{
    const struct session *s = session;
    bool has_limit = s->capacity != SESSION_UNLIMITED;
    const struct db_row *row = tx_one(
        work->tx,
        "UPDATE session SET title = ?2, starts_local = ?3, ends_local = ?4, time_zone = ?5,"
        " starts_at = ?6, ends_at = ?7, place = ?8, online = ?9, capacity = ?10"
        " WHERE id = ?1 AND taken <= ?11 RETURNING id",
        s->id.n, s->title, s->starts_local, s->ends_local, s->time_zone, s->starts_at, s->ends_at,
        s->place, s->online, has_limit ? db_int(s->capacity) : db_null(), s->capacity);
    touch(work, s->campaign_id);
    return row != NULL;
}

bool session_delete(struct work *work, struct session_id id)
{
    const struct db_row *row = tx_one(
        work->tx, "DELETE FROM session WHERE id = ?1 AND used = 0 RETURNING campaign_id", id.n);
    if (!row)
        return false;
    touch(work, (struct campaign_id){row_int(row, 0)});
    return true;
}
