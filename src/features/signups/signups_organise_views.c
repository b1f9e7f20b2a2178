/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Words and addresses for the organisers' pages of people. */
#include "features/signups/signups_organise_views.h"

#include "base/mem.h"
#include "base/str.h"
#include "features/signups/signups_organise.h"
#include "features/signups/signups_views.h"
#include "sys/lang.h"
#include "web/request.h"
#include "web/view.h"

const char *participant_state_words(const struct request *rq, enum sign_up_state state,
                                    const char *again)
{
    switch (state) {
    case SIGN_UP_PENDING:
        return lang_text(rq->lang, N_("To be confirmed"));
    case SIGN_UP_CONFIRMED:
        return lang_text(rq->lang, N_("Confirmed"));
    case SIGN_UP_EXPIRED:
        return str_equal(again, AGAIN_EXTENDED) ? lang_text(rq->lang, N_("To say yes again"))
                                                : lang_text(rq->lang, N_("Place given back"));
    case SIGN_UP_WAITING:
        return lang_text(rq->lang, N_("On the waiting list"));
    case SIGN_UP_OFFERED:
        return lang_text(rq->lang, N_("A place is offered"));
    case SIGN_UP_CANCELLED:
        return lang_text(rq->lang, N_("Cancelled"));
    case SIGN_UP_RELEASED:
        return lang_text(rq->lang, N_("It did not take place"));
    case SIGN_UP_ATTENDED:
        return lang_text(rq->lang, N_("Was there"));
    case SIGN_UP_ABSENT:
        return lang_text(rq->lang, N_("Was not there"));
    }
    return "";
}

const char *people_path(struct request *rq, const struct campaign *campaign, const char *rest)
{
    struct mem *mem = rq->work.mem;
    return mem_printf(mem, "%s%s", path_make(mem, "/campaigns/%s/organise", campaign->slug), rest);
}

const char *session_name(struct request *rq, const struct session *session)
{
    const char *when = session_when(&rq->work, rq->lang, session);
    return !str_is_empty(session->title) ? session->title : when ? when : "";
}

static const struct {
    int64_t what;
    const char *words;
} news[] = {
    {TELL_CANCELLED, N_("It is cancelled.")},
    {TELL_MISSED, N_("It does not take place: there were not enough of us.")},
    {TELL_CHANGED, N_("The date or the place is not the same any more.")},
    {TELL_MESSAGE, N_("You have written to everybody.")},
};

const struct view_text *participant_news(const struct request *rq, int64_t to_tell)
{
    const struct view_text *first = NULL;
    const struct view_text **end = &first;
    for (size_t i = 0; i < sizeof news / sizeof *news; i++) {
        if (!(to_tell & news[i].what))
            continue;
        struct view_text *line = MEM_NEW(rq->work.mem, struct view_text);
        line->text = lang_text(rq->lang, news[i].words);
        *end = line;
        end = &line->next;
    }
    return first;
}

/* Whether they are to be called, and why: as the list of all those has it (TO_CALL). */
static void line_fill_call(struct request *rq, const struct campaign *campaign,
                           const struct session *session, const struct participant *p,
                           struct person_line *line)
{
    const struct view_text *untold = participant_news(rq, p->to_tell);
    bool dated = session && session->starts_at;
    bool has_begun = dated && session->starts_at <= rq->work.now;
    bool is_over =
        campaign->state == CAMPAIGN_REPORTED || (dated && session->ends_at <= rq->work.now);
    if (is_over || (has_begun && p->to_tell < TELL_MESSAGE))
        return;
    if (p->to_call && !has_begun) {
        line->call = lang_text(rq->lang, N_("Do they still come?"));
    } else if (untold) {
        line->call = untold->text;
        line->told_path = mem_printf(rq->work.mem, "%s/told", line->path);
    } else {
        return;
    }
    line->to_call = true;
    line->note = str_is_empty(p->note) ? NULL : p->note;
}

const struct person_line *person_lines(struct request *rq, const struct campaign *campaign,
                                       const struct participant *list, int count)
{
    struct work *work = &rq->work;
    const struct session *sessions = campaign_sessions(work, campaign->id);
    const struct person_line *first = NULL;
    const struct person_line **end = &first;
    for (; list && count > 0; list = list->next, count--) {
        const struct session *session = session_among(sessions, list->session_id);
        bool dated = session && session->starts_at;
        struct person_line *line = MEM_NEW(work->mem, struct person_line);
        line->handle = list->handle;
        line->path = people_path(rq, campaign, path_make(work->mem, "/people/%s", list->handle));
        line->first_name = str_is_empty(list->first_name) ? NULL : list->first_name;
        line->name =
            line->first_name ? line->first_name : lang_text(rq->lang, N_("Somebody forgotten"));
        line->email = list->email;
        line->party = list->party;
        line->session = dated ? session->handle : NULL;
        line->when = dated ? session_name(rq, session) : NULL;
        line->state = sign_up_state_name(list->state);
        line->state_words = participant_state_words(rq, list->state, list->again);
        line->created_at = list->created_at;
        line->confirmed_at = list->confirmed_at;
        line->since = lang_date(rq->lang, work->mem, LANG_DATE_SHORT, list->created_at,
                                campaign_zone(work, campaign));
        line->brought_by = list->brought_by;
        line->bounced = list->bounced;
        line_fill_call(rq, campaign, session, list, line);
        line->is_confirmed = list->state == SIGN_UP_CONFIRMED;
        *end = line;
        end = &line->next;
    }
    return first;
}
