/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of participants who tell how much they did: by the form on their own sign-up's page and
 * by scripts, more than once, corrected, refused; and what stays of it when they are forgotten. */
#include "story/make_sign_ups.h"

#include <jansson.h>
#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "features/reports/reports.h"
#include "features/reports/reports_local.h"
#include "features/signups/signups.h"
#include "migrations.h"
#include "story/make_campaigns.h"
#include "sys/db.h"
#include "web/app.h"
#include "web/feature.h"
#include "web/work.h"

#define ANNE "anne@example.org"
#define PAUL "paul@example.org"

/* "balai": e-mails deleted, whenever people like. */
static void make_digital(struct story *story)
{
    struct campaign_draft draft = make_draft("balai", "Du balai");
    draft.campaign.goal_unit = GOAL_QUANTITY;
    draft.campaign.quantity_unit = "e-mails supprimés";
    draft.campaign.target = 10000;
    make_campaign(story, &draft);
}

/* "collecte": kilograms, on Saturday 28 November at two o'clock. */
static void make_drive(struct story *story)
{
    struct session session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 50);
    struct campaign_draft draft = make_draft("collecte", "La collecte");
    draft.sessions = &session;
    draft.campaign.quantity_unit = "kg triés";
    draft.campaign.minimum = 1;
    make_campaign(story, &draft);
}

static const char *token_of(const char *link)
{
    return link + strlen("/sign-ups/");
}

static struct answer tells(struct story *story, const char *slug, const char *link,
                           const char *fields)
{
    static const char *const headers[] = {"Accept: application/json",
                                          "Content-Type: application/x-www-form-urlencoded", NULL};
    const char *path = mem_printf(story->mem, "/campaigns/%s/reports", slug);
    const char *form = mem_printf(story->mem, "token=%s&%s", token_of(link), fields);
    return story_send(story, "POST", path, headers, form);
}

static int64_t quantity_of(struct story *story, const char *slug)
{
    const char *path = mem_printf(story->mem, "/campaigns/%s", slug);
    return answer_int(story_get_json(story, path), "progress.quantity");
}

static void who_takes_part_tells_how_much_they_did_on_their_own_page(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_digital(story);
    const char *link = guest_comes(story, "balai", ANNE, "");
    assert_true(answer_says(story_get(story, link), "How much did you do?"));
    const char *form = mem_printf(story->mem, "token=%s&quantity=1360&note=Ouf", token_of(link));
    struct answer answer = story_post(story, "/campaigns/balai/reports", form);
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, mem_printf(story->mem, "%s#report", link));
    struct answer page = story_get(story, link);
    assert_true(answer_says(page, "<strong>1,360</strong>"));
    assert_true(answer_says(page, "More, on top of what I said before"));
    assert_int_equal(quantity_of(story, "balai"), 1360);
    assert_true(answer_says(story_get(story, "/campaigns/balai/result"), "Ouf"));
}

static void a_script_is_told_what_was_kept(void **state)
{
    struct story *story = *state;
    make_digital(story);
    const char *link = guest_comes(story, "balai", ANNE, "");
    struct answer answer = tells(story, "balai", link, "quantity=12&note=Vite");
    assert_int_equal(answer.status, 201);
    assert_int_equal(answer_int(answer, "quantity"), 12);
    assert_string_equal(answer_text(answer, "note"), "Vite");
    assert_string_equal(answer_text(answer, "how"), "declared");
    assert_string_equal(answer_text(answer, "created_at"), "2026-11-21T08:00:00Z");
    assert_int_equal(strlen(answer_text(answer, "id")), REPORT_HANDLE_CHARS);
}

static void a_key_makes_sending_again_harmless(void **state)
{
    struct story *story = *state;
    make_digital(story);
    const char *link = guest_comes(story, "balai", ANNE, "");
    struct answer first = tells(story, "balai", link, "quantity=12&key=k1");
    assert_string_equal(tells(story, "balai", link, "quantity=12&key=k1").body, first.body);
    assert_int_equal(quantity_of(story, "balai"), 12);
    assert_int_equal(tells(story, "balai", link, "quantity=13&key=k1").status, 422);
    assert_int_equal(tells(story, "balai", link, "quantity=13&key=k2").status, 201);
    assert_int_equal(quantity_of(story, "balai"), 25);
}

