/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What changed is told to everyone whom it concerns: gathered for half an hour, one mail for each
 * person, with how it was and how it is. Whose session moved, or grew, is asked whether they can
 * still come. They stay in and are counted until they answer, or their time to answer is over. */
#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/jobs/jobs.h"
#include "features/signups/signups_again.h"
#include "features/signups/signups_again_mail.html.h"
#include "features/signups/signups_local.h"
#include "features/signups/signups_mail.h"
#include "features/signups/signups_views.h"
#include "sys/lang.h"
#include "sys/zone.h"
#include "web/app.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/work.h"

/* A gathering that is being told. */
struct telling {
    struct work *work;
    const struct campaign *campaign;
    const struct session *sessions;
    const struct campaign_change *changes;
};

void sign_up_heard_change(struct work *work, int64_t campaign_id)
{
    job_add(work, JOB_CHANGES, campaign_id, work->now + CHANGES_GATHERED_SECONDS);
}

void sign_up_heard_move(struct work *work, int64_t session_id)
{
    const struct session *session = session_get(work, (struct session_id){session_id});
    if (session)
        sign_up_heard_change(work, session->campaign_id.n);
}

/* In words. */

static const char *where_words(const struct lang *lang, const char *place, bool online)
{
    if (!str_is_empty(place))
        return place;
    return online ? lang_text(lang, N_("Online, from home"))
                  : lang_text(lang, N_("To be announced"));
}

static const char *span_words(const struct telling *t, const struct lang *lang,
                              const struct session *session, int64_t from, int64_t until)
{
    const struct zone *zone = zone_get(t->work->app->zones, session->time_zone);
    return lang_span(lang, t->work->mem, from, until, zone ? zone : t->work->community->zone);
}

static const char *deadline_words(const struct telling *t, const struct lang *lang, int64_t at)
{
    const struct zone *zone = zone_get(t->work->app->zones, t->campaign->time_zone);
    return lang_date(lang, t->work->mem, LANG_DATE_TIME, at,
                     zone ? zone : t->work->community->zone);
}

static void line_fill(const struct telling *t, const struct lang *lang,
                      const struct campaign_change *change, struct change_line *line)
{
    const struct campaign *campaign = t->campaign;
    const struct session *session = session_among(t->sessions, change->session_id);
    switch (change->of) {
    case CHANGE_TITLE:
        line->label = lang_text(lang, N_("Title"));
        line->before = change->text;
        line->now = campaign->title;
        return;
    case CHANGE_DEADLINE:
        line->label = lang_text(lang, N_("Sign up until"));
        line->before = deadline_words(t, lang, change->from);
        line->now = deadline_words(t, lang, campaign->closes_at);
        return;
    case CHANGE_TIME:
        line->label = lang_text(lang, N_("When"));
        line->before = span_words(t, lang, session, change->from, change->until);
        line->now = span_words(t, lang, session, session->starts_at, session->ends_at);
        return;
    case CHANGE_PLACE:
        break;
    }
    line->label = lang_text(lang, N_("Where"));
    line->before = where_words(lang, change->text, change->online);
    line->now = session ? where_words(lang, session->place, session->online)
                        : where_words(lang, campaign->place, campaign->online);
    if (session && str_is_empty(change->text) && !change->online)
        line->before = where_words(lang, campaign->place, campaign->online);
    if (session && str_is_empty(session->place) && !session->online)
        line->now = where_words(lang, campaign->place, campaign->online);
}

static bool concerns(const struct campaign_change *change, const struct sign_up *sign_up)
{
    return change->session_id.n == 0 || change->session_id.n == sign_up->session_id.n;
}

static const struct change_line *lines_of(const struct telling *t, const struct sign_up *sign_up)
{
    const struct lang *lang = lang_get(t->work->app->langs, sign_up->language);
    const struct change_line *first = NULL;
    const struct change_line **end = &first;
    for (const struct campaign_change *c = t->changes; c; c = c->next) {
        if (!concerns(c, sign_up))
            continue;
        struct change_line *line = MEM_NEW(t->work->mem, struct change_line);
        line_fill(t, lang, c, line);
        *end = line;
        end = &line->next;
    }
    return first;
}

/* Who is told. */

/* Their session changed; not only the campaign around it. */
static bool is_in_a_changed_one(const struct telling *t, const struct sign_up *sign_up)
{
    for (const struct campaign_change *c = t->changes; c; c = c->next)
        if (c->session_id.n == sign_up->session_id.n)
            return true;
    return false;
}

