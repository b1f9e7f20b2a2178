/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pages of one person for who leads a campaign: what is known of them, changing it, taking them
 * out; and adding somebody by hand. The handle in these addresses is no secret: what opens
 * somebody's own sign-up is a keyed hash of it, which stands in their mails alone. */
#include <stddef.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/people/people.h"
#include "features/signups/signups_organise.h"
#include "features/signups/signups_organise.html.h"
#include "features/signups/signups_organise_views.h"
#include "features/signups/signups_views.h"
#include "sys/lang.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

#define WISH(member) offsetof(struct participant_wish, member)

#define FIELD_OF_NAME                                                                              \
    {                                                                                              \
        .name = "first_name", .label = N_("First name"), .kind = FIELD_LINE, .required = true,     \
        .min = 1, .max = NAME_CHARS_MAX, .autocomplete = "off", .offset = WISH(first_name)         \
    }
#define FIELD_OF_SESSION                                                                           \
    {                                                                                              \
        .name = "session", .label = N_("Which date?"), .kind = FIELD_HANDLE, .min = 1, .max = 32,  \
        .offset = WISH(session)                                                                    \
    }
#define FIELD_OF_PARTY                                                                             \
    {                                                                                              \
        .name = "party", .label = N_("How many are they?"), .kind = FIELD_INT, .required = true,   \
        .min = 1, .max = SIGN_UP_PARTY_MAX, .offset = WISH(party)                                  \
    }
#define FIELD_OF_HOURS                                                                             \
    {                                                                                              \
        .name = "hours", .label = N_("How many hours does each give?"), .kind = FIELD_INT,         \
        .min = 1, .max = SIGN_UP_HOURS_MAX, .offset = WISH(hours)                                  \
    }
#define FIELD_OF_NOTE                                                                              \
    {                                                                                              \
        .name = "note", .label = N_("Note"), .kind = FIELD_TEXT,                                   \
        .max = PARTICIPANT_NOTE_BYTES_MAX,                                                         \
        .hint = N_("For those who lead this campaign. It is part of what this person may ask to "  \
                   "see."),                                                                        \
        .offset = WISH(note)                                                                       \
    }

const struct form participant_add_form = {
    "add", sizeof(struct participant_wish),
    (const struct field[]){
        FIELD_OF_SESSION,
        FIELD_OF_NAME,
        {.name = "email",
         .label = N_("E-mail address, if they have one"),
         .kind = FIELD_EMAIL,
         .autocomplete = "off",
         .hint = N_("They get an e-mail with their own link, to change or cancel."),
         .offset = WISH(email)},
        FIELD_OF_PARTY,
        FIELD_OF_HOURS,
        FIELD_OF_NOTE,
        {.name = NULL},
    }};

const struct form participant_change_form = {"person", sizeof(struct participant_wish),
                                             (const struct field[]){FIELD_OF_SESSION,
                                                                    FIELD_OF_NAME,
                                                                    FIELD_OF_PARTY,
                                                                    FIELD_OF_HOURS,
                                                                    FIELD_OF_NOTE,
                                                                    {.name = NULL}}};

struct remove_form {
    const char *reason;
};
const struct form participant_remove_form = {
    "remove", sizeof(struct remove_form),
    (const struct field[]){{.name = "reason",
                            .label = N_("A word for them"),
                            .kind = FIELD_TEXT,
                            .max = PARTICIPANT_REASON_BYTES_MAX,
                            .hint = N_("It is in the e-mail that tells them."),
                            .offset = offsetof(struct remove_form, reason)},
                           {.name = NULL}}};

struct add_answer {
    const char *handle, *state, *url;
};
static const struct view_field add_fields[] = {
    {"handle", VIEW_TEXT, offsetof(struct add_answer, handle)},
    {"state", VIEW_TEXT, offsetof(struct add_answer, state), .words = sign_up_state_names},
    {"url", VIEW_TEXT, offsetof(struct add_answer, url)},
    {.name = NULL},
};
const struct view participant_added_json = {"participant_added", add_fields};

