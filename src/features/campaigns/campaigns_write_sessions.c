/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages of a campaign's sessions, for who leads it: all of them, and one to change, to copy or
 * to remove. */
#include <stddef.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "features/campaigns/campaigns_fields.h"
#include "features/campaigns/campaigns_local.h"
#include "features/campaigns/campaigns_views.h"
#include "features/campaigns/campaigns_write.h"
#include "features/campaigns/campaigns_write_sessions.html.h"
#include "sys/lang.h"
#include "web/app.h"
#include "web/form.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

/* As JSON: what a form takes, and what follows from it. */
struct session_json {
    const struct session_json *next;
    const char *id, *title, *starts, *ends, *time_zone, *place;
    bool online;
    int64_t capacity, starts_at, ends_at, taken, people, left;
};
struct session_list_json {
    const struct session_json *items;
    const char *next;
};
#define JSON(member) offsetof(struct session_json, member), NULL
static const struct view_field session_json_fields[] = {
    {"id", VIEW_TEXT, JSON(id)},
    {"title", VIEW_TEXT, JSON(title)},
    {"starts", VIEW_TEXT, JSON(starts)},
    {"ends", VIEW_TEXT, JSON(ends)},
    {"time_zone", VIEW_TEXT, JSON(time_zone)},
    {"starts_at", VIEW_TIME, JSON(starts_at)},
    {"ends_at", VIEW_TIME, JSON(ends_at)},
    {"place", VIEW_TEXT, JSON(place)},
    {"online", VIEW_BOOL, JSON(online)},
    {"capacity", VIEW_INT_OR_NULL, JSON(capacity)},
    {"taken", VIEW_INT, JSON(taken)},
    {"people", VIEW_INT, JSON(people)},
    {"left", VIEW_INT_OR_NULL, JSON(left)},
    {0},
};
const struct view session_text_json = {"session_text", session_json_fields};
static const struct view_field session_list_fields[] = {
    {"items", VIEW_LIST, offsetof(struct session_list_json, items), &session_text_json},
    {"next", VIEW_TEXT_OR_NULL, offsetof(struct session_list_json, next), NULL},
    {0},
};
const struct view session_texts_json = {"session_texts", session_list_fields};

static int64_t limit_or_none(int64_t places)
{
    return places == SESSION_UNLIMITED ? VIEW_NONE : places;
}

static struct session_json *json_of(struct work *work, const struct session *session)
{
    struct session_json *json = MEM_NEW(work->mem, struct session_json);
    *json = (struct session_json){
        .id = session->handle,
        .title = session->title,
        .starts = session->starts_local,
        .ends = session->ends_local,
        .time_zone = session->time_zone,
        .place = session->place,
        .online = session->online,
        .capacity = limit_or_none(session->capacity),
        .starts_at = session->starts_at,
        .ends_at = session->ends_at,
        .taken = session->taken,
        .people = session->taken - session->pending,
        .left = limit_or_none(session_left(session)),
    };
    return json;
}

static void reply_list_json(struct request *rq, const struct campaign *campaign)
{
    struct session_list_json list = {0};
    const struct session_json **end = &list.items;
    for (const struct session *session = campaign_sessions(&rq->work, campaign->id); session;
         session = session->next) {
        if (session_is_timeless(session))
            continue;
        struct session_json *json = json_of(&rq->work, session);
        *end = json;
        end = &json->next;
    }
    reply_json(rq, &session_texts_json, &list);
}

/* Pages. */

static const char *when_of(struct request *rq, const struct session *session)
{
    return lang_span(rq->lang, rq->work.mem, session->starts_at, session->ends_at,
                     zone_named(&rq->work, session->time_zone));
}

static const char *sessions_path(struct request *rq, const struct campaign *campaign)
{
    return path_make(rq->work.mem, "/campaigns/%s/edit/sessions", campaign->slug);
}

