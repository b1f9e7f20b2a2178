/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Writes the C. Each expression stands under a #line, so that what the C compiler says about it is
 * said on the template's line. Text between expressions is gathered into one html_markup. Whether a
 * value may stand somewhere is decided before; this file only writes. */
#include "tplc_local.h"

#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "tplc.h"

enum {
    LITERAL_BYTES_MAX = 4000, /* C11 promises string literals of 4095 bytes */
    INDENT = 4,
};

static void put_indent(struct buf *out, int count)
{
    for (int i = 0; i < count; i++)
        buf_put_char(out, ' ');
}

static void put_character(struct buf *out, const char *text, bool after_question)
{
    if (*text == '\n')
        buf_put(out, "\\n");
    else if (*text == '\t')
        buf_put(out, "\\t");
    else if (*text == '"' || *text == '\\' || (*text == '?' && after_question))
        buf_printf(out, "\\%c", *text); /* two question marks could be a trigraph */
    else
        buf_put_char(out, *text);
}

/* A C string literal; a new one on a new line after each line end, unless `indent` is negative. */
void emit_literal(struct buf *out, const char *text, size_t length, int indent)
{
    buf_put_char(out, '"');
    for (size_t i = 0; i < length; i++) {
        put_character(out, text + i, i > 0 && text[i - 1] == '?');
        if (text[i] != '\n' || i + 1 == length || indent < 0)
            continue;
        buf_put(out, "\"\n");
        put_indent(out, indent);
        buf_put_char(out, '"');
    }
    buf_put_char(out, '"');
}

void emit_begin(struct tplc *c)
{
    c->emitter.code = buf_new(c->mem, TPLC_OUTPUT_BYTES_MAX);
    c->emitter.prototypes = buf_new(c->mem, TPLC_OUTPUT_BYTES_MAX);
    c->emitter.markup = buf_new(c->mem, TPLC_INPUT_BYTES_MAX);
}

/* All code goes through here, so that the lines are counted. */
static void put_code(struct tplc *c, const char *text)
{
    buf_put(c->emitter.code, text);
    for (; *text; text++)
        c->emitter.code_line += *text == '\n';
}

static void put_line(struct tplc *c, int line)
{
    struct emitter *e = &c->emitter;
    if (e->code_line == line)
        return;
    buf_printf(e->code, "#line %d ", line); /* xgettext heeds only those that name the file */
    emit_literal(e->code, c->name, strlen(c->name), -1);
    buf_put_char(e->code, '\n');
    e->code_line = line;
}

static void put_statement(struct tplc *c, int line, const char *statement)
{
    put_line(c, line);
    put_indent(c->emitter.code, c->emitter.indent);
    put_code(c, statement);
    put_code(c, "\n");
}

/* Bytes of the next literal: all, or what fits, ending with a line or at least a character. */
static size_t literal_bytes(const char *text, size_t length)
{
    if (length <= LITERAL_BYTES_MAX)
        return length;
    const char *line_end = memrchr(text, '\n', LITERAL_BYTES_MAX);
    if (line_end)
        return (size_t)(line_end - text) + 1;
    length = LITERAL_BYTES_MAX;
    while (((unsigned char)text[length] & 0xC0) == 0x80)
        length--;
    return length;
}

static void put_markup(struct tplc *c, const char *text, size_t length)
{
    struct emitter *e = &c->emitter;
    struct buf *out = buf_new(c->mem, TPLC_OUTPUT_BYTES_MAX);
    const char *line_end = memchr(text, '\n', length);
    if (line_end && line_end + 1 < text + length) {
        buf_put(out, "html_markup(h,\n");
        put_indent(out, e->indent + INDENT);
        emit_literal(out, text, length, e->indent + INDENT);
        buf_put(out, ",\n");
        put_indent(out, e->indent + INDENT);
    } else {
        buf_put(out, "html_markup(h, ");
        emit_literal(out, text, length, -1);
        buf_put(out, ", ");
    }
    buf_printf(out, "%zu);", length);
    put_indent(e->code, e->indent);
    put_code(c, out->bytes);
    put_code(c, "\n");
    e->has_output = true;
}

static void flush(struct tplc *c)
{
    struct buf *markup = c->emitter.markup;
    if (markup->length == 0)
        return;
    for (size_t at = 0; at < markup->length;) {
        size_t length = literal_bytes(markup->bytes + at, markup->length - at);
        put_markup(c, markup->bytes + at, length);
        at += length;
    }
    c->emitter.markup = buf_new(c->mem, TPLC_INPUT_BYTES_MAX);
}

static size_t line_length(const char *text, size_t length)
{
    const char *end = memchr(text, '\n', length);
    return end ? (size_t)(end - text) + 1 : length;
}

