/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The JSON of campaigns: structs filled from rows, and the tables that say under which name each
 * field goes out. The names are a promise to others and only ever added to; ids of the database
 * never stand here. */
#include "features/campaigns/campaigns_views.h"

#include <stddef.h>

#include "base/mem.h"
#include "base/str.h"
#include "features/campaigns/campaigns_local.h"
#include "web/community.h"
#include "web/view.h"
#include "web/work.h"

static const struct view_field goal_fields[] = {
    {"unit", VIEW_TEXT, offsetof(struct goal_view, unit), .words = goal_unit_names},
    {"minimum", VIEW_INT, offsetof(struct goal_view, minimum), NULL},
    {"target", VIEW_INT_OR_NULL, offsetof(struct goal_view, target), NULL},
    {"quantity_unit", VIEW_TEXT_OR_NULL, offsetof(struct goal_view, quantity_unit), NULL},
    {0},
};
static const struct view goal_json = {"goal", goal_fields};

static const struct view_field progress_fields[] = {
    {"people", VIEW_INT, offsetof(struct progress_view, people), NULL},
    {"hours", VIEW_HOURS, offsetof(struct progress_view, minutes), NULL},
    {"quantity", VIEW_INT, offsetof(struct progress_view, quantity), NULL},
    {"waiting", VIEW_INT, offsetof(struct progress_view, waiting), NULL},
    {"percent", VIEW_INT, offsetof(struct progress_view, percent), NULL},
    {"version", VIEW_INT, offsetof(struct progress_view, version), NULL},
    {0},
};
const struct view progress_json = {"progress", progress_fields};

static const struct view_field session_fields[] = {
    {"id", VIEW_TEXT, offsetof(struct session_view, handle), NULL},
    {"title", VIEW_TEXT, offsetof(struct session_view, title), NULL},
    {"starts_at", VIEW_TIME_OR_NULL, offsetof(struct session_view, starts_at), NULL},
    {"ends_at", VIEW_TIME_OR_NULL, offsetof(struct session_view, ends_at), NULL},
    {"place", VIEW_TEXT, offsetof(struct session_view, place), NULL},
    {"online", VIEW_BOOL, offsetof(struct session_view, online), NULL},
    {"capacity", VIEW_INT_OR_NULL, offsetof(struct session_view, capacity), NULL},
    {"taken", VIEW_INT, offsetof(struct session_view, taken), NULL},
    {"left", VIEW_INT_OR_NULL, offsetof(struct session_view, left), NULL},
    {"waiting", VIEW_INT, offsetof(struct session_view, waiting), NULL},
    {0},
};
static const struct view session_json = {"session", session_fields};

static const struct view_field campaign_fields[] = {
    {"slug", VIEW_TEXT, offsetof(struct campaign_view, slug), NULL},
    {"title", VIEW_TEXT, offsetof(struct campaign_view, title), NULL},
    {"summary", VIEW_TEXT, offsetof(struct campaign_view, summary), NULL},
    {"language", VIEW_TEXT, offsetof(struct campaign_view, language), NULL},
    {"state", VIEW_TEXT, offsetof(struct campaign_view, state), .words = campaign_state_names},
    {"community", VIEW_TEXT, offsetof(struct campaign_view, community), NULL},
    {"place", VIEW_TEXT, offsetof(struct campaign_view, place), NULL},
    {"online", VIEW_BOOL, offsetof(struct campaign_view, online), NULL},
    {"time_zone", VIEW_TEXT, offsetof(struct campaign_view, time_zone), NULL},
    {"opens_at", VIEW_TIME, offsetof(struct campaign_view, opens_at), NULL},
    {"closes_at", VIEW_TIME, offsetof(struct campaign_view, closes_at), NULL},
    {"url", VIEW_TEXT, offsetof(struct campaign_view, url), NULL},
    {"goal", VIEW_OBJECT, offsetof(struct campaign_view, goal), &goal_json},
    {"progress", VIEW_OBJECT, offsetof(struct campaign_view, progress), &progress_json},
    {"sessions", VIEW_LIST, offsetof(struct campaign_view, sessions), &session_json},
    {0},
};
const struct view campaign_json = {"campaign", campaign_fields};

static const struct view_field list_fields[] = {
    {"items", VIEW_LIST, offsetof(struct campaign_list_view, items), &campaign_json},
    {"next", VIEW_TEXT_OR_NULL, offsetof(struct campaign_list_view, next), NULL},
    {0},
};
const struct view campaign_list_json = {"campaigns", list_fields};

