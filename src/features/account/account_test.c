/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of signing in: by the mail's link or its code, once, for whoever owns the address. */
#include "story/story.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/time.h"
#include "core/people/people.h"
#include "features/account/account_local.h"
#include "features/signups/signups.h"
#include "story/make_sign_ups.h"
#include "sys/mail.h"

#define ANNE "anne@example.org"

/* Asks for a sign-in; the browser keeps its cookie. */
static struct answer asks(struct story *story, const char *email)
{
    const char *form = mem_printf(story->mem, "email=%s", email);
    struct answer answer = story_post(story, "/sign-in", form);
    if (answer.status == 303)
        story->cookie = mem_strndup(story->mem, answer.cookies, strcspn(answer.cookies, ";"));
    return answer;
}

static struct answer types(struct story *story, const char *digits)
{
    return story_post(story, "/sign-in/code", mem_printf(story->mem, "code=%s", digits));
}

/* From now on with the cookie of this answer that begins with `name`. */
static void keeps_login(struct story *story, struct answer answer)
{
    const char *at = strstr(answer.cookies, "login=");
    assert_non_null(at);
    story->cookie = mem_strndup(story->mem, at, strcspn(at, ";"));
}

static void signs_in(struct story *story, const char *email)
{
    assert_int_equal(asks(story, email).status, 303);
    struct answer answer = types(story, story_mail_code(story, email));
    assert_int_equal(answer.status, 303);
    keeps_login(story, answer);
}

static void the_code_of_the_mail_signs_in(void **state)
{
    struct story *story = *state;
    struct answer answer = asks(story, ANNE);
    assert_string_equal(answer.location, "/sign-in/code");
    assert_true(answer_says(story_get(story, "/sign-in/code"), "Regardez vos e‑mails"));
    answer = types(story, story_mail_code(story, ANNE));
    assert_string_equal(answer.location, "/account");
    keeps_login(story, answer);
    assert_true(answer_says(story_get(story, "/account"), ANNE));
    assert_string_equal(answer_text(story_get_json(story, "/account"), "role"), "member");
}

static void the_link_of_the_mail_signs_in_by_its_button_alone(void **state)
{
    struct story *story = *state;
    asks(story, ANNE);
    story_sign_out(story); /* the mail is on another device */
    const char *link = story_mail_path(story, ANNE, "/sign-in/link/");
    assert_true(answer_says(story_get(story, link), ANNE));
    assert_true(answer_says(story_get(story, link), "<form"));
    struct answer answer = story_post(story, link, "");
    assert_int_equal(answer.status, 303);
    keeps_login(story, answer);
    assert_int_equal(story_get(story, "/account").status, 200);
}

static void link_and_code_work_once_together(void **state)
{
    struct story *story = *state;
    asks(story, ANNE);
    const char *link = story_mail_path(story, ANNE, "/sign-in/link/");
    const char *digits = story_mail_code(story, ANNE);
    assert_int_equal(story_post(story, link, "").status, 303);
    assert_int_equal(story_get(story, link).status, 404);
    assert_int_equal(story_post(story, link, "").status, 404);
    struct answer answer = types(story, digits);
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "n’est plus valable"));
}

static void a_sign_in_lives_an_hour(void **state)
{
    struct story *story = *state;
    asks(story, ANNE);
    const char *link = story_mail_path(story, ANNE, "/sign-in/link/");
    story_wait(story, SIGN_IN_SECONDS);
    assert_int_equal(story_post(story, link, "").status, 404);
    assert_int_equal(types(story, story_mail_code(story, ANNE)).status, 422);
}

static const char *wrong_digits(struct story *story)
{
    return str_equal(story_mail_code(story, ANNE), "000000") ? "000001" : "000000";
}

static void a_code_may_be_tried_five_times(void **state)
{
    struct story *story = *state;
    asks(story, ANNE);
    for (int i = 0; i < SIGN_IN_TRIES_MAX; i++)
        assert_true(answer_says(types(story, wrong_digits(story)), "n’est pas le code"));
    assert_true(answer_says(types(story, story_mail_code(story, ANNE)), "n’est plus valable"));
}

