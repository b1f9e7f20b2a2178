/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Signing up, in two steps: the form takes the seats, the mail's link or code confirms. What may be
 * refused is decided before the e-mail is looked at, and the page's answer is the same for every
 * e-mail: who takes part is told by mail alone. */
#include "features/signups/signups_local.h"

#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/activity/activity.h"
#include "core/jobs/jobs.h"
#include "core/outbox/outbox.h"
#include "features/signups/signups_again.h"
#include "sys/db.h"
#include "sys/lang.h"
#include "sys/mail.h"
#include "sys/words.h"
#include "web/form.h"
#include "web/request.h"
#include "web/work.h"

/* The wish, made concrete: which session, with which seats held until when. */
struct asking {
    struct work *work;
    const struct campaign *campaign;
    const struct session *sessions;
    const struct session *session; /* after its seats were taken */
    const struct sign_up_wish *wish;
    const char *email; /* in its normal form */
    int64_t expires_at;
};

void sign_up_note_activity(struct work *work, const struct sign_up *sign_up,
                           enum activity_verb verb, int64_t actor_id)
{
    activity_add(work, &(struct activity){
                           .verb = verb,
                           .object = ACTIVITY_SIGN_UP,
                           .object_id = sign_up->id.n,
                           .campaign_id = sign_up->campaign_id.n,
                           .actor_id = actor_id,
                           .detail = sign_up_state_name(sign_up->state),
                           .audience = AUDIENCE_ORGANISERS,
                       });
}

static void activity_of(struct work *work, const struct sign_up *sign_up, enum activity_verb verb)
{
    sign_up_note_activity(work, sign_up, verb, sign_up->id.n);
}

void sign_up_set_name(struct work *work, struct sign_up *sign_up, const char *name)
{
    if (!str_equal(sign_up->first_name, name))
        sign_up->name_key = words_fold(work->mem, name);
    sign_up->first_name = name;
}

void sign_up_end(struct work *work, const struct sign_up *sign_up, enum sign_up_state state)
{
    sign_up_end_by(work, sign_up, state, sign_up->id.n);
}

void sign_up_end_by(struct work *work, const struct sign_up *sign_up, enum sign_up_state state,
                    int64_t actor_id)
{
    struct sign_up ended = *sign_up;
    if (sign_up_holds_seat(sign_up))
        session_give_back(work, sign_up->session_id, sign_up->party,
                          sign_up->state == SIGN_UP_PENDING);
    if (sign_up_is_decoy(sign_up)) {
        sign_up_delete(work, sign_up->id);
        return;
    }
    sign_up_become(&ended, state);
    ended.expires_at = 0;
    sign_up_update(work, &ended);
    sign_up_ask_no_more(work, sign_up);
    if (sign_up->to_tell)
        sign_up_set_to_tell(work, sign_up->id, 0);
    if (sign_up_is_in(sign_up) && state != SIGN_UP_RELEASED)
        campaign_count(work, sign_up->campaign_id, -sign_up->party,
                       -sign_up->party * sign_up->minutes_each);
    sign_up_note_activity(work, &ended, ACTIVITY_LEAVE, actor_id);
}

/* Which of the person's rows the wish is about: the active one of that session, else one of it that
 * ended, else the pending one, which moves. NULL: a new one. So a person has one row for each
 * session at most. */
static const struct sign_up *row_to_take_up(const struct asking *asking, const struct sign_up *own,
                                            const struct sign_up **ret_pending)
{
    const struct sign_up *ended = NULL;
    for (; own; own = own->next) {
        bool here = own->session_id.n == asking->session->id.n;
        if (here && !sign_up_has_ended(own))
            return own;
        if (own->state == SIGN_UP_PENDING)
            *ret_pending = own;
        if (here && !ended)
            ended = own;
    }
    return ended ? ended : *ret_pending;
}

static int64_t brought_by(const struct asking *asking)
{
    const char *ref = asking->wish->ref;
    const struct sign_up *friend =
        str_is_empty(ref) ? NULL : sign_up_get_by_ref(asking->work, asking->campaign->id, ref);
    bool oneself = friend && str_equal(friend->email, asking->email);
    return friend && !oneself ? friend->id.n : 0;
}

/* Writes what was asked for into a row, old or new, which is pending from now on. The same asked
 * again (a form sent twice) leaves the codes of before good; anything else ends them. */
static void row_fill(const struct asking *asking, struct sign_up *row)
{
    const struct sign_up_wish *wish = asking->wish;
    const struct sign_up before = *row;
    row->session_id = asking->session->id;
    sign_up_set_name(asking->work, row, wish->first_name);
    row->language = lang_code(wish->lang);
    row->party = wish->party;
    row->minutes_each = sign_up_minutes(asking->campaign, asking->session, wish->hours);
    row->show_name = wish->show_name;
    sign_up_become(row, SIGN_UP_PENDING);
    row->expires_at = asking->expires_at;
    bool same = before.asked > 0 && before.state == SIGN_UP_PENDING &&
                before.session_id.n == row->session_id.n && before.party == row->party &&
                before.minutes_each == row->minutes_each && before.show_name == row->show_name &&
                str_equal(before.first_name, row->first_name);
    if (!same)
        row->asked++;
    if (row->brought_by == 0)
        row->brought_by = brought_by(asking);
}

