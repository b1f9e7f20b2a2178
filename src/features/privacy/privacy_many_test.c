/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One's own data where there is very much of it: five thousand sign-ups of one address are given
 * out, and erased in pages, none of which holds up anybody; hundreds of long texts fit as well. */
#include "story/make_sign_ups.h"

#include <jansson.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "features/messages/messages.h"
#include "features/privacy/privacy_local.h"
#include "features/reports/reports.h"
#include "main/features.h"
#include "story/make_organisers.h"
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

enum { LONG = 400 };
#define NADIA "nadia@example.org"
#define NUMBERS " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)"

/* Nadia leads so many more of them, with stories as long as they may be. */
static void multiply_campaigns(struct work *work, void *context)
{
    tx_do(work->tx,
          "INSERT INTO campaign (id, community_id, slug, title, summary, story, story_html,"
          " language, state, organiser_name, organiser_email, place, online, time_zone, opens_at,"
          " closes_at, acts_from, acts_until, goal_unit, minimum, target, quantity_unit, party_max,"
          " asks_hours, minutes_each, allows_overlap, created_at, reached_at, people, minutes,"
          " quantity, waiting, version)" NUMBERS
          " SELECT c.id + n.i, c.community_id, c.slug || n.i, c.title, c.summary, ?2, '',"
          " c.language, 'draft', '', '', c.place, c.online, c.time_zone, c.opens_at, c.closes_at,"
          " 0, 0, c.goal_unit, c.minimum, c.target, c.quantity_unit, c.party_max, 0, 0, 0,"
          " c.created_at, 0, 0, 0, 0, 0, 1 FROM campaign c, n WHERE c.slug = 'haie'",
          LONG, (const char *)context);
    tx_do(work->tx, "INSERT INTO campaign_address (community_id, slug, campaign_id)"
                    " SELECT community_id, slug, id FROM campaign WHERE state = 'draft'");
    tx_do(work->tx, "INSERT INTO campaign_organiser (campaign_id, person_id, since)"
                    " SELECT c.id, o.person_id, o.since FROM campaign c, campaign_organiser o"
                    " WHERE c.state = 'draft'");
}

/* She has told a number in each of them. */
static void multiply_reports(struct work *work, void *context)
{
    (void)context;
    tx_do(work->tx,
          "INSERT INTO report (id, community_id, campaign_id, sign_up_id, handle, quantity, note,"
          " how, set_aside, shows_note, checked_at, created_at)"
          " SELECT c.id, c.community_id, c.id, s.id, c.slug, 1, '', 'declared', 1, 0, 0,"
          " c.created_at FROM campaign c, sign_up s WHERE c.state = 'draft'");
}

/* And has written to those of one for years. */
static void multiply_messages(struct work *work, void *context)
{
    tx_do(
        work->tx,
        "INSERT INTO campaign_message (id, community_id, campaign_id, session_id, handle,"
        " author_id, subject, body, body_html, state, sent_at, mails)" NUMBERS
        " SELECT c.id + n.i, c.community_id, c.id, 0, 'haie' || n.i, o.person_id, 'Lundi', ?2, ?2,"
        " 'sent', c.created_at, 0 FROM campaign c, campaign_organiser o, n WHERE c.slug = 'haie'"
        " AND o.campaign_id = c.id",
        LONG, (const char *)context);
}

static void long_texts_are_given_out_in_the_memory_of_a_request(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    struct campaign_id id = make_hedge(story, 20);
    guest_comes(story, "haie", NADIA, "");
    nadia_leads(story, id);
    char *words = mem_alloc(story->mem, MARKDOWN_BYTES_MAX + 1);
    memset(words, 'x', MARKDOWN_BYTES_MAX);
    story_write(story, multiply_campaigns, words);
    if (features_have(&reports_feature))
        story_write(story, multiply_reports, NULL);
    if (features_have(&messages_feature))
        story_write(story, multiply_messages, words);
    story_post(story, "/my-data", "");
    struct answer page = story_get(story, story_mail_path(story, NADIA, "/my-data/"));
    assert_int_equal(page.status, 200);
    assert_true(answer_says(page, "Campagnes que vous menez</dt><dd>401</dd>"));
    assert_int_equal(answer_says(page, "Chiffres et mots que vous avez donnés</dt><dd>400</dd>"),
                     features_have(&reports_feature));
    assert_int_equal(answer_says(page, "écrits aux participants</dt><dd>400</dd>"),
                     features_have(&messages_feature));
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
        story_test(long_texts_are_given_out_in_the_memory_of_a_request),
        story_test(it_is_erased_in_pages_and_counts_stay),
        story_test(asking_again_meanwhile_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
