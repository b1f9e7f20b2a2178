/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* For the tests of sending alone: a fresh database and a server that is played. It answers as the
 * test says. */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/time.h"
#include "core/core_fixture.h"
#include "core/outbox/outbox_sending_local.h"
#include "sys/mail.h"

enum { SENT_MAX = 32 };

/* A server that answers every mail in one way. */
struct played {
    struct mailer mailer; /* first */
    struct core *core;
    struct smtp_answer answer;
    int count;
    const char *recipients[SENT_MAX];
    const char *senders[SENT_MAX];
    const char *messages[SENT_MAX];
    int64_t noted; /* attempts that were committed when the last mail came */
};

struct stage {
    struct core core;
    struct played server;
};

static inline void play(struct mailer *mailer, const struct smtp_mail *mail,
                        struct smtp_answer *ret_answer)
{
    struct played *server = (struct played *)mailer;
    struct mem *mem = server->core->mem;
    assert_in_range(server->count, 0, SENT_MAX - 1);
    db_fail(server->core->db, NULL); /* not the look below */
    server->recipients[server->count] = mem_strdup(mem, mail->recipient);
    server->senders[server->count] = mem_strdup(mem, mail->sender);
    server->messages[server->count++] = mem_strdup(mem, mail->message);
    server->noted = core_number(
        server->core, "SELECT CAST(SUM(attempts) AS BIGINT) FROM mail WHERE state = 'sending'");
    *ret_answer = server->answer;
}

static inline int set_up(void **state)
{
    struct stage *stage = test_calloc(1, sizeof *stage);
    log_set_level(LOG_ERROR);
    core_new(&stage->core, NULL);
    stage->core.config.mailbox = false;
    stage->core.config.smtp_rate = 60000;
    stage->server = (struct played){
        .mailer = {.send = play}, .core = &stage->core, .answer = {.words = "250 2.0.0 queued"}};
    *state = stage;
    return 0;
}

static inline int tear_down(void **state)
{
    struct stage *stage = *state;
    core_free(&stage->core);
    test_free(stage);
    return 0;
}

static inline void answer_with(struct stage *stage, enum smtp_end end, int code, const char *words)
{
    stage->server.answer = (struct smtp_answer){.end = end, .code = code};
    snprintf(stage->server.answer.words, SMTP_WORDS_BYTES_MAX, "%s", words);
}

static inline void refuse_recipient(struct stage *stage, const char *words)
{
    answer_with(stage, SMTP_REFUSED, 550, words);
    stage->server.answer.is_about_recipient = true;
}

static inline void write_mail(struct stage *stage, const char *to, enum outbox_priority priority)
{
    assert_true(
        outbox_add(core_begin(&stage->core), &(struct outbox_mail){
                                                 .reason = "test",
                                                 .priority = priority,
                                                 .to_address = to,
                                                 .subject = "Bonjour",
                                                 .text = "Bonjour",
                                                 .html = "<p>Bonjour</p>",
                                                 .lang = lang_get(stage->core.app.langs, "fr"),
                                             }));
    core_commit(&stage->core);
}

static inline int send_due(struct stage *stage)
{
    return outbox_send_due(&stage->core.app, &stage->server.mailer);
}

static inline void wait_seconds(struct stage *stage, int64_t seconds)
{
    clock_set(stage->core.app.clock, clock_now(stage->core.app.clock) + seconds);
}

static inline int64_t number(struct stage *stage, const char *sql)
{
    return core_number(&stage->core, sql);
}

static inline int64_t in_state(struct stage *stage, const char *state)
{
    return number(
        stage, mem_printf(stage->core.mem, "SELECT COUNT(*) FROM mail WHERE state = '%s'", state));
}

static inline struct outbox_address address_of(struct stage *stage, const char *address)
{
    struct work *work = core_begin(&stage->core);
    struct outbox_address known = outbox_address_state(work, address);
    tx_rollback(work->tx);
    return known;
}

static inline struct outbox_status status_of(struct stage *stage)
{
    struct work *work = core_begin(&stage->core);
    struct outbox_status status = outbox_status_get(work);
    tx_rollback(work->tx);
    return status;
}

static inline int64_t with_text(struct stage *stage)
{
    return number(stage, "SELECT COUNT(*) FROM mail WHERE message <> ''");
}
