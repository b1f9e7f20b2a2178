/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of GET /metrics: what the cards tell of the database, to whom, and what a fault makes of
 * it. The format is tests/wire/metrics.test.mjs's matter. */
#include "story/story.h"

#include <string.h>

#include "main/program.h"
#include "story/make_sign_ups.h"
#include "sys/db.h"
#include "web/work.h"

static void park_one(struct work *work, void *context)
{
    (void)context;
    tx_do(work->tx,
          "INSERT INTO job (id, community_id, kind, object_id, cursor, due_at, leased_until, "
          "attempts, parked_at) VALUES (?1, NULL, 'signups.past', ?1, 0, 1, 0, 8, ?2)",
          work_new_id(work), work->now);
}

static void one_that_is_due(struct work *work, void *context)
{
    (void)context;
    tx_do(work->tx,
          "INSERT INTO job (id, community_id, kind, object_id, cursor, due_at, leased_until, "
          "attempts, parked_at) VALUES (?1, NULL, 'signups.past', ?1, 0, ?2, 0, 0, 0)",
          work_new_id(work), work->now);
}

static void jobs_and_mails_are_counted_for_the_whole_install(void **state)
{
    struct story *story = *state;
    struct answer answer = story_get(story, "/metrics");
    assert_true(answer_says(answer, "\nessaim_jobs_parked 0\n"));
    assert_true(answer_says(answer, "\nessaim_mails_waiting{turn=\"at_once\"} 0\n"));
    ((struct config *)story->program->app.config)->mailbox = false; /* the story's own */
    make_hedge(story, 20);
    guest_asks(story, "haie", "anne@example.org", "");
    story_run_jobs(story);
    story_write(story, park_one, NULL);
    story_write(story, one_that_is_due, NULL);
    answer = story_get(story, "/metrics");
    assert_string_equal(answer.type, "text/plain; version=0.0.4; charset=utf-8");
    assert_true(answer_says(answer, "\nessaim_jobs_parked 1\n"));
    assert_true(answer_says(answer, "\nessaim_jobs_due 1\n"));
    assert_true(answer_says(answer, "\nessaim_mails_waiting{turn=\"at_once\"} 1\n"));
}

/* The fault sweep of the story has sent the page with each of its database calls failing. */
static void what_the_database_fails_is_counted_as_a_fault(void **state)
{
    struct story *story = *state;
    story_get(story, "/metrics");
    assert_true(story->sweep_requests > 0);
    struct answer answer = story_get(story, "/metrics");
    assert_false(answer_says(answer, "\nessaim_faults_total 0\n"));
    assert_true(answer_says(answer, "route=\"/metrics\",status=\"5xx\"}"));
}

static void it_is_nobody_s_who_is_not_on_this_machine(void **state)
{
    struct story *story = *state;
    const char *const headers[] = {"X-Forwarded-For: 192.0.2.7", NULL};
    assert_int_equal(story_send(story, "GET", "/metrics", headers, NULL).status, 404);
    story->host = "essaim.example";
    assert_int_equal(story_get(story, "/metrics").status, 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(jobs_and_mails_are_counted_for_the_whole_install),
        story_test(what_the_database_fails_is_counted_as_a_fault),
        story_test(it_is_nobody_s_who_is_not_on_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
