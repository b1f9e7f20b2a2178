/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every route of the program, and who may use it: one table to read before a route is added,
 * opened, or closed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "main/features.h"
#include "web/feature.h"
#include "web/form.h"
#include "web/route.h"

/* What becomes of a POST that is refused. */
enum refused {
    NO_POST,
    SHOWS_ITS_PAGE,
    PAGE_OF_THE_FRAME, /* by intent: its form is a control of other pages, without a page of its own
                        */
};

struct row {
    const char *method;
    const char *path;
    enum access access;
    unsigned flags;
    enum refused refused;
};

static const struct row rows[] = {
    /* site */
    {"GET", "/assets/:file", ACCESS_ANYONE, ROUTE_NO_DATABASE, NO_POST},
    {"GET", "/favicon.ico", ACCESS_ANYONE, ROUTE_NO_DATABASE, NO_POST},
    {"GET", "/robots.txt", ACCESS_ANYONE, ROUTE_NO_DATABASE, NO_POST},
    {"GET", "/healthz", ACCESS_ANYONE, ROUTE_NO_STORE, NO_POST},
    {"GET", "/metrics", ACCESS_LOOPBACK, ROUTE_NO_STORE, NO_POST},
    {"POST", "/language", ACCESS_ANYONE, 0, PAGE_OF_THE_FRAME},
    {"GET", "/api/openapi.json", ACCESS_ANYONE, ROUTE_NO_DATABASE | ROUTE_TAGGED, NO_POST},
    /* mailbox */
    {"GET", "/mailbox", ACCESS_LOOPBACK, ROUTE_NO_STORE, NO_POST},
    {"GET", "/mailbox/:id", ACCESS_LOOPBACK, ROUTE_NO_STORE | ROUTE_FRAMES, NO_POST},
    {"GET", "/mailbox/:id/html", ACCESS_LOOPBACK, ROUTE_NO_STORE | ROUTE_FRAMED, NO_POST},
    {"GET", "/mailbox/:id/invite.ics", ACCESS_LOOPBACK, ROUTE_NO_STORE, NO_POST},
    /* mails */
    {"GET", "/mail/:token", ACCESS_LINK, ROUTE_SECRET_PATH, NO_POST},
    {"GET", "/mail/:token/off/:kind", ACCESS_LINK, ROUTE_SECRET_PATH, NO_POST},
    {"POST", "/mail/:token/off/:kind", ACCESS_LINK, ROUTE_SECRET_PATH | ROUTE_FROM_ANYWHERE,
     PAGE_OF_THE_FRAME},
    {"GET", "/mail/:token/on/:kind", ACCESS_LINK, ROUTE_SECRET_PATH, NO_POST},
    {"POST", "/mail/:token/on/:kind", ACCESS_LINK, ROUTE_SECRET_PATH, PAGE_OF_THE_FRAME},
    {"GET", "/mail/:token/arrives", ACCESS_LINK, ROUTE_SECRET_PATH, NO_POST},
    {"POST", "/mail/:token/arrives", ACCESS_LINK, ROUTE_SECRET_PATH, PAGE_OF_THE_FRAME},
    {"GET", "/administration/mail", ACCESS_ADMINISTRATOR, 0, NO_POST},
    {"POST", "/administration/mail", ACCESS_ADMINISTRATOR, 0, SHOWS_ITS_PAGE},
    /* account */
    {"GET", "/sign-in", ACCESS_ANYONE, ROUTE_NO_STORE, NO_POST},
    {"POST", "/sign-in", ACCESS_ANYONE, ROUTE_NO_STORE | ROUTE_URGENT, SHOWS_ITS_PAGE},
    {"GET", "/sign-in/code", ACCESS_ANYONE, ROUTE_NO_STORE, NO_POST},
    {"POST", "/sign-in/code", ACCESS_ANYONE, ROUTE_NO_STORE | ROUTE_URGENT, SHOWS_ITS_PAGE},
    {"GET", "/sign-in/link/:token", ACCESS_LINK, ROUTE_SECRET_PATH | ROUTE_URGENT, NO_POST},
    {"POST", "/sign-in/link/:token", ACCESS_LINK, ROUTE_SECRET_PATH | ROUTE_URGENT, SHOWS_ITS_PAGE},
    {"GET", "/first/:token", ACCESS_LINK, ROUTE_SECRET_PATH | ROUTE_URGENT, NO_POST},
    {"POST", "/first/:token", ACCESS_LINK, ROUTE_SECRET_PATH | ROUTE_URGENT, SHOWS_ITS_PAGE},
    {"POST", "/sign-out", ACCESS_ANYONE, ROUTE_NO_STORE | ROUTE_URGENT, PAGE_OF_THE_FRAME},
    {"GET", "/account", ACCESS_SIGNED_IN, 0, NO_POST},
    {"POST", "/account", ACCESS_SIGNED_IN, 0, SHOWS_ITS_PAGE},
    {"POST", "/account/language", ACCESS_SIGNED_IN, 0, SHOWS_ITS_PAGE},
    {"POST", "/account/logins/end", ACCESS_SIGNED_IN, 0, PAGE_OF_THE_FRAME},
    {"POST", "/account/logins/:handle/end", ACCESS_SIGNED_IN, 0, PAGE_OF_THE_FRAME},
    /* administration */
    {"GET", "/administration", ACCESS_ADMINISTRATOR, 0, NO_POST},
    {"GET", "/administration/settings", ACCESS_ADMINISTRATOR, 0, NO_POST},
    {"POST", "/administration/settings", ACCESS_ADMINISTRATOR, ROUTE_ADDS_ERRORS, SHOWS_ITS_PAGE},
    {"GET", "/administration/people", ACCESS_ADMINISTRATOR, 0, NO_POST},
    {"POST", "/administration/people", ACCESS_ADMINISTRATOR, 0, SHOWS_ITS_PAGE},
    {"GET", "/administration/people/:person", ACCESS_ADMINISTRATOR, 0, NO_POST},
    {"POST", "/administration/people/:person/role", ACCESS_ADMINISTRATOR, 0, SHOWS_ITS_PAGE},
    {"GET", "/administration/people/:person/role", ACCESS_ADMINISTRATOR, 0, NO_POST},
    {"POST", "/administration/people/offers/:offer/withdraw", ACCESS_ADMINISTRATOR, 0,
     PAGE_OF_THE_FRAME},
    {"POST", "/administration/people/:person/suspend", ACCESS_ADMINISTRATOR, 0, SHOWS_ITS_PAGE},
    {"GET", "/administration/people/:person/suspend", ACCESS_ADMINISTRATOR, 0, NO_POST},
    {"POST", "/administration/people/:person/lift", ACCESS_ADMINISTRATOR, 0, PAGE_OF_THE_FRAME},
    {"POST", "/administration/people/:person/sign-out", ACCESS_ADMINISTRATOR, 0, PAGE_OF_THE_FRAME},
    {"GET", "/administration/jobs", ACCESS_ADMINISTRATOR, 0, NO_POST},
    {"POST", "/administration/jobs/:job/again", ACCESS_ADMINISTRATOR, 0, PAGE_OF_THE_FRAME},
    {"POST", "/administration/jobs/:job/drop", ACCESS_ADMINISTRATOR, 0, PAGE_OF_THE_FRAME},
    {"GET", "/administration/audit", ACCESS_ADMINISTRATOR, 0, NO_POST},
    /* campaigns */
    {"GET", "/", ACCESS_ANYONE, ROUTE_CACHED, NO_POST},
    {"GET", "/campaigns", ACCESS_ANYONE, ROUTE_CACHED, NO_POST},
    {"GET", "/campaigns/:slug", ACCESS_ANYONE, ROUTE_CACHED, NO_POST},
    {"GET", "/campaigns/:slug/live", ACCESS_ANYONE, ROUTE_NO_STORE, NO_POST},
    {"GET", "/campaigns/:slug/screen", ACCESS_ANYONE, ROUTE_CACHED, NO_POST},
    {"GET", "/campaigns/:slug/result", ACCESS_ANYONE, ROUTE_CACHED, NO_POST},
    {"GET", "/campaigns/:slug/organise", ACCESS_ORGANISER, 0, NO_POST},
    {"GET", "/campaigns/new", ACCESS_SIGNED_IN, 0, NO_POST},
    {"POST", "/campaigns", ACCESS_SIGNED_IN, 0, SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/edit", ACCESS_ORGANISER, 0, NO_POST},
    {"POST", "/campaigns/:slug/edit", ACCESS_ORGANISER, ROUTE_ADDS_ERRORS, SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/edit/sessions", ACCESS_ORGANISER, 0, NO_POST},
    {"POST", "/campaigns/:slug/edit/sessions", ACCESS_ORGANISER, 0, SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/edit/sessions/:session", ACCESS_ORGANISER, 0, NO_POST},
    {"POST", "/campaigns/:slug/edit/sessions/:session", ACCESS_ORGANISER, 0, SHOWS_ITS_PAGE},
    {"POST", "/campaigns/:slug/edit/sessions/:session/copies", ACCESS_ORGANISER, 0, SHOWS_ITS_PAGE},
    {"POST", "/campaigns/:slug/edit/sessions/:session/remove", ACCESS_ORGANISER, 0, SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/publish", ACCESS_ORGANISER, 0, NO_POST},
    {"POST", "/campaigns/:slug/publish", ACCESS_ORGANISER, 0, SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/approve", ACCESS_FACILITATOR, 0, NO_POST},
    {"POST", "/campaigns/:slug/approve", ACCESS_FACILITATOR, 0, SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/send-back", ACCESS_FACILITATOR, 0, NO_POST},
    {"POST", "/campaigns/:slug/send-back", ACCESS_FACILITATOR, 0, SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/cancel", ACCESS_ORGANISER, 0, NO_POST},
    {"POST", "/campaigns/:slug/cancel", ACCESS_ORGANISER, 0, SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/extend", ACCESS_ORGANISER, 0, NO_POST},
    {"POST", "/campaigns/:slug/extend", ACCESS_ORGANISER, 0, SHOWS_ITS_PAGE},
    /* team */
    {"GET", "/campaigns/:slug/organise/team", ACCESS_ORGANISER, 0, NO_POST},
    {"POST", "/campaigns/:slug/organise/team", ACCESS_ORGANISER, 0, SHOWS_ITS_PAGE},
    {"POST", "/campaigns/:slug/organise/team/invitations/:handle/withdraw", ACCESS_ORGANISER, 0,
     PAGE_OF_THE_FRAME},
    {"POST", "/campaigns/:slug/organise/team/:organiser/remove", ACCESS_ORGANISER, 0,
     SHOWS_ITS_PAGE},
    {"GET", "/invitations/:token", ACCESS_LINK, ROUTE_SECRET_PATH, NO_POST},
    {"GET", "/invitations", ACCESS_SIGNED_IN, ROUTE_NO_STORE, NO_POST},
    {"POST", "/invitations/:token", ACCESS_SIGNED_IN, ROUTE_SECRET_PATH, PAGE_OF_THE_FRAME},
    /* signups */
    {"POST", "/campaigns/:slug/sign-ups", ACCESS_ANYONE, ROUTE_ADDS_ERRORS, SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/sign-ups", ACCESS_ANYONE, 0, NO_POST},
    {"GET", "/campaigns/:slug/sent", ACCESS_LINK, ROUTE_NO_STORE, NO_POST},
    {"POST", "/campaigns/:slug/sent", ACCESS_LINK, ROUTE_NO_STORE | ROUTE_URGENT, SHOWS_ITS_PAGE},
    {"GET", "/sign-ups/:token", ACCESS_LINK, ROUTE_SECRET_PATH | ROUTE_URGENT, NO_POST},
    {"GET", "/sign-ups/:token/calendar.ics", ACCESS_LINK, ROUTE_SECRET_PATH | ROUTE_URGENT,
     NO_POST},
    {"GET", "/sign-ups/:token/confirm", ACCESS_LINK, ROUTE_SECRET_PATH | ROUTE_URGENT, NO_POST},
    {"GET", "/sign-ups/:token/change", ACCESS_LINK, ROUTE_SECRET_PATH | ROUTE_URGENT, NO_POST},
    {"GET", "/sign-ups/:token/cancel", ACCESS_LINK, ROUTE_SECRET_PATH | ROUTE_URGENT, NO_POST},
    {"POST", "/sign-ups/:token/confirm", ACCESS_LINK, ROUTE_SECRET_PATH | ROUTE_URGENT,
     SHOWS_ITS_PAGE},
    {"POST", "/sign-ups/:token/change", ACCESS_LINK,
     ROUTE_SECRET_PATH | ROUTE_URGENT | ROUTE_ADDS_ERRORS, SHOWS_ITS_PAGE},
    {"POST", "/sign-ups/:token/cancel", ACCESS_LINK, ROUTE_SECRET_PATH | ROUTE_URGENT,
     SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/organise/people", ACCESS_ORGANISER, ROUTE_NO_STORE, NO_POST},
    {"POST", "/campaigns/:slug/organise/people", ACCESS_ORGANISER, ROUTE_NO_STORE, SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/organise/people/new", ACCESS_ORGANISER, ROUTE_NO_STORE, NO_POST},
    {"GET", "/campaigns/:slug/organise/people/:handle", ACCESS_ORGANISER, ROUTE_NO_STORE, NO_POST},
    {"POST", "/campaigns/:slug/organise/people/:handle", ACCESS_ORGANISER, ROUTE_NO_STORE,
     SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/organise/people/:handle/remove", ACCESS_ORGANISER, ROUTE_NO_STORE,
     NO_POST},
    {"POST", "/campaigns/:slug/organise/people/:handle/remove", ACCESS_ORGANISER, ROUTE_NO_STORE,
     SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/organise/people/:handle/confirm", ACCESS_ORGANISER, ROUTE_NO_STORE,
     NO_POST},
    {"POST", "/campaigns/:slug/organise/people/:handle/confirm", ACCESS_ORGANISER, ROUTE_NO_STORE,
     SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/organise/people/:handle/told", ACCESS_ORGANISER, ROUTE_NO_STORE,
     NO_POST},
    {"POST", "/campaigns/:slug/organise/people/:handle/told", ACCESS_ORGANISER, ROUTE_NO_STORE,
     SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/organise/people.csv", ACCESS_ORGANISER, ROUTE_NO_STORE, NO_POST},
    {"POST", "/campaigns/:slug/organise/people.csv", ACCESS_ORGANISER, ROUTE_NO_STORE,
     PAGE_OF_THE_FRAME},
    {"GET", "/campaigns/:slug/organise/list", ACCESS_ORGANISER, ROUTE_NO_STORE, NO_POST},
    /* messages */
    {"GET", "/campaigns/:slug/organise/message", ACCESS_ORGANISER, ROUTE_NO_STORE, NO_POST},
    {"POST", "/campaigns/:slug/organise/message", ACCESS_ORGANISER, ROUTE_NO_STORE, SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/organise/message/preview", ACCESS_ORGANISER, ROUTE_NO_STORE, NO_POST},
    {"GET", "/campaigns/:slug/organise/message/send", ACCESS_ORGANISER, ROUTE_NO_STORE, NO_POST},
    {"POST", "/campaigns/:slug/organise/message/send", ACCESS_ORGANISER, ROUTE_NO_STORE,
     SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/organise/message/:handle", ACCESS_ORGANISER, ROUTE_NO_STORE, NO_POST},
    /* reports: of whoever holds a sign-up's token, which comes in the form */
    {"POST", "/campaigns/:slug/reports", ACCESS_ANYONE, ROUTE_NO_STORE, SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/reports", ACCESS_ANYONE, 0, NO_POST},
    {"GET", "/campaigns/:slug/organise/result", ACCESS_ORGANISER, 0, NO_POST},
    {"POST", "/campaigns/:slug/organise/done", ACCESS_ORGANISER, 0, SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/organise/done", ACCESS_ORGANISER, 0, NO_POST},
    {"POST", "/campaigns/:slug/organise/claims", ACCESS_ORGANISER, 0, SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/organise/claims", ACCESS_ORGANISER, 0, NO_POST},
    {"POST", "/campaigns/:slug/organise/claims/drop", ACCESS_ORGANISER, 0, PAGE_OF_THE_FRAME},
    {"POST", "/campaigns/:slug/organise/reports-each", ACCESS_ORGANISER, 0, PAGE_OF_THE_FRAME},
    {"GET", "/campaigns/:slug/organise/reports", ACCESS_ORGANISER, 0, NO_POST},
    {"POST", "/campaigns/:slug/organise/reports", ACCESS_ORGANISER, 0, SHOWS_ITS_PAGE},
    {"GET", "/campaigns/:slug/organise/reports/:report", ACCESS_ORGANISER, 0, NO_POST},
    {"POST", "/campaigns/:slug/organise/reports/:report", ACCESS_ORGANISER, ROUTE_ADDS_ERRORS,
     SHOWS_ITS_PAGE},
    /* factors */
    {"POST", "/campaigns/:slug/organise/factors", ACCESS_ORGANISER, 0, PAGE_OF_THE_FRAME},
    {"GET", "/administration/factors", ACCESS_ADMINISTRATOR, 0, NO_POST},
    {"POST", "/administration/factors", ACCESS_ADMINISTRATOR, ROUTE_ADDS_ERRORS, SHOWS_ITS_PAGE},
    {"POST", "/administration/factors/:factor/retire", ACCESS_ADMINISTRATOR, 0, PAGE_OF_THE_FRAME},
    /* flags */
    {"GET", "/campaigns/:slug/flag", ACCESS_ANYONE, ROUTE_NO_STORE, NO_POST},
    {"POST", "/campaigns/:slug/flag", ACCESS_ANYONE, ROUTE_NO_STORE, SHOWS_ITS_PAGE},
    {"GET", "/administration/flags", ACCESS_FACILITATOR, 0, NO_POST},
    {"POST", "/campaigns/:slug/flags/settle", ACCESS_FACILITATOR, 0, PAGE_OF_THE_FRAME},
    {"GET", "/campaigns/:slug/flags/hide", ACCESS_FACILITATOR, 0, NO_POST},
    {"POST", "/campaigns/:slug/flags/hide", ACCESS_FACILITATOR, 0, SHOWS_ITS_PAGE},
    {"POST", "/campaigns/:slug/flags/show", ACCESS_FACILITATOR, 0, PAGE_OF_THE_FRAME},
    /* privacy */
    {"GET", "/my-data", ACCESS_ANYONE, ROUTE_NO_STORE, NO_POST},
    {"POST", "/my-data", ACCESS_ANYONE, ROUTE_NO_STORE, SHOWS_ITS_PAGE},
    {"GET", "/my-data/sent", ACCESS_ANYONE, ROUTE_NO_STORE, NO_POST},
    {"GET", "/my-data/gone", ACCESS_ANYONE, ROUTE_NO_STORE, NO_POST},
    {"GET", "/my-data/:token", ACCESS_LINK, ROUTE_SECRET_PATH, NO_POST},
    {"GET", "/my-data/:token/data.json", ACCESS_LINK, ROUTE_SECRET_PATH, NO_POST},
    {"GET", "/my-data/:token/data.csv", ACCESS_LINK, ROUTE_SECRET_PATH, NO_POST},
    {"GET", "/my-data/:token/erase", ACCESS_LINK, ROUTE_SECRET_PATH, NO_POST},
    {"POST", "/my-data/:token/erase", ACCESS_LINK, ROUTE_SECRET_PATH, SHOWS_ITS_PAGE},
    {"GET", "/account/data.json", ACCESS_SIGNED_IN, 0, NO_POST},
    {"GET", "/account/data.csv", ACCESS_SIGNED_IN, 0, NO_POST},
    {"GET", "/legal", ACCESS_ANYONE, ROUTE_CACHED, NO_POST},
    {"GET", "/privacy", ACCESS_ANYONE, ROUTE_CACHED, NO_POST},
    {"GET", "/terms", ACCESS_ANYONE, ROUTE_CACHED, NO_POST},
    {"GET", "/accessibility", ACCESS_ANYONE, ROUTE_CACHED, NO_POST},
    {"GET", "/.well-known/security.txt", ACCESS_ANYONE, ROUTE_NO_STORE, NO_POST},
    {"GET", "/administration/legal", ACCESS_ADMINISTRATOR, 0, NO_POST},
    {"POST", "/administration/legal", ACCESS_ADMINISTRATOR, 0, SHOWS_ITS_PAGE},
};
enum { ROWS = sizeof rows / sizeof *rows };

static int set_up(void **state)
{
    *state = mem_new(1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    mem_free(*state);
    return 0;
}

static const struct row *row_of(const struct route *route)
{
    for (int i = 0; i < ROWS; i++)
        if (str_equal(rows[i].method, route->method) && str_equal(rows[i].path, route->path))
            return &rows[i];
    fail_msg("%s %s is not in this table: who may use it?", route->method, route->path);
    return NULL;
}

static void every_route_is_listed_with_who_may_use_it(void **state)
{
    const struct route_table *table = route_table_new(*state, all_features);
    int count = 0;
    assert_non_null(table);
    for (const struct route *route; (route = route_at(table, count)); count++) {
        const struct row *row = row_of(route);
        if (row->access != route->access || row->flags != route->flags)
            fail_msg("%s %s: access %d and flags %u, here %d and %u", route->method, route->path,
                     (int)route->access, route->flags, (int)row->access, row->flags);
    }
    assert_int_equal(count, ROWS);
}

static void every_route_reads_or_posts(void **state)
{
    const struct route_table *table = route_table_new(*state, all_features);
    const struct route *route;
    for (int i = 0; (route = route_at(table, i)); i++) {
        bool posts = str_equal(route->method, "POST");
        assert_true(posts || str_equal(route->method, "GET"));
        assert_true(posts || (!route->form && !route->show));
        assert_int_equal(posts, row_of(route)->refused != NO_POST);
    }
}

static void a_refused_post_shows_its_page_or_has_none_by_intent(void **state)
{
    const struct route_table *table = route_table_new(*state, all_features);
    const struct route *route;
    for (int i = 0; (route = route_at(table, i)); i++) {
        bool shows = row_of(route)->refused == SHOWS_ITS_PAGE;
        if (shows != (route->show != NULL))
            fail_msg("%s %s: does it show its page?", route->method, route->path);
    }
}

static void what_is_secret_or_of_this_machine_is_never_stored(void **state)
{
    const struct route_table *table = route_table_new(*state, all_features);
    const struct route *route;
    for (int i = 0; (route = route_at(table, i)); i++)
        if (route->access != ACCESS_ANYONE && route_may_be_kept(route))
            fail_msg("%s %s may be kept by caches", route->method, route->path);
}

static void who_must_hold_a_secret_in_the_path_has_one_in_it(void **state)
{
    const struct route_table *table = route_table_new(*state, all_features);
    const struct route *route;
    for (int i = 0; (route = route_at(table, i)); i++)
        if (strstr(route->path, ":token"))
            assert_true((route->access == ACCESS_LINK || route_wants_login(route)) &&
                        route->flags & ROUTE_SECRET_PATH);
}

/* A handler's form and the routes of a form agree on its fields: each has a name of its own and a
 * label, and stands within the struct. */
static void every_form_is_sound(void **state)
{
    const struct route_table *table = route_table_new(*state, all_features);
    const struct route *route;
    for (int i = 0; (route = route_at(table, i)); i++)
        for (const struct field *field = route->form ? route->form->fields : NULL;
             field && field->name; field++) {
            bool has_bounds = field->kind == FIELD_LINE || field->kind == FIELD_TEXT ||
                              field->kind == FIELD_INT || field->kind == FIELD_HANDLE;
            assert_non_null(field->label);
            assert_true(field->offset < route->form->size);
            assert_true(!has_bounds || field->max > 0);
            for (const struct field *other = route->form->fields; other != field; other++)
                assert_string_not_equal(other->name, field->name);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_is_listed_with_who_may_use_it),
        cmocka_unit_test(every_route_reads_or_posts),
        cmocka_unit_test(a_refused_post_shows_its_page_or_has_none_by_intent),
        cmocka_unit_test(what_is_secret_or_of_this_machine_is_never_stored),
        cmocka_unit_test(who_must_hold_a_secret_in_the_path_has_one_in_it),
        cmocka_unit_test(every_form_is_sound),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
