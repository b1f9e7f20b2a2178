/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the organisers' pages of people show. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "features/signups/signups.h"
#include "sys/html.h"

struct campaign;
struct form_summary;
struct input_view;
struct participant;
struct request;
struct session;
struct session_choice;
struct view;

/* One line of a list, and of its JSON. */
struct person_line {
    const struct person_line *next;
    const char *handle;
    const char *path;
    const char *first_name; /* NULL: forgotten */
    const char *name;       /* the same, or that they are forgotten */
    const char *email;      /* NULL: none */
    int64_t party;
    const char *session; /* a handle; NULL: the campaign has no dates */
    const char *when;    /* NULL: the same */
    const char *state;   /* "confirmed" */
    const char *state_words;
    int64_t created_at;
    int64_t confirmed_at;
    const char *since; /* a short date */
    const char *brought_by;
    bool bounced;
    bool to_call;          /* to be asked or told something; no mail can */
    const char *call;      /* then: why, in a few words; NULL else */
    const char *told_path; /* where to say that they know; NULL: there is something to ask */
    const char *note;      /* of the organisers, where a telephone number stands; NULL: none */
    bool is_confirmed;     /* as nearly all are: said in small */
};

struct filter_chip {
    const struct filter_chip *next;
    const char *label;
    const char *url;
    bool is_current;
};

struct people_page {
    const char *title;
    const char *language; /* of the campaign */
    const char *back, *add_path, *csv_path, *day_path, *day_words, *path;
    const struct filter_chip *states, *sessions; /* sessions NULL: nothing to choose */
    const char *q;
    bool is_search;
    bool is_filtered;
    bool is_to_call; /* it shows those who are to be called */
    bool may_add;
    bool found_more; /* a search found more than it shows */
    const struct person_line *items;
    const char *more_url;  /* NULL: that was the last page */
    const char *first_url; /* NULL: this is the first page */
};

/* What happened to a sign-up. */
struct trace_line {
    const struct trace_line *next;
    const char *when;
    const char *what;
    const char *who;
};

struct person_page {
    const char *title;
    const char *language;
    const char *back;
    const struct person_line *person;
    const char *rank; /* in words; NULL: never confirmed */
    const char *brought_by_path;
    int64_t brought;
    const struct sign_up *brought_people;
    const char *each; /* the time of each, in words; NULL: not known */
    const char *refusal;
    const char
        *asked; /* a sentence: they were asked whether they still come; NULL: they were not */
    bool may_change, has_mailbox;
    const struct view_text *to_tell; /* what they have to hear, line by line; NULL: nothing */
    const char *change_path, *remove_path, *confirm_path;
    const struct form_summary *errors, *remove_errors;
    const struct session_choice *choices;
    const struct input_view *first_name, *session, *party, *hours, *note, *reason;
    const struct trace_line *trace;
};

struct add_page {
    const char *title;
    const char *language;
    const char *back;
    const char *action;
    const char *closed; /* why nobody can be added; NULL: somebody can */
    const struct form_summary *errors;
    const char *refusal;
    const struct session_choice *choices;
    const struct input_view *first_name, *email, *session, *party, *hours, *note;
};

/* A session, as it fills. */
struct session_row {
    const struct session_row *next;
    const char *title;
    const char *when; /* NULL: said by the title, or any time */
    int64_t sure;
    int64_t pending;
    int64_t left;     /* VIEW_NONE: no limit */
    int64_t capacity; /* 0: no limit */
    const char *people_path, *day_path, *day_words;
};

struct people_box {
    const char *people_path, *add_path, *csv_path, *day_path;
    bool may_add;
    bool is_off;                        /* it does not take place: those who were in are free */
    int64_t people;                     /* then: how many they were */
    const struct session_row *sessions; /* else */
};

struct day_person {
    const struct day_person *next;
    const char *first_name;
    int64_t party;
    const char *gives; /* how long, each of them; NULL: not said */
    const char *note;
};

/* Without dates there is no day: who is in, what they give, and until when. */
struct day_page {
    const char *words; /* what the list is called */
    bool asks_hours;
    bool is_dated;
    const char *title;
    const char *language;
    const char *back;
    const char *session; /* its title, or when */
    const char *when;
    const char *where;
    int64_t people; /* of the whole session */
    const struct filter_chip *sessions;
    const struct day_person *items;
    const char *more_url, *first_url;
};

extern const struct view participant_json; /* of a person_line */

/* In signups_organise_views.c. */

/* What somebody without an address has to hear, a sentence for each; NULL: nothing. */
const struct view_text *participant_news(const struct request *rq, int64_t to_tell);

/* The lines of that list, in its order, at most `count`. */
const struct person_line *person_lines(struct request *rq, const struct campaign *campaign,
                                       const struct participant *list, int count);
const char *people_path(struct request *rq, const struct campaign *campaign, const char *rest);
/* What a session is called: its title, else when it is. "" for the timeless one. */
const char *session_name(struct request *rq, const struct session *session);
/* `again`: why they were asked once more, AGAIN_…; "" else. */
const char *participant_state_words(const struct request *rq, enum sign_up_state state,
                                    const char *again);

extern const struct view participants_json;

extern const struct view participant_added_json;
