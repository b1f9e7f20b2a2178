/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From named values to a form's struct: each field by its row. What is wrong is said beside the
 * field, in words that tell what to do, and what was typed is kept. */
#include "web/form_local.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "base/refusal.h"
#include "base/str.h"
#include "sys/lang.h"
#include "sys/mail.h"
#include "web/request.h"

const char *form_value_get(const struct form_value *values, const char *name)
{
    for (const struct form_value *value = values; value; value = value->next)
        if (str_equal(value->name, name))
            return value->value;
    return NULL;
}

void form_error_add(struct mem *mem, struct form_input *input, const char *field,
                    const char *sentence, int64_t number)
{
    for (const struct form_error *known = input->errors; known; known = known->next)
        if (str_equal(known->field, field))
            return;
    struct form_error *error = MEM_NEW(mem, struct form_error);
    *error = (struct form_error){input->errors, field, sentence, number};
    input->errors = error;
}

const char *form_error_words(struct mem *mem, const struct lang *lang,
                             const struct form_input *input, const char *field)
{
    for (const struct form_error *error = input->errors; error; error = error->next) {
        if (!str_equal(error->field, field))
            continue;
        struct lang_hole hole = {"n", lang_number(lang, mem, error->number)};
        return lang_fill(mem, lang_text(lang, error->sentence), &hole, 1);
    }
    return NULL;
}

/* One field being read: what was typed, and where the result goes. */
struct reading {
    struct mem *mem;
    const struct field *field;
    const char *typed; /* trimmed but for texts and paths */
    void *target;
    struct form_input *input;
};

static void reading_error(struct reading *r, const char *sentence, int64_t number)
{
    form_error_add(r->mem, r->input, r->field->name, sentence, number);
}

static void read_text(struct reading *r, size_t length)
{
    const struct field *field = r->field;
    if (length > (size_t)field->max)
        reading_error(r, N_("Please use at most {n} characters."), field->max);
    else if (length < (size_t)field->min)
        reading_error(r, N_("Please use at least {n} characters."), field->min);
    else if (utf8_has_control(r->typed, field->kind == FIELD_TEXT))
        reading_error(r, N_("This contains characters that cannot be shown."), 0);
    else
        *(const char **)r->target = r->typed;
}

static void read_email(struct reading *r)
{
    if (!mail_address_is_valid(r->typed))
        reading_error(
            r,
            N_("This does not look like an e-mail address. It should look like anne@example.org."),
            0);
    else
        *(const char **)r->target = r->typed;
}

static void read_int(struct reading *r)
{
    int64_t n = 0;
    if (!str_to_int(r->typed, &n))
        reading_error(r, N_("Please write a whole number."), 0);
    else if (n < r->field->min)
        reading_error(r, N_("The smallest possible number is {n}."), r->field->min);
    else if (n > r->field->max)
        reading_error(r, N_("The largest possible number is {n}."), r->field->max);
    else
        *(int64_t *)r->target = n;
}

