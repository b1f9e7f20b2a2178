/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who leads a campaign, and what is noted of what they do. An organiser leads their own;
 * facilitators and administrators of its community lead every one. */
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
    if (person)
        campaign_organisers_forget(work, person->id);
}
