/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The page of NAME with its form, the part of the campaign's page, and the card. Handlers read what
 * was sent, ask a rule, and choose the answer. */
#include <jansson.h>
#include <stddef.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/people/people.h"
#include "features/NAME/NAME.h"
#include "features/NAME/NAME.html.h"
#include "features/NAME/NAME_local.h"
#include "features/campaigns/campaigns.h"
#include "migrations.h"
#include "sys/lang.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

/* Forms, and the JSON of the page. */

struct NOUN_form {
    const char *text;
};
static const struct form NOUN_form = {"NOUN", sizeof(struct NOUN_form),
                                      (const struct field[]){
                                          {.name = "text",
                                           .label = N_("Your word"),
                                           .hint = N_("Everyone can read it, with your name."),
                                           .kind = FIELD_TEXT,
                                           .required = true,
                                           .min = 1,
                                           .max = UPPER_NOUN_TEXT_BYTES_MAX,
                                           .offset = offsetof(struct NOUN_form, text)},
                                          {.name = NULL},
                                      }};

struct remove_form {
    const char *NOUN;
};
static const struct form remove_form = {"remove", sizeof(struct remove_form),
                                        (const struct field[]){
                                            {.name = "NOUN",
                                             .label = N_("Word"),
                                             .kind = FIELD_HANDLE,
                                             .required = true,
                                             .min = 1,
                                             .max = 32,
                                             .offset = offsetof(struct remove_form, NOUN)},
                                            {.name = NULL},
                                        }};

static const struct view_field line_fields[] = {
    {"id", VIEW_TEXT, offsetof(struct NOUN_line, handle)},
    {"text", VIEW_TEXT, offsetof(struct NOUN_line, text)},
    {"author", VIEW_TEXT, offsetof(struct NOUN_line, author)},
    {"created_at", VIEW_TIME, offsetof(struct NOUN_line, created_at)},
    {.name = NULL},
};
static const struct view line_view = {"NOUN", line_fields};
static const struct view_field page_fields[] = {
    {"items", VIEW_LIST, offsetof(struct NAME_page, lines), &line_view},
    {.name = NULL},
};
static const struct view page_view = {"NAME", page_fields};

/* Showing them. */

static const char *NAME_path(struct work *work, const struct campaign *campaign)
{
    return path_make(work->mem, "/campaigns/%s/NAME", campaign->slug);
}

static struct NOUN_line *line_of(struct request *rq, const struct NOUN *NOUN)
{
    struct work *work = &rq->work;
    struct NOUN_line *line = MEM_NEW(work->mem, struct NOUN_line);
    line->handle = NOUN->handle;
    line->text = NOUN->text;
    line->author = str_is_empty(NOUN->author) ? lang_text(rq->lang, N_("Somebody")) : NOUN->author;
    line->date =
        lang_date(rq->lang, work->mem, LANG_DATE_SHORT, NOUN->created_at, work->community->zone);
    line->created_at = NOUN->created_at;
    return line;
}

static const struct NOUN_line *lines_of(struct request *rq, const struct campaign *campaign,
                                        int count)
{
    const struct NOUN_line *first = NULL;
    const struct NOUN_line **end = &first;
    const struct NOUN *NOUN = NOUN_list(&rq->work, campaign->id, count);
    for (; NOUN; NOUN = NOUN->next) {
        struct NOUN_line *line = line_of(rq, NOUN);
        *end = line;
        end = &line->next;
    }
    return first;
}

