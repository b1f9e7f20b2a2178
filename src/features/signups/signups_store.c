/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of sign_up: one function for each statement. */
#include "features/signups/signups_local.h"

#include <assert.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/work.h"

enum sign_up_state sign_up_state_from(const char *name)
{
    enum sign_up_state state = SIGN_UP_PENDING;
    while (!str_equal(sign_up_state_name(state), name))
        state++;
    return state;
}

static const struct sign_up *sign_up_from_row(struct mem *mem, const struct db_row *row)
{
    if (!row)
        return NULL;
    struct sign_up *sign_up = MEM_NEW(mem, struct sign_up);
    *sign_up = (struct sign_up){
        .id = {row_int(row, 0)},
        .campaign_id = {row_int(row, 1)},
        .session_id = {row_int(row, 2)},
        .handle = row_text(row, 3),
        .generation = row_int(row, 4),
        .ref = row_text(row, 5),
        .brought_by = row_int(row, 6),
        .email = row_text(row, 7),
        .first_name = row_text(row, 8),
        .language = row_text(row, 9),
        .party = row_int(row, 10),
        .minutes_each = row_int(row, 11),
        .show_name = row_bool(row, 12),
        .state = sign_up_state_from(row_text(row, 13)),
        .rank = row_int(row, 14),
        .created_at = row_int(row, 15),
        .confirmed_at = row_int(row, 16),
        .expires_at = row_int(row, 17),
        .asked = row_int(row, 18),
        .name_key = row_text(row, 19),
        .added_by = row_int(row, 20),
        .note = row_text(row, 21),
        .again = row_text(row, 22),
        .again_by = row_int(row, 23),
        .to_call = row_bool(row, 24),
        .agreed_at = row_int(row, 25),
        .to_tell = row_int(row, 26),
        .sequence = row_int(row, 27),
    };
    return sign_up;
}

const struct sign_up *sign_ups_from_rows(struct mem *mem, const struct db_row *row)
{
    const struct sign_up *first = NULL;
    const struct sign_up **end = &first;
    for (; row; row = row->next) {
        struct sign_up *sign_up = mem_copy(mem, sign_up_from_row(mem, row), sizeof *sign_up);
        *end = sign_up;
        end = &sign_up->next;
    }
    return first;
}

const struct sign_up *sign_up_get(struct work *work, struct sign_up_id id)
{
    return sign_up_from_row(
        work->mem, tx_one(work->tx, "SELECT " SIGN_UP_COLUMNS "FROM sign_up WHERE id = ?1", id.n));
}

const struct sign_up *sign_up_get_by_handle(struct work *work, const char *handle)
{
    return sign_up_from_row(work->mem, tx_one(work->tx,
                                              "SELECT " SIGN_UP_COLUMNS "FROM sign_up "
                                              "WHERE handle = ?1 AND community_id = ?2",
                                              handle, work->community->id.n));
}

/* Here and below the sum keeps PostgreSQL from an index that begins with the campaign: as long as
 * it has no statistics it may take one of them, and read all of the campaign. */
const struct sign_up *sign_up_get_by_ref(struct work *work, struct campaign_id campaign,
                                         const char *ref)
{
    return sign_up_from_row(work->mem, tx_one(work->tx,
                                              "SELECT " SIGN_UP_COLUMNS "FROM sign_up "
                                              "WHERE ref = ?1 AND campaign_id + 0 = ?2",
                                              ref, campaign.n));
}

const struct sign_up *sign_up_list_by_email(struct work *work, struct campaign_id campaign,
                                            const char *email)
{
    return sign_ups_from_rows(
        work->mem, tx_rows(work->tx,
                           "SELECT " SIGN_UP_COLUMNS "FROM sign_up "
                           "WHERE email = ?2 AND campaign_id + 0 = ?1 "
                           "ORDER BY CASE WHEN state IN ('expired', 'cancelled', 'released') "
                           "THEN 1 ELSE 0 END, id DESC LIMIT ?3",
                           campaign.n, email, SIGN_UP_PER_PERSON_MAX));
}

const struct sign_up *sign_up_list_own(struct work *work, const char *email, int count)
{
    return sign_ups_from_rows(work->mem,
                              tx_rows(work->tx,
                                      "SELECT " SIGN_UP_COLUMNS "FROM sign_up "
                                      "WHERE email = ?1 AND community_id = ?2 AND state <> "
                                      "'pending' ORDER BY id DESC LIMIT ?3",
                                      email, work->community->id.n, count));
}

