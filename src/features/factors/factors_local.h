/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of this folder share: rows of factors, the arithmetic, and what pages show. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "features/factors/factors.h"

struct campaign;
struct form;
struct form_input;
struct form_summary;
struct html;
struct input_view;
struct json_t;
struct lang;
struct mem;
struct refusal;
struct request;
struct work;

enum {
    FACTOR_MICRO = 1000000,     /* values are in millionths */
    FACTOR_VALUE_MAX = 1000000, /* of a value, in its unit */
    FACTOR_DECIMALS = 6,
    FACTOR_HANDLE_CHARS = 12,
    FACTOR_TEXT_CHARS_MAX = 120,
    FACTOR_SCOPE_CHARS_MAX = 300,
    FACTOR_URL_CHARS_MAX = 300,
};

struct factor {
    const struct factor *next;
    int64_t id;
    bool is_own; /* of this community; else the program's */
    const char *handle;
    const char *name;
    const char *basis; /* "quantity", "hours" */
    const char *label_fr, *label_en;
    const char *per_fr, *per_en;
    const char *unit_fr, *unit_en;
    int64_t value_low, value_high;
    const char *scope_fr, *scope_en;
    const char *source, *url, *version;
    int64_t year;
    const char *read_on;
    const char *licence;
};

/* Rules (factors.c). */

/* Two significant digits, and how many zeros follow: {18, -1} is 1.8. `zeros` is below zero for
 * decimals. */
struct amount {
    int64_t digits; /* 10..99; 0: nothing */
    int zeros;
};
/* `count` times `value` millionths, divided by `per` (1; 60 for minutes), rounded half up to two
 * significant digits. */
struct amount amount_of(int64_t count, int64_t value, int64_t per);
/* As the language writes it: "1,8", "1 200 000", "0,048". */
const char *amount_words(const struct lang *lang, struct mem *mem, struct amount amount);
double amount_number(struct amount amount);
/* A value in the unit that suits its size: kilograms become tonnes, grams or milligrams, if the
 * unit begins with "kg ". Gives the unit to write beside it. */
const char *amount_scale(struct mem *mem, const char *unit, struct amount *low,
                         struct amount *high);

/* "0,192" or "0.192" as millionths; false for anything else, and out of 0.000001..FACTOR_VALUE_MAX.
 */
bool factor_value_read(const char *text, int64_t *ret_value);

/* What an administrator writes. */
struct factor_wish {
    const char *supersedes; /* the handle of the one that it takes the place of; "": none */
    const char *basis;
    const char *label_fr, *label_en;
    const char *per_fr, *per_en;
    const char *unit_fr, *unit_en;
    const char *low, *high;
    const char *scope_fr, *scope_en;
    const char *source, *url, *version;
    int64_t year;
    const char *read_on;
    const char *licence;
};
/* Adds it for this community. Refuses: refusal_fields with errors in `input` (values, basis, url,
 * date), factors_enough (409), refusal_not_found (nothing to supersede). */
const struct refusal *factor_add(struct work *work, const struct factor_wish *wish,
                                 struct form_input *input);
/* One of this community's own is used no longer. Refuses: refusal_not_found. */
const struct refusal *factor_retire(struct work *work, const char *handle);
/* The handles say whether one multiplies this campaign's quantity, or its hours. */
bool factor_suits(const struct factor *factor, const struct campaign *campaign);
bool factor_is(const struct factor *factor, const char *basis);

/* factors_store.c */

/* In use in this community: its own, and the program's of which it has none of the same name. */
const struct factor *factor_list(struct work *work);
const struct factor *factor_get_in_use(struct work *work, const char *handle);
void factor_insert(struct work *work, const struct factor *factor);
/* False: it is not in use. `how` is "superseded" or "retired". */
bool factor_end(struct work *work, int64_t id, const char *how);
/* Those that the campaign goes by, in their order; the retired ones left out. */
const struct factor *factors_of_campaign(struct work *work, struct campaign_id id);
void campaign_factors_clear(struct work *work, struct campaign_id id);
void campaign_factor_insert(struct work *work, struct campaign_id id, int64_t place,
                            int64_t factor_id);

/* Pages: factors_pages.c, factors_admin_pages.c */

struct equivalent {
    const struct equivalent *next;
    const char *low;
    const char *high; /* NULL: the same as low */
    const char *unit;
    const char *label;
    const char *scope;
    const char *count; /* "12 000" */
    const char *per;
    const char *factor_low;  /* "0,181", in the factor's own unit */
    const char *factor_high; /* NULL: the same */
    const char *factor_unit;
    const char *read_on;
    const struct factor *factor;
};

struct factor_option {
    const struct factor_option *next;
    const char *handle;
    const char *words;
    bool chosen;
};
struct factor_select {
    const struct factor_select *next;
    int place;
    const struct factor_option *options;
};
struct factors_panel {
    const char *action;
    const char *refusal; /* NULL: none */
    const struct factor_select *selects;
    bool has_quantity;
};

struct factor_line {
    const struct factor_line *next;
    const struct factor *factor;
    const char *label, *per, *unit, *scope, *read_on;
    const char *low, *high;  /* high NULL: the same */
    const char *retire_path; /* NULL: the program's own */
};
struct factors_page {
    const struct factor_line *lines;
    const struct form_summary *errors;
    const char *supersedes; /* a handle */
    const char *refusal;
    const char *basis;
    const struct input_view *label_fr, *label_en, *per_fr, *per_en, *unit_fr, *unit_en, *low, *high,
        *scope_fr, *scope_en, *source, *url, *version, *year, *read_on, *licence;
};

extern const struct form factor_form;
const struct refusal *factors_admin_show(struct request *rq);
const struct refusal *factor_add_handle(struct request *rq);
const struct refusal *factor_retire_handle(struct request *rq);
/* In the reader's language. */
const char *factor_text(const struct request *rq, const char *fr, const char *en);
/* "samedi 21 novembre 2026", or "11/2026" where the day is not known. */
const char *factor_read_words(const struct request *rq, const struct factor *factor);
/* "0,192": a value as it stands, without being rounded. */
const char *factor_value_words(const struct lang *lang, struct mem *mem, int64_t value);
