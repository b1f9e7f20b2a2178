/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One's own sign-up, for whoever holds the token of its mail: the page and its JSON, confirming,
 * changing, cancelling, and the calendar entry. Its routes stand with the feature's others, in
 * signups_pages.c. */
#include "base/mem.h"
#include "base/str.h"
#include "core/outbox/outbox.h"
#include "features/signups/signups.html.h"
#include "features/signups/signups_local.h"
#include "features/signups/signups_pages_local.h"
#include "features/signups/signups_views.h"
#include "sys/html.h"
#include "sys/lang.h"
#include "web/app.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

#define CHANGE(member) offsetof(struct sign_up_change, member)

const struct form own_change_form = {
    "change", sizeof(struct sign_up_change),
    (const struct field[]){
        {.name = "session",
         .label = N_("When will you come?"),
         .kind = FIELD_HANDLE,
         .min = 1,
         .max = 32,
         .offset = CHANGE(session)},
        {.name = "party",
         .label = N_("How many will you be?"),
         .kind = FIELD_INT,
         .required = true,
         .min = 1,
         .max = SIGN_UP_PARTY_MAX,
         .offset = CHANGE(party)},
        {.name = "hours",
         .label = N_("How many hours will each of you give?"),
         .kind = FIELD_INT,
         .min = 1,
         .max = SIGN_UP_HOURS_MAX,
         .offset = CHANGE(hours)},
        {.name = "show_name",
         .label = N_("Show my first name among those who take part"),
         .kind = FIELD_BOOL,
         .offset = CHANGE(show_name)},
        {.name = NULL},
    }};

struct own_json {
    const char *state, *campaign, *first_name, *session, *share_url;
    int64_t party, minutes, brought, expires_at, answer_by;
    bool show_name;
};
#define OWN(member) offsetof(struct own_json, member)
static const struct view_field own_fields[] = {
    {"state", VIEW_TEXT, OWN(state), .words = sign_up_state_names},
    {"campaign", VIEW_TEXT, OWN(campaign)},
    {"first_name", VIEW_TEXT, OWN(first_name)},
    {"party", VIEW_INT, OWN(party)},
    {"session", VIEW_TEXT_OR_NULL, OWN(session)},
    {"hours", VIEW_HOURS, OWN(minutes)},
    {"show_name", VIEW_BOOL, OWN(show_name)},
    {"brought", VIEW_INT, OWN(brought)},
    {"share_url", VIEW_TEXT, OWN(share_url)},
    {"expires_at", VIEW_TIME_OR_NULL, OWN(expires_at)},
    {"answer_by", VIEW_TIME_OR_NULL, OWN(answer_by)},
    {.name = NULL},
};
const struct view own_view = {"sign_up", own_fields};

/* All that both forms of one's own page show. */
struct own {
    const struct sign_up *sign_up;
    const struct campaign *campaign;
    const struct session *sessions;
    const struct session *session;
    const char *share_url;
    int64_t brought;
};

/* Reads them; NULL is nobody's. False: it is nobody's. */
static bool own_read(struct request *rq, const struct sign_up *sign_up, struct own *ret_own)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = sign_up ? campaign_get(work, sign_up->campaign_id) : NULL;
    if (!campaign)
        return false;
    const char *path = campaign_path(work, campaign);
    const struct session *sessions = campaign_sessions(work, campaign->id);
    *ret_own = (struct own){
        .sign_up = sign_up,
        .campaign = campaign,
        .sessions = sessions,
        .session = session_among(sessions, sign_up->session_id),
        .share_url = work_url(work, mem_printf(work->mem, "%s?ref=%s", path, sign_up->ref)),
        .brought = sign_up_count_brought(work, sign_up->id),
    };
    return ret_own->session;
}

static void own_reply_json(struct request *rq, const struct own *own)
{
    const struct sign_up *sign_up = own->sign_up;
    const struct own_json json = {
        .state = sign_up_state_name(sign_up->state),
        .campaign = own->campaign->slug,
        .first_name = sign_up->first_name,
        .session = own->session->starts_at ? own->session->handle : NULL,
        .share_url = own->share_url,
        .party = sign_up->party,
        .minutes = sign_up->minutes_each,
        .brought = own->brought,
        .expires_at = sign_up->state == SIGN_UP_PENDING ? sign_up->expires_at : 0,
        .answer_by = sign_up_is_in(sign_up) ? sign_up->again_by : 0,
        .show_name = sign_up->show_name,
    };
    reply_json(rq, &own_view, &json);
}