static const struct refusal *NAME_show(struct request *rq)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get_public(work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    const char *path = NAME_path(work, campaign);
    const struct refusal *over = NAME_refusal(campaign);
    bool leads = work->login && campaign_may_organise(work, work->login, campaign->slug);
    const struct NAME_page view = {
        .campaign = campaign->title,
        .language = campaign->language,
        .back = campaign_path(work, campaign),
        .action = path,
        .over = over ? lang_text(rq->lang, over->sentence) : NULL,
        .sign_in = work->login ? NULL : path_make(work->mem, "/sign-in?next=%s", path),
        .errors = form_summary(rq, &NOUN_form),
        .text = form_input_view(rq, &NOUN_form, "text", ""),
        .lines = lines_of(rq, campaign, UPPER_NAME_SHOWN_MAX),
        .remove_path =
            leads ? path_make(work->mem, "/campaigns/%s/organise/NAME/remove", campaign->slug)
                  : NULL,
    };
    if (rq->wants_json) {
        reply_json(rq, &page_view, &view);
        return NULL;
    }
    const struct page page = {.title = lang_text(rq->lang, N_("A word for this campaign")),
                              .noindex = campaign->unlisted};
    struct html *h = page_begin(rq, &page);
    NAME_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

static void show_panel(struct request *rq, struct html *h, int64_t campaign_id)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get(work, (struct campaign_id){campaign_id});
    if (!campaign)
        return;
    const struct NAME_panel view = {
        .path = NAME_path(work, campaign),
        .language = campaign->language,
        .lines = lines_of(rq, campaign, UPPER_NAME_PANEL_MAX),
    };
    if (view.lines || !NAME_refusal(campaign))
        NAME_panel(h, &view);
}

/* What is sent. */

static const struct refusal *NOUN_handle(struct request *rq)
{
    const struct NOUN_form *form = rq->input.parsed;
    const struct NOUN *NOUN = NULL;
    const struct campaign *campaign = campaign_get_public(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    const struct refusal *refusal = NOUN_leave(&rq->work, campaign, form->text, &NOUN);
    if (refusal)
        return refusal;
    if (rq->wants_json)
        reply_json(rq, &line_view, line_of(rq, NOUN));
    else
        reply_see_other(rq, NAME_path(&rq->work, campaign));
    return NULL;
}

static const struct refusal *remove_handle(struct request *rq)
{
    const struct remove_form *form = rq->input.parsed;
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    const struct refusal *refusal = NOUN_remove(&rq->work, campaign, form->NOUN);
    if (refusal)
        return refusal;
    reply_see_other(rq, NAME_path(&rq->work, campaign));
    return NULL;
}

/* The card. */

static void export_person(struct work *work, const char *email, json_t *object)
{
    const struct person *person = person_get_by_email(work, email);
    const struct NOUN *page = person ? NOUN_list_by_author(work, person->id, 0) : NULL;
    json_t *list = json_array();
    while (page) {
        int64_t after = 0;
        for (; page; page = page->next) {
            json_array_append_new(list, json_pack("{s:s, s:I}", "text", page->text, "created_at",
                                                  (json_int_t)page->created_at));
            after = page->id;
        }
        page = NOUN_list_by_author(work, person->id, after);
    }
    json_object_set_new(object, "NAME", list);
}

static void forget_person(struct work *work, const char *email)
{
    const struct person *person = person_get_by_email(work, email);
    if (person)
        NAME_forget_author(work, person->id);
}

static const struct route NAME_routes[] = {
    {"GET", "/campaigns/:slug/NAME", ACCESS_ANYONE, .handle = NAME_show, .json = &page_view},
    {"POST", "/campaigns/:slug/NAME", ACCESS_SIGNED_IN, .form = &NOUN_form, .handle = NOUN_handle,
     .show = NAME_show, .json = &line_view, .json_status = 201},
    {"POST", "/campaigns/:slug/organise/NAME/remove", ACCESS_ORGANISER, .form = &remove_form,
     .handle = remove_handle},
    {.method = NULL},
};

const struct feature NAME_feature = {
    .name = "NAME",
    .migrations = NAME_migrations,
    .routes = NAME_routes,
    .panels = (const struct panel[]){{PANEL_CAMPAIGN, show_panel}, {.show = NULL}},
    .export_person = export_person,
    .forget_person = forget_person,
};
