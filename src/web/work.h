/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What rules and stores need, whoever asked: a request, a job, or the demonstration. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/limits.h"
#include "web/rate.h"

struct app;
struct community;
struct login;
struct mem;
struct tx;

/* Kinds of objects whose changes pages and streams follow. A list of campaigns changes when one
 * comes, goes, or changes its place or its state; what the list shows of it is the campaign's. */
enum object_kind {
    OBJECT_NONE,
    OBJECT_COMMUNITY, /* its settings; 0: which communities there are */
    OBJECT_CAMPAIGNS, /* which ones there are in a community, and in which lists */
    OBJECT_CAMPAIGN,
    OBJECT_MAILBOX,
    OBJECT_KIND_LAST = OBJECT_MAILBOX,
};

struct object {
    enum object_kind kind;
    int64_t id;
};

struct notes {
    int count;
    struct object objects[NOTES_MAX];
    bool over; /* more than fit: counts as "everything" */
};

/* What was read of an object, for who reads it again in the same snapshot. */
enum { WORK_RECALLS_MAX = 4 };
struct recall {
    struct object object;
    const void *value;
};

struct work {
    const struct app *app;
    struct mem *mem; /* the request's, or the job's */
    struct tx *tx;
    int64_t now; /* the product's time, the same throughout */
    const struct community *community;
    const char *client;        /* the network address that asks; NULL: it is not counted */
    const struct login *login; /* who asks, signed in; NULL: a guest, a job, a command */
    struct notes read;         /* objects that the answer depends on */
    struct notes touched;      /* objects that change when this commits */
    struct recall recalls[WORK_RECALLS_MAX];
    enum { RATE_NOT_ASKED, RATE_WITHIN, RATE_BEYOND } rates[RATES]; /* counted once, run it twice */
    int64_t true_until; /* when the answer ends by itself; 0: no such moment is known */
};

/* Notes that the answer depends on this object, or that this object changed. */
void work_reads(struct work *work, enum object_kind kind, int64_t id);
void work_touches(struct work *work, enum object_kind kind, int64_t id);
/* Notes that the answer is another one from `at` on, in seconds: a deadline, a day less. One that
 * has passed says nothing. What a page shows of the time is true to the minute anyway, see
 * web/visitor.h; this is for what changes between two minutes. */
void work_true_until(struct work *work, int64_t at);

/* Keeps what was read of an object, on work->mem, until the end of this read-only transaction;
 * gives it back, or NULL. Where something may be written nothing is kept. Its kind says whose value
 * it is: only one store keeps values of a kind. */
void work_remember(struct work *work, enum object_kind kind, int64_t id, const void *value);
const void *work_recall(const struct work *work, enum object_kind kind, int64_t id);

/* Counts one by who asks, and says whether that is within the limit of their network; asked again,
 * or by the same request that the writer runs again, it says the same. */
bool work_rate(struct work *work, enum rate_of of);
/* Takes it back, see rate_is_of_refused. */
void work_rate_give_back(struct work *work, enum rate_of of);

/* A new id for a row (write transactions only). */
int64_t work_new_id(struct work *work);
/* Random letters for an address or a code that gives nothing away. */
const char *work_new_handle(struct work *work, int chars);
const char *work_new_code(struct work *work);
/* The install's own keyed hash, see crypt_mac. */
const char *work_mac(struct work *work, const char *purpose, const char *text);
/* `path` with the address of the site before it, for mails, QR codes and JSON: the base URL, or
 * that of the community's own host. */
const char *work_url(struct work *work, const char *path);
