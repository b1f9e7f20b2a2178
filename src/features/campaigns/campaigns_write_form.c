/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The forms of a campaign and of its sessions: their fields, and the way from what stands in the
 * first to a campaign and back. */
#include <stddef.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/refusal.h"
#include "features/campaigns/campaigns_local.h"
#include "features/campaigns/campaigns_write.h"
#include "web/form.h"
#include "web/request.h"

enum {
    TITLE_CHARS_MAX = 90,
    SUMMARY_CHARS_MAX = 240,
    PLACE_CHARS_MAX = 160,
    UNIT_CHARS_MAX = 40,
    ZONE_CHARS_MAX = 64,
    SESSION_CHARS_MAX = 80, /* of its name */
    COPIES_MAX = 26,        /* half a year of weeks */
};

#define AT(member) .offset = offsetof(struct campaign_form, member)
#define OF(member) .offset = offsetof(struct session_fields, member)

/* What is asked of a campaign and of each of its sessions. */
#define TIME_ZONE                                                                                  \
    .name = "time_zone", .label = N_("Time zone"),                                                 \
    .hint = N_("The clock of both. A region and a city, such as Europe/Paris."),                   \
    .kind = FIELD_LINE, .required = true, .min = 1, .max = ZONE_CHARS_MAX
#define ONLINE .name = "online", .label = N_("It can be done online"), .kind = FIELD_BOOL
#define CAPACITY                                                                                   \
    .name = "capacity", .label = N_("How many places are there?"),                                 \
    .hint = N_("Leave it empty when there is room for everybody."), .kind = FIELD_INT, .min = 1,   \
    .max = CAPACITY_MAX
#define SURE .name = "sure", .label = N_("Yes, ask them all again"), .kind = FIELD_BOOL

static const struct field_option languages[] = {
    {"fr", N_("In French"), NULL},
    {"en", N_("In English"), NULL},
    {.value = NULL},
};

static const struct field_option goals[] = {
    {"people", N_("People"), N_("“We need thirty of us.”")},
    {"hours", N_("Hours"), N_("“We need sixty hours, however many we are.”")},
    {"quantity", N_("Something that is counted"), N_("“Together we delete 50,000 e-mails.”")},
    {.value = NULL},
};

