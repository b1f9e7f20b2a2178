/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sign-ups: who comes to which session, with how many. A guest holds a token in the mail; an
 * account is not needed. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"

struct campaign;
struct feature;
struct form_input;
struct html;
struct job;
struct lang;
struct refusal;
struct request;
struct work;

extern const struct feature signups_feature;

enum sign_up_state {
    SIGN_UP_PENDING,
    SIGN_UP_CONFIRMED,
    SIGN_UP_EXPIRED,
    SIGN_UP_WAITING,
    SIGN_UP_OFFERED,
    SIGN_UP_CANCELLED,
    SIGN_UP_RELEASED,
    SIGN_UP_ATTENDED,
    SIGN_UP_ABSENT,
};

struct sign_up {
    const struct sign_up *next;
    struct sign_up_id id;
    struct campaign_id campaign_id;
    struct session_id session_id;
    const char *handle;
    int64_t generation;
    const char *ref;
    int64_t brought_by;
    const char *email;
    const char *first_name;
    const char *language;
    int64_t party;
    int64_t minutes_each;
    bool show_name;
    enum sign_up_state state;
    int64_t rank;
    int64_t created_at;
    int64_t confirmed_at;
    int64_t expires_at;
    const char *again;    /* why this person was asked once more: AGAIN_…; "" */
    int64_t again_by;     /* of one who is in: until when an answer is waited for; 0: none is */
    bool to_call;         /* who leads the campaign has to ask: there is no address */
    int64_t to_tell;      /* what they have to hear from who leads it: TELL_… added up */
    int64_t sequence;     /* of their calendar entry, see sign_up_next_sequence */
    int64_t agreed_at;    /* when they said yes last, to all of it as it stood then */
    int64_t asked;        /* how often the form was sent for this row */
    const char *name_key; /* the first name folded, see sign_up_set_name */
    int64_t added_by;     /* the organiser who added it by hand (a person's id); 0: nobody */
    const char *note;     /* of the organisers, for them alone */
};

/* News for somebody without an address, which their organiser is to tell: bits of to_tell. Those
 * below TELL_MESSAGE are about the date, and nobody is called about them once it has begun; about a
 * message nobody is once it is over. */
enum { TELL_CHANGED = 1, TELL_MISSED = 2, TELL_CANCELLED = 4, TELL_MESSAGE = 8 };

/* What a person asks for, as the form gives it. */
struct sign_up_wish {
    const char *first_name;
    const char *email;
    int64_t party;
    const char *session; /* its handle; "" when there is one or none to choose */
    int64_t hours;       /* where the campaign asks for them */
    bool show_name;
    const char *ref; /* "" for none */
    const char *key; /* of a script, so that sending again does nothing twice; "" for none */
    const struct lang *lang; /* of the mails; set by who asks, not by the form */
};

/* What the page may tell: the same whether the e-mail is known or not. */
struct sign_up_answer {
    const char *state;  /* "pending" */
    const char *handle; /* of this time the form was sent: for the code */
    int64_t expires_at; /* until then the seats are kept */
    /* For the program itself, never for a page: */
    struct sign_up_id id;
    int64_t code_id; /* what this sending of the form made */
};

/* Signs up: takes the seats, writes the mail with the link and the code. Refusals are decided
 * before the e-mail is looked at: campaign_refuses_sign_ups, refusal_fields with errors in `input`
 * (session, party, hours), session_over, session_full. A pending sign-up of the same e-mail is
 * replaced; one that ended is taken up again; whoever is in already, or in a session at the same
 * time, gets a mail that says so, and nothing changes. Effects: rows of sign_up and sign_up_code,
 * one mail, activity, the lapse job. */
const struct refusal *sign_up_request(struct work *work, const struct campaign *campaign,
                                      const struct sign_up_wish *wish, struct form_input *input,
                                      struct sign_up_answer *ret_answer);

/* Confirms, by who has its page before them: the seats are settled, the people counted, the
 * campaign may tip; one mail. Again: who was asked whether they can still come says yes, else
 * nothing. One that lapsed or was cancelled takes seats anew. Refuses: campaign_refuses_sign_ups,
 * session_over, session_full, sign_up_overlaps, sign_up_already_in. */
const struct refusal *sign_up_confirm(struct work *work, struct sign_up_id id);

/* Confirms by the six digits of a handle. Where the form was sent again since, by whomever, nothing
 * is confirmed: the right code leads to the page that shows what is asked for now. Refuses:
 * code_wrong (422, kept: it counts), code_used_up (422), not found. */
