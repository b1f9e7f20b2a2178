/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Between libFuzzer, which makes the inputs, and the targets. */
#include "fuzz/fuzz.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FUZZ_MEMORY_BYTES_MAX = 256 * 1024 * 1024 };

/* Where results are read to: the compiler may not leave that out. */
static volatile unsigned char sink;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mem *mem = mem_new(FUZZ_MEMORY_BYTES_MAX);
    char *bytes = mem_alloc(mem, size + 1);
    if (size > 0)
        memcpy(bytes, data, size);
    fuzz_one(mem, bytes, size);
    mem_free(mem);
    return 0;
}

static bool is_control(void)
{
    return getenv("ESSAIM_FUZZ_CONTROL");
}

void fuzz_seen(struct mem *mem, const char *text)
{
    if (!text)
        return;
    size_t count = strlen(text) + 1;
    /* What lies behind a copy of just that size belongs to nobody. */
    const unsigned char *copy = mem_copy(mem, text, count);
    if (is_control() && strcmp(text, fuzz_known_bad) == 0)
        count++;
    for (size_t i = 0; i < count; i++)
        sink = copy[i];
}

void fuzz_check(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "does not hold: %s\n", what);
    abort();
}
