/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Small questions about text. Text is UTF-8, NUL-ended, and checked once at the border. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mem;

bool str_equal(const char *a, const char *b);        /* NULL equals NULL only */
bool str_equal_nocase(const char *a, const char *b); /* ASCII letters */
bool str_starts(const char *text, const char *start);
bool str_is_empty(const char *text); /* NULL or "" */
/* Which of the words (NULL-ended) the text is, from 0; -1: none of them. */
int str_index(const char *text, const char *const words[]);

/* Reads a whole decimal number, as `-?[0-9]{1,18}`. False, and `ret_n` untouched, for anything
 * else. */
bool str_to_int(const char *text, int64_t *ret_n);

/* `text` without white space at its ends (Unicode's no-break and zero-width ones too); runs of
 * white space inside become one space. A new string on `mem`. */
const char *str_trim(struct mem *mem, const char *text);

/* What a stranger's program said, fit to be shown: one line of valid UTF-8 without control
 * characters (each is a space; a byte that is no UTF-8 is '?'), cut between letters at `size` - 1
 * bytes. */
void str_line(char *to, size_t size, const char *from);

/* A new string with ASCII letters in lower case. */
const char *str_lower(struct mem *mem, const char *text);

/* Well-formed UTF-8 (RFC 3629) without U+0000. */
bool utf8_is_valid(const char *bytes, size_t count);

/* Number of code points of a valid text. */
size_t utf8_length(const char *text);

/* Has control characters: U+0000..U+001F but tab, line feed and carriage return when `many_lines`,
 * U+007F, U+0080..U+009F, the bidirectional overrides and isolates, line and paragraph separators.
 */
bool utf8_has_control(const char *text, bool many_lines);
