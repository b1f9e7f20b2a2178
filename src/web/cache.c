/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A table of pages and a list of them by their last use, under one lock that is held for a look-up
 * and never while anything is made. A page that is no longer true stays until the next one takes
 * its place, or until room is needed: the database may be away meanwhile, and nothing but time have
 * ended it. */
#include "web/cache.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/crypt.h"
#include "sys/gzip.h"
#include "sys/http.h"
#include "web/commits.h"
#include "web/work.h"

enum {
    BUCKETS = 1 << 14,
    PAGE_SHARE = 8,        /* no page takes more than that part of the whole */
    GZIP_FROM_HIT = 2,     /* one that nobody asks for again is not worth the time */
    GZIP_FROM_BYTES = 512, /* below, it saves no packet */
    TAG_CHARS = 16,
};
#define GZIP_TAG_END "-gzip"

/* A page, on a root of its own. */
struct page_kept {
    struct page_kept *next;  /* of its bucket */
    struct page_kept *newer; /* by last use */
    struct page_kept *older;
    struct mem *mem;
    const char *key;
    uint64_t hash;
    struct http_kept *plain;
    struct http_kept *gzip; /* NULL: not yet, or it does not pay */
    bool is_zipped;         /* somebody has it in hand, or had */
    int hits;
    size_t bytes;
    int64_t since;
    int64_t now;
    int64_t until;
    int64_t away_until;
    int objects_count;
    const struct object *objects;
};

struct cache {
    unsigned char key[16];
    size_t bytes_max;
    atomic_int files_left;
    pthread_mutex_t lock;
    pthread_cond_t made; /* a place was left */
    struct cache_place *places;
    struct page_kept *newest;
    struct page_kept *oldest;
    size_t bytes;
    struct cache_figures figures;
    struct page_kept *buckets[BUCKETS];
};

struct cache *cache_new(struct mem *mem, const unsigned char key[16], size_t bytes_max,
                        int files_max)
{
    struct cache *cache = MEM_NEW(mem, struct cache);
    memcpy(cache->key, key, sizeof cache->key);
    cache->bytes_max = bytes_max;
    atomic_init(&cache->files_left, files_max);
    pthread_mutex_init(&cache->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&cache->made, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return cache;
}

static struct page_kept **bucket_of(struct cache *cache, uint64_t hash)
{
    return &cache->buckets[hash % BUCKETS];
}

static struct page_kept *page_find(struct cache *cache, const struct cache_place *sought)
{
    struct page_kept *page = *bucket_of(cache, sought->hash);
    while (page && (page->hash != sought->hash || !str_equal(page->key, sought->key)))
        page = page->next;
    return page;
}

static void used_unlink(struct cache *cache, struct page_kept *page)
{
    *(page->newer ? &page->newer->older : &cache->newest) = page->older;
    *(page->older ? &page->older->newer : &cache->oldest) = page->newer;
}

static void used_put_first(struct cache *cache, struct page_kept *page)
{
    page->newer = NULL;
    page->older = cache->newest;
    *(page->older ? &page->older->newer : &cache->oldest) = page;
    cache->newest = page;
}

static void page_free(struct page_kept *page)
{
    http_kept_give(page->plain);
    http_kept_give(page->gzip);
    mem_free(page->mem);
}

static void page_drop(struct cache *cache, struct page_kept *page)
{
    struct page_kept **at = bucket_of(cache, page->hash);
    while (*at != page)
        at = &(*at)->next;
    *at = page->next;
    used_unlink(cache, page);
    cache->bytes -= page->bytes;
    cache->figures.pages--;
    page_free(page);
}

static bool page_is_true(const struct page_kept *page, const struct commits *commits, int64_t now,
                         int64_t until)
{
    if (now < page->now || now >= until) /* a clock that was set back is no proof either */
        return false;
    for (int i = 0; i < page->objects_count; i++)
        if (commits_of(commits, page->objects[i]) > page->since)
            return false;
    return true;
}

/* The least recently used ones go, but for the one that came last. */
static void make_room(struct cache *cache)
{
    while (cache->bytes > cache->bytes_max && cache->oldest != cache->newest) {
        page_drop(cache, cache->oldest);
        cache->figures.dropped++;
    }
}

void cache_free(struct cache *cache)
{
    if (!cache)
        return;
    assert(!cache->places);
    while (cache->newest)
        page_drop(cache, cache->newest);
    pthread_cond_destroy(&cache->made);
    pthread_mutex_destroy(&cache->lock);
}

/* Somebody makes that page. */
static bool is_being_made(const struct cache *cache, const struct cache_place *sought)
{
    const struct cache_place *place = cache->places;
    while (place && (place->hash != sought->hash || !str_equal(place->key, sought->key)))
        place = place->next;
    return place != NULL;
}

static struct timespec in_ms(int64_t ms)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    int64_t ns = at.tv_nsec + ms % 1000 * 1000000;
    at.tv_sec += ms / 1000 + ns / 1000000000;
    at.tv_nsec = ns % 1000000000;
    return at;
}

