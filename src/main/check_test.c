/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What `essaim check` finds: each kind of finding is planted in a world where all is well, is
 * found, and is gone once it is mended. */
#include "story/make_sign_ups.h"

#include <string.h>

#include "base/mem.h"
#include "main/program.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "sys/db.h"
#include "web/work.h"

#define ANNE "anne@example.org"
#define PAUL "paul@example.org"

/* Of the campaigns "haie", which is open, and "off", which is cancelled. */
#define HAIE "(SELECT id FROM campaign WHERE slug = 'haie')"
#define OFF "(SELECT id FROM campaign WHERE slug = 'off')"
#define ANNES "email = '" ANNE "' AND campaign_id = " HAIE
#define JOB_GONE(kind) "UPDATE job SET kind = 'gone' WHERE kind = '" kind "'"
#define JOB_BACK(kind) "UPDATE job SET kind = '" kind "' WHERE kind = 'gone'"

static const struct planted {
    const char *found; /* a part of the sentence */
    const char *plant;
    const char *mend;
} planted[] = {
    {"counters, dates or address", "UPDATE campaign SET waiting = -1 WHERE id = " HAIE,
     "UPDATE campaign SET waiting = 0 WHERE id = " HAIE},
    {"The places of session", "UPDATE session SET taken = taken + 1 WHERE campaign_id = " HAIE,
     "UPDATE session SET taken = taken - 1 WHERE campaign_id = " HAIE},
    {"The places of session", "UPDATE session SET capacity = 1 WHERE campaign_id = " HAIE,
     "UPDATE session SET capacity = 20 WHERE campaign_id = " HAIE},
    {"The people of campaign", "UPDATE campaign SET people = people + 1 WHERE id = " HAIE,
     "UPDATE campaign SET people = people - 1 WHERE id = " HAIE},
    {"The days of campaign", "UPDATE campaign_day SET people = people + 1",
     "UPDATE campaign_day SET people = people - 1"},
    {"is open before its date",
     "UPDATE campaign SET opens_at = opens_at + 999999999 WHERE id = " HAIE,
     "UPDATE campaign SET opens_at = opens_at - 999999999 WHERE id = " HAIE},
    {"is under_way before its date",
     "UPDATE campaign SET state = 'under_way', reached_at = 1 WHERE id = " HAIE,
     "UPDATE campaign SET state = 'open', reached_at = 0 WHERE id = " HAIE},
    {"has its minimum, and is not reached", "UPDATE campaign SET minimum = 2 WHERE id = " HAIE,
     "UPDATE campaign SET minimum = 60 WHERE id = " HAIE},
    {"Nothing waits for the next date of campaign haie", JOB_GONE("campaigns.settle"),
     JOB_BACK("campaigns.settle")},
    {"Nothing waits for the next date of campaign haie",
     "UPDATE job SET due_at = due_at + 999999 WHERE kind = 'campaigns.settle'",
     "UPDATE job SET due_at = due_at - 999999 WHERE kind = 'campaigns.settle'"},
    {"is pending, and nothing waits to end it", JOB_GONE("signups.lapse"),
     "DELETE FROM job WHERE kind = 'signups.lapse';" JOB_BACK("signups.lapse")},
    {"is pending, and nothing waits to end it",
     "UPDATE job SET due_at = due_at + 9999 WHERE kind = 'signups.lapse'",
     "UPDATE job SET due_at = due_at - 9999 WHERE kind = 'signups.lapse'"},
    {"cannot be confirmed as it stands", "UPDATE sign_up SET confirmed_at = 0 WHERE " ANNES,
     "UPDATE sign_up SET confirmed_at = created_at WHERE " ANNES},
    {"is asked again, and nothing waits for its answer",
     "UPDATE sign_up SET again_by = 1 WHERE " ANNES,
     "UPDATE sign_up SET again_by = 0 WHERE " ANNES},
    {"is off, and nothing releases who is in",
     "UPDATE sign_up SET state = 'confirmed' WHERE campaign_id = " OFF
     "; UPDATE session SET taken = 1 WHERE campaign_id = " OFF,
     "UPDATE sign_up SET state = 'released' WHERE campaign_id = " OFF
     "; UPDATE session SET taken = 0 WHERE campaign_id = " OFF},
    {"is extended, and nothing opens it again",
     "UPDATE campaign_leading SET extended_at = 1 WHERE campaign_id = " OFF
     "; UPDATE campaign SET state = 'missed' WHERE id = " OFF,
     "UPDATE campaign_leading SET extended_at = 0 WHERE campaign_id = " OFF
     "; UPDATE campaign SET state = 'cancelled' WHERE id = " OFF},
    {"has changed, and nothing tells of it",
     "INSERT INTO campaign_changed (campaign_id, session_id, what, told, before_text,"
     " before_online, before_from, before_until, at)"
     " VALUES (" HAIE ", 0, 'title', 0, 'La haie', 0, 0, 0, 1)",
     "DELETE FROM campaign_changed"},
    {"has told people that it is campaign_reached",
     "UPDATE mail SET unique_key = 'campaign_reached:' || " HAIE " || ':x', reason ="
     " 'campaign_reached' WHERE id = (SELECT MIN(id) FROM mail)",
     "UPDATE mail SET unique_key = NULL WHERE id = (SELECT MIN(id) FROM mail)"},
    {"has told people that it is campaign_cancelled",
     "UPDATE campaign SET state = 'draft' WHERE id = " OFF,
     "UPDATE campaign SET state = 'cancelled' WHERE id = " OFF},
    {"goes out, and nothing sends it", "UPDATE campaign_message SET state = 'sending'",
     "UPDATE campaign_message SET state = 'draft'"},
    {"has a text beyond its end", "UPDATE mail SET state = 'sent'",
     "UPDATE mail SET state = 'kept'"},
    {"an address that is not known",
     "UPDATE mail SET to_address = 'who@example.org' WHERE id ="
     " (SELECT MIN(id) FROM mail)",
     "UPDATE mail SET to_address = '" ANNE "' WHERE id = (SELECT MIN(id) FROM mail)"},
    {"Somebody is being erased",
     "INSERT INTO erasing (id, email, language) VALUES (1, 'who@example.org', 'fr')",
     "DELETE FROM erasing"},
    {"since when campaign off is over", "UPDATE campaign_end SET campaign_id = " HAIE,
     "UPDATE campaign_end SET campaign_id = " OFF},
};
enum { PLANTED = sizeof planted / sizeof *planted };

