/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages that anybody may read: home, list, campaign, its live count, its big screen, its result
 * so far. Each answers HTML or JSON of the same rows. Nothing is written here; signing up is
 * another feature's panel and routes. */
#include "features/campaigns/campaigns.h"

#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "features/campaigns/campaigns.html.h"
#include "features/campaigns/campaigns_lead_pages.h"
#include "features/campaigns/campaigns_local.h"
#include "features/campaigns/campaigns_views.h"
#include "features/campaigns/campaigns_write.h"
#include "migrations.h"
#include "sys/html.h"
#include "sys/lang.h"
#include "sys/words.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

enum {
    HOME_OPEN_MAX = 6,
    HOME_RECENT_MAX = 3,
    QUERY_WORDS_MAX = 12, /* looked at in what was typed; SEARCH_TERMS_MAX of them count */
    SHORT_WORD_CHARS = 2, /* "de", "la", "to": they say nothing beside a longer one */
};

const char *campaign_path(struct work *work, const struct campaign *campaign)
{
    return path_make(work->mem, "/campaigns/%s", campaign->slug);
}

/* Home. */

static const struct refusal *home_handle(struct request *rq)
{
    struct work *work = &rq->work;
    const struct community *community = work->community;
    const struct campaign_query open_query = {
        .open = true, .after = {work->now, 0, ""}, .limit = HOME_OPEN_MAX};
    const struct campaign_query recent_query = {
        .states = {[CAMPAIGN_UNDER_WAY] = true, [CAMPAIGN_REPORTED] = true},
        .after = {work->now, 0, ""},
        .limit = HOME_RECENT_MAX,
    };
    const struct campaign *open = campaign_list(work, &open_query).first;
    const struct campaign *recent = campaign_list(work, &recent_query).first;
    if (rq->wants_json) {
        reply_json(rq, &home_json,
                   &(struct home_view){community->name, community->description, community->language,
                                       community->time_zone, campaign_list_view(work, open, NULL),
                                       campaign_list_view(work, recent, NULL)});
        return NULL;
    }
    struct html *h = page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("Home"))});
    struct home_page_view view = {
        .lead = community->description,
        .open = card_views(rq, open),
        .recent = card_views(rq, recent),
    };
    view.swarm =
        view.open ? tally_swarm(work->mem, &view.open->tally) : swarm_view(work->mem, 1, 1);
    home_page(h, &view);
    feature_panels(rq, h, PANEL_HOME, community->id.n);
    page_end(rq, h, 200);
    return NULL;
}

/* The list. */

/* `open,reached`: False for a name that is no public state's. */
static bool states_read(struct mem *mem, const char *text, struct campaign_query *query)
{
    while (*text) {
        size_t length = strcspn(text, ",");
        enum campaign_state state = CAMPAIGN_DRAFT;
        if (!campaign_state_read(mem_strndup(mem, text, length), &state) ||
            !campaign_state_is_public(state))
            return false;
        query->states[state] = true;
        text += length + (text[length] == ',');
    }
    query->open = query->states[CAMPAIGN_OPEN];
    query->states[CAMPAIGN_OPEN] = false;
    return true;
}

static void all_states(struct campaign_query *query)
{
    for (int i = CAMPAIGN_SCHEDULED; i <= CAMPAIGN_CANCELLED; i++)
        query->states[i] = true;
}

/* The first words that say something. */
static const struct word *terms_read(struct work *work, const struct lang *lang, const char *text)
{
    const struct word *words = words_list(work->mem, text, lang_code(lang), QUERY_WORDS_MAX);
    bool has_long = false;
    for (const struct word *word = words; word; word = word->next)
        has_long = has_long || strlen(word->folded) > SHORT_WORD_CHARS;
    const struct word *first = NULL;
    const struct word **end = &first;
    int count = 0;
    for (const struct word *word = words; word && count < SEARCH_TERMS_MAX; word = word->next) {
        if (has_long && strlen(word->folded) <= SHORT_WORD_CHARS)
            continue;
        struct word *term = mem_copy(work->mem, word, sizeof(*word));
        term->next = NULL;
        *end = term;
        end = &term->next;
        count++;
    }
    return first;
}

