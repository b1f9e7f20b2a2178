/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of the form that is accepted: which places it takes, what the page says, what the mail
 * says. The page says the same to everybody; who takes part is told by mail alone. */
#include "story/make_sign_ups.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "story/make_campaigns.h"
#include "sys/mail.h"

#define ANNE "anne@example.org"
#define PAUL "paul@example.org"

static void assert_tells(struct answer answer, const char *text)
{
    if (!answer_says(answer, text))
        fail_msg("no \"%s\" in: %s", text, answer.body);
}

static void a_visitor_signs_up_and_is_sent_to_their_mail(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_hedge(story, 20);
    struct answer answer = guest_asks(story, "haie", ANNE, "party=3");
    assert_int_equal(answer.status, 303);
    assert_true(strncmp(answer.location, "/campaigns/haie/sent?h=", 23) == 0);
    struct answer page = story_get(story, answer.location);
    assert_int_equal(page.status, 200);
    assert_tells(page, "autocomplete=\"one-time-code\"");
    assert_tells(page, "9:30"); /* half an hour, on the community's clock */
    assert_int_equal(story_mail_count_about(story, ANNE, "Please confirm"), 1);
    assert_int_equal(session_left_of(story, "haie", 0), 17);
    assert_int_equal(people_of(story, "haie"), 0);
}

static void a_script_hears_until_when_the_place_is_kept_and_never_the_token(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    struct answer answer = guest_asks_json(story, "haie", ANNE, "");
    assert_int_equal(answer.status, 201);
    assert_string_equal(answer_text(answer, "state"), "pending");
    assert_string_equal(answer_text(answer, "expires_at"), "2026-11-21T08:30:00Z");
    assert_true(strlen(answer_text(answer, "handle")) >= 20);
    const char *token = guest_link(story, ANNE) + strlen("/sign-ups/");
    assert_false(answer_says(answer, token));
    assert_false(answer_says(answer, mem_strndup(story->mem, token, 12)));
}

static void the_page_that_waits_tells_a_script_the_same(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    struct answer asked = guest_asks_json(story, "haie", ANNE, "");
    const char *handle = answer_text(asked, "handle");
    struct answer page =
        story_get_json(story, mem_printf(story->mem, "/campaigns/haie/sent?h=%s", handle));
    assert_int_equal(page.status, 200);
    assert_string_equal(page.body, asked.body);
}

static void the_mail_has_the_link_the_code_and_what_was_asked_for(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_asks(story, "haie", ANNE, "party=3");
    const struct mail_read *mail = story_mail(story, ANNE);
    const char *code = story_mail_code(story, ANNE);
    assert_non_null(strstr(mail->text, "Anne"));
    assert_non_null(strstr(mail->text, "Une haie ensemble"));
    assert_non_null(strstr(mail->text, "14:00"));
    assert_non_null(strstr(mail->text, "personnes"));
    assert_non_null(strstr(mail->text, "9:30"));
    assert_non_null(strstr(mail->html, code));
    assert_non_null(strstr(mail->html, guest_link(story, ANNE)));
    assert_null(mail->attachments); /* an entry for the calendar comes with the confirmation */
}

static void mails_are_in_the_language_in_which_somebody_signed_up(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    story->accept_language = "en";
    guest_comes(story, "haie", ANNE, "");
    assert_int_equal(story_mail_count_about(story, ANNE, "Please confirm"), 1);
    story->accept_language = "fr";
    guest_asks(story, "haie", ANNE, "");
    assert_int_equal(story_mail_count_about(story, ANNE, "You are already in"), 1);
    guest_asks(story, "haie", "paul@example.org", "");
    assert_int_equal(story_mail_count_about(story, "paul@example.org", "Confirmez"), 1);
}

/* Somebody in each situation, and somebody of whom nothing is known. */
static const char *const everybody[] = {"new@example.org", "pending@example.org", "in@example.org",
                                        "gone@example.org", "late@example.org"};
enum { EVERYBODY = sizeof everybody / sizeof *everybody };

