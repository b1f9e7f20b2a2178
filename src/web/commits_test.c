/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a page may rely on: an object that changed has a later number than before, never an earlier
 * one. */
#include "web/commits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/buf.h"
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
    place->app.commits = commits_new(mem, 1);
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

static void hear(void **state, const char *words)
{
    struct place *place = *state;
    commits_hear(&place->app, words);
}

static void what_another_process_tells_has_a_number_here(void **state)
{
    hear(state, "commits -77 3:812 1:9");
    assert_int_equal(of(state, OBJECT_CAMPAIGN, 812), 1);
    assert_int_equal(of(state, OBJECT_COMMUNITY, 9), 1);
    assert_int_equal(of(state, OBJECT_MAILBOX, 0), 0);
    hear(state, "commits -77 *");
    assert_int_equal(of(state, OBJECT_MAILBOX, 0), 2);
}

static void what_we_told_ourselves_has_its_number_already(void **state)
{
    hear(state, "commits 1 3:812");
    assert_int_equal(last(state), 0);
    hear(state, "commits 11 3:812");
    assert_int_equal(last(state), 1);
}

static void more_objects_than_notes_hold_are_heard_all(void **state)
{
    struct place *place = *state;
    struct buf *words = buf_new(place->mem, 8000);
    buf_put(words, "commits 2");
    for (int id = 1; id <= 3 * NOTES_MAX; id++)
        buf_printf(words, " 3:%d", id);
    hear(state, words->bytes);
    for (int id = 1; id <= 3 * NOTES_MAX; id++)
        assert_true(of(state, OBJECT_CAMPAIGN, id) > 0);
    int untouched = 0;
    for (int id = 1; id <= 100; id++)
        untouched += of(state, OBJECT_COMMUNITY, id) == 0;
    assert_true(untouched > 50); /* the others share a slot with one of them */
}

/* A newer program may know kinds of objects that we do not. */
static void what_cannot_be_read_counts_as_everything(void **state)
{
    static const char *const wrong[] = {"",
                                        "hello",
                                        "commits",
                                        "commits ",
                                        "commits x 3:1",
                                        "commits 2;",
                                        "commits 2 3",
                                        "commits 2 3:",
                                        "commits 2 3:x",
                                        "commits 2 99:1",
                                        "commits 2 ",
                                        "commits 2 -1:1",
                                        "commits 2 3:1,1:2",
                                        "commits 2 3:99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int64_t before = last(state);
        hear(state, wrong[i]);
        assert_true(of(state, OBJECT_MAILBOX, 4711) > before);
    }
}

static void when_others_are_heard_again_everything_may_have_changed(void **state)
{
    struct place *place = *state;
    assert_false(commits_is_deaf(place->app.commits));
    commits_set_deaf(&place->app, true);
    assert_true(commits_is_deaf(place->app.commits));
    assert_int_equal(of(state, OBJECT_CAMPAIGN, 1), 0);
    commits_set_deaf(&place->app, false);
    assert_false(commits_is_deaf(place->app.commits));
    assert_int_equal(of(state, OBJECT_CAMPAIGN, 1), 1);
}

static void who_is_deaf_knows_their_own_commits(void **state)
{
    struct place *place = *state;
    struct work work = {0};
    work_touches(&work, OBJECT_CAMPAIGN, 1);
    commits_set_deaf(&place->app, true);
    publish(state, &work);
    assert_int_equal(of(state, OBJECT_CAMPAIGN, 1), 1);
    assert_int_equal(of(state, OBJECT_CAMPAIGN, 2), 0);
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
        FRESH(what_another_process_tells_has_a_number_here),
        FRESH(what_we_told_ourselves_has_its_number_already),
        FRESH(more_objects_than_notes_hold_are_heard_all),
        FRESH(what_cannot_be_read_counts_as_everything),
        FRESH(when_others_are_heard_again_everything_may_have_changed),
        FRESH(who_is_deaf_knows_their_own_commits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
