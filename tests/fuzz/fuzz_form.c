/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A form as features have it, and what each kind of field promises to its handler. */
#include "fuzz/fuzz_form.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "fuzz/fuzz.h"
#include "sys/http.h"
#include "sys/mail.h"
#include "web/form.h"
#include "web/url.h"

enum { LINE_CHARS_MAX = 20, TEXT_BYTES_MAX = 200, NUMBER_MIN = -3, NUMBER_MAX = 20 };

struct parsed {
    const char *line;
    const char *text;
    const char *email;
    int64_t number;
    bool yes;
    const char *handle;
    const char *code;
    const char *path;
    const char *choice;
    const char *wall;
};

#define AT(member) .offset = offsetof(struct parsed, member)

static const struct field_option colours[] = {{"green", "Green", NULL}, {.value = NULL}};
static const struct field fields[] = {
    {.name = "line", .kind = FIELD_LINE, .min = 2, .max = LINE_CHARS_MAX, AT(line)},
    {.name = "text", .kind = FIELD_TEXT, .max = TEXT_BYTES_MAX, AT(text)},
    {.name = "email", .kind = FIELD_EMAIL, AT(email)},
    {.name = "number", .kind = FIELD_INT, .min = NUMBER_MIN, .max = NUMBER_MAX, AT(number)},
    {.name = "yes", .kind = FIELD_BOOL, AT(yes)},
    {.name = "handle", .kind = FIELD_HANDLE, .min = 2, .max = 4, AT(handle)},
    {.name = "code", .kind = FIELD_CODE, AT(code)},
    {.name = "path", .kind = FIELD_PATH, AT(path)},
    {.name = "choice", .kind = FIELD_CHOICE, .options = colours, AT(choice)},
    {.name = "wall", .kind = FIELD_WALL, AT(wall)},
    {.name = NULL},
};
static const struct form form = {"fuzz", sizeof(struct parsed), fields};

static void see_all(struct mem *mem, const struct parsed *parsed)
{
    const char *const texts[] = {parsed->line, parsed->text, parsed->email,  parsed->handle,
                                 parsed->code, parsed->path, parsed->choice, parsed->wall};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fuzz_check(texts[i], "a missing text is \"\", never NULL");
        fuzz_check(utf8_is_valid(texts[i], strlen(texts[i])), "a field is UTF-8");
        fuzz_seen(mem, texts[i]);
    }
}

static void check_promises(const struct parsed *parsed)
{
    fuzz_check(utf8_length(parsed->line) <= LINE_CHARS_MAX, "a line has its bound");
    fuzz_check(!utf8_has_control(parsed->line, false), "a line has no control characters");
    fuzz_check(strlen(parsed->text) <= TEXT_BYTES_MAX, "a text has its bound");
    fuzz_check(!utf8_has_control(parsed->text, true), "a text has no control characters");
    fuzz_check(!*parsed->email || mail_address_is_valid(parsed->email), "an e-mail is valid");
    fuzz_check(parsed->number >= NUMBER_MIN && parsed->number <= NUMBER_MAX, "a number is within");
    fuzz_check(strlen(parsed->handle) <= 4, "a handle has its bound");
    fuzz_check(!*parsed->code || strspn(parsed->code, "0123456789") == 6, "a code has six digits");
    fuzz_check(!*parsed->path || path_is_local(parsed->path), "a path is one of this site");
    fuzz_check(!*parsed->choice || str_equal(parsed->choice, "green"), "a choice is an option");
    fuzz_check(!*parsed->wall || strlen(parsed->wall) == strlen("2026-11-28T14:00:00"),
               "a wall clock has its form");
}

void fuzz_form(struct mem *mem, const char *type, const char *body, size_t count)
{
    const struct http_header header = {"Content-Type", type};
    const struct http_request request = {
        .method = "POST",
        .path = "/",
        .query = "",
        .headers = &header,
        .headers_count = 1,
        .body = body,
        .body_count = count,
        .address = "127.0.0.1",
    };
    struct form_input input;
    if (form_read(mem, &form, &request, &input))
        return;
    for (const struct form_value *value = input.values; value; value = value->next) {
        fuzz_seen(mem, value->name);
        fuzz_seen(mem, value->value);
    }
    see_all(mem, input.parsed);
    if (!input.errors)
        check_promises(input.parsed);
}
