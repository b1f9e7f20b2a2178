/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What cannot be a campaign, or a session, and what may not change any more: the one place that
 * says so, with a sentence for each field. Nothing here reads or writes anything. */
#include "features/campaigns/campaigns_fields.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/limits.h"
#include "base/refusal.h"
#include "base/str.h"
#include "features/campaigns/campaigns_local.h"
#include "sys/mail.h"
#include "web/form.h"

#define MISSING N_("Please fill this in.")
#define TOO_LARGE N_("The largest possible number is {n}.")
#define TOO_SMALL N_("The smallest possible number is {n}.")

const char closes_late_words[] =
    N_("Sign-ups cannot go on after the last session has ended. Please choose an earlier deadline, "
       "or move the session.");
const char zone_unknown_words[] =
    N_("This time zone is not known. It should look like Europe/Paris.");
static const char nowhere_words[] =
    N_("Please say where it takes place, or that it can be done online: for the whole campaign, or "
       "for each session.");

/* Until when a field may change. */
enum until { UNTIL_OPEN, UNTIL_OVER, ALWAYS };

enum value_kind { TEXT, NUMBER, YES_NO, UNIT };

struct field_rule {
    const char *field; /* of the form */
    enum until until;
    enum value_kind kind;
    size_t offset; /* in struct campaign */
};

#define OF(member) offsetof(struct campaign, member)

static const struct field_rule field_rules[] = {
    {"title", ALWAYS, TEXT, OF(title)},
    {"summary", ALWAYS, TEXT, OF(summary)},
    {"story", ALWAYS, TEXT, OF(story)},
    {"language", ALWAYS, TEXT, OF(language)},
    {"organiser_name", ALWAYS, TEXT, OF(organiser_name)},
    {"organiser_email", ALWAYS, TEXT, OF(organiser_email)},
    {"unlisted", ALWAYS, YES_NO, OF(unlisted)},
    {"place", UNTIL_OVER, TEXT, OF(place)},
    {"online", UNTIL_OVER, YES_NO, OF(online)},
    {"target", UNTIL_OVER, NUMBER, OF(target)},
    {"party_max", UNTIL_OVER, NUMBER, OF(party_max)},
    {"minutes_each", UNTIL_OVER, NUMBER, OF(minutes_each)},
    {"allows_overlap", UNTIL_OVER, YES_NO, OF(allows_overlap)},
    {"minimum", UNTIL_OVER, NUMBER, OF(minimum)},
    {"time_zone", UNTIL_OPEN, TEXT, OF(time_zone)},
    {"opens", UNTIL_OPEN, NUMBER, OF(opens_at)},
    {"closes", UNTIL_OPEN, NUMBER, OF(closes_at)},
    {"goal", UNTIL_OPEN, UNIT, OF(goal_unit)},
    {"quantity_unit", UNTIL_OPEN, TEXT, OF(quantity_unit)},
    {"asks_hours", UNTIL_OPEN, YES_NO, OF(asks_hours)},
};

enum { FIELD_RULES = sizeof(field_rules) / sizeof(field_rules[0]) };

static void complain(struct complaints *list, const char *field, const char *sentence,
                     int64_t number)
{
    assert(list->count < COMPLAINTS_MAX);
    list->items[list->count++] = (struct complaint){field, sentence, number};
}

static void complain_if(struct complaints *list, bool wrong, const char *field,
                        const char *sentence)
{
    if (wrong)
        complain(list, field, sentence, 0);
}

static void complain_outside(struct complaints *list, const char *field, int64_t n, int64_t min,
                             int64_t max)
{
    if (n < min)
        complain(list, field, TOO_SMALL, min);
    else if (n > max)
        complain(list, field, TOO_LARGE, max);
}

/* Texts. Mails of the campaign are answered to the organiser. */
static void complain_of_texts(const struct campaign *c, struct complaints *list)
{
    complain_if(list, str_is_empty(c->title), "title", MISSING);
    complain_if(list, !str_is_empty(c->title) && str_is_empty(c->slug), "title",
                N_("Please use letters or figures: the page’s address is made of the title."));
    if (strlen(c->slug) > SLUG_CHARS_MAX)
        complain(list, "title", N_("Please use at most {n} characters."), SLUG_CHARS_MAX);
    if (strlen(c->story) > MARKDOWN_BYTES_MAX)
        complain(list, "story", N_("Please use at most {n} characters."), MARKDOWN_BYTES_MAX);
    complain_if(list, str_is_empty(c->organiser_name), "organiser_name", MISSING);
    complain_if(
        list, !str_is_empty(c->organiser_email) && !mail_address_is_valid(c->organiser_email),
        "organiser_email",
        N_("This does not look like an e-mail address. It should look like anne@example.org."));
}

