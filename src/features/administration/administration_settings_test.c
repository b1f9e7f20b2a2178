/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of a community's settings: what an administrator changes, what is refused, and who else
 * sees nothing there. */
#include "story/story.h"

#include <string.h>

#include "base/mem.h"
#include "core/communities/communities.h"
#include "core/logins/logins.h"
#include "core/people/people.h"
#include "main/program.h"
#include "story/make_campaigns.h"
#include "sys/mail.h"
#include "web/community.h"
#include "web/work.h"

#define SETTINGS "/administration/settings"
#define ANNE "anne@example.org"

/* All that is right; a story changes one part of it. */
#define NAME "name=Les+Amis+de+la+rivi%C3%A8re"
#define REST                                                                                       \
    "&description=Un+apr%C3%A8s-midi%2C+ensemble.&language=en&time_zone=Indian%2FReunion&"         \
    "approval=first"
#define CONTACT "&contact=bonjour%40riviere.example"

static struct answer change(struct story *story, const char *form)
{
    return story_post(story, SETTINGS, form);
}

static void an_administrator_changes_them_and_every_page_shows_it(void **state)
{
    struct story *story = *state;
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
    story->host = "action.riviere.example:8080";
    struct answer answer = change(story, NAME REST CONTACT "&host=Action.Riviere.example");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, SETTINGS "?saved=1");
    assert_true(answer_says(story_get(story, answer.location), "Enregistré"));
    story_sign_out(story);
    answer = story_get(story, "/");
    assert_true(answer_says(answer, "Les Amis de la rivière"));
    assert_true(answer_says(answer, "Un après-midi, ensemble."));
    assert_true(answer_says(answer, "mailto:bonjour@riviere.example"));
    answer = story_get_json(story, "/");
    assert_string_equal(answer_text(answer, "time_zone"), "Indian/Reunion");
}

static void describe_by_default(struct work *work, void *context)
{
    (void)context;
    struct community community = *work->community;
    community.description = "";
    community_change(work, &community);
}

/* The form is sent as it stands, in whichever language that is. */
static void the_default_sentence_is_in_the_community_s_language_until_there_is_an_own(void **state)
{
    struct story *story = *state;
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
    story_write(story, describe_by_default, NULL);
    struct answer now = story_get_json(story, SETTINGS);
    assert_string_equal(answer_text(now, "description"),
                        "Des campagnes qui n’existent que si vous êtes là.");
    const char *in_english =
        mem_printf(story->mem,
                   "name=Fullmobs&description=%s&language=en&time_zone=Europe/Paris&approval=first",
                   answer_text(now, "description"));
    assert_int_equal(change(story, in_english).status, 303);
    assert_string_equal(answer_text(story_get_json(story, SETTINGS), "description"),
                        "Campaigns that only happen if you are there.");
    assert_true(answer_says(story_get(story, "/"), "Campaigns that only happen if you are there."));
    change(story, NAME REST);
    assert_true(answer_says(story_get(story, "/"), "Un après-midi, ensemble."));
}

static void until_it_is_said_what_it_is_administration_asks_for_it(void **state)
{
    struct story *story = *state;
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
    story_write(story, describe_by_default, NULL);
    struct answer now = story_get_json(story, SETTINGS);
    const char *as_it_began = mem_printf(
        story->mem, "name=Essaim&description=%s&language=fr&time_zone=Europe/Paris&approval=first",
        answer_text(now, "description"));
    assert_int_equal(change(story, as_it_began).status, 303);
    assert_true(answer_says(story_get(story, "/administration"), "Avant tout"));
    assert_int_equal(change(story, NAME REST).status, 303); /* no address: it may be left out */
    story->accept_language = "fr";
    assert_false(answer_says(story_get(story, "/administration"), "Avant tout"));
}

static void a_script_reads_them(void **state)
{
    struct story *story = *state;
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
    struct answer answer = story_get_json(story, SETTINGS);
    assert_string_equal(answer_text(answer, "name"), "Fullmobs");
    assert_string_equal(answer_text(answer, "contact"), "");
    assert_string_equal(answer_text(answer, "host"), "");
}

