/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of a language share: the embedded catalogues, the reader of .mo files, plural
 * rules, and how dates and numbers are written. Nobody outside sys/lang*.c includes this. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time.h"

struct buf;
struct mem;

/* Made by the build from po/(code).po with msgfmt. Ended by a row whose code is NULL. */
struct lang_catalogue {
    const char *code;
    const unsigned char *mo;
    size_t count;
};
extern const struct lang_catalogue lang_catalogues[];

enum { PLURAL_NODES_MAX = 128, PLURAL_FORMS_MAX = 6, PLURAL_FORMS_KNOWN = 256 };

enum plural_kind {
    PLURAL_N,
    PLURAL_NUMBER,
    PLURAL_NOT,
    PLURAL_CHOICE,
    PLURAL_OR,
    PLURAL_AND,
    PLURAL_EQUAL,
    PLURAL_UNEQUAL,
    PLURAL_AT_MOST,
    PLURAL_AT_LEAST,
    PLURAL_BELOW,
    PLURAL_ABOVE,
    PLURAL_PLUS,
    PLURAL_MINUS,
    PLURAL_TIMES,
    PLURAL_OVER,
    PLURAL_REST
};

/* A node of the expression; its parts are indexes of nodes that stand before it. */
struct plural_node {
    enum plural_kind kind;
    uint64_t number;
    int parts[3];
};

struct plural_rule {
    int forms; /* 1..PLURAL_FORMS_MAX */
    int root;
    int count;
    struct plural_node nodes[PLURAL_NODES_MAX];
    unsigned char known[PLURAL_FORMS_KNOWN]; /* the forms for the first numbers */
};

/* Reads `nplurals=2; plural=(n > 1);` as it follows "Plural-Forms:" in the header of a catalogue.
 * False for what is not such a rule, or is too large. */
bool plural_rule_parse(const char *header, struct plural_rule *ret_rule);
/* The form for `n`, 0..forms-1. */
int plural_rule_form(const struct plural_rule *rule, uint64_t n);

struct lang_mo {
    const unsigned char *bytes;
    uint32_t messages;
    uint32_t originals_at;
    uint32_t translations_at;
    uint32_t *slots; /* by the hash of the original: its number from 1; 0: empty */
    uint32_t slots_mask;
    struct plural_rule rule;
};

/* Opens a little-endian .mo file, which must outlive `ret_mo`; so must `mem`. All of it is checked
 * here, so that look-ups trust it. False when anything in it is wrong. */
bool lang_mo_open(struct mem *mem, const unsigned char *bytes, size_t count,
                  struct lang_mo *ret_mo);
/* The translation, or NULL. */
const char *lang_mo_text(const struct lang_mo *mo, const char *msgid);
const char *lang_mo_plural(const struct lang_mo *mo, const char *one, uint64_t n);

enum { LANG_PATTERNS = 4 }; /* one for each enum lang_date_style */

struct lang_format {
    const char *group;
    const char *minus;
    const char *decimal; /* "," or "." */
    const char *months[12];
    const char *months_short[12];
    const char *weekdays[7]; /* Sunday first */
    const char *patterns[LANG_PATTERNS];
    const char *first_day; /* the first of a month where it is not simply "1", or NULL */
};

/* Reads it from ICU. False when ICU does not know the locale. */
bool lang_format_load(struct mem *mem, const char *locale, struct lang_format *ret_format);
/* Adds the date as `pattern` says (CLDR's letters). False for a letter that this program does not
 * write: no language that it speaks has needed it. */
bool lang_format_date(const struct lang_format *format, struct buf *buf, const char *pattern,
                      const struct wall *wall);
void lang_format_number(const struct lang_format *format, struct buf *buf, int64_t n);
