/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A feature's card: the only contract between a feature and the frame. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct buf;
struct db_migration;
struct html;
struct json_t;
struct mem;
struct refusal;
struct request;
struct route;
struct view;
struct work;

/* A due piece of work, a row of table `job`. Runs inside a write transaction and must be safe to
 * run twice. */
struct job {
    const char *kind;
    int64_t object_id; /* what it is about; 0: none */
    int64_t cursor;    /* where the last page ended; the kind says what it means. Starts at 0 */
    int64_t again_at;  /* set by the run: the job stays and is due then (with its cursor); 0: it is
                          done */
    int64_t page_ends_ms; /* see job_page_is_over */
};

struct job_kind {
    const char *name; /* "signups.lapse" */
    void (*run)(struct work *work, struct job *job);
    bool always; /* one row of it (object 0) always exists */
    /* What else ends when an administrator gives up one that is parked; NULL: nothing. */
    void (*given_up)(struct work *work, int64_t object_id);
};

/* Places of pages to which other features add a part. */
enum panel_place {
    PANEL_NONE,
    PANEL_HOME,
    PANEL_CAMPAIGN,
    PANEL_RESULT_FIGURES, /* groups of its list of figures */
    PANEL_CAMPAIGN_RESULT,
    PANEL_RESULT_WORDS,    /* below its curve */
    PANEL_SIGN_UP,         /* one's own, of who is in */
    PANEL_ORGANISE,        /* of a campaign, for who leads it */
    PANEL_ORGANISE_RESULT, /* of its result */
    PANEL_EDIT,    /* of a campaign, below the form in which it is written: what comes next */
    PANEL_ACCOUNT, /* one's own page: about a person */
    PANEL_OWN,     /* below one's own sign-up, whatever became of it */
    PANEL_MAILS,   /* below the settings of one's e-mails: object 0, the path has the token */
    PANEL_ADMINISTRATION,        /* of a community: what waits for its administrators */
    PANEL_ADMINISTRATION_PLACES, /* the same: rows of the list of its pages */
};

struct panel {
    enum panel_place place;
    /* Writes its part about the object into the page. */
    void (*show)(struct request *rq, struct html *h, int64_t object_id);
    /* The same for the page's JSON: the fields of `json` are added to its object, from what `data`
     * gives. Both NULL: nothing. */
    const struct view *json;
    const void *(*data)(struct work *work, int64_t object_id);
};

/* What features announce to each other, in the transaction of what happened. */
enum announcement {
    ANNOUNCE_CAMPAIGN_OPENED, /* one can sign up: for the first time, or again after it was missed
                               */
    ANNOUNCE_CAMPAIGN_REACHED,
    ANNOUNCE_CAMPAIGN_MISSED,
    ANNOUNCE_CAMPAIGN_CANCELLED,
    ANNOUNCE_CAMPAIGN_EXTENDED, /* after it was missed: it opens again, see campaign_open_again */
    ANNOUNCE_CAMPAIGN_CHANGED,  /* in what people who are in must know, see campaigns_changes.h */
    ANNOUNCE_SESSION_MINUTES,   /* what each gives in a session is longer or shorter than before */
    ANNOUNCE_CAMPAIGN_UNDER_WAY,
    ANNOUNCE_CAMPAIGN_REPORTED,
    ANNOUNCE_SIGN_UP_FORGOTTEN, /* its name and address are gone: so must what its person wrote */
    ANNOUNCE_PERSON_ADDED,      /* an account begins */
};

/* What there is to do about a campaign, for who leads it: said by features from the present state,
 * shown on the organiser's page, the most urgent first. Nothing is kept: what is done is not said
 * any more. */
enum todo_urgency {
    TODO_NOW,  /* people wait for it */
    TODO_SOON, /* it gets worse by itself */
    TODO_LATER,
};

struct todo {
    const struct todo *next;
    enum todo_urgency urgency;
    const char *words;  /* translated: "3 e-mails came back." */
    const char *action; /* translated, what its link says: "See who" */
    const char *path;   /* where it is done; NULL: there is nothing to do but know it */
};

struct todo_list {
    struct mem *mem;
    const struct todo *first;
};
/* Adds a copy, behind those that are as urgent. */
void todo_add(struct todo_list *list, const struct todo *todo);

struct hook {
    enum announcement of;
    void (*heard)(struct work *work, int64_t object_id);
};

struct feature {
    const char *name;
    const struct db_migration *migrations; /* ends with sql NULL; may be NULL */
    const struct route *routes;            /* ends with method NULL; may be NULL */
    const struct job_kind *jobs;           /* ends with name NULL; may be NULL */
    const struct panel *panels;            /* ends with show NULL; may be NULL */
    const struct hook *hooks;              /* ends with heard NULL; may be NULL */
    /* Adds what there is to do about that campaign; NULL: nothing, ever. */
    void (*todos)(struct request *rq, int64_t campaign_id, struct todo_list *list);
    /* Adds all that this feature keeps of the person with that e-mail (in its normal form) to
     * `object`; and takes names and addresses away. Neither may be missing: see
     * feature_keeps_no_person. */
    void (*export_person)(struct work *work, const char *email, struct json_t *object);
    void (*forget_person)(struct work *work, const char *email);
    /* Adds lines to GET /metrics of what the database knows, see web/metrics.h; of the whole
     * install. Must not read a table that grows. NULL: nothing. */
    void (*measure)(struct work *work, struct buf *out);
    /* Why that person cannot be forgotten now: they are the last who looks after something, and
     * what they do first. NULL: never. */
    const struct refusal *(*needs_person)(struct work *work, const char *email);
    /* One sentence for each thing that does not add up (counters, states); NULL: nothing to check.
     * Used by `essaim check` and after each story. Linked strings on work->mem; NULL when all is
     * well. */
    const char *(*check)(struct work *work);
};

/* Calls every feature's hooks of that announcement. */
void feature_announce(struct work *work, enum announcement of, int64_t object_id);
/* Shows every feature's panels of that place, in the order of the list of features. */
void feature_panels(struct request *rq, struct html *h, enum panel_place place, int64_t object_id);
/* What all features say there is to do about a campaign, the most urgent first; NULL: nothing. */
const struct todo *feature_todos(struct request *rq, int64_t campaign_id);

/* Forgets the person with that e-mail (in its normal form) everywhere: what builds on others goes
 * before them. */
void feature_forget_person(struct work *work, const char *email);

/* Adds what every feature has to say there to the JSON of a page. */
void feature_panels_json(struct work *work, struct json_t *object, enum panel_place place,
                         int64_t object_id);
/* The views of what they add, in that order: the i-th; NULL past the last. */
const struct view *feature_panel_view(const struct feature *const *features, enum panel_place place,
                                      int i);

/* For the cards of features that keep nothing about people. */
void feature_keeps_no_person(struct work *work, const char *email, struct json_t *object);
void feature_forgets_no_person(struct work *work, const char *email);
