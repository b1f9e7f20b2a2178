/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the parts of the template compiler share. A file goes through these:
 *   tplc_lex.c      cuts it into texts and holes, and takes away the lines of directives
 *   tplc.c          reads each directive and keeps the blocks
 *   tplc_context.c  follows the HTML, by the tables of tplc_names.c
 *   tplc_holes.c    says which escape a hole needs where it stands, or refuses it
 *   tplc_emit.c     writes the C
 * The first refusal is kept in struct tplc and everything ends there. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct buf;
struct mem;

enum {
    TPLC_ELEMENTS_MAX = 64,   /* open at once */
    TPLC_BLOCKS_MAX = 32,     /* a template with its ifs and fors, nested */
    TPLC_HOLES_MAX = 8,       /* of one message, as sys/html.h has it */
    TPLC_STRUCTS_MAX = 64,    /* declared ahead in the header */
    TPLC_NAME_BYTES_MAX = 32, /* of elements and attributes, with the NUL */
    TPLC_BRACKETS_MAX = 32,
};

enum word {
    WORD_EXPRESSION, /* no word of the language: a C expression */
    WORD_COMMENT,
    WORD_INCLUDE,
    WORD_TEMPLATE,
    WORD_TEXT,
    WORD_IF,
    WORD_ELSE,
    WORD_FOR,
    WORD_END,
    WORD_URL,
    WORD_T,
    WORD_TN,
    WORD_CALL,
};

struct token {
    bool is_hole;
    bool begins_line; /* a text: what stood before it on its line is gone */
    int line;
    const char *text; /* a hole's: NUL-ended, on one line, without its word */
    size_t length;
    enum word word;
};

enum place {
    PLACE_TEXT,  /* between tags, and in <title> and <textarea> */
    PLACE_TAG,   /* in a start tag, between attributes */
    PLACE_VALUE, /* in a double-quoted value */
};

enum value_state { VALUE_EMPTY, VALUE_BEGUN, VALUE_IS_URL };

/* Where the HTML stands. Both ends of a branch must agree on it. */
struct spot {
    enum place place;
    bool spaced; /* in PLACE_TAG: white space came last, hence an attribute may follow */
    enum value_state value;
    int depth;     /* open elements */
    int tag;       /* number of the start tag */
    int attribute; /* number of the attribute */
};

struct element {
    char name[TPLC_NAME_BYTES_MAX];
    int line;
};

struct start_tag {
    char name[TPLC_NAME_BYTES_MAX];
    char attribute[TPLC_NAME_BYTES_MAX];
    int line;
    int attribute_line;
    bool has_src;
    bool is_module;
    bool has_http_equiv;
    bool has_content_hole;
};

struct context {
    bool plain; /* a `text` template: no HTML at all */
    struct spot spot;
    struct start_tag tag;
    struct element elements[TPLC_ELEMENTS_MAX];
    int floor;  /* a branch may not close the elements below */
    int serial; /* counts tags and attributes */
};

/* A template, an if or a for that is not ended yet. */
struct block {
    enum word word;
    int line;
    bool has_else;
    bool spaced; /* of all branches so far */
    struct spot start;
    int floor;
};

/* What is written; see tplc_emit.c. */
struct emitter {
    struct buf *code;
    struct buf *prototypes;
    struct buf *markup; /* waits for the next statement */
    int code_line;      /* as the C compiler counts it, of what comes next; 0: not said yet */
    int indent;
    bool has_output;       /* the function uses `h` */
    bool line_has_content; /* of the text */
    bool blank_before;
    const char *structs[TPLC_STRUCTS_MAX];
    int struct_count;
};

struct tplc {
    struct mem *mem;
    const char *name;
    const char *sentence; /* of the first refusal */
    int line;
    struct token *tokens;
    size_t token_count;
    struct context context;
    struct block blocks[TPLC_BLOCKS_MAX];
    int block_count;
    struct emitter emitter;
};

/* Keeps the first refusal. */
void tplc_fail(struct tplc *c, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* tplc_lex.c: fills c->tokens. */
void tplc_lex(struct tplc *c, const char *text, size_t size);

/* tplc_expression.c: C expressions are passed on as they stand, once it is sure that they end where
 * they should. */
bool is_space(char c);
bool is_name_start(char c);
bool is_name_char(char c);
/* Index after the quoted text that begins at `at`, or 0 when its line ends first. */
size_t quoted_end(const char *text, size_t at, size_t end);
/* One whole expression without comma, or a refusal. */
void expression_check(struct tplc *c, int line, const char *text);
/* The same with commas, or nothing: arguments and parameters. */
void expressions_check(struct tplc *c, int line, const char *text);
/* Cuts `name(inside)`; refuses anything else. */
void expression_cut_call(struct tplc *c, int line, const char *text, const char **ret_name,
                         const char **ret_inside);

/* tplc_message.c: the html_message call of a `t` or `tn`. */
const char *message_call(struct tplc *c, int line, enum word word, const char *text);

enum escape { ESCAPE_TEXT, ESCAPE_ATTRIBUTE, ESCAPE_URL, ESCAPE_PLAIN };

/* tplc_context.c */
void context_begin(struct context *context, bool plain);
void context_read(struct tplc *c, const char *text, size_t length, int line);
/* tplc_holes.c */
enum escape context_escape(struct tplc *c, int line, enum word word);
void context_branch_begin(struct tplc *c, struct block *block);
void context_branch_end(struct tplc *c, int line, struct block *block);
void context_block_end(struct tplc *c, struct block *block);
void context_check_end(struct tplc *c, int line);

/* tplc_names.c: what HTML says of its names, which are in lower case. */
bool element_is_void(const char *name);
bool element_is_refused(const char *name);
bool element_is_raw(const char *name);      /* <title>, <textarea>: text without tags inside */
bool element_is_empty(const char *name);    /* <script>, <iframe>: nothing may stand inside */
bool element_ends_p(const char *name);      /* its start tag ends an open <p> */
bool element_is_unnested(const char *name); /* never inside another of its name */
bool attribute_is_url(const char *name);
bool attribute_is_refused(const char *name);

/* tplc_emit.c */
void emit_begin(struct tplc *c);
void emit_literal(struct buf *out, const char *text, size_t length, int indent);
void emit_markup(struct tplc *c, const char *text, size_t length);
void emit_include(struct tplc *c, int line, const char *file);
void emit_function(struct tplc *c, int line, const char *name, const char *params);
void emit_function_end(struct tplc *c);
void emit_output(struct tplc *c, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* `if (…) {` and `for (…) {`, their `else if` and `else` (condition NULL), and their end. */
void emit_block(struct tplc *c, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void emit_else(struct tplc *c, int line, const char *condition);
void emit_block_end(struct tplc *c);
const char *emit_header(struct tplc *c);
