/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of what was decided about campaigns, and of who is to hear of it: one function for each
 * statement. */
#include "base/mem.h"
#include "features/campaigns/campaigns_lead.h"
#include "features/campaigns/campaigns_local.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/work.h"

static struct campaign_leading leading_of(const struct db_row *row)
{
    struct campaign_leading leading = {.word = "", .cancelled_because = ""};
    if (!row)
        return leading;
    leading.submitted_at = row_int(row, 0);
    leading.word = row_text(row, 1);
    leading.cancelled_because = row_text(row, 2);
    leading.extended_at = row_int(row, 3);
    leading.fell_at = row_int(row, 4);
    leading.opened_again_at = row_int(row, 5);
    return leading;
}

struct campaign_leading campaign_leading_get(struct work *work, struct campaign_id id)
{
    work_reads(work, OBJECT_CAMPAIGN, id.n);
    return leading_of(tx_one(work->tx,
                             "SELECT submitted_at, word, cancelled_because, extended_at, fell_at,"
                             " opened_again_at FROM campaign_leading WHERE campaign_id = ?1",
                             id.n));
}

void campaign_leading_set(struct work *work, struct campaign_id id,
                          const struct campaign_leading *l)
{
    tx_do(work->tx,
          "INSERT INTO campaign_leading (campaign_id, submitted_at, word, cancelled_because,"
          " extended_at, fell_at, opened_again_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
          " ON CONFLICT (campaign_id) DO UPDATE SET submitted_at = excluded.submitted_at,"
          " word = excluded.word, cancelled_because = excluded.cancelled_because,"
          " extended_at = excluded.extended_at, fell_at = excluded.fell_at,"
          " opened_again_at = excluded.opened_again_at",
          id.n, l->submitted_at, l->word, l->cancelled_because, l->extended_at, l->fell_at,
          l->opened_again_at);
    work_touches(work, OBJECT_CAMPAIGN, id.n);
}

bool person_has_published(struct work *work, struct person_id person)
{
    return tx_one(work->tx,
                  "SELECT 1 FROM campaign_organiser o JOIN campaign c ON c.id = o.campaign_id"
                  " WHERE o.person_id = ?1 AND c.community_id = ?2"
                  " AND c.state NOT IN ('draft', 'submitted') LIMIT 1",
                  person.n, work->community->id.n) != NULL;
}

const struct campaign *campaign_list_submitted(struct work *work)
{
    const struct campaign *first = NULL;
    const struct campaign **end = &first;
    work_reads(work, OBJECT_CAMPAIGNS, work->community->id.n);
    const struct db_row *row =
        tx_rows(work->tx,
                "SELECT id, slug, title, language, summary, organiser_name FROM campaign"
                " WHERE community_id = ?1 AND state = 'submitted' ORDER BY id LIMIT ?2",
                work->community->id.n, APPROVALS_LIST_MAX);
    for (; row; row = row->next) {
        struct campaign *campaign = MEM_NEW(work->mem, struct campaign);
        campaign->id.n = row_int(row, 0);
        campaign->slug = row_text(row, 1);
        campaign->title = row_text(row, 2);
        campaign->language = row_text(row, 3);
        campaign->summary = row_text(row, 4);
        campaign->organiser_name = row_text(row, 5);
        *end = campaign;
        end = &campaign->next;
    }
    return first;
}

void campaign_set_hidden(struct work *work, struct campaign_id id, int64_t hidden_at,
                         const char *word)
{
    tx_do(work->tx,
          "UPDATE campaign SET hidden_at = ?2, hidden_word = ?3, version = version + 1"
          " WHERE id = ?1",
          id.n, hidden_at, word);
    work_touches(work, OBJECT_CAMPAIGN, id.n);
    work_touches(work, OBJECT_CAMPAIGNS, work->community->id.n);
}