/* A refusal that is beside no field, said on top of the page. */
static const char *refusal_words(struct request *rq)
{
    bool beside_fields = rq->refusal && rq->refusal->status == 422;
    return rq->refusal && !beside_fields ? lang_text(rq->lang, rq->refusal->sentence) : NULL;
}

/* Adding. */

const struct refusal *people_new_show(struct request *rq)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    const struct form *form = &participant_add_form;
    const struct refusal *closed = campaign_refuses_by_hand(campaign);
    struct add_page view = {
        .title = campaign->title,
        .language = campaign->language,
        .back = people_path(rq, campaign, "/people"),
        .action = people_path(rq, campaign, "/people"),
        .closed = closed ? lang_text(rq->lang, closed->sentence) : NULL,
        .errors = rq->refusal && rq->refusal->status == 422 ? form_summary(rq, form) : NULL,
        .refusal = refusal_words(rq),
        .session = form_input_view(rq, form, "session", ""),
        .first_name = form_input_view(rq, form, "first_name", ""),
        .email = form_input_view(rq, form, "email", ""),
        .party = form_input_view(rq, form, "party", "1"),
        .hours = campaign->asks_hours ? form_input_view(rq, form, "hours", "") : NULL,
        .note = form_input_view(rq, form, "note", ""),
    };
    view.choices =
        session_choices_new(rq, campaign_sessions(work, campaign->id), NULL, view.session->value);
    const struct page page = {.title = lang_text(rq->lang, N_("Add somebody")), .noindex = true};
    struct html *h = page_begin(rq, &page);
    people_new_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

const struct refusal *people_add_handle(struct request *rq)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    struct participant_wish *wish = rq->input.parsed;
    struct sign_up_id id;
    const struct refusal *refusal = participant_add(work, campaign, wish, &rq->input, &id);
    if (refusal)
        return refusal;
    const struct sign_up *sign_up = sign_up_get(work, id);
    if (!sign_up)
        return &refusal_not_found;
    const char *path =
        people_path(rq, campaign, path_make(work->mem, "/people/%s", sign_up->handle));
    if (rq->wants_json)
        reply_json(rq, &participant_added_json,
                   &(struct add_answer){sign_up->handle, sign_up_state_name(sign_up->state),
                                        work_url(work, path)});
    else
        reply_see_other(rq, path);
    return NULL;
}

/* One person. */

struct person_read {
    const struct campaign *campaign;
    const struct participant *participant;
    const struct sign_up *sign_up;
};

static bool person_read(struct request *rq, struct person_read *ret_read)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    const struct participant *participant =
        campaign ? participant_get(work, campaign->id, rq->params[1]) : NULL;
    const struct sign_up *sign_up = participant ? sign_up_get(work, participant->id) : NULL;
    *ret_read = (struct person_read){campaign, participant, sign_up};
    return sign_up;
}

static const char *what_words(const struct request *rq, const struct activity_entry *entry)
{
    switch (entry->verb) {
    case ACTIVITY_OFFER:
        return lang_text(rq->lang, N_("Form filled in"));
    case ACTIVITY_JOIN:
        return lang_text(rq->lang, N_("Confirmed"));
    case ACTIVITY_UPDATE:
        return lang_text(rq->lang, N_("Changed"));
    case ACTIVITY_LEAVE:
        return participant_state_words(rq, sign_up_state_from(entry->detail), "");
    case ACTIVITY_CREATE:
    case ACTIVITY_ANNOUNCE:
    case ACTIVITY_ADD:
        break;
    }
    return entry->detail;
}

/* Themselves, the program, or an organiser, whose name is asked once for each line at most. */
static const char *who_words(struct request *rq, const struct sign_up *sign_up, int64_t actor_id)
{
    if (actor_id == sign_up->id.n)
        return sign_up->first_name;
    const struct person *person =
        actor_id ? person_get(&rq->work, (struct person_id){actor_id}) : NULL;
    return person ? person->name : lang_text(rq->lang, N_("An organiser"));
}

