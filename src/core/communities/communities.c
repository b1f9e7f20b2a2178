/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which community a request or a job is for. Rows are read anew each time and never kept in the
 * process: another process may have changed them. Answers depend on the community and, since a new
 * one may take over a Host, on the list of communities, which is the object with id 0. */
#include "core/communities/communities.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/communities/communities_local.h"
#include "migrations.h"
#include "sys/lang.h"
#include "sys/zone.h"
#include "web/app.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/work.h"

enum { COMMUNITY_LIST = 0 };

/* "Essaim.Example:8080" as "essaim.example"; the colons of an address in brackets stay. */
static const char *host_without_port(struct mem *mem, const char *host)
{
    const char *colon = strrchr(host, ':');
    const char *bracket = strrchr(host, ']');
    bool has_port = colon && (!bracket || colon > bracket);
    size_t length = has_port ? (size_t)(colon - host) : strlen(host);
    return str_lower(mem, mem_strndup(mem, host, length));
}

const struct community *community_find(struct work *work, const char *host)
{
    work_reads(work, OBJECT_COMMUNITY, COMMUNITY_LIST);
    const struct community *community =
        community_by_host_or_first(work, host_without_port(work->mem, host));
    if (community)
        work_reads(work, OBJECT_COMMUNITY, community->id.n);
    return community;
}

const struct community *community_get(struct work *work, struct community_id id)
{
    work_reads(work, OBJECT_COMMUNITY, id.n);
    return community_by_id(work, id.n);
}

const struct community *community_get_by_slug(struct work *work, const char *slug)
{
    const struct community *community = community_by_slug(work, slug);
    if (community)
        work_reads(work, OBJECT_COMMUNITY, community->id.n);
    return community;
}

bool community_is_first(struct work *work)
{
    const struct community *first = community_first(work);
    return first && first->id.n == work->community->id.n;
}

const char *community_default_description(const struct langs *langs, const char *language)
{
    return lang_text(lang_get(langs, language), N_("Campaigns that only happen if you are there."));
}

/* The default is nobody's own, in whichever language the form was saved with it: it is not kept, so
 * that it follows the community's language. */
static const char *own_description(struct work *work, const char *description)
{
    const struct langs *langs = work->app->langs;
    const struct lang *lang = NULL;
    for (int i = 0; (lang = lang_at(langs, i)); i++)
        if (str_equal(description, community_default_description(langs, lang_code(lang))))
            return "";
    return description;
}

bool community_is_unsaid(struct work *work, const struct community *community)
{
    return !community->contact && str_equal(community->name, COMMUNITY_FIRST_NAME) &&
           str_is_empty(own_description(work, community->description));
}

struct community_id community_add(struct work *work, const struct community *community)
{
    assert(zone_get(work->app->zones, community->time_zone));
    struct community added = *community;
    added.id.n = work_new_id(work);
    added.description = own_description(work, community->description);
    if (added.host)
        added.host = str_lower(work->mem, added.host);
    community_insert(work, &added);
    work_touches(work, OBJECT_COMMUNITY, COMMUNITY_LIST);
    work_touches(work, OBJECT_COMMUNITY, added.id.n);
    return added.id;
}

bool community_host_is_valid(struct mem *mem, const char *host)
{
    const char *low = str_lower(mem, host);
    const char *dot = strrchr(low, '.');
    if (!dot || strspn(low, "abcdefghijklmnopqrstuvwxyz0123456789-.") != strlen(low))
        return false;
    bool is_number = strspn(dot + 1, "0123456789") == strlen(dot + 1); /* 192.0.2.1, or "a." */
    return !is_number && !strstr(low, "..") && *low != '.' && *low != '-' &&
           !str_equal(dot, ".localhost");
}

/* The name in "https://essaim.example:8443". */
static const char *base_host(struct work *work)
{
    const char *base = strstr(work->app->config->base_url, "://");
    return base ? host_without_port(work->mem, base + strlen("://")) : "";
}

bool community_change(struct work *work, const struct community *community)
{
    assert(zone_get(work->app->zones, community->time_zone));
    struct community changed = *community;
    changed.description = own_description(work, community->description);
    if (changed.host)
        changed.host = str_lower(work->mem, changed.host);
    const struct community *first = community_first(work);
    if (changed.host && str_equal(changed.host, base_host(work)) && first &&
        first->id.n != changed.id.n)
        return false; /* it would take the pages of the first one over */
    if (!community_update(work, &changed))
        return false;
    work_touches(work, OBJECT_COMMUNITY, COMMUNITY_LIST);
    work_touches(work, OBJECT_COMMUNITY, changed.id.n);
    return true;
}

const struct feature communities_feature = {
    .name = "communities",
    .migrations = communities_migrations,
    .export_person = feature_keeps_no_person,
    .forget_person = feature_forgets_no_person,
};
