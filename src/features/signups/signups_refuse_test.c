/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of the form that is refused: when it is too late or too early, where there is no place,
 * and what is wrong in its fields. A refused form takes no place, writes no mail, and keeps what
 * was typed. */
#include "story/make_sign_ups.h"

#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/time.h"
#include "main/program.h"
#include "story/make_campaigns.h"
#include "sys/lang.h"

#define ANNE "anne@example.org"

/* As a script hears it; nothing was taken and nobody was written to. */
static void assert_refused(struct story *story, struct answer answer, int status, const char *code)
{
    assert_int_equal(answer.status, status);
    assert_string_equal(answer.type, "application/problem+json");
    assert_string_equal(answer_text(answer, "code"), code);
    assert_int_equal(story_mail_count(story, ANNE), 0);
}

static void assert_tells(struct answer answer, const char *text)
{
    if (!answer_says(answer, text))
        fail_msg("no \"%s\" in: %s", text, answer.body);
}

static void a_full_session_is_refused(void **state)
{
    struct story *story = *state;
    make_hedge(story, 2);
    guest_comes(story, "haie", "paul@example.org", "party=2");
    assert_refused(story, guest_asks_json(story, "haie", ANNE, ""), 409, "session_full");
    assert_int_equal(guest_asks(story, "haie", ANNE, "").status, 409);
    assert_int_equal(session_left_of(story, "haie", 0), 0);
}

static void where_too_few_places_are_left_the_page_says_so_and_keeps_what_was_typed(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_hedge(story, 2);
    struct answer page = guest_asks(story, "haie", ANNE, "party=3&first_name=Anne-Lise");
    assert_int_equal(page.status, 409);
    assert_tells(page, "There are not enough places left here for all of you.");
    assert_tells(page, "value=\"Anne-Lise\"");
    assert_tells(page, "<option value=\"3\" selected>");
    assert_int_equal(session_left_of(story, "haie", 0), 2);
}

static void a_party_of_three_is_refused_whole_where_two_places_are_left(void **state)
{
    struct story *story = *state;
    make_hedge(story, 5);
    guest_comes(story, "haie", "paul@example.org", "party=3");
    assert_refused(story, guest_asks_json(story, "haie", ANNE, "party=3"), 409, "session_full");
    assert_int_equal(session_left_of(story, "haie", 0), 2);
    assert_int_equal(guest_asks_json(story, "haie", ANNE, "party=2").status, 201);
    assert_int_equal(session_left_of(story, "haie", 0), 0);
}

static void places_that_wait_for_a_confirmation_are_taken_too(void **state)
{
    struct story *story = *state;
    make_hedge(story, 3);
    guest_asks(story, "haie", "paul@example.org", "party=2");
    assert_refused(story, guest_asks_json(story, "haie", ANNE, "party=2"), 409, "session_full");
}

static void a_full_session_is_refused_in_the_same_words_to_who_is_in(void **state)
{
    struct story *story = *state;
    make_hedge(story, 2);
    guest_comes(story, "haie", "paul@example.org", "party=2");
    const char *const who[] = {"paul@example.org", ANNE};
    const char *bodies[2];
    for (int i = 0; i < 2; i++) {
        struct answer answer = guest_asks_json(story, "haie", who[i], "first_name=X");
        bodies[i] = text_without(story, answer.body, answer_text(answer, "request"));
        assert_int_equal(answer.status, 409);
    }
    assert_string_equal(bodies[0], bodies[1]);
    assert_int_equal(story_mail_count(story, "paul@example.org"), 2); /* of when they came */
}

static void other_sessions_are_open_while_one_is_full(void **state)
{
    struct story *story = *state;
    make_dates(story);
    guest_comes(story, "dates", "p@example.org", on_date(story, MORNING, "party=5"));
    guest_comes(story, "dates", "q@example.org", on_date(story, MORNING, "party=5"));
    assert_refused(story, guest_asks_json(story, "dates", ANNE, on_date(story, MORNING, "")), 409,
                   "session_full");
    assert_int_equal(guest_asks(story, "dates", ANNE, on_date(story, AFTERNOON, "")).status, 303);
}

static void the_deadline_is_the_first_second_that_is_refused(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_hedge(story, 20);
    time_passes_alone(story, 7 * DAY_SECONDS - 1);
    assert_int_equal(guest_asks_json(story, "haie", "paul@example.org", "").status, 201);
    time_passes_alone(story, 1);
    assert_refused(story, guest_asks_json(story, "haie", ANNE, ""), 409, "campaign_closed");
    struct answer page = guest_asks(story, "haie", ANNE, "");
    assert_int_equal(page.status, 409);
    assert_tells(page, refusal_campaign_closed.sentence);
}

static void a_scheduled_campaign_takes_nobody_before_the_second_in_which_it_opens(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("haie", "Une haie");
    draft.campaign.opens_at = STORY_STARTS_AT + HOUR_SECONDS;
    make_campaign(story, &draft);
    time_passes_alone(story, HOUR_SECONDS - 1);
    assert_refused(story, guest_asks_json(story, "haie", ANNE, ""), 409, "campaign_not_open_yet");
    time_passes_alone(story, 1);
    assert_int_equal(guest_asks_json(story, "haie", ANNE, "").status, 201);
}

