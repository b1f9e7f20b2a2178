/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of campaigns. One function for each statement; nothing is decided here but what a
 * conditional update must decide. What is read comes out in the state that its dates give now: the
 * job that writes a state down may run a moment later, and no page may show a form in between.
 * Every reading notes its object, and when its dates will change what is read; every change touches
 * it, and its community's lists where they may hold it or not for that. Counters do not: a page
 * that shows ten campaigns is not made anew for each who joins an eleventh. */
#include "features/campaigns/campaigns.h"

#include <assert.h>

#include "base/mem.h"
#include "features/campaigns/campaigns_local.h"
#include "sys/db.h"
#include "sys/words.h"
#include "web/community.h"
#include "web/work.h"

/* In the order in which campaign_of reads them; `stories` are the two long texts, or two empty ones
 * for lists. */
#define STORIES "c.story, c.story_html"
#define NO_STORIES "'', ''"
#define CAMPAIGN_COLUMNS(stories)                                                                  \
    "c.id, c.community_id, c.slug, c.title, c.summary, " stories ", c.language, "                  \
    "c.state, c.organiser_name, c.organiser_email, c.place, c.online, c.time_zone, c.opens_at, "   \
    "c.closes_at, c.acts_from, c.acts_until, c.goal_unit, c.minimum, c.target, c.quantity_unit, "  \
    "c.party_max, c.asks_hours, c.minutes_each, c.allows_overlap, c.created_at, c.reached_at, "    \
    "c.people, c.minutes, c.quantity, c.waiting, c.version, c.opens_local, c.closes_local, "       \
    "c.unlisted, c.hidden_at, c.hidden_word"

static enum campaign_state state_of(const char *name)
{
    enum campaign_state state = CAMPAIGN_DRAFT;
    bool known = campaign_state_read(name, &state);
    assert(known);
    return state;
}

static enum goal_unit unit_of(const char *name)
{
    enum goal_unit unit = GOAL_PEOPLE;
    bool known = goal_unit_read(name, &unit);
    assert(known);
    return unit;
}

static struct campaign *campaign_of(struct work *work, const struct db_row *row)
{
    struct campaign *campaign = MEM_NEW(work->mem, struct campaign);
    int i = 0;
    campaign->id.n = row_int(row, i++);
    campaign->community_id.n = row_int(row, i++);
    campaign->slug = row_text(row, i++);
    campaign->title = row_text(row, i++);
    campaign->summary = row_text(row, i++);
    campaign->story = row_text(row, i++);
    campaign->story_html = row_text(row, i++);
    campaign->language = row_text(row, i++);
    campaign->state = state_of(row_text(row, i++));
    campaign->organiser_name = row_text(row, i++);
    campaign->organiser_email = row_text(row, i++);
    campaign->place = row_text(row, i++);
    campaign->online = row_bool(row, i++);
    campaign->time_zone = row_text(row, i++);
    campaign->opens_at = row_int(row, i++);
    campaign->closes_at = row_int(row, i++);
    campaign->acts_from = row_int(row, i++);
    campaign->acts_until = row_int(row, i++);
    campaign->goal_unit = unit_of(row_text(row, i++));
    campaign->minimum = row_int(row, i++);
    campaign->target = row_int(row, i++);
    campaign->quantity_unit = row_text(row, i++);
    campaign->party_max = row_int(row, i++);
    campaign->asks_hours = row_bool(row, i++);
    campaign->minutes_each = row_int(row, i++);
    campaign->allows_overlap = row_bool(row, i++);
    campaign->created_at = row_int(row, i++);
    campaign->reached_at = row_int(row, i++);
    campaign->people = row_int(row, i++);
    campaign->minutes = row_int(row, i++);
    campaign->quantity = row_int(row, i++);
    campaign->waiting = row_int(row, i++);
    campaign->version = row_int(row, i++);
    campaign->opens_local = row_text(row, i++);
    campaign->closes_local = row_text(row, i++);
    campaign->unlisted = row_bool(row, i++);
    campaign->hidden = row_int(row, i++) > 0;
    campaign->hidden_word = row_text(row, i++);
    assert(i == row->columns);
    return campaign;
}

/* In the state of this moment. */
static struct campaign *campaign_now(struct work *work, const struct db_row *row)
{
    struct campaign *campaign = campaign_of(work, row);
    work_reads(work, OBJECT_CAMPAIGN, campaign->id.n);
    work_true_until(work, campaign->opens_at);
    work_true_until(work, campaign->closes_at);
    work_true_until(work, campaign->acts_from);
    work_true_until(work, campaign->acts_until);
    campaign->state = campaign_state_at(campaign, work->now);
    return campaign;
}

