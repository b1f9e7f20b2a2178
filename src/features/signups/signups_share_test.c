/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of bringing others and of being named: only "you brought 4", only first names, and only
 * of those who agreed; and whatever somebody calls themselves, it stays text. */
#include "story/make_sign_ups.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "story/make_campaigns.h"
#include "sys/mail.h"
#include "web/url.h"

#define ANNE "anne@example.org"
#define PAUL "paul@example.org"
#define NOUR "nour@example.org"

static void assert_tells(struct answer answer, const char *text)
{
    if (!answer_says(answer, text))
        fail_msg("no \"%s\" in: %s", text, answer.body);
}

/* "ref=…", from the link that this person shares, and more fields. */
static const char *brought_by(struct story *story, const char *link, const char *fields)
{
    const char *url = answer_text(story_get_json(story, link), "share_url");
    return mem_printf(story->mem, "%s&%s", strstr(url, "ref="), fields);
}

static int64_t brought(struct story *story, const char *link)
{
    return answer_int(story_get_json(story, link), "brought");
}

static void the_link_to_share_leads_to_the_campaign_and_into_its_form(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *link = guest_comes(story, "haie", ANNE, "");
    const char *url = answer_text(story_get_json(story, link), "share_url");
    assert_non_null(strstr(story_mail(story, ANNE)->text, url));
    assert_tells(story_get(story, link), url);
    struct answer page = story_get(story, strstr(url, "/campaigns/"));
    assert_int_equal(page.status, 200);
    const char *ref = strstr(url, "ref=") + 4;
    assert_tells(page, mem_printf(story->mem, "name=\"ref\" value=\"%s\"", ref));
    assert_null(strstr(url, link + strlen("/sign-ups/"))); /* it opens nobody's page */
}

static void those_who_came_by_ones_link_are_counted_with_their_parties(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *anne = guest_comes(story, "haie", ANNE, "");
    guest_comes(story, "haie", PAUL, brought_by(story, anne, "party=3"));
    guest_comes(story, "haie", NOUR, brought_by(story, anne, ""));
    guest_comes(story, "haie", "ali@example.org", "");
    assert_int_equal(brought(story, anne), 4);
}

static void they_count_from_their_confirmation_until_they_leave(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *anne = guest_comes(story, "haie", ANNE, "");
    guest_asks(story, "haie", PAUL, brought_by(story, anne, "party=3"));
    assert_int_equal(brought(story, anne), 0);
    const char *paul = guest_link(story, PAUL);
    guest_sends(story, paul, "confirm", "");
    assert_int_equal(brought(story, anne), 3);
    guest_sends(story, paul, "change", "party=2");
    assert_int_equal(brought(story, anne), 2);
    guest_sends(story, paul, "cancel", "");
    assert_int_equal(brought(story, anne), 0);
}

static void only_those_who_agreed_are_named_to_who_brought_them(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *anne = guest_comes(story, "haie", ANNE, "");
    guest_comes(story, "haie", PAUL, brought_by(story, anne, "show_name=true"));
    guest_comes(story, "haie", NOUR, brought_by(story, anne, ""));
    struct answer page = story_get(story, anne);
    assert_tells(page, "<li>Paul</li>");
    assert_false(answer_says(page, "Nour"));
    assert_false(answer_says(page, PAUL));
}

static void nobody_brings_themselves(void **state)
{
    struct story *story = *state;
    make_dates(story);
    const char *morning = guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    const char *fields = brought_by(story, morning, on_date(story, AFTERNOON, ""));
    guest_comes(story, "dates", "ANNE@example.org", fields);
    assert_int_equal(brought(story, morning), 0);
}

static void a_link_of_nobody_or_of_another_campaign_is_ignored(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    struct campaign_draft draft = make_draft("autre", "Une autre");
    make_campaign(story, &draft);
    const char *anne = guest_comes(story, "haie", ANNE, "");
    guest_comes(story, "haie", PAUL, "ref=zzzzzzzz");
    guest_comes(story, "autre", NOUR, brought_by(story, anne, ""));
    assert_int_equal(brought(story, anne), 0);
    assert_int_equal(story_get(story, "/campaigns/haie?ref=%3Cscript%3E").status, 200);
    assert_false(answer_says(story_get(story, "/campaigns/haie?ref=%3Cscript%3E"), "<script>"));
}

