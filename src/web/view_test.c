/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Each kind of field, as JSON. */
#include "web/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

struct point {
    const struct point *next;
    int64_t x;
};

struct thing {
    const char *text;
    int64_t number;
    int64_t perhaps;
    bool yes;
    int64_t at;
    int64_t minutes;
    const struct point *point;
    const struct point *points;
    const struct view_text *texts;
};

static const struct view_field point_fields[] = {{"x", VIEW_INT, offsetof(struct point, x), NULL},
                                                 {.name = NULL}};
static const struct view point_view = {"point", point_fields};

static const struct view_field thing_fields[] = {
    {"text", VIEW_TEXT_OR_NULL, offsetof(struct thing, text), NULL},
    {"number", VIEW_INT, offsetof(struct thing, number), NULL},
    {"perhaps", VIEW_INT_OR_NULL, offsetof(struct thing, perhaps), NULL},
    {"yes", VIEW_BOOL, offsetof(struct thing, yes), NULL},
    {"at", VIEW_TIME_OR_NULL, offsetof(struct thing, at), NULL},
    {"hours", VIEW_HOURS, offsetof(struct thing, minutes), NULL},
    {"point", VIEW_OBJECT, offsetof(struct thing, point), &point_view},
    {"points", VIEW_LIST, offsetof(struct thing, points), &point_view},
    {"texts", VIEW_TEXTS, offsetof(struct thing, texts), NULL},
    {.name = NULL},
};
static const struct view thing_view = {"thing", thing_fields};

static int set_up(void **state)
{
    *state = mem_new(4 * 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    mem_free(*state);
    return 0;
}

/* The JSON has this member, written so. */
static void assert_member(void **state, const struct thing *thing, const char *member)
{
    const char *json = view_json(*state, &thing_view, thing);
    if (!strstr(json, member))
        fail_msg("%s is not in %s", member, json);
}

static void a_whole_view_is_written_in_the_order_of_its_fields(void **state)
{
    const struct point last = {NULL, 3};
    const struct point first = {&last, -2};
    const struct view_text text = {NULL, "b"};
    const struct view_text texts = {&text, "a"};
    const struct thing thing = {
        "Haie", INT64_C(-9007199254740993), 7, true, 1795248000, 90, &last, &first, &texts};
    assert_string_equal(
        view_json(*state, &thing_view, &thing),
        "{\"text\":\"Haie\",\"number\":-9007199254740993,\"perhaps\":7,\"yes\":true,"
        "\"at\":\"2026-11-21T08:00:00Z\",\"hours\":1.5,\"point\":{\"x\":3},"
        "\"points\":[{\"x\":-2},{\"x\":3}],\"texts\":[\"a\",\"b\"]}");
}

static void what_is_not_there_is_null_or_an_empty_list(void **state)
{
    const struct thing thing = {.perhaps = VIEW_NONE};
    assert_string_equal(view_json(*state, &thing_view, &thing),
                        "{\"text\":null,\"number\":0,\"perhaps\":null,\"yes\":false,\"at\":null,"
                        "\"hours\":0,\"point\":null,\"points\":[],\"texts\":[]}");
}

static void a_number_that_may_be_missing_may_be_nought(void **state)
{
    assert_member(state, &(struct thing){.perhaps = 0}, "\"perhaps\":0,");
}

static void texts_are_escaped(void **state)
{
    assert_member(state, &(struct thing){.text = "\"é\\\n\x01</script>"},
                  "\"text\":\"\\\"é\\\\\\n\\u0001</script>\"");
}

static void hours_have_decimals_only_where_needed(void **state)
{
    assert_member(state, &(struct thing){.minutes = 120}, "\"hours\":2,");
    assert_member(state, &(struct thing){.minutes = 15}, "\"hours\":0.25,");
    assert_member(state, &(struct thing){.minutes = -30}, "\"hours\":-0.5,");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_view_is_written_in_the_order_of_its_fields),
        cmocka_unit_test(what_is_not_there_is_null_or_an_empty_list),
        cmocka_unit_test(a_number_that_may_be_missing_may_be_nought),
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(hours_have_decimals_only_where_needed),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
