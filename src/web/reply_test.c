/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The headers that every answer carries, cookies, and the language of a page. */
#include "web/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "sys/html.h"
#include "web/page.h"
#include "web/view.h"
#include "web/web_fixture.h"

static const struct refusal *page_handle(struct request *rq)
{
    struct html *h = page_begin(rq, &(struct page){.title = "Page"});
    html_text_string(h, request_cookie(rq, "seen"));
    page_end(rq, h, 200);
    return NULL;
}

static const struct refusal *fault_handle(struct request *rq)
{
    tx_do(rq->work.tx, "SELEC");
    return page_handle(rq);
}

static const struct refusal *post_handle(struct request *rq)
{
    reply_see_other(rq, "/page");
    reply_cookie(rq, "seen", "yes", 60);
    return NULL;
}

static const struct refusal *fixed_handle(struct request *rq)
{
    reply_text(rq, 200, "text/plain", "fixed");
    http_reply_header(&rq->reply, "Cache-Control", "public, max-age=60");
    return NULL;
}

static const char *live_state(struct work *work, int64_t object_id)
{
    return mem_printf(work->mem, "{\"id\":%d}", (int)object_id);
}

static const struct refusal *live_handle(struct request *rq)
{
    reply_live(rq, OBJECT_CAMPAIGN, 7, live_state);
    return NULL;
}

static const struct view long_view = {
    .name = "long",
    .fields = (const struct view_field[]){{"text", VIEW_TEXT, 0}, {.name = NULL}},
};

static const struct refusal *long_handle(struct request *rq)
{
    char *text = mem_alloc(rq->work.mem, REPLY_BYTES_MAX + 1);
    const char *shown = memset(text, 'x', REPLY_BYTES_MAX);
    reply_json(rq, &long_view, &shown);
    return NULL;
}

static const struct route routes[] = {
    {"GET", "/page", ACCESS_ANYONE, .queries = {{"q", QUERY_WORDS}, {"after", QUERY_KEY}},
     .handle = page_handle},
    {"GET", "/secret/:token", ACCESS_LINK, .flags = ROUTE_SECRET_PATH, .handle = page_handle},
    {"GET", "/never", ACCESS_ANYONE, .flags = ROUTE_NO_STORE, .handle = page_handle},
    {"GET", "/framed", ACCESS_ANYONE, .flags = ROUTE_FRAMED, .handle = page_handle},
    {"GET", "/frames", ACCESS_ANYONE, .flags = ROUTE_FRAMES, .handle = page_handle},
    {"GET", "/fault", ACCESS_ANYONE, .handle = fault_handle},
    {"GET", "/fixed", ACCESS_ANYONE, .handle = fixed_handle},
    {"GET", "/long", ACCESS_ANYONE, .handle = long_handle, .json = &long_view},
    {"GET", "/live", ACCESS_ANYONE, .flags = ROUTE_NO_STORE, .handle = live_handle},
    {"POST", "/post", ACCESS_ANYONE, .handle = post_handle},
    {.method = NULL},
};
static const struct feature test_feature = {.name = "test", .routes = routes};
static const struct feature *const features[] = {&test_feature, NULL};

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
    if (!str_equal(reply_header_get(reply, name), value))
        fail_msg("%s is \"%s\"", name, reply_header_get(reply, name));
}

