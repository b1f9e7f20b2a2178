/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The spine: what happens is written here once, in the transaction in which it happens. Feeds,
 * notices and digests read it. Verbs are those of ActivityStreams 2.0; `detail` names what the verb
 * leaves open (a campaign's new state). */
#pragma once
#include <stdint.h>

struct feature;
struct work;

extern const struct feature activity_feature;

enum activity_verb {
    ACTIVITY_CREATE,   /* a campaign is written */
    ACTIVITY_ANNOUNCE, /* a campaign opens */
    ACTIVITY_UPDATE,   /* a state or a sign-up changes */
    ACTIVITY_OFFER,    /* a sign-up waits for its confirmation */
    ACTIVITY_JOIN,     /* a sign-up is confirmed */
    ACTIVITY_LEAVE,    /* a sign-up is cancelled, lapses, or is released */
    ACTIVITY_ADD,      /* a report is given */
};

enum activity_object { ACTIVITY_CAMPAIGN, ACTIVITY_SIGN_UP, ACTIVITY_REPORT };
enum activity_audience { AUDIENCE_PUBLIC, AUDIENCE_ORGANISERS };

struct activity {
    enum activity_verb verb;
    enum activity_object object;
    int64_t object_id;
    int64_t campaign_id;
    int64_t actor_id;   /* a sign-up's or a person's id; 0: the program itself */
    const char *detail; /* "" for none */
    enum activity_audience audience;
};

/* Writes one row, at work->now, of work->community. */
void activity_add(struct work *work, const struct activity *activity);

/* What happened to one thing. */
struct activity_entry {
    const struct activity_entry *next;
    enum activity_verb verb;
    int64_t actor_id;
    const char *detail;
    int64_t at;
};
/* The newest first, at most `count`. */
const struct activity_entry *activity_list_of(struct work *work, int64_t object_id, int count);

/* The id of the newest row; 0: there is none. */
int64_t activity_last_id(struct work *work);
