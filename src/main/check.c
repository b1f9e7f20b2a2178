/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* `essaim migrate` brings the data folder to the present schema; `essaim check` says what does not
 * add up in it. A check reads one snapshot and writes nothing: it may be run at any time, beside
 * the server too. */
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"
#include "main/commands.h"
#include "main/features.h"
#include "main/program.h"
#include "main/settings.h"
#include "sys/clock.h"
#include "sys/db.h"
#include "sys/db_readers.h"
#include "sys/migrate.h"
#include "web/feature.h"
#include "web/work.h"

enum { CHECK_BYTES_MAX = 16 * 1024 * 1024, CHECK_MS_MAX = 60 * 60 * 1000 };

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
    tx_limit(work.tx, CHECK_MS_MAX);
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

/* NULL, or why it is not as this program wants it. */
static const char *database_refuse(struct mem *mem, const struct config *config, struct db *db)
{
    static const char *const sentences[] = {
        [MIGRATE_DONE] = NULL,
        [MIGRATE_OLDER] = "The database is older than this program: start the server once, or run "
                          "essaim migrate, then try again.",
        [MIGRATE_NEWER] =
            "The database is newer than this program: take the program that serves it.",
        [MIGRATE_EDITED] = "The database was made by another edition of this program: take the "
                           "program that serves it.",
        [MIGRATE_UNREAD] = "The database cannot be read.",
    };
    if (!migrate_is_begun(db))
        return config->database ? "There is no database in PostgreSQL."
                                : mem_printf(mem, "There is no database in %s.", config->data);
    return db_is_sound(db) ? sentences[migrate_look(db, all_migrations(mem))]
                           : "The database is damaged.";
}

const char *program_look(struct mem *mem, const struct config *config)
{
    const char *where = program_database(mem, config);
    if (!db_is_postgres(where) && access(where, F_OK) != 0)
        return mem_printf(mem, "There is no database in %s.", config->data);
    struct db *db = db_open(where, DB_READ);
    if (!db)
        return not_opened;
    const char *refusal = database_refuse(mem, config, db);
    db_close(db);
    return refusal;
}

int command_check(const struct settings *settings)
{
    struct mem *mem = mem_new(CHECK_BYTES_MAX);
    const char *found = program_look(mem, &settings->config);
    struct program *program = found ? NULL : program_open(&settings->config, PROGRAM_READING, NULL);
    if (program)
        found = program_check(program, mem);
    if (found)
        fprintf(stderr, "%s\n", found);
    else if (program)
        printf("All is well.\n");
    if (program)
        program_close(program);
    mem_free(mem);
    return program && !found ? 0 : 1;
}
