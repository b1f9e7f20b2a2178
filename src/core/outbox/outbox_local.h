/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the parts of this folder ask of each other: the store, and the view that the frame of mails
 * takes. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "sys/html.h"

struct outbox_stored;
struct work;

struct mail_frame {
    const char *lang; /* "fr" */
    const char *subject;
    const char *community_name;
    const char *site_url;
    const char *site_host;
    struct safe_html content; /* what the feature's templates made */
};

struct mail_row {
    const char *handle;
    const char *reason;
    const char *unique_key; /* NULL: none */
    const char *to_address; /* in its normal form */
    const char *message;
};

/* False: a mail with that key is there already. */
bool mail_insert(struct work *work, const struct mail_row *mail);
void mail_delete_to(struct work *work, const char *to_address);
const struct outbox_stored *mail_by_handle(struct work *work, const char *handle);
/* Newest first, with ids below `before_id`. */
const struct outbox_stored *mail_list(struct work *work, int64_t before_id, int count);
const struct outbox_stored *mail_list_to(struct work *work, const char *to_address,
                                         int64_t before_id, int count);
