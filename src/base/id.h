/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Ids of rows: 63 bits, made by the program, ordered by time, one type for each kind of thing so
 * that they cannot be mixed. They never leave the program: addresses and JSON carry handles, which
 * are random and say nothing. */
#pragma once
#include <stdint.h>

struct community_id {
    int64_t n;
};
struct campaign_id {
    int64_t n;
};
struct session_id {
    int64_t n;
};
struct sign_up_id {
    int64_t n;
};
struct person_id {
    int64_t n;
};
struct login_id {
    int64_t n;
};

/* Makes ids. One for the whole process; used by one thread at a time (the writer). */
struct id_source {
    int64_t last;
};

/* The next id: 42 bits of milliseconds since 2024-01-01, 21 bits of count; always above the one
 * before, also when the clock steps back. `random` spreads the first id of a millisecond, so that
 * two processes do not meet. */
int64_t id_next(struct id_source *source, int64_t now_ms, uint32_t random);
