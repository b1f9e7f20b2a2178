/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of what an organiser does for others: adding who phoned, with an address or without,
 * changing a date or a party, correcting a name, taking somebody out; and each refusal of these. */
#include "features/signups/signups_organise.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "story/make_sign_ups.h"
#include "sys/mail.h"

#define ANNE "anne@example.org"
#define PEOPLE "/campaigns/haie/organise/people"

static struct answer add(struct story *story, const char *slug, const char *json)
{
    return story_post_json(story, mem_printf(story->mem, "/campaigns/%s/organise/people", slug),
                           json);
}

/* Adds somebody to "haie", who is in; their page's address. */
static const char *added(struct story *story, const char *json)
{
    struct answer answer = add(story, "haie", json);
    assert_int_equal(answer.status, 201);
    assert_string_equal(answer_text(answer, "state"), "confirmed");
    return mem_printf(story->mem, PEOPLE "/%s", answer_text(answer, "handle"));
}

static void assert_refused(struct answer answer, int status, const char *code)
{
    assert_int_equal(answer.status, status);
    assert_string_equal(answer_text(answer, "code"), code);
}

/* Adding. */

static void who_phoned_is_in_at_once_and_gets_a_mail_with_their_own_link(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    added(story, "{\"first_name\":\"Anne\",\"email\":\"" ANNE "\",\"party\":3}");
    assert_int_equal(people_of(story, "haie"), 3);
    assert_int_equal(session_left_of(story, "haie", 0), 17);
    assert_int_equal(story_mail_count(story, ANNE), 1);
    assert_non_null(strstr(story_mail(story, ANNE)->text, "nadia vous a inscrit"));
    struct answer own = story_get_json(story, guest_link(story, ANNE));
    assert_string_equal(answer_text(own, "state"), "confirmed");
    assert_false(answer_is_null(own, "show_name"));
    assert_true(answer_says(own, "\"show_name\":false"));
}

static void they_are_written_to_in_the_campaign_s_language(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20)); /* which is in French */
    story->accept_language = "en";
    added(story, "{\"first_name\":\"Anne\",\"email\":\"" ANNE "\",\"party\":1}");
    assert_non_null(strstr(story_mail(story, ANNE)->text, "nadia vous a inscrit"));
}

static void mails_to_people_who_did_not_ask_have_a_bound(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    nadia_leads(story, make_hedge(story, SESSION_UNLIMITED));
    for (int i = 0; i < ADDED_PER_DAY_MAX; i++)
        added(story, mem_printf(story->mem,
                                "{\"first_name\": \"A\", \"party\": 1, \"email\": "
                                "\"p%d@example.org\"}",
                                i));
    const char *more = "{\"first_name\": \"A\", \"party\": 1, \"email\": \"" ANNE "\"}";
    assert_refused(add(story, "haie", more), 429, "participant_added_many");
    added(story, "{\"first_name\": \"Odile\", \"party\": 1}"); /* on paper: no mail goes out */
    story_wait(story, DAY_SECONDS);
    added(story, more);
}

static void the_browsers_form_leads_to_the_persons_page(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    assert_true(answer_says(story_get(story, PEOPLE "/new"), "Ajouter quelqu’un"));
    struct answer answer = story_post(story, PEOPLE, "first_name=Anne&party=2&note=par+courrier");
    assert_int_equal(answer.status, 303);
    struct answer page = story_get(story, answer.location);
    assert_true(answer_says(page, "Anne"));
    assert_true(answer_says(page, "par courrier"));
    assert_true(answer_says(page, "nadia")); /* who did it */
}

static void without_an_address_somebody_is_counted_and_told_nothing(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    const char *page = added(story, "{\"first_name\":\"Anne\",\"party\":2}");
    added(story, "{\"first_name\":\"Anne\",\"party\":1}"); /* another one of that name */
    assert_int_equal(people_of(story, "haie"), 3);
    assert_true(answer_is_null(story_get_json(story, page), "email"));
    assert_false(answer_says(story_get(story, page), "invalid"));
    assert_null(story_newest_mail(story));
}

