/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of reports. They are only ever added; the campaign keeps their sum, so that no page adds
 * them up. */
#include "base/mem.h"
#include "features/reports/reports_local.h"
#include "sys/db.h"
#include "web/work.h"

void report_insert(struct work *work, const struct report *report)
{
    tx_do(work->tx,
          "INSERT INTO report (id, community_id, campaign_id, sign_up_id, quantity, note, how,"
          " created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
          report->id, report->community_id.n, report->campaign_id.n,
          report->sign_up_id.n ? db_int(report->sign_up_id.n) : db_null(), report->quantity,
          report->note, report->how, work->now);
}

int64_t report_count(struct work *work, struct campaign_id id)
{
    work_reads(work, OBJECT_CAMPAIGN, id.n);
    const struct db_row *row =
        tx_one(work->tx, "SELECT COUNT(*) FROM report WHERE campaign_id = ?1", id.n);
    return row ? row_int(row, 0) : 0;
}

const struct report_note *report_notes(struct work *work, struct campaign_id id)
{
    work_reads(work, OBJECT_CAMPAIGN, id.n);
    const struct report_note *first = NULL;
    const struct report_note **end = &first;
    const struct db_row *row = tx_rows(work->tx,
                                       "SELECT quantity, note FROM report"
                                       " WHERE campaign_id = ?1 AND note <> ''"
                                       " ORDER BY id DESC LIMIT ?2",
                                       id.n, REPORT_NOTES_MAX);
    for (; row; row = row->next) {
        struct report_note *note = MEM_NEW(work->mem, struct report_note);
        note->quantity = row_int(row, 0);
        note->note = row_text(row, 1);
        *end = note;
        end = &note->next;
    }
    return first;
}

const char *reports_check(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT c.slug FROM campaign c"
                         " WHERE c.quantity <> (SELECT CAST(COALESCE(SUM(r.quantity), 0) AS BIGINT)"
                         " FROM report r WHERE r.campaign_id = c.id) LIMIT 1");
    if (!row)
        return NULL;
    return mem_printf(work->mem, "The quantity of campaign %s is not the sum of its reports.",
                      row_text(row, 0));
}
