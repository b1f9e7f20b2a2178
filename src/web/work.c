/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What every piece of work may ask for: ids, handles, addresses, and the notes of what it read and
 * touched. */
#include "web/work.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "sys/clock.h"
#include "sys/crypt.h"
#include "sys/db.h"
#include "web/app.h"
#include "web/community.h"
#include "web/rate.h"

static void note(struct notes *notes, enum object_kind kind, int64_t id)
{
    for (int i = 0; i < notes->count; i++)
        if (notes->objects[i].kind == kind && notes->objects[i].id == id)
            return;
    if (notes->count == NOTES_MAX)
        notes->over = true;
    else
        notes->objects[notes->count++] = (struct object){kind, id};
}

void work_reads(struct work *work, enum object_kind kind, int64_t id)
{
    note(&work->read, kind, id);
}

void work_touches(struct work *work, enum object_kind kind, int64_t id)
{
    note(&work->touched, kind, id);
}

void work_remember(struct work *work, enum object_kind kind, int64_t id, const void *value)
{
    if (tx_is_write(work->tx))
        return;
    for (int i = 0; i < WORK_RECALLS_MAX; i++)
        if (!work->recalls[i].value) {
            work->recalls[i] = (struct recall){{kind, id}, value};
            return;
        }
}

const void *work_recall(const struct work *work, enum object_kind kind, int64_t id)
{
    for (int i = 0; i < WORK_RECALLS_MAX && work->recalls[i].value; i++)
        if (work->recalls[i].object.kind == kind && work->recalls[i].object.id == id)
            return work->recalls[i].value;
    return NULL;
}

void work_true_until(struct work *work, int64_t at)
{
    if (at > work->now && (work->true_until == 0 || at < work->true_until))
        work->true_until = at;
}

int64_t work_new_id(struct work *work)
{
    assert(tx_is_write(work->tx)); /* the source of ids belongs to the writer's thread */
    return id_next(work->app->ids, clock_now_ms(work->app->clock),
                   random_below(work->app->random, UINT32_MAX));
}

const char *work_new_handle(struct work *work, int chars)
{
    return random_handle(work->app->random, work->mem, chars);
}

const char *work_new_code(struct work *work)
{
    return random_code(work->app->random, work->mem);
}

const char *work_mac(struct work *work, const char *purpose, const char *text)
{
    return crypt_mac(work->mem, work->app->key, purpose, text);
}

/* A community with a host of its own has its links there: by the scheme and the port of the base
 * URL, since it is the same proxy that serves both. */
const char *work_url(struct work *work, const char *path)
{
    const char *base = work->app->config->base_url;
    const char *name = strstr(base, "://");
    if (!work->community || !work->community->host || !name)
        return mem_join(work->mem, base, path);
    name += strlen("://");
    const char *port = strrchr(name, ':');
    bool has_port = port && !strchr(port, ']');
    return mem_printf(work->mem, "%.*s%s%s%s", (int)(name - base), base, work->community->host,
                      has_port ? port : "", path);
}

bool work_rate(struct work *work, enum rate_of of)
{
    if (work->rates[of] == RATE_NOT_ASKED) {
        bool within = rate_take(work->app->rates, of, work->client, clock_monotonic_ms());
        work->rates[of] = within ? RATE_WITHIN : RATE_BEYOND;
    }
    return work->rates[of] == RATE_WITHIN;
}

void work_rate_give_back(struct work *work, enum rate_of of)
{
    rate_give_back(work->app->rates, of, work->client, clock_monotonic_ms());
    work->rates[of] = RATE_NOT_ASKED;
}
