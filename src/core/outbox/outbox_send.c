/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sending what waits: one mail at a time, so that a code overtakes a thousand others, and each
 * attempt is committed before the mail is handed over. A mail whose attempt is noted and whose end
 * is not may have arrived: the process died, or the line broke after its last byte. It is sent once
 * more, with the same Message-ID, and never a third time. How one mail ended and which is the next
 * is one commit. What an end means is decided here; what was said is told by sys/smtp.
 * Source: docs/decisions/0016-mails-that-end.md */
#include "core/outbox/outbox.h"

#include <string.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/time.h"
#include "core/outbox/outbox_place.h"
#include "core/outbox/outbox_sending_local.h"
#include "sys/clock.h"
#include "sys/mail.h"
#include "web/app.h"
#include "web/metrics.h"
#include "web/step.h"
#include "web/work.h"

enum {
    SEND_BYTES_MAX = 4 * MAIL_BYTES_MAX,
    SEND_SECONDS_MAX = 4 * DAY_SECONDS, /* RFC 5321, 4.5.4.1: four or five days */
    SEND_PAUSE_SECONDS_MAX = 6 * HOUR_SECONDS,
    SEND_UNSURE_MAX = 2, /* a mail of which nobody knows whether it arrived goes at most twice */
    SEND_UNSURE_PAUSE_SECONDS = 10 * MINUTE_SECONDS, /* RFC 5321, 4.5.3.2.6: so long a server may
                                                        take to answer what it has */
    SEND_SENDER_PAUSE_SECONDS = 5 * MINUTE_SECONDS,
    SEND_SKIPS_MAX = 100, /* of one turn: mails that are settled without being sent */
    AWAY_PAUSE_MS_MIN = 2000,
    AWAY_PAUSE_MS_MAX = 5 * 60 * 1000,
    MINUTE_MS = 60 * 1000,
};

/* One commit: the end of one mail, and the beginning of the next. */
struct turn {
    struct sending *sending;
    bool takes;
    bool tests_alone;
    struct mail_claim claim; /* of the next; id 0: none */
};

/* 1, 3, 9, 27 minutes ... after the first, second, third try: a server that wants to see a second
 * try soon gets it, one that is ill has its quiet. */
static int64_t pause_seconds(int64_t attempts)
{
    int64_t seconds = MINUTE_SECONDS;
    for (int64_t i = 1; i < attempts && seconds < SEND_PAUSE_SECONDS_MAX; i++)
        seconds *= 3;
    return seconds < SEND_PAUSE_SECONDS_MAX ? seconds : SEND_PAUSE_SECONDS_MAX;
}

static bool is_too_old(const struct work *work, const struct mail_claim *mail)
{
    return mail->created_at + SEND_SECONDS_MAX <= work->now;
}

/* "550 5.7.1 …" is about us, or about what stands in the mail; the mailbox may be fine. */
static bool is_about_policy(const struct smtp_answer *answer)
{
    return answer->code && str_starts(answer->words + strlen("550"), " 5.7.");
}

static void mark(struct work *work, const struct mail_claim *mail, enum outbox_reach reach,
                 const char *words)
{
    const char *address = mail_to_address(work, mail->id);
    if (address)
        outbox_address_mark(work, address, reach, words);
}

static void settle_refused(struct work *work, const struct mail_claim *mail,
                           const struct smtp_answer *answer)
{
    bool has_no_mailbox = answer->is_about_recipient && !is_about_policy(answer);
    mail_settle(work, mail, OUTBOX_REFUSED, answer->words);
    mark(work, mail, has_no_mailbox ? OUTBOX_BOUNCED : OUTBOX_UNSTEADY, answer->words);
}

/* Not now. A test says so at once: somebody sits before the page. */
static void settle_later(struct work *work, const struct mail_claim *mail,
                         const struct smtp_answer *answer)
{
    bool may_be_there = answer->end == SMTP_UNSURE;
    bool is_unsure = mail->unsure >= SEND_UNSURE_MAX;
    if (mail->is_test) {
        mail_settle(work, mail, may_be_there ? OUTBOX_UNSURE : OUTBOX_REFUSED, answer->words);
    } else if (is_unsure || is_too_old(work, mail)) {
        mail_settle(work, mail, is_unsure ? OUTBOX_UNSURE : OUTBOX_GIVEN_UP, answer->words);
        mark(work, mail, OUTBOX_UNSTEADY, answer->words);
    } else {
        int64_t pause = may_be_there ? SEND_UNSURE_PAUSE_SECONDS : pause_seconds(mail->attempts);
        mail_wait(work, mail, work->now + pause, answer->words);
    }
}

