/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of people and of what they are in a community: one function for each statement. */
#include <assert.h>

#include "base/mem.h"
#include "core/people/people_local.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/work.h"

/* A person's own suspended_at is called barred_at here: it holds in the whole install. */
#define PERSON_COLUMNS                                                                             \
    "p.id, p.email, p.name, p.language, p.created_at, p.suspended_at, COALESCE(m.role, 'none'),"   \
    " p.handle, COALESCE(m.suspended_at, 0)"
#define PERSON_FROM                                                                                \
    " FROM person p LEFT JOIN membership m ON m.person_id = p.id AND m.community_id = ?1 "

static struct person *person_of(struct work *work, const struct db_row *row)
{
    struct person *person = MEM_NEW(work->mem, struct person);
    *person = (struct person){
        .id = {row_int(row, 0)},
        .email = row_text(row, 1),
        .name = row_text(row, 2),
        .language = row_text(row, 3),
        .created_at = row_int(row, 4),
        .barred_at = row_int(row, 5),
        .handle = row_text(row, 7),
        .suspended_at = row_int(row, 8),
    };
    bool known = role_read(row_text(row, 6), &person->role);
    assert(known);
    (void)known;
    return person;
}

static const struct person *people_of(struct work *work, const struct db_row *row)
{
    const struct person *first = NULL;
    const struct person **end = &first;
    for (; row; row = row->next) {
        struct person *person = person_of(work, row);
        *end = person;
        end = &person->next;
    }
    return first;
}

/* 0: work that is for no community. */
static int64_t community_of(const struct work *work)
{
    return work->community ? work->community->id.n : 0;
}

const struct person *person_get(struct work *work, struct person_id id)
{
    const struct db_row *row = tx_one(
        work->tx, "SELECT " PERSON_COLUMNS PERSON_FROM "WHERE p.id = ?2", community_of(work), id.n);
    return row ? person_of(work, row) : NULL;
}

const struct person *person_get_by_email(struct work *work, const char *email)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT " PERSON_COLUMNS PERSON_FROM "WHERE p.email = ?2",
               community_of(work), email);
    return row ? person_of(work, row) : NULL;
}

const struct person *person_get_by_handle(struct work *work, const char *handle)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT " PERSON_COLUMNS PERSON_FROM "WHERE p.handle = ?2",
               community_of(work), handle);
    return row ? person_of(work, row) : NULL;
}

bool person_insert(struct work *work, const struct person *person, const char *name_key)
{
    return tx_one(work->tx,
                  "INSERT INTO person (id, email, name, language, created_at, suspended_at, handle,"
                  " name_key) VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7)"
                  " ON CONFLICT (email) DO NOTHING RETURNING id",
                  person->id.n, person->email, person->name, person->language, work->now,
                  person->handle, name_key) != NULL;
}

void person_set_name(struct work *work, struct person_id id, const char *name, const char *name_key)
{
    tx_do(work->tx, "UPDATE person SET name = ?2, name_key = ?3 WHERE id = ?1", id.n, name,
          name_key);
}

void person_set_language(struct work *work, struct person_id id, const char *language)
{
    tx_do(work->tx, "UPDATE person SET language = ?2 WHERE id = ?1", id.n, language);
}

void person_bar(struct work *work, struct person_id id, bool barred)
{
    tx_do(work->tx, "UPDATE person SET suspended_at = ?2 WHERE id = ?1", id.n,
          barred ? work->now : 0);
}

void membership_suspend(struct work *work, struct person_id id, bool suspended)
{
    tx_do(work->tx,
          "UPDATE membership SET suspended_at = ?3 WHERE community_id = ?1 AND person_id = ?2",
          work->community->id.n, id.n, suspended ? work->now : 0);
}

bool person_administrates_alone(struct work *work, struct person_id id)
{
    return tx_one(work->tx,
                  "SELECT 1 FROM membership m WHERE m.person_id = ?1 AND m.role = 'administrator'"
                  " AND m.suspended_at = 0 AND NOT EXISTS (SELECT 1 FROM membership o"
                  " JOIN person p ON p.id = o.person_id WHERE o.community_id = m.community_id"
                  " AND o.role = 'administrator' AND o.person_id <> ?1 AND o.suspended_at = 0"
                  " AND p.suspended_at = 0) LIMIT 1",
                  id.n) != NULL;
}

