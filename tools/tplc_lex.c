/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cuts a template file into texts and holes. A hole ends at the first }} outside of quotes. White
 * space is decided here and nowhere else: a line that holds only directives goes away with its line
 * end, so that templates can be laid out freely. It knows the words of the language, not what they
 * mean. */
#include "tplc_local.h"

#include <string.h>

#include "base/mem.h"

struct word_name {
    const char *name;
    enum word word;
    bool alone; /* is a word of the language also with nothing behind it */
};

static const struct word_name words[] = {
    {"include", WORD_INCLUDE, false},
    {"template", WORD_TEMPLATE, false},
    {"text", WORD_TEXT, false},
    {"if", WORD_IF, true},
    {"else", WORD_ELSE, true},
    {"for", WORD_FOR, true},
    {"end", WORD_END, true},
    {"url", WORD_URL, false},
    {"t", WORD_T, false},
    {"tn", WORD_TN, false},
    {"call", WORD_CALL, false},
};

enum { WORDS = sizeof words / sizeof words[0] };

static bool word_is_silent(enum word word)
{
    switch (word) {
    case WORD_COMMENT:
    case WORD_INCLUDE:
    case WORD_TEMPLATE:
    case WORD_TEXT:
    case WORD_IF:
    case WORD_ELSE:
    case WORD_FOR:
    case WORD_END:
        return true;
    case WORD_EXPRESSION:
    case WORD_URL:
    case WORD_T:
    case WORD_TN:
    case WORD_CALL:
        return false;
    }
    return false;
}

static size_t word_length(const char *text)
{
    size_t length = 0;
    while (is_name_char(text[length]))
        length++;
    return length;
}

/* `foreach x` is neither a word of the language nor C. */
static bool looks_like_directive(const char *text, size_t length)
{
    if (length == 0 || !is_name_start(text[0]) || !is_space(text[length]))
        return false;
    if (length == strlen("sizeof") && memcmp(text, "sizeof", length) == 0)
        return false;
    const char *next = text + length;
    while (is_space(*next))
        next++;
    return is_name_char(*next) || *next == '"';
}

static void read_word(struct tplc *c, struct token *token)
{
    size_t length = word_length(token->text);
    bool alone = token->text[length] == '\0';
    for (int i = 0; i < WORDS; i++) {
        if (strlen(words[i].name) != length || memcmp(words[i].name, token->text, length) != 0)
            continue;
        if (!words[i].alone && (alone || !is_space(token->text[length])))
            break; /* a variable of that name */
        token->word = words[i].word;
        token->text += length;
        while (is_space(*token->text))
            token->text++;
        token->length = strlen(token->text);
        return;
    }
    token->word = WORD_EXPRESSION;
    if (looks_like_directive(token->text, length))
        tplc_fail(c, token->line, "`%.*s` is not a directive", (int)length, token->text);
}

/* Index of the }} that ends the hole, or `size`. */
static size_t find_hole_end(const char *text, size_t at, size_t size)
{
    bool is_comment = at < size && text[at] == '#';
    while (at + 1 < size && !(text[at] == '}' && text[at + 1] == '}')) {
        if (is_comment || (text[at] != '"' && text[at] != '\'')) {
            at++;
            continue;
        }
        at = quoted_end(text, at, size);
        if (!at)
            return size;
    }
    return at + 1 < size ? at : size;
}

/* The inside of a hole on one line, without white space at its ends. */
static const char *hole_text(struct tplc *c, const char *text, size_t length)
{
    while (length > 0 && is_space(text[0])) {
        text++;
        length--;
    }
    while (length > 0 && is_space(text[length - 1]))
        length--;
    char *copy = mem_strndup(c->mem, text, length);
    for (char *p = copy; *p; p++) {
        if (*p == '\n')
            *p = ' ';
    }
    return copy;
}

static int count_lines(const char *text, size_t length)
{
    int lines = 0;
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    return lines;
}

static const char *find(const char *text, size_t length, const char *what)
{
    return memmem(text, length, what, strlen(what));
}

