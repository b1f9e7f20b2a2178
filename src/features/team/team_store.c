/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of invitations: one function for each statement. */
#include "base/limits.h"
#include "base/mem.h"
#include "features/team/team_local.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/login.h"
#include "web/work.h"

#define INVITATION_COLUMNS                                                                         \
    "i.id, i.campaign_id, i.handle, i.email, p.name, i.created_at, i.expires_at, p.id"             \
    " FROM invitation i JOIN person p ON p.id = i.invited_by "

static struct invitation *invitation_of(struct work *work, const struct db_row *row)
{
    struct invitation *invitation = MEM_NEW(work->mem, struct invitation);
    *invitation = (struct invitation){
        .id = row_int(row, 0),
        .campaign_id = {row_int(row, 1)},
        .handle = row_text(row, 2),
        .email = row_text(row, 3),
        .invited_by = row_text(row, 4),
        .created_at = row_int(row, 5),
        .expires_at = row_int(row, 6),
        .inviter = {row_int(row, 7)},
    };
    return invitation;
}

void invitation_insert(struct work *work, const struct invitation *invitation,
                       const char *token_hash)
{
    tx_do(work->tx,
          "INSERT INTO invitation (id, campaign_id, handle, token_hash, email, invited_by,"
          " created_at, expires_at, accepted_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)",
          invitation->id, invitation->campaign_id.n, invitation->handle, token_hash,
          invitation->email, work->login->person.n, invitation->created_at, invitation->expires_at);
    work_touches(work, OBJECT_CAMPAIGN, invitation->campaign_id.n);
}

const struct invitation *invitation_get_by_token(struct work *work, const char *token_hash)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT " INVITATION_COLUMNS "JOIN campaign c ON c.id = i.campaign_id"
               " WHERE i.token_hash = ?1 AND c.community_id = ?2"
               " AND i.accepted_at = 0 AND i.expires_at > ?3",
               token_hash, work->community->id.n, work->now);
    return row ? invitation_of(work, row) : NULL;
}

const struct invitation *invitation_list(struct work *work, struct campaign_id campaign)
{
    const struct invitation *first = NULL;
    const struct invitation **end = &first;
    work_reads(work, OBJECT_CAMPAIGN, campaign.n);
    const struct db_row *row =
        tx_rows(work->tx,
                "SELECT " INVITATION_COLUMNS "WHERE i.campaign_id = ?1 AND i.accepted_at = 0"
                " AND i.expires_at > ?2 ORDER BY i.id DESC LIMIT ?3",
                campaign.n, work->now, INVITATIONS_MAX);
    for (; row; row = row->next) {
        struct invitation *invitation = invitation_of(work, row);
        *end = invitation;
        end = &invitation->next;
    }
    return first;
}

static int64_t counted(const struct db_row *row)
{
    return row ? row_int(row, 0) : 0;
}

int64_t invitations_count_open(struct work *work, struct campaign_id campaign)
{
    return counted(tx_one(work->tx,
                          "SELECT COUNT(*) FROM invitation WHERE campaign_id = ?1"
                          " AND accepted_at = 0 AND expires_at > ?2",
                          campaign.n, work->now));
}

int64_t invitations_count_sent(struct work *work, struct person_id by, int64_t since)
{
    return counted(tx_one(work->tx,
                          "SELECT COUNT(*) FROM invitation WHERE invited_by = ?1"
                          " AND created_at > ?2",
                          by.n, since));
}

bool invitation_end(struct work *work, struct campaign_id campaign, const char *handle)
{
    work_touches(work, OBJECT_CAMPAIGN, campaign.n);
    return tx_one(work->tx,
                  "UPDATE invitation SET expires_at = ?3 WHERE campaign_id = ?1 AND handle = ?2"
                  " AND accepted_at = 0 AND expires_at > ?3 RETURNING id",
                  campaign.n, handle, work->now) != NULL;
}

void invitation_end_to(struct work *work, struct campaign_id campaign, const char *email)
{
    tx_do(work->tx,
          "UPDATE invitation SET expires_at = ?3 WHERE campaign_id = ?1 AND email = ?2"
          " AND accepted_at = 0 AND expires_at > ?3",
          campaign.n, email, work->now);
}

void invitations_end_of(struct work *work, struct campaign_id campaign, struct person_id inviter)
{
    tx_do(work->tx,
          "UPDATE invitation SET expires_at = ?3 WHERE campaign_id = ?1 AND invited_by = ?2"
          " AND accepted_at = 0 AND expires_at > ?3",
          campaign.n, inviter.n, work->now);
}

bool invitation_mark_accepted(struct work *work, int64_t id)
{
    return tx_one(work->tx,
                  "UPDATE invitation SET accepted_at = ?2 WHERE id = ?1 AND accepted_at = 0"
                  " AND expires_at > ?2 RETURNING id",
                  id, work->now) != NULL;
}

const struct invitation_row *invitations_to(struct work *work, const char *email)
{
    const struct invitation_row *first = NULL;
    const struct invitation_row **end = &first;
    const struct db_row *row =
        tx_rows(work->tx,
                "SELECT c.slug, i.created_at, i.accepted_at FROM invitation i"
                " JOIN campaign c ON c.id = i.campaign_id WHERE i.email = ?1"
                " ORDER BY i.id DESC LIMIT ?2",
                email, INVITATIONS_TO_MAX);
    for (; row; row = row->next) {
        struct invitation_row *invitation = MEM_NEW(work->mem, struct invitation_row);
        invitation->slug = row_text(row, 0);
        invitation->at = row_int(row, 1);
        invitation->is_accepted = row_int(row, 2) > 0;
        *end = invitation;
        end = &invitation->next;
    }
    return first;
}

void invitations_forget_person(struct work *work, const char *email, struct person_id person)
{
    tx_do(work->tx, "DELETE FROM invitation WHERE email = ?1 OR invited_by = ?2", email, person.n);
}

int invitations_forget(struct work *work, int64_t until)
{
    return rows_count(tx_rows(work->tx,
                              "DELETE FROM invitation WHERE id IN (SELECT id"
                              " FROM invitation WHERE expires_at <= ?1"
                              " ORDER BY expires_at LIMIT ?2) RETURNING id",
                              until, JOB_PAGE_ROWS));
}
