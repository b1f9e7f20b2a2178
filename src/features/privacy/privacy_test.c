/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of one's own data: taken along and erased, by the link of a fresh mail; what refuses it;
 * and that nothing is left, in no table, of somebody who has done everything that can be done. */
#include "story/make_sign_ups.h"

#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/time.h"
#include "core/people/people.h"
#include "features/privacy/privacy.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "sys/db.h"
#include "sys/db_testing.h"
#include "sys/mail.h"
#include "web/app.h"
#include "web/feature.h"
#include "web/work.h"

#define ZOE "zebuline@example.org"
#define NADIA "nadia@example.org"
#define PAUL "paul@example.org"

/* Asks for the link as a guest who types the address; its path, from the mail. */
static const char *link_of(struct story *story, const char *email)
{
    struct answer answer = story_post(story, "/my-data", mem_printf(story->mem, "email=%s", email));
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, "/my-data/sent");
    return story_mail_path(story, email, "/my-data/");
}

static struct answer erases(struct story *story, const char *link)
{
    return story_post(story, mem_printf(story->mem, "%s/erase", link), "sure=true");
}

/* Every text of every table that contains the word, in any spelling; of `mail` only what is written
 * to somebody else, where `others` says so. */
struct search {
    const char *word;
    int found;
    const char *where;
};

static void search_table(struct work *work, struct search *search, const char *table)
{
    const char *sql = mem_printf(work->mem, "SELECT * FROM \"%s\"", table);
    for (const struct db_row *row = tx_rows(work->tx, sql); row; row = row->next)
        for (int i = 0; i < row->columns; i++) {
            const struct db_value *value = row_value(row, i);
            if (value->type != DB_TEXT || !strcasestr(value->bytes, search->word))
                continue;
            search->found++;
            search->where = table;
        }
}

static void search_all(struct work *work, void *context)
{
    const struct db_row *row = tx_rows(work->tx, database_tables_sql());
    for (; row; row = row->next)
        search_table(work, context, row_text(row, 0));
}

static struct search traces_of(struct story *story, const char *word)
{
    struct search search = {.word = word, .where = "nowhere"};
    story_write(story, search_all, &search);
    return search;
}

static void a_guest_gets_a_link_by_mail_and_all_of_it_in_a_file(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_comes(story, "haie", ZOE, "party=3");
    const char *link = link_of(story, ZOE);
    struct answer page = story_get(story, link);
    assert_true(answer_says(page, ZOE));
    assert_true(answer_says(page, "Inscriptions"));
    struct answer json = story_get_json(story, mem_printf(story->mem, "%s/data.json", link));
    assert_string_equal(answer_text(json, "sign_ups.0.first_name"), "Zebuline");
    assert_int_equal(answer_int(json, "sign_ups.0.party"), 3);
    struct answer csv = story_get(story, mem_printf(story->mem, "%s/data.csv", link));
    assert_true(strstr(csv.type, "text/csv") != NULL);
    assert_true(answer_says(csv, "sign_ups;1;first_name;Zebuline\r\n"));
    assert_true(answer_says(csv, "sign_ups;1;party;3\r\n"));
}

static void the_link_opens_for_an_hour(void **state)
{
    struct story *story = *state;
    const char *link = link_of(story, ZOE);
    assert_int_equal(story_get(story, link).status, 200);
    story_wait(story, HOUR_SECONDS);
    assert_int_equal(story_get(story, link).status, 404);
    assert_int_equal(erases(story, link).status, 404);
    assert_int_equal(story_get(story, mem_printf(story->mem, "%s/data.csv", link)).status, 404);
}

static void of_an_unknown_address_the_answer_is_the_same_and_nothing_is_kept(void **state)
{
    struct story *story = *state;
    const char *link = link_of(story, "nobody@example.org");
    struct answer page = story_get(story, link);
    assert_true(answer_says(page, "E‑mails qui vous ont été adressés"));
    assert_false(answer_says(page, "Inscriptions"));
    assert_false(answer_says(page, "Votre compte"));
}