const struct refusal *sign_up_code_use(struct work *work, const char *handle, const char *code,
                                       struct sign_up_id *ret_id);

/* What stands in the link that this person shares. */
const char *sign_up_ref(struct work *work, struct sign_up_id id);

/* Reading. NULL: there is none. */
const struct sign_up *sign_up_get(struct work *work, struct sign_up_id id);
const struct sign_up *sign_up_get_by_token(struct work *work,
                                           const char *token); /* NULL for any other */
/* All of one e-mail (normal form) in the campaign: the newest first, those that ended last. */
const struct sign_up *sign_up_list_by_email(struct work *work, struct campaign_id campaign,
                                            const char *email);
/* All of one person, whatever the campaign, with an id above `after`, in pages. */
const struct sign_up *sign_up_list_by_person(struct work *work, const char *email,
                                             struct sign_up_id after);
/* Who is written to: those who are in a campaign, or in one of its sessions, since `until` at the
 * latest. Who has no address is among them, to be called; who is forgotten is not. */
struct sign_up_audience {
    struct campaign_id campaign;
    struct session_id session; /* 0: all */
    int64_t until;
    bool was_released; /* the campaign does not take place: who was in it, and is free now */
};
/* With an id above `after`, by id, in pages; somebody with two dates comes twice. */
const struct sign_up *sign_up_list_audience(struct work *work,
                                            const struct sign_up_audience *audience, int64_t after);
/* How many addresses these are, of those who have one: those whose mails of campaigns arrive, and
 * those who switched them off or whose mails come back. No more than SIGN_UP_REACH_MAX sign-ups are
 * looked at. */
struct sign_up_reach {
    int64_t readers;
    int64_t people; /* of the readers' parties; who comes to two dates once */
    int64_t silent;
    bool has_more;   /* than were looked at: at least so many */
    int64_t to_call; /* sign-ups without an address */
};
enum { SIGN_UP_REACH_MAX = 2000 }; /* 20 ms: an event thread counts them */
struct sign_up_reach sign_up_count_audience(struct work *work,
                                            const struct sign_up_audience *audience);
bool sign_up_is_in(const struct sign_up *sign_up); /* confirmed, attended */
/* There is somebody to write to: neither forgotten, nor added without an address, nor a decoy. */
bool sign_up_has_mailbox(const struct sign_up *sign_up);
/* Added by hand without an address: only their organiser reaches them. */
bool sign_up_has_no_address(const struct sign_up *sign_up);
/* Who leads the campaign is to tell them that (one TELL_… bit); where it does not take place,
 * nothing older matters any more. */
void sign_up_must_hear(struct work *work, const struct sign_up *sign_up, int64_t what);

/* Takes the name, the address and the organisers' note out of one; out of a page of a campaign's.
 * What was told of numbers stays, since no name stands beside it. False: none had one. */
void sign_up_forget(struct work *work, const struct sign_up *sign_up);
bool sign_ups_forget_names(struct work *work, struct campaign_id campaign);
/* The same of a page of a person's, with what was told of numbers. True: there may be more. */
bool sign_ups_forget_person(struct work *work, const char *email);

/* Why somebody gets a mail, for its foot: they take part in it, or had signed up for it. */
const char *sign_up_because(struct work *work, const struct campaign *campaign,
                            const struct lang *lang, bool is_in);

/* The first name behind the handle of a sign-up of this community; "": forgotten, or nobody. */
const char *sign_up_called(struct work *work, const char *handle);

/* What the mails' links hold, and "/sign-ups/<token>". */
const char *sign_up_token(struct work *work, const struct sign_up *sign_up);
const char *sign_up_path(struct work *work, const struct sign_up *sign_up);
/* That mail, for a preview in the campaign's language: its subject, and what stands in it. */
const char *sign_up_thanks_subject(struct work *work, const struct campaign *campaign);
void sign_up_thanks_show(struct work *work, struct html *html, const struct campaign *campaign,
                         const char *thanks);
/* A page of a job that thanks everybody who was in, once each, with the organiser's words
 * (Markdown, "" for none) and the link to the result. */
void sign_up_thank_page(struct work *work, struct job *job, const struct campaign *campaign,
                        const char *thanks);

/* Answers with the page of one's own sign-up, also after a refused form of a panel on it. */
const struct refusal *sign_up_page_show(struct request *rq, const struct sign_up *sign_up);
