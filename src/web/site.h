/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The routes that belong to the frame itself: assets, language, robots.txt, health, metrics, the
 * OpenAPI document. */
#pragma once

struct feature;

extern const struct feature site_feature;
