/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From method and path to a route. Routes that have as many segments and the same first one stand
 * in a chain, and are compared one after the other. A fixed segment wins over a `:name`, so that
 * "/campaigns/new" is not a slug. */
#include "web/route.h"

#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "web/feature.h"
#include "web/url.h"

enum { ROUTES_MAX = 512, CHAINS = 256, NO_ROUTE = -1 };

struct route_table {
    int count;
    const struct route *routes[ROUTES_MAX];
    short next[ROUTES_MAX]; /* of its chain */
    short first[CHAINS];
    short named; /* the chain of those whose first segment is a `:name` */
};

/* How long the segment is that begins at `path` (after its '/'). */
static size_t segment_length(const char *path)
{
    return (size_t)(strchrnul(path, '/') - path);
}

/* Where the routes stand that may fit the path, by its first segment and how many it has. */
static int chain_of(const char *path)
{
    unsigned hash = 0;
    unsigned segments = 0;
    for (; *path; path++) {
        if (*path == '/')
            segments++;
        else if (segments == 1)
            hash = hash * 31 + (unsigned char)*path;
    }
    return (int)((hash * 31 + segments) % CHAINS);
}

/* Chains are in the order of the table. */
static void chain_add(struct route_table *table, int i)
{
    const char *path = table->routes[i]->path;
    short *at = path[1] == ':' ? &table->named : &table->first[chain_of(path)];
    while (*at != NO_ROUTE)
        at = &table->next[*at];
    *at = (short)i;
    table->next[i] = NO_ROUTE;
}

/* Both take the same paths: they differ in the names of their parts alone. */
static bool paths_clash(const char *a, const char *b)
{
    while (*a == '/' && *b == '/') {
        a++, b++;
        size_t count = segment_length(a);
        bool named = *a == ':' && *b == ':';
        if (!named && (count != segment_length(b) || memcmp(a, b, count) != 0))
            return false;
        a += count, b += segment_length(b);
    }
    return !*a && !*b;
}

static int params_count(const char *path)
{
    int count = 0;
    for (const char *at = path; (at = strstr(at, "/:")); at++)
        count++;
    return count;
}

static bool route_is_sound(const struct route_table *table, const struct route *route)
{
    const char *why = NULL;
    if (route->access == ACCESS_UNSTATED)
        why = "states no access";
    else if (!route->handle)
        why = "has no handler";
    else if (route->path[0] != '/' || params_count(route->path) > PATH_PARAMS_MAX)
        why = "has no sound path";
    else if (route->rate && !str_equal(route->method, "POST"))
        why = "limits what only the writer counts";
    else if (table->count == ROUTES_MAX)
        why = "is one too many";
    for (int i = 0; i < table->count && !why; i++)
        if (str_equal(table->routes[i]->method, route->method) &&
            paths_clash(table->routes[i]->path, route->path))
            why = "is there twice";
    if (why)
        log_event(LOG_ERROR, "route_refused", log_text("method", route->method),
                  log_text("path", route->path), log_text("why", why));
    return !why;
}

const struct route_table *route_table_new(struct mem *mem, const struct feature *const *features)
{
    struct route_table *table = MEM_NEW(mem, struct route_table);
    table->named = NO_ROUTE;
    for (int i = 0; i < CHAINS; i++)
        table->first[i] = NO_ROUTE;
    for (const struct feature *const *f = features; *f; f++)
        for (const struct route *route = (*f)->routes; route && route->method; route++) {
            if (!route_is_sound(table, route))
                return NULL;
            table->routes[table->count] = route;
            chain_add(table, table->count++);
        }
    return table;
}

int route_index(const struct route_table *table, const struct route *route)
{
    int i = 0;
    while (i < table->count && table->routes[i] != route)
        i++;
    return i;
}

const struct route *route_at(const struct route_table *table, int i)
{
    return i < table->count ? table->routes[i] : NULL;
}

