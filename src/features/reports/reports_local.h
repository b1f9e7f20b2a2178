/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of this folder share: the rows of reports, their corrections, and what pages show
 * of them. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "features/reports/reports.h"
#include "sys/html.h"

struct view;
struct campaign;
struct db_row;
struct form_input;
struct form_summary;
struct html;
struct input_view;
struct job;
struct json_t;
struct request;
struct sign_up;
struct view_text;
struct work;

enum {
    REPORT_NOTES_MAX = 20,
    REPORT_HANDLE_CHARS = 12,
    REPORT_TOKEN_CHARS_MAX = 128, /* the form's bound */
    REPORT_REASON_CHARS_MAX = 200,
    REPORT_CORRECTIONS_MAX = 20,    /* shown of one report, the latest */
    REPORT_CORRECTIONS_DAY_MAX = 5, /* by organisers: each is mailed to whoever gave it */
    REPORTS_REPLACED_MAX = 20,      /* counted no further, as something to do */
    CLOSING_PROPOSED_DAYS = 14,
    THANKS_BYTES_MAX = 2000,
    CLAIM_CHARS_MAX = 300,
    CLAIMS_MAX = 6, /* of one campaign */
};

struct report {
    const struct report *next;
    int64_t id;
    struct community_id community_id;
    struct campaign_id campaign_id;
    struct sign_up_id sign_up_id; /* 0: none */
    const char *handle;
    int64_t quantity;
    const char *note;
    const char *how; /* "declared", "verified" */
    bool set_aside;
    bool shows_note;
    int64_t checked_at; /* the organiser last looked after it; 0: never */
    bool replaced;      /* by its participant, after that: to be looked at */
    int64_t created_at;
    bool corrected;         /* it said something else before */
    const char *first_name; /* of the sign-up; NULL: told to the organiser; "": it was forgotten */
};

/* Rules (reports.c). */

/* What this report adds to its campaign's quantity. */
int64_t report_counts(const struct report *report);
/* Declared: whoever gave it may give another one, whatever the organiser made of it. What is
 * verified or set aside is the organiser's. Source: docs/decisions/0027-corrected-numbers.md */
bool report_is_theirs(const struct report *report);

/* What a participant sends. */
struct report_wish {
    int64_t quantity;
    const char *note;
    const char *token;    /* of one's own sign-up; "": whoever is signed in */
    const char *replaces; /* the handle of one's own earlier report; "": none */
    const char *key;      /* of a script; "": none */
};

/* A participant says how much they did; or corrects what they said before: the report that the wish
 * names, or the only one where each gives one. Refuses: report_not_in, as report_refusal does,
 * refusal_not_found (there is no such report of theirs), report_checked, report_enough (409). */
const struct refusal *report_give(struct work *work, const struct campaign *campaign,
                                  const struct sign_up *sign_up, const struct report_wish *wish,
                                  const struct report **ret_report);
/* A new one, as declared, counted and told; nothing is asked. */
const struct report *report_new(struct work *work, const struct campaign *campaign,
                                struct sign_up_id sign_up, int64_t quantity, const char *note);
/* Writes `to` where `from` stands, with what stood there as a correction by `person` (0: the
 * participant); the campaign's counters follow. False: somebody was faster. */
struct report_change {
    const struct report *from;
    const struct report *to;
    int64_t person_id;
    const char *reason; /* "" where none was asked for; NULL: it leaves no trace */
};
bool report_change(struct work *work, const struct report_change *change);

/* Rules of the organiser (reports_organise.c). */

/* What the organiser says of one report. */
struct report_ruling {
    int64_t was; /* the quantity that the organiser saw; 0: not said */
    int64_t quantity;
    bool verified;
    bool set_aside;
    bool hides_note;
    const char *reason; /* wanted where the result changes */
};
/* Refuses: refusal_fields (no reason), report_was_changed and report_corrected_enough (409). */
const struct refusal *report_rule(struct work *work, const struct report *from,
                                  const struct report_ruling *ruling, struct form_input *input);

/* What somebody told the organiser, on the telephone or on paper. */
struct report_told {
    int64_t quantity;
    const char *note;
    bool verified;
};
/* Refuses as report_refusal does. */
const struct refusal *report_add_told(struct work *work, const struct campaign *campaign,
                                      const struct report_told *told);

extern const struct refusal report_not_in;

/* reports_store.c */

/* In the order in which reports_of_rows reads them. */
#define REPORT_COLUMNS                                                                             \
    "id, community_id, campaign_id, sign_up_id, handle, quantity, note, how, set_aside, "          \
    "shows_note, checked_at, created_at, replaced, "                                               \
    "EXISTS (SELECT 1 FROM report_correction c WHERE c.report_id = report.id), "                   \
    "(SELECT s.first_name FROM sign_up s WHERE s.id = report.sign_up_id)"
const struct report *reports_of_rows(struct work *work, const struct db_row *row);
void report_insert(struct work *work, const struct report *report);
const struct report *report_get(struct work *work, int64_t id);
/* NULL: the campaign has none of that handle. */
const struct report *report_get_by_handle(struct work *work, struct campaign_id id,
                                          const char *handle);
