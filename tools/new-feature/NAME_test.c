/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of NAME: left, read, told to who leads the campaign, taken down; and what is refused.
 * Before each request of a story each of its database calls fails once: see story/story.h. */
#include "features/NAME/NAME_local.h"

#include <jansson.h>
#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "story/make_sign_ups.h"
#include "story/story.h"
#include "sys/mail.h"
#include "web/feature.h"
#include "web/work.h"

#define ANNE "anne@example.org"
#define NADIA "nadia@example.org"
#define PAGE "/campaigns/haie/NAME"
#define REMOVE "/campaigns/haie/organise/NAME/remove"

/* Nadia leads "haie"; Anne is signed in. */
static void anne_comes(struct story *story)
{
    nadia_leads(story, make_hedge(story, 20));
    story_sign_in(story, ANNE);
}

static void what_is_left_can_be_read_by_everyone(void **state)
{
    struct story *story = *state;
    anne_comes(story);
    struct answer answer = story_post(story, PAGE, "text=J%27apporte+deux+pelles");
    assert_string_equal(answer.location, PAGE);
    story_sign_out(story);
    assert_true(answer_says(story_get(story, PAGE), "apporte deux pelles"));
    assert_true(answer_says(story_get(story, "/campaigns/haie"), "apporte deux pelles"));
    assert_false(answer_says(story_get(story, PAGE), "/remove\""));
}

static void it_goes_by_json_too(void **state)
{
    struct story *story = *state;
    anne_comes(story);
    struct answer answer = story_post_json(story, PAGE, "{\"text\":\"Merci !\"}");
    assert_int_equal(answer.status, 201);
    const char *id = answer_text(answer, "id");
    assert_string_equal(answer_text(story_get_json(story, PAGE), "items.0.id"), id);
    assert_string_equal(answer_text(story_get_json(story, PAGE), "items.0.text"), "Merci !");
}

static void who_leads_the_campaign_hears_of_it_once_a_day(void **state)
{
    struct story *story = *state;
    anne_comes(story);
    int before = story_mail_count(story, NADIA);
    story_post(story, PAGE, "text=Bonjour");
    assert_int_equal(story_mail_count(story, NADIA), before + 1);
    const struct mail_read *mail = story_mail(story, NADIA);
    assert_non_null(strstr(mail->text, "Bonjour"));
    assert_non_null(strstr(mail->html, "Bonjour"));
    assert_non_null(strstr(story_mail_path(story, NADIA, PAGE), PAGE));
    story_post(story, PAGE, "text=Encore");
    assert_int_equal(story_mail_count(story, NADIA), before + 1);
    story_wait(story, DAY_SECONDS);
    story_post(story, PAGE, "text=Bonne+nuit");
    assert_int_equal(story_mail_count_about(story, NADIA, "a laissé un mot"), 2);
}

static void who_leads_it_writes_to_nobody(void **state)
{
    struct story *story = *state;
    anne_comes(story);
    story_sign_in(story, NADIA);
    int before = story_mail_count(story, NADIA);
    assert_int_equal(story_post(story, PAGE, "text=Bienvenue").status, 303);
    assert_int_equal(story_mail_count(story, NADIA), before);
}

static void it_speaks_both_languages(void **state)
{
    struct story *story = *state;
    anne_comes(story);
    assert_true(answer_says(story_get(story, PAGE), "Laisser ce mot"));
    assert_true(answer_says(story_get(story, "/campaigns/haie"), "Laisser un mot"));
    story->accept_language = "en";
    assert_true(answer_says(story_get(story, PAGE), "Leave this word"));
    assert_true(answer_says(story_get(story, "/campaigns/haie"), "Leave a word"));
}

static void a_guest_is_led_to_the_sign_in_and_back(void **state)
{
    struct story *story = *state;
    anne_comes(story);
    story_sign_out(story);
    struct answer page = story_get(story, PAGE);
    assert_true(answer_says(page, "/sign-in?next=%2Fcampaigns%2Fhaie%2FNAME"));
    assert_int_equal(story_post(story, PAGE, "text=Coucou").status, 401);
    assert_false(answer_says(story_get(story, PAGE), "Coucou"));
}

