/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of confirming by the link of the mail: nobody counts before, a look at the page confirms
 * nothing, and what stands against it is said on the page of who holds the link. */
#include "story/make_sign_ups.h"

#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/time.h"
#include "features/signups/signups_local.h"
#include "story/make_campaigns.h"
#include "sys/mail.h"

#define ANNE "anne@example.org"
#define PAUL "paul@example.org"

static void assert_tells(struct answer answer, const char *text)
{
    if (!answer_says(answer, text))
        fail_msg("no \"%s\" in: %s", text, answer.body);
}

static void assert_state(struct story *story, const char *link, const char *state)
{
    assert_string_equal(answer_text(story_get_json(story, link), "state"), state);
}

static void assert_refused(struct answer answer, int status, const char *code)
{
    assert_int_equal(answer.status, status);
    assert_string_equal(answer_text(answer, "code"), code);
}

static void the_link_of_the_mail_shows_a_button_that_confirms(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_asks(story, "haie", ANNE, "party=3");
    const char *link = guest_link(story, ANNE);
    const char *confirm = mem_printf(story->mem, "%s/confirm", link);
    struct answer page = story_get(story, link);
    assert_int_equal(page.status, 200);
    assert_tells(page, mem_printf(story->mem, "<form method=\"post\" action=\"%s\">", confirm));
    struct answer answer = story_post(story, confirm, "");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, link);
    assert_int_equal(people_of(story, "haie"), 3);
    assert_int_equal(session_left_of(story, "haie", 0), 17);
    assert_int_equal(story_mail_count(story, ANNE), 2);
}

static void a_look_at_the_link_confirms_and_cancels_nothing(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_asks(story, "haie", ANNE, "");
    const char *link = guest_link(story, ANNE);
    static const char *const verbs[] = {"", "/confirm", "/cancel", "/change", "/calendar.ics"};
    for (int i = 0; i < 5; i++) {
        const char *path = mem_printf(story->mem, "%s%s", link, verbs[i]);
        assert_int_equal(story_get(story, path).status, i == 4 ? 404 : i ? 303 : 200);
        assert_true(story_send(story, "HEAD", path, NULL, NULL).status != 405);
    }
    assert_state(story, link, "pending");
    assert_int_equal(people_of(story, "haie"), 0);
}

static void confirming_again_counts_nobody_and_writes_nothing(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *link = guest_comes(story, "haie", ANNE, "party=2");
    int mails = story_mail_count(story, ANNE);
    assert_int_equal(guest_sends(story, link, "confirm", "").status, 200);
    assert_int_equal(people_of(story, "haie"), 2);
    assert_int_equal(session_left_of(story, "haie", 0), 18);
    assert_int_equal(story_mail_count(story, ANNE), mails);
}

static void who_confirms_is_told_the_rank_and_how_many_are_to_come(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_hedge(story, SESSION_UNLIMITED);
    for (int i = 0; i < 12; i++)
        make_participants(story, "haie", mem_printf(story->mem, "guest%d@example.org", i), 3);
    const char *link = guest_comes(story, "haie", ANNE, "party=1");
    struct answer page = story_get(story, link);
    assert_tells(page, "You are the 37th person.");
    assert_tells(page, "23 people to go");
    assert_non_null(strstr(story_mail(story, ANNE)->text, "You are the 37th person."));
    assert_non_null(strstr(story_mail(story, ANNE)->html, "23 people to go"));
    story->accept_language = "fr";
    assert_tells(story_get(story, link), "37e");
}

static void the_rank_is_that_of_confirming_and_stays(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_hedge(story, 20);
    guest_asks(story, "haie", ANNE, ""); /* the first to ask */
    const char *link = guest_link(story, ANNE);
    guest_comes(story, "haie", PAUL, "party=4");
    guest_sends(story, link, "confirm", "");
    guest_comes(story, "haie", "nour@example.org", "");
    assert_tells(story_get(story, link), "You are the 5th person.");
    assert_non_null(strstr(story_mail(story, PAUL)->text, "You are the 1st person."));
}

