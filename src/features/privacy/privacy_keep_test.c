/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of what is not kept for ever, and of the pages that say so. */
#include "story/make_sign_ups.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "core/people/people.h"
#include "features/privacy/privacy_local.h"
#include "features/signups/signups.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "sys/db.h"
#include "sys/mail.h"
#include "web/work.h"

#define ZOE "zebuline@example.org"
#define ANNE "anne@example.org"
#define ALL                                                                                        \
    "publisher=&address=&reached_at=&director=&hosting=&dpo=&security=&accessibility=unknown"      \
    "&accessibility_on="

static void count_named(struct work *work, void *context)
{
    const struct db_row *row = tx_one(
        work->tx, "SELECT COUNT(*) FROM sign_up WHERE email = ?1 OR first_name = 'Zebuline'", ZOE);
    *(int64_t *)context = row_int(row, 0);
}

static int64_t named(struct story *story)
{
    int64_t count = 0;
    story_write(story, count_named, &count);
    return count;
}

/* Two people in a campaign that needs sixty: missed after seven days. */
static struct campaign_id make_missed(struct story *story)
{
    struct campaign_draft draft = make_draft("balai", "Du balai");
    struct campaign_id id = make_campaign(story, &draft);
    guest_comes(story, "balai", ZOE, "party=2");
    story_wait(story, 8 * DAY_SECONDS);
    return id;
}

static void a_month_after_its_end_a_campaign_has_counts_without_names(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    make_missed(story);
    int64_t people = people_of(story, "balai");
    story_wait(story, 28 * DAY_SECONDS);
    assert_int_equal(named(story), 1);
    story_wait(story, 3 * DAY_SECONDS);
    assert_int_equal(named(story), 0);
    assert_int_equal(people_of(story, "balai"), people);
}

static void a_community_keeps_names_for_longer_if_it_says_so(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    make_missed(story);
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
    assert_int_equal(story_post(story, "/administration/legal",
                                ALL "&names_months=2&unconfirmed_days=7&account_years=3")
                         .status,
                     303);
    story_sign_out(story);
    assert_true(answer_says(story_get(story, "/privacy"), "2\u00a0mois après la fin"));
    assert_true(answer_says(story_get(story, "/privacy"), "valent depuis le"));
    story_wait(story, 32 * DAY_SECONDS);
    assert_int_equal(named(story), 1);
    story_wait(story, 31 * DAY_SECONDS);
    assert_int_equal(named(story), 0);
}

static void a_campaign_that_goes_on_keeps_its_names(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    nadia_leads(story, make_missed(story));
    assert_int_equal(
        story_post(story, "/campaigns/balai/extend", "closes=2027-03-01T20%3A00").status, 303);
    story_run_jobs(story);
    story_wait(story, 40 * DAY_SECONDS);
    assert_int_equal(named(story), 1);
}

/* Were it never to open again, its names would still go: the check at the end of a story sees it.
 */
static void until_it_opens_again_an_extended_campaign_has_ended(void **state)
{
    struct story *story = *state;
    nadia_leads(story, make_missed(story));
    assert_int_equal(
        story_post(story, "/campaigns/balai/extend", "closes=2027-03-01T20%3A00").status, 303);
    struct answer campaign = story_get_json(story, "/campaigns/balai");
    assert_string_equal(answer_text(campaign, "state"), "missed");
}

static void who_never_confirmed_is_forgotten_after_a_week(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    make_hedge(story, 20);
    guest_asks(story, "haie", ZOE, "");
    story_wait(story, 6 * DAY_SECONDS);
    assert_int_equal(named(story), 1);
    story_wait(story, 3 * DAY_SECONDS);
    assert_int_equal(named(story), 0);
}

static void has_account(struct work *work, void *context)
{
    *(bool *)context = person_get_by_email(work, ZOE) != NULL;
}

static bool account_is_there(struct story *story)
{
    bool is_there = false;
    story_write(story, has_account, &is_there);
    return is_there;
}

static void an_account_that_nobody_uses_ends_after_three_years_and_a_mail(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    story_sign_in(story, ZOE);
    story_sign_out(story);
    story_wait(story, 31 * DAY_SECONDS); /* the login ends */
    story_wait(story, DAY_SECONDS);
    story_wait(story, (3 * 365 - 40) * DAY_SECONDS);
    assert_int_equal(story_mail_count(story, ZOE), 0);
    story_wait(story, 12 * DAY_SECONDS);
    assert_true(strstr(story_mail(story, ZOE)->subject, "Gardons-nous votre compte") != NULL);
    story_wait(story, 28 * DAY_SECONDS);
    assert_true(account_is_there(story));
    story_wait(story, 4 * DAY_SECONDS);
    assert_false(account_is_there(story));
}

static void who_signs_in_again_keeps_their_account(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    story_sign_in(story, ZOE);
    story_wait(story, 31 * DAY_SECONDS);
    story_wait(story, DAY_SECONDS);
    story_wait(story, (3 * 365 - 20) * DAY_SECONDS);
    assert_int_equal(story_mail_count(story, ZOE), 1);
    story_sign_in(story, ZOE);
    story_sign_out(story);
    story_wait(story, DAY_SECONDS);
    story_wait(story, 60 * DAY_SECONDS);
    assert_true(account_is_there(story));
}

