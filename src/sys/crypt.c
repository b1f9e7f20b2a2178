/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Randomness, keyed hashes and comparisons: the only file that knows libsodium. It invents no
 * cryptography; it turns the library's bytes into the letters that addresses, mails and codes
 * carry. Letters are Crockford's base 32 in lower case: no letter can be taken for a digit, and
 * none needs escaping in an address. */
#include "sys/crypt.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "sys/files.h"

static const char base32_letters[] = "0123456789abcdefghjkmnpqrstvwxyz";

enum {
    BASE32_BITS = 5,
    CODE_DIGITS = 6,
    HANDLE_CHARS_MAX = 64,
    MAC_CHARS = 26,
    MAC_BYTES = 17 /* 26 letters are 130 bits, which begin in the 17th byte */
};

bool crypt_init(void)
{
    return sodium_init() >= 0;
}

void random_fill(struct random *random, void *bytes, size_t count)
{
    assert(random);
    if (random->fill)
        random->fill(random, bytes, count);
    else
        randombytes_buf(bytes, count);
}

uint32_t random_below(struct random *random, uint32_t bound)
{
    assert(bound > 0);
    /* The 2^32 mod bound lowest values are drawn again, so that every result is equally likely. */
    const uint32_t refused_below = (uint32_t)(-bound) % bound;
    uint32_t n;
    do
        random_fill(random, &n, sizeof(n));
    while (n < refused_below);
    return n % bound;
}

const char *random_handle(struct random *random, struct mem *mem, int chars)
{
    assert(chars > 0 && chars <= HANDLE_CHARS_MAX);
    unsigned char bytes[HANDLE_CHARS_MAX];
    random_fill(random, bytes, (size_t)chars);
    char *handle = mem_alloc(mem, (size_t)chars + 1);
    for (int i = 0; i < chars; i++)
        handle[i] = base32_letters[bytes[i] & 31];
    return handle;
}

const char *random_code(struct random *random, struct mem *mem)
{
    return mem_printf(mem, "%0*u", CODE_DIGITS, random_below(random, 1000000));
}

/* Writes a new key beside `path` and gives it that name, unless another process was faster: a link
 * never replaces, so that two processes that start together end with the same key. False: errno. */
static bool key_make(const char *path)
{
    char draft[PATH_MAX];
    int length = snprintf(draft, sizeof(draft), "%s.XXXXXX", path);
    if (length < 0 || (size_t)length >= sizeof(draft)) {
        errno = ENAMETOOLONG;
        return false;
    }
    int file = mkostemp(draft, O_CLOEXEC); /* 0600 */
    if (file < 0)
        return false;
    unsigned char key[CRYPT_KEY_BYTES];
    randombytes_buf(key, sizeof(key));
    bool made = file_write(file, key, sizeof(key)) && fsync(file) == 0;
    sodium_memzero(key, sizeof(key));
    made = made && (link(draft, path) == 0 || errno == EEXIST) && file_sync_name(path);
    int error = errno;
    close(file);
    unlink(draft);
    errno = error;
    return made;
}

bool crypt_key_load(const char *path, unsigned char ret_key[CRYPT_KEY_BYTES])
{
    assert(path && ret_key);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT && key_make(path))
        file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        log_event(LOG_ERROR, "key_unreadable", log_text("path", path),
                  log_text("why", strerrordesc_np(errno)));
        return false;
    }
    unsigned char key[CRYPT_KEY_BYTES + 1]; /* one more, so that a longer file is seen */
    ssize_t count = read(file, key, sizeof(key));
    close(file);
    if (count == CRYPT_KEY_BYTES)
        memcpy(ret_key, key, CRYPT_KEY_BYTES);
    else
        log_event(LOG_ERROR, "key_of_wrong_length", log_text("path", path),
                  log_int("bytes", count));
    sodium_memzero(key, sizeof(key));
    return count == CRYPT_KEY_BYTES;
}

const char *crypt_key_text(struct mem *mem, const unsigned char key[CRYPT_KEY_BYTES])
{
    char *text = mem_alloc(mem, 2 * CRYPT_KEY_BYTES + 1);
    return sodium_bin2hex(text, 2 * CRYPT_KEY_BYTES + 1, key, CRYPT_KEY_BYTES);
}

bool crypt_key_read(const char *text, unsigned char ret_key[CRYPT_KEY_BYTES])
{
    unsigned char key[CRYPT_KEY_BYTES];
    size_t count = 0;
    if (strlen(text) != 2 * CRYPT_KEY_BYTES ||
        sodium_hex2bin(key, sizeof key, text, strlen(text), NULL, &count, NULL) != 0 ||
        count != sizeof key)
        return false;
    memcpy(ret_key, key, sizeof key);
    return true;
}

const char *crypt_mac(struct mem *mem, const unsigned char key[CRYPT_KEY_BYTES],
                      const char *purpose, const char *text)
{
    assert(key && purpose && text);
    unsigned char hash[MAC_BYTES];
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, CRYPT_KEY_BYTES, sizeof(hash));
    /* With its NUL, so that no other pair of purpose and text is the same bytes. */
    crypto_generichash_update(&state, (const unsigned char *)purpose, strlen(purpose) + 1);
    crypto_generichash_update(&state, (const unsigned char *)text, strlen(text));
    crypto_generichash_final(&state, hash, sizeof(hash));

    char *letters = mem_alloc(mem, MAC_CHARS + 1);
    unsigned pending = 0; /* bits of the hash that are not yet letters */
    int bits = 0;
    int next = 0;
    for (int i = 0; i < MAC_CHARS; i++) {
        if (bits < BASE32_BITS) {
            pending = pending << 8 | hash[next++];
            bits += 8;
        }
        bits -= BASE32_BITS;
        letters[i] = base32_letters[pending >> bits & 31];
    }
    return letters;
}

bool crypt_equal(const char *a, const char *b)
{
    assert(a && b);
    size_t count = strlen(a);
    return count == strlen(b) && sodium_memcmp(a, b, count) == 0;
}

struct sha256 {
    crypto_hash_sha256_state state;
};

struct sha256 *sha256_new(struct mem *mem)
{
    struct sha256 *sha256 = MEM_NEW(mem, struct sha256);
    crypto_hash_sha256_init(&sha256->state);
    return sha256;
}

void sha256_add(struct sha256 *sha256, const void *bytes, size_t count)
{
    crypto_hash_sha256_update(&sha256->state, bytes, count);
}

const char *sha256_end(struct mem *mem, struct sha256 *sha256)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *digits = MEM_ARRAY(mem, char, 2 * sizeof hash + 1);
    crypto_hash_sha256_final(&sha256->state, hash);
    return sodium_bin2hex(digits, 2 * sizeof hash + 1, hash, sizeof hash);
}

const char *crypt_sha256(struct mem *mem, const void *bytes, size_t count)
{
    struct sha256 *sha256 = sha256_new(mem);
    sha256_add(sha256, bytes, count);
    return sha256_end(mem, sha256);
}

uint64_t crypt_short_hash(const unsigned char key[16], const void *bytes, size_t count)
{
    uint64_t hash;
    crypto_shorthash((unsigned char *)&hash, bytes, count, key);
    return hash;
}
