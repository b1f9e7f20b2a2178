/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages of the mailbox. They answer to this machine alone, and only with --mailbox: behind a
 * proxy they would give anyone everybody's codes. A mail's HTML is never put into a page: it is a
 * document of its own, shown in a frame. */
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/outbox/outbox.h"
#include "features/mailbox/mailbox.h"
#include "features/mailbox/mailbox.html.h"
#include "features/mailbox/mailbox_local.h"
#include "sys/lang.h"
#include "sys/mail.h"
#include "web/app.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

static const struct view attachment_view = {
    .name = "attachment",
    .fields =
        (const struct view_field[]){
            {"name", VIEW_TEXT, offsetof(struct mail_attachment, name), NULL},
            {"type", VIEW_TEXT, offsetof(struct mail_attachment, type), NULL},
            {"content", VIEW_TEXT, offsetof(struct mail_attachment, content), NULL},
            {.name = NULL},
        },
};

static const struct view mail_view = {
    .name = "mail",
    .fields =
        (const struct view_field[]){
            {"id", VIEW_TEXT, offsetof(struct mailbox_mail, id), NULL},
            {"to", VIEW_TEXT, offsetof(struct mailbox_mail, to), NULL},
            {"subject", VIEW_TEXT, offsetof(struct mailbox_mail, subject), NULL},
            {"text", VIEW_TEXT_OR_NULL, offsetof(struct mailbox_mail, text), NULL},
            {"html", VIEW_TEXT_OR_NULL, offsetof(struct mailbox_mail, html), NULL},
            {"attachments", VIEW_LIST, offsetof(struct mailbox_mail, attachments),
             &attachment_view},
            {"created_at", VIEW_TIME, offsetof(struct mailbox_mail, created_at), NULL},
            {"links", VIEW_TEXTS, offsetof(struct mailbox_mail, links), NULL},
            {.name = NULL},
        },
};

static const struct view list_view = {
    .name = "mailbox",
    .fields =
        (const struct view_field[]){
            {"items", VIEW_LIST, offsetof(struct mailbox_list, items), &mail_view},
            {"next", VIEW_TEXT_OR_NULL, offsetof(struct mailbox_list, next), NULL},
            {.name = NULL},
        },
};

/* The mail as it is shown. One whose text is not kept is shown by its address and date. */
static struct mailbox_mail *show_mail(struct request *rq, const struct outbox_stored *stored)
{
    const struct mail_read unreadable = {
        .subject = lang_text(rq->lang, N_("Its text is not kept any more")), .from = ""};
    struct mem *mem = rq->work.mem;
    const struct mail_read *read = mail_parse(mem, stored->message, strlen(stored->message));
    if (!read)
        read = &unreadable;
    struct mailbox_mail *mail = MEM_NEW(mem, struct mailbox_mail);
    *mail = (struct mailbox_mail){
        .id = stored->handle,
        .from = read->from,
        .to = stored->to_address,
        .to_shown = read->to ? read->to : stored->to_address,
        .subject = read->subject,
        .text = read->text,
        .html = read->html,
        .attachments = read->attachments,
        .links = mailbox_links(mem, read->text, read->html),
        .created_at = stored->created_at,
        .created_words =
            lang_date(rq->lang, mem, LANG_DATE_TIME, stored->created_at, rq->work.community->zone),
        .path = path_make(mem, "/mailbox/%s", stored->handle),
        .html_path = path_make(mem, "/mailbox/%s/html", stored->handle),
    };
    return mail;
}

static const char *list_path(struct mem *mem, const char *to, const char *after)
{
    if (str_is_empty(to))
        return path_make(mem, "/mailbox?after=%s", after);
    return path_make(mem, "/mailbox?to=%s&after=%s", to, after);
}

