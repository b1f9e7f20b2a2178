/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers of those who were asked whether they can still come: by the button, or by leaving. Twelve
 * hours before their time is over they hear it once more; who does not answer gives the place back,
 * and may take it again if it is still free. Once a session has begun nobody is taken off it. */
#include "features/signups/signups_again.h"

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/jobs/jobs.h"
#include "features/signups/signups_again.html.h"
#include "features/signups/signups_again_mail.html.h"
#include "features/signups/signups_local.h"
#include "features/signups/signups_mail.h"
#include "features/signups/signups_views.h"
#include "sys/lang.h"
#include "web/feature.h"
#include "web/request.h"
#include "web/work.h"

void sign_up_ask_no_more(struct work *work, const struct sign_up *sign_up)
{
    if (!str_is_empty(sign_up->again))
        sign_up_set_again(work, sign_up->id, &(struct sign_up_asking_again){.again = ""});
}

void sign_up_must_hear(struct work *work, const struct sign_up *sign_up, int64_t what)
{
    bool is_off = what == TELL_MISSED || what == TELL_CANCELLED;
    if (sign_up_has_no_address(sign_up))
        sign_up_set_to_tell(work, sign_up->id, is_off ? what : sign_up->to_tell | what);
}

static void lapse(struct work *work, const struct campaign *campaign, const struct sign_up *sign_up)
{
    static const struct sign_up_asking_again ended = {.again = AGAIN_MOVED};
    sign_up_end(work, sign_up, SIGN_UP_EXPIRED);
    sign_up_set_again(work, sign_up->id, &ended);
    const struct sign_up_news news = {
        .reason = "answer_lapsed",
        .kind = OUTBOX_ASKED_FOR,
        .subject = N_("Your place was given back"),
        .html = lapsed_mail,
        .text = lapsed_mail_text,
        .calendar = NEWS_ENTRY_GONE,
        .was_in = true,
        .until = campaign_refuses_sign_ups(campaign, work->now) ? 0 : campaign->closes_at,
        .key = mem_printf(work->mem, "answer_lapsed:%lld:%lld", (long long)sign_up->id.n,
                          (long long)sign_up->again_by),
    };
    sign_up_tell(work, campaign, sign_up, &news);
}

static void remind(struct work *work, const struct campaign *campaign,
                   const struct sign_up *sign_up)
{
    const struct sign_up_asking_again reminded = {AGAIN_MOVED, .by = sign_up->again_by};
    sign_up_set_again(work, sign_up->id, &reminded);
    const struct sign_up_news news = {
        .reason = "answer_reminder",
        .kind = OUTBOX_ASKED_FOR,
        .subject = N_("Can you still come? Please say so"),
        .html = answer_mail,
        .text = answer_mail_text,
        .answer_by = sign_up->again_by,
        .key = mem_printf(work->mem, "answer_reminder:%lld:%lld", (long long)sign_up->id.n,
                          (long long)sign_up->again_by),
    };
    sign_up_tell(work, campaign, sign_up, &news);
}

struct sign_up_asking_again sign_up_asking_until(struct work *work, const struct session *session,
                                                 int64_t by)
{
    if (by > session->starts_at)
        by = session->starts_at;
    int64_t remind_at = by - ANSWER_REMIND_SECONDS;
    return (struct sign_up_asking_again){AGAIN_MOVED, by, remind_at > work->now ? remind_at : 0};
}

/* Something newer is about to be told. It may ask anew, for two days; if not, the older question
 * is put again once it is told. */
static void put_off(struct work *work, const struct session *session, const struct sign_up *sign_up)
{
    int64_t told_by = work->now + CHANGES_GATHERED_SECONDS;
    const struct sign_up_asking_again later =
        sign_up_asking_until(work, session, told_by + ANSWER_REMIND_SECONDS);
    sign_up_set_again(work, sign_up->id, &later);
}

static void settle(struct work *work, const struct campaign *campaign,
                   const struct sign_up *sign_up)
{
    const struct session *session = session_get(work, sign_up->session_id);
    if (!session)
        return;
    if (session->starts_at <= work->now)
        sign_up_ask_no_more(work, sign_up);
    else if (session_change_waits(work, session))
        put_off(work, session, sign_up);
    else if (sign_up->again_by <= work->now)
        lapse(work, campaign, sign_up);
    else
        remind(work, campaign, sign_up);
}

void sign_up_answers_run(struct work *work, struct job *job)
{
    const struct campaign *campaign =
        sign_up_enter_campaign(work, (struct campaign_id){job->object_id});
    if (!campaign || campaign->state == CAMPAIGN_CANCELLED || campaign->state == CAMPAIGN_MISSED)
        return; /* everybody is released */
    const struct sign_up *page = sign_up_list_unanswered(work, campaign->id);
    for (; page; page = page->next) {
        settle(work, campaign, page);
        if (job_page_is_over(job))
            break;
    }
    int64_t next = sign_up_next_answer(work, campaign->id);
    job->again_at = next && next < work->now ? work->now : next;
}

/* Pages. */

void sign_up_again_panel(struct request *rq, struct html *h, int64_t sign_up_id)
{
    struct work *work = &rq->work;
    const struct sign_up *sign_up = sign_up_get(work, (struct sign_up_id){sign_up_id});
    bool is_asked = sign_up && sign_up->again_by && sign_up_is_in(sign_up);
    const struct session *session = is_asked ? session_get(work, sign_up->session_id) : NULL;
    if (!session)
        return;
    const char *path = sign_up_path(work, sign_up);
    const struct again_box view = {
        .until = lang_date(rq->lang, work->mem, LANG_DATE_TIME, sign_up->again_by,
                           session_zone(work, session)),
        .yes_path = mem_printf(work->mem, "%s/confirm", path),
        .no_path = mem_printf(work->mem, "%s/cancel", path),
    };
    again_box(h, &view);
}

void sign_up_again_todos(struct request *rq, int64_t campaign_id, struct todo_list *list)
{
    int64_t n = sign_up_count_unanswered(&rq->work, (struct campaign_id){campaign_id});
    if (n == 0)
        return;
    struct lang_hole hole = {"n", lang_number(rq->lang, rq->work.mem, n)};
    const char *words =
        lang_plural(rq->lang, "{n} person has not said yet whether they can still come.",
                    "{n} people have not said yet whether they can still come.", n);
    todo_add(list, &(struct todo){
                       .urgency = TODO_LATER,
                       .words = lang_fill(rq->work.mem, words, &hole, 1),
                   });
}
