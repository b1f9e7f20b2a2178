/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Leading a campaign: publishing, approving, cancelling, extending; and the mails to those who
 * lead. Inside the feature. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "features/campaigns/campaigns.h"
#include "sys/html.h"

struct campaign_page_view;
struct form_error;
struct form_input;
struct form_summary;
struct input_view;
struct lang;

enum {
    CAMPAIGN_WORD_BYTES_MAX = 1000, /* of a word to an organiser, or to all */
    CAMPAIGN_LACKS_MAX = 5,
    APPROVERS_TOLD_MAX = 50,
    APPROVALS_LIST_MAX = 50,
    EXTEND_DAYS = 7,                 /* after the deadline that was missed */
    FALL_PAUSE_SECONDS = 60 * 60,    /* between two warnings of one campaign */
    EXTEND_SECONDS_MAX = 366 * 86400 /* from now */
};

extern const struct refusal refusal_campaign_sessions_over; /* 409 */

/* campaigns_lead.c */

/* Everything that keeps it from opening, as the refusals that publishing would give; how many. */
int campaign_lacks(const struct campaign *campaign, const struct session *sessions, int64_t now,
                   const struct refusal *ret_lacks[CAMPAIGN_LACKS_MAX]);
/* Whoever is signed in would have to wait for an approval. */
bool campaign_wants_approval(struct work *work);

struct publish_wish {
    const char *when;  /* "now", "later" */
    const char *opens; /* a wall clock in the campaign's zone; with "later" */
};
/* draft -> open, scheduled, or, where the community approves, submitted: its facilitators get a
 * mail. Refuses: what it lacks, refusal_campaign_not_draft, refusal_fields (`opens`). */
const struct refusal *campaign_send_out(struct work *work, const struct campaign *campaign,
                                        const struct publish_wish *wish, struct form_input *input);
struct approve_wish {
    const char *word;
    int64_t sent_in; /* submitted_at of what was read; 0: whatever stands there now */
};
/* submitted -> open or scheduled, or back to draft with a word; its organisers get a mail. Refuses:
 * refusal_campaign_not_submitted, refusal_campaign_sent_in_anew, what it lacks. */
const struct refusal *campaign_approve(struct work *work, const struct campaign *campaign,
                                       const struct approve_wish *wish);
const struct refusal *campaign_send_back(struct work *work, const struct campaign *campaign,
                                         const char *word);

/* submitted -> draft: whoever approves has read it as it was. True: it was one. */
bool campaign_take_back(struct work *work, const struct campaign *campaign);

/* It has sessions, and none of them is still to come. */
bool sessions_are_over(const struct campaign *campaign, int64_t now);

/* campaigns_cancel.c */

bool campaign_may_be_cancelled(const struct campaign *campaign);
/* Into cancelled, with a word to all: those who are in are released and told. Refuses:
 * refusal_campaign_over. */
const struct refusal *campaign_cancel(struct work *work, struct campaign_id id, const char *reason);
/* Why it cannot be extended now: refusal_campaign_extended, refusal_campaign_not_extended,
 * refusal_campaign_sessions_over, refusal_campaign_closes_last; NULL: it can. */
struct campaign_leading;
const struct refusal *campaign_refuses_extension(const struct campaign *campaign,
                                                 const struct campaign_leading *leading,
                                                 int64_t now);
/* Another deadline, once. A missed one opens again as soon as those who were released are not
 * counted any more, see campaign_open_again. Refuses: the above, refusal_fields (`closes`). */
const struct refusal *campaign_extend(struct work *work, struct campaign_id id, const char *closes,
                                      struct form_input *input);

/* campaigns_settle.c: from draft or submitted, into the state that its opening gives. */
const struct refusal *campaign_go_public(struct work *work, struct campaign_id id,
                                         enum campaign_state from);
/* Tells everybody's features that it has that state now. */
void campaign_tell_state(struct work *work, struct campaign_id id, enum campaign_state state);

