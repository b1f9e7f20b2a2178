/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whose answers are kept, and for whom: each rule of web/visitor.h by requests in process. */
#include "web/visitor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "web/login.h"
#include "web/reply.h"
#include "web/web_fixture.h"

enum { THING = 7, CACHE_BYTES = 1024 * 1024 };

/* Says how often a handler ran: an answer from the cache says a number of before. */
static void reply_run(struct request *rq)
{
    work_reads(&rq->work, OBJECT_CAMPAIGN, THING);
    reply_text(rq, 200, "text/html",
               mem_printf(rq->work.mem, "run %d of %s in %s", ++web_of(rq)->runs,
                          rq->wants_json ? "json" : "html", lang_code(rq->lang)));
}

static const struct refusal *page_handle(struct request *rq)
{
    request_query(rq, "q");
    reply_run(rq);
    return NULL;
}

static const struct refusal *other_handle(struct request *rq)
{
    reply_run(rq);
    return NULL;
}

static const struct refusal *cookie_handle(struct request *rq)
{
    reply_run(rq);
    reply_cookie(rq, "seen", "yes", 60);
    return NULL;
}

static const struct refusal *gone_handle(struct request *rq)
{
    web_of(rq)->runs++;
    return &refusal_not_found;
}

static const struct refusal *broad_handle(struct request *rq)
{
    for (int i = 0; i <= NOTES_MAX; i++)
        work_reads(&rq->work, OBJECT_CAMPAIGN, i);
    reply_run(rq);
    return NULL;
}

static const struct refusal *brief_handle(struct request *rq)
{
    work_true_until(&rq->work, rq->work.now + 1);
    work_true_until(&rq->work, rq->work.now + 9);
    work_true_until(&rq->work, rq->work.now - 1);
    reply_run(rq);
    return NULL;
}

/* From the second time on its connection ends meanwhile. */
static const struct refusal *lost_handle(struct request *rq)
{
    reply_run(rq);
    if (web_of(rq)->runs > 1)
        tx_one(rq->work.tx, "SELECT pg_terminate_backend(pg_backend_pid())");
    return NULL;
}

static const struct refusal *touch_handle(struct request *rq)
{
    work_touches(&rq->work, OBJECT_CAMPAIGN, THING);
    tx_do(rq->work.tx, "INSERT INTO thing (name) VALUES ('one')");
    reply_see_other(rq, "/page");
    return NULL;
}

static const struct route routes[] = {
    {"GET", "/page", ACCESS_ANYONE, .flags = ROUTE_CACHED, .queries = {{"q", QUERY_WORDS}},
     .handle = page_handle},
    {"GET", "/parts/:part", ACCESS_ANYONE, .flags = ROUTE_CACHED, .handle = other_handle},
    {"GET", "/never", ACCESS_ANYONE, .handle = other_handle},
    {"GET", "/cookie", ACCESS_ANYONE, .flags = ROUTE_CACHED, .handle = cookie_handle},
    {"GET", "/gone", ACCESS_ANYONE, .flags = ROUTE_CACHED, .handle = gone_handle},
    {"GET", "/broad", ACCESS_ANYONE, .flags = ROUTE_CACHED, .handle = broad_handle},
    {"GET", "/brief", ACCESS_ANYONE, .flags = ROUTE_CACHED, .handle = brief_handle},
    {"GET", "/lost", ACCESS_ANYONE, .flags = ROUTE_CACHED, .handle = lost_handle},
    {"POST", "/touch", ACCESS_ANYONE, .handle = touch_handle},
    {0},
};
static const struct feature feature = {.name = "things", .routes = routes};
static const struct feature *const features[] = {&feature, NULL};

static int set_up(void **state)
{
    struct web *web = web_new(features, false);
    web->app.cache = cache_new(web->mem, web->app.key, CACHE_BYTES, 0);
    *state = web;
    return 0;
}

static int tear_down(void **state)
{
    struct web *web = *state;
    cache_free(web->app.cache);
    web_free(web);
    return 0;
}

/* How often handlers ran for one more request. */
static int runs(struct web *web, const char *method, const char *target, const char *line)
{
    int before = web->runs;
    web_send(web, method, target, (const char *const[]){"Accept-Language: fr", line, NULL}, NULL);
    return web->runs - before;
}