void sign_up_insert(struct work *work, const struct sign_up *s)
{
    tx_do(
        work->tx,
        "INSERT INTO sign_up (id, community_id, campaign_id, session_id, handle, generation, ref, "
        "brought_by, email, first_name, language, party, minutes_each, show_name, state, rank, "
        "created_at, confirmed_at, expires_at, asked, name_key, added_by, note, agreed_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, "
        "?19, ?20, ?21, ?22, ?23, ?17)",
        s->id.n, work->community->id.n, s->campaign_id.n, s->session_id.n, s->handle, s->generation,
        s->ref, s->brought_by, s->email, s->first_name, s->language, s->party, s->minutes_each,
        s->show_name, sign_up_state_name(s->state), s->rank, s->created_at, s->confirmed_at,
        s->expires_at, s->asked, s->name_key, s->added_by, s->note);
}

void sign_up_update(struct work *work, const struct sign_up *s)
{
    tx_do(work->tx,
          "UPDATE sign_up SET session_id = ?2, first_name = ?3, language = ?4, party = ?5, "
          "minutes_each = ?6, show_name = ?7, state = ?8, rank = ?9, confirmed_at = ?10, "
          "expires_at = ?11, brought_by = ?12, asked = ?13, name_key = ?14, added_by = ?15, "
          "note = ?16, sequence = sequence + 1 WHERE id = ?1",
          s->id.n, s->session_id.n, s->first_name, s->language, s->party, s->minutes_each,
          s->show_name, sign_up_state_name(s->state), s->rank, s->confirmed_at, s->expires_at,
          s->brought_by, s->asked, s->name_key, s->added_by, s->note);
}

int64_t sign_up_next_sequence(struct work *work, struct sign_up_id id)
{
    const struct db_row *row =
        tx_one(work->tx,
               "UPDATE sign_up SET sequence = sequence + 1 WHERE id = ?1 RETURNING sequence", id.n);
    return row ? row_int(row, 0) : 0;
}

void sign_up_delete(struct work *work, struct sign_up_id id)
{
    tx_do(work->tx, "DELETE FROM sign_up WHERE id = ?1", id.n);
}

const struct sign_up *sign_up_list_lapsed(struct work *work)
{
    return sign_ups_from_rows(work->mem, tx_rows(work->tx,
                                                 "SELECT " SIGN_UP_COLUMNS "FROM sign_up "
                                                 "WHERE state = 'pending' AND expires_at <= ?1 "
                                                 "ORDER BY expires_at LIMIT ?2",
                                                 work->now, JOB_PAGE_ROWS));
}

int64_t sign_up_next_lapse(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT expires_at FROM sign_up WHERE state = 'pending' "
                         "ORDER BY expires_at LIMIT 1");
    return row ? row_int(row, 0) : 0;
}

const struct sign_up *sign_up_list_confirmed(struct work *work, struct campaign_id campaign,
                                             int64_t after, int64_t until)
{
    return sign_ups_from_rows(work->mem,
                              tx_rows(work->tx,
                                      "SELECT " SIGN_UP_COLUMNS "FROM sign_up "
                                      "WHERE campaign_id = ?1 AND state = 'confirmed' AND id > ?2 "
                                      "AND confirmed_at <= ?3 ORDER BY id LIMIT ?4",
                                      campaign.n, after, until, JOB_PAGE_ROWS));
}

const struct sign_up *sign_up_list_holding(struct work *work, struct campaign_id campaign,
                                           int64_t after)
{
    return sign_ups_from_rows(
        work->mem,
        tx_rows(work->tx,
                "SELECT " SIGN_UP_COLUMNS "FROM sign_up "
                "WHERE campaign_id = ?1 AND state IN ('pending', 'confirmed', 'offered') "
                "AND id > ?2 ORDER BY id LIMIT ?3",
                campaign.n, after, JOB_PAGE_ROWS));
}

const struct sign_up *sign_up_list_in(struct work *work, struct campaign_id campaign, int64_t after)
{
    return sign_ups_from_rows(
        work->mem, tx_rows(work->tx,
                           "SELECT " SIGN_UP_COLUMNS "FROM sign_up "
                           "WHERE campaign_id = ?1 AND state IN ('confirmed', 'attended') "
                           "AND id > ?2 ORDER BY id LIMIT ?3",
                           campaign.n, after, JOB_PAGE_ROWS));
}

const struct sign_up *sign_up_list_unanswered(struct work *work, struct campaign_id campaign)
{
    return sign_ups_from_rows(
        work->mem, tx_rows(work->tx,
                           "SELECT " SIGN_UP_COLUMNS "FROM sign_up "
                           "WHERE campaign_id = ?1 AND again_by > 0 AND (again_by <= ?2 "
                           "OR (remind_at > 0 AND remind_at <= ?2)) ORDER BY again_by LIMIT ?3",
                           campaign.n, work->now, JOB_PAGE_ROWS));
}