static const char *own_action(struct request *rq, const struct sign_up *sign_up, const char *verb)
{
    return mem_printf(rq->work.mem, "%s/%s", sign_up_path(&rq->work, sign_up), verb);
}

/* What the forms of the page begin with. */
static void own_fill_forms(struct request *rq, const struct own *own, struct own_page *view)
{
    struct mem *mem = rq->work.mem;
    const struct sign_up *sign_up = own->sign_up;
    const char *party = mem_printf(mem, "%lld", (long long)sign_up->party);
    const char *hours = mem_printf(mem, "%lld", (long long)(sign_up->minutes_each / 60));
    view->errors = form_summary(rq, &own_change_form);
    view->session = form_input_view(rq, &own_change_form, "session", "");
    view->party = form_input_view(rq, &own_change_form, "party", party);
    view->hours =
        own->campaign->asks_hours ? form_input_view(rq, &own_change_form, "hours", hours) : NULL;
    view->show_name =
        form_input_view(rq, &own_change_form, "show_name", sign_up->show_name ? "true" : "");
    const struct session_own mine = {own->session->id, N_("Your date")};
    view->choices = session_choices_new(rq, own->sessions, &mine, view->session->value);
    view->parties = party_options_new(rq, own->campaign->party_max, view->party->value);
}

/* What stands on top of the page; what is wrong in fields is said by their form. */
static const char *own_refusal(struct request *rq)
{
    bool beside_fields = rq->refusal && rq->refusal->status == 422;
    return rq->refusal && !beside_fields ? lang_text(rq->lang, rq->refusal->sentence) : NULL;
}

/* What the address says was kept, unless a later question waits for its own answer. */
static const char *own_saved(struct request *rq, const struct sign_up *sign_up)
{
    if (rq->refusal || str_equal(sign_up->again, AGAIN_MOVED))
        return NULL;
    const char *saved = request_query(rq, "saved");
    if (!*saved)
        return NULL;
    return lang_text(rq->lang,
                     str_equal(saved, "coming") ? N_("Noted: you are coming.") : N_("Saved."));
}

static struct own_page own_page_of(struct request *rq, const struct own *own)
{
    struct work *work = &rq->work;
    const struct sign_up *sign_up = own->sign_up;
    bool can_confirm = sign_up->state == SIGN_UP_PENDING || sign_up->state == SIGN_UP_EXPIRED ||
                       sign_up->state == SIGN_UP_CANCELLED;
    bool open = !campaign_refuses_sign_ups(own->campaign, work->now);
    struct own_page view = {
        .first_name = sign_up->first_name,
        .campaign_title = own->campaign->title,
        .campaign_url = campaign_path(work, own->campaign),
        .when = session_when(work, rq->lang, own->session),
        .where = session_where(own->campaign, own->session),
        .each = minutes_words(work, rq->lang, sign_up->minutes_each),
        .party_count = sign_up->party,
        .is_pending = sign_up->state == SIGN_UP_PENDING,
        .is_cancelled = sign_up->state == SIGN_UP_CANCELLED,
        .is_released = sign_up->state == SIGN_UP_RELEASED,
        .is_extended = str_equal(sign_up->again, AGAIN_EXTENDED),
        .is_moved = str_equal(sign_up->again, AGAIN_MOVED),
        .cancelled_because = own->campaign->state == CAMPAIGN_CANCELLED
                                 ? campaign_cancelled_because(work, own->campaign->id)
                                 : "",
        .held_until = lang_date(rq->lang, work->mem, LANG_TIME, sign_up->expires_at,
                                campaign_zone(work, own->campaign)),
        .refusal = own_refusal(rq),
        .saved = own_saved(rq, sign_up),
        .rank_words = rank_words(work, rq->lang, sign_up->rank),
        .tally = campaign_tally_html(rq, own->campaign),
        .confirm_url = can_confirm && open ? own_action(rq, sign_up, "confirm") : NULL,
        .change_url = own_action(rq, sign_up, "change"),
        .cancel_url = own_action(rq, sign_up, "cancel"),
        .calendar_url = own->session->starts_at && sign_up->confirmed_at
                            ? own_action(rq, sign_up, "calendar.ics")
                            : NULL,
        .may_change = !sign_up_is_over(own->campaign, own->session, work->now),
        .may_share = !campaign_refuses_sign_ups(own->campaign, work->now),
        .is_hidden = own->campaign->hidden,
        .share_url = own->share_url,
        .share_mail = mem_printf(work->mem, "mailto:?subject=%s&body=%s",
                                 url_encode(work->mem, own->campaign->title),
                                 url_encode(work->mem, own->share_url)),
        .brought = own->brought,
        .brought_people = sign_up_list_brought(work, sign_up->id),
        .panels = page_panels(rq, PANEL_SIGN_UP, sign_up->id.n),
        .below = page_panels(rq, PANEL_OWN, sign_up->id.n),
    };
    own_fill_forms(rq, own, &view);
    if (sign_up_is_in(sign_up) && view.may_change && view.errors)
        view.refusal = NULL; /* said beside the form */
    return view;
}

