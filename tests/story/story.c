/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The harness of stories: requests in process, the fault sweep, the clock, and the mails that went
 * out. */
#include "story/story.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/jobs/jobs.h"
#include "core/logins/logins.h"
#include "core/people/people.h"
#include "main/program.h"
#include "story/answers.h"
#include "story/story_database.h"
#include "sys/clock.h"
#include "sys/db_readers.h"
#include "sys/db_testing.h"
#include "sys/mail.h"
#include "web/community.h"
#include "web/request.h"

enum {
    STORY_BYTES_MAX = 512 * 1024 * 1024,
    SWEEP_MAX = 400,
    HEADERS_MAX = 16,
    MAILS_MAX = 1000,
    SAMPLES = 6
};

static const struct config story_config = {
    .listen = "127.0.0.1:8080",
    .base_url = "http://127.0.0.1:8080",
    .mailbox = true,
    .cache_mb = 4,
};

static const struct community story_community = {
    .slug = "fullmobs",
    .name = "Fullmobs",
    .description = "Un peu de temps chacun.",
    .language = "fr",
    .time_zone = "Europe/Paris",
};

static void remove_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    if (dir)
        closedir(dir);
    rmdir(folder);
}

int story_setup(void **state)
{
    struct mem *mem = mem_new(STORY_BYTES_MAX);
    struct story *story = MEM_NEW(mem, struct story);
    bool shared = access("/dev/shm", W_OK) == 0;
    char *folder = mem_printf(mem, "%s/essaim-story-XXXXXX", shared ? "/dev/shm" : "/tmp");
    struct config *config = mem_copy(mem, &story_config, sizeof story_config);
    log_set_level(LOG_ERROR + 1); /* the sweep makes hundreds of faults on purpose */
    assert_non_null(mkdtemp(folder));
    config->data = folder;
    if (database_server())
        config->database = story_database_take(mem, folder);
    *story = (struct story){.mem = mem,
                            .folder = folder,
                            .accept_language = "fr",
                            .address = "127.0.0.1",
                            .host = "127.0.0.1:8080",
                            .sweeps = true};
    story->answers = json_array();
    story->program = program_open(config, PROGRAM_ALONE, clock_new_still(mem, STORY_STARTS_AT));
    assert_non_null(story->program);
    story_database_keep(config->database);
    assert_true(program_found_community(story->program, &story_community));
    *state = story;
    return 0;
}

int story_teardown(void **state)
{
    struct story *story = *state;
    const char *wrong = program_check(story->program, story->mem);
    if (wrong)
        print_error("after the story: %s\n", wrong);
    const char *database = story->program->app.config->database;
    program_close(story->program);
    story_database_give(database);
    remove_folder(story->folder);
    json_decref(story->answers);
    mem_free(story->mem);
    return wrong ? 1 : 0;
}

/* What tells whether anything was written: SQLite's own count of commits that changed the file, or
 * the number that each batch leaves on PostgreSQL. */
static int64_t data_version(struct story *story)
{
    struct db_readers *readers = story->program->app.readers;
    struct db *db = db_readers_take(readers);
    struct mem *mem = mem_new(REQUEST_BYTES_MAX);
    struct tx *tx = db_begin(db, mem);
    const struct db_row *row = database_server()
                                   ? tx_one(tx, "SELECT CAST(SUM(number) AS BIGINT) FROM db_batch")
                                   : tx_one(tx, "PRAGMA data_version");
    int64_t version = row_int(row, 0);
    tx_rollback(tx);
    db_readers_give(readers, db);
    mem_free(mem);
    return version;
}

static void fail_next(struct story *story, bool reads, struct db_failure *failure)
{
    struct db *reader = db_readers_take(story->program->app.readers);
    db_fail(reads ? reader : story->program->db, failure);
    db_readers_give(story->program->app.readers, reader);
}

static struct answer answer_of(struct story *story, const struct request *rq)
{
    const struct http_reply *reply = &rq->reply;
    struct answer answer = {.status = reply->status,
                            .body = "",
                            .type = "",
                            .location = "",
                            .tag = "",
                            .retry_after = "",
                            .cookies = ""};
    if (reply->body)
        answer.body = mem_strndup(story->mem, reply->body, reply->body_count);
    for (int i = 0; i < reply->headers_count; i++) {
        if (str_equal(reply->headers[i].name, "Content-Type"))
            answer.type = mem_strdup(story->mem, reply->headers[i].value);
        if (str_equal(reply->headers[i].name, "Location"))
            answer.location = mem_strdup(story->mem, reply->headers[i].value);
        if (str_equal(reply->headers[i].name, "ETag"))
            answer.tag = mem_strdup(story->mem, reply->headers[i].value);
        if (str_equal(reply->headers[i].name, "Retry-After"))
            answer.retry_after = mem_strdup(story->mem, reply->headers[i].value);
        if (str_equal(reply->headers[i].name, "Set-Cookie"))
            answer.cookies =
                mem_printf(story->mem, "%s%s\n", answer.cookies, reply->headers[i].value);
    }
    return answer;
}

