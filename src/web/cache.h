/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The page cache: what visitors were answered, whole, while it is still true, and for a while as it
 * last was, should the database be away. It knows neither requests nor routes (web/visitor.h does):
 * texts as keys, answers, and when they end. From any thread. Why so:
 * docs/decisions/0031-page-cache.md. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cache;
struct commits;
struct http_kept;
struct http_reply;
struct mem;
struct notes;

/* A page that is being made, in the memory of who makes it: others who want it wait meanwhile. */
struct cache_place {
    struct cache_place *next; /* the cache's own */
    const char *key;
    uint64_t hash;
};

/* What a request wants. */
struct cache_wish {
    const char *key; /* all that the answer depends on besides the database and the time */
    bool gzip;       /* it may come compressed */
    int64_t now;
};

/* An answer, and how long it is true: while nothing that it read has a commit after `since` (the
 * last number before its snapshot), and not from `until` on, or `away_until` where nobody can make
 * it anew. */
struct cache_page {
    const struct http_reply *reply; /* copied; with all its headers but those that the cache adds */
    const struct notes *read;
    int64_t since;
    int64_t now;
    int64_t until;
    int64_t away_until; /* not sooner than `until` */
};

/* On `mem`; its pages take `bytes_max` at most, and so many open files. `key` is for its table and
 * for ETags. */
struct cache *cache_new(struct mem *mem, const unsigned char key[16], size_t bytes_max,
                        int files_max);
void cache_free(struct cache *cache);

/* The answer, which the caller then holds (http_kept_give). NULL with `ret_place` true: it is the
 * caller who makes it, and must end that by cache_put or cache_leave; until then `place` and the
 * wish's key stay where they are. NULL and false: the caller makes it for itself alone, since
 * whoever made it for all has not brought it. Waits for who makes it, CACHE_WAIT_MS at most. */
struct http_kept *cache_get(struct cache *cache, const struct commits *commits,
                            const struct cache_wish *wish, struct cache_place *place,
                            bool *ret_place);

/* A place of one's own: nobody waits for it, and others may have one for the same page. It is ended
 * as the other ones are. */
void cache_begin(struct cache *cache, const struct cache_wish *wish, struct cache_place *place);

/* The answer as it last was, for who cannot make it anew since the database is away; the caller
 * then holds it. NULL: there is none, it changed since as far as is known here, or it is too old.
 */
struct http_kept *cache_get_away(struct cache *cache, const struct commits *commits,
                                 const struct cache_wish *wish);

/* Keeps the page at its place, adds its ETag, and gives it back: the caller holds it. NULL: it is
 * too large, or cannot be sent, and the place is left. */
struct http_kept *cache_put(struct cache *cache, struct cache_place *place,
                            const struct cache_page *page);
void cache_leave(struct cache *cache, struct cache_place *place);

/* The ETag of an answer of the cache that `if_none_match` names, in whichever coding; NULL: none.
 */
const char *cache_tag_named(struct mem *mem, const struct http_kept *kept,
                            const char *if_none_match);

/* How it fares. */
struct cache_figures {
    int64_t hits;
    int64_t misses;
    int64_t aways;   /* told while the database was away */
    int64_t waits;   /* for who made the same page; afterwards each was a hit or a miss */
    int64_t dropped; /* to make room */
    int64_t pages;
    int64_t bytes;
};
struct cache_figures cache_figures(struct cache *cache);