/* With the lock held: waits until nobody makes that page any more. False: nobody did. */
static bool wait_for_maker(struct cache *cache, const struct cache_place *sought)
{
    if (!is_being_made(cache, sought))
        return false;
    const struct timespec ends = in_ms(CACHE_WAIT_MS);
    cache->figures.waits++;
    int status = 0;
    while (status == 0 && is_being_made(cache, sought))
        status = pthread_cond_timedwait(&cache->made, &cache->lock, &ends);
    return true;
}

static void place_unlink(struct cache *cache, struct cache_place *place)
{
    struct cache_place **at = &cache->places;
    while (*at && *at != place)
        at = &(*at)->next;
    if (!*at)
        return; /* it was the caller's own */
    *at = place->next;
    pthread_cond_broadcast(&cache->made);
}

static void page_use(struct cache *cache, struct page_kept *page)
{
    used_unlink(cache, page);
    used_put_first(cache, page);
    page->hits++;
}

/* With the lock held: the true page; NULL: there is none. */
static struct page_kept *page_get(struct cache *cache, const struct commits *commits,
                                  const struct cache_place *sought, int64_t now)
{
    struct page_kept *page = page_find(cache, sought);
    if (!page || !page_is_true(page, commits, now, page->until))
        return NULL;
    page_use(cache, page);
    cache->figures.hits++;
    return page;
}

/* With the lock held: somebody has to compress this page, and it is the caller. */
static bool page_wants_gzip(struct page_kept *page)
{
    if (page->is_zipped || page->hits < GZIP_FROM_HIT ||
        http_kept_reply(page->plain)->body_count < GZIP_FROM_BYTES)
        return false;
    page->is_zipped = true;
    return true;
}

static const char *header_of(const struct http_reply *reply, const char *name)
{
    for (int i = 0; i < reply->headers_count; i++)
        if (str_equal(reply->headers[i].name, name))
            return reply->headers[i].value;
    return "";
}

/* The answer's compressed form; NULL: it does not pay. */
static struct http_kept *gzip_of(struct cache *cache, const struct http_kept *plain)
{
    struct http_reply reply = *http_kept_reply(plain);
    struct mem *mem = mem_new_sized(reply.body_count + 64);
    struct http_kept *kept = NULL;
    reply.body = gzip_bytes(mem, reply.body, reply.body_count, &reply.body_count);
    if (reply.body) {
        const char *tag = header_of(&reply, "ETag");
        for (int i = 0; i < reply.headers_count; i++)
            if (reply.headers[i].value == tag)
                reply.headers[i].value =
                    mem_printf(mem, "%.*s" GZIP_TAG_END "\"", TAG_CHARS + 1, tag);
        http_reply_header(&reply, "Content-Encoding", "gzip");
        kept = http_keep(&reply, &cache->files_left);
    }
    mem_free(mem);
    return kept;
}

/* The page may have gone meanwhile, or be another one. */
static void gzip_put(struct cache *cache, const struct cache_place *sought,
                     const struct http_kept *plain, struct http_kept *gzip)
{
    pthread_mutex_lock(&cache->lock);
    struct page_kept *page = page_find(cache, sought);
    if (page && page->plain == plain) {
        page->gzip = http_kept_take(gzip);
        page->bytes += http_kept_bytes(gzip);
        cache->bytes += http_kept_bytes(gzip);
        make_room(cache);
    }
    pthread_mutex_unlock(&cache->lock);
}

/* The compressed form if there can be one, made now. */
static struct http_kept *zip(struct cache *cache, const struct cache_place *sought,
                             struct http_kept *plain)
{
    struct http_kept *gzip = gzip_of(cache, plain);
    if (!gzip)
        return plain;
    gzip_put(cache, sought, plain, gzip);
    http_kept_give(plain);
    return gzip;
}

/* With the lock held: the page in the coding that is wished for, and whether the caller has to
 * compress it first. */
static struct http_kept *page_take(struct page_kept *page, const struct cache_wish *wish,
                                   bool *ret_zips)
{
    *ret_zips = wish->gzip && page_wants_gzip(page);
    return http_kept_take(wish->gzip && page->gzip ? page->gzip : page->plain);
}

void cache_begin(struct cache *cache, const struct cache_wish *wish, struct cache_place *place)
{
    *place = (struct cache_place){
        .key = wish->key, .hash = crypt_short_hash(cache->key, wish->key, strlen(wish->key))};
}

