/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How far each mail has come on its way out, and how the server and the addresses fare. A change of
 * a mail in hand says so: whoever deleted it meanwhile changed their mind about it. */
#include "core/outbox/outbox_local.h"

#include "base/str.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/work.h"

enum {
    TURN_TEST,
    TURNS = 4,
};

const char *const outbox_state_names[] = {
    [OUTBOX_WAITING] = "waiting",   [OUTBOX_SENDING] = "sending",
    [OUTBOX_SENT] = "sent",         [OUTBOX_REFUSED] = "refused",
    [OUTBOX_GIVEN_UP] = "given-up", [OUTBOX_UNSURE] = "unsure",
    [OUTBOX_RESERVED] = "reserved", [OUTBOX_KEPT] = "kept",
    [OUTBOX_RETURNED] = "returned", NULL};

const char *outbox_state_name(enum outbox_state state)
{
    return outbox_state_names[state];
}

static enum outbox_state state_from(const char *name)
{
    enum outbox_state state = OUTBOX_RETURNED;
    while (state > OUTBOX_WAITING && !str_equal(name, outbox_state_names[state]))
        state--;
    return state;
}

static bool claim_of_turn(struct work *work, int turn, struct mail_claim *ret_claim)
{
    const struct db_row *row =
        tx_one(work->tx,
               "UPDATE mail SET state = 'sending', attempts = attempts + 1, unsure = unsure + 1,"
               " tried_at = ?2 WHERE id = (SELECT id FROM mail WHERE state = 'waiting'"
               " AND turn = ?1 AND due_at <= ?2 ORDER BY due_at LIMIT 1)"
               " RETURNING id, handle, to_address, message, created_at, attempts, unsure,"
               " answer",
               turn, work->now);
    if (!row)
        return false;
    *ret_claim = (struct mail_claim){
        .id = row_int(row, 0),
        .handle = row_text(row, 1),
        .to_address = row_text(row, 2),
        .message = row_text(row, 3),
        .created_at = row_int(row, 4),
        .attempts = row_int(row, 5),
        .unsure = row_int(row, 6),
        .words = row_text(row, 7),
        .is_test = turn == TURN_TEST,
    };
    return true;
}

bool mail_claim(struct work *work, bool tests_alone, struct mail_claim *ret_claim)
{
    for (int turn = TURN_TEST; turn < (tests_alone ? TURN_TEST + 1 : TURNS); turn++)
        if (claim_of_turn(work, turn, ret_claim))
            return true;
    return false;
}

void mail_settle(struct work *work, const struct mail_claim *claim, enum outbox_state state,
                 const char *words)
{
    tx_do(work->tx,
          "UPDATE mail SET state = ?2, attempts = ?3, unsure = ?4, answer = ?5, message = ''"
          " WHERE id = ?1 AND state = 'sending'",
          claim->id, outbox_state_names[state], claim->attempts, claim->unsure, words);
}

void mail_wait(struct work *work, const struct mail_claim *claim, int64_t due_at, const char *words)
{
    tx_do(work->tx,
          "UPDATE mail SET state = 'waiting', attempts = ?2, unsure = ?3, answer = ?4,"
          " due_at = CASE WHEN ?5 > due_at THEN ?5 ELSE due_at END"
          " WHERE id = ?1 AND state = 'sending'",
          claim->id, claim->attempts, claim->unsure, words, due_at);
}

void mail_take_up(struct work *work, int64_t unsure_max)
{
    tx_do(work->tx,
          "UPDATE mail SET state = 'unsure', message = '' WHERE state = 'sending'"
          " AND unsure >= ?1",
          unsure_max);
    tx_do(work->tx, "UPDATE mail SET state = 'waiting' WHERE state = 'sending'");
}

void mail_server_well(struct work *work)
{
    tx_do(work->tx,
          "INSERT INTO mail_server (id, well_at, trouble_at, trouble) VALUES (1, ?1, 0, '')"
          " ON CONFLICT (id) DO UPDATE SET well_at = excluded.well_at, trouble_at = 0,"
          " trouble = ''",
          work->now);
}

void mail_server_trouble(struct work *work, const char *words)
{
    tx_do(work->tx,
          "INSERT INTO mail_server (id, well_at, trouble_at, trouble) VALUES (1, 0, ?1, ?2)"
          " ON CONFLICT (id) DO UPDATE SET trouble = excluded.trouble, trouble_at ="
          " CASE WHEN mail_server.trouble_at > 0 THEN mail_server.trouble_at"
          " ELSE excluded.trouble_at END",
          work->now, words);
}

const char *mail_return(struct work *work, const char *handle, const char *words)
{
    const struct db_row *row =
        tx_one(work->tx,
               "UPDATE mail SET state = 'returned', answer = ?2"
               " WHERE handle = ?1 AND state <> 'returned' RETURNING to_address",
               handle, words);
    return row ? row_text(row, 0) : NULL;
}

const char *mail_to_address(struct work *work, int64_t mail_id)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT to_address FROM mail WHERE id = ?1", mail_id);
    return row ? row_text(row, 0) : NULL;
}

bool outbox_fate_get(struct work *work, const char *handle, struct outbox_fate *ret_fate)
{
    const struct db_row *row =
        tx_one(work->tx,
               "SELECT state, attempts, due_at, answer, turn, to_address FROM mail"
               " WHERE handle = ?1 AND community_id = ?2",
               handle, work->community->id.n);
    if (!row)
        return false;
    *ret_fate = (struct outbox_fate){
        .state = state_from(row_text(row, 0)),
        .attempts = row_int(row, 1),
        .due_at = row_int(row, 2),
        .words = row_text(row, 3),
        .is_test = row_int(row, 4) == TURN_TEST,
        .to_address = row_text(row, 5),
    };
    return true;
}

struct outbox_status outbox_status_get(struct work *work)
{
    struct outbox_status status = {.trouble = ""};
    int64_t *const counts[TURNS] = {&status.waiting_at_once, &status.waiting_at_once,
                                    &status.waiting_soon, &status.waiting_bulk};
    for (const struct db_row *row = tx_rows(work->tx, "SELECT turn, COUNT(*) FROM mail"
                                                      " WHERE state = 'waiting' GROUP BY turn"
                                                      " ORDER BY turn LIMIT 4");
         row; row = row->next)
        *counts[row_int(row, 0) % TURNS] += row_int(row, 1);
    const struct db_row *row =
        tx_one(work->tx, "SELECT well_at, trouble_at, trouble FROM mail_server WHERE id = 1");
    if (!row)
        return status;
    status.well_at = row_int(row, 0);
    status.trouble_at = row_int(row, 1);
    status.trouble = row_text(row, 2);
    return status;
}
