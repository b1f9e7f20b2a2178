/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Queries of addresses: what a page reads of them, and nothing else. */
#include <string.h>

#include "base/str.h"
#include "fuzz/fuzz.h"
#include "web/form.h"

const char fuzz_known_bad[] = "two words";

static const char *const names[] = {"lang", "q", "after", NULL};

void fuzz_one(struct mem *mem, const char *bytes, size_t count)
{
    (void)count;
    const struct form_value *values = NULL;
    if (form_pairs_named(mem, bytes, names, &values))
        return;
    for (const struct form_value *value = values; value; value = value->next) {
        bool known = str_equal(value->name, "lang") || str_equal(value->name, "q") ||
                     str_equal(value->name, "after");
        fuzz_check(known, "only what the page reads");
        fuzz_check(utf8_is_valid(value->value, strlen(value->value)), "a value is UTF-8");
        fuzz_seen(mem, value->value);
    }
    fuzz_seen(mem, form_value_get(values, "q"));
}
