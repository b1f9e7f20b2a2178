/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Settings about mails: which server sends them, and the install's own addresses. The file of the
 * password is read when sending begins: other commands need not be allowed to read it. */
#include "main/settings_local.h"

#include "base/mem.h"
#include "main/settings.h"
#include "sys/mail.h"
#include "sys/smtp.h"

enum { SMTP_RATE_MAX = 60000, SMTP_TIMEOUT_SECONDS_MAX = 600, BOUNCE_LOCAL_BYTES_MAX = 27 };

static const char *refuse_without_server(const struct settings *s)
{
    if (s->smtp_user || s->smtp_password_file || s->smtp_ca)
        return "smtp-user, smtp-password-file and smtp-ca are about the server of smtp, which is "
               "not set.";
    return NULL;
}

static const char *refuse_server(const struct settings *s, const struct smtp_server *server)
{
    if (s->config.mailbox)
        return "Mails are sent by smtp or shown by mailbox, not both.";
    if (server->user && s->smtp_user)
        return "The user is in smtp and in smtp-user: once is enough.";
    if (server->password && s->smtp_password_file)
        return "The password is in smtp and in smtp-password-file: once is enough.";
    if (s->smtp_password_file && !server->user && !s->smtp_user)
        return "smtp-password-file has a password, but smtp-user says no name.";
    if ((server->user || s->smtp_user) && !server->password && !s->smtp_password_file)
        return "smtp has a user, but no password: smtp-password-file says where it is.";
    if ((server->user || s->smtp_user) && server->tls == SMTP_PLAIN &&
        !smtp_server_is_loopback(server))
        return "smtp+plain:// would send the password in the clear to another machine.";
    return NULL;
}

static const char *make_server(struct mem *mem, struct settings *s)
{
    struct smtp_server *server = MEM_NEW(mem, struct smtp_server);
    const char *error;
    if (!smtp_server_read(mem, s->smtp_url, server, &error) || (error = refuse_server(s, server)))
        return error;
    if (s->smtp_user)
        server->user = s->smtp_user;
    server->password_file = s->smtp_password_file;
    server->ca_file = s->smtp_ca;
    server->timeout_seconds = s->smtp_timeout;
    s->config.smtp = server;
    return NULL;
}

/* "+" and a token have room before the '@'. */
static bool is_bounce_address(const char *address)
{
    return mail_address_is_valid(address) && strcspn(address, "@") <= BOUNCE_LOCAL_BYTES_MAX &&
           strcspn(address, "+") == strlen(address);
}

const char *settings_mail(struct mem *mem, struct settings *s)
{
    if (s->config.smtp_rate < 1 || s->config.smtp_rate > SMTP_RATE_MAX)
        return "smtp-rate is a number from 1 to 60000.";
    if (s->smtp_timeout < 1 || s->smtp_timeout > SMTP_TIMEOUT_SECONDS_MAX)
        return "smtp-timeout is a number of seconds from 1 to 600.";
    if (s->config.mail_from && !mail_address_is_valid(s->config.mail_from))
        return "mail-from is no e-mail address.";
    if (s->config.bounce_address && !is_bounce_address(s->config.bounce_address))
        return "bounce-address is no e-mail address, or has a \"+\", or is too long before its "
               "\"@\".";
    return s->smtp_url ? make_server(mem, s) : refuse_without_server(s);
}
