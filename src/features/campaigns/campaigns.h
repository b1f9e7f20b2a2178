/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Campaigns: a goal, a deadline, sessions, and the states that follow from them. Knows nothing of
 * who signs up: sign-ups take and give back seats and count people through this header. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "core/audit/audit.h"

struct feature;
struct login;
struct refusal;
struct request;
struct safe_html;
struct view;
struct work;

extern const struct feature campaigns_feature;
extern const struct refusal refusal_campaign_hidden; /* 409 */

enum campaign_state {
    CAMPAIGN_DRAFT,
    CAMPAIGN_SUBMITTED,
    CAMPAIGN_SCHEDULED,
    CAMPAIGN_OPEN,
    CAMPAIGN_REACHED,
    CAMPAIGN_MISSED,
    CAMPAIGN_UNDER_WAY,
    CAMPAIGN_REPORTED,
    CAMPAIGN_CANCELLED,
};

enum goal_unit { GOAL_PEOPLE, GOAL_HOURS, GOAL_QUANTITY };

struct session {
    const struct session *next;
    struct session_id id;
    struct campaign_id campaign_id;
    const char *handle;
    const char *title;
    const char *starts_local; /* "" when timeless */
    const char *ends_local;
    const char *time_zone;
    int64_t starts_at; /* 0 when timeless */
    int64_t ends_at;
    const char *place;
    bool online;
    int64_t capacity; /* SESSION_UNLIMITED for none */
    int64_t taken;
    int64_t pending;
    int64_t waiting;
    bool used; /* somebody has signed up to it once: its row stays */
};

#define SESSION_UNLIMITED INT64_MAX

struct campaign {
    const struct campaign *next;
    struct campaign_id id;
    struct community_id community_id;
    const char *slug;
    const char *title;
    const char *summary;
    const char *story;
    const char *story_html;
    const char *language;
    enum campaign_state state;
    const char *organiser_name;
    const char *organiser_email;
    const char *place;
    bool online;
    const char *time_zone;
    int64_t opens_at;
    int64_t closes_at;
    int64_t acts_from;
    int64_t acts_until;
    enum goal_unit goal_unit;
    int64_t minimum;
    int64_t target;
    const char *quantity_unit;
    int64_t party_max;
    bool asks_hours;
    int64_t minutes_each;
    bool allows_overlap;
    int64_t created_at;
    int64_t reached_at;
    int64_t people;
    int64_t minutes;
    int64_t quantity;
    int64_t waiting;
    int64_t version;
    const char *opens_local;  /* as written, a wall clock in time_zone; "": as soon as published */
    const char *closes_local; /* "": written before wall clocks were kept */
    bool hidden;              /* its page was taken away, see campaign_hide */
    const char *hidden_word;  /* to those who lead it; "" for none */
    bool unlisted;            /* for who has its address: in no list, and not for search engines */
};

/* Reading. Each notes that the answer depends on the campaign. NULL: there is none, also for a
 * draft or a submitted one. */
const struct campaign *campaign_get_public(struct work *work, const char *slug);
const struct campaign *campaign_get_by_slug(struct work *work,
                                            const char *slug); /* whatever its state */
const struct campaign *campaign_get(struct work *work,
                                    struct campaign_id id); /* whatever its state */
/* All sessions, by start; the timeless one alone for a campaign without sessions. */
const struct session *campaign_sessions(struct work *work, struct campaign_id id);
const struct session *session_get(struct work *work, struct session_id id);

const char *campaign_state_name(enum campaign_state state); /* "under_way" */
extern const char *const campaign_state_names[];            /* NULL-ended */
bool campaign_has_sessions(const struct campaign *campaign);
/* NULL, or why nobody can sign up now: refusal_campaign_not_open_yet, refusal_campaign_closed,
 * refusal_campaign_cancelled, refusal_campaign_hidden: 409. */
const struct refusal *campaign_refuses_sign_ups(const struct campaign *campaign, int64_t now);
/* NULL, or why nobody can sign up to this session any more: refusal_session_over (409). Whether it
 * is full is session_take's to say. */
