/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The administrator's pages of a community: what waits for them, its settings, its people, what
 * runs by itself and has stopped, and who did what. Other features add their own parts by panels of
 * PANEL_ADMINISTRATION. */
#pragma once

struct feature;

extern const struct feature administration_feature;
