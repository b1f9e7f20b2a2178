/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Jobs: one for each kind and object, run when they are due, tried again, parked, and never lost or
 * done twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <semaphore.h>
#include <string.h>

#include "base/limits.h"
#include "base/time.h"
#include "core/core_fixture.h"

enum { PAGES = 3, FAILURES_MAX = 40 };

struct fixture {
    struct core core; /* first, and the app is its first: a run gets here from work->app */
    int runs;
    int64_t cursors[PAGES];
    int64_t community;
    sem_t ran;
};

static struct fixture *fixture_of(struct work *work)
{
    union {
        const struct app *app;
        struct fixture *fixture;
    } from = {.app = work->app};
    return from.fixture;
}

static void run_note(struct work *work, struct job *job)
{
    (void)job;
    struct fixture *fixture = fixture_of(work);
    fixture->runs++;
    fixture->community = work->community ? work->community->id.n : 0;
    work_touches(work, OBJECT_CAMPAIGN, 7);
    sem_post(&fixture->ran);
}

static void run_pages(struct work *work, struct job *job)
{
    struct fixture *fixture = fixture_of(work);
    fixture->cursors[fixture->runs++] = job->cursor;
    job->cursor += 500;
    job->again_at = fixture->runs < PAGES ? work->now : 0;
}

static void write_activity(struct work *work, int64_t object_id)
{
    activity_add(work, &(struct activity){.verb = ACTIVITY_JOIN,
                                          .object = ACTIVITY_SIGN_UP,
                                          .object_id = object_id,
                                          .detail = ""});
}

static void run_tomorrow(struct work *work, struct job *job)
{
    write_activity(work, job->object_id);
    job->cursor++;
    job->again_at = work->now + DAY_SECONDS;
}

/* Rows without end, of which each run takes as many as its page has time for. */
static void run_long(struct work *work, struct job *job)
{
    while (!job_page_is_over(job))
        job->cursor++;
    job->again_at = ++fixture_of(work)->runs < PAGES ? work->now : 0;
}

static void run_write(struct work *work, struct job *job)
{
    write_activity(work, job->object_id);
}

static void run_fail(struct work *work, struct job *job)
{
    fixture_of(work)->runs++;
    write_activity(work, job->object_id);
    tx_do(work->tx, "DELETE FROM a_table_that_is_not_there");
}

/* As if the lease had ended meanwhile and another process had claimed the row. */
static void run_too_slow(struct work *work, struct job *job)
{
    fixture_of(work)->runs++;
    tx_do(work->tx, "UPDATE job SET attempts = attempts + 1 WHERE object_id = ?1", job->object_id);
}

static void run_always(struct work *work, struct job *job)
{
    job->again_at = work->now + MINUTE_SECONDS;
}

static const struct job_kind kinds[] = {
    {"test.note", run_note, false},
    {"test.pages", run_pages, false},
    {"test.tomorrow", run_tomorrow, false},
    {"test.write", run_write, false},
    {"test.fail", run_fail, false},
    {"test.too_slow", run_too_slow, false},
    {"test.always", run_always, true},
    {"test.long", run_long, false},
    {.name = NULL},
};

static const struct feature card = {
    .name = "test",
    .jobs = kinds,
    .export_person = feature_keeps_no_person,
    .forget_person = feature_forgets_no_person,
};

/* The row that always exists is there and has run, so that tests count their own jobs alone. */
static int set_up(void **state)
{
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    sem_init(&fixture->ran, 0, 0);
    core_new(&fixture->core, &card);
    jobs_run_due(&fixture->core.app);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    core_free(&fixture->core);
    sem_destroy(&fixture->ran);
    test_free(fixture);
    return 0;
}

static void ask(struct fixture *fixture, const char *kind, int64_t object_id, int64_t due_at)
{
    job_add(core_begin(&fixture->core), kind, object_id, due_at);
    core_commit(&fixture->core);
}