/* They said yes to it as it was, and it has not begun. Who has no mailbox cannot be asked: whoever
 * added them by hand tells them. */
static bool is_to_be_asked(const struct telling *t, const struct sign_up *sign_up)
{
    const struct session *session = session_among(t->sessions, sign_up->session_id);
    if (!session || session->starts_at <= t->work->now || !sign_up_has_mailbox(sign_up))
        return false;
    for (const struct campaign_change *c = t->changes; c; c = c->next)
        if (campaign_change_asks(c, session) && sign_up->confirmed_at <= c->first_at)
            return true;
    return false;
}

/* Another sign-up of the same person brings the mail, with what is new of its session. */
static bool is_told_elsewhere(const struct telling *t, const struct sign_up *sign_up)
{
    const struct sign_up *own = sign_up_list_by_email(t->work, t->campaign->id, sign_up->email);
    for (; own; own = own->next)
        if (sign_up_is_in(own) && is_in_a_changed_one(t, own))
            return true;
    return false;
}

static const char *key_of(const struct telling *t, const struct sign_up *sign_up, bool by_session)
{
    struct mem *mem = t->work->mem;
    long long gathering = (long long)t->changes->first_at;
    if (by_session)
        return mem_printf(mem, "session_changed:%lld:%lld", gathering, (long long)sign_up->id.n);
    return mem_printf(mem, "campaign_changed:%lld:%lld:%s", (long long)t->campaign->id.n, gathering,
                      sign_up->email);
}

static void ask(const struct telling *t, const struct sign_up *sign_up)
{
    struct work *work = t->work;
    const struct session *session = session_among(t->sessions, sign_up->session_id);
    int64_t by = work->now + ANSWER_SECONDS;
    if (by > session->starts_at)
        by = session->starts_at;
    int64_t remind_at = by - ANSWER_REMIND_SECONDS;
    if (remind_at <= work->now)
        remind_at = 0;
    sign_up_set_again(work, sign_up->id,
                      &(struct sign_up_asking_again){AGAIN_MOVED, by, remind_at});
    job_add(work, JOB_ANSWERS, t->campaign->id.n, remind_at ? remind_at : by);
    const struct sign_up_news news = {
        .reason = "session_moved",
        .kind = OUTBOX_ASKED_FOR,
        .subject = N_("Something has changed: can you still come?"),
        .html = moved_mail,
        .text = moved_mail_text,
        .changes = lines_of(t, sign_up),
        .until = by,
        .has_calendar = true,
        .key = key_of(t, sign_up, true),
    };
    sign_up_tell(work, t->campaign, sign_up, &news);
}

static void tell(const struct telling *t, const struct sign_up *sign_up)
{
    bool by_session = is_in_a_changed_one(t, sign_up);
    const struct change_line *lines = lines_of(t, sign_up);
    if (!lines)
        return;
    if (is_to_be_asked(t, sign_up)) {
        ask(t, sign_up);
        return;
    }
    if (!by_session && is_told_elsewhere(t, sign_up))
        return;
    const struct sign_up_news news = {
        .reason = "campaign_changed",
        .kind = OUTBOX_ASKED_FOR,
        .subject = N_("Something has changed"),
        .html = changes_mail,
        .text = changes_mail_text,
        .changes = lines,
        .has_calendar = by_session,
        .key = key_of(t, sign_up, by_session),
    };
    sign_up_tell(t->work, t->campaign, sign_up, &news);
}

/* What was gathered is told, or there is nothing to tell; a next gathering may have begun. */
static void gathering_done(struct work *work, struct job *job)
{
    int64_t next = campaign_changes_done(work, (struct campaign_id){job->object_id});
    job->cursor = 0;
    job->again_at = next ? next + CHANGES_GATHERED_SECONDS : 0;
}

void sign_up_changes_run(struct work *work, struct job *job)
{
    const struct campaign *campaign =
        sign_up_enter_campaign(work, (struct campaign_id){job->object_id});
    if (!campaign)
        return;
    struct telling telling = {work, campaign, campaign_sessions(work, campaign->id), NULL};
    telling.changes = campaign_changes_take(work, campaign, telling.sessions, job->cursor == 0);
    const struct sign_up *page =
        telling.changes ? sign_up_list_in(work, campaign->id, job->cursor) : NULL;
    if (!page) {
        gathering_done(work, job);
        return;
    }
    for (; page; page = page->next) {
        tell(&telling, page);
        job->cursor = page->id.n;
        if (job_page_is_over(job))
            break;
    }
    job->again_at = work->now;
}