static int gets(struct web *web, const char *target)
{
    return runs(web, "GET", target, NULL);
}

static void a_page_is_made_once(void **state)
{
    assert_int_equal(gets(*state, "/page"), 1);
    assert_int_equal(gets(*state, "/page"), 0);
    assert_int_equal(runs(*state, "HEAD", "/page", NULL), 0);
}

static void what_changes_a_thing_ends_the_page(void **state)
{
    gets(*state, "/page");
    web_post(*state, "/touch", "");
    assert_int_equal(gets(*state, "/page"), 1);
    assert_int_equal(gets(*state, "/page"), 0);
}

static void a_route_that_does_not_say_so_is_never_kept(void **state)
{
    gets(*state, "/never");
    assert_int_equal(gets(*state, "/never"), 1);
}

static void each_path_is_a_page(void **state)
{
    gets(*state, "/parts/a");
    assert_int_equal(gets(*state, "/parts/b"), 1);
    assert_int_equal(gets(*state, "/parts/a"), 0);
}

static void declared_fields_make_another_page_and_others_do_not(void **state)
{
    gets(*state, "/page");
    assert_int_equal(gets(*state, "/page?q=haie"), 1);
    assert_int_equal(gets(*state, "/page?q=verger"), 1);
    assert_int_equal(gets(*state, "/page?utm_source=x&q=haie&fbclid=1"), 0);
    assert_int_equal(gets(*state, "/page?utm_source=x"), 0);
}

static void hosts_languages_and_formats_are_apart(void **state)
{
    gets(*state, "/page");
    assert_int_equal(runs(*state, "GET", "/page", "Host: autre.example"), 1);
    assert_int_equal(runs(*state, "GET", "/page", "Accept: application/json"), 1);
    assert_int_equal(runs(*state, "GET", "/page", "Cookie: lang=en"), 1);
    assert_int_equal(runs(*state, "GET", "/page", "Cookie: lang=en"), 0);
    assert_int_equal(runs(*state, "GET", "/page", "Cookie: lang=fr"), 0);
    struct http_reply reply =
        web_send(*state, "GET", "/page", (const char *const[]){"Accept-Language: en", NULL}, NULL);
    assert_string_equal(reply.body, "run 4 of html in en");
}

/* No language that is asked for is the community's own, which only the database knows. */
static void who_asks_for_no_language_is_apart(void **state)
{
    gets(*state, "/page");
    struct web *web = *state;
    int before = web->runs;
    web_send(web, "GET", "/page", NULL, NULL);
    assert_int_equal(web->runs - before, 1);
}

static const struct login *find_login(struct work *work, const char *token)
{
    struct login *login = MEM_NEW(work->mem, struct login);
    login->name = "Nadia";
    return str_equal(token, "right") ? login : NULL;
}

static void who_holds_a_login_gets_a_page_of_their_own(void **state)
{
    struct web *web = *state;
    web->app.find_login = find_login;
    gets(web, "/page");
    assert_int_equal(runs(web, "GET", "/page", "Cookie: other=1; login=right"), 1);
    assert_int_equal(runs(web, "GET", "/page", "Cookie: login=right"), 1);
    assert_int_equal(runs(web, "GET", "/page", "Cookie: login=wrong"), 1);
    assert_int_equal(runs(web, "GET", "/page", "Cookie: other=1"), 0);
    struct http_reply own =
        web_send(web, "GET", "/page", (const char *const[]){"Cookie: login=right", NULL}, NULL);
    assert_string_equal(reply_header_get(&own, "Cache-Control"), "private, no-cache");
    assert_string_equal(reply_header_get(&own, "ETag"), "");
}

static void a_language_that_is_remembered_is_one_person_s(void **state)
{
    gets(*state, "/page");
    assert_int_equal(gets(*state, "/page?lang=fr"), 1);
    assert_int_equal(gets(*state, "/page?lang=fr"), 1);
    assert_int_equal(gets(*state, "/page"), 0);
}

static void what_sets_a_cookie_is_not_kept(void **state)
{
    gets(*state, "/cookie");
    assert_int_equal(gets(*state, "/cookie"), 1);
}

static void a_refusal_is_not_kept(void **state)
{
    gets(*state, "/gone");
    assert_int_equal(gets(*state, "/gone"), 1);
}

