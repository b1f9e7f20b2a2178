/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an organiser does for others: adding who phoned or wrote on paper, changing a date or a
 * party, taking somebody out. The rules of places are those of everybody; only the deadline does
 * not bind, and no mail is waited for: the organiser vouches. Who did it stands in the activity. */
#include "features/signups/signups_organise.h"

#include <assert.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "base/time.h"
#include "core/audit/audit.h"
#include "sys/mail.h"
#include "web/form.h"
#include "web/login.h"
#include "web/request.h"
#include "web/work.h"

const struct refusal participant_is_in = {409, "participant_is_in",
                                          N_("This person is already signed up for this date.")};
const struct refusal participant_overlaps = {
    409, "participant_overlaps",
    N_("This person is already signed up for another date at the same time. Please choose another "
       "date, or remove them from that one first.")};

const struct refusal participant_not_asked = {
    409, "participant_not_asked",
    N_("This person was not asked whether they come. If they want to, please add them.")};

const struct refusal *campaign_refuses_by_hand(const struct campaign *campaign)
{
    if (campaign->hidden)
        return &refusal_campaign_hidden;
    switch (campaign->state) {
    case CAMPAIGN_DRAFT:
    case CAMPAIGN_SUBMITTED:
    case CAMPAIGN_SCHEDULED:
        return &refusal_campaign_not_open_yet;
    case CAMPAIGN_CANCELLED:
        return &refusal_campaign_cancelled;
    case CAMPAIGN_MISSED:
    case CAMPAIGN_REPORTED:
        return &sign_up_over;
    case CAMPAIGN_OPEN:
    case CAMPAIGN_REACHED:
    case CAMPAIGN_UNDER_WAY:
        break;
    }
    return NULL;
}

/* The same refusal, as told of somebody else. */
static const struct refusal participant_added_many = {
    429, "participant_added_many",
    N_("You have added many people today, each of whom gets an e-mail. Please go on tomorrow, or "
       "send them the link to the page."),
    .retry_seconds = DAY_SECONDS};

static const struct refusal *of_others(const struct refusal *refusal)
{
    if (refusal == &sign_up_already_in)
        return &participant_is_in;
    return refusal == &sign_up_overlaps ? &participant_overlaps : refusal;
}

/* Who did it, as people are told. */
static const char *name_of(struct work *work, const struct campaign *campaign)
{
    return str_is_empty(work->login->name) ? campaign->organiser_name : work->login->name;
}

/* Somebody being added. */
struct adding {
    struct work *work;
    const struct campaign *campaign;
    const struct session *sessions;
    const struct session *session;
    const struct participant_wish *wish;
    const char *email; /* in its normal form; NULL: none */
};

/* The row of the same address that becomes this sign-up: the one of that session, or the pending
 * one of another, which moves; beside the first, the pending one ends. NULL: a new one. */
static const struct refusal *row_to_take_up(const struct adding *adding,
                                            const struct sign_up **ret_row)
{
    struct work *work = adding->work;
    const struct sign_up *own =
        adding->email ? sign_up_list_by_email(work, adding->campaign->id, adding->email) : NULL;
    if (sign_up_clash(adding->campaign, adding->sessions, own, adding->session))
        return &participant_overlaps;
    const struct sign_up *pending = NULL;
    const struct sign_up *here = NULL;
    for (; own; own = own->next) {
        bool is_here = own->session_id.n == adding->session->id.n;
        if (is_here && !sign_up_has_ended(own) && own->state != SIGN_UP_PENDING)
            return &participant_is_in;
        if (own->state == SIGN_UP_PENDING)
            pending = own;
        if (is_here && !here)
            here = own;
    }
    if (here && pending && here != pending)
        sign_up_end(work, pending, SIGN_UP_EXPIRED); /* one at a time */
    *ret_row = here ? here : pending;
    return NULL;
}

