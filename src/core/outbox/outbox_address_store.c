/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of tables `mail_address` and `mail_choice`: who was written to, whether it arrives, and what
 * they do not want. */
#include "core/outbox/outbox_local.h"

#include "base/mem.h"
#include "base/str.h"
#include "base/time.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/work.h"

enum {
    UNSTEADY_MAX = 5,                        /* in a row; then it is as good as gone */
    UNSTEADY_SECONDS_MAX = 30 * DAY_SECONDS, /* between two of a row */
};

static const char *const reach_names[] = {
    [OUTBOX_REACHED] = "reached", [OUTBOX_UNSTEADY] = "unsteady", [OUTBOX_BOUNCED] = "bounced"};

static enum outbox_reach reach_from(const char *name)
{
    enum outbox_reach reach = OUTBOX_BOUNCED;
    while (reach > OUTBOX_REACHED && !str_equal(name, reach_names[reach]))
        reach--;
    return reach;
}

const char *mail_address_handle_get(struct work *work, const char *address)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT handle FROM mail_address WHERE address = ?1", address);
    return row ? row_text(row, 0) : NULL;
}

const char *mail_address_handle(struct work *work, const char *address)
{
    const char *known = mail_address_handle_get(work, address);
    if (known)
        return known;
    const char *handle = work_new_handle(work, OUTBOX_HANDLE_CHARS);
    tx_do(work->tx,
          "INSERT INTO mail_address (address, handle, reach, bounces, bounced_at, words,"
          " created_at) VALUES (?1, ?2, ?3, 0, 0, '', ?4)",
          address, handle, reach_names[OUTBOX_REACHED], work->now);
    return handle;
}

const char *mail_address_by_handle(struct work *work, const char *handle)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT address FROM mail_address WHERE handle = ?1", handle);
    return row ? row_text(row, 0) : NULL;
}

static const struct outbox_address *from_rows(struct work *work, const struct db_row *row)
{
    const struct outbox_address *first = NULL;
    const struct outbox_address **last = &first;
    for (; row; row = row->next) {
        struct outbox_address *address = MEM_NEW(work->mem, struct outbox_address);
        address->address = row_text(row, 0);
        address->reach = reach_from(row_text(row, 1));
        address->bounced_at = row_int(row, 2);
        address->words = row_text(row, 3);
        *last = address;
        last = &address->next;
    }
    return first;
}

const struct outbox_address *mail_address_get(struct work *work, const char *address)
{
    return from_rows(work, tx_one(work->tx,
                                  "SELECT address, reach, bounced_at, words FROM mail_address"
                                  " WHERE address = ?1",
                                  address));
}

const struct outbox_address *outbox_bounced_list(struct work *work, int count)
{
    return from_rows(work, tx_rows(work->tx,
                                   "SELECT address, reach, bounced_at, words FROM mail_address"
                                   " WHERE bounced_at > 0 AND EXISTS (SELECT 1 FROM mail"
                                   " WHERE mail.to_address = mail_address.address"
                                   " AND mail.community_id = ?1)"
                                   " ORDER BY bounced_at DESC LIMIT ?2",
                                   work->community->id.n, count));
}

void outbox_address_mark(struct work *work, const char *address, enum outbox_reach reach,
                         const char *words)
{
    tx_do(work->tx,
          "UPDATE mail_address SET bounced_at = ?2, words = ?3,"
          " bounces = CASE WHEN bounced_at > ?4 THEN bounces + 1 ELSE 1 END,"
          " reach = CASE WHEN ?5 = 'bounced' OR reach = 'bounced' OR (bounced_at > ?4"
          " AND bounces + 1 >= ?6) THEN 'bounced' ELSE ?5 END"
          " WHERE address = ?1",
          address, work->now, words, work->now - UNSTEADY_SECONDS_MAX, reach_names[reach],
          UNSTEADY_MAX);
}

void mail_address_mend(struct work *work, const char *address)
{
    tx_do(work->tx,
          "UPDATE mail_address SET reach = ?2, bounces = 0, bounced_at = 0, words = ''"
          " WHERE address = ?1 AND bounced_at > 0",
          address, reach_names[OUTBOX_REACHED]);
}

void mail_address_delete_unused(struct work *work, const char *address)
{
    tx_do(work->tx,
          "DELETE FROM mail_address WHERE address = ?1"
          " AND NOT EXISTS (SELECT 1 FROM mail m WHERE m.to_address = ?1)"
          " AND NOT EXISTS (SELECT 1 FROM mail_choice c WHERE c.address = ?1)",
          address);
}

void mail_address_delete(struct work *work, const char *address)
{
    tx_do(work->tx, "DELETE FROM mail_address WHERE address = ?1", address);
}

bool mail_choice_is_off(struct work *work, const char *address, enum outbox_kind kind)
{
    return tx_one(work->tx,
                  "SELECT off_at FROM mail_choice WHERE address = ?1 AND kind = ?2"
                  " AND community_id = ?3",
                  address, outbox_kind_name(kind), work->community->id.n) != NULL;
}

void mail_choice_off(struct work *work, const char *address, enum outbox_kind kind)
{
    tx_do(work->tx,
          "INSERT INTO mail_choice (address, kind, community_id, off_at) VALUES (?1, ?2, ?3, ?4)"
          " ON CONFLICT (address, kind, community_id) DO NOTHING",
          address, outbox_kind_name(kind), work->community->id.n, work->now);
}

void mail_choice_on(struct work *work, const char *address, enum outbox_kind kind)
{
    tx_do(work->tx,
          "DELETE FROM mail_choice WHERE address = ?1 AND kind = ?2 AND community_id = ?3", address,
          outbox_kind_name(kind), work->community->id.n);
}

const struct mail_choice *mail_choice_list(struct work *work, const char *address)
{
    const struct mail_choice *first = NULL;
    const struct mail_choice **end = &first;
    const struct db_row *row =
        tx_rows(work->tx,
                "SELECT k.slug, c.kind, c.off_at FROM mail_choice c JOIN community k"
                " ON k.id = c.community_id WHERE c.address = ?1 ORDER BY c.off_at LIMIT ?2",
                address, MAIL_CHOICES_MAX);
    for (; row; row = row->next) {
        struct mail_choice *choice = MEM_NEW(work->mem, struct mail_choice);
        choice->community = row_text(row, 0);
        choice->kind = row_text(row, 1);
        choice->off_at = row_int(row, 2);
        *end = choice;
        end = &choice->next;
    }
    return first;
}

void mail_choice_delete_all(struct work *work, const char *address)
{
    tx_do(work->tx, "DELETE FROM mail_choice WHERE address = ?1", address);
}
