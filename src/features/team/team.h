/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The team of a campaign: organisers invite others by e-mail, who lead it with the same rights. */
#pragma once

struct feature;

extern const struct feature team_feature;