const struct session_row *session_rows_new(struct request *rq, const struct campaign *campaign,
                                           const struct session *sessions)
{
    const struct session_row *first = NULL;
    const struct session_row **end = &first;
    for (const struct session *session = sessions; session; session = session->next) {
        if (session_is_timeless(session))
            continue;
        struct session_row *row = MEM_NEW(rq->work.mem, struct session_row);
        row->title = session->title;
        row->when = when_of(rq, session);
        row->where = session->place;
        row->path = path_make(rq->work.mem, "/campaigns/%s/edit/sessions/%s", campaign->slug,
                              session->handle);
        bool counts = campaign_takes_place(campaign); /* else the places were given back */
        row->people = counts ? session->taken - session->pending : VIEW_NONE;
        row->left = counts ? limit_or_none(session_left(session)) : VIEW_NONE;
        *end = row;
        end = &row->next;
    }
    return first;
}

static struct session session_of_form(const struct session_fields *form)
{
    return (struct session){
        .title = form->title,
        .starts_local = form->starts,
        .ends_local = form->ends,
        .time_zone = form->time_zone,
        .place = form->place,
        .online = form->online,
        .capacity = form->capacity ? form->capacity : SESSION_UNLIMITED,
    };
}

static const char *capacity_text(struct request *rq, const struct session *session)
{
    if (!session || session->capacity == SESSION_UNLIMITED)
        return "";
    return mem_printf(rq->work.mem, "%lld", (long long)session->capacity);
}

static const struct session *last_dated(const struct session *sessions)
{
    const struct session *last = NULL;
    for (const struct session *session = sessions; session; session = session->next)
        if (!session_is_timeless(session))
            last = session;
    return last;
}

/* The next one is like the last one, a week later. */
static void fill_new(struct request *rq, const struct session *last, struct sessions_page *page)
{
    enum { WEEK_SECONDS = 7 * DAY_SECONDS };
    struct mem *mem = rq->work.mem;
    const char *starts = last ? wall_shift(mem, last->starts_local, WEEK_SECONDS) : "";
    const char *ends = last ? wall_shift(mem, last->ends_local, WEEK_SECONDS) : "";
    const char *zone = last ? last->time_zone : page->campaign->time_zone;
    page->starts = form_input_view(rq, &session_form, "starts", starts);
    page->ends = form_input_view(rq, &session_form, "ends", ends);
    page->time_zone = form_input_view(rq, &session_form, "time_zone", zone);
    page->title = form_input_view(rq, &session_form, "title", "");
    page->place = form_input_view(rq, &session_form, "place", last ? last->place : "");
    page->online = form_input_view(rq, &session_form, "online", last && last->online ? "1" : "");
    page->capacity = form_input_view(rq, &session_form, "capacity", capacity_text(rq, last));
}

const struct refusal *sessions_show(struct request *rq)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    if (rq->wants_json) {
        reply_list_json(rq, campaign);
        return NULL;
    }
    const struct session *sessions = campaign_sessions(work, campaign->id);
    struct sessions_page view = {
        .bar = organiser_bar(rq, campaign, "sessions"),
        .errors = form_summary(rq, &session_form),
        .campaign = campaign,
        .sessions = session_rows_new(rq, campaign, sessions),
        .action = sessions_path(rq, campaign),
        .edit_path = path_make(work->mem, "/campaigns/%s/edit#when", campaign->slug),
        .may_add = sessions_may_grow(campaign),
    };
    if (!view.bar)
        return &refusal_not_found;
    fill_new(rq, last_dated(sessions), &view);
    const struct page page = {.title = lang_text(rq->lang, N_("Sessions")), .noindex = true};
    struct html *h = page_begin(rq, &page);
    sessions_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

/* The list again: what was done shows in it. */
static const struct refusal *reply_sessions(struct request *rq, const struct campaign *campaign)
{
    if (rq->wants_json)
        reply_list_json(rq, campaign);
    else
        reply_see_other(rq, sessions_path(rq, campaign));
    return NULL;
}

const struct refusal *sessions_handle(struct request *rq)
{
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    struct session wanted = session_of_form(rq->input.parsed);
    const struct refusal *refusal = session_add(&rq->work, campaign, &wanted, &rq->input);
    return refusal ? refusal : reply_sessions(rq, campaign);
}

/* The campaign and the session of the path; the timeless one is none. */
static const struct session *session_of_path(struct request *rq,
                                             const struct campaign **ret_campaign)
{
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    const struct session *session =
        campaign ? session_get_by_handle(&rq->work, campaign->id, rq->params[1]) : NULL;
    *ret_campaign = campaign;
    return session && !session_is_timeless(session) ? session : NULL;
}

