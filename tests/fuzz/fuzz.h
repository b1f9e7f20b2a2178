/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the fuzz targets share. A target is one file, X_fuzz.c: it gives bytes that nobody chose to
 * one parser, reads all of what comes back, and checks what must hold of it whatever came in. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct mem;

/* Defined by each target: one input. `bytes` are NUL-ended one past `count`, and may hold NULs.
 * `mem` ends with the input. */
void fuzz_one(struct mem *mem, const char *bytes, size_t count);
/* Defined by each target: what fuzz_seen is told for the corpus' file `known_bad`. */
extern const char fuzz_known_bad[];

/* Reads a result to its end, so that one which is cut short, freed or not ended is noticed. NULL is
 * a result too. When the program runs as a control (tools/fuzz.py), fuzz_known_bad is read one byte
 * too far: a target that stays silent then sees nothing at all. */
void fuzz_seen(struct mem *mem, const char *text);

/* What must hold for every input; else the program ends, as by a crash. */
void fuzz_check(bool holds, const char *what);