static void every_answer_carries_the_security_headers(void **state)
{
    static const struct {
        const char *method;
        const char *target;
        int status;
    } rows[] = {{"GET", "/page", 200},   {"HEAD", "/page", 200},    {"GET", "/nowhere", 404},
                {"POST", "/page", 405},  {"GET", "/page?q=%", 400}, {"GET", "/fault", 503},
                {"POST", "/post", 303},  {"GET", "/fixed", 200},    {"GET", "/secret/a", 200},
                {"GET", "/framed", 200}, {"GET", "/frames", 200}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct http_reply reply = web_send(*state, rows[i].method, rows[i].target, NULL, NULL);
        assert_int_equal(reply.status, rows[i].status);
        assert_header(&reply, "X-Content-Type-Options", "nosniff");
        assert_header(&reply, "Referrer-Policy", "same-origin");
        assert_header(&reply, "Cross-Origin-Opener-Policy", "same-origin");
        assert_header(&reply, "Cross-Origin-Resource-Policy", "same-origin");
        assert_header(&reply, "Strict-Transport-Security", "");
        assert_true(str_starts(reply_header_get(&reply, "Content-Security-Policy"),
                               "default-src 'none'; "));
        assert_true(*reply_header_get(&reply, "Cache-Control"));
    }
}

static void json_that_is_too_long_is_a_fault(void **state)
{
    const struct http_reply reply = web_send(
        *state, "GET", "/long", (const char *const[]){"Accept: application/json", NULL}, NULL);
    assert_int_equal(reply.status, 503);
    assert_true(reply_says(&reply, "\"code\":\"fault\""));
}

static void the_policy_of_pages_lets_no_one_frame_them_nor_run_what_is_inline(void **state)
{
    struct http_reply reply = web_get(*state, "/page");
    const char *policy = reply_header_get(&reply, "Content-Security-Policy");
    assert_string_equal(policy, "default-src 'none'; script-src 'self'; style-src 'self'; "
                                "img-src 'self'; font-src 'self'; connect-src 'self'; "
                                "form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    struct http_reply missing = web_get(*state, "/nowhere");
    assert_header(&missing, "Content-Security-Policy", policy);
    assert_null(strstr(policy, "unsafe"));
}

static void what_is_framed_runs_nothing_and_stays_on_this_site(void **state)
{
    struct http_reply framed = web_get(*state, "/framed");
    struct http_reply frames = web_get(*state, "/frames");
    assert_header(
        &framed, "Content-Security-Policy",
        "default-src 'none'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox");
    const char *policy = reply_header_get(&frames, "Content-Security-Policy");
    assert_non_null(strstr(policy, "frame-src 'self'; frame-ancestors 'none'"));
}

static void what_differs_by_reader_says_so(void **state)
{
    struct http_reply reply = web_get(*state, "/page");
    assert_header(&reply, "Vary", "Accept, Accept-Language, Accept-Encoding, Cookie");
    assert_header(&reply, "Cache-Control", "no-cache");
    struct http_reply fixed = web_get(*state, "/fixed");
    assert_header(&fixed, "Cache-Control", "public, max-age=60");
}

static void what_is_secret_is_never_stored(void **state)
{
    static const char *const targets[] = {"/secret/a", "/never", "/secret/a?q=%", "/fault"};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct http_reply reply = web_get(*state, targets[i]);
        assert_header(&reply, "Cache-Control", "no-store");
    }
}

static void what_is_secret_is_not_indexed(void **state)
{
    static const char *const targets[] = {"/secret/a", "/never"};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct http_reply kept_back = web_get(*state, targets[i]);
        assert_header(&kept_back, "X-Robots-Tag", "noindex");
        assert_true(reply_says(&kept_back, "<meta name=\"robots\" content=\"noindex\">"));
        assert_false(reply_says(&kept_back, "rel=\"canonical\""));
    }
    struct http_reply missing = web_get(*state, "/nowhere");
    assert_header(&missing, "X-Robots-Tag", "all");
    struct http_reply reply = web_get(*state, "/page");
    assert_header(&reply, "X-Robots-Tag", "all");
    assert_true(reply_says(&reply, "<link rel=\"canonical\" href=\"http://127.0.0.1:8080/page\">"));
}

static void head_has_the_headers_of_get(void **state)
{
    static const char *const targets[] = {"/page",  "/secret/a", "/nowhere",
                                          "/fixed", "/live",     "/page?lang=en"};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct http_reply get = web_send(*state, "GET", targets[i], NULL, NULL);
        struct http_reply head = web_send(*state, "HEAD", targets[i], NULL, NULL);
        assert_int_equal(get.status, head.status);
        assert_int_equal(get.headers_count, head.headers_count);
        for (int n = 0; n < get.headers_count; n++)
            assert_header(&head, get.headers[n].name, get.headers[n].value);
    }
}