/* It comes into lists, or leaves them, or what they look at has changed. */
static void touch(struct work *work, int64_t campaign_id, int64_t community_id)
{
    work_touches(work, OBJECT_CAMPAIGN, campaign_id);
    work_touches(work, OBJECT_CAMPAIGNS, community_id);
}

const struct campaign *campaign_get_by_slug(struct work *work, const char *slug)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT " CAMPAIGN_COLUMNS(STORIES) " FROM campaign_address a"
                                                   " JOIN campaign c ON c.id = a.campaign_id"
                                                   " WHERE a.community_id = ?1 AND a.slug = ?2",
               work->community->id.n, slug);
    if (!row) {
        work_reads(work, OBJECT_CAMPAIGNS, work->community->id.n);
        return NULL;
    }
    const struct campaign *campaign = campaign_now(work, row);
    work_remember(work, OBJECT_CAMPAIGN, campaign->id.n, campaign);
    return campaign;
}

const struct campaign *campaign_get_public(struct work *work, const char *slug)
{
    const struct campaign *campaign = campaign_get_by_slug(work, slug);
    return campaign && campaign_is_public(campaign) ? campaign : NULL;
}

static const struct db_row *row_get(struct work *work, struct campaign_id id)
{
    work_reads(work, OBJECT_CAMPAIGN, id.n);
    return tx_one(work->tx, "SELECT " CAMPAIGN_COLUMNS(STORIES) " FROM campaign c WHERE c.id = ?1",
                  id.n);
}

/* A page's panels ask for the page's campaign again, each for itself. */
const struct campaign *campaign_get(struct work *work, struct campaign_id id)
{
    const struct campaign *known = work_recall(work, OBJECT_CAMPAIGN, id.n);
    if (known)
        return known;
    const struct db_row *row = row_get(work, id);
    return row ? campaign_now(work, row) : NULL;
}

const struct campaign *campaign_get_stored(struct work *work, struct campaign_id id)
{
    const struct db_row *row = row_get(work, id);
    return row ? campaign_of(work, row) : NULL;
}

/* Which campaigns a list holds: none that is unlisted or hidden; those of the states ?4 to ?10;
 * with ?11, those that one can sign up to at ?12; of these the ones that have all the words ?13,
 * ?15, ?17 (their beginnings) or their stems ?14, ?16, ?18; '' stands for none. Folded words have a
 * to z and figures alone: a range, which an index seeks, says what LIKE would look for in every
 * word. */
#define HAS_WORD(condition)                                                                        \
    "EXISTS (SELECT 1 FROM campaign_word w WHERE w.campaign_id = c.id AND w.word " condition ")"
#define WORD_IS_THERE(start, stem)                                                                 \
    " AND (" start " = '' OR " HAS_WORD("BETWEEN " start " AND " start                             \
                                        " || 'zzzzzzzz'") " OR " HAS_WORD("= " stem) ")"
#define LIST_CONDITION                                                                             \
    " AND c.unlisted = 0 AND c.hidden_at = 0"                                                      \
    " AND (c.state IN (?4, ?5, ?6, ?7, ?8, ?9, ?10) OR (?11 = 1 AND c.closes_at > ?12"             \
    " AND (c.state = 'open' OR (c.state = 'reached' AND EXISTS (SELECT 1 FROM session s"           \
    " WHERE s.campaign_id = c.id AND (s.capacity IS NULL OR s.taken < s.capacity)"                 \
    " AND (s.starts_at = 0 OR s.ends_at > ?12))))))" WORD_IS_THERE("?13", "?14")                   \
        WORD_IS_THERE("?15", "?16") WORD_IS_THERE("?17", "?18")

/* What a query binds besides its key. */
struct list_values {
    const char *states[CAMPAIGN_CANCELLED - CAMPAIGN_SCHEDULED + 1];
    const char *starts[SEARCH_TERMS_MAX];
    const char *stems[SEARCH_TERMS_MAX];
};

static struct list_values list_values(const struct campaign_query *query)
{
    struct list_values values;
    for (int i = CAMPAIGN_SCHEDULED; i <= CAMPAIGN_CANCELLED; i++)
        values.states[i - CAMPAIGN_SCHEDULED] =
            query->states[i] ? campaign_state_name((enum campaign_state)i) : "";
    const struct word *term = query->terms;
    for (int i = 0; i < SEARCH_TERMS_MAX; i++, term = term ? term->next : NULL) {
        values.starts[i] = term ? term->folded : "";
        values.stems[i] = term ? term->stem : "";
    }
    return values;
}

