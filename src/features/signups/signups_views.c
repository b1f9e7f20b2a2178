/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Words and lists for the pages and mails of sign-ups. */
#include "features/signups/signups_views.h"

#include "base/mem.h"
#include "base/str.h"
#include "features/signups/signups_local.h"
#include "sys/lang.h"
#include "sys/zone.h"
#include "web/app.h"
#include "web/community.h"
#include "web/request.h"

static const struct zone *zone_of(struct work *work, const char *name)
{
    const struct zone *zone = zone_get(work->app->zones, name);
    return zone ? zone : work->community->zone;
}

const struct zone *session_zone(struct work *work, const struct session *session)
{
    return zone_of(work, session->time_zone);
}

const struct zone *campaign_zone(struct work *work, const struct campaign *campaign)
{
    return zone_of(work, campaign->time_zone);
}

const char *session_when(struct work *work, const struct lang *lang, const struct session *session)
{
    if (session->starts_at == 0)
        return NULL;
    return lang_span(lang, work->mem, session->starts_at, session->ends_at,
                     session_zone(work, session));
}

const char *session_where(const struct campaign *campaign, const struct session *session)
{
    if (!str_is_empty(session->place))
        return session->place;
    return str_is_empty(campaign->place) ? NULL : campaign->place;
}

/* A message with one hole. */
static const char *message(struct work *work, const char *pattern, const char *name,
                           const char *value)
{
    struct lang_hole hole = {name, value};
    return lang_fill(work->mem, pattern, &hole, 1);
}

static const char *counted(struct work *work, const struct lang *lang, const char *pattern,
                           int64_t n)
{
    return message(work, pattern, "n", lang_number(lang, work->mem, n));
}

const char *minutes_words(struct work *work, const struct lang *lang, int64_t minutes)
{
    return minutes ? lang_duration(lang, work->mem, minutes) : NULL;
}

const char *rank_words(struct work *work, const struct lang *lang, int64_t rank)
{
    return message(work, lang_text(lang, "You are the {rank} person."), "rank",
                   lang_ordinal(lang, work->mem, rank));
}

const char *to_go_words(struct work *work, const struct lang *lang, const struct campaign *campaign)
{
    enum goal_unit unit;
    int64_t n = campaign_to_go(campaign, &unit);
    if (campaign->reached_at || n == 0)
        return lang_text(lang, "It is on!");
    if (unit == GOAL_HOURS)
        return counted(work, lang, lang_plural(lang, "{n} hour to go.", "{n} hours to go.", n), n);
    return counted(work, lang, lang_plural(lang, "{n} person to go.", "{n} people to go.", n), n);
}

static const char *seats_words(struct request *rq, const struct session *session)
{
    struct work *work = &rq->work;
    int64_t left = session->capacity - session->taken;
    if (session_refuses_sign_ups(session, work->now))
        return lang_text(rq->lang, "Over");
    if (session->capacity == SESSION_UNLIMITED)
        return lang_text(rq->lang, "Everyone is welcome");
    if (left == 0)
        return lang_text(rq->lang, "Full");
    const struct lang_hole holes[] = {
        {"n", lang_number(rq->lang, work->mem, left)},
        {"all", lang_number(rq->lang, work->mem, session->capacity)},
    };
    return lang_fill(
        work->mem,
        lang_plural(rq->lang, "{n} place left of {all}", "{n} places left of {all}", left), holes,
        2);
}

/* Its own title above the date; without one, the date is the title. */
static void choice_name(struct request *rq, const struct session *session,
                        struct session_choice *choice)
{
    const char *when = session_when(&rq->work, rq->lang, session);
    bool named = !str_is_empty(session->title);
    choice->title = named ? session->title : when ? when : "";
    choice->when = named ? when : NULL;
}

const struct session_choice *session_choices_new(struct request *rq, const struct session *sessions,
                                                 const struct session_own *own, const char *chosen)
{
    const struct session_choice *first = NULL;
    const struct session_choice **end = &first;
    if (!sessions || !sessions->next)
        return NULL;
    for (const struct session *session = sessions; session; session = session->next) {
        bool is_own = own && session->id.n == own->id.n;
        bool over = session_refuses_sign_ups(session, rq->work.now);
        struct session_choice *choice = MEM_NEW(rq->work.mem, struct session_choice);
        choice->handle = session->handle;
        choice_name(rq, session, choice);
        choice->seats = is_own ? lang_text(rq->lang, own->words) : seats_words(rq, session);
        choice->full = !is_own && (over || session->taken >= session->capacity);
        choice->chosen =
            !choice->full && (str_is_empty(chosen) ? is_own : str_equal(chosen, session->handle));
        *end = choice;
        end = &choice->next;
    }
    return first;
}

const struct party_option *party_options_new(struct request *rq, int64_t party_max,
                                             const char *chosen)
{
    const struct party_option *first = NULL;
    int64_t chosen_n;
    if (!str_to_int(chosen, &chosen_n))
        chosen_n = 0;
    for (int64_t n = party_max; n >= 1; n--) {
        struct party_option *option = MEM_NEW(rq->work.mem, struct party_option);
        *option = (struct party_option){first, n, n == chosen_n};
        first = option;
    }
    return first;
}
