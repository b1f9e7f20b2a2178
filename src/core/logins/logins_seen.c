/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A GET cannot write that it was here: it notes the login in this list, which a job writes down. A
 * crash loses a minute of it, which at most ends an unused login that much earlier. */
#include <pthread.h>

#include "base/mem.h"
#include "core/logins/logins_local.h"

struct logins_seen {
    pthread_mutex_t lock;
    int count;
    struct login_id ids[LOGINS_SEEN_MAX];
};

struct logins_seen *logins_seen_new(struct mem *mem)
{
    struct logins_seen *seen = MEM_NEW(mem, struct logins_seen);
    pthread_mutex_init(&seen->lock, NULL);
    return seen;
}

void logins_seen_note(struct logins_seen *seen, struct login_id id)
{
    pthread_mutex_lock(&seen->lock);
    bool known = false;
    for (int i = 0; i < seen->count && !known; i++)
        known = seen->ids[i].n == id.n;
    if (!known && seen->count < LOGINS_SEEN_MAX)
        seen->ids[seen->count++] = id;
    pthread_mutex_unlock(&seen->lock);
}

int logins_seen_take(struct logins_seen *seen, struct login_id ids[])
{
    pthread_mutex_lock(&seen->lock);
    int count = seen->count;
    for (int i = 0; i < count; i++)
        ids[i] = seen->ids[i];
    seen->count = 0;
    pthread_mutex_unlock(&seen->lock);
    return count;
}