/* How well `pattern` fits `path`: -1 not at all, else the number of fixed segments. */
static int route_fit(const char *pattern, const char *path, struct url_part params[],
                     int *ret_params)
{
    int fixed = 0;
    int count = 0;
    while (*pattern == '/' && *path == '/') {
        pattern++, path++;
        size_t want = segment_length(pattern);
        size_t have = segment_length(path);
        if (*pattern == ':') {
            if (have == 0)
                return -1;
            params[count++] = (struct url_part){path, have};
        } else if (want == have && memcmp(pattern, path, want) == 0) {
            fixed++;
        } else {
            return -1;
        }
        pattern += want, path += have;
    }
    *ret_params = count;
    return *pattern || *path ? -1 : fixed;
}

static bool method_fits(const char *route_method, const char *method)
{
    return str_equal(route_method, method) ||
           (str_equal(route_method, "GET") && str_equal(method, "HEAD"));
}

/* A route that may be it. */
struct candidate {
    const struct route *route;
    int fit;
    int count;
    struct url_part params[PATH_PARAMS_MAX];
};

static const char *allow_add(struct mem *mem, const char *allow, const struct route *route)
{
    const char *methods = str_equal(route->method, "GET") ? "GET, HEAD" : route->method;
    if (allow && strstr(allow, methods))
        return allow;
    return allow ? mem_printf(mem, "%s, %s", allow, methods) : methods;
}

/* The route, with its parts decoded; none when one of them cannot be, or is longer than any that
 * leads somewhere. */
static struct route_match match_of(struct mem *mem, const struct candidate *best)
{
    struct route_match match = {.route = best->route};
    for (int i = 0; i < best->count; i++) {
        const struct url_part *part = &best->params[i];
        match.params[i] = url_decode(mem, part->text, part->count, false);
        if (!match.params[i] || strlen(match.params[i]) > PATH_PARAM_BYTES_MAX)
            return (struct route_match){0};
    }
    return match;
}

/* What is looked for, and the best of the routes so far. */
struct search {
    const struct route_table *table;
    struct mem *mem;
    const char *method;
    const char *path;
    struct candidate best;
    const char *allow;
};

static void search_chain(struct search *search, int first)
{
    for (int i = first; i != NO_ROUTE; i = search->table->next[i]) {
        struct candidate next = {.route = search->table->routes[i]};
        next.fit = route_fit(next.route->path, search->path, next.params, &next.count);
        if (next.fit >= 0)
            search->allow = allow_add(search->mem, search->allow, next.route);
        if (next.fit > search->best.fit && method_fits(next.route->method, search->method))
            search->best = next;
    }
}

struct route_match route_find(const struct route_table *table, struct mem *mem, const char *method,
                              const char *path)
{
    struct search search = {
        .table = table, .mem = mem, .method = method, .path = path, .best = {.fit = -1}};
    search_chain(&search, table->first[chain_of(path)]);
    search_chain(&search, table->named);
    return search.best.route ? match_of(mem, &search.best)
                             : (struct route_match){.allow = search.allow};
}

const char *route_path(struct mem *mem, const struct route *route, const char *const params[])
{
    const char *made = "";
    for (const char *part = route->path; *part;) {
        size_t count = segment_length(++part);
        const char *segment =
            *part == ':' ? url_encode(mem, *params++) : mem_strndup(mem, part, count);
        made = mem_printf(mem, "%s/%s", made, segment);
        part += count;
    }
    return made;
}

bool route_wants_login(const struct route *route)
{
    switch (route->access) {
    case ACCESS_SIGNED_IN:
    case ACCESS_ORGANISER:
    case ACCESS_FACILITATOR:
    case ACCESS_ADMINISTRATOR:
        return true;
    case ACCESS_UNSTATED:
    case ACCESS_ANYONE:
    case ACCESS_LINK:
    case ACCESS_LOOPBACK:
        return false;
    }
    return true;
}

bool route_may_be_kept(const struct route *route)
{
    return !route ||
           (!route_wants_login(route) && !(route->flags & (ROUTE_SECRET_PATH | ROUTE_NO_STORE)));
}
