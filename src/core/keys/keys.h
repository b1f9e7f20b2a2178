/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Keys that scripts may send along with a form, so that sending it again after a broken line does
 * nothing twice. What is kept for a day is what the request made, never the text of an answer. */
#pragma once
#include <stdint.h>

struct feature;
struct refusal;
struct request;

extern const struct feature keys_feature;

/* Looks the key of this request up ("" for none: nothing is found). `who` is the person: an e-mail
 * in its normal form. Gives the row that the same request made before, or 0. Refuses: key_reused
 * (422), the key came with another body. */
const struct refusal *key_find(struct request *rq, const char *who, const char *key,
                               int64_t *ret_row_id);

/* Keeps what the request made, in its transaction ("" for no key: nothing). */
void key_keep(struct request *rq, const char *who, const char *key, int64_t row_id);
