/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of writing: beginning from a first draft or from another campaign, the preview, the form
 * with what is wrong beside its fields, and what may still change once people have said yes. */
#include "story/story.h"

#include <string.h>

#include "base/mem.h"
#include "features/campaigns/campaigns.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"

#define NADIA "nadia@example.org"
#define BRUNO "bruno@example.org"
#define EDIT "/campaigns/journee-de-nettoyage/edit"

/* Nadia is signed in, and has begun with that first draft. */
static struct answer begin(struct story *story, const char *template)
{
    story_sign_in(story, NADIA);
    return story_post(story, "/campaigns", mem_printf(story->mem, "template=%s", template));
}

/* What stands in a form that can be saved, with `change` before it: the first of two counts. */
static const char *form_with(struct story *story, const char *change)
{
    return mem_printf(story->mem,
                      "%s&title=Une+haie&summary=Ensemble.&story=Le+verger.&language=fr"
                      "&organiser_name=Nadia&organiser_email=nadia%%40example.org&place=Crest"
                      "&goal=people&minimum=60&closes=2026-12-05T20:00&time_zone=Europe/Paris"
                      "&party_max=5",
                      change);
}

static void assert_wrong(struct story *story, const char *change, const char *words)
{
    struct answer answer = story_post(story, EDIT, form_with(story, change));
    if (answer.status != 422 || !answer_says(answer, words))
        fail_msg("%s: %d, without: %s", change, answer.status, words);
}

static void one_signs_in_before_one_writes(void **state)
{
    struct story *story = *state;
    struct answer answer = story_get(story, "/campaigns/new");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, "/sign-in?next=%2Fcampaigns%2Fnew");
    assert_int_equal(story_post(story, "/campaigns", "template=place").status, 401);
}

static void one_begins_a_bounded_number_within_a_day(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    for (int i = 0; i < 30; i++)
        assert_int_equal(begin(story, "place").status, 303);
    struct answer answer = begin(story, "digital");
    assert_int_equal(answer.status, 429);
    assert_string_equal(answer.retry_after, "86400");
    assert_true(answer_says(answer, "demain"));
    story_wait(story, 86400);
    assert_int_equal(begin(story, "digital").status, 303);
}

static void three_first_drafts_are_offered(void **state)
{
    struct story *story = *state;
    story_sign_in(story, NADIA);
    struct answer page = story_get(story, "/campaigns/new");
    assert_true(answer_says(page, "Journée de nettoyage"));
    assert_true(answer_says(page, "Grand ménage numérique"));
    assert_true(answer_says(page, "Marathon de traduction"));
    assert_string_equal(answer_text(story_get_json(story, "/campaigns/new"), "items.1.template"),
                        "digital");
}

static void a_first_draft_fills_everything_in(void **state)
{
    struct story *story = *state;
    struct answer answer = begin(story, "place");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, EDIT);
    struct answer json = story_get_json(story, EDIT);
    assert_string_equal(answer_text(json, "state"), "draft");
    assert_string_equal(answer_text(json, "language"), "fr");
    assert_string_equal(answer_text(json, "organiser_email"), NADIA);
    assert_string_equal(answer_text(json, "closes"), "2026-12-17T20:00:00"); /* a Thursday */
    assert_int_equal(answer_int(json, "minimum"), 30);
    struct answer sessions = story_get_json(story, "/campaigns/journee-de-nettoyage/edit/sessions");
    assert_string_equal(answer_text(sessions, "items.0.starts"), "2026-12-19T09:30:00");
    assert_string_equal(answer_text(sessions, "items.0.ends"), "2026-12-19T12:00:00");
    assert_true(answer_is_null(sessions, "items.0.capacity"));
}

/* Four weeks on it would be Saturday, the 26th of December, or the second of January. */
static void no_first_draft_proposes_a_holiday(void **state)
{
    struct story *story = *state;
    begin(story, "digital");
    struct answer json = story_get_json(story, "/campaigns/grand-menage-numerique/edit");
    assert_string_equal(answer_text(json, "closes"), "2027-01-09T20:00:00");
}

