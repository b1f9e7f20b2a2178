/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules of a campaign's team. An invitation is a link in a mail: whoever holds it joins with
 * the account they are signed in with, once; so the answer is the same for every address, and
 * people may use another one than the organiser knew. A campaign always keeps one organiser. */
#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/audit/audit.h"
#include "core/outbox/outbox.h"
#include "core/people/people.h"
#include "features/campaigns/campaigns.h"
#include "features/team/team_local.h"
#include "features/team/team_mail.html.h"
#include "sys/crypt.h"
#include "sys/lang.h"
#include "sys/mail.h"
#include "web/community.h"
#include "web/login.h"
#include "web/request.h"
#include "web/url.h"
#include "web/work.h"

static const struct refusal team_is_full = {
    .status = 409,
    .name = "team_is_full",
    .sentence = N_("There are as many organisers and open invitations as there can be. Please "
                   "withdraw one first.")};
static const struct refusal team_invites_often = {
    .status = 429,
    .name = "team_invites_often",
    .sentence = N_("You have sent many invitations today. Please go on tomorrow."),
    .retry_seconds = DAY_SECONDS};
static const struct refusal team_is_last = {
    .status = 409,
    .name = "team_is_last",
    .sentence = N_("A campaign needs somebody who leads it. Please invite somebody else first, and "
                   "wait until they are in.")};

static const char *hash_of(struct work *work, const char *token)
{
    return crypt_sha256(work->mem, token, strlen(token));
}

const char *team_handle(struct work *work, struct campaign_id campaign, struct person_id person)
{
    const char *text =
        mem_printf(work->mem, "%lld:%lld", (long long)campaign.n, (long long)person.n);
    return mem_strndup(work->mem, work_mac(work, "team.handle", text), TEAM_HANDLE_CHARS);
}

static void mail_invitation(struct work *work, const struct campaign *campaign,
                            const struct invitation *invitation, const char *token,
                            const struct lang *lang)
{
    const struct login *login = work->login;
    const struct invitation_mail view = {
        .campaign = campaign->title,
        .by = str_is_empty(login->name) ? login->email : login->name,
        .link = work_url(work, path_make(work->mem, "/invitations/%s", token)),
        .until =
            lang_date(lang, work->mem, LANG_DATE, invitation->expires_at, work->community->zone),
    };
    struct html *html = outbox_part(work, lang);
    struct html *text = outbox_part(work, lang);
    invitation_mail_html(html, &view);
    invitation_mail_text(text, &view);
    outbox_add(work, &(struct outbox_mail){
                         .reason = "team_invitation",
                         .kind = OUTBOX_ORGANISING,
                         .to_address = invitation->email,
                         .reply_to_name = login->name,
                         .reply_to = login->email,
                         .subject = lang_fill(work->mem,
                                              lang_text(lang, N_("Will you help to lead "
                                                                 "“{campaign}”?")),
                                              &(struct lang_hole){"campaign", campaign->title}, 1),
                         .text = outbox_part_text(text),
                         .html = outbox_part_text(html),
                         .lang = lang,
                     });
}

const struct refusal *team_invite(struct work *work, const struct campaign *campaign,
                                  const char *email, const struct lang *lang)
{
    const char *normal = mail_address_normal(work->mem, email);
    invitation_end_to(work, campaign->id, normal);
    if (campaign_count_organisers(work, campaign->id) +
            invitations_count_open(work, campaign->id) >=
        CAMPAIGN_ORGANISERS_MAX)
        return &team_is_full;
    if (invitations_count_sent(work, work->login->person, work->now - DAY_SECONDS) >=
        INVITATIONS_PER_DAY_MAX)
        return &team_invites_often;
    const char *token = work_new_handle(work, INVITATION_TOKEN_CHARS);
    const struct invitation invitation = {
        .id = work_new_id(work),
        .campaign_id = campaign->id,
        .handle = work_new_handle(work, TEAM_HANDLE_CHARS),
        .email = normal,
        .created_at = work->now,
        .expires_at = work->now + INVITATION_SECONDS,
    };
    invitation_insert(work, &invitation, hash_of(work, token));
    mail_invitation(work, campaign, &invitation, token, lang);
    campaign_audit(work, campaign, AUDIT_ORGANISER_INVITE, "");
    return NULL;
}

const struct refusal *team_withdraw(struct work *work, const struct campaign *campaign,
                                    const char *handle)
{
    return invitation_end(work, campaign->id, handle) ? NULL : &refusal_not_found;
}

const struct refusal *team_remove(struct work *work, const struct campaign *campaign,
                                  const char *handle)
{
    const struct campaign_organiser *organiser = campaign_organisers(work, campaign->id);
    while (organiser && !str_equal(handle, team_handle(work, campaign->id, organiser->person)))
        organiser = organiser->next;
    if (!organiser)
        return &refusal_not_found;
    if (!campaign_remove_organiser(work, campaign->id, organiser->person))
        return &team_is_last;
    invitations_end_of(work, campaign->id, organiser->person);
    campaign_audit(work, campaign, AUDIT_ORGANISER_REMOVE, "");
    return NULL;
}

/* An invitation holds no longer than the right of who sent it. */
static bool may_still_invite(struct work *work, const struct invitation *invitation)
{
    const struct person *inviter = person_get(work, invitation->inviter);
    return inviter && person_may_come_in(inviter) &&
           (inviter->role >= ROLE_FACILITATOR ||
            campaign_is_organised_by(work, invitation->campaign_id, inviter->id));
}

const struct invitation *team_invitation(struct work *work, const char *token)
{
    const struct invitation *invitation = invitation_get_by_token(work, hash_of(work, token));
    return invitation && may_still_invite(work, invitation) ? invitation : NULL;
}

const struct refusal *team_accept(struct work *work, const struct invitation *invitation)
{
    const struct campaign *campaign = campaign_get(work, invitation->campaign_id);
    if (!campaign || !invitation_mark_accepted(work, invitation->id))
        return &refusal_not_found;
    campaign_add_organiser(work, campaign->id, work->login->person);
    campaign_audit(work, campaign, AUDIT_ORGANISER_JOIN, "");
    return NULL;
}
