/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of the page from which a campaign is led: who sees it, and what it says there is to do.
 */
#include "features/campaigns/campaigns.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "story/make_sign_ups.h"
#include "web/feature.h"

#define PAUL "paul@example.org"
#define PAGE "/campaigns/haie/organise"

static void whoever_leads_it_sees_the_page(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    struct answer answer = story_get(story, PAGE);
    assert_int_equal(answer.status, 200);
    assert_true(answer_says(answer, "Ce qu’il y a à faire"));
    assert_string_equal(answer_text(story_get_json(story, PAGE), "state"), "open");
}

static void facilitators_lead_every_campaign(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    story_sign_in_as(story, PAUL, ROLE_FACILITATOR);
    assert_int_equal(story_get(story, PAGE).status, 200);
}

static void to_others_there_is_nothing_here(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    story_sign_in(story, PAUL);
    assert_int_equal(story_get(story, PAGE).status, 404);
    story_sign_out(story);
    assert_int_equal(story_get_json(story, PAGE).status, 401);
    struct answer answer = story_get(story, PAGE);
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, "/sign-in?next=%2Fcampaigns%2Fhaie%2Forganise");
}

static void a_draft_wants_to_be_published(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    nadia_leads(story, make_unpublished(story, &draft));
    struct answer answer = story_get_json(story, PAGE);
    assert_string_equal(answer_text(answer, "state"), "draft");
    assert_non_null(strstr(answer_text(answer, "todos.0.words"), "brouillon"));
}

static void a_week_before_the_deadline_missing_people_are_something_to_do(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.campaign.closes_at += DAY_SECONDS;
    nadia_leads(story, make_campaign(story, &draft));
    struct answer answer = story_get_json(story, PAGE);
    assert_non_null(strstr(answer_text(answer, "todos.0.words"), "Personne"));
    assert_string_equal(answer_text(answer, "todos.0.url"), PAGE "#share");
    story_wait(story, DAY_SECONDS);
    answer = story_get_json(story, PAGE);
    assert_non_null(strstr(answer_text(answer, "todos.0.words"), "7 jours"));
    assert_non_null(strstr(answer_text(answer, "todos.0.words"), "60 personnes"));
    assert_false(answer_says(story_get(story, PAGE), "class=\"now\""));
    story_wait(story, 4 * DAY_SECONDS);
    assert_true(answer_says(story_get(story, PAGE), "class=\"now\""));
}

static void when_people_leave_a_campaign_that_is_on_its_organiser_hears_of_it(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.campaign.minimum = 2;
    nadia_leads(story, make_campaign(story, &draft));
    const char *link = guest_comes(story, "haie", PAUL, "party=2");
    assert_true(answer_says(story_get_json(story, PAGE), "\"todos\":[]"));
    guest_sends(story, link, "cancel", "");
    struct answer answer = story_get_json(story, PAGE);
    assert_string_equal(answer_text(answer, "state"), "reached");
    assert_non_null(strstr(answer_text(answer, "todos.0.words"), "moins"));
}

static void where_more_left_than_came_nobody_is_new(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    const char *anne = guest_comes(story, "haie", "anne@example.org", "party=2");
    story_wait(story, DAY_SECONDS);
    guest_sends(story, anne, "cancel", "");
    assert_int_equal(answer_int(story_get_json(story, "/campaigns/haie/organise"), "came_today"),
                     0);
}

static void it_says_how_many_came_today_and_within_a_week(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", PAUL, "party=2");
    story_wait(story, DAY_SECONDS);
    guest_comes(story, "haie", "anne@example.org", "party=3");
    struct answer answer = story_get_json(story, PAGE);
    assert_int_equal(answer_int(answer, "came_today"), 3);
    assert_int_equal(answer_int(answer, "came_this_week"), 5);
}

static void what_is_more_urgent_comes_first(void **state)
{
    struct story *story = *state;
    struct todo_list list = {.mem = story->mem};
    todo_add(&list, &(struct todo){.urgency = TODO_LATER, .words = "d"});
    todo_add(&list, &(struct todo){.urgency = TODO_NOW, .words = "a"});
    todo_add(&list, &(struct todo){.urgency = TODO_SOON, .words = "c"});
    todo_add(&list, &(struct todo){.urgency = TODO_NOW, .words = "b"});
    const char *wanted = "abcd";
    for (const struct todo *todo = list.first; todo; todo = todo->next)
        assert_int_equal(todo->words[0], *wanted++);
    assert_int_equal(*wanted, '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(whoever_leads_it_sees_the_page),
        story_test(facilitators_lead_every_campaign),
        story_test(to_others_there_is_nothing_here),
        story_test(a_draft_wants_to_be_published),
        story_test(a_week_before_the_deadline_missing_people_are_something_to_do),
        story_test(when_people_leave_a_campaign_that_is_on_its_organiser_hears_of_it),
        story_test(where_more_left_than_came_nobody_is_new),
        story_test(it_says_how_many_came_today_and_within_a_week),
        story_test(what_is_more_urgent_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