static void a_session_that_has_ended_takes_nobody_while_its_campaign_is_open(void **state)
{
    struct story *story = *state;
    struct session second = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 10);
    struct session first = make_session("2026-11-21T14:00:00", "2026-11-21T16:00:00", 10);
    first.next = &second;
    struct campaign_draft draft = make_draft("dates", "Deux dates");
    draft.sessions = &first;
    make_campaign(story, &draft);
    time_passes_alone(story, 7 * HOUR_SECONDS - 1); /* 16:00 in Paris, less one second */
    assert_int_equal(
        guest_asks_json(story, "dates", "paul@example.org", on_date(story, 0, "")).status, 201);
    time_passes_alone(story, 1);
    assert_refused(story, guest_asks_json(story, "dates", ANNE, on_date(story, 0, "")), 409,
                   "session_over");
    assert_int_equal(guest_asks_json(story, "dates", ANNE, on_date(story, 1, "")).status, 201);
}

static void a_missed_campaign_takes_nobody(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    story_wait(story, 7 * DAY_SECONDS);
    assert_refused(story, guest_asks_json(story, "haie", ANNE, ""), 409, "campaign_closed");
}

static void a_reached_campaign_goes_on_taking_people_until_its_deadline(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("haie", "Une haie");
    draft.campaign.minimum = 2;
    make_campaign(story, &draft);
    guest_comes(story, "haie", "paul@example.org", "party=2");
    guest_comes(story, "haie", "nour@example.org", "party=2");
    assert_int_equal(people_of(story, "haie"), 4);
    time_passes_alone(story, 7 * DAY_SECONDS);
    assert_refused(story, guest_asks_json(story, "haie", ANNE, ""), 409, "campaign_closed");
}

static void nobody_signs_up_to_a_draft_or_to_what_is_not_there(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("secret", "Secret");
    make_unpublished(story, &draft);
    assert_refused(story, guest_asks_json(story, "secret", ANNE, ""), 404, "not_found");
    assert_refused(story, guest_asks_json(story, "rien", ANNE, ""), 404, "not_found");
    assert_int_equal(guest_asks(story, "secret", ANNE, "").status, 404);
}

static void a_party_larger_than_the_campaign_takes_is_told_beside_the_field(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_hedge(story, 20);
    struct answer answer = guest_asks_json(story, "haie", ANNE, "party=6");
    assert_refused(story, answer, 422, "fields");
    assert_non_null(strstr(answer_text(answer, "errors.party"), "5"));
    struct answer page = guest_asks(story, "haie", ANNE, "party=6");
    assert_int_equal(page.status, 422);
    assert_tells(page, "id=\"sign-up-party-error\">");
    assert_int_equal(guest_asks_json(story, "haie", ANNE, "party=5").status, 201);
}

static void a_party_is_at_least_the_person(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *const parties[] = {"party=0", "party=-1", "party=two", "party=1.5", "party="};
    for (size_t i = 0; i < sizeof parties / sizeof *parties; i++) {
        struct answer answer = guest_asks_json(story, "haie", ANNE, parties[i]);
        assert_refused(story, answer, 422, "fields");
        assert_true(strlen(answer_text(answer, "errors.party")) > 10);
    }
    assert_int_equal(session_left_of(story, "haie", 0), 20);
}

static void a_date_is_to_be_chosen_among_those_of_the_campaign(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_dates(story);
    make_hedge(story, 20);
    const char *elsewhere = mem_printf(story->mem, "session=%s", session_handle(story, "haie", 0));
    const char *const fields[] = {"", "session=zzzzzzzzzzzz", elsewhere};
    const char *const words[] = {"Please choose a date.", "Please choose one of the offered dates.",
                                 "Please choose one of the offered dates."};
    for (int i = 0; i < 3; i++) {
        struct answer answer = guest_asks_json(story, "dates", ANNE, fields[i]);
        assert_refused(story, answer, 422, "fields");
        assert_string_equal(answer_text(answer, "errors.session"), words[i]);
    }
    assert_int_equal(session_left_of(story, "haie", 0), 20);
}

static void hours_are_asked_for_and_counted_where_the_campaign_wants_them(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("heures", "Vingt heures");
    draft.campaign.asks_hours = true;
    draft.campaign.goal_unit = GOAL_HOURS;
    draft.campaign.minimum = 20;
    make_campaign(story, &draft);
    struct answer answer = guest_asks_json(story, "heures", ANNE, "party=2");
    assert_refused(story, answer, 422, "fields");
    assert_true(strlen(answer_text(answer, "errors.hours")) > 10);
    assert_int_equal(guest_asks_json(story, "heures", ANNE, "hours=201").status, 422);
    const char *link = guest_comes(story, "heures", ANNE, "party=2&hours=3");
    assert_int_equal(answer_int(story_get_json(story, link), "hours"), 3);
    struct answer campaign = story_get_json(story, "/campaigns/heures");
    assert_int_equal(answer_int(campaign, "progress.hours"), 6);
}

