/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Mails that are to go out, written whole in the transaction that causes them: no mail without its
 * cause, no cause without its mail. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct buf;
struct feature;
struct html;
struct lang;
struct work;

extern const struct feature outbox_feature;

struct outbox_mail {
    const char *reason;     /* "sign_up_confirm": why this mail is sent */
    const char *unique_key; /* one mail for each key, ever: "campaign_reached:<campaign>:<e-mail>";
                               NULL: no such bound */
    const char *to_name;
    const char *to_address;
    const char *reply_to_name;
    const char *reply_to; /* NULL: none */
    const char *subject;
    const char *text;
    const char *html;     /* the inner part: outbox adds the frame (mail.html) */
    const char *calendar; /* NULL: none */
    const struct lang *lang;
};

/* Composes and stores it. False when a mail with that key was written before: nothing is done. */
bool outbox_add(struct work *work, const struct outbox_mail *mail);

/* Places to write a mail's parts to by templates: text and HTML, in the language of the person. */
struct html *outbox_part(struct work *work, const struct lang *lang);
const char *outbox_part_text(const struct html *part);

/* A mail as it was stored. */
struct outbox_stored {
    const struct outbox_stored *next;
    int64_t id;
    const char *handle;
    const char *to_address; /* in its normal form */
    const char *message;    /* RFC 5322, see mail_parse */
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

/* The id of the newest mail; 0: there is none. */
int64_t outbox_last_id(struct work *work);
