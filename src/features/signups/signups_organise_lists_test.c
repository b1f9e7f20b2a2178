/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of lists of people: pages by a key, filters, the search, the list for the day, what the
 * organiser's page says of them. */
#include "features/signups/signups_organise.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "story/make_crowd.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "story/make_sign_ups.h"
#include "sys/db.h"
#include "web/work.h"

#define ANNE "anne@example.org"
#define PAUL "paul@example.org"
#define PEOPLE "/campaigns/haie/organise/people"

static int count_of(struct answer answer, const char *text)
{
    int count = 0;
    for (const char *at = answer.body; (at = strstr(at, text)); at += strlen(text))
        count++;
    return count;
}

static void lead_crowd(struct story *story, int count)
{
    nadia_leads(story, make_crowd(story, count));
    story->sweeps = false; /* many pages of one kind */
}

static void each_is_on_one_page_of_the_list_the_newest_first(void **state)
{
    struct story *story = *state;
    lead_crowd(story, 2 * PARTICIPANTS_PAGE + 1);
    struct answer first = story_get_json(story, PEOPLE);
    assert_string_equal(answer_text(first, "items.0.email"), "p0100@example.org");
    assert_int_equal(count_of(first, "handle"), PARTICIPANTS_PAGE);
    struct answer second = story_get_json(
        story, mem_printf(story->mem, PEOPLE "?after=%s", answer_text(first, "next")));
    assert_string_equal(answer_text(second, "items.0.email"), "p0050@example.org");
    struct answer third = story_get_json(
        story, mem_printf(story->mem, PEOPLE "?after=%s", answer_text(second, "next")));
    assert_int_equal(count_of(third, "handle"), 1);
    assert_true(answer_is_null(third, "next"));
    struct answer page = story_get(story, PEOPLE);
    assert_true(answer_says(page, answer_text(first, "next")));
    assert_false(answer_says(page, "première page"));
}

static void the_list_is_filtered_by_state_and_date_on_every_page(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_dates(story));
    guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    guest_comes(story, "dates", PAUL, on_date(story, AFTERNOON, ""));
    guest_asks_json(story, "dates", "ali@example.org", on_date(story, AFTERNOON, ""));
#define DATES "/campaigns/dates/organise/people"
    const char *afternoon = session_handle(story, "dates", AFTERNOON);
    assert_int_equal(count_of(story_get_json(story, DATES), "handle"), 3);
    assert_int_equal(count_of(story_get_json(story, DATES "?state=pending"), "handle"), 1);
    struct answer answer =
        story_get_json(story, mem_printf(story->mem, DATES "?session=%s", afternoon));
    assert_int_equal(count_of(answer, "handle"), 2);
    answer = story_get_json(story,
                            mem_printf(story->mem, DATES "?session=%s&state=confirmed", afternoon));
    assert_int_equal(count_of(answer, "handle"), 1);
    assert_string_equal(answer_text(answer, "items.0.email"), PAUL);
    assert_int_equal(story_get(story, DATES "?state=elsewhere").status, 400);
    assert_int_equal(story_get(story, DATES "?session=elsewhere").status, 400);
    assert_int_equal(story_get(story, DATES "?after=elsewhere").status, 400);
    assert_true(answer_says(story_get(story, DATES "?state=pending"), "aria-current"));
}

static void who_brought_them_stands_beside_them(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    const char *link = guest_comes(story, "haie", ANNE, "");
    const char *share = answer_text(story_get_json(story, link), "share_url");
    const char *ref = strstr(share, "ref=");
    guest_comes(story, "haie", PAUL, ref);
    struct answer answer = story_get_json(story, PEOPLE);
    assert_string_equal(answer_text(answer, "items.0.brought_by"), "Anne");
    assert_true(answer_is_null(answer, "items.1.brought_by"));
    assert_true(answer_says(story_get(story, PEOPLE), "par Anne"));
}

static void people_are_found_by_the_beginning_of_name_or_address(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", ANNE, "first_name=%C3%89lodie");
    guest_comes(story, "haie", PAUL, "");
    assert_string_equal(answer_text(story_get_json(story, PEOPLE "?q=elo"), "items.0.email"), ANNE);
    assert_string_equal(answer_text(story_get_json(story, PEOPLE "?q=%C3%89LO"), "items.0.email"),
                        ANNE);
    assert_string_equal(answer_text(story_get_json(story, PEOPLE "?q=anne%40"), "items.0.email"),
                        ANNE);
    assert_string_equal(answer_text(story_get_json(story, PEOPLE "?q=ann"), "items.0.email"), ANNE);
    assert_int_equal(count_of(story_get_json(story, PEOPLE "?q=zo"), "handle"), 0);
    assert_true(answer_says(story_get(story, PEOPLE "?q=zo"), "Personne n’a été trouvé"));
}

