/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A community's settings. The whole of them is one form: what is wrong is told beside its field,
 * and nothing is saved before all of it is right. */
#include <stddef.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/audit/audit.h"
#include "core/communities/communities.h"
#include "features/administration/administration.html.h"
#include "features/administration/administration_local.h"
#include "sys/lang.h"
#include "sys/zone.h"
#include "web/app.h"
#include "web/community.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

enum { DESCRIPTION_CHARS_MAX = 300, ZONE_CHARS_MAX = 64, HOST_CHARS_MAX = 253 };

struct settings {
    const char *name;
    const char *description;
    const char *language;
    const char *time_zone;
    const char *contact;
    const char *host;
    const char *approval;
};

static const struct field_option languages[] = {
    {"fr", N_("In French"), NULL}, {"en", N_("In English"), NULL}, {.value = NULL}};
static const struct field_option approvals[] = {
    {"first", N_("Somebody’s first one waits"),
     N_("A facilitator or an administrator reads it; the next ones open by themselves.")},
    {"always", N_("Every one waits"), N_("A facilitator or an administrator reads each.")},
    {"never", N_("None waits"), N_("Every member opens theirs by themselves.")},
    {.value = NULL}};
/* clang-format off */
static const struct field settings_fields[] = {
    {.name = "name", .label = N_("Name of the community"), .kind = FIELD_LINE, .required = true,
     .min = 1, .max = NAME_CHARS_MAX, .autocomplete = "organization",
     .hint = N_("It stands at the top of every page, and in every e-mail."),
     .offset = offsetof(struct settings, name)},
    {.name = "description", .label = N_("What it is, in a sentence or two"), .kind = FIELD_LINE,
     .required = true, .min = 1, .max = DESCRIPTION_CHARS_MAX,
     .hint = N_("Visitors read it first, on the home page; search engines show it."),
     .offset = offsetof(struct settings, description)},
    {.name = "language", .label = N_("Language"), .kind = FIELD_CHOICE, .required = true,
     .options = languages, .hint = N_("For those whose browser asks for no other."),
     .offset = offsetof(struct settings, language)},
    {.name = "time_zone", .label = N_("Time zone"), .kind = FIELD_LINE, .required = true, .min = 1,
     .max = ZONE_CHARS_MAX, .autocomplete = "off",
     .hint = N_("Dates and hours are shown in it. A region and a city, such as Europe/Paris."),
     .offset = offsetof(struct settings, time_zone)},
    {.name = "contact", .label = N_("Address for answers"), .kind = FIELD_EMAIL,
     .autocomplete = "email",
     .hint = N_("Shown at the foot of every page; answers to e-mails that no organiser wrote go there. Leave it empty to show none."),
     .offset = offsetof(struct settings, contact)},
    {.name = "host", .label = N_("A web address of its own"), .kind = FIELD_LINE, .min = 4,
     .max = HOST_CHARS_MAX, .autocomplete = "off",
     .hint = N_("Such as action.example.org, once it leads to this server and you have opened this "
                "page there: all links will go there. Leave it empty if you are not sure."),
     .offset = offsetof(struct settings, host)},
    {.name = "approval", .label = N_("Before a campaign opens"), .kind = FIELD_CHOICE,
     .required = true, .options = approvals, .offset = offsetof(struct settings, approval)},
    {.name = NULL},
};
/* clang-format on */
const struct form settings_form = {"settings", sizeof(struct settings), settings_fields};

static const struct view_field settings_json_fields[] = {
    {"name", VIEW_TEXT, offsetof(struct settings, name)},
    {"description", VIEW_TEXT, offsetof(struct settings, description)},
    {"language", VIEW_TEXT, offsetof(struct settings, language)},
    {"time_zone", VIEW_TEXT, offsetof(struct settings, time_zone)},
    {"contact", VIEW_TEXT, offsetof(struct settings, contact)},
    {"host", VIEW_TEXT, offsetof(struct settings, host)},
    {"approval", VIEW_TEXT, offsetof(struct settings, approval)},
    {.name = NULL},
};
const struct view settings_json = {"settings", settings_json_fields};

/* Showing. */

static struct settings settings_of(struct work *work, const struct community *community)
{
    return (struct settings){
        .name = community->name,
        .description = community->description,
        .language = community->language,
        .time_zone = community->time_zone,
        .contact = community->contact ? community->contact : "",
        .host = community->host ? community->host : "",
        .approval = approval_name(community_approval(work)),
    };
}

/* Where people speak the languages of the program; any other zone may be typed. */
static const struct zone_offer *zones_offered(struct mem *mem)
{
    static const char *const names[] = {
        "Pacific/Tahiti",     "Pacific/Noumea",    "Indian/Reunion",  "Indian/Mayotte",
        "Europe/Paris",       "Europe/Luxembourg", "Europe/London",   "Europe/Dublin",
        "Europe/Brussels",    "Europe/Zurich",     "America/Toronto", "America/Martinique",
        "America/Guadeloupe", "America/Cayenne",   "Africa/Tunis",    "Africa/Dakar",
        "Africa/Casablanca",  "Africa/Algiers",    "Africa/Abidjan",
    };
    const struct zone_offer *first = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct zone_offer *offer = MEM_NEW(mem, struct zone_offer);
        *offer = (struct zone_offer){first, names[i]};
        first = offer;
    }
    return first;
}

