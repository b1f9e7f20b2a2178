/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What `--smtp` says. TLS is wanted unless the server is on this machine or the URL says that it is
 * not: a word that is forgotten must not send passwords and people's names in the clear. */
#include "sys/smtp.h"

#include <arpa/inet.h>
#include <glib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

struct scheme {
    const char *name;
    enum smtp_tls tls;
    int port;
};

static const struct scheme schemes[] = {
    {"smtps", SMTP_TLS, 465},
    {"smtp", SMTP_STARTTLS, 587},
    {"smtp+starttls", SMTP_STARTTLS, 587},
    {"smtp+plain", SMTP_PLAIN, 25},
};

static bool is_loopback(const char *host)
{
    struct in_addr address;
    return str_equal(host, "localhost") || str_equal(host, "::1") ||
           (str_starts(host, "127.") && inet_pton(AF_INET, host, &address) == 1);
}

bool smtp_server_is_loopback(const struct smtp_server *server)
{
    return is_loopback(server->host);
}

static const struct scheme *scheme_find(const char *name)
{
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (str_equal(name, schemes[i].name))
            return &schemes[i];
    return NULL;
}

/* The parts of a URL, as the library cuts it; each its own, or NULL. */
struct parts {
    char *scheme, *user, *password, *host, *path, *query, *fragment;
    int port;
};

static const char *copy(struct mem *mem, const char *text)
{
    return str_is_empty(text) ? NULL : mem_strdup(mem, text);
}

/* NULL, or why not. */
static const char *parts_take(struct mem *mem, const struct parts *parts,
                              struct smtp_server *ret_server)
{
    const struct scheme *scheme = scheme_find(parts->scheme);
    if (!scheme)
        return "smtp begins with smtps://, smtp://, smtp+starttls:// or smtp+plain://.";
    if (str_is_empty(parts->host))
        return "smtp names no host.";
    if (strlen(parts->path) > strlen("/") || parts->query || parts->fragment)
        return "smtp is a host, and perhaps a port, without a path.";
    if (str_is_empty(parts->user) && parts->password)
        return "smtp has a password, but no user.";
    bool own_machine = str_equal(scheme->name, "smtp") && is_loopback(parts->host);
    int port = own_machine ? 25 : scheme->port;
    *ret_server = (struct smtp_server){
        .host = mem_strdup(mem, parts->host),
        .port = parts->port > 0 ? parts->port : port,
        .tls = own_machine ? SMTP_PLAIN : scheme->tls,
        .user = copy(mem, parts->user),
        .password = copy(mem, parts->password),
    };
    return NULL;
}

bool smtp_server_read(struct mem *mem, const char *url, struct smtp_server *ret_server,
                      const char **ret_error)
{
    struct parts parts = {.port = -1};
    const char *error = "smtp is no address of a server: smtps://host, perhaps with a port.";
    if (g_uri_split_with_user(url, G_URI_FLAGS_HAS_PASSWORD, &parts.scheme, &parts.user,
                              &parts.password, NULL, &parts.host, &parts.port, &parts.path,
                              &parts.query, &parts.fragment, NULL))
        error = parts.scheme ? parts_take(mem, &parts, ret_server) : error;
    char *const all[] = {parts.scheme, parts.user,  parts.password, parts.host,
                         parts.path,   parts.query, parts.fragment};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        g_free(all[i]);
    if (error)
        *ret_error = error;
    return !error;
}
