/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of a community's people: finding them, inviting others, changing what they may do, and
 * what is refused. */
#include "story/story.h"

#include <string.h>

#include "base/mem.h"
#include "core/communities/communities.h"
#include "core/logins/logins.h"
#include "core/people/people.h"
#include "main/program.h"
#include "sys/mail.h"
#include "web/community.h"
#include "web/work.h"

#define PEOPLE "/administration/people"
#define ADA "ada@example.org"
#define BEA "bea@example.org"

/* Ada administrates; Bea is a member, who is signed in somewhere. */
static const char *bea_cookie(struct story *story)
{
    story_sign_in(story, BEA);
    const char *cookie = story->cookie;
    story_sign_in_as(story, ADA, ROLE_ADMINISTRATOR);
    return cookie;
}

/* The page of somebody, found by the beginning of their address. */
static const char *page_of(struct story *story, const char *start)
{
    struct answer answer = story_get_json(story, mem_printf(story->mem, PEOPLE "?q=%s", start));
    return mem_printf(story->mem, PEOPLE "/%s", answer_text(answer, "items.0.id"));
}

static struct answer act(struct story *story, const char *page, const char *verb, const char *form)
{
    return story_post(story, mem_printf(story->mem, "%s/%s", page, verb), form);
}

static const char *role_of(struct story *story, const char *cookie)
{
    const char *own = story->cookie;
    story->cookie = cookie;
    struct answer answer = story_get_json(story, "/account");
    story->cookie = own;
    return answer.status == 200 ? answer_text(answer, "role") : "nobody";
}

static void an_administrator_finds_people_by_address_or_name(void **state)
{
    struct story *story = *state;
    bea_cookie(story);
    assert_true(answer_says(story_get(story, PEOPLE), BEA));
    struct answer answer = story_get_json(story, PEOPLE "?q=BE");
    assert_string_equal(answer_text(answer, "items.0.email"), BEA);
    assert_string_equal(answer_text(answer, "items.0.role"), "member");
    assert_true(answer_is_null(answer, "next"));
    assert_true(answer_says(story_get(story, PEOPLE "?q=zoe"), "ne correspond"));
    assert_true(answer_says(story_get_json(story, PEOPLE "?q=%25"), "\"items\":[]"));
}

static void add_elsewhere(struct work *work, void *context)
{
    (void)context;
    work->community = community_find(work, "quartier.example");
    struct person_id zoe = person_add(work, "zoe@example.org", "Zoé de là-bas", "fr");
    membership_raise(work, zoe, ROLE_MEMBER);
}

static void add_many(struct work *work, void *context)
{
    for (int i = 0; i < *(int *)context; i++) {
        const char *email = mem_printf(work->mem, "p%03d@example.org", i);
        membership_raise(work, person_add(work, email, "Élodie", "fr"), ROLE_MEMBER);
    }
}

static void the_list_goes_on_from_page_to_page(void **state)
{
    struct story *story = *state;
    int many = 60;
    story->sweeps = false;
    story_sign_in_as(story, ADA, ROLE_ADMINISTRATOR);
    story_write(story, add_many, &many);
    struct answer first = story_get_json(story, PEOPLE);
    assert_string_equal(answer_text(first, "items.0.email"), "p059@example.org");
    assert_string_equal(answer_text(first, "items.49.email"), "p010@example.org");
    const char *next = mem_printf(story->mem, PEOPLE "?after=%s", answer_text(first, "next"));
    struct answer second = story_get_json(story, next);
    assert_string_equal(answer_text(second, "items.0.email"), "p009@example.org");
    assert_string_equal(answer_text(second, "items.10.email"), ADA);
    assert_true(answer_is_null(second, "next"));
    assert_true(answer_says(story_get(story, PEOPLE "?q=elo"), "Tapez-en un peu plus"));
    assert_int_equal(story_get(story, PEOPLE "?after=nobody").status, 404);
}