static void every_first_draft_can_be_saved_as_it_is(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    story_sign_in(story, NADIA);
    static const char *const begun[][2] = {{"place", "/campaigns/clean-up-day/edit"},
                                           {"digital", "/campaigns/digital-clean-up/edit"},
                                           {"anytime", "/campaigns/translation-sprint/edit"}};
    for (size_t i = 0; i < sizeof(begun) / sizeof(begun[0]); i++) {
        const char *form = mem_printf(story->mem, "template=%s", begun[i][0]);
        assert_string_equal(story_post(story, "/campaigns", form).location, begun[i][1]);
        struct answer json = story_get_json(story, begun[i][1]);
        struct answer saved = story_post_json(story, begun[i][1], json.body);
        assert_int_equal(saved.status, 200);
        assert_string_equal(saved.body, json.body);
    }
}

static void two_of_the_same_name_have_addresses_of_their_own(void **state)
{
    struct story *story = *state;
    begin(story, "place");
    struct answer second = story_post_json(story, "/campaigns", "{\"template\": \"place\"}");
    assert_int_equal(second.status, 201);
    assert_string_equal(answer_text(second, "slug"), "journee-de-nettoyage-2");
}

static void what_is_no_first_draft_is_asked_for_again(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    struct answer answer = begin(story, "party");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "Please choose one of the offered answers."));
    assert_int_equal(story_post(story, "/campaigns", "").status, 422);
}

static void a_draft_is_nobody_elses_to_see_or_to_write(void **state)
{
    struct story *story = *state;
    begin(story, "place");
    assert_int_equal(story_get(story, "/campaigns/journee-de-nettoyage").status, 200);
    story_sign_in(story, BRUNO);
    assert_int_equal(story_get(story, "/campaigns/journee-de-nettoyage").status, 404);
    assert_int_equal(story_get(story, EDIT).status, 404);
    assert_int_equal(story_post(story, EDIT, form_with(story, "")).status, 404);
    assert_int_equal(story_get(story, EDIT "/sessions").status, 404);
    story_sign_out(story);
    assert_int_equal(story_get(story, "/campaigns/journee-de-nettoyage").status, 404);
    assert_false(answer_says(story_get(story, "/campaigns"), "nettoyage"));
}

static void the_preview_is_the_page_itself(void **state)
{
    struct story *story = *state;
    begin(story, "place");
    struct answer page = story_get(story, "/campaigns/journee-de-nettoyage");
    assert_true(answer_says(page, "personne d’autre ne le voit."));
    assert_true(answer_says(page, "<h1 lang=\"fr\">Journée de nettoyage</h1>"));
    assert_true(answer_says(page, "data-minimum=\"30\""));
    assert_true(answer_says(page, "samedi 19 décembre 2026, de\u00a009:30\u00a0à\u00a012:00"));
    assert_true(answer_says(page, "Le formulaire d’inscription se trouvera ici"));
    assert_false(answer_says(page, "quel créneau")); /* there is but one */
    assert_true(answer_says(page, "noindex"));
    struct answer other = story_get(story, "/campaigns/journee-de-nettoyage/edit");
    assert_true(answer_says(other, "Aperçu"));
}

static void the_texts_are_in_one_of_two_languages_each_by_its_name(void **state)
{
    struct story *story = *state;
    begin(story, "place");
    struct answer page = story_get(story, "/campaigns/journee-de-nettoyage/edit");
    assert_true(answer_says(page, "<option value=\"fr\" selected>En français</option>"));
    assert_true(answer_says(page, "<option value=\"en\">En anglais</option>"));
}

static void what_is_written_is_kept_and_leads_on(void **state)
{
    struct story *story = *state;
    begin(story, "anytime");
    struct answer answer =
        story_post(story, "/campaigns/marathon-de-traduction/edit",
                   form_with(story, "go=who&title=Une+haie+%C3%A0+Crest&story=Ligne%0D%0Aligne"
                                    "&opens=2026-11-28T08:00&capacity=80&minutes_each=90"));
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, "/campaigns/une-haie-a-crest/edit?saved=1#who");
    struct answer json = story_get_json(story, "/campaigns/une-haie-a-crest/edit");
    assert_string_equal(answer_text(json, "story"), "Ligne\nligne");
    assert_string_equal(answer_text(json, "opens"), "2026-11-28T08:00:00");
    assert_int_equal(answer_int(json, "capacity"), 80);
    assert_int_equal(answer_int(json, "minutes_each"), 90);
    assert_string_equal(answer_text(json, "goal"), "people");
    struct answer page = story_get(story, "/campaigns/une-haie-a-crest/edit?saved=1");
    assert_true(answer_says(page, "C’est enregistré."));
    assert_true(answer_says(page, "value=\"2026-11-28T08:00\""));
}