/* lead_store.c */

struct campaign_leading {
    int64_t submitted_at;
    const char *word;
    const char *cancelled_because;
    int64_t extended_at;
    int64_t fell_at;
    int64_t opened_again_at; /* after it was missed; 0: it did not */
};
struct campaign_leading campaign_leading_get(struct work *work, struct campaign_id id);
void campaign_leading_set(struct work *work, struct campaign_id id,
                          const struct campaign_leading *leading);
/* 0: it is there again. */
void campaign_set_hidden(struct work *work, struct campaign_id id, int64_t hidden_at,
                         const char *word);
/* The person leads a campaign of this community that was published. */
bool person_has_published(struct work *work, struct person_id person);
/* Those that wait for approval, the oldest first, at most APPROVALS_LIST_MAX: id, slug, title,
 * language, summary, organiser_name. */
const struct campaign *campaign_list_submitted(struct work *work);

/* campaigns_lead_mail.c. Each mail goes to one person, in their language. */

struct lead_mail {
    const char *headline;
    const char *campaign;
    const char *sentence;
    const char *quote; /* "" for none */
    const char *action;
    const char *url;
};
/* What all who lead it hear; words are msgids. */
struct lead_news {
    const char *reason;
    const char *headline;
    const char *sentence; /* its {n} and {date} are filled in */
    int64_t n;
    const char *quote; /* as written; NULL: none */
    const char *action;
    const char *path;
};
void campaign_tell_organisers(struct work *work, const struct campaign *campaign,
                              const struct lead_news *news);
/* To the facilitators and administrators of its community. */
void campaign_tell_approvers(struct work *work, const struct campaign *campaign);
/* What a state that dates or counters gave means for who leads it. */
void campaign_tell_settled(struct work *work, struct campaign_id id, enum campaign_state state);
/* It was on, and there are fewer than its minimum now. */
void campaign_tell_fall(struct work *work, struct campaign_id id);

/* Views */

struct lack_line {
    const struct lack_line *next;
    const char *words;
};
struct lead_box { /* what can be done with the campaign as it is */
    int state;
    bool may_extend;
    bool is_reopening;
    bool is_ready; /* a draft: nothing is missing */
    bool wants_approval;
    const char *publish_path, *cancel_path, *extend_path;
    const char *approve_path; /* NULL: others decide */
};
struct publish_page {
    const struct campaign *campaign;
    const char *page_path, *edit_path, *organise_path, *action;
    const char *approve_path; /* NULL: others decide */
    const char *refusal;      /* NULL: none */
    const struct form_summary *errors;
    const struct lack_line *lacks; /* NULL: it can be published */
    bool wants_approval;
    bool is_draft, is_submitted;
    const char *word;
    const struct input_view *when, *opens;
};
struct approve_page {
    const struct campaign *campaign;
    const char *organise_path, *approve_action, *back_action;
    const char *refusal;
    const struct form_summary *errors, *back_errors;
    const struct lack_line *lacks;
    bool is_submitted;
    int64_t sent_in;                          /* which sending in is shown */
    const struct campaign_page_view *preview; /* its page, as it will stand; NULL: not submitted */
    const char *opens;                        /* NULL: as soon as it is approved */
    const struct input_view *word, *back_word;
};
struct approval_line {
    const struct approval_line *next;
    const struct campaign *campaign;
    const char *path;
    const char *since;
};
struct cancel_page {
    const struct campaign *campaign;
    const char *page_path, *organise_path, *action;
    const char *refusal;
    const struct form_summary *errors;
    bool may_cancel;
    int64_t people, pending;
    const struct input_view *reason;
};
struct extend_page {
    const struct campaign *campaign;
    const char *page_path, *organise_path, *action;
    const char *refusal;
    const struct form_summary *errors;
    const char *why_not; /* a sentence; NULL: it can be extended */
    const char *closes;
    bool is_missed;
    int64_t people;
    const struct input_view *deadline;
};
