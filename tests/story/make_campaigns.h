/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Campaigns for stories: good ones, of which a story changes what it is about. */
#pragma once
#include <stdint.h>

#include "features/campaigns/campaigns.h"

struct story;

/* 60 people wanted; sign-ups from the story's beginning on, for seven days; at most five in a
 * party; without sessions, and without a limit of places. */
struct campaign_draft make_draft(const char *slug, const char *title);
/* A session by its wall clock in Paris. */
struct session make_session(const char *starts_local, const char *ends_local, int64_t capacity);

/* Makes it and publishes it: `open`, or `scheduled` when it opens later. */
struct campaign_id make_campaign(struct story *story, const struct campaign_draft *draft);
/* Leaves it a draft. */
struct campaign_id make_unpublished(struct story *story, const struct campaign_draft *draft);

/* `party` people sign up with that address, from the form to the mail's confirmation. The campaign
 * has one session or none. */
void make_participants(struct story *story, const char *slug, const char *email, int party);
