/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a person does with their own sign-up, by the link of the mail: another party, another date,
 * whether the name is shown, and leaving. */
#include "features/signups/signups_local.h"

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "web/form.h"
#include "web/request.h"
#include "web/work.h"

/* After the deadline, and once its date has begun, a sign-up may get smaller but not larger, and
 * stays where it is. */
static bool only_less(const struct campaign *campaign, const struct session *session, int64_t now)
{
    return campaign_refuses_sign_ups(campaign, now) ||
           (session->starts_at && session->starts_at <= now);
}

const struct refusal *sign_up_refuses_moving(struct work *work, const struct campaign *campaign,
                                             const struct session *sessions,
                                             const struct sign_up *sign_up,
                                             const struct session *to)
{
    for (const struct sign_up *other = sign_up_list_by_email(work, campaign->id, sign_up->email);
         other; other = other->next) {
        const struct session *its = session_among(sessions, other->session_id);
        if (other->id.n == sign_up->id.n || sign_up_has_ended(other))
            continue;
        if (its->id.n == to->id.n)
            return &sign_up_already_in;
        if (!campaign->allows_overlap && sign_up_is_in(other) && sessions_overlap(its, to))
            return &sign_up_overlaps;
    }
    return NULL;
}

static const struct refusal *refuses_change(struct work *work, const struct campaign *campaign,
                                            const struct session *sessions,
                                            const struct sign_up *sign_up,
                                            const struct sign_up *wanted)
{
    const struct session *from = session_among(sessions, sign_up->session_id);
    const struct session *to = session_among(sessions, wanted->session_id);
    bool moves = from->id.n != to->id.n;
    bool gives_more = campaign->asks_hours && wanted->minutes_each > sign_up->minutes_each;
    const struct refusal *closed = campaign_refuses_sign_ups(campaign, work->now);
    if (only_less(campaign, from, work->now) &&
        (moves || gives_more || wanted->party > sign_up->party))
        return closed ? closed : &sign_up_over;
    if (!moves)
        return NULL;
    const struct refusal *refusal = session_refuses_sign_ups(to, work->now);
    return refusal ? refusal : sign_up_refuses_moving(work, campaign, sessions, sign_up, to);
}

/* Moves the seats from what the sign-up has to what it wants. Larger parties take first: all or
 * nothing. */
static const struct refusal *move_seats(struct work *work, const struct sign_up *has,
                                        const struct sign_up *wants)
{
    bool moves = has->session_id.n != wants->session_id.n;
    bool pending = has->state == SIGN_UP_PENDING;
    int64_t more = moves ? wants->party : wants->party - has->party;
    if (more > 0) {
        const struct refusal *refusal = session_take(work, wants->session_id, more);
        if (refusal)
            return refusal;
        if (!pending)
            session_settle_pending(work, wants->session_id, more);
    }
    if (moves)
        session_give_back(work, has->session_id, has->party, pending);
    else if (more < 0)
        session_give_back(work, has->session_id, -more, pending);
    return NULL;
}

const struct refusal *sign_up_rewrite(struct work *work, const struct sign_up *has,
                                      const struct sign_up *wants, int64_t actor_id)
{
    const struct refusal *refusal = move_seats(work, has, wants);
    if (refusal)
        return refusal;
    sign_up_update(work, wants);
    if (has->session_id.n != wants->session_id.n || actor_id == has->id.n)
        sign_up_agree(work, has->id); /* who chooses anew has answered */
    if (sign_up_is_in(has))
        campaign_count(work, has->campaign_id, wants->party - has->party,
                       wants->party * wants->minutes_each - has->party * has->minutes_each);
    sign_up_note_activity(work, wants, ACTIVITY_UPDATE, actor_id);
    return NULL;
}

const struct refusal *sign_up_change(struct work *work, struct sign_up_id id,
                                     const struct sign_up_change *change, struct form_input *input)
{
    const struct sign_up *sign_up = sign_up_get(work, id);
    const struct campaign *campaign = sign_up ? campaign_get(work, sign_up->campaign_id) : NULL;
    const struct session *sessions = campaign ? campaign_sessions(work, campaign->id) : NULL;
    const struct session *session = sign_up ? session_among(sessions, sign_up->session_id) : NULL;
    if (!campaign || !session)
        return &refusal_not_found;
    if (!sign_up_holds_seat(sign_up) || sign_up_is_over(campaign, session, work->now))
        return &sign_up_over;
    if (!str_is_empty(change->session))
        session = sign_up_choose(work, sessions, change->session, input);
    int64_t hours = change->hours ? change->hours : sign_up->minutes_each / 60;
    /* What was allowed once stays allowed, and so does less of it. */
    int64_t more = change->party > sign_up->party ? change->party : 1;
    sign_up_check_bounds(work, campaign, more, hours, input);
    if (input->errors)
        return &refusal_fields;
    struct sign_up *wanted = mem_copy(work->mem, sign_up, sizeof *sign_up);
    wanted->session_id = session->id;
    wanted->party = change->party;
    wanted->minutes_each = sign_up_minutes(campaign, session, hours);
    wanted->show_name = change->show_name;
    const struct refusal *refusal = refuses_change(work, campaign, sessions, sign_up, wanted);
    return refusal ? refusal : sign_up_rewrite(work, sign_up, wanted, id.n);
}

const struct refusal *sign_up_cancel(struct work *work, struct sign_up_id id)
{
    const struct sign_up *sign_up = sign_up_get(work, id);
    const struct campaign *campaign = sign_up ? campaign_get(work, sign_up->campaign_id) : NULL;
    const struct session *session = campaign ? session_get(work, sign_up->session_id) : NULL;
    if (!session)
        return &refusal_not_found;
    if (sign_up->state == SIGN_UP_CANCELLED)
        return NULL;
    bool can_leave = sign_up_holds_seat(sign_up) || sign_up->state == SIGN_UP_EXPIRED;
    if (!can_leave || sign_up_is_over(campaign, session, work->now))
        return &sign_up_over;
    sign_up_end(work, sign_up, SIGN_UP_CANCELLED);
    return NULL;
}
