/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The frame's own routes: files in the coding that a browser takes, the language form, and what
 * machines ask for. */
#include "web/site.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "web/assets.h"
#include "web/web_fixture.h"

static const struct refusal *home_handle(struct request *rq)
{
    reply_text(rq, 200, "text/plain", "home");
    return NULL;
}

static const struct route routes[] = {
    {"GET", "/", ACCESS_ANYONE, .handle = home_handle},
    {.method = NULL},
};
static const struct feature test_feature = {.name = "test", .routes = routes};
static const struct feature *const features[] = {&site_feature, &test_feature, NULL};

static int set_up(void **state)
{
    *state = web_new(features, false);
    return 0;
}

static int tear_down(void **state)
{
    web_free(*state);
    return 0;
}

static void assert_header(const struct http_reply *reply, const char *name, const char *value)
{
    assert_string_equal(reply_header_get(reply, name), value);
}

/* The coding in which the style sheet comes for that Accept-Encoding; NULL: none is sent. */
static const char *coding_for(struct web *web, const char *accept)
{
    const char *line = accept ? mem_printf(web->mem, "Accept-Encoding: %s", accept) : NULL;
    struct http_reply reply =
        web_send(web, "GET", asset_url("app.css"), (const char *const[]){line, NULL}, NULL);
    assert_int_equal(reply.status, 200);
    assert_header(&reply, "Vary", "Accept-Encoding");
    assert_header(&reply, "Content-Type", "text/css; charset=utf-8");
    const struct asset *asset = asset_by_url(asset_url("app.css"));
    const char *coding = reply_header_get(&reply, "Content-Encoding");
    size_t count = str_equal(coding, "br")     ? asset->brotli_count
                   : str_equal(coding, "gzip") ? asset->gzip_count
                                               : asset->count;
    assert_int_equal(reply.body_count, count);
    return coding;
}

