/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Mails that came back. `essaim mail-in` leaves what the mail server pipes to it in a folder beside
 * the database, so that it needs neither the database nor its lock; the sending thread takes it in.
 * Nothing is ever answered, so no two programs can write to each other for ever. */
#include "core/outbox/outbox.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/outbox/outbox_sending_local.h"
#include "sys/mail.h"
#include "sys/mail_report.h"
#include "sys/spool.h"
#include "web/app.h"
#include "web/step.h"
#include "web/work.h"

enum {
    MAIL_IN_BYTES_MAX = 256 * 1024, /* what is said of a mail stands before its copy */
    MAIL_IN_HEAD_BYTES_MAX = 1024,
    MAIL_IN_MEM_BYTES_MAX = 8 * MAIL_BYTES_MAX,
    MAIL_IN_PAGE = 20,
};

static const char *folder_of(struct mem *mem, const char *data)
{
    return mem_printf(mem, "%s/mail-in", data);
}

const char *outbox_mail_in(struct mem *mem, const char *data,
                           const struct outbox_envelope *envelope, int file)
{
    bool is_known = envelope->recipient && mail_address_is_valid(envelope->recipient);
    bool is_answered = !str_is_empty(envelope->sender) && mail_address_is_valid(envelope->sender);
    const char *to = is_known ? mem_printf(mem, "X-Original-To: %s\n", envelope->recipient) : "";
    const char *from = envelope->sender ? mem_printf(mem, "Return-Path: <%s>\n",
                                                     is_answered ? envelope->sender : "")
                                        : "";
    return spool_put(mem, folder_of(mem, data), mem_printf(mem, "%s%s", from, to), file,
                     MAIL_IN_BYTES_MAX);
}

struct came_back {
    const struct mail_report *report;
    const char *handle;
};

static void note(struct work *work, void *context)
{
    const struct came_back *back = context;
    const char *address = mail_return(work, back->handle, back->report->words);
    if (address)
        outbox_address_mark(work, address,
                            back->report->is_for_good ? OUTBOX_BOUNCED : OUTBOX_UNSTEADY,
                            back->report->words);
}

/* False: it could not be noted; it stays where it is. */
static bool take(const struct app *app, struct mem *mem, const struct spool_piece *piece)
{
    struct step step = {.app = app, .mem = mem};
    struct came_back back = {.report = mail_report_read(mem, piece->bytes, piece->count)};
    back.handle = back.report ? outbox_bounce_handle(mem, app, back.report->to) : NULL;
    if (!back.handle) {
        log_event(LOG_INFO, "mail_in_ignored",
                  log_text("why", back.report ? "not one of ours" : "no report of a failure"));
        return true;
    }
    log_event(LOG_INFO, "mail_came_back", log_int("for_good", back.report->is_for_good));
    return step_run(&step, note, &back);
}

int outbox_take_in(const struct app *app)
{
    int count = 0;
    for (bool more = true; more && count < MAIL_IN_PAGE;) {
        struct mem *mem = mem_new(MAIL_IN_MEM_BYTES_MAX);
        struct spool_piece piece;
        more = spool_take(mem, folder_of(mem, app->config->data),
                          MAIL_IN_BYTES_MAX + MAIL_IN_HEAD_BYTES_MAX, &piece) &&
               take(app, mem, &piece);
        if (more) {
            spool_drop(&piece);
            count++;
        }
        mem_free(mem);
    }
    return count;
}
