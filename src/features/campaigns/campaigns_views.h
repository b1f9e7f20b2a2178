/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a campaign looks like from outside: the structs that its JSON and its pages are made of.
 * Numbers are counted and dates are put into words before a template sees them; sentences are the
 * templates'. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "features/campaigns/campaigns.h"
#include "sys/html.h"

struct mem;
struct request;
struct view;
struct work;

/* JSON (docs: the interface): campaigns_views.c */

struct goal_view {
    const char *unit;
    int64_t minimum;
    int64_t target;            /* VIEW_NONE: the minimum is the target */
    const char *quantity_unit; /* NULL: no quantity */
};

struct progress_view {
    int64_t people;
    int64_t minutes;
    int64_t quantity;
    int64_t waiting;
    int64_t percent;
    int64_t version;
};

struct session_view {
    const struct session_view *next;
    const char *handle;
    const char *title;
    int64_t starts_at;
    int64_t ends_at;
    const char *place;
    bool online;
    int64_t capacity; /* VIEW_NONE: no limit */
    int64_t taken;
    int64_t left; /* VIEW_NONE: no limit */
    int64_t waiting;
};

struct campaign_view {
    const struct campaign_view *next;
    const char *slug;
    const char *title;
    const char *summary;
    const char *language;
    const char *state;
    const char *community;
    const char *place;
    bool online;
    const char *time_zone;
    int64_t opens_at;
    int64_t closes_at;
    const char *url;
    const struct goal_view *goal;
    const struct progress_view *progress;
    const struct session_view *sessions;
};

struct campaign_list_view {
    const struct campaign_view *items;
    const char *next; /* NULL: this was the last page */
};

struct home_view {
    const char *name;
    const char *description;
    const char *language;
    const char *time_zone;
    const struct campaign_list_view *open;
    const struct campaign_list_view *recent;
};

/* How many there were in all at the end of a day. */
struct curve_view {
    const struct curve_view *next;
    const char *day; /* 2026-11-21 */
    int64_t people;
    int64_t quantity;
};

struct result_view {
    const char *slug;
    const char *title;
    const char *state;
    const char *url;
    int64_t people;
    int64_t minutes;
    int64_t quantity;
    const char *quantity_unit; /* NULL: no quantity */
    const struct curve_view *curve;
};

extern const struct view campaign_json;
extern const struct view campaign_list_json;
extern const struct view home_json;
extern const struct view progress_json;

const struct progress_view *progress_view(struct work *work, const struct campaign *campaign);
/* One campaign with all its sessions; its `next` is NULL. */
struct campaign_view *campaign_view(struct work *work, const struct campaign *campaign,
                                    const struct session *sessions);
/* All of a list, in its order; reads their sessions. */
const struct campaign_list_view *campaign_list_view(struct work *work, const struct campaign *first,
                                                    const char *next);

/* Pages: campaigns_show.c */

/* The swarm: one dot for each person, or a hundred for them all; two SVG paths of zero-length
 * strokes. */
struct swarm_view {
    const char *view_box;
    const char *here;
    const char *free;
    int64_t target;
};

/* The count: what stands there, and what the page's script needs to move it
 * (src/web/assets/app.js). */
struct tally_view {
    const char *live_url; /* NULL: it does not move */
    const char *json_url;
    const char *unit; /* what `minimum`, `target` and the swarm count */
    int64_t minimum;
    int64_t target;
    int64_t counted; /* in that unit, what there is of `goal` */
    int64_t goal;
    int64_t people;
    int64_t people_goal; /* 0: the goal is not in people */
    int64_t hours_goal;  /* 0: nor in hours */
    int64_t percent;
    int64_t bar; /* the same, at most 100 */
    int64_t to_go;
    int to_go_unit; /* enum goal_unit */
    int64_t days_left;
    bool counts_quantity; /* the bar is of a quantity, beside the people */
    int64_t quantity;
    int64_t quantity_target;
    const char *quantity_unit;
};

/* When something takes place: at one time, or on days from … to …, or, with neither, whenever
 * people like. */
struct when_view {
    const char *span;
    const char *from;
    const char *until;
};

struct card_view {
    const struct card_view *next;
    const struct campaign *campaign;
    const char *path;
    struct when_view when;
    const char *opens;
    const char *closes;
    struct tally_view tally;
    bool takes_sign_ups;
    int64_t left; /* places; VIEW_NONE: no limit, or not asked */
    int64_t hours;
};

struct session_line {
    const struct session_line *next;
    const char *title;
    const char *when;
    const char *place;
};

struct organiser_bar;
struct campaign_page_view {
    const struct organiser_bar *bar; /* NULL but for who leads it */
    const struct campaign *campaign;
    int state;
    struct when_view when;
    const char *opens;
    const char *closes;
    struct tally_view tally;
    struct swarm_view swarm;
    struct safe_html story;
    struct safe_html panels;             /* what other features add to the page */
    const struct session_line *sessions; /* NULL while the form shows them */
    bool takes_sign_ups;
    bool has_places;               /* for somebody who comes now */
    const char *result_path;       /* NULL: nothing can have come of it yet */
    const char *screen_path;       /* NULL: not yet, or not any more */
    const char *cancelled_because; /* "" for no word */
};

