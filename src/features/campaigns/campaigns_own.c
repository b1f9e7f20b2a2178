/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* "My campaigns", on one's own page: drafts, those that run, and those that are over. */
#include "base/mem.h"
#include "features/campaigns/campaigns_local.h"
#include "features/campaigns/campaigns_write.h"
#include "features/campaigns/campaigns_write.html.h"
#include "web/request.h"

enum { OWN_CAMPAIGNS_SHOWN = 50 };

static const struct own_campaign ***end_of(enum campaign_state state,
                                           const struct own_campaign **ends[3])
{
    switch (state) {
    case CAMPAIGN_DRAFT:
    case CAMPAIGN_SUBMITTED:
        return &ends[0];
    case CAMPAIGN_SCHEDULED:
    case CAMPAIGN_OPEN:
    case CAMPAIGN_REACHED:
    case CAMPAIGN_UNDER_WAY:
        return &ends[1];
    case CAMPAIGN_MISSED:
    case CAMPAIGN_REPORTED:
    case CAMPAIGN_CANCELLED:
        break;
    }
    return &ends[2];
}

void own_campaigns_panel(struct request *rq, struct html *h, int64_t person_id)
{
    struct work *work = &rq->work;
    struct own_campaigns view = {0};
    const struct own_campaign **ends[] = {&view.drafts, &view.running, &view.over};
    const struct campaign *campaign =
        campaign_list_own(work, (struct person_id){person_id}, OWN_CAMPAIGNS_SHOWN);
    for (; campaign; campaign = campaign->next) {
        struct own_campaign *own = MEM_NEW(work->mem, struct own_campaign);
        own->campaign = campaign;
        own->path = campaign_path(work, campaign);
        const struct own_campaign ***end = end_of(campaign->state, ends);
        if (end != &ends[2])
            own->edit_path = path_make(work->mem, "/campaigns/%s/edit", campaign->slug);
        **end = own;
        *end = &own->next;
    }
    own_campaigns(h, &view);
}
