/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories: the whole program in process, on a fresh database, with a clock that stands still until
 * the story moves it.
 *
 * Before each request really happens, it is sent again and again with its first, second, third …
 * database call failing (and every later one): each time it must answer 503 and leave the database
 * as it was. So every story is also a test of what faults do.
 *
 * Every page that a visitor gets from the cache is made anew as well, and must be the same: when it
 * is asked for, and again whenever something was written, a job ran, or time went by. So every
 * story is also a hunt for pages that are no longer true. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* clang-format off: cmocka wants these first */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include "web/login.h"

struct http_request;
struct json_t;
struct mail_read;
struct mem;
struct program;

/* Saturday 2026-11-21, 09:00 in Paris: when every story begins. */
#define STORY_STARTS_AT ((int64_t)1795248000)

enum { STORY_SEEN_MAX = 6 };

struct story {
    struct program *program;
    struct mem *mem; /* ends with the story */
    const char *folder;
    const char *accept_language; /* "fr" at first */
    const char *cookie;          /* of who is signed in, "login=…"; NULL: nobody is */
    const char *address;         /* of the peer; "127.0.0.1" at first: not counted by limits */
    const char *host;            /* "127.0.0.1:8080" at first */
    bool sweeps;                 /* the fault sweep; true at first */
    int64_t sweep_requests;      /* how many failing requests it sent so far */
    const struct http_request *seen[STORY_SEEN_MAX]; /* pages that the cache may hold */
    int seen_count;
    struct json_t *answers; /* owns the JSON of all answers */
};

/* For cmocka_unit_test_setup_teardown. The teardown also checks that counters add up
 * (program_check). */
int story_setup(void **state);
int story_teardown(void **state);
#define story_test(f) cmocka_unit_test_setup_teardown(f, story_setup, story_teardown)

struct answer {
    int status;
    const char *body;
    const char *type;
    const char *location;      /* of a 303; "" else */
    const char *tag;           /* its ETag; "" for none */
    const char *retry_after;   /* of a 429, in seconds; "" for none */
    const char *cookies;       /* what Set-Cookie set, a line each; "" for none */
    const struct json_t *json; /* of a JSON answer; NULL else */
    const char *fault;         /* what the log would say of a 503; NULL else */
};

/* From now on requests come from that person's browser, who is made where there is none: a member,
 * or whatever else they are already. */
void story_sign_in(struct story *story, const char *email);
void story_sign_in_as(struct story *story, const char *email, enum role role);
void story_sign_out(struct story *story);

struct answer story_get(struct story *story, const char *path);
struct answer story_get_json(struct story *story, const char *path);
/* A form as browsers send it: "first_name=Anne&email=anne%40example.org". */
struct answer story_post(struct story *story, const char *path, const char *form);
struct answer story_post_json(struct story *story, const char *path, const char *json);
/* Any request; headers are "Name: value" lines, NULL-ended. */
struct answer story_send(struct story *story, const char *method, const char *target,
                         const char *const headers[], const char *body);

/* Parts of a JSON answer by a path of names and positions, "progress.people", "items.0.slug". */
int64_t answer_int(struct answer answer, const char *path);
const char *answer_text(struct answer answer, const char *path);
bool answer_is_null(struct answer answer, const char *path);

bool answer_says(struct answer answer, const char *text); /* body contains it */

/* Time passes, and with it what is due is done. */
void story_wait(struct story *story, int64_t seconds);
int64_t story_now(struct story *story);
void story_run_jobs(struct story *story);

/* Mails to an address, from the mailbox: how many, and the latest. */
int story_mail_count(struct story *story, const char *to);
const struct mail_read *story_mail(struct story *story, const char *to);
/* The handle of the newest mail to anybody; NULL: none was written. */
const char *story_newest_mail(struct story *story);
/* How many of them have a subject that contains `words`. */
int story_mail_count_about(struct story *story, const char *to, const char *words);
/* The first address in the latest mail that contains `part`, as a path of this site. */
const char *story_mail_path(struct story *story, const char *to, const char *part);
/* The six digits in it. */
const char *story_mail_code(struct story *story, const char *to);

/* Runs `act` in a write transaction (test data). */
struct work;
void story_write(struct story *story, void (*act)(struct work *work, void *context), void *context);
