/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules of NAME: who may leave one, until when and how often, and who hears of it. No SQL, no
 * HTML, no HTTP. */
#include "features/NAME/NAME_local.h"

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "base/time.h"
#include "core/outbox/outbox.h"
#include "features/NAME/NAME_mail.html.h"
#include "features/campaigns/campaigns.h"
#include "sys/lang.h"
#include "web/app.h"
#include "web/login.h"
#include "web/request.h"
#include "web/work.h"

static const struct refusal NAME_over = {
    .status = 409,
    .name = "NAME_over",
    .sentence = N_("This campaign is over: its page takes no more words.")};
static const struct refusal NAME_enough = {
    .status = 429,
    .name = "NAME_enough",
    .sentence = N_("You have left several words here today. Please come back tomorrow."),
    .retry_seconds = DAY_SECONDS};

const struct refusal *NAME_refusal(const struct campaign *campaign)
{
    switch (campaign->state) {
    case CAMPAIGN_SCHEDULED:
    case CAMPAIGN_OPEN:
    case CAMPAIGN_REACHED:
    case CAMPAIGN_UNDER_WAY:
        return NULL;
    case CAMPAIGN_DRAFT:
    case CAMPAIGN_SUBMITTED:
    case CAMPAIGN_MISSED:
    case CAMPAIGN_REPORTED:
    case CAMPAIGN_CANCELLED:
        break;
    }
    return &NAME_over;
}

/* The key makes it one mail a day for each organiser, however many come in. */
static void mail_one(struct work *work, const struct campaign *campaign,
                     const struct campaign_organiser *to, const struct NOUN *NOUN)
{
    const struct lang *lang = lang_get(work->app->langs, to->language);
    const struct NOUN_mail view = {
        .author = str_is_empty(NOUN->author) ? lang_text(lang, N_("Somebody")) : NOUN->author,
        .campaign = campaign->title,
        .text = NOUN->text,
        .url = work_url(work, mem_printf(work->mem, "%s/NAME", campaign_path(work, campaign))),
    };
    struct html *html = outbox_part(work, lang);
    struct html *text = outbox_part(work, lang);
    NOUN_mail_html(html, &view);
    NOUN_mail_text(text, &view);
    outbox_add(
        work,
        &(struct outbox_mail){
            .reason = "NOUN_left",
            .kind = OUTBOX_ORGANISING,
            .unique_key = mem_printf(work->mem, "NAME:%lld:%lld:%s", (long long)campaign->id.n,
                                     (long long)(work->now / DAY_SECONDS), to->email),
            .to_name = to->name,
            .to_address = to->email,
            .subject = mem_printf(work->mem, "%s – %s", lang_text(lang, N_("Somebody left a word")),
                                  campaign->title),
            .text = outbox_part_text(text),
            .html = outbox_part_text(html),
            .lang = lang,
        });
}

const struct refusal *NOUN_leave(struct work *work, const struct campaign *campaign,
                                 const char *text, const struct NOUN **ret_NOUN)
{
    const struct login *login = work->login;
    const struct refusal *refusal = NAME_refusal(campaign);
    if (refusal)
        return refusal;
    if (NAME_count_since(work, campaign->id, login->person, work->now - DAY_SECONDS) >=
        UPPER_NAME_PER_DAY_MAX)
        return &NAME_enough;
    struct NOUN *NOUN = MEM_NEW(work->mem, struct NOUN);
    *NOUN = (struct NOUN){
        .id = work_new_id(work),
        .campaign_id = campaign->id,
        .handle = work_new_handle(work, UPPER_NOUN_HANDLE_CHARS),
        .author_id = login->person,
        .author = login->name,
        .text = text,
        .created_at = work->now,
    };
    NOUN_insert(work, NOUN);
    const struct campaign_organiser *organiser = campaign_organisers(work, campaign->id);
    for (; organiser; organiser = organiser->next)
        if (organiser->person.n != login->person.n)
            mail_one(work, campaign, organiser, NOUN);
    *ret_NOUN = NOUN;
    return NULL;
}

const struct refusal *NOUN_remove(struct work *work, const struct campaign *campaign,
                                  const char *handle)
{
    return NOUN_delete(work, campaign->id, handle) ? NULL : &refusal_not_found;
}
