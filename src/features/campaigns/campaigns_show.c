/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of campaigns show, in structs for their templates: dates in the words of the
 * reader's language, counts for the script that moves them. No HTML is written here, and nothing is
 * decided that a rule of campaigns.c decides. */
#include "features/campaigns/campaigns_views.h"

#include <stddef.h>

#include "base/mem.h"
#include "features/campaigns/campaigns_local.h"
#include "features/campaigns/campaigns_write.h"
#include "features/campaigns/campaigns_write.html.h"
#include "sys/lang.h"
#include "sys/qr.h"
#include "sys/zone.h"
#include "web/app.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

/* Until it is reached the count is of the minimum; then of the target, whose unit may be another.
 * `minimum` 0 tells the script that it is behind us. */
struct tally_view tally_view(struct request *rq, const struct campaign *campaign)
{
    struct mem *mem = rq->work.mem;
    bool reached = campaign->reached_at != 0;
    enum goal_unit unit =
        reached && campaign->target ? campaign->goal_unit : campaign_minimum_unit(campaign);
    int64_t target = unit == campaign->goal_unit ? campaign->target : 0;
    int64_t goal = target ? target : campaign->minimum;
    enum goal_unit to_go_unit = GOAL_PEOPLE;
    int64_t to_go = campaign_to_go(campaign, &to_go_unit);
    int64_t percent = campaign_percent(campaign);
    return (struct tally_view){
        .live_url = path_make(mem, "/campaigns/%s/live", campaign->slug),
        .json_url = campaign_path(&rq->work, campaign),
        .unit = goal_unit_name(unit),
        .minimum = reached ? 0 : campaign->minimum,
        .target = target,
        .counted = campaign_counted(campaign, unit),
        .goal = goal,
        .people = campaign->people,
        .people_goal = unit == GOAL_PEOPLE ? goal : 0,
        .hours_goal = unit == GOAL_HOURS ? goal : 0,
        .percent = percent,
        .bar = percent < 100 ? percent : 100,
        .to_go = to_go,
        .to_go_unit = (int)to_go_unit,
        .days_left =
            campaign_days_left(campaign, zone_named(&rq->work, campaign->time_zone), rq->work.now),
        .counts_quantity = campaign->goal_unit == GOAL_QUANTITY && campaign->target,
        .quantity = campaign->quantity,
        .quantity_target = campaign->target,
        .quantity_unit = campaign->quantity_unit,
    };
}

struct swarm_view tally_swarm(struct mem *mem, const struct tally_view *tally)
{
    return swarm_view(mem, tally->counted, tally->goal);
}

static const char *date(struct request *rq, enum lang_date_style style, int64_t at,
                        const struct zone *zone)
{
    return lang_date(rq->lang, rq->work.mem, style, at, zone);
}

/* A deadline at midnight is the day before, which is how people understand it. */
const char *campaign_deadline(struct request *rq, const struct campaign *campaign)
{
    const struct zone *zone = zone_named(&rq->work, campaign->time_zone);
    struct wall wall = zone_wall(zone, campaign->closes_at);
    if (wall.hour == 0 && wall.minute == 0)
        return date(rq, LANG_DATE, campaign->closes_at - 1, zone);
    return date(rq, LANG_DATE_TIME, campaign->closes_at, zone);
}

const char *campaign_opening(struct request *rq, const struct campaign *campaign)
{
    if (campaign->opens_at <= rq->work.now)
        return NULL;
    return date(rq, LANG_DATE_TIME, campaign->opens_at, zone_named(&rq->work, campaign->time_zone));
}

static bool is_one_day(const struct campaign *campaign, const struct zone *zone)
{
    struct wall from = zone_wall(zone, campaign->acts_from);
    struct wall until = zone_wall(zone, campaign->acts_until);
    return from.year == until.year && from.month == until.month && from.day == until.day;
}

/* `only` is the session of a campaign that has a single one; NULL: it has several, or nobody asked.
 */
