/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The page of mail settings of one address, for whoever holds the token that stands in every mail
 * to it. A GET switches nothing: mail scanners follow links. Mail programs have a button of their
 * own, which posts from their servers (RFC 8058): it has no cookie, comes from anywhere, and is not
 * sent on to another page. */
#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/outbox/outbox.h"
#include "core/people/people.h"
#include "features/campaigns/campaigns.h"
#include "features/mails/mails.h"
#include "features/mails/mails.html.h"
#include "features/mails/mails_local.h"
#include "sys/lang.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/login.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

/* What each list is called, and why one is on it: msgids. */
static const struct {
    const char *title;
    const char *why;
} lists[OUTBOX_KINDS] = {
    [OUTBOX_CAMPAIGN_NEWS] = {N_("News of your campaigns"),
                              N_("Because you take part in a campaign: words from its "
                                 "organiser, “it is on!”, thanks and results.")},
    [OUTBOX_ORGANISING] = {N_("What there is to do"),
                           N_("Because you help to organise: what waits for you, and summaries.")},
};

static const struct view list_view = {
    .name = "mail_list",
    .fields =
        (const struct view_field[]){
            {"name", VIEW_TEXT, offsetof(struct mails_list, name), NULL},
            {"title", VIEW_TEXT, offsetof(struct mails_list, title), NULL},
            {"why", VIEW_TEXT, offsetof(struct mails_list, why), NULL},
            {"on", VIEW_BOOL, offsetof(struct mails_list, is_on), NULL},
            {.name = NULL},
        },
};

static const struct view settings_view = {
    .name = "mail_settings",
    .fields =
        (const struct view_field[]){
            {"address", VIEW_TEXT, offsetof(struct mails_settings_page, address), NULL},
            {"lists", VIEW_LIST, offsetof(struct mails_settings_page, lists), &list_view},
            {.name = NULL},
        },
};

/* The address whose page it is; NULL: the token is nobody's. */
static const char *address_of(struct request *rq)
{
    return outbox_address_by_token(&rq->work, rq->params[0]);
}

static struct mails_list *list_new(struct request *rq, const char *address, enum outbox_kind kind)
{
    struct mem *mem = rq->work.mem;
    struct mails_list *list = MEM_NEW(mem, struct mails_list);
    bool is_on = !outbox_kind_is_off(&rq->work, address, kind);
    *list = (struct mails_list){
        .name = outbox_kind_name(kind),
        .title = lang_text(rq->lang, lists[kind].title),
        .why = lang_text(rq->lang, lists[kind].why),
        .is_on = is_on,
        .action = path_make(mem, is_on ? "/mail/%s/off/%s" : "/mail/%s/on/%s", rq->params[0],
                            outbox_kind_name(kind)),
    };
    return list;
}

/* What is there to do is told to those who lead something, or are asked to; whoever did once may
 * have switched it off. */
static bool is_for(struct request *rq, const char *address, enum outbox_kind kind)
{
    struct work *work = &rq->work;
    if (kind != OUTBOX_ORGANISING || outbox_kind_is_off(work, address, kind) ||
        outbox_kind_was_written(work, address, kind))
        return true;
    const struct person *person = person_get_by_email(work, address);
    return person &&
           (person->role >= ROLE_FACILITATOR || campaign_list_own(work, person->id, 1) != NULL);
}

static const struct mails_list *lists_of(struct request *rq, const char *address)
{
    const struct mails_list *first = NULL;
    const struct mails_list **last = &first;
    for (enum outbox_kind kind = OUTBOX_CAMPAIGN_NEWS; kind < OUTBOX_KINDS; kind++) {
        if (!is_for(rq, address, kind))
            continue;
        struct mails_list *list = list_new(rq, address, kind);
        *last = list;
        last = &list->next;
    }
    return first;
}

static void fill_came_back(struct request *rq, struct mails_settings_page *page)
{
    struct outbox_address state = outbox_address_state(&rq->work, page->address);
    if (state.reach == OUTBOX_REACHED)
        return;
    struct mem *mem = rq->work.mem;
    const char *words =
        state.reach == OUTBOX_BOUNCED
            ? lang_text(rq->lang, N_("Since {date} this address has taken nothing: only what you "
                                     "ask for is still sent to it."))
            : lang_text(rq->lang, N_("On {date} this address did not take an e-mail. The next one "
                                     "will be tried."));
    struct lang_hole date = {
        "date", lang_date(rq->lang, mem, LANG_DATE, state.bounced_at, rq->work.community->zone)};
    page->came_back = lang_fill(mem, words, &date, 1);
    page->words = str_is_empty(state.words) ? NULL : state.words;
    page->arrives_action = path_make(mem, "/mail/%s/arrives", rq->params[0]);
}