static void a_code_is_for_the_browser_that_asked(void **state)
{
    struct story *story = *state;
    asks(story, ANNE);
    const char *digits = story_mail_code(story, ANNE);
    story_sign_out(story);
    assert_int_equal(types(story, digits).status, 422);
    asks(story, "eve@example.org");
    assert_true(answer_says(types(story, digits), "n’est pas le code"));
}

static void the_answer_is_the_same_for_known_and_unknown_addresses(void **state)
{
    struct story *story = *state;
    signs_in(story, ANNE);
    story_sign_out(story);
    struct answer known = asks(story, ANNE);
    struct answer unknown = asks(story, "nobody@example.org");
    assert_int_equal(known.status, unknown.status);
    assert_string_equal(known.location, unknown.location);
    assert_string_equal(known.body, unknown.body);
    assert_string_equal(story_mail(story, ANNE)->subject,
                        story_mail(story, "nobody@example.org")->subject);
}

static void an_address_gets_three_mails_at_most_that_nobody_uses(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    for (int i = 0; i < 3; i++)
        assert_int_equal(asks(story, ANNE).status, 303);
    struct answer answer = asks(story, "Anne@Example.ORG");
    assert_int_equal(answer.status, 429);
    assert_true(answer_says(answer, "Ouvrez le dernier"));
    assert_true(answer_says(answer, "value=\"Anne@Example.ORG\""));
    assert_int_equal(story_mail_count(story, ANNE), 3);
    assert_int_equal(asks(story, "ben@example.org").status, 303);
    story_wait(story, HOUR_SECONDS);
    assert_int_equal(asks(story, ANNE).status, 303);
}

/* Whoever else asks in her name: the latest mail opens, in any browser, as long as no other goes.
 */
static void nobody_is_locked_out_by_who_asks_in_their_name(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    for (int i = 0; i < 3; i++)
        asks(story, ANNE);
    story_wait(story, HOUR_SECONDS - 1);
    story_sign_out(story);
    assert_int_equal(asks(story, ANNE).status, 429);
    struct answer answer = story_post(story, story_mail_path(story, ANNE, "/sign-in/link/"), "");
    keeps_login(story, answer);
    assert_int_equal(story_get(story, "/account").status, 200);
}

static void print_link(struct work *work, void *context)
{
    (void)context;
    sign_in_link(work, ANNE, HOUR_SECONDS);
}

static void what_was_used_or_printed_counts_no_more(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    for (int i = 0; i < 4; i++) {
        story_write(story, print_link, NULL);
        signs_in(story, ANNE);
    }
}

static void a_page_for_who_is_signed_in_leads_to_it_and_back(void **state)
{
    struct story *story = *state;
    struct answer answer = story_get(story, "/account");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, "/sign-in?next=%2Faccount");
    assert_int_equal(story_get_json(story, "/account").status, 401);
    assert_int_equal(story_post(story, "/account", "name=Anne").status, 401);
    story_post(story, "/sign-in", "email=" ANNE "&next=%2Fcampaigns%3Fq%3Dhaie");
    answer = story_post(story, story_mail_path(story, ANNE, "/sign-in/link/"), "");
    assert_string_equal(answer.location, "/campaigns?q=haie");
}

static void an_address_that_is_too_long_to_come_back_to_leads_to_the_sign_in_alone(void **state)
{
    struct story *story = *state;
    char *path = mem_alloc(story->mem, 2100);
    memset(path, '&', 2047);
    memcpy(path, "/account?", strlen("/account?"));
    assert_string_equal(story_get(story, path).location, "/sign-in");
    memset(path, 'a', 2099);
    memcpy(path, "/campaigns/", strlen("/campaigns/"));
    memcpy(path + 2089, "/sign-ups", strlen("/sign-ups"));
    assert_int_equal(story_get(story, path).status, 404);
}

static void next_never_leads_to_another_site(void **state)
{
    struct story *story = *state;
    story_post(story, "/sign-in", "email=" ANNE "&next=%2F%2Fevil.example");
    struct answer answer = story_post(story, story_mail_path(story, ANNE, "/sign-in/link/"), "");
    assert_string_equal(answer.location, "/account");
}

static void a_bad_address_is_told_beside_its_field(void **state)
{
    struct story *story = *state;
    struct answer answer = story_post(story, "/sign-in", "email=anne%40");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "value=\"anne@\""));
    assert_int_equal(story_post(story, "/sign-in", "email=").status, 422);
}

