/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lists of people for who leads a campaign: all of them in keyed pages, found by the beginning of a
 * name or an address, on paper for the day; and what stands of them on the organiser's page. */
#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "features/signups/signups_again.h"
#include "features/signups/signups_organise.h"
#include "features/signups/signups_organise.html.h"
#include "features/signups/signups_organise_views.h"
#include "features/signups/signups_views.h"
#include "sys/lang.h"
#include "sys/mail.h"
#include "sys/words.h"
#include "web/feature.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

/* JSON. */

static const struct view_field line_fields[] = {
    {"handle", VIEW_TEXT, offsetof(struct person_line, handle)},
    {"first_name", VIEW_TEXT_OR_NULL, offsetof(struct person_line, first_name)},
    {"email", VIEW_TEXT_OR_NULL, offsetof(struct person_line, email)},
    {"party", VIEW_INT, offsetof(struct person_line, party)},
    {"session", VIEW_TEXT_OR_NULL, offsetof(struct person_line, session)},
    {"state", VIEW_TEXT, offsetof(struct person_line, state), .words = sign_up_state_names},
    {"created_at", VIEW_TIME, offsetof(struct person_line, created_at)},
    {"confirmed_at", VIEW_TIME_OR_NULL, offsetof(struct person_line, confirmed_at)},
    {"brought_by", VIEW_TEXT_OR_NULL, offsetof(struct person_line, brought_by)},
    {"mails_come_back", VIEW_BOOL, offsetof(struct person_line, bounced)},
    {"to_call", VIEW_BOOL, offsetof(struct person_line, to_call)},
    {.name = NULL},
};
const struct view participant_json = {"participant", line_fields};

struct people_json {
    const struct person_line *items;
    const char *next;
};
static const struct view_field people_fields[] = {
    {"items", VIEW_LIST, offsetof(struct people_json, items), &participant_json},
    {"next", VIEW_TEXT_OR_NULL, offsetof(struct people_json, next)},
    {.name = NULL},
};
const struct view participants_json = {"participants", people_fields};

/* The list. What was asked for: */
struct asked {
    struct participant_query query;
    const char *state; /* "" for all */
    const char *session;
    const char *q; /* a search leaves the filters aside */
    bool bounced;
};

static bool state_read(const char *name, enum sign_up_state *ret_state)
{
    for (enum sign_up_state state = SIGN_UP_PENDING; state <= SIGN_UP_ABSENT; state++)
        if (str_equal(sign_up_state_name(state), name)) {
            *ret_state = state;
            return true;
        }
    return false;
}

static const struct session *session_of_handle(const struct session *session, const char *handle)
{
    while (session && !str_equal(session->handle, handle))
        session = session->next;
    return session;
}

static const struct refusal *asked_read(struct request *rq, const struct campaign *campaign,
                                        struct asked *asked)
{
    struct work *work = &rq->work;
    const char *after = request_query(rq, "after");
    *asked = (struct asked){
        .query = {.campaign = campaign->id, .before = INT64_MAX, .count = PARTICIPANTS_PAGE + 1},
        .state = request_query(rq, "state"),
        .session = request_query(rq, "session"),
        .q = str_trim(work->mem, request_query(rq, "q")),
        .bounced = str_equal(request_query(rq, "mails"), "back"),
    };
    struct participant_query *query = &asked->query;
    query->to_call = str_equal(asked->state, STATE_TO_CALL);
    query->has_state = !str_is_empty(asked->state) && !query->to_call;
    if (query->has_state && !state_read(asked->state, &query->state))
        return &refusal_bad_request;
    if (!str_is_empty(asked->session)) {
        const struct session *session =
            session_of_handle(campaign_sessions(work, campaign->id), asked->session);
        if (!session)
            return &refusal_bad_request;
        query->session = session->id;
    }
    if (str_is_empty(after))
        return NULL;
    const struct participant *last = participant_get(work, campaign->id, after);
    query->before = last ? last->id.n : 0;
    return last ? NULL : &refusal_bad_request;
}