static void a_search_that_finds_too_many_asks_for_more_letters(void **state)
{
    struct story *story = *state;
    lead_crowd(story, PARTICIPANTS_FOUND_MAX + 1);
    struct answer answer = story_get(story, PEOPLE "?q=p");
    assert_true(answer_says(answer, "quelques lettres de plus"));
    assert_false(answer_says(story_get(story, PEOPLE "?q=p005"), "quelques lettres de plus"));
}

static void a_place_held_for_who_is_in_already_is_nobody_in_the_list(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", ANNE, "");
    guest_asks_json(story, "haie", ANNE, ""); /* takes places until they lapse */
    assert_int_equal(session_left_of(story, "haie", 0), 18);
    assert_int_equal(count_of(story_get_json(story, PEOPLE), "handle"), 1);
}

/* Nothing in the program marks an address from outside of a sending server. */
static void note_bounce(struct work *work, void *context)
{
    tx_do(work->tx, "UPDATE mail_address SET reach = 'bounced', bounced_at = ?2 WHERE address = ?1",
          (const char *)context, work->now);
}

static void mails_that_come_back_are_something_to_do(void **state)
{
    struct story *story = *state;
    char anne[] = ANNE;
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", ANNE, "");
    guest_comes(story, "haie", PAUL, "");
    story_write(story, note_bounce, anne);
    struct answer answer = story_get_json(story, PEOPLE "?mails=back");
    assert_int_equal(count_of(answer, "handle"), 1);
    assert_string_equal(answer_text(answer, "items.0.email"), ANNE);
    assert_true(answer_says(story_get(story, PEOPLE), "Des e‑mails reviennent"));
    answer = story_get_json(story, "/campaigns/haie/organise");
    assert_true(answer_says(answer, "\"" PEOPLE "?mails=back\""));
}

static void who_did_not_confirm_in_time_may_need_help(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    guest_asks_json(story, "haie", ANNE, "");
    story_wait(story, 3600);
    struct answer answer = story_get_json(story, "/campaigns/haie/organise");
    assert_true(answer_says(answer, "\"" PEOPLE "?state=expired\""));
}

static void the_organisers_page_says_how_each_date_fills(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_dates(story));
    guest_comes(story, "dates", ANNE, on_date(story, MORNING, "party=3"));
    guest_asks_json(story, "dates", PAUL, on_date(story, MORNING, "party=2"));
    struct answer page = story_get(story, "/campaigns/dates/organise");
    assert_true(answer_says(page, "3 personnes inscrites"));
    assert_true(answer_says(page, "2 places gardées"));
    assert_true(answer_says(page, "5 places libres"));
}

/* For the day. */

static void the_list_for_the_day_has_those_who_are_in_by_their_names(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", PAUL, "");
    guest_comes(story, "haie", ANNE, "first_name=%C3%89lodie&party=3");
    guest_asks_json(story, "haie", "ali@example.org", "");
    struct answer answer = story_get(story, "/campaigns/haie/organise/list");
    assert_int_equal(answer.status, 200);
    const char *elodie = strstr(answer.body, "Élodie");
    const char *paul = strstr(answer.body, "Paul");
    assert_true(elodie && paul && elodie < paul);
    assert_false(answer_says(answer, "Ali"));
    assert_false(answer_says(answer, ANNE)); /* paper lies about */
}

/* There is no day then: it is a list of who gives what, until when. */
static void without_dates_the_list_says_who_gives_what(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    struct campaign_draft draft = make_draft("pages", "Des pages");
    draft.campaign.goal_unit = GOAL_HOURS;
    draft.campaign.asks_hours = true;
    nadia_leads(story, make_campaign(story, &draft));
    guest_comes(story, "pages", ANNE, "hours=3&party=2");
    struct answer list = story_get(story, "/campaigns/pages/organise/list");
    assert_true(answer_says(list, "<h1>List on paper</h1>"));
    assert_true(answer_says(list, "Until Saturday, 28 November 2026 at 09:00"));
    assert_true(answer_says(list, "<td>3 hours</td><td>2</td>"));
    struct answer page = story_get(story, "/campaigns/pages/organise");
    assert_true(answer_says(page, "List on paper"));
    assert_false(answer_says(page, "List for the day"));
    assert_true(answer_says(story_get(story, "/campaigns/pages/organise/people"), "List on paper"));
}

static void each_date_has_its_list_and_the_next_one_comes_first(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_dates(story));
    guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    guest_comes(story, "dates", PAUL, on_date(story, AFTERNOON, ""));
#define LIST "/campaigns/dates/organise/list"
    assert_true(answer_says(story_get(story, LIST), "Anne"));
    assert_false(answer_says(story_get(story, LIST), "Paul"));
    const char *afternoon = session_handle(story, "dates", AFTERNOON);
    assert_true(answer_says(story_get(story, mem_printf(story->mem, LIST "?session=%s", afternoon)),
                            "Paul"));
    assert_int_equal(story_get(story, LIST "?session=elsewhere").status, 404);
    assert_int_equal(story_get(story, LIST "?after=elsewhere").status, 400);
}

