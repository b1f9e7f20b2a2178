/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What changed of a campaign that people are in: noted by whoever writes it, gathered, and told by
 * the feature that knows the people. What is as it was before in the end is nothing to tell. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "features/campaigns/campaigns.h"

/* Of one telling, the first ones: by hand nobody makes so many in half an hour. Behind them, what
 * is new to who agreed after so many changes is not told. */
enum { CAMPAIGN_CHANGES_MAX = 2000 };

/* A session, and the campaign around it, as they stood together. */
struct standing {
    const struct campaign *campaign;
    const struct session *session;
};

/* Notes how it was before, of each part in which the two differ, and announces
 * ANNOUNCE_CAMPAIGN_CHANGED. Of a public campaign; of a session that people are in. */
void campaign_note_change(struct work *work, const struct campaign *before,
                          const struct campaign *after);
void session_note_change(struct work *work, struct standing before, struct standing after);
/* How many people are in it and would be asked again; 0: nobody. */
int64_t session_asks(struct standing before, struct standing after, int64_t now);

/* changes_store.c */
void campaign_change_insert(struct work *work, struct campaign_id id,
                            const struct campaign_change *change);
void campaign_changes_mark(struct work *work, struct campaign_id id);
/* Those that are being told, or that are to be. */
const struct campaign_change *campaign_changes_get(struct work *work, struct campaign_id id,
                                                   bool told);
void campaign_changes_delete(struct work *work, struct campaign_id id);
/* When the first of those that are not told yet was noted; 0: there is none. */
int64_t campaign_changes_first(struct work *work, struct campaign_id id);
