/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of table `community`. A zone that the system no longer knows is a bug of the install, not of
 * a request: it was checked when the community was added, and the time zone database does not drop
 * names. */
#include "core/communities/communities_local.h"

#include <assert.h>

#include "base/mem.h"
#include "sys/db.h"
#include "sys/zone.h"
#include "web/app.h"
#include "web/community.h"
#include "web/work.h"

#define COMMUNITY_COLUMNS "id, slug, name, description, language, time_zone, host, contact"

static const struct community *from_row(struct work *work, const struct db_row *row)
{
    if (!row)
        return NULL;
    const char *own = row_text(row, 3);
    const char *language = row_text(row, 4);
    struct community *community = MEM_NEW(work->mem, struct community);
    *community = (struct community){
        .id = {row_int(row, 0)},
        .slug = row_text(row, 1),
        .name = row_text(row, 2),
        .description = *own ? own : community_default_description(work->app->langs, language),
        .language = language,
        .time_zone = row_text(row, 5),
        .host = row_is_null(row, 6) ? NULL : row_text(row, 6),
        .contact = *row_text(row, 7) ? row_text(row, 7) : NULL,
        .zone = zone_get(work->app->zones, row_text(row, 5)),
    };
    assert(community->zone);
    return community;
}

const struct community *community_by_host_or_first(struct work *work, const char *host)
{
    return from_row(work, tx_one(work->tx,
                                 "SELECT " COMMUNITY_COLUMNS " FROM community"
                                 " WHERE id = COALESCE((SELECT id FROM community WHERE host = ?1),"
                                 " (SELECT MIN(id) FROM community))",
                                 host));
}

const struct community *community_by_id(struct work *work, int64_t id)
{
    return from_row(
        work, tx_one(work->tx, "SELECT " COMMUNITY_COLUMNS " FROM community WHERE id = ?1", id));
}

const struct community *community_by_slug(struct work *work, const char *slug)
{
    return from_row(
        work,
        tx_one(work->tx, "SELECT " COMMUNITY_COLUMNS " FROM community WHERE slug = ?1", slug));
}

const struct community *community_first(struct work *work)
{
    return from_row(
        work, tx_one(work->tx, "SELECT " COMMUNITY_COLUMNS " FROM community ORDER BY id LIMIT 1"));
}

void community_insert(struct work *work, const struct community *community)
{
    tx_do(
        work->tx,
        "INSERT INTO community (id, slug, name, description, language, time_zone, host, created_at,"
        " contact) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        community->id.n, community->slug, community->name, community->description,
        community->language, community->time_zone, community->host, work->now,
        community->contact ? community->contact : "");
}

bool community_update(struct work *work, const struct community *community)
{
    const char *host = community->host;
    return tx_one(work->tx,
                  "UPDATE community SET name = ?2, description = ?3, language = ?4, time_zone = ?5,"
                  " host = ?6, contact = ?7 WHERE id = ?1 AND NOT EXISTS"
                  " (SELECT 1 FROM community o WHERE o.host = ?6 AND o.id <> ?1) RETURNING id",
                  community->id.n, community->name, community->description, community->language,
                  community->time_zone, host, community->contact ? community->contact : "") != NULL;
}
