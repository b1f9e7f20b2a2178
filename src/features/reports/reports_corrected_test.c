/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of a participant whose number the organiser has corrected: they hear of it with the
 * organiser's word, and may give it anew until it is verified or set aside. */
#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "features/campaigns/campaigns.h"
#include "features/reports/reports_local.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "story/make_sign_ups.h"
#include "sys/mail.h"

#define ANNE "anne@example.org"
#define ORGANISE "/campaigns/balai/organise"

/* Nadia leads "balai", a goal of e-mails deleted. */
static void nadia_leads_a_digital_one(struct story *story)
{
    struct campaign_draft draft = make_draft("balai", "Du balai");
    draft.campaign.goal_unit = GOAL_QUANTITY;
    draft.campaign.quantity_unit = "e-mails";
    draft.campaign.target = 10000;
    nadia_leads(story, make_campaign(story, &draft));
}

/* By a script, which gives back the handle; "" replaces nothing. */
static struct answer tells(struct story *story, const char *link, int number, const char *replaces)
{
    return story_post_json(story, "/campaigns/balai/reports",
                           mem_printf(story->mem,
                                      "{\"token\":\"%s\",\"quantity\":%d,\"replaces\":\"%s\"}",
                                      link + strlen("/sign-ups/"), number, replaces));
}

/* Anne told that many; her page, and what the organiser's page of that number is called. */
struct told {
    const char *link;
    const char *handle;
    const char *path;
};
static struct told anne_tells(struct story *story, int number)
{
    nadia_leads_a_digital_one(story);
    struct told told = {.link = guest_comes(story, "balai", ANNE, "")};
    struct answer answer = tells(story, told.link, number, "");
    assert_int_equal(answer.status, 201);
    told.handle = answer_text(answer, "id");
    told.path = mem_printf(story->mem, ORGANISE "/reports/%s", told.handle);
    return told;
}

static int64_t quantity_of(struct story *story)
{
    return answer_int(story_get_json(story, "/campaigns/balai"), "progress.quantity");
}

static void who_gave_it_hears_of_the_correction_with_its_word(void **state)
{
    struct story *story = *state;
    struct told told = anne_tells(story, 13600);
    int mails = story_mail_count(story, ANNE);
    story_post(story, told.path, "quantity=1360&reason=Un+z%C3%A9ro+de+trop");
    assert_int_equal(story_mail_count(story, ANNE), mails + 1);
    const struct mail_read *mail = story_mail(story, ANNE);
    assert_non_null(strstr(mail->subject, "Votre nombre a été corrigé"));
    assert_non_null(strstr(mail->text, "13\u202f600 → 1\u202f360 e-mails\n\nnadia vous"));
    assert_non_null(strstr(mail->text, "nadia vous écrit\u00a0:\nUn zéro de trop\n\nCe n"));
    assert_non_null(strstr(mail->text, "Donnez à nouveau votre nombre"));
    assert_string_equal(story_mail_path(story, ANNE, "#report"),
                        mem_printf(story->mem, "%s#report", told.link));
    struct answer own = story_get(story, told.link);
    assert_true(answer_says(own, "c’était 13\u202f600"));
    assert_true(answer_says(own, "Un zéro de trop"));
}

static void in_their_own_language(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    struct told told = anne_tells(story, 13600);
    story->accept_language = "fr";
    story_post(story, told.path, "quantity=1360&reason=Z%C3%A9ro");
    assert_non_null(strstr(story_mail(story, ANNE)->subject, "Your number was corrected"));
    assert_non_null(strstr(story_mail(story, ANNE)->text, "13,600 → 1,360 e-mails"));
}

static void what_changes_no_sum_is_not_told(void **state)
{
    struct story *story = *state;
    struct told told = anne_tells(story, 13600);
    int mails = story_mail_count(story, ANNE);
    story_post(story, told.path, "quantity=13600&verified=true");
    story_post(story, told.path, "quantity=13600&verified=true&hides_note=true");
    assert_int_equal(story_mail_count(story, ANNE), mails);
}

