/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Writing to all: a draft, looked at as it will arrive, then sent by one job in pages, once to each
 * address. One at a time for a campaign, and no more than a few in a day: people who are written to
 * too often stop reading. */
#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "base/time.h"
#include "core/audit/audit.h"
#include "core/communities/communities.h"
#include "core/jobs/jobs.h"
#include "core/outbox/outbox.h"
#include "features/campaigns/campaigns.h"
#include "features/messages/messages_local.h"
#include "features/messages/messages_mail.html.h"
#include "features/signups/signups.h"
#include "sys/lang.h"
#include "sys/markdown.h"
#include "web/app.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/form.h"
#include "web/login.h"
#include "web/request.h"
#include "web/work.h"

static const struct refusal message_changed = {
    409, "message_changed",
    N_("The message was written anew since you looked at it. Please look at it once more before "
       "you send it.")};
static const struct refusal message_going_out = {
    409, "message_going_out",
    N_("Another message of this campaign is still going out. Please wait until it has arrived "
       "everywhere.")};
static const struct refusal message_enough = {
    429, "message_enough",
    N_("Three messages have gone out within a day: that is enough for those who get them. Please "
       "wait until tomorrow."),
    .retry_seconds = DAY_SECONDS};

static const struct refusal message_too_early = {
    409, "message_too_early",
    N_("The campaign is not open yet, so nobody is in. You can write to everybody once people have "
       "signed up.")};
static const struct refusal message_too_late = {
    409, "message_too_late",
    N_("This campaign did not take place, and more than a month has passed since: those who were "
       "in are not written to any more.")};

bool message_is_to_released(const struct campaign *campaign)
{
    return campaign->state == CAMPAIGN_MISSED || campaign->state == CAMPAIGN_CANCELLED;
}

const struct refusal *message_refuses(const struct campaign *campaign, int64_t now)
{
    int64_t last =
        campaign->acts_until > campaign->closes_at ? campaign->acts_until : campaign->closes_at;
    if (campaign->hidden)
        return &refusal_campaign_hidden;
    if (campaign->state < CAMPAIGN_OPEN)
        return &message_too_early;
    bool is_late = now >= last + (int64_t)MESSAGE_RELEASED_DAYS_MAX * DAY_SECONDS;
    return message_is_to_released(campaign) && is_late ? &message_too_late : NULL;
}

struct sign_up_audience message_audience(const struct message *message,
                                         const struct campaign *campaign, int64_t until)
{
    return (struct sign_up_audience){campaign->id, message->session_id, until,
                                     message_is_to_released(campaign)};
}

const struct refusal *message_write(struct work *work, const struct campaign *campaign,
                                    const struct message_wish *wish, struct form_input *input)
{
    assert(work->login);
    const struct refusal *refusal = message_refuses(campaign, work->now);
    if (refusal)
        return refusal;
    struct message message = {
        .campaign_id = campaign->id,
        .author_id = work->login->person,
        .subject = wish->subject,
        .body = wish->body,
        .body_html = markdown_html(work->mem, wish->body),
    };
    if (!str_is_empty(wish->session)) {
        const struct session *session = campaign_sessions(work, campaign->id);
        while (session && !str_equal(session->handle, wish->session))
            session = session->next;
        if (!session)
            form_error_add(work->mem, input, "session",
                           N_("Please choose one of the offered dates."), 0);
        else
            message.session_id = session->id;
    }
    if (!message.body_html || strlen(message.body_html) > MESSAGE_HTML_BYTES_MAX)
        form_error_add(work->mem, input, "body",
                       N_("With all its lists and quotes this is too long for an e-mail. Please "
                          "shorten it."),
                       0);
    if (input->errors)
        return &refusal_fields;
    message.id = work_new_id(work);
    message.handle = work_new_handle(work, MESSAGE_HANDLE_CHARS);
    message_put_draft(work, &message);
    return NULL;
}

const struct refusal *message_send(struct work *work, const struct campaign *campaign,
                                   const char *handle, int64_t *ret_id)
{
    assert(work->login);
    const struct message *draft = message_get_draft(work, campaign->id, work->login->person);
    if (!draft)
        return &refusal_not_found;
    const struct refusal *refusal = message_refuses(campaign, work->now);
    if (refusal)
        return refusal;
    if (!str_equal(draft->handle, handle))
        return &message_changed;
    if (message_count_since(work, campaign->id, work->now - DAY_SECONDS) >= MESSAGES_PER_DAY_MAX)
        return &message_enough;
    if (!message_begin(work, draft->id))
        return &message_going_out;
    job_add(work, JOB_SEND, draft->id, work->now);
    campaign_audit(work, campaign, AUDIT_MESSAGE_TO_ALL, draft->handle);
    *ret_id = draft->id;
    return NULL;
}

