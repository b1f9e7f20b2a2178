/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of the mailbox: what was mailed is seen there, by this machine alone. */
#include "story/story.h"

#include "base/limits.h"
#include "base/mem.h"
#include "base/time.h"
#include "core/outbox/outbox.h"
#include "main/program.h"
#include "sys/lang.h"
#include "web/app.h"
#include "web/work.h"

struct to_mail {
    const char *to;
    const char *subject;
    const char *calendar;
    int count;
};

static void write_mails(struct work *work, void *context)
{
    const struct to_mail *mail = context;
    for (int i = 0; i < mail->count; i++)
        outbox_add(work,
                   &(struct outbox_mail){
                       .reason = "test",
                       .to_name = "Zoé",
                       .to_address = mail->to,
                       .subject = mem_printf(work->mem, "%s %d", mail->subject, i + 1),
                       .text = "Bonjour : https://essaim.example/sign-ups/abc.",
                       .html = "<p><a href=\"https://essaim.example/?a=1&amp;b=2\">Ici</a></p>",
                       .calendar = mail->calendar,
                       .lang = lang_get(work->app->langs, "fr"),
                   });
}

static void make_mails(struct story *story, const char *to, const char *subject, int count)
{
    story_write(story, write_mails, &(struct to_mail){to, subject, NULL, count});
}

/* The address of the newest mail, with that ending. */
static const char *newest_path(struct story *story, const char *ending)
{
    struct answer list = story_get_json(story, "/mailbox");
    return mem_printf(story->mem, "/mailbox/%s%s", answer_text(list, "items.0.id"), ending);
}

static void the_list_shows_the_newest_mail_first(void **state)
{
    struct story *story = *state;
    make_mails(story, "zoe@example.org", "Place", 2);
    struct answer page = story_get(story, "/mailbox");
    assert_int_equal(page.status, 200);
    const char *second = strstr(page.body, "Place 2");
    assert_non_null(second);
    assert_non_null(strstr(second, "Place 1"));
    assert_true(answer_says(page, "zoe@example.org"));
    assert_true(answer_says(page, "noindex"));
}

static void one_whose_text_is_not_kept_any_more_is_shown_without_it(void **state)
{
    struct story *story = *state;
    make_mails(story, "zoe@example.org", "Place", 1);
    story_wait(story, (int64_t)(MAIL_TEXT_KEPT_DAYS + 1) * DAY_SECONDS);
    struct answer page = story_get(story, newest_path(story, ""));
    assert_int_equal(page.status, 200);
    assert_true(answer_says(page, "Son texte n’est plus conservé"));
    assert_false(answer_says(page, "Place 1"));
    assert_true(answer_says(story_get(story, "/mailbox"), "Son texte n’est plus conservé"));
    assert_int_equal(story_get(story, newest_path(story, "/html")).status, 404);
}

static void a_list_without_mails_says_so(void **state)
{
    struct story *story = *state;
    story->accept_language = "en";
    assert_true(answer_says(story_get(story, "/mailbox"), "There is no e\u2011mail."));
}

static void the_list_in_json_has_all_of_a_mail(void **state)
{
    struct story *story = *state;
    make_mails(story, "Zoe@Example.org", "Place", 1);
    struct answer list = story_get_json(story, "/mailbox");
    assert_int_equal(list.status, 200);
    assert_string_equal(answer_text(list, "items.0.to"), "zoe@example.org");
    assert_string_equal(answer_text(list, "items.0.subject"), "Place 1");
    assert_non_null(strstr(answer_text(list, "items.0.text"), "Bonjour"));
    assert_non_null(strstr(answer_text(list, "items.0.html"), "<!doctype html>"));
    assert_string_equal(answer_text(list, "items.0.links.0"),
                        "https://essaim.example/sign-ups/abc");
    assert_string_equal(answer_text(list, "items.0.created_at"), "2026-11-21T08:00:00Z");
    assert_true(answer_is_null(list, "next"));
}

static void a_list_can_be_of_one_address(void **state)
{
    struct story *story = *state;
    make_mails(story, "zoe@example.org", "Zoé", 1);
    make_mails(story, "max@example.org", "Max", 1);
    struct answer list = story_get_json(story, "/mailbox?to=ZOE%40example.org");
    assert_string_equal(answer_text(list, "items.0.subject"), "Zoé 1");
    assert_true(answer_is_null(list, "next"));
    assert_false(answer_says(list, "Max"));
    assert_false(answer_says(story_get_json(story, "/mailbox?to=zoe"), "subject"));
}

