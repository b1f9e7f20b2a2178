/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of mail settings: from the link in a mail, by a mail program's own button, and what is
 * written from then on. */
#include "story/make_organisers.h"
#include "story/make_sign_ups.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "core/outbox/outbox.h"
#include "main/program.h"
#include "sys/lang.h"
#include "sys/mail.h"
#include "web/app.h"
#include "web/work.h"

static const char anne[] = "anne@example.org";

/* Anne takes part; the link of her mail settings. */
static const char *settings_of_anne(struct story *story)
{
    make_hedge(story, SESSION_UNLIMITED);
    guest_comes(story, "haie", anne, "");
    return story_mail_path(story, anne, "/mail/");
}

static const char *path_to(struct story *story, const char *settings, const char *rest)
{
    return mem_printf(story->mem, "%s/%s", settings, rest);
}

static bool is_on(struct story *story, const char *settings, int list)
{
    struct answer answer = story_get_json(story, settings);
    assert_int_equal(answer.status, 200);
    const json_t *lists = json_object_get(answer.json, "lists");
    return json_is_true(json_object_get(json_array_get(lists, (size_t)list), "on"));
}

/* The campaign tips: everyone hears it but who does not want to. */
static void the_campaign_tips(struct story *story)
{
    for (int i = 0; i < 12; i++) {
        char email[64];
        snprintf(email, sizeof email, "guest-%d@example.org", i);
        guest_comes(story, "haie", email, "party=5");
    }
    story_run_jobs(story);
}

static void every_mail_leads_to_what_its_address_gets_and_why(void **state)
{
    struct story *story = *state;
    const char *settings = settings_of_anne(story);
    struct answer answer = story_get(story, settings);
    assert_int_equal(answer.status, 200);
    assert_true(answer_says(answer, anne));
    assert_true(answer_says(answer, "Les nouvelles de vos campagnes"));
    assert_true(answer_says(answer, "Parce que vous participez à une campagne"));
    answer = story_get_json(story, settings);
    assert_string_equal(answer_text(answer, "address"), anne);
    assert_string_equal(answer_text(answer, "lists.0.name"), "campaign-news");
    assert_true(is_on(story, settings, 0));
}

static bool names_organising(struct story *story, const char *settings)
{
    return answer_says(story_get(story, settings), "id=\"organising\"");
}

static void write_of_organising(struct work *work, void *context)
{
    (void)context;
    outbox_add(work, &(struct outbox_mail){.reason = "a_test",
                                           .kind = OUTBOX_ORGANISING,
                                           .to_address = anne,
                                           .subject = "Une campagne",
                                           .text = "Une campagne",
                                           .html = "<p>Une campagne</p>",
                                           .lang = lang_get(work->app->langs, "fr")});
}

static void of_organising_only_who_leads_or_is_asked_to_is_told(void **state)
{
    struct story *story = *state;
    const struct campaign_id hedge = make_hedge(story, SESSION_UNLIMITED);
    guest_comes(story, "haie", anne, "");
    const char *settings = story_mail_path(story, anne, "/mail/");
    assert_false(names_organising(story, settings));
    assert_int_equal(
        json_array_size(json_object_get(story_get_json(story, settings).json, "lists")), 1);

    guest_comes(story, "haie", "nadia@example.org", "");
    const char *of_nadia = story_mail_path(story, "nadia@example.org", "/mail/");
    assert_false(names_organising(story, of_nadia));
    nadia_leads(story, hedge);
    assert_true(names_organising(story, of_nadia));
    assert_true(is_on(story, of_nadia, 1));
    story_write(story, write_of_organising, NULL);
    assert_true(names_organising(story, settings)); /* she got one */

    guest_comes(story, "haie", "chef@example.org", "");
    const char *of_chef = story_mail_path(story, "chef@example.org", "/mail/");
    assert_false(names_organising(story, of_chef));
    story_sign_in_as(story, "chef@example.org", ROLE_FACILITATOR);
    assert_true(names_organising(story, of_chef));
}

/* Whatever it is that was switched off stays there to be switched on. */
static void what_is_off_is_always_shown(void **state)
{
    struct story *story = *state;
    const char *settings = settings_of_anne(story);
    story_post(story, path_to(story, settings, "off/organising"), "");
    assert_true(names_organising(story, settings));
    assert_false(is_on(story, settings, 1));
}