static void signing_out_ends_the_login(void **state)
{
    struct story *story = *state;
    signs_in(story, ANNE);
    struct answer answer = story_post(story, "/sign-out", "");
    assert_string_equal(answer.location, "/");
    assert_true(strstr(answer.cookies, "login=; Path=/; Max-Age=0") != NULL);
    assert_int_equal(story_get(story, "/account").status, 303);
}

static void each_sign_in_has_a_login_of_its_own(void **state)
{
    struct story *story = *state;
    signs_in(story, ANNE);
    const char *first = story->cookie;
    signs_in(story, ANNE);
    assert_string_not_equal(first, story->cookie);
    assert_int_equal(story_get(story, "/account").status, 200);
}

static void a_login_is_ended_from_another_browser(void **state)
{
    struct story *story = *state;
    story_sign_in(story, ANNE);
    const char *lost = story->cookie;
    story_sign_in(story, ANNE);
    const char *page = story_get(story, "/account").body;
    const char *at = strstr(page, "/account/logins/");
    const char *path = mem_strndup(story->mem, at, strcspn(at, "\""));
    const char *own = story->cookie;
    story_sign_in(story, "eve@example.org"); /* nobody ends others' */
    assert_int_equal(story_post(story, path, "").status, 404);
    story->cookie = own;
    assert_int_equal(story_post(story, path, "").status, 303);
    assert_int_equal(story_get(story, "/account").status, 200);
    story->cookie = lost;
    assert_int_equal(story_get(story, "/account").status, 303);
}

static void all_other_logins_are_ended_at_once(void **state)
{
    struct story *story = *state;
    story_sign_in(story, ANNE);
    const char *lost = story->cookie;
    story_sign_in(story, ANNE);
    assert_int_equal(story_post(story, "/account/logins/end", "").status, 303);
    assert_int_equal(story_get(story, "/account").status, 200);
    story->cookie = lost;
    assert_int_equal(story_get(story, "/account").status, 303);
}

static void a_login_ends_when_it_is_not_used_and_for_good(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    story_sign_in(story, ANNE);
    for (int days = 20; days < 180; days += 20) { /* used now and then, it lives on */
        story_wait(story, 20 * DAY_SECONDS);
        assert_int_equal(story_get(story, "/account").status, 200);
        story_wait(story, MINUTE_SECONDS);
    }
    story_wait(story, 20 * DAY_SECONDS);
    assert_int_equal(story_get(story, "/account").status, 303);
    story_sign_in(story, ANNE);
    story_wait(story, 31 * DAY_SECONDS);
    assert_int_equal(story_get(story, "/account").status, 303);
}

static void bar_anne(struct work *work, void *context)
{
    (void)context;
    person_bar(work, person_get_by_email(work, ANNE)->id, true);
}

static void suspend_anne(struct work *work, void *context)
{
    (void)context;
    membership_suspend(work, person_get_by_email(work, ANNE)->id, true);
}

/* Their login is still a row. */
static void stays_out(struct story *story, void (*shut_out)(struct work *, void *))
{
    story_sign_in(story, ANNE);
    story_write(story, shut_out, NULL);
    assert_int_equal(story_get(story, "/account").status, 303);
    asks(story, ANNE);
    struct answer answer = types(story, story_mail_code(story, ANNE));
    assert_int_equal(answer.status, 403);
    assert_true(answer_says(answer, "suspendu"));
}

/* The link of a mail welcomes nobody who may not come in, and nobody "back" who never was there. */
static void a_link_promises_nothing_to_who_is_suspended(void **state)
{
    struct story *story = *state;
    asks(story, ANNE);
    const char *link = story_mail_path(story, ANNE, "/sign-in/link/");
    story_sign_out(story);
    struct answer page = story_get(story, link);
    assert_true(answer_says(page, "Vous y êtes presque"));
    assert_false(answer_says(page, "Bon retour"));
    assert_int_equal(story_post(story, link, "").status, 303);
    story_write(story, suspend_anne, NULL);
    asks(story, ANNE);
    link = story_mail_path(story, ANNE, "/sign-in/link/");
    page = story_get(story, link);
    assert_int_equal(page.status, 200);
    assert_true(answer_says(page, "suspendu"));
    assert_false(answer_says(page, "presque"));
    assert_false(answer_says(page, "Me connecter avec cette adresse"));
    assert_int_equal(story_post(story, link, "").status, 403);
}

