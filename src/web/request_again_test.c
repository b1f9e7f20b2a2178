/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a request does that the writer runs twice, since something of its batch had to be undone. */
#include "web/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "web/rate.h"
#include "web/web_fixture.h"

static const struct refusal taken = {409, "taken", N_("This name is taken."), .keeps = false};

/* Refuses after it wrote. */
static const struct refusal *taken_handle(struct request *rq)
{
    web_of(rq)->runs++;
    tx_do(rq->work.tx, "INSERT INTO thing (name) VALUES ('taken')");
    reply_see_other(rq, "/things");
    reply_cookie(rq, "taken", "yes", 60);
    return &taken;
}

static const struct refusal *taken_show(struct request *rq)
{
    const struct db_row *thing = tx_one(rq->work.tx, "SELECT name FROM thing");
    reply_text(rq, 409, "text/plain", thing ? row_text(thing, 0) : "nothing");
    return NULL;
}

static const struct refusal *endless_handle(struct request *rq)
{
    web_of(rq)->runs++;
    tx_do(rq->work.tx, "INSERT INTO thing (id) WITH RECURSIVE n (i) AS "
                       "(SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n");
    reply_see_other(rq, "/things");
    return NULL;
}

static const struct route routes[] = {
    {"POST", "/shown", ACCESS_ANYONE, .handle = taken_handle, .show = taken_show},
    {"POST", "/counted", ACCESS_ANYONE, .handle = taken_handle, .rate = RATE_WRITE},
    {"POST", "/endless", ACCESS_ANYONE, .handle = endless_handle},
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

static void its_page_shows_that_nothing_was_written(void **state)
{
    struct web *web = *state;
    struct http_reply reply = web_post(web, "/shown", "");
    assert_int_equal(web->runs, 2);
    assert_int_equal(reply.status, 409);
    assert_true(reply_says(&reply, "nothing"));
    assert_string_equal(reply_header_get(&reply, "Set-Cookie"), "");
    assert_int_equal(web_things(web), 0);
}

static void it_counts_once_among_those_of_its_network(void **state)
{
    struct web *web = *state;
    static const char *const lines[] = {"Accept: text/html", "X-Forwarded-For: 203.0.113.7", NULL};
    web->config.proxy = "127.0.0.1";
    web->app.rates = rates_new(web->mem, web->app.random);
    for (int i = 0; i < rate_times(RATE_WRITE); i++)
        assert_int_equal(web_send(web, "POST", "/counted", lines, "").status, 409);
    assert_int_equal(web->runs, rate_times(RATE_WRITE) + 1);
    assert_int_equal(web_send(web, "POST", "/counted", lines, "").status, 429);
}

/* A server tells of it only when it is asked, which it is not before the second run. */
static void one_known_to_be_out_of_time_is_told_so_and_not_run_again(void **state)
{
    struct web *web = *state;
    struct http_reply reply = web_post(web, "/endless", "");
    assert_int_equal(reply.status, 503);
    assert_string_equal(reply_header_get(&reply, "Retry-After"), "5");
    assert_int_equal(web->runs, database_server() ? 2 : 1);
    assert_int_equal(web_things(web), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(its_page_shows_that_nothing_was_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_counts_once_among_those_of_its_network, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(one_known_to_be_out_of_time_is_told_so_and_not_run_again,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
