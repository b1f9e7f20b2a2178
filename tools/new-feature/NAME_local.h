/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the parts of this folder: rows, rules, and what templates show. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "features/NAME/NAME.h"

struct campaign;
struct form_summary;
struct input_view;
struct refusal;
struct work;

enum {
    UPPER_NOUN_TEXT_BYTES_MAX = 500,
    UPPER_NOUN_HANDLE_CHARS = 12,
    UPPER_NAME_PER_DAY_MAX = 5, /* of one person, on one campaign */
    UPPER_NAME_SHOWN_MAX = 100, /* on their own page */
    UPPER_NAME_PANEL_MAX = 3,   /* on the campaign's page */
};

struct NOUN {
    const struct NOUN *next;
    int64_t id;
    struct campaign_id campaign_id;
    const char *handle;
    struct person_id author_id;
    const char *author; /* their name; "" for none */
    const char *text;
    int64_t created_at;
};

/* Rules (NAME.c). */

/* NULL, or why nobody can leave one there (any more): NAME_over (409). */
const struct refusal *NAME_refusal(const struct campaign *campaign);
/* work->login leaves one; each organiser but themselves gets a mail, for the first of a day.
 * Refuses: NAME_over (409), NAME_enough (429). */
const struct refusal *NOUN_leave(struct work *work, const struct campaign *campaign,
                                 const char *text, const struct NOUN **ret_NOUN);
/* Takes it down. Refuses: refusal_not_found, also for one of another campaign. */
const struct refusal *NOUN_remove(struct work *work, const struct campaign *campaign,
                                  const char *handle);

/* The store (NAME_store.c). */

/* The newest first. */
const struct NOUN *NOUN_list(struct work *work, struct campaign_id campaign, int count);
/* Those of a person with an id above `after`, by id, at most UPPER_NAME_SHOWN_MAX. */
const struct NOUN *NOUN_list_by_author(struct work *work, struct person_id author, int64_t after);
int64_t NAME_count_since(struct work *work, struct campaign_id campaign, struct person_id author,
                         int64_t since);
void NOUN_insert(struct work *work, const struct NOUN *NOUN);
/* False: there is none. */
bool NOUN_delete(struct work *work, struct campaign_id campaign, const char *handle);
void NAME_forget_author(struct work *work, struct person_id author);

/* Views. */

struct NOUN_line {
    const struct NOUN_line *next;
    const char *handle;
    const char *text;
    const char *author;
    const char *date;
    int64_t created_at;
};
struct NAME_panel {
    const char *path;
    const char *language; /* of the campaign */
    const struct NOUN_line *lines;
};
struct NAME_page {
    const char *campaign;
    const char *language;
    const char *back;
    const char *action;
    const char *over;    /* why there is no form; NULL: there is one */
    const char *sign_in; /* where to sign in first; NULL: one is */
    const struct form_summary *errors;
    const struct input_view *text;
    const struct NOUN_line *lines;
    const char *remove_path; /* for who leads the campaign; NULL: for nobody else */
};
struct NOUN_mail {
    const char *author;
    const char *campaign;
    const char *text;
    const char *url;
};
