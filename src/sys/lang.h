/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Languages: messages from embedded .mo catalogues, plurals by the catalogue's own rule, numbers
 * and dates as each language writes them (patterns and names read from ICU once, at the start). All
 * const after the start: safe from any thread. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mem;
struct lang;
struct langs;
struct zone;

/* Loads every language of the program. NULL after one log line when a catalogue is broken. */
struct langs *langs_new(struct mem *mem);
/* The language with that code ("fr", "en"), or NULL. */
const struct lang *lang_get(const struct langs *langs, const char *code);
/* The best for an Accept-Language header (RFC 9110, with q), or NULL when none fits. */
const struct lang *lang_accept(const struct langs *langs, const char *header);
/* Languages in their order of appearance: "fr", "en"; NULL past the last. */
const struct lang *lang_at(const struct langs *langs, int i);
const char *lang_code(const struct lang *lang);
const char *lang_own_name(const struct lang *lang); /* "Français", "English" */

/* The translation of a msgid, or the msgid itself. */
const char *lang_text(const struct lang *lang, const char *msgid);
const char *lang_plural(const struct lang *lang, const char *one, const char *many, int64_t n);

/* A named hole of a message: "You are the {rank}th." */
struct lang_hole {
    const char *name;
    const char *value;
};
/* A new string: `pattern` with its holes filled. A hole without a value stays as it is; of a result
 * longer than TEMPLATE_TEXT_BYTES_MAX the end is left out. */
const char *lang_fill(struct mem *mem, const char *pattern, const struct lang_hole *holes,
                      int count);

/* 6800000 as "6 800 000" (with U+202F) or "6,800,000". The sign of a negative one is the
 * language's. */
const char *lang_number(const struct lang *lang, struct mem *mem, int64_t n);
/* `n` with its last digits, `decimals` of them (from 0), behind the language's sign: 18 and 1 as
 * "1,8" or "1.8". */
const char *lang_decimal(const struct lang *lang, struct mem *mem, int64_t n, int decimals);
/* 1 as "1re"/"1st", 37 as "37e"/"37th", for n above 0. It agrees with "person", feminine in French:
 * people are all that is ranked. */
const char *lang_ordinal(const struct lang *lang, struct mem *mem, int64_t n);

/* What somebody gives or what lasts, above 0 minutes: "45 minutes", "2 heures", "2 h 30" or
 * "2 h 30 min". */
const char *lang_duration(const struct lang *lang, struct mem *mem, int64_t minutes);

/* Minutes as hours to count with: "2", "2,5", "0.33". */
const char *lang_hours(const struct lang *lang, struct mem *mem, int64_t minutes);

/* As CLDR 42 has it for French and British English; the first of a month is "1er" in French. */
enum lang_date_style {
    LANG_DATE,       /* samedi 21 novembre 2026 · Saturday, 21 November 2026 */
    LANG_DATE_SHORT, /* 21 nov. · 21 Nov */
    LANG_TIME,       /* 14:00 · 14:00 */
    LANG_DATE_TIME,  /* samedi 21 novembre 2026 à 14:00 · Saturday, 21 November 2026 at 14:00 */
};
const char *lang_date(const struct lang *lang, struct mem *mem, enum lang_date_style style,
                      int64_t at, const struct zone *zone);
/* "samedi 21 novembre 2026, de 14:00 à 16:00"; over midnight both dates. */
const char *lang_span(const struct lang *lang, struct mem *mem, int64_t starts_at, int64_t ends_at,
                      const struct zone *zone);
