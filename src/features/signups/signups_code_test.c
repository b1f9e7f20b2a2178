/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of the six digits: they confirm on the page that is still open, in one browser, for an
 * hour, within five tries. */
#include "story/make_sign_ups.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "story/make_campaigns.h"

#define ANNE "anne@example.org"
#define PAUL "paul@example.org"

static void assert_refused(struct answer answer, int status, const char *code)
{
    assert_int_equal(answer.status, status);
    assert_string_equal(answer_text(answer, "code"), code);
}

/* Signs up; the handle of the page that waits. */
static const char *wait_for_mail(struct story *story, const char *slug, const char *email)
{
    return answer_text(guest_asks_json(story, slug, email, ""), "handle");
}

/* Six digits that are not those of the mail. */
static const char *wrong_code(struct story *story, const char *email)
{
    char *digits = mem_strdup(story->mem, story_mail_code(story, email));
    digits[0] = digits[0] == '9' ? '0' : (char)(digits[0] + 1);
    return digits;
}

static void the_code_confirms_and_leads_to_ones_own_page(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *handle = wait_for_mail(story, "haie", ANNE);
    const char *link = guest_link(story, ANNE);
    const char *form = mem_printf(story->mem, "h=%s&code=%s", handle, story_mail_code(story, ANNE));
    struct answer answer = story_post(story, "/campaigns/haie/sent", form);
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, link);
    assert_string_equal(answer_text(story_get_json(story, link), "state"), "confirmed");
    assert_int_equal(people_of(story, "haie"), 1);
}

static void a_script_is_given_the_address_of_the_page(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *handle = wait_for_mail(story, "haie", ANNE);
    const char *code = story_mail_code(story, ANNE);
    const char *url = mem_printf(story->mem, "http://127.0.0.1:8080%s", guest_link(story, ANNE));
    struct answer answer = guest_types(story, "haie", handle, code);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer_text(answer, "url"), url);
}

static void digits_may_be_typed_in_groups(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *handle = wait_for_mail(story, "haie", ANNE);
    const char *code = story_mail_code(story, ANNE);
    const char *typed = mem_printf(story->mem, " %.3s %s ", code, code + 3);
    assert_int_equal(guest_types(story, "haie", handle, typed).status, 200);
}

static void what_is_not_six_digits_is_told_beside_the_field_and_is_no_try(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *handle = wait_for_mail(story, "haie", ANNE);
    const char *code = story_mail_code(story, ANNE);
    static const char *const typed[] = {"", "12345", "1234567", "12345a", "-12345", "１２３４５６"};
    for (int i = 0; i < 6; i++) {
        struct answer answer = guest_types(story, "haie", handle, typed[i]);
        assert_refused(answer, 422, "fields");
        assert_true(strlen(answer_text(answer, "errors.code")) > 0);
    }
    assert_int_equal(guest_types(story, "haie", handle, code).status, 200);
}

static void a_wrong_code_is_told_beside_the_field_and_kept_there(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *handle = wait_for_mail(story, "haie", ANNE);
    const char *wrong = wrong_code(story, ANNE);
    struct answer page = story_post(story, "/campaigns/haie/sent",
                                    mem_printf(story->mem, "h=%s&code=%s", handle, wrong));
    assert_int_equal(page.status, 422);
    assert_true(answer_says(page, "id=\"sent-code-error\">"));
    assert_true(answer_says(page, mem_printf(story->mem, "value=\"%s\"", wrong)));
    assert_true(answer_says(page, mem_printf(story->mem, "value=\"%s\"", handle)));
    assert_int_equal(people_of(story, "haie"), 0);
}

static void the_fifth_try_still_counts(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *handle = wait_for_mail(story, "haie", ANNE);
    for (int i = 0; i < 4; i++)
        assert_refused(guest_types(story, "haie", handle, wrong_code(story, ANNE)), 422,
                       "code_wrong");
    const char *code = story_mail_code(story, ANNE);
    assert_int_equal(guest_types(story, "haie", handle, code).status, 200);
}

static void five_wrong_tries_use_a_code_up_although_each_was_refused(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *handle = wait_for_mail(story, "haie", ANNE);
    for (int i = 0; i < 5; i++)
        assert_refused(guest_types(story, "haie", handle, wrong_code(story, ANNE)), 422,
                       "code_wrong");
    struct answer right = guest_types(story, "haie", handle, story_mail_code(story, ANNE));
    assert_refused(right, 422, "code_used_up");
    assert_int_equal(people_of(story, "haie"), 0);
    const char *link = guest_link(story, ANNE);
    assert_int_equal(guest_sends(story, link, "confirm", "").status, 200);
}

static void a_new_form_gives_a_new_code_with_tries_of_its_own(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *first = wait_for_mail(story, "haie", ANNE);
    for (int i = 0; i < 5; i++)
        guest_types(story, "haie", first, wrong_code(story, ANNE));
    const char *second = wait_for_mail(story, "haie", ANNE);
    const char *code = story_mail_code(story, ANNE);
    assert_refused(guest_types(story, "haie", first, code), 422, "code_used_up");
    assert_int_equal(guest_types(story, "haie", second, code).status, 200);
}

