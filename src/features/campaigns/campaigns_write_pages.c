/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages on which a campaign is begun and written. The questions are sections of one form: on a
 * telephone one shows at a time, by the address's fragment, and each ends with a button that saves
 * everything; so nothing typed is lost, with or without a script. */
#include <stddef.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "features/campaigns/campaigns_fields.h"
#include "features/campaigns/campaigns_lead.h"
#include "features/campaigns/campaigns_local.h"
#include "features/campaigns/campaigns_views.h"
#include "features/campaigns/campaigns_write.h"
#include "features/campaigns/campaigns_write.html.h"
#include "sys/lang.h"
#include "web/feature.h"
#include "web/form.h"
#include "web/login.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

/* The bar. */

/* That they may lead it, or, as a facilitator, could. */
static const char *organiser_words(struct request *rq, const struct campaign *campaign)
{
    bool leads = campaign_is_organised_by(&rq->work, campaign->id, rq->work.login->person);
    return lang_text(rq->lang,
                     leads ? N_("You lead this campaign") : N_("You may lead this campaign too"));
}

const struct organiser_bar *organiser_bar(struct request *rq, const struct campaign *campaign,
                                          const char *here)
{
    struct mem *mem = rq->work.mem;
    if (!rq->work.login || !campaign_may_organise(&rq->work, rq->work.login, campaign->slug))
        return NULL;
    struct organiser_bar *bar = MEM_NEW(mem, struct organiser_bar);
    bar->words = campaign->state == CAMPAIGN_DRAFT
                     ? lang_text(rq->lang, N_("A draft: nobody else sees it."))
                     : organiser_words(rq, campaign);
    if (campaign->hidden)
        bar->words = lang_text(rq->lang, N_("Its page was taken away: nobody else sees it."));
    bar->is_hidden = campaign->hidden;
    bar->hidden_word = campaign->hidden_word;
    bar->is_public = campaign_state_is_public(campaign->state);
    bar->is_over = campaign_is_over(campaign);
    bar->has_result = campaign_has_result(campaign, rq->work.now);
    bar->page = campaign_path(&rq->work, campaign);
    bar->edit = path_make(mem, "/campaigns/%s/edit", campaign->slug);
    bar->organise = path_make(mem, "/campaigns/%s/organise", campaign->slug);
    bar->result = path_make(mem, "/campaigns/%s/result", campaign->slug);
    bar->here = here;
    return bar;
}

/* Beginning. */

struct new_form {
    const char *template;
    const char *from;
};

const struct form campaign_new_form = {"new", sizeof(struct new_form),
                                       (const struct field[]){
                                           {.name = "template",
                                            .label = N_("What to begin with"),
                                            .kind = FIELD_HANDLE,
                                            .min = 1,
                                            .max = 16,
                                            .offset = offsetof(struct new_form, template)},
                                           {.name = "from",
                                            .label = N_("The campaign to start from"),
                                            .kind = FIELD_HANDLE,
                                            .min = 1,
                                            .max = SLUG_CHARS_MAX,
                                            .offset = offsetof(struct new_form, from)},
                                           {.name = NULL},
                                       }};

struct begun_view {
    const char *slug, *url, *edit_url;
};
static const struct view_field begun_fields[] = {
    {"slug", VIEW_TEXT, offsetof(struct begun_view, slug), NULL},
    {"url", VIEW_TEXT, offsetof(struct begun_view, url), NULL},
    {"edit_url", VIEW_TEXT, offsetof(struct begun_view, edit_url), NULL},
    {0},
};
const struct view campaign_begun_json = {"begun", begun_fields};

static const struct view_field card_fields[] = {
    {"template", VIEW_TEXT, offsetof(struct draft_card, name), NULL},
    {"title", VIEW_TEXT, offsetof(struct draft_card, title), NULL},
    {"summary", VIEW_TEXT, offsetof(struct draft_card, what_for), NULL},
    {0},
};
static const struct view card_json = {"first_draft", card_fields};
static const struct view_field new_fields[] = {
    {"items", VIEW_LIST, offsetof(struct new_page, cards), &card_json},
    {0},
};
const struct view first_drafts_json = {"first_drafts", new_fields};

