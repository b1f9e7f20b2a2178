/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of the entry in people's calendars: each one that is mailed replaces the one before, and
 * who is not expected any more has it taken out. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/time.h"
#include "features/signups/signups_again.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "story/make_sign_ups.h"
#include "sys/mail.h"

#define ANNE "anne@example.org"
#define ORGANISE "/campaigns/haie/organise"

/* The entry that the latest mail brings. */
static const char *mailed(struct story *story)
{
    const struct mail_attachment *attachment = story_mail(story, ANNE)->attachments;
    assert_non_null(attachment);
    assert_null(attachment->next);
    return attachment->content;
}

static const char *fetched(struct story *story, const char *own)
{
    struct answer answer = story_get(story, mem_printf(story->mem, "%s/calendar.ics", own));
    assert_int_equal(answer.status, 200);
    assert_true(answer_says(answer, "\r\nMETHOD:PUBLISH\r\n"));
    return answer.body;
}

static long sequence_of(const char *calendar)
{
    const char *at = strstr(calendar, "\r\nSEQUENCE:");
    assert_non_null(at);
    return strtol(at + strlen("\r\nSEQUENCE:"), NULL, 10);
}

static void assert_line(const char *calendar, const char *line)
{
    if (!strstr(calendar, line))
        fail_msg("no %s in %s", line, calendar);
}

/* The latest mail takes the entry with that number out; so does the file, asked for again. */
static void assert_taken_out(struct story *story, const char *own, long sequence)
{
    const char *calendar = mailed(story);
    assert_line(calendar, "\r\nMETHOD:CANCEL\r\n");
    assert_line(calendar, "\r\nSTATUS:CANCELLED\r\n");
    assert_line(calendar, "\r\nORGANIZER;CN=\"");
    assert_true(sequence_of(calendar) > sequence);
    assert_non_null(strstr(story_mail(story, ANNE)->text, "retire la date de votre agenda"));
    assert_line(fetched(story, own), "\r\nSTATUS:CANCELLED\r\n");
    assert_true(answer_says(story_get(story, own), "calendar.ics"));
}

/* Anne is in, and Nadia leads it; Anne's own page. */
static const char *anne_is_in(struct story *story)
{
    nadia_leads(story, make_hedge(story, 20));
    return guest_comes(story, "haie", ANNE, "");
}

static void moved(struct story *story)
{
    const char *session = session_handle(story, "haie", 0);
    const char *path = mem_printf(story->mem, "/campaigns/haie/edit/sessions/%s", session);
    struct answer answer = story_post(story, path,
                                      "starts=2026-11-28T08:00&ends=2026-11-28T10:00"
                                      "&time_zone=Europe/Paris&capacity=20&sure=true");
    assert_int_equal(answer.status, 303);
    story_wait(story, CHANGES_GATHERED_SECONDS);
}

static void each_entry_replaces_the_one_before(void **state)
{
    struct story *story = *state;
    const char *own = anne_is_in(story);
    const char *first = mailed(story);
    assert_line(first, "\r\nSTATUS:CONFIRMED\r\n");
    long sequence = sequence_of(first);
    assert_int_equal(sequence_of(fetched(story, own)), sequence);
    guest_sends(story, own, "change", "party=2"); /* no mail, but another row */
    assert_true(sequence_of(fetched(story, own)) > sequence);
    moved(story);
    const char *next = mailed(story);
    assert_line(next, "\r\nDTSTART:20261128T070000Z\r\n");
    assert_true(sequence_of(next) > sequence + 1);
    assert_int_equal(sequence_of(fetched(story, own)), sequence_of(next));
    const char *uid = strstr(first, "UID:");
    assert_int_equal(strncmp(uid, strstr(next, "UID:"), strcspn(uid, "\r")), 0);
}

static void a_cancelled_campaign_is_taken_out(void **state)
{
    struct story *story = *state;
    const char *own = anne_is_in(story);
    long sequence = sequence_of(mailed(story));
    story_post(story, "/campaigns/haie/cancel", "reason=Vent");
    story_run_jobs(story);
    assert_taken_out(story, own, sequence);
}

static void so_is_a_missed_one(void **state)
{
    struct story *story = *state;
    const char *own = anne_is_in(story);
    long sequence = sequence_of(mailed(story));
    story_wait(story, 7 * DAY_SECONDS);
    assert_taken_out(story, own, sequence);
}

static void and_the_date_of_whom_the_organiser_takes_off_the_list(void **state)
{
    struct story *story = *state;
    const char *own = anne_is_in(story);
    long sequence = sequence_of(mailed(story));
    const char *handle =
        answer_text(story_get_json(story, ORGANISE "/people?q=anne"), "items.0.handle");
    const char *path = mem_printf(story->mem, ORGANISE "/people/%s/remove", handle);
    assert_int_equal(story_post(story, path, "reason=Double").status, 303);
    assert_taken_out(story, own, sequence);
}

static void and_of_who_did_not_say_whether_they_still_come(void **state)
{
    struct story *story = *state;
    story->sweeps = false;
    const char *own = anne_is_in(story);
    moved(story);
    long sequence = sequence_of(mailed(story));
    story_wait(story, ANSWER_SECONDS);
    assert_taken_out(story, own, sequence);
    guest_sends(story, own, "confirm", ""); /* after all: back it comes */
    assert_line(mailed(story), "\r\nSTATUS:CONFIRMED\r\n");
    assert_true(sequence_of(mailed(story)) > sequence + 1);
}

/* No mail goes to who leaves by themselves: the page has the entry for them. */
static void who_leaves_can_strike_it_out(void **state)
{
    struct story *story = *state;
    const char *own = anne_is_in(story);
    long sequence = sequence_of(mailed(story));
    guest_sends(story, own, "cancel", "");
    assert_true(answer_says(story_get(story, own), "Barrer la date dans mon agenda"));
    assert_line(fetched(story, own), "\r\nSTATUS:CANCELLED\r\n");
    assert_true(sequence_of(fetched(story, own)) > sequence);
}

static void who_never_was_in_has_no_entry(void **state)
{
    struct story *story = *state;
    make_hedge(story, 20);
    guest_asks_json(story, "haie", ANNE, "");
    const char *own = guest_link(story, ANNE);
    assert_int_equal(story_get(story, mem_printf(story->mem, "%s/calendar.ics", own)).status, 404);
    guest_sends(story, own, "cancel", "");
    assert_int_equal(story_get(story, mem_printf(story->mem, "%s/calendar.ics", own)).status, 404);
    assert_false(answer_says(story_get(story, own), "calendar.ics"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(each_entry_replaces_the_one_before),
        story_test(a_cancelled_campaign_is_taken_out),
        story_test(so_is_a_missed_one),
        story_test(and_the_date_of_whom_the_organiser_takes_off_the_list),
        story_test(and_of_who_did_not_say_whether_they_still_come),
        story_test(who_leaves_can_strike_it_out),
        story_test(who_never_was_in_has_no_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
