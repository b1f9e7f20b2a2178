/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What stands for an id outside: numbers in forms, handles and slugs in addresses. */
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "fuzz/fuzz.h"
#include "sys/words.h"
#include "web/url.h"

enum { SLUG_CHARS = 40 };

const char fuzz_known_bad[] = "deux-heures";

void fuzz_one(struct mem *mem, const char *bytes, size_t count)
{
    int64_t n = 0;
    if (str_to_int(bytes, &n))
        fuzz_check(strlen(bytes) <= strlen("-999999999999999999"), "a number is bounded");
    else
        fuzz_check(n == 0, "a refused number is left alone");
    const char *decoded = url_decode(mem, bytes, count, false);
    if (!decoded)
        return;
    fuzz_check(utf8_is_valid(decoded, strlen(decoded)), "what is decoded is UTF-8");
    const char *again = url_encode(mem, decoded);
    fuzz_check(str_equal(url_decode(mem, again, strlen(again), false), decoded),
               "what is encoded is decoded to the same");
    const char *slug = words_slug(mem, decoded, SLUG_CHARS);
    fuzz_check(strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(slug),
               "a slug has letters, digits and '-' alone");
    fuzz_check(strlen(slug) <= SLUG_CHARS, "a slug is bounded");
    fuzz_seen(mem, slug);
}