/* Everything is wrong at once. */
#define WRONG "first_name=&party=many&email=anne%20at%20example.org&show_name=true&session=%3C%3E"

/* Each in the reader's language, which one sentence shows. */
static void assert_every_error(struct story *story, struct answer page)
{
    static const char *const fields[] = {"first_name", "email", "party", "session"};
    const struct lang *lang = lang_get(story->program->app.langs, story->accept_language);
    const char *missing = lang_text(lang, "Please fill this in.");
    assert_int_equal(page.status, 422);
    for (int i = 0; i < 4; i++)
        assert_tells(page, mem_printf(story->mem, "id=\"sign-up-%s-error\">", fields[i]));
    assert_tells(page, mem_printf(story->mem, "id=\"sign-up-first_name-error\">%s<", missing));
    assert_tells(page, mem_printf(story->mem, "<html lang=\"%s\"", story->accept_language));
}

static void what_was_typed_is_kept_and_each_error_stands_beside_its_field(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_dates(story);
    struct answer page = story_post(story, "/campaigns/dates/sign-ups", WRONG);
    assert_every_error(story, page);
    assert_tells(page, "value=\"anne at example.org\"");
    assert_tells(page, "name=\"show_name\" value=\"true\" checked");
    assert_tells(page, "<a href=\"#sign-up-email\">Your e\u2011mail address</a>");
}

static void the_same_is_said_in_french(void **state)
{
    struct story *story = *state;
    make_dates(story);
    struct answer page = story_post(story, "/campaigns/dates/sign-ups", WRONG);
    assert_every_error(story, page);
    assert_tells(page, "<a href=\"#sign-up-email\">Votre adresse");
    assert_false(answer_says(page, "Please"));
}

static void a_script_hears_each_error_under_the_name_of_its_field(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_dates(story);
    struct answer answer = story_post_json(
        story, "/campaigns/dates/sign-ups",
        "{\"first_name\": \"\", \"email\": \"anne\", \"party\": 0, \"session\": \"<>\"}");
    assert_refused(story, answer, 422, "fields");
    assert_int_equal(answer_int(answer, "status"), 422);
    assert_string_equal(answer_text(answer, "errors.first_name"), "Please fill this in.");
    assert_string_equal(answer_text(answer, "errors.party"), "The smallest possible number is 1.");
    assert_true(strlen(answer_text(answer, "errors.email")) > 10);
    assert_true(strlen(answer_text(answer, "errors.session")) > 10);
}

static void a_name_is_one_line_of_at_most_sixty_characters(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *ten = "éàüéàüéàüé";
    const char *sixty = mem_printf(story->mem, "%s%s%s%s%s%s", ten, ten, ten, ten, ten, ten);
    const char *long_name = mem_printf(story->mem, "first_name=%sé", sixty);
    const char *const wrong[] = {"first_name=%20%20", "first_name=An%7Fne",
                                 "first_name=%E2%80%AEennA", long_name};
    for (int i = 0; i < 4; i++) {
        struct answer answer = guest_asks_json(story, "haie", ANNE, wrong[i]);
        assert_refused(story, answer, 422, "fields");
        assert_true(strlen(answer_text(answer, "errors.first_name")) > 10);
    }
    const char *fits = mem_printf(story->mem, "first_name=%s", sixty);
    assert_int_equal(guest_asks_json(story, "haie", ANNE, fits).status, 201);
    guest_asks(story, "haie", ANNE, "first_name=%20Anne%0D%0ALise%20");
    assert_string_equal(answer_text(story_get_json(story, guest_link(story, ANNE)), "first_name"),
                        "Anne Lise");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(a_full_session_is_refused),
        story_test(where_too_few_places_are_left_the_page_says_so_and_keeps_what_was_typed),
        story_test(a_party_of_three_is_refused_whole_where_two_places_are_left),
        story_test(places_that_wait_for_a_confirmation_are_taken_too),
        story_test(a_full_session_is_refused_in_the_same_words_to_who_is_in),
        story_test(other_sessions_are_open_while_one_is_full),
        story_test(the_deadline_is_the_first_second_that_is_refused),
        story_test(a_scheduled_campaign_takes_nobody_before_the_second_in_which_it_opens),
        story_test(a_session_that_has_ended_takes_nobody_while_its_campaign_is_open),
        story_test(a_missed_campaign_takes_nobody),
        story_test(a_reached_campaign_goes_on_taking_people_until_its_deadline),
        story_test(nobody_signs_up_to_a_draft_or_to_what_is_not_there),
        story_test(a_party_larger_than_the_campaign_takes_is_told_beside_the_field),
        story_test(a_party_is_at_least_the_person),
        story_test(a_date_is_to_be_chosen_among_those_of_the_campaign),
        story_test(hours_are_asked_for_and_counted_where_the_campaign_wants_them),
        story_test(what_was_typed_is_kept_and_each_error_stands_beside_its_field),
        story_test(the_same_is_said_in_french),
        story_test(a_script_hears_each_error_under_the_name_of_its_field),
        story_test(a_name_is_one_line_of_at_most_sixty_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