/* Up to two statements. */
static void change(struct work *work, void *context)
{
    const char *sql = context;
    const char *second = strchr(sql, ';');
    tx_do(work->tx, second ? mem_strndup(work->mem, sql, (size_t)(second - sql)) : sql);
    if (second)
        tx_do(work->tx, second + 1);
}

static void make(struct story *story)
{
    story->sweeps = false;
    nadia_leads(story, make_hedge(story, 20));
    struct campaign_draft draft = make_draft("off", "Une autre");
    nadia_leads(story, make_campaign(story, &draft));
    story_post(story, "/campaigns/haie/organise/message", "subject=Salut&body=A+tous");
    guest_comes(story, "haie", ANNE, "party=2");
    guest_comes(story, "off", ANNE, "");
    assert_int_equal(story_post(story, "/campaigns/off/cancel", "reason=Pluie").status, 303);
    story_run_jobs(story);
    guest_asks(story, "haie", PAUL, "");
}

static void each_finding_is_found_and_gone_once_it_is_mended(void **state)
{
    struct story *story = *state;
    make(story);
    for (int i = 0; i < PLANTED; i++) {
        assert_null(program_check(story->program, story->mem));
        story_write(story, change, (void *)(uintptr_t)planted[i].plant);
        const char *found = program_check(story->program, story->mem);
        if (!found || !strstr(found, planted[i].found))
            fail_msg("%s: %s", planted[i].found, found ? found : "all is well");
        story_write(story, change, (void *)(uintptr_t)planted[i].mend);
        found = program_check(story->program, story->mem);
        if (found)
            fail_msg("after %s: %s", planted[i].found, found);
    }
}

static void all_of_them_are_told_at_once(void **state)
{
    struct story *story = *state;
    make(story);
    story_write(story, change,
                (void *)(uintptr_t) "UPDATE session SET taken = taken + 1;"
                                    "UPDATE mail SET state = 'sent'");
    const char *found = program_check(story->program, story->mem);
    assert_non_null(strstr(found, "The places of session"));
    assert_non_null(strstr(found, "Mail "));
    assert_non_null(strchr(found, '\n'));
    story_write(story, change,
                (void *)(uintptr_t) "UPDATE session SET taken = taken - 1;"
                                    "UPDATE mail SET state = 'kept'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(each_finding_is_found_and_gone_once_it_is_mended),
        story_test(all_of_them_are_told_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