static void without_sessions_each_number_is_added(void **state)
{
    struct story *story = *state;
    make_digital(story);
    const char *link = guest_comes(story, "balai", ANNE, "");
    tells(story, "balai", link, "quantity=100");
    tells(story, "balai", link, "quantity=30");
    assert_int_equal(quantity_of(story, "balai"), 130);
}

static void one_of_several_numbers_is_corrected_by_naming_it(void **state)
{
    struct story *story = *state;
    make_digital(story);
    const char *link = guest_comes(story, "balai", ANNE, "");
    const char *id = answer_text(tells(story, "balai", link, "quantity=1000"), "id");
    tells(story, "balai", link, "quantity=30");
    struct answer answer =
        tells(story, "balai", link, mem_printf(story->mem, "quantity=100&replaces=%s", id));
    assert_int_equal(answer.status, 201);
    assert_string_equal(answer_text(answer, "id"), id);
    assert_int_equal(quantity_of(story, "balai"), 130);
}

static void nobody_corrects_the_number_of_somebody_else(void **state)
{
    struct story *story = *state;
    make_digital(story);
    const char *anne = guest_comes(story, "balai", ANNE, "");
    const char *paul = guest_comes(story, "balai", PAUL, "");
    const char *id = answer_text(tells(story, "balai", anne, "quantity=1000"), "id");
    const char *form = mem_printf(story->mem, "quantity=1&replaces=%s", id);
    assert_int_equal(tells(story, "balai", paul, form).status, 404);
    assert_int_equal(quantity_of(story, "balai"), 1000);
}

static void with_sessions_a_second_number_takes_the_place_of_the_first(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_drive(story);
    const char *link = guest_comes(story, "collecte", ANNE, "");
    story_wait(story, 7 * DAY_SECONDS + 6 * HOUR_SECONDS);
    tells(story, "collecte", link, "quantity=40&note=Premier");
    assert_true(answer_says(story_get(story, link), "Correct my number"));
    assert_true(answer_says(story_get(story, link), "value=\"40\""));
    tells(story, "collecte", link, "quantity=42");
    assert_int_equal(quantity_of(story, "collecte"), 42);
    assert_false(answer_says(story_get(story, "/campaigns/collecte/result"), "Premier"));
}

static void who_holds_no_link_of_the_campaign_tells_nothing(void **state)
{
    struct story *story = *state;
    make_digital(story);
    make_hedge(story, 20);
    const char *elsewhere = guest_comes(story, "haie", ANNE, "");
    assert_int_equal(tells(story, "balai", elsewhere, "quantity=5").status, 404);
    assert_int_equal(tells(story, "balai", "/sign-ups/abcdefghijklmnopqrst", "quantity=5").status,
                     404);
    assert_int_equal(story_post(story, "/campaigns/balai/reports", "quantity=5").status, 401);
    assert_int_equal(story_post(story, "/campaigns/nulle-part/reports", "quantity=5").status, 404);
    assert_int_equal(quantity_of(story, "balai"), 0);
}

static void who_has_not_confirmed_or_has_left_tells_nothing(void **state)
{
    struct story *story = *state;
    make_digital(story);
    guest_asks(story, "balai", ANNE, "");
    const char *link = guest_link(story, ANNE);
    assert_int_equal(tells(story, "balai", link, "quantity=5").status, 409);
    assert_false(answer_says(story_get(story, link), "id=\"report\""));
    guest_sends(story, link, "confirm", "");
    assert_int_equal(tells(story, "balai", link, "quantity=5").status, 201);
    guest_sends(story, link, "cancel", "");
    assert_int_equal(tells(story, "balai", link, "quantity=5").status, 409);
    assert_int_equal(quantity_of(story, "balai"), 5);
}

static void before_the_first_session_there_is_nothing_to_tell(void **state)
{
    struct story *story = *state;
    make_drive(story);
    const char *link = guest_comes(story, "collecte", ANNE, "");
    assert_int_equal(tells(story, "collecte", link, "quantity=5").status, 409);
    assert_false(answer_says(story_get(story, link), "id=\"report\""));
    story_wait(story, 7 * DAY_SECONDS + 5 * HOUR_SECONDS); /* two o'clock in Paris */
    assert_true(answer_says(story_get(story, link), "id=\"report\""));
    assert_int_equal(tells(story, "collecte", link, "quantity=5").status, 201);
}

