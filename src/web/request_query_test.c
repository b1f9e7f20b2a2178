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
    {"GET", "/query", ACCESS_ANYONE, .queries = {"q"}, .handle = query_handle},
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

#define FRESH(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(a_query_that_is_no_text_is_a_bad_request),
        FRESH(what_others_add_to_a_query_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