/* A key is "<as_of>-<closes_at>-<slug>". False for anything else. */
static bool key_read(struct mem *mem, const char *text, struct campaign_list_key *key)
{
    size_t first = strcspn(text, "-");
    if (!text[first])
        return false;
    const char *rest = text + first + 1;
    size_t second = strcspn(rest, "-");
    if (!rest[second] || !rest[second + 1])
        return false;
    key->slug = rest + second + 1;
    return str_to_int(mem_strndup(mem, text, first), &key->as_of) &&
           str_to_int(mem_strndup(mem, rest, second), &key->closes_at) && key->closes_at > 0;
}

static const struct refusal *query_read(struct request *rq, struct campaign_query *query)
{
    struct work *work = &rq->work;
    const char *after = request_query(rq, "after");
    const char *states = request_query(rq, "state");
    *query = (struct campaign_query){.after = {work->now, 0, ""}, .limit = PAGE_ITEMS};
    if (*after && !key_read(work->mem, after, &query->after))
        return &refusal_bad_request;
    if (!states_read(work->mem, states, query))
        return &refusal_bad_request;
    if (!*states)
        all_states(query);
    query->terms = terms_read(work, rq->lang, request_query(rq, "q"));
    return NULL;
}

/* Where the next page begins; NULL: there is none. */
static const char *next_key(struct work *work, const struct campaign_query *query,
                            const struct campaign_page *page)
{
    if (!page->more)
        return NULL;
    return mem_printf(work->mem, "%lld-%lld-%s", (long long)query->after.as_of,
                      (long long)page->last->closes_at, page->last->slug);
}

/* This list with another `state` or `after`, keeping the words. */
static const char *list_url(struct request *rq, const char *states, const char *after)
{
    struct mem *mem = rq->work.mem;
    const char *q = request_query(rq, "q");
    const char *state_part = *states ? path_make(mem, "&state=%s", states) : "";
    const char *q_part = *q ? path_make(mem, "&q=%s", q) : "";
    const char *after_part = *after ? path_make(mem, "&after=%s", after) : "";
    const char *query = mem_printf(mem, "%s%s%s", state_part, q_part, after_part);
    return *query ? mem_printf(mem, "/campaigns?%s", query + 1) : "/campaigns";
}

static const struct chip_view *chips(struct request *rq)
{
    static const struct {
        const char *states;
        const char *label;
    } rows[] = {
        {"", N_("All")},
        {"open", N_("Open now")},
        {"scheduled", N_("Coming soon")},
        {"under_way", N_("Under way")},
        {"reported", N_("Done")},
    };
    const struct chip_view *first = NULL;
    const struct chip_view **end = &first;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct chip_view *chip = MEM_NEW(rq->work.mem, struct chip_view);
        chip->label = lang_text(rq->lang, rows[i].label);
        chip->url = list_url(rq, rows[i].states, "");
        chip->is_current = str_equal(rows[i].states, request_query(rq, "state"));
        *end = chip;
        end = &chip->next;
    }
    return first;
}

static const struct refusal *list_handle(struct request *rq)
{
    struct campaign_query query;
    const struct refusal *refusal = query_read(rq, &query);
    if (refusal)
        return refusal;
    bool too_short = *request_query(rq, "q") && !query.terms;
    struct campaign_page page = {0};
    if (!too_short)
        page = campaign_list(&rq->work, &query);
    const char *next = next_key(&rq->work, &query, &page);
    if (rq->wants_json) {
        reply_json(rq, &campaign_list_json, campaign_list_view(&rq->work, page.first, next));
        return NULL;
    }
    const char *states = request_query(rq, "state");
    const struct list_page_view view = {
        .cards = card_views(rq, page.first),
        .chips = chips(rq),
        .q = request_query(rq, "q"),
        .too_short = too_short,
        .states = states,
        .more_url = next ? list_url(rq, states, next) : NULL,
    };
    struct html *h = page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("Campaigns"))});
    list_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

/* One campaign. */

/* Before it is published its organisers see it as it will be, and while it is hidden as it is; for
 * everybody else there is nothing. */
static bool is_shown(struct request *rq, const struct campaign *campaign)
{
    return campaign_is_public(campaign) || organiser_bar(rq, campaign, "page");
}

