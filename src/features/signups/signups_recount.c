/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What each gives in a session has changed: the hours of those who have signed up follow, and the
 * campaign's with them. Hours that people said themselves are theirs. A job, in pages of rows by
 * their id: a page writes its rows and what they make of the campaign's hours in one transaction,
 * so that the campaign has the sum of its rows at every moment between. Who signs up, or comes from
 * another session, meanwhile has the new length already. */
#include "core/jobs/jobs.h"
#include "features/signups/signups_local.h"
#include "web/feature.h"
#include "web/work.h"

void sign_up_heard_minutes(struct work *work, int64_t session_id)
{
    job_drop(work, JOB_MINUTES, session_id); /* one that is on its way begins anew */
    job_add(work, JOB_MINUTES, session_id, work->now);
}

void sign_up_minutes_run(struct work *work, struct job *job)
{
    const struct session *session = session_get(work, (struct session_id){job->object_id});
    const struct campaign *campaign =
        session ? sign_up_enter_campaign(work, session->campaign_id) : NULL;
    if (!campaign || campaign->asks_hours)
        return;
    struct sign_up_span span = {session->id, job->cursor, 0};
    span.last = sign_up_page_end(work, session->id, job->cursor);
    if (span.last == 0)
        return;
    int64_t each = session_minutes_each(campaign, session);
    int64_t more = sign_up_minutes_missing(work, &span, each);
    sign_up_set_minutes(work, &span, each);
    if (more != 0)
        campaign_count(work, campaign->id, 0, more);
    job->cursor = span.last;
    job->again_at = work->now;
}