/* Sends once. */
static struct answer send_once(struct story *story, const struct http_request *http)
{
    struct mem *mem = mem_new(REQUEST_BYTES_MAX);
    struct request *rq = request_new(&story->program->app, mem, http, NULL);
    request_serve(rq);
    struct answer answer = answer_of(story, rq);
    answer.fault = rq->fault ? mem_strdup(story->mem, rq->fault) : NULL;
    answer_is_declared(&story->program->app, rq->route, &answer);
    mem_free(mem);
    return answer;
}

static bool is_read(const struct http_request *http)
{
    return str_equal(http->method, "GET");
}

/* Sends with that failure: it must be answered 503 and have changed nothing, unless it was not
 * reached. */
static struct answer send_failing(struct story *story, const struct http_request *http,
                                  struct db_failure *failure)
{
    int64_t before = data_version(story);
    fail_next(story, is_read(http), failure);
    struct answer answer = send_once(story, http);
    fail_next(story, is_read(http), NULL);
    if (!failure->reached) {
        if (answer.fault)
            fail_msg("%s %s fails by itself: %s", http->method, http->path, answer.fault);
        return answer;
    }
    story->sweep_requests++;
    if (answer.status != 503)
        fail_msg("%s %s answers %d when its database call %d fails", http->method, http->path,
                 answer.status, failure->reached_at);
    if (data_version(story) != before)
        fail_msg("%s %s wrote something though its database call %d failed", http->method,
                 http->path, failure->reached_at);
    return answer;
}

/* With the n-th database call failing, for n = 1, 2, …, until none fails: that one is the answer.
 */
static struct answer send_sweeping(struct story *story, const struct http_request *http)
{
    for (int n = 1; n < SWEEP_MAX; n++) {
        struct db_failure failure = {.countdown = n, .lasting = true};
        struct answer answer = send_failing(story, http, &failure);
        if (!failure.reached)
            return answer;
    }
    fail_msg("%s %s makes more than %d database calls", http->method, http->path, SWEEP_MAX);
    return (struct answer){0};
}

/* On PostgreSQL, where a request takes longer: with the last call failing, which is a commit where
 * there is one, with the first, and with some in between. */
static struct answer send_sampling(struct story *story, const struct http_request *http)
{
    struct db_failure last = {.at_commit = true, .lasting = true};
    struct answer answer = send_failing(story, http, &last);
    int calls = last.reached ? last.reached_at : last.calls;
    uint64_t seed = (uint64_t)story->sweep_requests + 1;
    for (int i = 0; i < SAMPLES && i < calls; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        int n = i == 0 ? 1 : 1 + (int)((seed >> 33) % (uint64_t)calls);
        struct db_failure failure = {.countdown = n, .lasting = true};
        send_failing(story, http, &failure);
        if (!failure.reached && i == 0)
            fail_msg("%s %s makes fewer calls than before", http->method, http->path);
        if (!failure.reached)
            calls = failure.calls; /* it was counted while the writer had to run it twice */
    }
    return last.reached ? send_failing(story, http, &(struct db_failure){0}) : answer;
}

/* ESSAIM_TEST_SWEEP=all leaves out none there either. */
static struct answer send_with_faults(struct story *story, const struct http_request *http)
{
    const char *sweep = getenv("ESSAIM_TEST_SWEEP");
    bool samples = database_server() && !(sweep && str_equal(sweep, "all"));
    return samples ? send_sampling(story, http) : send_sweeping(story, http);
}

/* Made anew, whatever the cache holds. */
static struct answer send_uncached(struct story *story, const struct http_request *http)
{
    struct cache *cache = story->program->app.cache;
    story->program->app.cache = NULL;
    struct answer answer = story->sweeps ? send_with_faults(story, http) : send_once(story, http);
    story->program->app.cache = cache;
    return answer;
}

/* What the cache answers with is what would be made now. */
static void compare(const struct http_request *http, struct answer cached, struct answer made)
{
    if (*cached.tag && (cached.status != made.status || !str_equal(cached.body, made.body)))
        fail_msg("the cache still holds %s?%s as it was:\n%s\n-- but it is now %d:\n%s", http->path,
                 http->query, cached.body, made.status, made.body);
}