/* A goal in another unit than its minimum's (a quantity, beside people) may be smaller than it. */
static void complain_of_goal(const struct campaign *c, struct complaints *list)
{
    complain_outside(list, "minimum", c->minimum, 1, GOAL_MAX);
    complain_outside(list, "target", c->target, 0, GOAL_MAX);
    if (c->target > 0 && c->goal_unit != GOAL_QUANTITY && c->target < c->minimum)
        complain(list, "target",
                 N_("The target cannot be lower than the minimum, which is {n}. Leave it empty to "
                    "have the minimum alone."),
                 c->minimum);
    complain_if(list, c->goal_unit == GOAL_QUANTITY && str_is_empty(c->quantity_unit),
                "quantity_unit", N_("Please say what is counted: trees, e-mails, kilos…"));
}

static void complain_of_limits(const struct campaign *c, struct complaints *list)
{
    complain_outside(list, "party_max", c->party_max, 1, PARTY_MAX_MAX);
    complain_outside(list, "minutes_each", c->minutes_each, 0, MINUTES_EACH_MAX);
    complain_if(list, c->opens_at <= 0, "opens", N_("This day cannot be."));
    /* Without a day for the opening, that is the present. */
    complain_if(list, c->opens_at > 0 && c->closes_at <= c->opens_at, "closes",
                str_is_empty(c->opens_local)
                    ? N_("This day has passed. Please choose one that is still to come.")
                    : N_("The deadline must be later than the opening."));
}

static void complain_of_capacity(int64_t capacity, struct complaints *list)
{
    if (capacity != SESSION_UNLIMITED)
        complain_outside(list, "capacity", capacity, 1, CAPACITY_MAX);
}

void session_complaints(const struct session *session, struct complaints *list)
{
    bool is_wrong = session->starts_at <= 0;
    complain_if(list, is_wrong, "starts", N_("This day cannot be."));
    complain_if(list, !is_wrong && session->ends_at <= session->starts_at, "ends",
                N_("The end must be later than the start. After midnight it is the next day."));
    if (!is_wrong && session->ends_at - session->starts_at > SESSION_SECONDS_MAX)
        complain(list, "ends", N_("A session lasts at most {n} days. Please make several of it."),
                 SESSION_SECONDS_MAX / DAY_SECONDS);
    complain_of_capacity(session->capacity, list);
}

void campaign_complaints(const struct campaign_draft *draft, struct complaints *list)
{
    const struct campaign *campaign = &draft->campaign;
    int count = 0;
    complain_of_texts(campaign, list);
    complain_of_goal(campaign, list);
    complain_of_limits(campaign, list);
    complain_if(list, draft->sessions && campaign->asks_hours, "asks_hours",
                N_("Each session says how long it lasts, so nobody needs to say it."));
    complain_if(list,
                !draft->sessions && campaign->goal_unit == GOAL_HOURS && !campaign->asks_hours &&
                    campaign->minutes_each == 0,
                "minutes_each",
                N_("Hours can only be counted when you say how long it takes, or when each person "
                   "says how many hours they give."));
    if (!draft->sessions)
        complain_of_capacity(draft->capacity, list);
    complain_if(list,
                draft->sessions &&
                    campaign->closes_at > sessions_end(draft->sessions, (struct session_id){0}) &&
                    campaign_field_may_change(campaign, "closes"),
                "closes", closes_late_words);
    const struct session *session = draft->sessions;
    for (; session && count <= SESSIONS_MAX; session = session->next, count++) {
        struct complaints of_one = {0};
        session_complaints(session, &of_one);
        if (of_one.count > 0) {
            complain(list, "sessions", of_one.items[0].sentence, of_one.items[0].number);
            break;
        }
    }
    if (count > SESSIONS_MAX)
        complain(list, "sessions", N_("A campaign has at most {n} sessions."), SESSIONS_MAX);
}

const struct refusal *campaign_draft_refusal(const struct campaign_draft *draft)
{
    struct complaints list = {0};
    campaign_complaints(draft, &list);
    return list.count > 0 ? &refusal_campaign_fields : NULL;
}

/* What may change. */

static enum until phase_of(enum campaign_state state)
{
    switch (state) {
    case CAMPAIGN_DRAFT:
    case CAMPAIGN_SUBMITTED:
    case CAMPAIGN_SCHEDULED:
        return UNTIL_OPEN;
    case CAMPAIGN_OPEN:
    case CAMPAIGN_REACHED:
    case CAMPAIGN_UNDER_WAY:
        return UNTIL_OVER;
    case CAMPAIGN_MISSED:
    case CAMPAIGN_REPORTED:
    case CAMPAIGN_CANCELLED:
        break;
    }
    return ALWAYS;
}

