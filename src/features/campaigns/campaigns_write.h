/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages on which a campaign is written: their forms, first drafts, and what their templates
 * show. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "features/campaigns/campaigns.h"
#include "sys/html.h"

struct campaign_draft;
struct form;
struct form_summary;
struct input_view;
struct lang;
struct refusal;
struct request;
struct session;
struct work;

/* campaigns_drafts.c: what one begins with */

/* In the order of their cards. */
struct first_draft {
    const char *name;  /* "place", as in the form */
    const char *title; /* msgids */
    const char *what_for;
    const char *summary;
    const char *story;
    const char *quantity_unit;
    enum goal_unit unit;
    bool online, asks_hours, has_session;
    int64_t minimum, target, party_max, minutes_each;
    int days; /* until its deadline */
};
const struct first_draft *first_draft_at(int i); /* NULL past the last */
/* A campaign to be made of it, in the language of who writes, with dates to come. */
struct campaign_draft first_draft_fill(struct request *rq, const struct first_draft *first);
/* One made of another: its texts and settings, and its dates moved on by whole weeks. */
struct campaign_draft draft_from(struct request *rq, const struct campaign *campaign);
/* Makes it, with an address of its own, led by who is signed in; the campaign's slug. */
const struct refusal *draft_begin(struct request *rq, const struct campaign_draft *draft,
                                  const char **ret_slug);

/* campaigns_write_form.c: the forms of a campaign and of its sessions */

struct campaign_form {
    const char *title, *summary, *story, *language;
    const char *organiser_name, *organiser_email;
    const char *place, *time_zone, *opens, *closes;
    const char *goal, *quantity_unit, *go;
    int64_t minimum, target, party_max, minutes_each, capacity;
    bool online, asks_hours, allows_overlap, unlisted, sure;
};
extern const struct form campaign_form;

/* A session as it stands in its form. */
struct session_fields {
    const char *title, *starts, *ends, *time_zone, *place;
    int64_t capacity;
    bool online, sure;
};
extern const struct form session_form, session_copies_form;

/* Where a button of the form leads, once it is saved. */
#define GO_PREVIEW "preview"
#define GO_SESSIONS "sessions"
/* The campaign of the form, beside what of `campaign` no form shows. */
struct campaign_wish campaign_form_wish(struct request *rq, const struct campaign *campaign,
                                        const struct campaign_form *form);
/* What stands in the form for that campaign. */
struct campaign_form campaign_form_of(struct work *work, const struct campaign *campaign,
                                      const struct session *sessions);

/* Views */

/* On every page of a campaign, for who leads it. */
struct organiser_bar {
    const char *hidden_word; /* while is_hidden; "" for none */
    bool is_hidden;          /* its page was taken away */
    bool is_public;
    bool is_over;                                /* its texts alone can change */
    bool has_result;                             /* something has come of it */
    const char *words;                           /* whose it is, or that nobody sees it yet */
    const char *page, *edit, *organise, *result; /* paths */
    const char *here;                            /* the one that is open; "" for none */
};
/* Of who is signed in and may lead it; NULL for everybody else. */
const struct organiser_bar *organiser_bar(struct request *rq, const struct campaign *campaign,
                                          const char *here);

struct draft_card {
    const struct draft_card *next;
    const char *name, *title, *what_for;
};
struct new_page {
    const struct form_summary *errors;
    const struct draft_card *cards;
};

struct session_row {
    const struct session_row *next;
    const char *title, *when, *where, *path;
    int64_t people; /* who are in; VIEW_NONE: it does not take place */
    int64_t left;   /* VIEW_NONE: no limit */
};

struct write_page {
    const struct organiser_bar *bar;
    const struct form_summary *errors;
    const struct campaign *campaign;
    int state;
    bool is_public, has_sessions, saved, may_change_sessions;
    bool is_over;
    const char *word; /* with which it was sent back; "" for none */
    bool is_back;     /* it waited for approval until it was saved just now */
    const char *action, *sessions_path;
    const struct input_view *title, *summary, *story, *language;
    const struct input_view *organiser_name, *organiser_email;
    const struct input_view *place, *online, *sure, *time_zone, *opens, *closes;
    int64_t place_asks; /* how many people another place would ask again */
    const struct input_view *goal, *minimum, *target, *quantity_unit;
    const struct input_view *party_max, *minutes_each, *asks_hours, *capacity;
    const struct input_view *allows_overlap, *unlisted;
    const struct session_row *sessions;
    struct safe_html next; /* what other features say comes next */
};

struct sessions_page {
    const struct organiser_bar *bar;
    const struct form_summary *errors;
    const struct campaign *campaign;
    const struct session_row *sessions; /* NULL: no dates so far */
    const char *action, *edit_path;
    bool may_add;
    const struct input_view *title, *starts, *ends, *time_zone, *place, *online, *capacity;
};

struct session_page {
    const struct organiser_bar *bar;
    const struct form_summary *errors;
    const char *refusal; /* of a button that has no fields; NULL: none */
    const struct campaign *campaign;
    const char *when;
    const char *action, *copies_action, *remove_action, *sessions_path;
    bool may_change, may_copy, may_remove;
    int64_t people;
    const struct form_summary *copies_errors;
    const struct input_view *title, *starts, *ends, *time_zone, *place, *online, *capacity, *sure;
    const struct input_view *copy_starts, *copy_times;
};

struct own_campaign {
    const struct own_campaign *next;
    const struct campaign *campaign;
    const char *path, *edit_path; /* edit_path NULL: it is over */
};
struct own_campaigns {
    const struct own_campaign *drafts, *running, *over;
};

const struct session_row *session_rows_new(struct request *rq, const struct campaign *campaign,
                                           const struct session *sessions);

/* Handlers */

const struct refusal *campaign_new_show(struct request *rq);
const struct refusal *campaign_new_handle(struct request *rq);
const struct refusal *campaign_edit_show(struct request *rq);
const struct refusal *campaign_edit_handle(struct request *rq);
const struct refusal *sessions_show(struct request *rq);
const struct refusal *sessions_handle(struct request *rq);
const struct refusal *session_edit_show(struct request *rq);
const struct refusal *session_edit_handle(struct request *rq);
const struct refusal *session_copies_handle(struct request *rq);
const struct refusal *session_remove_handle(struct request *rq);
extern const struct form campaign_new_form;
void own_campaigns_panel(struct request *rq, struct html *h, int64_t person_id);
