/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Mails to those who lead: who organise a campaign, and who approve those of a community. Few, and
 * each with one thing to do. They can be switched off (OUTBOX_ORGANISING). */
#include "base/mem.h"
#include "base/refusal.h"
#include "core/communities/communities.h"
#include "core/outbox/outbox.h"
#include "core/people/people.h"
#include "features/campaigns/campaigns_lead.h"
#include "features/campaigns/campaigns_lead_mail.html.h"
#include "features/campaigns/campaigns_local.h"
#include "sys/lang.h"
#include "web/app.h"
#include "web/url.h"
#include "web/work.h"

static const char *sentence_of(struct work *work, const struct lang *lang,
                               const struct lead_news *news)
{
    struct lang_hole hole = {"n", lang_number(lang, work->mem, news->n)};
    return lang_fill(work->mem, lang_text(lang, news->sentence), &hole, 1);
}

static void tell(struct work *work, const struct campaign *campaign,
                 const struct campaign_organiser *to, const struct lead_news *news)
{
    const struct lang *lang = lang_get(work->app->langs, to->language);
    const struct lead_mail view = {
        .headline = lang_text(lang, news->headline),
        .campaign = campaign->title,
        .sentence = sentence_of(work, lang, news),
        .quote = news->quote ? news->quote : "",
        .action = lang_text(lang, news->action),
        .url = work_url(work, news->path),
    };
    struct html *html = outbox_part(work, lang);
    struct html *text = outbox_part(work, lang);
    lead_mail_html(html, &view);
    lead_mail_text(text, &view);
    outbox_add(work,
               &(struct outbox_mail){
                   .reason = news->reason,
                   .kind = OUTBOX_ORGANISING,
                   .to_name = to->name,
                   .to_address = to->email,
                   .subject = mem_printf(work->mem, "%s – %s", view.headline, campaign->title),
                   .text = outbox_part_text(text),
                   .html = outbox_part_text(html),
                   .lang = lang,
               });
}

void campaign_tell_organisers(struct work *work, const struct campaign *campaign,
                              const struct lead_news *news)
{
    for (const struct campaign_organiser *organiser = campaign_organisers(work, campaign->id);
         organiser; organiser = organiser->next)
        tell(work, campaign, organiser, news);
}

void campaign_tell_approvers(struct work *work, const struct campaign *campaign)
{
    const struct lead_news news = {
        .reason = "campaign_submitted",
        .headline = N_("A campaign waits for your approval"),
        .sentence = N_("Please read it, then approve it or send it back with a word. Until then "
                       "nobody else sees it."),
        .quote = campaign->summary,
        .action = N_("Read it and decide"),
        .path = path_make(work->mem, "/campaigns/%s/approve", campaign->slug),
    };
    const struct person *person =
        people_list(work, ROLE_FACILITATOR, (struct person_id){0}, APPROVERS_TOLD_MAX);
    for (; person; person = person->next)
        if (person_may_come_in(person))
            tell(work, campaign,
                 &(struct campaign_organiser){.person = person->id,
                                              .name = person->name,
                                              .email = person->email,
                                              .language = person->language},
                 &news);
}

static const char *lead_path(struct work *work, const struct campaign *campaign, const char *page)
{
    return mem_printf(work->mem, "%s/%s", campaign_path(work, campaign), page);
}

void campaign_tell_settled(struct work *work, struct campaign_id id, enum campaign_state state)
{
    const struct campaign *campaign = campaign_get_stored(work, id);
    if (!campaign)
        return;
    struct lead_news news = {
        .reason = "campaign_led_reached",
        .headline = N_("It is on!"),
        .sentence = N_("There are {n} of you now: the minimum is reached, and everyone who is in "
                       "and has an e-mail address has been told. More people may still come until "
                       "the deadline."),
        .n = campaign->people,
        .action = N_("See what comes next"),
        .path = lead_path(work, campaign, "organise"),
    };
    if (state == CAMPAIGN_MISSED) {
        bool is_extended = campaign_leading_get(work, id).extended_at != 0;
        news.reason = "campaign_led_missed";
        news.headline = N_("The deadline has passed");
        news.sentence =
            is_extended ? N_("People who had said yes: {n}. That was not enough. Everyone with an "
                             "e-mail address has been told kindly that they are free. Thank you "
                             "for having tried.")
                        : N_("People who had said yes: {n}. That was not enough. Everyone with an "
                             "e-mail address has been told kindly that they are free. You can "
                             "extend it once, within a week: then they "
                             "are asked again.");
        news.action = is_extended ? N_("See how far you came") : N_("Extend the campaign");
        news.path = lead_path(work, campaign, is_extended ? "organise" : "extend");
    }
    if (state == CAMPAIGN_UNDER_WAY) {
        news.reason = "campaign_led_under_way";
        news.headline = N_("It is under way");
        news.sentence = N_("People who are in: {n}. Their list is on your page; when it is done, "
                           "close the campaign there, and everyone gets the result.");
    }
    campaign_tell_organisers(work, campaign, &news);
}

void campaign_tell_fall(struct work *work, struct campaign_id id)
{
    const struct campaign *campaign = campaign_get_stored(work, id);
    struct campaign_leading leading = campaign_leading_get(work, id);
    bool was_told = leading.fell_at && work->now - leading.fell_at < FALL_PAUSE_SECONDS;
    if (!campaign || was_told)
        return;
    leading.fell_at = work->now;
    campaign_leading_set(work, id, &leading);
    campaign_tell_organisers(
        work, campaign,
        &(struct lead_news){
            .reason = "campaign_fell",
            .headline = N_("Fewer people than the minimum again"),
            .sentence = N_("People who are in now: {n}, after some have left or have not said yes "
                           "again. That is fewer than the minimum that you set. It stays on, and "
                           "nobody else has been told. A word to those who know you may bring "
                           "others."),
            .n = campaign->people,
            .action = N_("See what comes next"),
            .path = lead_path(work, campaign, "organise"),
        });
}
