/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The kinds of query fields. What their values mean is the handlers' to know. */
#include "web/query.h"

#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "web/url.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static const struct query_rule rules[] = {
    [QUERY_WORDS] = {"Words that are looked for.", NULL, NULL, QUERY_WORDS_CHARS_MAX},
    [QUERY_NAMES] = {"A name that the page knows; some take several, by comma.",
                     LOWER DIGITS "_.,-", "^[a-z0-9_.,-]+$", QUERY_NAMES_CHARS_MAX},
    [QUERY_HANDLE] = {"A handle, as answers give it.", LOWER UPPER DIGITS "_-", "^[A-Za-z0-9_-]+$",
                      QUERY_HANDLE_CHARS_MAX},
    [QUERY_KEY] = {"Where the list goes on: `next` of the page before.", LOWER UPPER DIGITS "_-",
                   "^[A-Za-z0-9_-]+$", QUERY_KEY_CHARS_MAX},
    [QUERY_PATH] = {"A path of this site, to go to afterwards.", NULL, "^/([^/\\\\]|$)",
                    LOCAL_PATH_BYTES_MAX},
};

const struct query_rule *query_rule_of(enum query_kind kind)
{
    return &rules[kind];
}

bool query_fits(enum query_kind kind, const char *value)
{
    const struct query_rule *rule = &rules[kind];
    return utf8_length(value) <= (size_t)rule->chars_max &&
           (!rule->letters || strspn(value, rule->letters) == strlen(value)) &&
           (kind != QUERY_PATH || path_is_local(value));
}
