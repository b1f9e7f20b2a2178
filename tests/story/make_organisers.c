/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who leads a campaign in a story: the row alone, whatever way it comes to be in life. */
#include "story/make_organisers.h"

#include "core/people/people.h"

static void add_nadia(struct work *work, void *context)
{
    const struct campaign_id *id = context;
    campaign_add_organiser(work, *id, person_get_by_email(work, "nadia@example.org")->id);
}

void nadia_leads(struct story *story, struct campaign_id id)
{
    story_sign_in(story, "nadia@example.org");
    story_write(story, add_nadia, &id);
}