static void a_campaign_of_people_asks_for_no_number(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("seuls", "Des personnes");
    make_campaign(story, &draft);
    const char *link = guest_comes(story, "seuls", ANNE, "");
    assert_int_equal(tells(story, "seuls", link, "quantity=5").status, 409);
    assert_false(answer_says(story_get(story, link), "id=\"report\""));
}

static void what_is_wrong_is_said_beside_the_field_and_what_was_typed_is_kept(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_digital(story);
    const char *link = guest_comes(story, "balai", ANNE, "");
    const char *form =
        mem_printf(story->mem, "token=%s&quantity=beaucoup&note=Ouf+%%26+fini", token_of(link));
    struct answer page = story_post(story, "/campaigns/balai/reports", form);
    assert_int_equal(page.status, 422);
    assert_true(answer_says(page, "id=\"report-quantity-error\""));
    assert_true(answer_says(page, "value=\"beaucoup\""));
    assert_true(answer_says(page, "Ouf &amp; fini</textarea>"));
    assert_int_equal(tells(story, "balai", link, "quantity=0").status, 422);
    assert_int_equal(tells(story, "balai", link, "quantity=1000000001").status, 422);
    assert_int_equal(tells(story, "balai", link, "").status, 422);
    assert_int_equal(quantity_of(story, "balai"), 0);
}

static void a_sign_up_tells_a_bounded_number_of_times(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    make_digital(story);
    const char *link = guest_comes(story, "balai", ANNE, "");
    for (int i = 0; i < REPORTS_PER_SIGN_UP_MAX; i++)
        assert_int_equal(tells(story, "balai", link, "quantity=1").status, 201);
    assert_int_equal(tells(story, "balai", link, "quantity=1").status, 409);
    assert_int_equal(quantity_of(story, "balai"), REPORTS_PER_SIGN_UP_MAX);
}

static void a_program_that_fills_in_everything_is_answered_like_all_and_counts_nothing(void **state)
{
    struct story *story = *state;
    make_digital(story);
    const char *link = guest_comes(story, "balai", ANNE, "");
    assert_true(answer_says(story_get(story, link), "name=\"subject\""));
    const char *form = mem_printf(story->mem, "token=%s&quantity=9&subject=Cheap", token_of(link));
    struct answer answer = story_post(story, "/campaigns/balai/reports", form);
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, mem_printf(story->mem, "%s#report", link));
    assert_int_equal(quantity_of(story, "balai"), 0);
    assert_int_equal(tells(story, "balai", link, "quantity=9&subject=").status, 201);
}

/* The organiser has gone through it. */
static void check(struct work *work, void *context)
{
    const struct sign_up *sign_up = sign_up_get_by_token(work, context);
    const struct report *from = report_list_by_sign_up(work, sign_up->id);
    struct report to = *from;
    to.how = "verified";
    to.checked_at = work->now;
    const struct report_change change = {.from = from, .to = &to, .reason = "vu"};
    assert_true(report_change(work, &change));
    assert_false(report_change(work, &change)); /* it does not stand there any more */
}

static void a_number_that_the_organiser_has_checked_stays(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_digital(story);
    const char *link = guest_comes(story, "balai", ANNE, "");
    const char *id = answer_text(tells(story, "balai", link, "quantity=1000"), "id");
    char *token = mem_strdup(story->mem, token_of(link));
    story_write(story, check, token);
    const char *form = mem_printf(story->mem, "quantity=100&replaces=%s", id);
    assert_int_equal(tells(story, "balai", link, form).status, 409);
    assert_int_equal(quantity_of(story, "balai"), 1000);
    struct answer page = story_get(story, "/campaigns/balai/result");
    assert_true(answer_says(page, "verified by the organiser"));
    assert_false(answer_says(page, "declared by participants</span></p>"));
}

static void export(struct work *work, void *context)
{
    reports_feature.export_person(work, ANNE, context);
}

static void forget(struct work *work, void *context)
{
    (void)context;
    for (const struct feature *const *f = work->app->features; *f; f++)
        (*f)->forget_person(work, ANNE);
}

