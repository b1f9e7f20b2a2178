/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of this folder share and nobody else may use: pure rules beside those of
 * campaigns.h, the stores, and the views. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"
#include "features/campaigns/campaigns.h"

struct job;
struct mem;
struct word;
struct wall;
struct zone;

enum {
    SESSIONS_MAX = 100,               /* of one campaign */
    CAMPAIGNS_BEGUN_PER_DAY_MAX = 30, /* by one person; those that they were invited to count too */
    PARTY_MAX_MAX = 50,               /* of what an organiser may allow */
    CAPACITY_MAX = 1000000,
    MINUTES_EACH_MAX = 7 * 24 * 60, /* of who takes part without a date */
    SESSION_SECONDS_MAX = 31 * DAY_SECONDS,
    GOAL_MAX = 1000000000,
    CAMPAIGN_WORDS_MAX = 100, /* kept for the search */
    SEARCH_TERMS_MAX = 3,
    CAMPAIGN_LIST_MAX = 20,   /* what session_groups asks for at once */
    CAMPAIGN_DAYS_MAX = 1500, /* the latest ones of a curve */
};

/* campaigns.c: rules */

/* What the dates and counters make of a campaign's state, one step further; the present state when
 * nothing is due. */
enum campaign_state campaign_next_state(const struct campaign *campaign, int64_t now);
/* All steps that are due. */
enum campaign_state campaign_state_at(const struct campaign *campaign, int64_t now);
/* When a date may change the state next; 0: never. */
int64_t campaign_next_date(const struct campaign *campaign);
/* There is such a step. */
bool campaign_may_become(enum campaign_state from, enum campaign_state to);
bool campaign_state_is_public(enum campaign_state state);
/* Anybody who has its address sees it: its state is public, and it is not hidden. */
bool campaign_is_public(const struct campaign *campaign);
/* False, and untouched, for a name that is no state's. */
bool campaign_state_read(const char *name, enum campaign_state *ret_state);
const char *goal_unit_name(enum goal_unit unit);
extern const char *const goal_unit_names[]; /* NULL-ended */
bool goal_unit_read(const char *name, enum goal_unit *ret_unit);
/* What the minimum counts: people or hours. */
enum goal_unit campaign_minimum_unit(const struct campaign *campaign);
/* How much there is of that unit; begun hours do not count. */
int64_t campaign_counted(const struct campaign *campaign, enum goal_unit unit);
/* The counters have got to the minimum. */
bool campaign_is_enough(const struct campaign *campaign);
/* Of the target, or of the minimum without one; may pass 100. */
int64_t campaign_percent(const struct campaign *campaign);
/* As people count, on that clock: tomorrow is one day from now, whatever the hour. 0: the last day,
 * or it has passed. A deadline at midnight is the day before. */
int64_t campaign_days_left(const struct campaign *campaign, const struct zone *zone, int64_t now);
bool session_is_timeless(const struct session *session);
/* Free places; SESSION_UNLIMITED without a limit. */
int64_t session_left(const struct session *session);
/* Its deadline lies after the last session's end. */
bool campaign_closes_late(const struct campaign *campaign);
/* The last one's end, leaving out `but` ({0}: none); 0 without dates. */
int64_t sessions_end(const struct session *sessions, struct session_id but);
/* Nothing says where a session takes place, and nothing says that it is online: neither the session
 * nor its campaign. */
bool session_is_nowhere(const struct campaign *campaign, const struct session *session);
/* The same of a campaign: of one of its sessions. */
bool campaign_is_nowhere(const struct campaign *campaign, const struct session *sessions);
/* campaigns_fields.c: campaign_fields, for a draft that cannot be; NULL for one whose texts, dates
 * and numbers can. What is wrong, field by field: campaigns_fields.h. */
const struct refusal *campaign_draft_refusal(const struct campaign_draft *draft);

/* campaigns_store.c */

/* Which part of the list. Order: those whose deadline is to come, the nearest first; then the
 * others, the latest first. */
struct campaign_list_key {
    int64_t as_of; /* when the walk through the pages began: a deadline that passes meanwhile moves
                      nothing */
    int64_t closes_at; /* of the last one shown; 0 and "": from the start */
    const char *slug;
};
struct campaign_query {
    bool open; /* also those that one can sign up to */
    bool states[CAMPAIGN_CANCELLED + 1];
    const struct word *terms; /* at most SEARCH_TERMS_MAX; all of them must be found */
    struct campaign_list_key after;
    int limit; /* up to CAMPAIGN_LIST_MAX */
};
struct campaign_page {
    const struct campaign *first;
    const struct campaign *last;
    bool more; /* there are others after the last one */
};
struct campaign_page campaign_list(struct work *work, const struct campaign_query *query);
/* As it stands in the table: the state that was last written down. */
const struct campaign *campaign_get_stored(struct work *work, struct campaign_id id);
/* False: the slug is taken. */
bool campaign_insert(struct work *work, const struct campaign *campaign);
void campaign_word_insert(struct work *work, struct campaign_id id, const char *word);
/* False: it was not in state `from`, from which there is a step to `to`. A campaign that becomes
 * `reached` notes when. */