/* A second tab still has the form open, under the address that the draft had. */
static void a_renamed_draft_is_still_found_under_its_old_address(void **state)
{
    struct story *story = *state;
    begin(story, "place");
    struct answer saved = story_post(story, EDIT, form_with(story, ""));
    assert_string_equal(saved.location, "/campaigns/une-haie/edit?saved=1");
    assert_int_equal(story_get(story, EDIT).status, 200);
    assert_int_equal(story_get(story, EDIT "/sessions").status, 200);
    struct answer page = story_get(story, "/campaigns/journee-de-nettoyage");
    assert_int_equal(page.status, 303);
    assert_string_equal(page.location, "/campaigns/une-haie");
    saved = story_post(story, EDIT, form_with(story, "story=Du+second+onglet."));
    assert_string_equal(saved.location, "/campaigns/une-haie/edit?saved=1");
    struct answer json = story_get_json(story, EDIT);
    assert_string_equal(answer_text(json, "slug"), "une-haie");
    assert_string_equal(answer_text(json, "story"), "Du second onglet.");
}

static void an_address_that_a_draft_had_is_nobody_elses(void **state)
{
    struct story *story = *state;
    begin(story, "place");
    story_post(story, EDIT, form_with(story, ""));
    assert_string_equal(story_post(story, "/campaigns", "template=place").location,
                        "/campaigns/journee-de-nettoyage-2/edit");
    struct answer back = story_post(story, "/campaigns/une-haie/edit",
                                    form_with(story, "title=Journ%C3%A9e+de+nettoyage"));
    assert_string_equal(back.location, "/campaigns/journee-de-nettoyage/edit?saved=1");
    assert_int_equal(story_get(story, "/campaigns/journee-de-nettoyage").status, 200);
    assert_string_equal(story_get(story, "/campaigns/une-haie").location,
                        "/campaigns/journee-de-nettoyage");
}

static void a_draft_that_is_renamed_again_and_again_keeps_its_address_in_the_end(void **state)
{
    struct story *story = *state;
    begin(story, "place");
    story->sweeps = false;
    for (int i = 1; i <= 30; i++)
        story_post(story, EDIT, form_with(story, mem_printf(story->mem, "title=Titre+%d", i)));
    struct answer json = story_get_json(story, EDIT);
    assert_string_equal(answer_text(json, "title"), "Titre 30");
    assert_string_equal(answer_text(json, "slug"), "titre-19");
}

static void each_button_leads_where_it_says(void **state)
{
    struct story *story = *state;
    begin(story, "anytime");
    const char *path = "/campaigns/marathon-de-traduction/edit";
    const char *same = "title=Marathon+de+traduction&go=";
    assert_string_equal(
        story_post(story, path,
                   form_with(story, mem_printf(story->mem, "%spreview&minutes_each=5", same)))
            .location,
        "/campaigns/marathon-de-traduction");
    assert_string_equal(
        story_post(story, path,
                   form_with(story, mem_printf(story->mem, "%ssessions&minutes_each=5", same)))
            .location,
        "/campaigns/marathon-de-traduction/edit/sessions");
    assert_string_equal(
        story_post(story, path, form_with(story, mem_printf(story->mem, "%s%%2F%%2Fx", same)))
            .location,
        "/campaigns/marathon-de-traduction/edit?saved=1");
}

