/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Crowds for stories. */
#pragma once
#include "features/campaigns/campaigns.h"
#include "story/story.h"

/* "haie" with 2000 places, and `count` people who are in, for two hours each, without a request of
 * their own: p0000@example.org and so on, whose first names run the other way. */
struct campaign_id make_crowd(struct story *story, int count);