static void remember(struct story *story, const struct http_request *http)
{
    for (int i = 0; i < story->seen_count; i++)
        if (str_equal(story->seen[i]->path, http->path) &&
            str_equal(story->seen[i]->query, http->query))
            return;
    if (story->seen_count < STORY_SEEN_MAX)
        story->seen[story->seen_count++] = mem_copy(story->mem, http, sizeof *http);
}

/* Something may have changed: no page of before may be told any more. */
static void look_again(struct story *story)
{
    bool sweeps = story->sweeps;
    story->sweeps = false;
    for (int i = 0; i < story->seen_count; i++) {
        struct answer cached = send_once(story, story->seen[i]);
        compare(story->seen[i], cached, send_uncached(story, story->seen[i]));
    }
    story->sweeps = sweeps;
}

static struct answer send_read(struct story *story, const struct http_request *http)
{
    struct answer cached = send_once(story, http);
    struct answer made = send_uncached(story, http);
    compare(http, cached, made);
    if (*cached.tag)
        remember(story, http);
    made.tag = cached.tag;
    return made;
}

static struct answer send_write(struct story *story, const struct http_request *http)
{
    struct answer answer = story->sweeps ? send_with_faults(story, http) : send_once(story, http);
    look_again(story);
    return answer;
}

static void header_add(struct http_request *http, struct http_header *headers, const char *name,
                       const char *value)
{
    assert_true(http->headers_count < HEADERS_MAX);
    headers[http->headers_count++] = (struct http_header){name, value};
}

struct answer story_send(struct story *story, const char *method, const char *target,
                         const char *const lines[], const char *body)
{
    struct http_header *headers = MEM_ARRAY(story->mem, struct http_header, HEADERS_MAX);
    const char *question = strchr(target, '?');
    struct http_request http = {
        .method = method,
        .path = question ? mem_strndup(story->mem, target, (size_t)(question - target)) : target,
        .query = question ? question + 1 : "",
        .headers = headers,
        .body = body,
        .body_count = body ? strlen(body) : 0,
        .address = story->address,
    };
    header_add(&http, headers, "Host", story->host);
    header_add(&http, headers, "Accept-Language", story->accept_language);
    if (story->cookie)
        header_add(&http, headers, "Cookie", story->cookie);
    for (int i = 0; lines && lines[i]; i++) {
        const char *colon = strstr(lines[i], ": ");
        header_add(&http, headers, mem_strndup(story->mem, lines[i], (size_t)(colon - lines[i])),
                   colon + 2);
    }
    bool reads = str_equal(method, "GET") || str_equal(method, "HEAD");
    struct answer answer = reads ? send_read(story, &http) : send_write(story, &http);
    if (strstr(answer.type, "json")) {
        json_t *json = json_loads(answer.body, 0, NULL);
        json_array_append_new(story->answers, json);
        answer.json = json;
    }
    return answer;
}

struct signing_in {
    const char *email;
    enum role role;
    char token[LOGIN_TOKEN_CHARS + 1];
};

static void sign_in(struct work *work, void *context)
{
    struct signing_in *in = context;
    const char *name = mem_strndup(work->mem, in->email, strcspn(in->email, "@"));
    struct person_id person = person_add(work, in->email, name, "fr");
    membership_raise(work, person, in->role);
    snprintf(in->token, sizeof in->token, "%s", login_new(work, person, ""));
}

void story_sign_in_as(struct story *story, const char *email, enum role role)
{
    struct signing_in in = {.email = mail_address_normal(story->mem, email), .role = role};
    story_write(story, sign_in, &in);
    story->cookie = mem_printf(story->mem, LOGIN_COOKIE "=%s", in.token);
}

void story_sign_in(struct story *story, const char *email)
{
    story_sign_in_as(story, email, ROLE_MEMBER);
}

void story_sign_out(struct story *story)
{
    story->cookie = NULL;
}

struct answer story_get(struct story *story, const char *path)
{
    return story_send(story, "GET", path, (const char *const[]){"Accept: text/html", NULL}, NULL);
}

struct answer story_get_json(struct story *story, const char *path)
{
    return story_send(story, "GET", path, (const char *const[]){"Accept: application/json", NULL},
                      NULL);
}

struct answer story_post(struct story *story, const char *path, const char *form)
{
    static const char *const headers[] = {"Accept: text/html", "Sec-Fetch-Site: same-origin",
                                          "Content-Type: application/x-www-form-urlencoded", NULL};
    return story_send(story, "POST", path, headers, form);
}

struct answer story_post_json(struct story *story, const char *path, const char *json)
{
    static const char *const headers[] = {"Accept: application/json", "Sec-Fetch-Site: same-origin",
                                          "Content-Type: application/json", NULL};
    return story_send(story, "POST", path, headers, json);
}

