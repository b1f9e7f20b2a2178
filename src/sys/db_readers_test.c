/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pool of readers: kept, bounded, waited for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdatomic.h>

#include "sys/db_fixture.h"
#include "sys/db_readers.h"

static void a_reader_that_is_given_back_is_taken_again(void **state)
{
    struct place *place = *state;
    struct db_readers *readers = db_readers_new(place->path, 2);
    struct db *one = db_readers_take(readers);
    struct db *two = db_readers_take(readers);
    assert_non_null(one);
    assert_non_null(two);
    assert_ptr_not_equal(one, two);
    db_readers_give(readers, one);
    assert_ptr_equal(db_readers_take(readers), one);
    db_readers_give(readers, one);
    db_readers_give(readers, two);
    db_readers_free(readers);
}

static void a_reader_that_cannot_be_opened_takes_no_place(void **state)
{
    (void)state;
    struct db_readers *readers = db_readers_new("/tmp/essaim-no-such-folder/none.db", 1);
    assert_null(db_readers_take(readers));
    assert_null(db_readers_take(readers)); /* and does not wait for ever */
    db_readers_free(readers);
}

/* Who has reached the database tells so: nobody waits for a pause to be over. */
static void when_it_is_known_to_be_there_again_the_next_one_tries_at_once(void **state)
{
    struct place *place = *state;
    const char *path = mem_printf(place->mem, "%s/late.db", place->folder);
    struct db_readers *readers = db_readers_new(path, 1);
    assert_null(db_readers_take(readers));
    db_close(db_open(path, DB_WRITE));
    db_readers_hurry(readers);
    struct db *db = db_readers_take(readers);
    assert_non_null(db);
    db_readers_give(readers, db);
    db_readers_free(readers);
    database_drop(place->mem, path);
}

struct crowd {
    struct db_readers *readers;
    _Atomic int inside;
    _Atomic int most_inside;
    _Atomic int answers;
};

enum { CROWD_THREADS = 6, CROWD_TURNS = 50, CROWD_READERS = 2 };

static void *read_in_turns(void *context)
{
    struct crowd *crowd = context;
    struct mem *mem = mem_new(1 << 20);
    for (int i = 0; i < CROWD_TURNS; i++) {
        struct db *db = db_readers_take(crowd->readers);
        int inside = atomic_fetch_add(&crowd->inside, 1) + 1;
        if (inside > crowd->most_inside)
            crowd->most_inside = inside;
        struct tx *tx = db_begin(db, mem);
        if (tx_one(tx, "SELECT COUNT(*) FROM thing"))
            crowd->answers++;
        tx_rollback(tx);
        crowd->inside--;
        db_readers_give(crowd->readers, db);
    }
    mem_free(mem);
    return NULL;
}

static void a_crowd_of_threads_shares_a_few_readers(void **state)
{
    struct place *place = *state;
    struct crowd crowd = {.readers = db_readers_new(place->path, CROWD_READERS)};
    pthread_t threads[CROWD_THREADS];
    for (int i = 0; i < CROWD_THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_in_turns, &crowd), 0);
    for (int i = 0; i < CROWD_THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(crowd.answers, CROWD_THREADS * CROWD_TURNS);
    assert_in_range(crowd.most_inside, 1, CROWD_READERS);
    db_readers_free(crowd.readers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACE_TEST(a_reader_that_is_given_back_is_taken_again),
        cmocka_unit_test(a_reader_that_cannot_be_opened_takes_no_place),
        PLACE_TEST(when_it_is_known_to_be_there_again_the_next_one_tries_at_once),
        PLACE_TEST(a_crowd_of_threads_shares_a_few_readers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
