/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules of flags. Anybody may tell, without an account: who is hurt by a page is often nobody
 * of its community. So what is told changes nothing by itself, however often; a person decides. */
#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/audit/audit.h"
#include "core/outbox/outbox.h"
#include "core/people/people.h"
#include "features/campaigns/campaigns.h"
#include "features/flags/flags_local.h"
#include "features/flags/flags_mail.html.h"
#include "sys/lang.h"
#include "sys/mail.h"
#include "web/app.h"
#include "web/work.h"

enum { FACILITATORS_TOLD_MAX = 20 };

const struct field_option flag_reasons[] = {
    {"harm", N_("It hurts or threatens somebody"), NULL},
    {"false", N_("It is not true, or somebody poses as another"), NULL},
    {"advertising", N_("It is advertising"), NULL},
    {"illegal", N_("I think that it is against the law"), NULL},
    {"other", N_("Something else"), NULL},
    {.value = NULL},
};

static const char *reason_words(const struct lang *lang, const char *reason)
{
    for (const struct field_option *option = flag_reasons; option->value; option++)
        if (str_equal(option->value, reason))
            return lang_text(lang, option->label);
    return reason;
}

static void tell(struct work *work, const struct campaign *campaign, const struct flag *flag,
                 const struct person *to)
{
    const struct lang *lang = lang_get(work->app->langs, to->language);
    const struct flag_mail view = {
        .campaign = campaign->title,
        .reason = reason_words(lang, flag->reason),
        .words = flag->words,
        .url = work_url(work, "/administration/flags"),
    };
    struct html *html = outbox_part(work, lang);
    struct html *text = outbox_part(work, lang);
    flag_mail_html(html, &view);
    flag_mail_text(text, &view);
    outbox_add(work,
               &(struct outbox_mail){
                   .reason = "campaign_flagged",
                   .kind = OUTBOX_ORGANISING,
                   .to_name = to->name,
                   .to_address = to->email,
                   .subject = mem_printf(work->mem, "%s – %s",
                                         lang_text(lang, N_("Something is said about a page")),
                                         campaign->title),
                   .text = outbox_part_text(text),
                   .html = outbox_part_text(html),
                   .lang = lang,
               });
}

/* Whoever looks after the community, and does not lead that campaign. */
static bool is_apart(struct work *work, struct campaign_id campaign, const struct person *person)
{
    return person_may_come_in(person) && !campaign_is_organised_by(work, campaign, person->id);
}

static const struct person *facilitators(struct work *work)
{
    return people_list(work, ROLE_FACILITATOR, (struct person_id){0}, FACILITATORS_TOLD_MAX);
}

static bool anybody_is_apart(struct work *work, struct campaign_id campaign)
{
    const struct person *person = facilitators(work);
    while (person && !is_apart(work, campaign, person))
        person = person->next;
    return person;
}

bool flag_may_decide(struct work *work, struct campaign_id campaign)
{
    return !campaign_is_organised_by(work, campaign, work->login->person) ||
           !anybody_is_apart(work, campaign);
}

static void tell_facilitators(struct work *work, const struct campaign *campaign,
                              const struct flag *flag)
{
    bool others = anybody_is_apart(work, campaign->id);
    for (const struct person *person = facilitators(work); person; person = person->next)
        if (others ? is_apart(work, campaign->id, person) : person_may_come_in(person))
            tell(work, campaign, flag, person);
}

void flag_add(struct work *work, const struct campaign *campaign, const struct flag_wish *wish)
{
    int64_t open = flags_count_open(work, campaign->id);
    if (open >= FLAGS_OPEN_MAX)
        return;
    const struct flag flag = {
        .id = work_new_id(work),
        .campaign_id = campaign->id,
        .reason = wish->reason,
        .words = wish->words,
        .email = *wish->email ? mail_address_normal(work->mem, wish->email) : "",
        .created_at = work->now,
    };
    flag_insert(work, &flag);
    if (open == 0)
        tell_facilitators(work, campaign, &flag);
}

void flags_settle(struct work *work, const struct campaign *campaign)
{
    flags_mark_settled(work, campaign->id);
    campaign_audit(work, campaign, AUDIT_CAMPAIGN_UNFLAG, "");
}

void flagged_hide(struct work *work, const struct campaign *campaign, bool hidden, const char *word)
{
    flags_mark_settled(work, campaign->id);
    campaign_hide(work, campaign, hidden, word);
}
