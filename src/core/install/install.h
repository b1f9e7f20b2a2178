/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an install has once, whatever communities it serves: on PostgreSQL its key, so that links
 * and codes that one process made are good at another. */
#pragma once
#include <stdbool.h>

#include "sys/crypt.h"

struct feature;
struct work;

extern const struct feature install_feature;

/* False, and untouched: the database has none. */
bool install_key_get(struct work *work, unsigned char ret_key[CRYPT_KEY_BYTES]);
/* Where there is none yet. */
void install_key_insert(struct work *work, const unsigned char key[CRYPT_KEY_BYTES]);
/* There is a community: something may have been made with the key. */
bool install_has_begun(struct work *work);