static void a_file_comes_in_the_smallest_coding_that_is_taken(void **state)
{
    static const struct {
        const char *accept;
        const char *coding;
    } rows[] = {
        {NULL, ""},
        {"", ""},
        {"br", "br"},
        {"gzip", "gzip"},
        {"gzip, deflate, br, zstd", "br"},
        {"gzip,br;q=1.0", "br"},
        {"GZIP", "gzip"},
        {"br;q=0, gzip", "gzip"},
        {"br;q=0.000, gzip;q=0.5", "gzip"},
        {"br;q=0.001", "br"},
        {"br ; q=0", ""},
        {"gzip;q=0", ""},
        {"broken, xbr, x-gzip", ""},
        {"identity", ""},
        {" , ,br", "br"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!str_equal(coding_for(*state, rows[i].accept), rows[i].coding))
            fail_msg("%s", rows[i].accept);
}

static void a_file_with_its_hash_never_changes(void **state)
{
    static const char *const names[] = {"app.css", "app.js", "icon.svg"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct http_reply reply = web_get(*state, asset_url(names[i]));
        assert_int_equal(reply.status, 200);
        assert_header(&reply, "Cache-Control", "public, max-age=31536000, immutable");
        assert_header(&reply, "X-Content-Type-Options", "nosniff");
        assert_header(&reply, "Set-Cookie", "");
        struct http_reply asked = web_get(
            *state, mem_printf(((struct web *)*state)->mem, "%s?lang=en", asset_url(names[i])));
        assert_header(&asked, "Set-Cookie", "");
    }
}

static void a_file_that_is_not_there_is_not_found(void **state)
{
    struct http_reply reply = web_get(*state, "/assets/app.00000000.css");
    assert_int_equal(reply.status, 404);
    assert_header(&reply, "Cache-Control", "no-cache");
    assert_int_equal(web_get(*state, "/assets/").status, 404);
    assert_int_equal(web_get(*state, "/assets/..%2Fessaim.db").status, 404);
}

static void the_icon_is_where_browsers_look_for_it(void **state)
{
    struct http_reply reply = web_get(*state, "/favicon.ico");
    assert_int_equal(reply.status, 200);
    assert_header(&reply, "Content-Type", "image/svg+xml");
    assert_header(&reply, "Cache-Control", "public, max-age=86400");
    assert_true(reply_says(&reply, "<svg"));
}

static void robots_are_told_where_not_to_go(void **state)
{
    struct http_reply reply = web_get(*state, "/robots.txt");
    assert_int_equal(reply.status, 200);
    assert_true(reply_says(&reply, "User-agent: *\n"));
    assert_true(reply_says(&reply, "Disallow: /sign-ups/\n"));
}

static void files_need_no_database(void **state)
{
    struct web *web = *state;
    db_readers_free(web->app.readers);
    web->app.readers = db_readers_new("/nowhere/essaim.db", 1);
    assert_int_equal(web_get(web, asset_url("app.css")).status, 200);
    assert_int_equal(web_get(web, "/favicon.ico").status, 200);
    assert_int_equal(web_get(web, "/robots.txt").status, 200);
    assert_int_equal(web_get(web, "/healthz").status, 503);
}

static void health_is_that_of_the_last_commit(void **state)
{
    struct web *web = *state;
    struct http_reply well = web_get(web, "/healthz");
    assert_int_equal(well.status, 200);
    assert_string_equal(well.body, "ok\n");
    assert_header(&well, "Cache-Control", "no-store");
    struct db_failure failure = {.countdown = 1, .lasting = true, .batch = true};
    db_fail(web->db, &failure);
    web_post(web, "/language", "lang=en");
    db_fail(web->db, NULL);
    struct http_reply sick = web_get(web, "/healthz");
    assert_int_equal(sick.status, 503);
    assert_header(&sick, "Retry-After", "5");
}

static void a_language_is_chosen_and_the_page_comes_again(void **state)
{
    struct http_reply reply = web_post(*state, "/language", "lang=en&next=%2Fcampaigns%3Fq%3Da");
    assert_int_equal(reply.status, 303);
    assert_header(&reply, "Location", "/campaigns?q=a");
    assert_header(&reply, "Set-Cookie",
                  "lang=en; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
}

static void choosing_a_language_never_leads_to_another_site(void **state)
{
    struct web *web = *state;
    char *much = mem_alloc(web->mem, LOCAL_PATH_BYTES_MAX + 10);
    memset(much, 'a', LOCAL_PATH_BYTES_MAX + 9);
    const char *const foreign[] = {
        "",           "https%3A%2F%2Fevil.example", "%2F%2Fevil.example",
        "%2F%5Cevil", "%2F%0D%0ASet-Cookie%3A+a",   mem_printf(web->mem, "%%2F%s", much)};
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        struct http_reply reply =
            web_post(web, "/language", mem_printf(web->mem, "lang=fr&next=%s", foreign[i]));
        assert_int_equal(reply.status, 303);
        assert_header(&reply, "Location", "/");
    }
}

static void a_language_that_is_not_there_is_refused(void **state)
{
    static const char *const bodies[] = {"lang=de", "lang=", "next=%2F", "lang=%22%3E"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct http_reply reply = web_post(*state, "/language", bodies[i]);
        assert_int_equal(reply.status, 422);
        assert_header(&reply, "Set-Cookie", "");
    }
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(a_file_comes_in_the_smallest_coding_that_is_taken),
        FRESH(a_file_with_its_hash_never_changes),
        FRESH(a_file_that_is_not_there_is_not_found),
        FRESH(the_icon_is_where_browsers_look_for_it),
        FRESH(robots_are_told_where_not_to_go),
        FRESH(files_need_no_database),
        FRESH(health_is_that_of_the_last_commit),
        FRESH(a_language_is_chosen_and_the_page_comes_again),
        FRESH(choosing_a_language_never_leads_to_another_site),
        FRESH(a_language_that_is_not_there_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