static void read_handle(struct reading *r)
{
    size_t length = strlen(r->typed);
    size_t plain =
        strspn(r->typed, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
    bool is_one =
        plain == length && length >= (size_t)r->field->min && length <= (size_t)r->field->max;
    if (is_one)
        *(const char **)r->target = r->typed;
    else if (r->field->kind != FIELD_HANDLE_OR_NONE)
        reading_error(r, N_("Please choose one of the offered answers."), 0);
}

static void read_code(struct reading *r)
{
    char *digits = mem_alloc(r->mem, strlen(r->typed) + 1);
    size_t count = 0;
    for (const char *c = r->typed; *c; c++)
        if (*c != ' ')
            digits[count++] = *c;
    if (count != 6 || strspn(digits, "0123456789") != 6)
        reading_error(r, N_("The code has six digits. It is in the e-mail."), 0);
    else
        *(const char **)r->target = digits;
}

static void read_choice(struct reading *r)
{
    for (const struct field_option *option = r->field->options; option->value; option++)
        if (str_equal(option->value, r->typed)) {
            *(const char **)r->target = option->value;
            return;
        }
    reading_error(r, N_("Please choose one of the offered answers."), 0);
}

static void read_wall(struct reading *r)
{
    const char *wall = form_wall_read(r->mem, r->typed);
    if (wall)
        *(const char **)r->target = wall;
    else
        reading_error(r, N_("Please give a day and a time, such as 28/11/2026 14:30."), 0);
}

static bool is_yes(const char *typed)
{
    return str_equal(typed, "true") || str_equal(typed, "on") || str_equal(typed, "1") ||
           str_equal(typed, "yes");
}

/* What is wanted of an empty field, by what one does in it. */
static const char *missing_words(const struct field *field)
{
    switch (field->kind) {
    case FIELD_CHOICE:
        return N_("Please choose one of the offered answers.");
    case FIELD_BOOL:
        return N_("Please tick this box.");
    case FIELD_LINE:
    case FIELD_TEXT:
    case FIELD_EMAIL:
    case FIELD_INT:
    case FIELD_HANDLE:
    case FIELD_HANDLE_OR_NONE:
    case FIELD_CODE:
    case FIELD_PATH:
    case FIELD_WALL:
        break;
    }
    return N_("Please fill this in.");
}

/* A required box is one that must be ticked: JSON's `false` is no better than nothing. */
static void read_bool(struct reading *r)
{
    bool yes = is_yes(r->typed);
    if (r->field->required && !yes)
        reading_error(r, missing_words(r->field), 0);
    *(bool *)r->target = yes;
}

static void read_by_kind(struct reading *r)
{
    switch (r->field->kind) {
    case FIELD_LINE:
        read_text(r, utf8_length(r->typed));
        return;
    case FIELD_TEXT:
        read_text(r, strlen(r->typed));
        return;
    case FIELD_EMAIL:
        read_email(r);
        return;
    case FIELD_INT:
        read_int(r);
        return;
    case FIELD_BOOL:
        read_bool(r);
        return;
    case FIELD_HANDLE:
    case FIELD_HANDLE_OR_NONE:
        read_handle(r);
        return;
    case FIELD_CODE:
        read_code(r);
        return;
    case FIELD_PATH:
        *(const char **)r->target = path_is_local(r->typed) ? r->typed : "";
        return;
    case FIELD_CHOICE:
        read_choice(r);
        return;
    case FIELD_WALL:
        read_wall(r);
        return;
    }
}

static bool kind_is_text(enum field_kind kind)
{
    return kind != FIELD_INT && kind != FIELD_BOOL;
}

static void read_field(struct mem *mem, const struct field *field, struct form_input *input)
{
    const char *typed = form_value_get(input->values, field->name);
    void *target = (char *)input->parsed + field->offset;
    if (kind_is_text(field->kind))
        *(const char **)target = "";
    if (typed && field->kind != FIELD_TEXT && field->kind != FIELD_PATH)
        typed = str_trim(mem, typed);
    struct reading reading = {mem, field, typed, target, input};
    if (typed && *str_trim(mem, typed))
        read_by_kind(&reading);
    else if (field->required)
        reading_error(&reading, missing_words(field), 0);
}

const struct refusal *form_read(struct mem *mem, const struct form *form,
                                const struct http_request *request, struct form_input *ret_input)
{
    struct form_input input = {.parsed = mem_alloc(mem, form->size)};
    const struct refusal *refusal = form_body_read(mem, request, &input.values);
    if (refusal)
        return refusal;
    for (const struct field *field = form->fields; field->name; field++)
        read_field(mem, field, &input);
    const char *trap = form->has_trap ? form_value_get(input.values, FORM_TRAP) : NULL;
    input.is_trapped = !str_is_empty(trap) && !form_is_json(request); /* scripts have none */
    *ret_input = input;
    return NULL;
}

static const char *input_type(enum field_kind kind)
{
    switch (kind) {
    case FIELD_EMAIL:
        return "email";
    case FIELD_INT:
        return "number";
    case FIELD_BOOL:
        return "checkbox";
    case FIELD_WALL:
        return "datetime-local";
    case FIELD_LINE:
    case FIELD_TEXT:
    case FIELD_HANDLE:
    case FIELD_HANDLE_OR_NONE:
    case FIELD_CODE:
    case FIELD_PATH:
    case FIELD_CHOICE:
        return "text";
    }
    return "text";
}

static const struct option_view *option_views(struct request *rq, const struct input_view *view)
{
    struct mem *mem = rq->work.mem;
    const struct option_view *first = NULL;
    const struct option_view **end = &first;
    const struct field_option *option = view->field->options;
    for (; option && option->value; option++) {
        struct option_view *shown = MEM_NEW(mem, struct option_view);
        shown->id = first ? mem_printf(mem, "%s-%s", view->id, option->value) : view->id;
        shown->value = option->value;
        shown->label = lang_text(rq->lang, option->label);
        shown->hint = option->hint ? lang_text(rq->lang, option->hint) : NULL;
        shown->checked = str_equal(option->value, view->value);
        *end = shown;
        end = &shown->next;
    }
    return first;
}

/* A browser's control shows nothing that it cannot read: what was typed otherwise stays as text. */
static void wall_view(struct mem *mem, struct input_view *view)
{
    enum { MINUTE_CHARS = 16 }; /* 2026-11-28T14:00 */
    const char *wall = form_wall_read(mem, view->value);
    if (wall)
        view->value = mem_strndup(mem, wall, MINUTE_CHARS);
    else if (!str_is_empty(view->value))
        view->type = "text";
}

static const struct field *field_of(const struct form *form, const char *name)
{
    const struct field *field = form->fields;
    while (field->name && !str_equal(field->name, name))
        field++;
    assert(field->name); /* a template asks for a field that the form has */
    return field;
}

const struct input_view *form_input_view(struct request *rq, const struct form *form,
                                         const char *name, const char *preset)
{
    struct mem *mem = rq->work.mem;
    struct input_view *view = MEM_NEW(mem, struct input_view);
    bool again = rq->refusal && rq->route->form == form;
    const char *typed = again ? form_value_get(rq->input.values, name) : preset;
    view->field = field_of(form, name);
    view->id = mem_join(mem, form->name, "-", name);
    view->type = input_type(view->field->kind);
    view->value = typed ? typed : "";
    view->checked = again ? is_yes(view->value) : !str_is_empty(preset);
    view->error = again ? form_error_words(mem, rq->lang, &rq->input, name) : NULL;
    if (view->field->hint && view->error)
        view->described_by = mem_printf(mem, "%s-hint %s-error", view->id, view->id);
    else if (view->field->hint || view->error)
        view->described_by = mem_join(mem, view->id, view->error ? "-error" : "-hint");
    view->options = option_views(rq, view);
    if (view->field->kind == FIELD_WALL)
        wall_view(mem, view);
    return view;
}

const struct form_summary *form_summary(struct request *rq, const struct form *form)
{
    struct mem *mem = rq->work.mem;
    if (!rq->refusal || rq->route->form != form)
        return NULL;
    struct form_summary *summary = MEM_NEW(mem, struct form_summary);
    summary->sentence = lang_text(rq->lang, rq->refusal->sentence);
    const struct form_line **end = &summary->lines;
    for (const struct field *field = form->fields; field->name; field++) {
        const char *words = form_error_words(mem, rq->lang, &rq->input, field->name);
        if (!words)
            continue;
        struct form_line *line = MEM_NEW(mem, struct form_line);
        line->target = mem_printf(mem, "#%s-%s", form->name, field->name);
        line->label = lang_text(rq->lang, field->label);
        line->words = words;
        *end = line;
        end = &line->next;
    }
    return summary;
}