static struct sign_up *row_new(const struct adding *adding)
{
    struct work *work = adding->work;
    struct sign_up *row = MEM_NEW(work->mem, struct sign_up);
    row->id.n = work_new_id(work);
    row->campaign_id = adding->campaign->id;
    row->handle = work_new_handle(work, HANDLE_CHARS);
    row->generation = 1;
    row->ref = work_new_handle(work, REF_CHARS);
    row->email = adding->email ? adding->email : sign_up_no_address(work, row->handle);
    row->created_at = work->now;
    return row;
}

/* What an earlier row of the same person holds or counts is given back: it begins anew. */
static void row_release(struct work *work, const struct sign_up *row)
{
    if (row->state == SIGN_UP_PENDING)
        session_give_back(work, row->session_id, row->party, true);
}

static void row_fill(const struct adding *adding, struct sign_up *row)
{
    const struct participant_wish *wish = adding->wish;
    sign_up_set_name(adding->work, row, wish->first_name);
    row->session_id = adding->session->id;
    row->language = adding->campaign->language; /* what they read when they said yes */
    row->party = wish->party;
    row->minutes_each = sign_up_minutes(adding->campaign, adding->session, wish->hours);
    sign_up_become(row, SIGN_UP_CONFIRMED);
    row->rank = adding->campaign->people + 1;
    row->confirmed_at = adding->work->now;
    row->expires_at = 0;
    row->asked++; /* what a form asked for before is not to be confirmed any more */
    row->added_by = adding->work->login->person.n;
    row->note = wish->note;
}

/* All or nothing: a refusal undoes what was given back. */
static const struct refusal *row_write(const struct adding *adding, const struct sign_up *old,
                                       struct sign_up **ret_row)
{
    struct work *work = adding->work;
    if (old)
        row_release(work, old);
    const struct refusal *refusal = session_take(work, adding->session->id, adding->wish->party);
    if (refusal)
        return refusal;
    session_settle_pending(work, adding->session->id, adding->wish->party);
    struct sign_up *row = old ? mem_copy(work->mem, old, sizeof *old) : row_new(adding);
    row_fill(adding, row);
    if (old) {
        sign_up_update(work, row);
        sign_up_agree(work, row->id);
    } else {
        sign_up_insert(work, row);
    }
    *ret_row = row;
    return NULL;
}

const struct refusal *participant_add(struct work *work, const struct campaign *campaign,
                                      const struct participant_wish *wish, struct form_input *input,
                                      struct sign_up_id *ret_id)
{
    assert(work->login);
    const struct refusal *refusal = campaign_refuses_by_hand(campaign);
    if (refusal)
        return refusal;
    struct adding adding = {work, campaign, .wish = wish};
    adding.sessions = campaign_sessions(work, campaign->id);
    adding.session = sign_up_choose(work, adding.sessions, wish->session, input);
    sign_up_check_bounds(work, campaign, wish->party, wish->hours, input);
    if (input->errors)
        return &refusal_fields;
    if ((refusal = session_refuses_sign_ups(adding.session, work->now)))
        return refusal;
    if (!str_is_empty(wish->email)) {
        adding.email = mail_address_normal(work->mem, wish->email);
        if (audit_count(work, AUDIT_SIGN_UP_ADD, work->now - DAY_SECONDS) >= ADDED_PER_DAY_MAX)
            return &participant_added_many;
    }
    const struct sign_up *old = NULL;
    struct sign_up *row = NULL;
    refusal = row_to_take_up(&adding, &old);
    if (!refusal)
        refusal = row_write(&adding, old, &row);
    if (refusal)
        return refusal;
    campaign_count(work, campaign->id, row->party, row->party * row->minutes_each);
    sign_up_note_activity(work, row, ACTIVITY_JOIN, work->login->person.n);
    campaign_audit(work, campaign, AUDIT_SIGN_UP_ADD, row->handle);
    sign_up_mail_added(work, row, name_of(work, campaign));
    *ret_id = row->id;
    return NULL;
}

