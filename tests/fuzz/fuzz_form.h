/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One form with every kind of field, for the targets of the three types of body. */
#pragma once
#include <stddef.h>

struct mem;

/* Reads a body of that Content-Type as the form, looks at all of what was read, and checks that
 * each field without an error keeps its promise (web/form.h). */
void fuzz_form(struct mem *mem, const char *type, const char *body, size_t count);
