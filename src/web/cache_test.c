/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules of the page cache, one by one: what makes a page untrue, who makes it, what is told
 * while nobody can, what is compressed, and what goes when there is no room. That real pages note
 * what they read is seen by every story (tests/story). */
#include "web/cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/str.h"
#include "sys/crypt.h"
#include "sys/http.h"
#include "web/app.h"
#include "web/commits.h"

enum { NOW = 1000, UNTIL = 1060, AWAY_UNTIL = 1600, BODY_BYTES = 2000, ROOM_BYTES = 64 * 1024 };

struct place {
    struct mem *mem;
    struct app app; /* its commits */
    struct cache *cache;
};

static int set_up(void **state)
{
    struct mem *mem = mem_new(64 * 1024 * 1024);
    struct place *place = MEM_NEW(mem, struct place);
    const unsigned char key[16] = "sixteen letters";
    assert_true(crypt_init());
    place->mem = mem;
    place->app.commits = commits_new(mem, 1);
    place->cache = cache_new(mem, key, ROOM_BYTES, 0);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    cache_free(place->cache);
    mem_free(place->mem);
    return 0;
}

/* A text of BODY_BYTES that begins with these words. */
static const char *body_of(struct place *place, const char *words)
{
    char *body = mem_alloc(place->mem, BODY_BYTES + 1);
    memset(body, '.', BODY_BYTES);
    memcpy(body, words, strlen(words));
    return body;
}

static struct http_kept *put(struct place *place, struct cache_place *at, const char *words,
                             const struct work *work, int64_t since)
{
    struct http_reply reply = {
        .status = 200, .body = body_of(place, words), .body_count = BODY_BYTES};
    http_reply_header(&reply, "Content-Type", "text/html");
    const struct cache_page page = {.reply = &reply,
                                    .read = &work->read,
                                    .since = since,
                                    .now = NOW,
                                    .until = UNTIL,
                                    .away_until = AWAY_UNTIL};
    return cache_put(place->cache, at, &page);
}

/* The first word of what is held; it is held no longer. */
static const char *word_of(struct place *place, struct http_kept *kept)
{
    const char *body = http_kept_reply(kept)->body; /* no NUL ends it */
    const char *end = memchr(body, '.', BODY_BYTES);
    const char *word = mem_strndup(place->mem, body, (size_t)(end - body));
    http_kept_give(kept);
    return word;
}

/* What the cache has under that key: the first word of it, "make" for a place, "alone" for none. */
static const char *get_at(struct place *place, const char *key, int64_t now)
{
    struct cache_place at;
    bool has_place;
    const struct cache_wish wish = {.key = key, .now = now};
    struct http_kept *kept = cache_get(place->cache, place->app.commits, &wish, &at, &has_place);
    if (has_place)
        cache_leave(place->cache, &at);
    if (!kept)
        return has_place ? "make" : "alone";
    return word_of(place, kept);
}

/* What it tells then while the database is away; "none". */
static const char *get_away(struct place *place, const char *key, int64_t now)
{
    const struct cache_wish wish = {.key = key, .now = now};
    struct http_kept *kept = cache_get_away(place->cache, place->app.commits, &wish);
    return kept ? word_of(place, kept) : "none";
}

static const char *get(struct place *place, const char *key)
{
    return get_at(place, key, NOW);
}

/* Makes a page that reads campaign 1, since the present number. */
static void make(struct place *place, const char *key, const char *words)
{
    struct cache_place at;
    bool has_place;
    struct work work = {0};
    const struct cache_wish wish = {.key = key, .now = NOW};
    work_reads(&work, OBJECT_CAMPAIGN, 1);
    assert_null(cache_get(place->cache, place->app.commits, &wish, &at, &has_place));
    assert_true(has_place);
    struct http_kept *kept = put(place, &at, words, &work, commits_last(place->app.commits));
    assert_non_null(kept);
    http_kept_give(kept);
}

static void touch(struct place *place, enum object_kind kind, int64_t id)
{
    struct work work = {0};
    work_touches(&work, kind, id);
    commits_publish(&place->app, &work.touched);
}

static void what_is_not_there_is_made_by_who_asks(void **state)
{
    assert_string_equal(get(*state, "a"), "make");
    make(*state, "a", "first");
    assert_string_equal(get(*state, "a"), "first");
    assert_string_equal(get(*state, "b"), "make");
}

static void a_page_ends_when_what_it_read_changes(void **state)
{
    make(*state, "a", "first");
    touch(*state, OBJECT_CAMPAIGN, 1);
    assert_string_equal(get(*state, "a"), "make");
    make(*state, "a", "second");
    assert_string_equal(get(*state, "a"), "second");
}

