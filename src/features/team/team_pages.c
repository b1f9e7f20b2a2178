/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages of a campaign's team, for who leads it; and the invitation, for whoever holds its link:
 * its GET accepts nothing, since mail scanners follow links. */
#include <jansson.h>
#include <stddef.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/refusal.h"
#include "base/time.h"
#include "base/str.h"
#include "core/people/people.h"
#include "features/campaigns/campaigns.h"
#include "features/team/team.h"
#include "features/team/team.html.h"
#include "features/team/team_local.h"
#include "migrations.h"
#include "sys/lang.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

#define INVITATION_COOKIE "invitation"
enum { INVITATION_COOKIE_SECONDS = HOUR_SECONDS };

struct invite_form {
    const char *email;
};
static const struct form invite_form = {
    "team", sizeof(struct invite_form),
    (const struct field[]){
        {.name = "email",
         .label = N_("Their e-mail address"),
         .kind = FIELD_EMAIL,
         .required = true,
         .hint = N_("They get an e-mail with a link. They will have the same rights as you."),
         .offset = offsetof(struct invite_form, email)},
        {.name = NULL},
    }};

static const struct view_field member_fields[] = {
    {"name", VIEW_TEXT, offsetof(struct team_member, name)},
    {"email", VIEW_TEXT, offsetof(struct team_member, email)},
    {.name = NULL},
};
static const struct view member_view = {"organiser", member_fields};
static const struct view_field invited_fields[] = {
    {"email", VIEW_TEXT, offsetof(struct team_invitation_view, email)},
    {.name = NULL},
};
static const struct view invited_view = {"invitation", invited_fields};
static const struct view_field team_fields[] = {
    {"organisers", VIEW_LIST, offsetof(struct team_page, members), &member_view},
    {"invitations", VIEW_LIST, offsetof(struct team_page, invitations), &invited_view},
    {.name = NULL},
};
static const struct view team_view = {"team", team_fields};

static const char *team_path(struct work *work, const struct campaign *campaign)
{
    return path_make(work->mem, "/campaigns/%s/organise/team", campaign->slug);
}

static const struct team_member *members_of(struct work *work, const struct campaign *campaign)
{
    const struct team_member *first = NULL;
    const struct team_member **end = &first;
    const char *path = team_path(work, campaign);
    for (const struct campaign_organiser *organiser = campaign_organisers(work, campaign->id);
         organiser; organiser = organiser->next) {
        struct team_member *member = MEM_NEW(work->mem, struct team_member);
        const char *handle = team_handle(work, campaign->id, organiser->person);
        member->name = str_is_empty(organiser->name) ? organiser->email : organiser->name;
        member->email = organiser->email;
        member->remove_path = mem_printf(work->mem, "%s/%s/remove", path, handle);
        member->is_me = organiser->person.n == work->login->person.n;
        *end = member;
        end = &member->next;
    }
    return first;
}

static const struct team_invitation_view *invitations_of(struct request *rq,
                                                         const struct campaign *campaign)
{
    struct work *work = &rq->work;
    const struct team_invitation_view *first = NULL;
    const struct team_invitation_view **end = &first;
    const char *path = team_path(work, campaign);
    for (const struct invitation *invitation = invitation_list(work, campaign->id); invitation;
         invitation = invitation->next) {
        struct team_invitation_view *view = MEM_NEW(work->mem, struct team_invitation_view);
        view->email = invitation->email;
        view->until = lang_date(rq->lang, work->mem, LANG_DATE, invitation->expires_at,
                                work->community->zone);
        view->withdraw_path =
            mem_printf(work->mem, "%s/invitations/%s/withdraw", path, invitation->handle);
        *end = view;
        end = &view->next;
    }
    return first;
}

static const struct refusal *team_show(struct request *rq)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    const struct form_summary *errors = form_summary(rq, &invite_form);
    const struct team_member *members = members_of(work, campaign);
    const struct team_page view = {
        .campaign = campaign->title,
        .language = campaign->language,
        .organise_path = path_make(work->mem, "/campaigns/%s/organise", campaign->slug),
        .action = team_path(work, campaign),
        .refusal = rq->refusal && !errors ? lang_text(rq->lang, rq->refusal->sentence) : NULL,
        .errors = errors,
        .email = form_input_view(rq, &invite_form, "email", ""),
        .members = members,
        .invitations = invitations_of(rq, campaign),
        .may_remove = members && members->next,
    };
    if (rq->wants_json) {
        reply_json(rq, &team_view, &view);
        return NULL;
    }
    struct html *h =
        page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("Who leads it"))});
    team_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

/* Back to the page, or away from it for who is no longer of the team. */
static const struct refusal *team_done(struct request *rq, const struct campaign *campaign,
                                       const struct refusal *refusal)
{
    if (refusal)
        return refusal;
    bool leads = campaign_may_organise(&rq->work, rq->work.login, campaign->slug);
    reply_see_other(rq, leads ? team_path(&rq->work, campaign) : "/account");
    return NULL;
}

static const struct refusal *invite_handle(struct request *rq)
{
    const struct invite_form *form = rq->input.parsed;
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    return team_done(rq, campaign, team_invite(&rq->work, campaign, form->email, rq->lang));
}

static const struct refusal *withdraw_handle(struct request *rq)
{
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    return team_done(rq, campaign, team_withdraw(&rq->work, campaign, rq->params[1]));
}

