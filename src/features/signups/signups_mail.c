/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Mails of sign-ups: what each says, in the language in which the person signed up. */
#include "features/signups/signups_mail.h"

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/outbox/outbox.h"
#include "features/signups/signups_local.h"
#include "features/signups/signups_mail.html.h"
#include "features/signups/signups_organise_mail.html.h"
#include "features/signups/signups_views.h"
#include "sys/html.h"
#include "sys/ical.h"
#include "sys/lang.h"
#include "sys/markdown.h"
#include "web/app.h"
#include "web/community.h"
#include "web/work.h"

/* A mail being made: the sign-up with what belongs to it, and what the templates show. */
struct writing {
    struct work *work;
    const struct sign_up *sign_up;
    const struct campaign *campaign;
    const struct session *session;
    const struct lang *lang;
    const char *because; /* for the foot; NULL: an address was given */
    struct sign_up_mail view;
};

const char *sign_up_because(struct work *work, const struct campaign *campaign,
                            const struct lang *lang, bool is_in)
{
    const struct lang_hole holes[] = {{"community", work->community->name},
                                      {"campaign", campaign->title}};
    const char *words = is_in ? N_("{community} sent you this e-mail because you take part in "
                                   "“{campaign}”.")
                              : N_("{community} sent you this e-mail because you had signed up "
                                   "for “{campaign}”.");
    return lang_fill(work->mem, lang_text(lang, words), holes, 2);
}

static const char *share_url(struct work *work, const struct campaign *campaign,
                             const struct sign_up *sign_up)
{
    return work_url(
        work, mem_printf(work->mem, "%s?ref=%s", campaign_path(work, campaign), sign_up->ref));
}

static const char *result_url(struct work *work, const struct campaign *campaign)
{
    return work_url(work, mem_printf(work->mem, "%s/result", campaign_path(work, campaign)));
}

/* False: there is nobody to write to any more (or the database failed). */
static bool writing_start(struct work *work, const struct campaign *campaign,
                          const struct session *session, const struct sign_up *sign_up,
                          struct writing *ret_writing)
{
    const struct lang *lang = lang_get(work->app->langs, sign_up->language);
    if (!campaign || !session || !sign_up_has_mailbox(sign_up))
        return false;
    *ret_writing = (struct writing){
        .work = work,
        .sign_up = sign_up,
        .campaign = campaign,
        .session = session,
        .lang = lang,
        .because = sign_up_because(work, campaign, lang, true),
        .view =
            {
                .first_name = sign_up->first_name,
                .campaign = campaign->title,
                .asked_by = campaign->organiser_name,
                .when = session_when(work, lang, session),
                .where = session_where(campaign, session),
                .party = sign_up->party,
                .own_url = work_url(work, sign_up_path(work, sign_up)),
                .share_url = share_url(work, campaign, sign_up),
                .result_url = result_url(work, campaign),
                .organiser = campaign->organiser_name,
                .may_answer = outbox_answers_to(work, campaign->organiser_email),
            },
    };
    return true;
}

/* The same, of the campaign and the session as they are now. */
static bool writing_read(struct work *work, const struct sign_up *sign_up,
                         struct writing *ret_writing)
{
    return writing_start(work, campaign_get(work, sign_up->campaign_id),
                         session_get(work, sign_up->session_id), sign_up, ret_writing);
}

/* "{words}: {campaign}", as a subject. */
static const char *subject_of(const struct writing *w, const char *words)
{
    return mem_printf(w->work->mem, "%s – %s", words, w->campaign->title);
}

static void send(const struct writing *w, struct outbox_mail mail, sign_up_mail_part *html_part,
                 sign_up_mail_part *text_part)
{
    struct html *html = outbox_part(w->work, w->lang);
    struct html *text = outbox_part(w->work, w->lang);
    html_part(html, &w->view);
    text_part(text, &w->view);
    mail.to_name = w->sign_up->first_name;
    mail.to_address = w->sign_up->email;
    mail.reply_to_name = w->campaign->organiser_name;
    mail.reply_to = w->campaign->organiser_email;
    mail.html = outbox_part_text(html);
    mail.text = outbox_part_text(text);
    mail.lang = w->lang;
    mail.because = w->because;
    outbox_add(w->work, &mail);
}

static const char *time_of(const struct writing *w, int64_t at)
{
    return lang_date(w->lang, w->work->mem, LANG_TIME, at, campaign_zone(w->work, w->campaign));
}

