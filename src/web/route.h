/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Routes are rows of const tables. */
#pragma once
#include <stdbool.h>

#include "base/limits.h"
#include "web/rate.h"

struct form;
struct mem;
struct refusal;
struct request;
struct view;

/* Who may. There is no default: a route without it does not start. */
enum access {
    ACCESS_UNSTATED,
    ACCESS_ANYONE,
    ACCESS_LINK, /* whoever holds the secret in the path: the handler looks it up, and answers not
                    found otherwise */
    /* Signed out, one is sent to sign in; signed in without the right, there is nothing here. */
    ACCESS_SIGNED_IN,
    ACCESS_ORGANISER, /* of the campaign whose slug is the path's first parameter; facilitators and
                         administrators of its community too */
    ACCESS_FACILITATOR,
    ACCESS_ADMINISTRATOR,
    ACCESS_LOOPBACK, /* straight from this machine, through no proxy: the mailbox, metrics */
};

enum route_flag {
    ROUTE_SECRET_PATH = 1,   /* as ROUTE_NO_STORE; its path is never logged */
    ROUTE_NO_STORE = 2,      /* kept neither by caches nor by search engines */
    ROUTE_FROM_ANYWHERE = 4, /* no cross-site rule */
    ROUTE_URGENT = 8,        /* a POST that goes before the bulk: confirming, signing in */
    ROUTE_FRAMED = 16,       /* shown in a frame of this site's own pages: a mail's HTML */
    ROUTE_FRAMES = 32,       /* shows such a frame */
    ROUTE_NO_DATABASE = 64,  /* answered without a transaction: assets */
    ROUTE_ADDS_ERRORS = 128, /* the handler runs though fields are wrong: it adds what only it can
                                see, so that people learn of everything at once, and refuses */
    ROUTE_CACHED = 512,      /* the same page for every visitor: kept in the page cache, and tagged.
                                Its handler reads no cookie, and notes all that it reads */
    ROUTE_TAGGED = 256,      /* its answers have an ETag, and who has that one gets 304 */
};

enum { ROUTE_QUERIES_MAX = 6 };

/* What a query field holds. What is none of that counts as missing: a damaged link keeps nobody
 * out. */
enum query_kind {
    QUERY_WORDS,  /* that are looked for */
    QUERY_NAMES,  /* one of those that the page knows, or several by comma */
    QUERY_HANDLE, /* letters, digits, '-' and '_' */
    QUERY_KEY,    /* where a list goes on: `next` of the page before */
    QUERY_PATH,   /* of this site, to go to afterwards */
};

struct query {
    const char *name;
    enum query_kind kind;
};

/* The media type of a route that only leads on to another address. */
#define ROUTE_LEADS_ON ""

/* Answers by one of the reply_ functions and returns NULL; or returns a refusal: whatever it wrote
 * is undone. */
typedef const struct refusal *route_handler(struct request *rq);

struct route {
    const char *method;
    const char *path; /* "/campaigns/:slug": a part with ':' takes one segment */
    enum access access;
    unsigned flags;
    struct query queries[ROUTE_QUERIES_MAX]; /* what the page reads; others are ignored */
    const struct form *form;                 /* of a POST; NULL: none is read */
    enum rate_of rate; /* of a POST: as often from one network; RATE_NONE: see web/rate.h */
    route_handler *handle;
    route_handler *show; /* of a POST with a form: its page again, after a refusal */
    /* What it answers with where JSON is wanted; NULL: with what it gives otherwise. */
    const struct view *json;
    int json_status;  /* of that; 0: 200 */
    const char *type; /* the media type of what is no page; NULL: a page, or after a POST a way */
};

/* All routes of all features, looked up by method and path. */
struct route_table;
struct feature;

/* NULL after one log line: a route states no access, has no handler, or takes what another one
 * takes. */
const struct route_table *route_table_new(struct mem *mem, const struct feature *const *features);

/* What was found for a method and a path. */
struct route_match {
    const struct route *route;           /* NULL: none, or a part of the path is not well encoded */
    const char *params[PATH_PARAMS_MAX]; /* what the `:names` took, percent-decoded */
    /* While there is no route: the methods that this path has, for `Allow`; NULL: it has none. */
    const char *allow;
};

/* Looks a request up; HEAD finds GET's route. Texts are on `mem`. */
struct route_match route_find(const struct route_table *table, struct mem *mem, const char *method,
                              const char *path);

/* A path of that route, its `:names` filled in their order by what `params` holds. */
const char *route_path(struct mem *mem, const struct route *route, const char *const params[]);

/* Who asks must be signed in. */
bool route_wants_login(const struct route *route);
/* Caches and search engines may keep its answers; also where there is no route, NULL. */
bool route_may_be_kept(const struct route *route);

/* Which one that is, see route_at; of NULL, or of a route of elsewhere: how many there are. */
int route_index(const struct route_table *table, const struct route *route);

/* The i-th route, in the order of features; NULL past the last. */
const struct route *route_at(const struct route_table *table, int i);
