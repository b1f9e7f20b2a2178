/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of reports as their organiser goes through them: in pages, the newest or the largest first,
 * each with what it said before. */
#include <assert.h>

#include "base/limits.h"
#include "base/mem.h"
#include "features/reports/reports_local.h"
#include "sys/db.h"
#include "web/work.h"

static const struct db_row *newest(struct work *work, struct campaign_id id, int64_t before,
                                   int count)
{
    return tx_rows(work->tx,
                   "SELECT " REPORT_COLUMNS " FROM report WHERE campaign_id = ?1 AND id < ?2"
                   " ORDER BY id DESC LIMIT ?3",
                   id.n, before, count);
}

static const struct db_row *largest(struct work *work, struct campaign_id id,
                                    const struct report *after, int count)
{
    return tx_rows(work->tx,
                   "SELECT " REPORT_COLUMNS " FROM report WHERE campaign_id = ?1"
                   " AND (quantity, id) < (?2, ?3) ORDER BY quantity DESC, id DESC LIMIT ?4",
                   id.n, after ? after->quantity : INT64_MAX, after ? after->id : INT64_MAX, count);
}

const struct report *report_list(struct work *work, struct campaign_id id, enum report_order order,
                                 const struct report *after, int count)
{
    assert(count <= PAGE_ITEMS + 1);
    if (order == REPORTS_LARGEST)
        return reports_of_rows(work, largest(work, id, after, count));
    return reports_of_rows(work, newest(work, id, after ? after->id : INT64_MAX, count));
}

const struct report *report_list_replaced(struct work *work, struct campaign_id id)
{
    return reports_of_rows(work, tx_rows(work->tx,
                                         "SELECT " REPORT_COLUMNS " FROM report"
                                         " WHERE campaign_id = ?1 AND replaced = 1"
                                         " ORDER BY id LIMIT ?2",
                                         id.n, REPORTS_REPLACED_MAX));
}

const struct report_correction *report_corrections(struct work *work, int64_t report_id)
{
    const struct report_correction *first = NULL;
    const struct report_correction **end = &first;
    const struct db_row *row =
        tx_rows(work->tx,
                "SELECT quantity, how, set_aside, person_id, reason, created_at"
                " FROM report_correction WHERE report_id = ?1 ORDER BY id DESC LIMIT ?2",
                report_id, REPORT_CORRECTIONS_MAX);
    for (; row; row = row->next) {
        struct report_correction *correction = MEM_NEW(work->mem, struct report_correction);
        correction->quantity = row_int(row, 0);
        correction->how = row_text(row, 1);
        correction->set_aside = row_bool(row, 2);
        correction->person.n = row_int(row, 3);
        correction->reason = row_text(row, 4);
        correction->created_at = row_int(row, 5);
        *end = correction;
        end = &correction->next;
    }
    return first;
}
