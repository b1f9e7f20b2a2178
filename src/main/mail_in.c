/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* `essaim mail-in`: what a mail server pipes a mail to that came back. It works while the server
 * runs, and while it does not: the mail is left beside the data, and taken in later. Its exit
 * status is what mail servers expect (sysexits.h): 0 once it is safe, 75 when it is to be tried
 * again. */
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/mem.h"
#include "core/outbox/outbox.h"
#include "main/commands.h"
#include "main/settings.h"

enum { MAIL_IN_COMMAND_BYTES_MAX = 1024 * 1024 };

const char mail_in_help[] =
    "  essaim mail-in --data DIR [--recipient ADDRESS] < MAIL\n\n"
    "The mail server pipes to it what comes to the addresses of --bounce-address, with their\n"
    "+TOKEN. It runs as the user of the data folder, whether or not the server runs. Exit status:\n"
    "0 the mail is safe; 75 it is not, and is to be tried again. See docs/operate.md.\n";

/* Postfix's local(8) says whom a piped mail is for, and from whom. */
static struct outbox_envelope envelope_of(const struct settings *settings)
{
    const char *original = getenv("ORIGINAL_RECIPIENT");
    const char *recipient = original ? original : getenv("RECIPIENT");
    return (struct outbox_envelope){
        .recipient = settings->recipient ? settings->recipient : recipient,
        .sender = getenv("SENDER"),
    };
}

int command_mail_in(const struct settings *settings)
{
    struct mem *mem = mem_new(MAIL_IN_COMMAND_BYTES_MAX);
    const struct outbox_envelope envelope = envelope_of(settings);
    const char *why = outbox_mail_in(mem, settings->config.data, &envelope, STDIN_FILENO);
    if (why)
        fprintf(stderr, "The mail cannot be kept in %s/mail-in: %s.\n", settings->config.data, why);
    mem_free(mem);
    return why ? EX_TEMPFAIL : EX_OK;
}
