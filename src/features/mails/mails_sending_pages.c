/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How sending fares, for administrators: what waits, what the server said last, whose mails came
 * back, and a test whose outcome is told in the server's own words. The page never speaks to the
 * server: it asks the outbox, which the sending thread writes to. */
#include <stddef.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/audit/audit.h"
#include "core/outbox/outbox.h"
#include "features/mails/mails.html.h"
#include "features/mails/mails_local.h"
#include "sys/lang.h"
#include "sys/smtp.h"
#include "web/app.h"
#include "web/community.h"
#include "web/login.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

enum { BOUNCED_SHOWN_MAX = 100 };

struct test_form {
    const char *email;
};

const struct form mails_test_form = {"test", sizeof(struct test_form),
                                     (const struct field[]){
                                         {.name = "email",
                                          .label = N_("E-mail address"),
                                          .kind = FIELD_EMAIL,
                                          .required = true,
                                          .offset = offsetof(struct test_form, email)},
                                         {.name = NULL},
                                     }};

static const struct view bounced_view = {
    .name = "mail_bounced",
    .fields =
        (const struct view_field[]){
            {"address", VIEW_TEXT, offsetof(struct mails_bounced, address), NULL},
            {"bounced_at", VIEW_TIME, offsetof(struct mails_bounced, bounced_at), NULL},
            {"for_good", VIEW_BOOL, offsetof(struct mails_bounced, is_for_good), NULL},
            {"words", VIEW_TEXT, offsetof(struct mails_bounced, words), NULL},
            {.name = NULL},
        },
};

#define SENDING(member) offsetof(struct mails_sending_page, member)
const struct view mails_sending_json = {
    .name = "mail_sending",
    .fields =
        (const struct view_field[]){
            {"waiting_at_once", VIEW_INT, SENDING(at_once), NULL},
            {"waiting_soon", VIEW_INT, SENDING(soon), NULL},
            {"waiting_bulk", VIEW_INT, SENDING(bulk), NULL},
            {"well_at", VIEW_TIME_OR_NULL, SENDING(well_at), NULL},
            {"trouble_at", VIEW_TIME_OR_NULL, SENDING(trouble_at), NULL},
            {"trouble", VIEW_TEXT_OR_NULL, SENDING(trouble), NULL},
            {"test", VIEW_TEXT_OR_NULL, SENDING(test_state), .words = outbox_state_names},
            {"test_words", VIEW_TEXT_OR_NULL, SENDING(test_words), NULL},
            {"bounced", VIEW_LIST, SENDING(bounced), &bounced_view},
            {.name = NULL},
        },
};

static const char *when(struct request *rq, int64_t at)
{
    return lang_date(rq->lang, rq->work.mem, LANG_DATE_TIME, at, rq->work.community->zone);
}

static const char *way_words(struct request *rq)
{
    const struct config *config = rq->work.app->config;
    if (config->mailbox)
        return lang_text(rq->lang, N_("E-mails are shown in the mailbox of this machine, and are "
                                      "not sent."));
    if (!config->smtp)
        return lang_text(rq->lang, N_("E-mails wait: no server is set to send them. See the option "
                                      "--smtp."));
    struct lang_hole host = {"host", config->smtp->host};
    return lang_fill(rq->work.mem, lang_text(rq->lang, N_("E-mails are sent by {host}.")), &host,
                     1);
}

/* What became of a test, and whether that is good. */
struct outcome {
    const char *words; /* a msgid */
    const char *kind;
};
static const struct outcome outcomes[] = {
    [OUTBOX_WAITING] = {N_("It waits for its turn."), "info"},
    [OUTBOX_SENDING] = {N_("It is being sent."), "info"},
    [OUTBOX_SENT] = {N_("The server took it."), "success"},
    [OUTBOX_REFUSED] = {N_("It was not sent."), "error"},
    [OUTBOX_GIVEN_UP] = {N_("It waited too long for a server and is not sent any more."), "error"},
    [OUTBOX_UNSURE] = {N_("Nobody knows whether it arrived: the line broke."), "warning"},
    [OUTBOX_RESERVED] = {N_("It is not sent: the domain of this address is nobody’s."), "warning"},
    [OUTBOX_RETURNED] = {N_("It came back."), "error"},
    [OUTBOX_KEPT] = {N_("It is shown in the mailbox, and is not sent."), "success"},
};