static void a_role_is_changed_and_counts_from_the_next_request_on(void **state)
{
    struct story *story = *state;
    const char *bea = bea_cookie(story);
    const char *page = page_of(story, "bea");
    assert_int_equal(act(story, page, "role", "role=facilitator").status, 303);
    assert_string_equal(role_of(story, bea), "facilitator");
    assert_true(answer_says(story_get(story, page), "Animateur"));
    assert_true(answer_says(story_get(story, "/administration/audit"), BEA));
}

static void a_role_that_is_none_is_refused(void **state)
{
    struct story *story = *state;
    bea_cookie(story);
    assert_int_equal(act(story, page_of(story, "bea"), "role", "role=queen").status, 422);
}

static void the_last_administrator_stays_one(void **state)
{
    struct story *story = *state;
    bea_cookie(story);
    struct answer answer = act(story, page_of(story, "ada"), "role", "role=member&sure=true");
    assert_int_equal(answer.status, 409);
    assert_true(answer_says(answer, "a besoin d’un administrateur"));
    assert_string_equal(role_of(story, story->cookie), "administrator");
}

static void one_s_own_role_is_given_up_on_purpose_alone(void **state)
{
    struct story *story = *state;
    bea_cookie(story);
    const char *own = page_of(story, "ada");
    act(story, page_of(story, "bea"), "role", "role=administrator");
    assert_int_equal(act(story, own, "role", "role=member").status, 422);
    assert_string_equal(role_of(story, story->cookie), "administrator");
    struct answer answer = act(story, own, "role", "role=member&sure=true");
    assert_string_equal(answer.location, "/account");
    assert_string_equal(role_of(story, story->cookie), "member");
    assert_int_equal(story_get(story, PEOPLE).status, 404);
}

static void whoever_is_suspended_is_out_at_once_and_may_come_back(void **state)
{
    struct story *story = *state;
    const char *bea = bea_cookie(story);
    const char *page = page_of(story, "bea");
    assert_int_equal(act(story, page, "suspend", "").status, 303);
    assert_string_equal(role_of(story, bea), "nobody");
    assert_true(answer_says(story_get(story, page), "suspendu"));
    assert_int_equal(act(story, page, "lift", "").status, 303);
    assert_string_equal(role_of(story, bea), "nobody"); /* that login is over */
    assert_false(answer_says(story_get(story, page), "Ce compte est suspendu"));
}

static void nobody_suspends_themselves(void **state)
{
    struct story *story = *state;
    bea_cookie(story);
    struct answer answer = act(story, page_of(story, "ada"), "suspend", "");
    assert_int_equal(answer.status, 409);
    assert_true(answer_says(answer, "votre propre compte"));
    assert_string_equal(role_of(story, story->cookie), "administrator");
}

static void lead_quarter(struct work *work, void *context)
{
    community_add(work, &(struct community){.slug = "quartier",
                                            .name = "Le Quartier",
                                            .description = "Entre voisins",
                                            .language = "fr",
                                            .time_zone = "Europe/Paris",
                                            .host = "quartier.example"});
    work->community = community_find(work, "quartier.example");
    struct person_id bea = person_get_by_email(work, BEA)->id;
    membership_raise(work, bea, ROLE_ADMINISTRATOR);
    snprintf(context, LOGIN_TOKEN_CHARS + 1, "%s", login_new(work, bea, ""));
}

/* As role_of, at the other community. */
static const char *role_there(struct story *story, const char *cookie)
{
    story->host = "quartier.example";
    const char *role = role_of(story, cookie);
    story->host = "127.0.0.1:8080";
    return role;
}

static void what_is_done_here_is_of_this_community_alone(void **state)
{
    struct story *story = *state;
    const char *bea = bea_cookie(story);
    char token[LOGIN_TOKEN_CHARS + 1];
    story_write(story, lead_quarter, token);
    const char *there = mem_printf(story->mem, "login=%s", token);
    const char *page = page_of(story, "bea");
    assert_int_equal(act(story, page, "sign-out", "").status, 303);
    assert_string_equal(role_of(story, bea), "nobody");
    assert_string_equal(role_there(story, there), "administrator");
    assert_int_equal(act(story, page, "suspend", "").status, 303);
    assert_true(answer_says(story_get(story, page), "Ce compte est suspendu"));
    assert_string_equal(role_there(story, there), "administrator");
}