static void the_last_administrator_is_not_erased_by_time(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    story_sign_in_as(story, ZOE, ROLE_ADMINISTRATOR);
    story_sign_out(story);
    for (int i = 0; i < 5; i++)
        story_wait(story, 365 * DAY_SECONDS);
    assert_true(account_is_there(story));
    assert_int_equal(story_mail_count(story, ZOE), 0);
}

static void what_legal_pages_lack_is_told_to_administrators(void **state)
{
    struct story *story = *state;
    struct answer answer = story_get(story, "/legal");
    assert_int_equal(answer.status, 200);
    assert_true(answer_says(answer, "Pas encore précisé."));
    assert_false(answer_says(answer, "/administration/legal"));
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
    assert_true(answer_says(story_get(story, "/legal"), "/administration/legal"));
    assert_true(answer_says(story_get(story, "/administration"), "ne disent pas encore"));
}

static void legal_pages_are_filled_from_settings(void **state)
{
    struct story *story = *state;
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
    const char *form =
        "publisher=Les+Amis&address=1+rue+Haute%0A75001+Paris&reached_at=01+02&director="
        "Ada+L.&hosting=Hote&dpo=Bea&security=trou%40example.org"
        "&accessibility=partial&accessibility_on=2026&names_months=3"
        "&unconfirmed_days=7&account_years=3";
    assert_int_equal(story_post(story, "/administration/legal", form).status, 303);
    assert_true(
        answer_says(story_get(story, "/administration/legal?saved=1"), "value=\"Les Amis\""));
    assert_false(answer_says(story_get(story, "/administration"), "ne disent pas encore"));
    assert_true(answer_says(story_get(story, "/legal"), "Les Amis"));
    assert_true(answer_says(story_get(story, "/legal"), "1 rue Haute"));
    assert_true(answer_says(story_get(story, "/privacy"), "Bea"));
    assert_true(answer_says(story_get(story, "/accessibility"), "partiellement conforme"));
    assert_true(answer_says(story_get(story, "/terms"), "Conditions"));
    assert_true(answer_says(story_get(story, "/administration/audit"), "Directeur ou directrice"));
}

static void without_an_address_no_page_asks_to_write_there(void **state)
{
    struct story *story = *state;
    assert_false(answer_says(story_get(story, "/terms"), "adresse ci-dessous"));
    assert_false(answer_says(story_get(story, "/accessibility"), "Dites-le-nous"));
    assert_true(answer_says(story_get(story, "/accessibility"), "Défenseur des droits"));
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
    const char *legal = "publisher=&address=&reached_at=01+02+03&director=&hosting=&dpo=&security="
                        "&accessibility=unknown&accessibility_on=&names_months=1"
                        "&unconfirmed_days=7&account_years=3";
    assert_int_equal(story_post(story, "/administration/legal", legal).status, 303);
    assert_false(answer_says(story_get(story, "/terms"), "adresse ci-dessous"));
    assert_true(answer_says(story_get(story, "/accessibility"), "01 02 03"));
    const char *settings = "name=A&description=B&language=fr&time_zone=Europe/Paris"
                           "&approval=first&contact=nous%40example.org";
    assert_int_equal(story_post(story, "/administration/settings", settings).status, 303);
    struct answer terms = story_get(story, "/terms");
    assert_true(answer_says(terms, "adresse ci-dessous") && answer_says(terms, "nous@example.org"));
    struct answer page = story_get(story, "/accessibility");
    assert_true(answer_says(page, "Dites-le-nous") && answer_says(page, "nous@example.org"));
}

static void a_bad_number_is_told_beside_its_field(void **state)
{
    struct story *story = *state;
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
    struct answer answer = story_post(story, "/administration/legal",
                                      ALL "&names_months=99&unconfirmed_days=7&account_years=3");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "value=\"99\""));
}

static void security_txt_names_who_to_write_to_and_ends(void **state)
{
    struct story *story = *state;
    assert_int_equal(story_get(story, "/.well-known/security.txt").status, 404);
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
    story_post(story, "/administration/legal",
               "publisher=&address=&reached_at=&director=&hosting=&dpo=&security=trou%40example.org"
               "&accessibility=unknown&accessibility_on=&names_months=1&unconfirmed_days=7"
               "&account_years=3");
    struct answer answer = story_get(story, "/.well-known/security.txt");
    assert_true(answer_says(answer, "Contact: mailto:trou@example.org\n"));
    assert_true(answer_says(answer, "Expires: 2027-05-20T00:00:00Z\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(a_month_after_its_end_a_campaign_has_counts_without_names),
        story_test(a_community_keeps_names_for_longer_if_it_says_so),
        story_test(a_campaign_that_goes_on_keeps_its_names),
        story_test(until_it_opens_again_an_extended_campaign_has_ended),
        story_test(who_never_confirmed_is_forgotten_after_a_week),
        story_test(an_account_that_nobody_uses_ends_after_three_years_and_a_mail),
        story_test(who_signs_in_again_keeps_their_account),
        story_test(the_last_administrator_is_not_erased_by_time),
        story_test(what_legal_pages_lack_is_told_to_administrators),
        story_test(legal_pages_are_filled_from_settings),
        story_test(without_an_address_no_page_asks_to_write_there),
        story_test(a_bad_number_is_told_beside_its_field),
        story_test(security_txt_names_who_to_write_to_and_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
