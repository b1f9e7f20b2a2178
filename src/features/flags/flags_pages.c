/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages of flags: anybody's form, and what facilitators decide. */
#include <jansson.h>
#include <stddef.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "features/campaigns/campaigns.h"
#include "features/flags/flags.h"
#include "features/flags/flags.html.h"
#include "features/flags/flags_local.h"
#include "migrations.h"
#include "sys/lang.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/login.h"
#include "web/page.h"
#include "web/request.h"

#define FLAGS "/administration/flags"

static const struct form flag_form = {
    "flag", sizeof(struct flag_wish),
    (const struct field[]){
        {.name = "reason",
         .label = N_("What is it?"),
         .kind = FIELD_CHOICE,
         .required = true,
         .options = flag_reasons,
         .offset = offsetof(struct flag_wish, reason)},
        {.name = "words",
         .label = N_("What should they know?"),
         .kind = FIELD_TEXT,
         .max = FLAG_WORDS_BYTES_MAX,
         .offset = offsetof(struct flag_wish, words)},
        {.name = "email",
         .label = N_("Your e-mail address, if they may answer"),
         .hint = N_("It is kept for this alone, and only they see it."),
         .kind = FIELD_EMAIL,
         .autocomplete = "email",
         .offset = offsetof(struct flag_wish, email)},
        {.name = NULL},
    },
    .has_trap = true};

struct hide_form {
    const char *word;
};
static const struct form hide_form = {"hide", sizeof(struct hide_form),
                                      (const struct field[]){
                                          {.name = "word",
                                           .label = N_("A word to those who lead it"),
                                           .kind = FIELD_TEXT,
                                           .max = FLAG_WORDS_BYTES_MAX,
                                           .offset = offsetof(struct hide_form, word)},
                                          {.name = NULL},
                                      }};

/* Anybody. */

static struct flag_page page_of(struct request *rq, const struct campaign *campaign)
{
    return (struct flag_page){
        .campaign = campaign->title,
        .language = campaign->language,
        .path = campaign_path(&rq->work, campaign),
        .action = path_make(rq->work.mem, "/campaigns/%s/flag", campaign->slug),
        .errors = form_summary(rq, &flag_form),
        .reason = form_input_view(rq, &flag_form, "reason", ""),
        .words = form_input_view(rq, &flag_form, "words", ""),
        .email = form_input_view(rq, &flag_form, "email", ""),
    };
}

