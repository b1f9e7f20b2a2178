/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* JSON as text. What it holds is read and made with jansson itself. */
#pragma once
#include <stddef.h>

struct buf;
struct json_t;

/* Adds the text of `json`, which stays the caller's. `flags` are jansson's: JSON_COMPACT. */
void buf_put_json(struct buf *out, const struct json_t *json, size_t flags);