/* Cleo was offered a role, and signs in on the way to somewhere. */
static struct answer cleo_comes(struct story *story, const char *role)
{
    story_sign_in_as(story, "chef@example.org", ROLE_ADMINISTRATOR);
    story_post(story, "/administration/people",
               mem_printf(story->mem, "email=cleo%%40example.org&role=%s", role));
    story_sign_out(story);
    asks(story, "cleo@example.org&next=%2Fcampaigns");
    struct answer answer = types(story, story_mail_code(story, "cleo@example.org"));
    assert_int_equal(answer.status, 303);
    keeps_login(story, answer);
    return answer;
}

static void who_was_offered_a_role_reads_what_they_are_now(void **state)
{
    struct story *story = *state;
    struct answer answer = cleo_comes(story, "facilitator");
    assert_string_equal(answer.location, "/account?new=role&next=%2Fcampaigns");
    struct answer page = story_get(story, answer.location);
    assert_true(answer_says(page, "Vous animez désormais"));
    assert_true(answer_says(page, "<a href=\"/campaigns\">Continuer</a>"));
    assert_false(answer_says(story_get(story, "/account"), "désormais"));
    page = story_get(story, "/account?new=role&next=https://evil.example/");
    assert_false(answer_says(page, "evil"));
    story_sign_in(story, ANNE); /* an address makes nobody anything */
    assert_false(answer_says(story_get(story, "/account?new=role"), "désormais"));
}

static void and_that_they_administrate(void **state)
{
    struct story *story = *state;
    struct answer answer = cleo_comes(story, "administrator");
    assert_true(answer_says(story_get(story, answer.location), "Vous administrez désormais"));
}

static void who_is_suspended_in_the_community_is_out_at_once(void **state)
{
    stays_out(*state, suspend_anne);
}

static void who_is_barred_from_the_install_is_out_at_once(void **state)
{
    stays_out(*state, bar_anne);
}

static void a_name_is_kept_and_what_is_wrong_with_it_is_told(void **state)
{
    struct story *story = *state;
    story_sign_in(story, ANNE);
    assert_int_equal(story_post(story, "/account", "name=Anne+D.").status, 303);
    assert_true(answer_says(story_get(story, "/account"), "Bonjour, Anne D."));
    assert_int_equal(story_post(story, "/account", "name=").status, 422);
}

static void what_a_guest_did_is_in_the_account_of_the_same_address(void **state)
{
    struct story *story = *state;
    make_hedge(story, 10);
    const char *link = guest_comes(story, "haie", ANNE, "");
    signs_in(story, "Anne@Example.org");
    struct answer page = story_get(story, "/account");
    assert_true(answer_says(page, "Bonjour, Anne"));
    assert_true(answer_says(page, link));
    assert_true(answer_says(page, "Confirmée"));
    story_sign_out(story);
    assert_int_equal(story_get(story, link).status, 200); /* the mail's link keeps working */
}

static void make_first(struct work *work, void *context)
{
    const char *path = first_link(work);
    snprintf(context, 200, "%s", path ? path : "");
}

static void the_first_link_makes_an_administrator_once(void **state)
{
    struct story *story = *state;
    char old[200], link[200];
    story_write(story, make_first, old);
    story_write(story, make_first, link);
    assert_int_equal(story_get(story, old).status, 404); /* each start voids the one before */
    assert_int_equal(story_get(story, link).status, 200);
    assert_int_equal(story_post(story, link, "name=Anne&email=anne").status, 422);
    struct answer answer = story_post(story, link, "name=Anne&email=" ANNE);
    assert_string_equal(answer.location, "/administration");
    keeps_login(story, answer);
    assert_string_equal(answer_text(story_get_json(story, "/account"), "role"), "administrator");
    assert_int_equal(story_post(story, link, "name=Eve&email=eve%40example.org").status, 404);
    story_write(story, make_first, link);
    assert_string_equal(link, "");
}

static void read_language(struct work *work, void *context)
{
    const struct person *person = person_get_by_email(work, ANNE);
    snprintf(context, 200, "%s", person ? person->language : "");
}

