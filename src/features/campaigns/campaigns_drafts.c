/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a campaign begins with: one of three first drafts, or another campaign. Nothing stays empty,
 * so that the page can be looked at from the first minute on, and every step of the form can be
 * saved. */
#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "features/campaigns/campaigns_local.h"
#include "features/campaigns/campaigns_write.h"
#include "sys/lang.h"
#include "sys/zone.h"
#include "web/app.h"
#include "web/community.h"
#include "web/login.h"
#include "web/request.h"

enum {
    WEEK_DAYS = 7,
    SATURDAY = 6,
    SESSION_HOUR = 9, /* half past nine until noon */
    SESSION_MINUTES = 150,
    DEADLINE_HOUR = 20,
    DAYS_BEFORE_SESSION = 2, /* the deadline, on Thursday */
    MOVED_DAYS_MIN = 14,     /* a copy's dates lie at least that far ahead */
};

static const struct first_draft first_drafts[] = {
    {
        .name = "place",
        .title = N_("Clean-up day"),
        .what_for = N_("In a place, at a time: cleaning up, planting, painting, sorting. One or "
                       "more sessions, each with its places."),
        .summary = N_("One morning, thirty of us, and our neighbourhood is clean again."),
        .story = N_("You see it every day: there is litter where we live, and nobody feels in "
                    "charge. Alone one gives up. **Together, a morning is enough.**\n\n"
                    "## What we will do\n\n"
                    "- Small teams, each with its streets.\n"
                    "- Gloves and bags are there; children come with a grown-up.\n"
                    "- At the end we weigh what we have found, and have a coffee.\n\n"
                    "## What to bring\n\n"
                    "Good shoes, and someone you like.\n"),
        .quantity_unit = "",
        .unit = GOAL_PEOPLE,
        .has_session = true,
        .minimum = 30,
        .party_max = 5,
        .days = 28,
    },
    {
        .name = "digital",
        .title = N_("Digital clean-up"),
        .what_for = N_("On a screen, something is counted: e-mails deleted, trees mapped, photos "
                       "described. Each tells a number."),
        .summary = N_("Half an hour each, and together we delete 50,000 old e-mails."),
        .story = N_("Years of old messages sleep in our mailboxes. Alone one always puts it off. "
                    "**Together, we take half an hour, and it is done.**\n\n"
                    "## How to go about it\n\n"
                    "1. Sort by sender: newsletters go in one sweep.\n"
                    "2. Sort by size: ten messages often make half the weight.\n"
                    "3. Empty the bin, and tell us how many.\n\n"
                    "No skill is needed, and you can do it from your sofa.\n"),
        .quantity_unit = N_("e-mails deleted"),
        .unit = GOAL_QUANTITY,
        .online = true,
        .minimum = 50,
        .target = 50000,
        .party_max = 5,
        .minutes_each = 30,
        .days = 30,
    },
    {
        .name = "anytime",
        .title = N_("Translation sprint"),
        .what_for = N_("Within some weeks, whenever people like: they say how many hours they "
                       "give. Translating, knitting, reading aloud."),
        .summary =
            N_("Sixty hours, given by whoever likes, and our guide exists in two languages."),
        .story = N_("Our guide helps people who have just arrived, as long as they can read it. "
                    "**With sixty hours of yours, it will speak a second language.**\n\n"
                    "## How it works\n\n"
                    "- You say how many hours you give, and you get a few pages.\n"
                    "- You translate them when you like, until the deadline.\n"
                    "- Somebody else reads them again.\n\n"
                    "You need not be a translator: whoever speaks both languages can help.\n"),
        .quantity_unit = "",
        .unit = GOAL_HOURS,
        .online = true,
        .asks_hours = true,
        .minimum = 60,
        .party_max = 3,
        .days = 21,
    },
};

enum { FIRST_DRAFTS = sizeof(first_drafts) / sizeof(first_drafts[0]) };

const struct first_draft *first_draft_at(int i)
{
    return i < FIRST_DRAFTS ? &first_drafts[i] : NULL;
}

static struct wall wall_later(const struct wall *wall, int days)
{
    return wall_from_seconds(wall_to_seconds(wall) + (int64_t)days * DAY_SECONDS);
}

/* The first Saturday at least that many days from now, at that hour, in the community's zone; no
 * holiday, nor is the day of a deadline before it. */
static const char *saturday(struct request *rq, int days, int hour)
{
    struct wall wall =
        zone_wall(rq->work.community->zone, rq->work.now + (int64_t)days * DAY_SECONDS);
    int more = (SATURDAY - wall.weekday + WEEK_DAYS) % WEEK_DAYS;
    wall = wall_later(&wall, more);
    struct wall before = wall_later(&wall, -DAYS_BEFORE_SESSION);
    while (day_is_holiday(&wall) || day_is_holiday(&before)) {
        wall = wall_later(&wall, WEEK_DAYS);
        before = wall_later(&before, WEEK_DAYS);
    }
    wall.hour = hour;
    wall.minute = 0;
    wall.second = 0;
    return wall_text(rq->work.mem, &wall);
}

static const struct session *first_session(struct request *rq, const struct first_draft *first)
{
    struct mem *mem = rq->work.mem;
    struct session *session = MEM_NEW(mem, struct session);
    session->title = "";
    session->starts_local =
        wall_shift(mem, saturday(rq, first->days, SESSION_HOUR), HOUR_SECONDS / 2);
    session->ends_local =
        wall_shift(mem, session->starts_local, (int64_t)SESSION_MINUTES * MINUTE_SECONDS);
    session->time_zone = rq->work.community->time_zone;
    session->place = "";
    session->capacity = SESSION_UNLIMITED;
    return session;
}

