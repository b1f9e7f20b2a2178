/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* E-mail addresses as they are typed, and the texts around them. */
#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "fuzz/fuzz.h"
#include "sys/mail.h"
#include "sys/words.h"
#include "web/accept.h"

enum { WORDS = 20 };

const char fuzz_known_bad[] = "nadia@example.org";

void fuzz_one(struct mem *mem, const char *bytes, size_t count)
{
    if (!utf8_is_valid(bytes, count))
        return;
    if (mail_address_is_valid(bytes)) {
        const char *normal = mail_address_normal(mem, bytes);
        fuzz_check(strlen(bytes) <= EMAIL_BYTES_MAX, "an address has its bound");
        fuzz_check(!strpbrk(bytes, " <>\r\n"), "an address is no header");
        fuzz_check(str_equal(mail_address_normal(mem, normal), normal), "normal stays normal");
        fuzz_seen(mem, normal);
    }
    fuzz_seen(mem, str_trim(mem, bytes));
    for (const struct word *word = words_list(mem, bytes, "fr", WORDS); word; word = word->next) {
        fuzz_check(*word->folded && strlen(word->folded) <= WORD_BYTES_MAX, "a word is bounded");
        fuzz_seen(mem, word->stem);
    }
    (void)accept_prefers_json(bytes);
}
