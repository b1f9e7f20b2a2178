/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of flags: one function for each statement. */
#include "base/limits.h"
#include "base/mem.h"
#include "features/flags/flags_local.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/work.h"

#define FLAG_COLUMNS "id, campaign_id, reason, words, email, created_at"

static const struct flag *flags_of(struct work *work, const struct db_row *row)
{
    const struct flag *first = NULL;
    const struct flag **end = &first;
    for (; row; row = row->next) {
        struct flag *flag = MEM_NEW(work->mem, struct flag);
        flag->id = row_int(row, 0);
        flag->campaign_id.n = row_int(row, 1);
        flag->reason = row_text(row, 2);
        flag->words = row_text(row, 3);
        flag->email = row_text(row, 4);
        flag->created_at = row_int(row, 5);
        *end = flag;
        end = &flag->next;
    }
    return first;
}

void flag_insert(struct work *work, const struct flag *flag)
{
    tx_do(work->tx,
          "INSERT INTO flag (id, community_id, campaign_id, reason, words, email,"
          " created_at, settled_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)",
          flag->id, work->community->id.n, flag->campaign_id.n, flag->reason, flag->words,
          flag->email, flag->created_at);
}

int64_t flags_count_open(struct work *work, struct campaign_id campaign)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT COUNT(*) FROM flag WHERE campaign_id = ?1 AND settled_at = 0",
               campaign.n);
    return row ? row_int(row, 0) : 0;
}

const struct flag *flags_open(struct work *work)
{
    return flags_of(work, tx_rows(work->tx,
                                  "SELECT " FLAG_COLUMNS " FROM flag WHERE community_id = ?1"
                                  " AND settled_at = 0 ORDER BY id LIMIT ?2",
                                  work->community->id.n, FLAGS_LIST_MAX));
}

const struct flag *flag_list_by_email(struct work *work, const char *email)
{
    return flags_of(work, tx_rows(work->tx,
                                  "SELECT " FLAG_COLUMNS " FROM flag WHERE email = ?1"
                                  " ORDER BY id LIMIT ?2",
                                  email, FLAGS_LIST_MAX));
}

void flags_mark_settled(struct work *work, struct campaign_id campaign)
{
    tx_do(work->tx, "UPDATE flag SET settled_at = ?2 WHERE campaign_id = ?1 AND settled_at = 0",
          campaign.n, work->now);
}

int flags_forget(struct work *work, int64_t settled_until)
{
    return rows_count(
        tx_rows(work->tx,
                "DELETE FROM flag WHERE id IN (SELECT id FROM flag WHERE settled_at > 0"
                " AND settled_at <= ?1 ORDER BY settled_at LIMIT ?2) RETURNING id",
                settled_until, JOB_PAGE_ROWS));
}

/* That something was said of the campaign stays; whose words they were, and the words, go. */
void flags_forget_email(struct work *work, const char *email)
{
    tx_do(work->tx, "UPDATE flag SET email = '', words = '' WHERE email = ?1", email);
}
