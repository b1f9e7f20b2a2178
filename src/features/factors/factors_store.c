/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of factors and of what campaigns go by. No value is ever changed. */
#include "base/mem.h"
#include "base/str.h"
#include "features/factors/factors_local.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/work.h"

/* In the order in which factor_of reads them. */
#define FACTOR_COLUMNS                                                                             \
    "f.id, f.community_id, f.handle, f.name, f.basis, f.label_fr, f.label_en, f.per_fr, "          \
    "f.per_en, f.unit_fr, f.unit_en, f.value_low, f.value_high, f.scope_fr, f.scope_en, "          \
    "f.source, f.url, "                                                                            \
    "f.version, f.year, f.read_on, f.licence"

static struct factor *factor_of(struct work *work, const struct db_row *row)
{
    struct factor *factor = MEM_NEW(work->mem, struct factor);
    int i = 0;
    factor->id = row_int(row, i++);
    factor->is_own = !row_is_null(row, i++);
    factor->handle = row_text(row, i++);
    factor->name = row_text(row, i++);
    factor->basis = row_text(row, i++);
    factor->label_fr = row_text(row, i++);
    factor->label_en = row_text(row, i++);
    factor->per_fr = row_text(row, i++);
    factor->per_en = row_text(row, i++);
    factor->unit_fr = row_text(row, i++);
    factor->unit_en = row_text(row, i++);
    factor->value_low = row_int(row, i++);
    factor->value_high = row_int(row, i++);
    factor->scope_fr = row_text(row, i++);
    factor->scope_en = row_text(row, i++);
    factor->source = row_text(row, i++);
    factor->url = row_text(row, i++);
    factor->version = row_text(row, i++);
    factor->year = row_int(row, i++);
    factor->read_on = row_text(row, i++);
    factor->licence = row_text(row, i++);
    return factor;
}

static const struct factor *factors_of(struct work *work, const struct db_row *row)
{
    const struct factor *first = NULL;
    const struct factor **end = &first;
    for (; row; row = row->next) {
        struct factor *factor = factor_of(work, row);
        *end = factor;
        end = &factor->next;
    }
    return first;
}

const struct factor *factor_list(struct work *work)
{
    return factors_of(
        work, tx_rows(work->tx,
                      "SELECT " FACTOR_COLUMNS " FROM factor f WHERE f.ended_at = 0"
                      " AND (f.community_id = ?1 OR (f.community_id IS NULL AND NOT EXISTS"
                      " (SELECT 1 FROM factor o WHERE o.community_id = ?1 AND o.ended_at = 0"
                      " AND o.name = f.name)))"
                      " ORDER BY f.id LIMIT ?2",
                      work->community->id.n, FACTORS_IN_USE_MAX));
}

const struct factor *factor_get_in_use(struct work *work, const char *handle)
{
    for (const struct factor *factor = factor_list(work); factor; factor = factor->next)
        if (str_equal(factor->handle, handle))
            return factor;
    return NULL;
}

void factor_insert(struct work *work, const struct factor *f)
{
    tx_do(work->tx,
          "INSERT INTO factor (id, community_id, handle, name, basis, label_fr, label_en, per_fr,"
          " per_en, unit_fr, unit_en, value_low, value_high, scope_fr, scope_en, source, url, "
          "version, year,"
          " read_on, licence, valid_from, ended_at, ended)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,"
          " ?18, ?19, ?20, ?21, ?22, 0, '')",
          f->id, work->community->id.n, f->handle, f->name, f->basis, f->label_fr, f->label_en,
          f->per_fr, f->per_en, f->unit_fr, f->unit_en, f->value_low, f->value_high, f->scope_fr,
          f->scope_en, f->source, f->url, f->version, f->year, f->read_on, f->licence, work->now);
}

bool factor_end(struct work *work, int64_t id, const char *how)
{
    const struct db_row *row = tx_one(work->tx,
                                      "UPDATE factor SET ended_at = ?2, ended = ?3"
                                      " WHERE id = ?1 AND ended_at = 0 RETURNING id",
                                      id, work->now, how);
    work_touches(work, OBJECT_COMMUNITY, work->community->id.n);
    return row != NULL;
}

/* A superseded one stays what the organiser chose, with its year; a retired one says nothing more.
 */
const struct factor *factors_of_campaign(struct work *work, struct campaign_id id)
{
    work_reads(work, OBJECT_CAMPAIGN, id.n);
    work_reads(work, OBJECT_COMMUNITY, work->community->id.n);
    return factors_of(work, tx_rows(work->tx,
                                    "SELECT " FACTOR_COLUMNS " FROM campaign_factor c"
                                    " JOIN factor f ON f.id = c.factor_id"
                                    " WHERE c.campaign_id = ?1 AND f.ended <> 'retired'"
                                    " ORDER BY c.place LIMIT ?2",
                                    id.n, FACTORS_PER_CAMPAIGN_MAX));
}

void campaign_factors_clear(struct work *work, struct campaign_id id)
{
    tx_do(work->tx, "DELETE FROM campaign_factor WHERE campaign_id = ?1", id.n);
    work_touches(work, OBJECT_CAMPAIGN, id.n);
}

void campaign_factor_insert(struct work *work, struct campaign_id id, int64_t place,
                            int64_t factor_id)
{
    tx_do(work->tx,
          "INSERT INTO campaign_factor (campaign_id, place, factor_id) VALUES (?1, ?2, ?3)", id.n,
          place, factor_id);
}
