/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of pages that should not be as they are: anybody tells, a facilitator looks, and leaves
 * the page or takes it away until it is put right. */
#include "story/story.h"

#include <string.h>

#include "base/mem.h"
#include "core/people/people.h"
#include "features/campaigns/campaigns.h"
#include "features/flags/flags_local.h"
#include "features/messages/messages.h"
#include "main/features.h"
#include "story/make_organisers.h"
#include "story/make_sign_ups.h"
#include "sys/mail.h"
#include "web/work.h"

#define FLAG "/campaigns/haie/flag"
#define FLAGS "/administration/flags"
#define HIDE "/campaigns/haie/flags/hide"
#define SHOW "/campaigns/haie/flags/show"
#define FATOU "fatou@example.org"
#define NADIA "nadia@example.org"

/* "haie" is led by Nadia; Fatou is a facilitator, and signed in. */
static void haie_is_there(struct story *story)
{
    nadia_leads(story, make_hedge(story, 20));
    story_sign_in_as(story, FATOU, ROLE_FACILITATOR);
}

/* Somebody without an account. */
static struct answer tells(struct story *story, const char *form)
{
    const char *cookie = story->cookie;
    story_sign_out(story);
    struct answer answer = story_post(story, FLAG, form);
    story->cookie = cookie;
    return answer;
}

static struct answer stranger_gets(struct story *story, const char *path)
{
    const char *cookie = story->cookie;
    story_sign_out(story);
    struct answer answer = story_get(story, path);
    story->cookie = cookie;
    return answer;
}

static void anybody_tells_and_a_facilitator_hears_of_it(void **state)
{
    struct story *story = *state;
    haie_is_there(story);
    assert_true(answer_says(stranger_gets(story, "/campaigns/haie"), "href=\"" FLAG "\""));
    assert_int_equal(stranger_gets(story, FLAG).status, 200);
    struct answer answer = tells(story, "reason=false&words=Ce+n%27est+pas+leur+verger");
    assert_int_equal(answer.status, 303);
    assert_true(answer_says(stranger_gets(story, answer.location), "Merci"));
    const struct mail_read *mail = story_mail(story, FATOU);
    assert_non_null(strstr(mail->text, "pas leur verger"));
    assert_true(answer_says(story_get(story, FLAGS), "pas leur verger"));
    assert_true(answer_says(story_get(story, "/account"), "href=\"" FLAGS "\""));
    assert_int_equal(stranger_gets(story, "/campaigns/haie").status, 200); /* as it was */
    assert_int_equal(story_mail_count(story, NADIA), 0);
}

static void an_administrator_finds_back_to_administration(void **state)
{
    struct story *story = *state;
    haie_is_there(story);
    assert_false(answer_says(story_get(story, FLAGS), "href=\"/administration\">←"));
    story_sign_in_as(story, "ada@example.org", ROLE_ADMINISTRATOR);
    assert_true(answer_says(story_get(story, FLAGS), "href=\"/administration\">←"));
}

static void what_is_wrong_in_the_form_stands_beside_it(void **state)
{
    struct story *story = *state;
    haie_is_there(story);
    struct answer answer = tells(story, "words=Regardez&email=anne");
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "Regardez"));
    assert_true(answer_says(answer, "value=\"anne\""));
    assert_int_equal(tells(story, "reason=because").status, 422);
    assert_int_equal(story_mail_count(story, FATOU), 0);
}

static void only_the_first_of_many_is_mailed(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    haie_is_there(story);
    for (int i = 0; i < FLAGS_OPEN_MAX + 5; i++)
        assert_int_equal(tells(story, "reason=harm&words=encore").status, 303);
    assert_int_equal(story_mail_count(story, FATOU), 1);
    story_post(story, "/campaigns/haie/flags/settle", "");
    tells(story, "reason=harm&words=encore");
    assert_int_equal(story_mail_count(story, FATOU), 2);
}

static void a_machine_is_thanked_and_forgotten(void **state)
{
    struct story *story = *state;
    haie_is_there(story);
    assert_int_equal(tells(story, "reason=other&words=SEO&subject=http%3A%2F%2Fx").status, 303);
    assert_false(answer_says(story_get(story, FLAGS), "SEO"));
    assert_int_equal(story_mail_count(story, FATOU), 0);
}

static void what_is_settled_waits_no_more(void **state)
{
    struct story *story = *state;
    haie_is_there(story);
    tells(story, "reason=advertising&words=Achetez");
    assert_int_equal(story_post(story, "/campaigns/haie/flags/settle", "").status, 303);
    assert_false(answer_says(story_get(story, FLAGS), "Achetez"));
    assert_int_equal(stranger_gets(story, "/campaigns/haie").status, 200);
}

static void a_page_is_taken_away_until_it_is_put_back(void **state)
{
    struct story *story = *state;
    haie_is_there(story);
    story->sweeps = false;
    const char *anne = guest_comes(story, "haie", "anne@example.org", "");
    story->sweeps = true;
    tells(story, "reason=illegal");
    assert_int_equal(story_post(story, HIDE, "word=Merci+de+corriger").status, 303);
    assert_int_equal(stranger_gets(story, "/campaigns/haie").status, 404);
    assert_false(answer_says(stranger_gets(story, "/campaigns"), "Une haie"));
    assert_int_equal(guest_asks_json(story, "haie", "paul@example.org", "").status, 404);
    assert_int_equal(stranger_gets(story, anne).status, 200); /* one's own page stays */
    assert_non_null(strstr(story_mail(story, NADIA)->text, "Merci de corriger"));
    assert_true(answer_says(story_get(story, FLAGS), "Une haie"));
    story_sign_in(story, NADIA);
    assert_true(answer_says(story_get(story, "/campaigns/haie/organise"), "a retiré sa page"));
    assert_true(answer_says(story_get(story, "/campaigns/haie/edit"), "Merci de corriger"));
    assert_true(answer_says(story_get(story, "/campaigns/haie"), "Merci de corriger"));
    assert_int_equal(story_get(story, "/campaigns/haie/edit").status, 200);
    assert_int_equal(story_post(story, SHOW, "").status, 404); /* not hers to do */
    story_sign_in_as(story, FATOU, ROLE_FACILITATOR);
    assert_int_equal(story_post(story, SHOW, "").status, 303);
    assert_int_equal(stranger_gets(story, "/campaigns/haie").status, 200);
}

