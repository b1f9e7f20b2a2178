/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How things were before each change. Of a gathering, everybody is told the first one since they
 * agreed against how it is now: so five edits are told as one, and what is changed there and back
 * is not told, but to who agreed in between. */
#include "features/campaigns/campaigns_changes.h"

#include "base/mem.h"
#include "base/str.h"
#include "features/campaigns/campaigns_local.h"
#include "web/work.h"

static void note(struct work *work, struct campaign_id id, struct campaign_change change)
{
    change.at = work->now;
    change.text = change.text ? change.text : "";
    campaign_change_insert(work, id, &change);
}

void campaign_note_change(struct work *work, const struct campaign *before,
                          const struct campaign *after)
{
    if (!campaign_state_is_public(before->state))
        return;
    if (!str_equal(before->title, after->title))
        note(work, before->id, (struct campaign_change){.of = CHANGE_TITLE, .text = before->title});
    if (!str_equal(before->place, after->place) || before->online != after->online)
        note(work, before->id,
             (struct campaign_change){
                 .of = CHANGE_PLACE, .text = before->place, .online = before->online});
    if (before->closes_at != after->closes_at)
        note(work, before->id,
             (struct campaign_change){.of = CHANGE_DEADLINE, .from = before->closes_at});
}

void session_note_change(struct work *work, const struct session *before,
                         const struct session *after)
{
    if (before->taken == 0)
        return;
    if (before->starts_at != after->starts_at || before->ends_at != after->ends_at)
        note(work, before->campaign_id,
             (struct campaign_change){.session_id = before->id,
                                      .of = CHANGE_TIME,
                                      .from = before->starts_at,
                                      .until = before->ends_at});
    if (!str_equal(before->place, after->place) || before->online != after->online)
        note(work, before->campaign_id,
             (struct campaign_change){.session_id = before->id,
                                      .of = CHANGE_PLACE,
                                      .text = before->place,
                                      .online = before->online});
}

bool campaign_change_is_undone(const struct campaign_change *change,
                               const struct campaign *campaign, const struct session *session)
{
    bool of_session = change->session_id.n != 0;
    switch (change->of) {
    case CHANGE_TITLE:
        return str_equal(change->text, campaign->title);
    case CHANGE_DEADLINE:
        return change->from == campaign->closes_at;
    case CHANGE_TIME:
        return !session ||
               (change->from == session->starts_at && change->until == session->ends_at);
    case CHANGE_PLACE:
        break;
    }
    if (of_session)
        return !session ||
               (str_equal(change->text, session->place) && change->online == session->online);
    return str_equal(change->text, campaign->place) && change->online == campaign->online;
}

const struct campaign_change *campaign_changes_take(struct work *work, struct campaign_id id,
                                                    bool anew)
{
    if (anew)
        campaign_changes_mark(work, id);
    return campaign_changes_marked(work, id);
}

int64_t campaign_changes_done(struct work *work, struct campaign_id id)
{
    campaign_changes_delete(work, id);
    return campaign_changes_first(work, id);
}

void campaign_changes_drop(struct work *work, struct campaign_id id)
{
    campaign_changes_mark(work, id);
    campaign_changes_delete(work, id);
}

/* Somebody who said yes to it as it was may not be able to come any more: it is elsewhere, or some
 * minute of it lies outside of what it was. */
bool campaign_change_asks(const struct campaign_change *change, const struct session *session)
{
    if (change->session_id.n == 0 || change->session_id.n != session->id.n)
        return false;
    return change->of == CHANGE_PLACE || session->starts_at < change->from ||
           session->ends_at > change->until;
}