static void nothing_is_not_a_word(void **state)
{
    struct story *story = *state;
    anne_comes(story);
    assert_int_equal(story_post(story, PAGE, "text=").status, 422);
    assert_true(answer_says(story_get(story, PAGE), "Personne n’en a encore laissé."));
}

static void a_few_in_a_day_are_enough(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    anne_comes(story);
    for (int i = 0; i < UPPER_NAME_PER_DAY_MAX; i++)
        assert_int_equal(story_post(story, PAGE, "text=Encore").status, 303);
    struct answer answer = story_post(story, PAGE, "text=Un+de+trop");
    assert_int_equal(answer.status, 429);
    assert_true(answer_says(answer, "Un de trop</textarea>")); /* what was typed is kept */
    story_wait(story, DAY_SECONDS);
    assert_int_equal(story_post(story, PAGE, "text=Un+de+plus").status, 303);
}

static void what_is_over_takes_no_more(void **state)
{
    struct story *story = *state;
    anne_comes(story);
    story_wait(story, 8 * DAY_SECONDS); /* nobody came: it is missed */
    assert_int_equal(story_post(story, PAGE, "text=Dommage").status, 409);
    struct answer page = story_get(story, PAGE);
    assert_true(answer_says(page, "Cette campagne est terminée"));
    assert_false(answer_says(page, "<textarea"));
}

static void a_draft_has_none(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("brouillon", "Un brouillon");
    make_unpublished(story, &draft);
    story_sign_in(story, ANNE);
    assert_int_equal(story_get(story, "/campaigns/brouillon/NAME").status, 404);
    assert_int_equal(story_post(story, "/campaigns/brouillon/NAME", "text=Psst").status, 404);
}

static void who_leads_the_campaign_takes_it_down_and_nobody_else(void **state)
{
    struct story *story = *state;
    anne_comes(story);
    struct answer left = story_post_json(story, PAGE, "{\"text\":\"Achetez mes montres\"}");
    const char *form = mem_printf(story->mem, "NOUN=%s", answer_text(left, "id"));
    assert_int_equal(story_post(story, REMOVE, form).status, 404);
    assert_true(answer_says(story_get(story, PAGE), "montres"));
    story_sign_in(story, NADIA);
    assert_true(answer_says(story_get(story, PAGE), REMOVE));
    assert_string_equal(story_post(story, REMOVE, form).location, PAGE);
    assert_false(answer_says(story_get(story, PAGE), "montres"));
    assert_int_equal(story_post(story, REMOVE, form).status, 404);
}

static void export_anne(struct work *work, void *context)
{
    json_t *object = json_object();
    NAME_feature.export_person(work, ANNE, object);
    *(size_t *)context = json_array_size(json_object_get(object, "NAME"));
    json_decref(object);
}

static void forget_anne(struct work *work, void *context)
{
    (void)context;
    feature_forget_person(work, ANNE);
}

static void a_person_gets_theirs_and_is_forgotten(void **state)
{
    struct story *story = *state;
    size_t count = 0;
    anne_comes(story);
    story_post(story, PAGE, "text=Mon+secret");
    story_write(story, export_anne, &count);
    assert_int_equal(count, 1);
    story_write(story, forget_anne, NULL);
    story_write(story, export_anne, &count);
    assert_int_equal(count, 0);
    story_sign_out(story);
    assert_false(answer_says(story_get(story, PAGE), "Mon secret"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(what_is_left_can_be_read_by_everyone),
        story_test(it_goes_by_json_too),
        story_test(who_leads_the_campaign_hears_of_it_once_a_day),
        story_test(who_leads_it_writes_to_nobody),
        story_test(it_speaks_both_languages),
        story_test(a_guest_is_led_to_the_sign_in_and_back),
        story_test(nothing_is_not_a_word),
        story_test(a_few_in_a_day_are_enough),
        story_test(what_is_over_takes_no_more),
        story_test(a_draft_has_none),
        story_test(who_leads_the_campaign_takes_it_down_and_nobody_else),
        story_test(a_person_gets_theirs_and_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