static bool is_blank(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!is_space(text[i]))
            return false;
    }
    return true;
}

/* Adds text of the template; of several blank lines one stays, and none at the beginning. */
void emit_markup(struct tplc *c, const char *text, size_t length)
{
    struct emitter *e = &c->emitter;
    for (size_t at = 0; at < length;) {
        size_t count = line_length(text + at, length - at);
        const char *part = text + at;
        bool ends = part[count - 1] == '\n';
        bool blank = is_blank(part, count);
        at += count;
        if (blank && ends && !e->line_has_content) {
            if (!e->blank_before)
                buf_put_char(e->markup, '\n');
            e->blank_before = true;
            continue;
        }
        buf_add(e->markup, part, count);
        e->line_has_content = !ends && (e->line_has_content || !blank);
        e->blank_before = e->blank_before && !ends;
    }
}

void emit_include(struct tplc *c, int line, const char *file)
{
    put_statement(c, line, mem_printf(c->mem, "#include %s", file));
}

/* The struct's name when `struct` begins at `text`; else NULL. */
static const char *struct_name(struct tplc *c, const char *params, const char *text)
{
    static const char word[] = "struct ";
    if (strncmp(text, word, strlen(word)) != 0 || (text > params && is_name_char(text[-1])))
        return NULL;
    text += strlen(word);
    size_t length = 0;
    while (is_name_char(text[length]))
        length++;
    return mem_strndup(c->mem, text, length);
}

static void declare_struct(struct tplc *c, int line, const char *name)
{
    struct emitter *e = &c->emitter;
    for (int i = 0; i < e->struct_count; i++) {
        if (strcmp(e->structs[i], name) == 0)
            return;
    }
    if (e->struct_count == TPLC_STRUCTS_MAX)
        tplc_fail(c, line, "more than %d structs are parameters in this file", TPLC_STRUCTS_MAX);
    else
        e->structs[e->struct_count++] = name;
}

void emit_function(struct tplc *c, int line, const char *name, const char *params)
{
    struct emitter *e = &c->emitter;
    bool has_params = *params && strcmp(params, "void") != 0;
    for (const char *p = params; *p; p++) {
        const char *declared = struct_name(c, params, p);
        if (declared)
            declare_struct(c, line, declared);
    }
    const char *prototype = mem_printf(c->mem, "void %s(struct html *h%s%s)", name,
                                       has_params ? ", " : "", has_params ? params : "");
    buf_printf(e->prototypes, "%s;\n", prototype);
    if (e->code_line)
        put_code(c, "\n");
    put_statement(c, line, prototype);
    put_code(c, "{\n");
    e->indent = INDENT;
    e->has_output = false;
    e->line_has_content = false;
    e->blank_before = true;
}

void emit_function_end(struct tplc *c)
{
    flush(c);
    if (!c->emitter.has_output)
        put_code(c, "    (void)h;\n");
    c->emitter.indent = 0;
    put_code(c, "}\n");
}

void emit_output(struct tplc *c, int line, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    const char *statement = mem_vprintf(c->mem, format, values);
    va_end(values);
    flush(c);
    put_statement(c, line, statement);
    c->emitter.has_output = true;
    c->emitter.line_has_content = true;
    c->emitter.blank_before = false;
}

void emit_block(struct tplc *c, int line, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    const char *statement = mem_vprintf(c->mem, format, values);
    va_end(values);
    flush(c);
    put_statement(c, line, statement);
    c->emitter.indent += INDENT;
}

void emit_else(struct tplc *c, int line, const char *condition)
{
    flush(c);
    c->emitter.indent -= INDENT;
    if (condition)
        emit_block(c, line, "} else if (%s) {", condition);
    else
        emit_block(c, line, "} else {");
}

void emit_block_end(struct tplc *c)
{
    flush(c);
    c->emitter.indent -= INDENT;
    put_indent(c->emitter.code, c->emitter.indent);
    put_code(c, "}\n");
}

const char *emit_header(struct tplc *c)
{
    struct emitter *e = &c->emitter;
    struct buf *out = buf_new(c->mem, TPLC_OUTPUT_BYTES_MAX);
    buf_put(out, "#pragma once\n#include \"sys/html.h\"\n\n");
    for (int i = 0; i < e->struct_count; i++)
        buf_printf(out, "struct %s;\n", e->structs[i]);
    buf_printf(out, "%s%s", e->struct_count ? "\n" : "", e->prototypes->bytes);
    if (out->over || e->code->over || e->prototypes->over)
        tplc_fail(c, 1, "the C would be longer than %d bytes", TPLC_OUTPUT_BYTES_MAX);
    return out->bytes;
}
