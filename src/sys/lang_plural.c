/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The plural rule of a catalogue: a C expression in `n`, read once into a small tree and then
 * worked out for each number. It knows the operators that gettext's manual allows and nothing else.
 * The tree is an array with a maximum, and nesting has one too, so that a broken header costs
 * nothing. */
#include "sys/lang_local.h"

#include "base/str.h"

enum { NESTING_MAX = 32, LEVEL_LAST = 6, NONE = -1 };

/* By how tightly they bind; where two begin alike, the longer one first. */
static const struct binary {
    const char *sign;
    int level;
    enum plural_kind kind;
} binaries[] = {
    {"||", 1, PLURAL_OR},      {"&&", 2, PLURAL_AND},     {"==", 3, PLURAL_EQUAL},
    {"!=", 3, PLURAL_UNEQUAL}, {"<=", 4, PLURAL_AT_MOST}, {">=", 4, PLURAL_AT_LEAST},
    {"<", 4, PLURAL_BELOW},    {">", 4, PLURAL_ABOVE},    {"+", 5, PLURAL_PLUS},
    {"-", 5, PLURAL_MINUS},    {"*", 6, PLURAL_TIMES},    {"/", 6, PLURAL_OVER},
    {"%", 6, PLURAL_REST},
};

struct parser {
    const char *at;
    struct plural_rule *rule;
    int nesting;
};

/* Each parse_… gives the index of a node, or NONE, which then goes up through all of them. */
static int parse_choice(struct parser *parser);

static int node_add(struct parser *parser, struct plural_node node)
{
    struct plural_rule *rule = parser->rule;
    if (rule->count == PLURAL_NODES_MAX)
        return NONE;
    rule->nodes[rule->count] = node;
    return rule->count++;
}

static bool take(struct parser *parser, const char *sign)
{
    while (*parser->at == ' ' || *parser->at == '\t')
        parser->at++;
    if (!str_starts(parser->at, sign))
        return false;
    parser->at += strlen(sign);
    return true;
}

static int parse_number(struct parser *parser)
{
    enum { DIGITS_MAX = 18 };
    uint64_t number = 0;
    int digits = 0;
    for (; *parser->at >= '0' && *parser->at <= '9'; parser->at++) {
        if (++digits > DIGITS_MAX)
            return NONE;
        number = number * 10 + (uint64_t)(*parser->at - '0');
    }
    if (digits == 0)
        return NONE;
    return node_add(parser, (struct plural_node){.kind = PLURAL_NUMBER, .number = number});
}

static int parse_operand(struct parser *parser)
{
    int negations = 0;
    while (take(parser, "!"))
        negations++;
    int node;
    if (take(parser, "(")) {
        node = parse_choice(parser);
        if (node == NONE || !take(parser, ")"))
            return NONE;
    } else if (take(parser, "n")) {
        node = node_add(parser, (struct plural_node){.kind = PLURAL_N});
    } else {
        node = parse_number(parser);
    }
    for (; negations > 0 && node != NONE; negations--)
        node = node_add(parser, (struct plural_node){.kind = PLURAL_NOT, .parts = {node}});
    return node;
}

static const struct binary *take_binary(struct parser *parser, int level)
{
    for (size_t i = 0; i < sizeof(binaries) / sizeof(binaries[0]); i++)
        if (binaries[i].level == level && take(parser, binaries[i].sign))
            return &binaries[i];
    return NULL;
}

static int parse_binary(struct parser *parser, int level)
{
    if (level > LEVEL_LAST)
        return parse_operand(parser);
    int left = parse_binary(parser, level + 1);
    const struct binary *binary;
    while (left != NONE && (binary = take_binary(parser, level))) {
        int right = parse_binary(parser, level + 1);
        if (right == NONE)
            return NONE;
        left = node_add(parser, (struct plural_node){.kind = binary->kind, .parts = {left, right}});
    }
    return left;
}

static int parse_choice(struct parser *parser)
{
    if (parser->nesting == NESTING_MAX)
        return NONE;
    parser->nesting++;
    int node = parse_binary(parser, 1);
    if (node != NONE && take(parser, "?")) {
        int yes = parse_choice(parser);
        int no = yes != NONE && take(parser, ":") ? parse_choice(parser) : NONE;
        node = no == NONE ? NONE
                          : node_add(parser, (struct plural_node){.kind = PLURAL_CHOICE,
                                                                  .parts = {node, yes, no}});
    }
    parser->nesting--;
    return node;
}

static uint64_t node_value(const struct plural_rule *rule, int index, uint64_t n)
{
    const struct plural_node *node = &rule->nodes[index];
    if (node->kind == PLURAL_N)
        return n;
    if (node->kind == PLURAL_NUMBER)
        return node->number;

    uint64_t a = node_value(rule, node->parts[0], n);
    if (node->kind == PLURAL_NOT)
        return !a;
    if (node->kind == PLURAL_CHOICE)
        return node_value(rule, a ? node->parts[1] : node->parts[2], n);

    uint64_t b = node_value(rule, node->parts[1], n);
    switch (node->kind) {
    case PLURAL_OR:
        return a || b;
    case PLURAL_AND:
        return a && b;
    case PLURAL_EQUAL:
        return a == b;
    case PLURAL_UNEQUAL:
        return a != b;
    case PLURAL_AT_MOST:
        return a <= b;
    case PLURAL_AT_LEAST:
        return a >= b;
    case PLURAL_BELOW:
        return a < b;
    case PLURAL_ABOVE:
        return a > b;
    case PLURAL_PLUS:
        return a + b;
    case PLURAL_MINUS:
        return a - b;
    case PLURAL_TIMES:
        return a * b;
    case PLURAL_OVER:
        return b ? a / b : 0;
    case PLURAL_REST:
        return b ? a % b : 0;
    case PLURAL_N:
    case PLURAL_NUMBER:
    case PLURAL_NOT:
    case PLURAL_CHOICE:
        break;
    }
    return 0;
}

static int form_of(const struct plural_rule *rule, uint64_t n)
{
    uint64_t form = node_value(rule, rule->root, n);
    return form < (uint64_t)rule->forms ? (int)form : 0;
}

bool plural_rule_parse(const char *header, struct plural_rule *ret_rule)
{
    struct plural_rule rule = {0};
    struct parser parser = {.at = header, .rule = &rule};
    if (!take(&parser, "nplurals="))
        return false;
    int forms = parse_number(&parser);
    if (forms == NONE || rule.nodes[forms].number < 1 ||
        rule.nodes[forms].number > PLURAL_FORMS_MAX)
        return false;
    rule.forms = (int)rule.nodes[forms].number;
    if (!take(&parser, ";") || !take(&parser, "plural="))
        return false;
    rule.root = parse_choice(&parser);
    take(&parser, ";");
    take(&parser, "");
    if (rule.root == NONE || (*parser.at && *parser.at != '\n'))
        return false;
    for (int n = 0; n < PLURAL_FORMS_KNOWN; n++)
        rule.known[n] = (unsigned char)form_of(&rule, (uint64_t)n);
    *ret_rule = rule;
    return true;
}

int plural_rule_form(const struct plural_rule *rule, uint64_t n)
{
    return n < PLURAL_FORMS_KNOWN ? rule->known[n] : form_of(rule, n);
}
