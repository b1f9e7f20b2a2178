/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Access and origin. Decisions on a request's own headers, and on who is signed in; only whether
 * somebody organises a campaign is asked of the database. */
#include "web/access.h"

#include <string.h>
#include <strings.h>

#include "base/refusal.h"
#include "base/str.h"
#include "web/app.h"
#include "web/login.h"
#include "web/request.h"

static const struct refusal cross_site = {
    403, "cross_site",
    N_("This request came from another site and was not carried out. Please go back to the page "
       "and try again.")};

const struct refusal access_signed_out = {401, "sign_in",
                                          N_("Please sign in first, then try again.")};

/* The host's name without its port: "[::1]:8080" is "[::1]". */
static bool host_is_loopback(const char *host)
{
    size_t name = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
    static const char *const loopback[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t i = 0; i < sizeof loopback / sizeof *loopback; i++)
        if (strlen(loopback[i]) == name && strncasecmp(loopback[i], host, name) == 0)
            return true;
    return false;
}

/* What proxies add, each its own; browsers send none of them. */
static bool came_through_proxy(const struct http_request *http)
{
    static const char *const added[] = {"Forwarded",   "Via",         "X-Real-IP",   "X-Client-IP",
                                        "X-Original-", "X-Forwarded", "True-Client", "CF-"};
    for (int i = 0; i < http->headers_count; i++)
        for (size_t j = 0; j < sizeof added / sizeof *added; j++)
            if (strncasecmp(http->headers[i].name, added[j], strlen(added[j])) == 0)
                return true;
    return false;
}

static bool is_from_here(const struct http_request *http)
{
    return str_starts(http->address, "127.") || str_equal(http->address, "::1") ||
           str_starts(http->address, "::ffff:127.");
}

static bool is_straight_from_here(const struct http_request *http)
{
    const char *host = http_header(http, "Host");
    return is_from_here(http) && host && host_is_loopback(host) && !came_through_proxy(http);
}

/* The last of the addresses, which the proxy itself added; NULL: it added none. */
static const char *forwarded_for(const struct request *rq)
{
    const char *last = NULL;
    for (int i = 0; i < rq->http->headers_count; i++)
        if (str_equal_nocase(rq->http->headers[i].name, "X-Forwarded-For"))
            last = rq->http->headers[i].value;
    const char *comma = last ? strrchr(last, ',') : NULL;
    return last ? str_trim(rq->work.mem, comma ? comma + 1 : last) : NULL;
}

const char *access_client(const struct request *rq)
{
    const char *proxy = rq->work.app->config->proxy;
    if (proxy && str_equal(rq->http->address, proxy))
        return forwarded_for(rq);
    return is_from_here(rq->http) ? NULL : rq->http->address;
}

const struct refusal *access_check(const struct request *rq)
{
    switch (rq->route->access) {
    case ACCESS_ANYONE:
    case ACCESS_LINK:
    case ACCESS_SIGNED_IN:
    case ACCESS_ORGANISER:
    case ACCESS_FACILITATOR:
    case ACCESS_ADMINISTRATOR:
        return NULL;
    case ACCESS_LOOPBACK:
        return is_straight_from_here(rq->http) ? NULL : &refusal_not_found;
    case ACCESS_UNSTATED:
        break;
    }
    return &refusal_not_found;
}

static bool login_suffices(struct request *rq)
{
    const struct login *login = rq->work.login;
    switch (rq->route->access) {
    case ACCESS_SIGNED_IN:
        return true;
    case ACCESS_ORGANISER:
        return rq->work.app->may_organise(&rq->work, login, rq->params[0]);
    case ACCESS_FACILITATOR:
        return login->role >= ROLE_FACILITATOR;
    case ACCESS_ADMINISTRATOR:
        return login->role >= ROLE_ADMINISTRATOR;
    case ACCESS_UNSTATED:
    case ACCESS_ANYONE:
    case ACCESS_LINK:
    case ACCESS_LOOPBACK:
        break;
    }
    return false;
}

const struct refusal *access_check_login(struct request *rq)
{
    if (!route_wants_login(rq->route))
        return NULL;
    if (!rq->work.login)
        return &access_signed_out;
    return login_suffices(rq) ? NULL : &refusal_not_found;
}

/* `address` ("https://host:port/path" or an origin) is of the host that the request names. */
static bool is_of_host(const char *address, const char *host)
{
    bool https = strncasecmp(address, "https://", strlen("https://")) == 0;
    bool http = strncasecmp(address, "http://", strlen("http://")) == 0;
    if ((!http && !https) || !host)
        return false;
    const char *name = address + (https ? strlen("https://") : strlen("http://"));
    size_t count = strcspn(name, "/?#");
    return count == strlen(host) && strncasecmp(name, host, count) == 0;
}

/* `address` is of the site as people know it, whatever name a proxy asks us by. */
static bool is_of_site(const char *address, const char *base_url)
{
    size_t count = strlen(base_url);
    return strncasecmp(address, base_url, count) == 0 &&
           (address[count] == '\0' || strchr("/?#", address[count]));
}

const struct refusal *origin_check(const struct request *rq)
{
    const struct http_request *http = rq->http;
    if (request_reads_only(rq) || rq->route->flags & ROUTE_FROM_ANYWHERE)
        return NULL;
    const char *site = http_header(http, "Sec-Fetch-Site");
    if (site)
        return str_equal(site, "same-origin") || str_equal(site, "none") ? NULL : &cross_site;
    const char *address = http_header(http, "Origin");
    if (!address)
        address = http_header(http, "Referer");
    if (address && is_of_site(address, rq->work.app->config->base_url))
        return NULL;
    if (address)
        return is_of_host(address, http_header(http, "Host")) ? NULL : &cross_site;
    return http_header(http, "Cookie") ? &cross_site : NULL;
}
