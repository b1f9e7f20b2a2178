/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The program put together: an app with its data folder open. Used by every command, and by the
 * stories of the tests. */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>

#include "web/app.h"

struct community;
struct db;
struct db_listener;
struct jobs;
struct mem;
struct outbox_thread;

/* Files of the data folder. */
#define DATA_DATABASE "essaim.db"
#define DATA_KEY "key"
#define DATA_LOCK "lock"
#define DATA_FIRST_LINK "first-link"

/* Makes the data folder where it is missing, for its owner alone. False after one log line. */
bool data_folder_make(const char *data);
/* Makes sure that no other process uses the folder until the descriptor is closed. -1 after one log
 * line. */
int data_folder_lock(struct mem *mem, const char *data);

struct program {
    struct app app;
    struct mem *mem;
    struct db *db; /* the writer's */
    struct jobs *jobs;
    struct outbox_thread *sending;
    struct db_listener *listener; /* NULL: nobody else writes */
    atomic_bool is_outdated;      /* the database is of a newer program: it ends */
    int lock;                     /* on the data folder: one process at a time */
};

enum program_way {
    PROGRAM_ALONE,   /* one thread: what is submitted runs at once (commands, stories) */
    PROGRAM_SERVING, /* the writer, jobs and live streams have their threads */
    PROGRAM_BESIDE,  /* one thread, beside a process that may be serving: small acts of a command */
    PROGRAM_READING  /* as PROGRAM_BESIDE, without a writer: nothing can be written */
};

/* Where the database is, as db_open takes it. */
const char *program_database(struct mem *mem, const struct config *config);

/* Opens the data folder of `config`, made when it is missing, migrates it, and puts the app
 * together. PROGRAM_BESIDE and PROGRAM_READING make and migrate nothing: they want a folder with a
 * database of the present schema, and share it; the database's lock keeps writers apart, and ids do
 * not meet thanks to their random part. `clock` NULL: that of the settings. NULL after one log line
 * that says why. */
struct program *program_open(const struct config *config, enum program_way way,
                             struct clock *clock);
void program_close(struct program *program);

/* Adds the install's first community when there is none. False after one log line. */
bool program_found_community(struct program *program, const struct community *community);

/* Writes the link of the first administrator to DATA_FIRST_LINK, while there is none; else takes
 * that file away. False after one log line. */
bool program_first_link(struct program *program);

/* Runs `act` in one write transaction of its own, perhaps twice; what it touched is published.
 * False after one log line: a fault, nothing was kept. */
bool program_write(struct program *program, void (*act)(struct work *work, void *context),
                   void *context);

/* Looks whether there is an undamaged database of the present schema: NULL, or one sentence that
 * says why not. Makes and changes nothing. */
const char *program_look(struct mem *mem, const struct config *config);

/* What does not add up in the tables (counters, states, what waits), as the features' cards find
 * it: a line for each feature that finds something, or NULL. */
const char *program_check(struct program *program, struct mem *mem);
