/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Signing in without a password, by a link or a code from a mail, and one's own page. An address
 * that is not known yet gets an account when it is confirmed: the answers are the same for all. */
#pragma once
#include <stdint.h>

struct feature;
struct work;

extern const struct feature account_feature;

/* A link that signs that address in once, within `seconds`: the path. For `essaim admin link`. */
const char *sign_in_link(struct work *work, const char *email, int64_t seconds);
/* The link by which the first administrator comes in: it asks for a name and an address. Voids any
 * earlier one. NULL: there is an administrator. */
const char *first_link(struct work *work);