static const struct refusal *settings_show(struct request *rq)
{
    const char *address = address_of(rq);
    if (!address)
        return &refusal_not_found;
    struct mails_settings_page view = {
        .address = address,
        .community = rq->work.community->name,
        .lists = lists_of(rq, address),
    };
    fill_came_back(rq, &view);
    view.panels = page_panels(rq, PANEL_MAILS, 0);
    if (rq->wants_json) {
        reply_json(rq, &settings_view, &view);
        return NULL;
    }
    const struct page page = {.title = lang_text(rq->lang, "Your e-mails"), .noindex = true};
    struct html *h = page_begin(rq, &page);
    mails_settings_show(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

/* The list that the path names. */
static bool kind_of(const struct request *rq, enum outbox_kind *ret_kind)
{
    return outbox_kind_read(rq->params[1], ret_kind);
}

static const struct refusal *off_show(struct request *rq)
{
    enum outbox_kind kind;
    const char *address = address_of(rq);
    if (!address || !kind_of(rq, &kind))
        return &refusal_not_found;
    const struct mails_off_page view = {
        .address = address,
        .community = rq->work.community->name,
        .list = list_new(rq, address, kind),
        .settings_path = path_make(rq->work.mem, "/mail/%s", rq->params[0]),
    };
    const struct page page = {.title = view.list->title, .noindex = true};
    struct html *h = page_begin(rq, &page);
    mails_off_show(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

static void go_to_settings(struct request *rq)
{
    reply_see_other(rq, path_make(rq->work.mem, "/mail/%s", rq->params[0]));
}

/* Who holds the token read it in a mail: so mails arrive. */
static const struct refusal *switch_list(struct request *rq, bool on)
{
    enum outbox_kind kind;
    const char *address = address_of(rq);
    if (!address || !kind_of(rq, &kind))
        return &refusal_not_found;
    outbox_kind_switch(&rq->work, address, kind, on);
    outbox_address_proved(&rq->work, address);
    if (rq->wants_json)
        return settings_show(rq);
    go_to_settings(rq);
    return NULL;
}

static bool is_one_click(const struct http_request *http)
{
    static const char mark[] = "One-Click";
    return http->body_count && memmem(http->body, http->body_count, mark, strlen(mark));
}

static const struct refusal *off_handle(struct request *rq)
{
    const struct refusal *refusal = switch_list(rq, false);
    if (refusal || !is_one_click(rq->http))
        return refusal;
    reply_text(rq, 200, "text/plain; charset=utf-8", "ok\n");
    return NULL;
}

static const struct refusal *on_handle(struct request *rq)
{
    return switch_list(rq, true);
}

static const struct refusal *arrives_handle(struct request *rq)
{
    const char *address = address_of(rq);
    if (!address)
        return &refusal_not_found;
    outbox_address_proved(&rq->work, address);
    go_to_settings(rq);
    return NULL;
}

/* Typed in, or loaded again. */
static const struct refusal *again_handle(struct request *rq)
{
    if (!address_of(rq))
        return &refusal_not_found;
    go_to_settings(rq);
    return NULL;
}

static void account_panel(struct request *rq, struct html *h, int64_t person_id)
{
    (void)person_id; /* the page is one's own */
    const char *path = outbox_settings_path(&rq->work, rq->work.login->email);
    if (path)
        mails_account(h, path);
}

enum { LINK_FLAGS = ROUTE_SECRET_PATH };

const struct feature mails_feature = {
    .name = "mails",
    .routes =
        (const struct route[]){
            {"GET", "/mail/:token", ACCESS_LINK, .flags = LINK_FLAGS, .handle = settings_show,
             .json = &settings_view},
            {"GET", "/mail/:token/off/:kind", ACCESS_LINK, .flags = LINK_FLAGS, .handle = off_show},
            {"POST", "/mail/:token/off/:kind", ACCESS_LINK,
             .flags = LINK_FLAGS | ROUTE_FROM_ANYWHERE, .handle = off_handle,
             .json = &settings_view, .type = "text/plain"},
            {"GET", "/mail/:token/on/:kind", ACCESS_LINK, .flags = LINK_FLAGS,
             .handle = again_handle, .type = ROUTE_LEADS_ON},
            {"POST", "/mail/:token/on/:kind", ACCESS_LINK, .flags = LINK_FLAGS, .handle = on_handle,
             .json = &settings_view},
            {"GET", "/mail/:token/arrives", ACCESS_LINK, .flags = LINK_FLAGS,
             .handle = again_handle, .type = ROUTE_LEADS_ON},
            {"POST", "/mail/:token/arrives", ACCESS_LINK, .flags = LINK_FLAGS,
             .handle = arrives_handle},
            {"GET", "/administration/mail", ACCESS_ADMINISTRATOR,
             .queries = {{"test", QUERY_HANDLE}}, .handle = mails_sending_show,
             .json = &mails_sending_json},
            {"POST", "/administration/mail", ACCESS_ADMINISTRATOR,
             .queries = {{"test", QUERY_HANDLE}}, .form = &mails_test_form,
             .handle = mails_test_handle, .show = mails_sending_show},
            {.method = NULL},
        },
    .panels = (const struct panel[]){{PANEL_ACCOUNT, account_panel},
                                     {PANEL_ADMINISTRATION, mails_administration_panel},
                                     {PANEL_ADMINISTRATION_PLACES, mails_administration_place},
                                     {.show = NULL}},
    .export_person = feature_keeps_no_person,
    .forget_person = feature_forgets_no_person,
};
