/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Asking once more those who are in: their session moved. Inside the feature. */
#pragma once
#include <stdint.h>

#include "base/time.h"

struct html;
struct job;
struct request;
struct session;
struct sign_up;
struct sign_up_asking_again;
struct todo_list;
struct work;

enum {
    CHANGES_GATHERED_SECONDS = 30 * MINUTE_SECONDS,
    ANSWER_SECONDS = 48 * HOUR_SECONDS,
    ANSWER_REMIND_SECONDS = 12 * HOUR_SECONDS, /* before the end */
};

#define JOB_CHANGES "signups.changes"
#define JOB_ANSWERS "signups.answers"

/* signups_changes.c */
void sign_up_heard_change(struct work *work, int64_t campaign_id);
void sign_up_changes_run(struct work *work, struct job *job);
/* What was gathered is told to nobody: so older questions do not wait for it any more. */
void sign_up_changes_given_up(struct work *work, int64_t campaign_id);

/* signups_coming.c: what is about to be told and asked, to how many, and when. */
void sign_up_coming_todos(struct request *rq, int64_t campaign_id, struct todo_list *list);

/* signups_again.c */

/* Asked until then, but not beyond the beginning of the session, and reminded before. */
struct sign_up_asking_again sign_up_asking_until(struct work *work, const struct session *session,
                                                 int64_t by);
/* Nothing is asked any more. */
void sign_up_ask_no_more(struct work *work, const struct sign_up *sign_up);
void sign_up_answers_run(struct work *work, struct job *job);
/* On one's own page, first: can you still come? */
void sign_up_again_panel(struct request *rq, struct html *h, int64_t sign_up_id);
/* How many have not answered yet. */
void sign_up_again_todos(struct request *rq, int64_t campaign_id, struct todo_list *list);

/* What one's own page shows of it. */
struct again_box {
    const char *until;
    const char *yes_path;
    const char *no_path;
};
