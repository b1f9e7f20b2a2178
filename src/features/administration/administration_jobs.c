/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What runs by itself and has stopped: a job that failed again and again is parked, and waits here
 * for somebody who looks at why, and runs it again or gives it up. */
#include <stddef.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/audit/audit.h"
#include "core/jobs/jobs.h"
#include "features/administration/administration.html.h"
#include "features/administration/administration_local.h"
#include "features/campaigns/campaigns.h"
#include "sys/lang.h"
#include "web/community.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

#define JOBS "/administration/jobs"

/* By the first part of a kind's name: what such jobs are for. A new one is told by its name alone.
 */
static const struct {
    const char *start;
    const char *words;
} kinds[] = {
    {"campaigns.", N_("Keeps a campaign’s dates and states")},
    {"signups.", N_("Looks after sign-ups and writes to participants")},
    {"reports.", N_("Looks after results and thanks")},
    {"team.", N_("Looks after invitations")},
    {"messages.", N_("Sends e-mails")},
    {"account.", N_("Tidies up sign-ins")},
    {"logins.", N_("Tidies up sign-ins")},
    {"keys.", N_("Tidies up")},
    {"audit.", N_("Tidies up")},
    {"outbox.", N_("Tidies up")},
    {"privacy.", N_("Erases what is not kept any longer")},
};

const char *job_words(const struct lang *lang, const char *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_starts(kind, kinds[i].start))
            return lang_text(lang, kinds[i].words);
    return kind;
}

static const struct view_field job_fields[] = {
    {"id", VIEW_TEXT, offsetof(struct job_view, id)},
    {"kind", VIEW_TEXT, offsetof(struct job_view, kind)},
    {"about", VIEW_TEXT_OR_NULL, offsetof(struct job_view, about)},
    {"parked_at", VIEW_TIME, offsetof(struct job_view, parked_at)},
    {"attempts", VIEW_INT, offsetof(struct job_view, attempts)},
    {"fault", VIEW_TEXT, offsetof(struct job_view, fault)},
    {.name = NULL},
};
static const struct view job_json = {"job", job_fields};
static const struct view_field jobs_fields[] = {
    {"items", VIEW_LIST, offsetof(struct jobs_page, jobs), &job_json},
    {"due", VIEW_INT, offsetof(struct jobs_page, due)},
    {.name = NULL},
};
const struct view jobs_json = {"jobs", jobs_fields};

/* Most jobs are about a campaign: its title says more than any number. */
static void tell_object(struct work *work, struct job_view *view, int64_t object_id)
{
    const struct campaign *campaign =
        object_id ? campaign_get(work, (struct campaign_id){object_id}) : NULL;
    if (!campaign)
        return;
    view->about = campaign->title;
    view->path = campaign_path(work, campaign);
}

static const struct job_view *jobs_of(struct request *rq)
{
    struct work *work = &rq->work;
    const struct job_view *first = NULL;
    const struct job_view **end = &first;
    for (const struct job_parked *job = jobs_parked(work, JOBS_PARKED_MAX); job; job = job->next) {
        struct job_view *view = MEM_NEW(work->mem, struct job_view);
        *view = (struct job_view){
            .id = job->handle,
            .kind = job->kind,
            .words = job_words(rq->lang, job->kind),
            .since = lang_date(rq->lang, work->mem, LANG_DATE_TIME, job->parked_at,
                               work->community->zone),
            .parked_at = job->parked_at,
            .attempts = job->attempts,
            .fault = job->fault,
            .again_path = path_make(work->mem, JOBS "/%s/again", job->handle),
            .drop_path = path_make(work->mem, JOBS "/%s/drop", job->handle),
        };
        tell_object(work, view, job->object_id);
        *end = view;
        end = &view->next;
    }
    return first;
}

const struct refusal *jobs_show(struct request *rq)
{
    const struct jobs_page view = {.jobs = jobs_of(rq), .due = jobs_due_count(&rq->work)};
    if (rq->wants_json) {
        reply_json(rq, &jobs_json, &view);
        return NULL;
    }
    struct html *h = page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("Tasks"))});
    jobs_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

static void run_again(struct work *work, const struct job_parked *job)
{
    job_unpark(work, job->id);
}

static const struct refusal *end_parked(struct request *rq, enum audit_action action,
                                        void (*end)(struct work *work,
                                                    const struct job_parked *job))
{
    const struct job_parked *job = job_parked_get(&rq->work, rq->params[0]);
    if (!job)
        return &refusal_not_found;
    end(&rq->work, job);
    audit_add(&rq->work, action, &(struct audit_object){.id = job->object_id, .title = job->kind},
              "");
    reply_see_other(rq, JOBS);
    return NULL;
}

const struct refusal *job_again_handle(struct request *rq)
{
    return end_parked(rq, AUDIT_JOB_AGAIN, run_again);
}

const struct refusal *job_drop_handle(struct request *rq)
{
    return end_parked(rq, AUDIT_JOB_DROP, job_give_up);
}
