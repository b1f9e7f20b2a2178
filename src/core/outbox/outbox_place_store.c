/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The place of the process that sends, two columns of the row of mail_server. Read, then written:
 * one process at a time is in a transaction that writes. By the system's clock, as a lease of a
 * job: machines that share a database have to agree on the time by a few seconds. */
#include "core/outbox/outbox_place.h"

#include "core/outbox/outbox_local.h"
#include "sys/clock.h"
#include "sys/db.h"
#include "sys/smtp.h"
#include "web/app.h"
#include "web/work.h"

enum { SPARE_SECONDS = 30, TIMEOUT_SECONDS = 60 };

struct place {
    int64_t sender;
    int64_t until; /* 0: it is left */
};

static struct place place_get(struct work *work)
{
    const struct db_row *row =
        tx_one(work->tx, "SELECT sender, sender_until FROM mail_server WHERE id = 1");
    return row ? (struct place){row_int(row, 0), row_int(row, 1)} : (struct place){0};
}

static void place_set(struct work *work, int64_t sender, int64_t until)
{
    tx_do(work->tx,
          "INSERT INTO mail_server (id, well_at, trouble_at, trouble, sender, sender_until)"
          " VALUES (1, 0, 0, '', ?1, ?2)"
          " ON CONFLICT (id) DO UPDATE SET sender = excluded.sender,"
          " sender_until = excluded.sender_until",
          sender, until);
}

bool sender_place_is_left(struct work *work)
{
    return !app_shares_database(work->app) || place_get(work).until == 0;
}

bool sender_place_is_ours(struct work *work)
{
    return !app_shares_database(work->app) || place_get(work).sender == work->app->process;
}

bool sender_place_is_open(struct work *work, int unsure_max)
{
    if (!app_shares_database(work->app))
        return true;
    struct place place = place_get(work);
    if (place.sender == work->app->process || place.until == 0)
        return true;
    if (place.until > clock_system_seconds())
        return false;
    mail_take_up(work, unsure_max);
    place_set(work, 0, 0);
    return true;
}

void sender_place_take(struct work *work)
{
    const struct smtp_server *server = work->app->config->smtp;
    int64_t seconds = (server ? server->timeout_seconds : TIMEOUT_SECONDS) + SPARE_SECONDS;
    if (app_shares_database(work->app))
        place_set(work, work->app->process, clock_system_seconds() + seconds);
}

void sender_place_leave(struct work *work)
{
    if (app_shares_database(work->app) && place_get(work).sender == work->app->process)
        place_set(work, 0, 0);
}
