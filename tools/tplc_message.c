/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Translated messages: {{ t "…" name=expr }} and {{ tn n "one" "many" name=expr }}. The msgids stay
 * whole literals in the generated C, since xgettext reads them there. The names in braces and the
 * names given must be the same, so that no page ever shows a hole; tn gives {n} by itself. */
#include "tplc_local.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "sys/html.h"
#include "tplc.h"

_Static_assert((int)TPLC_HOLES_MAX == (int)HTML_HOLES_MAX, "what is compiled can be filled");

struct hole {
    const char *name;
    const char *expression;
};

struct message {
    struct tplc *c;
    int line;
    const char *rest; /* not read yet */
    struct hole holes[TPLC_HOLES_MAX];
    int count;
    unsigned used; /* bit i: holes[i] stands in a msgid */
    bool is_plural;
};

static void skip_space(struct message *m)
{
    while (is_space(*m->rest))
        m->rest++;
}

/* The text of the string literal that comes next. */
static const char *read_msgid(struct message *m)
{
    skip_space(m);
    size_t length = *m->rest == '"' ? quoted_end(m->rest, 0, strlen(m->rest)) : 0;
    if (!length) {
        tplc_fail(m->c, m->line, "a message in double quotes is expected");
        return "";
    }
    char *text = MEM_ARRAY(m->c->mem, char, length);
    size_t count = 0;
    for (size_t i = 1; i + 1 < length; i++) {
        char c = m->rest[i];
        if (c == '\\') {
            c = m->rest[++i];
            if (c != '"' && c != '\\' && c != 'n')
                tplc_fail(m->c, m->line, "a message knows \\\", \\\\ and \\n only");
            c = c == 'n' ? '\n' : c;
        }
        text[count++] = c;
    }
    m->rest += length;
    if (count == 0)
        tplc_fail(m->c, m->line, "a message is empty");
    return text;
}

static size_t name_length(const char *text)
{
    size_t length = 0;
    if (!is_name_start(text[0]))
        return 0;
    while (is_name_char(text[length]))
        length++;
    return length;
}

/* `name=` but not `name==`. */
static bool begins_hole(const char *text)
{
    size_t length = name_length(text);
    return length > 0 && text[length] == '=' && text[length + 1] != '=';
}

/* Length of the expression that goes on to the next ` name=` outside of quotes and brackets. */
static size_t expression_length(const char *text)
{
    size_t end = strlen(text);
    int depth = 0;
    for (size_t i = 0; i < end; i++) {
        if (text[i] == '"' || text[i] == '\'') {
            i = quoted_end(text, i, end);
            if (i == 0)
                return end;
            i--;
        }
        depth += (text[i] == '(') - (text[i] == ')');
        if (depth == 0 && is_space(text[i]) && begins_hole(text + i + 1))
            return i;
    }
    return end;
}

/* Length of the expression that goes on to the next string literal outside of brackets. */
static size_t count_length(const char *text)
{
    int depth = 0;
    size_t i = 0;
    for (; text[i] && !(text[i] == '"' && depth == 0); i++)
        depth += (text[i] == '(') - (text[i] == ')');
    while (i > 0 && is_space(text[i - 1]))
        i--;
    return i;
}

static const char *read_expression(struct message *m, size_t length)
{
    const char *expression = mem_strndup(m->c->mem, m->rest, length);
    expression_check(m->c, m->line, expression);
    m->rest += length;
    return expression;
}

static int hole_find(const struct message *m, const char *name, size_t length)
{
    for (int i = 0; i < m->count; i++) {
        if (strlen(m->holes[i].name) == length && memcmp(m->holes[i].name, name, length) == 0)
            return i;
    }
    return -1;
}

static void read_hole(struct message *m)
{
    size_t length = name_length(m->rest);
    bool is_n = m->is_plural && length == 1 && m->rest[0] == 'n';
    if (!begins_hole(m->rest))
        tplc_fail(m->c, m->line, "name=expression is expected instead of `%s`", m->rest);
    else if (is_n || hole_find(m, m->rest, length) >= 0)
        tplc_fail(m->c, m->line, "{%.*s} is given twice", (int)length, m->rest);
    else if (m->count == TPLC_HOLES_MAX)
        tplc_fail(m->c, m->line, "a message has at most %d holes", TPLC_HOLES_MAX);
    if (m->c->sentence)
        return;
    struct hole *hole = &m->holes[m->count++];
    hole->name = mem_strndup(m->c->mem, m->rest, length);
    m->rest += length + 1;
    hole->expression = read_expression(m, expression_length(m->rest));
}

/* Each brace of a msgid belongs to a {name} that is given. */
static void check_msgid(struct message *m, const char *msgid)
{
    for (const char *p = msgid + strcspn(msgid, "{}"); *p; p += strcspn(p, "{}")) {
        size_t length = *p == '{' ? name_length(p + 1) : 0;
        if (length == 0 || p[length + 1] != '}') {
            tplc_fail(m->c, m->line, "a brace in a message belongs to a {name}");
            return;
        }
        int hole = hole_find(m, p + 1, length);
        if (hole >= 0)
            m->used |= 1U << hole;
        else if (!(m->is_plural && length == 1 && p[1] == 'n'))
            tplc_fail(m->c, m->line, "{%.*s} is not given", (int)length, p + 1);
        p += length + 2;
    }
}

static void check_used(struct message *m)
{
    for (int i = 0; i < m->count; i++) {
        if (!(m->used & 1U << i))
            tplc_fail(m->c, m->line, "{%s} is given but not in the message", m->holes[i].name);
    }
}

static const char *write_call(struct message *m, const char *one, const char *many,
                              const char *count)
{
    struct buf *out = buf_new(m->c->mem, TPLC_OUTPUT_BYTES_MAX);
    buf_put(out, m->is_plural ? "html_message_plural(h, " : "html_message(h, ");
    emit_literal(out, one, strlen(one), -1);
    if (m->is_plural) {
        buf_put(out, ", ");
        emit_literal(out, many, strlen(many), -1);
        buf_printf(out, ", %s", count);
    }
    if (m->count == 0) {
        buf_put(out, ", NULL)");
        return out->bytes;
    }
    buf_put(out, ", (const struct html_hole[]){");
    for (int i = 0; i < m->count; i++) {
        const struct hole *hole = &m->holes[i];
        buf_printf(out, "{\"%s\", html_hole(h, %s)}, ", hole->name, hole->expression);
    }
    buf_put(out, "{NULL, NULL}})");
    return out->bytes;
}

const char *message_call(struct tplc *c, int line, enum word word, const char *text)
{
    struct message m = {.c = c, .line = line, .rest = text, .is_plural = word == WORD_TN};
    const char *count = m.is_plural ? read_expression(&m, count_length(text)) : "";
    const char *one = read_msgid(&m);
    const char *many = m.is_plural ? read_msgid(&m) : one;
    skip_space(&m);
    while (*m.rest && !c->sentence) {
        read_hole(&m);
        skip_space(&m);
    }
    check_msgid(&m, one);
    check_msgid(&m, many);
    check_used(&m);
    return c->sentence ? "" : write_call(&m, one, many, count);
}
