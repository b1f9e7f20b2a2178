/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The process: everything hangs from here, and it is read-only after the start but for what guards
 * itself. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "sys/crypt.h"

struct cache;
struct clock;
struct commits;
struct community;
struct db_readers;
struct feature;
struct langs;
struct live;
struct login;
struct logins_seen;
struct mem;
struct metrics;
struct openapi;
struct rates;
struct route_table;
struct smtp_server;
struct work;
struct writer;
struct zones;

/* Settings, from options, environment and essaim.conf. */
struct config {
    const char *data;       /* folder */
    const char *database;   /* "postgresql://…"; NULL: a file in that folder */
    const char *listen;     /* "127.0.0.1:8080" */
    const char *base_url;   /* "http://127.0.0.1:8080", no '/' at the end */
    const char *test_clock; /* file, or NULL */
    const char *proxy;      /* the address whose X-Forwarded-For is believed; NULL: nobody's */
    int64_t cache_mb;       /* of visitors' pages that are kept; 0: none are */
    bool mailbox;
    const struct smtp_server *smtp; /* NULL: mails wait in the outbox */
    int64_t smtp_rate;              /* mails in a minute */
    const char *mail_from;          /* the install's own address; NULL: no-reply@ the site's host */
    const char *bounce_address;     /* where what comes back goes to, see outbox_bounce_address;
                                       NULL: to mail_from, where nobody reads it */
};

struct app {
    struct mem *mem; /* the process's: written at the start alone */
    const struct config *config;
    const struct feature *const *features; /* NULL-ended, in order */
    const struct route_table *routes;
    struct openapi *openapi; /* from any thread */
    struct clock *clock;
    struct random *random; /* any thread */
    struct id_source *ids; /* the writer's thread */
    int64_t process;       /* random: this one, of those that share a database */
    struct zones *zones;
    const struct langs *langs;
    struct db_readers *readers;
    struct writer *writer;
    struct commits *commits;
    struct cache *cache; /* NULL: every page is made anew */
    struct live *live;
    struct metrics *metrics;         /* NULL: nobody counts */
    struct rates *rates;             /* the writer's thread */
    struct logins_seen *logins_seen; /* from any thread, see core/logins */
    unsigned char key[CRYPT_KEY_BYTES];
    /* The community a Host serves; NULL: none (404). Set by main from core/communities: the frame
     * knows no rows. */
    const struct community *(*find_community)(struct work *work, const char *host);
    /* Who holds this token of a login in the community of `work`; NULL: nobody. From core/logins.
     */
    const struct login *(*find_login)(struct work *work, const char *token);
    /* Whether they lead the campaign with that slug: its organisers, and the community's
     * facilitators. From features/campaigns. */
    bool (*may_organise)(struct work *work, const struct login *login, const char *slug);
};

/* Other processes may serve the same database at the same time. */
static inline bool app_shares_database(const struct app *app)
{
    return app->config->database != NULL;
}
