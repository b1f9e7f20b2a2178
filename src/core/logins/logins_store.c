/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of logins: one function for each statement. */
#include <assert.h>

#include "base/limits.h"
#include "base/mem.h"
#include "core/logins/logins_local.h"
#include "core/people/people.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/login.h"
#include "web/work.h"

const struct login_found *login_get(struct work *work, const char *token_hash, int64_t seen_after,
                                    int64_t begun_after)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT l.id, l.person_id, p.email, p.name, COALESCE(m.role, 'none'), l.seen_at"
               " FROM login l JOIN person p ON p.id = l.person_id"
               " LEFT JOIN membership m ON m.person_id = p.id AND m.community_id = l.community_id"
               " WHERE l.token_hash = ?1 AND l.community_id = ?2 AND l.seen_at > ?3"
               " AND l.created_at > ?4 AND p.suspended_at = 0 AND COALESCE(m.suspended_at, 0) = 0",
               token_hash, work->community->id.n, seen_after, begun_after);
    if (!row)
        return NULL;
    struct login *login = MEM_NEW(work->mem, struct login);
    *login = (struct login){
        .id = {row_int(row, 0)},
        .person = {row_int(row, 1)},
        .email = row_text(row, 2),
        .name = row_text(row, 3),
    };
    bool known = role_read(row_text(row, 4), &login->role);
    assert(known);
    (void)known;
    struct login_found *found = MEM_NEW(work->mem, struct login_found);
    *found = (struct login_found){login, row_int(row, 5)};
    return found;
}

void login_insert(struct work *work, struct person_id person, const struct login_row *row,
                  const char *token_hash)
{
    tx_do(work->tx,
          "INSERT INTO login (id, handle, token_hash, person_id, community_id, agent, created_at,"
          " seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
          row->id.n, row->handle, token_hash, person.n, work->community->id.n, row->agent,
          row->created_at, row->seen_at);
}

void login_delete(struct work *work, struct login_id id)
{
    tx_do(work->tx, "DELETE FROM login WHERE id = ?1", id.n);
}

void login_set_seen(struct work *work, struct login_id id)
{
    tx_do(work->tx, "UPDATE login SET seen_at = ?2 WHERE id = ?1 AND seen_at < ?2", id.n,
          work->now);
}

const struct login_row *login_list(struct work *work, struct person_id person)
{
    const struct login_row *first = NULL;
    const struct login_row **end = &first;
    const struct db_row *row = tx_rows(
        work->tx,
        "SELECT id, handle, agent, created_at, seen_at FROM login WHERE person_id = ?1"
        " AND seen_at > ?2 AND created_at > ?3 ORDER BY id DESC LIMIT ?4",
        person.n, work->now - LOGIN_IDLE_SECONDS, work->now - LOGIN_SECONDS, LOGINS_LIST_MAX);
    for (; row; row = row->next) {
        struct login_row *login = MEM_NEW(work->mem, struct login_row);
        login->id.n = row_int(row, 0);
        login->handle = row_text(row, 1);
        login->agent = row_text(row, 2);
        login->created_at = row_int(row, 3);
        login->seen_at = row_int(row, 4);
        *end = login;
        end = &login->next;
    }
    return first;
}

bool login_end_by_handle(struct work *work, struct person_id person, const char *handle)
{
    return tx_one(work->tx, "DELETE FROM login WHERE handle = ?1 AND person_id = ?2 RETURNING id",
                  handle, person.n) != NULL;
}

void login_end_all(struct work *work, struct person_id person, struct login_id kept)
{
    tx_do(work->tx, "DELETE FROM login WHERE person_id = ?1 AND id <> ?2", person.n, kept.n);
}

void login_end_here(struct work *work, struct person_id person, struct login_id kept)
{
    tx_do(work->tx, "DELETE FROM login WHERE person_id = ?1 AND id <> ?2 AND community_id = ?3",
          person.n, kept.n, work->community->id.n);
}

int logins_forget(struct work *work, int64_t seen_until, int64_t begun_until)
{
    return rows_count(tx_rows(work->tx,
                              "DELETE FROM login WHERE id IN (SELECT id FROM login"
                              " WHERE seen_at <= ?1 OR created_at <= ?2"
                              " LIMIT ?3) RETURNING id",
                              seen_until, begun_until, JOB_PAGE_ROWS));
}

void logins_trim(struct work *work, struct person_id person)
{
    tx_do(work->tx,
          "DELETE FROM login WHERE person_id = ?1 AND id NOT IN (SELECT id FROM login"
          " WHERE person_id = ?1 ORDER BY id DESC LIMIT ?2)",
          person.n, LOGINS_LIST_MAX);
}
