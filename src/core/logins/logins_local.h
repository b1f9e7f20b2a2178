/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the parts of this folder. */
#pragma once
#include "core/logins/logins.h"

enum {
    LOGIN_SEEN_STEP_SECONDS = HOUR_SECONDS, /* how exactly it is known when one was last used */
    LOGINS_SEEN_MAX = 1024,                 /* of a minute; what is more is noted later */
};

/* A login as a request finds it. */
struct login_found {
    const struct login *login;
    int64_t seen_at;
};
/* Used after `seen_after`, begun after `begun_after`; NULL: none. */
const struct login_found *login_get(struct work *work, const char *token_hash, int64_t seen_after,
                                    int64_t begun_after);
void login_insert(struct work *work, struct person_id person, const struct login_row *row,
                  const char *token_hash);
void login_delete(struct work *work, struct login_id id);
void login_set_seen(struct work *work, struct login_id id);
/* Drops those that have ended, a page of them. */
int logins_forget(struct work *work, int64_t seen_until, int64_t begun_until);
/* Keeps the newest LOGINS_LIST_MAX of a person. */
void logins_trim(struct work *work, struct person_id person);

/* Notes one; dropped when there are LOGINS_SEEN_MAX already. */
void logins_seen_note(struct logins_seen *seen, struct login_id id);
/* Takes what was noted into `ids` (LOGINS_SEEN_MAX); how many there are. */
int logins_seen_take(struct logins_seen *seen, struct login_id ids[]);
