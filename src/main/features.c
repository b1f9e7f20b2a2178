/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The list of features, from what others need to what needs others. */
#include "main/features.h"

#include "base/mem.h"
#include "core/activity/activity.h"
#include "core/audit/audit.h"
#include "core/communities/communities.h"
#include "core/install/install.h"
#include "core/jobs/jobs.h"
#include "core/keys/keys.h"
#include "core/logins/logins.h"
#include "core/outbox/outbox.h"
#include "core/people/people.h"
#include "features/account/account.h"
#include "features/administration/administration.h"
#include "features/campaigns/campaigns.h"
#include "features/factors/factors.h"
#include "features/flags/flags.h"
#include "features/mailbox/mailbox.h"
#include "features/mails/mails.h"
#include "features/messages/messages.h"
#include "features/privacy/privacy.h"
#include "features/reports/reports.h"
#include "features/signups/signups.h"
#include "features/team/team.h"
#include "web/feature.h"
#include "web/site.h"

/* A line each. clang-format would fill them. */
/* clang-format off */
const struct feature *const all_features[] = {
    &site_feature,
    &communities_feature,
    &install_feature,
    &people_feature,
    &logins_feature,
    &audit_feature,
    &activity_feature,
    &jobs_feature,
    &keys_feature,
    &outbox_feature,
    &mailbox_feature,
    &mails_feature,
    &account_feature,
    &campaigns_feature,
    &signups_feature,
    &team_feature,
    &messages_feature,
    &reports_feature,
    &factors_feature,
    &privacy_feature,
    &administration_feature,
    &flags_feature,
    NULL,
};

/* clang-format on */

const struct db_migration *const *all_migrations(struct mem *mem)
{
    int count = 1; /* the NULL at the end */
    for (const struct feature *const *feature = all_features; *feature; feature++)
        count++;
    const struct db_migration **all = MEM_ARRAY(mem, const struct db_migration *, count);
    const struct db_migration **end = all;
    for (const struct feature *const *feature = all_features; *feature; feature++)
        if ((*feature)->migrations)
            *end++ = (*feature)->migrations;
    *end = NULL;
    return all;
}

bool features_have(const struct feature *feature)
{
    const struct feature *const *at = all_features;
    while (*at && *at != feature)
        at++;
    return *at;
}
