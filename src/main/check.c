/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* `essaim migrate` brings the data folder to the present schema; `essaim check` says what does not
 * add up in it. */
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"
#include "main/commands.h"
#include "main/program.h"
#include "main/settings.h"
#include "sys/clock.h"
#include "sys/db.h"
#include "sys/db_readers.h"
#include "sys/migrate.h"
#include "web/feature.h"
#include "web/work.h"

enum { CHECK_BYTES_MAX = 64 * 1024 };

static const char not_opened[] = "The database cannot be opened.";

int command_migrate(const struct settings *settings)
{
    struct program *program = program_open(&settings->config, PROGRAM_ALONE, NULL);
    if (!program)
        return 1;
    program_close(program);
    return 0;
}

const char *program_check(struct program *program, struct mem *mem)
{
    const char *found = NULL;
    struct db *db = db_readers_take(program->app.readers);
    if (!db)
        return not_opened;
    struct work work = {.app = &program->app,
                        .mem = mem,
                        .tx = db_begin(db, mem),
                        .now = clock_now(program->app.clock)};
    for (const struct feature *const *f = program->app.features; *f; f++) {
        const char *sentence = (*f)->check ? (*f)->check(&work) : NULL;
        if (sentence)
            found = found ? mem_printf(mem, "%s\n%s", found, sentence) : sentence;
    }
    if (tx_fault(work.tx))
        found = mem_strdup(mem, tx_error(work.tx));
    tx_rollback(work.tx);
    db_readers_give(program->app.readers, db);
    return found;
}

/* Whether there is something to look at; else says why not. Looking must not make what is not
 * there. */
static bool has_database(struct mem *mem, const struct config *config)
{
    const char *where = program_database(mem, config);
    if (!db_is_postgres(where)) {
        bool is_there = access(where, F_OK) == 0;
        if (!is_there)
            fprintf(stderr, "There is no database in %s.\n", config->data);
        return is_there;
    }
    struct db *db = db_open(where, DB_READ);
    bool is_begun = db && migrate_is_begun(db);
    if (!is_begun)
        fprintf(stderr, "%s\n", db ? "There is no database in PostgreSQL." : not_opened);
    db_close(db);
    return is_begun;
}

int command_check(const struct settings *settings)
{
    const struct config *config = &settings->config;
    struct mem *mem = mem_new(CHECK_BYTES_MAX);
    bool has = has_database(mem, config);
    mem_free(mem);
    if (!has)
        return 1;
    struct program *program = program_open(config, PROGRAM_ALONE, NULL);
    if (!program)
        return 1;
    const char *found = db_is_sound(program->db) ? program_check(program, program->mem)
                                                 : "The database is damaged.";
    fprintf(found ? stderr : stdout, "%s\n", found ? found : "All is well.");
    program_close(program);
    return found ? 1 : 0;
}
