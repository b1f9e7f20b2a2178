/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of another place, and of what else people had said yes to: what the campaign's form
 * changes is told, and asked again, as what a session's form changes. */
#include "story/make_sign_ups.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "features/campaigns/campaigns.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "sys/mail.h"

#define ANNE "anne@example.org"
#define PAUL "paul@example.org"
#define EDIT "/campaigns/dates/edit"
#define HALF_AN_HOUR (30 * MINUTE_SECONDS)
#define ASKED "can you still come"

/* Three sessions in Crest, of which Nadia moves the afternoon to Valence; Anne is in with two in
 * the morning, Paul in the afternoon. */
static void two_are_in(struct story *story)
{
    story->sweeps = false;
    story->accept_language = "en";
    nadia_leads(story, make_dates(story));
    const char *path =
        mem_printf(story->mem, EDIT "/sessions/%s", session_handle(story, "dates", AFTERNOON));
    story_post(story, path,
               "starts=2026-11-28T14:00&ends=2026-11-28T16:00&time_zone=Europe/Paris&capacity=10"
               "&place=Valence");
    guest_comes(story, "dates", ANNE, on_date(story, MORNING, "party=2"));
    guest_comes(story, "dates", PAUL, on_date(story, AFTERNOON, ""));
    story_wait(story, HALF_AN_HOUR);
    story->sweeps = true;
}

/* The form as it stands, with `change` before it. */
static struct answer edit(struct story *story, const char *path, const char *change)
{
    struct answer was = story_get_json(story, path);
    return story_post(
        story, path,
        mem_printf(story->mem,
                   "%s&title=%s&summary=Ensemble.&story=Le+verger.&language=fr"
                   "&organiser_name=Nadia&organiser_email=nadia%%40example.org&place=Crest"
                   "&goal=people&minimum=60&opens=%s&closes=%s&time_zone=Europe/Paris&party_max=5"
                   "&minutes_each=90",
                   change, answer_text(was, "title"), answer_text(was, "opens"),
                   answer_text(was, "closes")));
}

static void assert_saved(struct story *story, const char *path, const char *change)
{
    struct answer answer = edit(story, path, change);
    if (answer.status != 303)
        fail_msg("%s: %d %s", change, answer.status, answer.body);
}

static void another_place_of_the_campaign_asks_who_goes_there(void **state)
{
    struct story *story = *state;
    two_are_in(story);
    struct answer page = story_get(story, EDIT);
    assert_true(answer_says(page, "2 people have said yes to a session here."));
    struct answer answer = edit(story, EDIT, "place=Die");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "People who have said yes to it as it was: 2."));
    assert_true(answer_says(answer, "value=\"Die\""));
    assert_saved(story, EDIT, "place=Die&sure=true");
    int mails_to_paul = story_mail_count(story, PAUL);
    story_wait(story, HALF_AN_HOUR);
    assert_int_equal(story_mail_count_about(story, ANNE, ASKED), 1);
    assert_non_null(strstr(story_mail(story, ANNE)->text, "Where: Crest → Die"));
    assert_int_equal(story_mail_count(story, PAUL), mails_to_paul); /* Valence it is, and stays */
}

/* The morning, which ends at noon, without a question. */
static void assert_morning_saved(struct story *story, const char *starts, const char *place)
{
    const char *path =
        mem_printf(story->mem, EDIT "/sessions/%s", session_handle(story, "dates", MORNING));
    const char *form = mem_printf(story->mem,
                                  "starts=2026-11-28T%s&ends=2026-11-28T12:00"
                                  "&time_zone=Europe/Paris&capacity=10&place=%s",
                                  starts, place);
    assert_int_equal(story_post(story, path, form).status, 303);
}

static void a_place_of_its_own_that_is_the_campaign_s_is_no_other_place(void **state)
{
    struct story *story = *state;
    two_are_in(story);
    assert_morning_saved(story, "10:00", "Crest");
    assert_saved(story, EDIT, "place=Die"); /* nobody goes there any more */
    int mails = story_mail_count(story, ANNE);
    story_wait(story, HALF_AN_HOUR);
    assert_int_equal(story_mail_count(story, ANNE), mails);
}

static void what_is_somewhere_and_then_online_as_well_says_both(void **state)
{
    struct story *story = *state;
    two_are_in(story);
    assert_saved(story, EDIT, "online=true&sure=true");
    story_wait(story, HALF_AN_HOUR);
    assert_non_null(strstr(story_mail(story, ANNE)->text, "Where: Crest → Crest, or online"));
}

static void what_only_shrinks_is_saved_without_a_question(void **state)
{
    struct story *story = *state;
    two_are_in(story);
    assert_morning_saved(story, "10:30", "");
    story_wait(story, HALF_AN_HOUR);
    assert_int_equal(story_mail_count_about(story, ANNE, ASKED), 0);
    assert_int_equal(story_mail_count_about(story, ANNE, "Something has changed"), 1);
}

static bool organiser_reads(struct story *story, const char *words)
{
    return answer_says(story_get(story, "/campaigns/dates/organise"), words);
}

static void who_leads_sees_what_is_about_to_go_out(void **state)
{
    struct story *story = *state;
    two_are_in(story); /* at half past nine in Paris */
    assert_saved(story, EDIT, "place=Die&sure=true&title=Dates");
    assert_true(organiser_reads(story, "At 10:00, 2 people are asked whether they can"));
    assert_true(organiser_reads(story, "At 10:00, 1 person hears what has changed."));
    story_wait(story, 10 * MINUTE_SECONDS);
    assert_saved(story, EDIT, "place=Crest&sure=true&title=Dates");
    assert_false(organiser_reads(story, "are asked whether"));
    assert_true(organiser_reads(story, "At 10:00, 3 people hear what has changed."));
    story_wait(story, 20 * MINUTE_SECONDS);
    assert_false(organiser_reads(story, "hear what"));
}

/* Whoever takes part when they like can do so elsewhere, or leave: nobody's place ends by a clock.
 */
static void without_dates_people_are_told_and_not_asked(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    struct campaign_draft draft = make_draft("bocaux", "Des bocaux");
    draft.campaign.minutes_each = 30;
    nadia_leads(story, make_campaign(story, &draft));
    story->sweeps = false;
    guest_comes(story, "bocaux", ANNE, "");
    story->sweeps = true;
    assert_saved(story, "/campaigns/bocaux/edit", "place=Die");
    story_wait(story, HALF_AN_HOUR);
    assert_int_equal(story_mail_count_about(story, ANNE, ASKED), 0);
    assert_int_equal(story_mail_count_about(story, ANNE, "Something has changed"), 1);
    const char *text = story_mail(story, ANNE)->text;
    assert_non_null(strstr(text, "Where: Crest → Die"));
    assert_non_null(strstr(text, "How long it takes: 30 minutes → 1 h 30"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(another_place_of_the_campaign_asks_who_goes_there),
        story_test(a_place_of_its_own_that_is_the_campaign_s_is_no_other_place),
        story_test(what_is_somewhere_and_then_online_as_well_says_both),
        story_test(what_only_shrinks_is_saved_without_a_question),
        story_test(who_leads_sees_what_is_about_to_go_out),
        story_test(without_dates_people_are_told_and_not_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