static void a_change_of_something_else_leaves_it(void **state)
{
    make(*state, "a", "first");
    touch(*state, OBJECT_CAMPAIGN, 2);
    touch(*state, OBJECT_COMMUNITY, 1);
    assert_string_equal(get(*state, "a"), "first");
}

/* The snapshot was older than the commit: what was made from it was never true afterwards. */
static void a_commit_while_it_is_made_ends_it(void **state)
{
    struct place *place = *state;
    struct cache_place at;
    bool has_place;
    struct work work = {0};
    work_reads(&work, OBJECT_CAMPAIGN, 1);
    int64_t since = commits_last(place->app.commits);
    const struct cache_wish wish = {.key = "a", .now = NOW};
    cache_get(place->cache, place->app.commits, &wish, &at, &has_place);
    touch(place, OBJECT_CAMPAIGN, 1);
    http_kept_give(put(place, &at, "late", &work, since));
    assert_string_equal(get(place, "a"), "make");
}

static void a_page_ends_when_its_time_comes(void **state)
{
    make(*state, "a", "first");
    assert_string_equal(get_at(*state, "a", UNTIL - 1), "first");
    assert_string_equal(get_at(*state, "a", UNTIL), "make");
}

static void nothing_is_told_of_a_time_before_it_was_made(void **state)
{
    make(*state, "a", "first");
    assert_string_equal(get_at(*state, "a", NOW - 1), "make");
}

static void after_its_time_a_page_is_told_while_the_database_is_away(void **state)
{
    make(*state, "a", "first");
    assert_string_equal(get_away(*state, "a", NOW), "first");
    assert_string_equal(get_at(*state, "a", UNTIL), "make"); /* and does not drop it */
    assert_string_equal(get_away(*state, "a", AWAY_UNTIL - 1), "first");
    assert_string_equal(get_away(*state, "b", UNTIL), "none");
    assert_int_equal(cache_figures(((struct place *)*state)->cache).aways, 2);
}

static void and_not_for_ever_nor_before_it_was_made(void **state)
{
    make(*state, "a", "first");
    assert_string_equal(get_away(*state, "a", AWAY_UNTIL), "none");
    assert_string_equal(get_away(*state, "a", NOW - 1), "none");
}

static void what_has_changed_is_not_told_then_either(void **state)
{
    make(*state, "a", "first");
    touch(*state, OBJECT_CAMPAIGN, 2);
    assert_string_equal(get_away(*state, "a", UNTIL), "first");
    touch(*state, OBJECT_CAMPAIGN, 1);
    assert_string_equal(get_away(*state, "a", UNTIL), "none");
}

static void what_is_told_then_counts_as_used(void **state)
{
    struct place *place = *state;
    enum { MANY = 40 };
    for (int i = 0; i < MANY; i++) {
        make(place, mem_printf(place->mem, "page-%d", i), "some");
        assert_string_equal(get_away(place, "page-0", UNTIL), "some");
    }
    assert_true(cache_figures(place->cache).dropped > 0);
    assert_string_equal(get_away(place, "page-1", UNTIL), "none");
}

/* Who makes a page for themselves alone holds up nobody, and others may do so at the same time. */
static void for_a_place_of_one_s_own_nobody_waits(void **state)
{
    struct place *place = *state;
    struct cache_place own;
    struct cache_place other;
    struct work work = {0};
    const struct cache_wish wish = {.key = "a", .now = NOW};
    cache_begin(place->cache, &wish, &own);
    cache_begin(place->cache, &wish, &other);
    assert_string_equal(get(place, "a"), "make");
    http_kept_give(put(place, &own, "first", &work, 0));
    assert_string_equal(get(place, "a"), "first");
    http_kept_give(put(place, &other, "second", &work, 0));
    assert_string_equal(get(place, "a"), "second");
    cache_begin(place->cache, &wish, &own);
    cache_leave(place->cache, &own);
    assert_int_equal(cache_figures(place->cache).pages, 1);
    assert_int_equal(cache_figures(place->cache).waits, 0);
}

static void what_is_left_can_be_made_by_the_next(void **state)
{
    assert_string_equal(get(*state, "a"), "make");
    assert_string_equal(get(*state, "a"), "make");
}