const struct form campaign_form = {
    "write", sizeof(struct campaign_form),
    (const struct field[]){
        {.name = "title",
         .label = N_("What is it called?"),
         .hint = N_("Short, and saying what is done: “Two hours together for the hedge”."),
         .kind = FIELD_LINE,
         .required = true,
         .min = 2,
         .max = TITLE_CHARS_MAX,
         AT(title)},
        {.name = "summary",
         .label = N_("In one sentence"),
         .hint = N_("It stands in lists and when the page is shared: how many, for how long, what "
                    "for."),
         .kind = FIELD_LINE,
         .max = SUMMARY_CHARS_MAX,
         AT(summary)},
        {.name = "story",
         .label = N_("What it is about"),
         .hint = N_("Why it matters, what people will do, what they bring. As you would tell a "
                    "neighbour."),
         .kind = FIELD_TEXT,
         .max = MARKDOWN_BYTES_MAX,
         AT(story)},
        {.name = "language",
         .label = N_("Language of these texts"),
         .kind = FIELD_CHOICE,
         .required = true,
         .options = languages,
         AT(language)},
        {.name = "organiser_name",
         .label = N_("Who asks?"),
         .hint = N_("Your name, or your group’s. It stands on the page."),
         .kind = FIELD_LINE,
         .required = true,
         .min = 1,
         .max = NAME_CHARS_MAX,
         AT(organiser_name)},
        {.name = "organiser_email",
         .label = N_("E-mail address for answers"),
         .hint = N_("Not shown on the page: whoever answers one of our e-mails writes to it."),
         .kind = FIELD_EMAIL,
         .autocomplete = "email",
         AT(organiser_email)},
        {.name = "place",
         .label = N_("Where is it?"),
         .hint = N_("So that a stranger finds it: “Shared orchard, chemin des Aulnes, Crest”. "
                    "Leave it empty when it happens online alone."),
         .kind = FIELD_LINE,
         .max = PLACE_CHARS_MAX,
         AT(place)},
        {ONLINE, AT(online)},
        {SURE, AT(sure)},
        {.name = "goal",
         .label = N_("What are you counting?"),
         .kind = FIELD_CHOICE,
         .required = true,
         .options = goals,
         AT(goal)},
        {.name = "minimum",
         .label = N_("It takes place from"),
         .hint = N_("The number of people – or of hours, when hours are the goal – without which "
                    "you would rather not do it. If they do not come together by the deadline, "
                    "everybody is free again."),
         .kind = FIELD_INT,
         .required = true,
         .min = 1,
         .max = GOAL_MAX,
         AT(minimum)},
        {.name = "target",
         .label = N_("You hope for"),
         .hint = N_("More than the minimum, in what you are counting. Leave it empty if the "
                    "minimum says it all."),
         .kind = FIELD_INT,
         .min = 1,
         .max = GOAL_MAX,
         AT(target)},
        {.name = "quantity_unit",
         .label = N_("What is it that is counted?"),
         .hint = N_("In the plural, as it stands behind the number: “e-mails deleted”. Only when "
                    "something is counted."),
         .kind = FIELD_LINE,
         .max = UNIT_CHARS_MAX,
         AT(quantity_unit)},
        {.name = "opens",
         .label = N_("Sign-ups open"),
         .hint = N_("Leave it empty to open as soon as you publish."),
         .kind = FIELD_WALL,
         AT(opens)},
        {.name = "closes",
         .label = N_("Deadline"),
         .hint = N_("Until then people sign up. At that moment it is decided whether there are "
                    "enough."),
         .kind = FIELD_WALL,
         .required = true,
         AT(closes)},
        {TIME_ZONE, AT(time_zone)},
        {.name = "asks_hours",
         .label = N_("Each person says how many hours they give"),
         .kind = FIELD_BOOL,
         AT(asks_hours)},
        {.name = "minutes_each",
         .label = N_("How long does it take, in minutes?"),
         .hint = N_("For each person, more or less. Leave it empty if you cannot say, or if each "
                    "says it."),
         .kind = FIELD_INT,
         .min = 1,
         .max = MINUTES_EACH_MAX,
         AT(minutes_each)},
        {CAPACITY, AT(capacity)},
        {.name = "party_max",
         .label = N_("How many can sign up together, at most?"),
         .hint = N_("People come with family and friends: one form for all of them."),
         .kind = FIELD_INT,
         .required = true,
         .min = 1,
         .max = PARTY_MAX_MAX,
         AT(party_max)},
        {.name = "allows_overlap",
         .label = N_("The same person may sign up to sessions at the same time"),
         .kind = FIELD_BOOL,
         AT(allows_overlap)},
        {.name = "unlisted",
         .label = N_("Do not show it in lists: only who has its address finds it"),
         .kind = FIELD_BOOL,
         AT(unlisted)},
        {.name = "go",
         .label = N_("Next"),
         .kind = FIELD_HANDLE_OR_NONE,
         .min = 1,
         .max = 16,
         AT(go)},
        {.name = NULL},
    }};

const struct form session_form = {
    "session", sizeof(struct session_fields),
    (const struct field[]){
        {.name = "starts",
         .label = N_("It starts"),
         .kind = FIELD_WALL,
         .required = true,
         OF(starts)},
        {.name = "ends",
         .label = N_("It ends"),
         .hint = N_("After midnight it is the next day."),
         .kind = FIELD_WALL,
         .required = true,
         OF(ends)},
        {TIME_ZONE, OF(time_zone)},
        {.name = "title",
         .label = N_("A name for it"),
         .hint = N_("If there are several: “Early birds”, “After lunch”."),
         .kind = FIELD_LINE,
         .max = SESSION_CHARS_MAX,
         OF(title)},
        {.name = "place",
         .label = N_("Another place than the campaign’s"),
         .hint = N_("Leave it empty when it is the same."),
         .kind = FIELD_LINE,
         .max = PLACE_CHARS_MAX,
         OF(place)},
        {ONLINE, OF(online)},
        {CAPACITY, OF(capacity)},
        {SURE, OF(sure)},
        {.name = NULL},
    }};

