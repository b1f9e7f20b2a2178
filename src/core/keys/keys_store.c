/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of request_key. */
#include "base/limits.h"
#include "base/mem.h"
#include "core/keys/keys_local.h"
#include "sys/db.h"
#include "web/work.h"

const struct request_key *request_key_get(struct work *work, const char *hash)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT body_hash, row_id FROM request_key WHERE hash = ?1", hash);
    if (!row)
        return NULL;
    struct request_key *key = MEM_NEW(work->mem, struct request_key);
    *key = (struct request_key){row_text(row, 0), row_int(row, 1)};
    return key;
}

void request_key_insert(struct work *work, const char *hash, const struct request_key *key)
{
    tx_do(work->tx,
          "INSERT INTO request_key (hash, body_hash, row_id, created_at) VALUES (?1, ?2, ?3, ?4)",
          hash, key->body_hash, key->row_id, work->now);
}

int request_keys_forget(struct work *work, int64_t until)
{
    return rows_count(
        tx_rows(work->tx,
                "DELETE FROM request_key WHERE hash IN (SELECT hash FROM request_key"
                " WHERE created_at < ?1 ORDER BY created_at LIMIT ?2) RETURNING created_at",
                until, JOB_PAGE_ROWS));
}