/* The compressed form's coding, or "" for the plain one. */
static const char *coding(struct place *place, const char *key)
{
    struct cache_place at;
    bool has_place;
    const struct cache_wish wish = {.key = key, .gzip = true, .now = NOW};
    struct http_kept *kept = cache_get(place->cache, place->app.commits, &wish, &at, &has_place);
    assert_non_null(kept);
    const struct http_reply *reply = http_kept_reply(kept);
    const char *found = "";
    const char *tag = "";
    for (int i = 0; i < reply->headers_count; i++) {
        if (str_equal(reply->headers[i].name, "Content-Encoding"))
            found = "gzip";
        if (str_equal(reply->headers[i].name, "ETag"))
            tag = reply->headers[i].value;
    }
    assert_int_equal(*found != '\0', reply->body_count < BODY_BYTES / 4);
    assert_int_equal(*found != '\0', strstr(tag, "-gzip\"") != NULL);
    http_kept_give(kept);
    return found;
}

static void it_is_compressed_from_its_second_hit_on(void **state)
{
    make(*state, "a", "first");
    assert_string_equal(coding(*state, "a"), "");
    assert_string_equal(coding(*state, "a"), "gzip");
    assert_string_equal(coding(*state, "a"), "gzip");
    assert_string_equal(get(*state, "a"), "first");
}

static void a_page_made_anew_is_compressed_anew(void **state)
{
    make(*state, "a", "first");
    coding(*state, "a");
    coding(*state, "a");
    touch(*state, OBJECT_CAMPAIGN, 1);
    make(*state, "a", "second");
    assert_string_equal(coding(*state, "a"), "");
}

static const char *tag_of(struct place *place, const char *key, const char *if_none_match)
{
    struct cache_place at;
    bool has_place;
    const struct cache_wish wish = {.key = key, .now = NOW};
    struct http_kept *kept = cache_get(place->cache, place->app.commits, &wish, &at, &has_place);
    assert_non_null(kept);
    const struct http_reply *reply = http_kept_reply(kept);
    const char *own = reply->headers[reply->headers_count - 1].value;
    const char *tag = if_none_match ? cache_tag_named(place->mem, kept, if_none_match) : own;
    tag = tag ? mem_strdup(place->mem, tag) : NULL;
    http_kept_give(kept);
    return tag;
}

static void a_tag_is_of_what_the_page_says(void **state)
{
    struct place *place = *state;
    make(place, "a", "first");
    const char *first = tag_of(place, "a", NULL);
    touch(place, OBJECT_CAMPAIGN, 1);
    make(place, "a", "first");
    assert_string_equal(tag_of(place, "a", NULL), first);
    touch(place, OBJECT_CAMPAIGN, 1);
    make(place, "a", "second");
    assert_string_not_equal(tag_of(place, "a", NULL), first);
}

static void a_tag_is_known_in_both_codings_and_among_others(void **state)
{
    struct place *place = *state;
    make(place, "a", "first");
    const char *plain = tag_of(place, "a", NULL);
    const char *gzip = mem_printf(place->mem, "%.17s-gzip\"", plain);
    assert_string_equal(tag_of(place, "a", plain), plain);
    assert_string_equal(tag_of(place, "a", gzip), gzip);
    assert_string_equal(tag_of(place, "a", mem_printf(place->mem, "\"x\", W/%s", plain)), plain);
    assert_null(tag_of(place, "a", "\"0000000000000000\""));
    assert_null(tag_of(place, "a", ""));
}

static void the_least_recently_used_make_room(void **state)
{
    struct place *place = *state;
    enum { MANY = 40 };
    for (int i = 0; i < MANY; i++) {
        make(place, mem_printf(place->mem, "page-%d", i), "some");
        assert_string_equal(get(place, "page-0"), "some"); /* it stays, being used */
    }
    struct cache_figures figures = cache_figures(place->cache);
    assert_true(figures.bytes <= ROOM_BYTES);
    assert_true(figures.dropped > 0);
    assert_int_equal(figures.pages + figures.dropped, MANY);
    assert_string_equal(get(place, "page-1"), "make");
    assert_string_equal(get(place, "page-39"), "some");
}

static void a_page_that_is_a_great_part_of_all_is_not_kept(void **state)
{
    struct place *place = *state;
    struct cache_place at;
    bool has_place;
    const struct cache_wish wish = {.key = "a", .now = NOW};
    struct work work = {0};
    struct http_reply reply = {
        .status = 200, .body = mem_alloc(place->mem, ROOM_BYTES), .body_count = ROOM_BYTES};
    const struct cache_page page = {
        .reply = &reply, .read = &work.read, .now = NOW, .until = UNTIL};
    cache_get(place->cache, place->app.commits, &wish, &at, &has_place);
    assert_null(cache_put(place->cache, &at, &page));
    assert_int_equal(cache_figures(place->cache).bytes, 0);
    assert_string_equal(get(place, "a"), "make");
}