static const struct trace_line *trace_of(struct request *rq, const struct campaign *campaign,
                                         const struct sign_up *sign_up)
{
    struct work *work = &rq->work;
    const struct trace_line *first = NULL;
    const struct trace_line **end = &first;
    for (const struct activity_entry *entry =
             activity_list_of(work, sign_up->id.n, PARTICIPANT_TRACE_MAX);
         entry; entry = entry->next) {
        struct trace_line *line = MEM_NEW(work->mem, struct trace_line);
        line->when = lang_date(rq->lang, work->mem, LANG_DATE_TIME, entry->at,
                               campaign_zone(work, campaign));
        line->what = what_words(rq, entry);
        line->who = who_words(rq, sign_up, entry->actor_id);
        *end = line;
        end = &line->next;
    }
    return first;
}

/* The two forms of the page. */
static void fill_forms(struct request *rq, const struct person_read *read, struct person_page *view)
{
    struct mem *mem = rq->work.mem;
    const struct form *form = &participant_change_form;
    const struct sign_up *sign_up = read->sign_up;
    const char *party = mem_printf(mem, "%lld", (long long)sign_up->party);
    const char *hours = mem_printf(mem, "%lld", (long long)(sign_up->minutes_each / 60));
    const struct session *sessions = campaign_sessions(&rq->work, read->campaign->id);
    view->session = form_input_view(rq, form, "session", "");
    view->first_name = form_input_view(rq, form, "first_name", sign_up->first_name);
    view->party = form_input_view(rq, form, "party", party);
    view->hours = read->campaign->asks_hours ? form_input_view(rq, form, "hours", hours) : NULL;
    view->note = form_input_view(rq, form, "note", sign_up->note);
    view->reason = form_input_view(rq, &participant_remove_form, "reason", "");
    const struct session_own theirs = {sign_up->session_id, N_("Their date")};
    view->choices = session_choices_new(rq, sessions, &theirs, view->session->value);
    if (rq->refusal && rq->refusal->status != 422)
        return;
    view->errors = form_summary(rq, form);
    view->remove_errors = form_summary(rq, &participant_remove_form);
}

static bool may_change(struct request *rq, const struct person_read *read)
{
    const struct session *session = session_get(&rq->work, read->sign_up->session_id);
    return session && sign_up_holds_seat(read->sign_up) &&
           !campaign_refuses_by_hand(read->campaign) &&
           !sign_up_is_over(read->campaign, session, rq->work.now);
}

/* What whoever leads the campaign is to hear from them, and may say for them. */
static const char *asked_words(struct request *rq, const struct person_read *read)
{
    const struct sign_up *sign_up = read->sign_up;
    const struct session *session = session_get(&rq->work, sign_up->session_id);
    bool is_open = session && !campaign_refuses_by_hand(read->campaign) &&
                   !session_refuses_sign_ups(session, rq->work.now);
    if (!is_open || !participant_is_asked(sign_up))
        return NULL;
    bool is_extended = str_equal(sign_up->again, AGAIN_EXTENDED);
    if (sign_up->to_call && is_extended)
        return lang_text(rq->lang,
                         N_("The campaign goes on with a new deadline. This person has no "
                            "e-mail address: please ask them whether they are still in. "
                            "Until then they are not counted."));
    if (sign_up->to_call)
        return lang_text(rq->lang, N_("The session has changed. This person has no e-mail address: "
                                      "please ask them whether they can still come."));
    if (is_extended)
        return lang_text(rq->lang,
                         N_("The campaign goes on with a new deadline. They were asked by "
                            "e-mail whether they are still in, and have not answered."));
    if (sign_up_is_in(sign_up))
        return lang_text(rq->lang, N_("The session has changed. They were asked by e-mail whether "
                                      "they can still come, and have not answered."));
    return lang_text(rq->lang,
                     N_("The session has changed. They did not say whether they can still "
                        "come, so their place was given back."));
}

