/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of table `job`. Each change of a claimed row names the claim, so that it does nothing once
 * the lease has ended and somebody else holds the row. */
#include "core/jobs/jobs_local.h"

#include "base/limits.h"
#include "base/mem.h"
#include "sys/db.h"
#include "web/community.h"
#include "web/work.h"

void job_add(struct work *work, const char *kind, int64_t object_id, int64_t due_at)
{
    struct db_value community = work->community ? db_int(work->community->id.n) : db_null();
    tx_do(work->tx,
          "INSERT INTO job (id, community_id, kind, object_id, cursor, due_at, leased_until,"
          " attempts, parked_at)"
          " VALUES (?1, ?2, ?3, ?4, 0, ?5, 0, 0, 0)"
          " ON CONFLICT (kind, object_id) DO UPDATE SET"
          " due_at = CASE WHEN excluded.due_at < job.due_at THEN excluded.due_at"
          " ELSE job.due_at END,"
          " attempts = CASE WHEN job.parked_at > 0 THEN 0 ELSE job.attempts END,"
          " parked_at = 0"
          /* Each sign-up asks for the same one: where nothing changes, nothing is written. */
          " WHERE excluded.due_at < job.due_at OR job.parked_at > 0",
          work_new_id(work), community, kind, object_id, due_at);
}

void job_insert_missing(struct work *work, const char *kind)
{
    tx_do(work->tx,
          "INSERT INTO job (id, community_id, kind, object_id, cursor, due_at, leased_until,"
          " attempts, parked_at)"
          " VALUES (?1, NULL, ?2, 0, 0, ?3, 0, 0, 0)"
          " ON CONFLICT (kind, object_id) DO NOTHING",
          work_new_id(work), kind, work->now);
}

void job_drop(struct work *work, const char *kind, int64_t object_id)
{
    tx_do(work->tx, "DELETE FROM job WHERE kind = ?1 AND object_id = ?2", kind, object_id);
}

bool job_claim(struct work *work, int64_t system_now, struct job_claim *ret_claim)
{
    int64_t leased_until = system_now + JOB_LEASE_SECONDS;
    const struct db_row *row =
        tx_one(work->tx,
               "UPDATE job SET leased_until = ?1, attempts = attempts + 1"
               " WHERE id = (SELECT id FROM job WHERE parked_at = 0 AND due_at <= ?2"
               " AND leased_until <= ?3 ORDER BY due_at LIMIT 1)"
               " RETURNING id, community_id, kind, object_id, cursor, attempts",
               leased_until, work->now, system_now);
    if (!row)
        return false;
    *ret_claim = (struct job_claim){
        .id = row_int(row, 0),
        .community_id = row_int(row, 1),
        .attempts = row_int(row, 5),
        .leased_until = leased_until,
        .job = {.kind = row_text(row, 2), .object_id = row_int(row, 3), .cursor = row_int(row, 4)},
    };
    return true;
}

bool job_is_held(struct work *work, const struct job_claim *claim)
{
    return tx_one(work->tx,
                  "SELECT id FROM job WHERE id = ?1 AND attempts = ?2 AND leased_until = ?3",
                  claim->id, claim->attempts, claim->leased_until) != NULL;
}

void job_finish(struct work *work, const struct job_claim *claim)
{
    tx_do(work->tx, "DELETE FROM job WHERE id = ?1 AND attempts = ?2 AND leased_until = ?3",
          claim->id, claim->attempts, claim->leased_until);
}

void job_go_on(struct work *work, const struct job_claim *claim, const struct job *job)
{
    tx_do(work->tx,
          "UPDATE job SET due_at = ?4, cursor = ?5, attempts = 0, leased_until = 0"
          " WHERE id = ?1 AND attempts = ?2 AND leased_until = ?3",
          claim->id, claim->attempts, claim->leased_until, job->again_at, job->cursor);
}

void job_try_again(struct work *work, const struct job_claim *claim, int64_t due_at,
                   const char *fault)
{
    tx_do(work->tx,
          "UPDATE job SET due_at = ?4, leased_until = 0, fault = ?5"
          " WHERE id = ?1 AND attempts = ?2 AND leased_until = ?3",
          claim->id, claim->attempts, claim->leased_until, due_at, fault);
}

void job_park(struct work *work, const struct job_claim *claim, const char *fault)
{
    tx_do(work->tx,
          "UPDATE job SET parked_at = ?4, leased_until = 0, fault = ?5"
          " WHERE id = ?1 AND attempts = ?2 AND leased_until = ?3",
          claim->id, claim->attempts, claim->leased_until, work->now, fault);
}

void jobs_free_all(struct work *work)
{
    tx_do(work->tx, "UPDATE job SET leased_until = 0 WHERE leased_until > 0");
}

void job_write_anything(struct work *work)
{
    tx_do(work->tx,
          "UPDATE job SET due_at = due_at WHERE id = (SELECT id FROM job ORDER BY id LIMIT 1)");
}

/* What is of the whole install is the first community's to look after. */
#define JOB_IS_OURS                                                                                \
    "(community_id = ?1 OR (community_id IS NULL AND ?1 = (SELECT MIN(id) FROM community)))"

const struct job_parked *jobs_parked(struct work *work, int count)
{
    const struct job_parked *first = NULL;
    const struct job_parked **end = &first;
    const struct db_row *row =
        tx_rows(work->tx,
                "SELECT id, kind, object_id, parked_at, attempts, fault FROM job"
                " WHERE parked_at > 0 AND " JOB_IS_OURS " ORDER BY parked_at, id LIMIT ?2",
                work->community->id.n, count);
    for (; row; row = row->next) {
        struct job_parked *job = MEM_NEW(work->mem, struct job_parked);
        *job = (struct job_parked){
            .handle = job_handle(work, row_int(row, 0)),
            .id = row_int(row, 0),
            .kind = row_text(row, 1),
            .object_id = row_int(row, 2),
            .parked_at = row_int(row, 3),
            .attempts = row_int(row, 4),
            .fault = row_text(row, 5),
        };
        *end = job;
        end = &job->next;
    }
    return first;
}

int64_t jobs_parked_count(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT COUNT(*) FROM job WHERE parked_at > 0 AND " JOB_IS_OURS,
               work->community->id.n);
    return row ? row_int(row, 0) : 0;
}

int64_t jobs_parked_everywhere(struct work *work)
{
    const struct db_row *row = tx_one(work->tx, "SELECT COUNT(*) FROM job WHERE parked_at > 0");
    return row ? row_int(row, 0) : 0;
}

int64_t jobs_due_everywhere(struct work *work)
{
    const struct db_row *row = tx_one(
        work->tx, "SELECT COUNT(*) FROM job WHERE parked_at = 0 AND due_at <= ?1", work->now);
    return row ? row_int(row, 0) : 0;
}

int64_t jobs_due_count(struct work *work)
{
    const struct db_row *row = tx_one(
        work->tx, "SELECT COUNT(*) FROM job WHERE parked_at = 0 AND due_at <= ?2 AND " JOB_IS_OURS,
        work->community->id.n, work->now);
    return row ? row_int(row, 0) : 0;
}

void job_unpark(struct work *work, int64_t id)
{
    tx_do(work->tx,
          "UPDATE job SET parked_at = 0, attempts = 0, leased_until = 0, due_at = ?2"
          " WHERE id = ?1 AND parked_at > 0",
          id, work->now);
}

void job_delete_parked(struct work *work, int64_t id)
{
    tx_do(work->tx, "DELETE FROM job WHERE id = ?1 AND parked_at > 0", id);
}