const struct refusal *sign_up_page_show(struct request *rq, const struct sign_up *sign_up)
{
    struct own own;
    if (!own_read(rq, sign_up, &own))
        return &refusal_not_found;
    if (rq->wants_json) {
        own_reply_json(rq, &own);
        return NULL;
    }
    const struct own_page view = own_page_of(rq, &own);
    const struct page page = {.title = own.campaign->title, .noindex = true};
    struct html *h = page_begin(rq, &page);
    if (sign_up_is_in(own.sign_up))
        own_page(h, &view);
    else
        own_waiting_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

static const struct sign_up *own_of_token(struct request *rq)
{
    return sign_up_get_by_token(&rq->work, rq->params[0]);
}

/* The page of whoever holds the token; shown again when a change was refused. */
const struct refusal *own_show(struct request *rq)
{
    return sign_up_page_show(rq, own_of_token(rq));
}

const struct refusal *own_calendar_handle(struct request *rq)
{
    struct own own;
    if (!own_read(rq, own_of_token(rq), &own) || !own.sign_up->confirmed_at)
        return &refusal_not_found;
    const char *calendar = sign_up_calendar(
        &rq->work, &(struct sign_up_entry){own.sign_up, own.campaign, own.session, rq->lang,
                                           .is_off = !sign_up_is_in(own.sign_up)});
    if (!calendar)
        return &refusal_not_found;
    reply_text(rq, 200, "text/calendar; charset=utf-8", calendar);
    return NULL;
}

/* After something was done: back to the page, or its JSON at once. `saved`, unless empty, is a
 * query by which the page says that it was kept, where nothing else on it does. */
static const struct refusal *own_done(struct request *rq, const struct refusal *refusal,
                                      const char *saved)
{
    if (refusal)
        return refusal;
    if (rq->wants_json)
        return own_show(rq);
    reply_see_other(
        rq, mem_join(rq->work.mem, path_make(rq->work.mem, "/sign-ups/%s", rq->params[0]), saved));
    return NULL;
}

const struct refusal *own_again_handle(struct request *rq)
{
    reply_see_other(rq, path_make(rq->work.mem, "/sign-ups/%s", rq->params[0]));
    return NULL;
}

/* Of who acts by the link of a mail, which has arrived then. NULL: of nobody. */
static const struct sign_up *own_of_reader(struct request *rq)
{
    const struct sign_up *sign_up = own_of_token(rq);
    if (sign_up)
        outbox_address_proved(&rq->work, sign_up->email);
    return sign_up;
}

const struct refusal *own_confirm_handle(struct request *rq)
{
    const struct sign_up *sign_up = own_of_reader(rq);
    if (!sign_up)
        return &refusal_not_found;
    const char *saved = sign_up_is_in(sign_up) ? "?saved=coming" : "";
    return own_done(rq, sign_up_confirm(&rq->work, sign_up->id), saved);
}

const struct refusal *own_change_handle(struct request *rq)
{
    const struct sign_up *sign_up = own_of_reader(rq);
    if (!sign_up)
        return &refusal_not_found;
    return own_done(rq, sign_up_change(&rq->work, sign_up->id, rq->input.parsed, &rq->input),
                    "?saved=1");
}

const struct refusal *own_cancel_handle(struct request *rq)
{
    const struct sign_up *sign_up = own_of_reader(rq);
    if (!sign_up)
        return &refusal_not_found;
    return own_done(rq, sign_up_cancel(&rq->work, sign_up->id), "");
}
