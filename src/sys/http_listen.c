/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The listening socket and the number of files that a process full of connections needs. The socket
 * is ours and not the library's, so that a taken port is told in one clear line and port 0 can be
 * asked for. */
#include "sys/http_local.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "sys/http.h"

enum { BACKLOG = 4096 };

int http_files_raise(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    if (limit.rlim_cur >= HTTP_FILES_WANTED)
        return HTTP_FILES_WANTED;
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max < HTTP_FILES_WANTED ? limit.rlim_max : HTTP_FILES_WANTED;
    return (int)(setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before);
}

int http_connections_of(int files)
{
    int connections = (int)((int64_t)files * 2 / 5);
    return connections < HTTP_CONNECTIONS_MAX ? connections : HTTP_CONNECTIONS_MAX;
}

/* The address and port as a socket address; NULL: it is none. */
static struct addrinfo *resolve(const char *address, int port)
{
    char service[16];
    snprintf(service, sizeof service, "%d", port);
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
                             .ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
    struct addrinfo *found = NULL;
    int error = getaddrinfo(address, service, &hints, &found);
    if (error == 0)
        return found;
    log_event(LOG_ERROR, "listen_failed", log_text("address", address), log_int("port", port),
              log_text("reason", gai_strerror(error)));
    return NULL;
}

static int port_of(int listener)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } name = {.v6 = {0}};
    socklen_t bytes = sizeof name;
    getsockname(listener, &name.any, &bytes);
    return ntohs(name.any.sa_family == AF_INET6 ? name.v6.sin6_port : name.v4.sin_port);
}

int http_listen(const char *address, int port, int *ret_port)
{
    struct addrinfo *found = resolve(address, port);
    if (!found)
        return -1;
    int yes = 1;
    int listener = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool fine =
        listener >= 0 && setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
        bind(listener, found->ai_addr, found->ai_addrlen) == 0 && listen(listener, BACKLOG) == 0;
    int error = errno;
    freeaddrinfo(found);
    if (fine) {
        *ret_port = port_of(listener);
        return listener;
    }
    log_event(LOG_ERROR, "listen_failed", log_text("address", address), log_int("port", port),
              log_text("reason", strerror(error)));
    if (listener >= 0)
        close(listener);
    return -1;
}
