/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The thread that sends: looks for mails that are due every 200 ms, and hands them over one after
 * the other, no faster than the rate. It alone speaks to the network: no transaction ever waits for
 * a mail server. */
#include "core/outbox/outbox.h"

#include "base/log.h"
#include "base/mem.h"
#include "core/outbox/outbox_sending_local.h"
#include "sys/clock.h"
#include "sys/nice.h"
#include "sys/rounds.h"
#include "sys/smtp.h"
#include "web/app.h"

enum { OUTBOX_LOOK_MS = 200, MAIL_IN_LOOK_MS = 1000 };

struct outbox_thread {
    struct sending sending;
    struct smtp *smtp;  /* NULL: none is set, mails wait */
    int64_t take_in_ms; /* when to look again for what came back */
    struct rounds *rounds;
};

/* What came back, now and then. */
static void take_in(struct outbox_thread *thread)
{
    int64_t now_ms = clock_monotonic_ms();
    if (now_ms < thread->take_in_ms)
        return;
    bool more = outbox_take_in(thread->sending.app) > 0;
    thread->take_in_ms = more ? now_ms : now_ms + MAIL_IN_LOOK_MS;
}

static void *run(void *context)
{
    struct outbox_thread *thread = context;
    struct sending *sending = &thread->sending;
    bool begun = false;
    nice_thread(NICE_WRITES);
    while (rounds_go_on(thread->rounds)) {
        if (!begun)
            begun = sending_begin(sending);
        while (begun && thread->smtp && rounds_go_on(thread->rounds) && sending_turn(sending))
            take_in(thread);
        take_in(thread);
        rounds_sleep(thread->rounds, sending_pause_ms(sending, OUTBOX_LOOK_MS));
    }
    sending_end(sending);
    return NULL;
}

/* NULL after one log line. */
static struct outbox_thread *thread_new(const struct app *app)
{
    struct outbox_thread *thread = MEM_NEW(app->mem, struct outbox_thread);
    thread->sending.app = app;
    thread->rounds = rounds_new(app->mem);
    if (!app->config->smtp)
        return thread;
    thread->smtp = smtp_new(app->mem, app->config->smtp, outbox_domain(app->mem, app));
    if (!thread->smtp)
        return NULL;
    thread->sending.mailer = smtp_mailer(thread->smtp);
    return thread;
}

struct outbox_thread *outbox_start(const struct app *app)
{
    struct outbox_thread *thread = thread_new(app);
    if (!thread)
        return NULL;
    const char *why = rounds_start(thread->rounds, run, thread);
    if (!why)
        return thread;
    log_event(LOG_ERROR, "sending_not_started", log_text("why", why));
    if (thread->smtp)
        smtp_free(thread->smtp);
    return NULL;
}

void outbox_ask_stop(struct outbox_thread *thread)
{
    rounds_ask_stop(thread->rounds);
    if (thread->smtp)
        smtp_stop(thread->smtp);
}

void outbox_stop(struct outbox_thread *thread)
{
    outbox_ask_stop(thread);
    rounds_stop(thread->rounds);
    if (thread->smtp)
        smtp_free(thread->smtp);
}
