/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* C expressions inside templates. They are not parsed: the C compiler does that, on the template's
 * own line. Here it is only made sure that an expression ends where the template says: quotes and
 * brackets match, and nothing in it could end the statement around it or swallow what follows. */
#include "tplc_local.h"

#include <string.h>

#include "base/mem.h"

bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_name_char(char c)
{
    return is_name_start(c) || (c >= '0' && c <= '9');
}

size_t quoted_end(const char *text, size_t at, size_t end)
{
    char quote = text[at++];
    for (; at < end && text[at] != '\n'; at++) {
        if (text[at] == quote)
            return at + 1;
        if (text[at] == '\\' && at + 1 < end && text[at + 1] != '\n')
            at++;
    }
    return 0;
}

struct brackets {
    char open[TPLC_BRACKETS_MAX];
    int depth;
};

/* False when a bracket closes what was not opened. */
static bool brackets_step(struct brackets *brackets, char c)
{
    if (c == '(' || c == '[') {
        if (brackets->depth == TPLC_BRACKETS_MAX)
            return false;
        brackets->open[brackets->depth++] = c;
    }
    if (c == ')' || c == ']') {
        char open = c == ')' ? '(' : '[';
        return brackets->depth > 0 && brackets->open[--brackets->depth] == open;
    }
    return true;
}

/* What is wrong with the character at `text`, outside of quotes; NULL: nothing. */
static const char *character_fault(const char *text)
{
    if (strchr(";{}\\", *text))
        return "an expression has no ; { } or \\";
    if (text[0] == '/' && (text[1] == '/' || text[1] == '*'))
        return "an expression has no comment";
    return NULL;
}

static const char *expression_fault(const char *text, bool commas)
{
    struct brackets brackets = {.depth = 0};
    size_t end = strlen(text);
    if (strstr(text, "?"
                     "?"))
        return "an expression has no trigraph";
    for (size_t i = 0; i < end; i++) {
        if (text[i] == '"' || text[i] == '\'') {
            i = quoted_end(text, i, end);
            if (i == 0)
                return "a quote is not closed";
            i--;
            continue;
        }
        const char *fault = character_fault(text + i);
        if (fault)
            return fault;
        if (!brackets_step(&brackets, text[i]))
            return "brackets do not match";
        if (text[i] == ',' && brackets.depth == 0 && !commas)
            return "an expression has no comma outside of brackets";
    }
    return brackets.depth > 0 ? "brackets do not match" : NULL;
}

void expression_check(struct tplc *c, int line, const char *text)
{
    const char *fault = *text ? expression_fault(text, false) : "an expression is missing";
    if (fault)
        tplc_fail(c, line, "%s in {{ %s }}", fault, text);
}

void expressions_check(struct tplc *c, int line, const char *text)
{
    const char *fault = expression_fault(text, true);
    if (fault)
        tplc_fail(c, line, "%s in {{ %s }}", fault, text);
}

void expression_cut_call(struct tplc *c, int line, const char *text, const char **ret_name,
                         const char **ret_inside)
{
    size_t name = 0;
    while (is_name_char(text[name]))
        name++;
    size_t open = name;
    while (is_space(text[open]))
        open++;
    size_t end = strlen(text);
    *ret_name = mem_strndup(c->mem, text, name);
    *ret_inside = "";
    if (name == 0 || !is_name_start(text[0]) || text[open] != '(' || text[end - 1] != ')') {
        tplc_fail(c, line, "name(…) is expected instead of `%s`", text);
        return;
    }
    /* Checked alone, so that f(a)(b) is none: its inside would be `a)(b`. */
    *ret_inside = mem_strndup(c->mem, text + open + 1, end - open - 2);
    expressions_check(c, line, *ret_inside);
}