const struct refusal *campaign_new_show(struct request *rq)
{
    struct new_page view = {.errors = form_summary(rq, &campaign_new_form)};
    const struct draft_card **end = &view.cards;
    for (int i = 0; first_draft_at(i); i++) {
        struct draft_card *card = MEM_NEW(rq->work.mem, struct draft_card);
        card->name = first_draft_at(i)->name;
        card->title = lang_text(rq->lang, first_draft_at(i)->title);
        card->what_for = lang_text(rq->lang, first_draft_at(i)->what_for);
        *end = card;
        end = &card->next;
    }
    if (rq->wants_json) {
        reply_json(rq, &first_drafts_json, &view);
        return NULL;
    }
    const struct page page = {.title = lang_text(rq->lang, N_("Write a campaign")),
                              .noindex = true};
    struct html *h = page_begin(rq, &page);
    new_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

static const struct first_draft *first_draft_named(const char *name)
{
    for (int i = 0; first_draft_at(i); i++)
        if (str_equal(first_draft_at(i)->name, name))
            return first_draft_at(i);
    return NULL;
}

/* What it is made of: one of the first drafts, or a campaign that one leads. */
static const struct refusal *begin_with(struct request *rq, struct campaign_draft *ret_draft)
{
    const struct new_form *form = rq->input.parsed;
    const struct first_draft *first = first_draft_named(form->template);
    if (*form->from) {
        const struct campaign *campaign = campaign_get_by_slug(&rq->work, form->from);
        if (!campaign || !campaign_may_organise(&rq->work, rq->work.login, form->from))
            return &refusal_not_found;
        *ret_draft = draft_from(rq, campaign);
        return NULL;
    }
    if (!first) {
        form_error_add(rq->work.mem, &rq->input, "template",
                       N_("Please choose one of the offered answers."), 0);
        return &refusal_fields;
    }
    *ret_draft = first_draft_fill(rq, first);
    return NULL;
}

static const struct refusal campaign_begun_many = {
    429, "campaign_begun_many",
    N_("You have begun many campaigns within a day. Please go on tomorrow."),
    .retry_seconds = DAY_SECONDS};

/* By whatever network they come. */
static const struct refusal *refuses_beginning(struct work *work)
{
    int64_t begun = campaign_count_organised(work, work->login->person, work->now - DAY_SECONDS);
    return begun >= CAMPAIGNS_BEGUN_PER_DAY_MAX ? &campaign_begun_many : NULL;
}

const struct refusal *campaign_new_handle(struct request *rq)
{
    struct mem *mem = rq->work.mem;
    struct campaign_draft draft;
    const char *slug = NULL;
    const struct refusal *refusal = refuses_beginning(&rq->work);
    if (!refusal)
        refusal = begin_with(rq, &draft);
    if (!refusal)
        refusal = draft_begin(rq, &draft, &slug);
    if (refusal)
        return refusal;
    const char *edit = path_make(mem, "/campaigns/%s/edit", slug);
    const char *page = path_make(mem, "/campaigns/%s", slug);
    if (rq->wants_json)
        reply_json(
            rq, &campaign_begun_json,
            &(struct begun_view){slug, work_url(&rq->work, page), work_url(&rq->work, edit)});
    else
        reply_see_other(rq, edit);
    return NULL;
}

/* Writing. */

struct edit_view {
    struct campaign_form form;
    const char *slug, *state, *url;
};

#define FORM(member) offsetof(struct edit_view, form.member)
static const struct view_field edit_fields[] = {
    {"slug", VIEW_TEXT, offsetof(struct edit_view, slug), NULL},
    {"state", VIEW_TEXT, offsetof(struct edit_view, state), .words = campaign_state_names},
    {"url", VIEW_TEXT, offsetof(struct edit_view, url), NULL},
    {"title", VIEW_TEXT, FORM(title), NULL},
    {"summary", VIEW_TEXT, FORM(summary), NULL},
    {"story", VIEW_TEXT, FORM(story), NULL},
    {"language", VIEW_TEXT, FORM(language), NULL},
    {"organiser_name", VIEW_TEXT, FORM(organiser_name), NULL},
    {"organiser_email", VIEW_TEXT, FORM(organiser_email), NULL},
    {"place", VIEW_TEXT, FORM(place), NULL},
    {"online", VIEW_BOOL, FORM(online), NULL},
    {"goal", VIEW_TEXT, FORM(goal), .words = goal_unit_names},
    {"minimum", VIEW_INT, FORM(minimum), NULL},
    {"target", VIEW_INT_OR_NULL, FORM(target), NULL},
    {"quantity_unit", VIEW_TEXT, FORM(quantity_unit), NULL},
    {"opens", VIEW_TEXT, FORM(opens), NULL},
    {"closes", VIEW_TEXT, FORM(closes), NULL},
    {"time_zone", VIEW_TEXT, FORM(time_zone), NULL},
    {"asks_hours", VIEW_BOOL, FORM(asks_hours), NULL},
    {"minutes_each", VIEW_INT_OR_NULL, FORM(minutes_each), NULL},
    {"capacity", VIEW_INT_OR_NULL, FORM(capacity), NULL},
    {"party_max", VIEW_INT, FORM(party_max), NULL},
    {"allows_overlap", VIEW_BOOL, FORM(allows_overlap), NULL},
    {"unlisted", VIEW_BOOL, FORM(unlisted), NULL},
    {0},
};
const struct view campaign_text_json = {"campaign_text", edit_fields};

static int64_t or_none(int64_t n)
{
    return n ? n : VIEW_NONE;
}

/* What a script sends back, with other values, to change it. */
static void reply_edit_json(struct request *rq, const struct campaign *campaign)
{
    struct work *work = &rq->work;
    struct edit_view view = {
        .form = campaign_form_of(work, campaign, campaign_sessions(work, campaign->id)),
        .slug = campaign->slug,
        .state = campaign_state_name(campaign->state),
        .url = work_url(work, campaign_path(work, campaign)),
    };
    view.form.target = or_none(view.form.target);
    view.form.minutes_each = or_none(view.form.minutes_each);
    view.form.capacity = or_none(view.form.capacity);
    reply_json(rq, &campaign_text_json, &view);
}

/* A field, which does not open where the campaign's state keeps it as it is. */
static const struct input_view *text_view(struct request *rq, const struct campaign *campaign,
                                          const char *name, const char *preset)
{
    const struct input_view *open = form_input_view(rq, &campaign_form, name, preset);
    struct input_view *view = mem_copy(rq->work.mem, open, sizeof(*open));
    view->fixed = !campaign_field_may_change(campaign, name);
    return view;
}

static const struct input_view *number_view(struct request *rq, const struct campaign *campaign,
                                            const char *name, int64_t preset)
{
    const char *text = preset ? mem_printf(rq->work.mem, "%lld", (long long)preset) : "";
    return text_view(rq, campaign, name, text);
}

static const struct input_view *box_view(struct request *rq, const struct campaign *campaign,
                                         const char *name, bool preset)
{
    return text_view(rq, campaign, name, preset ? "true" : "");
}

static void fill_fields(struct request *rq, const struct campaign *c,
                        const struct campaign_form *form, struct write_page *page)
{
    page->title = text_view(rq, c, "title", form->title);
    page->summary = text_view(rq, c, "summary", form->summary);
    page->story = text_view(rq, c, "story", form->story);
    page->language = text_view(rq, c, "language", form->language);
    page->organiser_name = text_view(rq, c, "organiser_name", form->organiser_name);
    page->organiser_email = text_view(rq, c, "organiser_email", form->organiser_email);
    page->place = text_view(rq, c, "place", form->place);
    page->online = box_view(rq, c, "online", form->online);
    page->sure = box_view(rq, c, "sure", false);
    page->goal = text_view(rq, c, "goal", form->goal);
    page->minimum = number_view(rq, c, "minimum", form->minimum);
    page->target = number_view(rq, c, "target", form->target);
    page->quantity_unit = text_view(rq, c, "quantity_unit", form->quantity_unit);
    page->opens = text_view(rq, c, "opens", form->opens);
    page->closes = text_view(rq, c, "closes", form->closes);
    page->time_zone = text_view(rq, c, "time_zone", form->time_zone);
    page->asks_hours = box_view(rq, c, "asks_hours", form->asks_hours);
    page->minutes_each = number_view(rq, c, "minutes_each", form->minutes_each);
    page->capacity = number_view(rq, c, "capacity", form->capacity);
    page->party_max = number_view(rq, c, "party_max", form->party_max);
    page->allows_overlap = box_view(rq, c, "allows_overlap", form->allows_overlap);
    page->unlisted = box_view(rq, c, "unlisted", form->unlisted);
}

const struct refusal *campaign_edit_show(struct request *rq)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    if (rq->wants_json) {
        reply_edit_json(rq, campaign);
        return NULL;
    }
    const struct session *sessions = campaign_sessions(work, campaign->id);
    struct campaign_form form = campaign_form_of(work, campaign, sessions);
    struct write_page view = {
        .bar = organiser_bar(rq, campaign, "edit"),
        .errors = form_summary(rq, &campaign_form),
        .campaign = campaign,
        .state = (int)campaign->state,
        .is_public = campaign_is_public(campaign),
        .has_sessions = campaign_has_sessions(campaign),
        .saved = !rq->refusal && *request_query(rq, "saved"),
        .is_over = campaign_is_over(campaign),
        .word =
            campaign->state == CAMPAIGN_DRAFT ? campaign_leading_get(work, campaign->id).word : "",
        .is_back = !rq->refusal && str_equal(request_query(rq, "saved"), "draft"),
        .may_change_sessions = campaign_field_may_change(campaign, "sessions"),
        .action = path_make(work->mem, "/campaigns/%s/edit", campaign->slug),
        .sessions_path = path_make(work->mem, "/campaigns/%s/edit/sessions", campaign->slug),
        .sessions = session_rows_new(rq, campaign, sessions),
        .place_asks = campaign_place_asks(work, campaign, sessions),
        .next = page_panels(rq, PANEL_EDIT, campaign->id.n),
    };
    if (!view.bar)
        return &refusal_not_found; /* a fault, or it was taken from them while they wrote */
    fill_fields(rq, campaign, &form, &view);
    const char *title = lang_fill(work->mem, lang_text(rq->lang, N_("Write: {campaign}")),
                                  &(struct lang_hole){"campaign", campaign->title}, 1);
    struct html *h = page_begin(rq, &(struct page){.title = title, .noindex = true});
    write_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

/* Where the button leads: the page, the sessions, or the next step. */
static const char *go_path(struct request *rq, const struct campaign *campaign, const char *go,
                           const char *saved)
{
    struct mem *mem = rq->work.mem;
    if (str_equal(go, GO_PREVIEW))
        return campaign_path(&rq->work, campaign);
    if (str_equal(go, GO_SESSIONS))
        return path_make(mem, "/campaigns/%s/edit/sessions", campaign->slug);
    const char *path = path_make(mem, "/campaigns/%s/edit", campaign->slug);
    return mem_printf(mem, "%s?saved=%s%s%s", path, saved, *go ? "#" : "", url_encode(mem, go));
}

const struct refusal *campaign_edit_handle(struct request *rq)
{
    struct work *work = &rq->work;
    const struct campaign_form *form = rq->input.parsed;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    const struct campaign_wish wish = campaign_form_wish(rq, campaign, form);
    const struct refusal *refusal = campaign_edit(work, campaign, &wish, &rq->input);
    if (refusal)
        return refusal;
    bool waited = campaign->state == CAMPAIGN_SUBMITTED;
    campaign = campaign_get(work, campaign->id); /* as it stands now, where it stands now */
    if (!campaign)
        return &refusal_not_found;
    if (rq->wants_json)
        reply_edit_json(rq, campaign);
    else
        reply_see_other(rq, go_path(rq, campaign, form->go,
                                    waited && campaign->state == CAMPAIGN_DRAFT ? "draft" : "1"));
    return NULL;
}