static void bar_bea(struct work *work, void *context)
{
    (void)context;
    person_bar(work, person_get_by_email(work, BEA)->id, true);
}

static void what_the_machine_s_owner_did_is_not_lifted_here(void **state)
{
    struct story *story = *state;
    const char *bea = bea_cookie(story);
    story_write(story, bar_bea, NULL);
    const char *page = page_of(story, "bea");
    assert_true(answer_says(story_get(story, page), "qui gère la machine"));
    assert_false(answer_says(story_get(story, page), "/lift\""));
    act(story, page, "lift", "");
    assert_string_equal(role_of(story, bea), "nobody");
}

static void a_person_is_signed_out_everywhere(void **state)
{
    struct story *story = *state;
    const char *bea = bea_cookie(story);
    assert_int_equal(act(story, page_of(story, "bea"), "sign-out", "").status, 303);
    assert_string_equal(role_of(story, bea), "nobody");
    assert_int_equal(act(story, page_of(story, "ada"), "sign-out", "").status, 303);
    assert_string_equal(role_of(story, story->cookie), "administrator"); /* this browser stays */
}

/* By a mail's link, as people do; their cookie. */
static const char *comes_in(struct story *story, const char *email)
{
    const char *own = story->cookie;
    story_sign_out(story);
    story_post(story, "/sign-in", mem_printf(story->mem, "email=%s&next=", email));
    struct answer answer = story_post(story, story_mail_path(story, email, "/sign-in/link/"), "");
    story->cookie = own;
    const char *login = strstr(answer.cookies, "login=");
    return login ? mem_strndup(story->mem, login, strcspn(login, ";")) : NULL;
}

static void somebody_is_invited_with_a_role_and_told_how_to_come_in(void **state)
{
    struct story *story = *state;
    bea_cookie(story);
    struct answer answer = story_post(story, PEOPLE, "email=Cleo%40example.org&role=facilitator");
    assert_int_equal(answer.status, 303);
    answer = story_get_json(story, PEOPLE);
    assert_string_equal(answer_text(answer, "offers.0.email"), "cleo@example.org");
    assert_false(answer_says(story_get_json(story, PEOPLE "?q=cleo"), "cleo@example.org"));
    const struct mail_read *mail = story_mail(story, "cleo@example.org");
    assert_non_null(strstr(mail->subject, "Fullmobs"));
    assert_non_null(strstr(mail->text, "Animateur"));
    assert_string_equal(story_mail_path(story, "cleo@example.org", "/sign-in"), "/sign-in");
    assert_string_equal(role_of(story, comes_in(story, "cleo@example.org")), "facilitator");
    answer = story_get_json(story, PEOPLE);
    assert_true(answer_says(answer, "\"offers\":[]"));
    assert_string_equal(answer_text(answer, "items.0.email"), "cleo@example.org");
}

static void an_offer_is_withdrawn_or_too_old(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    bea_cookie(story);
    story_post(story, PEOPLE, "email=cleo%40example.org&role=administrator");
    story_post(story, PEOPLE, "email=dana%40example.org&role=facilitator");
    struct answer answer = story_get_json(story, PEOPLE);
    int cleo = strcmp(answer_text(answer, "offers.0.email"), "cleo@example.org") != 0;
    const char *id = answer_text(answer, mem_printf(story->mem, "offers.%d.id", cleo));
    const char *path = mem_printf(story->mem, PEOPLE "/offers/%s/withdraw", id);
    assert_int_equal(story_post(story, path, "").status, 303);
    assert_int_equal(story_post(story, path, "").status, 404);
    assert_string_equal(role_of(story, comes_in(story, "cleo@example.org")), "member");
    story_wait(story, OFFER_SECONDS + DAY_SECONDS);
    assert_string_equal(role_of(story, comes_in(story, "dana@example.org")), "member");
}

static void demote_ada(struct work *work, void *context)
{
    (void)context;
    membership_set(work, person_get_by_email(work, ADA)->id, ROLE_MEMBER);
}

