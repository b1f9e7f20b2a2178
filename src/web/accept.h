/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a client would like to get (RFC 9110, Accept), as far as it matters here: a page or JSON,
 * and compressed or not. */
#pragma once
#include <stdbool.h>

/* application/json is named, with a weight above 0, and text/html is not named with a higher one,
 * nor before it with the same. */
bool accept_prefers_json(const char *accept);
/* An Accept-Encoding names that coding, and not to refuse it with a weight of 0. NULL names none.
 */
bool accept_takes_coding(const char *accept, const char *coding);
