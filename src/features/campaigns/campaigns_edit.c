/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Other values for a campaign that is there already. What follows from them is derived anew, as
 * when it was made; what people must know of a campaign that they can see is announced. Its state
 * is the dates' and the counters' matter. */
#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/audit/audit.h"
#include "core/jobs/jobs.h"
#include "features/campaigns/campaigns_changes.h"
#include "features/campaigns/campaigns_fields.h"
#include "features/campaigns/campaigns_lead.h"
#include "features/campaigns/campaigns_local.h"
#include "sys/markdown.h"
#include "sys/words.h"
#include "sys/zone.h"
#include "web/app.h"
#include "web/feature.h"
#include "web/form.h"
#include "web/request.h"
#include "web/work.h"

enum {
    SLUG_TRIES_MAX = 20,  /* "clean-up-day-20": then letters by chance */
    SLUG_BASE_CHARS = 70, /* what stays of a long one, with room for its number */
    SLUG_CHANCE_CHARS = 6,
    ADDRESSES_MAX = 20, /* of a draft that is renamed again and again: then it keeps the last one */
};

const char *campaign_slug_try(struct work *work, const char *title, int n)
{
    const char *slug = words_slug(work->mem, title, SLUG_BASE_CHARS);
    bool is_taken = str_equal(slug, CAMPAIGNS_NEW);
    if (n > SLUG_TRIES_MAX)
        return mem_printf(work->mem, "%s-%s", slug, work_new_handle(work, SLUG_CHANCE_CHARS));
    return n > 1 || is_taken ? mem_printf(work->mem, "%s-%d", slug, n + is_taken) : slug;
}

/* While nobody else sees it, the address follows the title. Those it had lead on to it: another tab
 * may have them open, a mail or a note may hold them. */
static void rename_page(struct work *work, const struct campaign *campaign)
{
    if (campaign_count_addresses(work, campaign->id) >= ADDRESSES_MAX)
        return;
    for (int n = 1; n <= CAMPAIGN_SLUG_TRIES; n++) {
        const char *slug = campaign_slug_try(work, campaign->title, n);
        if (!campaign_address_take(work, campaign->id, slug))
            continue;
        campaign_set_slug(work, campaign->id, slug);
        return;
    }
}

void campaign_plan(struct work *work, struct campaign_id id)
{
    int64_t next = campaign_settle(work, id);
    job_drop(work, campaign_settle_kind, id.n);
    if (next)
        job_add(work, campaign_settle_kind, id.n, next);
}

/* What a control for dates sends back of that wall clock, without its seconds. */
static bool is_same_minute(const char *typed, const char *wall)
{
    enum { MINUTE_CHARS = 16 }; /* 2026-11-28T14:00 */
    return str_equal(typed, wall) ||
           (strlen(wall) > MINUTE_CHARS && strncmp(typed, wall, MINUTE_CHARS) == 0 &&
            str_equal(typed + MINUTE_CHARS, ":00"));
}

/* The campaign as it will stand: what was written, and all the rest as it is. A wall clock that was
 * not changed keeps its second, also of the hour that comes twice. */
static void merge(struct work *work, const struct campaign *before, struct campaign_draft *wanted)
{
    struct campaign *after = &wanted->campaign;
    bool same_zone = str_equal(after->time_zone, before->time_zone);
    bool same_opening =
        same_zone && is_same_minute(after->opens_local, campaign_opens_wall(work, before));
    bool same_deadline =
        same_zone && is_same_minute(after->closes_local, campaign_closes_wall(work, before));
    after->id = before->id;
    after->community_id = before->community_id;
    after->slug =
        str_equal(after->title, before->title) ? before->slug : campaign_slug(work, after->title);
    after->state = before->state;
    after->opens_at = before->created_at;
    after->closes_at = before->closes_at;
    campaign_derive_dates(work, after);
    if (same_opening) {
        after->opens_local = before->opens_local;
        after->opens_at = before->opens_at;
    }
    if (same_deadline) {
        after->closes_local = before->closes_local;
        after->closes_at = before->closes_at;
    }
}

static const char *wall_at(struct work *work, const struct campaign *campaign, int64_t at)
{
    const struct zone *zone = zone_get(work->app->zones, campaign->time_zone);
    struct wall wall = zone ? zone_wall(zone, at) : wall_from_seconds(at);
    return wall_text(work->mem, &wall);
}

