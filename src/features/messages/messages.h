/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Messages: what an organiser writes to everybody who takes part in a campaign, or in one of its
 * sessions. */
#pragma once

struct feature;

extern const struct feature messages_feature;