static struct person_page person_page_of(struct request *rq, const struct person_read *read)
{
    struct work *work = &rq->work;
    const struct sign_up *sign_up = read->sign_up;
    const struct participant *p = read->participant;
    const char *own = path_make(work->mem, "/people/%s", sign_up->handle);
    const struct person_line *line = person_lines(rq, read->campaign, p, 1);
    const char *asked = asked_words(rq, read); /* the question says what has changed */
    int64_t to_tell = line->to_call ? sign_up->to_tell : 0;
    struct person_page view = {
        .title = read->campaign->title,
        .language = read->campaign->language,
        .back = people_path(rq, read->campaign, "/people"),
        .person = line,
        .rank = sign_up->rank ? lang_ordinal(rq->lang, work->mem, sign_up->rank) : NULL,
        .brought_by_path =
            p->brought_by ? people_path(rq, read->campaign,
                                        path_make(work->mem, "/people/%s", p->brought_by_handle))
                          : NULL,
        .brought = sign_up_count_brought(work, sign_up->id),
        .brought_people = sign_up_list_brought(work, sign_up->id),
        .each = minutes_words(work, rq->lang, sign_up->minutes_each),
        .refusal = refusal_words(rq),
        .asked = asked,
        .to_tell = participant_news(rq, asked ? to_tell & TELL_MESSAGE : to_tell),
        .may_change = may_change(rq, read),
        .has_mailbox = sign_up_has_mailbox(sign_up),
        .change_path = people_path(rq, read->campaign, own),
        .remove_path = people_path(rq, read->campaign, mem_printf(work->mem, "%s/remove", own)),
        .confirm_path = people_path(rq, read->campaign, mem_printf(work->mem, "%s/confirm", own)),
        .trace = trace_of(rq, read->campaign, sign_up),
    };
    fill_forms(rq, read, &view);
    return view;
}

const struct refusal *participant_show(struct request *rq)
{
    struct person_read read;
    if (!person_read(rq, &read))
        return &refusal_not_found;
    if (rq->wants_json) {
        reply_json(rq, &participant_json, person_lines(rq, read.campaign, read.participant, 1));
        return NULL;
    }
    const struct person_page view = person_page_of(rq, &read);
    struct html *h = page_begin(rq, &(struct page){.title = view.person->name, .noindex = true});
    person_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

static const struct refusal *reply_person(struct request *rq, const struct refusal *refusal)
{
    if (refusal)
        return refusal;
    if (rq->wants_json)
        return participant_show(rq);
    return participant_again_handle(rq);
}

const struct refusal *participant_again_handle(struct request *rq)
{
    reply_see_other(rq, path_make(rq->work.mem, "/campaigns/%s/organise/people/%s", rq->params[0],
                                  rq->params[1]));
    return NULL;
}

const struct refusal *participant_change_handle(struct request *rq)
{
    struct person_read read;
    if (!person_read(rq, &read))
        return &refusal_not_found;
    struct participant_wish *wish = rq->input.parsed;
    return reply_person(rq, participant_change(&rq->work, read.sign_up->id, wish, &rq->input));
}

const struct refusal *participant_remove_handle(struct request *rq)
{
    struct person_read read;
    if (!person_read(rq, &read))
        return &refusal_not_found;
    const struct remove_form *form = rq->input.parsed;
    return reply_person(rq,
                        participant_remove(&rq->work, read.sign_up->id, form->reason, &rq->input));
}

/* Back to those who are still to be called. */
const struct refusal *participant_told_handle(struct request *rq)
{
    struct person_read read;
    if (!person_read(rq, &read))
        return &refusal_not_found;
    const struct refusal *refusal = participant_told(&rq->work, read.sign_up->id);
    if (refusal || rq->wants_json)
        return refusal ? refusal : participant_show(rq);
    reply_see_other(rq, people_path(rq, read.campaign, "/people?state=" STATE_TO_CALL));
    return NULL;
}

const struct refusal *participant_confirm_handle(struct request *rq)
{
    struct person_read read;
    if (!person_read(rq, &read))
        return &refusal_not_found;
    return reply_person(rq, participant_confirm(&rq->work, read.sign_up->id));
}