static void an_offer_holds_no_longer_than_the_right_of_who_made_it(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    bea_cookie(story);
    story_post(story, PEOPLE, "email=cleo%40example.org&role=administrator");
    story_write(story, demote_ada, NULL);
    assert_string_equal(role_of(story, comes_in(story, "cleo@example.org")), "member");
}

static void raise_and_lower_cleo(struct work *work, void *context)
{
    (void)context;
    struct person_id cleo = person_add(work, "cleo@example.org", "", "fr");
    membership_raise(work, cleo, ROLE_ADMINISTRATOR);
    membership_set(work, cleo, ROLE_MEMBER);
}

static void who_lost_a_role_has_no_offer_left(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    bea_cookie(story);
    story_post(story, PEOPLE, "email=cleo%40example.org&role=administrator");
    story_write(story, raise_and_lower_cleo, NULL);
    assert_string_equal(role_of(story, comes_in(story, "cleo@example.org")), "member");
}

static void what_became_of_an_offer_is_written_down(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    bea_cookie(story);
    story_post(story, PEOPLE, "email=cleo%40example.org&role=facilitator");
    comes_in(story, "cleo@example.org");
    struct answer log = story_get_json(story, "/administration/audit");
    assert_string_equal(answer_text(log, "items.0.action"), "person.role");
    assert_string_equal(answer_text(log, "items.0.person"), "cleo@example.org");
}

static void whether_an_address_has_an_account_elsewhere_shows_nowhere(void **state)
{
    struct story *story = *state;
    char token[LOGIN_TOKEN_CHARS + 1];
    bea_cookie(story);
    story_write(story, lead_quarter, token);
    story_write(story, add_elsewhere, NULL);
    story_post(story, PEOPLE, "email=zoe%40example.org&role=member");
    struct answer page = story_get(story, PEOPLE);
    assert_true(answer_says(page, "zoe@example.org"));
    assert_false(answer_says(page, "Zoé de là-bas"));
    assert_true(answer_says(story_get_json(story, PEOPLE "?q=zoe"), "\"items\":[]"));
}

static void who_is_here_is_not_invited_again(void **state)
{
    struct story *story = *state;
    bea_cookie(story);
    struct answer answer = story_post(story, PEOPLE, "email=bea%40example.org&role=facilitator");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "est déjà là"));
    assert_int_equal(story_mail_count(story, BEA), 0);
}

static void to_facilitators_there_is_nothing_here(void **state)
{
    struct story *story = *state;
    bea_cookie(story);
    const char *page = page_of(story, "bea");
    story_sign_in_as(story, "farid@example.org", ROLE_FACILITATOR);
    assert_int_equal(story_get(story, PEOPLE).status, 404);
    assert_int_equal(story_get(story, page).status, 404);
    assert_int_equal(act(story, page, "role", "role=facilitator").status, 404);
    assert_int_equal(act(story, page, "suspend", "").status, 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(an_administrator_finds_people_by_address_or_name),
        story_test(the_list_goes_on_from_page_to_page),
        story_test(a_role_is_changed_and_counts_from_the_next_request_on),
        story_test(a_role_that_is_none_is_refused),
        story_test(the_last_administrator_stays_one),
        story_test(one_s_own_role_is_given_up_on_purpose_alone),
        story_test(whoever_is_suspended_is_out_at_once_and_may_come_back),
        story_test(nobody_suspends_themselves),
        story_test(what_is_done_here_is_of_this_community_alone),
        story_test(what_the_machine_s_owner_did_is_not_lifted_here),
        story_test(a_person_is_signed_out_everywhere),
        story_test(somebody_is_invited_with_a_role_and_told_how_to_come_in),
        story_test(an_offer_is_withdrawn_or_too_old),
        story_test(whether_an_address_has_an_account_elsewhere_shows_nowhere),
        story_test(an_offer_holds_no_longer_than_the_right_of_who_made_it),
        story_test(who_lost_a_role_has_no_offer_left),
        story_test(what_became_of_an_offer_is_written_down),
        story_test(who_is_here_is_not_invited_again),
        story_test(to_facilitators_there_is_nothing_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
