/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The transaction interface: all that features know of the database.
 *
 * SQL is text in the one function of a store that runs it; values are bound by type, never
 * formatted in. Faults (disk, memory, a statement that fails) are sticky: after one, every call
 * does nothing, answers no rows, and the frame rolls back. Feature code does not test for them.
 * Expected conflicts are ON CONFLICT DO NOTHING or conditional updates with RETURNING: a constraint
 * error is a fault. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mem;
struct db; /* one connection, used by one thread at a time */
struct tx; /* a transaction on it */

enum db_type { DB_NULL, DB_INT, DB_TEXT, DB_BLOB };

struct db_value {
    enum db_type type;
    int64_t number;
    const char *bytes; /* text is NUL-ended as well */
    size_t count;
};

/* One row of an answer. Rows are copied to the transaction's memory: they and their texts live as
 * long as the request or job does. `next` is the following row of tx_rows. */
struct db_row {
    const struct db_row *next;
    int columns;
    struct db_value values[];
};

struct db_value db_int(int64_t n);
struct db_value db_text(const char *text); /* NULL gives NULL */
struct db_value db_value(struct db_value value);
struct db_value db_blob(const void *bytes, size_t count);
struct db_value db_null(void);

/* A C value as a bound value, chosen by its type; anything else does not compile. */
/* clang-format off */
#define DB_BIND(x)                                                                                 \
    _Generic((x), bool: db_int, int: db_int, int64_t: db_int,                                      \
             const char *: db_text, char *: db_text, struct db_value: db_value)(x)
/* clang-format on */

#include "sys/db_macros.h"

/* Runs a statement whose result nobody reads. Its text is a literal, here and below.
 *   tx_do(tx, "UPDATE campaign SET title = ?1 WHERE id = ?2", title, id.n); */
#define tx_do(tx, ...) tx_do_values((tx), DB_CALL(__VA_ARGS__))
/* The first row, or NULL when there is none (or a fault). */
#define tx_one(tx, ...) tx_one_values((tx), DB_CALL(__VA_ARGS__))
/* All rows, linked by `next`; NULL when there is none. More than DB_ROWS_MAX is a fault. */
#define tx_rows(tx, ...) tx_rows_values((tx), DB_CALL(__VA_ARGS__))

void tx_do_values(struct tx *tx, const char *sql, const struct db_value *values, int count);
const struct db_row *tx_one_values(struct tx *tx, const char *sql, const struct db_value *values,
                                   int count);
const struct db_row *tx_rows_values(struct tx *tx, const char *sql, const struct db_value *values,
                                    int count);

/* Asking ahead, where each answer that is waited for is a round trip. What is asked between the two
 * is sent and answers no rows; the same asked again afterwards, with the same values, has its
 * answer without a round trip of its own, unless something was written meanwhile that may change
 * it. A hint: what is asked in vain costs that statement alone. False: this engine answers at once,
 * and nothing is to be asked. if (tx_ahead_begin(tx)) { campaign_sessions(work, id);
 * tx_ahead_end(tx); } */
bool tx_ahead_begin(struct tx *tx);
void tx_ahead_end(struct tx *tx);

/* Columns of a row, from 0. Asking a wrong column is a bug; NULL reads as 0 and as "". */
int64_t row_int(const struct db_row *row, int column);
bool row_bool(const struct db_row *row, int column);
const char *row_text(const struct db_row *row, int column);
const struct db_value *row_value(const struct db_row *row, int column);
bool row_is_null(const struct db_row *row, int column);
/* How many rows follow from `row` on, itself included; 0 for NULL. */
int rows_count(const struct db_row *row);

/* What went wrong, from the least to the worst. */
enum tx_fault {
    TX_FINE,
    TX_FAULT,        /* this request's statement failed: undo it alone */
    TX_FAULT_TIME,   /* it ran out of its time; as TX_FAULT, or the batch is lost with it */
    TX_FAULT_BATCH,  /* the whole transaction is gone: disk full, I/O error, no memory */
    TX_FAULT_UNSURE, /* nobody knows whether its COMMIT took place: it must not be run again */
};
/* Waits for statements whose result nobody reads, where they are still under way, unless the steps
 * are light. */
enum tx_fault tx_fault(struct tx *tx);
/* What goes beyond a bound that no rule should let it reach: a fault as if a statement had failed.
 * The words go to the log, and name nobody. */
void tx_give_up(struct tx *tx, const char *words, const char *where);
/* What the engine said of the last fault that tx_fault told of, with the statement: for the log,
 * never for people. "" when fine. */
const char *tx_error(const struct tx *tx);
bool tx_is_lost(const struct tx *tx); /* the transaction is gone, released savepoints included */
bool tx_is_write(const struct tx *tx);
struct mem *tx_mem(const struct tx *tx);

/* For the frame, the writer and tests alone, from here on. */

/* What a process that may not reach everything has to reach for the PostgreSQL database at `where`
 * (none, where it is a file): TCP ports, and files that hold a password or certificates. Both lists
 * end with 0 and NULL; a file may not be there. */