static void make_everybody(struct story *story)
{
    struct session second =
        make_session("2026-11-28T15:00:00", "2026-11-28T17:00:00", SESSION_UNLIMITED);
    struct session first =
        make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", SESSION_UNLIMITED);
    first.next = &second;
    struct campaign_draft draft = make_draft("dates", "Deux dates");
    draft.sessions = &first;
    make_campaign(story, &draft);
    const char *fields = on_date(story, 0, "party=2");
    guest_asks(story, "dates", "late@example.org", fields);
    story_wait(story, 30 * 60);
    guest_asks(story, "dates", "pending@example.org", fields);
    guest_comes(story, "dates", "in@example.org", fields);
    const char *link = guest_comes(story, "dates", "gone@example.org", fields);
    assert_int_equal(guest_sends(story, link, "cancel", "").status, 200);
}

static void the_answer_is_the_same_for_every_address_but_the_handle(void **state)
{
    struct story *story = *state;
    make_everybody(story);
    for (int date = 0; date < 2; date++) {
        const char *fields = on_date(story, date, "party=1");
        const char *first = NULL;
        for (int i = 0; i < EVERYBODY; i++) {
            struct answer answer = guest_asks_json(story, "dates", everybody[i], fields);
            assert_int_equal(answer.status, 201);
            const char *body = text_without(story, answer.body, answer_text(answer, "handle"));
            first = first ? first : body;
            assert_string_equal(body, first);
        }
    }
}

static void the_page_and_its_code_field_are_the_same_for_every_address(void **state)
{
    struct story *story = *state;
    make_everybody(story);
    const char *fields = on_date(story, 1, "party=1");
    const char *first = NULL;
    for (int i = 0; i < EVERYBODY; i++) {
        struct answer answer = guest_asks(story, "dates", everybody[i], fields);
        assert_int_equal(answer.status, 303);
        const char *handle = strstr(answer.location, "h=") + 2;
        const char *form = mem_printf(story->mem, "h=%s&code=000000", handle);
        struct answer page = story_get(story, answer.location);
        struct answer wrong = story_post(story, "/campaigns/dates/sent", form);
        assert_int_equal(page.status, 200);
        assert_int_equal(wrong.status, 422);
        const char *body =
            text_without(story, mem_printf(story->mem, "%s%s", page.body, wrong.body), handle);
        first = first ? first : body;
        assert_string_equal(body, first);
    }
}

static void who_is_in_already_hears_it_by_mail_alone_and_nothing_changes(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_hedge(story, 20);
    const char *link = guest_comes(story, "haie", ANNE, "party=2");
    struct answer before = story_get_json(story, link);
    struct answer again = guest_asks_json(story, "haie", ANNE, "party=5&first_name=Zora");
    assert_string_equal(answer_text(again, "state"), "pending");
    assert_int_equal(story_mail_count_about(story, ANNE, "You are already in"), 1);
    assert_null(strstr(story_mail(story, ANNE)->text, "Zora"));
    assert_string_equal(guest_link(story, ANNE), link);
    assert_string_equal(story_get_json(story, link).body, before.body);
    assert_int_equal(people_of(story, "haie"), 2);
}

/* Else the public count of places would tell who is in. */
static void the_places_that_are_left_tell_nobody_who_is_in(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_comes(story, "haie", ANNE, "party=2");
    guest_asks(story, "haie", "nobody@example.org", "party=3");
    assert_int_equal(session_left_of(story, "haie", 0), 15);
    guest_asks(story, "haie", ANNE, "party=3");
    assert_int_equal(session_left_of(story, "haie", 0), 12);
    story_wait(story, 31 * 60);
    assert_int_equal(session_left_of(story, "haie", 0), 18);
}

static void the_code_of_an_earlier_form_does_not_confirm_what_was_asked_later(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    struct answer mine = guest_asks_json(story, "haie", ANNE, "party=1");
    const char *code = story_mail_code(story, ANNE);
    guest_asks(story, "haie", ANNE, "party=5&first_name=Zora"); /* somebody else, perhaps */
    struct answer typed = guest_types(story, "haie", answer_text(mine, "handle"), code);
    assert_int_equal(typed.status, 200);
    assert_tells(typed, guest_link(story, ANNE));
    assert_int_equal(people_of(story, "haie"), 0);
}