const struct refusal *campaign_page_handle(struct request *rq)
{
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    if (!campaign || !is_shown(rq, campaign))
        return &refusal_not_found;
    bool preview = !campaign_state_is_public(campaign->state);
    if (rq->wants_json) {
        reply_json(rq, &campaign_json,
                   campaign_view(&rq->work, campaign, campaign_sessions(&rq->work, campaign->id)));
        return NULL;
    }
    if (!rq->refusal && !str_equal(campaign->slug, rq->params[0])) {
        reply_see_other(rq, campaign_path(&rq->work, campaign)); /* its address as a draft */
        return NULL;
    }
    struct html *h =
        page_begin(rq, &(struct page){
                           .title = campaign->title,
                           .description = campaign->summary,
                           .noindex = !campaign_is_public(campaign) || campaign->unlisted,
                       });
    struct campaign_page_view view =
        preview ? campaign_preview_view(rq, campaign) : campaign_page_view(rq, campaign);
    campaign_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

struct safe_html campaign_tally_html(struct request *rq, const struct campaign *campaign)
{
    struct html *h = page_part_begin(rq);
    struct campaign_page_view view = campaign_tally_view(rq, campaign);
    tally(h, &view);
    return page_part_end(rq, h);
}

static const char *progress_data(struct work *work, int64_t object_id)
{
    const struct campaign *campaign = campaign_get(work, (struct campaign_id){object_id});
    if (!campaign || !campaign_is_public(campaign))
        return NULL;
    return view_json(work->mem, &progress_json, progress_view(work, campaign));
}

static const struct refusal *live_handle(struct request *rq)
{
    const struct campaign *campaign = campaign_get_public(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    reply_live(rq, OBJECT_CAMPAIGN, campaign->id.n, progress_data);
    return NULL;
}

static const struct refusal *screen_handle(struct request *rq)
{
    const struct campaign *campaign = campaign_get_public(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    if (rq->wants_json) {
        reply_json(rq, &campaign_json,
                   campaign_view(&rq->work, campaign, campaign_sessions(&rq->work, campaign->id)));
        return NULL;
    }
    struct html *h = page_begin(rq, &(struct page){
                                        .title = campaign->title,
                                        .bare_class = "screen night",
                                        .noindex = true,
                                    });
    struct screen_view view = screen_view(rq, campaign);
    screen_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

/* The card. */

static const char *check(struct work *work)
{
    const char *sentence = campaigns_check(work);
    if (!sentence)
        sentence = sessions_check(work);
    if (!sentence)
        sentence = campaign_states_check(work);
    return sentence ? sentence : campaign_days_check(work);
}

static const struct route routes[] = {
    {.method = "GET",
     .path = "/",
     .access = ACCESS_ANYONE,
     .flags = ROUTE_CACHED,
     .handle = home_handle,
     .json = &home_json},
    {.method = "GET",
     .path = "/campaigns",
     .access = ACCESS_ANYONE,
     .flags = ROUTE_CACHED,
     .queries = {{"state", QUERY_NAMES}, {"q", QUERY_WORDS}, {"after", QUERY_KEY}},
     .handle = list_handle,
     .json = &campaign_list_json},
    {.method = "GET",
     .path = "/campaigns/:slug",
     .access = ACCESS_ANYONE,
     .flags = ROUTE_CACHED,
     .queries = {{"ref",
                  QUERY_HANDLE}}, /* who brought the visitor: read by the sign-up form's panel */
     .handle = campaign_page_handle,
     .json = &campaign_json},
    {.method = "GET",
     .path = "/campaigns/:slug/live",
     .access = ACCESS_ANYONE,
     .flags = ROUTE_NO_STORE,
     .handle = live_handle,
     .type = "text/event-stream"},
    {.method = "GET",
     .path = "/campaigns/:slug/screen",
     .access = ACCESS_ANYONE,
     .flags = ROUTE_CACHED,
     .handle = screen_handle,
     .json = &campaign_json},
    {.method = "GET",
     .path = "/campaigns/:slug/result",
     .access = ACCESS_ANYONE,
     .flags = ROUTE_CACHED,
     .handle = campaign_result_handle,
     .json = &result_json},
    {.method = "GET",
     .path = "/campaigns/:slug/organise",
     .access = ACCESS_ORGANISER,
     .handle = campaign_organise_handle,
     .json = &organise_json},
    {"GET", "/campaigns/new", ACCESS_SIGNED_IN, .handle = campaign_new_show,
     .json = &first_drafts_json},
    {"POST", "/campaigns", ACCESS_SIGNED_IN, .form = &campaign_new_form, .rate = RATE_WRITE,
     .handle = campaign_new_handle, .show = campaign_new_show, .json = &campaign_begun_json,
     .json_status = 201},
    {"GET", "/campaigns/:slug/edit", ACCESS_ORGANISER, .queries = {{"saved", QUERY_NAMES}},
     .handle = campaign_edit_show, .json = &campaign_text_json},
    {"POST", "/campaigns/:slug/edit", ACCESS_ORGANISER, .flags = ROUTE_ADDS_ERRORS,
     .form = &campaign_form, .handle = campaign_edit_handle, .show = campaign_edit_show,
     .json = &campaign_text_json},
    {"GET", "/campaigns/:slug/edit/sessions", ACCESS_ORGANISER, .handle = sessions_show,
     .json = &session_texts_json},
    {"POST", "/campaigns/:slug/edit/sessions", ACCESS_ORGANISER, .form = &session_form,
     .handle = sessions_handle, .show = sessions_show, .json = &session_texts_json,
     .json_status = 201},
    {"GET", "/campaigns/:slug/edit/sessions/:session", ACCESS_ORGANISER,
     .handle = session_edit_show, .json = &session_text_json},
    {"POST", "/campaigns/:slug/edit/sessions/:session", ACCESS_ORGANISER, .form = &session_form,
     .handle = session_edit_handle, .show = session_edit_show, .json = &session_texts_json},
    {"POST", "/campaigns/:slug/edit/sessions/:session/copies", ACCESS_ORGANISER,
     .form = &session_copies_form, .handle = session_copies_handle, .show = session_edit_show,
     .json = &session_texts_json, .json_status = 201},
    {"POST", "/campaigns/:slug/edit/sessions/:session/remove", ACCESS_ORGANISER,
     .handle = session_remove_handle, .show = session_edit_show, .json = &session_texts_json},
    /* Leading it: campaigns_lead_pages.c, campaigns_cancel_pages.c */
    {"GET", "/campaigns/:slug/publish", ACCESS_ORGANISER, .handle = publish_show,
     .json = &lead_json},
    {"POST", "/campaigns/:slug/publish", ACCESS_ORGANISER, .form = &publish_form,
     .handle = publish_handle, .show = publish_show, .json = &lead_json},
    {"GET", "/campaigns/:slug/approve", ACCESS_FACILITATOR, .handle = approve_show,
     .json = &lead_json},
    {"POST", "/campaigns/:slug/approve", ACCESS_FACILITATOR, .form = &approve_form,
     .handle = approve_handle, .show = approve_show, .json = &lead_json},
    {"GET", "/campaigns/:slug/send-back", ACCESS_FACILITATOR, .handle = approve_show,
     .json = &lead_json},
    {"POST", "/campaigns/:slug/send-back", ACCESS_FACILITATOR, .form = &send_back_form,
     .handle = send_back_handle, .show = approve_show, .json = &lead_json},
    {"GET", "/campaigns/:slug/cancel", ACCESS_ORGANISER, .handle = cancel_show,
     .json = &touched_json},
    {"POST", "/campaigns/:slug/cancel", ACCESS_ORGANISER, .form = &cancel_form,
     .handle = cancel_handle, .show = cancel_show, .json = &lead_json},
    {"GET", "/campaigns/:slug/extend", ACCESS_ORGANISER, .handle = extend_show,
     .json = &touched_json},
    {"POST", "/campaigns/:slug/extend", ACCESS_ORGANISER, .form = &extend_form,
     .handle = extend_handle, .show = extend_show, .json = &lead_json},
    {0},
};

static const struct panel panels[] = {
    {.place = PANEL_ACCOUNT, .show = own_campaigns_panel},
    {.place = PANEL_ACCOUNT, .show = approvals_panel},
    {.place = PANEL_ADMINISTRATION, .show = approvals_panel},
    {.place = PANEL_EDIT, .show = lead_panel},
    {0},
};

static const struct job_kind jobs[] = {
    {.name = campaign_settle_kind, .run = campaign_settle_job},
    {0},
};

const struct feature campaigns_feature = {
    .name = "campaigns",
    .migrations = campaigns_migrations,
    .routes = routes,
    .jobs = jobs,
    .panels = panels,
    .todos = campaign_todos,
    .export_person = campaigns_export_person,
    .forget_person = campaigns_forget_person,
    .needs_person = campaigns_need_person,
    .check = check,
};
