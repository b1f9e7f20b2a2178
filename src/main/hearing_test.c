/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Two processes on one PostgreSQL database, each with a data folder of its own: here two programs
 * in one process, of which the first serves. */
#include "main/hearing.h"

#include "main/pair_fixture.h"

#include <time.h>

#include "sys/clock.h"
#include "web/cache.h"
#include "web/commits.h"
#include "web/work.h"

enum { WAIT_MS_MAX = 30000, CAMPAIGN = 812 };

static void touch(struct work *work, void *context)
{
    (void)context;
    tx_do(work->tx, "UPDATE community SET name = name");
    work_touches(work, OBJECT_CAMPAIGN, CAMPAIGN);
}

static int64_t number(const struct program *program)
{
    return commits_of(program->app.commits, (struct object){OBJECT_CAMPAIGN, CAMPAIGN});
}

static bool is_deaf(const struct program *program)
{
    return commits_is_deaf(program->app.commits);
}

/* Looks until it is so. */
#define wait_until(so)                                                                             \
    do {                                                                                           \
        int64_t ends_ms = clock_monotonic_ms() + WAIT_MS_MAX;                                      \
        while (!(so) && clock_monotonic_ms() < ends_ms)                                            \
            nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);                               \
        assert_true(so);                                                                           \
    } while (0)

static void what_one_commits_the_other_hears(void **state)
{
    postgres_only();
    struct pair *pair = pair_open(state);
    wait_until(!is_deaf(pair->first));
    int64_t before = number(pair->first);
    assert_true(program_write(pair->second, touch, NULL));
    wait_until(number(pair->first) > before);
}

static void its_own_commits_have_their_number_once(void **state)
{
    postgres_only();
    struct pair *pair = pair_open(state);
    wait_until(!is_deaf(pair->first));
    int64_t before = commits_last(pair->first->app.commits);
    assert_true(program_write(pair->first, touch, NULL));
    assert_true(program_write(pair->second, touch, NULL)); /* heard after our own */
    wait_until(commits_last(pair->first->app.commits) > before + 1);
    assert_int_equal(commits_last(pair->first->app.commits), before + 2);
}

/* What was kept before is not believed any more once it is found again. */
static void a_lost_line_ends_all_pages(void **state)
{
    postgres_only();
    struct pair *pair = pair_open(state);
    wait_until(!is_deaf(pair->first));
    int64_t before = number(pair->first);
    assert_true(database_deafen(pair->mem, pair->database));
    wait_until(number(pair->first) > before);
    wait_until(!is_deaf(pair->first));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PAIR_TEST(what_one_commits_the_other_hears),
        PAIR_TEST(its_own_commits_have_their_number_once),
        PAIR_TEST(a_lost_line_ends_all_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
