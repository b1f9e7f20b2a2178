/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of a campaign's end: it is closed by its organiser, who is reminded of it once; everybody
 * who was in is thanked, once; and what the organisers say of the result is shown as what they say.
 */
#include "story/make_sign_ups.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "core/people/people.h"
#include "features/campaigns/campaigns.h"
#include "features/reports/reports.h"
#include "features/reports/reports_local.h"
#include "story/make_campaigns.h"
#include "sys/mail.h"
#include "web/work.h"

#define ANNE "anne@example.org"
#define PAUL "paul@example.org"
#define NADIA "nadia@example.org" /* who organises */

#define PAGE "/campaigns/dates/organise/result"
#define DONE "/campaigns/dates/organise/done"
#define CLAIMS "/campaigns/dates/organise/claims"

static void lead(struct work *work, void *context)
{
    const struct campaign_id *id = context;
    campaign_add_organiser(work, *id, person_add(work, NADIA, "Nadia", "fr"));
}

/* "dates": two sessions on Saturday 28 November, reached by one person. */
static struct campaign_id make_small(struct story *story)
{
    struct session second = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 20);
    struct session first = make_session("2026-11-28T10:00:00", "2026-11-28T12:00:00", 20);
    first.next = &second;
    struct campaign_draft draft = make_draft("dates", "Deux dates");
    draft.sessions = &first;
    draft.campaign.minimum = 1;
    draft.campaign.quantity_unit = "kg triés";
    draft.campaign.closes_at = STORY_STARTS_AT + 6 * DAY_SECONDS;
    struct campaign_id id = make_campaign(story, &draft);
    story_write(story, lead, &id);
    story->accept_language = "en";
    return id;
}

static int thanks_to(struct story *story, const char *email)
{
    return story_mail_count_about(story, email, "Thank you!");
}

static void the_organiser_closes_it_and_everybody_who_was_in_is_thanked_once(void **state)
{
    struct story *story = *state;
    make_small(story);
    guest_comes(story, "dates", ANNE, on_date(story, 0, ""));
    guest_comes(story, "dates", ANNE, on_date(story, 1, ""));
    guest_comes(story, "dates", PAUL, on_date(story, 1, ""));
    guest_sends(story, guest_comes(story, "dates", "nour@example.org", on_date(story, 1, "")),
                "cancel", "");
    story_wait(story, 8 * DAY_SECONDS);
    story_sign_in(story, NADIA);
    struct answer answer = story_post(
        story, DONE, "thanks=Vous+avez+**%C3%A9t%C3%A9**+%3Cparfaits%3E.%0D%0AMerci.&sure=true");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, "/campaigns/dates/result");
    story_run_jobs(story);
    story_wait(story, DAY_SECONDS);
    assert_int_equal(thanks_to(story, ANNE), 1);
    assert_int_equal(thanks_to(story, PAUL), 1);
    assert_int_equal(thanks_to(story, "nour@example.org"), 0);
    assert_non_null(strstr(story_mail(story, PAUL)->text, "Vous avez été <parfaits>."));
    assert_non_null(strstr(story_mail(story, PAUL)->html, "<strong>été</strong> &lt;parfaits&gt;"));
    assert_string_equal(story_mail_path(story, PAUL, "/result"), "/campaigns/dates/result");
    struct answer page = story_get(story, "/campaigns/dates/result");
    assert_true(answer_says(page, "Vous avez <strong>été</strong> &lt;parfaits&gt;."));
    assert_string_equal(answer_text(story_get_json(story, "/campaigns/dates"), "state"),
                        "reported");
}

static void once_it_is_closed_nobody_is_asked_how_much_they_did(void **state)
{
    struct story *story = *state;
    make_small(story);
    const char *link = guest_comes(story, "dates", ANNE, on_date(story, 0, ""));
    story_wait(story, 8 * DAY_SECONDS);
    assert_true(answer_says(story_get(story, link), "How much did you do?"));
    const char *token = link + strlen("/sign-ups/");
    story_post(story, "/campaigns/dates/reports",
               mem_printf(story->mem, "token=%s&quantity=12", token));
    story_sign_in(story, NADIA);
    story_post(story, DONE, "thanks=&sure=true");
    struct answer page = story_get(story, link);
    assert_true(answer_says(page, "You have told us"));
    assert_false(answer_says(page, "How much did you do?"));
}