static void every_wrong_field_is_told_beside_it(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    begin(story, "place");
    story_post(story, "/campaigns/clean-up-day/edit",
               form_with(story, "title=Journ%C3%A9e+de+nettoyage"));
    story->sweeps = false; /* the stories above do that */
    assert_wrong(story, "title=", "Please fill this in.");
    assert_wrong(story, "title=%E2%80%A6%E2%80%A6", "Please use letters or figures");
    assert_wrong(story, "organiser_name=", "Please fill this in.");
    assert_wrong(story, "organiser_email=nadia", "This does not look like an e\u2011mail address.");
    assert_wrong(story, "language=de", "Please choose one of the offered answers.");
    assert_wrong(story, "goal=money", "Please choose one of the offered answers.");
    assert_wrong(story, "minimum=0", "The smallest possible number is 1.");
    assert_wrong(story, "target=59", "The target cannot be lower than the minimum, which is 60.");
    assert_wrong(story, "goal=quantity&target=500", "Please say what is counted");
    assert_wrong(story, "closes=soon", "Please give a day and a time");
    assert_wrong(story, "closes=2026-11-20T12:00",
                 "This day has passed. Please choose one that is still to come.");
    assert_wrong(story, "opens=2026-12-06T12:00", "The deadline must be later than the opening.");
    assert_wrong(story, "time_zone=Paris", "This time zone is not known.");
    assert_wrong(story, "time_zone=Paris&closes=2026-11-20T12:00", "This day has passed.");
    assert_wrong(story, "time_zone=Paris&closes=2026-11-20T12:00", "This time zone is not known.");
    assert_wrong(story, "party_max=51", "The largest possible number is 50.");
}

static void hours_that_nobody_tells_cannot_be_the_goal(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    begin(story, "anytime");
    const char *path = "/campaigns/translation-sprint/edit";
    struct answer answer = story_post(story, path, form_with(story, "goal=hours"));
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "Hours can only be counted when"));
    answer = story_post(story, path, form_with(story, "goal=hours&minutes_each=30&capacity=0"));
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "The smallest possible number is 1."));
}

static void what_was_typed_stays_in_a_refused_form(void **state)
{
    struct story *story = *state;
    begin(story, "place");
    struct answer answer = story_post(
        story, EDIT, form_with(story, "title=Une+haie+longue&closes=vendredi&unlisted=true"));
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "value=\"Une haie longue\""));
    assert_true(answer_says(answer, "type=\"text\" value=\"vendredi\""));
    assert_true(answer_says(answer, "href=\"#write-closes\""));
    assert_false(answer_says(answer, "class=\"asked\"")); /* nothing is hidden */
    struct answer json = story_get_json(story, EDIT);
    assert_string_equal(answer_text(json, "title"), "Journée de nettoyage");
}

static void after_a_refused_form_the_other_language_is_the_same_page(void **state)
{
    struct story *story = *state;
    struct answer answer = begin(story, "party"); /* sent to /campaigns, shown at its own page */
    assert_true(answer_says(answer, "href=\"/campaigns/new?lang=en\""));
    begin(story, "place");
    answer = story_post(story, EDIT, form_with(story, "title="));
    assert_true(answer_says(answer, "href=\"" EDIT "?lang=en\""));
    struct answer sessions = story_get_json(story, EDIT "/sessions");
    const char *session =
        mem_printf(story->mem, EDIT "/sessions/%s", answer_text(sessions, "items.0.id"));
    answer = story_post(story, mem_printf(story->mem, "%s/copies", session), "starts=&times=1");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, mem_printf(story->mem, "href=\"%s?lang=en\"", session)));
}

static void a_script_learns_of_wrong_fields_by_name(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    begin(story, "place");
    struct answer answer = story_post_json(
        story, "/campaigns/clean-up-day/edit",
        "{\"title\": \"A hedge\", \"language\": \"en\", \"organiser_name\": \"Nadia\","
        " \"goal\": \"people\", \"minimum\": 60, \"target\": 20, \"party_max\": 5,"
        " \"closes\": \"2026-12-05T20:00\", \"time_zone\": \"Europe/Paris\"}");
    assert_int_equal(answer.status, 422);
    assert_true(strstr(answer_text(answer, "errors.target"), "which is 60"));
}

/* Another campaign to start from. */

