/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rounds follow each other until they are asked to end, and a long sleep does not hold that up. */
#include "sys/rounds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"

enum { NEVER_MS = 24 * 3600 * 1000 };

struct work {
    struct rounds *rounds;
    int64_t sleeps_ms;
    atomic_int count;
};

static void *run(void *context)
{
    struct work *work = context;
    while (rounds_go_on(work->rounds)) {
        atomic_fetch_add(&work->count, 1);
        rounds_sleep(work->rounds, work->sleeps_ms);
    }
    return NULL;
}

static void assert_runs_and_ends(int64_t sleeps_ms, int rounds_min)
{
    struct mem *mem = mem_new(4096);
    struct work work = {.rounds = rounds_new(mem), .sleeps_ms = sleeps_ms};
    assert_null(rounds_start(work.rounds, run, &work));
    while (atomic_load(&work.count) < rounds_min)
        continue;
    rounds_ask_stop(work.rounds);
    rounds_stop(work.rounds);
    mem_free(mem);
}

static void round_follows_round(void **state)
{
    (void)state;
    assert_runs_and_ends(1, 3);
    assert_runs_and_ends(0, 3);
}

static void who_sleeps_is_woken_to_end(void **state)
{
    (void)state;
    assert_runs_and_ends(NEVER_MS, 1);
}

static void who_was_asked_before_does_not_sleep(void **state)
{
    (void)state;
    struct mem *mem = mem_new(4096);
    struct work work = {.rounds = rounds_new(mem), .sleeps_ms = NEVER_MS};
    rounds_ask_stop(work.rounds);
    rounds_sleep(work.rounds, NEVER_MS);
    assert_null(rounds_start(work.rounds, run, &work));
    rounds_stop(work.rounds);
    assert_int_equal(work.count, 0);
    mem_free(mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_follows_round),
        cmocka_unit_test(who_sleeps_is_woken_to_end),
        cmocka_unit_test(who_was_asked_before_does_not_sleep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
