/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The organiser's handlers and forms, for the table of routes in reports_pages.c, and what their
 * templates show. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "sys/html.h"

struct claim;
struct form;
struct form_summary;
struct input_view;
struct refusal;
struct request;

/* reports_close_pages.c */

extern const struct form done_form;
const struct refusal *close_show(struct request *rq);
const struct refusal *done_handle(struct request *rq);

/* What closing it does, and says to whom. */
struct close_page {
    const char *title;
    const char *organise_path;
    const char *language;
    const char *back, *action;
    const char *subject;
    const char *from;
    struct safe_html mail; /* what stands in it, its foot included */
    const char *thanks;
    bool has_quantity;
    int64_t readers; /* addresses that get a mail, and how many people they are */
    int64_t people;
    int64_t silent; /* addresses that get none */
    bool has_more;  /* than were counted */
};

/* reports_result_pages.c */

extern const struct form claim_form;
extern const struct form claim_drop_form;
extern const struct form each_form;
const struct refusal *result_organise_show(struct request *rq); /* also after a refused form */
const struct refusal *result_organise_again_handle(struct request *rq);
struct todo_list;
void report_todos(struct request *rq, int64_t campaign_id, struct todo_list *list);
const struct refusal *claim_handle(struct request *rq);
const struct refusal *claim_drop_handle(struct request *rq);
const struct refusal *each_handle(struct request *rq);

struct result_organise {
    const char *title;
    const char *organise_path;
    const char *language;
    const char *campaign_path, *result_path, *reports_path;
    const char *done_action, *claim_action, *claim_drop_action, *each_action;
    bool can_close;
    bool is_closed;
    bool is_off; /* it does not take place */
    bool has_quantity;
    bool takes_many;
    int64_t reports, declared, verified;
    const char *unit;
    const struct claim *claims;
    const char *refusal; /* a sentence; NULL: none */
    const struct form_summary *done_errors, *claim_errors;
    const struct input_view *thanks, *claim, *source;
    struct safe_html panels; /* of other features */
};

/* reports_organise_pages.c */

extern const struct form report_told_form;
extern const struct form report_ruling_form;
const struct refusal *reports_organise_show(struct request *rq);
const struct refusal *report_told_handle(struct request *rq);
const struct refusal *report_organise_show(struct request *rq);
const struct refusal *report_ruling_handle(struct request *rq);

struct report_line {
    const struct report_line *next;
    const char *path;
    const char *who; /* NULL: told to the organiser, or forgotten */
    bool is_told;
    int64_t quantity;
    const char *note; /* "" for none */
    const char *date;
    bool is_verified;
    bool is_set_aside;
    bool is_corrected;
    bool is_replaced; /* by its participant, since the organiser looked at it */
};

struct reports_organise {
    const char *title;
    const char *organise_path;
    const char *language;
    const char *result_path; /* the organiser's page about the result */
    const char *action;
    const char *unit;
    int64_t reports, declared, verified;
    const struct report_line *lines;
    const char *newest_url, *largest_url;
    bool is_largest;
    const char *more_url; /* NULL: this was the last page */
    const char *refusal;
    const struct form_summary *errors;
    const struct input_view *quantity, *note, *verified_box;
    bool takes; /* one more can be added */
};

struct reports_view;
struct organise_panel {
    const struct reports_view *sums; /* NULL: it counts people only */
    bool can_close, is_closed;
    const char *result_path, *reports_path; /* result_path NULL: it does not take place */
};

struct correction_line {
    const struct correction_line *next;
    int64_t quantity;
    const char *who; /* NULL: the participant; "" somebody who is not known any more */
    const char *date;
    const char *reason;
    bool was_verified;
    bool was_set_aside;
};

struct report_organise {
    const struct report_line *line;
    const char *title;
    const char *organise_path;
    const char *language;
    const char *unit;
    const char *list_path;
    const char *refusal;
    const struct form_summary *errors;
    const struct input_view *quantity, *verified, *set_aside, *hides_note, *reason;
    const struct correction_line *corrections;
};
