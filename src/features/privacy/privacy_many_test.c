/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One's own data where there is very much of it: five thousand sign-ups of one address are given
 * out, and erased in pages, none of which holds up anybody. */
#include "story/make_sign_ups.h"

#include <jansson.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "features/privacy/privacy_local.h"
#include "sys/db.h"
#include "web/work.h"

enum { MANY = 5000, TABLE = 2000 };

#define ZOE "zebuline@example.org"

/* Years of coming and going, as many times as `context` says: rows, since as many requests would
 * take minutes. */
static void multiply(struct work *work, void *context)
{
    tx_do(work->tx,
          "INSERT INTO sign_up (id, community_id, campaign_id, session_id, handle, generation, ref,"
          " brought_by, email, first_name, language, party, minutes_each, show_name, state, rank,"
          " created_at, confirmed_at, expires_at, asked, note)"
          " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)"
          " SELECT s.id + n.i, s.community_id, s.campaign_id, s.session_id, s.handle || n.i, 1,"
          " s.ref || n.i, 0, s.email, s.first_name, s.language, 1, 0, 0, 'cancelled', 0,"
          " s.created_at, 0, 0, 1, 'a word of hers' FROM sign_up s, n WHERE s.email = ?1",
          ZOE, *(int *)context);
}

/* How many rows are still hers. */
static void count_hers(struct work *work, void *context)
{
    *(int64_t *)context =
        row_int(tx_one(work->tx,
                       "SELECT (SELECT COUNT(*) FROM sign_up WHERE email = ?1 OR first_name ="
                       " 'Zebuline' OR note <> '') + (SELECT COUNT(*) FROM erasing)",
                       ZOE),
                0);
}

static int64_t hers(struct story *story)
{
    int64_t count = 0;
    story_write(story, count_hers, &count);
    return count;
}

/* She is in "haie", and was there so often before; the link to her data. */
static const char *link_of(struct story *story, int many)
{
    story->sweeps = false;
    make_hedge(story, 20);
    guest_comes(story, "haie", ZOE, "party=3");
    story_write(story, multiply, &many);
    story_post(story, "/my-data", "email=" ZOE);
    return story_mail_path(story, ZOE, "/my-data/");
}

static void all_of_it_is_given_out(void **state)
{
    struct story *story = *state;
    const char *link = link_of(story, MANY);
    assert_int_equal(story_get(story, link).status, 200);
    struct answer json = story_get_json(story, mem_printf(story->mem, "%s/data.json", link));
    assert_int_equal(json.status, 200);
    assert_int_equal(json_array_size(json_object_get(json.json, "sign_ups")), MANY + 1);
}

/* A table is longer, and a story holds an answer whole. */
static void so_it_is_as_a_table(void **state)
{
    struct story *story = *state;
    const char *link = link_of(story, TABLE);
    struct answer csv = story_get(story, mem_printf(story->mem, "%s/data.csv", link));
    assert_int_equal(csv.status, 200);
    assert_true(answer_says(csv, "\r\nsign_ups;500;first_name;Zebuline\r\n"));
    assert_true(answer_says(csv, "\r\nsign_ups;501;first_name;Zebuline\r\n"));
    assert_true(answer_says(csv, "\r\nsign_ups;2001;first_name;Zebuline\r\n"));
    assert_false(answer_says(csv, "\r\nsign_ups;2002;"));
}

static void it_is_erased_in_pages_and_counts_stay(void **state)
{
    struct story *story = *state;
    const char *link = link_of(story, MANY);
    struct answer answer = story_post(story, mem_printf(story->mem, "%s/erase", link), "sure=true");
    assert_int_equal(answer.status, 303);
    assert_int_equal(hers(story), MANY + 1 - JOB_PAGE_ROWS + 1); /* and who is being erased */
    assert_int_equal(story_mail_count_about(story, ZOE, "effacées"), 0);
    story_run_jobs(story);
    assert_int_equal(hers(story), 0);
    assert_int_equal(people_of(story, "haie"), 3);
    assert_int_equal(story_mail_count_about(story, ZOE, "effacées"), 1);
}

/* Whoever presses the button again meanwhile is told the same, once. */
static void asking_again_meanwhile_changes_nothing(void **state)
{
    struct story *story = *state;
    const char *erase = mem_printf(story->mem, "%s/erase", link_of(story, MANY));
    assert_int_equal(story_post(story, erase, "sure=true").status, 303);
    assert_int_equal(story_post(story, erase, "sure=true").status, 303);
    story_run_jobs(story);
    assert_int_equal(hers(story), 0);
    assert_int_equal(story_mail_count_about(story, ZOE, "effacées"), 1);
    assert_int_equal(story_post(story, erase, "sure=true").status, 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(all_of_it_is_given_out),
        story_test(so_it_is_as_a_table),
        story_test(it_is_erased_in_pages_and_counts_stay),
        story_test(asking_again_meanwhile_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
