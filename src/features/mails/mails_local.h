/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of mails show. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "sys/html.h"

struct view;
struct form_summary;
struct html;
struct input_view;
struct refusal;
struct request;

/* A list: what one gets, and why. */
struct mails_list {
    const struct mails_list *next;
    const char *name; /* "campaign-news" */
    const char *title;
    const char *why;
    bool is_on;
    const char *action; /* switches it */
};

struct mails_settings_page {
    const char *address;
    const char *community;
    const struct mails_list *lists;
    const char *came_back; /* a sentence; NULL: mails arrive */
    const char *words;     /* the server's */
    const char *arrives_action;
    struct safe_html panels;
};

/* One list, from the link that mail programs show. */
struct mails_off_page {
    const char *address;
    const char *community;
    const struct mails_list *list; /* its action switches it the other way */
    const char *settings_path;
};

/* An address from which mails came back. */
struct mails_bounced {
    const struct mails_bounced *next;
    const char *address;
    int64_t bounced_at;
    const char *when;
    const char *words;
    bool is_for_good;
};

struct mails_sending_page {
    const char *way; /* a sentence: how mails are sent */
    int64_t well_at, trouble_at;
    const char *well;    /* "on 25 November at 10:00"; NULL: never */
    const char *trouble; /* the server's words; NULL: none */
    const char *trouble_since;
    int64_t at_once, soon, bulk; /* how many wait */
    const char *test_address;    /* of the test that is shown; NULL: none */
    const char *test_state;      /* as in JSON */
    const char *test_outcome;    /* a sentence */
    const char *test_kind;       /* of the notice */
    const char *test_words;      /* the server's; NULL: none */
    const char *test_again;      /* where to look again; NULL: it is over */
    const struct form_summary *errors;
    const struct input_view *email;
    const struct mails_bounced *bounced;
    bool has_more_bounced;
};

/* The administrator's part, in mails_sending_pages.c. */
extern const struct form mails_test_form;
const struct refusal *mails_sending_show(struct request *rq);
const struct refusal *mails_test_handle(struct request *rq);
void mails_administration_panel(struct request *rq, struct html *h, int64_t community_id);

extern const struct view mails_sending_json;
void mails_administration_place(struct request *rq, struct html *h, int64_t community_id);