static void an_address_gets_three_mails_within_an_hour_and_no_more(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    story->sweeps = false;
    for (int i = 0; i < 3; i++)
        assert_int_equal(guest_asks(story, "haie", ANNE, "").status, 303);
    struct answer answer = guest_asks(story, "haie", ANNE, "party=4");
    assert_int_equal(answer.status, 429);
    assert_string_equal(answer.retry_after, "3600");
    assert_true(answer_says(answer, "value=\"" ANNE "\""));
    assert_true(answer_says(answer, "<option value=\"4\" selected>"));
    assert_int_equal(story_mail_count(story, ANNE), 3);
    assert_int_equal(session_left_of(story, "haie", 0), 19); /* that of the third */
    story_wait(story, 3601);
    assert_int_equal(guest_asks_json(story, "haie", ANNE, "").status, 201);
}

/* Mails that are used are wanted, also where somebody says "that was not me". */
static void whoever_uses_a_mail_is_written_to_again(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    story->sweeps = false;
    static const char *const uses[] = {"confirm", "cancel", "change"};
    for (int use = 0; use < 3; use++) {
        for (int i = 0; i < 3; i++)
            assert_int_equal(guest_asks(story, "haie", ANNE, "").status, 303);
        assert_int_equal(guest_asks(story, "haie", ANNE, "").status, 429);
        guest_sends(story, guest_link(story, ANNE), uses[use], "party=2");
    }
    assert_int_equal(guest_asks(story, "haie", ANNE, "").status, 303);
}

/* Else three forms in somebody's name would keep them out of their account. */
static void who_signs_others_up_shuts_nobody_out_of_signing_in(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    story->sweeps = false;
    for (int i = 0; i < 4; i++)
        guest_asks(story, "haie", ANNE, "");
    assert_int_equal(story_post(story, "/sign-in", "email=" ANNE).status, 303);
    assert_int_equal(story_post(story, "/my-data", "email=" ANNE).status, 303);
}

static void who_is_signed_in_asks_for_themselves(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    story->sweeps = false;
    story_sign_in(story, ANNE);
    for (int i = 0; i < 5; i++)
        assert_int_equal(guest_asks(story, "haie", ANNE, "").status, 303);
    for (int i = 0; i < 3; i++)
        assert_int_equal(guest_asks(story, "haie", PAUL, "").status, 303);
    assert_int_equal(guest_asks(story, "haie", PAUL, "").status, 429);
}

static void
a_program_that_fills_in_everything_is_answered_like_all_and_nothing_happens(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    struct answer page = story_get(story, "/campaigns/haie");
    assert_true(answer_says(page, "name=\"subject\" tabindex=\"-1\" autocomplete=\"off\""));
    struct answer answer = guest_asks(story, "haie", ANNE, "subject=Cheap+watches");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, "/campaigns/haie/sent");
    answer = story_get(story, answer.location);
    assert_int_equal(answer.status, 200);
    assert_false(answer_says(answer, "name=\"code\""));
    assert_int_equal(story_mail_count(story, ANNE), 0);
    assert_int_equal(session_left_of(story, "haie", 0), 20);
}

/* Its page is what it leaves; a browser that sends the field empty, or a script that has never
 * heard of it, is no such program. */
static void people_and_scripts_do_not_meet_the_trap(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    assert_non_null(strstr(guest_asks(story, "haie", ANNE, "subject=").location, "?h="));
    static const char form[] =
        "{\"first_name\": \"Paul\", \"email\": \"" PAUL "\", \"party\": 1, \"subject\": \"any\"}";
    assert_int_equal(story_post_json(story, "/campaigns/haie/sign-ups", form).status, 201);
    assert_int_equal(session_left_of(story, "haie", 0), 18);
    assert_int_equal(guest_asks(story, "haie", "", "subject=Cheap+watches").status, 422);
}

static void nothing_is_held_beyond_the_deadline(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    story_wait(story, 7 * 24 * 3600 - 60); /* a minute before it closes */
    struct answer answer = guest_asks_json(story, "haie", ANNE, "");
    struct answer campaign = story_get_json(story, "/campaigns/haie");
    assert_string_equal(answer_text(answer, "expires_at"), answer_text(campaign, "closes_at"));
}

