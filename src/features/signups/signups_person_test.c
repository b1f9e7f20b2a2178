/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of a person's own data: all of it is given out, and when it is erased nothing is left
 * that tells of them, in no table, while the counts stay what they were. */
#include "story/make_sign_ups.h"

#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/time.h"
#include "features/signups/signups.h"
#include "story/make_campaigns.h"
#include "sys/db.h"
#include "sys/db_testing.h"
#include "web/app.h"
#include "web/feature.h"
#include "web/work.h"

#define ZOE "zebuline@example.org"
#define PAUL "paul@example.org"

static void export(struct work *work, void *context)
{
    for (const struct feature *const *f = work->app->features; *f; f++)
        (*f)->export_person(work, ZOE, *(json_t **)context);
}

/* What the program gives out of Zoé. */
static struct answer exported(struct story *story)
{
    json_t *object = json_object();
    json_array_append_new(story->answers, object);
    story_write(story, export, &object);
    return (struct answer){.body = "", .json = object};
}

static void forget(struct work *work, void *context)
{
    (void)context;
    feature_forget_person(work, ZOE);
}

/* Every text of every table that contains the name or the address, in any spelling. */
static int traces_in_table(struct work *work, const char *table)
{
    int traces = 0;
    const char *sql = mem_printf(work->mem, "SELECT * FROM \"%s\"", table);
    for (const struct db_row *row = tx_rows(work->tx, sql); row; row = row->next)
        for (int i = 0; i < row->columns; i++) {
            const struct db_value *value = row_value(row, i);
            traces += value->type == DB_TEXT && strcasestr(value->bytes, "zebuline");
        }
    return traces;
}

static void count_traces(struct work *work, void *context)
{
    const struct db_row *row = tx_rows(work->tx, database_tables_sql());
    for (; row; row = row->next)
        *(int *)context += traces_in_table(work, row_text(row, 0));
}

static int traces(struct story *story)
{
    int count = 0;
    story_write(story, count_traces, &count);
    return count;
}

static void a_person_is_given_every_sign_up_and_every_mail(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    make_dates(story);
    guest_comes(story, "haie", ZOE, "party=3&show_name=true");
    guest_asks(story, "dates", ZOE, on_date(story, MORNING, ""));
    guest_comes(story, "haie", PAUL, "");
    struct answer data = exported(story);
    assert_int_equal(json_array_size(json_object_get(data.json, "sign_ups")), 2);
    assert_int_equal(json_array_size(json_object_get(data.json, "mails")), 3);
    assert_string_equal(answer_text(data, "sign_ups.0.campaign"), "haie");
    assert_string_equal(answer_text(data, "sign_ups.0.first_name"), "Zebuline");
    assert_string_equal(answer_text(data, "sign_ups.0.email"), ZOE);
    assert_string_equal(answer_text(data, "sign_ups.0.state"), "confirmed");
    assert_int_equal(answer_int(data, "sign_ups.0.party"), 3);
    assert_string_equal(answer_text(data, "sign_ups.1.state"), "pending");
}

static void of_who_never_came_nothing_is_given(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_comes(story, "haie", PAUL, "");
    struct answer data = exported(story);
    assert_int_equal(json_array_size(json_object_get(data.json, "sign_ups")), 0);
    assert_int_equal(json_array_size(json_object_get(data.json, "mails")), 0);
}

/* Zoé in every way: in, waiting, gone, having brought somebody, and written to. */
static const char *make_zoe(struct story *story)
{
    make_hedge(story, 20);
    make_dates(story);
    const char *link = guest_comes(story, "haie", "Zebuline@Example.org", "party=3&show_name=true");
    guest_sends(story, guest_comes(story, "dates", ZOE, on_date(story, MORNING, "")), "cancel", "");
    guest_asks(story, "dates", ZOE, on_date(story, AFTERNOON, "party=2"));
    const char *url = answer_text(story_get_json(story, link), "share_url");
    guest_comes(story, "haie", PAUL, strstr(url, "ref="));
    return link;
}

static void who_is_forgotten_leaves_no_trace_in_any_table(void **state)
{
    struct story *story = *state;
    make_zoe(story);
    assert_true(traces(story) > 5);
    story_write(story, forget, NULL);
    assert_int_equal(traces(story), 0);
    assert_int_equal(json_array_size(json_object_get(exported(story).json, "sign_ups")), 0);
    assert_int_equal(story_mail_count(story, ZOE), 0);
    assert_true(story_mail_count(story, PAUL) > 0);
}