static void news_that_are_switched_off_do_not_come(void **state)
{
    struct story *story = *state;
    const char *settings = settings_of_anne(story);
    struct answer answer = story_post(story, path_to(story, settings, "off/campaign-news"), "");
    assert_int_equal(answer.status, 303);
    assert_string_equal(answer.location, settings);
    assert_true(answer_says(story_get(story, settings), "Vous ne les recevez pas."));
    assert_false(is_on(story, settings, 0));
    int before = story_mail_count(story, anne);
    the_campaign_tips(story);
    assert_int_equal(story_mail_count(story, anne), before);
    assert_int_equal(story_mail_count_about(story, "guest-0@example.org", "C’est parti"), 1);
}

static void what_is_switched_on_again_comes(void **state)
{
    struct story *story = *state;
    const char *settings = settings_of_anne(story);
    story_post(story, path_to(story, settings, "off/campaign-news"), "");
    struct answer answer = story_post(story, path_to(story, settings, "on/campaign-news"), "");
    assert_int_equal(answer.status, 303);
    assert_true(is_on(story, settings, 0));
    the_campaign_tips(story);
    assert_int_equal(story_mail_count_about(story, anne, "C’est parti"), 1);
}

static void a_link_that_is_followed_switches_nothing(void **state)
{
    struct story *story = *state;
    const char *settings = settings_of_anne(story);
    struct answer answer = story_get(story, path_to(story, settings, "off/campaign-news"));
    assert_int_equal(answer.status, 200);
    assert_true(answer_says(answer, "Ne plus recevoir ces e‑mails"));
    assert_true(is_on(story, settings, 0));
    assert_int_equal(story_get(story, path_to(story, settings, "on/campaign-news")).status, 303);
    story_post(story, path_to(story, settings, "off/campaign-news"), "");
    answer = story_get(story, path_to(story, settings, "off/campaign-news"));
    assert_true(answer_says(answer, "Vous ne les recevrez plus."));
    assert_true(answer_says(answer, path_to(story, settings, "on/campaign-news")));
}

/* As a mail provider's server does it: RFC 8058. */
static void one_click_comes_from_anywhere_and_is_not_sent_on(void **state)
{
    struct story *story = *state;
    const char *off = path_to(story, settings_of_anne(story), "off/campaign-news");
    static const char *const bodies[][2] = {
        {"Content-Type: application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"},
        {"Content-Type: multipart/form-data; boundary=x",
         "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n"
         "--x--\r\n"},
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        const char *const headers[] = {bodies[i][0], "Origin: https://mail.example",
                                       "Sec-Fetch-Site: cross-site", NULL};
        struct answer answer = story_send(story, "POST", off, headers, bodies[i][1]);
        assert_int_equal(answer.status, 200);
        assert_string_equal(answer.location, "");
    }
    assert_false(is_on(story, story_mail_path(story, anne, "/mail/"), 0));
}

/* Switching on is for the page alone. */
static void other_sites_switch_nothing_on(void **state)
{
    struct story *story = *state;
    const char *settings = settings_of_anne(story);
    static const char *const headers[] = {"Origin: https://other.example",
                                          "Sec-Fetch-Site: cross-site", NULL};
    story_post(story, path_to(story, settings, "off/campaign-news"), "");
    const char *on = path_to(story, settings, "on/campaign-news");
    assert_int_equal(story_send(story, "POST", on, headers, "").status, 403);
    assert_false(is_on(story, settings, 0));
}

struct newest {
    struct story *story;
    const char *message;
};

static void read_newest(struct work *work, void *context)
{
    struct newest *newest = context;
    newest->message = mem_strdup(newest->story->mem, outbox_list(work, anne, "", 1)->message);
}

static const char *story_mail_source(struct story *story)
{
    struct newest newest = {.story = story};
    story_write(story, read_newest, &newest);
    return newest.message;
}

static void news_carry_the_address_of_one_click_and_codes_do_not(void **state)
{
    struct story *story = *state;
    settings_of_anne(story);
    const char *confirmed = story_mail_source(story);
    assert_null(strstr(confirmed, "List-Unsubscribe"));
    the_campaign_tips(story);
    const char *news = story_mail_source(story);
    assert_non_null(strstr(news, "List-Unsubscribe: <http"));
    assert_non_null(strstr(news, "/off/campaign-news>"));
}

