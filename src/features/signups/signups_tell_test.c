/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of people without an e-mail address: what others get by mail, their organiser is told to
 * tell them, by name, until it is said that they know. */
#include "features/signups/signups_organise.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "story/make_sign_ups.h"
#include "sys/mail.h"

#define ORGANISE "/campaigns/haie/organise"
#define PEOPLE ORGANISE "/people"
#define TO_CALL PEOPLE "?state=to-call"
#define HALF_AN_HOUR (30 * MINUTE_SECONDS)

/* A session on Sunday the 29th from two to four; Nadia leads it, and Odile is in, who has no
 * address. Her page. */
static const char *odile_is_in(struct story *story, int64_t minimum)
{
    struct session session = make_session("2026-11-29T14:00:00", "2026-11-29T16:00:00", 20);
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.sessions = &session;
    draft.campaign.minimum = minimum;
    nadia_leads(story, make_campaign(story, &draft));
    struct answer answer = story_post_json(
        story, PEOPLE, "{\"first_name\":\"Odile\",\"party\":1,\"note\":\"06 12 34 56 78\"}");
    assert_int_equal(answer.status, 201);
    return mem_printf(story->mem, PEOPLE "/%s", answer_text(answer, "handle"));
}

/* The organiser's page says that somebody is to be called, the list who, why and how. */
static void assert_to_call(struct story *story, const char *why)
{
    assert_true(answer_says(story_get(story, ORGANISE), "1 personne sans adresse e‑mail"));
    struct answer list = story_get(story, TO_CALL);
    assert_true(answer_says(list, "Odile"));
    assert_true(answer_says(list, "06 12 34 56 78"));
    assert_true(answer_says(list, why));
}

static void assert_nobody_to_call(struct story *story)
{
    assert_false(answer_says(story_get(story, ORGANISE), "sans adresse e‑mail"));
    assert_true(answer_says(story_get(story, TO_CALL), "Personne n’est à appeler."));
}

static void told(struct story *story, const char *page)
{
    struct answer answer = story_post(story, mem_printf(story->mem, "%s/told", page), "");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, TO_CALL);
    assert_nobody_to_call(story);
}

static void ends_at(struct story *story, const char *hour)
{
    const char *session = session_handle(story, "haie", 0);
    const char *path = mem_printf(story->mem, "/campaigns/haie/edit/sessions/%s", session);
    const char *form = mem_printf(story->mem,
                                  "starts=2026-11-29T14:00&ends=2026-11-29T%s&"
                                  "time_zone=Europe/Paris&capacity=20&sure=true",
                                  hour);
    assert_int_equal(story_post(story, path, form).status, 303);
    story_wait(story, HALF_AN_HOUR);
}

/* An hour shorter, which asks nobody whether they still can. */
static void shortened(struct story *story)
{
    ends_at(story, "15:00");
}

static void written_to_everybody(struct story *story)
{
    story_post(story, ORGANISE "/message", "subject=Apportez+des+gants&body=Merci.");
    struct answer preview = story_get_json(story, ORGANISE "/message/preview");
    story_post_json(story, ORGANISE "/message/send",
                    mem_printf(story->mem, "{\"message\":\"%s\"}", answer_text(preview, "id")));
    story_run_jobs(story);
}

static void they_hear_by_telephone_that_it_is_cancelled(void **state)
{
    struct story *story = *state;
    const char *odile = odile_is_in(story, 60);
    assert_nobody_to_call(story);
    story_post(story, "/campaigns/haie/cancel", "reason=Vent");
    story_run_jobs(story);
    assert_to_call(story, "C’est annulé.");
    assert_true(answer_says(story_get(story, odile), "C’est annulé."));
    told(story, odile);
    assert_false(answer_says(story_get(story, odile), "C’est annulé."));
    assert_int_equal(story_get(story, mem_printf(story->mem, "%s/told", odile)).status, 303);
    story_sign_in_as(story, "chef@example.org", ROLE_ADMINISTRATOR);
    struct answer log = story_get_json(story, "/administration/audit?action=sign_up.told");
    assert_string_equal(answer_text(log, "items.0.action"), "sign_up.told");
}

