/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From method and path to a route, and the tables that do not start. */
#include "web/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "web/feature.h"

static const struct refusal *handle(struct request *rq)
{
    (void)rq;
    return NULL;
}

#define ROUTE(route_method, route_path)                                                            \
    {                                                                                              \
        .method = (route_method), .path = (route_path), .access = ACCESS_ANYONE, .handle = handle  \
    }

static const struct route first_routes[] = {
    ROUTE("GET", "/"),
    ROUTE("GET", "/campaigns"),
    ROUTE("GET", "/campaigns/:slug"),
    ROUTE("GET", "/campaigns/:slug/sessions/:session"),
    {0},
};
static const struct route second_routes[] = {
    ROUTE("POST", "/campaigns"),
    ROUTE("GET", "/campaigns/new"),
    ROUTE("POST", "/campaigns/:slug/sign-ups"),
    ROUTE("POST", "/only-posted"),
    {0},
};
static const struct feature first_feature = {.name = "first", .routes = first_routes};
static const struct feature second_feature = {.name = "second", .routes = second_routes};
static const struct feature no_routes = {.name = "third"};
static const struct feature *const features[] = {&first_feature, &no_routes, &second_feature, NULL};

struct place {
    struct mem *mem;
    const struct route_table *table;
};

static int set_up(void **state)
{
    struct mem *mem = mem_new(1024 * 1024);
    struct place *place = MEM_NEW(mem, struct place);
    place->mem = mem;
    place->table = route_table_new(mem, features);
    log_set_level(LOG_ERROR + 1);
    *state = place;
    return place->table ? 0 : -1;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    mem_free(place->mem);
    return 0;
}

static struct route_match find(void **state, const char *method, const char *path)
{
    struct place *place = *state;
    return route_find(place->table, place->mem, method, path);
}

/* The path of the route that is found; "" for none. */
static const char *found(void **state, const char *method, const char *path)
{
    const struct route *route = find(state, method, path).route;
    return route ? route->path : "";
}

static bool table_starts(void **state, const struct route *routes)
{
    struct place *place = *state;
    const struct feature feature = {.name = "test", .routes = routes};
    return route_table_new(place->mem, (const struct feature *const[]){&feature, NULL}) != NULL;
}

static void a_route_is_found_by_its_path(void **state)
{
    assert_string_equal(found(state, "GET", "/"), "/");
    assert_string_equal(found(state, "GET", "/campaigns"), "/campaigns");
    assert_ptr_equal(find(state, "GET", "/campaigns").route, &first_routes[1]);
    assert_ptr_equal(find(state, "POST", "/campaigns").route, &second_routes[0]);
}

static void parts_are_taken_in_the_order_of_the_path(void **state)
{
    struct route_match match = find(state, "GET", "/campaigns/verger/sessions/s1");
    assert_string_equal(match.params[0], "verger");
    assert_string_equal(match.params[1], "s1");
}

static void parts_are_decoded_once(void **state)
{
    assert_string_equal(find(state, "GET", "/campaigns/a%2Fb%2525+").params[0], "a/b%25+");
    assert_string_equal(find(state, "GET", "/campaigns/caf%C3%A9").params[0], "café");
}

static void a_part_that_is_not_well_encoded_is_nowhere(void **state)
{
    static const char *const paths[] = {"/campaigns/%zz", "/campaigns/%ff", "/campaigns/%"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_null(find(state, "GET", paths[i]).route);
        assert_null(find(state, "GET", paths[i]).allow);
    }
}

static void a_fixed_part_wins_over_a_named_one(void **state)
{
    assert_string_equal(found(state, "GET", "/campaigns/new"), "/campaigns/new");
    assert_string_equal(found(state, "GET", "/campaigns/newer"), "/campaigns/:slug");
}

static void a_first_part_may_be_named_as_well(void **state)
{
    struct place *place = *state;
    static const struct route routes[] = {
        ROUTE("GET", "/:page"), ROUTE("GET", "/:page/a"), ROUTE("GET", "/b/:part"), {0}};
    const struct feature feature = {.name = "test", .routes = routes};
    const struct feature *const alone[] = {&feature, NULL};
    const struct route_table *table = route_table_new(place->mem, alone);
    assert_ptr_equal(route_find(table, place->mem, "GET", "/b").route, &routes[0]);
    assert_ptr_equal(route_find(table, place->mem, "GET", "/c/a").route, &routes[1]);
    assert_ptr_equal(route_find(table, place->mem, "GET", "/b/c").route, &routes[2]);
    assert_null(route_find(table, place->mem, "GET", "/c/b").route);
}

