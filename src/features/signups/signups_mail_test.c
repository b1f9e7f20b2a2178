/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of what comes with the mails of sign-ups: the entry for the calendar, at the right hour
 * wherever it is read, and to whom an answer goes. */
#include "story/make_sign_ups.h"

#include <string.h>

#include "base/mem.h"
#include "story/make_campaigns.h"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(the_confirmation_brings_the_calendar_entry_with_its_hours_in_utc),
        story_test(the_entry_keeps_the_wall_clock_of_summer),
        story_test(the_page_gives_the_same_entry_after_another_date_was_chosen),
        story_test(what_has_no_hour_has_no_calendar_entry),
        story_test(an_answer_to_a_mail_reaches_the_organiser),
        story_test(every_mail_leads_to_ones_own_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
