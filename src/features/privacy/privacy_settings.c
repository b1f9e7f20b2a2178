/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a community says of itself on its legal pages, and how long it keeps what: one form, each
 * field a row with the day since when it holds. */
#include <stddef.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/audit/audit.h"
#include "core/communities/communities.h"
#include "features/privacy/privacy_legal.html.h"
#include "features/privacy/privacy_local.h"
#include "sys/lang.h"
#include "web/community.h"
#include "web/page.h"
#include "web/request.h"

enum { LEGAL_LINE_MAX = 200, LEGAL_TEXT_BYTES_MAX = 600 };

#define SETTING(member) offsetof(struct privacy_settings, member)

static const struct field_option accessibilities[] = {
    {"unknown", N_("Not assessed yet"), N_("Before the law, the site then does not conform.")},
    {"partial", N_("It conforms in part"), N_("Half of the criteria of the RGAA at least.")},
    {"full", N_("It conforms"), N_("All criteria of the RGAA, as somebody has checked.")},
    {.value = NULL}};

/* The defaults: guests’ sign-ups 30 days after the event, as French associations are advised; what
 * nobody confirmed no longer than that; accounts three years, as the CNIL has it for people who are
 * no longer heard of. */
#define NAMES_MONTHS "1"
#define ACCOUNT_YEARS "3"

/* clang-format off */
static const struct field fields[] = {
    {.name = "publisher", .label = N_("Publisher"), .kind = FIELD_LINE, .min = 1,
     .max = LEGAL_LINE_MAX, .offset = SETTING(publisher), .autocomplete = "organization",
     .hint = N_("The association or the person who publishes the site, with its form and number: “Association loi 1901, RNA W751234567”.")},
    {.name = "address", .label = N_("Its address"), .kind = FIELD_TEXT,
     .max = LEGAL_TEXT_BYTES_MAX, .offset = SETTING(address), .autocomplete = "street-address"},
    {.name = "reached_at", .label = N_("How to reach it"), .kind = FIELD_LINE, .min = 1,
     .max = LEGAL_LINE_MAX, .offset = SETTING(contact),
     .hint = N_("A telephone number and an e-mail address.")},
    {.name = "director", .label = N_("Director of publication"), .kind = FIELD_LINE, .min = 1,
     .max = LEGAL_LINE_MAX, .offset = SETTING(director),
     .hint = N_("Of an association, the person who presides over it.")},
    {.name = "hosting", .label = N_("Host of the site"), .kind = FIELD_TEXT,
     .max = LEGAL_TEXT_BYTES_MAX, .offset = SETTING(hosting),
     .hint = N_("Name, address and telephone number of whoever runs the machine.")},
    {.name = "dpo", .label = N_("For questions about data"), .kind = FIELD_LINE, .min = 1,
     .max = LEGAL_LINE_MAX, .offset = SETTING(dpo),
     .hint = N_("Who answers, and at which address: the data protection officer, if there is one.")},
    {.name = "security", .label = N_("For reports of security holes"), .kind = FIELD_EMAIL,
     .offset = SETTING(security), .autocomplete = "off",
     .hint = N_("An e-mail address; it stands in /.well-known/security.txt.")},
    {.name = "accessibility", .label = N_("Does the site conform to the RGAA?"),
     .kind = FIELD_CHOICE, .required = true, .options = accessibilities,
     .offset = SETTING(accessibility)},
    {.name = "accessibility_on", .label = N_("Date of the assessment"), .kind = FIELD_LINE,
     .min = 1, .max = LEGAL_LINE_MAX, .offset = SETTING(accessibility_on),
     .hint = N_("And by whom. A declaration holds for three years.")},
    {.name = "names_months", .label = N_("Names and addresses of participants, in months"),
     .kind = FIELD_INT, .required = true, .min = 1, .max = 36, .offset = SETTING(names_months),
     .hint = N_("After the end of a campaign. One month is enough to thank everybody and to correct numbers.")},
    {.name = "unconfirmed_days", .label = N_("Sign-ups that nobody confirmed, in days"),
     .kind = FIELD_INT, .required = true, .min = 1, .max = 90, .offset = SETTING(unconfirmed_days),
     .hint = N_("Whoever typed the address may have been somebody else.")},
    {.name = "account_years", .label = N_("Accounts that are not used, in years"),
     .kind = FIELD_INT, .required = true, .min = 1, .max = 10, .offset = SETTING(account_years),
     .hint = N_("A month before, an e-mail says so. What the first community of the site says counts for all.")},
    {.name = NULL},
};
/* clang-format on */
const struct form privacy_form = {"legal", sizeof(struct privacy_settings), fields};

static const char *default_of(const char *name)
{
    static const struct {
        const char *name;
        const char *value;
    } defaults[] = {{"accessibility", "unknown"},
                    {"names_months", NAMES_MONTHS},
                    {"unconfirmed_days", "7"},
                    {"account_years", ACCOUNT_YEARS}};
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        if (str_equal(defaults[i].name, name))
            return defaults[i].value;
    return "";
}