struct http_kept *cache_get(struct cache *cache, const struct commits *commits,
                            const struct cache_wish *wish, struct cache_place *place,
                            bool *ret_place)
{
    struct http_kept *kept = NULL;
    bool zips = false;
    bool has_waited = false;
    *ret_place = false;
    cache_begin(cache, wish, place);
    pthread_mutex_lock(&cache->lock);
    struct page_kept *page = page_get(cache, commits, place, wish->now);
    if (!page && (has_waited = wait_for_maker(cache, place)))
        page = page_get(cache, commits, place, wish->now);
    if (page)
        kept = page_take(page, wish, &zips);
    else
        cache->figures.misses++;
    if (!page && !has_waited) {
        place->next = cache->places;
        cache->places = place;
        *ret_place = true;
    }
    pthread_mutex_unlock(&cache->lock);
    return zips ? zip(cache, place, kept) : kept;
}

struct http_kept *cache_get_away(struct cache *cache, const struct commits *commits,
                                 const struct cache_wish *wish)
{
    struct http_kept *kept = NULL;
    struct cache_place sought;
    bool zips = false;
    cache_begin(cache, wish, &sought);
    pthread_mutex_lock(&cache->lock);
    struct page_kept *page = page_find(cache, &sought);
    if (page && page_is_true(page, commits, wish->now, page->away_until)) {
        page_use(cache, page);
        cache->figures.aways++;
        kept = page_take(page, wish, &zips);
    }
    pthread_mutex_unlock(&cache->lock);
    return zips ? zip(cache, &sought, kept) : kept;
}

/* The answer with its ETag: a hash of the body, so that a page made anew that says the same is the
 * same. */
static struct http_kept *keep_tagged(struct cache *cache, const struct http_reply *from)
{
    struct http_reply reply = *from;
    char tag[TAG_CHARS + 3];
    uint64_t hash = crypt_short_hash(cache->key, reply.body, reply.body_count);
    snprintf(tag, sizeof tag, "\"%016llx\"", (unsigned long long)hash);
    http_reply_header(&reply, "ETag", tag);
    return http_keep(&reply, &cache->files_left);
}

static struct page_kept *page_new(struct cache *cache, const struct cache_place *place,
                                  const struct cache_page *from)
{
    struct http_kept *plain = keep_tagged(cache, from->reply);
    if (!plain)
        return NULL;
    size_t objects_bytes = sizeof(struct object) * (size_t)from->read->count;
    size_t own_bytes = sizeof(struct page_kept) + strlen(place->key) + 1 + objects_bytes;
    struct mem *mem = mem_new_sized(own_bytes);
    struct page_kept *page = MEM_NEW(mem, struct page_kept);
    *page = (struct page_kept){
        .mem = mem,
        .key = mem_strdup(mem, place->key),
        .hash = place->hash,
        .plain = plain,
        .bytes = own_bytes + http_kept_bytes(plain),
        .since = from->since,
        .now = from->now,
        .until = from->until,
        .away_until = from->away_until,
        .objects_count = from->read->count,
        .objects = mem_copy(mem, from->read->objects, objects_bytes),
    };
    return page;
}

struct http_kept *cache_put(struct cache *cache, struct cache_place *place,
                            const struct cache_page *from)
{
    assert(!from->read->over);
    struct page_kept *page = page_new(cache, place, from);
    if (page && page->bytes > cache->bytes_max / PAGE_SHARE) {
        page_free(page);
        page = NULL;
    }
    if (!page) {
        cache_leave(cache, place);
        return NULL;
    }
    struct http_kept *kept = http_kept_take(page->plain);
    pthread_mutex_lock(&cache->lock);
    struct page_kept *before = page_find(cache, place);
    if (before)
        page_drop(cache, before);
    page->next = *bucket_of(cache, page->hash);
    *bucket_of(cache, page->hash) = page;
    used_put_first(cache, page);
    cache->bytes += page->bytes;
    cache->figures.pages++;
    make_room(cache);
    place_unlink(cache, place);
    pthread_mutex_unlock(&cache->lock);
    return kept;
}

void cache_leave(struct cache *cache, struct cache_place *place)
{
    pthread_mutex_lock(&cache->lock);
    place_unlink(cache, place);
    pthread_mutex_unlock(&cache->lock);
}

const char *cache_tag_named(struct mem *mem, const struct http_kept *kept,
                            const char *if_none_match)
{
    const char *tag = header_of(http_kept_reply(kept), "ETag");
    const char *plain = mem_printf(mem, "%.*s\"", TAG_CHARS + 1, tag);
    const char *gzip = mem_printf(mem, "%.*s" GZIP_TAG_END "\"", TAG_CHARS + 1, tag);
    if (strstr(if_none_match, plain))
        return plain;
    return strstr(if_none_match, gzip) ? gzip : NULL;
}

struct cache_figures cache_figures(struct cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    struct cache_figures figures = cache->figures;
    figures.bytes = (int64_t)cache->bytes;
    pthread_mutex_unlock(&cache->lock);
    return figures;
}
