/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the parts of this folder: rules, store, mails, and what templates show. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "base/time.h"
#include "features/privacy/privacy.h"
#include "web/form.h"
#include "web/route.h"

struct job;
struct json_t;
struct lang;
struct mem;
struct refusal;
struct request;
struct work;

enum {
    UNCONFIRMED_DAYS = 7, /* until a community says other; also in privacy_settings.c */
    DATA_LINK_SECONDS = HOUR_SECONDS,
    DATA_TOKEN_CHARS = 52, /* of 5 bits */
    MONTH_DAYS = 30,
    IDLE_WARNED_DAYS = 30,      /* between the mail that says so and the end of an account */
    PRIVACY_SETTINGS_MAX = 100, /* rows of one community: one for each field */
    UNDER_WAY_SECONDS = 365 * DAY_SECONDS, /* a campaign that nobody closes counts as ended then */
};

/* Rules (privacy_data.c). */

/* Mails the link to the address, whoever that is. Refuses: mails_too_often (429). */
const struct refusal *data_ask(struct work *work, const char *email, const struct lang *lang);
/* The address of a link that still opens; NULL: none. */
const char *data_of_token(struct work *work, const char *token);
/* All that every feature keeps of that address: an object that the caller releases. */
struct json_t *data_export(struct work *work, const char *email);
/* Answers with that as a file: JSON, or a table of kind, number, name and value. However much there
 * is (privacy_file.c). */
void data_file_reply(struct request *rq, const char *email, bool as_table);
/* Why the person cannot go now, as some feature says: they are the last who looks after something.
 * NULL: they can. */
const struct refusal *data_refuses_erasing(struct work *work, const char *email);
/* Takes them out of every feature, in this transaction, and says so in one last mail, which goes
 * too once it has ended. Who has more than a page of sign-ups is taken out of those first, a page
 * in each run of a job. Refuses: as above. */
const struct refusal *data_erase(struct work *work, const char *email, const struct lang *lang);
/* The end of it, once no sign-up is left. */
void data_erase_rest(struct work *work, const char *email, const struct lang *lang);

/* Mails (privacy_mail.c). */
#define DATA_TYPED "my-data"
void privacy_mail_link(struct work *work, const char *email, const char *path,
                       const struct lang *lang);
void privacy_mail_erased(struct work *work, const char *email, const struct lang *lang);
void privacy_mail_idle(struct work *work, const char *email, int64_t until,
                       const struct lang *lang);

/* Jobs (privacy_jobs.c). */
#define JOB_FAREWELL "privacy.farewell"
#define JOB_ERASE "privacy.erase"
void privacy_erase_run(struct work *work, struct job *job);
void privacy_farewell_run(struct work *work, struct job *job);
void privacy_links_run(struct work *work, struct job *job);
void privacy_names_run(struct work *work, struct job *job);
void privacy_unconfirmed_run(struct work *work, struct job *job);
void privacy_idle_run(struct work *work, struct job *job);
void privacy_heard_end(struct work *work, int64_t campaign_id);
void privacy_heard_under_way(struct work *work, int64_t campaign_id);
void privacy_heard_opened(struct work *work, int64_t campaign_id);

/* Settings (privacy_settings.c). */
struct privacy_settings {
    const char *publisher, *address, *contact, *director, *hosting, *dpo, *security;
    const char *accessibility; /* "unknown", "partial", "full" */
    const char *accessibility_on;
    int64_t names_months, unconfirmed_days, account_years;
    int64_t set_at; /* the latest of the three numbers; 0: they are the program's own */
};
struct privacy_settings privacy_settings_get(struct work *work);
/* What the first community says: accounts are of the whole install. */
int64_t privacy_account_years(struct work *work);
/* The names of what a legal page lacks, translated, "a, b and c"; NULL: nothing. */
const char *privacy_missing(struct request *rq, const struct privacy_settings *settings);
route_handler privacy_settings_show;
route_handler privacy_settings_handle;

