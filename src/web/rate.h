/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How often one network address may do the same thing. In memory alone, and forgotten at each
 * start: it slows down who has a machine do what people do; the limits that must hold are those of
 * each e-mail, which are rows. An IPv6 network is a /64. All limits, also those of an e-mail and of
 * a person: docs/decisions/0029-limits-complete.md. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct mem;
struct random;

enum rate_of {
    RATE_NONE,
    RATE_SIGN_UP, /* beyond, places are held for a shorter time; nobody is refused: a hall is one
                     address */
    RATE_MAIL,    /* what mails to an address that anybody may have typed: sign-in, one's data */
    RATE_CODE,    /* a code of such a mail; only what is refused counts */
    RATE_REPORT,
    RATE_WRITE, /* what begins something new: a campaign, a notice of abuse */
    RATES,
};

struct rates;
/* With a random key, so that nobody can choose addresses that push each other out. */
struct rates *rates_new(struct mem *mem, struct random *random);

/* Counts one at `now_ms` (clock_monotonic_ms) and says whether it is within the limit. `address`
 * NULL or not numeric: it is not counted. By one thread, the writer's. */
bool rate_take(struct rates *rates, enum rate_of of, const char *address, int64_t now_ms);

/* Takes the last one back: of what counts only where it is refused, and was not. */
void rate_give_back(struct rates *rates, enum rate_of of, const char *address, int64_t now_ms);
bool rate_is_of_refused(enum rate_of of);

/* How many are within the limit when none were before. */
int rate_times(enum rate_of of);
/* After which one more is within the limit. */
int rate_pause_seconds(enum rate_of of);