static void the_counts_stay_what_they_were(void **state)
{
    struct story *story = *state;
    make_zoe(story);
    story_write(story, forget, NULL);
    assert_int_equal(people_of(story, "haie"), 4);
    assert_int_equal(session_left_of(story, "haie", 0), 16);
    assert_int_equal(session_left_of(story, "dates", AFTERNOON), 8);
    story_wait(story, 30 * 60); /* what waited lapses as it would have */
    assert_int_equal(session_left_of(story, "dates", AFTERNOON), 10);
    assert_int_equal(traces(story), 0);
}

static void their_links_open_nothing_and_their_name_is_on_no_page(void **state)
{
    struct story *story = *state;
    const char *link = make_zoe(story);
    const char *calendar = mem_printf(story->mem, "%s/calendar.ics", link);
    assert_true(answer_says(story_get(story, "/campaigns/haie"), "<li>Zebuline</li>"));
    story_write(story, forget, NULL);
    assert_int_equal(story_get(story, link).status, 404);
    assert_int_equal(story_get(story, calendar).status, 404);
    assert_int_equal(guest_sends(story, link, "cancel", "").status, 404);
    assert_false(answer_says(story_get(story, "/campaigns/haie"), "Zebuline"));
    assert_int_equal(people_of(story, "haie"), 4);
}

static void a_code_that_was_still_open_is_nothing_any_more(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    struct answer answer = guest_asks_json(story, "haie", ZOE, "");
    const char *code = story_mail_code(story, ZOE);
    story_write(story, forget, NULL);
    const char *handle = answer_text(answer, "handle");
    assert_int_equal(guest_types(story, "haie", handle, code).status, 404);
    assert_int_equal(people_of(story, "haie"), 0);
}

static void count_mails(struct work *work, void *context)
{
    *(int64_t *)context = row_int(tx_one(work->tx, "SELECT COUNT(*) FROM mail"), 0);
}

static int64_t mails_of_all(struct story *story)
{
    int64_t count = 0;
    story_write(story, count_mails, &count);
    return count;
}

static void nobody_is_written_to_under_the_address_that_is_nobodys(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("balai", "Du balai");
    draft.campaign.minimum = 3;
    make_campaign(story, &draft);
    guest_comes(story, "balai", ZOE, "party=2");
    story_write(story, forget, NULL);
    guest_comes(story, "balai", PAUL, "");
    int64_t before = mails_of_all(story);
    story_run_jobs(story); /* it is on */
    assert_int_equal(mails_of_all(story), before + 1);
}

static void who_was_forgotten_may_come_again_as_somebody_new(void **state)
{
    struct story *story = *state;
    const char *link = make_zoe(story);
    story_write(story, forget, NULL);
    assert_string_not_equal(guest_comes(story, "haie", ZOE, ""), link);
    assert_int_equal(people_of(story, "haie"), 5);
}

static void to_forget_again_or_who_never_came_changes_nothing(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_comes(story, "haie", PAUL, "show_name=true");
    story_write(story, forget, NULL);
    story_write(story, forget, NULL);
    assert_true(answer_says(story_get(story, "/campaigns/haie"), "<li>Paul</li>"));
    assert_int_equal(people_of(story, "haie"), 1);
}

static void spoil(struct work *work, void *context)
{
    (void)context;
    assert_null(signups_feature.check(work));
    tx_do(work->tx, "UPDATE session SET taken = taken + 1");
    assert_non_null(strstr(signups_feature.check(work), "places of session"));
    tx_do(work->tx, "UPDATE session SET taken = taken - 1");
    tx_do(work->tx, "UPDATE campaign SET people = people + 1");
    assert_non_null(strstr(signups_feature.check(work), "campaign haie"));
    tx_do(work->tx, "UPDATE campaign SET people = people - 1, minutes = minutes + 1");
    assert_non_null(strstr(signups_feature.check(work), "campaign haie"));
    tx_do(work->tx, "UPDATE campaign SET minutes = minutes - 1");
}

static void the_check_finds_counters_that_are_not_the_sums_of_their_rows(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_comes(story, "haie", PAUL, "party=2");
    guest_asks(story, "haie", ZOE, "");
    story_write(story, spoil, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(a_person_is_given_every_sign_up_and_every_mail),
        story_test(of_who_never_came_nothing_is_given),
        story_test(who_is_forgotten_leaves_no_trace_in_any_table),
        story_test(the_counts_stay_what_they_were),
        story_test(their_links_open_nothing_and_their_name_is_on_no_page),
        story_test(a_code_that_was_still_open_is_nothing_any_more),
        story_test(nobody_is_written_to_under_the_address_that_is_nobodys),
        story_test(who_was_forgotten_may_come_again_as_somebody_new),
        story_test(to_forget_again_or_who_never_came_changes_nothing),
        story_test(the_check_finds_counters_that_are_not_the_sums_of_their_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
