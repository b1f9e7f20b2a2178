/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which of the processes on one database sends. One at a time does, so that mails keep their order
 * and the rate is the install's; whoever has mails due takes the place, for as long as one mail may
 * take at most, and leaves it when none is due any more. Where one process alone serves, the place
 * is always its own, and nothing is asked. Each is called in a transaction of the writer's. */
#pragma once
#include <stdbool.h>

struct work;

/* Nobody is in the place: what is said to be in somebody's hand is in nobody's. */
bool sender_place_is_left(struct work *work);
/* What this process has in hand is still its affair: nobody has taken its place. */
bool sender_place_is_ours(struct work *work);
/* This process may send now. Of one that died in its place the mails in hand come again, as
 * decision 7 says. */
bool sender_place_is_open(struct work *work, int unsure_max);
/* Takes the place, or keeps it, from now on for one mail; or leaves it, where it is ours. */
void sender_place_take(struct work *work);
void sender_place_leave(struct work *work);
