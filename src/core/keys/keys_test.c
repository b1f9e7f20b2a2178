/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the table of keys tells who reads it, and how it empties. Stories with keys stand beside the
 * features that take them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/time.h"
#include "core/core_fixture.h"
#include "core/keys/keys.h"
#include "core/keys/keys_local.h"
#include "web/request.h"

static int set_up(void **state)
{
    struct core *core = test_calloc(1, sizeof *core);
    core_new(core, &keys_feature);
    core_script(core, keys_migrations->sql);
    *state = core;
    return 0;
}

static int tear_down(void **state)
{
    core_free(*state);
    test_free(*state);
    return 0;
}

/* A form has so little text that who knows the hash alone could guess it. */
static void what_is_kept_of_a_body_cannot_be_made_without_the_install_s_key(void **state)
{
    struct core *core = *state;
    static const char body[] = "{\"email\":\"anne@example.org\"}";
    const struct http_request http = {
        .path = "/campaigns/haie/sign-ups", .body = body, .body_count = strlen(body)};
    struct request rq = {.http = &http, .work = *core_begin(core)};
    key_keep(&rq, "anne@example.org", "k-1", 7);
    const struct db_row *row = tx_one(rq.work.tx, "SELECT body_hash FROM request_key");
    assert_non_null(row);
    assert_string_not_equal(row_text(row, 0), crypt_sha256(core->mem, body, strlen(body)));
    const char *with_this_key = mem_strdup(core->mem, row_text(row, 0));
    core->app.key[0] ^= 1;
    key_keep(&rq, "anne@example.org", "k-1", 7);
    row = tx_one(rq.work.tx, "SELECT body_hash FROM request_key WHERE body_hash <> ?1",
                 with_this_key);
    assert_non_null(row);
    core_commit(core);
}

static void old_keys_are_forgotten_however_many_there_are(void **state)
{
    struct core *core = *state;
    core_script(core, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
                      "i < 1700) INSERT INTO request_key (hash, body_hash, row_id, created_at) "
                      "SELECT CAST(i AS TEXT), '', 1, i FROM n");
    struct work *work = core_begin(core);
    request_key_insert(work, "young", &(struct request_key){"", 1});
    core_commit(core);
    jobs_run_due(&core->app);
    assert_int_equal(core_number(core, "SELECT COUNT(*) FROM request_key"), 1);
    clock_set(core->app.clock, CORE_NOW + DAY_SECONDS + HOUR_SECONDS);
    jobs_run_due(&core->app);
    assert_int_equal(core_number(core, "SELECT COUNT(*) FROM request_key"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_kept_of_a_body_cannot_be_made_without_the_install_s_key),
        TEST(old_keys_are_forgotten_however_many_there_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