static void that_it_was_missed(void **state)
{
    struct story *story = *state;
    const char *odile = odile_is_in(story, 60);
    story_wait(story, 7 * DAY_SECONDS);
    assert_to_call(story, "n’a pas lieu");
    told(story, odile);
}

/* Told of the first miss, and asked in vain after it, they know all there is to know at the second;
 * who was never reached does not. */
static void missed_twice_nobody_is_asked_any_more(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    const char *odile = odile_is_in(story, 60);
    story_post_json(story, PEOPLE, "{\"first_name\":\"Paul\",\"party\":1}");
    story_wait(story, 7 * DAY_SECONDS);
    story_post(story, mem_printf(story->mem, "%s/told", odile), "");
    const char *form = "closes=2026-11-29T10:00";
    assert_int_equal(story_post(story, "/campaigns/haie/extend", form).status, 303);
    story_run_jobs(story);
    struct answer list = story_get(story, TO_CALL);
    assert_true(answer_says(list, "Odile") && answer_says(list, "Paul"));
    assert_true(answer_says(list, "Vient-elle toujours"));
    story_wait(story, DAY_SECONDS + 2 * HOUR_SECONDS); /* the second deadline */
    assert_string_equal(answer_text(story_get_json(story, "/campaigns/haie"), "state"), "missed");
    list = story_get(story, TO_CALL);
    assert_false(answer_says(list, "Odile"));
    assert_true(answer_says(list, "Paul"));
    assert_false(answer_says(list, "Vient-elle toujours"));
}

static void that_it_takes_another_time(void **state)
{
    struct story *story = *state;
    const char *odile = odile_is_in(story, 60);
    shortened(story);
    assert_to_call(story, "ne sont plus les mêmes");
    struct answer answer = story_post_json(story, mem_printf(story->mem, "%s/told", odile), "{}");
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer_text(answer, "first_name"), "Odile");
    assert_nobody_to_call(story);
}

static void once_it_has_begun_nobody_is_called_about_its_date(void **state)
{
    struct story *story = *state;
    odile_is_in(story, 1);
    shortened(story);
    story_wait(story, 9 * DAY_SECONDS);
    assert_nobody_to_call(story);
}

static void what_was_written_to_everybody(void **state)
{
    struct story *story = *state;
    const char *odile = odile_is_in(story, 1);
    if (story_get(story, ORGANISE "/message").status == 404)
        return; /* a feature that was left out */
    const char *page = ORGANISE "/message";
    guest_comes(story, "haie", "anne@example.org", "");
    story_post(story, page, "subject=Apportez+des+gants&body=Merci.");
    struct answer preview = story_get_json(story, ORGANISE "/message/preview");
    assert_int_equal(answer_int(preview, "readers"), 1);
    assert_int_equal(answer_int(preview, "to_call"), 1);
    assert_true(answer_says(story_get(story, ORGANISE "/message/preview"), "sans adresse e‑mail"));
    story_post_json(story, ORGANISE "/message/send",
                    mem_printf(story->mem, "{\"message\":\"%s\"}", answer_text(preview, "id")));
    story_run_jobs(story);
    assert_int_equal(story_mail_count_about(story, "anne@example.org", "gants"), 1);
    assert_to_call(story, "Vous avez écrit à tout le monde.");
    story_wait(story, 8 * DAY_SECONDS + 4 * HOUR_SECONDS + HALF_AN_HOUR); /* it has begun */
    assert_to_call(story, "Vous avez écrit à tout le monde.");
    told(story, odile);
}