static void fill_session(struct request *rq, const struct session *session,
                         struct session_page *page)
{
    enum { WEEK_SECONDS = 7 * DAY_SECONDS };
    struct mem *mem = rq->work.mem;
    const char *later = wall_shift(mem, session->starts_local, WEEK_SECONDS);
    page->starts = form_input_view(rq, &session_form, "starts", session->starts_local);
    page->ends = form_input_view(rq, &session_form, "ends", session->ends_local);
    page->time_zone = form_input_view(rq, &session_form, "time_zone", session->time_zone);
    page->title = form_input_view(rq, &session_form, "title", session->title);
    page->place = form_input_view(rq, &session_form, "place", session->place);
    page->online = form_input_view(rq, &session_form, "online", session->online ? "1" : "");
    page->capacity = form_input_view(rq, &session_form, "capacity", capacity_text(rq, session));
    page->sure = form_input_view(rq, &session_form, "sure", "");
    page->copy_starts = form_input_view(rq, &session_copies_form, "starts", later);
    page->copy_times = form_input_view(rq, &session_copies_form, "times", "1");
}

/* Why its button did nothing; what is wrong in a form stands in its summary. */
static const char *refusal_words(struct request *rq)
{
    bool has_summary = !rq->refusal || rq->route->form;
    return has_summary ? NULL : lang_text(rq->lang, rq->refusal->sentence);
}

const struct refusal *session_edit_show(struct request *rq)
{
    const struct campaign *campaign = NULL;
    const struct session *session = session_of_path(rq, &campaign);
    if (!session)
        return &refusal_not_found;
    if (rq->wants_json) {
        reply_json(rq, &session_text_json, json_of(&rq->work, session));
        return NULL;
    }
    const char *path =
        path_make(rq->work.mem, "/campaigns/%s/edit/sessions/%s", campaign->slug, session->handle);
    bool may_change = campaign_field_may_change(campaign, "sessions");
    struct session_page view = {
        .bar = organiser_bar(rq, campaign, "sessions"),
        .errors = form_summary(rq, &session_form),
        .copies_errors = form_summary(rq, &session_copies_form),
        .refusal = refusal_words(rq),
        .campaign = campaign,
        .when = when_of(rq, session),
        .action = path,
        .copies_action = mem_printf(rq->work.mem, "%s/copies", path),
        .remove_action = mem_printf(rq->work.mem, "%s/remove", path),
        .sessions_path = sessions_path(rq, campaign),
        .may_change = may_change,
        .may_copy = sessions_may_grow(campaign),
        .may_remove = may_change && !session->used,
        .people = session->taken - session->pending,
    };
    if (!view.bar)
        return &refusal_not_found;
    fill_session(rq, session, &view);
    struct html *h = page_begin(rq, &(struct page){.title = view.when, .noindex = true});
    session_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

const struct refusal *session_edit_handle(struct request *rq)
{
    const struct session_fields *form = rq->input.parsed;
    const struct campaign *campaign = NULL;
    const struct session *session = session_of_path(rq, &campaign);
    if (!session)
        return &refusal_not_found;
    const struct session_wish wish = {session_of_form(form), form->sure};
    const struct refusal *refusal = session_change(&rq->work, session, &wish, &rq->input);
    return refusal ? refusal : reply_sessions(rq, campaign);
}

const struct refusal *session_copies_handle(struct request *rq)
{
    const struct campaign *campaign = NULL;
    const struct session *session = session_of_path(rq, &campaign);
    if (!session)
        return &refusal_not_found;
    const struct refusal *refusal = session_copy(&rq->work, session, rq->input.parsed, &rq->input);
    return refusal ? refusal : reply_sessions(rq, campaign);
}

const struct refusal *session_remove_handle(struct request *rq)
{
    const struct campaign *campaign = NULL;
    const struct session *session = session_of_path(rq, &campaign);
    if (!session)
        return &refusal_not_found;
    const struct refusal *refusal = session_remove(&rq->work, session);
    return refusal ? refusal : reply_sessions(rq, campaign);
}