const char *campaign_opens_wall(struct work *work, const struct campaign *campaign)
{
    bool at_once = campaign->opens_at <= campaign->created_at;
    if (!str_is_empty(campaign->opens_local) || at_once)
        return campaign->opens_local;
    return wall_at(work, campaign, campaign->opens_at);
}

const char *campaign_closes_wall(struct work *work, const struct campaign *campaign)
{
    return str_is_empty(campaign->closes_local) ? wall_at(work, campaign, campaign->closes_at)
                                                : campaign->closes_local;
}

/* The seats of a campaign without dates are where the campaign is. */
static void write_timeless(struct work *work, const struct session *timeless,
                           const struct campaign_draft *after)
{
    struct session session = *timeless;
    session.place = after->campaign.place;
    session.online = after->campaign.online;
    session.time_zone = after->campaign.time_zone;
    session.capacity = after->capacity;
    session_update(work, &session);
}

/* What hangs on the values that were there before. */
static bool is_to_come(enum campaign_state state)
{
    return state == CAMPAIGN_SCHEDULED || state == CAMPAIGN_OPEN || state == CAMPAIGN_REACHED ||
           state == CAMPAIGN_UNDER_WAY;
}

static void write_rest(struct work *work, const struct campaign *before,
                       const struct campaign *after, const struct session *timeless)
{
    if (before->state == CAMPAIGN_DRAFT && !str_equal(before->title, after->title))
        rename_page(work, after);
    if (timeless && !after->asks_hours && before->minutes_each != after->minutes_each)
        feature_announce(work, ANNOUNCE_SESSION_MINUTES, timeless->id.n);
    if (!campaign_state_is_public(before->state))
        return;
    campaign_audit(work, after, AUDIT_CAMPAIGN_EDIT, "");
    campaign_plan(work, after->id);
}

/* What people must know; nobody needs to hear that a word of the past was put right. */
static void note_changes(struct work *work, const struct campaign *before,
                         const struct campaign *after, const struct session *was)
{
    if (!is_to_come(before->state))
        return;
    campaign_note_change(work, before, after);
    const struct session *is = campaign_sessions(work, after->id); /* the same, as they are now */
    for (; was && is; was = was->next, is = is->next)
        session_note_change(work, (struct standing){before, was}, (struct standing){after, is});
}

static int64_t people_asked(const struct campaign *before, const struct campaign *after,
                            const struct session *session, int64_t now)
{
    int64_t people = 0;
    for (; session; session = session->next)
        people += session_asks((struct standing){before, session},
                               (struct standing){after, session}, now);
    return people;
}

int64_t campaign_place_asks(struct work *work, const struct campaign *campaign,
                            const struct session *sessions)
{
    struct campaign elsewhere = *campaign;
    elsewhere.online = !campaign->online;
    return is_to_come(campaign->state) ? people_asked(campaign, &elsewhere, sessions, work->now)
                                       : 0;
}

const struct refusal *campaign_edit(struct work *work, const struct campaign *before,
                                    const struct campaign_wish *wish, struct form_input *input)
{
    struct campaign_draft after = wish->draft;
    const struct session *first = campaign_sessions(work, before->id);
    const struct session *timeless = first && session_is_timeless(first) ? first : NULL;
    struct complaints list = {0};
    if (!zone_get(work->app->zones, after.campaign.time_zone)) {
        form_error_add(work->mem, input, "time_zone", zone_unknown_words, 0);
        after.campaign.time_zone = before->time_zone; /* what else is wrong is said as well */
    }
    merge(work, before, &after);
    after.sessions = timeless ? NULL : first;
    campaign_complaints(&after, &list);
    campaign_change_complaints(before, &after, work->now, &list);
    if (timeless)
        session_change_complaints(timeless, &(struct session){.capacity = after.capacity},
                                  work->now, &list);
    after.campaign.story_html = markdown_html(work->mem, after.campaign.story);
    complaints_tell(work->mem, &list, input);
    if (!after.campaign.story_html)
        form_error_add(work->mem, input, "story", N_("This is too long to be shown."), 0);
    complain_of_asking(work->mem, people_asked(before, &after.campaign, first, work->now),
                       wish->sure, input);
    if (input->errors)
        return &refusal_fields;
    campaign_update(work, &after.campaign);
    campaign_write_words(work, &after.campaign);
    if (timeless)
        write_timeless(work, timeless, &after);
    if (campaign_differs(before, &after.campaign) ||
        (timeless && timeless->capacity != after.capacity))
        campaign_take_back(work, before);
    write_rest(work, before, &after.campaign, timeless);
    note_changes(work, before, &after.campaign, first);
    return NULL;
}