static void fill_test(struct request *rq, struct mails_sending_page *page)
{
    const char *handle = request_query(rq, "test");
    struct outbox_fate fate;
    if (str_is_empty(handle) || !outbox_fate_get(&rq->work, handle, &fate) || !fate.is_test)
        return;
    bool is_over = fate.state != OUTBOX_WAITING && fate.state != OUTBOX_SENDING;
    page->test_address = fate.to_address;
    page->test_state = outbox_state_name(fate.state);
    page->test_outcome = lang_text(rq->lang, outcomes[fate.state].words);
    page->test_kind = outcomes[fate.state].kind;
    page->test_words = is_over && !str_is_empty(fate.words) ? fate.words : NULL;
    page->test_again =
        is_over ? NULL : path_make(rq->work.mem, "/administration/mail?test=%s", handle);
}

static void fill_bounced(struct request *rq, struct mails_sending_page *page)
{
    const struct mails_bounced **last = &page->bounced;
    int count = 0;
    for (const struct outbox_address *address =
             outbox_bounced_list(&rq->work, BOUNCED_SHOWN_MAX + 1);
         address; address = address->next) {
        if (count++ == BOUNCED_SHOWN_MAX) {
            page->has_more_bounced = true;
            return;
        }
        struct mails_bounced *bounced = MEM_NEW(rq->work.mem, struct mails_bounced);
        bounced->address = address->address;
        bounced->bounced_at = address->bounced_at;
        bounced->when = when(rq, address->bounced_at);
        bounced->words = str_is_empty(address->words) ? NULL : address->words;
        bounced->is_for_good = address->reach == OUTBOX_BOUNCED;
        *last = bounced;
        last = &bounced->next;
    }
}

static struct mails_sending_page sending_of(struct request *rq)
{
    struct outbox_status status = outbox_status_get(&rq->work);
    return (struct mails_sending_page){
        .way = way_words(rq),
        .well_at = status.well_at,
        .well = status.well_at ? when(rq, status.well_at) : NULL,
        .trouble_at = status.trouble_at,
        .trouble = status.trouble_at ? status.trouble : NULL,
        .trouble_since = status.trouble_at ? when(rq, status.trouble_at) : NULL,
        .at_once = status.waiting_at_once,
        .soon = status.waiting_soon,
        .bulk = status.waiting_bulk,
    };
}

void mails_administration_panel(struct request *rq, struct html *h, int64_t community_id)
{
    (void)community_id; /* one server sends for all */
    const struct config *config = rq->work.app->config;
    const struct mails_sending_page view = sending_of(rq);
    bool waits_for_ever = !config->smtp && !config->mailbox;
    if (view.trouble || waits_for_ever)
        mails_panel(h, &view);
}

void mails_administration_place(struct request *rq, struct html *h, int64_t community_id)
{
    (void)rq;
    (void)community_id;
    mails_place(h);
}

const struct refusal *mails_sending_show(struct request *rq)
{
    struct mails_sending_page view = sending_of(rq);
    view.errors = form_summary(rq, &mails_test_form);
    view.email = form_input_view(rq, &mails_test_form, "email", rq->work.login->email);
    fill_test(rq, &view);
    fill_bounced(rq, &view);
    if (rq->wants_json) {
        reply_json(rq, &mails_sending_json, &view);
        return NULL;
    }
    const struct page page = {.title = lang_text(rq->lang, "Sending e-mails"), .noindex = true};
    struct html *h = page_begin(rq, &page);
    mails_sending_page_show(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

const struct refusal *mails_test_handle(struct request *rq)
{
    const struct test_form *form = rq->input.parsed;
    struct work *work = &rq->work;
    struct html *html = outbox_part(work, rq->lang);
    struct html *text = outbox_part(work, rq->lang);
    mails_test_mail(html, work->app->config->base_url);
    mails_test_mail_text(text, work->app->config->base_url);
    const char *handle = outbox_add_test(work, &(struct outbox_mail){
                                                   .reason = "test",
                                                   .to_address = form->email,
                                                   .subject = lang_text(rq->lang, "It works"),
                                                   .text = outbox_part_text(text),
                                                   .html = outbox_part_text(html),
                                                   .lang = rq->lang,
                                               });
    audit_add(work, AUDIT_MAIL_TEST, &(struct audit_object){.path = "/administration/mail"}, "");
    reply_see_other(rq, path_make(work->mem, "/administration/mail?test=%s", handle));
    return NULL;
}
