/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tables of what other sites, and what other machines, may not do. */
#include "web/access.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "web/app.h"
#include "web/request.h"

enum { HEADERS = 6 };

static struct http_request request_with(const char *method, const struct http_header *headers)
{
    struct http_request http = {.method = method, .headers = headers, .address = "127.0.0.1"};
    while (http.headers_count < HEADERS && headers[http.headers_count].name)
        http.headers_count++;
    return http;
}

/* One row of a request's headers, and whether it may change something. */
struct origin_row {
    bool passes;
    struct http_header headers[HEADERS];
};

#define HOST                                                                                       \
    {                                                                                              \
        "Host", "essaim.example"                                                                   \
    }
#define INSIDE                                                                                     \
    {                                                                                              \
        "Host", "app:8080"                                                                         \
    }
#define COOKIE                                                                                     \
    {                                                                                              \
        "Cookie", "lang=fr"                                                                        \
    }

static const struct origin_row origin_rows[] = {
    {true, {HOST, {"Sec-Fetch-Site", "same-origin"}}},
    {true, {HOST, {"Sec-Fetch-Site", "none"}}},
    {false, {HOST, {"Sec-Fetch-Site", "same-site"}}},
    {false, {HOST, {"Sec-Fetch-Site", "cross-site"}}},
    {false, {HOST, {"Sec-Fetch-Site", ""}}},
    /* it decides, whatever the others say */
    {true, {HOST, {"sec-fetch-site", "same-origin"}, {"Origin", "https://evil.example"}}},
    {false, {HOST, {"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://essaim.example"}}},
    {true, {HOST, COOKIE, {"Origin", "https://essaim.example"}}},
    {true, {HOST, COOKIE, {"Origin", "http://ESSAIM.example"}}},
    {false, {HOST, {"Origin", "null"}}},
    {false, {HOST, {"Origin", "https://evil.example"}}},
    {false, {HOST, {"Origin", "https://essaim.example.evil.example"}}},
    {false, {HOST, {"Origin", "https://essaim.example:8443"}}},
    {false, {HOST, {"Origin", "https://essaim.example@evil.example"}}},
    {false, {HOST, {"Origin", "https://evil.example/?https://essaim.example"}}},
    {false, {HOST, {"Origin", "ftp://essaim.example"}}},
    {false, {HOST, {"Origin", "https://"}}},
    {false, {HOST, {"Origin", ""}}},
    {false, {{"Origin", "https://essaim.example"}}},
    /* behind a proxy that names us otherwise: the site's own base URL */
    {true, {INSIDE, COOKIE, {"Origin", "https://asso.example:8443"}}},
    {true, {INSIDE, COOKIE, {"Origin", "HTTPS://Asso.example:8443"}}},
    {true, {INSIDE, COOKIE, {"Referer", "https://asso.example:8443/campaigns?q=1"}}},
    {false, {INSIDE, {"Origin", "http://asso.example:8443"}}},
    {false, {INSIDE, {"Origin", "https://asso.example"}}},
    {false, {INSIDE, {"Origin", "https://asso.example:84430"}}},
    {false, {INSIDE, {"Origin", "https://asso.example:8443.evil.example"}}},
    {false, {INSIDE, {"Origin", "https://asso.example:8443@evil.example"}}},
    {false, {INSIDE, {"Origin", "https://evil.example/https://asso.example:8443"}}},
    /* the origin goes before the referer */
    {false, {HOST, {"Referer", "https://essaim.example/a"}, {"Origin", "https://evil.example"}}},
    {true, {HOST, COOKIE, {"Referer", "https://essaim.example/campaigns?q=1"}}},
    {true, {HOST, COOKIE, {"Referer", "https://essaim.example"}}},
    {false, {HOST, {"Referer", "https://evil.example/essaim.example"}}},
    {false, {HOST, {"Referer", "data:text/html,://essaim.example/"}}},
    /* none of the three: a program, unless it carries what a browser would */
    {true, {HOST}},
    {false, {HOST, COOKIE}},
};

static const struct config config = {.base_url = "https://asso.example:8443"};
static const struct app app = {.config = &config};

static const struct refusal *check(const struct http_request *http, const struct route *route)
{
    const struct request rq = {.http = http, .route = route, .work = {.app = &app}};
    return origin_check(&rq);
}

static void what_other_sites_send_is_refused(void **state)
{
    (void)state;
    const struct route route = {.method = "POST", .path = "/"};
    for (size_t i = 0; i < sizeof origin_rows / sizeof *origin_rows; i++) {
        struct http_request http = request_with("POST", origin_rows[i].headers);
        const struct refusal *refusal = check(&http, &route);
        if ((refusal == NULL) != origin_rows[i].passes)
            fail_msg("row %zu: %s", i, refusal ? refusal->name : "passes");
        if (refusal)
            assert_int_equal(refusal->status, 403);
    }
}

