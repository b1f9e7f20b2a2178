/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The headers that answers carry because of their route. */
#include "web/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "web/app.h"
#include "web/request.h"

static const struct config config = {.base_url = "https://essaim.example"};
static const struct app app = {.config = &config};

/* One header of a page of this route; NULL: it has none. */
static const char *header_of(const struct route *route, const char *name)
{
    struct request rq = {.work = {.app = &app}, .route = route, .reply = {.status = 200}};
    reply_finish(&rq);
    for (int i = 0; i < rq.reply.headers_count; i++)
        if (str_equal(rq.reply.headers[i].name, name))
            return rq.reply.headers[i].value;
    return NULL;
}

static void an_open_page_is_found_and_asked_for_again(void **state)
{
    (void)state;
    const struct route route = {.flags = ROUTE_URGENT};
    assert_string_equal(header_of(&route, "X-Robots-Tag"), "all");
    assert_string_equal(header_of(&route, "Cache-Control"), "no-cache");
    assert_string_equal(header_of(NULL, "X-Robots-Tag"), "all");
}

static void what_caches_may_not_keep_search_engines_may_not_either(void **state)
{
    (void)state;
    static const unsigned flags[] = {ROUTE_NO_STORE, ROUTE_SECRET_PATH,
                                     ROUTE_NO_STORE | ROUTE_FRAMED};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        const struct route route = {.flags = flags[i]};
        assert_string_equal(header_of(&route, "X-Robots-Tag"), "noindex");
        assert_string_equal(header_of(&route, "Cache-Control"), "no-store");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_open_page_is_found_and_asked_for_again),
        cmocka_unit_test(what_caches_may_not_keep_search_engines_may_not_either),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