/* Who writes is the one who asks. */
static void sign(struct request *rq, struct campaign *campaign)
{
    const struct login *login = rq->work.login;
    campaign->organiser_name = str_is_empty(login->name) ? rq->work.community->name : login->name;
    campaign->organiser_email = login->email;
}

struct campaign_draft first_draft_fill(struct request *rq, const struct first_draft *first)
{
    const struct lang *lang = rq->lang;
    int64_t before = first->has_session ? -DAYS_BEFORE_SESSION * DAY_SECONDS : 0;
    const char *unit =
        str_is_empty(first->quantity_unit) ? "" : lang_text(lang, first->quantity_unit);
    struct campaign_draft draft = {
        .campaign =
            {
                .title = lang_text(lang, first->title),
                .summary = lang_text(lang, first->summary),
                .story = lang_text(lang, first->story),
                .language = lang_code(lang),
                .place = "",
                .online = first->online,
                .time_zone = rq->work.community->time_zone,
                .opens_at = rq->work.now,
                .opens_local = "",
                .closes_local =
                    wall_shift(rq->work.mem, saturday(rq, first->days, DEADLINE_HOUR), before),
                .goal_unit = first->unit,
                .minimum = first->minimum,
                .target = first->target,
                .quantity_unit = unit,
                .party_max = first->party_max,
                .asks_hours = first->asks_hours,
                .minutes_each = first->minutes_each,
            },
        .sessions = first->has_session ? first_session(rq, first) : NULL,
        .capacity = SESSION_UNLIMITED,
    };
    sign(rq, &draft.campaign);
    return draft;
}

/* Whole weeks, so that a Saturday stays one, until the first date lies far enough ahead, and on no
 * holiday. One that is far enough ahead already stays where it was put. */
static int64_t weeks_on(struct request *rq, const struct zone *zone, int64_t at)
{
    int64_t week = (int64_t)WEEK_DAYS * DAY_SECONDS;
    int64_t wanted = rq->work.now + (int64_t)MOVED_DAYS_MIN * DAY_SECONDS;
    if (at >= wanted)
        return 0;
    int64_t shift = (wanted - at + week - 1) / week * week;
    struct wall wall = zone_wall(zone, at);
    wall = wall_from_seconds(wall_to_seconds(&wall) + shift);
    for (; day_is_holiday(&wall); wall = wall_later(&wall, WEEK_DAYS))
        shift += week;
    return shift;
}

static const struct session *moved_sessions(struct request *rq, const struct session *session,
                                            int64_t shift)
{
    const struct session *first = NULL;
    const struct session **end = &first;
    for (; session && !session_is_timeless(session); session = session->next) {
        struct session *moved = mem_copy(rq->work.mem, session, sizeof(*session));
        moved->starts_local = wall_shift(rq->work.mem, session->starts_local, shift);
        moved->ends_local = wall_shift(rq->work.mem, session->ends_local, shift);
        moved->next = NULL;
        *end = moved;
        end = &moved->next;
    }
    return first;
}

/* Before the last session's end, also where the one that it is made of was not (there was no rule
 * then), or where the two clocks change to summer time at different days. */
static void close_in_time(struct request *rq, struct campaign_draft *draft)
{
    struct zones *zones = rq->work.app->zones;
    struct campaign *made = &draft->campaign;
    const struct zone *zone = zone_get(zones, made->time_zone);
    int64_t end = 0;
    for (const struct session *session = draft->sessions; session; session = session->next) {
        const struct zone *of = zone_get(zones, session->time_zone);
        int64_t at = of ? campaign_utc(&rq->work, of, session->ends_local) : 0;
        end = at > end ? at : end;
    }
    if (!end || !zone || campaign_utc(&rq->work, zone, made->closes_local) <= end)
        return;
    struct wall wall = zone_wall(zone, end);
    made->closes_local = wall_text(rq->work.mem, &wall);
}

struct campaign_draft draft_from(struct request *rq, const struct campaign *campaign)
{
    const struct session *sessions = campaign_sessions(&rq->work, campaign->id);
    struct campaign_draft draft = {
        .campaign = *campaign,
        .capacity = sessions ? sessions->capacity : SESSION_UNLIMITED,
    };
    struct campaign *made = &draft.campaign;
    int64_t first = campaign_has_sessions(campaign) && campaign->acts_from < campaign->closes_at
                        ? campaign->acts_from
                        : campaign->closes_at;
    int64_t shift = weeks_on(rq, zone_named(&rq->work, campaign->time_zone), first);
    draft.sessions = moved_sessions(rq, sessions, shift);
    made->slug = "";
    made->opens_local = "";
    made->opens_at = rq->work.now;
    made->closes_local = wall_shift(rq->work.mem, campaign_closes_wall(&rq->work, campaign), shift);
    close_in_time(rq, &draft);
    made->minutes = made->people = made->quantity = made->waiting = 0;
    sign(rq, made);
    return draft;
}

const struct refusal *draft_begin(struct request *rq, const struct campaign_draft *draft,
                                  const char **ret_slug)
{
    struct work *work = &rq->work;
    struct campaign_draft made = *draft;
    struct campaign_id id = {0};
    const struct refusal *refusal = &refusal_campaign_slug_taken;
    for (int n = 1; n <= CAMPAIGN_SLUG_TRIES && refusal == &refusal_campaign_slug_taken; n++) {
        made.campaign.slug = campaign_slug_try(work, draft->campaign.title, n);
        refusal = campaign_create(work, &made, &id);
    }
    if (refusal)
        return refusal;
    campaign_add_organiser(work, id, work->login->person);
    *ret_slug = made.campaign.slug;
    return NULL;
}
