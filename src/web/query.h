/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What query fields hold: the same rows decide what is read, and say so in the OpenAPI document. */
#pragma once
#include <stdbool.h>

#include "web/route.h"

struct query_rule {
    const char *about;
    const char *letters; /* that it is made of; NULL: any text */
    const char *pattern; /* the same as a regular expression; NULL: any text */
    int chars_max;
};

const struct query_rule *query_rule_of(enum query_kind kind);
/* A value, decoded, is one of that kind. */
bool query_fits(enum query_kind kind, const char *value);
