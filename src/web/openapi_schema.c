/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* JSON Schemas (2020-12) from tables: a form's fields, a query field's kind, a view's fields. */
#include "web/openapi_local.h"

#include <jansson.h>
#include <stdio.h>

#include "base/limits.h"
#include "web/feature.h"
#include "web/form.h"
#include "web/query.h"
#include "web/view.h"

enum { PATTERN_BYTES_MAX = 64 };

static json_t *schema_of_type(const char *type)
{
    return json_pack("{s:s}", "type", type);
}

static void set_text(json_t *schema, const char *name, const char *text)
{
    json_object_set_new(schema, name, json_string(text));
}

static void set_int(json_t *schema, const char *name, int64_t n)
{
    json_object_set_new(schema, name, json_integer(n));
}

/* One of the values; where nothing must be chosen, "" is none. */
static void set_options(json_t *schema, const struct field *field)
{
    json_t *values = json_array();
    for (const struct field_option *option = field->options; option->value; option++)
        json_array_append_new(values, json_string(option->value));
    if (!field->required)
        json_array_append_new(values, json_string(""));
    json_object_set_new(schema, "enum", values);
}

/* A text that may be left out may be "" as well, whatever its least length. */
static void set_lengths(json_t *schema, const struct field *field)
{
    if (field->required)
        set_int(schema, "minLength", field->min > 1 ? field->min : 1);
    set_int(schema, "maxLength", field->max);
}

static void set_handle(json_t *schema, const struct field *field)
{
    char pattern[PATTERN_BYTES_MAX];
    snprintf(pattern, sizeof pattern, "^([A-Za-z0-9_-]{%lld,%lld})%s$", (long long)field->min,
             (long long)field->max, field->required ? "" : "?");
    set_text(schema, "pattern", pattern);
}

static json_t *field_schema(const struct field *field)
{
    json_t *schema = schema_of_type(field->kind == FIELD_INT    ? "integer"
                                    : field->kind == FIELD_BOOL ? "boolean"
                                                                : "string");
    switch (field->kind) {
    case FIELD_LINE:
    case FIELD_TEXT: /* whose bound is one of bytes: no text of more letters fits either */
        set_lengths(schema, field);
        break;
    case FIELD_EMAIL:
        set_int(schema, "maxLength", EMAIL_BYTES_MAX);
        set_text(schema, "format", "email");
        break;
    case FIELD_INT:
        set_int(schema, "minimum", field->min);
        set_int(schema, "maximum", field->max);
        break;
    case FIELD_BOOL:
        if (field->required)
            json_object_set_new(schema, "const", json_true());
        break;
    case FIELD_HANDLE:
        set_handle(schema, field);
        break;
    case FIELD_CODE:
        set_text(schema, "pattern", "^ *([0-9] *){6}$");
        break;
    case FIELD_CHOICE:
        set_options(schema, field);
        break;
    case FIELD_WALL:
        json_object_set_new(schema, "examples", json_pack("[s]", "2026-11-28T14:00"));
        break;
    case FIELD_HANDLE_OR_NONE:
    case FIELD_PATH:
        break;
    }
    set_text(schema, "title", field->label);
    if (field->hint)
        set_text(schema, "description", field->hint);
    return schema;
}

json_t *openapi_form_schema(const struct form *form)
{
    json_t *properties = json_object();
    json_t *required = json_array();
    for (const struct field *field = form->fields; field->name; field++) {
        json_object_set_new(properties, field->name, field_schema(field));
        if (field->required)
            json_array_append_new(required, json_string(field->name));
    }
    return json_pack("{s:s, s:o, s:o}", "type", "object", "properties", properties, "required",
                     required);
}

json_t *openapi_query_schema(const struct query *query)
{
    const struct query_rule *rule = query_rule_of(query->kind);
    json_t *schema = json_pack("{s:s, s:i}", "type", "string", "maxLength", rule->chars_max);
    if (rule->pattern)
        set_text(schema, "pattern", rule->pattern);
    return schema;
}

/* Texts: any, or one of the view's words. */
static json_t *text_schema(const struct view_field *field)
{
    bool may_be_null = field->kind == VIEW_TEXT_OR_NULL;
    json_t *schema =
        may_be_null ? json_pack("{s:[s,s]}", "type", "string", "null") : schema_of_type("string");
    if (!field->words)
        return schema;
    json_t *values = json_array();
    for (const char *const *word = field->words; *word; word++)
        json_array_append_new(values, json_string(*word));
    if (may_be_null)
        json_array_append_new(values, json_null());
    json_object_set_new(schema, "enum", values);
    return schema;
}

static json_t *reference(const struct view *view)
{
    return json_pack("{s:s+}", "$ref", "#/components/schemas/", view->name);
}

static json_t *view_field_schema(const struct view_field *field)
{
    switch (field->kind) {
    case VIEW_TEXT:
    case VIEW_TEXT_OR_NULL:
        return text_schema(field);
    case VIEW_INT:
        return schema_of_type("integer");
    case VIEW_INT_OR_NULL:
        return json_pack("{s:[s,s]}", "type", "integer", "null");
    case VIEW_REAL:
    case VIEW_HOURS:
        return schema_of_type("number");
    case VIEW_BOOL:
        return schema_of_type("boolean");
    case VIEW_TIME:
        return json_pack("{s:s, s:s}", "type", "string", "format", "date-time");
    case VIEW_TIME_OR_NULL:
        return json_pack("{s:[s,s], s:s}", "type", "string", "null", "format", "date-time");
    case VIEW_OBJECT:
        return reference(field->of);
    case VIEW_LIST:
        return json_pack("{s:s, s:o}", "type", "array", "items", reference(field->of));
    case VIEW_TEXTS:
        return json_pack("{s:s, s:{s:s}}", "type", "array", "items", "type", "string");
    }
    return json_object();
}

/* All fields of a view are always there. */
static void add_fields(const struct view *view, json_t *properties, json_t *required)
{
    for (const struct view_field *field = view->fields; field->name; field++) {
        json_object_set_new(properties, field->name, view_field_schema(field));
        json_array_append_new(required, json_string(field->name));
    }
}

json_t *openapi_view_schema(const struct feature *const *features, const struct view *view)
{
    json_t *properties = json_object();
    json_t *required = json_array();
    const struct view *panel;
    add_fields(view, properties, required);
    for (int i = 0; view->panels && (panel = feature_panel_view(features, view->panels, i)); i++)
        add_fields(panel, properties, required);
    return json_pack("{s:s, s:o, s:o}", "type", "object", "properties", properties, "required",
                     required);
}

json_t *openapi_problem_schema(void)
{
    return json_pack(
        "{s:s, s:{s:{s:s}, s:{s:s, s:s}, s:{s:s}, s:{s:s, s:s}, s:{s:s, s:s}, s:{s:s, s:{s:s}, "
        "s:s}}, s:[s,s,s,s,s]}",
        "type", "object", "properties",                                                          //
        "type", "const", "about:blank",                                                          //
        "title", "type", "string", "description", "A sentence for people, in their language.",   //
        "status", "type", "integer",                                                             //
        "code", "type", "string", "description", "A name that does not change: not_found.",      //
        "request", "type", "string", "description", "Its id, as it stands in the server's log.", //
        "errors", "type", "object", "additionalProperties", "type", "string", "description",
        "What is wrong, by the name of its field.", //
        "required", "type", "title", "status", "code", "request");
}