const struct refusal *session_refuses_sign_ups(const struct session *session, int64_t now);
/* Somebody can still take a place in one of these sessions. */
bool sessions_have_places(const struct session *sessions, int64_t now);
const char *campaign_path(struct work *work,
                          const struct campaign *campaign); /* "/campaigns/<slug>" */
/* The hours that one person gives in this session, in minutes: the session's length, or the
 * campaign's own. */
int64_t session_minutes_each(const struct campaign *campaign, const struct session *session);

/* Where people go: as the session says, or, where it says nothing, as its campaign does. */
struct whereabouts {
    const char *place; /* "" for none */
    bool online;
};
struct whereabouts session_whereabouts(const struct campaign *campaign,
                                       const struct session *session);

/* What is still to come, and in which unit: to the minimum until the campaign is reached, then to
 * the target; 0: nothing. */
int64_t campaign_to_go(const struct campaign *campaign, enum goal_unit *ret_unit);

/* Takes `places` (1..party_max) pending seats in one conditional update: all of them or none.
 * Refuses: refusal_session_full. */
const struct refusal *session_take(struct work *work, struct session_id id, int64_t places);
/* Pending seats become confirmed ones; or seats are given back. */
void session_settle_pending(struct work *work, struct session_id id, int64_t places);
void session_give_back(struct work *work, struct session_id id, int64_t places, bool were_pending);

/* Counts people who confirmed (or left, below zero) and their minutes; raises the version; when an
 * open campaign gets to its minimum it becomes `reached`, once: activity, and
 * ANNOUNCE_CAMPAIGN_REACHED goes out. */
void campaign_count(struct work *work, struct campaign_id id, int64_t people, int64_t minutes);
/* The same for a reported quantity, on the day of `at`: what is corrected later was never there. */
void campaign_count_quantity(struct work *work, struct campaign_id id, int64_t quantity,
                             int64_t at);

/* A campaign to be made: the fields that are written by people; wall clocks of opening and
 * deadline, or, without them, their UTC; sessions linked by next with local times, zone, title,
 * place, online, capacity. Ids, handles, derived times, rendered story and counters are made here.
 * Without sessions, one timeless session with `capacity`. */
struct campaign_draft {
    struct campaign campaign;
    const struct session *sessions;
    int64_t capacity;
};
/* Makes it as a draft. Without a slug, one is made of the title. Refuses: refusal_campaign_fields
 * for what cannot be (ends before it starts, no title, unknown zone, …),
 * refusal_campaign_slug_taken. */
const struct refusal *campaign_create(struct work *work, const struct campaign_draft *draft,
                                      struct campaign_id *ret_id);
/* draft -> open (opens_at passed), or scheduled. Plans the job of its next date. Refuses:
 * refusal_campaign_not_draft, refusal_campaign_too_late when its deadline has passed,
 * refusal_not_found. */
const struct refusal *campaign_publish(struct work *work, struct campaign_id id);
/* under_way -> reported: the organiser's act. Refuses refusal_campaign_not_done before anything
 * could have happened, refusal_not_found. */
const struct refusal *campaign_report(struct work *work, struct campaign_id id);

/* What changed of a campaign, and how it was before that. */
enum change_of { CHANGE_TITLE, CHANGE_DEADLINE, CHANGE_MINUTES, CHANGE_PLACE, CHANGE_TIME };
struct campaign_change {
    const struct campaign_change *next;
    struct session_id session_id; /* of a place or a time; 0: of the campaign itself */
    enum change_of of;
    const char *text; /* title or place */
    bool online;
    int64_t from; /* of a time; or the deadline; or the minutes that each gives */
    int64_t until;
    int64_t at;
};
/* What is to be told now, the earliest first; `anew` begins with all that was noted so far. NULL:
 * nothing was. */
const struct campaign_change *campaign_changes_take(struct work *work, struct campaign_id id,
                                                    bool anew);
/* What was noted and is not being told yet, the earliest first. */
const struct campaign_change *campaign_changes_noted(struct work *work, struct campaign_id id);
/* It is as it was before that change; `session` is the one that changed (NULL: it is gone, or the
 * campaign changed). */