/* This list with other filters, or from another place on. */
static const char *list_url(struct request *rq, const struct campaign *campaign, const char *state,
                            const char *session, const char *after)
{
    struct mem *mem = rq->work.mem;
    const char *query = mem_printf(mem, "%s%s%s", *state ? path_make(mem, "&state=%s", state) : "",
                                   *session ? path_make(mem, "&session=%s", session) : "",
                                   *after ? path_make(mem, "&after=%s", after) : "");
    const char *path = people_path(rq, campaign, "/people");
    return *query ? mem_printf(mem, "%s?%s", path, query + 1) : path;
}

static void chip_add(struct mem *mem, const struct filter_chip ***end,
                     const struct filter_chip *chip)
{
    struct filter_chip *added = mem_copy(mem, chip, sizeof *chip);
    **end = added;
    *end = &added->next;
}

static const struct filter_chip *state_chips(struct request *rq, const struct campaign *campaign,
                                             const struct asked *asked)
{
    static const struct {
        const char *state;
        const char *label;
    } rows[] = {
        {"", N_("All")},
        {"confirmed", N_("Confirmed")},
        {"pending", N_("To be confirmed")},
        {"expired", N_("Place given back")},
        {"cancelled", N_("Cancelled")},
        {STATE_TO_CALL, N_("To call")},
    };
    const struct filter_chip *first = NULL;
    const struct filter_chip **end = &first;
    bool filters = str_is_empty(asked->q) && !asked->bounced;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        chip_add(rq->work.mem, &end,
                 &(struct filter_chip){
                     .label = lang_text(rq->lang, rows[i].label),
                     .url = list_url(rq, campaign, rows[i].state, asked->session, ""),
                     .is_current = filters && str_equal(rows[i].state, asked->state),
                 });
    chip_add(rq->work.mem, &end,
             &(struct filter_chip){
                 .label = lang_text(rq->lang, N_("E-mails come back")),
                 .url = people_path(rq, campaign, "/people?mails=back"),
                 .is_current = asked->bounced,
             });
    return first;
}

static const struct filter_chip *session_chips(struct request *rq, const struct campaign *campaign,
                                               const struct asked *asked)
{
    const struct session *session = campaign_sessions(&rq->work, campaign->id);
    const struct filter_chip *first = NULL;
    const struct filter_chip **end = &first;
    if (!session || !session->next)
        return NULL;
    chip_add(rq->work.mem, &end,
             &(struct filter_chip){
                 .label = lang_text(rq->lang, N_("All dates")),
                 .url = list_url(rq, campaign, asked->state, "", ""),
                 .is_current = str_is_empty(asked->session),
             });
    for (; session; session = session->next)
        chip_add(rq->work.mem, &end,
                 &(struct filter_chip){
                     .label = session_name(rq, session),
                     .url = list_url(rq, campaign, asked->state, session->handle, ""),
                     .is_current = str_equal(asked->session, session->handle),
                 });
    return first;
}

/* By name, or by address: what stands before an '@' may be either. */
static const struct participant *people_found(struct request *rq, const struct asked *asked)
{
    struct work *work = &rq->work;
    struct campaign_id campaign = asked->query.campaign;
    const char *name = words_fold(work->mem, asked->q);
    const char *email = str_lower(work->mem, asked->q);
    const struct participant *by_name =
        strchr(asked->q, '@') || str_is_empty(name)
            ? NULL
            : participant_find_name(work, campaign, name, PARTICIPANTS_FOUND_MAX + 1);
    return by_name ? by_name
                   : participant_find_email(work, campaign, email, PARTICIPANTS_FOUND_MAX + 1);
}

static const struct participant *people_list(struct request *rq, const struct asked *asked)
{
    if (!str_is_empty(asked->q))
        return people_found(rq, asked);
    if (asked->bounced)
        return participant_list_bounced(&rq->work, asked->query.campaign,
                                        PARTICIPANTS_FOUND_MAX + 1);
    return participant_list(&rq->work, &asked->query);
}

/* The last one that is shown, where there are more; NULL: that was all. */
static const struct participant *last_of_page(const struct participant *list)
{
    for (int i = 1; list && i < PARTICIPANTS_PAGE; i++)
        list = list->next;
    return list && list->next ? list : NULL;
}

