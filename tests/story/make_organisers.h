/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Organisers for stories. */
#pragma once
#include "features/campaigns/campaigns.h"
#include "story/story.h"

/* Nadia (nadia@example.org) is signed in, and leads that campaign. */
void nadia_leads(struct story *story, struct campaign_id id);
