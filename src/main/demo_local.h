/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The demonstration's campaigns, as data; demo.c brings them to life. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* A text in the two languages of the program. */
struct demo_text {
    const char *fr;
    const char *en;
};

enum { DEMO_SESSIONS_MAX = 3, DEMO_NOTES_MAX = 6, DEMO_CLAIMS_MAX = 2, DEMO_FACTORS_MAX = 2 };

/* A date of a campaign: on the n-th Saturday from now (0: the coming one; negative: past ones). */
struct demo_session {
    struct demo_text title;
    int saturday;
    int hour; /* wall clock */
    int hours;
    int64_t capacity;
};

/* What organisers claim, as they published it. */
struct demo_claim {
    struct demo_text claim;
    struct demo_text source;
};

struct demo_campaign {
    const char *slug;
    struct demo_text title, summary, story, place, organiser, quantity_unit;
    int opens_days; /* from now; negative: in the past */
    int closes_days;
    bool is_draft;
    bool is_reported;
    bool online;
    int64_t minimum;
    int64_t target; /* 0: the minimum; in the quantity's unit when there is one */
    int64_t party_max;
    int64_t minutes_each;
    int64_t
        people; /* confirmed, parties included; DEMO_PARTICIPANTS: as many as the command is told */
    int64_t quantity; /* reported in all, for every 5,000 people */
    struct demo_session sessions[DEMO_SESSIONS_MAX];
    int sessions_count;
    struct demo_text thanks;                /* when it was closed */
    struct demo_text notes[DEMO_NOTES_MAX]; /* of participants, beside their numbers */
    struct demo_claim claims[DEMO_CLAIMS_MAX];
    const char *factors[DEMO_FACTORS_MAX]; /* by their handles */
};

#define DEMO_PARTICIPANTS (-1)

extern const struct demo_campaign demo_campaigns[]; /* ends with slug NULL */
extern const char *const demo_names[];              /* ends with NULL */