static void whose_campaigns_wait_is_chosen(void **state)
{
    struct story *story = *state;
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
    assert_string_equal(answer_text(story_get_json(story, SETTINGS), "approval"), "first");
    change(story, NAME "&description=x&language=fr&time_zone=Europe%2FParis&approval=always");
    assert_string_equal(answer_text(story_get_json(story, SETTINGS), "approval"), "always");
    assert_true(answer_says(story_get(story, "/administration/audit"), "Avant qu’une campagne"));
    assert_int_equal(
        change(story, NAME "&description=x&language=fr&time_zone=Europe%2FParis&approval=perhaps")
            .status,
        422);
    assert_string_equal(answer_text(story_get_json(story, SETTINGS), "approval"), "always");
}

static void links_go_to_the_community_s_own_address(void **state)
{
    struct story *story = *state;
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
    story->host = "action.riviere.example";
    change(story, NAME REST "&host=action.riviere.example");
    story_sign_out(story);
    struct answer answer = story_post(story, "/sign-in", "email=nadia%40example.org&next=");
    assert_int_equal(answer.status, 303);
    const char *text = story_mail(story, "nadia@example.org")->text;
    assert_non_null(strstr(text, "http://action.riviere.example:8080/sign-in/link/"));
    assert_true(answer_says(story_get(story, "/"), "Les Amis de la rivière"));
}

/* The form comes back with that sentence, what was typed is kept, and nothing is changed. */
static void assert_refused(struct story *story, const char *form, const char *sentence)
{
    struct answer answer = change(story, form);
    assert_int_equal(answer.status, 422);
    if (!answer_says(answer, sentence))
        fail_msg("%s does not say \"%s\": %s", form, sentence, answer.body);
    story_sign_out(story);
    assert_true(answer_says(story_get(story, "/"), "Fullmobs"));
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
}

static void what_is_wrong_is_told_beside_its_field(void **state)
{
    struct story *story = *state;
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
    assert_refused(story, "name=" REST, "Merci de remplir ce champ.");
    assert_refused(story,
                   NAME "&description=x&language=tlh&time_zone=Europe%2FParis&approval=first",
                   "une des réponses proposées");
    assert_refused(story,
                   NAME "&description=x&language=fr&time_zone=Europe%2FLa+Lune&approval=first",
                   "Ce fuseau horaire n’est pas connu");
    assert_refused(
        story, NAME "&description=x&language=fr&time_zone=..%2F..%2Fetc%2Fpasswd&approval=first",
        "Ce fuseau horaire n’est pas connu");
    assert_refused(story, NAME REST "&contact=bonjour", "anne@example.org");
}

static void what_is_no_name_of_a_site_is_refused(void **state)
{
    struct story *story = *state;
    static const char *const wrong[] = {"https%3A%2F%2Fexample.org",
                                        "example.org%2Fici",
                                        "example.org%3A8080",
                                        "127.0.0.1",
                                        "localhost",
                                        "essaim.localhost",
                                        "a..example",
                                        ".example",
                                        "%C3%A9cole.example",
                                        "example."};
    story->sweeps = false;
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_refused(story, mem_printf(story->mem, "%s&host=%s", NAME REST, wrong[i]),
                       "ne ressemble pas au nom d’un site");
}

static void add_quarter(struct work *work, void *context)
{
    (void)context;
    community_add(work, &(struct community){.slug = "quartier",
                                            .name = "Le Quartier",
                                            .description = "Entre voisins",
                                            .language = "fr",
                                            .time_zone = "Europe/Paris",
                                            .host = "quartier.example"});
}

