/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One account for all communities, a role in each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/core_fixture.h"
#include "core/people/people.h"

#define ANNE "anne@example.org"

static int set_up(void **state)
{
    struct core *core = test_calloc(1, sizeof *core);
    core_new(core, NULL);
    core_begin(core);
    *state = core;
    return 0;
}

static int tear_down(void **state)
{
    struct core *core = *state;
    tx_rollback(core->work.tx);
    core_free(core);
    test_free(core);
    return 0;
}

static void an_address_has_one_account(void **state)
{
    struct work *work = &((struct core *)*state)->work;
    struct person_id first = person_add(work, ANNE, "Anne", "fr");
    struct person_id again = person_add(work, ANNE, "Somebody else", "en");
    assert_int_equal(first.n, again.n);
    assert_string_equal(person_get(work, first)->name, "Anne");
    assert_null(person_get_by_email(work, "eve@example.org"));
}

static void a_role_is_of_one_community(void **state)
{
    struct work *work = &((struct core *)*state)->work;
    struct person_id anne = person_add(work, ANNE, "Anne", "fr");
    membership_set(work, anne, ROLE_FACILITATOR);
    struct community_id other = community_add(work, &(struct community){.slug = "b",
                                                                        .name = "B",
                                                                        .time_zone = "Europe/Paris",
                                                                        .description = "",
                                                                        .language = "fr"});
    assert_int_equal(person_get(work, anne)->role, ROLE_FACILITATOR);
    work->community = community_get(work, other);
    assert_int_equal(person_get(work, anne)->role, ROLE_NONE);
    assert_null(people_list(work, ROLE_MEMBER, (struct person_id){0}, 10));
}

static void raising_never_takes_a_right_away(void **state)
{
    struct work *work = &((struct core *)*state)->work;
    struct person_id anne = person_add(work, ANNE, "Anne", "fr");
    membership_raise(work, anne, ROLE_ADMINISTRATOR);
    membership_raise(work, anne, ROLE_MEMBER);
    assert_int_equal(person_get(work, anne)->role, ROLE_ADMINISTRATOR);
    membership_set(work, anne, ROLE_MEMBER);
    assert_int_equal(person_get(work, anne)->role, ROLE_MEMBER);
    membership_set(work, anne, ROLE_NONE);
    assert_int_equal(person_get(work, anne)->role, ROLE_NONE);
}

static void a_suspended_administrator_counts_for_none(void **state)
{
    struct work *work = &((struct core *)*state)->work;
    assert_false(people_have_administrator(work));
    struct person_id anne = person_add(work, ANNE, "Anne", "fr");
    membership_set(work, anne, ROLE_ADMINISTRATOR);
    assert_true(people_have_administrator(work));
    person_bar(work, anne, true);
    assert_false(people_have_administrator(work));
    person_bar(work, anne, false);
    assert_true(people_have_administrator(work));
}

static void a_list_is_of_a_role_and_those_above_in_pages(void **state)
{
    struct work *work = &((struct core *)*state)->work;
    static const enum role roles[] = {ROLE_MEMBER, ROLE_ADMINISTRATOR, ROLE_FACILITATOR};
    struct person_id ids[3];
    for (int i = 0; i < 3; i++) {
        ids[i] = person_add(work, mem_printf(work->mem, "p%d@example.org", i), "P", "fr");
        membership_set(work, ids[i], roles[i]);
    }
    const struct person *page = people_list(work, ROLE_FACILITATOR, (struct person_id){0}, 1);
    assert_int_equal(page->id.n, ids[1].n);
    assert_null(page->next);
    page = people_list(work, ROLE_FACILITATOR, page->id, 10);
    assert_int_equal(page->id.n, ids[2].n);
    assert_null(page->next);
    page = people_list(work, ROLE_MEMBER, (struct person_id){0}, 10);
    assert_int_equal(page->id.n, ids[0].n);
    page = people_list(work, ROLE_ADMINISTRATOR, (struct person_id){0}, 10);
    assert_int_equal(page->id.n, ids[1].n);
    assert_null(page->next);
}

static void roles_are_known_by_their_names(void **state)
{
    (void)state;
    for (enum role role = ROLE_NONE; role <= ROLE_ADMINISTRATOR; role++) {
        enum role read = ROLE_NONE;
        assert_true(role_read(role_name(role), &read));
        assert_int_equal(read, role);
    }
    enum role untouched = ROLE_FACILITATOR;
    assert_false(role_read("root", &untouched));
    assert_int_equal(untouched, ROLE_FACILITATOR);
}

#define test(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(an_address_has_one_account),
        test(a_role_is_of_one_community),
        test(raising_never_takes_a_right_away),
        test(a_suspended_administrator_counts_for_none),
        test(a_list_is_of_a_role_and_those_above_in_pages),
        test(roles_are_known_by_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
