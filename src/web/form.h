/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Forms are const tables. The same rows give the parsed struct, the errors beside the fields, the
 * HTML attributes of the inputs, and the schema in the OpenAPI document. urlencoded,
 * multipart and JSON bodies use the same names. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_request;
struct lang;
struct mem;
struct refusal;
struct request;

enum field_kind {
    FIELD_LINE,           /* const char *: one line, trimmed; bounds in code points */
    FIELD_TEXT,           /* const char *: several lines; bounds in bytes */
    FIELD_EMAIL,          /* const char *: an address, trimmed, as typed */
    FIELD_INT,            /* int64_t: bounds are values */
    FIELD_BOOL,           /* bool: a checkbox; JSON true or false; missing is false */
    FIELD_HANDLE,         /* const char *: letters, digits, '-' and '_'; bounds in characters */
    FIELD_HANDLE_OR_NONE, /* the same; what is no handle counts as none: a damaged link keeps nobody
                             out */
    FIELD_CODE,           /* const char *: six digits; spaces between them are dropped */
    FIELD_PATH, /* const char *: a path of this site: starts with one '/', no '\', no control; else
                   "" */
    FIELD_CHOICE, /* const char *: the value of one of the row's options */
    FIELD_WALL,   /* const char *: a wall clock, as 2026-11-28T14:00:00, see form_wall_read */
};

struct field_option {
    const char *value;
    const char *label; /* a msgid */
    const char *hint;  /* a msgid, or NULL */
};

struct field {
    const char *name;
    const char *label;        /* a msgid */
    const char *hint;         /* a msgid, or NULL */
    const char *autocomplete; /* HTML token, or NULL */
    enum field_kind kind;
    bool required;
    int64_t min;
    int64_t max;
    const struct field_option *options; /* of a choice; ends with value NULL */
    size_t offset; /* in the parsed struct. Missing texts are "", missing numbers 0 */
};

struct form {
    const char *name;
    size_t size;                /* of the parsed struct */
    const struct field *fields; /* ends with name NULL */
    bool has_trap;              /* its page calls form_trap: see form_input.is_trapped */
};

/* The field of the trap: a name that programs like to fill in, and that no browser or password
 * manager has something of one's own for. */
#define FORM_TRAP "subject"

struct form_error {
    const struct form_error *next;
    const char *field;
    const char *sentence; /* a msgid; its {n} stands for `number` */
    int64_t number;
};

/* What was sent, by name, as typed. */
struct form_value {
    const struct form_value *next;
    const char *name;
    const char *value;
};

/* What became of a body: a parsed struct and errors; or a refusal of the whole (wrong type, too
 * many fields, no UTF-8: 400, 413, 415). */
struct form_input {
    const struct form_value *values;
    void *parsed; /* struct of form->size */
    const struct form_error *errors;
    /* A program filled in what people do not see, or see with "leave this empty" beside it. The
     * handler answers as it does when all went well, and does nothing. */
    bool is_trapped;
};

/* Reads the body of `request` as `form`. Refuses a body that cannot be read at all (400, 415); what
 * is wrong in a field is an error beside it: the caller refuses with refusal_fields when there are
 * any. */
const struct refusal *form_read(struct mem *mem, const struct form *form,
                                const struct http_request *request, struct form_input *ret_input);

/* The body says that it is JSON. */
bool form_is_json(const struct http_request *request);

/* Adds an error beside a field; the first one of a field stays. */
void form_error_add(struct mem *mem, struct form_input *input, const char *field,
                    const char *sentence, int64_t number);
/* The error of a field in words; NULL: it has none. */
const char *form_error_words(struct mem *mem, const struct lang *lang,
                             const struct form_input *input, const char *field);

/* Reads `a=b&c=d` into values in their order, of the fields called by `names` (NULL-ended) alone:
 * whatever else is there is passed over, however odd or often. Bad escapes, bad UTF-8 or too many
 * fields are a refusal (400). */
const struct refusal *form_pairs_named(struct mem *mem, const char *text, const char *const names[],
                                       const struct form_value **ret_values);
/* NULL: missing; the first one of that name counts. */
const char *form_value_get(const struct form_value *values, const char *name);

/* A day and a time as browsers send them ("2026-11-28T14:00"), or as people type them where there
 * is no control for it: "28/11/2026 14h30", "28.11.2026, 14:30". Gives "2026-11-28T14:00:00"; NULL:
 * it is none, or no such day or time exists. Whether that hour exists in a zone is the zone's
 * matter.
 */
const char *form_wall_read(struct mem *mem, const char *typed);

/* One answer of a choice. */
struct option_view {
    const struct option_view *next;
    const char *id; /* of the HTML element: the first has that of its field */
    const char *value;
    const char *label; /* translated */
    const char *hint;  /* translated; NULL: none */
    bool checked;
};

/* One input as its template shows it: label, attributes by its row, what was typed, the error. */
struct input_view {
    const struct field *field;
    const char *id;           /* of the HTML element */
    const char *type;         /* "text", "email", "number", "checkbox", "datetime-local" */
    const char *value;        /* as typed, or as preset */
    const char *error;        /* translated; NULL: none */
    const char *described_by; /* ids of hint and error; NULL: neither */
    bool checked;
    bool fixed;                        /* shown, and sent as it is: it cannot be changed here */
    const struct option_view *options; /* of a choice */
};

/* What is to be mended, for the top of the page: the refusal's sentence, and one line for each
 * field, in the form's order. */
struct form_line {
    const struct form_line *next;
    const char *target; /* "#sign-up-email" */
    const char *label;
    const char *words;
};
struct form_summary {
    const char *sentence;
    const struct form_line *lines;
};
/* The view of field `name` of `form` for this request: after a refusal of that same form what was
 * typed, else `preset` ("" for none; a checkbox is checked by any other text). */
const struct input_view *form_input_view(struct request *rq, const struct form *form,
                                         const char *name, const char *preset);
/* NULL: this page is not shown after a refusal of that form. */
const struct form_summary *form_summary(struct request *rq, const struct form *form);