static void one_starts_from_a_campaign_of_ones_own(void **state)
{
    struct story *story = *state;
    struct session session = make_session("2026-11-28T14:00:00", "2026-11-28T16:00:00", 20);
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    draft.sessions = &session;
    nadia_leads(story, make_campaign(story, &draft));
    struct answer answer = story_post(story, "/campaigns", "from=une-haie");
    assert_string_equal(answer.location, "/campaigns/une-haie-2/edit");
    struct answer json = story_get_json(story, "/campaigns/une-haie-2/edit");
    assert_string_equal(answer_text(json, "state"), "draft");
    assert_string_equal(answer_text(json, "story"), "Le verger a **cinq ans**.");
    assert_string_equal(answer_text(json, "closes"), "2026-12-05T09:00:00"); /* a week later */
    struct answer sessions = story_get_json(story, "/campaigns/une-haie-2/edit/sessions");
    assert_string_equal(answer_text(sessions, "items.0.starts"), "2026-12-05T14:00:00");
    assert_int_equal(answer_int(sessions, "items.0.capacity"), 20);
    assert_int_equal(answer_int(sessions, "items.0.taken"), 0);
}

static void one_does_not_start_from_what_others_lead(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    make_campaign(story, &draft);
    story_sign_in(story, BRUNO);
    assert_int_equal(story_post(story, "/campaigns", "from=une-haie").status, 404);
    assert_int_equal(story_post(story, "/campaigns", "from=nowhere").status, 404);
}

static void ones_own_page_lists_what_one_writes_and_leads(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("une-haie", "Une haie");
    nadia_leads(story, make_campaign(story, &draft));
    assert_int_equal(story_post(story, "/campaigns", "template=place").status, 303);
    struct answer page = story_get(story, "/account");
    assert_true(answer_says(page, "Brouillons"));
    assert_true(answer_says(page, "href=\"/campaigns/journee-de-nettoyage/edit\""));
    assert_true(answer_says(page, "En cours"));
    assert_true(answer_says(page, "href=\"/campaigns/une-haie\""));
    assert_true(answer_says(page, "name=\"from\" value=\"une-haie\""));
    story_sign_in(story, BRUNO);
    assert_true(answer_says(story_get(story, "/account"), "pas encore écrit de campagne"));
}

static void the_page_called_new_is_no_campaigns_address(void **state)
{
    struct story *story = *state;
    begin(story, "place");
    struct answer answer = story_post(story, EDIT, form_with(story, "title=New"));
    assert_string_equal(answer.location, "/campaigns/new-2/edit?saved=1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(one_signs_in_before_one_writes),
        story_test(three_first_drafts_are_offered),
        story_test(one_begins_a_bounded_number_within_a_day),
        story_test(a_first_draft_fills_everything_in),
        story_test(no_first_draft_proposes_a_holiday),
        story_test(every_first_draft_can_be_saved_as_it_is),
        story_test(two_of_the_same_name_have_addresses_of_their_own),
        story_test(what_is_no_first_draft_is_asked_for_again),
        story_test(a_draft_is_nobody_elses_to_see_or_to_write),
        story_test(the_preview_is_the_page_itself),
        story_test(the_texts_are_in_one_of_two_languages_each_by_its_name),
        story_test(what_is_written_is_kept_and_leads_on),
        story_test(a_renamed_draft_is_still_found_under_its_old_address),
        story_test(an_address_that_a_draft_had_is_nobody_elses),
        story_test(a_draft_that_is_renamed_again_and_again_keeps_its_address_in_the_end),
        story_test(each_button_leads_where_it_says),
        story_test(every_wrong_field_is_told_beside_it),
        story_test(hours_that_nobody_tells_cannot_be_the_goal),
        story_test(what_was_typed_stays_in_a_refused_form),
        story_test(after_a_refused_form_the_other_language_is_the_same_page),
        story_test(a_script_learns_of_wrong_fields_by_name),
        story_test(one_starts_from_a_campaign_of_ones_own),
        story_test(one_does_not_start_from_what_others_lead),
        story_test(ones_own_page_lists_what_one_writes_and_leads),
        story_test(the_page_called_new_is_no_campaigns_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