static void what_reads_more_than_can_be_noted_is_not_kept(void **state)
{
    gets(*state, "/broad");
    assert_int_equal(gets(*state, "/broad"), 1);
}

static void a_fault_is_not_kept_and_the_next_one_makes_it(void **state)
{
    struct web *web = *state;
    struct db *reader = db_readers_take(web->app.readers);
    struct db_failure failure = {.countdown = 1, .lasting = true};
    db_fail(reader, &failure);
    db_readers_give(web->app.readers, reader);
    assert_int_equal(web_get(web, "/page").status, 503);
    db_fail(reader, NULL);
    assert_int_equal(web_get(web, "/page").status, 200);
}

static void while_the_database_fails_what_is_true_is_told(void **state)
{
    struct web *web = *state;
    web_get(web, "/page");
    struct db *reader = db_readers_take(web->app.readers);
    struct db_failure failure = {.countdown = 1, .lasting = true};
    db_fail(reader, &failure);
    db_readers_give(web->app.readers, reader);
    assert_int_equal(web_get(web, "/page").status, 200);
    assert_int_equal(web_get(web, "/page?q=other").status, 503);
    db_fail(reader, NULL);
}

/* From now on no reader can be had. */
static void lose_database(struct web *web)
{
    db_readers_free(web->app.readers);
    web->app.readers = db_readers_new("/nowhere/essaim.db", 1);
}

/* What /page says after so many seconds; "" with 503 and Retry-After. */
static const char *later(struct web *web, int seconds)
{
    clock_set(web->app.clock, WEB_NOW + seconds);
    struct http_reply reply = web_get(web, "/page");
    assert_string_equal(reply_header_get(&reply, "Retry-After"), reply.status == 503 ? "5" : "");
    assert_true(reply.status == 503 || reply.status == 200);
    return reply.status == 200 ? reply.body : "";
}

#define RUN(n) "run " #n " of html in fr"

static void while_the_database_is_away_a_page_is_told_as_it_last_was(void **state)
{
    struct web *web = *state;
    web_get(web, "/page");
    lose_database(web);
    assert_string_equal(later(web, 0), RUN(1));
    assert_string_equal(later(web, 3), RUN(1));
    assert_string_equal(later(web, CACHE_AWAY_SECONDS_MAX - 1), RUN(1));
    assert_string_equal(later(web, CACHE_AWAY_SECONDS_MAX), "");
}

static void what_changed_is_not_told_then(void **state)
{
    struct web *web = *state;
    web_get(web, "/page");
    web_get(web, "/parts/a");
    web_post(web, "/touch", "");
    web_get(web, "/page");
    lose_database(web);
    assert_string_equal(later(web, 3), RUN(3));
    assert_int_equal(web_get(web, "/parts/a").status, 503);
}

static void nor_what_is_over_at_a_moment_that_it_noted(void **state)
{
    struct web *web = *state;
    web_get(web, "/brief");
    lose_database(web);
    assert_int_equal(web_get(web, "/brief").status, 200);
    clock_set(web->app.clock, WEB_NOW + 1);
    assert_int_equal(web_get(web, "/brief").status, 503);
}

/* Who holds a login may be somebody: nobody knows, then. */
static void only_what_a_visitor_reads_is_told_then(void **state)
{
    struct web *web = *state;
    static const char *const kept[] = {"/page", "/parts/a", NULL};
    static const char *const others[] = {"/never", "/gone", "/page?q=other", "/page?lang=en", NULL};
    for (int i = 0; kept[i]; i++)
        web_get(web, kept[i]);
    web_get(web, "/never");
    web_get(web, "/gone");
    lose_database(web);
    for (int i = 0; kept[i]; i++)
        assert_int_equal(web_get(web, kept[i]).status, 200);
    for (int i = 0; others[i]; i++)
        assert_int_equal(web_get(web, others[i]).status, 503);
    static const char *const login[] = {"Accept: text/html", "Cookie: login=right", NULL};
    assert_int_equal(web_send(web, "GET", "/page", login, NULL).status, 503);
    assert_int_equal(web_send(web, "HEAD", "/page", NULL, NULL).status, 200);
}

