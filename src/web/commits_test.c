/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a page may rely on: an object that changed has a later number than before, never an earlier
 * one. */
#include "web/commits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/mem.h"
#include "web/app.h"

struct place {
    struct mem *mem;
    struct app app;
};

static int set_up(void **state)
{
    struct mem *mem = mem_new(4 * 1024 * 1024);
    struct place *place = MEM_NEW(mem, struct place);
    place->mem = mem;
    place->app.commits = commits_new(mem);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    mem_free(place->mem);
    return 0;
}

static void publish(void **state, const struct work *work)
{
    struct place *place = *state;
    commits_publish(&place->app, &work->touched);
}

static int64_t last(void **state)
{
    struct place *place = *state;
    return commits_last(place->app.commits);
}

static int64_t of(void **state, enum object_kind kind, int64_t id)
{
    struct place *place = *state;
    return commits_of(place->app.commits, (struct object){kind, id});
}

static void at_first_nothing_has_changed(void **state)
{
    assert_int_equal(last(state), 0);
    assert_int_equal(of(state, OBJECT_CAMPAIGN, 1), 0);
}

static void what_was_touched_has_the_number_of_its_commit(void **state)
{
    struct work work = {0};
    work_touches(&work, OBJECT_CAMPAIGN, 1);
    work_touches(&work, OBJECT_COMMUNITY, 1);
    publish(state, &work);
    assert_int_equal(last(state), 1);
    assert_int_equal(of(state, OBJECT_CAMPAIGN, 1), 1);
    assert_int_equal(of(state, OBJECT_COMMUNITY, 1), 1);
}

static void what_was_not_touched_keeps_its_number(void **state)
{
    struct work first = {0};
    struct work second = {0};
    work_touches(&first, OBJECT_CAMPAIGN, 1);
    work_touches(&second, OBJECT_CAMPAIGN, 2);
    publish(state, &first);
    publish(state, &second);
    assert_int_equal(of(state, OBJECT_CAMPAIGN, 1), 1);
    assert_int_equal(of(state, OBJECT_CAMPAIGN, 2), 2);
    assert_int_equal(of(state, OBJECT_MAILBOX, 1), 0);
}

static void objects_that_differ_in_their_kind_are_not_the_same(void **state)
{
    struct work work = {0};
    work_touches(&work, OBJECT_CAMPAIGN, 77);
    publish(state, &work);
    assert_int_equal(of(state, OBJECT_COMMUNITY, 77), 0);
}

/* Ids share slots in the end: then a number may be too high, but never too low. */
static void no_number_is_ever_too_low(void **state)
{
    enum { OBJECTS = 40000 };
    for (int64_t id = 1; id <= OBJECTS; id++) {
        struct work work = {0};
        work_touches(&work, OBJECT_CAMPAIGN, id << 20);
        publish(state, &work);
    }
    int64_t before = last(state);
    for (int64_t id = 1; id <= OBJECTS; id++)
        assert_true(of(state, OBJECT_CAMPAIGN, id << 20) >= id);
    assert_int_equal(before, OBJECTS);
}

static void an_object_is_noted_once(void **state)
{
    (void)state;
    struct work work = {0};
    for (int i = 0; i < 2 * NOTES_MAX; i++)
        work_touches(&work, OBJECT_CAMPAIGN, 5);
    work_reads(&work, OBJECT_CAMPAIGN, 5);
    assert_int_equal(work.touched.count, 1);
    assert_int_equal(work.read.count, 1);
    assert_false(work.touched.over);
}

static void more_than_can_be_noted_counts_as_everything(void **state)
{
    struct work work = {0};
    for (int i = 0; i < NOTES_MAX; i++)
        work_touches(&work, OBJECT_CAMPAIGN, i);
    assert_false(work.touched.over);
    work_touches(&work, OBJECT_CAMPAIGN, NOTES_MAX);
    assert_true(work.touched.over);
    publish(state, &work);
    assert_int_equal(of(state, OBJECT_MAILBOX, 12345), 1);
    struct work later = {0};
    work_touches(&later, OBJECT_MAILBOX, 12345);
    publish(state, &later);
    assert_int_equal(of(state, OBJECT_MAILBOX, 12345), 2);
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(at_first_nothing_has_changed),
        FRESH(what_was_touched_has_the_number_of_its_commit),
        FRESH(what_was_not_touched_keeps_its_number),
        FRESH(objects_that_differ_in_their_kind_are_not_the_same),
        FRESH(no_number_is_ever_too_low),
        FRESH(an_object_is_noted_once),
        FRESH(more_than_can_be_noted_counts_as_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