static void once_it_is_closed_its_page_speaks_of_what_was(void **state)
{
    struct story *story = *state;
    make_small(story);
    guest_comes(story, "dates", ANNE, on_date(story, 0, "show_name=true"));
    story_wait(story, 8 * DAY_SECONDS);
    struct answer page = story_get(story, "/campaigns/dates");
    assert_true(answer_says(page, ">They are in<"));
    assert_true(answer_says(page, ">What we have done so far<"));
    story_sign_in(story, NADIA);
    story_post(story, DONE, "thanks=&sure=true");
    story_sign_out(story);
    page = story_get(story, "/campaigns/dates");
    assert_true(answer_says(page, ">They took part<"));
    assert_true(answer_says(page, ">What we have done<"));
}

static void what_closing_says_and_does_is_shown_first(void **state)
{
    struct story *story = *state;
    make_small(story);
    guest_comes(story, "dates", ANNE, on_date(story, 0, "party=3"));
    guest_comes(story, "dates", PAUL, on_date(story, 1, ""));
    story_sign_in(story, NADIA);
    assert_string_equal(story_get(story, DONE).location, PAGE); /* it is not under way */
    story_wait(story, 8 * DAY_SECONDS);
    struct answer answer = story_post(story, DONE, "thanks=Merci+%C3%A0+%3Ctous%3E.");
    assert_string_equal(answer.location, DONE);
    struct answer page = story_get(story, DONE);
    assert_true(answer_says(page, "2 e\u2011mails will go out, one to each address."));
    assert_true(answer_says(page, "For 4 people"));
    assert_true(answer_says(page, "«\u00a0Deux dates\u00a0», c’est fait"));
    assert_true(answer_says(page, "<p>Merci à &lt;tous&gt;.</p>"));
    assert_true(answer_says(page, "No more numbers are taken."));
    assert_true(answer_says(page, "name=\"thanks\" value=\"Merci à &lt;tous&gt;.\""));
    assert_true(answer_says(story_get(story, PAGE), "Merci à &lt;tous&gt;.</textarea>"));
    story_run_jobs(story);
    assert_int_equal(thanks_to(story, ANNE), 0);
    assert_string_equal(answer_text(story_get_json(story, "/campaigns/dates"), "state"),
                        "under_way");
    assert_false(answer_says(story_get(story, "/campaigns/dates/result"), "Merci à"));
}

static void the_result_is_not_prepared_before_it_is_under_way(void **state)
{
    struct story *story = *state;
    make_small(story);
    guest_comes(story, "dates", ANNE, on_date(story, 0, ""));
    story_sign_in(story, NADIA);
    assert_string_equal(answer_text(story_get_json(story, "/campaigns/dates"), "state"), "reached");
    assert_false(answer_says(story_get(story, "/campaigns/dates/organise"), "id=\"result-title\""));
    story_wait(story, 8 * DAY_SECONDS);
    assert_true(answer_says(story_get(story, "/campaigns/dates/organise"), "id=\"result-title\""));
    assert_true(answer_says(story_get(story, DONE), "<a href=\"/campaigns/dates/organise\""));
}

static void thanks_need_no_words(void **state)
{
    struct story *story = *state;
    make_small(story);
    guest_comes(story, "dates", ANNE, on_date(story, 0, ""));
    story_wait(story, 8 * DAY_SECONDS);
    story_sign_in(story, NADIA);
    assert_int_equal(story_post(story, DONE, "sure=true").status, 303);
    story_run_jobs(story);
    assert_int_equal(thanks_to(story, ANNE), 1);
    assert_false(answer_says(story_get(story, "/campaigns/dates/result"), "class=\"thanks\""));
}

static void it_is_closed_neither_before_it_is_under_way_nor_twice(void **state)
{
    struct story *story = *state;
    make_small(story);
    guest_comes(story, "dates", ANNE, on_date(story, 0, ""));
    story_sign_in(story, NADIA);
    struct answer page = story_post(story, DONE, "thanks=Merci");
    assert_int_equal(page.status, 409);
    assert_true(answer_says(page, "class=\"errors\""));
    story_wait(story, 8 * DAY_SECONDS);
    assert_true(answer_says(story_get(story, PAGE), "See what goes out"));
    assert_int_equal(story_post(story, DONE, "thanks=Merci&sure=true").status, 303);
    assert_int_equal(story_post(story, DONE, "thanks=Encore&sure=true").status, 409);
    story_run_jobs(story);
    assert_null(strstr(story_mail(story, ANNE)->text, "Encore"));
}

