/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The frame: what becomes of a request when it is accepted, refused, or failed by the database,
 * with routes of the test's own. */
#include "web/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "sys/html.h"
#include "web/page.h"
#include "web/web_fixture.h"

static const struct refusal taken = {409, "taken", N_("This name is taken."), .keeps = false};
static const struct refusal wrong_code = {422, "wrong_code", N_("Wrong code."), .keeps = true};

struct thing_form {
    const char *name;
};
static const struct form thing_form = {
    "thing", sizeof(struct thing_form),
    (const struct field[]){{.name = "name",
                            .label = "Name",
                            .kind = FIELD_LINE,
                            .required = true,
                            .min = 1,
                            .max = 20,
                            .offset = offsetof(struct thing_form, name)},
                           {.name = NULL}}};

/* The page of the form: how many things there are, what was typed, and what is wrong with it. */
static const struct refusal *things_show(struct request *rq)
{
    const struct db_row *row = tx_one(rq->work.tx, "SELECT COUNT(*) FROM thing");
    const struct input_view *view = form_input_view(rq, &thing_form, "name", "preset");
    const struct form_summary *summary = form_summary(rq, &thing_form);
    struct html *h = page_begin(rq, &(struct page){.title = "Things"});
    html_text_string(h, mem_printf(rq->work.mem, "[%d things, %s, %s, %s]",
                                   row ? (int)row_int(row, 0) : -1, view->value,
                                   view->error ? view->error : "fine",
                                   summary ? summary->sentence : "fresh"));
    page_end(rq, h, 200);
    return NULL;
}

static void insert(struct request *rq, const char *name)
{
    tx_do(rq->work.tx, "INSERT INTO thing (name) VALUES (?1)", name);
}

static const struct refusal *things_handle(struct request *rq)
{
    const struct thing_form *form = rq->input.parsed;
    web_of(rq)->runs++;
    insert(rq, form->name);
    if (str_equal(form->name, "taken"))
        return &taken;
    if (str_equal(form->name, "code"))
        return &wrong_code;
    if (str_equal(form->name, "rule")) {
        form_error_add(rq->work.mem, &rq->input, "name", "The rule says no.", 0);
        return &refusal_fields;
    }
    reply_see_other(rq, "/things");
    return NULL;
}

/* Says what only a rule can see, and forgets to refuse. */
static const struct refusal *adding_handle(struct request *rq)
{
    const struct thing_form *form = rq->input.parsed;
    web_of(rq)->runs++;
    insert(rq, form->name);
    form_error_add(rq->work.mem, &rq->input, "other", "Beside another field.", 0);
    reply_see_other(rq, "/things");
    return NULL;
}

static const struct refusal *not_there(struct request *rq)
{
    (void)rq;
    return &refusal_not_found;
}

/* What a handler may take for "it is not there", since the row cannot be read. */
static const struct refusal *unreadable_handle(struct request *rq)
{
    insert(rq, "unreadable");
    return tx_one(rq->work.tx, "SELECT id FROM nowhere") ? NULL : &refusal_not_found;
}

static const struct refusal *greedy_handle(struct request *rq)
{
    insert(rq, "greedy");
    for (int i = 0; i < 9; i++)
        mem_alloc(rq->work.mem, REQUEST_BYTES_MAX / 8);
    reply_see_other(rq, "/things");
    return NULL;
}

static const struct refusal *endless_read_handle(struct request *rq)
{
    tx_limit(rq->work.tx, 20); /* less than the frame's, so that nobody waits for it */
    tx_one(rq->work.tx, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                        "SELECT COUNT(*) FROM n");
    reply_text(rq, 200, "text/plain", "");
    return NULL;
}

