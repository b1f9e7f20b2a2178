/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whose campaigns a community wants approved before they open: one word of its row. */
#include "base/str.h"
#include "core/communities/communities.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/work.h"

static const char *const names[] = {
    [APPROVAL_NEVER] = "never", [APPROVAL_FIRST] = "first", [APPROVAL_ALWAYS] = "always", NULL};

const char *approval_name(enum approval approval)
{
    return names[approval];
}

bool approval_read(const char *name, enum approval *ret_approval)
{
    int i = str_index(name, names);
    if (i >= 0)
        *ret_approval = (enum approval)i;
    return i >= 0;
}

enum approval community_approval(struct work *work)
{
    enum approval approval = APPROVAL_FIRST;
    work_reads(work, OBJECT_COMMUNITY, work->community->id.n);
    const struct db_row *row =
        tx_one(work->tx, "SELECT approval FROM community WHERE id = ?1", work->community->id.n);
    if (row)
        approval_read(row_text(row, 0), &approval);
    return approval;
}

void community_set_approval(struct work *work, enum approval approval)
{
    tx_do(work->tx, "UPDATE community SET approval = ?2 WHERE id = ?1", work->community->id.n,
          approval_name(approval));
    work_touches(work, OBJECT_COMMUNITY, work->community->id.n);
}
