/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Putting the program together, in the order in which its parts need each other, and taking it
 * apart in reverse. */
#include "main/program.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/activity/activity.h"
#include "core/communities/communities.h"
#include "core/jobs/jobs.h"
#include "core/logins/logins.h"
#include "core/outbox/outbox.h"
#include "features/campaigns/campaigns.h"
#include "main/features.h"
#include "main/hearing.h"
#include "main/program_key.h"
#include "sys/clock.h"
#include "sys/db.h"
#include "sys/db_readers.h"
#include "sys/http.h"
#include "sys/lang.h"
#include "sys/migrate.h"
#include "sys/zone.h"
#include "web/cache.h"
#include "web/commits.h"
#include "web/community.h"
#include "web/live.h"
#include "web/metrics.h"
#include "web/openapi.h"
#include "web/rate.h"
#include "web/route.h"
#include "web/step.h"
#include "web/writer.h"

enum {
    PROGRAM_BYTES_MAX = 64 * 1024 * 1024,
    READERS_MAX = HTTP_THREADS_MAX + 4, /* event threads, live streams, and a few */
    ACT_BYTES_MAX = 64 * 1024 * 1024,
    ACT_MS_MAX = 60000, /* of a command, where nobody waits */
    IDS_UNSEEN_MAX = 1 << 20,
};

bool data_folder_make(const char *data)
{
    if (mkdir(data, 0700) == 0 || errno == EEXIST)
        return true;
    log_event(LOG_ERROR, "data_folder", log_text("path", data), log_text("why", strerror(errno)));
    return false;
}

int data_folder_lock(struct mem *mem, const char *data)
{
    const char *path = mem_printf(mem, "%s/" DATA_LOCK, data);
    int lock = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
        return lock;
    log_event(LOG_ERROR, "data_folder", log_text("path", data),
              log_text("why", lock < 0 ? strerror(errno) : "another process uses it"));
    if (lock >= 0)
        close(lock);
    return -1;
}

static bool own_folder(struct program *program, const char *data)
{
    if (data_folder_make(data))
        program->lock = data_folder_lock(program->mem, data);
    return program->lock >= 0;
}

/* Looking must not make what is not there. */
static bool is_there(const char *where)
{
    if (db_is_postgres(where) || access(where, F_OK) == 0)
        return true;
    log_event(LOG_ERROR, "data_folder", log_text("path", where), log_text("why", strerror(errno)));
    return false;
}

const char *program_database(struct mem *mem, const struct config *config)
{
    return config->database ? config->database : mem_printf(mem, "%s/" DATA_DATABASE, config->data);
}

static bool open_data(struct program *program, enum program_way way, const struct config *config)
{
    struct mem *mem = program->mem;
    const char *where = program_database(mem, config);
    bool reads = way == PROGRAM_READING;
    bool shares = reads || way == PROGRAM_BESIDE;
    if (shares ? !is_there(where) : !own_folder(program, config->data))
        return false;
    program->db = crypt_init() ? db_open(where, reads ? DB_READ : DB_WRITE) : NULL;
    if (!program->db || (!config->database && !program_key_of_folder(program)))
        return false;
    if (!(shares ? migrate_look(program->db, all_migrations(mem)) == MIGRATE_DONE
                 : migrate(program->db, where, all_migrations(mem))))
        return false;
    if (config->database && !program_key_of_database(program))
        return false;
    program->app.readers = db_readers_new(where, READERS_MAX);
    return true;
}

/* Ids go on above those in use, although the clock may have stepped back since. What else was made
 * after the newest row of these two tables was not many. */
static int64_t last_id(struct program *program)
{
    struct work work = {
        .app = &program->app, .mem = program->mem, .tx = db_begin(program->db, program->mem)};
    int64_t activity = activity_last_id(&work);
    int64_t mail = outbox_last_id(&work);
    tx_rollback(work.tx);
    return (activity > mail ? activity : mail) + IDS_UNSEEN_MAX;
}

static bool open_app(struct program *program, enum program_way way, struct clock *clock)
{
    struct app *app = &program->app;
    struct mem *mem = program->mem;
    app->features = all_features;
    app->find_community = community_find;
    app->find_login = login_find;
    app->may_organise = campaign_may_organise;
    app->logins_seen = logins_seen_new(mem);
    app->random = MEM_NEW(mem, struct random);
    app->ids = MEM_NEW(mem, struct id_source);
    app->ids->last = last_id(program);
    app->clock = clock ? clock : clock_new(mem, app->config->test_clock);
    app->zones = zones_new(mem);
    app->langs = langs_new(mem);
    random_fill(app->random, &app->process, sizeof app->process);
    app->commits = commits_new(mem, app->process);
    if (app->config->cache_mb > 0)
        app->cache = cache_new(mem, app->key, (size_t)app->config->cache_mb * 1024 * 1024,
                               http_files_raise() / CACHE_FILES_SHARE);
    app->rates = rates_new(mem, app->random);
    app->routes = route_table_new(mem, all_features);
    app->openapi = openapi_new(mem, all_features, app->config->base_url);
    if (!app->clock || !app->langs || !app->routes)
        return false;
    app->metrics = metrics_new(mem, app->routes);
    if (way == PROGRAM_READING)
        return true;
    app->writer = writer_start(mem, program->db, app->commits, way == PROGRAM_SERVING);
    if (way != PROGRAM_SERVING)
        return app->writer;
    app->live = live_start(app);
    return app->writer && app->live && hearing_start(program);
}

struct program *program_open(const struct config *config, enum program_way way, struct clock *clock)
{
    struct mem *mem = mem_new(PROGRAM_BYTES_MAX);
    struct program *program = MEM_NEW(mem, struct program);
    program->mem = mem;
    program->lock = -1;
    program->app.mem = mem;
    program->app.config = config;
    if (open_data(program, way, config) && open_app(program, way, clock))
        return program;
    program_close(program);
    return NULL;
}

void program_close(struct program *program)
{
    struct app *app = &program->app;
    hearing_stop(program);
    if (program->sending)
        outbox_stop(program->sending);
    if (program->jobs)
        jobs_stop(program->jobs);
    if (app->writer)
        writer_stop(app->writer); /* what it finishes wakes the streams */
    if (app->live)
        live_stop(app->live);
    if (app->readers)
        db_readers_free(app->readers);
    if (program->db)
        db_close(program->db);
    if (app->zones)
        zones_free(app->zones);
    cache_free(app->cache);
    if (app->openapi)
        openapi_free(app->openapi);
    if (program->lock >= 0)
        close(program->lock);
    mem_free(program->mem);
}

/* What is to be done, for the community that an empty Host serves. */
struct act {
    void (*run)(struct work *work, void *context);
    void *context;
};

static void act_run(struct work *work, void *context)
{
    const struct act *act = context;
    work->community = work->app->find_community(work, "");
    act->run(work, act->context);
}

bool program_write(struct program *program, void (*run)(struct work *work, void *context),
                   void *context)
{
    struct step step = {.app = &program->app, .mem = mem_new(ACT_BYTES_MAX), .ms_max = ACT_MS_MAX};
    struct act act = {run, context};
    bool kept = step_run(&step, act_run, &act);
    if (!kept)
        log_event(LOG_ERROR, "not_written", log_text("why", step.fault));
    mem_free(step.mem);
    return kept;
}

static void found_community(struct work *work, void *context)
{
    if (!work->community)
        community_add(work, context);
}

bool program_found_community(struct program *program, const struct community *community)
{
    struct community copy = *community;
    return program_write(program, found_community, &copy);
}