static const struct input_view *host_view(struct request *rq, const char *host)
{
    const struct input_view *view = form_input_view(rq, &settings_form, "host", host);
    struct input_view *shown = mem_copy(rq->work.mem, view, sizeof *view);
    shown->fixed = !community_is_first(&rq->work);
    return shown;
}

const struct refusal *settings_show(struct request *rq)
{
    const struct settings now = settings_of(&rq->work, rq->work.community);
    if (rq->wants_json) {
        reply_json(rq, &settings_json, &now);
        return NULL;
    }
    const struct settings_page view = {
        .errors = form_summary(rq, &settings_form),
        .is_saved = !rq->refusal && *request_query(rq, "saved"),
        .name = form_input_view(rq, &settings_form, "name", now.name),
        .description = form_input_view(rq, &settings_form, "description", now.description),
        .language = form_input_view(rq, &settings_form, "language", now.language),
        .time_zone = form_input_view(rq, &settings_form, "time_zone", now.time_zone),
        .zones = zones_offered(rq->work.mem),
        .contact = form_input_view(rq, &settings_form, "contact", now.contact),
        .host = host_view(rq, now.host),
        .approval = form_input_view(rq, &settings_form, "approval", now.approval),
    };
    struct html *h = page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("Settings"))});
    settings_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

/* Changing. */

static void error_add(struct request *rq, const char *field, const char *sentence)
{
    form_error_add(rq->work.mem, &rq->input, field, sentence, 0);
}

/* The name alone, in lower case: "essaim.example:8080" is essaim.example. */
static const char *request_host(struct request *rq)
{
    const char *host = http_header(rq->http, "Host");
    return host ? str_lower(rq->work.mem, mem_strndup(rq->work.mem, host, strcspn(host, ":"))) : "";
}

/* All links follow the host at once. So the first community takes one at which this very form was
 * sent; of another one, which is found by its host alone, whoever runs the machine changes it. */
static void look_at_host(struct request *rq, const char *host)
{
    struct work *work = &rq->work;
    const char *wanted = str_lower(work->mem, host);
    if (str_equal(wanted, work->community->host ? work->community->host : ""))
        return;
    if (!community_is_first(work))
        error_add(rq, "host",
                  N_("Only whoever runs the machine of this site can change that one: without it, "
                     "nobody would find this community."));
    else if (*host && !community_host_is_valid(work->mem, host))
        error_add(rq, "host",
                  N_("This does not look like the name of a site. It should look like "
                     "action.example.org, without https:// and without a path."));
    else if (*host && !str_equal(wanted, request_host(rq)))
        error_add(rq, "host",
                  N_("Please open this page at that address first, sign in there and save it from "
                     "there: so it is sure that it leads here."));
}

static void look_at_fields(struct request *rq, const struct settings *form)
{
    const struct app *app = rq->work.app;
    if (*form->time_zone && !zone_get(app->zones, form->time_zone))
        error_add(rq, "time_zone",
                  N_("This time zone is not known. It should look like Europe/Paris."));
    look_at_host(rq, form->host);
}

/* The names of the fields that change, for the audit log. */
static const char *changes_of(struct mem *mem, const struct settings *a, const struct settings *b)
{
    const char *names = "";
    for (const struct field *field = settings_fields; field->name; field++) {
        const char *const *before = (const char *const *)((const char *)a + field->offset);
        const char *const *after = (const char *const *)((const char *)b + field->offset);
        if (!str_equal(*before, *after))
            names = mem_printf(mem, "%s%s%s", names, *names ? " " : "", field->name);
    }
    return names;
}

const struct refusal *settings_handle(struct request *rq)
{
    const struct settings *form = rq->input.parsed;
    struct work *work = &rq->work;
    look_at_fields(rq, form);
    if (rq->input.errors)
        return &refusal_fields;
    struct community changed = *work->community;
    struct settings before = settings_of(work, &changed);
    changed.name = form->name;
    changed.description = form->description;
    changed.language = form->language;
    changed.time_zone = form->time_zone;
    changed.contact = *form->contact ? form->contact : NULL;
    changed.host = *form->host ? str_lower(work->mem, form->host) : NULL;
    if (!community_change(work, &changed)) {
        error_add(rq, "host", N_("Another community of this site has that address."));
        return &refusal_fields;
    }
    enum approval approval = APPROVAL_FIRST;
    approval_read(form->approval, &approval);
    community_set_approval(work, approval);
    struct settings after = settings_of(work, &changed);
    const char *changes = changes_of(work->mem, &before, &after);
    if (*changes)
        audit_add(work, AUDIT_SETTINGS, &(struct audit_object){.id = changed.id.n}, changes);
    reply_see_other(rq, "/administration/settings?saved=1");
    return NULL;
}
