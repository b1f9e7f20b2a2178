/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The words of the audit log, and how long it is kept. Each act is told as what became of its
 * object, so that a line reads the same whoever did it: when, who, what, to what. */
#include "core/audit/audit.h"

#include <assert.h>
#include <jansson.h>

#include "base/limits.h"
#include "base/refusal.h"
#include "base/str.h"
#include "base/time.h"
#include "core/audit/audit_local.h"
#include "core/people/people.h"
#include "migrations.h"
#include "web/feature.h"
#include "web/work.h"

enum { EXPORT_LINES_MAX = 1000 };

static const struct {
    const char *name;
    const char *words;
} actions[AUDIT_ACTIONS] = {
    [AUDIT_CAMPAIGN_PUBLISH] = {"campaign.publish", N_("Campaign published")},
    [AUDIT_CAMPAIGN_SUBMIT] = {"campaign.submit", N_("Campaign sent in for approval")},
    [AUDIT_CAMPAIGN_APPROVE] = {"campaign.approve", N_("Campaign approved")},
    [AUDIT_CAMPAIGN_SEND_BACK] = {"campaign.send_back", N_("Campaign sent back to its author")},
    [AUDIT_CAMPAIGN_TAKE_BACK] = {"campaign.take_back", N_("Campaign changed while it waited")},
    [AUDIT_CAMPAIGN_CANCEL] = {"campaign.cancel", N_("Campaign cancelled")},
    [AUDIT_CAMPAIGN_EXTEND] = {"campaign.extend", N_("Campaign extended")},
    [AUDIT_CAMPAIGN_EDIT] = {"campaign.edit", N_("Campaign changed after it was published")},
    [AUDIT_CAMPAIGN_HIDE] = {"campaign.hide", N_("Campaign’s page taken away")},
    [AUDIT_CAMPAIGN_SHOW] = {"campaign.show", N_("Campaign’s page put back")},
    [AUDIT_CAMPAIGN_UNFLAG] = {"campaign.unflag", N_("Campaign’s page looked at, and left")},
    [AUDIT_CAMPAIGN_CLOSE] = {"campaign.close", N_("Campaign closed: it is done")},
    [AUDIT_ORGANISER_INVITE] = {"organiser.invite", N_("Co-organiser invited")},
    [AUDIT_ORGANISER_JOIN] = {"organiser.join", N_("Co-organiser joined")},
    [AUDIT_ORGANISER_REMOVE] = {"organiser.remove", N_("Co-organiser removed")},
    [AUDIT_SIGN_UP_ADD] = {"sign_up.add", N_("Participant added by hand")},
    [AUDIT_SIGN_UP_REMOVE] = {"sign_up.remove", N_("Participant removed")},
    [AUDIT_SIGN_UP_CHANGE] = {"sign_up.change", N_("Participant’s sign-up changed")},
    [AUDIT_PEOPLE_EXPORT] = {"people.export", N_("Table of participants taken along")},
    [AUDIT_MESSAGE_TO_ALL] = {"message.send", N_("Message written to participants")},
    [AUDIT_SIGN_UP_TOLD] = {"sign_up.told", N_("Participant told by hand")},
    [AUDIT_SIGN_UP_CONFIRM] = {"sign_up.confirm", N_("Participant confirmed by hand")},
    [AUDIT_REPORT_CORRECT] = {"report.correct", N_("Report corrected")},
    [AUDIT_FACTOR_ADD] = {"factor.add", N_("Conversion factor added")},
    [AUDIT_FACTOR_CHANGE] = {"factor.change", N_("Conversion factor retired or replaced")},
    [AUDIT_MAIL_TEST] = {"mail.test", N_("Test e-mail sent")},
    [AUDIT_SETTINGS] = {"community.settings", N_("Community’s settings changed")},
    [AUDIT_PERSON_INVITE] = {"person.invite", N_("Person invited")},
    [AUDIT_PERSON_UNINVITE] = {"person.uninvite", N_("Invitation withdrawn")},
    [AUDIT_PERSON_ROLE] = {"person.role", N_("Role changed")},
    [AUDIT_PERSON_FIRST] = {"person.first", N_("First administrator, by the first link")},
    [AUDIT_PERSON_SUSPEND] = {"person.suspend", N_("Account suspended")},
    [AUDIT_PERSON_LIFT] = {"person.lift", N_("Suspension lifted")},
    [AUDIT_PERSON_SIGN_OUT] = {"person.sign_out", N_("Person signed out everywhere")},
    [AUDIT_PERSON_LINK] = {"person.link", N_("Sign-in link made")},
    [AUDIT_JOB_AGAIN] = {"job.again", N_("Task run again")},
    [AUDIT_JOB_DROP] = {"job.drop", N_("Task given up")},
};

const char *audit_action_name(enum audit_action action)
{
    assert(actions[action].name);
    return actions[action].name;
}

const char *audit_action_words(enum audit_action action)
{
    return actions[action].words;
}

bool audit_action_read(const char *name, enum audit_action *ret_action)
{
    for (int i = 0; i < AUDIT_ACTIONS; i++)
        if (str_equal(actions[i].name, name)) {
            *ret_action = (enum audit_action)i;
            return true;
        }
    return false;
}

void audit_add(struct work *work, enum audit_action action, const struct audit_object *object,
               const char *detail)
{
    assert(work->community);
    audit_insert(work, audit_action_name(action), object, detail);
}

static void forget_run(struct work *work, struct job *job)
{
    int count = audit_forget(work, work->now - (int64_t)AUDIT_KEPT_DAYS * DAY_SECONDS);
    job->again_at = work->now + (count == JOB_PAGE_ROWS ? 0 : DAY_SECONDS);
}

static void export_person(struct work *work, const char *email, struct json_t *object)
{
    const struct person *person = person_get_by_email(work, email);
    const struct audit *line =
        person ? audit_list_by_actor(work, person->id, EXPORT_LINES_MAX) : NULL;
    json_t *list = json_array();
    for (; line; line = line->next)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "at",
                                              time_rfc3339(work->mem, line->at), "action",
                                              audit_action_name(line->action), "title", line->title,
                                              "detail", line->detail));
    json_object_set_new(object, "acts", list);
}

/* Names and addresses are the person's own row: with it they go, and the fact stays. */
const struct feature audit_feature = {
    .name = "audit",
    .migrations = audit_migrations,
    .jobs = (const struct job_kind[]){{"audit.forget", forget_run, .always = true}, {.name = NULL}},
    .export_person = export_person,
    .forget_person = feature_forgets_no_person,
};
