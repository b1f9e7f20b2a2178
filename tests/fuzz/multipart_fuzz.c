/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Bodies in parts. The first line of an input is the boundary, so that it is nobody's either. */
#include <string.h>

#include "base/mem.h"
#include "fuzz/fuzz.h"
#include "fuzz/fuzz_form.h"

const char fuzz_known_bad[] = "green";

void fuzz_one(struct mem *mem, const char *bytes, size_t count)
{
    const char *line = memchr(bytes, '\n', count);
    if (!line)
        return;
    const char *boundary = mem_strndup(mem, bytes, (size_t)(line - bytes));
    const char *type = mem_printf(mem, "multipart/form-data; boundary=%s", boundary);
    const char *body = line + 1;
    fuzz_form(mem, type, body, count - (size_t)(body - bytes));
}
