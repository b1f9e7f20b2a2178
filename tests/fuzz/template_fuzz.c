/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Templates, which the compiler takes or refuses. Nobody but the house writes them; a compiler that
 * trips over one still tells nothing about its escapes. */
#include <string.h>

#include "base/str.h"
#include "fuzz/fuzz.h"
#include "tplc.h"

const char fuzz_known_bad[] = "nothing may stand in <iframe>: </iframe> must follow at once";

void fuzz_one(struct mem *mem, const char *bytes, size_t count)
{
    struct tplc_output output;
    if (tplc_compile(mem, "fuzz.html", bytes, count, &output)) {
        fuzz_seen(mem, output.source);
        fuzz_seen(mem, output.header);
    } else {
        fuzz_check(output.line >= 1 && output.sentence, "a refusal says where and why");
        fuzz_seen(mem, output.sentence);
    }
}