static void from_one_network_places_are_held_less_long_and_nobody_is_refused(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    story->address = "192.0.2.7";
    make_hedge(story, SESSION_UNLIMITED);
    for (int i = 0; i < 60; i++) {
        const char *email = mem_printf(story->mem, "p%d@example.org", i);
        struct answer answer = guest_asks_json(story, "haie", email, "");
        assert_string_equal(answer_text(answer, "expires_at"), "2026-11-21T08:30:00Z");
    }
    /* Each second allows one more: a slow machine must ask again. */
    struct answer answer;
    int more = 0;
    do {
        answer =
            guest_asks_json(story, "haie", mem_printf(story->mem, "q%d@example.org", more), "");
    } while (!str_equal(answer_text(answer, "expires_at"), "2026-11-21T08:10:00Z") && ++more < 60);
    assert_string_equal(answer_text(answer, "expires_at"), "2026-11-21T08:10:00Z");
    story->address = "192.0.2.8";
    answer = guest_asks_json(story, "haie", "paul@example.org", "");
    assert_string_equal(answer_text(answer, "expires_at"), "2026-11-21T08:30:00Z");
}

static void the_code_of_that_mail_leads_to_what_one_is_in(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *link = guest_comes(story, "haie", ANNE, "party=2");
    struct answer again = guest_asks_json(story, "haie", ANNE, "");
    struct answer typed =
        guest_types(story, "haie", answer_text(again, "handle"), story_mail_code(story, ANNE));
    assert_int_equal(typed.status, 200);
    assert_tells(typed, link);
    assert_int_equal(people_of(story, "haie"), 2);
}

static void a_date_at_the_same_time_is_refused_by_mail_alone(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_dates(story);
    guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    struct answer answer = guest_asks_json(story, "dates", ANNE, on_date(story, LATE_MORNING, ""));
    assert_int_equal(answer.status, 201);
    assert_int_equal(story_mail_count_about(story, ANNE, "another date at the same time"), 1);
    assert_non_null(strstr(story_mail(story, ANNE)->text, "10:00")); /* the one that they are in */
    story_wait(story, 31 * 60);
    assert_int_equal(session_left_of(story, "dates", LATE_MORNING), 10);
    assert_int_equal(people_of(story, "dates"), 1);
}

static void one_person_may_come_to_two_dates_that_follow_each_other(void **state)
{
    struct story *story = *state;
    make_dates(story);
    const char *morning = guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    const char *afternoon = guest_comes(story, "dates", ANNE, on_date(story, AFTERNOON, ""));
    assert_string_not_equal(morning, afternoon);
    assert_int_equal(people_of(story, "dates"), 2);
    assert_int_equal(session_left_of(story, "dates", MORNING), 9);
    assert_int_equal(session_left_of(story, "dates", AFTERNOON), 9);
}

static void a_campaign_may_allow_dates_at_the_same_time(void **state)
{
    struct story *story = *state;
    struct session second = make_session("2026-11-28T15:00:00", "2026-11-28T17:00:00", 10);
    struct session first = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 10);
    first.next = &second;
    struct campaign_draft draft = make_draft("dates", "Deux dates");
    draft.sessions = &first;
    draft.campaign.allows_overlap = true;
    make_campaign(story, &draft);
    guest_comes(story, "dates", ANNE, on_date(story, 0, ""));
    guest_comes(story, "dates", ANNE, on_date(story, 1, ""));
    assert_int_equal(people_of(story, "dates"), 2);
}

static void sending_the_form_again_replaces_date_and_party_and_mails_again(void **state)
{
    struct story *story = *state;
    make_dates(story);
    guest_asks(story, "dates", ANNE, on_date(story, MORNING, "party=3"));
    const char *link = guest_link(story, ANNE);
    guest_asks(story, "dates", ANNE, on_date(story, AFTERNOON, "party=2&first_name=Anna"));
    assert_int_equal(story_mail_count(story, ANNE), 2);
    assert_string_equal(guest_link(story, ANNE), link);
    assert_int_equal(session_left_of(story, "dates", MORNING), 10);
    assert_int_equal(session_left_of(story, "dates", AFTERNOON), 8);
    struct answer own = story_get_json(story, link);
    assert_string_equal(answer_text(own, "state"), "pending");
    assert_string_equal(answer_text(own, "first_name"), "Anna");
    assert_int_equal(answer_int(own, "party"), 2);
    assert_string_equal(answer_text(own, "session"), session_handle(story, "dates", AFTERNOON));
}

