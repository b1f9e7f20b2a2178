/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reads the directives of a template file in their order and keeps the open blocks. What a
 * directive means in C stands here; where it may stand in the HTML is tplc_holes.c's matter. */
#include "tplc.h"

#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "tplc_local.h"

void tplc_fail(struct tplc *c, int line, const char *format, ...)
{
    if (c->sentence)
        return;
    va_list values;
    va_start(values, format);
    c->sentence = mem_vprintf(c->mem, format, values);
    va_end(values);
    c->line = line;
}

static struct block *block_top(struct tplc *c)
{
    return c->block_count > 0 ? &c->blocks[c->block_count - 1] : NULL;
}

static struct block *block_open(struct tplc *c, const struct token *hole)
{
    if (c->block_count == TPLC_BLOCKS_MAX) {
        tplc_fail(c, hole->line, "more than %d blocks are open", TPLC_BLOCKS_MAX - 1);
        return NULL;
    }
    struct block *block = &c->blocks[c->block_count++];
    *block = (struct block){.word = hole->word, .line = hole->line};
    return block;
}

static bool is_template(const struct block *block)
{
    return block->word == WORD_TEMPLATE || block->word == WORD_TEXT;
}

static void read_text(struct tplc *c, const struct token *text)
{
    if (c->block_count > 0) {
        context_read(c, text->text, text->length, text->line);
        emit_markup(c, text->text, text->length);
        return;
    }
    int line = text->line;
    for (size_t i = 0; i < text->length; i++) {
        if (!is_space(text->text[i])) {
            tplc_fail(c, line, "text stands outside of a template");
            return;
        }
        line += text->text[i] == '\n';
    }
}

static void read_include(struct tplc *c, const struct token *hole)
{
    size_t end = hole->text[0] == '"' ? quoted_end(hole->text, 0, hole->length) : 0;
    if (c->block_count > 0)
        tplc_fail(c, hole->line, "include stands before the templates");
    else if (end < 3 || end != hole->length || strchr(hole->text, '\\'))
        tplc_fail(c, hole->line, "the file of an include stands in double quotes");
    else
        emit_include(c, hole->line, hole->text);
}

static bool has_name(const char *text, const char *name)
{
    size_t length = strlen(name);
    for (const char *p = strstr(text, name); p; p = strstr(p + 1, name)) {
        if ((p == text || !is_name_char(p[-1])) && !is_name_char(p[length]))
            return true;
    }
    return false;
}

static void begin_function(struct tplc *c, const struct token *hole)
{
    const char *name;
    const char *params;
    expression_cut_call(c, hole->line, hole->text, &name, &params);
    if (has_name(params, "enum"))
        tplc_fail(c, hole->line, "C cannot declare an enum ahead: take an int");
    if (strpbrk(params, "\"'="))
        tplc_fail(c, hole->line, "parameters are expected instead of `%s`", params);
    if (!c->sentence)
        emit_function(c, hole->line, name, params);
}

static void read_template(struct tplc *c, const struct token *hole)
{
    if (c->block_count > 0) {
        tplc_fail(c, hole->line, "the template of line %d has no {{ end }} before this one",
                  c->blocks[0].line);
        return;
    }
    block_open(c, hole);
    context_begin(&c->context, hole->word == WORD_TEXT);
    begin_function(c, hole);
}

static void read_if(struct tplc *c, const struct token *hole)
{
    struct block *block = block_open(c, hole);
    if (!block)
        return;
    expression_check(c, hole->line, hole->text);
    context_branch_begin(c, block);
    emit_block(c, hole->line, "if (%s) {", hole->text);
}

static void read_else(struct tplc *c, const struct token *hole)
{
    struct block *block = block_top(c);
    if (!block || block->word != WORD_IF || block->has_else) {
        tplc_fail(c, hole->line, "else without if");
        return;
    }
    context_branch_end(c, hole->line, block);
    block->has_else = hole->length == 0;
    if (block->has_else) {
        emit_else(c, hole->line, NULL);
        return;
    }
    if (!str_starts(hole->text, "if") || is_name_char(hole->text[2])) {
        tplc_fail(c, hole->line, "else or else if is expected, not `else %s`", hole->text);
        return;
    }
    const char *condition = hole->text + 2;
    while (is_space(*condition))
        condition++;
    expression_check(c, hole->line, condition);
    emit_else(c, hole->line, condition);
}

/* for NAME in EXPRESSION */
static void read_for(struct tplc *c, const struct token *hole)
{
    size_t length = 0;
    while (is_name_char(hole->text[length]))
        length++;
    const char *in = hole->text + length;
    while (is_space(*in))
        in++;
    struct block *block = block_open(c, hole);
    bool fits = is_name_start(hole->text[0]) && str_starts(in, "in") && is_space(in[2]);
    if (!fits)
        tplc_fail(c, hole->line, "for NAME in EXPRESSION is expected");
    if (!fits || !block)
        return;
    const char *list = in + 2;
    while (is_space(*list))
        list++;
    expression_check(c, hole->line, list);
    context_branch_begin(c, block);
    const char *name = mem_strndup(c->mem, hole->text, length);
    emit_block(c, hole->line, "for (const __typeof__(*(%s)) *%s = (%s); %s; %s = %s->next) {", list,
               name, list, name, name, name);
}

