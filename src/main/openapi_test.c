/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The OpenAPI document says what the tables say: every route and no other, each once; and what it
 * serves is kept by who has it. That answers are as it says is looked after by every story
 * (tests/story/answers.h) and by tests/wire/openapi.test.mjs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <jansson.h>

#include "base/mem.h"
#include "base/str.h"
#include "main/features.h"
#include "story/story.h"
#include "web/feature.h"
#include "web/form.h"
#include "web/openapi.h"
#include "web/route.h"
#include "web/view.h"

enum { BYTES_MAX = 32 * 1024 * 1024, NAMES_MAX = 256 };

static int set_up(void **state)
{
    *state = mem_new(BYTES_MAX);
    return 0;
}

static int tear_down(void **state)
{
    mem_free(*state);
    return 0;
}

static json_t *document(struct mem *mem)
{
    json_t *all = json_loads(openapi_text(mem, all_features, "http://127.0.0.1:8080"), 0, NULL);
    assert_non_null(all);
    return all;
}

/* "/campaigns/{slug}" as "/campaigns/:slug". */
static const char *path_of(struct mem *mem, const char *template)
{
    char *path = mem_strdup(mem, template);
    char *end = path;
    for (const char *c = template; *c; c++)
        if (*c != '}')
            *end++ = *c == '{' ? ':' : *c;
    *end = '\0';
    return path;
}

static bool is_route(const struct route_table *table, const char *method, const char *path)
{
    const struct route *route;
    for (int i = 0; (route = route_at(table, i)); i++)
        if (str_equal(route->path, path) && strcasecmp(route->method, method) == 0)
            return true;
    return false;
}

static void it_has_every_route_and_no_other(void **state)
{
    const struct route_table *table = route_table_new(*state, all_features);
    json_t *all = document(*state);
    json_t *ids = json_object();
    int count = 0;
    const char *path, *method;
    json_t *item, *operation;
    json_object_foreach(json_object_get(all, "paths"), path, item)
    {
        json_object_foreach(item, method, operation)
        {
            const char *id = json_string_value(json_object_get(operation, "operationId"));
            if (!is_route(table, method, path_of(*state, path)))
                fail_msg("%s %s is no route", method, path);
            assert_null(json_object_get(ids, id)); /* each has a name of its own */
            json_object_set_new(ids, id, json_true());
            count++;
        }
    }
    for (int i = 0; i < count; i++)
        assert_non_null(route_at(table, i));
    assert_null(route_at(table, count));
    json_decref(ids);
    json_decref(all);
}

/* What schemas are called by, and what they are of. */
struct names {
    int count;
    const char *names[NAMES_MAX];
    const void *things[NAMES_MAX];
};

/* False: it is known already. */
static bool name_add(struct names *names, const char *name, const void *thing)
{
    for (int i = 0; i < names->count; i++)
        if (str_equal(names->names[i], name)) {
            if (names->things[i] != thing)
                fail_msg("two are called %s: which schema is meant?", name);
            return false;
        }
    assert_true(names->count < NAMES_MAX);
    names->names[names->count] = name;
    names->things[names->count++] = thing;
    return true;
}

static void view_names_add(struct names *names, const struct view *view)
{
    const struct view *panel;
    if (!name_add(names, view->name, view))
        return;
    for (const struct view_field *field = view->fields; field->name; field++)
        if (field->of)
            view_names_add(names, field->of);
    for (int i = 0; view->panels && (panel = feature_panel_view(all_features, view->panels, i));
         i++)
        view_names_add(names, panel);
}

static void views_and_forms_are_called_unlike_each_other(void **state)
{
    const struct route_table *table = route_table_new(*state, all_features);
    struct names views = {0}, forms = {0};
    const struct route *route;
    for (int i = 0; (route = route_at(table, i)); i++) {
        if (route->json)
            view_names_add(&views, route->json);
        if (route->form)
            name_add(&forms, route->form->name, route->form);
    }
    assert_true(views.count > 30 && forms.count > 25);
}

/* A view with panels has no field that a panel has too: one would be lost. */
static void panels_add_fields_that_are_not_there_yet(void **state)
{
    const struct route_table *table = route_table_new(*state, all_features);
    const struct route *route;
    int count = 0;
    for (int i = 0; (route = route_at(table, i)); i++) {
        struct names fields = {0};
        const struct view *part = route->json && route->json->panels ? route->json : NULL;
        for (int n = 0; part; part = feature_panel_view(all_features, route->json->panels, n++))
            for (const struct view_field *field = part->fields; field->name; field++, count++)
                assert_true(name_add(&fields, field->name, field));
    }
    assert_true(count > 0);
}

static void a_field_says_its_bounds(void **state)
{
    json_t *all = document(*state);
    json_t *form = json_object_get(json_object_get(json_object_get(all, "components"), "schemas"),
                                   "form.sign-up");
    json_t *party = json_object_get(json_object_get(form, "properties"), "party");
    assert_string_equal(json_string_value(json_object_get(party, "type")), "integer");
    assert_int_equal(json_integer_value(json_object_get(party, "minimum")), 1);
    assert_int_equal(json_integer_value(json_object_get(party, "maximum")), 100);
    json_decref(all);
}

static void it_is_served_and_kept_by_who_has_it(void **state)
{
    struct story *story = *state;
    struct answer answer = story_get(story, "/api/openapi.json");
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.type, "application/json");
    assert_string_equal(answer_text(answer, "openapi"), "3.1.0");
    assert_string_equal(answer.body,
                        openapi_text(story->mem, all_features, "http://127.0.0.1:8080"));
    assert_int_equal(story_send(story, "GET", "/api/openapi.json",
                                (const char *const[]){"If-None-Match: \"other\"", NULL}, NULL)
                         .status,
                     200);
    const char *known = mem_printf(story->mem, "If-None-Match: %s", answer.tag);
    struct answer again =
        story_send(story, "GET", "/api/openapi.json", (const char *const[]){known, NULL}, NULL);
    assert_int_equal(again.status, 304);
    assert_string_equal(again.body, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_has_every_route_and_no_other, set_up, tear_down),
        cmocka_unit_test_setup_teardown(views_and_forms_are_called_unlike_each_other, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(panels_add_fields_that_are_not_there_yet, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_field_says_its_bounds, set_up, tear_down),
        story_test(it_is_served_and_kept_by_who_has_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