static void enough_of_them_tip_the_campaign(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.campaign.minimum = 2;
    nadia_leads(story, make_campaign(story, &draft));
    added(story, "{\"first_name\":\"Anne\",\"party\":2}");
    assert_string_equal(answer_text(story_get_json(story, "/campaigns/haie"), "state"), "reached");
}

static void a_place_that_waits_for_its_mail_becomes_theirs(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 3));
    guest_asks_json(story, "haie", ANNE, "party=2");
    added(story, "{\"first_name\":\"Anne\",\"email\":\"" ANNE "\",\"party\":3}");
    assert_int_equal(people_of(story, "haie"), 3);
    assert_int_equal(session_left_of(story, "haie", 0), 0);
    assert_string_equal(answer_text(story_get_json(story, guest_link(story, ANNE)), "state"),
                        "confirmed");
}

static void who_cancelled_is_taken_up_again(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    guest_sends(story, guest_comes(story, "haie", ANNE, ""), "cancel", "");
    added(story, "{\"first_name\":\"Anne\",\"email\":\"" ANNE "\",\"party\":1}");
    assert_int_equal(people_of(story, "haie"), 1);
    assert_null(strstr(story_get_json(story, PEOPLE).body, "cancelled"));
}

static void the_pending_form_of_another_date_ends_or_moves(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_dates(story));
    guest_asks_json(story, "dates", ANNE, on_date(story, MORNING, "party=2"));
    const char *json = mem_printf(story->mem,
                                  "{\"first_name\":\"Anne\",\"email\":\"" ANNE
                                  "\",\"party\":1,\"session\":\"%s\"}",
                                  session_handle(story, "dates", AFTERNOON));
    assert_int_equal(add(story, "dates", json).status, 201);
    assert_int_equal(session_left_of(story, "dates", MORNING), 10);
    assert_int_equal(session_left_of(story, "dates", AFTERNOON), 9);
}

static void after_the_deadline_the_organiser_may_still_add(void **state)
{
    struct story *story = *state;
    struct session session = make_session("2026-12-05T14:00:00", "2026-12-05T16:00:00", 20);
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.sessions = &session;
    draft.campaign.minimum = 1;
    nadia_leads(story, make_campaign(story, &draft));
    added(story, "{\"first_name\":\"Paul\",\"party\":1}");
    story_wait(story, 8 * DAY_SECONDS);
    assert_int_equal(guest_asks_json(story, "haie", ANNE, "").status, 409);
    added(story, "{\"first_name\":\"Anne\",\"party\":1}");
    assert_int_equal(people_of(story, "haie"), 2);
}

static void what_is_wrong_stands_beside_its_field(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_dates(story));
    struct answer answer =
        add(story, "dates", "{\"first_name\":\"\",\"email\":\"anne\",\"party\":0}");
    assert_refused(answer, 422, "fields");
    assert_true(strlen(answer_text(answer, "errors.first_name")) > 0);
    assert_true(strlen(answer_text(answer, "errors.email")) > 0);
    answer = add(story, "dates", "{\"first_name\":\"Anne\",\"party\":6}");
    assert_true(strlen(answer_text(answer, "errors.session")) > 0);
    assert_true(strlen(answer_text(answer, "errors.party")) > 0);
    answer = story_post(story, "/campaigns/dates/organise/people", "first_name=Anne&party=6");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "value=\"Anne\"")); /* what was typed is kept */
}

