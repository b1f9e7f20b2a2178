/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of sign-ups that are asked once more: one function for each statement. */
#include "features/signups/signups_local.h"
#include "sys/db.h"
#include "web/work.h"

void sign_up_set_again(struct work *work, struct sign_up_id id,
                       const struct sign_up_asking_again *asking)
{
    tx_do(work->tx, "UPDATE sign_up SET again = ?2, again_by = ?3, remind_at = ?4 WHERE id = ?1",
          id.n, asking->again, asking->by, asking->remind_at);
}
