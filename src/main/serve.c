/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* `essaim serve`: opens the program, listens, and waits for SIGTERM or SIGINT; then what was
 * accepted is answered before it ends. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/communities/communities.h"
#include "core/jobs/jobs.h"
#include "core/outbox/outbox.h"
#include "main/commands.h"
#include "main/confine.h"
#include "main/program.h"
#include "main/settings.h"
#include "sys/http.h"
#include "sys/smtp.h"
#include "web/community.h"
#include "web/request.h"

enum { CONFINE_BYTES_MAX = 64 * 1024 };

/* What an install begins with; its settings page comes with the administrator. */
static const struct community first_community = {
    .slug = "essaim",
    .name = COMMUNITY_FIRST_NAME,
    .description = "",
    .language = "fr",
    .time_zone = "Europe/Paris",
};

/* Signals go to sigwait alone; threads inherit the mask. */
static sigset_t signals_block(void)
{
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    return ends;
}

/* As many as the processors that this process may use: two threads on one of them only get in each
 * other's way. */
static int threads_for_machine(void)
{
    cpu_set_t usable;
    int processors = sched_getaffinity(0, sizeof usable, &usable) == 0 ? CPU_COUNT(&usable) : 1;
    return processors > HTTP_THREADS_MAX ? HTTP_THREADS_MAX : processors;
}

static struct http_server *listen_on(struct program *program, const char *address, int port)
{
    const struct http_config config = {
        .address = address,
        .port = port,
        .threads = threads_for_machine(),
        .handle = request_handle,
        .context = &program->app,
    };
    return http_start(&config);
}

static void log_mails(const struct config *config)
{
    if (config->mailbox)
        log_event(LOG_INFO, "mails", log_text("shown_at", config->base_url),
                  log_text("path", "/mailbox"));
    else if (config->smtp)
        log_event(LOG_INFO, "mails", log_text("sent_by", config->smtp->host),
                  log_int("port", config->smtp->port));
    else
        log_event(LOG_WARNING, "mails",
                  log_text("state", "they wait in the outbox: no server is set to send them"));
}

/* Requests wait for a disk or a lock, and event threads still use all there is: taking the program
 * apart would take it from under them. The database needs no farewell, and nobody was told of what
 * was not committed. */
static _Noreturn void end_at_once(void)
{
    log_event(LOG_ERROR, "stopped", log_int("status", 1),
              log_text("why", "requests could not be answered in time"));
    _exit(1);
}

/* Serves until a signal, as far as the sandbox reaches; then nothing is accepted any more, and what
 * was accepted is answered. */
static int serve_until_signal(struct program *program, const sigset_t *ends, const char *reach)
{
    const struct config *config = program->app.config;
    const char *address;
    int port;
    int signal_number;
    listen_parse(program->mem, config->listen, &address, &port);
    program->jobs = jobs_start(&program->app);
    program->sending = outbox_start(&program->app);
    if (!program->jobs || !program->sending) /* nothing would lapse, be settled or told */
        return 1;
    struct http_server *server = listen_on(program, address, port);
    if (!server)
        return 1;
    log_event(LOG_INFO, "listening", log_text("address", address),
              log_int("port", http_port(server)), log_text("url", config->base_url));
    log_event(LOG_INFO, "sandbox", log_text("reach", reach));
    log_mails(config);
    sigwait(ends, &signal_number);
    log_event(LOG_INFO, "stopping", log_int("signal", signal_number));
    outbox_ask_stop(program->sending);
    http_stop_accepting(server);
    if (!http_stop(server))
        end_at_once();
    /* Not as one that was asked to: who looks after the process starts it again, with the program
     * that is installed by then. */
    return program->is_outdated ? EX_TEMPFAIL : 0;
}

static int serve(const struct settings *settings, const sigset_t *ends, const char *reach)
{
    struct program *program = program_open(&settings->config, PROGRAM_SERVING, NULL);
    if (!program)
        return 1;
    int status = 1;
    if (program_found_community(program, &first_community) && program_first_link(program))
        status = serve_until_signal(program, ends, reach);
    program_close(program);
    log_event(LOG_INFO, "stopped", log_int("status", status));
    return status;
}

int command_serve(const struct settings *settings)
{
    sigset_t ends = signals_block();
    struct mem *mem = mem_new(CONFINE_BYTES_MAX);
    const char *reach;
    bool confined = confine(mem, settings, &reach);
    mem_free(mem);
    return confined ? serve(settings, &ends, reach) : 1;
}
