/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The handlers of one's own sign-up, for the table of routes. */
#pragma once
#include <stdint.h>

struct view;
struct form;
struct html;
struct refusal;
struct request;
struct work;

extern const struct form own_change_form;

const struct refusal *own_show(struct request *rq);
const struct refusal *own_again_handle(struct request *rq); /* an act's address opened as a page */
const struct refusal *own_confirm_handle(struct request *rq);
const struct refusal *own_change_handle(struct request *rq);
const struct refusal *own_cancel_handle(struct request *rq);
const struct refusal *own_calendar_handle(struct request *rq);

/* Accounts (signups_account.c). */
void sign_up_account_panel(struct request *rq, struct html *h, int64_t person_id);
void sign_up_heard_person(struct work *work, int64_t person_id);

extern const struct view own_view;