static void the_first_administrator_gets_mails_as_they_read_the_page(void **state)
{
    struct story *story = *state;
    char link[200], language[200];
    story_write(story, make_first, link);
    story->accept_language = "en";
    story_post(story, link, "name=Anne&email=" ANNE);
    story_write(story, read_language, language);
    assert_string_equal(language, "en");
}

static void whoever_first_came_in_french_is_written_to_in_english_once_they_say_so(void **state)
{
    struct story *story = *state;
    signs_in(story, ANNE);
    assert_string_equal(answer_text(story_get_json(story, "/account"), "language"), "fr");
    assert_true(answer_says(story_get(story, "/account"), "value=\"fr\" checked"));
    struct answer answer = story_post(story, "/account/language", "language=en");
    assert_string_equal(answer.location, "/account?new=language#language");
    assert_true(answer_says(story_get(story, "/account?new=language"), "C’est enregistré."));
    assert_string_equal(answer_text(story_get_json(story, "/account"), "language"), "en");
    signs_in(story, ANNE); /* on the browser that asks for French */
    char language[200];
    story_write(story, read_language, language);
    assert_string_equal(language, "en");
}

static void a_language_that_is_none_of_ours_is_told_beside_its_field(void **state)
{
    struct story *story = *state;
    assert_int_equal(story_post(story, "/account/language", "language=en").status, 401);
    story_sign_in(story, ANNE);
    struct answer answer = story_post(story, "/account/language", "language=tlh");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "id=\"account-language-language-error\""));
    assert_int_equal(story_post(story, "/account/language", "").status, 422);
    assert_string_equal(answer_text(story_get_json(story, "/account"), "language"), "fr");
}

static void the_first_link_lives_a_day_and_is_no_sign_in(void **state)
{
    struct story *story = *state;
    char link[200];
    story_write(story, make_first, link);
    const char *other = mem_printf(story->mem, "/sign-in/link/%s", link + strlen("/first/"));
    assert_int_equal(story_post(story, other, "").status, 404);
    story_wait(story, FIRST_LINK_SECONDS);
    assert_int_equal(story_get(story, link).status, 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(the_code_of_the_mail_signs_in),
        story_test(the_link_of_the_mail_signs_in_by_its_button_alone),
        story_test(link_and_code_work_once_together),
        story_test(a_sign_in_lives_an_hour),
        story_test(a_code_may_be_tried_five_times),
        story_test(a_code_is_for_the_browser_that_asked),
        story_test(the_answer_is_the_same_for_known_and_unknown_addresses),
        story_test(an_address_gets_three_mails_at_most_that_nobody_uses),
        story_test(nobody_is_locked_out_by_who_asks_in_their_name),
        story_test(what_was_used_or_printed_counts_no_more),
        story_test(a_page_for_who_is_signed_in_leads_to_it_and_back),
        story_test(an_address_that_is_too_long_to_come_back_to_leads_to_the_sign_in_alone),
        story_test(next_never_leads_to_another_site),
        story_test(a_bad_address_is_told_beside_its_field),
        story_test(signing_out_ends_the_login),
        story_test(each_sign_in_has_a_login_of_its_own),
        story_test(a_login_is_ended_from_another_browser),
        story_test(all_other_logins_are_ended_at_once),
        story_test(a_login_ends_when_it_is_not_used_and_for_good),
        story_test(a_link_promises_nothing_to_who_is_suspended),
        story_test(who_was_offered_a_role_reads_what_they_are_now),
        story_test(and_that_they_administrate),
        story_test(who_is_suspended_in_the_community_is_out_at_once),
        story_test(who_is_barred_from_the_install_is_out_at_once),
        story_test(a_name_is_kept_and_what_is_wrong_with_it_is_told),
        story_test(what_a_guest_did_is_in_the_account_of_the_same_address),
        story_test(the_first_link_makes_an_administrator_once),
        story_test(the_first_administrator_gets_mails_as_they_read_the_page),
        story_test(whoever_first_came_in_french_is_written_to_in_english_once_they_say_so),
        story_test(a_language_that_is_none_of_ours_is_told_beside_its_field),
        story_test(the_first_link_lives_a_day_and_is_no_sign_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
