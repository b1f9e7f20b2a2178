/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What participants reported, as a part of a campaign's result page. */
#include "features/campaigns/campaigns.h"
#include "features/reports/reports.h"
#include "features/reports/reports.html.h"
#include "features/reports/reports_local.h"
#include "migrations.h"
#include "web/feature.h"
#include "web/request.h"

static void panel_show(struct request *rq, struct html *h, int64_t object_id)
{
    const struct campaign *campaign = campaign_get(&rq->work, (struct campaign_id){object_id});
    int64_t count = campaign ? report_count(&rq->work, campaign->id) : 0;
    if (count == 0)
        return;
    const struct reports_view view = {
        .count = count,
        .quantity = campaign->quantity,
        .unit = campaign->quantity_unit,
        .language = campaign->language,
        .notes = report_notes(&rq->work, campaign->id),
    };
    reports_panel(h, &view);
}

static const struct panel panels[] = {
    {PANEL_CAMPAIGN_RESULT, panel_show},
    {0},
};

/* Reports carry no name and no address: nothing of a person is kept here. */
const struct feature reports_feature = {
    .name = "reports",
    .migrations = reports_migrations,
    .panels = panels,
    .export_person = feature_keeps_no_person,
    .forget_person = feature_forgets_no_person,
    .check = reports_check,
};
