/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Random walks: guests, an organiser and the clock do what they like, in any order, and after each
 * step everything still adds up. A life is one fresh install with four campaigns, lived for a list
 * of steps; the same list gives the same life. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct mem;
struct story;

enum { GUESTS = 8, CAMPAIGNS = 4, STEP_NUMBERS = 3 };

/* What somebody does: a row of the table in steps.c, and three numbers for it to choose by. The
 * second one is the campaign. */
struct step {
    int what;
    int n[STEP_NUMBERS];
};

/* A life so far. */
struct walk {
    struct story *story;
    const char *links[GUESTS][CAMPAIGNS]; /* to a sign-up, from a mail; NULL: none came so far */
    const char *states[CAMPAIGNS];        /* as they were after the last step */
    bool jobs_ran;                        /* with the last step: everything due is done */
};

extern const char *const campaign_slugs[CAMPAIGNS];
extern const char *const campaign_titles[CAMPAIGNS];
const char *guest_email(struct mem *mem, int guest);

/* Steps (steps.c). */
void walk_begin(struct walk *walk); /* makes the campaigns */
struct step step_make(uint64_t (*next)(void *), void *random);
/* What is never chosen: it breaks something, so that a walk can show that it would see. */
struct step step_planted(void);
/* Does it; the HTTP status, or 0 where nobody was asked. Whatever is refused is refused: only what
 * answers 5xx is wrong, and that ends the process. */
int step_take(struct walk *walk, const struct step *step);
const char *step_words(struct mem *mem, const struct step *step);

/* What must hold after each step, and at the end (holds.c). NULL: all of it does; else what does
 * not. */
const char *walk_holds(struct walk *walk);
const char *walk_held(struct walk *walk);
