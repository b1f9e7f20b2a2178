/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Corks. The library sends the head of an answer whose body is in a file by a system call of its
 * own, and sees to it that it leaves at once: a packet, and a client that wakes up, for nothing. On
 * a corked socket it waits for the body. A connection that was sent a file is likely to be sent
 * another: it stays corked, and TCP_NODELAY, which pushes what waits (tcp(7)), saves a call for
 * each answer. The library has set that option before and knows nothing of the cork. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "sys/http_local.h"

struct http_corks {
    int sockets_max;
    atomic_bool *corked; /* by socket number */
};

struct http_corks *http_corks_new(struct mem *mem, int sockets_max)
{
    struct http_corks *corks = MEM_NEW(mem, struct http_corks);
    corks->sockets_max = sockets_max;
    corks->corked = MEM_ARRAY(mem, atomic_bool, sockets_max);
    return corks;
}

static void option_set(int socket, int option, int value)
{
    setsockopt(socket, IPPROTO_TCP, option, &value, sizeof value);
}

void http_cork(struct http_corks *corks, int socket, bool on)
{
    if (socket >= corks->sockets_max || corks->corked[socket] == on)
        return;
    option_set(socket, TCP_CORK, on);
    corks->corked[socket] = on;
}

void http_cork_push(struct http_corks *corks, int socket)
{
    if (socket < corks->sockets_max && corks->corked[socket])
        option_set(socket, TCP_NODELAY, 1);
}