static void a_long_list_goes_on_with_its_key(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    make_mails(story, "zoe@example.org", "Place", PAGE_ITEMS + 1);
    struct answer list = story_get_json(story, "/mailbox?to=zoe%40example.org");
    const char *next = answer_text(list, "next");
    const char *path = mem_printf(story->mem, "/mailbox?to=zoe%%40example.org&amp;after=%s", next);
    assert_true(answer_says(story_get(story, "/mailbox?to=zoe%40example.org"), path));
    struct answer rest = story_get_json(
        story, mem_printf(story->mem, "/mailbox?to=zoe%%40example.org&after=%s", next));
    assert_string_equal(answer_text(rest, "items.0.subject"), "Place 1");
    assert_true(answer_is_null(rest, "next"));
}

static void a_mail_has_a_page_with_its_frame_and_its_links(void **state)
{
    struct story *story = *state;
    make_mails(story, "zoe@example.org", "Place <1>", 1);
    struct answer page = story_get(story, newest_path(story, ""));
    assert_int_equal(page.status, 200);
    assert_true(answer_says(page, "<h1>Place &lt;1&gt; 1</h1>"));
    assert_true(answer_says(page, newest_path(story, "/html")));
    assert_true(answer_says(page, "<a href=\"https://essaim.example/sign-ups/abc\">"));
    assert_true(answer_says(page, "Zoé &lt;zoe@example.org&gt;"));
    assert_string_equal(answer_text(story_get_json(story, newest_path(story, "")), "subject"),
                        "Place <1> 1");
}

static void the_html_of_a_mail_is_a_document_of_its_own(void **state)
{
    struct story *story = *state;
    make_mails(story, "zoe@example.org", "Place", 1);
    struct answer html = story_get(story, newest_path(story, "/html"));
    assert_int_equal(html.status, 200);
    assert_string_equal(html.type, "text/html; charset=utf-8");
    assert_true(answer_says(html, "<base target=\"_blank\">"));
    assert_true(answer_says(html, "<a href=\"https://essaim.example/?a=1&amp;b=2\">Ici</a>"));
    assert_false(answer_says(html, "<iframe"));
}

static void a_calendar_can_be_fetched(void **state)
{
    struct story *story = *state;
    make_mails(story, "zoe@example.org", "Place", 1);
    assert_int_equal(story_get(story, newest_path(story, "/invite.ics")).status, 404);
    static const char calendar[] = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n";
    story_write(story, write_mails, &(struct to_mail){"zoe@example.org", "Place", calendar, 1});
    struct answer invite = story_get(story, newest_path(story, "/invite.ics"));
    assert_int_equal(invite.status, 200);
    assert_string_equal(invite.type, "text/calendar; charset=utf-8");
    assert_true(answer_says(invite, "BEGIN:VCALENDAR"));
    assert_true(answer_says(story_get(story, newest_path(story, "")), "invite.ics"));
}

static void a_mail_that_is_not_there_is_not_found(void **state)
{
    assert_int_equal(story_get(*state, "/mailbox/nothing").status, 404);
    assert_int_equal(story_get(*state, "/mailbox/nothing/html").status, 404);
    assert_int_equal(story_get(*state, "/mailbox/nothing/invite.ics").status, 404);
}

static void without_the_option_there_is_no_mailbox(void **state)
{
    struct story *story = *state;
    make_mails(story, "zoe@example.org", "Place", 1);
    const char *mail = newest_path(story, "");
    const char *html = newest_path(story, "/html");
    struct config config = *story->program->app.config;
    const struct config *with = story->program->app.config;
    config.mailbox = false;
    story->program->app.config = &config;
    assert_int_equal(story_get(story, "/mailbox").status, 404);
    assert_int_equal(story_get(story, mail).status, 404);
    assert_int_equal(story_get(story, html).status, 404);
    story->program->app.config = with;
}

static void nobody_sees_it_through_a_proxy(void **state)
{
    static const char *const proxied[] = {"X-Forwarded-For: 192.0.2.1", NULL};
    assert_int_equal(story_send(*state, "GET", "/mailbox", proxied, NULL).status, 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(the_list_shows_the_newest_mail_first),
        story_test(one_whose_text_is_not_kept_any_more_is_shown_without_it),
        story_test(a_list_without_mails_says_so),
        story_test(the_list_in_json_has_all_of_a_mail),
        story_test(a_list_can_be_of_one_address),
        story_test(a_long_list_goes_on_with_its_key),
        story_test(a_mail_has_a_page_with_its_frame_and_its_links),
        story_test(the_html_of_a_mail_is_a_document_of_its_own),
        story_test(a_calendar_can_be_fetched),
        story_test(a_mail_that_is_not_there_is_not_found),
        story_test(without_the_option_there_is_no_mailbox),
        story_test(nobody_sees_it_through_a_proxy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
