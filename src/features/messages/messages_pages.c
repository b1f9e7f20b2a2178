/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages on which an organiser writes to all: the form with what went out before, the message as
 * it will arrive and how many get it, and each one that was sent. */
#include <jansson.h>
#include <stddef.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "base/time.h"
#include "core/people/people.h"
#include "features/campaigns/campaigns.h"
#include "features/messages/messages.h"
#include "features/messages/messages.html.h"
#include "features/messages/messages_local.h"
#include "features/signups/signups.h"
#include "migrations.h"
#include "sys/lang.h"
#include "sys/zone.h"
#include "web/app.h"
#include "web/community.h"
#include "web/feature.h"
#include "web/login.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

#define WISH(member) offsetof(struct message_wish, member)
static const struct form write_form = {
    "message", sizeof(struct message_wish),
    (const struct field[]){
        {.name = "session",
         .label = N_("To whom?"),
         .kind = FIELD_HANDLE,
         .min = 1,
         .max = 32,
         .offset = WISH(session)},
        {.name = "subject",
         .label = N_("Subject"),
         .kind = FIELD_LINE,
         .required = true,
         .min = 1,
         .max = MESSAGE_SUBJECT_CHARS_MAX,
         .autocomplete = "off",
         .offset = WISH(subject)},
        {.name = "body",
         .label = N_("Your message"),
         .kind = FIELD_TEXT,
         .required = true,
         .min = 1,
         .max = MESSAGE_BODY_BYTES_MAX,
         .hint = N_("Web addresses become links. You see how it will look before it goes out."),
         .offset = WISH(body)},
        {.name = NULL},
    }};

struct send_form {
    const char *message;
};
static const struct form send_form = {"send", sizeof(struct send_form),
                                      (const struct field[]){
                                          {.name = "message",
                                           .label = N_("Your message"),
                                           .kind = FIELD_HANDLE,
                                           .required = true,
                                           .min = 1,
                                           .max = 32,
                                           .offset = offsetof(struct send_form, message)},
                                          {.name = NULL},
                                      }};

/* JSON. */

struct message_json {
    const struct message_json *next;
    const char *id, *state, *to, *subject, *body, *author;
    int64_t sent_at, mails, readers, people, silent, to_call;
    bool more; /* than were counted */
};
#define FIELD(name, kind) #name, kind, offsetof(struct message_json, name)
static const struct view_field message_fields[] = {
    {FIELD(id, VIEW_TEXT)},
    {FIELD(state, VIEW_TEXT), .words = message_state_names},
    {FIELD(to, VIEW_TEXT_OR_NULL)},
    {FIELD(subject, VIEW_TEXT)},
    {FIELD(body, VIEW_TEXT)},
    {FIELD(author, VIEW_TEXT)},
    {FIELD(sent_at, VIEW_TIME_OR_NULL)},
    {FIELD(mails, VIEW_INT)},
    {FIELD(readers, VIEW_INT_OR_NULL)},
    {FIELD(people, VIEW_INT_OR_NULL)},
    {FIELD(silent, VIEW_INT_OR_NULL)},
    {FIELD(to_call, VIEW_INT_OR_NULL)},
    {FIELD(more, VIEW_BOOL)},
    {.name = NULL},
};
static const struct view message_view = {"message", message_fields};

struct messages_json {
    const struct message_json *items;
    int64_t left;
};
static const struct view_field messages_fields[] = {
    {"items", VIEW_LIST, offsetof(struct messages_json, items), &message_view},
    {"left_today", VIEW_INT, offsetof(struct messages_json, left)},
    {.name = NULL},
};
static const struct view messages_view = {"messages", messages_fields};

/* `to`: a session's handle, NULL for everybody. */
static struct message_json *json_of(struct request *rq, const struct message *message)
{
    struct work *work = &rq->work;
    const struct session *session =
        message->session_id.n ? session_get(work, message->session_id) : NULL;
    bool is_draft = message->state == MESSAGE_DRAFT;
    struct message_json *json = MEM_NEW(work->mem, struct message_json);
    *json = (struct message_json){
        .id = message->handle,
        .state = message_state_name(message->state),
        .to = session ? session->handle : NULL,
        .subject = message->subject,
        .body = message->body,
        .author = message->author_name,
        .sent_at = is_draft ? 0 : message->sent_at,
        .mails = message->mails,
        .readers = VIEW_NONE,
        .people = VIEW_NONE,
        .silent = VIEW_NONE,
        .to_call = VIEW_NONE,
    };
    return json;
}