static void https_is_to_stay(void **state)
{
    struct web *web = *state;
    web->config.base_url = "https://essaim.example";
    struct http_reply reply = web_get(web, "/page");
    assert_header(&reply, "Strict-Transport-Security", "max-age=31536000");
}

/* Cookies. */

static void a_cookie_is_for_this_site_alone(void **state)
{
    struct web *web = *state;
    struct http_reply reply = web_post(web, "/post", "");
    assert_header(&reply, "Set-Cookie", "seen=yes; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
    web->config.base_url = "https://essaim.example";
    reply = web_post(web, "/post", "");
    assert_header(&reply, "Set-Cookie",
                  "__Host-seen=yes; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
}

/* The value of the cookie `seen`, as the page shows it. */
static bool sees(struct web *web, const char *cookies, const char *value)
{
    const char *const lines[] = {mem_printf(web->mem, "Cookie: %s", cookies), NULL};
    struct http_reply reply = web_send(web, "GET", "/page", lines, NULL);
    return reply_says(&reply, mem_printf(web->mem, "<main id=\"content\">\n%s\n</main>", value));
}

static void a_cookie_is_found_among_others(void **state)
{
    assert_true(sees(*state, "seen=yes", "yes"));
    assert_true(sees(*state, "a=1; seen=yes; b=2", "yes"));
    assert_true(sees(*state, "a=1;seen=y=s", "y=s"));
    assert_true(sees(*state, "unseen=1; seenn=2; seen=3", "3"));
    assert_true(sees(*state, "seen=first; seen=second", "first"));
    assert_true(sees(*state, "seen; seen =1; xseen=2", ""));
    assert_true(sees(*state, "", ""));
}

static void over_https_only_the_cookie_of_this_host_counts(void **state)
{
    struct web *web = *state;
    web->config.base_url = "https://essaim.example";
    assert_true(sees(web, "seen=forged; __Host-seen=own", "own"));
    assert_true(sees(web, "seen=forged", ""));
}

/* Language: the address, the cookie, the browser, the community. */

static const char *lang_with(struct web *web, const char *target, const char *const lines[])
{
    struct http_reply reply = web_send(web, "GET", target, lines, NULL);
    return reply_says(&reply, "<html lang=\"en\">") ? "en" : "fr";
}

static void the_language_is_that_of_the_address_the_cookie_the_browser_the_community(void **state)
{
    static const struct {
        const char *target;
        const char *lines[3];
        const char *lang;
    } rows[] = {
        {"/page", {NULL}, "fr"},
        {"/page", {"Accept-Language: en-GB,fr;q=0.5"}, "en"},
        {"/page", {"Accept-Language: de"}, "fr"},
        {"/page", {"Accept-Language: en", "Cookie: lang=fr"}, "fr"},
        {"/page", {"Accept-Language: en", "Cookie: lang=de"}, "en"},
        {"/page", {"Cookie: lang=en"}, "en"},
        {"/page?lang=fr", {"Accept-Language: en", "Cookie: lang=en"}, "fr"},
        {"/page?lang=en", {"Cookie: lang=fr"}, "en"},
        {"/page?lang=de", {"Cookie: lang=en"}, "en"},
        {"/page?lang=", {"Accept-Language: en"}, "en"},
        {"/nowhere?lang=en", {NULL}, "en"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(lang_with(*state, rows[i].target, rows[i].lines), rows[i].lang);
}

static const char *cookie_set(struct web *web, const char *target, const char *const lines[])
{
    struct http_reply reply = web_send(web, "GET", target, lines, NULL);
    return reply_header_get(&reply, "Set-Cookie");
}

static void a_link_to_a_language_is_remembered(void **state)
{
    static const char english[] = "lang=en; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax";
    assert_string_equal(cookie_set(*state, "/page?lang=en", NULL), english);
    assert_string_equal(cookie_set(*state, "/page?lang=EN", NULL), english);
    assert_string_equal(
        cookie_set(*state, "/page?lang=en", (const char *const[]){"Cookie: lang=fr", NULL}),
        english);
    assert_string_equal(cookie_set(*state, "/nowhere?lang=en", NULL), english);
}

static void what_is_known_or_no_language_is_not_remembered(void **state)
{
    static const char *const has[] = {"Cookie: lang=en", NULL};
    static const char *const json[] = {"Accept: application/json", NULL};
    assert_string_equal(cookie_set(*state, "/page", NULL), "");
    assert_string_equal(cookie_set(*state, "/page?lang=en", has), "");
    assert_string_equal(cookie_set(*state, "/page?lang=de", NULL), "");
    assert_string_equal(cookie_set(*state, "/page?lang=en", json), "");
    assert_string_equal(cookie_set(*state, "/fault?lang=en", NULL), "");
    struct http_reply post = web_post(*state, "/page?lang=en", "");
    assert_header(&post, "Set-Cookie", "");
}

static void the_switch_leads_to_this_page_in_the_other_language(void **state)
{
    struct http_reply reply = web_get(*state, "/page");
    assert_true(reply_says(&reply, "href=\"/page?lang=en\" lang=\"en\" hreflang=\"en\">English"));
    reply = web_get(*state, "/page?lang=en");
    assert_true(reply_says(&reply, "href=\"/page?lang=fr\" lang=\"fr\" hreflang=\"fr\">Français"));
}

static void the_switch_keeps_what_the_page_reads_of_its_address(void **state)
{
    struct http_reply reply = web_get(*state, "/page?q=a%20%26%22&other=1&lang=fr&after=5");
    assert_true(reply_says(&reply, "href=\"/page?lang=en&amp;q=a%20%26%22&amp;after=5\""));
}

static void the_other_languages_are_told_to_search_engines(void **state)
{
    struct http_reply reply = web_get(*state, "/page");
    assert_true(reply_says(&reply, "hreflang=\"fr\" href=\"http://127.0.0.1:8080/page?lang=fr\""));
    assert_true(reply_says(&reply, "hreflang=\"en\" href=\"http://127.0.0.1:8080/page?lang=en\""));
}

static void a_stream_begins_with_the_present_state(void **state)
{
    struct http_reply reply = web_get(*state, "/live");
    assert_header(&reply, "Content-Type", "text/event-stream");
    assert_string_equal(reply.body, "event: progress\ndata: {\"id\":7}\n\n");
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(every_answer_carries_the_security_headers),
        FRESH(json_that_is_too_long_is_a_fault),
        FRESH(the_policy_of_pages_lets_no_one_frame_them_nor_run_what_is_inline),
        FRESH(what_is_framed_runs_nothing_and_stays_on_this_site),
        FRESH(what_differs_by_reader_says_so),
        FRESH(what_is_secret_is_never_stored),
        FRESH(what_is_secret_is_not_indexed),
        FRESH(head_has_the_headers_of_get),
        FRESH(https_is_to_stay),
        FRESH(a_cookie_is_for_this_site_alone),
        FRESH(a_cookie_is_found_among_others),
        FRESH(over_https_only_the_cookie_of_this_host_counts),
        FRESH(the_language_is_that_of_the_address_the_cookie_the_browser_the_community),
        FRESH(a_link_to_a_language_is_remembered),
        FRESH(what_is_known_or_no_language_is_not_remembered),
        FRESH(the_switch_leads_to_this_page_in_the_other_language),
        FRESH(the_switch_keeps_what_the_page_reads_of_its_address),
        FRESH(the_other_languages_are_told_to_search_engines),
        FRESH(a_stream_begins_with_the_present_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
