/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Factors: what a unit of a campaign's quantity, or an hour given, amounts to, from a low to a high
 * value, with its source, year and unit. What is computed with them is an order of magnitude, and
 * says so. Source: docs/decisions/0008-results.md */
#pragma once
#include <stdint.h>

#include "base/id.h"

struct feature;
struct refusal;
struct work;

extern const struct feature factors_feature;

enum {
    FACTORS_PER_CAMPAIGN_MAX = 3,
    FACTORS_IN_USE_MAX = 100, /* of the program and of one community */
};

/* The organiser's choice: at most FACTORS_PER_CAMPAIGN_MAX handles, "" for none. One that is
 * superseded may stay where it was chosen before. Refuses: refusal_not_found, for one that is not
 * in use here. */
struct factor_choice {
    const char *handles[FACTORS_PER_CAMPAIGN_MAX];
};
const struct refusal *factors_choose(struct work *work, struct campaign_id id,
                                     const struct factor_choice *choice);