/* Words and addresses. */

static const char *path_of(struct request *rq, const struct campaign *campaign, const char *rest)
{
    struct mem *mem = rq->work.mem;
    return mem_printf(mem, "%s%s", path_make(mem, "/campaigns/%s/organise/message", campaign->slug),
                      rest);
}

static const char *to_all_words(struct request *rq, const struct campaign *campaign)
{
    return lang_text(rq->lang, message_is_to_released(campaign) ? N_("Everybody who was in")
                                                                : N_("Everybody who is in"));
}

static const char *session_words(struct request *rq, const struct session *session)
{
    const struct zone *zone = zone_get(rq->work.app->zones, session->time_zone);
    if (!str_is_empty(session->title) || session->starts_at == 0 || !zone)
        return session->title;
    return lang_span(rq->lang, rq->work.mem, session->starts_at, session->ends_at, zone);
}

static struct message_line *line_of(struct request *rq, const struct campaign *campaign,
                                    const struct message *message)
{
    struct work *work = &rq->work;
    struct message_line *line = MEM_NEW(work->mem, struct message_line);
    const struct session *session =
        message->session_id.n ? session_get(work, message->session_id) : NULL;
    line->handle = message->handle;
    line->path = path_of(rq, campaign, path_make(work->mem, "/%s", message->handle));
    line->subject = message->subject;
    line->to = session ? session_words(rq, session) : to_all_words(rq, campaign);
    line->author = str_is_empty(message->author_name) ? lang_text(rq->lang, N_("An organiser"))
                                                      : message->author_name;
    line->date =
        lang_date(rq->lang, work->mem, LANG_DATE_TIME, message->sent_at, work->community->zone);
    line->sent_at = message->sent_at;
    line->mails = message->mails;
    line->is_sending = message->state == MESSAGE_SENDING;
    return line;
}

static int64_t left_today(struct work *work, const struct campaign *campaign)
{
    int64_t sent = message_count_since(work, campaign->id, work->now - DAY_SECONDS);
    return sent < MESSAGES_PER_DAY_MAX ? MESSAGES_PER_DAY_MAX - sent : 0;
}

/* The form. */

static const struct audience_choice *
choices_new(struct request *rq, const struct campaign *campaign, const char *chosen)
{
    struct mem *mem = rq->work.mem;
    const struct session *session = campaign_sessions(&rq->work, campaign->id);
    if (!session || !session->next)
        return NULL;
    struct audience_choice *all = MEM_NEW(mem, struct audience_choice);
    *all = (struct audience_choice){NULL, "", to_all_words(rq, campaign), str_is_empty(chosen)};
    const struct audience_choice **end = &all->next;
    for (; session; session = session->next) {
        struct audience_choice *choice = MEM_NEW(mem, struct audience_choice);
        *choice = (struct audience_choice){NULL, session->handle, session_words(rq, session),
                                           str_equal(chosen, session->handle)};
        *end = choice;
        end = &choice->next;
    }
    return all;
}

static void reply_list_json(struct request *rq, const struct campaign *campaign,
                            const struct message *sent)
{
    const struct message_json *first = NULL;
    const struct message_json **end = &first;
    for (; sent; sent = sent->next) {
        struct message_json *json = json_of(rq, sent);
        *end = json;
        end = &json->next;
    }
    reply_json(rq, &messages_view, &(struct messages_json){first, left_today(&rq->work, campaign)});
}

static const struct message_line *lines_of(struct request *rq, const struct campaign *campaign,
                                           const struct message *sent)
{
    const struct message_line *first = NULL;
    const struct message_line **end = &first;
    for (; sent; sent = sent->next) {
        struct message_line *line = line_of(rq, campaign, sent);
        *end = line;
        end = &line->next;
    }
    return first;
}