bool campaign_set_state(struct work *work, struct campaign_id id, enum campaign_state from,
                        enum campaign_state to);
/* Adds to the counters and raises the version; the campaign as it is now, without its texts; NULL:
 * there is none. */
const struct campaign *campaign_add_people(struct work *work, struct campaign_id id, int64_t people,
                                           int64_t minutes);
/* Adds to the quantity and raises the version. */
void campaign_add_quantity(struct work *work, struct campaign_id id, int64_t quantity);
/* A sentence about a campaign whose row cannot be, or NULL. */
const char *campaigns_check(struct work *work);

/* campaigns_create.c: what follows from what was written */

#define CAMPAIGNS_NEW "new" /* the address of the page where one begins: no campaign has it */
enum { SESSION_HANDLE_CHARS = 12 };
bool campaign_derive_dates(struct work *work, struct campaign *campaign);
/* Of a title: a part of the address; "" when it has no letter for one. */
const char *campaign_slug(struct work *work, const char *title);
/* The words of the search, in place of those that were there. */
void campaign_write_words(struct work *work, const struct campaign *campaign);
/* The one row that holds the seats of a campaign without sessions. */
void session_insert_timeless(struct work *work, const struct campaign *campaign, int64_t capacity);

/* campaigns_wall.c: wall clocks such as 2026-11-28T14:00:00 */

/* Its UTC; 0 when it is none. */
int64_t campaign_utc(struct work *work, const struct zone *zone, const char *local);
const char *wall_text(struct mem *mem, const struct wall *wall);
/* By what the clocks show, whatever their zone does between; 0 when one of them is none. */
int64_t wall_between(struct mem *mem, const char *from, const char *until);
const char *wall_shift(struct mem *mem, const char *local, int64_t seconds);
/* The community's, where there is none of that name. */
const struct zone *zone_named(struct work *work, const char *name);

/* campaigns_holidays.c: a day that no first draft proposes */
bool day_is_holiday(const struct wall *wall);

/* campaigns_edit.c */

struct form_input;
struct campaign_wish {
    struct campaign_draft draft;
    bool sure; /* whoever writes it knows that people will be asked again */
};
/* Other values for what people write of it, the wall clocks of its dates among them; the words of
 * the search, the seats' place and, of a draft, the address follow. Refuses: refusal_fields, with
 * errors in `input`. Effects of a public one: a line of the audit log, its next state; what people
 * must know is noted. Where another place asks people again, `sure` is asked for as in
 * session_change. */
const struct refusal *campaign_edit(struct work *work, const struct campaign *before,
                                    const struct campaign_wish *wish, struct form_input *input);
/* How many of its people another place would ask again. */
int64_t campaign_place_asks(struct work *work, const struct campaign *campaign,
                            const struct session *sessions);
/* The n-th address (from 1) to try for that title. */
const char *campaign_slug_try(struct work *work, const char *title, int n);
enum { CAMPAIGN_SLUG_TRIES = 22 };
/* As they stand in the form: "" for an opening as soon as it is published. */
const char *campaign_opens_wall(struct work *work, const struct campaign *campaign);
const char *campaign_closes_wall(struct work *work, const struct campaign *campaign);
/* Takes the steps that are due, and plans the job of the next date. */
void campaign_plan(struct work *work, struct campaign_id id);

/* campaigns_edit_sessions.c. Each refuses what cannot be (refusal_fields, with errors in `input`),
 * and refusal_sessions_fixed once the campaign is over. */

/* A session as written: title, wall clocks, zone, place, online, capacity. */
struct session_wish {
    struct session session;
    bool sure; /* whoever writes it knows that people will be asked again */
};
struct session_copies {
    const char *starts_local; /* of the first */
    int64_t times;            /* a week apart */
};
/* Nobody could sign up to a date that is added after the deadline. */
bool sessions_may_grow(const struct campaign *campaign);
/* Refuses also: refusal_campaign_without_dates. */
const struct refusal *session_add(struct work *work, const struct campaign *campaign,
                                  const struct session *written, struct form_input *input);
/* People who are in are not asked again by mistake: without `sure` an error beside it says how many
 * they are. What they must know is noted; announces ANNOUNCE_SESSION_MINUTES. */
const struct refusal *session_change(struct work *work, const struct session *before,
                                     const struct session_wish *wish, struct form_input *input);
/* The same time by the clock on other days. */
const struct refusal *session_copy(struct work *work, const struct session *session,
                                   const struct session_copies *copies, struct form_input *input);