static void confirming_after_the_time_takes_a_place_that_is_left(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_asks(story, "haie", ANNE, "party=3");
    story_wait(story, 30 * 60);
    const char *link = guest_link(story, ANNE);
    assert_state(story, link, "expired");
    assert_int_equal(session_left_of(story, "haie", 0), 20);
    assert_int_equal(guest_sends(story, link, "confirm", "").status, 200);
    assert_state(story, link, "confirmed");
    assert_int_equal(session_left_of(story, "haie", 0), 17);
    assert_int_equal(people_of(story, "haie"), 3);
}

static void confirming_after_the_time_is_refused_where_the_party_does_not_fit_any_more(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_hedge(story, 5);
    guest_asks(story, "haie", ANNE, "party=3");
    story_wait(story, 30 * 60);
    const char *link = guest_link(story, ANNE);
    guest_comes(story, "haie", PAUL, "party=3");
    assert_refused(guest_sends(story, link, "confirm", ""), 409, "session_full");
    struct answer page = story_post(story, mem_printf(story->mem, "%s/confirm", link), "");
    assert_int_equal(page.status, 409);
    assert_tells(page, "There are not enough places left here for all of you.");
    assert_state(story, link, "expired");
    assert_int_equal(session_left_of(story, "haie", 0), 2);
}

static void a_date_at_the_same_time_is_refused_on_the_page_of_who_holds_the_link(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_dates(story);
    guest_asks(story, "dates", ANNE, on_date(story, LATE_MORNING, ""));
    const char *late = guest_link(story, ANNE);
    story_wait(story, 30 * 60);
    guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    assert_refused(guest_sends(story, late, "confirm", ""), 409, "sign_up_overlaps");
    struct answer page = story_post(story, mem_printf(story->mem, "%s/confirm", late), "");
    assert_int_equal(page.status, 409);
    assert_tells(page, sign_up_overlaps.sentence);
    assert_int_equal(people_of(story, "dates"), 1);
    assert_int_equal(session_left_of(story, "dates", LATE_MORNING), 10);
}

static void an_old_link_does_not_confirm_a_date_that_one_is_in_by_another(void **state)
{
    struct story *story = *state;
    make_dates(story);
    guest_asks(story, "dates", ANNE, on_date(story, MORNING, ""));
    const char *first = guest_link(story, ANNE);
    story_wait(story, 30 * 60);
    const char *second = guest_comes(story, "dates", ANNE, on_date(story, AFTERNOON, ""));
    assert_string_not_equal(first, second);
    guest_sends(story, second, "change", on_date(story, MORNING, "party=1"));
    assert_refused(guest_sends(story, first, "confirm", ""), 409, "sign_up_already_in");
    assert_int_equal(people_of(story, "dates"), 1);
}

static void nobody_confirms_from_the_deadline_on(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    time_passes_alone(story, 7 * DAY_SECONDS - 2);
    guest_asks(story, "haie", ANNE, "");
    guest_asks(story, "haie", PAUL, "");
    const char *anne = guest_link(story, ANNE);
    const char *paul = guest_link(story, PAUL);
    time_passes_alone(story, 1);
    assert_int_equal(guest_sends(story, anne, "confirm", "").status, 200);
    time_passes_alone(story, 1);
    assert_refused(guest_sends(story, paul, "confirm", ""), 409, "campaign_closed");
    assert_false(answer_says(story_get(story, paul), "/confirm\""));
}

static void nobody_confirms_a_session_that_has_ended(void **state)
{
    struct story *story = *state;
    struct session second = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 10);
    struct session first = make_session("2026-11-21T09:00:00", "2026-11-21T09:10:00", 10);
    first.next = &second;
    struct campaign_draft draft = make_draft("dates", "Deux dates");
    draft.sessions = &first;
    make_campaign(story, &draft);
    guest_asks(story, "dates", ANNE, on_date(story, 0, ""));
    time_passes_alone(story, 10 * 60);
    assert_refused(guest_sends(story, guest_link(story, ANNE), "confirm", ""), 409, "session_over");
}

