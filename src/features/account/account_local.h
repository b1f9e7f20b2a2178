/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the parts of this folder: rules, store, mail, and what templates show. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/time.h"
#include "features/account/account.h"
#include "sys/html.h"

struct form_summary;
struct input_view;
struct lang;
struct refusal;

enum {
    SIGN_IN_SECONDS = HOUR_SECONDS,
    FIRST_LINK_SECONDS = DAY_SECONDS,
    SIGN_IN_TRIES_MAX = 5,
    SIGN_IN_TOKEN_CHARS = 52, /* of 5 bits */
};

struct sign_in {
    int64_t id;
    const char *email; /* "" for the first link */
    const char *language;
    const char *code_mac;
    const char *next;
    int64_t expires_at;
};

/* What a new one leaves with who asked. */
struct sign_in_secrets {
    const char *link;    /* the last part of its path */
    const char *browser; /* for the cookie */
    const char *digits;
};

/* Rules (account.c). */

/* Mails a link and a code to the address, whoever that is. Refuses: mails_too_often (429). */
const struct refusal *sign_in_ask(struct work *work, const char *email, const char *next,
                                  const struct lang *lang, struct sign_in_secrets *ret_secrets);
/* The sign-in of this link or browser, while it can be used; NULL: none. */
const struct sign_in *sign_in_by_link(struct work *work, const char *token);
const struct sign_in *sign_in_by_browser(struct work *work, const char *token);
/* Checks the code of this browser's sign-in. Refuses: code_wrong (422, kept: it counts its tries),
 * code_used_up (422). */
const struct refusal *sign_in_check_code(struct work *work, const char *browser, const char *digits,
                                         const struct sign_in **ret_sign_in);
/* Uses it up, once: the person of its address, made where there is none, a member of this
 * community. Refuses: code_used_up (422), account_suspended (403). */
struct sign_in_outcome {
    struct person_id person;
    bool has_new_role; /* they were offered one, and it is theirs from now on */
};
const struct refusal *sign_in_use(struct work *work, const struct sign_in *sign_in,
                                  struct sign_in_outcome *ret_outcome);
struct first_person {
    const char *name;
    const char *email;
    const char *language; /* in which they read its page: their mails are in it */
};
/* Uses the first link up, once: makes that person administrator. Refuses: code_used_up. */
const struct refusal *first_link_use(struct work *work, const struct sign_in *sign_in,
                                     const struct first_person *first,
                                     struct person_id *ret_person);

extern const struct refusal account_suspended; /* 403 */

/* The store. */

struct sign_in_row {
    int64_t id;
    const char *link_hash;
    const char *browser_hash;
    const char *email;
    const char *language;
    const char *code_mac;
    const char *next;
    int64_t expires_at;
};
void sign_in_insert(struct work *work, const struct sign_in_row *row);
const struct sign_in *sign_in_get_by_link(struct work *work, const char *hash);
const struct sign_in *sign_in_get_by_browser(struct work *work, const char *hash);
/* Counts one try of the browser's code; NULL: it has none left. */
const struct sign_in *sign_in_try(struct work *work, const char *browser_hash);
/* False: it was used already, or its time is over. */
bool sign_in_mark_used(struct work *work, int64_t id);
/* Those of an address that are still there, at most SIGN_INS_LISTED_MAX. */
enum { SIGN_INS_LISTED_MAX = 100 };
struct sign_in_times {
    const struct sign_in_times *next;
    int64_t created_at;
    int64_t used_at; /* 0: not used */
};
const struct sign_in_times *sign_ins_list(struct work *work, const char *email);
void sign_ins_void(struct work *work, const char *email);
void sign_ins_delete(struct work *work, const char *email);
/* A page of those that ended before; how many there were. */
int sign_ins_forget(struct work *work, int64_t until);

/* Views. */

struct sign_in_page {
    const struct form_summary *errors;
    const struct input_view *email;
    const char *next;
};
struct sign_in_code_page {
    const struct form_summary *errors;
    const struct input_view *code;
    const char *valid_until;
};
struct sign_in_link_page {
    const char *refusal; /* NULL: none */
    const char *action;  /* NULL: this person may not sign in */
    const char *email;
};
struct first_link_page {
    const struct form_summary *errors;
    const struct input_view *name;
    const struct input_view *email;
    const char *action;
};
struct login_view {
    const struct login_view *next;
    const char *agent; /* "" for one that is not known */
    const char *seen;
    const char *end_path;
    bool is_this;
};
struct account_page {
    const char *email;
    const char *greeting; /* the name; "" for none yet */
    const struct form_summary *errors;
    const struct input_view *name;
    const struct form_summary *language_errors;
    const struct input_view *language;
    bool has_new_language; /* it has just been chosen */
    const struct login_view *logins;
    bool has_others;
    const char *new_role; /* what they have just become, in a sentence; NULL: nothing */
    const char *next;     /* then: where they wanted to go; "" */
    bool is_administrator;
    struct safe_html panels;
};
struct sign_in_mail_view {
    const char *community;
    const char *link;
    const char *digits;
};