static const struct refusal *long_handle(struct request *rq)
{
    static const char words[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    struct html *h = page_begin(rq, &(struct page){.title = "Long"});
    for (size_t i = 0; i < REPLY_BYTES_MAX / (sizeof words - 1) + 1; i++)
        html_markup(h, words, sizeof words - 1);
    page_end(rq, h, 200);
    return NULL;
}

static const struct refusal *touch_handle(struct request *rq)
{
    insert(rq, "touched");
    work_touches(&rq->work, OBJECT_CAMPAIGN, 7);
    reply_see_other(rq, "/things");
    return NULL;
}

static const struct refusal *query_handle(struct request *rq)
{
    reply_text(rq, 200, "text/plain", mem_strdup(rq->work.mem, request_query(rq, "q")));
    return NULL;
}

static const struct refusal *part_handle(struct request *rq)
{
    reply_text(rq, 200, "text/plain", rq->params[0]);
    return NULL;
}

static const struct refusal *asset_like_handle(struct request *rq)
{
    assert_null(rq->work.tx);
    if (str_equal(rq->params[0], "none"))
        return &refusal_not_found;
    reply_text(rq, 200, "text/plain", "without a database");
    return NULL;
}

static const struct route routes[] = {
    {"GET", "/things", ACCESS_ANYONE, .handle = things_show},
    {"POST", "/things", ACCESS_ANYONE, .form = &thing_form, .handle = things_handle,
     .show = things_show},
    {"POST", "/gone", ACCESS_ANYONE, .form = &thing_form, .handle = things_handle,
     .show = not_there},
    {"POST", "/adding", ACCESS_ANYONE, .flags = ROUTE_ADDS_ERRORS, .form = &thing_form,
     .handle = adding_handle},
    {"POST", "/bare", ACCESS_ANYONE, .form = &thing_form, .handle = things_handle},
    {"POST", "/here", ACCESS_LOOPBACK, .form = &thing_form, .handle = things_handle,
     .show = things_show},
    {"GET", "/unreadable", ACCESS_ANYONE, .handle = unreadable_handle},
    {"POST", "/unreadable", ACCESS_ANYONE, .handle = unreadable_handle},
    {"POST", "/greedy", ACCESS_ANYONE, .handle = greedy_handle},
    {"GET", "/endless", ACCESS_ANYONE, .handle = endless_read_handle},
    {"GET", "/long", ACCESS_ANYONE, .handle = long_handle},
    {"POST", "/touch", ACCESS_ANYONE, .handle = touch_handle},
    {"GET", "/query", ACCESS_ANYONE, .queries = {{"q", QUERY_WORDS}}, .handle = query_handle},
    {"GET", "/parts/:part", ACCESS_ANYONE, .handle = part_handle},
    {"GET", "/files/:name", ACCESS_ANYONE, .flags = ROUTE_NO_DATABASE, .handle = asset_like_handle},
    {.method = NULL},
};
static const struct feature test_feature = {.name = "test", .routes = routes};
static const struct feature *const features[] = {&test_feature, NULL};

static int set_up(void **state)
{
    *state = web_new(features, false);
    return 0;
}

static int tear_down(void **state)
{
    web_free(*state);
    return 0;
}

static const char *const as_json[] = {"Accept: application/json", "Content-Type: application/json",
                                      NULL};

/* Accepted. */

static void a_page_is_made_in_the_layout(void **state)
{
    struct http_reply reply = web_get(*state, "/things");
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply_header_get(&reply, "Content-Type"), "text/html; charset=utf-8");
    assert_true(reply_says(&reply, "<title>Things · Les Amis de la rivière</title>"));
    assert_true(reply_says(&reply, "[0 things, preset, fine, fresh]"));
}

static void a_post_is_kept_and_leads_on(void **state)
{
    struct web *web = *state;
    struct http_reply reply = web_post(web, "/things", "name=one");
    assert_int_equal(reply.status, 303);
    assert_string_equal(reply_header_get(&reply, "Location"), "/things");
    assert_int_equal(web_things(web), 1);
}

static void json_uses_the_same_route_and_form(void **state)
{
    struct web *web = *state;
    assert_int_equal(web_send(web, "POST", "/things", as_json, "{\"name\":\"one\"}").status, 303);
    assert_int_equal(web_things(web), 1);
}

static void what_was_touched_is_published_after_the_commit(void **state)
{
    struct web *web = *state;
    struct object object = {OBJECT_CAMPAIGN, 7};
    web_post(web, "/things", "name=one");
    assert_int_equal(commits_of(web->app.commits, object), 0);
    web_post(web, "/touch", "");
    assert_int_equal(commits_of(web->app.commits, object), 1);
}

static void parts_and_queries_come_decoded(void **state)
{
    struct http_reply part = web_get(*state, "/parts/a%2Fb%C3%A9+");
    struct http_reply query = web_get(*state, "/query?other=1&q=a+b%26&q=2");
    struct http_reply none = web_get(*state, "/query?Q=1");
    assert_string_equal(part.body, "a/bé+");
    assert_string_equal(query.body, "a b&");
    assert_string_equal(none.body, "");
}

static void a_route_without_database_opens_none(void **state)
{
    struct http_reply found = web_get(*state, "/files/a");
    struct http_reply none = web_get(*state, "/files/none");
    assert_string_equal(found.body, "without a database");
    assert_int_equal(none.status, 404);
    assert_true(reply_says(&none, "Les Amis de la rivière"));
}

/* Refused. */