/* What is given out of a report, with what it is for. */
struct report_kept {
    const struct report_kept *next;
    int64_t id;
    const char *campaign; /* the slug */
    const char *handle, *note, *how;
    int64_t quantity;
    bool set_aside;
    int64_t created_at;
};
/* All of one person (an e-mail in its normal form), with an id above `after`, in pages. */
const struct report_kept *report_list_kept(struct work *work, const char *email, int64_t after);
/* The latest REPORTS_PER_SIGN_UP_MAX of one sign-up, the newest first. */
const struct report *report_list_by_sign_up(struct work *work, struct sign_up_id id);
/* False: it does not stand there as `from` any more. */
bool report_update(struct work *work, const struct report *from, const struct report *to);
void report_correction_insert(struct work *work, const struct report_change *change);

struct report_note {
    const struct report_note *next;
    int64_t quantity;
    const char *note;
};
/* The latest REPORT_NOTES_MAX of those that are shown. */
const struct report_note *report_notes(struct work *work, struct campaign_id id);
/* Takes away what this sign-up wrote; the numbers stay. */
void report_notes_forget(struct work *work, struct sign_up_id id);

/* What is kept of a campaign's result; all zero, and "", when there is none yet. */
struct campaign_result {
    const char *reports_each; /* "once", "many", "": by the campaign's kind */
    int64_t reports;
    int64_t verified;
    const char *thanks; /* "" for none */
};
struct campaign_result campaign_result_get(struct work *work, struct campaign_id id);
void campaign_result_count(struct work *work, struct campaign_id id, int64_t reports,
                           int64_t verified);
/* reports_organise_store.c */

/* Those that were replaced after a correction, the oldest first, at most REPORTS_REPLACED_MAX. */
const struct report *report_list_replaced(struct work *work, struct campaign_id id);

enum report_order { REPORTS_NEWEST, REPORTS_LARGEST };
/* At most `count` of the campaign, behind `after` (NULL: from the first). */
const struct report *report_list(struct work *work, struct campaign_id id, enum report_order order,
                                 const struct report *after, int count);
struct report_correction {
    const struct report_correction *next;
    int64_t quantity; /* until then */
    const char *how;
    bool set_aside;
    struct person_id person; /* 0: the participant */
    const char *reason;
    int64_t created_at;
};
/* The latest first. */
const struct report_correction *report_corrections(struct work *work, int64_t report_id);

/* reports_claims_store.c */

/* How often each participant is asked: "once", "many", "" by the campaign's kind. */
void campaign_result_ask(struct work *work, struct campaign_id id, const char *each);
const struct claim *claim_list(struct work *work, struct campaign_id id);
void claim_insert(struct work *work, struct campaign_id id, const struct claim *claim);
bool claim_delete(struct work *work, struct campaign_id id, const char *handle); /* there was one */

/* reports_jobs.c */

struct closing_mail {
    const char *campaign;
    const char *url;
};
/* To a participant. */
struct corrected_mail {
    const char *first_name, *organiser, *campaign, *unit;
    int64_t before, now;
    bool is_set_aside, was_set_aside;
    bool may_answer;
    bool may_replace;
    const struct view_text *words; /* the organiser's, line by line */
    const char *own_url;
};
/* Tells whoever gave the number, if there is an address (reports_mail.c). */
void report_mail_corrected(struct work *work, const struct report_change *change);
extern const char report_propose_kind[];
extern const char report_thank_kind[];
void report_propose_run(struct work *work, struct job *job);
void report_thank_run(struct work *work, struct job *job);
void report_heard_under_way(struct work *work, int64_t campaign_id);
void report_heard_reported(struct work *work, int64_t campaign_id);

/* A sentence about a campaign whose counters are not the sums of its reports, or NULL. */
const char *reports_check(struct work *work);

/* Each participant may say more than once how much they did: the organiser's choice, else where
 * there are no sessions. */
bool campaign_takes_many(const struct campaign *campaign, const struct campaign_result *result);

/* Pages: reports_pages.c */

struct report_option {
    const struct report_option *next;
    const char *handle; /* "": a new one */
    int64_t quantity;
    const char *date;
    bool chosen;
    bool is_set_aside;
    const char *was; /* until the organiser corrected it; NULL: nobody did */
    const char *why;
};

/* The form of a participant, and what they said so far. */
struct report_panel {
    const char *action;
    const char *token; /* "": they are signed in */
    const char *unit;
    const char *language; /* of the unit */
    const char *result_path;
    bool takes; /* reports are taken: there is a form */
    bool is_correction;
    bool is_checked; /* verified or set aside: nothing of it is changed here any more */
    const struct form_summary *errors;
    const struct input_view *quantity, *note, *replaces;
    const struct report_option *own;     /* what they have said, the newest first */
    const struct report_option *options; /* what the form may do; NULL: one thing only */
};

struct thanks_view {
    struct safe_html words;
    const char *organiser;
    const char *language;
};

/* For the template of the result page. */
struct reports_view {
    int64_t count;
    int64_t declared;
    int64_t verified;
    const char *unit;
    const char *language;            /* of the campaign, and most likely of its notes */
    const struct report_note *notes; /* the latest first */
};

extern const struct view reports_organise_json;

/* How a quantity is known; NULL-ended. */
extern const char *const report_how_names[];