/* Refuses: refusal_session_used, refusal_session_last. */
const struct refusal *session_remove(struct work *work, const struct session *session);

/* edit_store.c */

/* Writes what people write of a campaign; its state, its counters and its address stay. */
void campaign_update(struct work *work, const struct campaign *campaign);
/* Of these its zone, its dates, and whether it is listed. */
void campaign_set_dates(struct work *work, const struct campaign *campaign);
/* Leads to it from now on. False: another campaign of the community has it, or had it once. */
bool campaign_address_take(struct work *work, struct campaign_id id, const char *slug);
int64_t campaign_count_addresses(struct work *work, struct campaign_id id);
/* Of those that lead to it, the one that pages and mails give. */
void campaign_set_slug(struct work *work, struct campaign_id id, const char *slug);
void campaign_words_delete(struct work *work, struct campaign_id id);
/* What each gives is a session's length from now on. */
void campaign_hours_by_sessions(struct work *work, struct campaign_id id);
/* acts_from and acts_until, from the sessions that there are. */
void campaign_acts_recount(struct work *work, struct campaign_id id);
/* One of this campaign with that handle; NULL: there is none. */
const struct session *session_get_by_handle(struct work *work, struct campaign_id id,
                                            const char *handle);
/* Writes all but its seats. False: more are taken than it would have. */
bool session_update(struct work *work, const struct session *session);
/* False: it has been signed up to, or is gone. */
bool session_delete(struct work *work, struct session_id id);

/* campaigns_organisers.c, organisers_store.c */
struct json_t;
struct person;
void campaigns_export_person(struct work *work, const char *email, struct json_t *object);
void campaigns_forget_person(struct work *work, const char *email);
const struct refusal *campaigns_need_person(struct work *work, const char *email);
/* Somebody leads a campaign that runs, and nobody else does who may come in. */
bool campaign_is_led_alone(struct work *work, struct person_id person);
/* The person's store (person_store.c). Who asks, where it is that person, by their address or their
 * name: the community does. */
void campaigns_unname(struct work *work, const struct person *person);
/* All that they lead with an id above `after`, in pages: what they wrote of each. */
struct campaign_led {
    const struct campaign_led *next;
    int64_t id;
    const char *slug, *title, *summary, *story, *state, *organiser_name, *organiser_email;
};
const struct campaign_led *campaigns_led_by(struct work *work, struct person_id person,
                                            int64_t after);
/* What is written in drafts that nobody else leads. */
void campaign_drafts_empty(struct work *work, struct person_id person);
void campaign_organisers_forget(struct work *work, struct person_id person);

/* days_store.c */

/* What one day brought. */
struct campaign_day {
    const struct campaign_day *next;
    int64_t day; /* of the community's calendar, counted from 1970-01-01 */
    int64_t people;
    int64_t minutes;
    int64_t quantity;
};
int64_t calendar_day(const struct zone *zone, int64_t at);
/* Adds to the day of `at`. */
void campaign_day_count(struct work *work, struct campaign_id id, int64_t at,
                        const struct campaign_day *day);
/* How many campaigns a person leads since then. */
int64_t campaign_count_organised(struct work *work, struct person_id person, int64_t since);
/* The latest CAMPAIGN_DAYS_MAX on which something changed, in their order. */
const struct campaign_day *campaign_days(struct work *work, struct campaign_id id);
/* A sentence about a campaign whose days are not its counters, or NULL. */
/* States against dates, counters and jobs (check_store.c). */
const char *campaign_states_check(struct work *work);
const char *campaign_days_check(struct work *work);

/* sessions_store.c */

/* The sessions of one campaign, among those of a list. */
struct session_group {
    const struct session_group *next;
    struct campaign_id campaign_id;
    const struct session *first; /* by start */
};
/* Reads those of all these campaigns in one statement; in none when there is no campaign. After the
 * last id there are zeros. */
const struct session_group *session_groups(struct work *work,
                                           const struct campaign_id ids[CAMPAIGN_LIST_MAX]);
/* Those of one campaign, as campaign_sessions gives them. */
const struct session *session_group_get(const struct session_group *groups, struct campaign_id id);
void session_insert(struct work *work, const struct session *session);
/* A sentence about a session whose counters cannot be, or NULL. */
const char *sessions_check(struct work *work);

/* campaigns_result.c: the handler of the result page. */
const struct refusal *campaign_result_handle(struct request *rq);

/* campaigns_settle.c */

/* Takes every step that is due and tells of each; when the next may be due, or 0: never. */
int64_t campaign_settle(struct work *work, struct campaign_id id);
void campaign_settle_job(struct work *work, struct job *job);
extern const char campaign_settle_kind[];

/* campaigns_organise.c */
struct todo_list;
const struct refusal *campaign_organise_handle(struct request *rq);
void campaign_todos(struct request *rq, int64_t campaign_id, struct todo_list *list);