static void the_page_is_its_organisers(void **state)
{
    struct story *story = *state;
    make_small(story);
    assert_int_equal(story_get(story, PAGE).status, 303); /* to sign in */
    assert_int_equal(story_post(story, DONE, "").status, 401);
    story_sign_in(story, PAUL);
    assert_int_equal(story_get(story, PAGE).status, 404);
    assert_int_equal(story_post(story, DONE, "").status, 404);
    assert_int_equal(story_post(story, CLAIMS, "claim=Bien+fait&source=Moi").status, 404);
    assert_int_equal(story_post(story, CLAIMS "/drop", "id=abc").status, 404);
    assert_int_equal(
        story_post(story, "/campaigns/dates/organise/reports-each", "each=many").status, 404);
}

static void once_it_is_over_closing_it_is_what_there_is_to_do(void **state)
{
    struct story *story = *state;
    make_small(story);
    guest_comes(story, "dates", ANNE, on_date(story, 0, ""));
    story_sign_in(story, NADIA);
    story_wait(story, 7 * DAY_SECONDS + 7 * HOUR_SECONDS - 1);
    assert_false(answer_says(story_get(story, "/campaigns/dates/organise"), "It is over."));
    story_wait(story, 1); /* four o'clock in Paris: the last session ends */
    struct answer page = story_get(story, "/campaigns/dates/organise");
    assert_true(answer_says(page, "It is over."));
    assert_true(answer_says(page, PAGE));
    story_post(story, DONE, "sure=true");
    assert_false(answer_says(story_get(story, "/campaigns/dates/organise"), "It is over."));
}

static int proposals(struct story *story)
{
    return story_mail_count_about(story, NADIA, "C’est fait") +
           story_mail_count_about(story, NADIA, "Is it done?");
}

static void fourteen_days_after_it_is_over_the_organiser_is_asked_once(void **state)
{
    struct story *story = *state;
    make_small(story);
    guest_comes(story, "dates", ANNE, on_date(story, 0, ""));
    story_wait(story, 7 * DAY_SECONDS + 7 * HOUR_SECONDS - 1 + 14 * DAY_SECONDS);
    assert_int_equal(proposals(story), 0);
    story_wait(story, 1); /* two weeks after four o'clock in Paris */
    assert_int_equal(proposals(story), 1);
    assert_string_equal(story_mail_path(story, NADIA, "/organise"), PAGE);
    story_wait(story, 30 * DAY_SECONDS);
    assert_int_equal(proposals(story), 1);
}

static void lead_too(struct work *work, void *context)
{
    const struct campaign_id *id = context;
    campaign_add_organiser(work, *id, person_add(work, PAUL, "Paul", "en"));
}

static void everyone_who_leads_it_is_asked_in_their_own_language(void **state)
{
    struct story *story = *state;
    struct campaign_id id = make_small(story);
    story_write(story, lead_too, &id);
    guest_comes(story, "dates", ANNE, on_date(story, 0, ""));
    story_wait(story, 30 * DAY_SECONDS);
    assert_int_equal(story_mail_count_about(story, NADIA, "C’est fait"), 1);
    assert_int_equal(story_mail_count_about(story, PAUL, "Is it done?"), 1);
}

static void who_has_closed_it_is_not_asked(void **state)
{
    struct story *story = *state;
    make_small(story);
    guest_comes(story, "dates", ANNE, on_date(story, 0, ""));
    story_wait(story, 10 * DAY_SECONDS);
    story_sign_in(story, NADIA);
    story_post(story, DONE, "sure=true");
    story_wait(story, 30 * DAY_SECONDS);
    assert_int_equal(proposals(story), 0);
}

