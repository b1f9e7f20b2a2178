/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between the parts of this folder: rules, store, and what templates show. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/id.h"
#include "features/team/team.h"
#include "base/time.h"

struct campaign;
struct campaign_organiser;
struct form_summary;
struct input_view;
struct lang;
struct refusal;
struct work;

enum {
    INVITATION_SECONDS = 14 * DAY_SECONDS,
    INVITATIONS_MAX = 20,         /* open ones of one campaign */
    INVITATIONS_PER_DAY_MAX = 30, /* that one person sends: each is a mail to somebody else */
    INVITATION_TOKEN_CHARS = 26,
    TEAM_HANDLE_CHARS = 12,
};

struct invitation {
    const struct invitation *next;
    int64_t id;
    struct campaign_id campaign_id;
    const char *handle;
    const char *email;
    struct person_id inviter;
    const char *invited_by; /* their name; "" for none */
    int64_t created_at;
    int64_t expires_at;
};

/* Rules (team.c). The campaign is one that work->login leads. */

/* Invites that address, in that language: one mail. An open invitation of the same address is
 * replaced. Refuses: team_is_full (409), team_invites_often (429). */
const struct refusal *team_invite(struct work *work, const struct campaign *campaign,
                                  const char *email, const struct lang *lang);
/* Refuses: not found. */
const struct refusal *team_withdraw(struct work *work, const struct campaign *campaign,
                                    const char *handle);
/* Takes out who has that handle on the campaign's page (oneself, too). Refuses: not found,
 * team_is_last (409). */
const struct refusal *team_remove(struct work *work, const struct campaign *campaign,
                                  const char *handle);
/* The open invitation with that token, of somebody who still leads the campaign; NULL: none. */
const struct invitation *team_invitation(struct work *work, const char *token);
/* work->login leads the campaign from now on. Refuses: not found. */
const struct refusal *team_accept(struct work *work, const struct invitation *invitation);

/* The store. */

void invitation_insert(struct work *work, const struct invitation *invitation,
                       const char *token_hash);
const struct invitation *invitation_get_by_token(struct work *work, const char *token_hash);
/* Open ones, the newest first, at most INVITATIONS_MAX. */
const struct invitation *invitation_list(struct work *work, struct campaign_id campaign);
int64_t invitations_count_open(struct work *work, struct campaign_id campaign);
int64_t invitations_count_sent(struct work *work, struct person_id by, int64_t since);
/* They end now; the row stays for a while, since it counts. False: none is open with that handle.
 */
bool invitation_end(struct work *work, struct campaign_id campaign, const char *handle);
void invitation_end_to(struct work *work, struct campaign_id campaign, const char *email);
void invitations_end_of(struct work *work, struct campaign_id campaign, struct person_id inviter);
/* False: it was accepted already, or its time is over. */
bool invitation_mark_accepted(struct work *work, int64_t id);
/* Those to an address, the newest first, at most INVITATIONS_TO_MAX. */
enum { INVITATIONS_TO_MAX = 200 };
struct invitation_row {
    const struct invitation_row *next;
    const char *slug; /* of the campaign */
    int64_t at;
    bool is_accepted;
};
const struct invitation_row *invitations_to(struct work *work, const char *email);
void invitations_forget_person(struct work *work, const char *email, struct person_id person);
/* A page of those that ended before; how many there were. */
int invitations_forget(struct work *work, int64_t until);

/* Views. */

struct team_member {
    const struct team_member *next;
    const char *name; /* the address where there is no name */
    const char *email;
    const char *remove_path;
    bool is_me;
};
struct team_invitation_view {
    const struct team_invitation_view *next;
    const char *email;
    const char *until;
    const char *withdraw_path;
};
struct team_page {
    const char *campaign;
    const char *language; /* of the campaign */
    const char *organise_path;
    const char *action;
    const char *refusal; /* of a form without fields; NULL: none */
    const struct form_summary *errors;
    const struct input_view *email;
    const struct team_member *members;
    const struct team_invitation_view *invitations;
    bool may_remove; /* there are others */
};
struct team_panel {
    const struct team_member *members;
    const char *path; /* where others are invited; NULL: it is over */
};
struct invitation_page {
    const char *campaign;
    const char *language;
    const char *by;      /* who invites; "" where the name is not known */
    const char *sign_in; /* where to sign in first; NULL: one is */
    const char *action;
    const char *email; /* of who is signed in */
};
struct invitation_mail {
    const char *campaign;
    const char *by;
    const char *link;
    const char *until;
};
