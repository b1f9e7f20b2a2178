/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Logins: who is signed in. A token of 256 bits in a cookie, hashed in the table; it ends when it
 * was not used for LOGIN_IDLE_SECONDS, at the latest after LOGIN_SECONDS, when its owner ends it,
 * or when they are suspended. (A `session` is a campaign's date and place.) */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/time.h"

struct feature;
struct login;
struct logins_seen;
struct mem;
struct request;
struct work;

extern const struct feature logins_feature;

enum {
    LOGIN_IDLE_SECONDS = 30 * DAY_SECONDS,
    LOGIN_SECONDS = 180 * DAY_SECONDS,
    LOGIN_TOKEN_CHARS = 52, /* of 5 bits */
    LOGINS_LIST_MAX = 50,   /* shown of one person; older ones end when a new one begins */
};

/* For app->find_login: who holds that token; NULL: nobody any more. What must be noted of it (that
 * it was used) is kept in memory and written by a job. */
const struct login *login_find(struct work *work, const char *token);

/* Signs the person in: a new row, and its token in the cookie of the answer, which must have begun.
 * A login that the browser had is ended. */
void login_begin(struct request *rq, struct person_id person);
/* The same without a browser (stories): gives the token. */
const char *login_new(struct work *work, struct person_id person, const char *agent);
/* Ends the login of this request, and takes the cookie away. */
void login_end(struct request *rq);

/* As a person sees their own. */
struct login_row {
    const struct login_row *next;
    struct login_id id;
    const char *handle;
    const char *agent;
    int64_t created_at;
    int64_t seen_at;
};
/* Those that have not ended, the newest first. */
const struct login_row *login_list(struct work *work, struct person_id person);
/* Ends one of the person's own; false: they have none with that handle. */
bool login_end_by_handle(struct work *work, struct person_id person, const char *handle);
/* Ends all of a person's but `kept` (0: all). */
void login_end_all(struct work *work, struct person_id person, struct login_id kept);
/* The same in the community of the work alone. */
void login_end_here(struct work *work, struct person_id person, struct login_id kept);

/* Which logins were used since the last time it was written down; from any thread. */
struct logins_seen *logins_seen_new(struct mem *mem);
