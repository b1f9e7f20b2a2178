/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The thread that sends: looks for mails that are due every 200 ms, and hands them over one after
 * the other, no faster than the rate. It alone speaks to the network: no transaction ever waits for
 * a mail server. */
#include "core/outbox/outbox.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/mem.h"
#include "core/outbox/outbox_sending_local.h"
#include "sys/clock.h"
#include "sys/smtp.h"
#include "web/app.h"

enum { OUTBOX_LOOK_MS = 200, MAIL_IN_LOOK_MS = 1000 };

struct outbox_thread {
    struct sending sending;
    struct smtp *smtp;  /* NULL: none is set, mails wait */
    int64_t take_in_ms; /* when to look again for what came back */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stop_asked;
    bool is_stopping;
};

static bool is_stopping(struct outbox_thread *thread)
{
    pthread_mutex_lock(&thread->lock);
    bool stopping = thread->is_stopping;
    pthread_mutex_unlock(&thread->lock);
    return stopping;
}

static struct timespec after_ms(int64_t ms)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_nsec += ms * 1000000;
    at.tv_sec += at.tv_nsec / 1000000000;
    at.tv_nsec %= 1000000000;
    return at;
}

static void sleep_unless_stopping(struct outbox_thread *thread, int64_t ms)
{
    struct timespec until = after_ms(ms);
    int error = 0;
    pthread_mutex_lock(&thread->lock);
    while (!thread->is_stopping && error != ETIMEDOUT)
        error = pthread_cond_timedwait(&thread->stop_asked, &thread->lock, &until);
    pthread_mutex_unlock(&thread->lock);
}

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
    while (!is_stopping(thread)) {
        if (!begun)
            begun = sending_begin(sending);
        while (begun && thread->smtp && !is_stopping(thread) && sending_turn(sending))
            take_in(thread);
        take_in(thread);
        sleep_unless_stopping(thread, sending_pause_ms(sending, OUTBOX_LOOK_MS));
    }
    sending_end(sending);
    return NULL;
}

/* NULL after one log line. */
static struct outbox_thread *thread_new(const struct app *app)
{
    struct outbox_thread *thread = MEM_NEW(app->mem, struct outbox_thread);
    thread->sending.app = app;
    pthread_mutex_init(&thread->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&thread->stop_asked, &monotonic);
    pthread_condattr_destroy(&monotonic);
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
    int error = pthread_create(&thread->thread, NULL, run, thread);
    if (!error)
        return thread;
    log_event(LOG_ERROR, "sending_not_started", log_text("why", strerror(error)));
    if (thread->smtp)
        smtp_free(thread->smtp);
    return NULL;
}

void outbox_ask_stop(struct outbox_thread *thread)
{
    pthread_mutex_lock(&thread->lock);
    thread->is_stopping = true;
    pthread_cond_signal(&thread->stop_asked);
    pthread_mutex_unlock(&thread->lock);
    if (thread->smtp)
        smtp_stop(thread->smtp);
}

void outbox_stop(struct outbox_thread *thread)
{
    outbox_ask_stop(thread);
    pthread_join(thread->thread, NULL);
    if (thread->smtp)
        smtp_free(thread->smtp);
    pthread_cond_destroy(&thread->stop_asked);
    pthread_mutex_destroy(&thread->lock);
}
