/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Many people at once: rows, since as many requests would take minutes. */
#include "story/make_crowd.h"

#include "base/mem.h"
#include "base/refusal.h"
#include "features/signups/signups_local.h"
#include "story/make_sign_ups.h"
#include "web/work.h"

struct crowd {
    struct campaign_id campaign;
    int count;
};

static void insert_crowd(struct work *work, void *context)
{
    const struct crowd *crowd = context;
    const struct session *session = campaign_sessions(work, crowd->campaign);
    for (int i = 0; i < crowd->count; i++) {
        struct sign_up row = {.campaign_id = crowd->campaign,
                              .session_id = session->id,
                              .generation = 1,
                              .email = mem_printf(work->mem, "p%04d@example.org", i),
                              .language = "fr",
                              .party = 1,
                              .minutes_each = 120,
                              .state = SIGN_UP_CONFIRMED,
                              .created_at = work->now,
                              .confirmed_at = work->now,
                              .note = ""};
        row.id.n = work_new_id(work);
        row.handle = work_new_handle(work, HANDLE_CHARS);
        row.ref = work_new_handle(work, REF_CHARS);
        sign_up_set_name(work, &row, mem_printf(work->mem, "P%04d", crowd->count - i));
        sign_up_insert(work, &row);
    }
    session_take(work, session->id, crowd->count);
    session_settle_pending(work, session->id, crowd->count);
    campaign_count(work, crowd->campaign, crowd->count, crowd->count * 120);
}

struct campaign_id make_crowd(struct story *story, int count)
{
    struct crowd crowd = {make_hedge(story, 2000), count};
    story_write(story, insert_crowd, &crowd);
    return crowd.campaign;
}