/* Pages. */
route_handler legal_show;
route_handler privacy_show;
route_handler terms_show;
route_handler accessibility_show;
route_handler security_txt_handle;

/* The store. */
void data_link_insert(struct work *work, const char *hash, const char *email);
const char *data_link_email(struct work *work, const char *hash);
int64_t data_links_count(struct work *work, const char *email, int64_t since);
void data_links_delete(struct work *work, const char *email);
int data_links_forget(struct work *work, int64_t until);
/* What the community of the work has set; what is not among them is as the program has it. */
struct privacy_setting {
    const struct privacy_setting *next;
    const char *name, *value;
    int64_t set_at;
};
const struct privacy_setting *privacy_setting_list(struct work *work);
void privacy_setting_write(struct work *work, const char *name, const char *value);
/* What does not add up. */
const char *privacy_check(struct work *work);
/* Who is being erased in pages: their address, NULL when that has ended. */
int64_t erasing_insert(struct work *work, const char *email, const char *language);
const char *erasing_get(struct work *work, int64_t id, const char **ret_language);
void erasings_delete(struct work *work, const char *email);
void campaign_end_write(struct work *work, struct campaign_id id, int64_t ended_at);
void campaign_end_drop(struct work *work, struct campaign_id id);
void campaign_end_erased(struct work *work, struct campaign_id id);
/* Those that ended until then and whose names are there, from the id `from` on, by id, in pages. */
enum { CAMPAIGN_ENDS_PAGE = 50 };
struct campaign_ended {
    const struct campaign_ended *next;
    struct campaign_id id;
    int64_t ended_at;
};
const struct campaign_ended *campaign_end_list(struct work *work, int64_t from, int64_t until);
/* Sign-ups that nobody confirmed for as long as their community keeps them, the oldest first, at
 * most JOB_PAGE_ROWS: id, campaign and handle of each. */
struct sign_up;
const struct sign_up *sign_up_list_unconfirmed(struct work *work);
struct idle_person {
    const struct idle_person *next;
    struct person_id id;
    const char *email;
    const char *language;
    int64_t since;     /* 0: not known to be idle */
    int64_t warned_at; /* 0: not yet */
    bool is_used;      /* somebody is signed in, or has signed up, since `used_after` */
};
const struct idle_person *idle_list(struct work *work, int64_t after, int64_t used_after);
void idle_write(struct work *work, struct person_id id, int64_t since, int64_t warned_at);
void idle_drop(struct work *work, struct person_id id);

/* Views. */
struct form_summary;
struct input_view;

struct data_ask_page {
    const struct form_summary *errors;
    const struct input_view *email;
};
struct data_count {
    const struct data_count *next;
    const char *words;
    int64_t count;
};
struct data_page {
    const char *email;
    const struct data_count *counts; /* of an address that is not known: of this very mail */
    const char *json_path;
    const char *csv_path;
    const char *erase_path;
    const char *refusal; /* why it cannot be erased now; NULL: it can */
    const struct form_summary *errors;
    const struct input_view *sure;
};
struct data_mail {
    const char *community;
    const char *link;
    const char *until;
};
struct privacy_settings_page {
    const struct form_summary *errors;
    bool is_saved;
    const char *missing; /* NULL: nothing */
    const struct input_view *publisher, *address, *contact, *director, *hosting, *dpo, *security;
    const struct input_view *accessibility, *accessibility_on;
    const struct input_view *names_months, *unconfirmed_days, *account_years;
};
/* What is done with data for one purpose: each translated. */
struct purpose {
    const struct purpose *next;
    const char *what, *data, *basis, *kept, *why;
};
struct legal_page {
    const struct privacy_settings *settings;
    const char *community;
    const char *site;
    const char *missing; /* told to an administrator; NULL: nothing, or it is somebody else */
    const char *contact; /* of the community: a mail address; NULL: none */
    const char *reach;   /* that, or how else it is reached; NULL: it is not said */
    const struct purpose *purposes;
    const char *set_on; /* since when its numbers hold; NULL: they are the program's own */
};
