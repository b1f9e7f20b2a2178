/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What communities.c asks of its store. The reading ones give NULL when there is no such row. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct community;
struct langs;
struct work;

/* The description, in that language, until somebody writes their own. */
const char *community_default_description(const struct langs *langs, const char *language);

/* The one of that host, or else the one of the smallest id: a single statement, since it is asked
 * with every request. */
const struct community *community_by_host_or_first(struct work *work, const char *host);
const struct community *community_by_id(struct work *work, int64_t id);
const struct community *community_by_slug(struct work *work, const char *slug);
const struct community *community_first(struct work *work); /* the smallest id */
void community_insert(struct work *work, const struct community *community);
/* False: another one has that host. */
bool community_update(struct work *work, const struct community *community);