const struct sign_up *sign_up_list_released(struct work *work, struct campaign_id campaign)
{
    return sign_ups_from_rows(work->mem, tx_rows(work->tx,
                                                 "SELECT " SIGN_UP_COLUMNS "FROM sign_up "
                                                 "WHERE campaign_id = ?1 AND state = 'released' "
                                                 "ORDER BY id LIMIT ?2",
                                                 campaign.n, JOB_PAGE_ROWS));
}

int64_t sign_up_count_brought(struct work *work, struct sign_up_id id)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT CAST(COALESCE(SUM(party), 0) AS BIGINT) FROM sign_up "
               "WHERE brought_by = ?1 AND brought_by > 0 AND state IN ('confirmed', 'attended')",
               id.n);
    return row ? row_int(row, 0) : 0;
}

/* A page shows two dozen of them: nothing is read but what it shows. */
static const struct sign_up *names_from_rows(struct mem *mem, const struct db_row *row)
{
    const struct sign_up *first = NULL;
    const struct sign_up **end = &first;
    for (; row; row = row->next) {
        struct sign_up *sign_up = MEM_NEW(mem, struct sign_up);
        sign_up->first_name = row_text(row, 0);
        *end = sign_up;
        end = &sign_up->next;
    }
    return first;
}

const struct sign_up *sign_up_list_brought(struct work *work, struct sign_up_id id)
{
    return names_from_rows(
        work->mem,
        tx_rows(work->tx,
                "SELECT first_name FROM sign_up "
                "WHERE brought_by = ?1 AND brought_by > 0 AND state IN ('confirmed', 'attended') "
                "AND show_name = 1 ORDER BY id DESC LIMIT ?2",
                id.n, SIGN_UP_NAMES_MAX));
}

const struct sign_up *sign_up_list_named(struct work *work, struct campaign_id campaign)
{
    return names_from_rows(
        work->mem, tx_rows(work->tx,
                           "SELECT first_name FROM sign_up "
                           "WHERE campaign_id = ?1 AND state = 'confirmed' AND show_name = 1 "
                           "ORDER BY id DESC LIMIT ?2",
                           campaign.n, SIGN_UP_NAMES_MAX));
}

const struct sign_up *sign_up_list_by_person(struct work *work, const char *email,
                                             struct sign_up_id after)
{
    return sign_ups_from_rows(work->mem,
                              tx_rows(work->tx,
                                      "SELECT " SIGN_UP_COLUMNS "FROM sign_up "
                                      "WHERE email = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
                                      email, after.n, JOB_PAGE_ROWS));
}

const struct sign_up_kept *sign_up_list_kept(struct work *work, const char *email,
                                             struct sign_up_id after)
{
    const struct sign_up_kept *first = NULL;
    const struct sign_up_kept **end = &first;
    const struct db_row *row =
        tx_rows(work->tx,
                "SELECT u.id, c.slug, c.title, u.first_name, u.email, u.state, u.note, u.language,"
                " u.party, u.minutes_each, u.show_name, s.starts_at, u.created_at, u.confirmed_at"
                " FROM sign_up u JOIN campaign c ON c.id = u.campaign_id"
                " JOIN session s ON s.id = u.session_id"
                " WHERE u.email = ?1 AND u.id > ?2 ORDER BY u.id LIMIT ?3",
                email, after.n, JOB_PAGE_ROWS);
    for (; row; row = row->next) {
        struct sign_up_kept *kept = MEM_NEW(work->mem, struct sign_up_kept);
        *kept = (struct sign_up_kept){
            .id = {row_int(row, 0)},
            .campaign = row_text(row, 1),
            .title = row_text(row, 2),
            .first_name = row_text(row, 3),
            .email = row_text(row, 4),
            .state = row_text(row, 5),
            .note = row_text(row, 6),
            .language = row_text(row, 7),
            .party = row_int(row, 8),
            .minutes_each = row_int(row, 9),
            .show_name = row_int(row, 10) != 0,
            .session_starts_at = row_int(row, 11),
            .created_at = row_int(row, 12),
            .confirmed_at = row_int(row, 13),
        };
        *end = kept;
        end = &kept->next;
    }
    return first;
}

const struct sign_up *sign_up_list_with_name(struct work *work, struct campaign_id campaign)
{
    return sign_ups_from_rows(
        work->mem, tx_rows(work->tx,
                           "SELECT " SIGN_UP_COLUMNS "FROM sign_up WHERE campaign_id = ?1 "
                           "AND email NOT LIKE '%@" SIGN_UP_FORGOTTEN_HOST "' ORDER BY id LIMIT ?2",
                           campaign.n, JOB_PAGE_ROWS));
}

void sign_up_anonymise(struct work *work, struct sign_up_id id, const char *email)
{
    tx_do(work->tx,
          "UPDATE sign_up SET first_name = '', name_key = '', note = '', email = ?2, show_name = "
          "0, to_call = 0, to_tell = 0, generation = generation "
          "+ 1 WHERE id = ?1",
          id.n, email);
}
