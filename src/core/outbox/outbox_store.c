/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of table `mail`. That a key is mailed once is decided by its unique index alone. */
#include "core/outbox/outbox_local.h"

#include <assert.h>

#include "base/limits.h"
#include "base/mem.h"
#include "core/outbox/outbox.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/work.h"

/* In which turn each is sent; the order of the enum is that of how often they are meant. */
static const int turns[] = {
    [OUTBOX_TEST] = 0, [OUTBOX_AT_ONCE] = 1, [OUTBOX_SOON] = 2, [OUTBOX_BULK] = 3};

#define INSERT                                                                                     \
    "INSERT INTO mail (id, community_id, handle, reason, to_address, message, created_at, kind,"   \
    " turn, state, due_at, typed_for, unique_key)"                                                 \
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?7, ?11, "

static const char *first_state(const struct mail_row *mail)
{
    return mail->is_kept ? "kept" : "waiting";
}

void mail_insert(struct work *work, const struct mail_row *mail)
{
    assert(!mail->unique_key);
    tx_do(work->tx, INSERT "NULL)", work_new_id(work), work->community->id.n, mail->handle,
          mail->reason, mail->to_address, mail->message, work->now, outbox_kind_name(mail->kind),
          turns[mail->priority], first_state(mail), mail->typed_for);
}

bool mail_insert_once(struct work *work, const struct mail_row *mail)
{
    assert(mail->unique_key);
    return tx_one(work->tx, INSERT "?12) ON CONFLICT (unique_key) DO NOTHING RETURNING id",
                  work_new_id(work), work->community->id.n, mail->handle, mail->reason,
                  mail->to_address, mail->message, work->now, outbox_kind_name(mail->kind),
                  turns[mail->priority], first_state(mail), mail->typed_for,
                  mail->unique_key) != NULL;
}

int64_t mail_count_typed(struct work *work, const char *to_address, const char *typed_for,
                         int64_t since)
{
    const struct db_row *row = tx_one(work->tx,
                                      "SELECT COUNT(*) FROM mail WHERE to_address = ?1"
                                      " AND typed_for = ?2 AND typed_for <> ''"
                                      " AND created_at > ?3",
                                      to_address, typed_for, since);
    return row ? row_int(row, 0) : 0;
}

void mail_forget_typed(struct work *work, const char *to_address)
{
    tx_do(work->tx, "UPDATE mail SET typed_for = '' WHERE to_address = ?1 AND typed_for <> ''",
          to_address);
}

const char *mails_check(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT m.handle FROM mail m WHERE (m.message <> '' AND m.state NOT IN"
                         " ('waiting', 'sending', 'kept')) OR (m.message = '' AND m.state IN"
                         " ('waiting', 'sending')) OR NOT EXISTS (SELECT 1 FROM mail_address a"
                         " WHERE a.address = m.to_address) LIMIT 1");
    return row ? mem_printf(work->mem,
                            "Mail %s has a text beyond its end, none before it, or an"
                            " address that is not known.",
                            row_text(row, 0))
               : NULL;
}

void mail_delete_to(struct work *work, const char *to_address)
{
    tx_do(work->tx, "DELETE FROM mail WHERE to_address = ?1", to_address);
}

const char *mail_delete_ended(struct work *work, int64_t id)
{
    const struct db_row *row = tx_one(work->tx,
                                      "DELETE FROM mail WHERE id = ?1"
                                      " AND state NOT IN ('waiting', 'sending')"
                                      " RETURNING to_address",
                                      id);
    return row ? row_text(row, 0) : NULL;
}

/* Ids are ordered by time, so the oldest rows are the first ones: a page is looked at, however many
 * there are. */
int mail_delete_old(struct work *work, int64_t before)
{
    return rows_count(
        tx_rows(work->tx,
                "DELETE FROM mail WHERE id IN (SELECT page.id FROM (SELECT id, created_at"
                " FROM mail ORDER BY id LIMIT ?2) page WHERE page.created_at < ?1)"
                " RETURNING id",
                before, JOB_PAGE_ROWS));
}

int mail_empty_old(struct work *work, int64_t before, int64_t *cursor)
{
    int count = 0;
    for (const struct db_row *row =
             tx_rows(work->tx,
                     "UPDATE mail SET message = '', state = CASE WHEN state IN ('waiting',"
                     " 'sending') THEN 'given-up' ELSE state END WHERE id IN (SELECT page.id FROM"
                     " (SELECT id, created_at FROM mail WHERE id > ?2 ORDER BY id LIMIT ?3) page"
                     " WHERE page.created_at < ?1) RETURNING id",
                     before, *cursor, JOB_PAGE_ROWS);
         row; row = row->next, count++)
        *cursor = row_int(row, 0) > *cursor ? row_int(row, 0) : *cursor;
    return count;
}

/* The rows in their order as stored mails; NULL for none. */
static const struct outbox_stored *from_rows(struct work *work, const struct db_row *row)
{
    const struct outbox_stored *first = NULL;
    const struct outbox_stored **last = &first;
    for (; row; row = row->next) {
        struct outbox_stored *stored = MEM_NEW(work->mem, struct outbox_stored);
        stored->id = row_int(row, 0);
        stored->handle = row_text(row, 1);
        stored->to_address = row_text(row, 2);
        stored->message = row_text(row, 3);
        stored->created_at = row_int(row, 4);
        stored->reason = row_text(row, 5);
        *last = stored;
        last = &stored->next;
    }
    return first;
}

const struct outbox_stored *mail_by_handle(struct work *work, const char *handle)
{
    return from_rows(work,
                     tx_one(work->tx,
                            "SELECT id, handle, to_address, message, created_at, reason FROM mail"
                            " WHERE handle = ?1",
                            handle));
}

const struct outbox_stored *mail_list(struct work *work, int64_t before_id, int count)
{
    return from_rows(work,
                     tx_rows(work->tx,
                             "SELECT id, handle, to_address, message, created_at, reason FROM mail"
                             " WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
                             before_id, count));
}

const struct outbox_stored *mail_list_to(struct work *work, const char *to_address,
                                         int64_t before_id, int count)
{
    return from_rows(work,
                     tx_rows(work->tx,
                             "SELECT id, handle, to_address, message, created_at, reason FROM mail"
                             " WHERE to_address = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3",
                             to_address, before_id, count));
}

bool outbox_kind_was_written(struct work *work, const char *address, enum outbox_kind kind)
{
    return tx_one(work->tx,
                  "SELECT id FROM mail WHERE to_address = ?1 AND kind = ?2 AND community_id = ?3"
                  " LIMIT 1",
                  address, outbox_kind_name(kind), work->community->id.n) != NULL;
}

void outbox_clear(struct work *work)
{
    tx_do(work->tx, "DELETE FROM mail");
    tx_do(work->tx, "DELETE FROM mail_address");
    work_touches(work, OBJECT_MAILBOX, 0);
}

int64_t outbox_last_id(struct work *work)
{
    const struct db_row *row = tx_one(work->tx, "SELECT MAX(id) FROM mail");
    return row ? row_int(row, 0) : 0;
}
