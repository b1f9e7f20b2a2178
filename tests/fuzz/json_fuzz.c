/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Bodies in JSON. */
#include "fuzz/fuzz.h"
#include "fuzz/fuzz_form.h"

const char fuzz_known_bad[] = "green";

void fuzz_one(struct mem *mem, const char *bytes, size_t count)
{
    fuzz_form(mem, "application/json", bytes, count);
}
