/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of table `activity`: only ever added. */
#include "core/activity/activity_local.h"

#include "base/mem.h"
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

const struct activity_entry *activity_list_of(struct work *work, int64_t object_id, int count)
{
    const struct activity_entry *first = NULL;
    const struct activity_entry **end = &first;
    for (const struct db_row *row = tx_rows(work->tx,
                                            "SELECT verb, actor_id, detail, at FROM activity"
                                            " WHERE object_id = ?1 ORDER BY id DESC LIMIT ?2",
                                            object_id, count);
         row; row = row->next) {
        struct activity_entry *entry = MEM_NEW(work->mem, struct activity_entry);
        entry->verb = activity_verb_from(row_text(row, 0));
        entry->actor_id = row_int(row, 1);
        entry->detail = row_text(row, 2);
        entry->at = row_int(row, 3);
        *end = entry;
        end = &entry->next;
    }
    return first;
}

int64_t activity_last_id(struct work *work)
{
    const struct db_row *row = tx_one(work->tx, "SELECT MAX(id) FROM activity");
    return row ? row_int(row, 0) : 0;
}
