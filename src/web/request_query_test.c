/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which part of a query is read, and what others may add to a link without any harm. */
#include "web/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "web/web_fixture.h"

static const struct refusal *query_handle(struct request *rq)
{
    reply_text(rq, 200, "text/plain", mem_strdup(rq->work.mem, request_query(rq, "q")));
    return NULL;
}

static const struct refusal *plain_handle(struct request *rq)
{
    reply_text(rq, 200, "text/plain", "");
    return NULL;
}

static const struct route routes[] = {
    {"GET", "/query", ACCESS_ANYONE, .queries = {{"q", QUERY_WORDS}}, .handle = query_handle},
    {"GET", "/handle", ACCESS_ANYONE, .queries = {{"q", QUERY_HANDLE}}, .handle = query_handle},
    {"GET", "/names", ACCESS_ANYONE, .queries = {{"q", QUERY_NAMES}}, .handle = query_handle},
    {"GET", "/key", ACCESS_ANYONE, .queries = {{"q", QUERY_KEY}}, .handle = query_handle},
    {"GET", "/path", ACCESS_ANYONE, .queries = {{"q", QUERY_PATH}}, .handle = query_handle},
    {"GET", "/plain", ACCESS_ANYONE, .handle = plain_handle},
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

static void a_query_that_is_no_text_is_a_bad_request(void **state)
{
    assert_int_equal(web_get(*state, "/query?q=%ff").status, 400);
    assert_int_equal(web_get(*state, "/query?q=%").status, 400);
    assert_int_equal(web_get(*state, "/nowhere?q=%").status, 404);
}

static void what_others_add_to_a_query_is_passed_over(void **state)
{
    static const char *const targets[] = {"/query?utm=50%off&q=a", "/query?%ff=1&q=a&%=&%zz",
                                          "/query?q=a&x=%ff",
                                          "/query?a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&r&s&t&u&v&q=a"};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct http_reply reply = web_get(*state, targets[i]);
        assert_int_equal(reply.status, 200);
        assert_string_equal(reply.body, "a");
    }
    assert_int_equal(web_get(*state, "/query?lang=%ff").status, 400);
    assert_int_equal(web_get(*state, "/plain?q=%ff").status, 200);
}

static const char *long_target(struct web *web, const char *path, int count)
{
    char *text = mem_alloc(web->mem, (size_t)count + 1);
    memset(text, 'a', (size_t)count);
    return mem_printf(web->mem, "%s?q=%s", path, text);
}

static void what_is_of_another_kind_counts_as_missing(void **state)
{
    static const struct {
        const char *path;
        const char *fits;
        const char *does_not;
        int chars_max; /* 0: of letters alone it is none */
    } rows[] = {
        {"/query", "deux%20h%C3%A9ros", NULL, QUERY_WORDS_CHARS_MAX},
        {"/handle", "a-B_9", "a.b", QUERY_HANDLE_CHARS_MAX},
        {"/names", "open,under_way", "Open", QUERY_NAMES_CHARS_MAX},
        {"/key", "12-34-la-haie", "12%2034", QUERY_KEY_CHARS_MAX},
        {"/path", "/account", "//elsewhere.example", 0},
    };
    struct web *web = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *path = rows[i].path;
        assert_true(web_get(web, mem_printf(web->mem, "%s?q=%s", path, rows[i].fits)).body[0]);
        if (rows[i].does_not)
            assert_string_equal(
                web_get(web, mem_printf(web->mem, "%s?q=%s", path, rows[i].does_not)).body, "");
        int max = rows[i].chars_max;
        if (max)
            assert_int_equal(strlen(web_get(web, long_target(web, path, max)).body), max);
        assert_string_equal(web_get(web, long_target(web, path, max + 1)).body, "");
    }
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(a_query_that_is_no_text_is_a_bad_request),
        FRESH(what_others_add_to_a_query_is_passed_over),
        FRESH(what_is_of_another_kind_counts_as_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
