/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Dates as machines write them, and as people type them. */
#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "base/time.h"
#include "fuzz/fuzz.h"
#include "web/form.h"

const char fuzz_known_bad[] = "2026-11-28T14:30:00";

void fuzz_one(struct mem *mem, const char *bytes, size_t count)
{
    (void)count;
    int64_t at = 0;
    if (time_from_rfc3339(bytes, &at)) {
        int64_t again = 0;
        const char *text = time_rfc3339(mem, at);
        fuzz_check(time_from_rfc3339(text, &again), "what is written can be read");
        fuzz_check(again == at, "what is written is read as the same second");
        struct wall wall = wall_from_seconds(at);
        fuzz_check(wall_is_valid(&wall) && wall_to_seconds(&wall) == at, "a second has its clock");
    }
    const char *wall = form_wall_read(mem, bytes);
    if (wall)
        fuzz_check(str_equal(form_wall_read(mem, wall), wall), "a wall clock is read as itself");
    fuzz_seen(mem, wall);
}
