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
#include "web/app.h"
#include "web/feature.h"
#include "web/work.h"

/* A gathering that is being told. */
struct telling {
    struct work *work;
    const struct campaign *campaign;
    const struct session *sessions;
    const struct campaign_change *changes; /* the earliest first */
};

/* What of it is new to one person. */
struct news {
    const struct campaign_change *changes;
    bool of_session; /* their session changed; not only the campaign around it */
    bool of_the_day; /* when or where it is; not only a title or a deadline */
    bool asks;       /* they may not be able to come any more */
};

void sign_up_heard_change(struct work *work, int64_t campaign_id)
{
    job_add(work, JOB_CHANGES, campaign_id, work->now + CHANGES_GATHERED_SECONDS);
}

/* In words. */

static const char *where_words(const struct telling *t, const struct lang *lang,
                               struct whereabouts where)
{
    struct lang_hole hole = {"place", where.place};
    if (str_is_empty(where.place))
        return lang_text(lang, where.online ? N_("Online, from home") : N_("To be announced"));
    if (!where.online)
        return where.place;
    return lang_fill(t->work->mem, lang_text(lang, N_("{place}, or online")), &hole, 1);
}

static const char *minutes_of(const struct telling *t, const struct lang *lang, int64_t minutes)
{
    const char *words = minutes_words(t->work, lang, minutes);
    return words ? words : lang_text(lang, N_("Not said"));
}

static const char *span_words(const struct telling *t, const struct lang *lang,
                              const struct session *session, int64_t from, int64_t until)
{
    return lang_span(lang, t->work->mem, from, until, session_zone(t->work, session));
}

static const char *deadline_words(const struct telling *t, const struct lang *lang, int64_t at)
{
    return lang_date(lang, t->work->mem, LANG_DATE_TIME, at, campaign_zone(t->work, t->campaign));
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
    case CHANGE_MINUTES:
        line->label = lang_text(lang, N_("How long it takes"));
        line->before = minutes_of(t, lang, change->from);
        line->now = minutes_of(t, lang, campaign->minutes_each);
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
    line->before = where_words(t, lang, (struct whereabouts){change->text, change->online});
    line->now = where_words(t, lang, session_whereabouts(campaign, session));
}

static const struct change_line *lines_of(const struct telling *t, const struct sign_up *sign_up,
                                          const struct campaign_change *change)
{
    const struct lang *lang = lang_get(t->work->app->langs, sign_up->language);
    const struct change_line *first = NULL;
    const struct change_line **end = &first;
    for (; change; change = change->next) {
        struct change_line *line = MEM_NEW(t->work->mem, struct change_line);
        line_fill(t, lang, change, line);
        *end = line;
        end = &line->next;
    }
    return first;
}

/* Who is told what. */

/* Of each part, how it was when they last said yes: before the first change since. What is now as
 * it was then is no news. */
static struct news news_of(const struct telling *t, const struct sign_up *sign_up)
{
    struct news news = {NULL};
    const struct campaign_change **end = &news.changes;
    const struct session *session = session_among(t->sessions, sign_up->session_id);
    bool is_known[CHANGE_TIME + 1][2] = {{false}};
    for (const struct campaign_change *c = t->changes; c; c = c->next) {
        bool of_session = c->session_id.n != 0;
        bool *known = &is_known[c->of][of_session];
        bool concerns = !of_session || c->session_id.n == sign_up->session_id.n;
        if (!concerns || c->at < sign_up->agreed_at || *known)
            continue;
        *known = true;
        if (campaign_change_is_undone(c, t->campaign, of_session ? session : NULL))
            continue;
        struct campaign_change *change = mem_copy(t->work->mem, c, sizeof *c);
        change->next = NULL;
        *end = change;
        end = &change->next;
        news.of_session |= of_session;
        news.of_the_day |= c->of == CHANGE_TIME || c->of == CHANGE_PLACE;
        news.asks |= session && campaign_change_asks(change, session, t->work->now);
    }
    return news;
}

/* Another sign-up of the same person brings the mail, with what is new of its session. */
static bool is_told_elsewhere(const struct telling *t, const struct sign_up *sign_up)
{
    const struct sign_up *own = sign_up_list_by_email(t->work, t->campaign->id, sign_up->email);
    for (; own; own = own->next)
        if (sign_up_is_in(own) && news_of(t, own).of_session)
            return true;
    return false;
}

static const char *key_of(const struct telling *t, const struct sign_up *sign_up, bool by_session)
{
    struct mem *mem = t->work->mem;
    long long gathering = (long long)t->changes->at;
    if (by_session)
        return mem_printf(mem, "session_changed:%lld:%lld", gathering, (long long)sign_up->id.n);
    return mem_printf(mem, "campaign_changed:%lld:%lld:%s", (long long)t->campaign->id.n, gathering,
                      sign_up->email);
}

static void ask(const struct telling *t, const struct sign_up *sign_up, const struct news *is_new)
{
    struct work *work = t->work;
    const struct session *session = session_among(t->sessions, sign_up->session_id);
    const struct sign_up_asking_again asking =
        sign_up_asking_until(work, session, work->now + ANSWER_SECONDS);
    sign_up_set_again(work, sign_up->id, &asking);
    job_add(work, JOB_ANSWERS, t->campaign->id.n, asking.remind_at ? asking.remind_at : asking.by);
    const struct sign_up_news news = {
        .reason = "session_moved",
        .kind = OUTBOX_ASKED_FOR,
        .subject = N_("Something has changed: can you still come?"),
        .html = moved_mail,
        .text = moved_mail_text,
        .changes = lines_of(t, sign_up, is_new->changes),
        .answer_by = asking.by,
        .calendar = NEWS_ENTRY,
        .key = key_of(t, sign_up, true),
    };
    sign_up_tell(work, t->campaign, sign_up, &news);
}

static void tell(const struct telling *t, const struct sign_up *sign_up)
{
    static const struct sign_up_asking_again by_the_organiser = {AGAIN_MOVED, .to_call = true};
    const struct news is_new = news_of(t, sign_up);
    if (!is_new.changes)
        return;
    if (is_new.asks && sign_up_has_no_address(sign_up))
        sign_up_set_again(t->work, sign_up->id, &by_the_organiser);
    else if (is_new.of_the_day)
        sign_up_must_hear(t->work, sign_up, TELL_CHANGED);
    if (!sign_up_has_mailbox(sign_up))
        return;
    if (is_new.asks) {
        ask(t, sign_up, &is_new);
        return;
    }
    if (!is_new.of_session && is_told_elsewhere(t, sign_up))
        return;
    const struct sign_up_news news = {
        .reason = "campaign_changed",
        .kind = OUTBOX_ASKED_FOR,
        .subject = N_("Something has changed"),
        .html = changes_mail,
        .text = changes_mail_text,
        .changes = lines_of(t, sign_up, is_new.changes),
        .calendar = is_new.of_session ? NEWS_ENTRY : NEWS_WITHOUT_ENTRY,
        .key = key_of(t, sign_up, is_new.of_session),
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
    telling.changes = campaign_changes_take(work, campaign->id, job->cursor == 0);
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

void sign_up_changes_given_up(struct work *work, int64_t campaign_id)
{
    campaign_changes_drop(work, (struct campaign_id){campaign_id});
}