static void sending_again_begins_the_time_of_waiting_anew(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_asks(story, "haie", ANNE, "");
    story_wait(story, 20 * 60);
    guest_asks(story, "haie", ANNE, "");
    story_wait(story, 20 * 60);
    assert_string_equal(answer_text(story_get_json(story, guest_link(story, ANNE)), "state"),
                        "pending");
    assert_int_equal(session_left_of(story, "haie", 0), 19);
}

static void sending_again_for_more_than_what_is_left_keeps_what_one_has(void **state)
{
    struct story *story = *state;
    make_hedge(story, 5);
    guest_asks(story, "haie", ANNE, "party=2");
    assert_int_equal(guest_asks_json(story, "haie", ANNE, "party=4").status, 409);
    assert_int_equal(story_mail_count(story, ANNE), 1);
    struct answer own = story_get_json(story, guest_link(story, ANNE));
    assert_int_equal(answer_int(own, "party"), 2);
    assert_int_equal(session_left_of(story, "haie", 0), 3);
}

static void a_form_sent_twice_in_the_same_moment_is_one_sign_up(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    struct answer first = guest_asks_json(story, "haie", ANNE, "party=2");
    const char *code = story_mail_code(story, ANNE);
    struct answer second = guest_asks_json(story, "haie", ANNE, "party=2");
    assert_int_equal(session_left_of(story, "haie", 0), 18);
    assert_string_not_equal(answer_text(first, "handle"), answer_text(second, "handle"));
    assert_int_equal(guest_types(story, "haie", answer_text(first, "handle"), code).status, 200);
    assert_int_equal(people_of(story, "haie"), 2);
}

static void one_unconfirmed_sign_up_of_a_person_may_wait_beside_one_that_is_in(void **state)
{
    struct story *story = *state;
    make_dates(story);
    const char *in = guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    guest_asks(story, "dates", ANNE, on_date(story, AFTERNOON, "party=2"));
    assert_string_equal(answer_text(story_get_json(story, in), "state"), "confirmed");
    assert_string_equal(answer_text(story_get_json(story, guest_link(story, ANNE)), "state"),
                        "pending");
    assert_int_equal(people_of(story, "dates"), 1);
}

static void one_person_may_wait_in_two_campaigns(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    make_dates(story);
    guest_asks(story, "haie", ANNE, "");
    guest_asks(story, "dates", ANNE, on_date(story, MORNING, ""));
    assert_int_equal(session_left_of(story, "haie", 0), 19);
    assert_int_equal(session_left_of(story, "dates", MORNING), 9);
}

static void a_cancelled_sign_up_is_taken_up_again_under_its_old_link(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *link = guest_comes(story, "haie", ANNE, "party=2");
    guest_sends(story, link, "cancel", "");
    guest_asks(story, "haie", ANNE, "party=3");
    assert_string_equal(guest_link(story, ANNE), link);
    assert_string_equal(answer_text(story_get_json(story, link), "state"), "pending");
    assert_int_equal(session_left_of(story, "haie", 0), 17);
    guest_sends(story, link, "confirm", "");
    assert_int_equal(people_of(story, "haie"), 3);
}

static void an_expired_sign_up_is_taken_up_again_under_its_old_link(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_asks(story, "haie", ANNE, "party=2");
    const char *link = guest_link(story, ANNE);
    story_wait(story, 30 * 60);
    assert_string_equal(answer_text(story_get_json(story, link), "state"), "expired");
    guest_asks(story, "haie", ANNE, "party=1");
    assert_string_equal(guest_link(story, ANNE), link);
    assert_string_equal(answer_text(story_get_json(story, link), "state"), "pending");
    assert_int_equal(session_left_of(story, "haie", 0), 19);
}

