/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of sign_in: one function for each statement. */
#include "base/limits.h"
#include "base/mem.h"
#include "features/account/account_local.h"
#include "sys/db.h"
#include "web/work.h"

#define SIGN_IN_COLUMNS "id, email, language, code_mac, next, expires_at"

static const struct sign_in *sign_in_of(struct work *work, const struct db_row *row)
{
    if (!row)
        return NULL;
    struct sign_in *sign_in = MEM_NEW(work->mem, struct sign_in);
    *sign_in = (struct sign_in){
        .id = row_int(row, 0),
        .email = row_text(row, 1),
        .language = row_text(row, 2),
        .code_mac = row_text(row, 3),
        .next = row_text(row, 4),
        .expires_at = row_int(row, 5),
    };
    return sign_in;
}

void sign_in_insert(struct work *work, const struct sign_in_row *row)
{
    tx_do(
        work->tx,
        "INSERT INTO sign_in (id, link_hash, browser_hash, email, language, code_mac, next, tries,"
        " created_at, expires_at, used_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?9, 0)",
        row->id, row->link_hash, row->browser_hash, row->email, row->language, row->code_mac,
        row->next, work->now, row->expires_at);
}

const struct sign_in *sign_in_get_by_link(struct work *work, const char *hash)
{
    return sign_in_of(work, tx_one(work->tx,
                                   "SELECT " SIGN_IN_COLUMNS " FROM sign_in WHERE link_hash = ?1"
                                   " AND used_at = 0 AND expires_at > ?2",
                                   hash, work->now));
}

const struct sign_in *sign_in_get_by_browser(struct work *work, const char *hash)
{
    return sign_in_of(work, tx_one(work->tx,
                                   "SELECT " SIGN_IN_COLUMNS " FROM sign_in"
                                   " WHERE browser_hash = ?1 AND used_at = 0 AND expires_at > ?2",
                                   hash, work->now));
}

const struct sign_in *sign_in_try(struct work *work, const char *browser_hash)
{
    return sign_in_of(work, tx_one(work->tx,
                                   "UPDATE sign_in SET tries = tries + 1 WHERE browser_hash = ?1"
                                   " AND used_at = 0 AND expires_at > ?2 AND tries < ?3"
                                   " RETURNING " SIGN_IN_COLUMNS,
                                   browser_hash, work->now, SIGN_IN_TRIES_MAX));
}

bool sign_in_mark_used(struct work *work, int64_t id)
{
    return tx_one(work->tx,
                  "UPDATE sign_in SET used_at = ?2 WHERE id = ?1 AND used_at = 0"
                  " AND expires_at > ?2 RETURNING id",
                  id, work->now) != NULL;
}

const struct sign_in_times *sign_ins_list(struct work *work, const char *email)
{
    const struct sign_in_times *first = NULL;
    const struct sign_in_times **end = &first;
    const struct db_row *row = tx_rows(work->tx,
                                       "SELECT created_at, used_at FROM sign_in WHERE email = ?1"
                                       " ORDER BY created_at LIMIT ?2",
                                       email, SIGN_INS_LISTED_MAX);
    for (; row; row = row->next) {
        struct sign_in_times *times = MEM_NEW(work->mem, struct sign_in_times);
        times->created_at = row_int(row, 0);
        times->used_at = row_int(row, 1);
        *end = times;
        end = &times->next;
    }
    return first;
}

void sign_ins_void(struct work *work, const char *email)
{
    tx_do(work->tx, "UPDATE sign_in SET expires_at = ?2 WHERE email = ?1 AND expires_at > ?2",
          email, work->now);
}

void sign_ins_delete(struct work *work, const char *email)
{
    tx_do(work->tx, "DELETE FROM sign_in WHERE email = ?1", email);
}

int sign_ins_forget(struct work *work, int64_t until)
{
    return rows_count(tx_rows(work->tx,
                              "DELETE FROM sign_in WHERE id IN (SELECT id FROM sign_in"
                              " WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)"
                              " RETURNING id",
                              until, JOB_PAGE_ROWS));
}
