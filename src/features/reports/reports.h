/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reports: participants say how much they did ("1,360 e-mails deleted"), and a campaign's quantity
 * is their sum. What they say is labelled as declared until an organiser has verified it, and the
 * two are never added up on a page. */
#pragma once
#include <stdint.h>

#include "base/id.h"

struct campaign;
struct feature;
struct refusal;
struct work;

extern const struct feature reports_feature;

enum {
    REPORT_QUANTITY_MAX = 1000000000,
    REPORT_NOTE_BYTES_MAX = 500, /* a form's bound */
    REPORTS_PER_SIGN_UP_MAX = 20,
};

/* NULL, or why this campaign takes no such report at `now`: refusal_report_not_asked,
 * refusal_report_too_early, refusal_report_too_late (409), refusal_report_quantity (422). */
const struct refusal *report_refusal(const struct campaign *campaign, int64_t quantity,
                                     int64_t now);

/* Keeps a report of `quantity` (1..REPORT_QUANTITY_MAX, in the campaign's unit) with a note ("" for
 * none), as declared by this sign-up (0: told to the organiser), and adds it to the campaign's
 * quantity. Refuses as report_refusal does. Writes a row, the campaign's counters and an activity.
 */
const struct refusal *report_add(struct work *work, const struct campaign *campaign,
                                 struct sign_up_id sign_up, int64_t quantity, const char *note);

/* What organisers say of the result, and who else says so. */
struct claim {
    const struct claim *next;
    const char *handle;
    const char *claim;
    const char *source;
};
/* Refuses: claims_enough (409). */
const struct refusal *claim_add(struct work *work, const struct campaign *campaign,
                                const struct claim *wish);

/* The organiser's words to all, for when it is closed. */
void campaign_result_thank(struct work *work, struct campaign_id id, const char *thanks);

extern const struct refusal refusal_report_not_asked;
extern const struct refusal refusal_report_too_early;
extern const struct refusal refusal_report_too_late;
extern const struct refusal refusal_report_quantity;
