/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the templates of sign-ups show. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "features/signups/signups.h"
#include "sys/html.h"

struct campaign;
struct form_summary;
struct input_view;
struct lang;
struct request;
struct session;
struct work;
struct zone;

struct session_choice {
    const struct session_choice *next;
    const char *handle;
    const char *title; /* when, if it has no title of its own */
    const char *when;  /* NULL: said by the title, or any time */
    const char *seats; /* "9 places left of 20", "full", "your date" */
    bool chosen;
    bool full;
};

struct party_option {
    const struct party_option *next;
    int64_t n;
    bool chosen;
};

struct sign_up_panel {
    const char *action;
    const char *closed; /* why nobody can sign up; NULL: one can */
    const struct form_summary *errors;
    const struct session_choice *choices; /* NULL: nothing to choose */
    const struct party_option *parties;
    const struct input_view *session, *first_name, *email, *party, *hours, *show_name;
    const char *ref;
    const struct sign_up *people;
    bool is_done; /* what they came for */
};

struct sent_page {
    const char *action;
    const char *again;
    const char *handle;
    const char *held_until;
    const struct form_summary *errors;
    const struct input_view *code; /* NULL: there is nothing to type it for */
};

/* One's sign-ups, on one's own page. */
struct account_sign_up {
    const struct account_sign_up *next;
    const char *title;
    const char *language; /* of the campaign */
    const char *when;     /* NULL: without a date */
    const char *state;    /* translated */
    const char *path;
};

struct own_page {
    const char *saved; /* what was just kept; NULL: nothing */
    bool may_share;    /* somebody else can still come */
    bool is_hidden;    /* the campaign's page */
    const char *first_name;
    const char *campaign_title;
    const char *campaign_url;
    const char *when;  /* NULL: any time */
    const char *where; /* NULL: not said */
    const char *each;  /* NULL: not known */
    int64_t party_count;
    bool is_pending, is_cancelled, is_released;
    bool is_extended;              /* it was missed, and goes on: are they in again? */
    bool is_moved;                 /* they did not say whether they can come at the new time */
    const char *cancelled_because; /* of the campaign; "" */
    const char *held_until;
    const char *refusal; /* a sentence; NULL: none */
    const char *rank_words;
    struct safe_html tally;
    const char *confirm_url;                            /* NULL: cannot be confirmed */
    const char *change_url, *cancel_url, *calendar_url; /* calendar_url NULL: no fixed time */
    bool may_change;
    const struct form_summary *errors;
    const struct session_choice *choices;
    const struct party_option *parties;
    const struct input_view *session, *party, *hours, *show_name;
    const char *share_url, *share_mail;
    int64_t brought;
    const struct sign_up *brought_people;
    struct safe_html panels; /* what other features add to the page of who is in */
    struct safe_html below;  /* and to everybody's, at its end */
};

/* In signups_views.c. */

/* The date that somebody has already: its seats are theirs. */
struct session_own {
    struct session_id id;
    const char *words; /* a msgid: "Your date" */
};
/* The dates to choose from; NULL when there is only one. `own` may be NULL; `chosen` is a handle.
 */
const struct session_choice *session_choices_new(struct request *rq, const struct session *sessions,
                                                 const struct session_own *own, const char *chosen);
const struct party_option *party_options_new(struct request *rq, int64_t party_max,
                                             const char *chosen);
/* Whose clock: the session's for what is about it, the campaign's for all else. */
const struct zone *session_zone(struct work *work, const struct session *session);
const struct zone *campaign_zone(struct work *work, const struct campaign *campaign);
/* In words, in this person's language: NULL for what is not said. */
const char *session_when(struct work *work, const struct lang *lang, const struct session *session);
const char *session_where(const struct campaign *campaign, const struct session *session);
const char *minutes_words(struct work *work, const struct lang *lang, int64_t minutes);
/* "You are the 37th." and "23 to go." */
const char *rank_words(struct work *work, const struct lang *lang, int64_t rank);
const char *to_go_words(struct work *work, const struct lang *lang,
                        const struct campaign *campaign);