static void a_corrected_number_is_given_anew_and_the_organiser_sees_it(void **state)
{
    struct story *story = *state;
    struct told told = anne_tells(story, 13600);
    story_post(story, told.path, "quantity=1360&reason=Trop");
    assert_false(answer_says(story_get(story, ORGANISE), "donné à nouveau"));
    assert_int_equal(tells(story, told.link, 13000, told.handle).status, 201);
    assert_int_equal(quantity_of(story), 13000);
    struct answer page = story_get(story, ORGANISE);
    assert_true(answer_says(page, "1 nombre a été donné à nouveau"));
    assert_true(answer_says(page, told.path));
    assert_true(answer_says(story_get(story, told.path), "donné à nouveau"));
    assert_true(answer_says(story_get(story, told.path), "Trop")); /* the trace */
    story_post(story, told.path, "quantity=13000&verified=true");
    assert_false(answer_says(story_get(story, ORGANISE), "donné à nouveau"));
    assert_int_equal(tells(story, told.link, 13000, told.handle).status,
                     409); /* verified: it stays */
    assert_int_equal(quantity_of(story), 13000);
}

static void what_is_set_aside_is_told_and_stays(void **state)
{
    struct story *story = *state;
    struct told told = anne_tells(story, 13600);
    story_post(story, told.path, "quantity=13600&set_aside=true&reason=Deux+fois");
    const struct mail_read *mail = story_mail(story, ANNE);
    assert_non_null(strstr(mail->text, "Il n’est plus compté."));
    assert_non_null(strstr(mail->text, "Répondez à cet e‑mail"));
    assert_int_equal(tells(story, told.link, 13000, told.handle).status, 409);
    struct answer own = story_get(story, told.link);
    assert_true(answer_says(own, "<s>13\u202f600</s>"));
    assert_true(answer_says(own, "Deux fois"));
    story_post(story, told.path, "quantity=13600&reason=Si");
    assert_non_null(strstr(story_mail(story, ANNE)->text, "Il est compté à nouveau."));
}

static void who_cannot_be_written_to_is_not(void **state)
{
    struct story *story = *state;
    nadia_leads_a_digital_one(story);
    story_post(story, ORGANISE "/reports", "quantity=13600");
    struct answer list = story_get_json(story, ORGANISE "/reports");
    const char *path =
        mem_printf(story->mem, ORGANISE "/reports/%s", answer_text(list, "items.0.id"));
    assert_int_equal(story_post(story, path, "quantity=1360&reason=Trop").status, 303);
    assert_null(story_newest_mail(story));
}

static void a_number_is_corrected_a_few_times_a_day(void **state)
{
    struct story *story = *state;
    struct told told = anne_tells(story, 100);
    int mails = story_mail_count(story, ANNE);
    for (int i = 1; i <= REPORT_CORRECTIONS_DAY_MAX; i++)
        story_post(story, told.path, mem_printf(story->mem, "quantity=%d&reason=Trop", i));
    struct answer answer = story_post_json(story, told.path, "{\"quantity\":9,\"reason\":\"Non\"}");
    assert_int_equal(answer.status, 409);
    assert_string_equal(answer_text(answer, "code"), "report_corrected_enough");
    assert_int_equal(story_mail_count(story, ANNE), mails + REPORT_CORRECTIONS_DAY_MAX);
    story_wait(story, DAY_SECONDS);
    assert_int_equal(story_post(story, told.path, "quantity=9&reason=Bien").status, 303);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(who_gave_it_hears_of_the_correction_with_its_word),
        story_test(in_their_own_language),
        story_test(what_changes_no_sum_is_not_told),
        story_test(a_corrected_number_is_given_anew_and_the_organiser_sees_it),
        story_test(what_is_set_aside_is_told_and_stays),
        story_test(who_cannot_be_written_to_is_not),
        story_test(a_number_is_corrected_a_few_times_a_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