static void who_is_forgotten_leaves_their_number_and_no_word(void **state)
{
    struct story *story = *state;
    make_digital(story);
    const char *link = guest_comes(story, "balai", ANNE, "");
    const char *paul = guest_comes(story, "balai", PAUL, "");
    tells(story, "balai", link, "quantity=100&note=Mon+mot");
    tells(story, "balai", paul, "quantity=20&note=Le+sien");
    json_t *object = json_object();
    json_array_append_new(story->answers, object);
    story_write(story, export, object);
    struct answer data = {.json = object};
    assert_int_equal(json_array_size(json_object_get(object, "reports")), 1);
    assert_string_equal(answer_text(data, "reports.0.note"), "Mon mot");
    assert_int_equal(answer_int(data, "reports.0.quantity"), 100);
    story_write(story, forget, NULL);
    struct answer page = story_get(story, "/campaigns/balai/result");
    assert_false(answer_says(page, "Mon mot"));
    assert_true(answer_says(page, "Le sien"));
    assert_int_equal(quantity_of(story, "balai"), 120);
}

static void who_is_signed_in_and_takes_part_tells_it_on_the_campaigns_page(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    make_digital(story);
    guest_comes(story, "balai", ANNE, "");
    story_sign_in(story, ANNE);
    assert_true(answer_says(story_get(story, "/campaigns/balai"), "How much did you do?"));
    assert_int_equal(story_post(story, "/campaigns/balai/reports", "quantity=x").status, 422);
    struct answer answer = story_post(story, "/campaigns/balai/reports", "quantity=77");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, "/campaigns/balai#report");
    assert_int_equal(quantity_of(story, "balai"), 77);
    story_sign_in(story, PAUL);
    assert_false(answer_says(story_get(story, "/campaigns/balai"), "How much did you do?"));
    assert_int_equal(story_post(story, "/campaigns/balai/reports", "quantity=5").status, 409);
    assert_int_equal(quantity_of(story, "balai"), 77);
}

/* As an install of before has no days. */
static void fill_days(struct work *work, void *context)
{
    (void)context;
    tx_do(work->tx, "DELETE FROM campaign_day");
    assert_non_null(campaigns_feature.check(work));
    assert_int_equal(reports_migrations[2].number, 3);
    tx_script(work->tx, reports_migrations[2].sql);
    assert_null(campaigns_feature.check(work));
}

static void the_days_of_what_was_there_before_add_up(void **state)
{
    struct story *story = *state;
    make_digital(story);
    const char *link = guest_comes(story, "balai", ANNE, "party=3");
    tells(story, "balai", link, "quantity=100");
    story_wait(story, 2 * DAY_SECONDS);
    guest_sends(story, guest_comes(story, "balai", PAUL, ""), "cancel", "");
    tells(story, "balai", link, "quantity=20");
    story_write(story, fill_days, NULL);
    assert_int_equal(quantity_of(story, "balai"), 120);
}

static void the_address_of_the_form_opens_the_campaign(void **state)
{
    struct story *story = *state;
    make_digital(story);
    struct answer answer = story_get(story, "/campaigns/balai/reports");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, "/campaigns/balai");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(who_takes_part_tells_how_much_they_did_on_their_own_page),
        story_test(a_script_is_told_what_was_kept),
        story_test(a_key_makes_sending_again_harmless),
        story_test(without_sessions_each_number_is_added),
        story_test(one_of_several_numbers_is_corrected_by_naming_it),
        story_test(nobody_corrects_the_number_of_somebody_else),
        story_test(with_sessions_a_second_number_takes_the_place_of_the_first),
        story_test(who_holds_no_link_of_the_campaign_tells_nothing),
        story_test(who_has_not_confirmed_or_has_left_tells_nothing),
        story_test(before_the_first_session_there_is_nothing_to_tell),
        story_test(a_campaign_of_people_asks_for_no_number),
        story_test(what_is_wrong_is_said_beside_the_field_and_what_was_typed_is_kept),
        story_test(a_sign_up_tells_a_bounded_number_of_times),
        story_test(a_program_that_fills_in_everything_is_answered_like_all_and_counts_nothing),
        story_test(a_number_that_the_organiser_has_checked_stays),
        story_test(who_is_forgotten_leaves_their_number_and_no_word),
        story_test(who_is_signed_in_and_takes_part_tells_it_on_the_campaigns_page),
        story_test(the_days_of_what_was_there_before_add_up),
        story_test(the_address_of_the_form_opens_the_campaign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
