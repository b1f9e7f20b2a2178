/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A person in the rows of campaigns: what they lead, and where they are named. */
#include "base/mem.h"
#include "core/people/people.h"
#include "features/campaigns/campaigns_local.h"
#include "sys/db.h"
#include "web/work.h"

enum { LED_PAGE = 50 }; /* stories are long */

const struct campaign_led *campaigns_led_by(struct work *work, struct person_id person,
                                            int64_t after)
{
    const struct campaign_led *first = NULL;
    const struct campaign_led **end = &first;
    const struct db_row *row =
        tx_rows(work->tx,
                "SELECT c.id, c.slug, c.title, c.summary, c.story, c.state, c.organiser_name,"
                " c.organiser_email FROM campaign_organiser o JOIN campaign c"
                " ON c.id = o.campaign_id WHERE o.person_id = ?1 AND o.campaign_id > ?2"
                " ORDER BY o.campaign_id LIMIT ?3",
                person.n, after, LED_PAGE);
    for (; row; row = row->next) {
        struct campaign_led *led = MEM_NEW(work->mem, struct campaign_led);
        *led = (struct campaign_led){
            .id = row_int(row, 0),
            .slug = row_text(row, 1),
            .title = row_text(row, 2),
            .summary = row_text(row, 3),
            .story = row_text(row, 4),
            .state = row_text(row, 5),
            .organiser_name = row_text(row, 6),
            .organiser_email = row_text(row, 7),
        };
        *end = led;
        end = &led->next;
    }
    return first;
}

static void touch_all(struct work *work, const struct db_row *row)
{
    for (; row; row = row->next)
        work_touches(work, OBJECT_CAMPAIGN, row_int(row, 0));
}

/* A name in the middle of another ("Anne, for the allotments") counts as theirs. */
void campaigns_unname(struct work *work, const struct person *person)
{
    touch_all(work,
              tx_rows(work->tx,
                      "UPDATE campaign SET organiser_name = (SELECT k.name FROM community k"
                      " WHERE k.id = campaign.community_id) WHERE ?2 <> ''"
                      " AND lower(organiser_name) LIKE '%' || lower(?2) || '%' AND id IN (SELECT"
                      " campaign_id FROM campaign_organiser WHERE person_id = ?1 UNION ALL SELECT"
                      " id FROM campaign WHERE organiser_email = ?3 AND organiser_email <> '')"
                      " RETURNING id",
                      person->id.n, person->name, person->email));
    touch_all(work, tx_rows(work->tx,
                            "UPDATE campaign SET organiser_email = '' WHERE organiser_email = ?1"
                            " AND organiser_email <> '' RETURNING id",
                            person->email));
}

/* Its row stays, since others hang on it; nothing that was written does. */
void campaign_drafts_empty(struct work *work, struct person_id person)
{
    const struct db_row *row =
        tx_rows(work->tx,
                "UPDATE campaign SET title = '\u2013', summary = '\u2013', story = '',"
                " story_html = '', place = '', slug = 'erased-' || CAST(id AS TEXT)"
                " WHERE state = 'draft' AND id IN (SELECT c.id FROM campaign_organiser mine"
                " JOIN campaign c ON c.id = mine.campaign_id WHERE mine.person_id = ?1"
                " AND NOT EXISTS (SELECT 1 FROM campaign_organiser o WHERE o.campaign_id = c.id"
                " AND o.person_id <> ?1)) RETURNING id",
                person.n);
    for (; row; row = row->next) {
        tx_do(work->tx, "DELETE FROM campaign_word WHERE campaign_id = ?1", row_int(row, 0));
        tx_do(work->tx, "DELETE FROM campaign_address WHERE campaign_id = ?1", row_int(row, 0));
        tx_do(work->tx,
              "INSERT INTO campaign_address (community_id, slug, campaign_id)"
              " SELECT community_id, slug, id FROM campaign WHERE id = ?1",
              row_int(row, 0));
        tx_do(work->tx, "UPDATE session SET title = '', place = '' WHERE campaign_id = ?1",
              row_int(row, 0));
        work_touches(work, OBJECT_CAMPAIGN, row_int(row, 0));
    }
}