/* The server was not told whom the mail is for: that was no attempt. Where it never heard of this
 * mail, the mail keeps its place; where it did not take its sender, others go first, since that may
 * be about this mail alone. */
static void settle_away(struct work *work, struct mail_claim *mail,
                        const struct smtp_answer *answer)
{
    bool is_about_sender = answer->end == SMTP_SENDER_REFUSED;
    mail->attempts--;
    if (mail->is_test)
        mail_settle(work, mail, OUTBOX_REFUSED, answer->words);
    else
        mail_wait(work, mail, is_about_sender ? work->now + SEND_SENDER_PAUSE_SECONDS : 0,
                  answer->words);
}

/* Whether it says that the server fares ill. Then all mails wait a little, so that one that hangs
 * or drops every line costs one mail its time, and not each of them. */
static bool is_trouble(enum smtp_end end)
{
    return end == SMTP_AWAY || end == SMTP_SENDER_REFUSED || end == SMTP_NO_ANSWER ||
           end == SMTP_UNSURE;
}

static void settle(struct work *work, struct mail_claim mail, const struct smtp_answer *answer)
{
    if (answer->end != SMTP_UNSURE)
        mail.unsure--;
    if (is_trouble(answer->end))
        mail_server_trouble(work, answer->words);
    else
        mail_server_well(work);
    switch (answer->end) {
    case SMTP_ACCEPTED:
        mail_settle(work, &mail, OUTBOX_SENT, answer->words);
        return;
    case SMTP_REFUSED:
        settle_refused(work, &mail, answer);
        return;
    case SMTP_REFUSED_FOR_NOW:
    case SMTP_NO_ANSWER:
    case SMTP_UNSURE:
        settle_later(work, &mail, answer);
        return;
    case SMTP_SENDER_REFUSED:
    case SMTP_AWAY:
        settle_away(work, &mail, answer);
        return;
    }
}

/* Some are not sent at all: those to nobody's domains, and those that waited too long for a server.
 * True: settled. */
static bool is_settled_unsent(struct work *work, struct mail_claim *mail)
{
    bool is_reserved = mail_address_is_reserved(mail->to_address);
    if (!is_reserved && !is_too_old(work, mail))
        return false;
    mail->attempts--;
    mail->unsure--;
    mail_settle(work, mail, is_reserved ? OUTBOX_RESERVED : OUTBOX_GIVEN_UP, mail->words);
    if (mail->attempts > 0)
        mark(work, mail, OUTBOX_UNSTEADY, mail->words);
    return true;
}

/* Claims the next one that is to be sent, and settles those before it that are not. */
static void take_next(struct work *work, struct turn *turn)
{
    for (int i = 0; i < SEND_SKIPS_MAX; i++) {
        struct mem_mark mark = mem_mark(work->mem);
        if (!mail_claim(work, turn->tests_alone, &turn->claim) ||
            !is_settled_unsent(work, &turn->claim))
            return;
        turn->claim.id = 0;
        mem_rewind(work->mem, mark);
    }
}

static void turn_run(struct work *work, void *context)
{
    struct turn *turn = context;
    struct sending *sending = turn->sending;
    bool is_ours = sender_place_is_ours(work);
    if (is_ours && sending->in_hand.id)
        settle(work, sending->in_hand, &sending->answer);
    if (is_ours && sending->is_unsure)
        mail_take_up(work, SEND_UNSURE_MAX);
    turn->claim.id = 0;
    if (turn->takes && sender_place_is_open(work, SEND_UNSURE_MAX))
        take_next(work, turn);
    if (turn->claim.id)
        sender_place_take(work);
    else if (!turn->tests_alone) /* who pauses, and looked for tests alone, stays in the place */
        sender_place_leave(work);
}

static bool is_away(const struct sending *sending)
{
    return sending->away_pause_ms > 0;
}