static struct when_view when_view(struct request *rq, const struct campaign *campaign,
                                  const struct session *only)
{
    const struct zone *zone = zone_named(&rq->work, campaign->time_zone);
    if (!campaign_has_sessions(campaign))
        return (struct when_view){0};
    if (only)
        return (struct when_view){.span = lang_span(rq->lang, rq->work.mem, only->starts_at,
                                                    only->ends_at,
                                                    zone_named(&rq->work, only->time_zone))};
    if (is_one_day(campaign, zone))
        return (struct when_view){.span = date(rq, LANG_DATE, campaign->acts_from, zone)};
    return (struct when_view){
        .from = date(rq, LANG_DATE, campaign->acts_from, zone),
        .until = date(rq, LANG_DATE, campaign->acts_until, zone),
    };
}

/* Once it is on, what counts is whether one can still join. */
static bool shows_places(const struct campaign *campaign, int64_t now)
{
    return campaign->state == CAMPAIGN_REACHED && !campaign_refuses_sign_ups(campaign, now);
}

static int64_t places_left(const struct session *session, int64_t now)
{
    int64_t left = 0;
    for (; session; session = session->next) {
        if (session->capacity == SESSION_UNLIMITED)
            return VIEW_NONE;
        if (!session_refuses_sign_ups(session, now))
            left += session_left(session);
    }
    return left;
}

static struct card_view *card_view(struct request *rq, const struct campaign *campaign,
                                   const struct session *sessions)
{
    struct card_view *card = MEM_NEW(rq->work.mem, struct card_view);
    card->campaign = campaign;
    card->path = campaign_path(&rq->work, campaign);
    card->when = when_view(rq, campaign, NULL);
    card->opens = campaign_opening(rq, campaign);
    card->closes =
        date(rq, LANG_DATE, campaign->closes_at - 1, zone_named(&rq->work, campaign->time_zone));
    card->tally = tally_view(rq, campaign);
    card->takes_sign_ups = !campaign_refuses_sign_ups(campaign, rq->work.now);
    card->left =
        shows_places(campaign, rq->work.now) ? places_left(sessions, rq->work.now) : VIEW_NONE;
    card->hours = campaign_counted(campaign, GOAL_HOURS);
    return card;
}

static const struct session_group *sessions_of_counted(struct request *rq,
                                                       const struct campaign *first)
{
    struct campaign_id ids[CAMPAIGN_LIST_MAX] = {0};
    int count = 0;
    for (const struct campaign *campaign = first; campaign; campaign = campaign->next)
        if (shows_places(campaign, rq->work.now))
            ids[count++] = campaign->id;
    return session_groups(&rq->work, ids);
}

const struct card_view *card_views(struct request *rq, const struct campaign *first)
{
    const struct session_group *groups = sessions_of_counted(rq, first);
    const struct card_view *cards = NULL;
    const struct card_view **end = &cards;
    for (const struct campaign *campaign = first; campaign; campaign = campaign->next) {
        struct card_view *card = card_view(rq, campaign, session_group_get(groups, campaign->id));
        *end = card;
        end = &card->next;
    }
    return cards;
}

static const struct session_line *session_lines(struct request *rq, const struct session *session)
{
    const struct session_line *first = NULL;
    const struct session_line **end = &first;
    for (; session; session = session->next) {
        if (session_is_timeless(session))
            continue;
        struct session_line *line = MEM_NEW(rq->work.mem, struct session_line);
        line->title = session->title;
        line->when = lang_span(rq->lang, rq->work.mem, session->starts_at, session->ends_at,
                               zone_named(&rq->work, session->time_zone));
        line->place = session->place;
        *end = line;
        end = &line->next;
    }
    return first;
}

bool campaign_takes_place(const struct campaign *campaign)
{
    return campaign->state != CAMPAIGN_MISSED && campaign->state != CAMPAIGN_CANCELLED;
}

/* Something was done already: told by somebody, or by people who have come. */
bool campaign_has_result(const struct campaign *campaign, int64_t now)
{
    bool has_begun = now >= campaign->opens_at && now >= campaign->acts_from;
    return campaign->quantity > 0 ||
           (campaign->people > 0 && has_begun && campaign_takes_place(campaign));
}

