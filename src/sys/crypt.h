/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Randomness, secrets and comparisons, by libsodium. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mem;

enum { CRYPT_KEY_BYTES = 32 };

/* Called once at the start. False: no source of randomness. */
bool crypt_init(void);

/* Where randomness comes from, so that tests can fake it. NULL fill: the system's. */
struct random {
    void (*fill)(struct random *random, void *bytes, size_t count);
    uint64_t state; /* for a test's own generator */
};
void random_fill(struct random *random, void *bytes, size_t count);
uint32_t random_below(struct random *random, uint32_t bound);
/* `chars` letters of Crockford's base 32 in lower case, 5 bits each. */
const char *random_handle(struct random *random, struct mem *mem, int chars);
/* Six decimal digits. */
const char *random_code(struct random *random, struct mem *mem);

/* The install's key: read from `path`, made (0600) on the first start. False after one log line. */
bool crypt_key_load(const char *path, unsigned char ret_key[CRYPT_KEY_BYTES]);

/* A key as 64 hex digits, and back. False, and untouched: it is not one. */
const char *crypt_key_text(struct mem *mem, const unsigned char key[CRYPT_KEY_BYTES]);
bool crypt_key_read(const char *text, unsigned char ret_key[CRYPT_KEY_BYTES]);

/* A keyed hash (BLAKE2b) of `purpose` and `text`, as 26 letters of base 32 (130 bits). */
const char *crypt_mac(struct mem *mem, const unsigned char key[CRYPT_KEY_BYTES],
                      const char *purpose, const char *text);
/* In constant time. */
bool crypt_equal(const char *a, const char *b);
/* SHA-256 as 64 hex digits. */
const char *crypt_sha256(struct mem *mem, const void *bytes, size_t count);
/* The same of bytes that come piece by piece. */
struct sha256;
struct sha256 *sha256_new(struct mem *mem);
void sha256_add(struct sha256 *sha256, const void *bytes, size_t count);
const char *sha256_end(struct mem *mem, struct sha256 *sha256);

/* For tables in memory (SipHash): whoever does not know the key cannot choose what collides. */
uint64_t crypt_short_hash(const unsigned char key[16], const void *bytes, size_t count);
