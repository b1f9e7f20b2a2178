/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Several processes serve one PostgreSQL database, and what one commits is news to the others:
 * their visitors' pages end, their live counts go on. Why so:
 * docs/decisions/0034-several-processes.md. */
#include "main/hearing.h"

#include "base/log.h"
#include "main/program.h"
#include "sys/db_listen.h"
#include "web/commits.h"

static void heard(void *context, const char *words)
{
    const struct program *program = context;
    commits_hear(&program->app, words);
}

static void listens(void *context, bool listens)
{
    const struct program *program = context;
    commits_set_deaf(&program->app, !listens);
    log_event(listens ? LOG_INFO : LOG_WARNING, listens ? "hearing_others" : "not_hearing_others",
              log_text("visitors_pages", listens ? "kept" : "made anew each time"));
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