static const struct refusal *flag_show(struct request *rq)
{
    const struct campaign *campaign = campaign_get_public(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    const struct flag_page view = page_of(rq, campaign);
    const char *title = lang_text(rq->lang, N_("What is wrong with this page?"));
    struct html *h = page_begin(rq, &(struct page){.title = title, .noindex = true});
    if (*request_query(rq, "told") && !rq->refusal)
        flag_thanks_page(h, &view);
    else
        flag_form_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

static const struct refusal *flag_handle(struct request *rq)
{
    const struct campaign *campaign = campaign_get_public(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    if (!rq->input.is_trapped)
        flag_add(&rq->work, campaign, rq->input.parsed);
    reply_see_other(rq, path_make(rq->work.mem, "/campaigns/%s/flag?told=1", campaign->slug));
    return NULL;
}

/* Facilitators. */

static struct flagged_view *flagged_of(struct request *rq, const struct campaign *campaign)
{
    struct flagged_view *view = MEM_NEW(rq->work.mem, struct flagged_view);
    *view = (struct flagged_view){
        .title = campaign->title,
        .language = campaign->language,
        .path = campaign->hidden ? path_make(rq->work.mem, "/campaigns/%s/edit", campaign->slug)
                                 : campaign_path(&rq->work, campaign),
        .keep_path = path_make(rq->work.mem, "/campaigns/%s/flags/settle", campaign->slug),
        .hide_path = path_make(rq->work.mem, "/campaigns/%s/flags/hide", campaign->slug),
        .show_path = path_make(rq->work.mem, "/campaigns/%s/flags/show", campaign->slug),
        .is_hidden = campaign->hidden,
    };
    return view;
}

static struct flag_view *said_of(struct request *rq, const struct flag *flag)
{
    struct flag_view *view = MEM_NEW(rq->work.mem, struct flag_view);
    *view = (struct flag_view){
        .reason = flag->reason,
        .words = flag->words,
        .email = flag->email,
        .date = lang_date(rq->lang, rq->work.mem, LANG_DATE_TIME, flag->created_at,
                          rq->work.community->zone),
    };
    for (const struct field_option *option = flag_reasons; option->value; option++)
        if (str_equal(option->value, flag->reason))
            view->reason = lang_text(rq->lang, option->label);
    return view;
}

/* All that is said about the campaign of `flag`, from there on. */
static const struct flag_view *all_said(struct request *rq, const struct flag *flag)
{
    const struct flag_view *first = NULL;
    const struct flag_view **end = &first;
    struct campaign_id id = flag->campaign_id;
    for (; flag; flag = flag->next) {
        if (flag->campaign_id.n != id.n)
            continue;
        struct flag_view *view = said_of(rq, flag);
        *end = view;
        end = &view->next;
    }
    return first;
}

/* Something was said about its campaign before it. */
static bool is_told(const struct flag *all, const struct flag *flag)
{
    while (all != flag && all->campaign_id.n != flag->campaign_id.n)
        all = all->next;
    return all != flag;
}

/* Campaign by campaign, in the order of what was said first. */
static const struct flagged_view *flagged_list(struct request *rq, const struct flag *all)
{
    const struct flagged_view *first = NULL;
    const struct flagged_view **end = &first;
    for (const struct flag *flag = all; flag; flag = flag->next) {
        const struct campaign *campaign =
            is_told(all, flag) ? NULL : campaign_get(&rq->work, flag->campaign_id);
        if (!campaign || !flag_may_decide(&rq->work, campaign->id))
            continue;
        struct flagged_view *view = flagged_of(rq, campaign);
        view->flags = all_said(rq, flag);
        *end = view;
        end = &view->next;
    }
    return first;
}

static const struct flagged_view *hidden_list(struct request *rq)
{
    const struct flagged_view *first = NULL;
    const struct flagged_view **end = &first;
    const struct campaign *campaign = campaign_list_hidden(&rq->work, FLAGS_LIST_MAX);
    for (; campaign; campaign = campaign->next) {
        struct flagged_view *view = flagged_of(rq, campaign);
        *end = view;
        end = &view->next;
    }
    return first;
}

static const struct refusal *flags_show(struct request *rq)
{
    const struct flags_page view = {
        .campaigns = flagged_list(rq, flags_open(&rq->work)),
        .hidden = hidden_list(rq),
        .administrates = rq->work.login->role == ROLE_ADMINISTRATOR,
    };
    const char *title = lang_text(rq->lang, N_("What is said about pages"));
    struct html *h = page_begin(rq, &(struct page){.title = title});
    flags_admin_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

/* The campaign of the path, about which they may decide; NULL: there is nothing here. */
static const struct campaign *decided_campaign(struct request *rq)
{
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    return campaign && flag_may_decide(&rq->work, campaign->id) ? campaign : NULL;
}

static const struct refusal *settle_handle(struct request *rq)
{
    const struct campaign *campaign = decided_campaign(rq);
    if (!campaign)
        return &refusal_not_found;
    flags_settle(&rq->work, campaign);
    reply_see_other(rq, FLAGS);
    return NULL;
}

static const struct refusal *hide_show(struct request *rq)
{
    const struct campaign *campaign = decided_campaign(rq);
    if (!campaign)
        return &refusal_not_found;
    const struct hide_page view = {
        .campaign = campaign->title,
        .language = campaign->language,
        .path = campaign_path(&rq->work, campaign),
        .action = path_make(rq->work.mem, "/campaigns/%s/flags/hide", campaign->slug),
        .errors = form_summary(rq, &hide_form),
        .word = form_input_view(rq, &hide_form, "word", campaign->hidden_word),
    };
    const char *title = lang_text(rq->lang, N_("Take its page away"));
    struct html *h = page_begin(rq, &(struct page){.title = title});
    hide_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

static const struct refusal *hide_handle(struct request *rq)
{
    const struct hide_form *form = rq->input.parsed;
    const struct campaign *campaign = decided_campaign(rq);
    if (!campaign)
        return &refusal_not_found;
    flagged_hide(&rq->work, campaign, true, form->word);
    reply_see_other(rq, FLAGS);
    return NULL;
}

static const struct refusal *unhide_handle(struct request *rq)
{
    const struct campaign *campaign = decided_campaign(rq);
    if (!campaign)
        return &refusal_not_found;
    flagged_hide(&rq->work, campaign, false, "");
    reply_see_other(rq, FLAGS);
    return NULL;
}

/* The card. */

static void show_link(struct request *rq, struct html *h, int64_t campaign_id)
{
    const struct campaign *campaign = campaign_get(&rq->work, (struct campaign_id){campaign_id});
    if (campaign)
        flag_link(h, path_make(rq->work.mem, "/campaigns/%s/flag", campaign->slug));
}

/* As many as their page shows them. */
static void show_waiting(struct request *rq, struct html *h, int64_t community_id)
{
    int64_t count = 0;
    (void)community_id;
    const struct flagged_view *campaign = flagged_list(rq, flags_open(&rq->work));
    for (; campaign; campaign = campaign->next)
        for (const struct flag_view *flag = campaign->flags; flag; flag = flag->next)
            count++;
    if (count > 0)
        flags_waiting(h, count);
}

/* Facilitators who do not administrate have no other way to it than a mail. */
static void show_to_facilitator(struct request *rq, struct html *h, int64_t person_id)
{
    if (rq->work.login->role >= ROLE_FACILITATOR)
        show_waiting(rq, h, person_id);
}

static void forget_run(struct work *work, struct job *job)
{
    bool more = flags_forget(work, work->now - FLAG_KEPT_SECONDS) == JOB_PAGE_ROWS;
    job->again_at = work->now + (more ? 0 : DAY_SECONDS);
}

static void export_person(struct work *work, const char *email, json_t *object)
{
    json_t *list = json_array();
    for (const struct flag *flag = flag_list_by_email(work, email); flag; flag = flag->next)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "reason", flag->reason, "words",
                                              flag->words, "created_at",
                                              time_rfc3339(work->mem, flag->created_at)));
    json_object_set_new(object, "flags", list);
}

static const struct route flags_routes[] = {
    {"GET", "/campaigns/:slug/flag", ACCESS_ANYONE, .flags = ROUTE_NO_STORE,
     .queries = {{"told", QUERY_NAMES}}, .handle = flag_show},
    {"POST", "/campaigns/:slug/flag", ACCESS_ANYONE, .flags = ROUTE_NO_STORE,
     .queries = {{"told", QUERY_NAMES}}, .form = &flag_form, .rate = RATE_WRITE,
     .handle = flag_handle, .show = flag_show},
    {"GET", FLAGS, ACCESS_FACILITATOR, .handle = flags_show},
    {"POST", "/campaigns/:slug/flags/settle", ACCESS_FACILITATOR, .handle = settle_handle},
    {"GET", "/campaigns/:slug/flags/hide", ACCESS_FACILITATOR, .handle = hide_show},
    {"POST", "/campaigns/:slug/flags/hide", ACCESS_FACILITATOR, .form = &hide_form,
     .handle = hide_handle, .show = hide_show},
    {"POST", "/campaigns/:slug/flags/show", ACCESS_FACILITATOR, .handle = unhide_handle},
    {.method = NULL},
};

const struct feature flags_feature = {
    .name = "flags",
    .migrations = flags_migrations,
    .routes = flags_routes,
    .jobs = (const struct job_kind[]){{"flags.forget", forget_run, .always = true}, {.name = NULL}},
    .panels = (const struct panel[]){{PANEL_CAMPAIGN, show_link},
                                     {PANEL_ADMINISTRATION, show_waiting},
                                     {PANEL_ACCOUNT, show_to_facilitator},
                                     {.show = NULL}},
    .export_person = export_person,
    .forget_person = flags_forget_email,
};