static const struct membership_row *memberships_of(struct work *work, const struct db_row *row)
{
    const struct membership_row *first = NULL;
    const struct membership_row **end = &first;
    for (; row; row = row->next) {
        struct membership_row *membership = MEM_NEW(work->mem, struct membership_row);
        membership->community = row_text(row, 0);
        membership->role = row_text(row, 1);
        membership->since = row_int(row, 2);
        *end = membership;
        end = &membership->next;
    }
    return first;
}

const struct membership_row *memberships_list(struct work *work, struct person_id id)
{
    return memberships_of(work, tx_rows(work->tx,
                                        "SELECT c.slug, m.role, m.since FROM membership m"
                                        " JOIN community c ON c.id = m.community_id"
                                        " WHERE m.person_id = ?1 ORDER BY m.since LIMIT ?2",
                                        id.n, PEOPLE_LIST_MAX));
}

const struct membership_row *role_offers_to(struct work *work, const char *email)
{
    return memberships_of(work, tx_rows(work->tx,
                                        "SELECT c.slug, o.role, o.created_at FROM role_offer o"
                                        " JOIN community c ON c.id = o.community_id"
                                        " WHERE o.email = ?1 ORDER BY o.created_at LIMIT ?2",
                                        email, PEOPLE_LIST_MAX));
}

void person_delete(struct work *work, struct person_id id)
{
    tx_do(work->tx, "DELETE FROM person WHERE id = ?1", id.n);
}

void membership_write(struct work *work, struct person_id id, enum role role)
{
    tx_do(work->tx,
          "INSERT INTO membership (community_id, person_id, role, since) VALUES (?1, ?2, ?3, ?4)"
          " ON CONFLICT (community_id, person_id) DO UPDATE SET role = excluded.role",
          work->community->id.n, id.n, role_name(role), work->now);
}

void membership_delete(struct work *work, struct person_id id)
{
    tx_do(work->tx, "DELETE FROM membership WHERE community_id = ?1 AND person_id = ?2",
          work->community->id.n, id.n);
}

void memberships_delete(struct work *work, struct person_id id)
{
    tx_do(work->tx, "DELETE FROM membership WHERE person_id = ?1", id.n);
}

bool people_have_administrator(struct work *work)
{
    return tx_one(work->tx, "SELECT 1 FROM membership m JOIN person p ON p.id = m.person_id"
                            " WHERE m.role = 'administrator' AND m.suspended_at = 0"
                            " AND p.suspended_at = 0 LIMIT 1") != NULL;
}

const struct person *people_list(struct work *work, enum role least, struct person_id after,
                                 int count)
{
    assert(count <= PEOPLE_LIST_MAX);
    return people_of(
        work,
        tx_rows(work->tx,
                "SELECT " PERSON_COLUMNS " FROM membership m JOIN person p ON p.id = m.person_id"
                " WHERE m.community_id = ?1 AND m.person_id > ?2"
                " AND (m.role = 'administrator' OR (m.role = 'facilitator' AND ?3 <= ?4)"
                " OR ?3 <= ?5) ORDER BY m.person_id LIMIT ?6",
                work->community->id.n, after.n, (int)least, (int)ROLE_FACILITATOR, (int)ROLE_MEMBER,
                count));
}

const struct person *people_newest(struct work *work, struct person_id before, int count)
{
    assert(count <= PEOPLE_LIST_MAX);
    return people_of(work,
                     tx_rows(work->tx,
                             "SELECT " PERSON_COLUMNS " FROM membership m JOIN person p ON p.id ="
                             " m.person_id WHERE m.community_id = ?1 AND m.person_id < ?2"
                             " ORDER BY m.person_id DESC LIMIT ?3",
                             work->community->id.n, before.n ? before.n : INT64_MAX, count));
}

