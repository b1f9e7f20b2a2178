/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The inside of a connection and its transaction: what every engine keeps of them, and what an
 * engine has to do. For sys/db*.c alone. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "sys/db.h"

struct tx {
    struct db *db;
    struct mem *mem;       /* where rows go now */
    struct mem *batch_mem; /* where they go outside of steps */
    enum tx_fault fault;
    bool is_write;
    bool is_open;
    bool is_lost;
    bool in_step;
    bool is_light; /* see tx_lighten */
    bool was_too_light;
    bool step_is_void;     /* begun after a fault: there is nothing to undo or to forgive */
    int64_t deadline_ms;   /* on the thread's own clock; 0: none */
    int64_t looks_ms;      /* on the monotonic clock: that one need not be asked before then */
    int64_t ends_ms;       /* on the monotonic clock; 0: never */
    bool is_ahead;         /* between tx_ahead_begin and tx_ahead_end */
    struct memo *memos;    /* of a snapshot, or of a step what was asked ahead */
    int64_t memos_rewinds; /* of `mem`, when they were written */
    uint64_t about;        /* see tx_about; 0: nobody said */
    struct asked *asked;   /* the questions since then, the last one first */
    char error[DB_ERROR_BYTES_MAX];
};

/* Between tries that fail: each is longer than the one before, up to DB_PAUSE_MS_MAX. */
struct pause {
    int64_t ms;
    int64_t until_ms;
};
bool pause_is_over(const struct pause *pause);
void pause_begin(struct pause *pause);

/* A connection: an engine's own struct begins with it. */
struct db {
    const struct db_engine *engine;
    struct mem *mem;
    const char *where; /* a file's path, or postgresql://… */
    enum db_mode mode;
    bool wants_reopen;     /* or is closed, after a db_reopen that failed */
    struct pause pause;    /* of db_reopen */
    struct habits *habits; /* NULL: none yet */
    struct db_failure *failure;
    struct tx tx;
    char error[DB_ERROR_BYTES_MAX];
};

/* One statement with its values, and how much of the answer is wanted. */
struct call {
    const char *sql;
    const struct db_value *values;
    int count;
    int rows_max;     /* kept; 0: nobody reads them */
    bool more_is_bad; /* than that: a list without a bound */
};

/* A question of this transaction and its answer, which may be under way yet. */
struct memo {
    struct memo *next;
    int number; /* of those before it */
    bool is_waiting;
    struct call call;
    const struct db_row *rows;
};

/* What an engine does. The public functions have looked already at what is the same for all: that a
 * transaction is open and without a fault, that its time is not over, that no test wants it to
 * fail. What fails sets the fault with its words (tx_set_fault), or db->error outside of a
 * transaction. */
struct db_engine {
    size_t size;      /* of its own struct */
    const char *tell; /* the statement that tells ?1 to who listens; NULL: nobody can */
    bool (*open)(struct db *db);
    void (*close)(struct db *db); /* also what could not be opened */
    bool (*reopen)(struct db *db);
    bool (*is_there)(struct db *db); /* as far as can be told without asking */
    bool (*is_sound)(struct db *db);
    bool (*copy)(struct db *db, const char *path);
    bool (*script)(struct db *db, const char *sql);
    bool (*begin)(struct tx *tx);
    /* SAVEPOINT step, ROLLBACK TO step, RELEASE step; where steps are light the engine only notes
     * the first and the last, and there is none between them. */
    bool (*step)(struct tx *tx, const char *sql);
    /* Whether a light step left something that cannot stay; waits for what is under way. */
    bool (*must_undo)(struct tx *tx);
    bool (*has_written)(const struct tx *tx);
    bool (*commit)(struct tx *tx);
    void (*rollback)(struct tx *tx); /* also of one that is lost, or never began */
    const struct db_row *(*run)(struct tx *tx, const struct call *call);
    /* Sends it; the memo has its answer after the next settle, or whatever else waits for one.
     * NULL: an engine that answers at once. */
    void (*ask)(struct tx *tx, struct memo *memo);
    void (*settle)(struct tx *tx);
    void (*run_script)(struct tx *tx, const char *sql);
};

extern const struct db_engine db_sqlite;
extern const struct db_engine db_postgres;

/* Sets the fault and its words. The statement is named by its text, which holds no values. */
void tx_set_fault(struct tx *tx, enum tx_fault fault, const char *words, const char *sql);
/* Gives up the whole transaction, after a fault. */
void tx_lose(struct tx *tx);
/* Whether it has outrun its time. */
bool tx_is_late(const struct tx *tx);

void db_set_error(struct db *db, const char *words);

/* A new row whose values are all NULL. */
struct db_row *row_new(struct mem *mem, int columns);

/* The rows of an answer, as they come. */
struct answer {
    const struct db_row *first;
    struct db_row *last;
    int count;
};

/* Adds a row; NULL: a column holds what the house does not use. False: a fault, there is no use in
 * more of them. */
bool answer_add(struct answer *answer, struct tx *tx, const struct call *call, struct db_row *row);

/* A copy that lives as long as `mem`. */
struct call call_copy(struct mem *mem, const struct call *call);
bool call_is_same(const struct call *a, const struct call *b);
/* Whether it is a SELECT whose rows are read. */
bool call_is_question(const struct call *call);

/* Whether the same was asked in this snapshot before, or ahead, and with what answer, which is
 * waited for: a fault may come of that. */
bool memo_get(struct tx *tx, const struct call *call, const struct db_row **ret_rows);
/* Remembers an answer, unless the transaction writes. */
void memo_put(struct tx *tx, const struct call *call, const struct db_row *rows);
/* Asks ahead, unless that was asked already. */
void memo_ask(struct tx *tx, const struct call *call);
/* Before a statement that writes: what it may change is to be asked anew. */
void memo_forget(struct tx *tx, const char *sql);

/* Asks ahead what was asked about the same twice. */
void habit_begin(struct tx *tx, const char *subject);
void habit_note(struct tx *tx, const struct call *call);
/* Keeps what was asked; before the memory of the transaction or step goes. */
void habit_end(struct tx *tx);
void habits_free(struct habits *habits);

/* What is prepared on a connection, by its text. */
struct statements;
/* `end` ends one of them, or is NULL. */
struct statements *statements_new(struct mem *mem, void (*end)(void *handle));
/* NULL: there is none of that text. */
void *statements_get(struct statements *statements, const char *sql);
/* Keeps it. When there are too many, as never happens with texts that stand in sources, all that
 * are there end first, and true is given. */
bool statements_put(struct statements *statements, const char *sql, void *handle);
/* As if it had never been prepared. */
void statements_forget(struct statements *statements, const char *sql);
void statements_drop(struct statements *statements);
