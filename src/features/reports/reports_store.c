/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of reports. None is ever dropped: what is wrong is corrected, with what stood there before
 * beside it, or set aside. The campaign and its result keep the sums, so that no page adds them up.
 */
#include "base/mem.h"
#include "features/reports/reports_local.h"
#include "sys/db.h"
#include "web/work.h"

static struct report *report_of(struct work *work, const struct db_row *row)
{
    struct report *report = MEM_NEW(work->mem, struct report);
    *report = (struct report){
        .id = row_int(row, 0),
        .community_id = {row_int(row, 1)},
        .campaign_id = {row_int(row, 2)},
        .sign_up_id = {row_int(row, 3)},
        .handle = row_text(row, 4),
        .quantity = row_int(row, 5),
        .note = row_text(row, 6),
        .how = row_text(row, 7),
        .set_aside = row_bool(row, 8),
        .shows_note = row_bool(row, 9),
        .checked_at = row_int(row, 10),
        .created_at = row_int(row, 11),
        .replaced = row_bool(row, 12),
        .corrected = row_bool(row, 13),
        .first_name = row_is_null(row, 14) ? NULL : row_text(row, 14),
    };
    return report;
}

const struct report *reports_of_rows(struct work *work, const struct db_row *row)
{
    const struct report *first = NULL;
    const struct report **end = &first;
    for (; row; row = row->next) {
        struct report *report = report_of(work, row);
        *end = report;
        end = &report->next;
    }
    return first;
}

void report_insert(struct work *work, const struct report *report)
{
    tx_do(work->tx,
          "INSERT INTO report (id, community_id, campaign_id, sign_up_id, handle, quantity, note,"
          " how, set_aside, shows_note, checked_at, created_at)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
          report->id, report->community_id.n, report->campaign_id.n,
          report->sign_up_id.n ? db_int(report->sign_up_id.n) : db_null(), report->handle,
          report->quantity, report->note, report->how, report->set_aside, report->shows_note,
          report->checked_at, report->created_at);
}

const struct report *report_get(struct work *work, int64_t id)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT " REPORT_COLUMNS " FROM report WHERE id = ?1", id);
    return row ? report_of(work, row) : NULL;
}

const struct report *report_get_by_handle(struct work *work, struct campaign_id id,
                                          const char *handle)
{
    const struct db_row *row = tx_one(work->tx,
                                      "SELECT " REPORT_COLUMNS " FROM report"
                                      " WHERE campaign_id = ?1 AND handle = ?2",
                                      id.n, handle);
    return row ? report_of(work, row) : NULL;
}

const struct report *report_list_by_sign_up(struct work *work, struct sign_up_id id)
{
    return reports_of_rows(work, tx_rows(work->tx,
                                         "SELECT " REPORT_COLUMNS " FROM report"
                                         " WHERE sign_up_id = ?1 ORDER BY id DESC LIMIT ?2",
                                         id.n, REPORTS_PER_SIGN_UP_MAX));
}

const struct report_kept *report_list_kept(struct work *work, const char *email, int64_t after)
{
    const struct report_kept *first = NULL;
    const struct report_kept **end = &first;
    const struct db_row *row =
        tx_rows(work->tx,
                "SELECT r.id, c.slug, r.handle, r.note, r.how, r.quantity, r.set_aside,"
                " r.created_at FROM report r JOIN campaign c ON c.id = r.campaign_id"
                " WHERE r.sign_up_id IN (SELECT u.id FROM sign_up u WHERE u.email = ?1)"
                " AND r.id > ?2 ORDER BY r.id LIMIT ?3",
                email, after, JOB_PAGE_ROWS);
    for (; row; row = row->next) {
        struct report_kept *kept = MEM_NEW(work->mem, struct report_kept);
        *kept = (struct report_kept){
            .id = row_int(row, 0),
            .campaign = row_text(row, 1),
            .handle = row_text(row, 2),
            .note = row_text(row, 3),
            .how = row_text(row, 4),
            .quantity = row_int(row, 5),
            .set_aside = row_bool(row, 6),
            .created_at = row_int(row, 7),
        };
        *end = kept;
        end = &kept->next;
    }
    return first;
}

