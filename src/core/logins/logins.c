/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Beginning, finding and ending logins. The token is never stored, and a new one is made at each
 * sign-in, so that one that was planted before is worth nothing. */
#include "core/logins/logins.h"

#include <jansson.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "core/logins/logins_local.h"
#include "core/people/people.h"
#include "migrations.h"
#include "sys/crypt.h"
#include "sys/http.h"
#include "web/app.h"
#include "web/feature.h"
#include "web/login.h"
#include "web/request.h"

enum { LOGIN_HANDLE_CHARS = 12, SEEN_JOB_SECONDS = MINUTE_SECONDS };

static const char *hash_of(struct work *work, const char *token)
{
    return crypt_sha256(work->mem, token, strlen(token));
}

const struct login *login_find(struct work *work, const char *token)
{
    if (strlen(token) != LOGIN_TOKEN_CHARS)
        return NULL;
    const struct login_found *found = login_get(
        work, hash_of(work, token), work->now - LOGIN_IDLE_SECONDS, work->now - LOGIN_SECONDS);
    if (!found)
        return NULL;
    if (found->seen_at + LOGIN_SEEN_STEP_SECONDS <= work->now)
        logins_seen_note(work->app->logins_seen, found->login->id);
    return found->login;
}

const char *login_new(struct work *work, struct person_id person, const char *agent)
{
    const char *token = work_new_handle(work, LOGIN_TOKEN_CHARS);
    const struct login_row row = {
        .id = {work_new_id(work)},
        .handle = work_new_handle(work, LOGIN_HANDLE_CHARS),
        .agent = agent,
        .created_at = work->now,
        .seen_at = work->now,
    };
    login_insert(work, person, &row, hash_of(work, token));
    logins_trim(work, person);
    return token;
}

/* "Firefox, Android", as far as the browser says so: enough to know one's own again. */
static const char *agent_of(struct request *rq)
{
    static const struct {
        const char *sign;
        const char *name;
    } browsers[] = {{"Firefox/", "Firefox"}, {"Edg/", "Edge"},      {"OPR/", "Opera"},
                    {"Chrome/", "Chrome"},   {"Safari/", "Safari"}, {"w3m", "w3m"}},
      systems[] = {{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"},
                   {"Windows", "Windows"}, {"Mac OS X", "Mac"},  {"Linux", "Linux"}};
    const char *agent = http_header(rq->http, "User-Agent");
    const char *browser = "";
    const char *system = "";
    for (size_t i = 0; agent && !*browser && i < sizeof browsers / sizeof *browsers; i++)
        if (strstr(agent, browsers[i].sign))
            browser = browsers[i].name;
    for (size_t i = 0; agent && !*system && i < sizeof systems / sizeof *systems; i++)
        if (strstr(agent, systems[i].sign))
            system = systems[i].name;
    return mem_printf(rq->work.mem, "%s%s%s", browser, *browser && *system ? ", " : "", system);
}

void login_begin(struct request *rq, struct person_id person)
{
    if (rq->work.login)
        login_delete(&rq->work, rq->work.login->id);
    reply_cookie(rq, LOGIN_COOKIE, login_new(&rq->work, person, agent_of(rq)), LOGIN_SECONDS);
}

void login_end(struct request *rq)
{
    if (rq->work.login)
        login_delete(&rq->work, rq->work.login->id);
    reply_cookie(rq, LOGIN_COOKIE, "", 0);
}

/* Writes down what was noted, and drops what has ended. */
static void seen_run(struct work *work, struct job *job)
{
    struct login_id *ids = MEM_ARRAY(work->mem, struct login_id, LOGINS_SEEN_MAX);
    int count = logins_seen_take(work->app->logins_seen, ids);
    for (int i = 0; i < count; i++)
        login_set_seen(work, ids[i]);
    int forgotten = logins_forget(work, work->now - LOGIN_IDLE_SECONDS, work->now - LOGIN_SECONDS);
    job->again_at = work->now + (forgotten == JOB_PAGE_ROWS ? 0 : SEEN_JOB_SECONDS);
}

static void export_person(struct work *work, const char *email, struct json_t *object)
{
    const struct person *person = person_get_by_email(work, email);
    json_t *list = json_array();
    const struct login_row *row = person ? login_list(work, person->id) : NULL;
    for (; row; row = row->next)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "agent", row->agent, "created_at",
                                              time_rfc3339(work->mem, row->created_at), "seen_at",
                                              time_rfc3339(work->mem, row->seen_at)));
    json_object_set_new(object, "logins", list);
}

static void forget_person(struct work *work, const char *email)
{
    const struct person *person = person_get_by_email(work, email);
    if (person)
        login_end_all(work, person->id, (struct login_id){0});
}

const struct feature logins_feature = {
    .name = "logins",
    .migrations = logins_migrations,
    .jobs = (const struct job_kind[]){{"logins.seen", seen_run, .always = true}, {.name = NULL}},
    .export_person = export_person,
    .forget_person = forget_person,
};