static void set_clock(struct fixture *fixture, int64_t at)
{
    clock_set(fixture->core.app.clock, at);
}

static int run_due(struct fixture *fixture)
{
    return jobs_run_due(&fixture->core.app);
}

static int64_t rows(struct fixture *fixture)
{
    return core_number(&fixture->core, "SELECT count(*) FROM job WHERE object_id > 0");
}

static int64_t of_job(struct fixture *fixture, const char *column)
{
    return core_number(
        &fixture->core,
        mem_printf(fixture->core.mem, "SELECT %s FROM job WHERE object_id > 0", column));
}

static int64_t effects(struct fixture *fixture)
{
    return core_number(&fixture->core, "SELECT count(*) FROM activity");
}

static void a_job_that_is_asked_for_twice_runs_once(void **state)
{
    struct fixture *fixture = *state;
    ask(fixture, "test.note", 1, CORE_NOW);
    ask(fixture, "test.note", 1, CORE_NOW);
    ask(fixture, "test.note", 2, CORE_NOW);
    assert_int_equal(run_due(fixture), 2);
    assert_int_equal(fixture->runs, 2);
    assert_int_equal(rows(fixture), 0);
    assert_int_equal(run_due(fixture), 0);
}

static void the_earlier_of_two_times_counts(void **state)
{
    struct fixture *fixture = *state;
    ask(fixture, "test.note", 1, CORE_NOW + 20);
    ask(fixture, "test.note", 1, CORE_NOW + 10);
    ask(fixture, "test.note", 1, CORE_NOW + 30);
    assert_int_equal(of_job(fixture, "due_at"), CORE_NOW + 10);
}

static void what_is_asked_again_for_no_earlier_writes_nothing(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i < 3; i++) {
        struct work *work = core_begin(&fixture->core);
        job_add(work, "test.note", 1, CORE_NOW + 10 + i);
        assert_int_equal(tx_fault(work->tx), TX_FINE);
        assert_int_equal(tx_has_written(work->tx), i == 0);
        core_commit(&fixture->core);
    }
}

static void a_job_waits_until_it_is_due(void **state)
{
    struct fixture *fixture = *state;
    ask(fixture, "test.note", 1, CORE_NOW + 10);
    set_clock(fixture, CORE_NOW + 9);
    assert_int_equal(run_due(fixture), 0);
    set_clock(fixture, CORE_NOW + 10);
    assert_int_equal(run_due(fixture), 1);
}

static void a_job_that_is_taken_back_does_not_run(void **state)
{
    struct fixture *fixture = *state;
    ask(fixture, "test.note", 1, CORE_NOW);
    ask(fixture, "test.note", 2, CORE_NOW);
    job_drop(core_begin(&fixture->core), "test.note", 1);
    core_commit(&fixture->core);
    assert_int_equal(run_due(fixture), 1);
}

static void a_job_runs_in_the_community_that_asked_for_it(void **state)
{
    struct fixture *fixture = *state;
    ask(fixture, "test.note", 1, CORE_NOW);
    run_due(fixture);
    assert_int_equal(fixture->community,
                     core_number(&fixture->core, "SELECT id FROM community LIMIT 1"));
}

static void what_a_job_touched_is_published(void **state)
{
    struct fixture *fixture = *state;
    struct commits *commits = fixture->core.app.commits;
    struct object object = {OBJECT_CAMPAIGN, 7};
    int64_t before = commits_of(commits, object);
    ask(fixture, "test.note", 1, CORE_NOW);
    run_due(fixture);
    assert_true(commits_of(commits, object) > before);
}

static void a_job_in_pages_goes_on_from_its_cursor(void **state)
{
    struct fixture *fixture = *state;
    ask(fixture, "test.pages", 1, CORE_NOW);
    assert_int_equal(run_due(fixture), PAGES);
    for (int i = 0; i < PAGES; i++)
        assert_int_equal(fixture->cursors[i], 500 * i);
    assert_int_equal(rows(fixture), 0);
}

