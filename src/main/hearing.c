/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Several processes serve one PostgreSQL database, and what one commits is news to the others:
 * their visitors' pages end, their live counts go on. Why so:
 * docs/decisions/0034-several-processes.md. */
#include "main/hearing.h"

#include <signal.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "main/features.h"
#include "main/program.h"
#include "sys/db.h"
#include "sys/db_listen.h"
#include "sys/db_readers.h"
#include "sys/migrate.h"
#include "web/commits.h"

/* A newer program has changed the tables: ours may not fit them any more. What was accepted is
 * answered, and the process ends, as if it had been told to. On a connection of its own: the
 * readers are for those who ask, who may have all of them. */
static void end_if_outdated(struct program *program)
{
    struct mem *mem = mem_new(REQUEST_BYTES_MAX);
    struct db *db = db_open(program->app.config->database, DB_READ);
    if (db && migrate_look(db, all_migrations(mem)) == MIGRATE_NEWER) {
        program->is_outdated = true;
        kill(getpid(), SIGTERM);
    }
    db_close(db);
    mem_free(mem);
}

static void heard(void *context, const char *words)
{
    struct program *program = context;
    if (str_equal(words, MIGRATE_TOLD))
        end_if_outdated(program);
    else
        commits_hear(&program->app, words);
}

static void listens(void *context, bool listens)
{
    struct program *program = context;
    if (listens) /* no page is told from memory any more: they have to be made */
        db_readers_hurry(program->app.readers);
    commits_set_deaf(&program->app, !listens);
    log_event(listens ? LOG_INFO : LOG_WARNING, listens ? "hearing_others" : "not_hearing_others",
              log_text("visitors_pages", listens ? "kept" : "made anew each time"));
    if (listens)
        end_if_outdated(program);
}

bool hearing_start(struct program *program)
{
    const char *database = program->app.config->database;
    const struct db_hearer hearer = {.context = program, .heard = heard, .listens = listens};
    if (!database)
        return true;
    commits_set_deaf(&program->app, true);
    program->listener = db_listen(program->mem, database, &hearer);
    return program->listener;
}

void hearing_stop(struct program *program)
{
    if (program->listener)
        db_listener_stop(program->listener);
}
