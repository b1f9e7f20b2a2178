/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a campaign's result amounts to, on its result page; and the organiser's choice of the
 * factors it goes by, as a part of the organiser's page about the result. */
#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "features/campaigns/campaigns.h"
#include "features/factors/factors.html.h"
#include "features/factors/factors_local.h"
#include "migrations.h"
#include "sys/lang.h"
#include "sys/zone.h"
#include "web/app.h"
#include "web/feature.h"
#include "web/request.h"
#include "web/view.h"

enum { MINUTES_OF_HOUR = 60 };

static const struct form choice_form = {"factors", sizeof(struct factor_choice),
                                        (const struct field[]){
                                            {.name = "factor1",
                                             .label = N_("First"),
                                             .kind = FIELD_HANDLE,
                                             .min = 1,
                                             .max = 32,
                                             .offset = offsetof(struct factor_choice, handles[0])},
                                            {.name = "factor2",
                                             .label = N_("Second"),
                                             .kind = FIELD_HANDLE,
                                             .min = 1,
                                             .max = 32,
                                             .offset = offsetof(struct factor_choice, handles[1])},
                                            {.name = "factor3",
                                             .label = N_("Third"),
                                             .kind = FIELD_HANDLE,
                                             .min = 1,
                                             .max = 32,
                                             .offset = offsetof(struct factor_choice, handles[2])},
                                            {.name = NULL},
                                        }};

const char *factor_text(const struct request *rq, const char *fr, const char *en)
{
    return str_equal(lang_code(rq->lang), "fr") ? fr : en;
}

const char *factor_read_words(const struct request *rq, const struct factor *factor)
{
    struct mem *mem = rq->work.mem;
    const struct zone *utc = zone_get(rq->work.app->zones, "UTC");
    int64_t at = 0;
    if (utc && time_from_rfc3339(mem_printf(mem, "%sT12:00:00Z", factor->read_on), &at))
        return lang_date(rq->lang, mem, LANG_DATE, at, utc);
    return mem_printf(mem, "%s/%.4s", factor->read_on + strcspn(factor->read_on, "-") + 1,
                      factor->read_on);
}

/* Three digits say enough beside an order of magnitude. */
static const char *rounded(struct request *rq, int64_t value)
{
    int64_t unit = 1;
    while (value / unit >= 1000)
        unit *= 10;
    return factor_value_words(rq->lang, rq->work.mem, (value + unit / 2) / unit * unit);
}

/* What it is multiplied with, and by how many of those there are to a unit. */
static int64_t count_of(const struct campaign *campaign, const struct factor *factor,
                        int64_t *ret_per)
{
    bool of_hours = factor_is(factor, "hours");
    *ret_per = of_hours ? MINUTES_OF_HOUR : 1;
    return of_hours ? campaign->minutes : campaign->quantity;
}

static struct equivalent *equivalent_of(struct request *rq, const struct campaign *campaign,
                                        const struct factor *factor)
{
    struct mem *mem = rq->work.mem;
    struct equivalent *view = MEM_NEW(mem, struct equivalent);
    int64_t per = 1;
    int64_t count = count_of(campaign, factor, &per);
    struct amount low = amount_of(count, factor->value_low, per);
    struct amount high = amount_of(count, factor->value_high, per);
    view->factor = factor;
    view->factor_unit = factor_text(rq, factor->unit_fr, factor->unit_en);
    view->unit = amount_scale(mem, view->factor_unit, &low, &high);
    view->low = amount_words(rq->lang, mem, low);
    view->high = amount_words(rq->lang, mem, high);
    if (str_equal(view->low, view->high))
        view->high = NULL;
    view->label = factor_text(rq, factor->label_fr, factor->label_en);
    view->per = factor_text(rq, factor->per_fr, factor->per_en);
    view->scope = factor_text(rq, factor->scope_fr, factor->scope_en);
    view->count = per == MINUTES_OF_HOUR ? lang_hours(rq->lang, mem, count)
                                         : lang_number(rq->lang, mem, count);
    view->factor_low = rounded(rq, factor->value_low);
    if (factor->value_high != factor->value_low)
        view->factor_high = rounded(rq, factor->value_high);
    view->read_on = factor_read_words(rq, factor);
    return view;
}

/* It took place, and there is something to multiply. */
static bool has_amount(const struct campaign *campaign, const struct factor *factor)
{
    int64_t per = 1;
    bool took_place = campaign->state != CAMPAIGN_MISSED && campaign->state != CAMPAIGN_CANCELLED;
    return took_place && factor_suits(factor, campaign) && count_of(campaign, factor, &per) > 0;
}

static void show_equivalents(struct request *rq, struct html *h, int64_t campaign_id)
{
    const struct campaign *campaign = campaign_get(&rq->work, (struct campaign_id){campaign_id});
    const struct equivalent *first = NULL;
    const struct equivalent **end = &first;
    const struct factor *factor = campaign ? factors_of_campaign(&rq->work, campaign->id) : NULL;
    for (; factor; factor = factor->next) {
        if (!has_amount(campaign, factor))
            continue;
        struct equivalent *view = equivalent_of(rq, campaign, factor);
        *end = view;
        end = &view->next;
    }
    if (first)
        equivalents_panel(h, first);
}