enum { DB_REACH_MAX = 12 };
struct db_reach {
    int ports[DB_REACH_MAX];
    const char *files[DB_REACH_MAX];
};
struct db_reach db_reach(struct mem *mem, const char *where);

enum db_mode { DB_READ, DB_WRITE };

/* Opens a connection to PostgreSQL when `where` is a postgresql:// address, or else to the SQLite
 * file of that path, which DB_WRITE makes when it is missing. NULL and one log line when it cannot.
 */
struct db *db_open(const char *where, enum db_mode mode);
/* Whether it is the address of a PostgreSQL database. */
bool db_is_postgres(const char *where);
void db_close(struct db *db);
/* A server does the work, and each answer is waited for. */
bool db_is_far(const struct db *db);

/* The disk failed since the file was opened (an fsync, a read, a damaged page), or the connection
 * to the server is lost: what was written is not known, and it is not to be used before db_reopen.
 */
bool db_wants_reopen(const struct db *db);
/* Closes, opens again and checks the file quickly. False: it is not sound, or cannot be opened, or
 * it is too early to try again after that; until it can, every db_begin gives a fault. */
bool db_reopen(struct db *db);

/* False: the server has hung up meanwhile, or db_wants_reopen. Between transactions. */
bool db_is_there(struct db *db);

/* Reads the whole file and every index: true when all of it agrees. Slow on a large one (`essaim
 * check`). */
bool db_is_sound(struct db *db);

/* Copies the whole database, as one snapshot, to a new file that only its owner may read. False
 * with `ret_error`: it could not, or there is such a file already, which is left as it is. */
bool db_copy(struct db *db, const char *path, const char **ret_error);

/* Begins: a read-only snapshot on a DB_READ connection, BEGIN IMMEDIATE on a DB_WRITE one. Rows go
 * to `mem`. The transaction is a field of `db`: one at a time. A failed BEGIN gives a transaction
 * with a sticky fault. */
struct tx *db_begin(struct db *db, struct mem *mem);

/* Tells whoever listens on this database (sys/db_listen.h), in whatever process, once the
 * transaction is committed; at most DB_NOTICE_BYTES_MAX. On SQLite nobody can listen. */
void tx_tell(struct tx *tx, const char *words);
bool tx_can_tell(const struct tx *tx);

/* A row was changed since it began: its commit will have to write to the disk. */
bool tx_has_written(const struct tx *tx);

/* What this snapshot or step is about: a request's method, host and address. What was asked about
 * the same twice with the same values is asked ahead from then on. At its beginning. */
void tx_about(struct tx *tx, const char *subject);

/* Ends: true when it is durable. A transaction with a fault is rolled back and gives false. */
bool tx_commit(struct tx *tx);
void tx_rollback(struct tx *tx);

/* From now on statements may take `ms` together, waiting included: then TX_FAULT_TIME. For readers;
 * steps have a time of their own. */
void tx_limit(struct tx *tx, int64_t ms);

/* One request inside a batch: a savepoint, its memory and its time, as the thread computes; waiting
 * (for a disk, or for others on a busy machine) may take DB_WAIT_FACTOR times as long. tx_step_end
 * releases it, or with `keep` false or after a fault undoes it and clears the fault, unless the
 * whole transaction is lost. tx_step_undo undoes what it wrote so far, and the step goes on. */
void tx_step_begin(struct tx *tx, struct mem *mem, int64_t time_ms_max);
void tx_step_undo(struct tx *tx);
void tx_step_end(struct tx *tx, bool keep);

/* Steps from now on have no savepoint, and none of them waits to hear of its faults. In return the
 * whole transaction is lost when something that one of them wrote has to be undone: then
 * tx_was_too_light says so, and all of it may be run again, with savepoints. Before the first step.
 */
void tx_lighten(struct tx *tx);
bool tx_was_too_light(const struct tx *tx);

/* Adds many rows to a table of a PostgreSQL database, faster than statements can: `sql` is COPY …
 * FROM STDIN, the lines are as its text format wants them, whole ones or pieces. Between the
 * beginning and the end no other call on `tx`. A row that is refused is a fault, at the end. */
void tx_copy_begin(struct tx *tx, const char *sql);
void tx_copy_lines(struct tx *tx, const char *bytes, size_t count);
void tx_copy_end(struct tx *tx, const char *sql);

/* Tests: the n-th call (statement or commit) from now on fails, or with `at_commit` the next
 * commit, once, or again on each later one when `lasting`; 0 ends it. `reached` tells whether it
 * did fail since, and `reached_at` at which call first. With `batch` it is a fault that takes the
 * whole transaction. */
struct db_failure {
    int countdown;
    bool at_commit;
    bool lasting;
    bool batch;
    bool reached;
    int reached_at;
    int calls;
};
void db_fail(struct db *db, struct db_failure *failure);

/* Runs several statements outside of any transaction (tests). False with `ret_error`, whose words
 * live until the next call on `db`. */
bool db_script(struct db *db, const char *sql, const char **ret_error);
/* Runs several statements inside one (migrations). A fault when one of them fails or ends it. */
void tx_script(struct tx *tx, const char *sql);