static struct sign_up *row_new(const struct asking *asking)
{
    struct work *work = asking->work;
    struct sign_up *row = MEM_NEW(work->mem, struct sign_up);
    row->id.n = work_new_id(work);
    row->campaign_id = asking->campaign->id;
    row->handle = work_new_handle(work, HANDLE_CHARS);
    row->generation = 1;
    row->ref = work_new_handle(work, REF_CHARS);
    row->email = asking->email;
    row->note = "";
    row->created_at = work->now;
    row_fill(asking, row);
    return row;
}

static const struct sign_up *row_insert(const struct asking *asking)
{
    struct sign_up *row = row_new(asking);
    sign_up_insert(asking->work, row);
    return row;
}

/* Keeps the seats that were taken for somebody who needs none, see sign_up_is_decoy. */
static void decoy_insert(const struct asking *asking)
{
    struct sign_up *row = row_new(asking);
    row->email = mem_printf(asking->work->mem, "%s@" SIGN_UP_DECOY_HOST, row->handle);
    sign_up_set_name(asking->work, row, "");
    row->show_name = false;
    row->brought_by = 0;
    sign_up_insert(asking->work, row);
}

bool sign_up_is_decoy(const struct sign_up *sign_up)
{
    const char *at = strchr(sign_up->email, '@');
    return at && str_equal(at + 1, SIGN_UP_DECOY_HOST);
}

static const struct sign_up *row_take_up(const struct asking *asking, const struct sign_up *old)
{
    struct work *work = asking->work;
    struct sign_up *row = mem_copy(work->mem, old, sizeof *old);
    if (old->state == SIGN_UP_PENDING)
        session_give_back(work, old->session_id, old->party, true);
    row_fill(asking, row);
    sign_up_update(work, row);
    sign_up_agree(work, row->id);
    return row;
}

/* Looks at the e-mail, and does what it calls for. The seats are taken already, for somebody who
 * needs none as well. */
static const struct sign_up *person_settle(const struct asking *asking,
                                           enum request_outcome *ret_outcome)
{
    struct work *work = asking->work;
    const struct sign_up *own = sign_up_list_by_email(work, asking->campaign->id, asking->email);
    const struct sign_up *pending = NULL;
    const struct sign_up *row = row_to_take_up(asking, own, &pending);
    const struct sign_up *clash =
        sign_up_clash(asking->campaign, asking->sessions, own, asking->session);
    bool is_in = row && !sign_up_has_ended(row) && row->state != SIGN_UP_PENDING;
    *ret_outcome = is_in ? REQUEST_ALREADY_IN : clash ? REQUEST_OVERLAPS : REQUEST_PENDING;
    job_add(work, JOB_LAPSE, 0, asking->expires_at);
    if (is_in || clash) {
        decoy_insert(asking);
        return is_in ? row : clash;
    }
    if (pending && row != pending && sign_up_has_ended(row))
        sign_up_end(work, pending, SIGN_UP_EXPIRED); /* one unconfirmed at a time */
    row = row ? row_take_up(asking, row) : row_insert(asking);
    activity_of(work, row, ACTIVITY_OFFER);
    return row;
}

/* Nothing is held beyond the deadline, when it can no longer be confirmed; and less long when very
 * many ask from one network: a hall, which has confirmed by then, or a machine. */
static int64_t held_until(struct work *work, const struct campaign *campaign,
                          const struct session *session)
{
    int64_t seconds =
        work_rate(work, RATE_SIGN_UP) ? sign_up_hold_seconds(session) : SIGN_UP_HOLD_SHORT_SECONDS;
    int64_t until = work->now + seconds;
    return until < campaign->closes_at ? until : campaign->closes_at;
}

/* What is asked of the campaign and of the address, before anything depends on it. */
static void ask_ahead(struct work *work, const struct campaign *campaign, const char *email)
{
    if (!tx_ahead_begin(work->tx))
        return;
    campaign_sessions(work, campaign->id);
    outbox_ask_ahead(work, email, SIGN_UP_TYPED);
    sign_up_list_by_email(work, campaign->id, email);
    tx_ahead_end(work->tx);
}

