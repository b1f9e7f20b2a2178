/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The list of features: adding one is one line in features.c. */
#pragma once
#include <stdbool.h>

struct db_migration;
struct feature;
struct mem;

/* In the order in which migrations run and panels show; NULL-ended. */
extern const struct feature *const all_features[];

/* Whether that one is part of this program: what is not the same without it asks. */
bool features_have(const struct feature *feature);

/* The migrations of those that have some, in that order; NULL-ended, on `mem`. */
const struct db_migration *const *all_migrations(struct mem *mem);