static void a_token_that_is_nobodys_finds_nothing(void **state)
{
    struct story *story = *state;
    const char *settings = settings_of_anne(story);
    const char *forged = mem_printf(story->mem, "%sx", settings);
    static const char *const rests[] = {"off/campaign-news", "on/campaign-news", "arrives"};
    assert_int_equal(story_get(story, forged).status, 404);
    assert_int_equal(story_get(story, "/mail/x").status, 404);
    for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) {
        assert_int_equal(story_get(story, path_to(story, forged, rests[i])).status, 404);
        assert_int_equal(story_post(story, path_to(story, forged, rests[i]), "").status, 404);
    }
    assert_true(is_on(story, settings, 0));
}

static void what_is_no_list_is_not_switched(void **state)
{
    struct story *story = *state;
    const char *settings = settings_of_anne(story);
    static const char *const rests[] = {"off/asked-for", "off/other", "on/other"};
    for (size_t i = 0; i < sizeof rests / sizeof *rests; i++)
        assert_int_equal(story_post(story, path_to(story, settings, rests[i]), "").status, 404);
    assert_int_equal(story_get(story, path_to(story, settings, "off/other")).status, 404);
}

static void mark_anne(struct work *work, void *context)
{
    outbox_address_mark(work, anne, *(enum outbox_reach *)context, "550 5.1.1 Nobody");
}

static void read_anne(struct work *work, void *context)
{
    *(enum outbox_reach *)context = outbox_address_state(work, anne).reach;
}

static void who_learns_that_mails_come_back_says_when_they_arrive_again(void **state)
{
    struct story *story = *state;
    const char *settings = settings_of_anne(story);
    enum outbox_reach reach = OUTBOX_BOUNCED;
    story_write(story, mark_anne, &reach);
    struct answer answer = story_get(story, settings);
    assert_true(answer_says(answer, "cette adresse ne reçoit plus rien"));
    assert_true(answer_says(answer, "550 5.1.1 Nobody"));
    assert_int_equal(story_get(story, path_to(story, settings, "arrives")).status, 303);
    assert_int_equal(story_post(story, path_to(story, settings, "arrives"), "").status, 303);
    assert_false(answer_says(story_get(story, settings), "550 5.1.1 Nobody"));
    reach = OUTBOX_UNSTEADY;
    story_write(story, mark_anne, &reach);
    assert_true(answer_says(story_get(story, settings), "n’a pas accepté un e‑mail"));
}

static enum outbox_reach reach_of_anne(struct story *story)
{
    enum outbox_reach reach;
    story_write(story, read_anne, &reach);
    return reach;
}

static void what_is_used_from_a_mail_shows_that_mails_arrive(void **state)
{
    struct story *story = *state;
    enum outbox_reach reach = OUTBOX_BOUNCED;
    make_hedge(story, SESSION_UNLIMITED);
    guest_asks(story, "haie", anne, "");
    story_write(story, mark_anne, &reach);
    assert_int_equal(reach_of_anne(story), OUTBOX_BOUNCED);
    assert_int_equal(guest_sends(story, guest_link(story, anne), "confirm", "").status, 200);
    assert_int_equal(reach_of_anne(story), OUTBOX_REACHED);
    struct answer answer = guest_asks_json(story, "haie", anne, "");
    story_write(story, mark_anne, &reach);
    guest_types(story, "haie", answer_text(answer, "handle"), story_mail_code(story, anne));
    assert_int_equal(reach_of_anne(story), OUTBOX_REACHED);
}

static void ones_account_leads_to_it(void **state)
{
    struct story *story = *state;
    const char *settings = settings_of_anne(story);
    story_sign_in(story, anne);
    assert_true(answer_says(story_get(story, "/account"), settings));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(every_mail_leads_to_what_its_address_gets_and_why),
        story_test(of_organising_only_who_leads_or_is_asked_to_is_told),
        story_test(what_is_off_is_always_shown),
        story_test(news_that_are_switched_off_do_not_come),
        story_test(what_is_switched_on_again_comes),
        story_test(a_link_that_is_followed_switches_nothing),
        story_test(one_click_comes_from_anywhere_and_is_not_sent_on),
        story_test(other_sites_switch_nothing_on),
        story_test(news_carry_the_address_of_one_click_and_codes_do_not),
        story_test(a_token_that_is_nobodys_finds_nothing),
        story_test(what_is_no_list_is_not_switched),
        story_test(who_learns_that_mails_come_back_says_when_they_arrive_again),
        story_test(what_is_used_from_a_mail_shows_that_mails_arrive),
        story_test(ones_account_leads_to_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
