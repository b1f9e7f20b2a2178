/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The administrator's first page, and the routes and the card of the feature. What waits is told by
 * whoever knows it: here stand the jobs that have stopped, and the panels of other features. */
#include "base/refusal.h"
#include "core/communities/communities.h"
#include "core/jobs/jobs.h"
#include "features/administration/administration.html.h"
#include "features/administration/administration_local.h"
#include "sys/lang.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/page.h"
#include "web/request.h"

static const struct refusal *home_show(struct request *rq)
{
    int64_t community = rq->work.community->id.n;
    const struct administration_page view = {
        .panels = page_panels(rq, PANEL_ADMINISTRATION, community),
        .places = page_panels(rq, PANEL_ADMINISTRATION_PLACES, community),
        .parked = jobs_parked_count(&rq->work),
        .is_new = community_is_unsaid(&rq->work, rq->work.community),
    };
    struct html *h =
        page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("Administration"))});
    administration_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

#define PEOPLE "/administration/people"
#define PERSON PEOPLE "/:person"

/* clang-format off */
static const struct route administration_routes[] = {
    {"GET", "/administration", ACCESS_ADMINISTRATOR, .handle = home_show},
    {"GET", "/administration/settings", ACCESS_ADMINISTRATOR, .queries = {{"saved", QUERY_NAMES}},
     .handle = settings_show, .json = &settings_json},
    {"POST", "/administration/settings", ACCESS_ADMINISTRATOR, ROUTE_ADDS_ERRORS,
     .form = &settings_form, .handle = settings_handle, .show = settings_show},
    {"GET", PEOPLE, ACCESS_ADMINISTRATOR, .queries = {{"q", QUERY_WORDS}, {"after", QUERY_KEY}, {"invited", QUERY_NAMES}},
     .handle = members_show, .json = &members_json},
    {"POST", PEOPLE, ACCESS_ADMINISTRATOR, .queries = {{"q", QUERY_WORDS}, {"after", QUERY_KEY}, {"invited", QUERY_NAMES}},
     .form = &invite_form, .handle = members_handle,
     .show = members_show},
    {"POST", PEOPLE "/offers/:offer/withdraw", ACCESS_ADMINISTRATOR,
     .handle = offer_withdraw_handle},
    {"GET", PERSON, ACCESS_ADMINISTRATOR, .handle = member_show, .json = &member_json},
    {"POST", PERSON "/role", ACCESS_ADMINISTRATOR, .form = &role_form,
     .handle = member_role_handle, .show = member_show},
    {"GET", PERSON "/role", ACCESS_ADMINISTRATOR, .handle = member_again_handle, .type = ROUTE_LEADS_ON},
    {"POST", PERSON "/suspend", ACCESS_ADMINISTRATOR, .handle = member_suspend_handle,
     .show = member_show},
    {"GET", PERSON "/suspend", ACCESS_ADMINISTRATOR, .handle = member_again_handle, .type = ROUTE_LEADS_ON},
    {"POST", PERSON "/lift", ACCESS_ADMINISTRATOR, .handle = member_lift_handle},
    {"POST", PERSON "/sign-out", ACCESS_ADMINISTRATOR, .handle = member_sign_out_handle},
    {"GET", "/administration/jobs", ACCESS_ADMINISTRATOR, .handle = jobs_show, .json = &jobs_json},
    {"POST", "/administration/jobs/:job/again", ACCESS_ADMINISTRATOR, .handle = job_again_handle},
    {"POST", "/administration/jobs/:job/drop", ACCESS_ADMINISTRATOR, .handle = job_drop_handle},
    {"GET", "/administration/audit", ACCESS_ADMINISTRATOR, .queries = {{"action", QUERY_NAMES}, {"after", QUERY_KEY}},
     .handle = log_show, .json = &audit_json},
    {.method = NULL},
};
/* clang-format on */

const struct feature administration_feature = {
    .name = "administration",
    .routes = administration_routes,
    .export_person = feature_keeps_no_person,
    .forget_person = feature_forgets_no_person,
};
