/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The one page from which a campaign is led: what needs doing first, then how it stands, then what
 * every feature adds. What there is to do follows from the present state, each feature says its own
 * (todos of the cards); nothing is written here. */
#include "features/campaigns/campaigns.h"

#include <stddef.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "features/campaigns/campaigns_fields.h"
#include "features/campaigns/campaigns_lead.h"
#include "features/campaigns/campaigns_lead_pages.h"
#include "features/campaigns/campaigns_local.h"
#include "features/campaigns/campaigns_organise.html.h"
#include "features/campaigns/campaigns_views.h"
#include "features/campaigns/campaigns_write.h"
#include "sys/lang.h"
#include "sys/qr.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/login.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

enum {
    FEW_DAYS = 7,  /* from then on, people who are missing are something to do */
    LAST_DAYS = 3, /* from then on, at once */
    WEEK_DAYS = 7, /* "in the last seven days" */
};

/* What there is to do. */

static const char *counted(struct request *rq, const char *pattern, int64_t n)
{
    struct lang_hole hole = {"n", lang_number(rq->lang, rq->work.mem, n)};
    return lang_fill(rq->work.mem, pattern, &hole, 1);
}

/* "{n} people to go" */
static const char *missing_words(struct request *rq, enum goal_unit unit, int64_t to_go)
{
    const char *pattern =
        unit == GOAL_HOURS ? lang_plural(rq->lang, "{n} hour to go", "{n} hours to go", to_go)
                           : lang_plural(rq->lang, "{n} person to go", "{n} people to go", to_go);
    return counted(rq, pattern, to_go);
}

static const char *days_words(struct request *rq, int64_t days)
{
    if (days == 0)
        return lang_text(rq->lang, N_("Last day"));
    return counted(rq, lang_plural(rq->lang, "{n} day left", "{n} days left", days), days);
}

static const char *share_path(struct request *rq, const struct campaign *campaign)
{
    return path_make(rq->work.mem, "/campaigns/%s/organise#share", campaign->slug);
}

/* Nobody finds it, so there is nobody to find: first it must be put right. */
static void todo_of_hidden(struct request *rq, const struct campaign *campaign,
                           struct todo_list *list)
{
    if (!campaign->hidden)
        return;
    todo_add(list,
             &(struct todo){
                 .urgency = TODO_NOW,
                 .words = lang_text(rq->lang, N_("Its page was taken away: nobody finds it, and "
                                                 "nobody can sign up. Put it right, then write to "
                                                 "the people who look after this site.")),
                 .action = lang_text(rq->lang, N_("Put it right")),
                 .path = path_make(rq->work.mem, "/campaigns/%s/edit", campaign->slug),
             });
}

/* People or hours are missing: the nearer the deadline, the more pressing. */
static void todo_of_missing(struct request *rq, const struct campaign *campaign,
                            struct todo_list *list)
{
    enum goal_unit unit;
    int64_t to_go = campaign_to_go(campaign, &unit);
    const struct zone *zone = zone_named(&rq->work, campaign->time_zone);
    int64_t days = campaign_days_left(campaign, zone, rq->work.now);
    if (campaign->state != CAMPAIGN_OPEN || campaign->hidden || to_go == 0)
        return;
    const char *words =
        days <= FEW_DAYS
            ? N_("{days}, and {missing}: share the page, and ask everyone who is in to bring "
                 "someone.")
        : campaign->people == 0
            ? N_("Nobody is in so far, and {missing}: share the page, first with those who know "
                 "you.")
            : N_("{missing}: share the page, and ask everyone who is in to bring someone.");
    const struct lang_hole holes[] = {
        {"days", days_words(rq, days)},
        {"missing", missing_words(rq, unit, to_go)},
    };
    todo_add(list, &(struct todo){
                       .urgency = days > FEW_DAYS    ? TODO_LATER
                                  : days > LAST_DAYS ? TODO_SOON
                                                     : TODO_NOW,
                       .words = lang_fill(rq->work.mem, lang_text(rq->lang, words), holes, 2),
                       .action = lang_text(rq->lang, N_("Make it known")),
                       .path = share_path(rq, campaign),
                   });
}

