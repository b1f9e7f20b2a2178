/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the parts of this folder ask of each other: the stores, and the view that the frame of mails
 * takes. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "core/outbox/outbox.h"
#include "sys/html.h"

struct app;
struct mem;
struct work;

enum { OUTBOX_HANDLE_CHARS = 20 }; /* 100 bits: also the Message-ID */

struct mail_frame {
    const char *lang; /* "fr" */
    const char *subject;
    const char *community_name;
    const char *site_url;
    const char *site_host;
    const char *settings_url;
    const char *because; /* NULL: as the kind says */
    bool is_campaign_news;
    bool is_organising;
    struct safe_html content; /* what the feature's templates made */
};

struct mail_row {
    const char *handle;
    const char *reason;
    const char *unique_key; /* NULL: none */
    const char *to_address; /* in its normal form */
    const char *message;
    enum outbox_kind kind;
    enum outbox_priority priority;
    const char *typed_for; /* "": nobody typed the address */
    bool is_kept;          /* never sent: the mailbox shows it */
};

/* Of one without a key, of which nothing needs to be asked; of one with a key. False: a mail with
 * that key is there already. */
void mail_insert(struct work *work, const struct mail_row *mail);
bool mail_insert_once(struct work *work, const struct mail_row *mail);
/* To whom it was; NULL: it waits, or is not there. */
const char *mail_delete_ended(struct work *work, int64_t id);
/* What does not add up. */
const char *mails_check(struct work *work);
void mail_delete_to(struct work *work, const char *to_address);
/* Those that were typed for that since then and of which nothing was used. */
int64_t mail_count_typed(struct work *work, const char *to_address, const char *typed_for,
                         int64_t since);
/* They were wanted. */
void mail_forget_typed(struct work *work, const char *to_address);
const struct outbox_stored *mail_by_handle(struct work *work, const char *handle);
/* A page of what was written before then: the rows; or the texts alone, of those with an id above
 * `cursor`, which moves on, and what still waited is given up. Each returns how many it looked at,
 * JOB_PAGE_ROWS when there may be more. */
int mail_delete_old(struct work *work, int64_t before);
int mail_empty_old(struct work *work, int64_t before, int64_t *cursor);
/* Newest first, with ids below `before_id`. */
const struct outbox_stored *mail_list(struct work *work, int64_t before_id, int count);
const struct outbox_stored *mail_list_to(struct work *work, const char *to_address,
                                         int64_t before_id, int count);

/* The handle of an address, made where it is new; or NULL there. */
const char *mail_address_handle(struct work *work, const char *address);
const char *mail_address_handle_get(struct work *work, const char *address);
/* "/mail/<token>" of a handle. */
const char *outbox_settings_path_of(struct work *work, const char *handle);
/* NULL: no address has that handle. */
const char *mail_address_by_handle(struct work *work, const char *handle);
/* NULL: it was never written to. */
const struct outbox_address *mail_address_get(struct work *work, const char *address);
void mail_address_mend(struct work *work, const char *address);
/* Unless a mail to it, or a choice of its owner's, is there. */
void mail_address_delete_unused(struct work *work, const char *address);
void mail_address_delete(struct work *work, const char *address);

bool mail_choice_is_off(struct work *work, const char *address, enum outbox_kind kind);
void mail_choice_off(struct work *work, const char *address, enum outbox_kind kind);
void mail_choice_on(struct work *work, const char *address, enum outbox_kind kind);
/* Those of an address in every community, at most MAIL_CHOICES_MAX. */
enum { MAIL_CHOICES_MAX = 500 };
struct mail_choice {
    const struct mail_choice *next;
    const char *community; /* its slug */
    const char *kind;
    int64_t off_at;
};
const struct mail_choice *mail_choice_list(struct work *work, const char *address);
void mail_choice_delete_all(struct work *work, const char *address);

/* Mails come back to "<local>+<token>@<domain>" of the bounce address, the token naming the mail.
 * That address of one mail, or the sender's own where there is none; and the handle of the mail
 * whose address it is, NULL: it is none of ours. */
const char *outbox_envelope_sender(struct mem *mem, const struct app *app, const char *handle);
const char *outbox_bounce_handle(struct mem *mem, const struct app *app, const char *address);
/* The install's own address, what stands behind its '@', and the site's host without its port. */
const char *outbox_domain(struct mem *mem, const struct app *app);
const char *outbox_host(struct mem *mem, const struct app *app);

/* A mail that is in hand: its attempt is noted, how it ends is not. */
struct mail_claim {
    int64_t id; /* 0: none */
    const char *handle;
    const char *to_address;
    const char *message;
    const char *words; /* the server's last; "" */
    int64_t created_at;
    int64_t attempts; /* this one included */
    int64_t unsure;   /* this one included */
    bool is_test;
};
/* Takes the one whose turn it is; of the test mails alone, or of all. False: none is due. */
bool mail_claim(struct work *work, bool tests_alone, struct mail_claim *ret_claim);
/* How it ended: its text goes with that. `unsure` and `attempts` as they are to be from now on. */
void mail_settle(struct work *work, const struct mail_claim *claim, enum outbox_state state,
                 const char *words);
void mail_wait(struct work *work, const struct mail_claim *claim, int64_t due_at,
               const char *words);
/* What the process before this one had in hand when it died: its turn comes again, but not for what
 * was unsure before. */
void mail_take_up(struct work *work, int64_t unsure_max);
/* It came back. To whom it was; NULL: there is no such mail, or that is known already. */
const char *mail_return(struct work *work, const char *handle, const char *words);
void mail_server_well(struct work *work);
void mail_server_trouble(struct work *work, const char *words);
/* To whom it was; NULL: it is not there any more. */
const char *mail_to_address(struct work *work, int64_t mail_id);
