/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every kind of field, from what was typed to the struct or the error beside it, and the views that
 * show a refused form again. */
#include "web/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "sys/http.h"
#include "sys/lang.h"
#include "web/request.h"

struct parsed {
    const char *line;
    const char *text;
    const char *email;
    int64_t number;
    bool yes;
    bool must;
    const char *handle;
    const char *code;
    const char *path;
    const char *needed;
    const char *choice;
    const char *wall;
};

#define AT(member) .offset = offsetof(struct parsed, member)

static const struct field_option colours[] = {
    {"green", "Green", "As linden"},
    {"red", "Red", NULL},
    {.value = NULL},
};
static const struct field fields[] = {
    {.name = "line", .label = "Line", .kind = FIELD_LINE, .min = 2, .max = 5, AT(line)},
    {.name = "text", .label = "Text", .kind = FIELD_TEXT, .max = 10, AT(text)},
    {.name = "email", .label = "E-mail", .hint = "A hint", .kind = FIELD_EMAIL, AT(email)},
    {.name = "number", .label = "Number", .kind = FIELD_INT, .min = -3, .max = 20, AT(number)},
    {.name = "yes", .label = "Yes", .kind = FIELD_BOOL, AT(yes)},
    {.name = "handle", .label = "Handle", .kind = FIELD_HANDLE, .min = 2, .max = 4, AT(handle)},
    {.name = "code", .label = "Code", .kind = FIELD_CODE, AT(code)},
    {.name = "path", .label = "Path", .kind = FIELD_PATH, AT(path)},
    {.name = "choice", .label = "Choice", .kind = FIELD_CHOICE, .options = colours, AT(choice)},
    {.name = "wall", .label = "When", .kind = FIELD_WALL, AT(wall)},
    {.name = NULL},
};
static const struct form form = {"all", sizeof(struct parsed), fields};

static const struct field strict_fields[] = {
    {.name = "needed",
     .label = "Needed",
     .kind = FIELD_TEXT,
     .required = true,
     .max = 99,
     AT(needed)},
    {.name = "must", .label = "Must", .kind = FIELD_BOOL, .required = true, AT(must)},
    {.name = "choice",
     .label = "Choice",
     .kind = FIELD_CHOICE,
     .required = true,
     .options = colours,
     AT(choice)},
    {.name = NULL},
};
static const struct form strict = {"strict", sizeof(struct parsed), strict_fields};

struct place {
    struct mem *mem;
    const struct lang *lang;
    struct form_input input;
};

static int set_up(void **state)
{
    struct mem *mem = mem_new(16 * 1024 * 1024);
    struct place *place = MEM_NEW(mem, struct place);
    place->mem = mem;
    place->lang = lang_get(langs_new(mem), "en");
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    mem_free(place->mem);
    return 0;
}

/* What a body makes of a form. */
static const struct parsed *read_as(void **state, const struct form *as, const char *body)
{
    struct place *place = *state;
    static const struct http_header type = {"Content-Type", "application/x-www-form-urlencoded"};
    const struct http_request http = {.method = "POST",
                                      .headers = &type,
                                      .headers_count = 1,
                                      .body = body,
                                      .body_count = strlen(body)};
    assert_null(form_read(place->mem, as, &http, &place->input));
    return place->input.parsed;
}

static const struct parsed *read_body(void **state, const char *body)
{
    return read_as(state, &form, body);
}

static const char *error_of(void **state, const char *field)
{
    struct place *place = *state;
    const char *words = form_error_words(place->mem, place->lang, &place->input, field);
    return words ? words : "";
}

/* That body's only error is this one, beside that field. */
static void assert_error(void **state, const char *body, const char *field, const char *words)
{
    struct place *place = *state;
    read_body(state, body);
    assert_string_equal(error_of(state, field), words);
    assert_null(place->input.errors->next);
}

static const struct parsed *read_fine(void **state, const char *body)
{
    struct place *place = *state;
    const struct parsed *parsed = read_body(state, body);
    if (place->input.errors)
        fail_msg("%s: %s", body, place->input.errors->sentence);
    return parsed;
}

