/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The list of features: adding one is one line in features.c. */
#pragma once

struct db_migration;
struct feature;

/* In the order in which migrations run and panels show; NULL-ended. */
extern const struct feature *const all_features[];

/* The migrations of each, in that order; NULL-ended. */
const struct db_migration *const *all_migrations(void);
