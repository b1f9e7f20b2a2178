/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Time zones by GLib's GTimeZone, which reads the system's tzdata; ICU carries rules of its own
 * that nobody updates. Only IANA names are zones here: GLib also takes "+01:00" and POSIX rules
 * such as "EST5EDT4,M3.2.0,M11.1.0", which say nothing about where people live and would fill the
 * cache with whatever a form sends. A GTimeZone is const once made, so that only the cache needs a
 * lock. */
#include "sys/zone.h"

#include <assert.h>
#include <ctype.h>
#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/mem.h"
#include "base/str.h"

enum {
    ZONE_NAME_BYTES_MAX = 64,
    ZONES_MAX = 1024, /* the database knows about 600 names */
    OFFSETS_BITS = 6,
    OFFSETS = 1 << OFFSETS_BITS,
    OFFSET_BITS = 18, /* of seconds, a day to either side */
    TIME_BITS = 64 - OFFSET_BITS,
    ZONES_BYTES_MAX = ZONES_MAX * (256 + OFFSETS * 8)
};

struct zone {
    const struct zone *next;
    const char *name;
    GTimeZone *rules;
    atomic_uint_least64_t *offsets; /* by time: see zone_offset */
};

struct zones {
    struct mem *mem; /* a root of its own: it grows from any thread, under the lock */
    pthread_mutex_t lock;
    const struct zone *first;
    int count;
};

struct zones *zones_new(struct mem *mem)
{
    struct zones *zones = MEM_NEW(mem, struct zones);
    zones->mem = mem_new(ZONES_BYTES_MAX);
    pthread_mutex_init(&zones->lock, NULL);
    return zones;
}

void zones_free(struct zones *zones)
{
    for (const struct zone *zone = zones->first; zone; zone = zone->next)
        g_time_zone_unref(zone->rules);
    pthread_mutex_destroy(&zones->lock);
    mem_free(zones->mem);
}

/* "UTC", or words with a '/' between them, each with a capital first: Europe/Paris, Etc/GMT+5,
 * America/Argentina/Ushuaia. The folders "posix" and "right" (with leap seconds) are left out so.
 */
static bool name_is_plausible(const char *name)
{
    if (str_equal(name, "UTC"))
        return true;
    if (strlen(name) > ZONE_NAME_BYTES_MAX || !strchr(name, '/'))
        return false;
    bool begins = true;
    for (const char *c = name; *c; c++) {
        bool fits =
            begins ? *c >= 'A' && *c <= 'Z' : isalnum((unsigned char)*c) || strchr("_+-/", *c);
        if (!fits)
            return false;
        begins = *c == '/';
    }
    return !begins;
}

static const struct zone *zone_find(const struct zones *zones, const char *name)
{
    const struct zone *zone = zones->first;
    while (zone && !str_equal(zone->name, name))
        zone = zone->next;
    return zone;
}

static const struct zone *zone_load(struct zones *zones, const char *name)
{
    if (zones->count == ZONES_MAX || !name_is_plausible(name))
        return NULL;
    GTimeZone *rules = g_time_zone_new_identifier(name);
    if (!rules)
        return NULL;
    struct zone *zone = MEM_NEW(zones->mem, struct zone);
    *zone = (struct zone){zones->first, mem_strdup(zones->mem, name), rules,
                          MEM_ARRAY(zones->mem, atomic_uint_least64_t, OFFSETS)};
    zones->first = zone;
    zones->count++;
    return zone;
}

const struct zone *zone_get(struct zones *zones, const char *name)
{
    assert(zones && name);
    pthread_mutex_lock(&zones->lock);
    const struct zone *zone = zone_find(zones, name);
    if (!zone)
        zone = zone_load(zones, name);
    pthread_mutex_unlock(&zones->lock);
    return zone;
}

static int offset_find(const struct zone *zone, int64_t at)
{
    int interval = g_time_zone_find_interval(zone->rules, G_TIME_TYPE_UNIVERSAL, at);
    return g_time_zone_get_offset(zone->rules, interval);
}

/* Offset from UTC in seconds at that time: 3600. GLib goes through all changes since 1900 to find
 * it, and pages ask for the same few times again and again: the last ones are kept, each in one
 * word with its offset, so that any thread may write it and none reads half of it. */
static int zone_offset(const struct zone *zone, int64_t at)
{
    const uint64_t time = (uint64_t)at;
    if (at <= 0 || time >> TIME_BITS)
        return offset_find(zone, at);
    uint64_t slot = time * UINT64_C(0x9E3779B97F4A7C15) >> (64 - OFFSETS_BITS);
    uint64_t kept = atomic_load_explicit(&zone->offsets[slot], memory_order_relaxed);
    if (kept >> OFFSET_BITS == time)
        return (int)(kept & ((1 << OFFSET_BITS) - 1)) - DAY_SECONDS;
    int offset = offset_find(zone, at);
    assert(offset >= -DAY_SECONDS && offset <= DAY_SECONDS);
    kept = time << OFFSET_BITS | (uint64_t)(offset + DAY_SECONDS);
    atomic_store_explicit(&zone->offsets[slot], kept, memory_order_relaxed);
    return offset;
}

struct wall zone_wall(const struct zone *zone, int64_t at)
{
    assert(zone);
    return wall_from_seconds(at + zone_offset(zone, at));
}

int64_t zone_utc(const struct zone *zone, const struct wall *wall)
{
    assert(zone && wall);
    int64_t shown = wall_to_seconds(wall);
    /* No offset is larger than a day, so that these two hold before and after any change near by.
     */
    int64_t with_old_offset = shown - zone_offset(zone, shown - DAY_SECONDS);
    int64_t with_new_offset = shown - zone_offset(zone, shown + DAY_SECONDS);

    /* First the old offset: of an hour that comes twice it gives the first one. */
    if (with_old_offset + zone_offset(zone, with_old_offset) == shown)
        return with_old_offset;
    if (with_new_offset + zone_offset(zone, with_new_offset) == shown)
        return with_new_offset;
    /* In the gap: read with the old offset, that is as much later as the clocks are put forward. */
    return with_old_offset;
}