static void who_leads_what_is_hidden_is_asked_to_put_it_right_and_not_to_share_it(void **state)
{
    struct story *story = *state;
    haie_is_there(story);
    story_post(story, HIDE, "word=Merci+de+corriger+le+titre.");
    story_sign_in(story, NADIA);
    struct answer page = story_get(story, "/campaigns/haie/organise");
    assert_true(answer_says(page, "«\u00a0Merci de corriger le titre.\u00a0»"));
    assert_true(answer_says(page, "Corrigez-la"));
    assert_false(answer_says(page, "Faites-la connaître"));
    assert_false(answer_says(page, "partagez la page"));
}

static void nothing_is_done_about_what_is_hidden(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    haie_is_there(story);
    guest_asks_json(story, "haie", "anne@example.org", "");
    const char *anne = guest_link(story, "anne@example.org");
    story_post(story, HIDE, "");
    assert_int_equal(guest_sends(story, anne, "confirm", "").status, 409);
    story_sign_in(story, NADIA);
    assert_int_equal(
        story_post(story, "/campaigns/haie/organise/people", "first_name=Odile&party=1").status,
        409);
    const char *message = "session=&subject=Venez&body=Demain";
    if (features_have(&messages_feature))
        assert_int_equal(story_post(story, "/campaigns/haie/organise/message", message).status,
                         409);
    story_sign_in_as(story, FATOU, ROLE_FACILITATOR);
    story_post(story, SHOW, "");
    assert_int_equal(guest_sends(story, anne, "confirm", "").status, 200);
}

static void a_word_that_is_too_long_is_kept(void **state)
{
    struct story *story = *state;
    haie_is_there(story);
    char *word = mem_alloc(story->mem, 6 * FLAG_WORDS_BYTES_MAX);
    memcpy(word, "word=", 5);
    memset(word + 5, 'x', FLAG_WORDS_BYTES_MAX + 1);
    struct answer answer = story_post(story, HIDE, word);
    assert_int_equal(answer.status, 422);
    assert_true(answer_says(answer, "xxxxxxxx"));
    assert_int_equal(stranger_gets(story, "/campaigns/haie").status, 200);
}

static void lead_too(struct work *work, void *context)
{
    (void)context;
    campaign_add_organiser(work, campaign_get_by_slug(work, "haie")->id,
                           person_get_by_email(work, FATOU)->id);
}

static void nobody_decides_about_what_they_lead_if_another_can(void **state)
{
    struct story *story = *state;
    haie_is_there(story);
    story_write(story, lead_too, NULL);
    tells(story, "reason=harm&words=seule&email=zoe%40example.org");
    assert_int_equal(story_mail_count(story, FATOU), 1); /* nobody else is there */
    assert_true(answer_says(story_get(story, FLAGS), "seule"));
    story_post(story, "/campaigns/haie/flags/settle", "");
    story_sign_in_as(story, "ada@example.org", ROLE_ADMINISTRATOR);
    tells(story, "reason=harm&words=ensemble&email=zoe%40example.org");
    assert_int_equal(story_mail_count(story, FATOU), 1);
    assert_int_equal(story_mail_count(story, "ada@example.org"), 1);
    story_sign_in_as(story, FATOU, ROLE_FACILITATOR);
    assert_false(answer_says(story_get(story, FLAGS), "ensemble"));
    assert_false(answer_says(story_get(story, "/account"), FLAGS)); /* nothing waits for her */
    assert_int_equal(story_post(story, "/campaigns/haie/flags/settle", "").status, 404);
    assert_int_equal(story_post(story, HIDE, "").status, 404);
}

static void to_members_there_is_nothing_here(void **state)
{
    struct story *story = *state;
    haie_is_there(story);
    story_sign_in(story, "bea@example.org");
    assert_int_equal(story_get(story, FLAGS).status, 404);
    assert_int_equal(story_post(story, HIDE, "").status, 404);
    assert_int_equal(story_post(story, "/campaigns/haie/flags/settle", "").status, 404);
    assert_int_equal(story_get(story, "/campaigns/nulle-part/flag").status, 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(anybody_tells_and_a_facilitator_hears_of_it),
        story_test(an_administrator_finds_back_to_administration),
        story_test(what_is_wrong_in_the_form_stands_beside_it),
        story_test(only_the_first_of_many_is_mailed),
        story_test(a_machine_is_thanked_and_forgotten),
        story_test(what_is_settled_waits_no_more),
        story_test(a_page_is_taken_away_until_it_is_put_back),
        story_test(who_leads_what_is_hidden_is_asked_to_put_it_right_and_not_to_share_it),
        story_test(nothing_is_done_about_what_is_hidden),
        story_test(a_word_that_is_too_long_is_kept),
        story_test(nobody_decides_about_what_they_lead_if_another_can),
        story_test(to_members_there_is_nothing_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