static void an_address_is_taken_where_it_leads_here_alone(void **state)
{
    struct story *story = *state;
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
    assert_refused(story, NAME REST "&host=action.riviere.example", "ouvrir d’abord cette page");
    story->host = "action.riviere.example";
    assert_int_equal(change(story, NAME REST "&host=action.riviere.example").status, 303);
    story->host = "127.0.0.1:8080"; /* which still finds the first community */
    assert_int_equal(change(story, NAME REST "&host=action.riviere.example").status, 303);
    assert_int_equal(change(story, NAME REST "&host=").status, 303);
}

static void administrate_quarter(struct work *work, void *context)
{
    work->community = community_find(work, "quartier.example");
    struct person_id anne = person_get_by_email(work, ANNE)->id;
    membership_raise(work, anne, ROLE_ADMINISTRATOR);
    snprintf(context, LOGIN_TOKEN_CHARS + 1, "%s", login_new(work, anne, ""));
}

static void another_community_is_not_lost_by_its_settings(void **state)
{
    struct story *story = *state;
    char token[LOGIN_TOKEN_CHARS + 1];
    story_write(story, add_quarter, NULL);
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
    story_write(story, administrate_quarter, token);
    story->cookie = mem_printf(story->mem, "login=%s", token);
    story->host = "quartier.example";
    static const char *const others[] = {"", "ailleurs.example", "127.0.0.1"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const char *form = mem_printf(story->mem, "%s&host=%s", NAME REST, others[i]);
        assert_true(answer_says(change(story, form), "Seule la personne qui gère la machine"));
    }
    assert_int_equal(change(story, NAME REST "&host=quartier.example").status, 303);
    assert_true(answer_says(story_get(story, "/"), "Les Amis de la rivière"));
}

static void take_base_host(struct work *work, void *context)
{
    struct community changed = *community_find(work, "quartier.example");
    changed.host = "127.0.0.1"; /* that of the stories' base URL */
    *(bool *)context = community_change(work, &changed);
}

static void only_the_first_community_may_have_the_site_s_own_address(void **state)
{
    struct story *story = *state;
    bool changed = true;
    story_write(story, add_quarter, NULL);
    story_write(story, take_base_host, &changed);
    assert_false(changed);
    assert_true(answer_says(story_get(story, "/"), "Fullmobs"));
}

static void to_others_there_is_nothing_here(void **state)
{
    struct story *story = *state;
    static const char *const paths[] = {"/administration", SETTINGS};
    for (size_t i = 0; i < 2; i++) {
        story_sign_in_as(story, "paul@example.org", ROLE_FACILITATOR);
        assert_int_equal(story_get(story, paths[i]).status, 404);
        story_sign_out(story);
        assert_int_equal(story_get(story, paths[i]).status, 303);
    }
    story_sign_in_as(story, "paul@example.org", ROLE_FACILITATOR);
    assert_int_equal(change(story, NAME REST).status, 404);
    story_sign_out(story);
    assert_int_equal(change(story, NAME REST).status, 401);
}

static void the_first_page_leads_there(void **state)
{
    struct story *story = *state;
    story_sign_in_as(story, ANNE, ROLE_ADMINISTRATOR);
    struct answer answer = story_get(story, "/administration");
    assert_int_equal(answer.status, 200);
    assert_true(answer_says(answer, "href=\"" SETTINGS "\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(an_administrator_changes_them_and_every_page_shows_it),
        story_test(the_default_sentence_is_in_the_community_s_language_until_there_is_an_own),
        story_test(until_it_is_said_what_it_is_administration_asks_for_it),
        story_test(a_script_reads_them),
        story_test(whose_campaigns_wait_is_chosen),
        story_test(links_go_to_the_community_s_own_address),
        story_test(what_is_wrong_is_told_beside_its_field),
        story_test(what_is_no_name_of_a_site_is_refused),
        story_test(an_address_is_taken_where_it_leads_here_alone),
        story_test(another_community_is_not_lost_by_its_settings),
        story_test(only_the_first_community_may_have_the_site_s_own_address),
        story_test(to_others_there_is_nothing_here),
        story_test(the_first_page_leads_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
