/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of sign_up_code: one function for each statement. */
#include "base/limits.h"
#include "base/mem.h"
#include "features/signups/signups_local.h"
#include "sys/db.h"
#include "web/work.h"

#define CODE_COLUMNS "id, handle, sign_up_id, asked, code_mac, tries, held_until, expires_at "

static const struct sign_up_code *code_from_row(struct mem *mem, const struct db_row *row)
{
    if (!row)
        return NULL;
    struct sign_up_code *code = MEM_NEW(mem, struct sign_up_code);
    *code = (struct sign_up_code){
        .id = row_int(row, 0),
        .handle = row_text(row, 1),
        .sign_up_id = {row_int(row, 2)},
        .asked = row_int(row, 3),
        .code_mac = row_text(row, 4),
        .tries = row_int(row, 5),
        .held_until = row_int(row, 6),
        .expires_at = row_int(row, 7),
    };
    return code;
}

void sign_up_code_insert(struct work *work, const struct sign_up_code *code)
{
    tx_do(work->tx,
          "INSERT INTO sign_up_code (id, handle, sign_up_id, asked, code_mac, tries, held_until, "
          "expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
          code->id, code->handle, code->sign_up_id.n, code->asked, code->code_mac, code->tries,
          code->held_until, code->expires_at);
}

/* With a sum for PostgreSQL, see sign_up_get_by_ref. */
const struct sign_up_code *sign_up_code_get(struct work *work, struct campaign_id campaign,
                                            const char *handle)
{
    return code_from_row(
        work->mem, tx_one(work->tx,
                          "SELECT " CODE_COLUMNS "FROM sign_up_code WHERE handle = ?1 AND EXISTS "
                          "(SELECT 1 FROM sign_up WHERE id = sign_up_id AND campaign_id + 0 = ?2)",
                          handle, campaign.n));
}

const struct sign_up_code *sign_up_code_get_by_id(struct work *work, int64_t id)
{
    return code_from_row(
        work->mem, tx_one(work->tx, "SELECT " CODE_COLUMNS "FROM sign_up_code WHERE id = ?1", id));
}

const struct sign_up_code *sign_up_code_try(struct work *work, const char *handle)
{
    return code_from_row(work->mem, tx_one(work->tx,
                                           "UPDATE sign_up_code SET tries = tries + 1 "
                                           "WHERE handle = ?1 AND tries < ?2 AND expires_at > ?3 "
                                           "RETURNING " CODE_COLUMNS,
                                           handle, CODE_TRIES_MAX, work->now));
}

void sign_up_codes_drop(struct work *work, struct sign_up_id id)
{
    tx_do(work->tx, "DELETE FROM sign_up_code WHERE sign_up_id = ?1", id.n);
}

bool sign_up_codes_forget(struct work *work)
{
    return rows_count(tx_rows(work->tx,
                              "DELETE FROM sign_up_code WHERE id IN "
                              "(SELECT id FROM sign_up_code WHERE expires_at <= ?1 "
                              "ORDER BY expires_at LIMIT ?2) RETURNING id",
                              work->now - CODE_KEPT_SECONDS, JOB_PAGE_ROWS)) == JOB_PAGE_ROWS;
}