static void an_unknown_path_is_not_found(void **state)
{
    struct http_reply get = web_get(*state, "/nowhere");
    struct http_reply post = web_post(*state, "/nowhere", "name=a");
    struct http_reply broken = web_get(*state, "/parts/%zz");
    assert_int_equal(get.status, 404);
    assert_int_equal(post.status, 404);
    assert_int_equal(broken.status, 404);
    assert_true(reply_says(&get, "Les Amis de la rivière"));
}

static void another_method_is_told_which_there_are(void **state)
{
    static const struct {
        const char *method;
        const char *path;
        const char *allow;
    } rows[] = {{"POST", "/query", "GET, HEAD"},
                {"GET", "/bare", "POST"},
                {"HEAD", "/bare", "POST"},
                {"PUT", "/things", "GET, HEAD, POST"},
                {"DELETE", "/parts/a", "GET, HEAD"},
                {"OPTIONS", "/things", "GET, HEAD, POST"},
                {"BREW", "/things", "GET, HEAD, POST"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct http_reply reply = web_send(*state, rows[i].method, rows[i].path, NULL, NULL);
        assert_int_equal(reply.status, 405);
        assert_string_equal(reply_header_get(&reply, "Allow"), rows[i].allow);
    }
}

static void a_refused_form_shows_its_page_with_what_was_typed(void **state)
{
    struct http_reply reply = web_post(*state, "/things", "name=%3Cmuch+too+long+a+name%3E");
    assert_int_equal(reply.status, 422);
    assert_true(reply_says(&reply, "[0 things, &lt;much too long a name&gt;, "));
    assert_true(reply_says(&reply, "20"));
    assert_int_equal(((struct web *)*state)->runs, 0);
}

static void a_refusal_undoes_what_was_written_before_its_page_is_shown(void **state)
{
    struct web *web = *state;
    struct http_reply reply = web_post(web, "/things", "name=taken");
    assert_int_equal(reply.status, 409);
    assert_true(reply_says(&reply, "[0 things, taken, fine, This name is taken.]"));
    assert_int_equal(web_things(web), 0);
}

static void a_refusal_that_keeps_keeps_what_was_written(void **state)
{
    struct web *web = *state;
    struct http_reply reply = web_post(web, "/things", "name=code");
    assert_int_equal(reply.status, 422);
    assert_true(reply_says(&reply, "[1 things, code, fine, Wrong code.]"));
    assert_int_equal(web_things(web), 1);
}

static void a_handler_may_add_errors_to_those_of_the_form(void **state)
{
    struct web *web = *state;
    struct http_reply both = web_send(web, "POST", "/adding", as_json, "{}");
    assert_int_equal(both.status, 422);
    assert_true(reply_says(&both, "\"other\":\"Beside another field.\""));
    assert_true(reply_says(&both, "\"name\":\""));
    struct http_reply own = web_send(web, "POST", "/adding", as_json, "{\"name\":\"a\"}");
    assert_int_equal(own.status, 422);
    assert_true(reply_says(&own, "\"other\":\"Beside another field.\""));
    assert_int_equal(web_things(web), 0);
}

static void a_form_without_a_page_is_refused_on_one_of_the_frame(void **state)
{
    struct http_reply reply = web_post(*state, "/bare", "name=taken");
    assert_int_equal(reply.status, 409);
    assert_true(reply_says(&reply, "This name is taken."));
    assert_false(reply_says(&reply, "things,"));
}

/* The page itself may be gone, for that reason or for another one. */
static void a_page_that_refuses_in_its_turn_is_told(void **state)
{
    struct http_reply other = web_post(*state, "/gone", "name=taken");
    struct http_reply fields = web_post(*state, "/gone", "name=");
    assert_int_equal(other.status, 404);
    assert_int_equal(fields.status, 404);
    assert_true(reply_says(&fields, "404"));
}

static void no_page_is_shown_to_who_may_not_see_it(void **state)
{
    struct web *web = *state;
    static const char *const proxied[] = {"X-Forwarded-For: 192.0.2.1", NULL};
    struct http_reply reply = web_send(web, "POST", "/here", proxied, "name=a");
    assert_int_equal(reply.status, 404);
    assert_false(reply_says(&reply, "things,"));
    assert_int_equal(web_post(web, "/here", "name=a").status, 303);
}

static void what_another_site_sends_is_not_carried_out(void **state)
{
    struct web *web = *state;
    static const char *const foreign[] = {"Sec-Fetch-Site: cross-site",
                                          "Content-Type: application/x-www-form-urlencoded", NULL};
    struct http_reply reply = web_send(web, "POST", "/things", foreign, "name=a");
    assert_int_equal(reply.status, 403);
    assert_false(reply_says(&reply, "things,"));
    assert_int_equal(web_things(web), 0);
}

static void a_body_that_cannot_be_read_is_refused(void **state)
{
    static const char *const plain[] = {"Content-Type: text/plain", NULL};
    assert_int_equal(web_send(*state, "POST", "/things", plain, "name=a").status, 415);
    assert_int_equal(web_post(*state, "/things", "name=%").status, 400);
    assert_int_equal(web_send(*state, "POST", "/things", as_json, "{\"name\":[]}").status, 400);
}

static void json_is_answered_with_a_problem(void **state)
{
    static const char *const wants[] = {"Accept: application/json", NULL};
    static const struct {
        const char *method;
        const char *path;
        const char *says;
    } rows[] = {{"GET", "/nowhere", "\"status\":404,\"code\":\"not_found\""},
                {"POST", "/query", "\"status\":405,\"code\":\"method\""},
                {"GET", "/query?q=%", "\"status\":400,\"code\":\"bad_request\""},
                {"GET", "/unreadable", "\"status\":503,\"code\":\"fault\""},
                {"POST", "/things", "\"errors\":{\"name\":\""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct http_reply reply = web_send(*state, rows[i].method, rows[i].path, wants, NULL);
        assert_string_equal(reply_header_get(&reply, "Content-Type"), "application/problem+json");
        if (!reply_says(&reply, rows[i].says))
            fail_msg("%s is not in %s", rows[i].says, reply.body);
        assert_true(reply_says(&reply, "\"title\":\""));
    }
}

static void who_wants_json_is_told_by_the_accept_header(void **state)
{
    static const struct {
        const char *accept;
        bool json;
    } rows[] = {{"Accept: application/json", true},
                {"Accept: application/problem+json, application/json", true},
                {"Accept: text/html,application/xhtml+xml,*/*;q=0.8", false},
                {"Accept: text/html, application/json", false},
                {"Accept: application/json, text/html", true},
                {"Accept: */*", false},
                {"Accept: text/event-stream", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const lines[] = {rows[i].accept, NULL};
        struct http_reply reply = web_send(*state, "GET", "/nowhere", lines, NULL);
        bool json = str_equal(reply_header_get(&reply, "Content-Type"), "application/problem+json");
        assert_int_equal(json, rows[i].json);
    }
    static const char *const sends[] = {"Accept: */*", "Content-Type: Application/JSON", NULL};
    struct http_reply reply = web_send(*state, "POST", "/bare", sends, "{}");
    assert_string_equal(reply_header_get(&reply, "Content-Type"), "application/problem+json");
}

/* Failed. */

static void assert_fault(const struct http_reply *reply)
{
    assert_int_equal(reply->status, 503);
    assert_string_equal(reply_header_get(reply, "Retry-After"), "5");
    assert_string_equal(reply_header_get(reply, "Cache-Control"), "no-store");
}

static void a_fault_is_not_taken_for_a_refusal(void **state)
{
    struct web *web = *state;
    struct http_reply get = web_get(web, "/unreadable");
    struct http_reply post = web_post(web, "/unreadable", "");
    assert_fault(&get);
    assert_fault(&post);
    assert_int_equal(web_things(web), 0);
}

static void the_database_s_words_are_not_told(void **state)
{
    struct http_reply reply = web_get(*state, "/unreadable");
    assert_false(reply_says(&reply, "nowhere"));
    assert_false(reply_says(&reply, "SELECT"));
}

static void a_request_that_takes_too_much_memory_is_undone_and_told_so(void **state)
{
    struct web *web = *state;
    struct http_reply reply = web_post(web, "/greedy", "");
    assert_fault(&reply);
    assert_int_equal(web_things(web), 0);
}

static void a_page_out_of_time_is_told_so(void **state)
{
    struct http_reply reply = web_get(*state, "/endless");
    assert_fault(&reply);
    assert_int_equal(web_get(*state, "/things").status, 200);
}

static void a_page_that_is_too_long_is_a_fault(void **state)
{
    struct http_reply reply = web_get(*state, "/long");
    assert_fault(&reply);
}

static void an_install_without_a_community_is_a_fault(void **state)
{
    struct web *web = *state;
    web->is_founded = false;
    struct http_reply get = web_get(web, "/things");
    struct http_reply post = web_post(web, "/things", "name=a");
    struct http_reply none = web_get(web, "/nowhere");
    assert_fault(&get);
    assert_fault(&post);
    assert_fault(&none);
    assert_int_equal(web_things(web), 0);
}

static void a_database_that_cannot_be_read_is_a_fault(void **state)
{
    struct web *web = *state;
    db_readers_free(web->app.readers);
    web->app.readers = db_readers_new("/nowhere/essaim.db", 1);
    struct http_reply reply = web_get(web, "/things");
    assert_fault(&reply);
}

static void fail_at(struct web *web, struct db_failure *failure, int n, bool lasting)
{
    *failure = (struct db_failure){.countdown = n, .lasting = lasting, .batch = true};
    db_fail(web->db, failure);
}

/* The calls are: the community, the handler's row, the page's count, COMMIT. */
static void a_broken_batch_is_run_again_as_if_for_the_first_time(void **state)
{
    struct web *web = *state;
    static const char *const bodies[] = {"name=one", "name=taken", "name=rule", "name=code"};
    static const int statuses[] = {303, 409, 422, 422};
    for (int i = 0; i < 4; i++)
        for (int n = 1; n <= 3; n++) {
            struct db_failure failure;
            fail_at(web, &failure, n, false);
            web->runs = 0;
            struct http_reply reply = web_post(web, "/things", bodies[i]);
            assert_true(failure.reached);
            assert_int_equal(reply.status, statuses[i]);
            assert_int_equal(web->runs, n == 1 ? 1 : 2);
        }
    db_fail(web->db, NULL);
    assert_int_equal(web_things(web), 6); /* "one" and "code", three times each */
}

static void a_rule_s_error_stands_once_after_a_second_run(void **state)
{
    struct web *web = *state;
    struct db_failure failure;
    fail_at(web, &failure, 3, false);
    struct http_reply reply = web_send(web, "POST", "/things", as_json, "{\"name\":\"rule\"}");
    db_fail(web->db, NULL);
    assert_int_equal(reply.status, 422);
    assert_true(reply_says(&reply, "\"errors\":{\"name\":\"The rule says no.\"}}"));
}

static void what_fails_again_is_told_so(void **state)
{
    struct web *web = *state;
    for (int n = 1; n <= 3; n++) {
        struct db_failure failure;
        fail_at(web, &failure, n, true);
        struct http_reply reply = web_post(web, "/things", "name=one");
        assert_fault(&reply);
        db_fail(web->db, NULL);
        assert_int_equal(web_things(web), 0);
    }
}

static void nothing_is_published_of_what_was_not_kept(void **state)
{
    struct web *web = *state;
    struct db_failure failure;
    fail_at(web, &failure, 3, true);
    web_post(web, "/touch", "");
    db_fail(web->db, NULL);
    assert_int_equal(commits_last(web->app.commits), 0);
}

#define FRESH(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(a_page_is_made_in_the_layout),
        FRESH(a_post_is_kept_and_leads_on),
        FRESH(json_uses_the_same_route_and_form),
        FRESH(what_was_touched_is_published_after_the_commit),
        FRESH(parts_and_queries_come_decoded),
        FRESH(a_route_without_database_opens_none),
        FRESH(an_unknown_path_is_not_found),
        FRESH(another_method_is_told_which_there_are),
        FRESH(a_refused_form_shows_its_page_with_what_was_typed),
        FRESH(a_refusal_undoes_what_was_written_before_its_page_is_shown),
        FRESH(a_refusal_that_keeps_keeps_what_was_written),
        FRESH(a_handler_may_add_errors_to_those_of_the_form),
        FRESH(a_form_without_a_page_is_refused_on_one_of_the_frame),
        FRESH(a_page_that_refuses_in_its_turn_is_told),
        FRESH(no_page_is_shown_to_who_may_not_see_it),
        FRESH(what_another_site_sends_is_not_carried_out),
        FRESH(a_body_that_cannot_be_read_is_refused),
        FRESH(json_is_answered_with_a_problem),
        FRESH(who_wants_json_is_told_by_the_accept_header),
        FRESH(a_fault_is_not_taken_for_a_refusal),
        FRESH(the_database_s_words_are_not_told),
        FRESH(a_request_that_takes_too_much_memory_is_undone_and_told_so),
        FRESH(a_page_out_of_time_is_told_so),
        FRESH(a_page_that_is_too_long_is_a_fault),
        FRESH(an_install_without_a_community_is_a_fault),
        FRESH(a_database_that_cannot_be_read_is_a_fault),
        FRESH(a_broken_batch_is_run_again_as_if_for_the_first_time),
        FRESH(a_rule_s_error_stands_once_after_a_second_run),
        FRESH(what_fails_again_is_told_so),
        FRESH(nothing_is_published_of_what_was_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