struct screen_view {
    const struct campaign *campaign;
    int state;
    const char *opens;
    bool takes_sign_ups;
    struct tally_view tally;
    struct swarm_view swarm;
    struct safe_html qr;
    const char *address; /* as people type it */
};

/* campaigns_curve.c */

enum { CURVE_POINTS_MAX = 62 };

struct curve_point {
    int64_t day;
    int64_t people; /* in all, at its end */
    int64_t quantity;
};
struct curve {
    int count; /* from 2 */
    struct curve_point points[CURVE_POINTS_MAX];
};
/* The days that a curve is to show at least, and what there is in all. */
struct curve_span {
    int64_t from;
    int64_t until;
    int64_t people;
    int64_t quantity;
};
struct campaign_day;
const struct curve *curve_new(struct mem *mem, const struct campaign_day *days,
                              const struct curve_span *span);

struct chart_mark {
    const struct chart_mark *next;
    int64_t value;
};
/* SVG paths in a picture of 6000 by 2000, and the marks of its height, from the top. */
struct chart_view {
    const char *line;
    const char *area;
    const char *end;         /* a dot */
    const char *wanted_line; /* NULL: no goal is shown */
    int64_t wanted;
    const struct chart_mark *marks;
};
/* Of the people, or of the quantity; with a line at what was wanted (0: none). */
struct chart_view chart_view(struct mem *mem, const struct curve *curve, bool of_quantity,
                             int64_t wanted);

struct curve_row {
    const struct curve_row *next;
    const char *date;
    int64_t people;
    int64_t quantity;
};

/* Ways to make it known. */
struct share_box {
    const char *title, *url, *mail, *screen_path;
    struct safe_html qr;
};

/* The page from which it is led, and its JSON: campaigns_organise.c */
struct organise_view {
    const char *slug;
    const char *state_name;
    int64_t closes_at;
    const struct todo *todos; /* NULL: nothing */
    const struct progress_view *progress;
    int64_t came_today; /* people, less those who left */
    int64_t came_this_week;
    const struct campaign *campaign;
    int state;
    bool is_public, is_over, takes_sign_ups;
    const struct share_box *share; /* NULL: nobody more is looked for */
    const char *opens;             /* NULL: it has, or it is not known yet */
    const char *closes;
    struct safe_html tally;
    struct safe_html panels;
    const struct organiser_bar *bar;
    struct safe_html leading; /* what can be done with it as it is */
};

struct result_page_view {
    const struct organiser_bar *bar; /* NULL but for who leads it */
    const struct campaign *campaign;
    int state;
    const char *path;
    struct swarm_view swarm;
    const char *hours;        /* NULL: none */
    struct safe_html figures; /* of other features, beside people and hours */
    struct safe_html panels;  /* theirs above the curve, and below */
    struct safe_html words;
    bool has_curve;
    bool has_quantity_curve;
    struct chart_view people_chart, quantity_chart;
    const char *curve_from, *curve_until; /* dates */
    const struct curve_row *rows;         /* the same in numbers */
};

struct chip_view {
    const struct chip_view *next;
    const char *label; /* translated */
    const char *url;
    bool is_current;
};

struct list_page_view {
    const struct card_view *cards;
    const struct chip_view *chips;
    const char *q;
    bool too_short;       /* no word of q says anything */
    const char *states;   /* as asked for; "" for all */
    const char *more_url; /* NULL: this was the last page */
};

struct home_page_view {
    const char *lead;
    const struct card_view *open;
    const struct card_view *recent;
    struct swarm_view swarm;
};

/* All of a list, in its order; reads the sessions of those whose places are counted. */
const struct card_view *card_views(struct request *rq, const struct campaign *first);
struct campaign_page_view campaign_page_view(struct request *rq, const struct campaign *campaign);
/* The same page before it is published, for who leads it: as it will stand on its first day. */
struct campaign_page_view campaign_preview_view(struct request *rq,
                                                const struct campaign *campaign);
struct screen_view screen_view(struct request *rq, const struct campaign *campaign);
/* It was neither missed nor cancelled. */
bool campaign_takes_place(const struct campaign *campaign);
/* Something has come of it already. */
bool campaign_has_result(const struct campaign *campaign, int64_t now);
/* Of the page's view what the tally shows, without the button that leads to the form. */
struct campaign_page_view campaign_tally_view(struct request *rq, const struct campaign *campaign);
/* The last moment to sign up, in words. */
const char *campaign_deadline(struct request *rq, const struct campaign *campaign);
/* When they begin, in words; NULL: they have. */
const char *campaign_opening(struct request *rq, const struct campaign *campaign);
struct tally_view tally_view(struct request *rq, const struct campaign *campaign);
/* What the tally counts, as a swarm. Lists have no use for it. */
struct swarm_view tally_swarm(struct mem *mem, const struct tally_view *tally);

/* Pages: campaigns_swarm.c */

/* `here` (from 0) of `target` (from 1) as dots; never all of them before it is reached. */
struct swarm_view swarm_view(struct mem *mem, int64_t here, int64_t target);

extern const struct view result_json;

extern const struct view organise_json;

extern const struct view first_drafts_json;

extern const struct view campaign_begun_json;

extern const struct view campaign_text_json;

extern const struct view session_texts_json;

extern const struct view session_text_json;

extern const struct view lead_json;

extern const struct view touched_json;
