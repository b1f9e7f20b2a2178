/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The store of keys. */
#pragma once
#include <stdint.h>

struct work;

struct request_key {
    const char *body_hash;
    int64_t row_id;
};

/* NULL: it was not used. */
const struct request_key *request_key_get(struct work *work, const char *hash);
void request_key_insert(struct work *work, const char *hash, const struct request_key *key);
/* Deletes those made before `until`, at most JOB_PAGE_ROWS; how many there were. */
int request_keys_forget(struct work *work, int64_t until);