static void where_hours_are_asked_for_they_are_asked_of_the_organiser_too(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.campaign.asks_hours = true;
    nadia_leads(story, make_campaign(story, &draft));
    struct answer answer = add(story, "haie", "{\"first_name\":\"Anne\",\"party\":2}");
    assert_true(strlen(answer_text(answer, "errors.hours")) > 0);
    const char *page = added(story, "{\"first_name\":\"Anne\",\"party\":2,\"hours\":3}");
    assert_int_equal(answer_int(story_get_json(story, "/campaigns/haie"), "progress.hours"), 6);
    story_post_json(story, page, "{\"first_name\":\"Anne\",\"party\":2,\"hours\":5}");
    assert_int_equal(answer_int(story_get_json(story, "/campaigns/haie"), "progress.hours"), 10);
}

static void never_one_place_too_many(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 4));
    added(story, "{\"first_name\":\"Paul\",\"party\":2}");
    assert_refused(add(story, "haie", "{\"first_name\":\"Anne\",\"party\":3}"), 409,
                   "session_full");
    assert_int_equal(session_left_of(story, "haie", 0), 2);
    struct answer page = story_post(story, PEOPLE, "first_name=Anne&party=3");
    assert_int_equal(page.status, 409);
    assert_true(answer_says(page, "value=\"Anne\""));
}

static void when_the_taken_up_place_does_not_suffice_nothing_changes(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 4));
    added(story, "{\"first_name\":\"Paul\",\"party\":2}");
    guest_asks_json(story, "haie", ANNE, "party=2");
    assert_refused(
        add(story, "haie", "{\"first_name\":\"Anne\",\"email\":\"" ANNE "\",\"party\":3}"), 409,
        "session_full");
    assert_int_equal(session_left_of(story, "haie", 0), 0);
    assert_string_equal(answer_text(story_get_json(story, guest_link(story, ANNE)), "state"),
                        "pending");
}

static void nobody_is_added_twice_to_a_date(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", ANNE, "");
    assert_refused(
        add(story, "haie", "{\"first_name\":\"Anne\",\"email\":\"" ANNE "\",\"party\":1}"), 409,
        "participant_is_in");
}

static void nor_to_two_dates_at_the_same_time(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_dates(story));
    guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    const char *json = mem_printf(story->mem,
                                  "{\"first_name\":\"Anne\",\"email\":\"" ANNE
                                  "\",\"party\":1,\"session\":\"%s\"}",
                                  session_handle(story, "dates", LATE_MORNING));
    assert_refused(add(story, "dates", json), 409, "participant_overlaps");
}

static void not_before_it_opens_nor_when_it_is_over(void **state)
{
    struct story *story = *state;
    static const char json[] = "{\"first_name\":\"Anne\",\"party\":1}";
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    nadia_leads(story, make_unpublished(story, &draft));
    assert_refused(add(story, "haie", json), 409, "campaign_not_open_yet");
    assert_true(answer_says(story_get(story, PEOPLE "/new"), "notice"));
    draft = make_draft("ratee", "Trop peu");
    nadia_leads(story, make_campaign(story, &draft));
    story_wait(story, 8 * DAY_SECONDS);
    assert_refused(add(story, "ratee", json), 409, "sign_up_over");
}

static void not_to_a_date_that_is_over(void **state)
{
    struct story *story = *state;
    struct session late = make_session("2026-12-12T14:00:00", "2026-12-12T16:00:00", 20);
    struct session session = make_session("2026-11-22T14:00:00", "2026-11-22T16:00:00", 20);
    session.next = &late;
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.sessions = &session;
    nadia_leads(story, make_campaign(story, &draft));
    story_wait(story, 2 * DAY_SECONDS);
    const char *json =
        mem_printf(story->mem, "{\"first_name\":\"Anne\",\"party\":1,\"session\":\"%s\"}",
                   session_handle(story, "haie", 0));
    assert_refused(add(story, "haie", json), 409, "session_over");
}

/* Changing. */

/* The page of who came by herself. */
static const char *page_of(struct story *story, const char *slug, const char *name)
{
    const char *list = mem_printf(story->mem, "/campaigns/%s/organise/people", slug);
    struct answer answer = story_get_json(story, mem_printf(story->mem, "%s?q=%s", list, name));
    return mem_printf(story->mem, "%s/%s", list, answer_text(answer, "items.0.handle"));
}