static void the_pages_of_ones_sign_up_and_of_ones_mails_send_it_too(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *own = guest_comes(story, "haie", ZOE, "");
    const char *settings = story_mail_path(story, ZOE, "/mail/");
    const char *const pages[] = {own, settings};
    for (int i = 0; i < 2; i++) {
        const char *token = strrchr(pages[i], '/') + 1;
        assert_true(answer_says(story_get(story, pages[i]),
                                mem_printf(story->mem, "name=\"from\" value=\"%s\"", token)));
        int before = story_mail_count_about(story, ZOE, "Vos données");
        struct answer answer =
            story_post(story, "/my-data", mem_printf(story->mem, "from=%s", token));
        assert_int_equal(answer.status, 303);
        assert_int_equal(story_mail_count_about(story, ZOE, "Vos données"), before + 1);
    }
    assert_int_equal(story_post(story, "/my-data", "from=nobodys").status, 422);
}

static void links_of_one_address_are_not_made_without_end(void **state)
{
    struct story *story = *state;
    for (int i = 0; i < 3; i++)
        link_of(story, ZOE);
    assert_int_equal(story_post(story, "/my-data", "email=" ZOE).status, 429);
    story_wait(story, HOUR_SECONDS + 1);
    link_of(story, ZOE);
}

static void who_is_signed_in_takes_it_along_from_their_page_and_erases_by_mail(void **state)
{
    struct story *story = *state;
    story_sign_in(story, ZOE);
    assert_true(answer_says(story_get(story, "/account"), "/account/data.csv"));
    struct answer json = story_get_json(story, "/account/data.json");
    assert_string_equal(answer_text(json, "account.email"), ZOE);
    assert_string_equal(answer_text(json, "account.communities.0.role"), "member");
    assert_true(answer_says(story_get(story, "/account/data.csv"), "account;1;email;" ZOE));
    assert_int_equal(story_post(story, "/my-data", "").status, 303);
    struct answer answer = erases(story, story_mail_path(story, ZOE, "/my-data/"));
    assert_string_equal(answer.location, "/my-data/gone");
    assert_true(strstr(answer.cookies, "login=;") != NULL);
    assert_int_equal(story_get(story, "/account").status, 303);
    story_sign_out(story);
    assert_int_equal(story_get(story, "/account/data.json").status, 303);
}

static void it_is_erased_only_by_who_says_so(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_comes(story, "haie", ZOE, "");
    const char *link = link_of(story, ZOE);
    struct answer answer = story_post(story, mem_printf(story->mem, "%s/erase", link), "");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "href=\"#erase-sure\""));
    assert_true(traces_of(story, "zebuline").found > 0);
    assert_string_equal(story_get(story, mem_printf(story->mem, "%s/erase", link)).location, link);
}

static void the_last_mail_says_so_and_then_goes_with_its_address(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_comes(story, "haie", ZOE, "party=2");
    erases(story, link_of(story, ZOE));
    assert_int_equal(story_mail_count(story, ZOE), 1);
    assert_string_equal(story_mail(story, ZOE)->subject, "Vos données sont effacées");
    assert_int_equal(people_of(story, "haie"), 2);
    story_wait(story, HOUR_SECONDS);
    assert_int_equal(story_mail_count(story, ZOE), 0);
    assert_int_equal(traces_of(story, "zebuline").found, 0);
}

static void who_comes_back_within_the_hour_keeps_their_new_mails(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_comes(story, "haie", ZOE, "");
    erases(story, link_of(story, ZOE));
    guest_comes(story, "haie", ZOE, "");
    int before = story_mail_count(story, ZOE);
    const char *settings = story_mail_path(story, ZOE, "/mail/");
    story_wait(story, HOUR_SECONDS);
    assert_int_equal(story_mail_count(story, ZOE), before - 1);
    assert_int_equal(story_get(story, settings).status, 200);
}

static void the_last_administrator_is_told_what_to_do_first(void **state)
{
    struct story *story = *state;
    story_sign_in_as(story, ZOE, ROLE_ADMINISTRATOR);
    const char *link = link_of(story, ZOE);
    assert_true(answer_says(story_get(story, link), "seule personne à administrer"));
    assert_int_equal(erases(story, link).status, 409);
    story_sign_in_as(story, PAUL, ROLE_ADMINISTRATOR);
    assert_int_equal(erases(story, link).status, 303);
}

