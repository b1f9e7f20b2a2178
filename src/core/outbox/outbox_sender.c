/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Under which addresses the install writes: the one that people see, and the one of the envelope,
 * to which a mail comes back that cannot be delivered. The latter names the mail (VERP), with a
 * keyed hash, so that nobody can say of a mail they never saw that it came back. */
#include "core/outbox/outbox_local.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "sys/crypt.h"
#include "sys/mail.h"
#include "web/app.h"

enum {
    BOUNCE_MAC_CHARS = 16
}; /* 80 bits, so that the whole stays within an address's 64 letters */

/* Of "http://example.org:8080". */
const char *outbox_host(struct mem *mem, const struct app *app)
{
    const char *base_url = app->config->base_url;
    const char *slashes = strstr(base_url, "://");
    const char *host = slashes ? slashes + 3 : base_url;
    size_t length = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
    return mem_strndup(mem, host, length);
}

/* A site without a name of its own, or with one that is none on the internet ("my_app", of a
 * container), runs on somebody's machine, for a trial. */
static const char *domain_of_host(struct mem *mem, const char *host)
{
    bool is_number = host[strspn(host, "0123456789.")] == '\0';
    bool is_named = !is_number && mail_address_is_valid(mem_printf(mem, "no-reply@%s", host));
    return is_named ? host : "localhost";
}

const char *outbox_domain(struct mem *mem, const struct app *app)
{
    if (app->config->mail_from)
        return strchr(app->config->mail_from, '@') + 1;
    return domain_of_host(mem, outbox_host(mem, app));
}

const char *outbox_from_address(struct mem *mem, const struct app *app)
{
    return app->config->mail_from ? app->config->mail_from
                                  : mem_printf(mem, "no-reply@%s", outbox_domain(mem, app));
}

static const char *token_of(struct mem *mem, const struct app *app, const char *handle)
{
    return mem_printf(mem, "%s%.*s", handle, BOUNCE_MAC_CHARS,
                      crypt_mac(mem, app->key, "mail_bounce", handle));
}

const char *outbox_envelope_sender(struct mem *mem, const struct app *app, const char *handle)
{
    const char *bounce = app->config->bounce_address;
    if (!bounce)
        return outbox_from_address(mem, app);
    const char *at = strchr(bounce, '@');
    return mem_printf(mem, "%.*s+%s%s", (int)(at - bounce), bounce, token_of(mem, app, handle), at);
}

const char *outbox_bounce_handle(struct mem *mem, const struct app *app, const char *address)
{
    const char *plus = strchr(address, '+');
    const char *at = strrchr(address, '@');
    if (!plus || !at || at - plus != 1 + OUTBOX_HANDLE_CHARS + BOUNCE_MAC_CHARS)
        return NULL;
    const char *token = str_lower(mem, mem_strndup(mem, plus + 1, (size_t)(at - plus - 1)));
    const char *handle = mem_strndup(mem, token, OUTBOX_HANDLE_CHARS);
    return crypt_equal(token, token_of(mem, app, handle)) ? handle : NULL;
}