/* It was reached, and so it stays; but people have left again. */
static void todo_of_losses(struct request *rq, const struct campaign *campaign,
                           struct todo_list *list)
{
    if (campaign->state != CAMPAIGN_REACHED || campaign_is_enough(campaign) ||
        campaign_refuses_sign_ups(campaign, rq->work.now))
        return;
    todo_add(list,
             &(struct todo){
                 .urgency = TODO_SOON,
                 .words = lang_text(rq->lang, N_("It is on, but people have left since: there "
                                                 "are fewer than the minimum now.")),
                 .action = lang_text(rq->lang, N_("Make it known")),
                 .path = share_path(rq, campaign),
             });
}

static void todo_of_draft(struct request *rq, const struct campaign *campaign,
                          struct todo_list *list)
{
    const char *word = campaign_leading_get(&rq->work, campaign->id).word;
    struct lang_hole hole = {"word", word};
    const char *words = *word ? N_("It was sent back with these words: “{word}” Change that, then "
                                   "send it in once more.")
                              : N_("This is a draft: nobody else can see it. Read it once more, "
                                   "then publish it.");
    todo_add(list, &(struct todo){
                       .urgency = TODO_NOW,
                       .words = lang_fill(rq->work.mem, lang_text(rq->lang, words), &hole, 1),
                       .action = lang_text(rq->lang, N_("Publish")),
                       .path = path_make(rq->work.mem, "/campaigns/%s/publish", campaign->slug),
                   });
}

/* It was missed and extended, and is being opened again (campaign_open_again). */
static bool campaign_reopens(struct work *work, const struct campaign *campaign)
{
    return campaign->state == CAMPAIGN_MISSED && campaign->closes_at > work->now &&
           campaign_leading_get(work, campaign->id).extended_at;
}

/* It was missed, and can still be extended. */
static void todo_of_extension(struct request *rq, const struct campaign *campaign,
                              struct todo_list *list)
{
    struct work *work = &rq->work;
    const struct campaign_leading leading = campaign_leading_get(work, campaign->id);
    if (campaign_reopens(work, campaign))
        todo_add(list, &(struct todo){
                           .urgency = TODO_LATER,
                           .words = lang_text(rq->lang, N_("It opens again in a moment: those who "
                                                           "had said yes are being asked again.")),
                       });
    if (campaign->state != CAMPAIGN_MISSED ||
        campaign_refuses_extension(campaign, &leading, work->now))
        return;
    todo_add(list,
             &(struct todo){
                 .urgency = TODO_SOON,
                 .words = lang_text(rq->lang, N_("It was missed. For a week you can extend it, "
                                                 "once: those who had said yes are asked "
                                                 "again.")),
                 .action = lang_text(rq->lang, N_("Extend the campaign")),
                 .path = path_make(work->mem, "/campaigns/%s/extend", campaign->slug),
             });
}

/* Of those who lead it, some decide on it themselves. */
static void todo_of_approval(struct request *rq, const struct campaign *campaign,
                             struct todo_list *list)
{
    if (rq->work.login->role >= ROLE_FACILITATOR)
        todo_add(list, &(struct todo){
                           .urgency = TODO_NOW,
                           .words = lang_text(rq->lang, N_("It waits for a facilitator or an "
                                                           "administrator to decide: your word is "
                                                           "enough.")),
                           .action = lang_text(rq->lang, N_("Read it and decide")),
                           .path = path_make(rq->work.mem, "/campaigns/%s/approve", campaign->slug),
                       });
    else
        todo_add(list, &(struct todo){
                           .urgency = TODO_LATER,
                           .words = lang_text(rq->lang, N_("A facilitator or an administrator "
                                                           "reads it, then decides. You will get "
                                                           "an e-mail.")),
                       });
}

void campaign_todos(struct request *rq, int64_t campaign_id, struct todo_list *list)
{
    const struct campaign *campaign = campaign_get(&rq->work, (struct campaign_id){campaign_id});
    if (!campaign)
        return;
    if (campaign->state == CAMPAIGN_DRAFT)
        todo_of_draft(rq, campaign, list);
    if (campaign->state == CAMPAIGN_SUBMITTED)
        todo_of_approval(rq, campaign, list);
    todo_of_hidden(rq, campaign, list);
    todo_of_missing(rq, campaign, list);
    todo_of_losses(rq, campaign, list);
    todo_of_extension(rq, campaign, list);
}

/* The page. */

