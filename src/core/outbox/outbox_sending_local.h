/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sending, as one thread does it. Times are monotonic: what the product's clock says only decides
 * when a mail is due. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "core/outbox/outbox_local.h"
#include "sys/smtp.h"

struct sending {
    const struct app *app;
    struct mailer *mailer;
    struct mail_claim in_hand; /* handed over, but how it ended is not yet noted; without its texts
                                  (id 0: none) */
    struct smtp_answer answer; /* to that */
    bool is_unsure;            /* the last turn failed, and may yet have taken a mail */
    int64_t next_ms;           /* no mail before then: the rate */
    int64_t away_ends_ms;      /* nor before then, while the server is away */
    int64_t away_pause_ms;     /* 0: it is there */
};

/* Notes how the last mail ended, and sends the next one whose turn it is. False: there was nothing
 * to do. */
bool sending_turn(struct sending *sending);
/* How long nothing can be due but a test, at most `ms_max`. */
int64_t sending_pause_ms(const struct sending *sending, int64_t ms_max);
/* What the process before this one had in hand, unless that may be another's that still lives.
 * False: the database did not take it; try again. */
bool sending_begin(struct sending *sending);
/* Notes how the last mail ended, where it could not be before, and lets others send. */
void sending_end(struct sending *sending);
