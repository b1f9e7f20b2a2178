/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Mails from outside, and those that report about ours. */
#include <string.h>

#include "base/str.h"
#include "fuzz/fuzz.h"
#include "sys/mail.h"
#include "sys/mail_report.h"

const char fuzz_known_bad[] = "Réunion";

static void see_mail(struct mem *mem, const struct mail_read *mail)
{
    const char *const texts[] = {mail->subject, mail->from, mail->to, mail->text, mail->html};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fuzz_check(!texts[i] || utf8_is_valid(texts[i], strlen(texts[i])), "texts are UTF-8");
        fuzz_seen(mem, texts[i]);
    }
    for (const struct mail_attachment *file = mail->attachments; file; file = file->next) {
        fuzz_seen(mem, file->name);
        fuzz_seen(mem, file->type);
        fuzz_seen(mem, file->content);
    }
}

void fuzz_one(struct mem *mem, const char *bytes, size_t count)
{
    const struct mail_read *mail = mail_parse(mem, bytes, count);
    if (mail)
        see_mail(mem, mail);
    const struct mail_report *report = mail_report_read(mem, bytes, count);
    if (!report)
        return;
    fuzz_check(utf8_is_valid(report->words, strlen(report->words)), "a server's words are UTF-8");
    fuzz_check(strlen(report->words) <= SMTP_WORDS_BYTES_MAX, "a server's words have their bound");
    fuzz_check(!utf8_has_control(report->words, false), "a server's words are one line");
    fuzz_seen(mem, report->to);
    fuzz_seen(mem, report->words);
}