static void what_waits_gives_way_to_a_date_in_which_one_had_expired(void **state)
{
    struct story *story = *state;
    make_dates(story);
    guest_asks(story, "dates", ANNE, on_date(story, MORNING, ""));
    story_wait(story, 30 * 60);
    guest_comes(story, "dates", ANNE, on_date(story, AFTERNOON, ""));
    guest_sends(story, guest_link(story, ANNE), "cancel", "");
    guest_asks(story, "dates", ANNE, on_date(story, LATE_MORNING, ""));
    const char *link = guest_link(story, ANNE);
    assert_int_equal(guest_asks(story, "dates", ANNE, on_date(story, MORNING, "")).status, 303);
    assert_string_not_equal(guest_link(story, ANNE), link);
    assert_string_equal(answer_text(story_get_json(story, link), "state"), "expired");
    assert_int_equal(session_left_of(story, "dates", MORNING), 9);
    assert_int_equal(session_left_of(story, "dates", LATE_MORNING), 10);
}

static void an_address_is_the_same_in_capitals_and_with_spaces_around(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *link = guest_comes(story, "haie", "Anne@Example.ORG", "");
    guest_asks(story, "haie", "  anne@example.org ", "first_name=Anne");
    assert_string_equal(guest_link(story, ANNE), link);
    assert_int_equal(people_of(story, "haie"), 1);
}

static void a_campaign_without_sessions_needs_none_to_be_chosen(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("balai", "Du balai");
    make_campaign(story, &draft);
    assert_false(answer_says(story_get(story, "/campaigns/balai"), "type=\"radio\""));
    const char *link = guest_comes(story, "balai", ANNE, "party=4");
    assert_true(answer_is_null(story_get_json(story, link), "session"));
    assert_int_equal(people_of(story, "balai"), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(a_visitor_signs_up_and_is_sent_to_their_mail),
        story_test(a_script_hears_until_when_the_place_is_kept_and_never_the_token),
        story_test(the_page_that_waits_tells_a_script_the_same),
        story_test(the_mail_has_the_link_the_code_and_what_was_asked_for),
        story_test(mails_are_in_the_language_in_which_somebody_signed_up),
        story_test(the_answer_is_the_same_for_every_address_but_the_handle),
        story_test(the_page_and_its_code_field_are_the_same_for_every_address),
        story_test(who_is_in_already_hears_it_by_mail_alone_and_nothing_changes),
        story_test(nothing_is_held_beyond_the_deadline),
        story_test(from_one_network_places_are_held_less_long_and_nobody_is_refused),
        story_test(the_places_that_are_left_tell_nobody_who_is_in),
        story_test(the_code_of_an_earlier_form_does_not_confirm_what_was_asked_later),
        story_test(an_address_gets_three_mails_within_an_hour_and_no_more),
        story_test(whoever_uses_a_mail_is_written_to_again),
        story_test(who_signs_others_up_shuts_nobody_out_of_signing_in),
        story_test(who_is_signed_in_asks_for_themselves),
        story_test(a_program_that_fills_in_everything_is_answered_like_all_and_nothing_happens),
        story_test(people_and_scripts_do_not_meet_the_trap),
        story_test(the_code_of_that_mail_leads_to_what_one_is_in),
        story_test(a_date_at_the_same_time_is_refused_by_mail_alone),
        story_test(one_person_may_come_to_two_dates_that_follow_each_other),
        story_test(a_campaign_may_allow_dates_at_the_same_time),
        story_test(sending_the_form_again_replaces_date_and_party_and_mails_again),
        story_test(sending_again_begins_the_time_of_waiting_anew),
        story_test(sending_again_for_more_than_what_is_left_keeps_what_one_has),
        story_test(a_form_sent_twice_in_the_same_moment_is_one_sign_up),
        story_test(one_unconfirmed_sign_up_of_a_person_may_wait_beside_one_that_is_in),
        story_test(one_person_may_wait_in_two_campaigns),
        story_test(a_cancelled_sign_up_is_taken_up_again_under_its_old_link),
        story_test(an_expired_sign_up_is_taken_up_again_under_its_old_link),
        story_test(what_waits_gives_way_to_a_date_in_which_one_had_expired),
        story_test(an_address_is_the_same_in_capitals_and_with_spaces_around),
        story_test(a_campaign_without_sessions_needs_none_to_be_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