static void what_is_missing_is_empty(void **state)
{
    const struct parsed *parsed = read_fine(state, "other=1");
    assert_string_equal(parsed->line, "");
    assert_string_equal(parsed->text, "");
    assert_string_equal(parsed->email, "");
    assert_int_equal(parsed->number, 0);
    assert_false(parsed->yes);
    assert_string_equal(parsed->handle, "");
    assert_string_equal(parsed->code, "");
    assert_string_equal(parsed->path, "");
}

static void a_choice_is_one_of_its_options(void **state)
{
    assert_string_equal(read_fine(state, "choice=red")->choice, "red");
    assert_string_equal(read_fine(state, "choice=")->choice, "");
    assert_error(state, "choice=blue", "choice", "Please choose one of the offered answers.");
}

static void a_wall_clock_is_read_as_browsers_and_people_write_it(void **state)
{
    assert_string_equal(read_fine(state, "wall=2026-11-28T14:30")->wall, "2026-11-28T14:30:00");
    assert_string_equal(read_fine(state, "wall=28/11/2026+14h30")->wall, "2026-11-28T14:30:00");
    assert_error(state, "wall=Saturday", "wall",
                 "Please give a day and a time, such as 28/11/2026 14:30.");
}

static void an_empty_field_is_a_missing_one(void **state)
{
    const struct parsed *parsed = read_fine(state, "line=&number=+&code=&email=%20&handle=&yes=");
    assert_string_equal(parsed->line, "");
    assert_int_equal(parsed->number, 0);
}

static void the_first_of_two_counts(void **state)
{
    assert_string_equal(read_fine(state, "line=one&line=two")->line, "one");
}

static void a_line_is_trimmed_and_measured_in_characters(void **state)
{
    assert_string_equal(read_fine(state, "line=%20%C2%A0a%20%09b%0D%0A")->line, "a b");
    assert_string_equal(read_fine(state, "line=%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9")->line, "ééééé");
    assert_string_equal(read_fine(state, "line=%F0%9F%90%9D%F0%9F%90%9D")->line, "🐝🐝");
    assert_error(state, "line=123456", "line", "Please use at most 5 characters.");
    assert_error(state, "line=1", "line", "Please use at least 2 characters.");
}