/* What the list on paper is called. */
static const char *day_words(struct request *rq, const struct campaign *campaign)
{
    return lang_text(rq->lang, campaign_has_sessions(campaign) ? N_("List for the day")
                                                               : N_("List on paper"));
}

const struct refusal *people_show(struct request *rq)
{
    struct work *work = &rq->work;
    struct asked asked;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    const struct refusal *refusal =
        campaign ? asked_read(rq, campaign, &asked) : &refusal_not_found;
    if (refusal)
        return refusal;
    const struct participant *list = people_list(rq, &asked);
    const struct participant *last = last_of_page(list);
    bool is_search = !str_is_empty(asked.q) || asked.bounced;
    const char *next = last && !is_search ? last->handle : NULL;
    const struct person_line *items = person_lines(rq, campaign, list, PARTICIPANTS_PAGE);
    if (rq->wants_json) {
        reply_json(rq, &participants_json, &(struct people_json){items, next});
        return NULL;
    }
    const struct people_page view = {
        .title = campaign->title,
        .language = campaign->language,
        .back = people_path(rq, campaign, ""),
        .path = people_path(rq, campaign, "/people"),
        .may_add = !campaign_refuses_by_hand(campaign),
        .add_path = people_path(rq, campaign, "/people/new"),
        .csv_path = people_path(rq, campaign, "/people.csv"),
        .day_path = people_path(rq, campaign, "/list"),
        .day_words = day_words(rq, campaign),
        .states = state_chips(rq, campaign, &asked),
        .sessions = session_chips(rq, campaign, &asked),
        .q = asked.q,
        .is_search = is_search,
        .is_to_call = asked.query.to_call,
        .is_filtered = asked.bounced || !str_is_empty(asked.state) || asked.query.session.n,
        .found_more = is_search && last,
        .items = items,
        .more_url = next ? list_url(rq, campaign, asked.state, asked.session, next) : NULL,
        .first_url = asked.query.before < INT64_MAX
                         ? list_url(rq, campaign, asked.state, asked.session, "")
                         : NULL,
    };
    const struct page page = {.title = lang_text(rq->lang, N_("People")), .noindex = true};
    struct html *h = page_begin(rq, &page);
    people_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

/* For the day: one session, in the order of names. */

/* When it is; without dates, until when people take part. */
static const char *when_of_day(struct request *rq, const struct campaign *campaign,
                               const struct session *session)
{
    struct mem *mem = rq->work.mem;
    if (campaign_has_sessions(campaign))
        return session_when(&rq->work, rq->lang, session);
    struct lang_hole hole = {"date", lang_date(rq->lang, mem, LANG_DATE_TIME, campaign->closes_at,
                                               campaign_zone(&rq->work, campaign))};
    return lang_fill(mem, lang_text(rq->lang, N_("Until {date}")), &hole, 1);
}

/* The one that is asked for; else the first that is not over. */
static const struct session *session_of_day(struct request *rq, const struct session *sessions)
{
    const char *asked = request_query(rq, "session");
    if (!str_is_empty(asked))
        return session_of_handle(sessions, asked);
    for (const struct session *session = sessions; session; session = session->next)
        if (!session_refuses_sign_ups(session, rq->work.now))
            return session;
    return sessions;
}

static const char *day_url(struct request *rq, const struct campaign *campaign,
                           const struct session *session, const char *after)
{
    struct mem *mem = rq->work.mem;
    const char *query = *after ? path_make(mem, "?session=%s&after=%s", session->handle, after)
                               : path_make(mem, "?session=%s", session->handle);
    return people_path(rq, campaign, mem_printf(mem, "/list%s", query));
}

static const struct filter_chip *day_chips(struct request *rq, const struct campaign *campaign,
                                           const struct session *session,
                                           const struct session *current)
{
    const struct filter_chip *first = NULL;
    const struct filter_chip **end = &first;
    if (!session->next)
        return NULL;
    for (; session; session = session->next)
        chip_add(rq->work.mem, &end,
                 &(struct filter_chip){
                     .label = session_name(rq, session),
                     .url = day_url(rq, campaign, session, ""),
                     .is_current = session == current,
                 });
    return first;
}

/* `ret_last`: of a full page with others behind it. */
static const struct day_person *day_people(struct request *rq, const struct campaign *campaign,
                                           const struct participant *list,
                                           const struct participant **ret_last)
{
    const struct day_person *first = NULL;
    const struct day_person **end = &first;
    for (int i = 0; list && i < PARTICIPANTS_DAY_PAGE; list = list->next, i++) {
        struct day_person *person = MEM_NEW(rq->work.mem, struct day_person);
        person->first_name = list->first_name;
        person->party = list->party;
        person->gives =
            campaign->asks_hours ? minutes_words(&rq->work, rq->lang, list->minutes_each) : NULL;
        person->note = list->note;
        *end = person;
        end = &person->next;
        if (i == PARTICIPANTS_DAY_PAGE - 1 && list->next)
            *ret_last = list;
    }
    return first;
}

const struct refusal *people_day_show(struct request *rq)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    const struct session *sessions = campaign ? campaign_sessions(work, campaign->id) : NULL;
    const struct session *session = sessions ? session_of_day(rq, sessions) : NULL;
    if (!session)
        return &refusal_not_found;
    static const struct participant start = {.name_key = ""};
    const char *asked = request_query(rq, "after");
    const struct participant *after =
        str_is_empty(asked) ? &start : participant_get(work, campaign->id, asked);
    if (!after)
        return &refusal_bad_request;
    const struct participant *last = NULL;
    const struct participant *list =
        participant_list_for_the_day(work, session->id, after, PARTICIPANTS_DAY_PAGE + 1);
    const struct day_person *items = day_people(rq, campaign, list, &last);
    bool is_named = !str_is_empty(session->title);
    const struct day_page view = {
        .words = day_words(rq, campaign),
        .asks_hours = campaign->asks_hours,
        .is_dated = campaign_has_sessions(campaign),
        .title = campaign->title,
        .language = campaign->language,
        .back = people_path(rq, campaign, ""),
        .session = is_named ? session->title : NULL,
        .when = when_of_day(rq, campaign, session),
        .where = session_where(campaign, session),
        .people = session->taken - session->pending,
        .sessions = day_chips(rq, campaign, sessions, session),
        .items = items,
        .more_url = last ? day_url(rq, campaign, session, last->handle) : NULL,
        .first_url = after == &start ? NULL : day_url(rq, campaign, session, ""),
    };
    const struct page page = {.title = view.words, .noindex = true};
    struct html *h = page_begin(rq, &page);
    day_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

/* On the organiser's page. */

static const struct session_row *session_rows(struct request *rq, const struct campaign *campaign)
{
    const struct session_row *first = NULL;
    const struct session_row **end = &first;
    for (const struct session *session = campaign_sessions(&rq->work, campaign->id); session;
         session = session->next) {
        struct session_row *row = MEM_NEW(rq->work.mem, struct session_row);
        bool is_unlimited = session->capacity == SESSION_UNLIMITED;
        const char *name = session_name(rq, session);
        row->title = str_is_empty(name) ? lang_text(rq->lang, N_("Everybody")) : name;
        row->when =
            str_is_empty(session->title) ? NULL : session_when(&rq->work, rq->lang, session);
        row->sure = session->taken - session->pending;
        row->pending = session->pending;
        row->capacity = is_unlimited ? 0 : session->capacity;
        row->left = is_unlimited ? VIEW_NONE : session->capacity - session->taken;
        row->people_path = list_url(rq, campaign, "confirmed", session->handle, "");
        row->day_path = day_url(rq, campaign, session, "");
        row->day_words = day_words(rq, campaign);
        *end = row;
        end = &row->next;
    }
    return first;
}

void people_panel(struct request *rq, struct html *h, int64_t campaign_id)
{
    const struct campaign *campaign = campaign_get(&rq->work, (struct campaign_id){campaign_id});
    if (!campaign || campaign->state == CAMPAIGN_DRAFT || campaign->state == CAMPAIGN_SUBMITTED)
        return; /* nobody can have come */
    bool is_off = campaign->state == CAMPAIGN_MISSED || campaign->state == CAMPAIGN_CANCELLED;
    const struct people_box view = {
        .people_path = people_path(rq, campaign, "/people"),
        .add_path = people_path(rq, campaign, "/people/new"),
        .csv_path = people_path(rq, campaign, "/people.csv"),
        .day_path = people_path(rq, campaign, "/list"),
        .may_add = !campaign_refuses_by_hand(campaign),
        .is_off = is_off,
        .people = campaign->people,
        .sessions = is_off ? NULL : session_rows(rq, campaign),
    };
    people_box(h, &view);
}

static const char *counted(struct request *rq, const char *pattern, int64_t n)
{
    struct lang_hole hole = {"n", lang_number(rq->lang, rq->work.mem, n)};
    return lang_fill(rq->work.mem, pattern, &hole, 1);
}

/* One that leads to a list of them. */
static void see_who(struct request *rq, struct todo_list *list, enum todo_urgency urgency,
                    const char *words, const char *path)
{
    todo_add(list, &(struct todo){
                       .urgency = urgency,
                       .words = words,
                       .action = lang_text(rq->lang, N_("See who")),
                       .path = path,
                   });
}

/* Whom no mail reaches, and who has to hear something, or to be asked: whatever became of the
 * campaign. */
static void calls_todos(struct request *rq, const struct campaign *campaign, struct todo_list *list)
{
    int64_t n = participant_count_to_call(&rq->work, campaign->id);
    if (n == 0)
        return;
    const char *words = lang_plural(
        rq->lang,
        "{n} person without an e-mail address does not know what is new. Please call them.",
        "{n} people without an e-mail address do not know what is new. Please call them.", n);
    see_who(rq, list, TODO_SOON, counted(rq, words, n),
            people_path(rq, campaign, "/people?state=" STATE_TO_CALL));
}

/* Who has not answered whether they are in, or still are. */
static void answers_todos(struct request *rq, const struct campaign *campaign,
                          struct todo_list *list)
{
    struct work *work = &rq->work;
    const char *path = people_path(rq, campaign, "/people?state=expired");
    int64_t n;
    if (campaign_refuses_sign_ups(campaign, work->now))
        return;
    if ((n = participant_count_expired(work, campaign->id, AGAIN_EXTENDED)) > 0)
        see_who(rq, list, TODO_LATER,
                counted(rq,
                        lang_plural(rq->lang,
                                    "{n} person was in before the first deadline and has not said "
                                    "yet whether they still are.",
                                    "{n} people were in before the first deadline and have not "
                                    "said yet whether they still are.",
                                    n),
                        n),
                path);
    if ((n = participant_count_expired(work, campaign->id, "")) > 0)
        see_who(rq, list, TODO_LATER,
                counted(rq,
                        lang_plural(rq->lang,
                                    "{n} person filled in the form and did not confirm. Perhaps "
                                    "they need help.",
                                    "{n} people filled in the form and did not confirm. Perhaps "
                                    "they need help.",
                                    n),
                        n),
                path);
}

void people_todos(struct request *rq, int64_t campaign_id, struct todo_list *list)
{
    sign_up_coming_todos(rq, campaign_id, list);
    sign_up_again_todos(rq, campaign_id, list);
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get(work, (struct campaign_id){campaign_id});
    if (!campaign)
        return;
    calls_todos(rq, campaign, list);
    if (campaign_refuses_by_hand(campaign))
        return;
    int64_t bounced = participant_count_bounced(work, campaign->id);
    if (bounced > 0)
        see_who(rq, list, TODO_SOON,
                counted(rq,
                        lang_plural(rq->lang,
                                    "E-mails to {n} person come back: they will hear nothing "
                                    "unless you call them.",
                                    "E-mails to {n} people come back: they will hear nothing "
                                    "unless you call them.",
                                    bounced),
                        bounced),
                people_path(rq, campaign, "/people?mails=back"));
    answers_todos(rq, campaign, list);
}
