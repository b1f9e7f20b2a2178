/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* `essaim move --to URL` copies an install from the file in its data folder into an empty
 * PostgreSQL database. The folder's lock is held meanwhile, as by a server: what people wrote
 * during a move would stay behind. The key goes along; the folder's own and the file are not
 * changed, so that there is always a way back. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"
#include "main/commands.h"
#include "main/features.h"
#include "main/program.h"
#include "main/settings.h"
#include "sys/clock.h"
#include "sys/db.h"
#include "sys/move.h"

enum { MOVE_BYTES_MAX = 64 * 1024 * 1024 };

const char move_help[] =
    "  essaim move --to postgresql://…    while no server runs. The database must be empty, or "
    "the\n"
    "                                     schema that ?options=-csearch_path%3DNAME leads to.\n"
    "It ends with what was copied, counted and summed on both sides; if anything differs, or "
    "fails, "
    "nothing is\nkept there. The file in the data folder is left as it is.\n";

static const char not_opened[] = "The PostgreSQL database cannot be opened.";

/* NULL, or why nothing can be moved from here. */
static const char *refuse_from(struct mem *mem, const struct config *config)
{
    if (config->database)
        return "The database of this install is a PostgreSQL one already, as its settings say.";
    const char *wrong = program_look(mem, config);
    if (!wrong && access(mem_printf(mem, "%s/" DATA_KEY, config->data), R_OK) != 0)
        wrong = mem_printf(mem,
                           "The key cannot be read in %s: without it every link that was mailed "
                           "is void.",
                           config->data);
    return wrong;
}

static const char *refuse_to(const char *to)
{
    struct db *db = db_open(to, DB_READ); /* which leaves nothing behind */
    if (!db)
        return not_opened;
    bool is_empty = move_is_empty(db);
    db_close(db);
    return is_empty ? NULL
                    : "The PostgreSQL database is not empty, and is left as it is: make a new one, "
                      "or a schema of its own in it.";
}

static const char *move(struct mem *mem, const char *file, const char *to,
                        const struct moved **ret_moved)
{
    struct db *from_db = db_open(file, DB_READ);
    struct db *to_db = from_db ? db_open(to, DB_WRITE) : NULL;
    const char *wrong =
        to_db ? move_tables(mem, from_db, to_db, all_migrations(mem), ret_moved) : not_opened;
    db_close(to_db);
    db_close(from_db);
    return wrong;
}

/* Who opens a PostgreSQL database that has no key gives it the one of the folder. */
static bool take_key_along(const struct config *config, const char *to)
{
    struct config there = *config;
    there.database = to;
    struct program *program = program_open(&there, PROGRAM_BESIDE, NULL);
    if (program)
        program_close(program);
    return program != NULL;
}

static const char *run(struct mem *mem, const struct settings *settings,
                       const struct moved **ret_moved)
{
    const struct config *config = &settings->config;
    const char *wrong = refuse_from(mem, config);
    if (wrong)
        return wrong;
    int lock = data_folder_lock(mem, config->data);
    if (lock < 0)
        return "Stop the server first: what people do while it moves would be lost.";
    wrong = refuse_to(settings->to);
    if (!wrong)
        wrong = move(mem, program_database(mem, config), settings->to, ret_moved);
    if (!wrong && !take_key_along(config, settings->to))
        wrong = "All is moved but the key: start the server with --database and this data folder, "
                "and it takes the key along.";
    close(lock);
    return wrong;
}

static void tell(const struct moved *moved, const struct settings *settings, int64_t began_ms)
{
    int64_t rows = 0;
    printf("%-20s %10s %20s %14s\n", "table", "rows", "sum of numbers", "characters");
    for (; moved; moved = moved->next) {
        rows += moved->rows;
        printf("%-20s %10" PRId64 " %20" PRIu64 " %14" PRId64 "\n", moved->table, moved->rows,
               moved->numbers, moved->characters);
    }
    printf("\nThe count of each table and the sum of each column are the same on both sides (the "
           "sums of numbers modulo 2^64).\n%" PRId64 " rows were moved in %.1f seconds.\n",
           rows, (double)(clock_monotonic_ms() - began_ms) / 1000.0);
    printf("The key went along. From now on serve with --database. The file %s/%s is left as it "
           "was: served again, it would send mails a second time.\n",
           settings->config.data, DATA_DATABASE);
}

int command_move(const struct settings *settings)
{
    if (!settings->to) {
        fprintf(stderr, "%s", move_help);
        return 2;
    }
    struct mem *mem = mem_new(MOVE_BYTES_MAX);
    const struct moved *moved = NULL;
    int64_t began_ms = clock_monotonic_ms();
    const char *wrong = run(mem, settings, &moved);
    if (wrong)
        fprintf(stderr, "%s\n", wrong);
    else
        tell(moved, settings, began_ms);
    mem_free(mem);
    return wrong ? 1 : 0;
}