/* One more than a page shows is asked for: it tells whether there is a next page. */
static struct mailbox_list list_of(struct request *rq)
{
    struct mem *mem = rq->work.mem;
    struct mailbox_list list = {.to = request_query(rq, "to")};
    const struct mailbox_mail **last = &list.items;
    const char *last_id = NULL;
    int count = 0;
    const struct outbox_stored *stored = outbox_list(&rq->work, mail_address_normal(mem, list.to),
                                                     request_query(rq, "after"), PAGE_ITEMS + 1);
    for (; stored && count < PAGE_ITEMS; stored = stored->next, count++) {
        struct mailbox_mail *mail = show_mail(rq, stored);
        *last = mail;
        last = &mail->next;
        last_id = mail->id;
    }
    if (stored) {
        list.next = last_id;
        list.next_path = list_path(mem, list.to, last_id);
    }
    return list;
}

static const struct refusal *get_list(struct request *rq)
{
    if (!rq->work.app->config->mailbox)
        return &refusal_not_found;
    struct mailbox_list list = list_of(rq);
    if (rq->wants_json) {
        reply_json(rq, &list_view, &list);
        return NULL;
    }
    struct page page = {.title = lang_text(rq->lang, N_("Mailbox")), .noindex = true};
    struct html *h = page_begin(rq, &page);
    mailbox_list_show(h, &list);
    page_end(rq, h, 200);
    return NULL;
}

/* The mail of the path; NULL: there is none, or no mailbox. */
static const struct mailbox_mail *mail_of_path(struct request *rq)
{
    if (!rq->work.app->config->mailbox)
        return NULL;
    const struct outbox_stored *stored = outbox_get(&rq->work, rq->params[0]);
    return stored ? show_mail(rq, stored) : NULL;
}

static const struct refusal *get_mail(struct request *rq)
{
    const struct mailbox_mail *mail = mail_of_path(rq);
    if (!mail)
        return &refusal_not_found;
    if (rq->wants_json) {
        reply_json(rq, &mail_view, mail);
        return NULL;
    }
    struct page page = {.title = mail->subject, .noindex = true};
    struct html *h = page_begin(rq, &page);
    mailbox_mail_show(h, mail);
    page_end(rq, h, 200);
    return NULL;
}

static const struct refusal *get_html(struct request *rq)
{
    const struct mailbox_mail *mail = mail_of_path(rq);
    if (!mail || !mail->html)
        return &refusal_not_found;
    reply_text(rq, 200, "text/html; charset=utf-8", mailbox_html_framed(rq->work.mem, mail->html));
    return NULL;
}

static const struct refusal *get_invite(struct request *rq)
{
    const struct mailbox_mail *mail = mail_of_path(rq);
    const struct mail_attachment *attachment = mail ? mail->attachments : NULL;
    while (attachment && !str_equal(attachment->name, "invite.ics"))
        attachment = attachment->next;
    if (!attachment || !attachment->content)
        return &refusal_not_found;
    reply_text(rq, 200, "text/calendar; charset=utf-8", attachment->content);
    return NULL;
}

static const struct route routes[] = {
    {.method = "GET",
     .path = "/mailbox",
     .access = ACCESS_LOOPBACK,
     .flags = ROUTE_NO_STORE,
     .queries = {{"to", QUERY_WORDS}, {"after", QUERY_KEY}},
     .handle = get_list,
     .json = &list_view},
    {.method = "GET",
     .path = "/mailbox/:id",
     .access = ACCESS_LOOPBACK,
     .flags = ROUTE_NO_STORE | ROUTE_FRAMES,
     .handle = get_mail,
     .json = &mail_view},
    {.method = "GET",
     .path = "/mailbox/:id/html",
     .access = ACCESS_LOOPBACK,
     .flags = ROUTE_NO_STORE | ROUTE_FRAMED,
     .handle = get_html,
     .type = "text/html"},
    {.method = "GET",
     .path = "/mailbox/:id/invite.ics",
     .access = ACCESS_LOOPBACK,
     .flags = ROUTE_NO_STORE,
     .handle = get_invite,
     .type = "text/calendar"},
    {.method = NULL},
};

const struct feature mailbox_feature = {
    .name = "mailbox",
    .routes = routes,
    .export_person = feature_keeps_no_person,
    .forget_person = feature_forgets_no_person,
};
