/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Mails that are to go out, written whole in the transaction that causes them: no mail without its
 * cause, no cause without its mail. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct app;
struct feature;
struct html;
struct lang;
struct mailer;
struct mem;
struct outbox_thread;
struct refusal;
struct work;

extern const struct feature outbox_feature;

/* What a mail is about: each kind but the first can be switched off by whoever gets it. */
enum outbox_kind {
    OUTBOX_ASKED_FOR,     /* codes, confirmations, and what one must know of a sign-up that one has:
                             it changes, it is cancelled, it wants confirming again. Always written */
    OUTBOX_CAMPAIGN_NEWS, /* of campaigns that one takes part in: the organiser's messages, "it is
                             on!", thanks and results */
    OUTBOX_ORGANISING,    /* what organisers and administrators get: to approve, digests */
    OUTBOX_KINDS
};

/* A mail's text has links and codes in it, and is nobody's business once the mail has ended: it
 * goes with that. */
enum {
    MAIL_TEXT_KEPT_DAYS = 30, /* the text of what never ends: there is no server */
    MAIL_KEPT_DAYS = 400, /* each row: for its key, and to know where it went if it comes back */
};

/* Which goes first when many wait. */
enum outbox_priority {
    OUTBOX_SOON,    /* to one person who does not sit there waiting */
    OUTBOX_AT_ONCE, /* codes, confirmations, links to sign in */
    OUTBOX_BULK,    /* to everyone: overtaken by all others */
    OUTBOX_TEST,    /* see outbox_add_test */
};

struct outbox_mail {
    const char *reason; /* "sign_up_confirm": why this mail is sent */
    enum outbox_kind kind;
    enum outbox_priority priority;
    const char *typed_for;  /* what its address was typed for, "sign-in"; NULL: nobody typed it.
                               See outbox_refuses_typed */
    const char *unique_key; /* one mail for each key, as long as MAIL_KEPT_DAYS:
                               "campaign_reached:<campaign>:<e-mail>"; NULL: no such bound */
    const char *to_name;
    const char *to_address;
    const char *reply_to_name;
    const char *reply_to; /* NULL or "": the community's contact; see outbox_answers_to */
    const char *subject;
    const char *text;
    const char *html;     /* the inner part: outbox adds the frame (mail.html) */
    const char *calendar; /* NULL: none */
    const char *because;  /* the foot's sentence why one gets it; NULL: as the kind says */
    const struct lang *lang;
};

/* Composes and stores it; one that passes MAIL_BYTES_MAX is a fault. False, and nothing is done: a
 * mail with that key was written before; or, of a kind that can be switched off, its reader did so,
 * or mails to the address come back. */
bool outbox_add(struct work *work, const struct outbox_mail *mail);
/* An address that anybody may have typed gets MAILS_TYPED_PER_HOUR_MAX mails an hour for the same
 * thing, unless a link or code of any mail is used meanwhile: then they were wanted. Each thing has
 * its own, so that who signs others up shuts nobody out of signing in. Who is signed in with that
 * address (in its normal form) asks for themselves. Refuses: mails_too_often (429). */
const struct refusal *outbox_refuses_typed(struct work *work, const char *address,
                                           const char *typed_for);
/* Asks ahead (tx_ahead_begin) what the above asks, and outbox_add of that address. */
void outbox_ask_ahead(struct work *work, const char *address, const char *typed_for);
/* The administrator's test: before everything, and tried once. Gives its handle: see
 * outbox_fate_get. */
const char *outbox_add_test(struct work *work, const struct outbox_mail *mail);

/* Places to write a mail's parts to by templates: text and HTML, in the language of the person.
 * NULL: it grew too long, of which outbox_add makes a fault. */
struct html *outbox_part(struct work *work, const struct lang *lang);
const char *outbox_part_text(const struct html *part);

/* Where answers to a mail go whose own `reply_to` this is (NULL or "": it has none): there, or to
 * the community's contact. NULL: nobody would read them, and the mail may not ask for any. */
const char *outbox_answers_to(const struct work *work, const char *reply_to);
/* For previews: "Les Amis <no-reply@example.org>"; and what stands below each mail of that kind
 * (`because` as in outbox_mail), its link left out, since it is its reader's own. */
const char *outbox_from(struct work *work);
/* "no-reply@example.org" */
const char *outbox_from_address(struct mem *mem, const struct app *app);
void outbox_foot_show(struct work *work, struct html *h, enum outbox_kind kind,
                      const char *because);

/* A mail as it was stored. */
struct outbox_stored {
    const struct outbox_stored *next;
    int64_t id;
    const char *handle;
    const char *to_address; /* in its normal form */
    const char *reason;
    const char *message; /* RFC 5322, see mail_parse; "": not kept any more */
    int64_t created_at;
};

/* At most `count` mails, newest first: to that address (normal form, "": to anybody), and older
 * than the one with the handle `after` ("": from the newest). None for a handle that is not there.
 */
const struct outbox_stored *outbox_list(struct work *work, const char *to_address,
                                        const char *after, int count);
/* NULL: there is none. */
const struct outbox_stored *outbox_get(struct work *work, const char *handle);
/* Drops every mail of the install (the end of the demonstration). */
void outbox_clear(struct work *work);

