/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A refusal is expected and told to a person: an HTTP status and a full, polite sentence in
 * English, which is the msgid of its translation. Rules return `const struct refusal *`; NULL means
 * accepted. Refusals are static; mark the sentence with N_() so that xgettext finds it. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define N_(text) text

struct refusal {
    int status;
    const char *name;      /* snake_case, stands in the JSON as `type` */
    const char *sentence;  /* a msgid */
    int64_t retry_seconds; /* of a 429: when to try again */
    bool keeps; /* what was written stays: a wrong code counts its tries. Else it is undone */
};