static void a_long_list_for_the_day_goes_on(void **state)
{
    struct story *story = *state;
    lead_crowd(story, PARTICIPANTS_DAY_PAGE + 1);
    struct answer first = story_get(story, "/campaigns/haie/organise/list");
    assert_int_equal(count_of(first, "class=\"tick\""), PARTICIPANTS_DAY_PAGE);
    assert_true(answer_says(first, "P0001"));
    const char *more = strstr(first.body, "&amp;after=");
    assert_non_null(more);
    const char *handle = mem_strndup(story->mem, more + strlen("&amp;after="), HANDLE_CHARS);
    const char *session = session_handle(story, "haie", 0);
    struct answer second =
        story_get(story, mem_printf(story->mem, "/campaigns/haie/organise/list?session=%s&after=%s",
                                    session, handle));
    assert_int_equal(count_of(second, "class=\"tick\""), 1);
    assert_true(answer_says(second, "P0501"));
}

/* The table for a spreadsheet. */

#define TABLE "/campaigns/haie/organise/people.csv"

static void the_table_has_everybody_in_the_order_in_which_they_came(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", ANNE, "party=2&first_name=%3DA%3BB");
    guest_asks_json(story, "haie", PAUL, "");
    story_post_json(story, PEOPLE, "{\"first_name\":\"Ali\",\"party\":1,\"note\":\"a \\\"b\\\"\"}");
    struct answer answer = story_post(story, TABLE, "");
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.type, "text/csv; charset=utf-8");
    assert_string_equal(answer.body,
                        "\xef\xbb\xbf"
                        "Prénom;Adresse e‑mail;Combien;Créneau;Début;État;Inscription;Confirmée;"
                        "Par qui;Des e‑mails reviennent;Note\r\n"
                        "\"'=A;B\";anne@example.org;2;;2026-11-28 14:00;Confirmée;2026-11-21 09:00;"
                        "2026-11-21 09:00;;;\r\n"
                        "Paul;paul@example.org;1;;2026-11-28 14:00;À confirmer;2026-11-21 09:00;;;;"
                        "\r\n"
                        "Ali;;1;;2026-11-28 14:00;Confirmée;2026-11-21 09:00;2026-11-21 09:00;;;"
                        "\"a \"\"b\"\"\"\r\n");
}

static void the_table_goes_on_after_a_page_and_speaks_the_readers_language(void **state)
{
    struct story *story = *state;
    lead_crowd(story, PARTICIPANTS_CSV_PAGE + 2);
    story->accept_language = "en";
    struct answer answer = story_post(story, TABLE, "");
    assert_int_equal(count_of(answer, "\r\n"), PARTICIPANTS_CSV_PAGE + 3);
    assert_int_equal(count_of(answer, "First name;"), 1);
    assert_int_equal(count_of(answer, "p0501@example.org"), 1);
}

static void the_table_of_nobody_has_its_header(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    assert_int_equal(count_of(story_post(story, TABLE, ""), "\r\n"), 1);
    story_sign_in(story, PAUL);
    assert_int_equal(story_post(story, TABLE, "").status, 404);
}

static void that_a_table_was_taken_along_is_written_down(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_hedge(story, 20));
    assert_int_equal(story_get(story, TABLE).status, 303); /* which takes nothing along */
    story_post(story, TABLE, "");
    story_sign_in_as(story, "ada@example.org", ROLE_ADMINISTRATOR);
    struct answer log = story_get(story, "/administration/audit");
    assert_int_equal(count_of(log, "Tableau des participants emporté"),
                     2); /* with the choice of it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(each_is_on_one_page_of_the_list_the_newest_first),
        story_test(the_list_is_filtered_by_state_and_date_on_every_page),
        story_test(who_brought_them_stands_beside_them),
        story_test(people_are_found_by_the_beginning_of_name_or_address),
        story_test(a_search_that_finds_too_many_asks_for_more_letters),
        story_test(a_place_held_for_who_is_in_already_is_nobody_in_the_list),
        story_test(mails_that_come_back_are_something_to_do),
        story_test(who_did_not_confirm_in_time_may_need_help),
        story_test(the_organisers_page_says_how_each_date_fills),
        story_test(the_list_for_the_day_has_those_who_are_in_by_their_names),
        story_test(without_dates_the_list_says_who_gives_what),
        story_test(each_date_has_its_list_and_the_next_one_comes_first),
        story_test(a_long_list_for_the_day_goes_on),
        story_test(the_table_has_everybody_in_the_order_in_which_they_came),
        story_test(the_table_goes_on_after_a_page_and_speaks_the_readers_language),
        story_test(the_table_of_nobody_has_its_header),
        story_test(that_a_table_was_taken_along_is_written_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
