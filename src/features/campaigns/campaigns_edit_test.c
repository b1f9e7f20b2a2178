/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of editing what people can see: what may still change in each state, what follows from a
 * change, and campaigns that are in no list. */
#include "story/story.h"

#include "base/mem.h"
#include "base/time.h"
#include "features/campaigns/campaigns.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "story/make_sign_ups.h"

#define EDIT "/campaigns/une-haie/edit"
#define ANNE "anne@example.org"
#define PAUL "paul@example.org"

/* Led by Nadia, who is signed in; it has no dates, and takes an hour and a half each. */
static void make_led(struct story *story, int64_t minimum)
{
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    draft.campaign.minutes_each = 90;
    draft.campaign.minimum = minimum;
    nadia_leads(story, make_campaign(story, &draft));
}

/* The form as it stands for that campaign, with `change` before it. */
static struct answer edit(struct story *story, const char *change)
{
    struct answer was = story_get_json(story, EDIT);
    return story_post(
        story, EDIT,
        mem_printf(story->mem,
                   "%s&title=Une+haie&summary=Soixante+personnes.&story=Le+verger.&language=fr"
                   "&organiser_name=Nadia&organiser_email=nadia%%40example.org&place=Crest"
                   "&goal=people&minimum=%lld&opens=%s&closes=%s&time_zone=Europe/Paris"
                   "&party_max=5&minutes_each=90",
                   change, (long long)answer_int(was, "minimum"), answer_text(was, "opens"),
                   answer_text(was, "closes")));
}

static void assert_saved(struct story *story, const char *change)
{
    struct answer answer = edit(story, change);
    if (answer.status != 303)
        fail_msg("%s: %d %s", change, answer.status, answer.body);
}

static void assert_kept(struct story *story, const char *change, const char *words)
{
    struct answer answer = edit(story, change);
    if (answer.status != 422 || !answer_says(answer, words))
        fail_msg("%s: %d, without: %s", change, answer.status, words);
}

#define AS_IT_IS "This cannot change any more: people have said yes to it as it is."

static void texts_of_an_open_campaign_change_for_everybody_and_the_search(void **state)
{
    struct story *story = *state;
    make_led(story, 60);
    assert_saved(story, "title=Un+mur+de+pierre&place=Die");
    story_sign_out(story);
    struct answer page = story_get(story, "/campaigns/une-haie");
    assert_true(answer_says(page, "Un mur de pierre"));
    assert_true(answer_says(page, "Die"));
    assert_string_equal(answer_text(story_get_json(story, "/campaigns?q=pierre"), "items.0.slug"),
                        "une-haie");
    assert_false(answer_says(story_get_json(story, "/campaigns?q=Crest"), "une-haie"));
}

static void what_people_said_yes_to_stays_once_it_is_open(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_led(story, 60);
    assert_kept(story, "closes=2026-12-24T20:00", AS_IT_IS);
    story->sweeps = false;
    assert_kept(story, "opens=2026-11-22T20:00", AS_IT_IS);
    assert_kept(story, "time_zone=Asia/Tokyo", AS_IT_IS);
    assert_kept(story, "goal=hours", AS_IT_IS);
    assert_kept(story, "asks_hours=true", AS_IT_IS);
    assert_kept(story, "minimum=61",
                "While people sign up the minimum can fall, but not rise above 60.");
    assert_saved(story, "target=80&party_max=8&capacity=90");
}

static void the_form_of_an_open_campaign_can_be_saved_as_it_stands(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_led(story, 60);
    struct answer page = story_get(story, EDIT);
    assert_true(answer_says(page, "What people have said yes to stays as it is"));
    assert_true(answer_says(page, "readonly"));
    assert_true(answer_says(page, "type=\"hidden\" name=\"goal\" value=\"people\""));
    struct answer json = story_get_json(story, EDIT);
    assert_int_equal(story_post_json(story, EDIT, json.body).status, 200);
}

static void a_minimum_that_falls_to_who_is_there_tips_it(void **state)
{
    struct story *story = *state;
    make_led(story, 60);
    make_participants(story, "une-haie", ANNE, 3);
    assert_saved(story, "minimum=3");
    assert_string_equal(answer_text(story_get_json(story, "/campaigns/une-haie"), "state"),
                        "reached");
    story_run_jobs(story);
    assert_int_equal(story_mail_count_about(story, ANNE, "C’est parti"), 1);
    story->accept_language = "en";
    assert_kept(story, "minimum=2", AS_IT_IS);
}

static void there_are_never_fewer_places_than_are_taken(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_led(story, 60);
    make_participants(story, "une-haie", ANNE, 3);
    assert_kept(story, "capacity=2", "3 places are taken already");
    assert_saved(story, "capacity=3");
    assert_int_equal(guest_asks(story, "une-haie", PAUL, "party=1").status, 409);
}

static void hours_follow_what_it_takes(void **state)
{
    struct story *story = *state;
    make_led(story, 60);
    make_participants(story, "une-haie", ANNE, 2);
    struct answer json = story_get_json(story, "/campaigns/une-haie");
    assert_int_equal(answer_int(json, "progress.hours"), 3);
    assert_saved(story, "minutes_each=30");
    story_run_jobs(story);
    json = story_get_json(story, "/campaigns/une-haie");
    assert_int_equal(answer_int(json, "progress.hours"), 1);
}

