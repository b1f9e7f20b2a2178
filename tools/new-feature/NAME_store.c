/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of NOUN: one function for each statement. */
#include "base/mem.h"
#include "features/NAME/NAME_local.h"
#include "sys/db.h"
#include "web/work.h"

#define COLUMNS "n.id, n.campaign_id, n.handle, n.author_id, p.name, n.text, n.created_at "
#define FROM "FROM NOUN n JOIN person p ON p.id = n.author_id "

static const struct NOUN *NAME_from(struct mem *mem, const struct db_row *row)
{
    const struct NOUN *first = NULL;
    const struct NOUN **end = &first;
    for (; row; row = row->next) {
        struct NOUN *NOUN = MEM_NEW(mem, struct NOUN);
        *NOUN = (struct NOUN){
            .id = row_int(row, 0),
            .campaign_id = {row_int(row, 1)},
            .handle = row_text(row, 2),
            .author_id = {row_int(row, 3)},
            .author = row_text(row, 4),
            .text = row_text(row, 5),
            .created_at = row_int(row, 6),
        };
        *end = NOUN;
        end = &NOUN->next;
    }
    return first;
}

const struct NOUN *NOUN_list(struct work *work, struct campaign_id campaign, int count)
{
    work_reads(work, OBJECT_CAMPAIGN, campaign.n);
    return NAME_from(work->mem, tx_rows(work->tx,
                                        "SELECT " COLUMNS FROM "WHERE n.campaign_id = ?1 "
                                        "ORDER BY n.id DESC LIMIT ?2",
                                        campaign.n, count));
}

const struct NOUN *NOUN_list_by_author(struct work *work, struct person_id author, int64_t after)
{
    return NAME_from(work->mem, tx_rows(work->tx,
                                        "SELECT " COLUMNS FROM "WHERE n.author_id = ?1 "
                                        "AND n.id > ?2 ORDER BY n.id LIMIT ?3",
                                        author.n, after, UPPER_NAME_SHOWN_MAX));
}

int64_t NAME_count_since(struct work *work, struct campaign_id campaign, struct person_id author,
                         int64_t since)
{
    const struct db_row *row = tx_one(work->tx,
                                      "SELECT COUNT(*) FROM NOUN WHERE author_id = ?1 "
                                      "AND campaign_id = ?2 AND created_at > ?3",
                                      author.n, campaign.n, since);
    return row ? row_int(row, 0) : 0;
}

void NOUN_insert(struct work *work, const struct NOUN *NOUN)
{
    tx_do(work->tx,
          "INSERT INTO NOUN (id, campaign_id, handle, author_id, text, created_at) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
          NOUN->id, NOUN->campaign_id.n, NOUN->handle, NOUN->author_id.n, NOUN->text,
          NOUN->created_at);
    work_touches(work, OBJECT_CAMPAIGN, NOUN->campaign_id.n);
}

bool NOUN_delete(struct work *work, struct campaign_id campaign, const char *handle)
{
    work_touches(work, OBJECT_CAMPAIGN, campaign.n);
    return tx_one(work->tx, "DELETE FROM NOUN WHERE campaign_id = ?1 AND handle = ?2 RETURNING id",
                  campaign.n, handle) != NULL;
}

void NAME_forget_author(struct work *work, struct person_id author)
{
    const struct db_row *row =
        tx_rows(work->tx, "DELETE FROM NOUN WHERE author_id = ?1 RETURNING campaign_id", author.n);
    for (; row; row = row->next)
        work_touches(work, OBJECT_CAMPAIGN, row_int(row, 0));
}