static struct privacy_setting setting_of(const struct privacy_setting *set, const char *name)
{
    for (; set; set = set->next)
        if (str_equal(set->name, name))
            return *set;
    return (struct privacy_setting){.value = default_of(name)};
}

struct privacy_settings privacy_settings_get(struct work *work)
{
    struct privacy_settings settings = {.set_at = 0};
    const struct privacy_setting *set = privacy_setting_list(work);
    for (const struct field *field = fields; field->name; field++) {
        void *at = (char *)&settings + field->offset;
        const struct privacy_setting setting = setting_of(set, field->name);
        if (field->kind != FIELD_INT) {
            *(const char **)at = setting.value;
            continue;
        }
        *(int64_t *)at = strtoll(setting.value, NULL, 10);
        if (setting.set_at > settings.set_at)
            settings.set_at = setting.set_at;
    }
    return settings;
}

/* As it is written, into the form and into its row. */
static const char *text_of(struct mem *mem, const struct privacy_settings *settings,
                           const struct field *field)
{
    const void *at = (const char *)settings + field->offset;
    return field->kind == FIELD_INT ? mem_printf(mem, "%lld", (long long)*(const int64_t *)at)
                                    : *(const char *const *)at;
}

int64_t privacy_account_years(struct work *work)
{
    const struct community *own = work->community;
    work->community = community_find(work, "");
    int64_t years = work->community ? privacy_settings_get(work).account_years : 0;
    work->community = own;
    return years ? years : strtoll(ACCOUNT_YEARS, NULL, 10);
}

const char *privacy_missing(struct request *rq, const struct privacy_settings *settings)
{
    struct mem *mem = rq->work.mem;
    const char *names = NULL;
    for (const struct field *field = fields; field->name; field++) {
        bool may_miss = field->kind == FIELD_INT || field->offset == SETTING(accessibility) ||
                        (field->offset == SETTING(accessibility_on) &&
                         str_equal(settings->accessibility, "unknown"));
        if (may_miss || **(const char *const *)((const char *)settings + field->offset))
            continue;
        const char *label = lang_text(rq->lang, field->label);
        names = names ? mem_printf(mem, "%s, %s", names, label) : label;
    }
    return names;
}

/* Pages. */

static const struct input_view *input_of(struct request *rq,
                                         const struct privacy_settings *settings, const char *name)
{
    const struct field *field = fields;
    while (!str_equal(field->name, name))
        field++;
    return form_input_view(rq, &privacy_form, name, text_of(rq->work.mem, settings, field));
}

const struct refusal *privacy_settings_show(struct request *rq)
{
    const struct privacy_settings settings = privacy_settings_get(&rq->work);
    const struct privacy_settings_page view = {
        .errors = form_summary(rq, &privacy_form),
        .is_saved = !rq->refusal && *request_query(rq, "saved"),
        .missing = privacy_missing(rq, &settings),
        .publisher = input_of(rq, &settings, "publisher"),
        .address = input_of(rq, &settings, "address"),
        .contact = input_of(rq, &settings, "reached_at"),
        .director = input_of(rq, &settings, "director"),
        .hosting = input_of(rq, &settings, "hosting"),
        .dpo = input_of(rq, &settings, "dpo"),
        .security = input_of(rq, &settings, "security"),
        .accessibility = input_of(rq, &settings, "accessibility"),
        .accessibility_on = input_of(rq, &settings, "accessibility_on"),
        .names_months = input_of(rq, &settings, "names_months"),
        .unconfirmed_days = input_of(rq, &settings, "unconfirmed_days"),
        .account_years = input_of(rq, &settings, "account_years"),
    };
    const struct page page = {.title = lang_text(rq->lang, N_("Legal pages and retention"))};
    struct html *h = page_begin(rq, &page);
    privacy_settings_page_show(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

/* Rows are written for what changed alone, so that each keeps the day since when it holds; their
 * names are for the audit log. */
const struct refusal *privacy_settings_handle(struct request *rq)
{
    struct work *work = &rq->work;
    const struct privacy_settings settings = privacy_settings_get(work);
    const char *changes = "";
    for (const struct field *field = fields; field->name; field++) {
        const char *value = text_of(work->mem, rq->input.parsed, field);
        if (str_equal(value, text_of(work->mem, &settings, field)))
            continue;
        privacy_setting_write(work, field->name, value);
        changes = mem_printf(work->mem, "%s%s%s", changes, *changes ? " " : "", field->name);
    }
    if (*changes)
        audit_add(work, AUDIT_SETTINGS, &(struct audit_object){.id = work->community->id.n},
                  changes);
    reply_see_other(rq, "/administration/legal?saved=1");
    return NULL;
}
