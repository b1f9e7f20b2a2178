/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From method and path to a route. Routes are few: they are compared one after the other, those
 * with the same number of segments alone. A fixed segment wins over a `:name`, so that
 * "/campaigns/new" is not a slug. */
#include "web/route.h"

#include <assert.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "web/feature.h"
#include "web/url.h"

enum { ROUTES_MAX = 512 };

struct route_table {
    int count;
    const struct route *routes[ROUTES_MAX];
};

static bool route_is_sound(const struct route_table *table, const struct route *route)
{
    const char *why = NULL;
    if (route->access == ACCESS_UNSTATED)
        why = "states no access";
    else if (!route->handle)
        why = "has no handler";
    else if (table->count == ROUTES_MAX)
        why = "is one too many";
    for (int i = 0; i < table->count && !why; i++)
        if (str_equal(table->routes[i]->method, route->method) &&
            str_equal(table->routes[i]->path, route->path))
            why = "is there twice";
    if (why)
        log_event(LOG_ERROR, "route_refused", log_text("method", route->method),
                  log_text("path", route->path), log_text("why", why));
    return !why;
}

const struct route_table *route_table_new(struct mem *mem, const struct feature *const *features)
{
    struct route_table *table = MEM_NEW(mem, struct route_table);
    for (const struct feature *const *f = features; *f; f++)
        for (const struct route *route = (*f)->routes; route && route->method; route++) {
            if (!route_is_sound(table, route))
                return NULL;
            table->routes[table->count++] = route;
        }
    return table;
}

const struct route *route_at(const struct route_table *table, int i)
{
    return i < table->count ? table->routes[i] : NULL;
}

/* The segment that begins at `path` (after its '/'): its length. */
static size_t segment_length(const char *path)
{
    return strcspn(path, "/");
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
            if (have == 0 || count == PATH_PARAMS_MAX)
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

const struct route *route_find(const struct route_table *table, struct mem *mem, const char *method,
                               const char *path, const char *ret_params[], bool *ret_path_known)
{
    const struct route *best = NULL;
    struct url_part best_params[PATH_PARAMS_MAX];
    int best_fit = -1;
    int best_count = 0;
    *ret_path_known = false;
    for (int i = 0; i < table->count; i++) {
        struct url_part params[PATH_PARAMS_MAX];
        int count = 0;
        int fit = route_fit(table->routes[i]->path, path, params, &count);
        *ret_path_known = *ret_path_known || fit >= 0;
        if (fit <= best_fit || !method_fits(table->routes[i]->method, method))
            continue;
        best = table->routes[i];
        best_fit = fit;
        best_count = count;
        memcpy(best_params, params, sizeof params);
    }
    for (int i = 0; i < best_count; i++)
        if (!(ret_params[i] = url_decode(mem, best_params[i].text, best_params[i].count, false)))
            return NULL;
    return best;
}