static void note_away(struct sending *sending)
{
    int64_t pause_ms = sending->away_pause_ms * 2;
    if (!is_away(sending)) {
        log_event(LOG_WARNING, "mail_server_away", log_int("code", sending->answer.code));
        pause_ms = AWAY_PAUSE_MS_MIN;
    }
    sending->away_pause_ms = pause_ms < AWAY_PAUSE_MS_MAX ? pause_ms : AWAY_PAUSE_MS_MAX;
    sending->away_ends_ms = clock_monotonic_ms() + sending->away_pause_ms;
}

static void count_answer(const struct app *app, enum smtp_end end)
{
    metrics_note_mail(app->metrics, end == SMTP_ACCEPTED  ? METRICS_MAIL_ACCEPTED
                                    : end == SMTP_REFUSED ? METRICS_MAIL_REFUSED
                                                          : METRICS_MAIL_LATER);
}

static void hand_over(struct sending *sending, const struct mail_claim *claim, struct mem *mem)
{
    const struct smtp_mail mail = {
        .sender = outbox_envelope_sender(mem, sending->app, claim->handle),
        .recipient = claim->to_address,
        .message = claim->message,
    };
    int64_t begins_ms = clock_monotonic_ms();
    sending->mailer->send(sending->mailer, &mail, &sending->answer);
    count_answer(sending->app, sending->answer.end);
    sending->in_hand = *claim;
    sending->in_hand.handle = sending->in_hand.to_address = NULL;
    sending->in_hand.message = sending->in_hand.words = NULL;
    sending->next_ms = begins_ms + MINUTE_MS / sending->app->config->smtp_rate;
    if (is_trouble(sending->answer.end)) {
        note_away(sending);
    } else if (is_away(sending)) {
        log_event(LOG_INFO, "mail_server_back", log_int("code", sending->answer.code));
        sending->away_pause_ms = 0;
    }
    if (sending->answer.end == SMTP_REFUSED)
        log_event(LOG_INFO, "mail_refused", log_int("code", sending->answer.code));
}

/* One commit and, when it took a mail, that mail. False: the commit failed, or nothing was due. */
static bool turn_take(struct sending *sending, bool takes, bool tests_alone)
{
    struct step step = {.app = sending->app, .mem = mem_new(SEND_BYTES_MAX)};
    struct turn turn = {.sending = sending, .takes = takes, .tests_alone = tests_alone};
    bool kept = step_run(&step, turn_run, &turn);
    bool had_in_hand = sending->in_hand.id != 0;
    sending->is_unsure = !kept;
    if (kept)
        sending->in_hand.id = 0;
    if (kept && turn.claim.id)
        hand_over(sending, &turn.claim, step.mem);
    mem_free(step.mem);
    return kept && (had_in_hand || turn.claim.id);
}

bool sending_turn(struct sending *sending)
{
    int64_t now_ms = clock_monotonic_ms();
    bool tests_alone =
        now_ms < sending->next_ms || (is_away(sending) && now_ms < sending->away_ends_ms);
    return turn_take(sending, true, tests_alone);
}

int64_t sending_pause_ms(const struct sending *sending, int64_t ms_max)
{
    int64_t left_ms = sending->next_ms - clock_monotonic_ms();
    return left_ms > 0 && left_ms < ms_max ? left_ms : ms_max;
}

/* What others have in hand, or had when they died, is theirs until their lease ends. Where nobody
 * has one, the mail is from before there were leases, or from the file that the install was. */
static void take_up(struct work *work, void *context)
{
    (void)context;
    if (sender_place_is_left(work))
        mail_take_up(work, SEND_UNSURE_MAX);
}

bool sending_begin(struct sending *sending)
{
    struct step step = {.app = sending->app, .mem = mem_new(SEND_BYTES_MAX)};
    bool kept = step_run(&step, take_up, NULL);
    mem_free(step.mem);
    return kept;
}

void sending_end(struct sending *sending)
{
    if (sending->in_hand.id || app_shares_database(sending->app))
        turn_take(sending, false, false);
}

int outbox_send_due(const struct app *app, struct mailer *mailer)
{
    struct sending sending = {.app = app, .mailer = mailer};
    int count = 0;
    sending_begin(&sending);
    while (turn_take(&sending, !is_away(&sending), false))
        count += sending.in_hand.id != 0;
    return count;
}