static void a_line_has_no_control_characters(void **state)
{
    static const char *const bad[] = {"line=a%01b", "line=a%7Fb", "line=a%C2%80b",
                                      "line=a%E2%80%AEb", "line=a%1Bb"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_error(state, bad[i], "line", "This contains characters that cannot be shown.");
}

static void a_text_keeps_its_lines_and_is_measured_in_bytes(void **state)
{
    assert_string_equal(read_fine(state, "text=%20a%0D%0A%09b%20")->text, " a\r\n\tb ");
    assert_string_equal(read_fine(state, "text=1234567890")->text, "1234567890");
    assert_error(state, "text=12345678901", "text", "Please use at most 10 characters.");
    assert_error(state, "text=%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9", "text",
                 "Please use at most 10 characters.");
    assert_error(state, "text=a%01b", "text", "This contains characters that cannot be shown.");
}

static void an_address_is_kept_as_typed(void **state)
{
    assert_string_equal(read_fine(state, "email=+Anne%40Example.org+")->email, "Anne@Example.org");
    assert_string_equal(read_fine(state, "email=a%2Bb%40example.org")->email, "a+b@example.org");
}

static void what_is_no_address_is_said_so(void **state)
{
    static const char *const bad[] = {"email=anne",
                                      "email=anne%40",
                                      "email=%40example.org",
                                      "email=a+b%40example.org",
                                      "email=a%40b%40example.org",
                                      "email=a%0Ab%40example.org",
                                      "email=a%40-x.org"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_error(state, bad[i], "email",
                     "This does not look like an e\u2011mail address. It should look like "
                     "anne@example.org.");
}

static void an_address_has_its_longest(void **state)
{
    struct place *place = *state;
    char *local = mem_alloc(place->mem, 66);
    memset(local, 'a', 65);
    read_body(state, mem_printf(place->mem, "email=%s%%40example.org", local));
    assert_non_null(place->input.errors);
    read_fine(state, mem_printf(place->mem, "email=%s%%40example.org", local + 1));
}

static void a_number_is_whole_and_within_its_bounds(void **state)
{
    assert_int_equal(read_fine(state, "number=20")->number, 20);
    assert_int_equal(read_fine(state, "number=-3")->number, -3);
    assert_int_equal(read_fine(state, "number=+007+")->number, 7);
    assert_int_equal(read_fine(state, "number=0")->number, 0);
    assert_error(state, "number=21", "number", "The largest possible number is 20.");
    assert_error(state, "number=-4", "number", "The smallest possible number is -3.");
}

static void what_is_no_whole_number_is_said_so(void **state)
{
    static const char *const bad[] = {"number=1.5",
                                      "number=a",
                                      "number=%2B1",
                                      "number=1+2",
                                      "number=--1",
                                      "number=0x1",
                                      "number=99999999999999999999",
                                      "number=%D9%A1",
                                      "number=-"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_error(state, bad[i], "number", "Please write a whole number.");
}

static void a_box_is_ticked_or_not(void **state)
{
    assert_true(read_fine(state, "yes=true")->yes);
    assert_true(read_fine(state, "yes=on")->yes);
    assert_true(read_fine(state, "yes=1")->yes);
    assert_false(read_fine(state, "yes=false")->yes);
    assert_false(read_fine(state, "yes=0")->yes);
    assert_false(read_fine(state, "yes=off")->yes);
}

static void a_handle_has_plain_letters(void **state)
{
    assert_string_equal(read_fine(state, "handle=aZ-9")->handle, "aZ-9");
    assert_string_equal(read_fine(state, "handle=+__+")->handle, "__");
    static const char *const bad[] = {"handle=a",     "handle=abcde",  "handle=a+b",
                                      "handle=a%2Fb", "handle=%C3%A9", "handle=a.b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_error(state, bad[i], "handle", "Please choose one of the offered answers.");
}

static void a_code_is_six_digits_with_or_without_spaces(void **state)
{
    assert_string_equal(read_fine(state, "code=123456")->code, "123456");
    assert_string_equal(read_fine(state, "code=+012+345+")->code, "012345");
    assert_string_equal(read_fine(state, "code=1%C2%A023456")->code, "123456");
    static const char *const bad[] = {"code=12345", "code=1234567", "code=12345a",
                                      "code=%D9%A112345", "code=-12345"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        read_body(state, bad[i]);
        assert_true(str_starts(error_of(state, "code"), "The code has six digits."));
    }
}

static void a_path_that_leads_elsewhere_is_dropped_in_silence(void **state)
{
    assert_string_equal(read_fine(state, "path=/campaigns?q=a")->path, "/campaigns?q=a");
    assert_string_equal(read_fine(state, "path=//evil.example")->path, "");
    assert_string_equal(read_fine(state, "path=/%5Cevil.example")->path, "");
    assert_string_equal(read_fine(state, "path=https://evil.example")->path, "");
    assert_string_equal(read_fine(state, "path=+/a")->path, "");
    assert_string_equal(read_fine(state, "path=/%0D%0ASet-Cookie:+a")->path, "");
}

static void what_is_required_may_not_be_missing(void **state)
{
    static const char *const bad[] = {"a=b", "needed=&must=", "needed=+%0D%0A+&must=false"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        read_as(state, &strict, bad[i]);
        assert_string_equal(error_of(state, "needed"), "Please fill this in.");
        assert_string_equal(error_of(state, "must"), "Please tick this box.");
        assert_string_equal(error_of(state, "choice"), "Please choose one of the offered answers.");
    }
    struct place *place = *state;
    assert_true(read_as(state, &strict, "needed=a&must=true&choice=red")->must);
    assert_null(place->input.errors);
}

static void what_is_wrong_leaves_its_field_empty_and_the_others_as_they_are(void **state)
{
    const struct parsed *parsed = read_body(state, "line=123456&number=7&handle=%21");
    assert_string_equal(parsed->line, "");
    assert_string_equal(parsed->handle, "");
    assert_int_equal(parsed->number, 7);
    assert_string_equal(error_of(state, "number"), "");
}

/* A request whose form was refused; `body` NULL: nothing was sent. */
static struct request *refused(void **state, const char *body)
{
    struct place *place = *state;
    static const struct route route = {.method = "POST", .path = "/", .form = &form};
    struct request *rq = MEM_NEW(place->mem, struct request);
    rq->work.mem = place->mem;
    rq->route = &route;
    rq->lang = place->lang;
    if (body) {
        read_body(state, body);
        rq->input = place->input;
        rq->refusal = &refusal_fields;
    }
    return rq;
}

static void a_fresh_form_shows_what_is_preset(void **state)
{
    struct request *rq = refused(state, NULL);
    const struct input_view *line = form_input_view(rq, &form, "line", "abc");
    assert_ptr_equal(line->field, &fields[0]);
    assert_string_equal(line->id, "all-line");
    assert_string_equal(line->type, "text");
    assert_string_equal(line->value, "abc");
    assert_null(line->error);
    assert_null(line->described_by);
    assert_null(form_summary(rq, &form));
    assert_string_equal(form_input_view(rq, &form, "email", "")->described_by, "all-email-hint");
}

static void each_kind_has_its_input(void **state)
{
    struct request *rq = refused(state, NULL);
    assert_string_equal(form_input_view(rq, &form, "email", "")->type, "email");
    assert_string_equal(form_input_view(rq, &form, "number", "")->type, "number");
    assert_string_equal(form_input_view(rq, &form, "yes", "")->type, "checkbox");
    assert_string_equal(form_input_view(rq, &form, "code", "")->type, "text");
    assert_false(form_input_view(rq, &form, "yes", "")->checked);
    assert_true(form_input_view(rq, &form, "yes", "true")->checked);
}

static void a_choice_shows_its_options(void **state)
{
    struct request *rq = refused(state, NULL);
    const struct input_view *view = form_input_view(rq, &form, "choice", "red");
    assert_string_equal(view->options->id, "all-choice");
    assert_string_equal(view->options->hint, "As linden");
    assert_false(view->options->checked);
    assert_string_equal(view->options->next->id, "all-choice-red");
    assert_string_equal(view->options->next->label, "Red");
    assert_true(view->options->next->checked);
    assert_null(view->options->next->next);
}

static void a_wall_clock_that_no_control_can_show_stays_as_text(void **state)
{
    const struct input_view *view =
        form_input_view(refused(state, NULL), &form, "wall", "2026-11-28T14:00:00");
    assert_string_equal(view->type, "datetime-local");
    assert_string_equal(view->value, "2026-11-28T14:00");
    view = form_input_view(refused(state, "wall=28/11/2026+14h&line=a"), &form, "wall", "");
    assert_string_equal(view->value, "2026-11-28T14:00");
    view = form_input_view(refused(state, "wall=Saturday"), &form, "wall", "");
    assert_string_equal(view->type, "text");
    assert_string_equal(view->value, "Saturday");
}

static void a_refused_form_shows_what_was_typed(void **state)
{
    struct request *rq = refused(state, "line=+123456&email=a&number=x&code=%22");
    assert_string_equal(form_input_view(rq, &form, "line", "abc")->value, " 123456");
    assert_string_equal(form_input_view(rq, &form, "number", "1")->value, "x");
    assert_string_equal(form_input_view(rq, &form, "code", "")->value, "\"");
    assert_string_equal(form_input_view(rq, &form, "text", "preset")->value, "");
    assert_string_equal(form_input_view(rq, &form, "email", "")->error, error_of(state, "email"));
}

static void a_box_that_was_not_ticked_stays_so(void **state)
{
    assert_false(form_input_view(refused(state, "line=1"), &form, "yes", "true")->checked);
    assert_true(form_input_view(refused(state, "line=1&yes=true"), &form, "yes", "")->checked);
}

static void an_error_is_described_beside_its_field(void **state)
{
    struct request *rq = refused(state, "line=1&email=a");
    assert_string_equal(form_input_view(rq, &form, "line", "")->described_by, "all-line-error");
    assert_string_equal(form_input_view(rq, &form, "email", "")->described_by,
                        "all-email-hint all-email-error");
    assert_null(form_input_view(rq, &form, "text", "")->described_by);
}

static void another_form_of_the_same_page_is_fresh(void **state)
{
    struct request *rq = refused(state, "line=1&needed=typed");
    assert_string_equal(form_input_view(rq, &strict, "needed", "preset")->value, "preset");
    assert_null(form_summary(rq, &strict));
}

static void the_summary_has_the_order_of_the_form(void **state)
{
    struct request *rq = refused(state, "code=1&number=x&line=1");
    const struct form_summary *summary = form_summary(rq, &form);
    assert_string_equal(summary->sentence, refusal_fields.sentence);
    static const char *const targets[] = {"#all-line", "#all-number", "#all-code"};
    const struct form_line *line = summary->lines;
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++, line = line->next) {
        assert_non_null(line);
        assert_string_equal(line->target, targets[i]);
    }
    assert_null(line);
    assert_string_equal(summary->lines->label, "Line");
    assert_string_equal(summary->lines->words, "Please use at least 2 characters.");
}

static void a_rule_may_add_an_error_of_its_own(void **state)
{
    struct request *rq = refused(state, "line=abc");
    form_error_add(rq->work.mem, &rq->input, "line", "There are {n} left.", 1200);
    assert_string_equal(form_input_view(rq, &form, "line", "")->error, "There are 1,200 left.");
    assert_string_equal(form_summary(rq, &form)->lines->words, "There are 1,200 left.");
}

static void a_refusal_without_errors_has_a_summary_without_lines(void **state)
{
    static const struct refusal full = {409, "full", "There is no seat left.", false};
    struct request *rq = refused(state, "line=abc");
    rq->refusal = &full;
    assert_string_equal(form_summary(rq, &form)->sentence, "There is no seat left.");
    assert_null(form_summary(rq, &form)->lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_missing_is_empty),
        cmocka_unit_test(an_empty_field_is_a_missing_one),
        cmocka_unit_test(a_choice_is_one_of_its_options),
        cmocka_unit_test(a_wall_clock_is_read_as_browsers_and_people_write_it),
        cmocka_unit_test(a_choice_shows_its_options),
        cmocka_unit_test(a_wall_clock_that_no_control_can_show_stays_as_text),
        cmocka_unit_test(the_first_of_two_counts),
        cmocka_unit_test(a_line_is_trimmed_and_measured_in_characters),
        cmocka_unit_test(a_line_has_no_control_characters),
        cmocka_unit_test(a_text_keeps_its_lines_and_is_measured_in_bytes),
        cmocka_unit_test(an_address_is_kept_as_typed),
        cmocka_unit_test(what_is_no_address_is_said_so),
        cmocka_unit_test(an_address_has_its_longest),
        cmocka_unit_test(a_number_is_whole_and_within_its_bounds),
        cmocka_unit_test(what_is_no_whole_number_is_said_so),
        cmocka_unit_test(a_box_is_ticked_or_not),
        cmocka_unit_test(a_handle_has_plain_letters),
        cmocka_unit_test(a_code_is_six_digits_with_or_without_spaces),
        cmocka_unit_test(a_path_that_leads_elsewhere_is_dropped_in_silence),
        cmocka_unit_test(what_is_required_may_not_be_missing),
        cmocka_unit_test(what_is_wrong_leaves_its_field_empty_and_the_others_as_they_are),
        cmocka_unit_test(a_fresh_form_shows_what_is_preset),
        cmocka_unit_test(each_kind_has_its_input),
        cmocka_unit_test(a_refused_form_shows_what_was_typed),
        cmocka_unit_test(a_box_that_was_not_ticked_stays_so),
        cmocka_unit_test(an_error_is_described_beside_its_field),
        cmocka_unit_test(another_form_of_the_same_page_is_fresh),
        cmocka_unit_test(the_summary_has_the_order_of_the_form),
        cmocka_unit_test(a_rule_may_add_an_error_of_its_own),
        cmocka_unit_test(a_refusal_without_errors_has_a_summary_without_lines),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
