/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The template compiler as a function: the command (tplc_main.c), its tests and the fuzz target
 * call it. It reads no file and writes none. The language is described in docs/templates.md. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct mem;

enum {
    TPLC_INPUT_BYTES_MAX = 256 * 1024,
    TPLC_OUTPUT_BYTES_MAX = 4 * 1024 * 1024,
    TPLC_MEMORY_BYTES_MAX = 64 * 1024 * 1024, /* enough for the root that one compilation takes */
};

struct tplc_output {
    const char *source;   /* C functions; the header's #include has to stand before them */
    const char *header;   /* their prototypes */
    int line;             /* of a refusal, from 1 */
    const char *sentence; /* why it was refused; NULL: it was not */
};

/* Compiles the templates of one file into C. `name` is the file's name, as C errors shall show it.
 * False, with `line` and `sentence` set, for anything whose escape is not certain. */
bool tplc_compile(struct mem *mem, const char *name, const char *text, size_t size,
                  struct tplc_output *ret_output);