/* `end` is above all that begins with `start`. */
const struct person *people_starting(struct work *work, const char *start, const char *key,
                                     int count)
{
    const char *end = mem_printf(work->mem, "%s\U0010FFFF", start);
    const char *key_end = mem_printf(work->mem, "%s\U0010FFFF", key);
    return people_of(
        work,
        tx_rows(work->tx,
                "SELECT " PERSON_COLUMNS " FROM person p JOIN membership m ON m.person_id = p.id"
                " AND m.community_id = ?1 WHERE p.id IN (SELECT id FROM person WHERE email >= ?2"
                " AND email < ?3 UNION SELECT id FROM person WHERE name_key >= ?4"
                " AND name_key < ?5 AND ?4 <> '') ORDER BY p.email LIMIT ?6",
                work->community->id.n, start, end, key, key_end, count));
}

int64_t administrators_count(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT COUNT(*) FROM membership m JOIN person p ON p.id = m.person_id"
               " WHERE m.community_id = ?1 AND m.role = 'administrator'"
               " AND m.suspended_at = 0 AND p.suspended_at = 0",
               work->community->id.n);
    return row ? row_int(row, 0) : 0;
}

void role_offer_write(struct work *work, const struct role_offer *offer)
{
    tx_do(work->tx,
          "INSERT INTO role_offer (community_id, email, handle, role, offered_by, created_at)"
          " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (community_id, email) DO UPDATE SET"
          " handle = excluded.handle, role = excluded.role, offered_by = excluded.offered_by,"
          " created_at = excluded.created_at",
          work->community->id.n, offer->email, offer->handle, role_name(offer->role), offer->by.n,
          offer->created_at);
}

/* Of offer o: who made it may still give roles. */
#define OFFER_HOLDS                                                                                \
    "(o.offered_by = 0 OR EXISTS (SELECT 1 FROM membership m JOIN person p ON p.id = m.person_id"  \
    " WHERE m.community_id = o.community_id AND m.person_id = o.offered_by"                        \
    " AND m.role = 'administrator' AND m.suspended_at = 0 AND p.suspended_at = 0))"

const struct role_offer *role_offer_list(struct work *work, int64_t since)
{
    const struct role_offer *first = NULL;
    const struct role_offer **end = &first;
    const struct db_row *row =
        tx_rows(work->tx,
                "SELECT o.email, o.handle, o.role, o.created_at FROM role_offer o"
                " WHERE o.community_id = ?1 AND o.created_at > ?2 AND " OFFER_HOLDS
                " ORDER BY o.created_at DESC, o.email LIMIT ?3",
                work->community->id.n, since, PEOPLE_LIST_MAX);
    for (; row; row = row->next) {
        struct role_offer *offer = MEM_NEW(work->mem, struct role_offer);
        offer->email = row_text(row, 0);
        offer->handle = row_text(row, 1);
        role_read(row_text(row, 2), &offer->role);
        offer->created_at = row_int(row, 3);
        *end = offer;
        end = &offer->next;
    }
    return first;
}

bool role_offer_withdraw(struct work *work, const char *handle)
{
    return tx_one(work->tx,
                  "DELETE FROM role_offer WHERE community_id = ?1 AND handle = ?2 RETURNING email",
                  work->community->id.n, handle) != NULL;
}

enum role role_offer_get(struct work *work, const char *email, int64_t since)
{
    enum role role = ROLE_NONE;
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT o.role FROM role_offer o WHERE o.community_id = ?1 AND o.email = ?2"
               " AND o.created_at > ?3 AND " OFFER_HOLDS,
               work->community->id.n, email, since);
    if (row)
        role_read(row_text(row, 0), &role);
    return role;
}

void role_offer_drop(struct work *work, struct person_id person)
{
    tx_do(work->tx,
          "DELETE FROM role_offer WHERE community_id = ?1"
          " AND email = (SELECT email FROM person WHERE id = ?2)",
          work->community->id.n, person.n);
}

int role_offers_forget(struct work *work, int64_t until, int count)
{
    return rows_count(
        tx_rows(work->tx,
                "DELETE FROM role_offer WHERE handle IN (SELECT handle FROM role_offer"
                " WHERE created_at <= ?1 ORDER BY created_at LIMIT ?2) RETURNING handle",
                until, count));
}

void role_offers_delete(struct work *work, const char *email)
{
    tx_do(work->tx, "DELETE FROM role_offer WHERE email = ?1", email);
}
