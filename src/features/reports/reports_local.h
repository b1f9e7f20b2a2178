/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of this folder share: the rows of reports, and what the result page shows of them.
 */
#pragma once
#include <stdint.h>

#include "base/id.h"

struct work;

enum { REPORT_NOTES_MAX = 20 };

struct report {
    int64_t id;
    struct community_id community_id;
    struct campaign_id campaign_id;
    struct sign_up_id sign_up_id; /* 0: none */
    int64_t quantity;
    const char *note;
    const char *how; /* "declared", "verified" */
};

struct report_note {
    const struct report_note *next;
    int64_t quantity;
    const char *note;
};

/* For the template. */
struct reports_view {
    int64_t count;
    int64_t quantity;
    const char *unit;
    const char *language;            /* of the campaign, and most likely of its notes */
    const struct report_note *notes; /* the latest first */
};

/* reports_store.c */
void report_insert(struct work *work, const struct report *report);
int64_t report_count(struct work *work, struct campaign_id id);
const struct report_note *report_notes(struct work *work, struct campaign_id id);
/* A sentence about a campaign whose quantity is not the sum of its reports, or NULL. */
const char *reports_check(struct work *work);