static void a_path_is_matched_to_its_end(void **state)
{
    static const char *const unknown[] = {
        "/campaigns/",
        "/campaigns/a/",
        "/campaigns/a/sessions",
        "/campaigns//sessions/s1",
        "/campaigns/a/b/c",
        "//",
        "/nothing",
        "/Campaigns",
    };
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        assert_null(find(state, "GET", unknown[i]).route);
        assert_null(find(state, "GET", unknown[i]).allow);
    }
}

static void head_finds_the_route_of_get(void **state)
{
    assert_ptr_equal(find(state, "HEAD", "/campaigns").route, &first_routes[1]);
    assert_null(find(state, "HEAD", "/only-posted").route);
}

static void another_method_is_told_which_ones_there_are(void **state)
{
    assert_null(find(state, "PUT", "/campaigns").route);
    assert_string_equal(find(state, "PUT", "/campaigns").allow, "GET, HEAD, POST");
    assert_string_equal(find(state, "POST", "/").allow, "GET, HEAD");
    assert_string_equal(find(state, "GET", "/only-posted").allow, "POST");
    assert_string_equal(find(state, "get", "/").allow, "GET, HEAD");
}

static void routes_are_listed_in_the_order_of_features(void **state)
{
    struct place *place = *state;
    assert_ptr_equal(route_at(place->table, 0), &first_routes[0]);
    assert_ptr_equal(route_at(place->table, 4), &second_routes[0]);
    assert_ptr_equal(route_at(place->table, 7), &second_routes[3]);
    assert_null(route_at(place->table, 8));
}

static void a_route_that_states_no_access_does_not_start(void **state)
{
    assert_false(table_starts(
        state, (const struct route[]){{.method = "GET", .path = "/", .handle = handle}, {0}}));
}

static void a_route_without_a_handler_does_not_start(void **state)
{
    assert_false(table_starts(
        state,
        (const struct route[]){{.method = "GET", .path = "/", .access = ACCESS_ANYONE}, {0}}));
}

static void two_routes_for_the_same_do_not_start(void **state)
{
    assert_false(
        table_starts(state, (const struct route[]){ROUTE("GET", "/a"), ROUTE("GET", "/a"), {0}}));
    assert_false(table_starts(
        state, (const struct route[]){ROUTE("GET", "/a/:x/c"), ROUTE("GET", "/a/:yz/c"), {0}}));
    assert_true(table_starts(state, (const struct route[]){ROUTE("GET", "/a/:x/c"),
                                                           ROUTE("POST", "/a/:x/c"),
                                                           ROUTE("GET", "/a/:x/d"),
                                                           ROUTE("GET", "/a/b/c"),
                                                           ROUTE("GET", "/a/:x"),
                                                           {0}}));
}

static void a_path_that_could_never_match_does_not_start(void **state)
{
    assert_false(table_starts(state, (const struct route[]){ROUTE("GET", "a"), {0}}));
    assert_false(table_starts(state, (const struct route[]){ROUTE("GET", "/:a/:b/:c/:d/:e"), {0}}));
    assert_true(table_starts(state, (const struct route[]){ROUTE("GET", "/:a/:b/:c/:d"), {0}}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_route_is_found_by_its_path),
        cmocka_unit_test(parts_are_taken_in_the_order_of_the_path),
        cmocka_unit_test(parts_are_decoded_once),
        cmocka_unit_test(a_part_that_is_not_well_encoded_is_nowhere),
        cmocka_unit_test(a_fixed_part_wins_over_a_named_one),
        cmocka_unit_test(a_first_part_may_be_named_as_well),
        cmocka_unit_test(a_path_is_matched_to_its_end),
        cmocka_unit_test(head_finds_the_route_of_get),
        cmocka_unit_test(another_method_is_told_which_ones_there_are),
        cmocka_unit_test(routes_are_listed_in_the_order_of_features),
        cmocka_unit_test(a_route_that_states_no_access_does_not_start),
        cmocka_unit_test(a_route_without_a_handler_does_not_start),
        cmocka_unit_test(two_routes_for_the_same_do_not_start),
        cmocka_unit_test(a_path_that_could_never_match_does_not_start),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
