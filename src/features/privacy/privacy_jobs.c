/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is not kept for ever: each job looks once a day, works in pages, and is safe to run twice.
 * Logins, sign-ins, mails, invitations and the audit log are tidied up by their own folders. */
#include "base/limits.h"
#include "core/communities/communities.h"
#include "core/jobs/jobs.h"
#include "core/outbox/outbox.h"
#include "features/campaigns/campaigns.h"
#include "features/privacy/privacy_local.h"
#include "features/signups/signups.h"
#include "sys/lang.h"
#include "web/app.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/work.h"

/* Until the last mail has left; then it goes, and with it the address. */
void privacy_farewell_run(struct work *work, struct job *job)
{
    if (!outbox_forget_ended(work, job->object_id))
        job->again_at = work->now + HOUR_SECONDS;
}

/* Who has become indispensable meanwhile keeps the rest. */
void privacy_erase_run(struct work *work, struct job *job)
{
    const char *language;
    const char *email = erasing_get(work, job->object_id, &language);
    if (!email)
        return; /* they asked once more, and that was the end of it */
    if (sign_ups_forget_person(work, email)) {
        job->again_at = work->now;
        return;
    }
    if (!data_refuses_erasing(work, email))
        data_erase_rest(work, email, lang_get(work->app->langs, language));
    erasings_delete(work, email);
}

void privacy_links_run(struct work *work, struct job *job)
{
    bool more = data_links_forget(work, work->now - HOUR_SECONDS) == JOB_PAGE_ROWS;
    job->again_at = work->now + (more ? 0 : HOUR_SECONDS);
}

/* When campaigns end. */

void privacy_heard_end(struct work *work, int64_t campaign_id)
{
    campaign_end_write(work, (struct campaign_id){campaign_id}, work->now);
}

void privacy_heard_under_way(struct work *work, int64_t campaign_id)
{
    campaign_end_write(work, (struct campaign_id){campaign_id}, work->now + UNDER_WAY_SECONDS);
}

void privacy_heard_opened(struct work *work, int64_t campaign_id)
{
    campaign_end_drop(work, (struct campaign_id){campaign_id});
}

/* False: its community keeps them for longer. */
static bool names_are_over(struct work *work, const struct campaign_ended *ended)
{
    const struct campaign *campaign = campaign_get(work, ended->id);
    work->community = campaign ? community_get(work, campaign->community_id) : NULL;
    if (!work->community)
        return false;
    int64_t days = privacy_settings_get(work).names_months * MONTH_DAYS;
    return ended->ended_at + days * DAY_SECONDS <= work->now;
}

/* The cursor is the campaign at which the last page ended: of that one, names may be left. */
void privacy_names_run(struct work *work, struct job *job)
{
    const struct campaign_ended *ended =
        campaign_end_list(work, job->cursor, work->now - MONTH_DAYS * DAY_SECONDS);
    for (; ended; ended = ended->next) {
        job->cursor = ended->id.n;
        if (names_are_over(work, ended)) {
            if (sign_ups_forget_names(work, ended->id)) {
                job->again_at = work->now;
                return;
            }
            campaign_end_erased(work, ended->id);
        }
        job->cursor++;
        if (job_page_is_over(job) || !ended->next) {
            job->again_at = work->now;
            return;
        }
    }
    job->cursor = 0;
    job->again_at = work->now + DAY_SECONDS;
}

void privacy_unconfirmed_run(struct work *work, struct job *job)
{
    int count = 0;
    for (const struct sign_up *sign_up = sign_up_list_unconfirmed(work); sign_up;
         sign_up = sign_up->next, count++)
        sign_up_forget(work, sign_up);
    bool more = count == JOB_PAGE_ROWS;
    job->again_at = work->now + (more ? 0 : DAY_SECONDS);
}

/* Accounts that nobody uses. */

static void tell_idle(struct work *work, const struct idle_person *person)
{
    const struct lang *lang = lang_get(work->app->langs, person->language);
    work->community = community_find(work, "");
    if (!work->community)
        return;
    privacy_mail_idle(work, person->email, work->now + (int64_t)IDLE_WARNED_DAYS * DAY_SECONDS,
                      lang ? lang : lang_at(work->app->langs, 0));
    idle_write(work, person->id, person->since, work->now);
}

/* A login ends a month after it was used last, so that nobody is known to be idle before. Who is
 * the last to look after something is not erased, however long they were away. */
static void look_at_person(struct work *work, const struct idle_person *person,
                           int64_t idle_seconds)
{
    const int64_t warned_seconds = (int64_t)IDLE_WARNED_DAYS * DAY_SECONDS;
    if (person->is_used) {
        if (person->since)
            idle_drop(work, person->id);
        return;
    }
    if (!person->since)
        idle_write(work, person->id, work->now, 0);
    else if (person->since + idle_seconds - warned_seconds > work->now ||
             data_refuses_erasing(work, person->email))
        return;
    else if (!person->warned_at)
        tell_idle(work, person);
    else if (person->warned_at + warned_seconds <= work->now)
        feature_forget_person(work, person->email);
}

void privacy_idle_run(struct work *work, struct job *job)
{
    int64_t idle_seconds = privacy_account_years(work) * 365 * DAY_SECONDS;
    const struct idle_person *page = idle_list(work, job->cursor, work->now - idle_seconds);
    if (!page) {
        job->cursor = 0;
        job->again_at = work->now + DAY_SECONDS;
        return;
    }
    for (; page; page = page->next) {
        look_at_person(work, page, idle_seconds);
        job->cursor = page->id.n;
        if (job_page_is_over(job))
            break;
    }
    job->again_at = work->now;
}