static const struct view_field todo_fields[] = {
    {"words", VIEW_TEXT, offsetof(struct todo, words), NULL},
    {"url", VIEW_TEXT_OR_NULL, offsetof(struct todo, path), NULL},
    {0},
};
static const struct view todo_json = {"todo", todo_fields};

static const struct view_field organise_fields[] = {
    {"slug", VIEW_TEXT, offsetof(struct organise_view, slug), NULL},
    {"state", VIEW_TEXT, offsetof(struct organise_view, state_name), .words = campaign_state_names},
    {"closes_at", VIEW_TIME_OR_NULL, offsetof(struct organise_view, closes_at), NULL},
    {"todos", VIEW_LIST, offsetof(struct organise_view, todos), &todo_json},
    {"progress", VIEW_OBJECT, offsetof(struct organise_view, progress), &progress_json},
    {"came_today", VIEW_INT, offsetof(struct organise_view, came_today), NULL},
    {"came_this_week", VIEW_INT, offsetof(struct organise_view, came_this_week), NULL},
    {0},
};
const struct view organise_json = {"organise", organise_fields};

/* People who confirmed today and in the last seven days, less those who left; nobody, where more
 * left. */
static void count_days(struct request *rq, const struct campaign *campaign,
                       struct organise_view *view)
{
    int64_t today = calendar_day(rq->work.community->zone, rq->work.now);
    for (const struct campaign_day *day = campaign_days(&rq->work, campaign->id); day;
         day = day->next) {
        view->came_today += day->day == today ? day->people : 0;
        view->came_this_week += day->day > today - WEEK_DAYS ? day->people : 0;
    }
    if (view->came_today < 0)
        view->came_today = 0;
    if (view->came_this_week < 0)
        view->came_this_week = 0;
}

/* While somebody can still come. */
static const struct share_box *share_box_new(struct request *rq, const struct campaign *campaign)
{
    struct work *work = &rq->work;
    if (campaign_refuses_sign_ups(campaign, work->now) ||
        !sessions_have_places(campaign_sessions(work, campaign->id), work->now))
        return NULL;
    const char *url = work_url(work, campaign_path(work, campaign));
    const char *text = mem_printf(work->mem, "%s\n\n%s", campaign->summary, url);
    struct share_box *share = MEM_NEW(work->mem, struct share_box);
    share->title = campaign->title;
    share->url = url;
    share->mail = mem_printf(work->mem, "mailto:?subject=%s&body=%s",
                             url_encode(work->mem, campaign->title), url_encode(work->mem, text));
    share->screen_path = path_make(work->mem, "/campaigns/%s/screen", campaign->slug);
    share->qr =
        qr_svg(work->mem, url, lang_text(rq->lang, N_("QR code: opens the campaign’s page")));
    return share;
}

const struct refusal *campaign_organise_handle(struct request *rq)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    struct organise_view view = {
        .slug = campaign->slug,
        .state_name = campaign_state_name(campaign->state),
        .closes_at = campaign->closes_at,
        .campaign = campaign,
        .state = (int)campaign->state,
        .todos = feature_todos(rq, campaign->id.n),
        .progress = progress_view(work, campaign),
        .bar = organiser_bar(rq, campaign, "organise"),
        .is_public = campaign_is_public(campaign),
        .is_over = campaign_is_over(campaign) && !campaign_reopens(work, campaign),
        .takes_sign_ups = !campaign_refuses_sign_ups(campaign, work->now),
    };
    count_days(rq, campaign, &view);
    if (rq->wants_json) {
        reply_json(rq, &organise_json, &view);
        return NULL;
    }
    view.share = share_box_new(rq, campaign);
    view.tally = campaign_tally_html(rq, campaign);
    view.opens = campaign->state == CAMPAIGN_SCHEDULED ? campaign_opening(rq, campaign) : NULL;
    view.closes = campaign_deadline(rq, campaign);
    view.panels = page_panels(rq, PANEL_ORGANISE, campaign->id.n);
    view.leading = lead_html(rq, campaign);
    const char *title = lang_fill(work->mem, lang_text(rq->lang, N_("Lead: {campaign}")),
                                  &(struct lang_hole){"campaign", campaign->title}, 1);
    struct html *h = page_begin(rq, &(struct page){.title = title, .noindex = true});
    organise_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}
