/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Ids from a clock, a count and a little randomness. The randomness fills the lower half of the
 * count only, so that a busy millisecond has a million ids left before it borrows from the next
 * one, which is harmless: what matters is that ids rise. */
#include "base/id.h"

#include <assert.h>

static const int64_t first_ms = INT64_C(1704067200000); /* 2024-01-01T00:00:00Z */

enum { COUNT_BITS = 21, RANDOM_MASK = (1 << (COUNT_BITS - 1)) - 1 };

int64_t id_next(struct id_source *source, int64_t now_ms, uint32_t random)
{
    int64_t ms = now_ms > first_ms ? now_ms - first_ms : 0;
    assert(ms < INT64_C(1) << (63 - COUNT_BITS));
    int64_t id = ms << COUNT_BITS | (random & RANDOM_MASK);
    if (id <= source->last)
        id = source->last + 1;
    source->last = id;
    return id;
}
