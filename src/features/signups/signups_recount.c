/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What each gives in a session has changed: the hours of those who have signed up follow, and the
 * campaign's with them. Hours that people said themselves are theirs. */
#include "features/signups/signups_local.h"
#include "web/work.h"

void sign_up_heard_minutes(struct work *work, int64_t session_id)
{
    const struct session *session = session_get(work, (struct session_id){session_id});
    const struct campaign *campaign = session ? campaign_get(work, session->campaign_id) : NULL;
    if (!campaign || campaign->asks_hours)
        return;
    int64_t each = session_minutes_each(campaign, session);
    int64_t more = sign_up_minutes_missing(work, session->id, each);
    sign_up_set_minutes(work, session->id, each);
    if (more != 0)
        campaign_count(work, campaign->id, 0, more);
}
