/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of what comes with the mails of sign-ups: the entry for the calendar, at the right hour
 * wherever it is read, and to whom an answer goes. */
#include "story/make_sign_ups.h"

#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "sys/db.h"
#include "sys/mail.h"
#include "web/work.h"

#define ANNE "anne@example.org"

static const char *calendar_of(const struct mail_read *mail)
{
    assert_non_null(mail->attachments);
    assert_null(mail->attachments->next);
    assert_non_null(strstr(mail->attachments->type, "text/calendar"));
    return mail->attachments->content;
}

static void assert_has_line(const char *calendar, const char *line)
{
    if (!strstr(calendar, line))
        fail_msg("no %s in: %s", line, calendar);
}

static void the_confirmation_brings_the_calendar_entry_with_its_hours_in_utc(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_comes(story, "haie", ANNE, "");
    const char *calendar = calendar_of(story_mail(story, ANNE));
    assert_has_line(calendar, "DTSTART:20261128T130000Z\r\n"); /* 14:00 in Paris, in winter */
    assert_has_line(calendar, "DTEND:20261128T150000Z\r\n");
    assert_has_line(calendar, "DTSTAMP:20261121T080000Z\r\n");
    assert_has_line(calendar, "SUMMARY:Une haie ensemble\r\n");
    assert_has_line(calendar, "LOCATION:Crest\r\n");
    assert_has_line(calendar, "URL:http://127.0.0.1:8080/campaigns/haie\r\n");
}

static void the_entry_keeps_the_wall_clock_of_summer(void **state)
{
    struct story *story = *state;
    struct session session = make_session("2027-04-03T14:00:00", "2027-04-03T16:00:00", 20);
    session.place = "Au lavoir";
    struct campaign_draft draft = make_draft("haie", "Une haie");
    draft.sessions = &session;
    make_campaign(story, &draft);
    guest_comes(story, "haie", ANNE, "");
    const char *calendar = calendar_of(story_mail(story, ANNE));
    assert_has_line(calendar, "DTSTART:20270403T120000Z\r\n");
    assert_has_line(calendar, "LOCATION:Au lavoir\r\n");
}

static void the_page_gives_the_same_entry_after_another_date_was_chosen(void **state)
{
    struct story *story = *state;
    make_dates(story);
    const char *link = guest_comes(story, "dates", ANNE, on_date(story, MORNING, ""));
    const char *first = strstr(calendar_of(story_mail(story, ANNE)), "UID:");
    guest_sends(story, link, "change", on_date(story, AFTERNOON, "party=1"));
    struct answer answer = story_get(story, mem_printf(story->mem, "%s/calendar.ics", link));
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.type, "text/calendar; charset=utf-8");
    assert_has_line(answer.body, "DTSTART:20261128T130000Z\r\n");
    assert_has_line(answer.body, mem_strndup(story->mem, first, strcspn(first, "\r")));
}

static void what_has_no_hour_has_no_calendar_entry(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("balai", "Du balai");
    make_campaign(story, &draft);
    const char *link = guest_comes(story, "balai", ANNE, "");
    assert_null(story_mail(story, ANNE)->attachments);
    assert_false(answer_says(story_get(story, link), "calendar.ics"));
    assert_int_equal(story_get(story, mem_printf(story->mem, "%s/calendar.ics", link)).status, 404);
}

struct finding {
    struct story *story;
    const char *message;
};

static void find_message(struct work *work, void *context)
{
    struct finding *finding = context;
    const struct db_row *row =
        tx_one(work->tx, "SELECT message FROM mail WHERE to_address = ?1", ANNE);
    finding->message = mem_strdup(finding->story->mem, row_text(row, 0));
}

static void an_answer_to_a_mail_reaches_the_organiser(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_asks(story, "haie", ANNE, "");
    struct finding finding = {.story = story};
    story_write(story, find_message, &finding);
    assert_non_null(strstr(finding.message, "\r\nReply-To: Nadia <nadia@example.org>\r\n"));
    assert_non_null(strstr(finding.message, "\r\nAuto-Submitted: auto-generated\r\n"));
}

