/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The audit log as administrators read it: the newest first, all of it or one kind of act. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "core/audit/audit.h"
#include "features/administration/administration.html.h"
#include "features/administration/administration_local.h"
#include "features/messages/messages.h"
#include "features/privacy/privacy.h"
#include "features/signups/signups.h"
#include "sys/lang.h"
#include "web/community.h"
#include "web/page.h"
#include "web/request.h"
#include "web/view.h"

#define LOG "/administration/audit"

enum { LOG_PAGE = 50 };

struct log_list {
    const struct line_view *items;
    const char *next;
};
static const struct view_field line_fields[] = {
    {"at", VIEW_TIME, offsetof(struct line_view, at)},
    {"action", VIEW_TEXT, offsetof(struct line_view, action)},
    {"who", VIEW_TEXT, offsetof(struct line_view, who)},
    {"person", VIEW_TEXT_OR_NULL, offsetof(struct line_view, person)},
    {"title", VIEW_TEXT_OR_NULL, offsetof(struct line_view, title)},
    {"detail", VIEW_TEXT_OR_NULL, offsetof(struct line_view, detail)},
    {.name = NULL},
};
static const struct view line_json = {"audit_line", line_fields};
static const struct view_field log_fields[] = {
    {"items", VIEW_LIST, offsetof(struct log_list, items), &line_json},
    {"next", VIEW_TEXT_OR_NULL, offsetof(struct log_list, next)},
    {.name = NULL},
};
const struct view audit_json = {"audit", log_fields};

static const char *who_of(const struct lang *lang, const struct audit *line)
{
    if (line->by_program)
        return lang_text(lang, N_("The program, or its command line"));
    if (*line->actor_name)
        return line->actor_name;
    return *line->actor_email ? line->actor_email
                              : lang_text(lang, N_("Somebody who is no longer here"));
}

/* The labels of those fields whose names are in the detail. */
static const char *labels_of(struct request *rq, const struct field *field, const char *detail)
{
    struct mem *mem = rq->work.mem;
    const char *words = "";
    const char *names = mem_printf(mem, " %s ", detail);
    for (; field->name; field++)
        if (strstr(names, mem_printf(mem, " %s ", field->name)))
            words = mem_printf(mem, "%s%s%s", words, *words ? " · " : "",
                               lang_text(rq->lang, field->label));
    return words;
}

/* The labels of the settings that were changed; a role's name; else as it is. */
static const char *detail_of(struct request *rq, const struct audit *line)
{
    if (line->action == AUDIT_PERSON_ROLE || line->action == AUDIT_PERSON_INVITE)
        return role_words(rq->lang, line->detail);
    if (line->action != AUDIT_SETTINGS)
        return *line->detail ? line->detail : NULL;
    const char *words = labels_of(rq, settings_form.fields, line->detail);
    return *words ? words : labels_of(rq, privacy_form.fields, line->detail);
}

static bool is_about_sign_up(enum audit_action action)
{
    return action == AUDIT_SIGN_UP_ADD || action == AUDIT_SIGN_UP_REMOVE ||
           action == AUDIT_SIGN_UP_CHANGE || action == AUDIT_SIGN_UP_TOLD ||
           action == AUDIT_SIGN_UP_CONFIRM;
}

/* Of a thing or a person the log keeps a handle: said by what it is called now. */
static const char *detail_words(struct request *rq, const struct audit *line)
{
    struct work *work = &rq->work;
    const char *words = detail_of(rq, line);
    if (is_about_sign_up(line->action)) {
        words = sign_up_called(work, line->detail);
        if (str_is_empty(words))
            words = lang_text(rq->lang, N_("Somebody forgotten"));
    } else if (line->action == AUDIT_MESSAGE_TO_ALL) {
        words = message_subject(work, line->detail);
    } else if (line->action == AUDIT_REPORT_CORRECT) {
        words = lang_number(rq->lang, work->mem, strtoll(line->detail, NULL, 10));
    } else if (line->action == AUDIT_CAMPAIGN_EDIT && words) {
        words = lang_text(rq->lang, N_("Dates and places"));
    }
    return str_is_empty(words) ? NULL : words;
}

/* A task is called by what it does. */
static const char *title_words(struct request *rq, const struct audit *line)
{
    if (line->action == AUDIT_JOB_AGAIN || line->action == AUDIT_JOB_DROP)
        return job_words(rq->lang, line->title);
    return *line->title ? line->title : NULL;
}

static struct line_view *line_of(struct request *rq, const struct audit *line)
{
    struct work *work = &rq->work;
    struct line_view *view = MEM_NEW(work->mem, struct line_view);
    *view = (struct line_view){
        .at_words = lang_date(rq->lang, work->mem, LANG_DATE_TIME, line->at, work->community->zone),
        .at = line->at,
        .action = audit_action_name(line->action),
        .words = lang_text(rq->lang, audit_action_words(line->action)),
        .who = who_of(rq->lang, line),
        .title = *line->title ? line->title : NULL,
        .path = *line->path ? line->path : NULL,
        .person = *line->person_email ? line->person_email : NULL,
        .detail = detail_of(rq, line),
        .title_words = title_words(rq, line),
        .detail_words = detail_words(rq, line),
    };
    return view;
}

static const struct action_view *actions_of(struct request *rq, const char *chosen)
{
    const struct action_view *first = NULL;
    for (int i = AUDIT_ACTIONS - 1; i >= 0; i--) {
        struct action_view *view = MEM_NEW(rq->work.mem, struct action_view);
        const char *name = audit_action_name((enum audit_action)i);
        *view = (struct action_view){
            .next = first,
            .name = name,
            .words = lang_text(rq->lang, audit_action_words((enum audit_action)i)),
            .is_chosen = str_equal(name, chosen),
        };
        first = view;
    }
    return first;
}

const struct refusal *log_show(struct request *rq)
{
    struct mem *mem = rq->work.mem;
    const char *action = request_query(rq, "action");
    struct audit_query query = {.before = request_query(rq, "after"), .count = LOG_PAGE + 1};
    query.of_action = *action;
    if (*action && !audit_action_read(action, &query.action))
        return &refusal_not_found;
    const struct line_view *first = NULL;
    const struct line_view **end = &first;
    const char *last = NULL;
    int count = 0;
    const struct audit *line = audit_list(&rq->work, &query);
    for (; line && count < LOG_PAGE; line = line->next, count++) {
        struct line_view *view = line_of(rq, line);
        last = line->handle;
        *end = view;
        end = &view->next;
    }
    if (rq->wants_json) {
        reply_json(rq, &audit_json, &(struct log_list){first, line ? last : NULL});
        return NULL;
    }
    const struct log_page view = {
        .lines = first,
        .actions = actions_of(rq, action),
        .next_path = line ? path_make(mem, LOG "?action=%s&after=%s", action, last) : NULL,
    };
    struct html *h =
        page_begin(rq, &(struct page){.title = lang_text(rq->lang, N_("Who did what"))});
    log_page(h, &view);
    page_end(rq, h, 200);
    return NULL;
}