static void another_party_takes_and_gives_places_and_is_told(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 5));
    guest_comes(story, "haie", ANNE, "party=2");
    int mails = story_mail_count(story, ANNE);
    const char *page = page_of(story, "haie", "anne");
    struct answer answer = story_post_json(story, page, "{\"first_name\":\"Anne\",\"party\":5}");
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer_int(answer, "party"), 5);
    assert_int_equal(session_left_of(story, "haie", 0), 0);
    assert_int_equal(people_of(story, "haie"), 5);
    assert_int_equal(story_mail_count(story, ANNE), mails + 1);
    assert_non_null(strstr(story_mail(story, ANNE)->text, "5"));
    story_post_json(story, page, "{\"first_name\":\"Anne\",\"party\":1}");
    assert_int_equal(session_left_of(story, "haie", 0), 4);
}

static void another_date_is_told_too(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_dates(story));
    guest_comes(story, "dates", ANNE, on_date(story, MORNING, "party=2"));
    int mails = story_mail_count(story, ANNE);
    const char *page = page_of(story, "dates", "anne");
    const char *form = mem_printf(story->mem, "first_name=Anne&party=2&session=%s",
                                  session_handle(story, "dates", AFTERNOON));
    assert_int_equal(story_post(story, page, form).status, 303);
    assert_int_equal(session_left_of(story, "dates", MORNING), 10);
    assert_int_equal(session_left_of(story, "dates", AFTERNOON), 8);
    assert_int_equal(story_mail_count(story, ANNE), mails + 1);
    assert_non_null(strstr(story_mail(story, ANNE)->attachments->content, "20261128T130000Z"));
}

static void the_date_of_somebody_is_not_called_yours(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_dates(story));
    const char *own = guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    struct answer page = story_get(story, page_of(story, "dates", "anne"));
    assert_true(answer_says(page, "Son créneau"));
    assert_false(answer_says(page, "Votre créneau"));
    assert_true(answer_says(story_get(story, own), "Votre créneau"));
}

static void a_corrected_name_or_a_note_is_told_to_nobody(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 5));
    guest_comes(story, "haie", ANNE, "");
    int mails = story_mail_count(story, ANNE);
    const char *page = page_of(story, "haie", "anne");
    story_post_json(story, page, "{\"first_name\":\"Élise\",\"party\":1,\"note\":\"gants\"}");
    assert_string_equal(answer_text(story_get_json(story, page), "first_name"), "Élise");
    assert_string_equal(page_of(story, "haie", "elis"), page); /* found by it, without its accent */
    assert_true(answer_says(story_get(story, page), "gants"));
    assert_int_equal(story_mail_count(story, ANNE), mails);
}

static void a_larger_party_needs_its_places(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 3));
    guest_comes(story, "haie", ANNE, "party=2");
    const char *page = page_of(story, "haie", "anne");
    assert_refused(story_post_json(story, page, "{\"first_name\":\"Anne\",\"party\":4}"), 409,
                   "session_full");
    assert_refused(story_post_json(story, page, "{\"first_name\":\"Anne\",\"party\":6}"), 422,
                   "fields");
    assert_int_equal(story_post(story, page, "first_name=Anne&party=4").status, 409);
}

static void nobody_is_moved_to_a_date_they_are_in_or_that_overlaps(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_dates(story));
    guest_comes(story, "dates", ANNE, on_date(story, AFTERNOON, ""));
    guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    const char *page = page_of(story, "dates", "anne"); /* the older one: of the afternoon */
    assert_refused(
        story_post_json(story, page,
                        mem_printf(story->mem,
                                   "{\"first_name\":\"A\",\"party\":1,\"session\":\"%s\"}",
                                   session_handle(story, "dates", MORNING))),
        409, "participant_is_in");
    assert_refused(
        story_post_json(story, page,
                        mem_printf(story->mem,
                                   "{\"first_name\":\"A\",\"party\":1,\"session\":\"%s\"}",
                                   session_handle(story, "dates", LATE_MORNING))),
        409, "participant_overlaps");
}