static void a_campaign_that_is_over_changes_its_texts_alone(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_led(story, 60);
    story_wait(story, 8 * DAY_SECONDS);
    assert_kept(story, "place=Die", AS_IT_IS);
    assert_kept(story, "target=80", AS_IT_IS);
    assert_saved(story, "story=Ce+sera+pour+une+autre+fois.");
    assert_true(answer_says(story_get(story, "/campaigns/une-haie"), "pour une autre fois"));
}

static void a_scheduled_campaign_opens_when_it_says_now(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    draft.campaign.opens_at = STORY_STARTS_AT + 2 * DAY_SECONDS;
    nadia_leads(story, make_campaign(story, &draft));
    assert_saved(story, "opens=2026-11-21T11:00&minutes_each=90");
    story_wait(story, 2 * HOUR_SECONDS);
    assert_string_equal(answer_text(story_get_json(story, "/campaigns/une-haie"), "state"), "open");
    assert_string_equal(answer_text(story_get_json(story, EDIT), "opens"), "2026-11-21T11:00:00");
}

static void a_date_without_its_seconds_is_the_same_date(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    draft.campaign.opens_at = STORY_STARTS_AT + 37;
    draft.campaign.closes_at = STORY_STARTS_AT + 7 * DAY_SECONDS + 37;
    nadia_leads(story, make_campaign(story, &draft));
    story_wait(story, MINUTE_SECONDS);
    assert_saved(story, "opens=2026-11-21T09:00&closes=2026-11-28T09:00&minutes_each=90");
    struct answer json = story_get_json(story, "/campaigns/une-haie");
    assert_string_equal(answer_text(json, "opens_at"), "2026-11-21T08:00:37Z");
    assert_string_equal(answer_text(json, "closes_at"), "2026-11-28T08:00:37Z");
}

static void a_deadline_is_never_put_into_the_past(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    nadia_leads(story, make_unpublished(story, &draft));
    story_wait(story, DAY_SECONDS);
    assert_kept(story, "closes=2026-11-22T08:59", "This moment has passed.");
    assert_saved(story, "closes=2026-11-22T10:01");
}

static void a_deadline_is_never_after_the_last_session(void **state)
{
    struct story *story = *state;
    struct session session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 20);
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    story->accept_language = "en";
    draft.sessions = &session;
    nadia_leads(story, make_unpublished(story, &draft));
    assert_kept(story, "closes=2026-11-28T16:01", "Sign-ups cannot go on after the last session");
    assert_kept(story, "closes=2026-11-28T16:01", "href=\"#write-closes\"");
    assert_saved(story, "closes=2026-11-28T16:00");
}

static void a_public_campaign_with_dates_keeps_a_place(void **state)
{
    struct story *story = *state;
    struct session session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 20);
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    story->accept_language = "en";
    draft.sessions = &session;
    nadia_leads(story, make_campaign(story, &draft));
    assert_kept(story, "place=", "Please say where it takes place");
    assert_saved(story, "place=&online=true");
}

static void an_unlisted_campaign_is_for_who_has_its_address(void **state)
{
    struct story *story = *state;
    make_led(story, 60);
    assert_saved(story, "unlisted=true");
    story_sign_out(story);
    assert_false(answer_says(story_get_json(story, "/campaigns"), "une-haie"));
    assert_false(answer_says(story_get_json(story, "/campaigns?q=haie"), "une-haie"));
    assert_false(answer_says(story_get(story, "/"), "une-haie"));
    struct answer page = story_get(story, "/campaigns/une-haie");
    assert_int_equal(page.status, 200);
    assert_true(answer_says(page, "content=\"noindex\""));
    assert_true(answer_says(story_get(story, "/campaigns/une-haie/result"), "content=\"noindex\""));
}

static void organisers_have_a_bar_on_their_page_and_nobody_else(void **state)
{
    struct story *story = *state;
    make_led(story, 60);
    assert_true(answer_says(story_get(story, "/campaigns/une-haie"), "href=\"" EDIT "\""));
    story_sign_in(story, "bruno@example.org");
    assert_false(answer_says(story_get(story, "/campaigns/une-haie"), "href=\"" EDIT "\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(texts_of_an_open_campaign_change_for_everybody_and_the_search),
        story_test(what_people_said_yes_to_stays_once_it_is_open),
        story_test(the_form_of_an_open_campaign_can_be_saved_as_it_stands),
        story_test(a_minimum_that_falls_to_who_is_there_tips_it),
        story_test(there_are_never_fewer_places_than_are_taken),
        story_test(hours_follow_what_it_takes),
        story_test(a_campaign_that_is_over_changes_its_texts_alone),
        story_test(a_scheduled_campaign_opens_when_it_says_now),
        story_test(a_date_without_its_seconds_is_the_same_date),
        story_test(a_deadline_is_never_put_into_the_past),
        story_test(a_deadline_is_never_after_the_last_session),
        story_test(a_public_campaign_with_dates_keeps_a_place),
        story_test(an_unlisted_campaign_is_for_who_has_its_address),
        story_test(organisers_have_a_bar_on_their_page_and_nobody_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