static void a_job_that_comes_again_keeps_its_cursor_and_forgets_its_failures(void **state)
{
    struct fixture *fixture = *state;
    ask(fixture, "test.tomorrow", 1, CORE_NOW);
    core_script(&fixture->core, "UPDATE job SET attempts = 3 WHERE object_id = 1");
    assert_int_equal(run_due(fixture), 1);
    assert_int_equal(of_job(fixture, "due_at"), CORE_NOW + DAY_SECONDS);
    assert_int_equal(of_job(fixture, "cursor"), 1);
    assert_int_equal(of_job(fixture, "attempts"), 0);
    assert_int_equal(of_job(fixture, "leased_until"), 0);
}

static void what_failed_is_undone_and_tried_again_after_growing_pauses(void **state)
{
    struct fixture *fixture = *state;
    static const int minutes[] = {1, 4, 16, 64, 256, 360, 360};
    int64_t now = CORE_NOW;
    ask(fixture, "test.fail", 1, now);
    for (size_t i = 0; i < sizeof minutes / sizeof minutes[0]; i++) {
        run_due(fixture);
        assert_int_equal(of_job(fixture, "attempts"), i + 1);
        assert_int_equal(of_job(fixture, "due_at"), now + minutes[i] * MINUTE_SECONDS);
        assert_int_equal(of_job(fixture, "leased_until"), 0);
        now = of_job(fixture, "due_at");
        set_clock(fixture, now);
    }
    assert_int_equal(effects(fixture), 0);
}

static void fail_until_parked(struct fixture *fixture)
{
    ask(fixture, "test.fail", 1, CORE_NOW);
    for (int i = 1; i <= JOB_ATTEMPTS_MAX; i++) {
        run_due(fixture);
        set_clock(fixture, CORE_NOW + i * DAY_SECONDS);
    }
}

static void a_job_that_always_fails_is_parked(void **state)
{
    struct fixture *fixture = *state;
    fail_until_parked(fixture);
    int runs = fixture->runs;
    assert_int_equal(of_job(fixture, "parked_at"), CORE_NOW + (JOB_ATTEMPTS_MAX - 1) * DAY_SECONDS);
    core_begin(&fixture->core);
    const struct job_parked *parked = jobs_parked(&fixture->core.work, 1);
    assert_non_null(
        strstr(parked->fault, "a_table_that_is_not_there")); /* what the database said of it */
    assert_int_equal(parked->attempts, JOB_ATTEMPTS_MAX);
    tx_rollback(fixture->core.work.tx);
    run_due(fixture);
    assert_int_equal(fixture->runs, runs);
}

static void a_parked_job_that_is_asked_for_is_taken_up_again(void **state)
{
    struct fixture *fixture = *state;
    fail_until_parked(fixture);
    int runs = fixture->runs;
    ask(fixture, "test.fail", 1, CORE_NOW + 30 * DAY_SECONDS);
    assert_int_equal(of_job(fixture, "parked_at"), 0);
    assert_int_equal(of_job(fixture, "attempts"), 0);
    run_due(fixture);
    assert_true(fixture->runs > runs);
}

static void hold_until(struct fixture *fixture, int64_t until)
{
    core_script(&fixture->core,
                mem_printf(fixture->core.mem, "UPDATE job SET leased_until = %lld, attempts = 1",
                           (long long)until));
}

static void a_job_that_somebody_holds_is_left_alone_until_the_lease_ends(void **state)
{
    struct fixture *fixture = *state;
    ask(fixture, "test.note", 1, CORE_NOW);
    hold_until(fixture, clock_system_seconds() + 60);
    assert_int_equal(run_due(fixture), 0);
    hold_until(fixture, clock_system_seconds() - 1);
    assert_int_equal(run_due(fixture), 1);
}

