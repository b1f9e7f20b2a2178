/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What holds after every step: counters are the sums of their rows (the features' own checks), no
 * date has more people than places, states agree with dates and only go where a step leads, and,
 * once everything due is done, nobody is left in between. */
#include "walk/walk.h"

#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "features/campaigns/campaigns.h"
#include "features/campaigns/campaigns_local.h"
#include "main/program.h"
#include "story/story.h"
#include "sys/db.h"
#include "sys/db_readers.h"
#include "sys/mail.h"

/* Each finds what must not be. */
static const struct {
    const char *sentence;
    const char *sql;
    bool after_jobs; /* holds only once everything due is done */
} wrongs[] = {
    {"a session has more people than places", "SELECT handle FROM session WHERE taken > capacity",
     false},
    {"somebody is in twice",
     "SELECT email FROM sign_up WHERE state IN ('pending', 'confirmed') AND email <> ''"
     " GROUP BY session_id, email HAVING COUNT(*) > 1",
     false},
    {"somebody waits for an answer without being in",
     "SELECT handle FROM sign_up WHERE again_by > 0 AND state <> 'confirmed'", false},
    {"an unconfirmed place is held too long",
     "SELECT handle FROM sign_up WHERE state = 'pending' AND expires_at <= ?1", true},
    {"a place is held in a campaign that does not take place",
     "SELECT u.handle FROM sign_up u JOIN campaign c ON c.id = u.campaign_id"
     " WHERE c.state IN ('missed', 'cancelled') AND u.state IN ('pending', 'confirmed')",
     true},
    {"somebody is released from a campaign that goes on",
     "SELECT u.handle FROM sign_up u JOIN campaign c ON c.id = u.campaign_id"
     " WHERE c.state IN ('open', 'reached', 'under_way', 'reported') AND u.state = 'released'",
     true},
    {"an answer is overdue",
     "SELECT u.handle FROM sign_up u JOIN session s ON s.id = u.session_id"
     " WHERE u.again_by > 0 AND u.again_by <= ?1 AND (s.starts_at = 0 OR s.starts_at > ?1)",
     true},
    {"a campaign is late",
     "SELECT slug FROM campaign WHERE (state = 'scheduled' AND opens_at <= ?1)"
     " OR (state = 'open' AND (closes_at <= ?1 OR opens_at > ?1))"
     " OR (state = 'reached' AND closes_at <= ?1 AND acts_from <= ?1)"
     " OR (state IN ('missed', 'under_way') AND closes_at > ?1)"
     " OR (state IN ('reached', 'under_way', 'reported')) <> (reached_at > 0)"
     "    AND state <> 'cancelled'",
     true},
    {"a job is parked", "SELECT kind FROM job WHERE parked_at > 0", true},
};

static struct tx *begin(struct walk *walk, struct db **ret_db)
{
    *ret_db = db_readers_take(walk->story->program->app.readers);
    return db_begin(*ret_db, walk->story->mem);
}

static void end(struct walk *walk, struct db *db, struct tx *tx)
{
    tx_rollback(tx);
    db_readers_give(walk->story->program->app.readers, db);
}

static const char *rows_hold(struct walk *walk)
{
    struct mem *mem = walk->story->mem;
    struct db *db;
    struct tx *tx = begin(walk, &db);
    const char *wrong = NULL;
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs && !wrong; i++) {
        if (wrongs[i].after_jobs && !walk->jobs_ran)
            continue;
        bool timed = strstr(wrongs[i].sql, "?1");
        const struct db_row *row =
            timed ? tx_one(tx, wrongs[i].sql, story_now(walk->story)) : tx_one(tx, wrongs[i].sql);
        if (row)
            wrong = mem_printf(mem, "%s: %s", wrongs[i].sentence, row_text(row, 0));
    }
    end(walk, db, tx);
    return wrong;
}

/* Whether some steps lead from one state to the other: between two looks, more than one may have
 * been made. */
static bool leads(enum campaign_state from, enum campaign_state to)
{
    enum { STATES = CAMPAIGN_CANCELLED + 1 };
    bool seen[STATES] = {false};
    seen[from] = true;
    /* Each pair, as often as there are states: no way without a circle is longer. */
    for (int i = 0; i < STATES * STATES * STATES; i++) {
        int a = i / STATES % STATES;
        int b = i % STATES;
        seen[b] |= seen[a] && campaign_may_become((enum campaign_state)a, (enum campaign_state)b);
    }
    return seen[to];
}

static const char *states_hold(struct walk *walk)
{
    struct mem *mem = walk->story->mem;
    struct db *db;
    struct tx *tx = begin(walk, &db);
    const char *wrong = NULL;
    for (int i = 0; i < CAMPAIGNS; i++) {
        const struct db_row *row =
            tx_one(tx, "SELECT state FROM campaign WHERE slug = ?1", campaign_slugs[i]);
        const char *was = walk->states[i] ? walk->states[i] : row_text(row, 0);
        enum campaign_state from;
        enum campaign_state to;
        if (!campaign_state_read(was, &from) || !campaign_state_read(row_text(row, 0), &to) ||
            !leads(from, to))
            wrong = mem_printf(mem, "no step leads %s from %s to %s", campaign_slugs[i], was,
                               row_text(row, 0));
        walk->states[i] = row_text(row, 0);
    }
    end(walk, db, tx);
    return wrong;
}

const char *walk_holds(struct walk *walk)
{
    const char *wrong = program_check(walk->story->program, walk->story->mem);
    wrong = wrong ? wrong : rows_hold(walk);
    return wrong ? wrong : states_hold(walk);
}

/* Mails that a person gets about a campaign once at most, by their reason. */
static const struct {
    const char *reason;
    int times_max;
} once[] = {
    {"campaign_reached", 1},
    {"campaign_cancelled", 1},
    {"campaign_reported", 1},
    {"campaign_missed", 2}, /* again after it was extended */
};

static int count_mails(struct walk *walk, const char *email, const char *reason, const char *title)
{
    struct db *db;
    struct tx *tx = begin(walk, &db);
    int count = 0;
    const struct db_row *row = tx_rows(
        tx, "SELECT message FROM mail WHERE to_address = ?1 AND reason = ?2 ORDER BY id LIMIT 100",
        email, reason);
    for (; row; row = row->next) {
        const struct db_value *message = row_value(row, 0);
        const struct mail_read *mail = mail_parse(walk->story->mem, message->bytes, message->count);
        count += mail && strstr(mail->text, title);
    }
    end(walk, db, tx);
    return count;
}

/* About one campaign, to one guest. NULL: not too often. */
static const char *too_many_mails(struct walk *walk, const char *email, int campaign)
{
    for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
        int count = count_mails(walk, email, once[i].reason, campaign_titles[campaign]);
        if (count > once[i].times_max)
            return mem_printf(walk->story->mem, "%s hears %d times of %s: %s", email, count,
                              campaign_slugs[campaign], once[i].reason);
    }
    return NULL;
}

const char *walk_held(struct walk *walk)
{
    const char *wrong = NULL;
    for (int i = 0; i < GUESTS * CAMPAIGNS && !wrong; i++)
        wrong = too_many_mails(walk, guest_email(walk->story->mem, i / CAMPAIGNS), i % CAMPAIGNS);
    return wrong;
}
