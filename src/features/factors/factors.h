/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Factors: what a unit of a campaign's quantity, or an hour given, amounts to, from a low to a high
 * value, with its source, year and unit. What is computed with them is an order of magnitude, and
 * says so. Source: docs/decisions/0008-results.md */
#pragma once
#include <stdint.h>

struct feature;

extern const struct feature factors_feature;

enum {
    FACTORS_PER_CAMPAIGN_MAX = 3,
    FACTORS_IN_USE_MAX = 100, /* of the program and of one community */
};