void sign_up_mail_confirm(struct work *work, const struct sign_up *sign_up,
                          const struct sign_up_asked *asked)
{
    struct writing w;
    if (!writing_start(work, asked->campaign, asked->session, sign_up, &w))
        return;
    w.view.digits = asked->digits;
    w.because = NULL; /* whoever gave the address */
    if (asked->outcome == REQUEST_PENDING) {
        w.view.held_until = time_of(&w, sign_up->expires_at);
        send(&w,
             (struct outbox_mail){.reason = "sign_up_confirm",
                                  .priority = OUTBOX_AT_ONCE,
                                  .typed_for = SIGN_UP_TYPED,
                                  .subject = subject_of(&w, lang_text(w.lang, "Please confirm"))},
             confirm_mail, confirm_mail_text);
        return;
    }
    w.view.headline =
        asked->outcome == REQUEST_ALREADY_IN
            ? lang_text(w.lang, "You are already in")
            : lang_text(w.lang, "You are already signed up for another date at the same time");
    send(&w,
         (struct outbox_mail){.reason = "sign_up_already_in",
                              .priority = OUTBOX_AT_ONCE,
                              .typed_for = SIGN_UP_TYPED,
                              .subject = subject_of(&w, w.view.headline)},
         already_mail, already_mail_text);
}

const char *sign_up_calendar(struct work *work, const struct sign_up_entry *entry)
{
    const struct sign_up *sign_up = entry->sign_up;
    const struct session *session = entry->session;
    if (session->starts_at == 0)
        return NULL;
    const char *words =
        lang_text(entry->lang, entry->is_off ? N_("You are not expected. All about it: {campaign}")
                                             : N_("You are in. All about it: {campaign}"));
    struct lang_hole hole = {"campaign", work_url(work, campaign_path(work, entry->campaign))};
    return ical_calendar(work->mem,
                         &(struct ical_event){
                             .uid = mem_printf(work->mem, "%s@essaim", sign_up->handle),
                             .sequence = entry->is_mail ? sign_up_next_sequence(work, sign_up->id)
                                                        : sign_up->sequence,
                             .is_off = entry->is_off,
                             .is_message = entry->is_mail,
                             .organiser_name = work->community->name,
                             .organiser_address = outbox_from_address(work->mem, work->app),
                             .stamp_at = work->now,
                             .starts_at = session->starts_at,
                             .ends_at = session->ends_at,
                             .summary = entry->campaign->title,
                             .description = lang_fill(work->mem, words, &hole, 1),
                             .location = session_where(entry->campaign, session),
                             .url = hole.value,
                         });
}

static const char *calendar_of(const struct writing *w, bool is_off)
{
    return sign_up_calendar(w->work, &(struct sign_up_entry){w->sign_up, w->campaign, w->session,
                                                             w->lang, is_off, .is_mail = true});
}

void sign_up_mail_confirmed(struct work *work, const struct sign_up *sign_up)
{
    struct writing w;
    if (!writing_read(work, sign_up, &w))
        return;
    w.view.headline = rank_words(work, w.lang, sign_up->rank);
    w.view.to_go = to_go_words(work, w.lang, w.campaign);
    send(&w,
         (struct outbox_mail){
             .reason = "sign_up_confirmed",
             .subject = subject_of(&w, lang_text(w.lang, "You are in")),
             .calendar = calendar_of(&w, false),
         },
         confirmed_mail, confirmed_mail_text);
}

/* What an organiser did for somebody is told to them, with who it was. */

void sign_up_mail_added(struct work *work, const struct sign_up *sign_up, const char *organiser)
{
    struct writing w;
    if (!writing_read(work, sign_up, &w))
        return;
    w.view.organiser = organiser;
    w.view.headline = rank_words(work, w.lang, sign_up->rank);
    w.view.to_go = to_go_words(work, w.lang, w.campaign);
    send(&w,
         (struct outbox_mail){
             .reason = "sign_up_added",
             .subject = subject_of(&w, lang_text(w.lang, "You are in")),
             .calendar = calendar_of(&w, false),
         },
         added_mail, added_mail_text);
}

void sign_up_mail_changed(struct work *work, const struct sign_up *sign_up, const char *organiser)
{
    struct writing w;
    if (!writing_read(work, sign_up, &w))
        return;
    w.view.organiser = organiser;
    send(&w,
         (struct outbox_mail){
             .reason = "sign_up_changed",
             .subject = subject_of(&w, lang_text(w.lang, N_("Your sign-up was changed"))),
             .calendar = calendar_of(&w, false),
         },
         changed_mail, changed_mail_text);
}

