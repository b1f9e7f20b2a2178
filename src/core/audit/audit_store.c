/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of table `audit`: added, read, and dropped when they are old; never changed. */
#include <assert.h>

#include "base/limits.h"
#include "base/mem.h"
#include "core/audit/audit_local.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/login.h"
#include "web/work.h"

enum { AUDIT_HANDLE_CHARS = 12 };

#define AUDIT_COLUMNS                                                                              \
    "u.handle, u.action, u.actor_id, COALESCE(a.name, ''), COALESCE(a.email, ''),"                 \
    " COALESCE(p.email, ''), u.title, u.path, u.detail, u.at"
#define AUDIT_FROM                                                                                 \
    " FROM audit u LEFT JOIN person a ON a.id = u.actor_id"                                        \
    " LEFT JOIN person p ON p.id = u.person_id "

static const struct audit *audits_of(struct work *work, const struct db_row *row)
{
    const struct audit *first = NULL;
    const struct audit **end = &first;
    for (; row; row = row->next) {
        struct audit *audit = MEM_NEW(work->mem, struct audit);
        *audit = (struct audit){
            .handle = row_text(row, 0),
            .by_program = row_int(row, 2) == 0,
            .actor_name = row_text(row, 3),
            .actor_email = row_text(row, 4),
            .person_email = row_text(row, 5),
            .title = row_text(row, 6),
            .path = row_text(row, 7),
            .detail = row_text(row, 8),
            .at = row_int(row, 9),
        };
        if (!audit_action_read(row_text(row, 1), &audit->action))
            continue; /* of a later program, whose words are not known here */
        *end = audit;
        end = &audit->next;
    }
    return first;
}

void audit_insert(struct work *work, const char *action, const struct audit_object *object,
                  const char *detail)
{
    tx_do(work->tx,
          "INSERT INTO audit (id, community_id, actor_id, action, person_id, object_id, title,"
          " path, detail, at, handle) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
          work_new_id(work), work->community->id.n, work->login ? work->login->person.n : 0, action,
          object->person.n, object->id, object->title ? object->title : "",
          object->path ? object->path : "", detail, work->now,
          work_new_handle(work, AUDIT_HANDLE_CHARS));
}

/* 0: there is none. */
static int64_t id_of(struct work *work, const char *handle)
{
    const struct db_row *row = tx_one(work->tx, "SELECT id FROM audit WHERE handle = ?1", handle);
    return row ? row_int(row, 0) : 0;
}

const struct audit *audit_list(struct work *work, const struct audit_query *query)
{
    assert(query->count <= AUDIT_LIST_MAX);
    int64_t before = query->before && *query->before ? id_of(work, query->before) : INT64_MAX;
    if (query->of_action)
        return audits_of(work, tx_rows(work->tx,
                                       "SELECT " AUDIT_COLUMNS AUDIT_FROM
                                       "WHERE u.community_id = ?1 AND u.action = ?2 AND u.id < ?3"
                                       " ORDER BY u.id DESC LIMIT ?4",
                                       work->community->id.n, audit_action_name(query->action),
                                       before, query->count));
    return audits_of(work, tx_rows(work->tx,
                                   "SELECT " AUDIT_COLUMNS AUDIT_FROM
                                   "WHERE u.community_id = ?1 AND u.id < ?2"
                                   " ORDER BY u.id DESC LIMIT ?3",
                                   work->community->id.n, before, query->count));
}

const struct audit *audit_list_by_actor(struct work *work, struct person_id actor, int count)
{
    return audits_of(work, tx_rows(work->tx,
                                   "SELECT " AUDIT_COLUMNS AUDIT_FROM
                                   "WHERE u.actor_id = ?1 ORDER BY u.id DESC LIMIT ?2",
                                   actor.n, count));
}

int audit_forget(struct work *work, int64_t until)
{
    return rows_count(tx_rows(work->tx,
                              "DELETE FROM audit WHERE id IN (SELECT id FROM audit"
                              " WHERE at <= ?1 ORDER BY at LIMIT ?2) RETURNING id",
                              until, JOB_PAGE_ROWS));
}

int64_t audit_count(struct work *work, enum audit_action action, int64_t since)
{
    const struct db_row *row = tx_one(
        work->tx, "SELECT COUNT(*) FROM audit WHERE actor_id = ?1 AND action = ?2 AND at > ?3",
        work->login->person.n, audit_action_name(action), since);
    return row ? row_int(row, 0) : 0;
}
