/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Mails about one's own data: each is asked for, or must be known. */
#include "base/refusal.h"
#include "core/outbox/outbox.h"
#include "features/privacy/privacy_local.h"
#include "features/privacy/privacy_mail.html.h"
#include "sys/html.h"
#include "sys/lang.h"
#include "web/community.h"
#include "web/work.h"

static void mail_write(struct work *work, const char *email, const struct lang *lang,
                       const struct outbox_mail *mail)
{
    struct outbox_mail full = *mail;
    full.to_address = email;
    full.lang = lang;
    full.subject = lang_fill(work->mem, lang_text(lang, mail->subject),
                             &(struct lang_hole){"community", work->community->name}, 1);
    outbox_add(work, &full);
}

void privacy_mail_link(struct work *work, const char *email, const char *path,
                       const struct lang *lang)
{
    const struct data_mail view = {.community = work->community->name,
                                   .link = work_url(work, path)};
    struct html *html = outbox_part(work, lang);
    struct html *text = outbox_part(work, lang);
    data_link_mail(html, &view);
    data_link_mail_text(text, &view);
    mail_write(work, email, lang,
               &(struct outbox_mail){.reason = "my_data",
                                     .priority = OUTBOX_AT_ONCE,
                                     .typed_for = DATA_TYPED,
                                     .subject = N_("Your data at {community}"),
                                     .text = outbox_part_text(text),
                                     .html = outbox_part_text(html)});
}

void privacy_mail_erased(struct work *work, const char *email, const struct lang *lang)
{
    const struct data_mail view = {.community = work->community->name};
    struct html *html = outbox_part(work, lang);
    struct html *text = outbox_part(work, lang);
    data_erased_mail(html, &view);
    data_erased_mail_text(text, &view);
    mail_write(work, email, lang,
               &(struct outbox_mail){.reason = "erased",
                                     .priority = OUTBOX_AT_ONCE,
                                     .subject = N_("Your data is erased"),
                                     .text = outbox_part_text(text),
                                     .html = outbox_part_text(html)});
}

void privacy_mail_idle(struct work *work, const char *email, int64_t until, const struct lang *lang)
{
    const struct data_mail view = {
        .community = work->community->name,
        .link = work_url(work, "/sign-in"),
        .until = lang_date(lang, work->mem, LANG_DATE, until, work->community->zone)};
    struct html *html = outbox_part(work, lang);
    struct html *text = outbox_part(work, lang);
    data_idle_mail(html, &view);
    data_idle_mail_text(text, &view);
    mail_write(work, email, lang,
               &(struct outbox_mail){.reason = "idle",
                                     .subject = N_("Shall we keep your account at {community}?"),
                                     .text = outbox_part_text(text),
                                     .html = outbox_part_text(html)});
}