static void what_organisers_say_is_shown_as_what_they_say(void **state)
{
    struct story *story = *state;
    make_small(story);
    story_sign_in(story, NADIA);
    struct answer answer =
        story_post(story, CLAIMS, "claim=Mille+arbres+%3Cplant%C3%A9s%3E&source=Notre+bilan");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, PAGE);
    struct answer page = story_get(story, "/campaigns/dates/result");
    assert_true(answer_says(page, "Mille arbres &lt;plantés&gt;"));
    assert_true(answer_says(page, "data-proof=\"claimed\""));
    struct answer json = story_get_json(story, "/campaigns/dates/result");
    assert_string_equal(answer_text(json, "claims.0.claim"), "Mille arbres <plantés>");
    assert_string_equal(answer_text(json, "claims.0.source"), "Notre bilan");
}

static void a_statement_without_a_source_is_not_taken(void **state)
{
    struct story *story = *state;
    make_small(story);
    story_sign_in(story, NADIA);
    struct answer page = story_post(story, CLAIMS, "claim=Mille+arbres&source=");
    assert_int_equal(page.status, 422);
    assert_true(answer_says(page, "id=\"claim-source-error\""));
    assert_true(answer_says(page, "value=\"Mille arbres\""));
}

static void statements_are_few_and_can_be_taken_away(void **state)
{
    struct story *story = *state;
    make_small(story);
    story_sign_in(story, NADIA);
    story->sweeps = false;
    for (int i = 0; i < CLAIMS_MAX; i++)
        assert_int_equal(story_post(story, CLAIMS, "claim=Mille+arbres&source=Nous").status, 303);
    story->sweeps = true;
    assert_int_equal(story_post(story, CLAIMS, "claim=Et+un+autre&source=Nous").status, 409);
    struct answer page = story_get(story, PAGE);
    const char *at = strstr(page.body, "name=\"id\" value=\"");
    assert_non_null(at);
    const char *handle = mem_strndup(story->mem, at + 17, REPORT_HANDLE_CHARS);
    const char *form = mem_printf(story->mem, "id=%s", handle);
    assert_int_equal(story_post(story, CLAIMS "/drop", form).status, 303);
    assert_int_equal(story_post(story, CLAIMS "/drop", form).status, 404);
    assert_int_equal(story_post(story, CLAIMS, "claim=Et+un+autre&source=Nous").status, 303);
}

static void the_organiser_says_how_often_each_is_asked(void **state)
{
    struct story *story = *state;
    make_small(story);
    const char *token =
        guest_comes(story, "dates", ANNE, on_date(story, 0, "")) + strlen("/sign-ups/");
    story_wait(story, 8 * DAY_SECONDS);
    story_sign_in(story, NADIA);
    const char *each = "/campaigns/dates/organise/reports-each";
    assert_int_equal(story_post(story, each, "each=some").status, 400);
    assert_int_equal(story_post(story, each, "each=many").status, 303);
    const char *form = mem_printf(story->mem, "token=%s&quantity=5", token);
    story_post(story, "/campaigns/dates/reports", form);
    story_post(story, "/campaigns/dates/reports", form);
    struct answer json = story_get_json(story, "/campaigns/dates/result");
    assert_int_equal(answer_int(json, "quantity"), 10);
}

static void the_address_of_an_act_opens_the_page(void **state)
{
    struct story *story = *state;
    make_small(story);
    story_sign_in(story, NADIA);
    assert_string_equal(story_get(story, DONE).location, PAGE);
    assert_string_equal(story_get(story, CLAIMS).location, PAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(the_organiser_closes_it_and_everybody_who_was_in_is_thanked_once),
        story_test(once_it_is_closed_nobody_is_asked_how_much_they_did),
        story_test(once_it_is_closed_its_page_speaks_of_what_was),
        story_test(what_closing_says_and_does_is_shown_first),
        story_test(the_result_is_not_prepared_before_it_is_under_way),
        story_test(thanks_need_no_words),
        story_test(it_is_closed_neither_before_it_is_under_way_nor_twice),
        story_test(the_page_is_its_organisers),
        story_test(once_it_is_over_closing_it_is_what_there_is_to_do),
        story_test(fourteen_days_after_it_is_over_the_organiser_is_asked_once),
        story_test(everyone_who_leads_it_is_asked_in_their_own_language),
        story_test(who_has_closed_it_is_not_asked),
        story_test(what_organisers_say_is_shown_as_what_they_say),
        story_test(a_statement_without_a_source_is_not_taken),
        story_test(statements_are_few_and_can_be_taken_away),
        story_test(the_organiser_says_how_often_each_is_asked),
        story_test(the_address_of_an_act_opens_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