static const struct refusal *remove_handle(struct request *rq)
{
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    return team_done(rq, campaign, team_remove(&rq->work, campaign, rq->params[1]));
}

/* The invitation. */

static const struct refusal *invitation_show(struct request *rq)
{
    struct work *work = &rq->work;
    const struct invitation *invitation = team_invitation(work, rq->params[0]);
    const struct campaign *campaign =
        invitation ? campaign_get(work, invitation->campaign_id) : NULL;
    const char *path = path_make(work->mem, "/invitations/%s", rq->params[0]);
    if (!campaign && rq->wants_json)
        return &refusal_not_found;
    const char *title = lang_text(rq->lang, N_("Invitation"));
    struct html *h = page_begin(rq, &(struct page){.title = title});
    if (!campaign) {
        invitation_gone_page(h);
        page_end(rq, h, 404);
        return NULL;
    }
    const struct invitation_page view = {
        .campaign = campaign->title,
        .language = campaign->language,
        .by = invitation->invited_by,
        .sign_in = work->login ? NULL : path_make(work->mem, "/sign-in?next=%s", "/invitations"),
        .action = path,
        .email = work->login ? work->login->email : "",
    };
    invitation_page(h, &view);
    page_end(rq, h, 200);
    if (!work->login) /* after page_end, which begins the answer */
        reply_cookie(rq, INVITATION_COOKIE, rq->params[0], INVITATION_COOKIE_SECONDS);
    return NULL;
}

/* Where signing in leads back to: the token was kept in the browser, since addresses to go on to
 * are kept in rows, and stand in addresses. */
static const struct refusal *invitation_again_handle(struct request *rq)
{
    const char *token = request_cookie(rq, INVITATION_COOKIE);
    reply_see_other(rq, *token ? path_make(rq->work.mem, "/invitations/%s", token) : "/account");
    if (*token)
        reply_cookie(rq, INVITATION_COOKIE, "", 0);
    return NULL;
}

static const struct refusal *accept_handle(struct request *rq)
{
    struct work *work = &rq->work;
    const struct invitation *invitation = team_invitation(work, rq->params[0]);
    if (!invitation)
        return &refusal_not_found;
    const struct refusal *refusal = team_accept(work, invitation);
    const struct campaign *campaign = campaign_get(work, invitation->campaign_id);
    if (refusal || !campaign)
        return refusal ? refusal : &refusal_not_found;
    reply_see_other(rq, path_make(work->mem, "/campaigns/%s/organise", campaign->slug));
    return NULL;
}

/* The card. */

static void show_panel(struct request *rq, struct html *h, int64_t campaign_id)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get(work, (struct campaign_id){campaign_id});
    if (!campaign)
        return;
    bool is_over = campaign->state == CAMPAIGN_REPORTED || campaign->state == CAMPAIGN_CANCELLED;
    team_panel(h, &(struct team_panel){members_of(work, campaign),
                                       is_over ? NULL : team_path(work, campaign)});
}

static void forget_run(struct work *work, struct job *job)
{
    bool more = invitations_forget(work, work->now - DAY_SECONDS) == JOB_PAGE_ROWS;
    job->again_at = work->now + (more ? 0 : DAY_SECONDS);
}

static void export_person(struct work *work, const char *email, json_t *object)
{
    json_t *list = json_array();
    const struct invitation_row *row = invitations_to(work, email);
    for (; row; row = row->next)
        json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "campaign", row->slug,
                                              "created_at", time_rfc3339(work->mem, row->at),
                                              "accepted", row->is_accepted));
    json_object_set_new(object, "invitations", list);
}

static void forget_person(struct work *work, const char *email)
{
    const struct person *person = person_get_by_email(work, email);
    invitations_forget_person(work, email, person ? person->id : (struct person_id){0});
}

#define TEAM "/campaigns/:slug/organise/team"

static const struct route team_routes[] = {
    {"GET", TEAM, ACCESS_ORGANISER, .handle = team_show, .json = &team_view},
    {"POST", TEAM, ACCESS_ORGANISER, .form = &invite_form, .handle = invite_handle,
     .show = team_show},
    {"POST", TEAM "/invitations/:handle/withdraw", ACCESS_ORGANISER, .handle = withdraw_handle},
    {"POST", TEAM "/:organiser/remove", ACCESS_ORGANISER, .handle = remove_handle,
     .show = team_show},
    {"GET", "/invitations", ACCESS_SIGNED_IN, .flags = ROUTE_NO_STORE,
     .handle = invitation_again_handle, .type = ROUTE_LEADS_ON},
    {"GET", "/invitations/:token", ACCESS_LINK, .flags = ROUTE_SECRET_PATH,
     .handle = invitation_show},
    {"POST", "/invitations/:token", ACCESS_SIGNED_IN, .flags = ROUTE_SECRET_PATH,
     .handle = accept_handle},
    {.method = NULL},
};

const struct feature team_feature = {
    .name = "team",
    .migrations = team_migrations,
    .routes = team_routes,
    .jobs = (const struct job_kind[]){{"team.forget", forget_run, .always = true}, {.name = NULL}},
    .panels = (const struct panel[]){{PANEL_ORGANISE, show_panel}, {.show = NULL}},
    .export_person = export_person,
    .forget_person = forget_person,
};
