/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What follows from a route's row about its answers. */
#include "web/openapi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/form.h"
#include "web/route.h"
#include "web/view.h"

#define JSON "application/json"
#define HTML "text/html; charset=utf-8"

static const struct view view = {"thing", (const struct view_field[]){{.name = NULL}}};
static const struct form form = {"thing", 0, (const struct field[]){{.name = NULL}}};

static const struct route page = {"GET", "/things", ACCESS_ANYONE};
static const struct route own = {"GET", "/things/:slug", ACCESS_SIGNED_IN, .json = &view};
static const struct route again = {"GET", "/again", ACCESS_ANYONE, .type = ROUTE_LEADS_ON};
static const struct route file = {"GET", "/thing.csv", ACCESS_ANYONE, .type = "text/csv"};
static const struct route tagged = {"GET", "/t.json", ACCESS_ANYONE, ROUTE_TAGGED, .type = JSON};
static const struct route adds = {"POST",        "/things",     ACCESS_ANYONE,
                                  .form = &form, .json = &view, .json_status = 201};
static const struct route gives = {"POST", "/table", ACCESS_ANYONE, ROUTE_FROM_ANYWHERE,
                                   .type = "text/csv"};

static void what_a_get_gives(void **state)
{
    (void)state;
    assert_true(route_may_answer(&page, 200, HTML));
    assert_false(route_may_answer(&page, 200, JSON));
    assert_true(route_may_answer(&own, 200, JSON) && route_may_answer(&own, 200, HTML));
    assert_true(route_may_answer(&again, 303, "text/plain"));
    assert_false(route_may_answer(&again, 200, HTML));
    assert_true(route_may_answer(&file, 200, "text/csv; charset=utf-8"));
    assert_false(route_may_answer(&file, 200, "text/csvx"));
    assert_false(route_may_answer(&file, 200, HTML) || route_may_answer(&file, 303, ""));
    assert_true(route_may_answer(&tagged, 304, JSON));
    assert_false(route_may_answer(&file, 304, ""));
}

static void what_a_post_gives(void **state)
{
    (void)state;
    assert_true(route_may_answer(&adds, 201, JSON) && route_may_answer(&adds, 303, ""));
    assert_false(route_may_answer(&adds, 200, JSON) || route_may_answer(&adds, 200, HTML));
    assert_true(route_may_answer(&gives, 200, "text/csv"));
    assert_false(route_may_answer(&gives, 303, ""));
}

static void how_it_is_refused(void **state)
{
    static const char problem[] = "application/problem+json";
    (void)state;
    assert_true(route_may_answer(&page, 503, HTML) && route_may_answer(&page, 400, problem));
    assert_false(route_may_answer(&page, 404, problem) || route_may_answer(&page, 401, problem));
    assert_false(route_may_answer(&page, 422, problem) || route_may_answer(&page, 500, HTML));
    assert_true(route_may_answer(&own, 404, problem) && route_may_answer(&own, 401, problem));
    assert_true(route_may_answer(&adds, 422, problem) && route_may_answer(&adds, 403, HTML));
    assert_true(route_may_answer(&adds, 415, problem));
    assert_false(route_may_answer(&adds, 422, "text/plain"));
    assert_false(route_may_answer(&gives, 403, problem) || route_may_answer(&gives, 415, problem));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_get_gives),
        cmocka_unit_test(what_a_post_gives),
        cmocka_unit_test(how_it_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