static const struct view_field home_fields[] = {
    {"name", VIEW_TEXT, offsetof(struct home_view, name), NULL},
    {"description", VIEW_TEXT, offsetof(struct home_view, description), NULL},
    {"language", VIEW_TEXT, offsetof(struct home_view, language), NULL},
    {"time_zone", VIEW_TEXT, offsetof(struct home_view, time_zone), NULL},
    {"open", VIEW_OBJECT, offsetof(struct home_view, open), &campaign_list_json},
    {"recent", VIEW_OBJECT, offsetof(struct home_view, recent), &campaign_list_json},
    {0},
};
const struct view home_json = {"home", home_fields};

static const char *text_or_null(const char *text)
{
    return str_is_empty(text) ? NULL : text;
}

static const struct goal_view *goal_view(struct work *work, const struct campaign *campaign)
{
    struct goal_view *view = MEM_NEW(work->mem, struct goal_view);
    view->unit = goal_unit_name(campaign->goal_unit);
    view->minimum = campaign->minimum;
    view->target = campaign->target ? campaign->target : VIEW_NONE;
    view->quantity_unit = text_or_null(campaign->quantity_unit);
    return view;
}

const struct progress_view *progress_view(struct work *work, const struct campaign *campaign)
{
    struct progress_view *view = MEM_NEW(work->mem, struct progress_view);
    view->people = campaign->people;
    view->minutes = campaign->minutes;
    view->quantity = campaign->quantity;
    view->waiting = campaign->waiting;
    view->percent = campaign_percent(campaign);
    view->version = campaign->version;
    return view;
}

static struct session_view *session_view(struct work *work, const struct session *session)
{
    bool has_limit = session->capacity != SESSION_UNLIMITED;
    struct session_view *view = MEM_NEW(work->mem, struct session_view);
    view->handle = session->handle;
    view->title = session->title;
    view->starts_at = session->starts_at;
    view->ends_at = session->ends_at;
    view->place = session->place;
    view->online = session->online;
    view->capacity = has_limit ? session->capacity : VIEW_NONE;
    view->taken = session->taken;
    view->left = has_limit ? session_left(session) : VIEW_NONE;
    view->waiting = session->waiting;
    return view;
}

/* A campaign without sessions shows its one row without times only when that limits the places. */
static const struct session_view *session_views(struct work *work, const struct session *session)
{
    const struct session_view *first = NULL;
    const struct session_view **end = &first;
    for (; session; session = session->next) {
        if (session_is_timeless(session) && session->capacity == SESSION_UNLIMITED)
            continue;
        struct session_view *view = session_view(work, session);
        *end = view;
        end = &view->next;
    }
    return first;
}

struct campaign_view *campaign_view(struct work *work, const struct campaign *campaign,
                                    const struct session *sessions)
{
    struct campaign_view *view = MEM_NEW(work->mem, struct campaign_view);
    view->slug = campaign->slug;
    view->title = campaign->title;
    view->summary = campaign->summary;
    view->language = campaign->language;
    view->state = campaign_state_name(campaign->state);
    view->community = work->community->slug;
    view->place = campaign->place;
    view->online = campaign->online;
    view->time_zone = campaign->time_zone;
    view->opens_at = campaign->opens_at;
    view->closes_at = campaign->closes_at;
    view->url = work_url(work, campaign_path(work, campaign));
    view->goal = goal_view(work, campaign);
    view->progress = progress_view(work, campaign);
    view->sessions = session_views(work, sessions);
    return view;
}

static const struct session_group *sessions_of_all(struct work *work, const struct campaign *first)
{
    struct campaign_id ids[CAMPAIGN_LIST_MAX] = {0};
    int count = 0;
    for (const struct campaign *campaign = first; campaign; campaign = campaign->next)
        ids[count++] = campaign->id;
    return session_groups(work, ids);
}

const struct campaign_list_view *campaign_list_view(struct work *work, const struct campaign *first,
                                                    const char *next)
{
    const struct session_group *groups = sessions_of_all(work, first);
    struct campaign_list_view *list = MEM_NEW(work->mem, struct campaign_list_view);
    const struct campaign_view **end = &list->items;
    for (const struct campaign *campaign = first; campaign; campaign = campaign->next) {
        struct campaign_view *view =
            campaign_view(work, campaign, session_group_get(groups, campaign->id));
        *end = view;
        end = &view->next;
    }
    list->next = next;
    return list;
}