static void the_only_organiser_is_told_what_to_do_first(void **state)
{
    struct story *story = *state;
    struct campaign_id id = make_hedge(story, 20);
    nadia_leads(story, id);
    const char *link = link_of(story, NADIA);
    assert_true(answer_says(story_get(story, link), "seule personne à mener"));
    assert_int_equal(erases(story, link).status, 409);
    assert_int_equal(story_post(story, "/campaigns/haie/cancel", "reason=Vent").status, 303);
    assert_int_equal(erases(story, link).status, 303);
}

struct helping {
    struct campaign_id campaign;
    bool is_suspended;
};

static void paul_helps(struct work *work, void *context)
{
    const struct helping *helping = context;
    const struct person_id paul = person_get_by_email(work, PAUL)->id;
    campaign_add_organiser(work, helping->campaign, paul);
    membership_suspend(work, paul, helping->is_suspended);
}

/* As where somebody leaves those who lead a campaign. */
static void who_is_suspended_does_not_lead_it_instead(void **state)
{
    struct story *story = *state;
    struct helping helping = {make_hedge(story, 20), .is_suspended = true};
    story_sign_in(story, PAUL);
    nadia_leads(story, helping.campaign);
    story_write(story, paul_helps, &helping);
    const char *link = link_of(story, NADIA);
    assert_int_equal(erases(story, link).status, 409);
    helping.is_suspended = false;
    story_write(story, paul_helps, &helping);
    assert_int_equal(erases(story, link).status, 303);
}

static void multiply(struct work *work, void *context)
{
    (void)context;
    tx_do(work->tx,
          "INSERT INTO sign_up (id, community_id, campaign_id, session_id, handle, generation, ref,"
          " brought_by, email, first_name, language, party, minutes_each, show_name, state, rank,"
          " created_at, confirmed_at, expires_at, asked)"
          " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)"
          " SELECT s.id + n.i, s.community_id, s.campaign_id, s.session_id, s.handle || n.i, 1,"
          " s.ref || n.i, 0, s.email, s.first_name, s.language, 1, 0, 0, 'cancelled', 0,"
          " s.created_at, 0, 0, 1 FROM sign_up s, n WHERE s.email = ?1",
          ZOE, 600);
}

/* More than a page of them: a job goes on. */
static void who_signed_up_hundreds_of_times_leaves_no_trace_either(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    make_hedge(story, 20);
    guest_comes(story, "haie", ZOE, "");
    story_write(story, multiply, NULL);
    const char *link = link_of(story, ZOE);
    assert_true(answer_says(story_get(story, link), "<dd>601</dd>"));
    assert_int_equal(erases(story, link).status, 303);
    story_run_jobs(story);
    story_wait(story, HOUR_SECONDS);
    assert_int_equal(traces_of(story, "zebuline").found, 0);
    assert_int_equal(people_of(story, "haie"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(a_guest_gets_a_link_by_mail_and_all_of_it_in_a_file),
        story_test(the_link_opens_for_an_hour),
        story_test(of_an_unknown_address_the_answer_is_the_same_and_nothing_is_kept),
        story_test(the_pages_of_ones_sign_up_and_of_ones_mails_send_it_too),
        story_test(links_of_one_address_are_not_made_without_end),
        story_test(who_is_signed_in_takes_it_along_from_their_page_and_erases_by_mail),
        story_test(it_is_erased_only_by_who_says_so),
        story_test(the_last_mail_says_so_and_then_goes_with_its_address),
        story_test(who_comes_back_within_the_hour_keeps_their_new_mails),
        story_test(who_signed_up_hundreds_of_times_leaves_no_trace_either),
        story_test(the_last_administrator_is_told_what_to_do_first),
        story_test(the_only_organiser_is_told_what_to_do_first),
        story_test(who_is_suspended_does_not_lead_it_instead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
