/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The team of a campaign: organisers invite others by e-mail, who lead it with the same rights. */
#pragma once
#include "base/id.h"

struct feature;
struct work;

extern const struct feature team_feature;

/* What stands for an organiser in the addresses of this campaign. */
const char *team_handle(struct work *work, struct campaign_id campaign, struct person_id person);
