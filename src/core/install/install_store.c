/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The row of table `install`. */
#include "core/install/install.h"
#include "sys/db.h"
#include "web/work.h"

bool install_key_get(struct work *work, unsigned char ret_key[CRYPT_KEY_BYTES])
{
    const struct db_row *row = tx_one(work->tx, "SELECT key FROM install WHERE id = 1");
    return row && crypt_key_read(row_text(row, 0), ret_key);
}

void install_key_insert(struct work *work, const unsigned char key[CRYPT_KEY_BYTES])
{
    tx_do(work->tx, "INSERT INTO install (id, key) VALUES (1, ?1)", crypt_key_text(work->mem, key));
}

bool install_has_begun(struct work *work)
{
    return tx_one(work->tx, "SELECT id FROM community ORDER BY id LIMIT 1") != NULL;
}