/* It is who leads the campaign that hears it, by telephone or at the market. */
bool participant_is_asked(const struct sign_up *sign_up)
{
    return !str_is_empty(sign_up->again) &&
           (sign_up_is_in(sign_up) || sign_up->state == SIGN_UP_EXPIRED);
}

/* Whose place was given back takes one again. */
static const struct refusal *come_back(struct work *work, const struct campaign *campaign,
                                       const struct sign_up *sign_up, const struct session *session)
{
    const struct refusal *refusal = of_others(sign_up_refuses_moving(
        work, campaign, campaign_sessions(work, campaign->id), sign_up, session));
    if (!refusal)
        refusal = sign_up_come_in(work, campaign, sign_up, work->login->person.n);
    const struct sign_up *row = refusal ? NULL : sign_up_get(work, sign_up->id);
    if (row)
        sign_up_mail_added(work, row, name_of(work, campaign));
    return refusal;
}

const struct refusal *participant_confirm(struct work *work, struct sign_up_id id)
{
    assert(work->login);
    const struct sign_up *sign_up = sign_up_get(work, id);
    const struct campaign *campaign = sign_up ? campaign_get(work, sign_up->campaign_id) : NULL;
    const struct session *session = campaign ? session_get(work, sign_up->session_id) : NULL;
    if (!session)
        return &refusal_not_found;
    const struct refusal *refusal = campaign_refuses_by_hand(campaign);
    if (!refusal)
        refusal = session_refuses_sign_ups(session, work->now);
    if (refusal)
        return refusal;
    if (!participant_is_asked(sign_up))
        return sign_up_is_in(sign_up) ? NULL : &participant_not_asked;
    if (sign_up_is_in(sign_up))
        sign_up_note_activity(work, sign_up, ACTIVITY_UPDATE, work->login->person.n);
    else if ((refusal = come_back(work, campaign, sign_up, session)))
        return refusal;
    sign_up_agree(work, id);
    campaign_audit(work, campaign, AUDIT_SIGN_UP_CONFIRM, sign_up->handle);
    return NULL;
}

const struct refusal *participant_told(struct work *work, struct sign_up_id id)
{
    assert(work->login);
    const struct sign_up *sign_up = sign_up_get(work, id);
    const struct campaign *campaign = sign_up ? campaign_get(work, sign_up->campaign_id) : NULL;
    if (!campaign)
        return &refusal_not_found;
    if (sign_up->to_tell == 0)
        return NULL;
    sign_up_set_to_tell(work, id, 0);
    campaign_audit(work, campaign, AUDIT_SIGN_UP_TOLD, sign_up->handle);
    return NULL;
}

static bool is_moved(const struct sign_up *has, const struct sign_up *wants)
{
    return has->session_id.n != wants->session_id.n || has->party != wants->party ||
           has->minutes_each != wants->minutes_each;
}

/* Somebody being changed. */
struct changing {
    struct work *work;
    const struct campaign *campaign;
    const struct session *sessions;
    const struct sign_up *has;
    const struct participant_wish *wish;
};

/* The row as it is to be; NULL with errors beside the fields. */
static struct sign_up *row_wanted(const struct changing *changing, struct form_input *input)
{
    struct work *work = changing->work;
    const struct sign_up *has = changing->has;
    const struct participant_wish *wish = changing->wish;
    const struct session *session = session_among(changing->sessions, has->session_id);
    if (!str_is_empty(wish->session))
        session = sign_up_choose(work, changing->sessions, wish->session, input);
    int64_t hours = wish->hours ? wish->hours : has->minutes_each / 60;
    if (wish->party != has->party) /* what was allowed once stays */
        sign_up_check_bounds(work, changing->campaign, wish->party, hours, input);
    if (input->errors || !session)
        return NULL;
    struct sign_up *wants = mem_copy(work->mem, has, sizeof *has);
    bool stays = session->id.n == has->session_id.n && hours == has->minutes_each / 60;
    sign_up_set_name(work, wants, wish->first_name);
    wants->session_id = session->id;
    wants->party = wish->party;
    if (!stays)
        wants->minutes_each = sign_up_minutes(changing->campaign, session, hours);
    wants->note = wish->note;
    if (has->state == SIGN_UP_PENDING)
        wants->asked++; /* the code of the mail is for what was asked for then */
    return wants;
}

