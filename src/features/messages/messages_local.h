/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inside the feature: rules, the store, what pages and mails show. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "sys/html.h"

struct campaign;
struct form_input;
struct form_summary;
struct input_view;
struct job;
struct refusal;
struct request;
struct session;
struct sign_up_audience;
struct work;

enum {
    MESSAGES_PER_DAY_MAX = 3, /* of a campaign: its people get no more, whoever writes */
    MESSAGES_LIST_MAX = 20,   /* shown of those that went out */
    MESSAGE_SUBJECT_CHARS_MAX = 100,
    MESSAGE_BODY_BYTES_MAX = 8000,
    MESSAGE_HTML_BYTES_MAX = 64 * 1024, /* rendered: many quotes make much of little */
    MESSAGE_RELEASED_DAYS_MAX = 30,     /* to those of what did not take place, from its last day */
    MESSAGE_HANDLE_CHARS = 12,
};

/* What does not add up. */
const char *messages_check(struct work *work);

#define JOB_SEND "messages.send"

enum message_state { MESSAGE_DRAFT, MESSAGE_SENDING, MESSAGE_SENT };
const char *message_state_name(enum message_state state);
extern const char *const message_state_names[]; /* NULL-ended */

struct message {
    const struct message *next;
    int64_t id;
    struct campaign_id campaign_id;
    struct session_id session_id; /* 0: to everybody */
    const char *handle;
    struct person_id author_id; /* 0: forgotten */
    const char *author_name;    /* "" for one who is forgotten, or has no name */
    const char *author_email;   /* "" for one who is forgotten */
    const char *subject;
    const char *body;
    const char *body_html;
    enum message_state state;
    int64_t sent_at;
    int64_t mails;
};

/* Rules (messages.c). Whoever is signed in writes; that they may is the route's. */

struct message_wish {
    const char *session; /* a handle; "" for everybody */
    const char *subject;
    const char *body;
};
/* NULL, or why nobody is to be written to: message_too_early (nobody can be in), message_too_late
 * (a campaign that did not take place, a month after it would have been over): 409. A word that it
 * is on another day, or somewhere else, is welcome before. */
const struct refusal *message_refuses(const struct campaign *campaign, int64_t now);
/* It was missed or cancelled: those who were in it are written to. */
bool message_is_to_released(const struct campaign *campaign);
/* Who gets it, of those who came until then. */
struct sign_up_audience message_audience(const struct message *message,
                                         const struct campaign *campaign, int64_t until);

/* As it will arrive at somebody who reads the campaign's language. */
struct message_preview {
    const char *from;
    const char *answers; /* where they go; NULL: nowhere */
    const char *subject;
    struct safe_html html; /* what stands below the mail's heading, its foot included */
};
struct message_preview message_preview(struct work *work, const struct message *message,
                                       const struct campaign *campaign);

/* Keeps what was written as the writer's one draft of this campaign. Refuses: refusal_fields with
 * an error beside the session when it is none of the campaign's, or beside the text when it makes
 * more than a mail may have; and as
 * message_refuses. */
const struct refusal *message_write(struct work *work, const struct campaign *campaign,
                                    const struct message_wish *wish, struct form_input *input);
/* The draft with that handle goes out, by a job: once to each address. Refuses: message_changed
 * (409: it was written anew since it was looked at), message_going_out (409: another one of this
 * campaign still is), message_enough (429), refusal_not_found (there is no draft); and as
 * message_refuses. */
const struct refusal *message_send(struct work *work, const struct campaign *campaign,
                                   const char *handle, int64_t *ret_id);
void message_send_run(struct work *work, struct job *job);

/* The store (messages_store.c). */

const struct message *message_get(struct work *work, int64_t id);
const struct message *message_get_draft(struct work *work, struct campaign_id campaign,
                                        struct person_id author);
/* One that went out, or is going out. */
const struct message *message_get_sent(struct work *work, struct campaign_id campaign,
                                       const char *handle);
/* Those, the newest first, at most MESSAGES_LIST_MAX. */
const struct message *message_list_sent(struct work *work, struct campaign_id campaign);
int64_t message_count_since(struct work *work, struct campaign_id campaign, int64_t since);
/* Writes the draft, in the place of an earlier one. */
void message_put_draft(struct work *work, const struct message *message);
/* draft -> sending. False: it is no draft any more, or another one of its campaign is going out. */
bool message_begin(struct work *work, int64_t id);
void message_add_mails(struct work *work, int64_t id, int64_t mails);
void message_end(struct work *work, int64_t id); /* sending -> sent */
void messages_forget_author(struct work *work, struct person_id author);
/* What somebody wrote, with an id above `after`, a page of it. */
const struct message *message_list_by_author(struct work *work, struct person_id author,
                                             int64_t after);

/* Mails (messages_mail.html). */
struct message_mail {
    const char *subject;
    struct safe_html html;
    const char *text; /* the same without its marks; NULL in a preview */
    const char *author;
    const char *campaign;
    const char *own_url; /* NULL: in a preview */
    bool may_answer;
};

/* Pages. */

struct audience_choice {
    const struct audience_choice *next;
    const char *handle; /* "": everybody */
    const char *label;
    bool chosen;
};

struct message_line {
    const struct message_line *next;
    const char *handle;
    const char *path;
    const char *subject;
    const char *to; /* in words */
    const char *author;
    const char *date;
    int64_t sent_at;
    int64_t mails;
    const char *state;
    bool is_sending;
};

/* On the organiser's page. */
struct message_box {
    const char *path;
    const struct message_line *last; /* NULL: none went out yet */
    bool is_closed;                  /* none is to be written any more */
    bool was_released;               /* those who are written to were in, and are free now */
};

struct message_write_page {
    const char *title, *language, *back, *action;
    const struct form_summary *errors;
    const struct audience_choice *choices; /* NULL: nothing to choose */
    const struct input_view *session, *subject, *body;
    const struct message_line *sent;
    int64_t left;       /* that may go out today */
    const char *closed; /* why none is to be written; NULL: one may be */
};

/* A draft as it will arrive; or one that went out. */
struct message_show_page {
    const char *title, *language, *back;
    const char *refusal;
    const struct message_line *message;
    struct message_preview mail;
    const char *handle;
    const char *send_path;    /* NULL: it went out */
    const char *preview_path; /* of a draft */
    bool is_counted;          /* else it is to be looked at again before it is sent */
    bool has_more;            /* than were counted: `readers` is fewer than there are */
    int64_t readers, silent, to_call;
    int64_t people; /* 0: not known */
};