const struct form session_copies_form = {
    "copies", sizeof(struct session_copies),
    (const struct field[]){
        {.name = "starts",
         .label = N_("The first one starts"),
         .kind = FIELD_WALL,
         .required = true,
         .offset = offsetof(struct session_copies, starts_local)},
        {.name = "times",
         .label = N_("How many, a week apart?"),
         .kind = FIELD_INT,
         .required = true,
         .min = 1,
         .max = COPIES_MAX,
         .offset = offsetof(struct session_copies, times)},
        {.name = NULL},
    }};

/* Browsers end the lines of a text with CR LF; it is kept with LF alone. */
static const char *lines_of(struct mem *mem, const char *text)
{
    char *lines = mem_strdup(mem, text);
    char *to = lines;
    for (const char *from = text; *from; from++)
        if (*from != '\r' || from[1] != '\n')
            *to++ = *from;
    *to = '\0';
    return lines;
}

struct campaign_wish campaign_form_wish(struct request *rq, const struct campaign *campaign,
                                        const struct campaign_form *form)
{
    bool has_sessions = campaign_has_sessions(campaign);
    struct campaign_wish wish = {
        .draft = {.campaign = *campaign,
                  .capacity = form->capacity ? form->capacity : SESSION_UNLIMITED},
        .sure = form->sure,
    };
    struct campaign *c = &wish.draft.campaign;
    c->title = form->title;
    c->summary = form->summary;
    c->story = lines_of(rq->work.mem, form->story);
    c->language = form->language;
    c->organiser_name = form->organiser_name;
    c->organiser_email = form->organiser_email;
    c->place = form->place;
    c->online = form->online;
    c->time_zone = form->time_zone;
    c->opens_local = form->opens;
    c->closes_local = form->closes;
    goal_unit_read(form->goal, &c->goal_unit);
    c->minimum = form->minimum;
    c->target = form->target;
    c->quantity_unit = form->quantity_unit;
    c->party_max = form->party_max;
    c->allows_overlap = form->allows_overlap;
    c->unlisted = form->unlisted;
    if (has_sessions)
        return wish;
    c->asks_hours = form->asks_hours;
    c->minutes_each = form->minutes_each;
    return wish;
}

struct campaign_form campaign_form_of(struct work *work, const struct campaign *campaign,
                                      const struct session *sessions)
{
    bool is_limited = sessions && sessions->capacity != SESSION_UNLIMITED;
    return (struct campaign_form){
        .title = campaign->title,
        .summary = campaign->summary,
        .story = campaign->story,
        .language = campaign->language,
        .organiser_name = campaign->organiser_name,
        .organiser_email = campaign->organiser_email,
        .place = campaign->place,
        .time_zone = campaign->time_zone,
        .opens = campaign_opens_wall(work, campaign),
        .closes = campaign_closes_wall(work, campaign),
        .goal = goal_unit_name(campaign->goal_unit),
        .quantity_unit = campaign->quantity_unit,
        .minimum = campaign->minimum,
        .target = campaign->target,
        .party_max = campaign->party_max,
        .minutes_each = campaign->minutes_each,
        .capacity = is_limited && !campaign_has_sessions(campaign) ? sessions->capacity : 0,
        .online = campaign->online,
        .asks_hours = campaign->asks_hours,
        .allows_overlap = campaign->allows_overlap,
        .unlisted = campaign->unlisted,
    };
}