bool campaign_change_is_undone(const struct campaign_change *change,
                               const struct campaign *campaign, const struct session *session);
/* All of them are told. When the first change of the next gathering was noted; 0: none was. */
int64_t campaign_changes_done(struct work *work, struct campaign_id id);
/* Nobody is told what was noted so far. */
void campaign_changes_drop(struct work *work, struct campaign_id id);
/* Something of the session changed and is not told yet. */
bool session_change_waits(struct work *work, const struct session *session);
/* Who said yes to this session as it was is to be asked again: it has not begun, and is elsewhere,
 * or some minute of it lies outside of what it was. */
bool campaign_change_asks(const struct campaign_change *change, const struct session *session,
                          int64_t now);

/* Why it was cancelled, as its organiser wrote to all; "" for no word. */
const char *campaign_cancelled_because(struct work *work, struct campaign_id id);
/* missed -> open, by whoever heard ANNOUNCE_CAMPAIGN_EXTENDED, once nobody who was released is
 * counted any more. */
void campaign_open_again(struct work *work, struct campaign_id id);
/* When it did; 0: never. */
int64_t campaign_opened_again_at(struct work *work, struct campaign_id id);
/* Instead: it stays missed, and who leads it may extend it anew. */
void campaign_extension_failed(struct work *work, struct campaign_id id);

/* Takes its page away, from everybody but those who lead it and facilitators, or puts it back; its
 * organisers get a mail with that word. */
void campaign_hide(struct work *work, const struct campaign *campaign, bool hidden,
                   const char *word);
/* Those of the community that are hidden, the newest first, at most `count`. */
const struct campaign *campaign_list_hidden(struct work *work, int count);

/* Who leads it, besides the facilitators and administrators of its community. */
bool campaign_is_organised_by(struct work *work, struct campaign_id id, struct person_id person);
void campaign_add_organiser(struct work *work, struct campaign_id id, struct person_id person);
/* False: nothing was done, it is the last one. */
bool campaign_remove_organiser(struct work *work, struct campaign_id id, struct person_id person);
struct campaign_organiser {
    const struct campaign_organiser *next;
    struct person_id person;
    const char *name; /* "" for none yet */
    const char *email;
    const char *language;
};
enum { CAMPAIGN_ORGANISERS_MAX = 20 };
/* The first one first, at most CAMPAIGN_ORGANISERS_MAX; not those who are suspended. */
const struct campaign_organiser *campaign_organisers(struct work *work, struct campaign_id id);
int64_t campaign_count_organisers(struct work *work, struct campaign_id id);
/* Those that a person leads, the newest first, at most `limit` (up to CAMPAIGN_OWN_MAX), without
 * their texts. */
enum { CAMPAIGN_OWN_MAX = 100 };
const struct campaign *campaign_list_own(struct work *work, struct person_id person, int limit);
/* Writes a line of the audit log about the campaign, see audit_add. */
void campaign_audit(struct work *work, const struct campaign *campaign, enum audit_action action,
                    const char *detail);
/* For app->may_organise. */
bool campaign_may_organise(struct work *work, const struct login *login, const char *slug);

/* The count as the campaign's page has it, moving by itself, for other pages. */
struct safe_html campaign_tally_html(struct request *rq, const struct campaign *campaign);

/* The campaign's page, also after a refused sign-up: its handler. The one parameter is the slug. */
const struct refusal *campaign_page_handle(struct request *rq);

extern const struct refusal refusal_campaign_not_open_yet; /* 409 */
extern const struct refusal refusal_campaign_closed;       /* 409 */
extern const struct refusal refusal_campaign_cancelled;    /* 409 */
extern const struct refusal refusal_session_full;          /* 409 */
extern const struct refusal refusal_session_over;          /* 409 */
extern const struct refusal refusal_campaign_fields;       /* 422 */
extern const struct refusal refusal_campaign_slug_taken;   /* 409 */
extern const struct refusal refusal_campaign_not_draft;    /* 409 */
extern const struct refusal refusal_campaign_too_late;     /* 409 */
extern const struct refusal refusal_campaign_not_done;     /* 409 */
