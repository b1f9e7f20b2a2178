/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Token buckets in a table of fixed size: each kind and network has a bucket that fills up again
 * evenly. A network's bucket may stand in one of four places; where all are taken, the one that was
 * used least recently gives way, and is full again should it come back. */
#include "web/rate.h"

#include <arpa/inet.h>
#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "sys/crypt.h"

enum { SETS = 1024, WAYS = 4, KEY_BYTES = 9, NETWORK_BYTES = 8, MS = 1000 };

static const struct {
    int times;
    int seconds;
    bool is_of_refused;
} limits[RATES] = {
    [RATE_SIGN_UP] = {60, 60},
    [RATE_MAIL] = {60, 600},
    [RATE_CODE] = {120, 600, .is_of_refused = true},
    [RATE_REPORT] = {300, 600},
    [RATE_WRITE] = {30, 3600},
};

struct bucket {
    unsigned char key[KEY_BYTES]; /* kind, network; all zero: nobody's */
    int64_t left;                 /* thousandths */
    int64_t used_ms;
};

struct rates {
    unsigned char key[16];
    struct bucket buckets[SETS][WAYS];
};

int rate_times(enum rate_of of)
{
    return limits[of].times;
}

int rate_pause_seconds(enum rate_of of)
{
    return (limits[of].seconds + limits[of].times - 1) / limits[of].times;
}

bool rate_is_of_refused(enum rate_of of)
{
    return limits[of].is_of_refused;
}

struct rates *rates_new(struct mem *mem, struct random *random)
{
    struct rates *rates = MEM_NEW(mem, struct rates);
    random_fill(random, rates->key, sizeof rates->key);
    return rates;
}

/* The first bytes of a numeric address that name its network; an IPv4 address in IPv6's clothes is
 * itself. */
static bool network_of(const char *address, unsigned char ret_network[NETWORK_BYTES])
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    unsigned char bytes[16];
    memset(ret_network, 0, NETWORK_BYTES);
    if (inet_pton(AF_INET, address, ret_network + 4) == 1)
        return true;
    if (inet_pton(AF_INET6, address, bytes) != 1)
        return false;
    if (memcmp(bytes, mapped, sizeof mapped) == 0)
        memcpy(ret_network + 4, bytes + sizeof mapped, 4);
    else
        memcpy(ret_network, bytes, NETWORK_BYTES);
    return true;
}

/* Its bucket, or the one that gives way to it. */
static struct bucket *bucket_of(struct rates *rates, const unsigned char key[KEY_BYTES])
{
    struct bucket *set = rates->buckets[crypt_short_hash(rates->key, key, KEY_BYTES) % SETS];
    struct bucket *oldest = set;
    for (int i = 0; i < WAYS; i++) {
        if (memcmp(set[i].key, key, KEY_BYTES) == 0)
            return &set[i];
        if (set[i].used_ms < oldest->used_ms)
            oldest = &set[i];
    }
    *oldest = (struct bucket){0};
    return oldest;
}

/* What came back since it was used last. */
static void bucket_fill(struct bucket *bucket, enum rate_of of, int64_t now_ms)
{
    int64_t most = (int64_t)limits[of].times * MS;
    int64_t window_ms = (int64_t)limits[of].seconds * MS;
    int64_t passed_ms = now_ms - bucket->used_ms;
    int64_t back = passed_ms >= window_ms ? most : passed_ms * most / window_ms;
    bucket->left = bucket->left + back < most ? bucket->left + back : most;
    bucket->used_ms = now_ms;
}

/* NULL: that address is not counted. */
static struct bucket *bucket_get(struct rates *rates, enum rate_of of, const char *address,
                                 int64_t now_ms)
{
    unsigned char key[KEY_BYTES] = {(unsigned char)of};
    assert(of > RATE_NONE && of < RATES);
    if (!address || !network_of(address, key + 1))
        return NULL;
    struct bucket *bucket = bucket_of(rates, key);
    if (bucket->key[0] == 0) {
        memcpy(bucket->key, key, KEY_BYTES);
        bucket->left = (int64_t)limits[of].times * MS;
        bucket->used_ms = now_ms;
    }
    bucket_fill(bucket, of, now_ms);
    return bucket;
}

bool rate_take(struct rates *rates, enum rate_of of, const char *address, int64_t now_ms)
{
    struct bucket *bucket = bucket_get(rates, of, address, now_ms);
    if (!bucket)
        return true;
    if (bucket->left < MS)
        return false;
    bucket->left -= MS;
    return true;
}

void rate_give_back(struct rates *rates, enum rate_of of, const char *address, int64_t now_ms)
{
    struct bucket *bucket = bucket_get(rates, of, address, now_ms);
    if (bucket)
        bucket->left += MS; /* beyond the most: bucket_fill cuts it */
}
