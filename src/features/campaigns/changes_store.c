/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of what changed: one function for each statement. */
#include "features/campaigns/campaigns_changes.h"

#include "base/mem.h"
#include "base/str.h"
#include "features/campaigns/campaigns_local.h"
#include "sys/db.h"
#include "web/work.h"

static const char *const names[] = {
    [CHANGE_TITLE] = "title", [CHANGE_DEADLINE] = "deadline", [CHANGE_MINUTES] = "minutes",
    [CHANGE_PLACE] = "place", [CHANGE_TIME] = "time",
};

static enum change_of change_read(const char *name)
{
    enum change_of of = CHANGE_TITLE;
    while (of < CHANGE_TIME && !str_equal(names[of], name))
        of++;
    return of;
}

void campaign_change_insert(struct work *work, struct campaign_id id,
                            const struct campaign_change *c)
{
    tx_do(work->tx,
          "INSERT INTO campaign_changed (campaign_id, session_id, what, told, before_text,"
          " before_online, before_from, before_until, at)"
          " VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?7, ?8)"
          " ON CONFLICT (campaign_id, told, at, session_id, what) DO NOTHING",
          id.n, c->session_id.n, names[c->of], c->text, c->online, c->from, c->until, c->at);
}

void campaign_changes_mark(struct work *work, struct campaign_id id)
{
    /* Those of a telling that was given up. */
    tx_do(work->tx, "DELETE FROM campaign_changed WHERE campaign_id = ?1 AND told = 1", id.n);
    tx_do(work->tx, "UPDATE campaign_changed SET told = 1 WHERE campaign_id = ?1 AND told = 0",
          id.n);
}

const struct campaign_change *campaign_changes_get(struct work *work, struct campaign_id id,
                                                   bool told)
{
    const struct campaign_change *first = NULL;
    const struct campaign_change **end = &first;
    const struct db_row *row =
        tx_rows(work->tx,
                "SELECT session_id, what, before_text, before_online, before_from, before_until,"
                " at FROM campaign_changed WHERE campaign_id = ?1 AND told = ?2"
                " ORDER BY at, session_id, what LIMIT ?3",
                id.n, told, CAMPAIGN_CHANGES_MAX);
    for (; row; row = row->next) {
        struct campaign_change *change = MEM_NEW(work->mem, struct campaign_change);
        *change = (struct campaign_change){
            .session_id = {row_int(row, 0)},
            .of = change_read(row_text(row, 1)),
            .text = row_text(row, 2),
            .online = row_bool(row, 3),
            .from = row_int(row, 4),
            .until = row_int(row, 5),
            .at = row_int(row, 6),
        };
        *end = change;
        end = &change->next;
    }
    return first;
}

void campaign_changes_delete(struct work *work, struct campaign_id id)
{
    tx_do(work->tx, "DELETE FROM campaign_changed WHERE campaign_id = ?1 AND told = 1", id.n);
}

int64_t campaign_changes_first(struct work *work, struct campaign_id id)
{
    const struct db_row *row = tx_one(work->tx,
                                      "SELECT at FROM campaign_changed WHERE campaign_id = ?1"
                                      " AND told = 0 ORDER BY at LIMIT 1",
                                      id.n);
    return row ? row_int(row, 0) : 0;
}

bool session_change_waits(struct work *work, const struct session *session)
{
    return tx_one(work->tx,
                  "SELECT 1 FROM campaign_changed WHERE campaign_id = ?1 AND session_id = ?2"
                  " LIMIT 1",
                  session->campaign_id.n, session->id.n) != NULL;
}