static const json_t *json_at(struct answer answer, const char *path)
{
    const json_t *at = answer.json;
    char name[64];
    for (const char *part = path; *part && at;) {
        size_t count = strcspn(part, ".");
        int64_t position;
        snprintf(name, sizeof name, "%.*s", (int)count, part);
        at = json_is_array(at) && str_to_int(name, &position) ? json_array_get(at, (size_t)position)
                                                              : json_object_get(at, name);
        part += count + (part[count] == '.');
    }
    if (!at)
        fail_msg("there is no %s in %s", path, answer.body);
    return at;
}

int64_t answer_int(struct answer answer, const char *path)
{
    return json_integer_value(json_at(answer, path));
}

const char *answer_text(struct answer answer, const char *path)
{
    const char *text = json_string_value(json_at(answer, path));
    return text ? text : "";
}

bool answer_is_null(struct answer answer, const char *path)
{
    return json_is_null(json_at(answer, path));
}

bool answer_says(struct answer answer, const char *text)
{
    return strstr(answer.body, text) != NULL;
}

int64_t story_now(struct story *story)
{
    return clock_now(story->program->app.clock);
}

void story_run_jobs(struct story *story)
{
    jobs_run_due(&story->program->app);
    look_again(story);
}

void story_wait(struct story *story, int64_t seconds)
{
    clock_set(story->program->app.clock, story_now(story) + seconds);
    story_run_jobs(story);
}

void story_write(struct story *story, void (*act)(struct work *work, void *context), void *context)
{
    assert_true(program_write(story->program, act, context));
    look_again(story);
}

/* The mails to an address, the newest first, read from the table itself; gives how many there are.
 */
static int mails_to(struct story *story, const char *to, const struct mail_read *ret_mails[])
{
    struct db_readers *readers = story->program->app.readers;
    struct db *db = db_readers_take(readers);
    struct tx *tx = db_begin(db, story->mem);
    int count = 0;
    const struct db_row *row = tx_rows(tx,
                                       "SELECT message FROM mail WHERE to_address = ?1 AND message "
                                       "<> '' ORDER BY id DESC LIMIT 1000",
                                       mail_address_normal(story->mem, to));
    for (; row; row = row->next) {
        const struct db_value *message = row_value(row, 0);
        ret_mails[count++] = mail_parse(story->mem, message->bytes, message->count);
    }
    tx_rollback(tx);
    db_readers_give(readers, db);
    return count;
}

const char *story_newest_mail(struct story *story)
{
    struct db_readers *readers = story->program->app.readers;
    struct db *db = db_readers_take(readers);
    struct tx *tx = db_begin(db, story->mem);
    const struct db_row *row = tx_one(tx, "SELECT handle FROM mail ORDER BY id DESC LIMIT 1");
    const char *handle = row ? row_text(row, 0) : NULL;
    tx_rollback(tx);
    db_readers_give(readers, db);
    return handle;
}

int story_mail_count(struct story *story, const char *to)
{
    return story_mail_count_about(story, to, "");
}

int story_mail_count_about(struct story *story, const char *to, const char *words)
{
    const struct mail_read **mails = MEM_ARRAY(story->mem, const struct mail_read *, MAILS_MAX);
    int all = mails_to(story, to, mails);
    int count = 0;
    for (int i = 0; i < all; i++)
        count += strstr(mails[i]->subject, words) != NULL;
    return count;
}

const struct mail_read *story_mail(struct story *story, const char *to)
{
    const struct mail_read **mails = MEM_ARRAY(story->mem, const struct mail_read *, MAILS_MAX);
    if (mails_to(story, to, mails) == 0)
        fail_msg("no mail to %s", to);
    return mails[0];
}

const char *story_mail_path(struct story *story, const char *to, const char *part)
{
    const char *text = story_mail(story, to)->text;
    for (const char *at = text; (at = strstr(at, "://")); at++) {
        const char *host = at + strlen("://");
        const char *start = host + strcspn(host, "/ \r\n>");
        const char *path = mem_strndup(story->mem, start, strcspn(start, " \r\n>"));
        if (strstr(path, part))
            return path;
    }
    fail_msg("no address with %s in the mail: %s", part, text);
    return "";
}

const char *story_mail_code(struct story *story, const char *to)
{
    const char *text = story_mail(story, to)->text;
    for (const char *at = text; *at; at++)
        if (strspn(at, "0123456789") == 6 && (at == text || at[-1] <= ' '))
            return mem_strndup(story->mem, at, 6);
    fail_msg("no code in the mail: %s", text);
    return "";
}