static void once_it_is_over_nobody_is_called_about_a_message(void **state)
{
    struct story *story = *state;
    const char *odile = odile_is_in(story, 1);
    if (story_get(story, ORGANISE "/message").status == 404)
        return; /* a feature that was left out */
    guest_comes(story, "haie", "anne@example.org", "");
    written_to_everybody(story);
    assert_to_call(story, "Vous avez écrit à tout le monde.");
    story_wait(story, 9 * DAY_SECONDS);
    assert_nobody_to_call(story);
    assert_false(answer_says(story_get(story, odile), "Vous avez écrit à tout le monde."));
    story_post(story, ORGANISE "/message", "subject=Des+gants+oubli%C3%A9s&body=Merci.");
    struct answer preview = story_get_json(story, ORGANISE "/message/preview");
    assert_int_equal(answer_int(preview, "readers"), 1);
    assert_int_equal(answer_int(preview, "to_call"), 0);
}

/* A campaign without a date is over when it is closed. */
static void once_it_is_closed_nobody_is_called(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.campaign.minimum = 1;
    nadia_leads(story, make_campaign(story, &draft));
    if (story_get(story, ORGANISE "/message").status == 404)
        return; /* a feature that was left out */
    story_post_json(story, PEOPLE, "{\"first_name\":\"Odile\",\"party\":1}");
    guest_comes(story, "haie", "anne@example.org", "");
    written_to_everybody(story);
    story_wait(story, 8 * DAY_SECONDS);
    assert_true(answer_says(story_get(story, ORGANISE), "1 personne sans adresse e‑mail"));
    assert_int_equal(story_post(story, ORGANISE "/done", "thanks=Merci&sure=true").status, 303);
    assert_nobody_to_call(story);
}

/* To come all the same is no answer to what was written. */
static void who_still_comes_has_not_read_the_message(void **state)
{
    struct story *story = *state;
    const char *odile = odile_is_in(story, 1);
    if (story_get(story, ORGANISE "/message").status == 404)
        return; /* a feature that was left out */
    guest_comes(story, "haie", "anne@example.org", "");
    ends_at(story, "18:00");
    written_to_everybody(story);
    assert_to_call(story, "Vient-elle toujours");
    struct answer page = story_get(story, odile);
    assert_true(answer_says(page, "peut toujours venir"));
    assert_true(answer_says(page, "Vous avez écrit à tout le monde."));
    story_post(story, mem_printf(story->mem, "%s/confirm", odile), "");
    assert_to_call(story, "Vous avez écrit à tout le monde.");
    told(story, odile);
}

static void who_is_taken_off_the_list_knows(void **state)
{
    struct story *story = *state;
    const char *odile = odile_is_in(story, 60);
    shortened(story);
    story_post(story, mem_printf(story->mem, "%s/remove", odile), "");
    assert_nobody_to_call(story);
}

static void others_do_not_say_that_somebody_knows(void **state)
{
    struct story *story = *state;
    const char *odile = odile_is_in(story, 60);
    shortened(story);
    story_sign_in(story, "paul@example.org");
    const char *path = mem_printf(story->mem, "%s/told", odile);
    assert_int_equal(story_post(story, path, "").status, 404);
    story_sign_in(story, "nadia@example.org");
    assert_int_equal(story_post(story, PEOPLE "/nobody/told", "").status, 404);
    assert_to_call(story, "ne sont plus les mêmes");
    struct answer answer = story_post_json(story, path, "{}");
    assert_true(answer_says(answer, "\"to_call\":false"));
    assert_int_equal(story_post_json(story, path, "{}").status, 200); /* again */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(they_hear_by_telephone_that_it_is_cancelled),
        story_test(that_it_was_missed),
        story_test(missed_twice_nobody_is_asked_any_more),
        story_test(that_it_takes_another_time),
        story_test(once_it_has_begun_nobody_is_called_about_its_date),
        story_test(what_was_written_to_everybody),
        story_test(once_it_is_over_nobody_is_called_about_a_message),
        story_test(once_it_is_closed_nobody_is_called),
        story_test(who_still_comes_has_not_read_the_message),
        story_test(who_is_taken_off_the_list_knows),
        story_test(others_do_not_say_that_somebody_knows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
