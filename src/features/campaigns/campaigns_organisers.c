/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who leads a campaign, and what is noted of what they do. An organiser leads their own;
 * facilitators and administrators of its community lead every one. */
#include <jansson.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "core/people/people.h"
#include "features/campaigns/campaigns_local.h"
#include "web/login.h"
#include "web/work.h"

bool campaign_may_organise(struct work *work, const struct login *login, const char *slug)
{
    const struct campaign *campaign = campaign_get_by_slug(work, slug);
    return campaign && (login->role >= ROLE_FACILITATOR ||
                        campaign_is_organised_by(work, campaign->id, login->person));
}

void campaign_audit(struct work *work, const struct campaign *campaign, enum audit_action action,
                    const char *detail)
{
    const struct audit_object object = {
        .id = campaign->id.n, .title = campaign->title, .path = campaign_path(work, campaign)};
    audit_add(work, action, &object, detail);
}

void campaigns_forget_person(struct work *work, const char *email)
{
    const struct person *person = person_get_by_email(work, email);
    if (!person)
        return;
    campaigns_unname(work, person);
    campaign_drafts_empty(work, person->id);
    campaign_organisers_forget(work, person->id);
}

static json_t *led_json(const struct campaign_led *led)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "slug", led->slug, "title", led->title,
                     "summary", led->summary, "story", led->story, "state", led->state,
                     "organiser_name", led->organiser_name, "organiser_email",
                     led->organiser_email);
}

/* A page of campaigns at a time: its rows are dropped before the next one. */
void campaigns_export_person(struct work *work, const char *email, json_t *object)
{
    const struct person *person = person_get_by_email(work, email);
    json_t *list = json_array();
    int64_t before = -1;
    int64_t after = 0;
    while (person && before != after) {
        struct mem_mark mark = mem_mark(work->mem);
        before = after;
        const struct campaign_led *led = campaigns_led_by(work, person->id, after);
        for (; led; led = led->next) {
            json_array_append_new(list, led_json(led));
            after = led->id;
        }
        mem_rewind(work->mem, mark);
    }
    json_object_set_new(object, "campaigns", list);
}

static const struct refusal campaigns_need_organiser = {
    409, "last_organiser",
    N_("You are the only one who leads a campaign that is not over. Please invite somebody to lead "
       "it with you, close it or cancel it first; then your data can be erased.")};

const struct refusal *campaigns_need_person(struct work *work, const char *email)
{
    const struct person *person = person_get_by_email(work, email);
    return person && campaign_is_led_alone(work, person->id) ? &campaigns_need_organiser : NULL;
}
