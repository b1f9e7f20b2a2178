/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The routes that belong to the frame itself: assets, language, health, robots.txt. */
#pragma once

struct feature;

extern const struct feature site_feature;