void sign_up_mail_removed(struct work *work, const struct sign_up *sign_up, const char *organiser,
                          const char *words)
{
    struct writing w;
    if (!writing_read(work, sign_up, &w))
        return;
    w.view.organiser = organiser;
    w.view.words = view_lines(work->mem, words);
    w.because = sign_up_because(work, w.campaign, w.lang, false);
    send(&w,
         (struct outbox_mail){
             .reason = "sign_up_removed",
             .subject = subject_of(&w, lang_text(w.lang, N_("You are no longer signed up"))),
             .calendar = calendar_of(&w, true),
         },
         removed_mail, removed_mail_text);
}

static const char *until_of(const struct writing *w, const struct sign_up_news *news)
{
    struct work *work = w->work;
    if (news->answer_by)
        return lang_date(w->lang, work->mem, LANG_DATE_TIME, news->answer_by,
                         session_zone(work, w->session));
    if (news->until)
        return lang_date(w->lang, work->mem, LANG_DATE_TIME, news->until,
                         campaign_zone(work, w->campaign));
    return NULL;
}

void sign_up_tell(struct work *work, const struct campaign *campaign, const struct sign_up *sign_up,
                  const struct sign_up_news *news)
{
    struct writing w;
    if (!writing_start(work, campaign, session_get(work, sign_up->session_id), sign_up, &w))
        return;
    w.view.changes = news->changes;
    if (news->was_in)
        w.because = sign_up_because(work, campaign, w.lang, false);
    w.view.words = news->words ? view_lines(work->mem, news->words) : NULL;
    w.view.words_html = (struct safe_html){news->words_html};
    w.view.until = until_of(&w, news);
    const char *key = mem_printf(work->mem, "%s:%lld:%lld:%s", news->reason,
                                 (long long)campaign->id.n, (long long)news->round, sign_up->email);
    if (news->round == 0)
        key = mem_printf(work->mem, "%s:%lld:%s", news->reason, (long long)campaign->id.n,
                         sign_up->email);
    if (news->key)
        key = news->key;
    send(&w,
         (struct outbox_mail){
             .reason = news->reason,
             .kind = news->kind,
             .priority = OUTBOX_BULK,
             .unique_key = key,
             .subject = subject_of(&w, lang_text(w.lang, news->subject)),
             .calendar = news->calendar ? calendar_of(&w, news->calendar == NEWS_ENTRY_GONE) : NULL,
         },
         news->html, news->text);
}

void sign_up_mail_reached(struct work *work, const struct campaign *campaign,
                          const struct sign_up *sign_up)
{
    static const struct sign_up_news reached = {"campaign_reached", OUTBOX_CAMPAIGN_NEWS,
                                                N_("It is on!"), reached_mail, reached_mail_text};
    sign_up_tell(work, campaign, sign_up, &reached);
}

void sign_up_mail_missed(struct work *work, const struct campaign *campaign,
                         const struct sign_up *sign_up, int64_t opening)
{
    const struct sign_up_news missed = {
        "campaign_missed",  OUTBOX_ASKED_FOR, N_("Not this time"),         released_mail,
        released_mail_text, .round = opening, .calendar = NEWS_ENTRY_GONE, .was_in = true};
    sign_up_tell(work, campaign, sign_up, &missed);
}

static const char thanks_subject[] = N_("Thank you! This is what we have done");

const char *sign_up_thanks_subject(struct work *work, const struct campaign *campaign)
{
    const struct lang *lang = lang_get(work->app->langs, campaign->language);
    return mem_printf(work->mem, "%s – %s", lang_text(lang, thanks_subject), campaign->title);
}

void sign_up_thanks_show(struct work *work, struct html *html, const struct campaign *campaign,
                         const char *thanks)
{
    const struct sign_up_mail view = {
        .first_name = lang_text(html->lang, N_("[first name]")),
        .campaign = campaign->title,
        .result_url = result_url(work, campaign),
        .organiser = campaign->organiser_name,
        .words = view_lines(work->mem, thanks),
        .words_html = {markdown_html(work->mem, thanks)},
    };
    thanks_preview(html, &view);
    outbox_foot_show(work, html, OUTBOX_CAMPAIGN_NEWS,
                     sign_up_because(work, campaign, html->lang, true));
}

void sign_up_mail_thanks(struct work *work, const struct campaign *campaign,
                         const struct sign_up *sign_up, const struct sign_up_thanks *thanks)
{
    const struct sign_up_news done = {"campaign_reported",
                                      OUTBOX_CAMPAIGN_NEWS,
                                      thanks_subject,
                                      thanks_mail,
                                      thanks_mail_text,
                                      .words = thanks->text,
                                      .words_html = thanks->html};
    sign_up_tell(work, campaign, sign_up, &done);
}
