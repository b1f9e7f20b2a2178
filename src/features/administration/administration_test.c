/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Stories of what runs by itself and has stopped, and of the log of who did what. */
#include "story/story.h"

#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/time.h"
#include "core/audit/audit.h"
#include "core/jobs/jobs.h"
#include "features/messages/messages.h"
#include "main/features.h"
#include "main/program.h"
#include "story/make_campaigns.h"
#include "story/make_organisers.h"
#include "sys/db.h"
#include "web/app.h"
#include "web/feature.h"
#include "web/work.h"

#define JOBS "/administration/jobs"
#define LOG "/administration/audit"
#define ADA "ada@example.org"

/* A job of a kind that no program knows any more: it is parked when it is due. */
static void add_unknown(struct work *work, void *context)
{
    job_add(work, "signups.past", *(int64_t *)context, work->now);
}

/* What the log would have said of its last failure. */
static void set_fault(struct work *work, void *context)
{
    (void)context;
    tx_do(work->tx, "UPDATE job SET fault = 'disk I/O error' WHERE kind = 'signups.past'");
}

static void a_job_has_stopped(struct story *story)
{
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    int64_t id = make_campaign(story, &draft).n;
    story_write(story, add_unknown, &id);
    story_run_jobs(story);
    story_write(story, set_fault, NULL);
    story_sign_in_as(story, ADA, ROLE_ADMINISTRATOR);
}

static void forget_odile(struct work *work, void *context)
{
    (void)context;
    for (const struct feature *const *f = work->app->features; *f; f++)
        (*f)->forget_person(work, "odile@example.org");
}

static const char *job_path(struct story *story, const char *verb)
{
    const char *id = answer_text(story_get_json(story, JOBS), "items.0.id");
    return mem_printf(story->mem, JOBS "/%s/%s", id, verb);
}

static void what_has_stopped_is_told_with_why_and_what_it_is_about(void **state)
{
    struct story *story = *state;
    a_job_has_stopped(story);
    assert_true(answer_says(story_get(story, "/administration"), "1 tâche s’est arrêtée"));
    struct answer answer = story_get_json(story, JOBS);
    assert_string_equal(answer_text(answer, "items.0.kind"), "signups.past");
    assert_string_equal(answer_text(answer, "items.0.about"), "Une haie ensemble");
    assert_string_equal(answer_text(answer, "items.0.fault"), "disk I/O error");
    answer = story_get(story, JOBS);
    assert_true(answer_says(answer, "Une haie ensemble"));
    assert_true(answer_says(answer, "disk I/O error"));
}

static void it_is_run_again(void **state)
{
    struct story *story = *state;
    a_job_has_stopped(story);
    assert_int_equal(story_post(story, job_path(story, "again"), "").status, 303);
    assert_true(answer_says(story_get_json(story, JOBS), "\"items\":[]"));
    assert_int_equal(answer_int(story_get_json(story, JOBS), "due"), 1);
    story_run_jobs(story); /* nobody knows it still */
    assert_string_equal(answer_text(story_get_json(story, JOBS), "items.0.kind"), "signups.past");
    assert_true(answer_says(story_get(story, LOG), "Tâche relancée"));
}

static void it_is_given_up(void **state)
{
    struct story *story = *state;
    a_job_has_stopped(story);
    const char *path = job_path(story, "drop");
    assert_int_equal(story_post(story, path, "").status, 303);
    struct answer answer = story_get_json(story, JOBS);
    assert_true(answer_says(answer, "\"items\":[]"));
    assert_int_equal(answer_int(answer, "due"), 0);
    assert_int_equal(story_post(story, path, "").status, 404);
    assert_true(answer_says(story_get(story, LOG), "Tâche abandonnée"));
}

/* Lines. */

static void write_lines(struct work *work, void *context)
{
    for (int i = 0; i < *(int *)context; i++)
        audit_add(work, i % 2 ? AUDIT_CAMPAIGN_CANCEL : AUDIT_CAMPAIGN_EXTEND,
                  &(struct audit_object){.title = mem_printf(work->mem, "Campagne %d", i),
                                         .path = "/campaigns/x"},
                  "");
}