static void of_who_left_only_name_and_note_can_be_changed(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 5));
    guest_sends(story, guest_comes(story, "haie", ANNE, ""), "cancel", "");
    const char *page = page_of(story, "haie", "anne");
    assert_refused(story_post_json(story, page, "{\"first_name\":\"Anne\",\"party\":2}"), 409,
                   "sign_up_over");
    assert_int_equal(story_post_json(story, page, "{\"first_name\":\"Anna\",\"party\":1}").status,
                     200);
}

/* Removing. */

static void who_is_removed_is_told_why_and_the_places_are_free(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 5));
    guest_comes(story, "haie", ANNE, "party=2");
    const char *page = page_of(story, "haie", "anne");
    struct answer answer = story_post_json(story, mem_printf(story->mem, "%s/remove", page),
                                           "{\"reason\":\"Trop jeune.\\nDésolée\"}");
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer_text(answer, "state"), "cancelled");
    assert_int_equal(people_of(story, "haie"), 0);
    assert_int_equal(session_left_of(story, "haie", 0), 5);
    assert_non_null(strstr(story_mail(story, ANNE)->text, "Trop jeune."));
    assert_non_null(strstr(story_mail(story, ANNE)->html, "Désolée"));
    const char *entry = strstr(story_mail(story, ANNE)->text, "retire la date de votre agenda");
    assert_non_null(entry);
    assert_null(strstr(entry + 1, "retire la date de votre agenda")); /* once, not for each line */
    int mails = story_mail_count(story, ANNE);
    story_post(story, mem_printf(story->mem, "%s/remove", page),
               "reason=encore"); /* again: nothing */
    assert_int_equal(story_mail_count(story, ANNE), mails);
}

static void a_word_is_needed_where_somebody_reads_it(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 5));
    guest_comes(story, "haie", ANNE, "");
    const char *remove = mem_printf(story->mem, "%s/remove", page_of(story, "haie", "anne"));
    assert_refused(story_post_json(story, remove, "{\"reason\":\"\"}"), 422, "fields");
    struct answer page = story_post(story, remove, "reason=");
    assert_int_equal(page.status, 422);
    assert_true(answer_says(page, "remove-reason-error"));
    const char *paul = added(story, "{\"first_name\":\"Paul\",\"party\":1}");
    assert_int_equal(story_post(story, mem_printf(story->mem, "%s/remove", paul), "").status, 303);
    assert_int_equal(people_of(story, "haie"), 1);
}

static void who_never_confirmed_is_removed_without_a_mail(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 5));
    guest_asks_json(story, "haie", ANNE, "party=2");
    int mails = story_mail_count(story, ANNE);
    const char *remove = mem_printf(story->mem, "%s/remove", page_of(story, "haie", "anne"));
    assert_int_equal(story_post(story, remove, "reason=").status, 303);
    assert_int_equal(session_left_of(story, "haie", 0), 5);
    assert_int_equal(story_mail_count(story, ANNE), mails);
}

static void what_is_over_stays_as_it_was(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    nadia_leads(story, make_campaign(story, &draft));
    guest_comes(story, "haie", ANNE, "");
    const char *page = page_of(story, "haie", "anne");
    story_wait(story, 8 * DAY_SECONDS); /* missed */
    assert_refused(story_post_json(story, page, "{\"first_name\":\"Anne\",\"party\":2}"), 409,
                   "sign_up_over");
    assert_refused(
        story_post_json(story, mem_printf(story->mem, "%s/remove", page), "{\"reason\":\"non\"}"),
        409, "sign_up_over");
}

/* What happened. */