static const struct refusal *write_show(struct request *rq)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    const struct message *sent = message_list_sent(work, campaign->id);
    if (rq->wants_json) {
        reply_list_json(rq, campaign, sent);
        return NULL;
    }
    const struct message *draft = message_get_draft(work, campaign->id, work->login->person);
    const struct session *to =
        draft && draft->session_id.n ? session_get(work, draft->session_id) : NULL;
    struct message_write_page view = {
        .title = campaign->title,
        .language = campaign->language,
        .back = path_make(work->mem, "/campaigns/%s/organise", campaign->slug),
        .action = path_of(rq, campaign, ""),
        .errors = form_summary(rq, &write_form),
        .session = form_input_view(rq, &write_form, "session", to ? to->handle : ""),
        .subject = form_input_view(rq, &write_form, "subject", draft ? draft->subject : ""),
        .body = form_input_view(rq, &write_form, "body", draft ? draft->body : ""),
        .sent = lines_of(rq, campaign, sent),
        .left = left_today(work, campaign),
    };
    const struct refusal *closed = message_refuses(campaign, work->now);
    view.closed = closed ? lang_text(rq->lang, closed->sentence) : NULL;
    view.choices = choices_new(rq, campaign, view.session->value);
    const struct page page = {.title = lang_text(rq->lang, N_("Write to everybody")),
                              .noindex = true};
    struct html *h = page_begin(rq, &page);
    message_write_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}

static const struct refusal *preview_show(struct request *rq);

static const struct refusal *write_handle(struct request *rq)
{
    const struct campaign *campaign = campaign_get_by_slug(&rq->work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    const struct refusal *refusal =
        message_write(&rq->work, campaign, rq->input.parsed, &rq->input);
    if (refusal)
        return refusal;
    if (rq->wants_json)
        return preview_show(rq);
    reply_see_other(rq, path_of(rq, campaign, "/preview"));
    return NULL;
}

/* As it will arrive, and as it went out. */

/* `reach` NULL: nobody was counted. */
static void show_message(struct request *rq, const struct campaign *campaign,
                         const struct message *message, const struct sign_up_reach *reach)
{
    bool is_draft = message->state == MESSAGE_DRAFT;
    bool beside_fields = rq->refusal && rq->refusal->status == 422;
    const struct message_show_page view = {
        .title = campaign->title,
        .language = campaign->language,
        .back = path_of(rq, campaign, ""),
        .refusal =
            rq->refusal && !beside_fields ? lang_text(rq->lang, rq->refusal->sentence) : NULL,
        .message = line_of(rq, campaign, message),
        .mail = message_preview(&rq->work, message, campaign),
        .handle = message->handle,
        .send_path = is_draft ? path_of(rq, campaign, "/send") : NULL,
        .preview_path = path_of(rq, campaign, "/preview"),
        .is_counted = reach,
        .readers = reach ? reach->readers : 0,
        .silent = reach ? reach->silent : 0,
        .to_call = reach ? reach->to_call : 0,
        .people = reach ? reach->people : 0,
        .has_more = reach && reach->has_more,
    };
    struct html *h = page_begin(rq, &(struct page){.title = message->subject, .noindex = true});
    message_show_page(h, &view);
    page_end(rq, h, 200);
}

static const struct refusal message_not_written = {
    409, "message_not_written", N_("There is no message to look at yet. Please write it first.")};

/* Of more than are counted, the campaign's own counter still says how many people are in; of one
 * session nothing does. */
static struct sign_up_reach reach_of(struct work *work, const struct campaign *campaign,
                                     const struct message *draft)
{
    const struct sign_up_audience audience = message_audience(draft, campaign, work->now);
    struct sign_up_reach reach = sign_up_count_audience(work, &audience);
    if (reach.has_more)
        reach.people = draft->session_id.n ? 0 : campaign->people;
    return reach;
}

static const struct refusal *preview_show(struct request *rq)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    const struct message *draft =
        campaign ? message_get_draft(work, campaign->id, work->login->person) : NULL;
    if (!campaign)
        return &refusal_not_found;
    if (!draft && rq->wants_json)
        return &message_not_written;
    if (!draft || (!rq->refusal && message_refuses(campaign, work->now))) {
        reply_see_other(rq, path_of(rq, campaign, ""));
        return NULL;
    }
    /* On the writer's thread nobody counts thousands of people: the page that follows does. */
    bool counts = str_equal(rq->http->method, "GET");
    const struct sign_up_reach reach =
        counts ? reach_of(work, campaign, draft) : (struct sign_up_reach){0};
    if (!rq->wants_json) {
        show_message(rq, campaign, draft, counts ? &reach : NULL);
        return NULL;
    }
    struct message_json *json = json_of(rq, draft);
    json->readers = counts ? reach.readers : VIEW_NONE;
    json->people = counts && reach.people ? reach.people : VIEW_NONE;
    json->silent = counts ? reach.silent : VIEW_NONE;
    json->to_call = counts ? reach.to_call : VIEW_NONE;
    json->more = reach.has_more;
    reply_json(rq, &message_view, json);
    return NULL;
}

