/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of table `activity`: only ever added. */
#include "core/activity/activity_local.h"

#include "core/activity/activity.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/work.h"

void activity_insert(struct work *work, const struct activity *activity,
                     const struct activity_words *words)
{
    tx_do(work->tx,
          "INSERT INTO activity (id, community_id, actor_id, verb, object_kind, object_id,"
          " campaign_id, detail, audience, at)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
          work_new_id(work), work->community->id.n, activity->actor_id, words->verb, words->object,
          activity->object_id, activity->campaign_id, activity->detail, words->audience, work->now);
}

int64_t activity_last_id(struct work *work)
{
    const struct db_row *row = tx_one(work->tx, "SELECT MAX(id) FROM activity");
    return row ? row_int(row, 0) : 0;
}