static void a_code_works_with_the_page_that_it_was_asked_on_alone(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *anne = wait_for_mail(story, "haie", ANNE);
    const char *paul = wait_for_mail(story, "haie", PAUL);
    assert_refused(guest_types(story, "haie", paul, story_mail_code(story, ANNE)), 422,
                   "code_wrong");
    assert_int_equal(guest_types(story, "haie", anne, story_mail_code(story, ANNE)).status, 200);
    assert_string_equal(answer_text(story_get_json(story, guest_link(story, PAUL)), "state"),
                        "pending");
}

static void a_handle_is_nothing_on_another_campaigns_page(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    struct campaign_draft draft = make_draft("autre", "Une autre");
    make_campaign(story, &draft);
    const char *handle = wait_for_mail(story, "haie", ANNE);
    const char *code = story_mail_code(story, ANNE);
    assert_refused(guest_types(story, "autre", handle, code), 404, "not_found");
    assert_refused(guest_types(story, "rien", handle, code), 404, "not_found");
    const char *page = mem_printf(story->mem, "/campaigns/autre/sent?h=%s", handle);
    assert_int_equal(story_get(story, page).status, 404);
    assert_int_equal(guest_types(story, "haie", handle, code).status, 200);
}

static void without_a_handle_there_is_nothing_to_type(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    struct answer answer = story_get(story, "/campaigns/haie/sent");
    assert_int_equal(answer.status, 200); /* what everybody is told */
    assert_false(answer_says(answer, "name=\"code\""));
    assert_int_equal(story_get_json(story, "/campaigns/haie/sent").status, 404);
    assert_int_equal(story_get(story, "/campaigns/none/sent").status, 404);
    assert_int_equal(story_get(story, "/campaigns/haie/sent?h=zzzzzzzzzzzzzzzzzzzzzzzzzz").status,
                     404);
    assert_refused(guest_types(story, "haie", "zzzzzzzzzzzzzzzzzzzzzzzzzz", "123456"), 404,
                   "not_found");
}

static void a_code_holds_for_an_hour(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *anne = wait_for_mail(story, "haie", ANNE);
    const char *paul = wait_for_mail(story, "haie", PAUL);
    time_passes_alone(story, HOUR_SECONDS - 1);
    assert_int_equal(guest_types(story, "haie", anne, story_mail_code(story, ANNE)).status, 200);
    time_passes_alone(story, 1);
    assert_refused(guest_types(story, "haie", paul, story_mail_code(story, PAUL)), 422,
                   "code_used_up");
}

static void a_code_takes_a_place_anew_when_the_time_was_over(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *handle = wait_for_mail(story, "haie", ANNE);
    story_wait(story, 30 * 60);
    assert_int_equal(session_left_of(story, "haie", 0), 20);
    assert_int_equal(guest_types(story, "haie", handle, story_mail_code(story, ANNE)).status, 200);
    assert_int_equal(session_left_of(story, "haie", 0), 19);
}

static void a_right_code_that_comes_too_late_for_a_place_is_told_on_its_page(void **state)
{
    struct story *story = *state;
    make_hedge(story, 2);
    const char *handle = wait_for_mail(story, "haie", ANNE);
    story_wait(story, 30 * 60);
    guest_comes(story, "haie", PAUL, "party=2");
    const char *code = story_mail_code(story, ANNE);
    assert_refused(guest_types(story, "haie", handle, code), 409, "session_full");
    struct answer page = story_post(story, "/campaigns/haie/sent",
                                    mem_printf(story->mem, "h=%s&code=%s", handle, code));
    assert_int_equal(page.status, 409);
    assert_true(answer_says(page, "class=\"errors\""));
}

static void typing_the_code_again_leads_to_the_same_page(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *handle = wait_for_mail(story, "haie", ANNE);
    const char *code = story_mail_code(story, ANNE);
    assert_int_equal(guest_types(story, "haie", handle, code).status, 200);
    assert_int_equal(guest_types(story, "haie", handle, code).status, 200);
    assert_int_equal(people_of(story, "haie"), 1);
    assert_int_equal(story_mail_count(story, ANNE), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(the_code_confirms_and_leads_to_ones_own_page),
        story_test(a_script_is_given_the_address_of_the_page),
        story_test(digits_may_be_typed_in_groups),
        story_test(what_is_not_six_digits_is_told_beside_the_field_and_is_no_try),
        story_test(a_wrong_code_is_told_beside_the_field_and_kept_there),
        story_test(the_fifth_try_still_counts),
        story_test(five_wrong_tries_use_a_code_up_although_each_was_refused),
        story_test(a_new_form_gives_a_new_code_with_tries_of_its_own),
        story_test(a_code_works_with_the_page_that_it_was_asked_on_alone),
        story_test(a_handle_is_nothing_on_another_campaigns_page),
        story_test(without_a_handle_there_is_nothing_to_type),
        story_test(a_code_holds_for_an_hour),
        story_test(a_code_takes_a_place_anew_when_the_time_was_over),
        story_test(a_right_code_that_comes_too_late_for_a_place_is_told_on_its_page),
        story_test(typing_the_code_again_leads_to_the_same_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
