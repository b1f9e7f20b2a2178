/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of leading share, and their handlers for the feature's routes. */
#pragma once
#include <stdint.h>

#include "sys/html.h"

struct campaign;
struct form;
struct html;
struct refusal;
struct request;

/* campaigns_lead_pages.c */
extern const struct form publish_form, approve_form, send_back_form;
const struct refusal *publish_show(struct request *rq);
const struct refusal *publish_handle(struct request *rq);
const struct refusal *approve_show(struct request *rq);
const struct refusal *approve_handle(struct request *rq);
const struct refusal *send_back_handle(struct request *rq);
void approvals_panel(struct request *rq, struct html *h, int64_t object_id);
void lead_panel(struct request *rq, struct html *h, int64_t campaign_id);
/* The same for the end of the organiser's page, whose beginning says what a draft, or who
 * approves one, has to do. */
struct safe_html lead_html(struct request *rq, const struct campaign *campaign);

/* "/campaigns/<slug of the request>/<page>" */
const char *lead_page_path(struct request *rq, const char *page);
/* Why it was refused, unless that stands beside fields; NULL: it was not. */
const char *lead_refusal(struct request *rq);
struct html *lead_page_begin(struct request *rq, const char *title);
/* After an act: on to `path`, or the campaign's present state in JSON. */
const struct refusal *lead_done(struct request *rq, const struct refusal *refusal,
                                const char *path);

/* campaigns_cancel_pages.c */
extern const struct form cancel_form, extend_form;
const struct refusal *cancel_show(struct request *rq);
const struct refusal *cancel_handle(struct request *rq);
const struct refusal *extend_show(struct request *rq);
const struct refusal *extend_handle(struct request *rq);
