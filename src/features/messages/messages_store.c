/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of campaign_message: one function for each statement. */
#include "base/mem.h"
#include "base/str.h"
#include "features/messages/messages.h"
#include "features/messages/messages_local.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/work.h"

#define COLUMNS                                                                                    \
    "m.id, m.campaign_id, m.session_id, m.handle, m.author_id, COALESCE(p.name, ''), "             \
    "COALESCE(p.email, ''), m.subject, "                                                           \
    "m.body, m.body_html, m.state, m.sent_at, m.mails "
#define FROM "FROM campaign_message m LEFT JOIN person p ON p.id = m.author_id "
#define WENT_OUT "m.state IN ('sending', 'sent') "

const char *const message_state_names[] = {
    [MESSAGE_DRAFT] = "draft", [MESSAGE_SENDING] = "sending", [MESSAGE_SENT] = "sent", NULL};

const char *message_state_name(enum message_state state)
{
    return message_state_names[state];
}

static enum message_state state_from(const char *name)
{
    enum message_state state = MESSAGE_DRAFT;
    while (state < MESSAGE_SENT && !str_equal(message_state_names[state], name))
        state++;
    return state;
}

static const struct message *messages_from(struct mem *mem, const struct db_row *row)
{
    const struct message *first = NULL;
    const struct message **end = &first;
    for (; row; row = row->next) {
        struct message *message = MEM_NEW(mem, struct message);
        *message = (struct message){
            .id = row_int(row, 0),
            .campaign_id = {row_int(row, 1)},
            .session_id = {row_int(row, 2)},
            .handle = row_text(row, 3),
            .author_id = {row_int(row, 4)},
            .author_name = row_text(row, 5),
            .author_email = row_text(row, 6),
            .subject = row_text(row, 7),
            .body = row_text(row, 8),
            .body_html = row_text(row, 9),
            .state = state_from(row_text(row, 10)),
            .sent_at = row_int(row, 11),
            .mails = row_int(row, 12),
        };
        *end = message;
        end = &message->next;
    }
    return first;
}

const struct message *message_get(struct work *work, int64_t id)
{
    return messages_from(work->mem, tx_one(work->tx, "SELECT " COLUMNS FROM "WHERE m.id = ?1", id));
}

const char *message_subject(struct work *work, const char *handle)
{
    const struct db_row *row = tx_one(
        work->tx, "SELECT subject FROM campaign_message WHERE handle = ?1 AND community_id = ?2",
        handle, work->community->id.n);
    return row ? row_text(row, 0) : "";
}

const struct message *message_get_draft(struct work *work, struct campaign_id campaign,
                                        struct person_id author)
{
    return messages_from(work->mem, tx_one(work->tx,
                                           "SELECT " COLUMNS FROM "WHERE m.campaign_id = ?1 "
                                           "AND m.author_id = ?2 AND m.state = 'draft'",
                                           campaign.n, author.n));
}

const struct message *message_get_sent(struct work *work, struct campaign_id campaign,
                                       const char *handle)
{
    return messages_from(work->mem,
                         tx_one(work->tx,
                                "SELECT " COLUMNS FROM
                                "WHERE m.handle = ?1 AND m.campaign_id = ?2 AND " WENT_OUT,
                                handle, campaign.n));
}

const struct message *message_list_sent(struct work *work, struct campaign_id campaign)
{
    return messages_from(work->mem,
                         tx_rows(work->tx,
                                 "SELECT " COLUMNS FROM "WHERE m.campaign_id = ?1 AND " WENT_OUT
                                 "ORDER BY m.sent_at DESC LIMIT ?2",
                                 campaign.n, MESSAGES_LIST_MAX));
}

int64_t message_count_since(struct work *work, struct campaign_id campaign, int64_t since)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT COUNT(*) FROM campaign_message m WHERE m.campaign_id = ?1 AND " WENT_OUT
               "AND m.sent_at > ?2",
               campaign.n, since);
    return row ? row_int(row, 0) : 0;
}

void message_put_draft(struct work *work, const struct message *m)
{
    tx_do(work->tx,
          "INSERT INTO campaign_message (id, community_id, campaign_id, session_id, handle, "
          "author_id, subject, body, body_html, state, sent_at, mails) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'draft', ?10, 0) "
          "ON CONFLICT (campaign_id, author_id) WHERE state = 'draft' DO UPDATE SET "
          "session_id = ?4, handle = ?5, subject = ?7, body = ?8, body_html = ?9, sent_at = ?10",
          m->id, work->community->id.n, m->campaign_id.n, m->session_id.n, m->handle,
          m->author_id.n, m->subject, m->body, m->body_html, work->now);
}

bool message_begin(struct work *work, int64_t id)
{
    return tx_one(work->tx,
                  "UPDATE campaign_message SET state = 'sending', sent_at = ?2 "
                  "WHERE id = ?1 AND state = 'draft' AND NOT EXISTS (SELECT 1 FROM "
                  "campaign_message o WHERE o.campaign_id = campaign_message.campaign_id "
                  "AND o.state = 'sending') RETURNING id",
                  id, work->now) != NULL;
}

void message_add_mails(struct work *work, int64_t id, int64_t mails)
{
    tx_do(work->tx, "UPDATE campaign_message SET mails = mails + ?2 WHERE id = ?1", id, mails);
}

void message_end(struct work *work, int64_t id)
{
    tx_do(work->tx,
          "UPDATE campaign_message SET state = 'sent' WHERE id = ?1 AND state = 'sending'", id);
}

void messages_forget_author(struct work *work, struct person_id author)
{
    tx_do(work->tx, "DELETE FROM campaign_message WHERE author_id = ?1 AND state = 'draft'",
          author.n);
    tx_do(work->tx, "UPDATE campaign_message SET author_id = 0 WHERE author_id = ?1", author.n);
}

const struct message *message_list_by_author(struct work *work, struct person_id author,
                                             int64_t after)
{
    return messages_from(work->mem,
                         tx_rows(work->tx,
                                 "SELECT " COLUMNS FROM "WHERE m.author_id = ?1 AND m.id > ?2 "
                                 "ORDER BY m.id LIMIT ?3",
                                 author.n, after, MESSAGES_LIST_MAX));
}

const char *messages_check(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT c.slug FROM campaign_message m JOIN campaign c ON c.id = m.campaign_id"
               " WHERE m.state = 'sending' AND NOT EXISTS"
               " (SELECT 1 FROM job j WHERE j.kind = ?1 AND j.object_id = m.id) LIMIT 1",
               JOB_SEND);
    return row ? mem_printf(work->mem, "A message of campaign %s goes out, and nothing sends it.",
                            row_text(row, 0))
               : NULL;
}
