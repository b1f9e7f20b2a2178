/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tables for spreadsheets: RFC 4180 with ';' between cells, as spreadsheets of most of Europe want
 * it, and a mark at the start by which they see that it is UTF-8. What people wrote never becomes a
 * formula: a cell that begins like one gets an apostrophe, which spreadsheets do not show.
 * Source: https://owasp.org/www-community/attacks/CSV_Injection */
#pragma once
#include <stdint.h>

struct buf;

/* A table being written; `out` may be emptied between rows. */
struct csv {
    struct buf *out;
    int cells; /* of the present row */
};

/* The mark that a file begins with. */
void csv_begin(struct csv *csv);
void csv_text(struct csv *csv, const char *text); /* NULL: an empty cell */
void csv_int(struct csv *csv, int64_t n);
void csv_end_row(struct csv *csv);