static void who_brought_somebody_first_keeps_that(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *anne = guest_comes(story, "haie", ANNE, "");
    const char *nour = guest_comes(story, "haie", NOUR, "");
    guest_asks(story, "haie", PAUL, brought_by(story, anne, ""));
    guest_comes(story, "haie", PAUL, brought_by(story, nour, "party=2"));
    assert_int_equal(brought(story, anne), 2);
    assert_int_equal(brought(story, nour), 0);
}

static void names_are_shown_of_those_alone_who_agreed_and_are_in(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_comes(story, "haie", ANNE, "show_name=true");
    guest_comes(story, "haie", PAUL, "");
    guest_asks(story, "haie", NOUR, "show_name=true");
    struct answer page = story_get(story, "/campaigns/haie");
    assert_tells(page, "<li>Anne</li>");
    assert_false(answer_says(page, "Paul"));
    assert_false(answer_says(page, "Nour"));
    assert_false(answer_says(page, "example.org"));
    assert_false(answer_says(story_get_json(story, "/campaigns/haie"), "Anne"));
}

/* A first name that tries to be everything else. */
#define MARKUP "<b>&\"'{{x}}</b>"
#define MARKUP_TEXT "&lt;b&gt;&amp;&quot;&#39;{{x}}&lt;/b&gt;"

static void assert_is_text(struct answer page)
{
    assert_int_equal(page.status, 200);
    assert_tells(page, MARKUP_TEXT);
    assert_false(answer_says(page, "<b>&"));
}

static void a_name_with_markup_is_text_on_every_page(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *anne = guest_comes(story, "haie", ANNE, "");
    const char *name =
        mem_printf(story->mem, "first_name=%s&show_name=true", url_encode(story->mem, MARKUP));
    guest_asks(story, "haie", PAUL, brought_by(story, anne, name));
    const char *link = guest_link(story, PAUL);
    assert_is_text(story_get(story, link)); /* it waits */
    guest_sends(story, link, "confirm", "");
    assert_is_text(story_get(story, link));
    assert_is_text(story_get(story, anne));
    assert_is_text(story_get(story, "/campaigns/haie"));
    assert_string_equal(answer_text(story_get_json(story, link), "first_name"), MARKUP);
    assert_false(answer_says(story_get(story, "/campaigns/haie/screen"), "<b>&"));
    assert_false(answer_says(story_get(story, "/campaigns/haie/result"), "<b>&"));
}

static void a_refused_form_shows_such_a_name_as_text_too(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    const char *name = mem_printf(story->mem, "first_name=%s", url_encode(story->mem, MARKUP));
    struct answer page =
        guest_asks(story, "haie", ANNE, mem_printf(story->mem, "%s&party=99", name));
    assert_int_equal(page.status, 422);
    assert_tells(page, "value=\"" MARKUP_TEXT "\"");
}

static void mails_carry_such_a_name_as_text_and_in_no_header_of_its_own(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_comes(story, "haie", ANNE,
                mem_printf(story->mem, "first_name=%s", url_encode(story->mem, MARKUP)));
    const struct mail_read *mail = story_mail(story, ANNE);
    assert_non_null(strstr(mail->html, MARKUP_TEXT));
    assert_null(strstr(mail->html, "<b>&"));
    assert_non_null(strstr(mail->text, MARKUP));
    assert_non_null(strstr(mail->to, ANNE));
    assert_int_equal(story_mail_count_about(story, ANNE, "<b>"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(the_link_to_share_leads_to_the_campaign_and_into_its_form),
        story_test(those_who_came_by_ones_link_are_counted_with_their_parties),
        story_test(they_count_from_their_confirmation_until_they_leave),
        story_test(only_those_who_agreed_are_named_to_who_brought_them),
        story_test(nobody_brings_themselves),
        story_test(a_link_of_nobody_or_of_another_campaign_is_ignored),
        story_test(who_brought_somebody_first_keeps_that),
        story_test(names_are_shown_of_those_alone_who_agreed_and_are_in),
        story_test(a_name_with_markup_is_text_on_every_page),
        story_test(a_refused_form_shows_such_a_name_as_text_too),
        story_test(mails_carry_such_a_name_as_text_and_in_no_header_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
