/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a participant hears of their number: the organiser has changed it, with the organiser's
 * word, in the language of whoever gave it. */
#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/outbox/outbox.h"
#include "features/campaigns/campaigns.h"
#include "features/reports/reports_local.h"
#include "features/reports/reports_mail.html.h"
#include "features/signups/signups.h"
#include "sys/lang.h"
#include "web/app.h"
#include "web/login.h"
#include "web/view.h"
#include "web/work.h"

static struct corrected_mail view_of(struct work *work, const struct campaign *campaign,
                                     const struct sign_up *sign_up,
                                     const struct report_change *change)
{
    const struct report *to = change->to;
    bool has_name = work->login && !str_is_empty(work->login->name);
    return (struct corrected_mail){
        .first_name = sign_up->first_name,
        .organiser = has_name ? work->login->name : campaign->organiser_name,
        .campaign = campaign->title,
        .unit = campaign->quantity_unit,
        .before = change->from->quantity,
        .now = to->quantity,
        .is_set_aside = to->set_aside,
        .was_set_aside = change->from->set_aside && !to->set_aside,
        .may_answer = outbox_answers_to(work, campaign->organiser_email),
        .may_replace = report_is_theirs(to) && !report_refusal(campaign, 1, work->now),
        .words = view_lines(work->mem, change->reason),
        .own_url = work_url(work, mem_printf(work->mem, "%s#report", sign_up_path(work, sign_up))),
    };
}

void report_mail_corrected(struct work *work, const struct report_change *change)
{
    const struct report *to = change->to;
    const struct campaign *campaign = campaign_get(work, to->campaign_id);
    const struct sign_up *sign_up =
        campaign && to->sign_up_id.n ? sign_up_get(work, to->sign_up_id) : NULL;
    if (!sign_up || !sign_up_has_mailbox(sign_up))
        return;
    const struct lang *lang = lang_get(work->app->langs, sign_up->language);
    const struct corrected_mail view = view_of(work, campaign, sign_up, change);
    struct html *html = outbox_part(work, lang);
    struct html *text = outbox_part(work, lang);
    corrected_mail(html, &view);
    corrected_mail_text(text, &view);
    outbox_add(work, &(struct outbox_mail){
                         .reason = "report_corrected",
                         .to_name = sign_up->first_name,
                         .to_address = sign_up->email,
                         .reply_to_name = campaign->organiser_name,
                         .reply_to = campaign->organiser_email,
                         .subject = mem_printf(work->mem, "%s – %s",
                                               lang_text(lang, N_("Your number was corrected")),
                                               campaign->title),
                         .html = outbox_part_text(html),
                         .text = outbox_part_text(text),
                         .because = sign_up_because(work, campaign, lang, true),
                         .lang = lang,
                     });
}