/* The minimum is what makes it take place: it falls while people sign up, never after. */
static bool rule_allows(const struct field_rule *rule, const struct campaign *campaign)
{
    if (str_equal(rule->field, "minimum") && phase_of(campaign->state) == UNTIL_OVER)
        return campaign->state == CAMPAIGN_OPEN;
    return rule->until >= phase_of(campaign->state);
}

bool campaign_is_over(const struct campaign *campaign)
{
    return phase_of(campaign->state) == ALWAYS;
}

bool campaign_field_may_change(const struct campaign *campaign, const char *field)
{
    for (int i = 0; i < FIELD_RULES; i++)
        if (str_equal(field_rules[i].field, field))
            return rule_allows(&field_rules[i], campaign);
    return !campaign_is_over(campaign); /* places, and what else has no column of its own */
}

static bool differs(const struct field_rule *rule, const struct campaign *a,
                    const struct campaign *b)
{
    const char *of_a = (const char *)a + rule->offset;
    const char *of_b = (const char *)b + rule->offset;
    switch (rule->kind) {
    case TEXT:
        return !str_equal(*(const char *const *)of_a, *(const char *const *)of_b);
    case NUMBER:
        return *(const int64_t *)of_a != *(const int64_t *)of_b;
    case YES_NO:
        return *(const bool *)of_a != *(const bool *)of_b;
    case UNIT:
        return *(const enum goal_unit *)of_a != *(const enum goal_unit *)of_b;
    }
    return true;
}

bool campaign_differs(const struct campaign *before, const struct campaign *after)
{
    for (int i = 0; i < FIELD_RULES; i++)
        if (differs(&field_rules[i], before, after))
            return true;
    return false;
}

void campaign_change_complaints(const struct campaign *before, const struct campaign_draft *wanted,
                                int64_t now, struct complaints *list)
{
    const struct campaign *after = &wanted->campaign;
    for (int i = 0; i < FIELD_RULES; i++)
        complain_if(
            list, !rule_allows(&field_rules[i], before) && differs(&field_rules[i], before, after),
            field_rules[i].field,
            N_("This cannot change any more: people have said yes to it as it is."));
    bool is_open = before->state == CAMPAIGN_OPEN;
    if (is_open && after->minimum > before->minimum)
        complain(list, "minimum",
                 N_("While people sign up the minimum can fall, but not rise above {n}."),
                 before->minimum);
    complain_if(list, after->closes_at != before->closes_at && after->closes_at <= now, "closes",
                N_("This moment has passed. Please choose a later one."));
    complain_if(list,
                campaign_state_is_public(before->state) &&
                    !campaign_is_nowhere(before, wanted->sessions) &&
                    campaign_is_nowhere(after, wanted->sessions),
                "place", nowhere_words);
}

void session_change_complaints(const struct session *before, const struct session *wanted,
                               int64_t now, struct complaints *list)
{
    bool moves = wanted->starts_at != before->starts_at || wanted->ends_at != before->ends_at;
    complain_if(list, moves && wanted->ends_at <= now, "ends",
                N_("This moment has passed. Please choose a later one."));
    if (wanted->capacity != SESSION_UNLIMITED && wanted->capacity < before->taken)
        complain(list, "capacity",
                 N_("{n} places are taken already: there cannot be fewer than that."),
                 before->taken);
}

void session_frame_complaints(const struct campaign *campaign, const struct session *all,
                              const struct session *wanted, struct complaints *list)
{
    const struct session *before = all;
    while (before && before->id.n != wanted->id.n)
        before = before->next;
    int64_t others = sessions_end(all, wanted->id);
    int64_t end = wanted->ends_at > others ? wanted->ends_at : others;
    bool moves = !before || before->ends_at != wanted->ends_at;
    complain_if(list, moves && end < campaign->closes_at, "ends",
                N_("The last session would end before the deadline to sign up. Please choose a "
                   "later end, or an earlier deadline first."));
    bool was_nowhere = before && session_is_nowhere(campaign, before);
    complain_if(list,
                campaign_state_is_public(campaign->state) && !was_nowhere &&
                    session_is_nowhere(campaign, wanted),
                "place", nowhere_words);
}

void complain_of_asking(struct mem *mem, int64_t people, bool sure, struct form_input *input)
{
    if (people > 0 && !sure && !input->errors)
        form_error_add(mem, input, "sure",
                       N_("People who have said yes to it as it was: {n}. They will all be asked "
                          "again. Tick the box if that is what you want."),
                       people);
}

void complaints_tell(struct mem *mem, const struct complaints *list, struct form_input *input)
{
    for (int i = 0; i < list->count; i++)
        form_error_add(mem, input, list->items[i].field, list->items[i].sentence,
                       list->items[i].number);
}
