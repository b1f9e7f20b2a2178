/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the parts of this folder: handlers, and what templates show. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "features/administration/administration.h"
#include "sys/html.h"
#include "web/form.h"
#include "web/route.h"

struct view;
struct lang;

struct zone_offer {
    const struct zone_offer *next;
    const char *name;
};

struct administration_page {
    struct safe_html panels; /* what other features have to say; "" for nothing */
    struct safe_html places; /* rows of their pages */
    int64_t parked;          /* jobs */
    bool is_new;             /* nobody has said yet what the community is */
};

/* What a job of that kind does (administration_jobs.c). */
const char *job_words(const struct lang *lang, const char *kind);

/* People. */
extern const struct form invite_form;
extern const struct form role_form;
route_handler members_show;
route_handler members_handle; /* invites */
route_handler offer_withdraw_handle;
route_handler member_show;
route_handler member_role_handle;
route_handler member_suspend_handle;
route_handler member_lift_handle;
route_handler member_sign_out_handle;
route_handler member_again_handle; /* GET of a POST's address: back to the person */

struct member_view {
    const struct member_view *next;
    const char *handle;
    const char *path;
    const char *name; /* the address where there is none */
    const char *email;
    const char *role;       /* "member" */
    const char *role_words; /* translated */
    const char *since;
    bool is_suspended; /* here, or from the whole site */
    bool is_barred;    /* from the whole site: an administrator cannot lift that */
};
struct offer_view {
    const struct offer_view *next;
    const char *handle;
    const char *email;
    const char *role;
    const char *role_words;
    const char *until;
    const char *withdraw_path;
};
struct members_page {
    const char *query;
    const struct member_view *people;
    const struct offer_view *offers; /* on the first page alone */
    const char *next_path;           /* NULL: these are the last */
    bool is_cut;                     /* a search that found more */
    const struct form_summary *errors;
    const struct input_view *email;
    const struct input_view *role;
    bool is_invited;
};
struct member_page {
    const struct member_view *person;
    bool is_oneself;
    const char *refusal; /* translated; NULL: none */
    const struct form_summary *errors;
    const struct input_view *role;
    const struct input_view *sure;
    const char *role_path;
    const char *suspend_path;
    const char *lift_path;
    const char *sign_out_path;
};
struct invite_mail {
    const char *community;
    const char *role;
    const char *by;
    const char *url;
};

/* Jobs. */
route_handler jobs_show;
route_handler job_again_handle;
route_handler job_drop_handle;

struct job_view {
    const struct job_view *next;
    const char *id; /* the handle */
    const char *kind;
    const char *words; /* what it does, translated */
    const char *about; /* a campaign's title; NULL: none */
    const char *path;  /* its page */
    const char *since;
    int64_t parked_at;
    int64_t attempts;
    const char *fault;
    const char *again_path;
    const char *drop_path;
};
struct jobs_page {
    const struct job_view *jobs;
    int64_t due;
};

/* The audit log. */
route_handler log_show;

struct line_view {
    const struct line_view *next;
    const char *at_words;
    int64_t at;
    const char *action; /* "campaign.cancel" */
    const char *words;  /* translated */
    const char *who;
    const char *title; /* NULL: none */
    const char *path;
    const char *person;                     /* NULL: none */
    const char *detail;                     /* translated where it is a word; NULL: none */
    const char *title_words, *detail_words; /* the same for people; NULL: nothing */
};
struct action_view {
    const struct action_view *next;
    const char *name;
    const char *words;
    bool is_chosen;
};
struct log_page {
    const struct line_view *lines;
    const struct action_view *actions;
    const char *next_path;
};

/* Roles as they are called, translated. */
const char *role_words(const struct lang *lang, const char *role);

/* Settings. */
extern const struct form settings_form;
route_handler settings_show;
route_handler settings_handle;

struct settings_page {
    const struct form_summary *errors;
    bool is_saved;
    const struct input_view *name;
    const struct input_view *description;
    const struct input_view *language;
    const struct input_view *time_zone;
    const struct zone_offer *zones; /* that are offered; others may be typed */
    const struct input_view *contact;
    const struct input_view *host;
    const struct input_view *approval;
};

extern const struct view settings_json;

extern const struct view members_json;

extern const struct view member_json;

extern const struct view jobs_json;

extern const struct view audit_json;
