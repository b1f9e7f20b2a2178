/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Holds answers against what their routes declare. JSON is read by the kinds of the view's fields:
 * all of them are there, and no others. */
#include "story/answers.h"

#include <jansson.h>
#include <string.h>

#include "base/str.h"
#include "story/story.h"
#include "web/app.h"
#include "web/feature.h"
#include "web/openapi.h"
#include "web/route.h"
#include "web/view.h"

static bool object_fits(const struct app *app, const struct view *view, const json_t *object);

static bool list_fits(const struct app *app, const struct view *of, const json_t *list)
{
    size_t i;
    const json_t *item;
    json_array_foreach(list, i, item)
    {
        if (of ? !object_fits(app, of, item) : !json_is_string(item))
            return false;
    }
    return json_is_array(list);
}

static bool text_fits(const struct view_field *field, const json_t *value)
{
    const char *text = json_string_value(value);
    const char *const *word = field->words;
    while (word && *word && text && !str_equal(*word, text))
        word++;
    return text && (!word || *word);
}

static bool value_fits(const struct app *app, const struct view_field *field, const json_t *value)
{
    switch (field->kind) {
    case VIEW_TEXT_OR_NULL:
        return json_is_null(value) || text_fits(field, value);
    case VIEW_TEXT:
        return text_fits(field, value);
    case VIEW_INT_OR_NULL:
        return json_is_null(value) || json_is_integer(value);
    case VIEW_INT:
        return json_is_integer(value);
    case VIEW_REAL:
    case VIEW_HOURS:
        return json_is_number(value);
    case VIEW_BOOL:
        return json_is_boolean(value);
    case VIEW_TIME_OR_NULL:
        return json_is_null(value) || json_is_string(value);
    case VIEW_TIME:
        return json_is_string(value);
    case VIEW_OBJECT:
        return object_fits(app, field->of, value);
    case VIEW_LIST:
    case VIEW_TEXTS:
        return list_fits(app, field->of, value);
    }
    return false;
}

/* Gives how many fields there are; -1: one does not fit. */
static int fields_fit(const struct app *app, const struct view *view, const json_t *object)
{
    int count = 0;
    for (const struct view_field *field = view->fields; field->name; field++, count++)
        if (!value_fits(app, field, json_object_get(object, field->name))) {
            print_error("%s.%s is not what its view says\n", view->name, field->name);
            return -1;
        }
    return count;
}

static bool object_fits(const struct app *app, const struct view *view, const json_t *object)
{
    const struct view *panel;
    int count = fields_fit(app, view, object);
    for (int i = 0; view->panels && (panel = feature_panel_view(app->features, view->panels, i));
         i++) {
        int more = fields_fit(app, panel, object);
        count = count < 0 || more < 0 ? -1 : count + more;
    }
    return count >= 0 && (size_t)count == json_object_size(object);
}

void answer_is_declared(const struct app *app, const struct route *route,
                        const struct answer *answer)
{
    if (!route)
        return;
    if (!route_may_answer(route, answer->status, answer->type))
        fail_msg("%s %s answers %d %s, which it does not declare", route->method, route->path,
                 answer->status, answer->type);
    if (!route->json || answer->status >= 300 || !str_equal(answer->type, "application/json"))
        return;
    json_t *json = json_loads(answer->body, 0, NULL);
    if (!object_fits(app, route->json, json))
        fail_msg("%s %s answers what %s does not say: %s", route->method, route->path,
                 route->json->name, answer->body);
    json_decref(json);
}