bool report_update(struct work *work, const struct report *from, const struct report *to)
{
    const struct db_row *row = tx_one(
        work->tx,
        "UPDATE report SET quantity = ?2, note = ?3, how = ?4, set_aside = ?5,"
        " shows_note = ?6, checked_at = ?7, replaced = ?12 WHERE id = ?1 AND quantity = ?8 AND how "
        "= ?9"
        " AND set_aside = ?10 AND checked_at = ?11 RETURNING id",
        to->id, to->quantity, to->note, to->how, to->set_aside, to->shows_note, to->checked_at,
        from->quantity, from->how, from->set_aside, from->checked_at, to->replaced);
    return row != NULL;
}

void report_correction_insert(struct work *work, const struct report_change *change)
{
    const struct report *from = change->from;
    tx_do(work->tx,
          "INSERT INTO report_correction (id, report_id, quantity, how, set_aside, person_id,"
          " reason, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
          work_new_id(work), from->id, from->quantity, from->how, from->set_aside,
          change->person_id ? db_int(change->person_id) : db_null(), change->reason, work->now);
}

const struct report_note *report_notes(struct work *work, struct campaign_id id)
{
    work_reads(work, OBJECT_CAMPAIGN, id.n);
    const struct report_note *first = NULL;
    const struct report_note **end = &first;
    const struct db_row *row = tx_rows(work->tx,
                                       "SELECT quantity, note FROM report"
                                       " WHERE campaign_id = ?1 AND note <> ''"
                                       " AND set_aside = 0 AND shows_note = 1"
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

void report_notes_forget(struct work *work, struct sign_up_id id)
{
    tx_do(work->tx, "UPDATE report SET note = '' WHERE sign_up_id = ?1", id.n);
    tx_do(work->tx,
          "UPDATE report_correction SET reason = '' WHERE report_id IN"
          " (SELECT id FROM report WHERE sign_up_id = ?1)",
          id.n);
}

struct campaign_result campaign_result_get(struct work *work, struct campaign_id id)
{
    work_reads(work, OBJECT_CAMPAIGN, id.n);
    const struct db_row *row = tx_one(work->tx,
                                      "SELECT reports_each, reports, verified, thanks"
                                      " FROM campaign_result"
                                      " WHERE campaign_id = ?1",
                                      id.n);
    struct campaign_result result = {.reports_each = "", .thanks = ""};
    if (row) {
        result.reports_each = row_text(row, 0);
        result.reports = row_int(row, 1);
        result.verified = row_int(row, 2);
        result.thanks = row_text(row, 3);
    }
    return result;
}

void campaign_result_count(struct work *work, struct campaign_id id, int64_t reports,
                           int64_t verified)
{
    tx_do(work->tx,
          "INSERT INTO campaign_result (campaign_id, reports_each, reports, verified)"
          " VALUES (?1, '', ?2, ?3) ON CONFLICT (campaign_id) DO UPDATE SET"
          " reports = campaign_result.reports + ?2, verified = campaign_result.verified + ?3",
          id.n, reports, verified);
    work_touches(work, OBJECT_CAMPAIGN, id.n);
}

static const char *quantity_check(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT c.slug FROM campaign c WHERE c.quantity <> (SELECT"
                         " CAST(COALESCE(SUM(r.quantity), 0) AS BIGINT) FROM report r"
                         " WHERE r.campaign_id = c.id AND r.set_aside = 0) LIMIT 1");
    return row ? row_text(row, 0) : NULL;
}

static const char *result_check(struct work *work)
{
    const struct db_row *row = tx_one(
        work->tx,
        "SELECT c.slug FROM campaign c LEFT JOIN campaign_result k ON k.campaign_id = c.id"
        " WHERE COALESCE(k.reports, 0) <> (SELECT COUNT(*) FROM report r"
        " WHERE r.campaign_id = c.id AND r.set_aside = 0)"
        " OR COALESCE(k.verified, 0) <> (SELECT CAST(COALESCE(SUM(r.quantity), 0) AS BIGINT)"
        " FROM report r WHERE r.campaign_id = c.id AND r.set_aside = 0 AND r.how = 'verified')"
        " LIMIT 1");
    return row ? row_text(row, 0) : NULL;
}

const char *reports_check(struct work *work)
{
    const char *slug = quantity_check(work);
    if (slug)
        return mem_printf(work->mem, "The quantity of campaign %s is not the sum of its reports.",
                          slug);
    slug = result_check(work);
    if (slug)
        return mem_printf(work->mem, "The reports of campaign %s are not those it has counted.",
                          slug);
    return NULL;
}