static void a_runner_whose_lease_has_ended_does_not_end_the_job(void **state)
{
    struct fixture *fixture = *state;
    ask(fixture, "test.too_slow", 1, CORE_NOW);
    assert_int_equal(run_due(fixture), 1);
    assert_int_equal(fixture->runs, 1);
    assert_int_equal(of_job(fixture, "attempts"), 2);
    assert_true(of_job(fixture, "leased_until") > 0);
}

static void a_job_that_ended_the_process_each_time_is_parked_without_a_run(void **state)
{
    struct fixture *fixture = *state;
    ask(fixture, "test.note", 1, CORE_NOW);
    core_script(&fixture->core,
                "UPDATE job SET attempts = 8, leased_until = 1 WHERE object_id = 1");
    run_due(fixture);
    assert_int_equal(fixture->runs, 0);
    assert_int_equal(of_job(fixture, "parked_at"), CORE_NOW);
}

static void a_kind_that_nobody_knows_is_parked(void **state)
{
    struct fixture *fixture = *state;
    ask(fixture, "test.from_a_newer_version", 1, CORE_NOW);
    ask(fixture, "test.note", 2, CORE_NOW);
    run_due(fixture);
    assert_int_equal(fixture->runs, 1);
    assert_int_equal(of_job(fixture, "parked_at"), CORE_NOW);
    assert_int_equal(run_due(fixture), 0);
}

static void a_kind_that_is_always_there_has_one_row(void **state)
{
    struct fixture *fixture = *state;
    static const char count[] = "SELECT count(*) FROM job WHERE kind = 'test.always'";
    assert_int_equal(core_number(&fixture->core, count), 1);
    set_clock(fixture, CORE_NOW + MINUTE_SECONDS);
    assert_int_equal(run_due(fixture), 1);
    assert_int_equal(core_number(&fixture->core, count), 1);
}

/* The n-th call of the database fails, for each n; what is left then ends by itself: the pause, or
 * the lease. */
static void whatever_fails_the_job_is_done_once(void **state)
{
    struct fixture *fixture = *state;
    bool reached = true;
    int n;
    for (n = 1; reached && n < FAILURES_MAX; n++) {
        int64_t effects_before = effects(fixture);
        int64_t now = CORE_NOW + n * DAY_SECONDS;
        set_clock(fixture, now);
        ask(fixture, "test.write", n, now);
        struct db_failure failure = {.countdown = n, .batch = n % 2 == 0};
        db_fail(fixture->core.db, &failure);
        run_due(fixture);
        db_fail(fixture->core.db, NULL);
        reached = failure.reached;
        core_script(&fixture->core, "UPDATE job SET leased_until = 0");
        set_clock(fixture, now + HOUR_SECONDS);
        run_due(fixture);
        assert_int_equal(effects(fixture), effects_before + 1);
        assert_int_equal(rows(fixture), 0);
    }
    assert_in_range(n, 8, FAILURES_MAX - 1);
}

static bool write_nothing(struct writer_task *task, struct tx *tx)
{
    (void)task, (void)tx;
    return true;
}

static void done(struct writer_task *task, enum writer_end end)
{
    (void)task;
    assert_int_equal(end, WRITER_KEPT);
}

static void a_page_ends_when_others_have_waited_long_enough(void **state)
{
    struct fixture *fixture = *state;
    ask(fixture, "test.long", 1, CORE_NOW);
    int64_t began_ms = clock_monotonic_ms();
    run_due(fixture);
    assert_int_equal(fixture->runs, PAGES);
    assert_int_equal(rows(fixture), 0);
    assert_in_range(clock_monotonic_ms() - began_ms, PAGES * JOB_PAGE_MS, 60000);
}

