/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cells, one after the other: each decides for itself whether it needs quotes. */
#include "base/csv.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* The full-width forms of the same signs, which some spreadsheets read alike. */
static const char *const wide_signs[] = {"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d",
                                         "\xef\xbc\xa0"};

void csv_begin(struct csv *csv)
{
    buf_put(csv->out, BYTE_ORDER_MARK);
}

static void cell_begin(struct csv *csv)
{
    if (csv->cells++ > 0)
        buf_put_char(csv->out, ';');
}

/* What a spreadsheet may take for the beginning of a formula, also behind spaces. */
static bool is_like_a_formula(const char *text)
{
    if (*text == '\t' || *text == '\r' || *text == '\n')
        return true;
    text += strspn(text, " ");
    if (*text && strchr("=+-@", *text))
        return true;
    for (size_t i = 0; i < sizeof wide_signs / sizeof *wide_signs; i++)
        if (str_starts(text, wide_signs[i]))
            return true;
    return false;
}

/* Whatever sign a reader takes for the end of a cell, it stands in quotes. */
static bool needs_quotes(const char *text)
{
    size_t length = strlen(text);
    bool is_spaced = length > 0 && (text[0] == ' ' || text[length - 1] == ' ');
    return is_spaced || text[strcspn(text, ";,\t\"\r\n")];
}

void csv_text(struct csv *csv, const char *text)
{
    cell_begin(csv);
    if (!text)
        return;
    bool quoted = needs_quotes(text);
    if (quoted)
        buf_put_char(csv->out, '"');
    if (is_like_a_formula(text))
        buf_put_char(csv->out, '\'');
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            buf_put_char(csv->out, '"');
        buf_put_char(csv->out, *c);
    }
    if (quoted)
        buf_put_char(csv->out, '"');
}

void csv_int(struct csv *csv, int64_t n)
{
    cell_begin(csv);
    buf_put_int(csv->out, n);
}

void csv_end_row(struct csv *csv)
{
    buf_put(csv->out, "\r\n");
    csv->cells = 0;
}
