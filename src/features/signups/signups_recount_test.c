/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of a session that lasts otherwise than before, with more people than a page of a job. */
#include "features/signups/signups_local.h"

#include "base/limits.h"
#include "base/mem.h"
#include "core/jobs/jobs.h"
#include "story/make_crowd.h"
#include "story/make_organisers.h"
#include "story/make_sign_ups.h"
#include "sys/db.h"
#include "web/feature.h"
#include "web/work.h"

enum { CROWD = 2 * JOB_PAGE_ROWS + 1 };

static struct campaign_id crowd_comes(struct story *story)
{
    story->sweeps = false;
    struct campaign_id id = make_crowd(story, CROWD);
    nadia_leads(story, id);
    return id;
}

static void lasts_until(struct story *story, const char *hour)
{
    const char *session = session_handle(story, "haie", 0);
    struct answer answer =
        story_post(story, mem_printf(story->mem, "/campaigns/haie/edit/sessions/%s", session),
                   mem_printf(story->mem,
                              "starts=2026-11-28T14:00&ends=2026-11-28T%s:00&time_zone=Europe/Paris"
                              "&capacity=2000&sure=true",
                              hour));
    assert_int_equal(answer.status, 303);
}

static int64_t hours(struct story *story)
{
    return answer_int(story_get_json(story, "/campaigns/haie"), "progress.hours");
}

/* One run, whose page is full; then the campaign has the sum of its rows, some of them old. */
static void one_page(struct work *work, void *context)
{
    const struct campaign_id *id = context;
    const struct session *session = campaign_sessions(work, *id);
    struct job job = {.kind = JOB_MINUTES, .object_id = session->id.n, .page_ends_ms = INT64_MAX};
    sign_up_minutes_run(work, &job);
    assert_true(job.cursor > 0);
    assert_true(job.again_at > 0);
    assert_null(sign_up_check(work));
    assert_int_equal(campaign_get(work, *id)->minutes,
                     JOB_PAGE_ROWS * 180 + (CROWD - JOB_PAGE_ROWS) * 120);
}

static void the_hours_of_many_follow_page_by_page_and_add_up_on_the_way(void **state)
{
    struct story *story = *state;
    struct campaign_id id = crowd_comes(story);
    lasts_until(story, "17");
    assert_int_equal(hours(story), CROWD * 2); /* nothing is written while the organiser waits */
    story_write(story, one_page, &id);
    story_run_jobs(story);
    assert_int_equal(hours(story), CROWD * 3);
}

/* As it stands just before the end of its last page. */
static void nearly_done(struct work *work, void *context)
{
    (void)context;
    tx_do(work->tx, "UPDATE job SET cursor = (SELECT MAX(id) FROM sign_up) WHERE kind = ?1",
          JOB_MINUTES);
}

static void what_changes_again_meanwhile_begins_anew(void **state)
{
    struct story *story = *state;
    crowd_comes(story);
    lasts_until(story, "17");
    story_write(story, nearly_done, NULL);
    lasts_until(story, "18");
    story_run_jobs(story);
    assert_int_equal(hours(story), CROWD * 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(the_hours_of_many_follow_page_by_page_and_add_up_on_the_way),
        story_test(what_changes_again_meanwhile_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