/* A commit that wrote nothing says nothing about the disk, so while that fails each look writes. */
static void after_a_commit_that_failed_the_next_look_finds_out_when_the_disk_writes(void **state)
{
    struct fixture *fixture = *state;
    struct writer *writer = fixture->core.app.writer;
    struct writer_task nothing = {.mem = fixture->core.mem, .run = write_nothing, .done = done};
    struct db_failure failure = {.countdown = 1, .lasting = true, .batch = true};
    run_due(fixture);
    assert_true(writer_is_well(writer));
    db_fail(fixture->core.db, &failure);
    run_due(fixture);
    db_fail(fixture->core.db, NULL);
    assert_false(writer_is_well(writer));
    assert_true(writer_submit(writer, &nothing));
    assert_false(writer_is_well(writer));
    run_due(fixture);
    assert_true(writer_is_well(writer));
}

/* Lets the thread work until a job has run, and gives how long it took to stop then. */
static int64_t run_thread(struct fixture *fixture)
{
    struct app *app = &fixture->core.app;
    struct writer *unthreaded = app->writer;
    app->writer = writer_start(fixture->core.mem, fixture->core.db, NULL, true);
    struct jobs *jobs = jobs_start(app);
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 30;
    int waited;
    while ((waited = sem_timedwait(&fixture->ran, &until)) != 0 && errno == EINTR)
        continue;
    int64_t asked_ms = clock_monotonic_ms();
    jobs_stop(jobs);
    int64_t stopped_ms = clock_monotonic_ms() - asked_ms;
    writer_stop(app->writer);
    app->writer = unthreaded;
    assert_int_equal(waited, 0);
    return stopped_ms;
}

static void the_thread_runs_what_is_due_and_stops_at_once(void **state)
{
    struct fixture *fixture = *state;
    ask(fixture, "test.note", 1, CORE_NOW);
    assert_in_range(run_thread(fixture), 0, 5000);
    assert_int_equal(rows(fixture), 0);
}

static void what_a_process_held_when_it_died_is_taken_up_at_the_next_start(void **state)
{
    struct fixture *fixture = *state;
    ask(fixture, "test.note", 1, CORE_NOW);
    core_script(&fixture->core, "UPDATE job SET attempts = 1, leased_until = 9999999999");
    run_due(fixture);
    assert_int_equal(fixture->runs, 0);
    run_thread(fixture);
    assert_int_equal(fixture->runs, 1);
    assert_int_equal(rows(fixture), 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_job_that_is_asked_for_twice_runs_once),
        TEST(the_earlier_of_two_times_counts),
        TEST(what_is_asked_again_for_no_earlier_writes_nothing),
        TEST(a_job_waits_until_it_is_due),
        TEST(a_job_that_is_taken_back_does_not_run),
        TEST(a_job_runs_in_the_community_that_asked_for_it),
        TEST(what_a_job_touched_is_published),
        TEST(a_job_in_pages_goes_on_from_its_cursor),
        TEST(a_job_that_comes_again_keeps_its_cursor_and_forgets_its_failures),
        TEST(what_failed_is_undone_and_tried_again_after_growing_pauses),
        TEST(a_job_that_always_fails_is_parked),
        TEST(a_parked_job_that_is_asked_for_is_taken_up_again),
        TEST(a_job_that_somebody_holds_is_left_alone_until_the_lease_ends),
        TEST(a_runner_whose_lease_has_ended_does_not_end_the_job),
        TEST(a_job_that_ended_the_process_each_time_is_parked_without_a_run),
        TEST(a_kind_that_nobody_knows_is_parked),
        TEST(a_kind_that_is_always_there_has_one_row),
        TEST(whatever_fails_the_job_is_done_once),
        TEST(a_page_ends_when_others_have_waited_long_enough),
        TEST(after_a_commit_that_failed_the_next_look_finds_out_when_the_disk_writes),
        TEST(the_thread_runs_what_is_due_and_stops_at_once),
        TEST(what_a_process_held_when_it_died_is_taken_up_at_the_next_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