/* Forgets that mail, once it has ended, or where mails are kept for the mailbox; and its address,
 * unless something else was written to it. False: it still waits. */
bool outbox_forget_ended(struct work *work, int64_t mail_id);

/* The id of the newest mail; 0: there is none. */
int64_t outbox_last_id(struct work *work);

/* Whether mails arrive at an address, as far as servers have said. */
enum outbox_reach {
    OUTBOX_REACHED,  /* nothing else is known */
    OUTBOX_UNSTEADY, /* the last one came back: a full mailbox, a server that is away */
    OUTBOX_BOUNCED,  /* there is no such mailbox, or it takes nothing from here */
};

struct outbox_address {
    const struct outbox_address *next;
    const char *address; /* in its normal form */
    enum outbox_reach reach;
    int64_t bounced_at; /* the last time; 0: never */
    const char *words;  /* why, as the server that refused it says; "" */
};

/* How mails to that address (in its normal form) fare. */
struct outbox_address outbox_address_state(struct work *work, const char *address);
/* At most `count` addresses from which mails of this community came back, the newest first. */
const struct outbox_address *outbox_bounced_list(struct work *work, int count);
/* A mail to that address did not arrive, for these words of a server's. Too many UNSTEADY ones in a
 * row are a BOUNCED one. */
void outbox_address_mark(struct work *work, const char *address, enum outbox_reach reach,
                         const char *words);
/* A link or code of a mail to that address was used: it arrives. */
void outbox_address_proved(struct work *work, const char *address);

/* "campaign-news"; false: no kind that can be switched off is called so. */
const char *outbox_kind_name(enum outbox_kind kind);
bool outbox_kind_read(const char *name, enum outbox_kind *ret_kind);

/* The page of mail settings of that address (in its normal form): "/mail/<token>"; NULL: it was
 * never written to. */
const char *outbox_settings_path(struct work *work, const char *address);
/* The address whose page has that token; NULL: none. */
const char *outbox_address_by_token(struct work *work, const char *token);
/* What its reader does not want, of this community. */
bool outbox_kind_is_off(struct work *work, const char *address, enum outbox_kind kind);
/* A mail of that kind was written to it, by this community, as far back as mails are kept. */
bool outbox_kind_was_written(struct work *work, const char *address, enum outbox_kind kind);
void outbox_kind_switch(struct work *work, const char *address, enum outbox_kind kind, bool on);

/* What became of a mail. */
enum outbox_state {
    OUTBOX_WAITING,  /* for its turn, or for the next try */
    OUTBOX_SENDING,  /* noted before it is handed over */
    OUTBOX_SENT,     /* a server took it; it may still come back */
    OUTBOX_REFUSED,  /* for ever */
    OUTBOX_GIVEN_UP, /* refused for now, for days */
    OUTBOX_UNSURE,   /* handed over, more than once, and never answered: it may have arrived */
    OUTBOX_RESERVED, /* to a domain that is nobody's (RFC 2606): never sent */
    OUTBOX_KEPT,     /* for the mailbox: never sent */
    OUTBOX_RETURNED, /* sent, and then it came back */
};

/* "given-up" */
const char *outbox_state_name(enum outbox_state state);
extern const char *const outbox_state_names[]; /* NULL-ended */

struct outbox_fate {
    enum outbox_state state;
    bool is_test;
    const char *to_address; /* in its normal form */
    int64_t attempts;
    int64_t due_at;    /* of the next try, while it waits */
    const char *words; /* the server's last; "" */
};
/* False: there is no such mail in this community. */
bool outbox_fate_get(struct work *work, const char *handle, struct outbox_fate *ret_fate);

/* How sending fares. */
struct outbox_status {
    int64_t waiting_at_once, waiting_soon, waiting_bulk; /* how many */
    int64_t well_at;                                     /* 0: never */
    int64_t trouble_at;                                  /* 0: none since then */
    const char *trouble;                                 /* in the server's words; "" */
};
struct outbox_status outbox_status_get(struct work *work);

/* Sends all that is due by that way, one after the other, whatever the rate; returns how many were
 * handed over. For tests: the thread does it by itself. */
int outbox_send_due(const struct app *app, struct mailer *mailer);

/* As a mail server tells it; each may be NULL: not told. */
struct outbox_envelope {
    const char *recipient;
    const char *sender; /* "": nobody, as of reports */
};
/* Leaves the mail that can be read from `file` in the data folder, durably; the server takes it in
 * within seconds of then, or of its start. NULL, or why it could not. */
const char *outbox_mail_in(struct mem *mem, const char *data,
                           const struct outbox_envelope *envelope, int file);
/* Takes in what waits there, a few at a time; returns how many. The thread does it by itself. */
int outbox_take_in(const struct app *app);

/* Starts the thread that sends; NULL after one log line. It ends soon after it is asked to stop,
 * whatever the server does. Stop it before the writer. */
struct outbox_thread *outbox_start(const struct app *app);
void outbox_ask_stop(struct outbox_thread *thread);
void outbox_stop(struct outbox_thread *thread);