/* Sending. */

/* Answers reach the organiser; of a campaign that names none, who wrote. */
static const char *reply_to(const struct message *message, const struct campaign *campaign)
{
    return str_is_empty(campaign->organiser_email) ? message->author_email
                                                   : campaign->organiser_email;
}

/* `own_url` NULL: nobody's. */
static struct message_mail view_of(const struct work *work, const struct message *message,
                                   const struct campaign *campaign, const char *own_url)
{
    return (struct message_mail){
        .subject = message->subject,
        .html = {message->body_html}, /* made by markdown_html when it was written */
        .author =
            str_is_empty(message->author_name) ? campaign->organiser_name : message->author_name,
        .campaign = campaign->title,
        .own_url = own_url,
        .may_answer = outbox_answers_to(work, reply_to(message, campaign)),
    };
}

static const char *subject_of(struct work *work, const struct message *message,
                              const struct campaign *campaign)
{
    return mem_printf(work->mem, "%s – %s", message->subject, campaign->title);
}

static const char *because(struct work *work, const struct campaign *campaign,
                           const struct lang *lang)
{
    return sign_up_because(work, campaign, lang, !message_is_to_released(campaign));
}

struct message_preview message_preview(struct work *work, const struct message *message,
                                       const struct campaign *campaign)
{
    struct html *html = outbox_part(work, lang_get(work->app->langs, campaign->language));
    const struct message_mail view = view_of(work, message, campaign, NULL);
    message_mail_content(html, &view);
    outbox_foot_show(work, html, OUTBOX_CAMPAIGN_NEWS, because(work, campaign, html->lang));
    return (struct message_preview){
        .from = outbox_from(work),
        .answers = outbox_answers_to(work, reply_to(message, campaign)),
        .subject = subject_of(work, message, campaign),
        .html = {outbox_part_text(html)},
    };
}

static bool mail_one(struct work *work, const struct message *message, const char *plain,
                     const struct campaign *campaign, const struct sign_up *sign_up)
{
    const struct lang *lang = lang_get(work->app->langs, sign_up->language);
    struct message_mail view =
        view_of(work, message, campaign, work_url(work, sign_up_path(work, sign_up)));
    view.text = plain;
    struct html *html = outbox_part(work, lang);
    struct html *text = outbox_part(work, lang);
    message_mail(html, &view);
    message_mail_text(text, &view);
    return outbox_add(work, &(struct outbox_mail){
                                .reason = "campaign_message",
                                .kind = OUTBOX_CAMPAIGN_NEWS,
                                .priority = OUTBOX_BULK,
                                .unique_key = mem_printf(work->mem, "message:%s:%s",
                                                         message->handle, sign_up->email),
                                .to_name = sign_up->first_name,
                                .to_address = sign_up->email,
                                .reply_to_name = campaign->organiser_name,
                                .reply_to = reply_to(message, campaign),
                                .subject = subject_of(work, message, campaign),
                                .html = outbox_part_text(html),
                                .text = outbox_part_text(text),
                                .because = because(work, campaign, lang),
                                .lang = lang,
                            });
}

void message_send_run(struct work *work, struct job *job)
{
    const struct message *message = message_get(work, job->object_id);
    const struct campaign *campaign = message ? campaign_get(work, message->campaign_id) : NULL;
    work->community = campaign ? community_get(work, campaign->community_id) : NULL;
    if (!work->community || message->state != MESSAGE_SENDING)
        return;
    const struct sign_up_audience audience = message_audience(message, campaign, message->sent_at);
    const struct sign_up *page = sign_up_list_audience(work, &audience, job->cursor);
    if (!page) {
        message_end(work, message->id);
        return;
    }
    const char *plain = markdown_text(work->mem, message->body);
    int64_t mails = 0;
    for (; page; page = page->next) {
        struct mem_mark mark = mem_mark(work->mem);
        if (sign_up_has_no_address(page))
            sign_up_must_hear(work, page, TELL_MESSAGE);
        else
            mails += mail_one(work, message, plain, campaign, page);
        job->cursor = page->id.n;
        mem_rewind(work->mem, mark);
        if (job_page_is_over(job))
            break;
    }
    message_add_mails(work, message->id, mails);
    job->again_at = work->now;
}