static void add_text(struct tplc *c, const char *text, size_t length, int line)
{
    const char *stray = find(text, length, "}}");
    if (stray)
        tplc_fail(c, line + count_lines(text, (size_t)(stray - text)), "}} without {{");
    c->tokens[c->token_count++] = (struct token){.line = line, .text = text, .length = length};
}

static void cut(struct tplc *c, const char *text, size_t size)
{
    int line = 1;
    size_t at = 0;
    while (!c->sentence) {
        const char *hole = find(text + at, size - at, "{{");
        size_t length = hole ? (size_t)(hole - text) - at : size - at;
        add_text(c, text + at, length, line);
        line += count_lines(text + at, length);
        at += length;
        if (!hole)
            return;
        size_t end = find_hole_end(text, at + 2, size);
        if (end == size) {
            tplc_fail(c, line, "this {{ is not closed, or a quote in it is not");
            return;
        }
        struct token *token = &c->tokens[c->token_count++];
        *token = (struct token){.is_hole = true, .line = line};
        token->text = hole_text(c, text + at + 2, end - at - 2);
        token->length = strlen(token->text);
        if (token->text[0] == '#')
            token->word = WORD_COMMENT;
        else
            read_word(c, token);
        line += count_lines(text + at, end - at);
        at = end + 2;
    }
}

/* Spaces at the end of `text` up to its last line end: how many, or -1 when something else stands
 * there. */
static long blank_tail(const struct token *text)
{
    size_t count = 0;
    while (count < text->length) {
        char last = text->text[text->length - 1 - count];
        if (last == '\n')
            return (long)count;
        if (!is_space(last))
            return -1;
        count++;
    }
    return text->begins_line ? (long)count : -1;
}

/* The same at the beginning, with the line end. */
static long blank_head(const struct token *text, bool is_last)
{
    size_t count = 0;
    while (count < text->length) {
        char first = text->text[count++];
        if (first == '\n')
            return (long)count;
        if (!is_space(first))
            return -1;
    }
    return is_last ? (long)count : -1;
}

static bool is_blank(const struct token *text)
{
    for (size_t i = 0; i < text->length; i++) {
        if (!is_space(text->text[i]) || text->text[i] == '\n')
            return false;
    }
    return true;
}

/* Index of the text after the directives that share the line of the hole at `first`; 0 when another
 * kind of hole stands there. Texts have even indexes, holes odd ones. */
static size_t directives_end(const struct tplc *c, size_t first)
{
    size_t i = first;
    while (word_is_silent(c->tokens[i].word)) {
        size_t after = i + 1;
        bool is_last = after + 1 == c->token_count;
        if (is_last || !is_blank(&c->tokens[after]))
            return after;
        i = after + 1;
    }
    return 0;
}

static void remove_directive_lines(struct tplc *c)
{
    for (size_t i = 1; i < c->token_count; i += 2) {
        size_t after = directives_end(c, i);
        if (!after)
            continue;
        long tail = blank_tail(&c->tokens[i - 1]);
        long head = blank_head(&c->tokens[after], after + 1 == c->token_count);
        if (tail >= 0 && head >= 0) {
            struct token *next = &c->tokens[after];
            c->tokens[i - 1].length -= (size_t)tail;
            next->line += count_lines(next->text, (size_t)head);
            next->text += head;
            next->length -= (size_t)head;
            next->begins_line = true;
            for (size_t k = i + 1; k < after; k += 2)
                c->tokens[k].length = 0;
        }
        i = after - 1;
    }
}

void tplc_lex(struct tplc *c, const char *text, size_t size)
{
    size_t holes = 0;
    for (const char *p = text; (p = find(p, size - (size_t)(p - text), "{{")); p += 2)
        holes++;
    c->tokens = MEM_ARRAY(c->mem, struct token, 2 * holes + 1);
    cut(c, text, size);
    c->tokens[0].begins_line = true;
    if (!c->sentence)
        remove_directive_lines(c);
}