static void what_is_told_then_is_kept_no_longer_than_ever(void **state)
{
    struct web *web = *state;
    struct http_reply made = web_get(web, "/page");
    lose_database(web);
    clock_set(web->app.clock, WEB_NOW + 3);
    struct http_reply told = web_get(web, "/page");
    assert_int_equal(made.headers_count, told.headers_count);
    for (int i = 0; i < made.headers_count; i++)
        assert_string_equal(reply_header_get(&told, made.headers[i].name), made.headers[i].value);
    assert_string_equal(reply_header_get(&told, "Cache-Control"), "no-cache");
    const char *line = mem_printf(web->mem, "If-None-Match: %s", reply_header_get(&made, "ETag"));
    const char *const lines[] = {"Accept: text/html", line, NULL};
    assert_int_equal(web_send(web, "GET", "/page", lines, NULL).status, 304);
}

static void who_loses_the_connection_on_the_way_is_told_what_is_kept(void **state)
{
    postgres_only();
    struct web *web = *state;
    web_get(web, "/lost");
    clock_set(web->app.clock, WEB_NOW + 3);
    struct http_reply told = web_get(web, "/lost");
    assert_string_equal(told.body, RUN(1));
    assert_int_equal(web->runs, 2);
    web_post(web, "/touch", "");
    assert_int_equal(web_get(web, "/lost").status, 503);
}

/* The database is there: what went wrong is told. */
static void a_fault_of_the_page_s_own_is_no_reason(void **state)
{
    struct web *web = *state;
    struct db_failure failure = {.countdown = 1, .lasting = true};
    web_get(web, "/page");
    struct db *reader = db_readers_take(web->app.readers);
    db_fail(reader, &failure);
    db_readers_give(web->app.readers, reader);
    assert_string_equal(later(web, 3), "");
    assert_true(failure.reached);
    db_fail(reader, NULL);
    assert_string_equal(later(web, 3), RUN(2));
}

static void who_hears_of_no_commits_makes_each_page_anew(void **state)
{
    struct web *web = *state;
    commits_set_deaf(&web->app, true);
    assert_int_equal(gets(web, "/page"), 1);
    assert_int_equal(gets(web, "/page"), 1);
    commits_set_deaf(&web->app, false);
    assert_int_equal(gets(web, "/page"), 1);
    assert_int_equal(gets(web, "/page"), 0);
}

/* Never an older one than was told before. */
static void and_tells_the_last_one_that_was_made_while_the_database_is_away(void **state)
{
    struct web *web = *state;
    web_get(web, "/page");
    commits_set_deaf(&web->app, true);
    web_get(web, "/page");
    lose_database(web);
    assert_string_equal(later(web, 3), RUN(2));
}

static void or_the_one_of_before_unless_its_own_commits_changed_it(void **state)
{
    struct web *web = *state;
    web_get(web, "/page");
    commits_set_deaf(&web->app, true);
    lose_database(web);
    assert_string_equal(later(web, 3), RUN(1));
    web_post(web, "/touch", "");
    assert_string_equal(later(web, 3), "");
}

static void who_hears_of_commits_again_believes_nothing_of_before(void **state)
{
    struct web *web = *state;
    web_get(web, "/page");
    commits_set_deaf(&web->app, true);
    lose_database(web);
    commits_set_deaf(&web->app, false);
    assert_string_equal(later(web, 0), "");
}

static void without_a_cache_nothing_is_told_then(void **state)
{
    struct web *web = *state;
    struct cache *cache = web->app.cache;
    web->app.cache = NULL;
    web_get(web, "/page");
    lose_database(web);
    assert_string_equal(later(web, 0), "");
    web->app.cache = cache;
}

static void a_page_lasts_to_the_end_of_its_minute(void **state)
{
    struct web *web = *state;
    clock_set(web->app.clock, WEB_NOW - WEB_NOW % 60 + 58);
    gets(web, "/page");
    clock_set(web->app.clock, WEB_NOW - WEB_NOW % 60 + 59);
    assert_int_equal(gets(web, "/page"), 0);
    clock_set(web->app.clock, WEB_NOW - WEB_NOW % 60 + 60);
    assert_int_equal(gets(web, "/page"), 1);
}

/* What another program wrote meanwhile is not known here. */
static void or_two_seconds(void **state)
{
    struct web *web = *state;
    int64_t begins = WEB_NOW - WEB_NOW % 60;
    clock_set(web->app.clock, begins);
    gets(web, "/page");
    clock_set(web->app.clock, begins + 1);
    assert_int_equal(gets(web, "/page"), 0);
    clock_set(web->app.clock, begins + 2);
    assert_int_equal(gets(web, "/page"), 1);
}