/* Why its date or party cannot be changed. */
static const struct refusal *refuses_move(const struct changing *changing,
                                          const struct sign_up *wants)
{
    struct work *work = changing->work;
    const struct session *from = session_among(changing->sessions, changing->has->session_id);
    const struct session *to = session_among(changing->sessions, wants->session_id);
    const struct refusal *refusal = campaign_refuses_by_hand(changing->campaign);
    if (!refusal && (!sign_up_holds_seat(changing->has) ||
                     sign_up_is_over(changing->campaign, from, work->now)))
        refusal = &sign_up_over;
    if (refusal || from->id.n == to->id.n)
        return refusal;
    if ((refusal = session_refuses_sign_ups(to, work->now)))
        return refusal;
    return of_others(
        sign_up_refuses_moving(work, changing->campaign, changing->sessions, changing->has, to));
}

const struct refusal *participant_change(struct work *work, struct sign_up_id id,
                                         const struct participant_wish *wish,
                                         struct form_input *input)
{
    assert(work->login);
    struct changing changing = {work, .has = sign_up_get(work, id), .wish = wish};
    const struct sign_up *has = changing.has;
    if (has)
        changing.campaign = campaign_get(work, has->campaign_id);
    if (changing.campaign)
        changing.sessions = campaign_sessions(work, has->campaign_id);
    if (!changing.sessions || !session_among(changing.sessions, has->session_id))
        return &refusal_not_found;
    struct sign_up *wants = row_wanted(&changing, input);
    if (!wants)
        return &refusal_fields;
    if (!is_moved(has, wants)) {
        sign_up_update(work, wants);
        if (!str_equal(has->first_name, wants->first_name))
            sign_up_note_activity(work, wants, ACTIVITY_UPDATE, work->login->person.n);
        return NULL;
    }
    const struct refusal *refusal = refuses_move(&changing, wants);
    if (!refusal)
        refusal = sign_up_rewrite(work, has, wants, work->login->person.n);
    if (refusal)
        return refusal;
    campaign_audit(work, changing.campaign, AUDIT_SIGN_UP_CHANGE, wants->handle);
    if (sign_up_is_in(wants))
        sign_up_mail_changed(work, wants, name_of(work, changing.campaign));
    return NULL;
}

const struct refusal *participant_remove(struct work *work, struct sign_up_id id,
                                         const char *reason, struct form_input *input)
{
    assert(work->login);
    const struct sign_up *sign_up = sign_up_get(work, id);
    const struct campaign *campaign = sign_up ? campaign_get(work, sign_up->campaign_id) : NULL;
    const struct session *session = campaign ? session_get(work, sign_up->session_id) : NULL;
    if (!session)
        return &refusal_not_found;
    if (sign_up->state == SIGN_UP_CANCELLED)
        return NULL;
    bool can_leave = sign_up_holds_seat(sign_up) || sign_up->to_call;
    if (!can_leave || sign_up_is_over(campaign, session, work->now))
        return &sign_up_over;
    bool is_told = sign_up_has_mailbox(sign_up) && sign_up->state != SIGN_UP_PENDING;
    if (str_is_empty(reason) && is_told) {
        form_error_add(work->mem, input, "reason",
                       N_("Please write a word: it is sent to this person."), 0);
        return &refusal_fields;
    }
    sign_up_end_by(work, sign_up, SIGN_UP_CANCELLED, work->login->person.n);
    campaign_audit(work, campaign, AUDIT_SIGN_UP_REMOVE, sign_up->handle);
    if (is_told)
        sign_up_mail_removed(work, sign_up, name_of(work, campaign), reason);
    return NULL;
}