static const struct db_row *rows_to_come(struct work *work, const struct campaign_query *query,
                                         const struct campaign_list_key *after)
{
    struct list_values v = list_values(query);
    return tx_rows(
        work->tx,
        "SELECT " CAMPAIGN_COLUMNS(NO_STORIES) " FROM campaign c"
                                               " WHERE c.community_id = ?1 AND (c.closes_at, "
                                               "c.slug) > (?2, ?3)" LIST_CONDITION
                                               " ORDER BY c.closes_at, c.slug LIMIT ?19",
        work->community->id.n, after->closes_at, after->slug, v.states[0], v.states[1], v.states[2],
        v.states[3], v.states[4], v.states[5], v.states[6], query->open, work->now, v.starts[0],
        v.stems[0], v.starts[1], v.stems[1], v.starts[2], v.stems[2], query->limit + 1);
}

static const struct db_row *rows_past(struct work *work, const struct campaign_query *query,
                                      const struct campaign_list_key *after)
{
    struct list_values v = list_values(query);
    return tx_rows(
        work->tx,
        "SELECT " CAMPAIGN_COLUMNS(NO_STORIES) " FROM campaign c"
                                               " WHERE c.community_id = ?1 AND (c.closes_at, "
                                               "c.slug) < (?2, ?3)" LIST_CONDITION
                                               " ORDER BY c.closes_at DESC, c.slug DESC LIMIT ?19",
        work->community->id.n, after->closes_at, after->slug, v.states[0], v.states[1], v.states[2],
        v.states[3], v.states[4], v.states[5], v.states[6], query->open, work->now, v.starts[0],
        v.stems[0], v.starts[1], v.stems[1], v.starts[2], v.stems[2], query->limit + 1);
}

struct list {
    struct campaign_page page;
    const struct campaign **end;
    int room;
};

static void append(struct work *work, struct list *list, const struct db_row *row)
{
    for (; row && list->room > 0; row = row->next, list->room--) {
        struct campaign *campaign = campaign_now(work, row);
        list->page.last = *list->end = campaign;
        list->end = &campaign->next;
    }
    list->page.more = row != NULL;
}

const struct campaign *campaign_list_hidden(struct work *work, int count)
{
    struct list list = {.room = count};
    list.end = &list.page.first;
    append(work, &list,
           tx_rows(work->tx,
                   "SELECT " CAMPAIGN_COLUMNS(
                       NO_STORIES) " FROM campaign c WHERE c.community_id = ?1"
                                   " AND c.hidden_at > 0 ORDER BY c.id DESC LIMIT ?2",
                   work->community->id.n, count));
    work_reads(work, OBJECT_CAMPAIGNS, work->community->id.n);
    return list.page.first;
}

struct campaign_page campaign_list(struct work *work, const struct campaign_query *query)
{
    assert(query->limit > 0 && query->limit <= CAMPAIGN_LIST_MAX);
    work_reads(work, OBJECT_CAMPAIGNS, work->community->id.n);
    const struct campaign_list_key *after = &query->after;
    const struct campaign_list_key now = {after->as_of, after->as_of + 1, ""};
    bool is_new = after->closes_at == 0;
    bool is_past = !is_new && after->closes_at <= after->as_of;
    struct list list = {.room = query->limit};
    list.end = &list.page.first;
    if (!is_past)
        append(work, &list, rows_to_come(work, query, is_new ? &now : after));
    if (!list.page.more)
        append(work, &list, rows_past(work, query, is_past ? after : &now));
    return list.page;
}

const struct campaign *campaign_list_own(struct work *work, struct person_id person, int limit)
{
    assert(limit > 0 && limit <= CAMPAIGN_OWN_MAX);
    work_reads(work, OBJECT_CAMPAIGNS, work->community->id.n);
    struct list list = {.room = limit};
    list.end = &list.page.first;
    append(work, &list,
           tx_rows(work->tx,
                   "SELECT " CAMPAIGN_COLUMNS(NO_STORIES) " FROM campaign_organiser o"
                                                          " JOIN campaign c ON c.id = o.campaign_id"
                                                          " WHERE o.person_id = ?1"
                                                          " AND c.community_id = ?2"
                                                          " ORDER BY o.campaign_id DESC LIMIT ?3",
                   person.n, work->community->id.n, limit));
    return list.page.first;
}

