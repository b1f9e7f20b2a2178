/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the parts of this folder ask of each other: the stores, and the view that the frame of mails
 * takes. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "core/outbox/outbox.h"
#include "sys/html.h"

struct work;

enum { OUTBOX_HANDLE_CHARS = 20 }; /* 100 bits: also the Message-ID */

struct mail_frame {
    const char *lang; /* "fr" */
    const char *subject;
    const char *community_name;
    const char *site_url;
    const char *site_host;
    const char *settings_url;
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
    bool is_kept; /* never sent: the mailbox shows it */
};

/* False: a mail with that key is there already. */
bool mail_insert(struct work *work, const struct mail_row *mail);
void mail_delete_to(struct work *work, const char *to_address);
const struct outbox_stored *mail_by_handle(struct work *work, const char *handle);
/* Newest first, with ids below `before_id`. */
const struct outbox_stored *mail_list(struct work *work, int64_t before_id, int count);
const struct outbox_stored *mail_list_to(struct work *work, const char *to_address,
                                         int64_t before_id, int count);

/* The handle of an address, made where it is new. */
const char *mail_address_handle(struct work *work, const char *address);
/* NULL: no address has that handle. */
const char *mail_address_by_handle(struct work *work, const char *handle);
/* The addresses that came back from this community's mails, newest first. */
const struct outbox_address *mail_address_list_bounced(struct work *work, int count);
/* NULL: it was never written to. */
const struct outbox_address *mail_address_get(struct work *work, const char *address);
void mail_address_mend(struct work *work, const char *address);
void mail_address_delete(struct work *work, const char *address);

bool mail_choice_is_off(struct work *work, const char *address, enum outbox_kind kind);
void mail_choice_off(struct work *work, const char *address, enum outbox_kind kind);
void mail_choice_on(struct work *work, const char *address, enum outbox_kind kind);
void mail_choice_delete_all(struct work *work, const char *address);