static void what_somebody_holds_outlives_the_page(void **state)
{
    struct place *place = *state;
    struct cache_place at;
    bool has_place;
    make(place, "a", "first");
    const struct cache_wish wish = {.key = "a", .now = NOW};
    struct http_kept *held = cache_get(place->cache, place->app.commits, &wish, &at, &has_place);
    touch(place, OBJECT_CAMPAIGN, 1);
    make(place, "a", "second");
    assert_memory_equal(http_kept_reply(held)->body, "first", 5);
    http_kept_give(held);
}

static void it_counts_what_it_did(void **state)
{
    struct place *place = *state;
    make(place, "a", "first");
    get(place, "a");
    get(place, "a");
    struct cache_figures figures = cache_figures(place->cache);
    assert_int_equal(figures.hits, 2);
    assert_int_equal(figures.misses, 1);
    assert_int_equal(figures.pages, 1);
    assert_true(figures.bytes > BODY_BYTES);
}

/* One of many who want the same at once. */
static void *want(void *context)
{
    struct place *place = context;
    struct cache_place at;
    bool has_place;
    const struct cache_wish wish = {.key = "a", .now = NOW};
    struct http_kept *kept = cache_get(place->cache, place->app.commits, &wish, &at, &has_place);
    bool is_it = kept && memcmp(http_kept_reply(kept)->body, "first", 5) == 0;
    http_kept_give(kept);
    return is_it ? place : NULL;
}

static void until_waiting(struct place *place, int64_t count)
{
    while (cache_figures(place->cache).waits < count)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

static void many_who_want_one_page_wait_for_who_makes_it(void **state)
{
    enum { MANY = 8 };
    struct place *place = *state;
    struct cache_place at;
    bool has_place;
    struct work work = {0};
    pthread_t threads[MANY];
    const struct cache_wish wish = {.key = "a", .now = NOW};
    assert_null(cache_get(place->cache, place->app.commits, &wish, &at, &has_place));
    for (int i = 0; i < MANY; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, want, place), 0);
    until_waiting(place, MANY);
    http_kept_give(put(place, &at, "first", &work, 0));
    for (int i = 0; i < MANY; i++) {
        void *got;
        pthread_join(threads[i], &got);
        assert_ptr_equal(got, place);
    }
    assert_int_equal(cache_figures(place->cache).misses, 1);
}

static void *want_alone(void *context)
{
    return (void *)(uintptr_t)get(context, "a");
}

/* Nobody waits twice, and what could not be made for all is made by each. */
static void when_the_maker_leaves_who_waited_makes_it_alone(void **state)
{
    struct place *place = *state;
    struct cache_place at;
    bool has_place;
    pthread_t thread;
    void *got;
    const struct cache_wish wish = {.key = "a", .now = NOW};
    cache_get(place->cache, place->app.commits, &wish, &at, &has_place);
    assert_int_equal(pthread_create(&thread, NULL, want_alone, place), 0);
    until_waiting(place, 1);
    cache_leave(place->cache, &at);
    pthread_join(thread, &got);
    assert_string_equal(got, "alone");
}

static void nobody_waits_for_ever(void **state)
{
    struct place *place = *state;
    struct cache_place at;
    bool has_place;
    const struct cache_wish wish = {.key = "a", .now = NOW};
    cache_get(place->cache, place->app.commits, &wish, &at, &has_place);
    assert_string_equal(get(place, "a"), "alone");
    cache_leave(place->cache, &at);
}

#define test_of(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_of(what_is_not_there_is_made_by_who_asks),
        test_of(a_page_ends_when_what_it_read_changes),
        test_of(a_change_of_something_else_leaves_it),
        test_of(a_commit_while_it_is_made_ends_it),
        test_of(a_page_ends_when_its_time_comes),
        test_of(nothing_is_told_of_a_time_before_it_was_made),
        test_of(after_its_time_a_page_is_told_while_the_database_is_away),
        test_of(and_not_for_ever_nor_before_it_was_made),
        test_of(what_has_changed_is_not_told_then_either),
        test_of(what_is_told_then_counts_as_used),
        test_of(for_a_place_of_one_s_own_nobody_waits),
        test_of(what_is_left_can_be_made_by_the_next),
        test_of(it_is_compressed_from_its_second_hit_on),
        test_of(a_page_made_anew_is_compressed_anew),
        test_of(a_tag_is_of_what_the_page_says),
        test_of(a_tag_is_known_in_both_codings_and_among_others),
        test_of(the_least_recently_used_make_room),
        test_of(a_page_that_is_a_great_part_of_all_is_not_kept),
        test_of(what_somebody_holds_outlives_the_page),
        test_of(it_counts_what_it_did),
        test_of(many_who_want_one_page_wait_for_who_makes_it),
        test_of(when_the_maker_leaves_who_waited_makes_it_alone),
        test_of(nobody_waits_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
