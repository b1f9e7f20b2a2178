/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The result page: what came of a campaign so far, how each figure is known, and how it grew. What
 * other features know of it (reports, equivalents) they add themselves, to the page and to its
 * JSON. */
#include "features/campaigns/campaigns.h"

#include <stddef.h>

#include "base/mem.h"
#include "base/str.h"
#include "features/campaigns/campaigns_local.h"
#include "features/campaigns/campaigns_result.html.h"
#include "features/campaigns/campaigns_views.h"
#include "features/campaigns/campaigns_write.h"
#include "sys/html.h"
#include "sys/lang.h"
#include "sys/zone.h"
#include "web/app.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

static const struct view_field curve_fields[] = {
    {"day", VIEW_TEXT, offsetof(struct curve_view, day), NULL},
    {"people", VIEW_INT, offsetof(struct curve_view, people), NULL},
    {"quantity", VIEW_INT, offsetof(struct curve_view, quantity), NULL},
    {0},
};
static const struct view curve_json = {"curve", curve_fields};

static const struct view_field result_fields[] = {
    {"slug", VIEW_TEXT, offsetof(struct result_view, slug), NULL},
    {"title", VIEW_TEXT, offsetof(struct result_view, title), NULL},
    {"state", VIEW_TEXT, offsetof(struct result_view, state), .words = campaign_state_names},
    {"url", VIEW_TEXT, offsetof(struct result_view, url), NULL},
    {"people", VIEW_INT, offsetof(struct result_view, people), NULL},
    {"hours", VIEW_HOURS, offsetof(struct result_view, minutes), NULL},
    {"quantity", VIEW_INT, offsetof(struct result_view, quantity), NULL},
    {"quantity_unit", VIEW_TEXT_OR_NULL, offsetof(struct result_view, quantity_unit), NULL},
    {"curve", VIEW_LIST, offsetof(struct result_view, curve), &curve_json},
    {0},
};
const struct view result_json = {"result", result_fields, PANEL_CAMPAIGN_RESULT};

/* The days of the curve: from the opening to today, or to the end if that has passed. */
static const struct curve *curve_of(struct work *work, const struct campaign *campaign)
{
    const struct zone *zone = work->community->zone;
    int64_t end =
        campaign->acts_until > campaign->closes_at ? campaign->acts_until : campaign->closes_at - 1;
    const struct curve_span span = {
        .from = calendar_day(zone, campaign->opens_at),
        .until = calendar_day(zone, end < work->now ? end : work->now),
        .people = campaign->people,
        .quantity = campaign->quantity,
    };
    return curve_new(work->mem, campaign_days(work, campaign->id), &span);
}

static const struct curve_view *curve_views(struct work *work, const struct curve *curve)
{
    const struct curve_view *first = NULL;
    for (int i = curve->count - 1; i >= 0; i--) {
        const struct curve_point *point = &curve->points[i];
        struct wall day = wall_from_seconds(point->day * DAY_SECONDS);
        struct curve_view *view = MEM_NEW(work->mem, struct curve_view);
        view->next = first;
        view->day = mem_printf(work->mem, "%04d-%02d-%02d", day.year, day.month, day.day);
        view->people = point->people;
        view->quantity = point->quantity;
        first = view;
    }
    return first;
}

static void reply_result_json(struct request *rq, const struct campaign *campaign)
{
    struct work *work = &rq->work;
    const struct result_view view = {
        .slug = campaign->slug,
        .title = campaign->title,
        .state = campaign_state_name(campaign->state),
        .url = work_url(work, campaign_path(work, campaign)),
        .people = campaign->people,
        .minutes = campaign->minutes,
        .quantity = campaign->quantity,
        .quantity_unit = str_is_empty(campaign->quantity_unit) ? NULL : campaign->quantity_unit,
        .curve = curve_views(work, curve_of(work, campaign)),
    };
    reply_json_panels(rq, &result_json, &view, campaign->id.n);
}

/* A day of the calendar in words: its noon in UTC, so that no zone makes it another one. */
static const char *day_words(struct request *rq, int64_t day)
{
    const struct zone *utc = zone_get(rq->work.app->zones, "UTC");
    return lang_date(rq->lang, rq->work.mem, LANG_DATE_SHORT, day * DAY_SECONDS + DAY_SECONDS / 2,
                     utc ? utc : rq->work.community->zone);
}

/* Only what changed, and where it began. */
static const struct curve_row *rows_of(struct request *rq, const struct curve *curve)
{
    const struct curve_row *first = NULL;
    for (int i = curve->count - 1; i >= 0; i--) {
        const struct curve_point *point = &curve->points[i];
        const struct curve_point *before = i ? point - 1 : NULL;
        if (before && before->people == point->people && before->quantity == point->quantity)
            continue;
        struct curve_row *row = MEM_NEW(rq->work.mem, struct curve_row);
        row->next = first;
        row->date = day_words(rq, point->day);
        row->people = point->people;
        row->quantity = point->quantity;
        first = row;
    }
    return first;
}

static void fill_curve(struct request *rq, const struct campaign *campaign,
                       struct result_page_view *view)
{
    struct mem *mem = rq->work.mem;
    const struct curve *curve = curve_of(&rq->work, campaign);
    bool wants_people = campaign_minimum_unit(campaign) == GOAL_PEOPLE;
    view->has_curve = campaign->people > 0;
    view->has_quantity_curve = campaign->quantity > 0;
    view->people_chart = chart_view(mem, curve, false, wants_people ? campaign->minimum : 0);
    view->quantity_chart = chart_view(mem, curve, true, 0);
    view->curve_from = day_words(rq, curve->points[0].day);
    view->curve_until = day_words(rq, curve->points[curve->count - 1].day);
    view->rows = rows_of(rq, curve);
}

const struct refusal *campaign_result_handle(struct request *rq)
{
    const struct campaign *campaign = campaign_get_public(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    if (rq->wants_json) {
        reply_result_json(rq, campaign);
        return NULL;
    }
    const char *pattern = !campaign_takes_place(campaign) ? N_("What came of it: {campaign}")
                          : campaign->state == CAMPAIGN_REPORTED
                              ? N_("What we have done: {campaign}")
                              : N_("What we have done so far: {campaign}");
    const char *title = lang_fill(rq->work.mem, lang_text(rq->lang, pattern),
                                  &(struct lang_hole){"campaign", campaign->title}, 1);
    struct html *h = page_begin(rq, &(struct page){.title = title, .noindex = campaign->unlisted});
    const struct tally_view tally = tally_view(rq, campaign);
    struct result_page_view view = {
        .bar = organiser_bar(rq, campaign, "result"),
        .campaign = campaign,
        .state = (int)campaign->state,
        .path = campaign_path(&rq->work, campaign),
        .swarm = tally_swarm(rq->work.mem, &tally),
        .hours = campaign_takes_place(campaign) && campaign->minutes > 0
                     ? lang_hours(rq->lang, rq->work.mem, campaign->minutes)
                     : NULL,
        .figures = page_panels(rq, PANEL_RESULT_FIGURES, campaign->id.n),
        .panels = page_panels(rq, PANEL_CAMPAIGN_RESULT, campaign->id.n),
        .words = page_panels(rq, PANEL_RESULT_WORDS, campaign->id.n),
    };
    fill_curve(rq, campaign, &view);
    result_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}