static void the_page_tells_what_happened_and_who_did_it(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 5));
    guest_comes(story, "haie", ANNE, "");
    const char *page = page_of(story, "haie", "anne");
    story_post(story, page, "first_name=Anne&party=2");
    struct answer answer = story_get(story, page);
    assert_true(answer_says(answer, "Formulaire rempli"));
    assert_true(answer_says(answer, "Modifiée"));
    assert_true(answer_says(answer, "nadia"));
    assert_int_equal(story_get(story, mem_printf(story->mem, "%s/remove", page)).status, 303);
}

static void the_handle_of_these_pages_opens_nothing_else(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 5));
    guest_comes(story, "haie", ANNE, "");
    const char *handle = strrchr(page_of(story, "haie", "anne"), '/') + 1;
    story_sign_out(story);
    assert_int_equal(story_get(story, mem_printf(story->mem, "/sign-ups/%s", handle)).status, 404);
    assert_int_equal(
        story_get(story, mem_printf(story->mem, "/campaigns/haie/sent?h=%s", handle)).status, 404);
}

static void people_of_another_campaign_are_not_found_here(void **state)
{
    struct story *story = *state;
    make_dates(story);
    guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    story_sign_in_as(story, "chef@example.org", ROLE_FACILITATOR);
    const char *handle = strrchr(page_of(story, "dates", "anne"), '/') + 1;
    nadia_leads(story, make_hedge(story, 5));
    const char *page = mem_printf(story->mem, PEOPLE "/%s", handle);
    const char *remove = mem_printf(story->mem, "%s/remove", page);
    assert_int_equal(story_get(story, page).status, 404);
    assert_int_equal(story_post(story, page, "first_name=Anne&party=1").status, 404);
    assert_int_equal(story_post(story, remove, "reason=non").status, 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(who_phoned_is_in_at_once_and_gets_a_mail_with_their_own_link),
        story_test(they_are_written_to_in_the_campaign_s_language),
        story_test(mails_to_people_who_did_not_ask_have_a_bound),
        story_test(the_browsers_form_leads_to_the_persons_page),
        story_test(without_an_address_somebody_is_counted_and_told_nothing),
        story_test(enough_of_them_tip_the_campaign),
        story_test(a_place_that_waits_for_its_mail_becomes_theirs),
        story_test(who_cancelled_is_taken_up_again),
        story_test(the_pending_form_of_another_date_ends_or_moves),
        story_test(after_the_deadline_the_organiser_may_still_add),
        story_test(what_is_wrong_stands_beside_its_field),
        story_test(where_hours_are_asked_for_they_are_asked_of_the_organiser_too),
        story_test(never_one_place_too_many),
        story_test(when_the_taken_up_place_does_not_suffice_nothing_changes),
        story_test(nobody_is_added_twice_to_a_date),
        story_test(nor_to_two_dates_at_the_same_time),
        story_test(not_before_it_opens_nor_when_it_is_over),
        story_test(not_to_a_date_that_is_over),
        story_test(another_party_takes_and_gives_places_and_is_told),
        story_test(another_date_is_told_too),
        story_test(the_date_of_somebody_is_not_called_yours),
        story_test(a_corrected_name_or_a_note_is_told_to_nobody),
        story_test(a_larger_party_needs_its_places),
        story_test(nobody_is_moved_to_a_date_they_are_in_or_that_overlaps),
        story_test(of_who_left_only_name_and_note_can_be_changed),
        story_test(who_is_removed_is_told_why_and_the_places_are_free),
        story_test(a_word_is_needed_where_somebody_reads_it),
        story_test(who_never_confirmed_is_removed_without_a_mail),
        story_test(what_is_over_stays_as_it_was),
        story_test(the_page_tells_what_happened_and_who_did_it),
        story_test(the_handle_of_these_pages_opens_nothing_else),
        story_test(people_of_another_campaign_are_not_found_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