static void or_to_the_first_moment_that_it_noted(void **state)
{
    struct web *web = *state;
    int64_t begins = WEB_NOW - WEB_NOW % 60;
    clock_set(web->app.clock, begins);
    gets(web, "/brief");
    assert_int_equal(gets(web, "/brief"), 0);
    clock_set(web->app.clock, begins + 1);
    assert_int_equal(gets(web, "/brief"), 1);
}

static void who_has_it_already_hears_only_so(void **state)
{
    struct web *web = *state;
    struct http_reply first = web_get(web, "/page");
    const char *tag = reply_header_get(&first, "ETag");
    assert_int_equal(first.status, 200);
    assert_true(*tag == '"');
    const char *line = mem_printf(web->mem, "If-None-Match: %s", tag);
    const char *const lines[] = {"Accept: text/html", line, NULL};
    struct http_reply again = web_send(web, "GET", "/page", lines, NULL);
    assert_int_equal(again.status, 304);
    assert_int_equal(again.body_count, 0);
    assert_string_equal(reply_header_get(&again, "ETag"), tag);
    assert_string_equal(reply_header_get(&again, "Cache-Control"), "no-cache");
    assert_string_equal(reply_header_get(&again, "Vary"), reply_header_get(&first, "Vary"));
    assert_string_equal(reply_header_get(&again, "Content-Type"), "");
    web_post(web, "/touch", "");
    assert_int_equal(web_send(web, "GET", "/page", lines, NULL).status, 200);
}

static void the_headers_of_a_page_from_the_cache_are_those_of_one_that_was_made(void **state)
{
    struct http_reply made = web_get(*state, "/page");
    struct http_reply kept = web_get(*state, "/page");
    assert_int_equal(made.headers_count, kept.headers_count);
    for (int i = 0; i < made.headers_count; i++)
        assert_string_equal(reply_header_get(&kept, made.headers[i].name), made.headers[i].value);
    assert_string_equal(reply_header_get(&kept, "Vary"),
                        "Accept, Accept-Language, Accept-Encoding, Cookie");
    assert_string_equal(reply_header_get(&kept, "Cache-Control"), "no-cache");
}

#define test_of(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_of(a_page_is_made_once),
        test_of(what_changes_a_thing_ends_the_page),
        test_of(a_route_that_does_not_say_so_is_never_kept),
        test_of(each_path_is_a_page),
        test_of(declared_fields_make_another_page_and_others_do_not),
        test_of(hosts_languages_and_formats_are_apart),
        test_of(who_asks_for_no_language_is_apart),
        test_of(who_holds_a_login_gets_a_page_of_their_own),
        test_of(a_language_that_is_remembered_is_one_person_s),
        test_of(what_sets_a_cookie_is_not_kept),
        test_of(a_refusal_is_not_kept),
        test_of(what_reads_more_than_can_be_noted_is_not_kept),
        test_of(a_fault_is_not_kept_and_the_next_one_makes_it),
        test_of(while_the_database_fails_what_is_true_is_told),
        test_of(while_the_database_is_away_a_page_is_told_as_it_last_was),
        test_of(what_changed_is_not_told_then),
        test_of(nor_what_is_over_at_a_moment_that_it_noted),
        test_of(only_what_a_visitor_reads_is_told_then),
        test_of(what_is_told_then_is_kept_no_longer_than_ever),
        test_of(who_loses_the_connection_on_the_way_is_told_what_is_kept),
        test_of(a_fault_of_the_page_s_own_is_no_reason),
        test_of(who_hears_of_no_commits_makes_each_page_anew),
        test_of(and_tells_the_last_one_that_was_made_while_the_database_is_away),
        test_of(or_the_one_of_before_unless_its_own_commits_changed_it),
        test_of(who_hears_of_commits_again_believes_nothing_of_before),
        test_of(without_a_cache_nothing_is_told_then),
        test_of(a_page_lasts_to_the_end_of_its_minute),
        test_of(or_two_seconds),
        test_of(or_to_the_first_moment_that_it_noted),
        test_of(who_has_it_already_hears_only_so),
        test_of(the_headers_of_a_page_from_the_cache_are_those_of_one_that_was_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