static void the_log_is_read_page_by_page_and_by_act(void **state)
{
    struct story *story = *state;
    int lines = 60;
    story->sweeps = false;
    story_sign_in_as(story, ADA, ROLE_ADMINISTRATOR);
    story_write(story, write_lines, &lines);
    struct answer first = story_get_json(story, LOG);
    assert_string_equal(answer_text(first, "items.0.title"), "Campagne 59");
    assert_string_equal(answer_text(first, "items.0.action"), "campaign.cancel");
    struct answer second =
        story_get_json(story, mem_printf(story->mem, LOG "?after=%s", answer_text(first, "next")));
    assert_string_equal(answer_text(second, "items.0.title"), "Campagne 9");
    assert_true(answer_is_null(second, "next"));
    struct answer some = story_get_json(story, LOG "?action=campaign.extend");
    assert_string_equal(answer_text(some, "items.0.title"), "Campagne 58");
    assert_true(answer_is_null(some, "next"));
    assert_int_equal(story_get(story, LOG "?action=campaign.sing").status, 404);
    assert_true(answer_says(story_get(story, LOG), "Campagne prolongée"));
}

static void a_test_mail_is_noted_with_who_sent_it(void **state)
{
    struct story *story = *state;
    story_sign_in_as(story, ADA, ROLE_ADMINISTRATOR);
    story_post(story, "/administration/mail", "email=ada%40example.org");
    struct answer answer = story_get_json(story, LOG);
    assert_string_equal(answer_text(answer, "items.0.action"), "mail.test");
    assert_string_equal(answer_text(answer, "items.0.who"), "ada");
}

static void what_is_changed_in_the_settings_is_told_by_its_labels(void **state)
{
    struct story *story = *state;
    story_sign_in_as(story, ADA, ROLE_ADMINISTRATOR);
    story_post(story, "/administration/settings",
               "name=Nous&description=Un+peu+de+temps+chacun.&language=fr&time_zone=Europe%2FParis&"
               "approval=first"
               "&contact=nous%40example.org");
    struct answer answer = story_get(story, LOG);
    assert_true(answer_says(answer, "Réglages de la communauté modifiés"));
    assert_true(answer_says(answer, "Nom de la communauté · Adresse e‑mail de contact"));
    assert_false(answer_says(answer, "Fuseau horaire"));
}

/* By what they are called now: a handle is nothing to read, and no name is kept in the log. */
static void people_and_things_are_called_by_name_until_they_are_forgotten(void **state)
{
    struct story *story = *state;
    if (!features_have(&messages_feature))
        return;
    struct campaign_draft draft = make_draft("haie", "Une haie ensemble");
    draft.campaign.quantity_unit = "plants";
    nadia_leads(story, make_campaign(story, &draft));
    story_post(story, "/campaigns/haie/organise/people",
               "first_name=Odile&email=odile%40example.org&party=1");
    story_post(story, "/campaigns/haie/organise/message", "subject=Des+gants&body=Merci.");
    const char *id =
        answer_text(story_get_json(story, "/campaigns/haie/organise/message/preview"), "id");
    story_post(story, "/campaigns/haie/organise/message/send",
               mem_printf(story->mem, "message=%s", id));
    story_sign_in_as(story, ADA, ROLE_ADMINISTRATOR);
    struct answer log = story_get(story, LOG);
    assert_true(answer_says(log, "Participant ajouté à la main</strong> · Odile"));
    assert_true(answer_says(log, "Des gants"));
    assert_false(answer_says(log, id));
    story_write(story, forget_odile, NULL);
    log = story_get(story, LOG);
    assert_false(answer_says(log, "Odile"));
    assert_true(answer_says(log, "Personne oubliée"));
}

static void a_task_is_called_by_what_it_does(void **state)
{
    struct story *story = *state;
    a_job_has_stopped(story);
    story_post(story, job_path(story, "drop"), "");
    struct answer log = story_get(story, LOG);
    assert_true(answer_says(log, "S’occupe des inscriptions"));
    assert_false(answer_says(log, "signups.past"));
}

static void to_others_there_is_nothing_here(void **state)
{
    struct story *story = *state;
    a_job_has_stopped(story);
    const char *path = job_path(story, "drop");
    story_sign_in_as(story, "farid@example.org", ROLE_FACILITATOR);
    assert_int_equal(story_get(story, JOBS).status, 404);
    assert_int_equal(story_get(story, LOG).status, 404);
    assert_int_equal(story_post(story, path, "").status, 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        story_test(what_has_stopped_is_told_with_why_and_what_it_is_about),
        story_test(it_is_run_again),
        story_test(it_is_given_up),
        story_test(the_log_is_read_page_by_page_and_by_act),
        story_test(a_test_mail_is_noted_with_who_sent_it),
        story_test(what_is_changed_in_the_settings_is_told_by_its_labels),
        story_test(people_and_things_are_called_by_name_until_they_are_forgotten),
        story_test(a_task_is_called_by_what_it_does),
        story_test(to_others_there_is_nothing_here),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