static void reading_is_not_looked_at(void **state)
{
    (void)state;
    const struct route route = {.method = "GET", .path = "/"};
    static const struct http_header headers[HEADERS] = {HOST, {"Sec-Fetch-Site", "cross-site"}};
    struct http_request get = request_with("GET", headers);
    struct http_request head = request_with("HEAD", headers);
    struct http_request put = request_with("PUT", headers);
    assert_null(check(&get, &route));
    assert_null(check(&head, &route));
    assert_non_null(check(&put, &route));
}

static void a_route_may_be_used_from_anywhere(void **state)
{
    (void)state;
    const struct route route = {.method = "POST", .path = "/", .flags = ROUTE_FROM_ANYWHERE};
    static const struct http_header headers[HEADERS] = {
        HOST, COOKIE, {"Sec-Fetch-Site", "cross-site"}};
    struct http_request http = request_with("POST", headers);
    assert_null(check(&http, &route));
}

static bool may(enum access access, const char *address, const struct http_header *headers)
{
    const struct route route = {.method = "GET", .path = "/", .access = access};
    struct http_request http = request_with("GET", headers);
    http.address = address;
    const struct request rq = {.http = &http, .route = &route};
    const struct refusal *refusal = access_check(&rq);
    if (refusal)
        assert_ptr_equal(refusal, &refusal_not_found);
    return !refusal;
}

static bool may_from_here(const char *address, const char *host)
{
    const struct http_header headers[HEADERS] = {{"Host", host}};
    return may(ACCESS_LOOPBACK, address, headers);
}

static void this_machine_itself_may(void **state)
{
    (void)state;
    assert_true(may_from_here("127.0.0.1", "127.0.0.1:8080"));
    assert_true(may_from_here("127.0.0.1", "localhost"));
    assert_true(may_from_here("127.8.9.1", "LocalHost:8080"));
    assert_true(may_from_here("::1", "[::1]:8080"));
    assert_true(may_from_here("::1", "[::1]"));
    assert_true(may_from_here("::ffff:127.0.0.1", "localhost:1"));
}

static void other_machines_may_not(void **state)
{
    (void)state;
    static const char *const others[] = {"192.0.2.1", "10.0.0.1",           "128.0.0.1",
                                         "::2",       "::ffff:192.0.2.127", ""};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(may_from_here(others[i], "localhost"));
}

/* A page of another site may let its name point to this machine. */
static void a_name_that_is_not_this_machine_s_may_not(void **state)
{
    (void)state;
    static const char *const hosts[] = {
        "essaim.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.2",
        "[::2]:8080",
        "[::1",
        "localhos",
        "",
        "::1",
        "0.0.0.0",
    };
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        assert_false(may_from_here("127.0.0.1", hosts[i]));
    assert_false(may(ACCESS_LOOPBACK, "127.0.0.1", (const struct http_header[HEADERS]){{0}}));
}

static void what_came_through_a_proxy_may_not(void **state)
{
    (void)state;
    static const char *const added[] = {
        "Forwarded", "forwarded",        "Via",           "X-Forwarded-For", "X-Forwarded-Proto",
        "x-real-ip", "X-Forwarded-Host", "X-Client-IP",   "True-Client-IP",  "CF-Connecting-IP",
        "CF-Ray",    "X-Original-For",   "X-Forwarded-By"};
    for (size_t i = 0; i < sizeof added / sizeof *added; i++) {
        const struct http_header headers[HEADERS] = {{"Host", "localhost"}, {added[i], ""}};
        if (may(ACCESS_LOOPBACK, "127.0.0.1", headers))
            fail_msg("%s is passed over", added[i]);
    }
}

static void everybody_may_use_what_is_open_or_secret(void **state)
{
    (void)state;
    const struct http_header headers[HEADERS] = {{"Host", "essaim.example"}, {"Via", "1.1 a"}};
    assert_true(may(ACCESS_ANYONE, "192.0.2.1", headers));
    assert_true(may(ACCESS_LINK, "192.0.2.1", headers));
}

static void nobody_may_use_what_states_nothing(void **state)
{
    (void)state;
    assert_false(may(ACCESS_UNSTATED, "127.0.0.1",
                     (const struct http_header[HEADERS]){{"Host", "localhost"}}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_other_sites_send_is_refused),
        cmocka_unit_test(reading_is_not_looked_at),
        cmocka_unit_test(a_route_may_be_used_from_anywhere),
        cmocka_unit_test(this_machine_itself_may),
        cmocka_unit_test(other_machines_may_not),
        cmocka_unit_test(a_name_that_is_not_this_machine_s_may_not),
        cmocka_unit_test(what_came_through_a_proxy_may_not),
        cmocka_unit_test(everybody_may_use_what_is_open_or_secret),
        cmocka_unit_test(nobody_may_use_what_states_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