static void who_cancelled_may_come_back_by_the_same_link(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *link = guest_comes(story, "haie", ANNE, "party=2");
    guest_sends(story, link, "cancel", "");
    assert_tells(story_get(story, link), "/confirm\"");
    assert_int_equal(guest_sends(story, link, "confirm", "").status, 200);
    assert_int_equal(people_of(story, "haie"), 2);
    assert_int_equal(session_left_of(story, "haie", 0), 18);
}

/* The link with its letter at `i` changed for another one of the alphabet. */
static const char *link_with_change(struct story *story, const char *link, size_t i)
{
    char *changed = mem_strdup(story->mem, link);
    changed[i] = changed[i] == 'a' ? 'b' : 'a';
    return changed;
}

static void a_link_with_any_letter_changed_is_nobodys(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *link = guest_comes(story, "haie", ANNE, "");
    story->sweeps = false; /* some forty requests of the same kind */
    for (size_t i = strlen("/sign-ups/"); link[i]; i++) {
        const char *changed = link_with_change(story, link, i);
        assert_int_equal(story_get(story, changed).status, 404);
        assert_int_equal(guest_sends(story, changed, "cancel", "").status, 404);
    }
    assert_int_equal(story_get(story, mem_printf(story->mem, "%sa", link)).status, 404);
    size_t all = strlen(link);
    for (size_t count = strlen("/sign-ups/a"); count < all; count++)
        assert_int_equal(story_get(story, mem_strndup(story->mem, link, count)).status, 404);
    assert_state(story, link, "confirmed");
}

static void no_verb_works_with_a_link_that_is_nobodys(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *link = guest_comes(story, "haie", ANNE, "");
    const char *changed = link_with_change(story, link, strlen(link) - 1);
    assert_refused(guest_sends(story, changed, "confirm", ""), 404, "not_found");
    assert_refused(guest_sends(story, changed, "change", "party=2"), 404, "not_found");
    assert_refused(guest_sends(story, changed, "cancel", ""), 404, "not_found");
    const char *calendar = mem_printf(story->mem, "%s/calendar.ics", changed);
    assert_int_equal(story_get(story, calendar).status, 404);
}

static void the_link_of_another_install_is_nobodys_here(void **state)
{
    struct story *story = *state;
    void *other = NULL;
    story_setup(&other);
    make_hedge(story, 20);
    make_hedge(other, 20);
    const char *here = guest_comes(story, "haie", ANNE, "");
    const char *there = guest_comes(other, "haie", ANNE, "");
    assert_int_equal(story_get(story, there).status, 404);
    /* nor is the other's signature on a handle of this one */
    const char *mixed = mem_printf(story->mem, "%.*s%s", (int)strlen("/sign-ups/") + HANDLE_CHARS,
                                   here, there + strlen("/sign-ups/") + HANDLE_CHARS);
    assert_int_equal(story_get(story, mixed).status, 404);
    assert_int_equal(story_teardown(&other), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(the_link_of_the_mail_shows_a_button_that_confirms),
        story_test(a_look_at_the_link_confirms_and_cancels_nothing),
        story_test(confirming_again_counts_nobody_and_writes_nothing),
        story_test(who_confirms_is_told_the_rank_and_how_many_are_to_come),
        story_test(the_rank_is_that_of_confirming_and_stays),
        story_test(confirming_after_the_time_takes_a_place_that_is_left),
        story_test(confirming_after_the_time_is_refused_where_the_party_does_not_fit_any_more),
        story_test(a_date_at_the_same_time_is_refused_on_the_page_of_who_holds_the_link),
        story_test(an_old_link_does_not_confirm_a_date_that_one_is_in_by_another),
        story_test(nobody_confirms_from_the_deadline_on),
        story_test(nobody_confirms_a_session_that_has_ended),
        story_test(who_cancelled_may_come_back_by_the_same_link),
        story_test(a_link_with_any_letter_changed_is_nobodys),
        story_test(no_verb_works_with_a_link_that_is_nobodys),
        story_test(the_link_of_another_install_is_nobodys_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
