/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Guests for stories: what somebody does who finds a campaign, fills in its form and follows the
 * links of the mails. A guest is known by an e-mail address; anne@example.org is called Anne. */
#pragma once
#include <stdint.h>

#include "features/campaigns/campaigns.h"
#include "story/story.h"

/* "haie": one session, on Saturday 28 November, with that many places (or SESSION_UNLIMITED). */
struct campaign_id make_hedge(struct story *story, int64_t places);
/* "dates": three sessions of ten places each on 28 November. The second begins while the first one
 * lasts; the third follows both. */
struct campaign_id make_dates(struct story *story);
enum { MORNING, LATE_MORNING, AFTERNOON };

/* The handle of a session, and its places that are left, as the page's JSON says. */
const char *session_handle(struct story *story, const char *slug, int which);
int64_t session_left_of(struct story *story, const char *slug, int which);
/* The people who have confirmed. */
int64_t people_of(struct story *story, const char *slug);

/* Sends the form: name, e-mail, a party of one unless `fields` ("party=3&show_name=true") says
 * another, and what else stands there. The answer is the browser's, or a script's in JSON. */
struct answer guest_asks(struct story *story, const char *slug, const char *email,
                         const char *fields);
struct answer guest_asks_json(struct story *story, const char *slug, const char *email,
                              const char *fields);
/* The link to one's own sign-up, from the latest mail. */
const char *guest_link(struct story *story, const char *email);
/* POST to the link and one of confirm, change, cancel, in JSON. */
struct answer guest_sends(struct story *story, const char *link, const char *verb,
                          const char *fields);
/* Types six digits on the page with that handle; the answer is a script's. */
struct answer guest_types(struct story *story, const char *slug, const char *handle,
                          const char *digits);
/* All of it, from the form to the mail's confirmation; the link to the sign-up. */
const char *guest_comes(struct story *story, const char *slug, const char *email,
                        const char *fields);

/* "&session=<handle>" and more fields. */
const char *on_date(struct story *story, int which, const char *fields);
/* `text` with every `part` taken out. */
const char *text_without(struct story *story, const char *text, const char *part);
/* The time moves on to the second, and no job runs. */
void time_passes_alone(struct story *story, int64_t seconds);
