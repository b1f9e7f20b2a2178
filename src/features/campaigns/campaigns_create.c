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

const struct refusal refusal_campaign_slug_taken = {
    .status = 409,
    .name = "campaign_slug_taken",
    .sentence = N_("Another campaign already has this address. Please choose a different title.")};

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
        session->handle = work_new_handle(work, SESSION_HANDLE_CHARS);
        session->starts_at = campaign_utc(work, zone, written->starts_local);
        session->ends_at = campaign_utc(work, zone, written->ends_local);
        *end = session;
        end = &session->next;
    }
    return true;
}

/* UTC of the wall clocks that were written; false when the zone is none. */
bool campaign_derive_dates(struct work *work, struct campaign *campaign)
{
    const struct zone *zone = zone_get(work->app->zones, campaign->time_zone);
    if (!zone)
        return false;
    campaign->opens_local = campaign->opens_local ? campaign->opens_local : "";
    campaign->closes_local = campaign->closes_local ? campaign->closes_local : "";
    if (*campaign->opens_local)
        campaign->opens_at = campaign_utc(work, zone, campaign->opens_local);
    if (*campaign->closes_local)
        campaign->closes_at = campaign_utc(work, zone, campaign->closes_local);
    return true;
}

const char *campaign_slug(struct work *work, const char *title)
{
    const char *slug = words_slug(work->mem, title, SLUG_CHARS_MAX);
    return str_equal(slug, CAMPAIGNS_NEW) ? mem_printf(work->mem, "%s-2", slug) : slug;
}

static bool derive(struct work *work, struct campaign_draft *draft)
{
    struct campaign *campaign = &draft->campaign;
    campaign->id.n = work_new_id(work);
    campaign->community_id = work->community->id;
    const char *name = str_is_empty(campaign->slug) ? campaign->title : campaign->slug;
    campaign->slug = campaign_slug(work, name ? name : "");
    if (!campaign_derive_dates(work, campaign))
        return false;
    campaign->story_html = markdown_html(work->mem, campaign->story);
    return campaign->story_html && derive_sessions(work, draft);
}

/* The one row that holds the seats of a campaign without sessions. */
void session_insert_timeless(struct work *work, const struct campaign *campaign, int64_t capacity)
{
    const struct session session = {
        .id = {work_new_id(work)},
        .campaign_id = campaign->id,
        .handle = work_new_handle(work, SESSION_HANDLE_CHARS),
        .title = "",
        .starts_local = "",
        .ends_local = "",
        .time_zone = campaign->time_zone,
        .place = campaign->place,
        .online = campaign->online,
        .capacity = capacity,
    };
    session_insert(work, &session);
}

static void insert_sessions(struct work *work, const struct campaign_draft *draft)
{
    if (!draft->sessions) {
        session_insert_timeless(work, &draft->campaign, draft->capacity);
        return;
    }
    for (const struct session *session = draft->sessions; session; session = session->next)
        session_insert(work, session);
    campaign_acts_recount(work, draft->campaign.id);
}

void campaign_write_words(struct work *work, const struct campaign *campaign)
{
    const char *text =
        mem_printf(work->mem, "%s %s %s", campaign->title, campaign->place, campaign->summary);
    const struct word *word = words_list(work->mem, text, campaign->language, CAMPAIGN_WORDS_MAX);
    campaign_words_delete(work, campaign->id);
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
    campaign_set_dates(work, &made.campaign);
    insert_sessions(work, &made);
    campaign_write_words(work, &made.campaign);
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