/* But for the panels. */
static struct campaign_page_view page_view(struct request *rq, const struct campaign *campaign)
{
    const struct session *sessions = campaign_sessions(&rq->work, campaign->id);
    bool takes_sign_ups = !campaign_refuses_sign_ups(campaign, rq->work.now);
    struct tally_view tally = tally_view(rq, campaign);
    return (struct campaign_page_view){
        .bar = organiser_bar(rq, campaign, "page"),
        .campaign = campaign,
        .state = (int)campaign->state,
        .when = when_view(rq, campaign, sessions && !sessions->next ? sessions : NULL),
        .opens = campaign_opening(rq, campaign),
        .closes = campaign_deadline(rq, campaign),
        .tally = tally,
        .swarm = tally_swarm(rq->work.mem, &tally),
        .story = {campaign->story_html}, /* made by markdown_html when it was written */
        .sessions = takes_sign_ups ? NULL : session_lines(rq, sessions),
        .takes_sign_ups = takes_sign_ups,
        .has_places = takes_sign_ups && sessions_have_places(sessions, rq->work.now),
        .result_path = campaign_has_result(campaign, rq->work.now)
                           ? path_make(rq->work.mem, "/campaigns/%s/result", campaign->slug)
                           : NULL,
        .screen_path = campaign_takes_place(campaign)
                           ? path_make(rq->work.mem, "/campaigns/%s/screen", campaign->slug)
                           : NULL,
        .cancelled_because = campaign->state == CAMPAIGN_CANCELLED
                                 ? campaign_cancelled_because(&rq->work, campaign->id)
                                 : "",
    };
}

struct campaign_page_view campaign_page_view(struct request *rq, const struct campaign *campaign)
{
    struct campaign_page_view view = page_view(rq, campaign);
    view.panels = page_panels(rq, PANEL_CAMPAIGN, campaign->id.n);
    return view;
}

static struct safe_html preview_panels(struct request *rq, const struct campaign *campaign)
{
    struct html *h = page_part_begin(rq);
    const struct session *sessions = campaign_sessions(&rq->work, campaign->id);
    preview_panel(h, campaign->asks_hours, sessions && sessions->next);
    return page_part_end(rq, h);
}

struct campaign_page_view campaign_preview_view(struct request *rq, const struct campaign *campaign)
{
    struct campaign open = *campaign;
    open.state = CAMPAIGN_OPEN;
    const struct campaign *shown = mem_copy(rq->work.mem, &open, sizeof(open));
    struct campaign_page_view view = page_view(rq, shown);
    view.bar = organiser_bar(rq, campaign, "page");
    view.state = (int)campaign->state;
    view.tally.live_url = NULL; /* nothing moves yet, and no screen is set up */
    view.screen_path = NULL;
    view.panels = preview_panels(rq, campaign);
    view.sessions = session_lines(rq, campaign_sessions(&rq->work, campaign->id));
    return view;
}

struct campaign_page_view campaign_tally_view(struct request *rq, const struct campaign *campaign)
{
    struct tally_view tally = tally_view(rq, campaign);
    return (struct campaign_page_view){
        .campaign = campaign,
        .tally = tally,
        .swarm = tally_swarm(rq->work.mem, &tally),
        .takes_sign_ups = !campaign_refuses_sign_ups(campaign, rq->work.now),
    };
}

struct screen_view screen_view(struct request *rq, const struct campaign *campaign)
{
    const char *url = work_url(&rq->work, campaign_path(&rq->work, campaign));
    struct tally_view tally = tally_view(rq, campaign);
    return (struct screen_view){
        .campaign = campaign,
        .state = (int)campaign->state,
        .opens = campaign_opening(rq, campaign),
        .takes_sign_ups = !campaign_refuses_sign_ups(campaign, rq->work.now),
        .tally = tally,
        .swarm = tally_swarm(rq->work.mem, &tally),
        .qr = qr_svg(rq->work.mem, url,
                     lang_text(rq->lang, N_("QR code: opens the campaign’s page"))),
        .address = url,
    };
}