static void every_mail_leads_to_ones_own_page(void **state)
{
    struct story *story = *state;
    struct campaign_draft draft = make_draft("balai", "Du balai");
    draft.campaign.minimum = 1;
    make_campaign(story, &draft);
    guest_asks(story, "balai", ANNE, "");
    const char *link = guest_link(story, ANNE);
    guest_sends(story, link, "confirm", "");
    assert_string_equal(guest_link(story, ANNE), link);
    story_run_jobs(story); /* it is on */
    assert_string_equal(guest_link(story, ANNE), link);
    guest_asks(story, "balai", ANNE, ""); /* you are already in */
    assert_string_equal(guest_link(story, ANNE), link);
    assert_int_equal(story_mail_count(story, ANNE), 4);
}

/* The foot of the latest mail, in English. */
static bool foot_says(struct story *story, const char *why)
{
    const struct mail_read *mail = story_mail(story, ANNE);
    const char *foot = strstr(mail->text, "\n-- \n");
    return strstr(foot, why) && strstr(mail->html, why);
}

static void writes_to_all(struct story *story)
{
    story_post(story, "/campaigns/haie/organise/message", "subject=Gants&body=Merci.");
    struct answer preview = story_get_json(story, "/campaigns/haie/organise/message/preview");
    assert_true(answer_says(story_get(story, "/campaigns/haie/organise/message/preview"),
                            "vous participez à «\u00a0Une haie ensemble\u00a0»"));
    story_post_json(story, "/campaigns/haie/organise/message/send",
                    mem_printf(story->mem, "{\"message\":\"%s\"}", answer_text(preview, "id")));
    story_run_jobs(story);
}

static void each_mail_says_why_one_gets_it(void **state)
{
    static const char given[] = "because your address was given on 127.0.0.1";
    static const char takes_part[] = "because you take part in “Une haie ensemble”.";
    static const char had_signed_up[] = "because you had signed up for “Une haie ensemble”.";
    struct story *story = *state;
    story->accept_language = "en";
    nadia_leads(story, make_hedge(story, 20));
    guest_asks_json(story, "haie", ANNE, "");
    assert_true(foot_says(story, given));
    guest_sends(story, guest_link(story, ANNE), "confirm", "");
    assert_true(foot_says(story, takes_part));
    guest_asks_json(story, "haie", ANNE, ""); /* whoever that was */
    assert_true(foot_says(story, given));
    if (story_get(story, "/campaigns/haie/organise/message").status == 200) {
        writes_to_all(story);
        assert_true(foot_says(story, takes_part));
    }
    story_post(story, "/campaigns/haie/cancel", "reason=Vent");
    story_run_jobs(story);
    assert_true(foot_says(story, had_signed_up));
}

/* On the organiser's list, on one's account: who said yes once and was not asked to confirm, but to
 * say so again, is not told to have been late in confirming. */
static void what_is_said_of_who_did_not_answer_is_true_for_each(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    story->accept_language = "en";
    nadia_leads(story, make_hedge(story, 20));
    guest_comes(story, "haie", ANNE, "");
    guest_asks_json(story, "haie", "paul@example.org", "");
    const char *session = session_handle(story, "haie", 0);
    story_post(story, mem_printf(story->mem, "/campaigns/haie/edit/sessions/%s", session),
               "starts=2026-11-28T08:00&ends=2026-11-28T10:00&time_zone=Europe/Paris&capacity=20"
               "&sure=true");
    story_wait(story, 30 * MINUTE_SECONDS);
    story_wait(story, 2 * DAY_SECONDS);
    struct answer list = story_get(story, "/campaigns/haie/organise/people?state=expired");
    assert_true(answer_says(list, "Anne") && answer_says(list, "Paul"));
    assert_true(answer_says(list, "Place given back"));
    assert_false(answer_says(list, "confirmed in time"));
    story_sign_in(story, ANNE);
    assert_true(answer_says(story_get(story, "/account"), "Place given back"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(the_confirmation_brings_the_calendar_entry_with_its_hours_in_utc),
        story_test(the_entry_keeps_the_wall_clock_of_summer),
        story_test(the_page_gives_the_same_entry_after_another_date_was_chosen),
        story_test(what_has_no_hour_has_no_calendar_entry),
        story_test(an_answer_to_a_mail_reaches_the_organiser),
        story_test(every_mail_leads_to_ones_own_page),
        story_test(each_mail_says_why_one_gets_it),
        story_test(what_is_said_of_who_did_not_answer_is_true_for_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
