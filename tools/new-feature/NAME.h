/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* NAME: people who are signed in leave a few words on a campaign's page; everyone can read them,
 * its organisers hear of it once a day, and can take them down. */
#pragma once

struct feature;

extern const struct feature NAME_feature;
