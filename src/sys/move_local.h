/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the parts of a move share: move_schema.c says what tables there are, move_rows.c carries
 * their rows over, move_sums.c compares. */
#pragma once
#include <stdint.h>

#include "base/limits.h"
#include "sys/move.h"

struct tx;

enum move_kind { MOVE_NUMBER, MOVE_SMALL_NUMBER, MOVE_TEXT, MOVE_BYTES };

struct move_column {
    const char *name;
    enum move_kind kind;
};

struct move_table {
    struct move_table *next;
    const char *name;
    struct move_column *columns;
    int columns_count;
    const struct db_row *parents; /* the tables that its rows point to */
    bool is_placed;
    const char *read_sql; /* after rowid ?1: that of each row, then its columns */
    const char *copy_sql;
    const char *sums_sql; /* the same text on both sides, see move_sums.c */
    const struct db_row *sums;
};

struct move {
    struct mem *mem;
    struct tx *from;
    struct tx *to;
    struct move_table *tables; /* each after those that it points to */
    const char *wrong;         /* NULL, or sentences, each on a line of its own */
    int64_t wrong_count;
};

/* How many rows are read at once, and what they may take. */
enum { MOVE_PIECE_ROWS = 64, MOVE_PIECE_BYTES_MAX = MOVE_PIECE_ROWS * REQUEST_BYTES_MAX };

/* Notes a sentence; after MOVE_WRONG_MAX of them they are only counted. */
enum { MOVE_WRONG_MAX = 20 };
void move_note(struct move *move, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sets move->tables. */
void move_read_schema(struct move *move);

/* Copies the rows of one table, unless something is wrong already: then they are only looked at. */
void move_rows(struct move *move, const struct move_table *table);

/* Asks for the sums of one table on the side of `from`, and compares them with those of `to`. */
void move_sum(struct move *move, struct move_table *table);
void move_compare(struct move *move, const struct move_table *table);
struct moved *move_told(struct mem *mem, const struct move_table *table);