static const struct refusal *sent_show(struct request *rq)
{
    struct work *work = &rq->work;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    const struct message *message =
        campaign ? message_get_sent(work, campaign->id, rq->params[1]) : NULL;
    if (!message)
        return &refusal_not_found;
    if (rq->wants_json)
        reply_json(rq, &message_view, json_of(rq, message));
    else
        show_message(rq, campaign, message, NULL);
    return NULL;
}

static const struct refusal *send_handle(struct request *rq)
{
    struct work *work = &rq->work;
    const struct send_form *form = rq->input.parsed;
    const struct campaign *campaign = campaign_get_by_slug(work, rq->params[0]);
    if (!campaign)
        return &refusal_not_found;
    int64_t id;
    const struct refusal *refusal = message_send(work, campaign, form->message, &id);
    const struct message *message = refusal ? NULL : message_get(work, id);
    if (!message)
        return refusal ? refusal : &refusal_not_found;
    if (rq->wants_json)
        reply_json(rq, &message_view, json_of(rq, message));
    else
        reply_see_other(rq, path_of(rq, campaign, path_make(work->mem, "/%s", message->handle)));
    return NULL;
}

/* The address of sending opened again. */
static const struct refusal *send_again_handle(struct request *rq)
{
    reply_see_other(rq, path_make(rq->work.mem, "/campaigns/%s/organise/message", rq->params[0]));
    return NULL;
}

static void show_box(struct request *rq, struct html *h, int64_t campaign_id)
{
    const struct campaign *campaign = campaign_get(&rq->work, (struct campaign_id){campaign_id});
    if (!campaign)
        return;
    const struct message *sent = message_list_sent(&rq->work, campaign->id);
    const struct message_box box = {
        .path = path_of(rq, campaign, ""),
        .last = sent ? line_of(rq, campaign, sent) : NULL,
        .is_closed = message_refuses(campaign, rq->work.now) != NULL,
        .was_released = message_is_to_released(campaign),
    };
    if (box.last || !box.is_closed)
        message_box(h, &box);
}

/* The card. */

/* A page of messages at a time: its rows are dropped before the next one. */
static void export_person(struct work *work, const char *email, json_t *object)
{
    const struct person *person = person_get_by_email(work, email);
    json_t *list = json_array();
    int64_t before = -1;
    int64_t after = 0;
    while (person && before != after) {
        struct mem_mark mark = mem_mark(work->mem);
        before = after;
        const struct message *message = message_list_by_author(work, person->id, after);
        for (; message; message = message->next) {
            json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "subject", message->subject,
                                                  "text", message->body, "state",
                                                  message_state_name(message->state)));
            after = message->id;
        }
        mem_rewind(work->mem, mark);
    }
    json_object_set_new(object, "messages", list);
}

static void forget_person(struct work *work, const char *email)
{
    const struct person *person = person_get_by_email(work, email);
    if (person)
        messages_forget_author(work, person->id);
}

#define LED ACCESS_ORGANISER, .flags = ROUTE_NO_STORE
static const struct route message_routes[] = {
    {"GET", "/campaigns/:slug/organise/message", LED, .handle = write_show, .json = &messages_view},
    {"POST", "/campaigns/:slug/organise/message", LED, .form = &write_form, .handle = write_handle,
     .show = write_show, .json = &message_view},
    {"GET", "/campaigns/:slug/organise/message/preview", LED, .handle = preview_show,
     .json = &message_view},
    {"GET", "/campaigns/:slug/organise/message/send", LED, .handle = send_again_handle,
     .type = ROUTE_LEADS_ON},
    {"POST", "/campaigns/:slug/organise/message/send", LED, .form = &send_form,
     .handle = send_handle, .show = preview_show, .json = &message_view, .json_status = 202},
    {"GET", "/campaigns/:slug/organise/message/:handle", LED, .handle = sent_show,
     .json = &message_view},
    {.method = NULL},
};

const struct feature messages_feature = {
    .name = "messages",
    .migrations = messages_migrations,
    .routes = message_routes,
    .jobs = (const struct job_kind[]){{JOB_SEND, message_send_run, .given_up = message_end},
                                      {.name = NULL}},
    .panels = (const struct panel[]){{PANEL_ORGANISE, show_box}, {.show = NULL}},
    .export_person = export_person,
    .forget_person = forget_person,
    .check = messages_check,
};
