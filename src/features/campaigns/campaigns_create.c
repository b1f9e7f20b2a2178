/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Making a campaign of what people wrote: what follows from it is derived here, once, when it is
 * written (UTC of the sessions' wall clocks, the rendered story, the words of the search), so that
 * no page has to. */
#include "features/campaigns/campaigns.h"

#include "base/limits.h"
#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/activity/activity.h"
#include "features/campaigns/campaigns_local.h"
#include "sys/markdown.h"
#include "sys/words.h"
#include "sys/zone.h"
#include "web/app.h"
#include "web/community.h"
#include "web/work.h"

enum { HANDLE_CHARS = 12 };

const struct refusal refusal_campaign_slug_taken = {
    .status = 409,
    .name = "campaign_slug_taken",
    .sentence = N_("Another campaign already has this address. Please choose a different title.")};

/* UTC of a wall clock such as 2026-11-28T14:00:00; 0 when it is none. */
static int64_t utc_of(struct work *work, const struct zone *zone, const char *local)
{
    int64_t as_if_utc = 0;
    if (!time_from_rfc3339(mem_printf(work->mem, "%sZ", local), &as_if_utc))
        return 0;
    struct wall wall = wall_from_seconds(as_if_utc);
    return zone_utc(zone, &wall);
}

/* The sessions as they will be stored; false when a zone or a wall clock is none. */
static bool derive_sessions(struct work *work, struct campaign_draft *draft)
{
    const struct session *written = draft->sessions;
    const struct session **end = &draft->sessions;
    for (; written; written = written->next) {
        struct session *session = mem_copy(work->mem, written, sizeof(*written));
        const struct zone *zone = zone_get(work->app->zones, written->time_zone);
        if (!zone)
            return false;
        session->id.n = work_new_id(work);
        session->campaign_id = draft->campaign.id;
        session->handle = work_new_handle(work, HANDLE_CHARS);
        session->starts_at = utc_of(work, zone, written->starts_local);
        session->ends_at = utc_of(work, zone, written->ends_local);
        *end = session;
        end = &session->next;
    }
    return true;
}

static bool derive(struct work *work, struct campaign_draft *draft)
{
    struct campaign *campaign = &draft->campaign;
    campaign->id.n = work_new_id(work);
    campaign->community_id = work->community->id;
    const char *name = str_is_empty(campaign->slug) ? campaign->title : campaign->slug;
    campaign->slug = words_slug(work->mem, name ? name : "", SLUG_CHARS_MAX);
    if (!zone_get(work->app->zones, campaign->time_zone))
        return false;
    campaign->story_html = markdown_html(work->mem, campaign->story);
    return campaign->story_html && derive_sessions(work, draft);
}

/* The one row that holds the seats of a campaign without sessions. */
static struct session timeless_session(struct work *work, const struct campaign_draft *draft)
{
    return (struct session){
        .id = {work_new_id(work)},
        .campaign_id = draft->campaign.id,
        .handle = work_new_handle(work, HANDLE_CHARS),
        .title = "",
        .starts_local = "",
        .ends_local = "",
        .time_zone = draft->campaign.time_zone,
        .place = draft->campaign.place,
        .online = draft->campaign.online,
        .capacity = draft->capacity,
    };
}

static void insert_sessions(struct work *work, const struct campaign_draft *draft)
{
    if (!draft->sessions) {
        struct session timeless = timeless_session(work, draft);
        session_insert(work, &timeless);
        return;
    }
    int64_t acts_from = draft->sessions->starts_at;
    int64_t acts_until = draft->sessions->ends_at;
    for (const struct session *session = draft->sessions; session; session = session->next) {
        session_insert(work, session);
        acts_from = session->starts_at < acts_from ? session->starts_at : acts_from;
        acts_until = session->ends_at > acts_until ? session->ends_at : acts_until;
    }
    campaign_set_acts(work, draft->campaign.id, acts_from, acts_until);
}

static void insert_words(struct work *work, const struct campaign *campaign)
{
    const char *text =
        mem_printf(work->mem, "%s %s %s", campaign->title, campaign->place, campaign->summary);
    const struct word *word = words_list(work->mem, text, campaign->language, CAMPAIGN_WORDS_MAX);
    for (; word; word = word->next) {
        campaign_word_insert(work, campaign->id, word->folded);
        campaign_word_insert(work, campaign->id, word->stem);
    }
}

const struct refusal *campaign_create(struct work *work, const struct campaign_draft *draft,
                                      struct campaign_id *ret_id)
{
    struct campaign_draft made = *draft;
    if (!derive(work, &made))
        return &refusal_campaign_fields;
    const struct refusal *refusal = campaign_draft_refusal(&made);
    if (refusal)
        return refusal;
    if (!campaign_insert(work, &made.campaign))
        return &refusal_campaign_slug_taken;
    insert_sessions(work, &made);
    insert_words(work, &made.campaign);
    activity_add(work, &(struct activity){
                           .verb = ACTIVITY_CREATE,
                           .object = ACTIVITY_CAMPAIGN,
                           .object_id = made.campaign.id.n,
                           .campaign_id = made.campaign.id.n,
                           .detail = "",
                           .audience = AUDIENCE_ORGANISERS,
                       });
    *ret_id = made.campaign.id;
    return NULL;
}
