/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The communities of this install. */
#pragma once
#include <stdbool.h>

#include "base/id.h"

struct community;
struct feature;
struct mem;
struct work;

extern const struct feature communities_feature;

/* The community that a Host serves: the one with that host, else the first one. NULL when there is
 * none yet. */
const struct community *community_find(struct work *work, const char *host);
/* By its id, for jobs; NULL when there is none. */
const struct community *community_get(struct work *work, struct community_id id);
/* Adds one; the first one ever added is the one at the root. Its time zone must be a known IANA
 * name. Where its description is "", a sentence of the program stands there, in the community's
 * language, until somebody writes their own. */
struct community_id community_add(struct work *work, const struct community *community);
/* Changes all of a community but its slug. False, and nothing is changed: another one has that
 * host, or the community may not have it: only the first one may take the base URL's own. */
bool community_change(struct work *work, const struct community *community);

/* What an install calls its first community until somebody names it. */
#define COMMUNITY_FIRST_NAME "Essaim"
/* Nobody has said yet what it is called, what it is, nor where it can be reached. */
bool community_is_unsaid(struct work *work, const struct community *community);
/* A name with a dot: no address of a machine, no name that has a meaning of its own, no port and no
 * path. */
bool community_host_is_valid(struct mem *mem, const char *host);
/* By its slug; NULL: there is none. */
const struct community *community_get_by_slug(struct work *work, const char *slug);
/* The community of the work is the one at the root, found whatever the Host. */
bool community_is_first(struct work *work);

/* Whose campaigns wait for a facilitator before they open. */
enum approval {
    APPROVAL_NEVER,
    APPROVAL_FIRST, /* the first one of each person */
    APPROVAL_ALWAYS,
};
/* Of the community of the work. */
enum approval community_approval(struct work *work);
void community_set_approval(struct work *work, enum approval approval);
const char *approval_name(enum approval approval); /* "first" */
/* False, and untouched, for a name that is none. */
bool approval_read(const char *name, enum approval *ret_approval);