struct equivalent_answer {
    const struct equivalent_answer *next;
    struct factor factor;
    double low, high;
};
#define FACTOR(member) offsetof(struct equivalent_answer, factor.member)
static const struct view_field equivalent_fields[] = {
    {"name", VIEW_TEXT, FACTOR(name)},
    {"low", VIEW_REAL, offsetof(struct equivalent_answer, low)},
    {"high", VIEW_REAL, offsetof(struct equivalent_answer, high)},
    {"unit", VIEW_TEXT, FACTOR(unit_en)},
    {"label", VIEW_TEXT, FACTOR(label_en)},
    {"per", VIEW_TEXT, FACTOR(per_en)},
    {"scope", VIEW_TEXT, FACTOR(scope_en)},
    {"source", VIEW_TEXT, FACTOR(source)},
    {"url", VIEW_TEXT, FACTOR(url)},
    {"year", VIEW_INT, FACTOR(year)},
    {"read_on", VIEW_TEXT, FACTOR(read_on)},
    {"licence", VIEW_TEXT, FACTOR(licence)},
    {.name = NULL},
};
static const struct view equivalent_json = {"equivalent", equivalent_fields};

struct equivalents_answer {
    const struct equivalent_answer *first;
};
static const struct view_field equivalents_fields[] = {
    {"equivalents", VIEW_LIST, offsetof(struct equivalents_answer, first), &equivalent_json},
    {.name = NULL},
};
static const struct view equivalents_json = {"equivalents", equivalents_fields};

static const void *equivalents_data(struct work *work, int64_t campaign_id)
{
    const struct campaign *campaign = campaign_get(work, (struct campaign_id){campaign_id});
    const struct factor *factor = campaign ? factors_of_campaign(work, campaign->id) : NULL;
    struct equivalents_answer *answer = MEM_NEW(work->mem, struct equivalents_answer);
    const struct equivalent_answer **end = &answer->first;
    for (; factor; factor = factor->next) {
        int64_t per = 1;
        if (!has_amount(campaign, factor))
            continue;
        int64_t count = count_of(campaign, factor, &per);
        struct equivalent_answer *one = MEM_NEW(work->mem, struct equivalent_answer);
        one->factor = *factor;
        one->low = amount_number(amount_of(count, factor->value_low, per));
        one->high = amount_number(amount_of(count, factor->value_high, per));
        *end = one;
        end = &one->next;
    }
    return answer;
}

/* The organiser's choice. */

static struct factor_option *option_of(struct request *rq, const struct factor *f, bool chosen)
{
    struct factor_option *option = MEM_NEW(rq->work.mem, struct factor_option);
    option->handle = f->handle;
    option->words = mem_printf(rq->work.mem, "%s → %s %s", factor_text(rq, f->per_fr, f->per_en),
                               factor_text(rq, f->unit_fr, f->unit_en),
                               factor_text(rq, f->label_fr, f->label_en));
    option->chosen = chosen;
    return option;
}

/* Those in use; and the chosen one, though a better one has taken its place. */
static const struct factor_option *options_of(struct request *rq, const struct campaign *campaign,
                                              const struct factor *chosen)
{
    const struct factor_option *first = NULL;
    const struct factor_option **end = &first;
    bool found = !chosen;
    for (const struct factor *f = factor_list(&rq->work); f; f = f->next) {
        if (!factor_suits(f, campaign))
            continue;
        struct factor_option *option = option_of(rq, f, chosen && chosen->id == f->id);
        found = found || option->chosen;
        *end = option;
        end = &option->next;
    }
    if (!found)
        *end = option_of(rq, chosen, true);
    return first;
}

static void show_choice(struct request *rq, struct html *h, int64_t campaign_id)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get(work, (struct campaign_id){campaign_id});
    if (!campaign)
        return;
    const struct factor *chosen = factors_of_campaign(work, campaign->id);
    struct factors_panel panel = {
        .action = mem_printf(work->mem, "%s/organise/factors", campaign_path(work, campaign)),
        .has_quantity = !str_is_empty(campaign->quantity_unit),
    };
    const struct factor_select **end = &panel.selects;
    for (int i = 1; i <= FACTORS_PER_CAMPAIGN_MAX; i++) {
        struct factor_select *select = MEM_NEW(work->mem, struct factor_select);
        select->place = i;
        select->options = options_of(rq, campaign, chosen);
        chosen = chosen ? chosen->next : NULL;
        *end = select;
        end = &select->next;
    }
    factors_panel(h, &panel);
}

static const struct refusal *choice_handle(struct request *rq)
{
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    const struct refusal *refusal = factors_choose(&rq->work, campaign->id, rq->input.parsed);
    if (!refusal)
        reply_see_other(rq,
                        path_make(rq->work.mem, "/campaigns/%s/organise/result", rq->params[0]));
    return refusal;
}

static void show_place(struct request *rq, struct html *h, int64_t community_id)
{
    (void)rq;
    (void)community_id;
    factors_place(h);
}

/* The card. */

static const struct route routes[] = {
    {"POST", "/campaigns/:slug/organise/factors", ACCESS_ORGANISER, .form = &choice_form,
     .handle = choice_handle},
    {"GET", "/administration/factors", ACCESS_ADMINISTRATOR, .handle = factors_admin_show},
    {"POST", "/administration/factors", ACCESS_ADMINISTRATOR, .flags = ROUTE_ADDS_ERRORS,
     .form = &factor_form, .handle = factor_add_handle, .show = factors_admin_show},
    {"POST", "/administration/factors/:factor/retire", ACCESS_ADMINISTRATOR,
     .handle = factor_retire_handle},
    {.method = NULL},
};

static const struct panel panels[] = {
    {PANEL_CAMPAIGN_RESULT, show_equivalents, &equivalents_json, equivalents_data},
    {PANEL_ORGANISE_RESULT, show_choice},
    {PANEL_ADMINISTRATION_PLACES, show_place},
    {.show = NULL},
};

/* Factors carry no name: who added one is in the audit log. */
const struct feature factors_feature = {
    .name = "factors",
    .migrations = factors_migrations,
    .routes = routes,
    .panels = panels,
    .export_person = feature_keeps_no_person,
    .forget_person = feature_forgets_no_person,
};