static void read_end(struct tplc *c, const struct token *hole)
{
    struct block *block = block_top(c);
    if (!block || hole->length > 0) {
        tplc_fail(c, hole->line, block ? "end takes nothing" : "end without a beginning");
        return;
    }
    c->block_count--;
    if (is_template(block)) {
        context_check_end(c, hole->line);
        emit_function_end(c);
        return;
    }
    context_branch_end(c, hole->line, block);
    context_block_end(c, block);
    emit_block_end(c);
}

static void read_call(struct tplc *c, const struct token *hole)
{
    const char *name;
    const char *values;
    expression_cut_call(c, hole->line, hole->text, &name, &values);
    context_escape(c, hole->line, WORD_CALL);
    emit_output(c, hole->line, "%s(h%s%s);", name, *values ? ", " : "", values);
}

static void read_expression(struct tplc *c, const struct token *hole)
{
    expression_check(c, hole->line, hole->text);
    switch (context_escape(c, hole->line, hole->word)) {
    case ESCAPE_TEXT:
        emit_output(c, hole->line, "html_text(h, %s);", hole->text);
        break;
    case ESCAPE_ATTRIBUTE:
        emit_output(c, hole->line, "html_attribute(h, %s);", hole->text);
        break;
    case ESCAPE_URL:
        emit_output(c, hole->line, "html_url(h, %s);", hole->text);
        break;
    case ESCAPE_PLAIN:
        emit_output(c, hole->line, "html_plain(h, %s);", hole->text);
        break;
    }
}

static void read_message(struct tplc *c, const struct token *hole)
{
    const char *call = message_call(c, hole->line, hole->word, hole->text);
    switch (context_escape(c, hole->line, hole->word)) {
    case ESCAPE_TEXT:
        emit_output(c, hole->line, "html_text_string(h, %s);", call);
        break;
    case ESCAPE_ATTRIBUTE:
    case ESCAPE_URL: /* refused by context_escape */
        emit_output(c, hole->line, "html_attribute_string(h, %s);", call);
        break;
    case ESCAPE_PLAIN:
        emit_output(c, hole->line, "html_plain_string(h, %s);", call);
        break;
    }
}

static void read_inside(struct tplc *c, const struct token *hole)
{
    if (c->block_count == 0) {
        tplc_fail(c, hole->line, "this stands outside of a template");
        return;
    }
    switch (hole->word) {
    case WORD_IF:
        read_if(c, hole);
        break;
    case WORD_FOR:
        read_for(c, hole);
        break;
    case WORD_CALL:
        read_call(c, hole);
        break;
    case WORD_T:
    case WORD_TN:
        read_message(c, hole);
        break;
    case WORD_URL:
    case WORD_EXPRESSION:
        read_expression(c, hole);
        break;
    case WORD_COMMENT:
    case WORD_INCLUDE:
    case WORD_TEMPLATE:
    case WORD_TEXT:
    case WORD_ELSE:
    case WORD_END:
        break; /* read_hole has read them */
    }
}

static void read_hole(struct tplc *c, const struct token *hole)
{
    if (hole->word == WORD_INCLUDE)
        read_include(c, hole);
    else if (hole->word == WORD_TEMPLATE || hole->word == WORD_TEXT)
        read_template(c, hole);
    else if (hole->word == WORD_ELSE)
        read_else(c, hole);
    else if (hole->word == WORD_END)
        read_end(c, hole);
    else if (hole->word != WORD_COMMENT)
        read_inside(c, hole);
}

/* Without such characters no part below has to think of them. */
static void check_bytes(struct tplc *c, const char *text, size_t size)
{
    int line = 1;
    size_t at = 0;
    while (at < size && !c->sentence) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t length = end ? (size_t)(end - text) - at : size - at;
        if (!utf8_is_valid(text + at, length))
            tplc_fail(c, line, "this line is not UTF-8");
        else if (utf8_has_control(mem_strndup(c->mem, text + at, length), true) ||
                 memchr(text + at, '\r', length))
            tplc_fail(c, line, "a control character stands in this line");
        at += length + 1;
        line++;
    }
}

static void compile(struct tplc *c, const char *text, size_t size)
{
    if (size > TPLC_INPUT_BYTES_MAX) {
        tplc_fail(c, 1, "a template file has at most %d bytes", TPLC_INPUT_BYTES_MAX);
        return;
    }
    check_bytes(c, text, size);
    if (!c->sentence)
        tplc_lex(c, text, size);
    for (size_t i = 0; i < c->token_count && !c->sentence; i++) {
        if (c->tokens[i].is_hole)
            read_hole(c, &c->tokens[i]);
        else
            read_text(c, &c->tokens[i]);
    }
    const struct block *block = block_top(c);
    if (block)
        tplc_fail(c, block->line, "{{ end }} is missing for this");
}

bool tplc_compile(struct mem *mem, const char *name, const char *text, size_t size,
                  struct tplc_output *ret_output)
{
    struct tplc *c = MEM_NEW(mem, struct tplc);
    c->mem = mem;
    c->name = name;
    emit_begin(c);
    compile(c, text, size);
    const char *header = emit_header(c);
    *ret_output = (struct tplc_output){
        .source = c->emitter.code->bytes,
        .header = header,
        .line = c->line,
        .sentence = c->sentence,
    };
    return !c->sentence;
}
