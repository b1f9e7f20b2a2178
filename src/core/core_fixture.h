/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* For the tests of this floor alone: an app with a fresh database, one community, a clock that
 * stands still, and a writer without a thread. Stories through HTTP have a harness of their own;
 * here rules and stores are called directly. */
#pragma once
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/id.h"
#include "base/mem.h"
#include "core/activity/activity.h"
#include "core/communities/communities.h"
#include "core/jobs/jobs.h"
#include "core/outbox/outbox.h"
#include "migrations.h"
#include "sys/clock.h"
#include "sys/crypt.h"
#include "sys/db_testing.h"
#include "sys/lang.h"
#include "sys/migrate.h"
#include "sys/zone.h"
#include "web/app.h"
#include "web/commits.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/work.h"
#include "web/writer.h"

enum { CORE_NOW = 1795000000 }; /* 18 November 2026 */

struct core {
    struct app app; /* first: a job that is run finds its test behind work->app */
    struct config config;
    const struct feature *features[6];
    struct random random;
    struct id_source ids;
    struct mem *mem;
    struct db *db;
    struct work work; /* of core_begin */
    char folder[32];
    const char *where;
};

/* A write transaction of the test's own, on core->mem. */
static inline struct work *core_begin(struct core *core)
{
    core->work = (struct work){
        .app = &core->app,
        .mem = core->mem,
        .tx = db_begin(core->db, core->mem),
        .now = clock_now(core->app.clock),
    };
    core->work.community = community_find(&core->work, "");
    return &core->work;
}

static inline void core_commit(struct core *core)
{
    bool committed = tx_commit(core->work.tx);
    assert(committed);
    (void)committed;
}

/* The number that a query gives. */
static inline int64_t core_number(struct core *core, const char *sql)
{
    struct tx *tx = db_begin(core->db, core->mem);
    const struct db_row *row = tx_one_values(tx, sql, NULL, 0);
    assert(row);
    int64_t number = row_int(row, 0);
    tx_rollback(tx);
    return number;
}

static inline void core_script(struct core *core, const char *sql)
{
    const char *error;
    bool done = db_script(core->db, sql, &error);
    assert(done);
    (void)done;
}

static inline void core_open(struct core *core)
{
    static const struct db_migration *const migrations[] = {communities_migrations,
                                                            people_migrations,
                                                            logins_migrations,
                                                            activity_migrations,
                                                            jobs_migrations,
                                                            outbox_migrations,
                                                            NULL};
    snprintf(core->folder, sizeof core->folder, "/tmp/essaim-core-XXXXXX");
    const char *folder = mkdtemp(core->folder);
    assert(folder);
    core->where = database_new(core->mem, folder);
    core->db = db_open(core->where, DB_WRITE);
    bool migrated = core->db && migrate(core->db, core->where, migrations);
    assert(migrated);
    (void)migrated;
}

/* `card` is the test's own feature, or NULL. */
static inline void core_new(struct core *core, const struct feature *card)
{
    bool random_is_there = crypt_init();
    assert(random_is_there);
    (void)random_is_there;
    *core = (struct core){
        .config = {.base_url = "https://essaim.example", .mailbox = true},
        .features = {&communities_feature, &activity_feature, &jobs_feature, &outbox_feature, card},
        .mem = mem_new(64 * 1024 * 1024),
    };
    core_open(core);
    core->app = (struct app){
        .mem = core->mem,
        .config = &core->config,
        .features = core->features,
        .clock = clock_new_still(core->mem, CORE_NOW),
        .random = &core->random,
        .ids = &core->ids,
        .zones = zones_new(core->mem),
        .langs = langs_new(core->mem),
        .commits = commits_new(core->mem, 1),
        .writer = writer_start(core->mem, core->db, NULL, false),
    };
    community_add(core_begin(core), &(struct community){.slug = "riviere",
                                                        .name = "Les Amis de la rivière",
                                                        .description = "",
                                                        .language = "fr",
                                                        .time_zone = "Europe/Paris"});
    core_commit(core);
}

static inline void core_free(struct core *core)
{
    writer_stop(core->app.writer);
    db_close(core->db);
    zones_free(core->app.zones);
    database_drop(core->mem, core->where);
    rmdir(core->folder);
    mem_free(core->mem);
}
