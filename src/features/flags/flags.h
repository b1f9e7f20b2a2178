/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Flags: anybody tells the facilitators of a community that a campaign's page should not be as it
 * is; they look, and leave it, or take it away until it is put right. */
#pragma once

struct feature;

extern const struct feature flags_feature;
