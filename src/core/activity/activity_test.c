/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is written of what happens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/core_fixture.h"

static int set_up(void **state)
{
    struct core *core = test_calloc(1, sizeof *core);
    core_new(core, NULL);
    *state = core;
    return 0;
}

static int tear_down(void **state)
{
    core_free(*state);
    test_free(*state);
    return 0;
}

static void what_happens_is_written_in_the_words_of_activitystreams(void **state)
{
    struct work *work = core_begin(*state);
    activity_add(work, &(struct activity){.verb = ACTIVITY_JOIN,
                                          .object = ACTIVITY_SIGN_UP,
                                          .object_id = 12,
                                          .campaign_id = 5,
                                          .actor_id = 13,
                                          .detail = "confirmed",
                                          .audience = AUDIENCE_ORGANISERS});
    const struct db_row *row =
        tx_one(work->tx, "SELECT verb, object_kind, object_id, campaign_id, actor_id, detail,"
                         " audience, at, community_id FROM activity");
    assert_string_equal(row_text(row, 0), "Join");
    assert_string_equal(row_text(row, 1), "sign_up");
    assert_int_equal(row_int(row, 2), 12);
    assert_int_equal(row_int(row, 3), 5);
    assert_int_equal(row_int(row, 4), 13);
    assert_string_equal(row_text(row, 5), "confirmed");
    assert_string_equal(row_text(row, 6), "organisers");
    assert_int_equal(row_int(row, 7), CORE_NOW);
    assert_int_equal(row_int(row, 8), work->community->id.n);
    tx_rollback(work->tx);
}

static void every_verb_object_and_audience_has_a_word(void **state)
{
    struct work *work = core_begin(*state);
    for (int verb = ACTIVITY_CREATE; verb <= ACTIVITY_ADD; verb++)
        for (int object = ACTIVITY_CAMPAIGN; object <= ACTIVITY_REPORT; object++)
            activity_add(work, &(struct activity){.verb = (enum activity_verb)verb,
                                                  .object = (enum activity_object)object,
                                                  .detail = "",
                                                  .audience = AUDIENCE_PUBLIC});
    const struct db_row *row =
        tx_one(work->tx, "SELECT count(DISTINCT verb), count(DISTINCT object_kind) FROM activity");
    assert_int_equal(row_int(row, 0), ACTIVITY_ADD + 1);
    assert_int_equal(row_int(row, 1), ACTIVITY_REPORT + 1);
    tx_rollback(work->tx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_happens_is_written_in_the_words_of_activitystreams,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_verb_object_and_audience_has_a_word, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
