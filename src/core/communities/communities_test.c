/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which community a Host serves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/core_fixture.h"

static int set_up(void **state)
{
    struct core *core = test_calloc(1, sizeof *core);
    core_new(core, NULL);
    community_add(core_begin(core), &(struct community){.slug = "quartier",
                                                        .name = "Le Quartier",
                                                        .description = "Entre voisins",
                                                        .language = "fr",
                                                        .time_zone = "Indian/Reunion",
                                                        .host = "Quartier.Example"});
    core_commit(core);
    *state = core;
    return 0;
}

static int tear_down(void **state)
{
    core_free(*state);
    test_free(*state);
    return 0;
}

static void assert_served(struct core *core, const char *host, const char *slug)
{
    struct work *work = core_begin(core);
    assert_string_equal(community_find(work, host)->slug, slug);
    tx_rollback(work->tx);
}

static void a_community_is_found_by_its_host_whatever_the_case_and_the_port(void **state)
{
    assert_served(*state, "quartier.example", "quartier");
    assert_served(*state, "QUARTIER.example:8080", "quartier");
}

static void any_other_host_serves_the_first_community(void **state)
{
    assert_served(*state, "127.0.0.1:8080", "riviere");
    assert_served(*state, "[::1]:8080", "riviere");
    assert_served(*state, "[::1]", "riviere");
    assert_served(*state, "xquartier.example", "riviere");
    assert_served(*state, "", "riviere");
}

static void an_address_in_brackets_keeps_its_colons(void **state)
{
    struct core *core = *state;
    core_script(core, "UPDATE community SET host = '[::1]' WHERE slug = 'quartier'");
    assert_served(core, "[::1]:8080", "quartier");
    assert_served(core, "[::1]", "quartier");
}

static void nothing_is_found_before_the_first_community_is_added(void **state)
{
    struct core *core = *state;
    core_script(core, "DELETE FROM community");
    struct work *work = core_begin(core);
    assert_null(work->community);
    tx_rollback(work->tx);
}

static void a_community_comes_with_all_that_it_was_added_with(void **state)
{
    struct work *work = core_begin(*state);
    const struct community *community = community_find(work, "quartier.example");
    assert_string_equal(community->name, "Le Quartier");
    assert_string_equal(community->description, "Entre voisins");
    assert_string_equal(community->language, "fr");
    assert_string_equal(community->host, "quartier.example");
    assert_ptr_equal(community->zone, zone_get(work->app->zones, "Indian/Reunion"));
    assert_string_equal(community_get(work, community->id)->slug, "quartier");
    assert_null(community_get(work, (struct community_id){1}));
    tx_rollback(work->tx);
}

/* A page that the first community answered for a Host is no longer true once another has that Host.
 */
static void an_answer_depends_on_the_community_and_on_the_list_of_them(void **state)
{
    struct core *core = *state;
    struct work *work = core_begin(core);
    assert_int_equal(work->read.count, 2);
    assert_int_equal(work->read.objects[0].id, 0);
    assert_int_equal(work->read.objects[1].id, work->community->id.n);
    community_add(work, &(struct community){.slug = "ecole",
                                            .name = "L'École",
                                            .description = "",
                                            .language = "fr",
                                            .time_zone = "Europe/Paris"});
    assert_int_equal(work->touched.objects[0].kind, OBJECT_COMMUNITY);
    assert_int_equal(work->touched.objects[0].id, 0);
    tx_rollback(work->tx);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_community_is_found_by_its_host_whatever_the_case_and_the_port),
        TEST(any_other_host_serves_the_first_community),
        TEST(an_address_in_brackets_keeps_its_colons),
        TEST(nothing_is_found_before_the_first_community_is_added),
        TEST(a_community_comes_with_all_that_it_was_added_with),
        TEST(an_answer_depends_on_the_community_and_on_the_list_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
