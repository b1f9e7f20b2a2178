/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The words of the spine: verbs and objects as other programs will read them. Nothing about a
 * person is kept here: an actor is the id of a sign-up or of a person, whose own feature forgets
 * it. */
#include "core/activity/activity.h"

#include <assert.h>

#include "base/str.h"
#include "core/activity/activity_local.h"
#include "migrations.h"
#include "web/feature.h"
#include "web/work.h"

/* Source: Activity Vocabulary (W3C Recommendation, 23 May 2017), section 3.1 */
static const char *const verb_names[] = {
    [ACTIVITY_CREATE] = "Create", [ACTIVITY_ANNOUNCE] = "Announce", [ACTIVITY_UPDATE] = "Update",
    [ACTIVITY_OFFER] = "Offer",   [ACTIVITY_JOIN] = "Join",         [ACTIVITY_LEAVE] = "Leave",
    [ACTIVITY_ADD] = "Add",
};

enum activity_verb activity_verb_from(const char *name)
{
    enum activity_verb verb = ACTIVITY_CREATE;
    while (verb < ACTIVITY_ADD && !str_equal(verb_names[verb], name))
        verb++;
    return verb;
}

static const char *const object_names[] = {
    [ACTIVITY_CAMPAIGN] = "campaign",
    [ACTIVITY_SIGN_UP] = "sign_up",
    [ACTIVITY_REPORT] = "report",
};

static const char *const audience_names[] = {
    [AUDIENCE_PUBLIC] = "public",
    [AUDIENCE_ORGANISERS] = "organisers",
};

void activity_add(struct work *work, const struct activity *activity)
{
    assert(work->community);
    activity_insert(work, activity,
                    &(struct activity_words){.verb = verb_names[activity->verb],
                                             .object = object_names[activity->object],
                                             .audience = audience_names[activity->audience]});
}

const struct feature activity_feature = {
    .name = "activity",
    .migrations = activity_migrations,
    .export_person = feature_keeps_no_person,
    .forget_person = feature_forgets_no_person,
};