const struct refusal *sign_up_request(struct work *work, const struct campaign *campaign,
                                      const struct sign_up_wish *wish, struct form_input *input,
                                      struct sign_up_answer *ret_answer)
{
    const struct refusal *refusal = campaign_refuses_sign_ups(campaign, work->now);
    if (refusal)
        return refusal;
    const char *email = mail_address_normal(work->mem, wish->email);
    ask_ahead(work, campaign, email);
    const struct session *sessions = campaign_sessions(work, campaign->id);
    const struct session *session = sign_up_choose(work, sessions, wish->session, input);
    sign_up_check_bounds(work, campaign, wish->party, wish->hours, input);
    if (input->errors)
        return &refusal_fields;
    if ((refusal = session_refuses_sign_ups(session, work->now)))
        return refusal;
    if ((refusal = outbox_refuses_typed(work, email, SIGN_UP_TYPED)))
        return refusal;
    if ((refusal = session_take(work, session->id, wish->party)))
        return refusal;
    struct session taken = *session;
    taken.taken += wish->party;
    taken.pending += wish->party;
    struct asking asking = {
        .work = work,
        .campaign = campaign,
        .sessions = sessions,
        .session = &taken,
        .wish = wish,
        .email = email,
        .expires_at = held_until(work, campaign, &taken),
    };
    struct sign_up_asked asked = {.campaign = campaign};
    const struct sign_up *sign_up = person_settle(&asking, &asked.outcome);
    const struct sign_up_code *code =
        sign_up_code_new(work, sign_up, asking.expires_at, &asked.digits);
    asked.session = session_among(sessions, sign_up->session_id);
    sign_up_mail_confirm(work, sign_up, &asked);
    *ret_answer = (struct sign_up_answer){
        sign_up_state_name(SIGN_UP_PENDING), code->handle, asking.expires_at, sign_up->id, code->id,
    };
    return NULL;
}

/* What still may stand against confirming: another active row of the same session, or a session at
 * the same time. */
static const struct refusal *refuses_confirming(struct work *work, const struct campaign *campaign,
                                                const struct session *sessions,
                                                const struct session *session,
                                                const struct sign_up *sign_up)
{
    const struct sign_up *own = sign_up_list_by_email(work, campaign->id, sign_up->email);
    const struct refusal *refusal = session_refuses_sign_ups(session, work->now);
    if (refusal)
        return refusal;
    for (const struct sign_up *other = own; other; other = other->next) {
        bool same = other->id.n == sign_up->id.n;
        if (!same && other->session_id.n == session->id.n && !sign_up_has_ended(other))
            return &sign_up_already_in;
    }
    return sign_up_clash(campaign, sessions, own, session) ? &sign_up_overlaps : NULL;
}

const struct refusal *sign_up_come_in(struct work *work, const struct campaign *campaign,
                                      const struct sign_up *sign_up, int64_t actor_id)
{
    bool has_seats = sign_up->state == SIGN_UP_PENDING;
    const struct refusal *refusal =
        has_seats ? NULL : session_take(work, sign_up->session_id, sign_up->party);
    if (refusal)
        return refusal;
    session_settle_pending(work, sign_up->session_id, sign_up->party);
    struct sign_up *confirmed = mem_copy(work->mem, sign_up, sizeof *sign_up);
    sign_up_become(confirmed, SIGN_UP_CONFIRMED);
    confirmed->rank = campaign->people + 1;
    confirmed->confirmed_at = work->now;
    confirmed->expires_at = 0;
    sign_up_update(work, confirmed);
    campaign_count(work, campaign->id, confirmed->party,
                   confirmed->party * confirmed->minutes_each);
    sign_up_note_activity(work, confirmed, ACTIVITY_JOIN, actor_id);
    return NULL;
}

const struct refusal *sign_up_confirm_as_asked(struct work *work, struct sign_up_id id)
{
    const struct sign_up *sign_up = sign_up_get(work, id);
    if (!sign_up)
        return &refusal_not_found;
    if (sign_up_is_in(sign_up))
        return NULL;
    const struct campaign *campaign = campaign_get(work, sign_up->campaign_id);
    const struct session *sessions = campaign_sessions(work, sign_up->campaign_id);
    const struct session *session = session_among(sessions, sign_up->session_id);
    if (!session)
        return &refusal_not_found;
    const struct refusal *refusal = campaign_refuses_sign_ups(campaign, work->now);
    if (!refusal)
        refusal = refuses_confirming(work, campaign, sessions, session, sign_up);
    if (!refusal)
        refusal = sign_up_come_in(work, campaign, sign_up, id.n);
    const struct sign_up *confirmed = refusal ? NULL : sign_up_get(work, id);
    if (confirmed)
        sign_up_mail_confirmed(work, confirmed);
    return refusal;
}

const struct refusal *sign_up_confirm(struct work *work, struct sign_up_id id)
{
    const struct sign_up *sign_up = sign_up_get(work, id);
    const struct refusal *refusal = sign_up_confirm_as_asked(work, id);
    if (refusal)
        return refusal;
    if (sign_up && sign_up->again_by && sign_up_is_in(sign_up))
        activity_of(work, sign_up, ACTIVITY_UPDATE); /* "I can still come" */
    sign_up_agree(work, id);
    return NULL;
}