bool campaign_insert(struct work *work, const struct campaign *campaign)
{
    const struct campaign *c = campaign;
    if (!campaign_address_take(work, c->id, c->slug))
        return false;
    tx_do(
        work->tx,
        "INSERT INTO campaign (id, community_id, slug, title, summary, story, story_html, language,"
        " state, organiser_name, organiser_email, place, online, time_zone, opens_at, closes_at,"
        " acts_from, acts_until, goal_unit, minimum, target, quantity_unit, party_max, asks_hours,"
        " minutes_each, allows_overlap, created_at, reached_at, people, minutes, quantity, waiting,"
        " version)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'draft', ?9, ?10, ?11, ?12, ?13, ?14, ?15, 0, 0,"
        " ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, 0, 0, 0, 0, 0, 1)",
        c->id.n, c->community_id.n, c->slug, c->title, c->summary, c->story, c->story_html,
        c->language, c->organiser_name, c->organiser_email, c->place, c->online, c->time_zone,
        c->opens_at, c->closes_at, goal_unit_name(c->goal_unit), c->minimum, c->target,
        c->quantity_unit, c->party_max, c->asks_hours, c->minutes_each, c->allows_overlap,
        work->now);
    touch(work, c->id.n, c->community_id.n);
    return true;
}

void campaign_word_insert(struct work *work, struct campaign_id id, const char *word)
{
    tx_do(work->tx,
          "INSERT INTO campaign_word (campaign_id, word) VALUES (?1, ?2)"
          " ON CONFLICT (campaign_id, word) DO NOTHING",
          id.n, word);
}

bool campaign_set_state(struct work *work, struct campaign_id id, enum campaign_state from,
                        enum campaign_state to)
{
    assert(campaign_may_become(from, to));
    int64_t reached_at = to == CAMPAIGN_REACHED ? work->now : 0;
    const struct db_row *row =
        tx_one(work->tx,
               "UPDATE campaign SET state = ?3,"
               " reached_at = CASE WHEN ?4 > 0 THEN ?4 ELSE reached_at END"
               " WHERE id = ?1 AND state = ?2 RETURNING community_id",
               id.n, campaign_state_name(from), campaign_state_name(to), reached_at);
    if (!row)
        return false;
    touch(work, id.n, row_int(row, 0));
    return true;
}

const struct campaign *campaign_add_people(struct work *work, struct campaign_id id, int64_t people,
                                           int64_t minutes)
{
    const struct db_row *row =
        tx_one(work->tx,
               "UPDATE campaign SET people = people + ?2, minutes = minutes + ?3,"
               " version = version + 1 WHERE id = ?1"
               " RETURNING community_id, state, goal_unit, minimum, people, minutes",
               id.n, people, minutes);
    if (!row)
        return NULL;
    struct campaign *campaign = MEM_NEW(work->mem, struct campaign);
    campaign->id = id;
    campaign->community_id.n = row_int(row, 0);
    campaign->state = state_of(row_text(row, 1));
    campaign->goal_unit = unit_of(row_text(row, 2));
    campaign->minimum = row_int(row, 3);
    campaign->people = row_int(row, 4);
    campaign->minutes = row_int(row, 5);
    work_touches(work, OBJECT_CAMPAIGN, id.n);
    return campaign;
}

void campaign_add_quantity(struct work *work, struct campaign_id id, int64_t quantity)
{
    tx_do(work->tx,
          "UPDATE campaign SET quantity = quantity + ?2, version = version + 1 WHERE id = ?1", id.n,
          quantity);
    work_touches(work, OBJECT_CAMPAIGN, id.n);
}

const char *campaigns_check(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT slug FROM campaign"
                         " WHERE people < 0 OR minutes < 0 OR quantity < 0 OR waiting < 0"
                         " OR (state IN ('reached', 'under_way', 'reported') AND reached_at = 0)"
                         " OR (state IN ('draft', 'submitted', 'scheduled', 'open', 'missed')"
                         " AND reached_at > 0)"
                         " OR acts_from <> (SELECT COALESCE(MIN(s.starts_at), 0) FROM session s"
                         " WHERE s.campaign_id = campaign.id)"
                         " OR acts_until <> (SELECT COALESCE(MAX(s.ends_at), 0) FROM session s"
                         " WHERE s.campaign_id = campaign.id)"
                         " OR NOT EXISTS (SELECT 1 FROM campaign_address a WHERE a.slug ="
                         " campaign.slug AND a.community_id = campaign.community_id"
                         " AND a.campaign_id = campaign.id) LIMIT 1");
    if (!row)
        return NULL;
    return mem_printf(work->mem, "The counters, dates or address of campaign %s cannot be.",
                      row_text(row, 0));
}
